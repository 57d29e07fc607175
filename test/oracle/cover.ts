import { type Assign, type CoverFact, compareText, type Known } from './known.ts';
import type { ServiceInterval, Session } from './plan.ts';
import { type Seat, seenAt } from './presence.ts';
import type { EmployeeDay } from './punches.ts';
import type { OracleWindow, Thresholds } from './shape.ts';
import type { HallDay, Ms } from './time.ts';

export interface WindowDay {
  window: OracleWindow;
  rules: Thresholds;
  sessions: Session[];
  intervals: ServiceInterval[];
  seat: Seat;
}

/** Everything the question "who holds what" needs. */
export interface Posts {
  known: Known;
  /** In config order. */
  windows: WindowDay[];
  isPresent(employee: string, t: Ms): boolean;
}

/** One hall day as it was. */
export interface Scene extends Posts {
  day: HallDay;
  now: Ms;
  people: ReadonlyMap<string, EmployeeDay>;
}

function configured(window: OracleWindow, role: 'A' | 'B'): string[] {
  if (role === 'B') return window.b ?? [];
  return typeof window.a === 'string' ? [window.a] : (window.a ?? []);
}

/** Section 5: the `assign` valid then (latest recorded, then latest `from`, then greater id), or the config's list. */
export function holdersOfRole(known: Known, window: OracleWindow, role: 'A' | 'B', t: Ms): string[] {
  const valid = known.assigns
    .filter((assign) => assign.window === window.id && assign.role === role && assign.from <= t && t < assign.to)
    .sort(compareAssigns);
  return valid.at(-1)?.employees ?? configured(window, role);
}

function compareAssigns(one: Assign, other: Assign): number {
  return one.recordedAt - other.recordedAt || one.from - other.from || compareText(one.id, other.id);
}

/** Who could hold the window that day: its As and Bs at any instant of it, and the people of its cover facts then. */
export function couldHold(known: Known, window: OracleWindow, day: HallDay): Set<string> {
  const edges = known.assigns
    .filter((assign) => assign.window === window.id)
    .flatMap((assign) => [assign.from, assign.to])
    .filter((t) => day.from < t && t < day.to);
  const people = new Set<string>();
  for (const t of [day.from, ...edges]) {
    for (const role of ['A', 'B'] as const) for (const id of holdersOfRole(known, window, role, t)) people.add(id);
  }
  for (const cover of known.covers) {
    if (cover.window === window.id && cover.from < day.to && day.from < cover.to) people.add(cover.employee);
  }
  return people;
}

function presentPeople(scene: Posts, ids: readonly string[], t: Ms): string[] {
  return ids.filter((id) => scene.isPresent(id, t));
}

export function presentAs(scene: Posts, window: OracleWindow, t: Ms): string[] {
  return [...new Set(presentPeople(scene, holdersOfRole(scene.known, window, 'A', t), t))];
}

/** Section 5, cover: who holds which window in service at `t`, by the four steps. */
export function coverAt(scene: Posts, t: Ms): Map<string, string> {
  const serving = scene.windows.filter((entry) => entry.intervals.some((part) => part.from <= t && t < part.to));
  const holders = new Map<string, string>();
  const isFree = (id: string) => ![...holders.values()].includes(id);
  for (const { window } of serving) stepCoverFacts(scene, window, t, holders, isFree);
  for (const entry of serving) stepSeatFirst(scene, entry, serving, t, holders, isFree);
  for (const { window } of serving) {
    // Step 3: a window without holder is held by its first present A who holds nothing yet.
    const free = presentAs(scene, window, t).find(isFree);
    if (!holders.has(window.id) && free !== undefined) holders.set(window.id, free);
  }
  stepByTheList(scene, serving, t, holders, isFree);
  return holders;
}

type IsFree = (id: string) => boolean;

/** Step 1: without a present A, the first free present person of the cover facts valid now, by `from`, then `id`. */
function stepCoverFacts(scene: Posts, window: OracleWindow, t: Ms, holders: Map<string, string>, isFree: IsFree): void {
  if (presentAs(scene, window, t).length > 0) return;
  const valid: CoverFact[] = scene.known.covers
    .filter((cover) => cover.window === window.id && cover.from <= t && t < cover.to)
    .sort((one, other) => one.from - other.from || compareText(one.id, other.id));
  const ids = valid.map((cover) => cover.employee);
  const free = presentPeople(scene, ids, t).find(isFree);
  if (free !== undefined) holders.set(window.id, free);
}

/** Step 2: someone sits there, no A is present: the first free B whom no seat of their own keeps. */
function stepSeatFirst(
  scene: Posts,
  { window, seat }: WindowDay,
  serving: readonly WindowDay[],
  t: Ms,
  holders: Map<string, string>,
  isFree: IsFree,
): void {
  if (seenAt(seat, t) !== 'occupied' || presentAs(scene, window, t).length > 0 || holders.has(window.id)) return;
  const isLoose = (id: string) =>
    serving
      .filter((other) => holdersOfRole(scene.known, other.window, 'A', t).includes(id))
      .every((other) => seenAt(other.seat, t) === 'empty');
  const list = presentPeople(scene, holdersOfRole(scene.known, window, 'B', t), t);
  const free = list.find((id) => isFree(id) && isLoose(id));
  if (free !== undefined) holders.set(window.id, free);
}

/** Step 4: the windows left that are not empty are matched to the people left, by config order and list order. */
function stepByTheList(
  scene: Posts,
  serving: readonly WindowDay[],
  t: Ms,
  holders: Map<string, string>,
  isFree: IsFree,
): void {
  let coverable: { id: string; candidates: string[] }[] = [];
  for (const { window, seat } of serving) {
    if (holders.has(window.id) || seenAt(seat, t) === 'empty') continue;
    const list = presentPeople(scene, holdersOfRole(scene.known, window, 'B', t), t);
    const wanted = [...coverable, { id: window.id, candidates: list.filter(isFree) }];
    // Left uncovered only if it cannot be covered together with every window found coverable before.
    if (firstMatching(wanted.map((entry) => entry.candidates)) !== null) coverable = wanted;
  }
  const matching = firstMatching(coverable.map((entry) => entry.candidates)) ?? [];
  for (const [index, entry] of coverable.entries()) {
    const id = matching[index];
    if (id !== undefined) holders.set(entry.id, id);
  }
}

/** By trying: the assignment of different people that gives the first list its earliest, then the second, and so on. */
export function firstMatching(lists: readonly (readonly string[])[], taken: readonly string[] = []): string[] | null {
  const [first, ...others] = lists;
  if (first === undefined) return [];
  for (const id of first) {
    if (taken.includes(id)) continue;
    const rest = firstMatching(others, [...taken, id]);
    if (rest !== null) return [id, ...rest];
  }
  return null;
}
