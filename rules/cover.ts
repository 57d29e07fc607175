/** Who holds which window, instant by instant (rules.md section 5, Cover). */
import type { Book } from './book.ts';
import type { PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, within } from './intervals.ts';
import { assignInOrder } from './matching.ts';
import type { Moment } from './moment.ts';
import { type HallDay, holdersAt, type ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';
import type { Ms } from './time.ts';

export type HeldBy = 'a' | 'b' | 'cover';

/** A stretch of a window's service time in which neither its holder nor its seat's state changes. */
export interface CoverStretch extends Span {
  readonly interval: ServiceInterval;
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
  readonly seat: PresenceState;
}

/** A window of a component, with what is known of its day. */
export interface ServedWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
  readonly seat: SeatDay;
}

/** The cover of windows that share candidates, for their service time up to now. */
export function coverOf(
  today: HallDay,
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): CoverStretch[][] {
  const bounds = changePoints(book, windows, presentOf, moment);
  const cursors = windows.map(() => ({ seat: 0 }));
  const stretches: CoverStretch[][] = windows.map(() => []);
  const end = Math.min(moment.now, today.to);
  for (const [i, from] of bounds.entries()) {
    if (from >= end) break;
    const to = Math.min(bounds[i + 1] ?? end, end);
    const served: Served[] = [];
    for (const [k, { window, service, seat }] of windows.entries()) {
      const interval = service.find((part) => part.from <= from && from < part.to);
      if (interval === undefined) continue;
      served.push({ index: k, window, interval, seat: seatAt(seat, cursors[k] as { seat: number }, from) });
    }
    if (served.length === 0) continue;
    const present = new Set<string>();
    for (const [person, spans] of presentOf) if (within(spans, from)) present.add(person);
    const holders = decide(book, served, present, from);
    for (const [k, { index, interval, seat }] of served.entries()) {
      push(stretches[index] as CoverStretch[], { from, to, interval, seat, ...(holders[k] as Holder) });
    }
  }
  return stretches;
}

/** Every instant at which the cover can change; those of people and seats have been noted where they come from. */
function changePoints(
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): Ms[] {
  const planned = new Set<Ms>();
  const seen = new Set<Ms>();
  const add = (points: Set<Ms>, span: { readonly from: Ms; readonly to: Ms | null }): void => {
    points.add(span.from);
    if (span.to !== null) points.add(span.to);
  };
  for (const { window, service, seat } of windows) {
    for (const interval of service) add(planned, interval);
    for (const cover of book.coversOf(window.id)) add(planned, cover);
    for (const assign of book.assignsOf(window.id)) add(planned, assign);
    for (const stretch of seat.stretches) add(seen, stretch);
  }
  for (const spans of presentOf.values()) for (const span of spans) add(seen, span);
  for (const at of planned) moment.passes(at);
  return [...new Set([...planned, ...seen])].sort((x, y) => x - y);
}

function seatAt(seat: SeatDay, cursor: { seat: number }, at: Ms): PresenceState {
  while (cursor.seat < seat.stretches.length && (seat.stretches[cursor.seat] as Span).to <= at) cursor.seat++;
  return seat.stretches[cursor.seat]?.state ?? 'unknown';
}

function push(stretches: CoverStretch[], next: CoverStretch): void {
  const last = stretches.at(-1);
  const same =
    last !== undefined &&
    last.to === next.from &&
    last.interval === next.interval &&
    last.holder === next.holder &&
    last.heldBy === next.heldBy &&
    last.seat === next.seat;
  if (same) stretches[stretches.length - 1] = { ...last, to: next.to };
  else stretches.push(next);
}

interface Served {
  readonly index: number;
  readonly window: Window;
  readonly interval: ServiceInterval;
  readonly seat: PresenceState;
}

interface Holder {
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
}

const NOBODY: Holder = { holder: null, heldBy: null };

/** The four steps, for the windows in service at one instant, in the configuration's order. */
function decide(book: Book, served: readonly Served[], present: ReadonlySet<string>, at: Ms): Holder[] {
  const holders: Holder[] = served.map(() => NOBODY);
  if (present.size === 0) return holders;
  const busy = new Set<string>();
  const hold = (k: number, person: string | undefined, heldBy: HeldBy): void => {
    if (person === undefined) return;
    holders[k] = { holder: person, heldBy };
    busy.add(person);
  };
  const free = (person: string): boolean => present.has(person) && !busy.has(person);
  const roleA = served.map(({ window }) => holdersAt(book, window, 'A', at));
  const roleB = served.map(({ window }) => holdersAt(book, window, 'B', at));
  const withoutA = roleA.map((people) => !people.some((person) => present.has(person)));

  for (const [k, { window }] of served.entries()) {
    if (withoutA[k]) hold(k, coverPeople(book, window, at).find(free), 'cover');
  }
  for (const [k, { seat }] of served.entries()) {
    if (seat !== 'occupied' || !withoutA[k] || holders[k] !== NOBODY) continue;
    const leftAnEmptySeat = (person: string): boolean =>
      served.every((other, j) => !roleA[j]?.includes(person) || other.seat === 'empty');
    hold(
      k,
      roleB[k]?.find((person) => free(person) && leftAnEmptySeat(person)),
      'b',
    );
  }
  for (const k of served.keys()) if (holders[k] === NOBODY) hold(k, roleA[k]?.find(free), 'a');

  const rest = [...served.keys()].filter((k) => holders[k] === NOBODY && served[k]?.seat !== 'empty');
  const matched = assignInOrder(rest.map((k) => roleB[k]?.filter(free) ?? []));
  for (const [i, k] of rest.entries()) hold(k, matched[i] ?? undefined, 'b');
  return holders;
}

/** The people of a window's cover facts valid at an instant, by `from`, then id. */
function coverPeople(book: Book, window: Window, at: Ms): string[] {
  return book
    .coversOf(window.id)
    .filter((cover) => cover.from <= at && at < cover.to)
    .map((cover) => cover.employee);
}
