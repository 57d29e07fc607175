/** The board's snapshots, made from the engine: states of windows, without names. */

import type { CoverStretch } from '../rules/cover.ts';
import type { Engine } from '../rules/engine.ts';
import type { Hall } from '../rules/hall.ts';
import { overlaps, within } from '../rules/intervals.ts';
import { scheduledSessions } from '../rules/plan.ts';
import type { WindowDay } from '../rules/rule.ts';
import { dateOf, formatInstant, type Ms, type Zone } from '../rules/time.ts';
import type { Verdict } from '../rules/verdict.ts';
import {
  type Board,
  type BoardSource,
  type BoardState,
  type BoardWindow,
  type Holder,
  isSameButForTime,
} from './board.ts';

export interface LiveBoardOptions {
  readonly hall: Hall;
  readonly engine: () => Engine | null;
  readonly now: () => Ms;
  readonly warnings: () => readonly string[];
  readonly cases: () => number;
  /** By window, since when and why its people say that they are away. */
  readonly away: () => ReadonlyMap<string, { readonly at: Ms; readonly reason: string | null }>;
}

type Look = Omit<Board, 'id'>;

/** Looked at when somebody wants to know: thousands of punches a second come in, and most of them while nobody watches. */
export class LiveBoard implements BoardSource {
  readonly #options: LiveBoardOptions;
  readonly #listeners = new Set<() => void>();
  /** Instants as they are written: a day has thousands of them, the same ones at every look. */
  readonly #stamps = new Map<Ms, string>();
  #zone: Zone | null = null;
  #id = 0;
  #look: Look;
  #windows: ReadonlyMap<string, BoardWindow> = new Map();
  #stale = false;

  constructor(options: LiveBoardOptions) {
    this.#options = options;
    this.#look = this.#lookNow();
  }

  snapshot(): Board {
    if (this.#stale) this.#lookAgain();
    return { id: this.#id, ...this.#look };
  }

  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Something has come in: whoever watches looks again as soon as it suits them. */
  stir(): void {
    this.#stale = true;
    this.#tell();
  }

  /** Time has passed, which alone can change what is shown; whoever watches is told if it did. */
  refresh(): void {
    this.#stale = true;
    const before = this.#id;
    if (this.#listeners.size > 0 && this.snapshot().id !== before) this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #lookAgain(): void {
    const look = this.#lookNow();
    if (!isSameLook(this.#look, look)) this.#id++;
    this.#look = look;
    this.#stale = false;
  }

  #stampIn(zone: Zone): (instant: Ms) => string {
    if (zone !== this.#zone || this.#stamps.size > MOST_STAMPS) this.#stamps.clear();
    this.#zone = zone;
    return (instant) => {
      const known = this.#stamps.get(instant) ?? formatInstant(zone, instant);
      this.#stamps.set(instant, known);
      return known;
    };
  }

  #lookNow(): Look {
    const { engine, now, warnings, cases, away } = this.#options;
    const at = now();
    const days = engine()?.windowsAt(at) ?? [];
    const hall = days[0]?.today.hall ?? this.#options.hall;
    const today = days[0]?.today.day;
    const verdicts = (engine()?.verdicts() ?? []).filter((verdict) => verdict.day === today);
    const service = days.flatMap((day) => day.service);
    const stamp = this.#stampIn(hall.zone);
    const own = Map.groupBy(verdicts, ({ window }) => window);
    const windows = days.map((day) => this.#kept(boardWindow(day, own.get(day.window.id) ?? [], at, hall, stamp)));
    this.#windows = new Map(windows.map((window) => [window.id, window]));
    const snapshot = {
      hall: { id: hall.id, name: hall.name, timezone: hall.zone.id },
      at: stamp(at),
      date: days[0] === undefined ? stamp(at).slice(0, 10) : dateOf(days[0].today.day),
      service:
        service.length === 0
          ? null
          : {
              from: stamp(Math.min(...service.map((part) => part.from))),
              to: stamp(Math.max(...service.map((part) => part.to))),
            },
      windows,
      warnings: warnings(),
      cases: cases(),
    };
    const held = days.flatMap((day) => {
      const holder = holderOf(hall, day, at);
      return holder === null ? [] : [[day.window.id, holder] as const];
    });
    const said = [...away()].map(
      ([window, { at: since, reason }]) => [window, { since: stamp(since), reason }] as const,
    );
    return { snapshot, holders: new Map(held), away: new Map(said) };
  }

  /** The same object while a window says the same, for a minute at most: what was made of it need not be made again. */
  #kept(window: BoardWindow): BoardWindow {
    const known = this.#windows.get(window.id);
    if (known === undefined || !isSameButForTime(known, window)) return window;
    return minuteOf(knownTo(known)) === minuteOf(knownTo(window)) ? known : window;
  }
}

/** A summer's day of a large hall has some five thousand; with a look a second, the instant of each look comes on top. */
const MOST_STAMPS = 50_000;

/** What says the same is another snapshot once a minute, so that nothing that is asked for speaks of long ago. */
function isSameLook(x: Look, y: Look): boolean {
  const { windows: xs, at: xAt, ...xHead } = x.snapshot;
  const { windows: ys, at: yAt, ...yHead } = y.snapshot;
  const people = ({ holders, away }: Look): unknown => [...holders, ...away];
  return (
    xs.length === ys.length &&
    xs.every((window, i) => window === ys[i]) &&
    JSON.stringify([xHead, people(x)]) === JSON.stringify([yHead, people(y)]) &&
    minuteOf(xAt) === minuteOf(yAt)
  );
}

const knownTo = ({ strip }: BoardWindow): string => strip.at(-1)?.to ?? '';
const minuteOf = (stamp: string): string => stamp.slice(0, 'yyyy-mm-ddThh:mm'.length);

/** Whoever holds a window now; null where nobody does, and outside of service. */
function holderOf(hall: Hall, day: WindowDay, at: Ms): Holder | null {
  const employee = within(day.service, at) ? (day.cover.stretches.at(-1)?.holder ?? null) : null;
  const found = employee === null ? undefined : hall.employees.get(employee);
  if (found === undefined) return null;
  return { employee: found.id, name: found.name, departments: [found.department, day.window.department] };
}

interface Piece {
  readonly from: Ms;
  readonly to: Ms;
  readonly state: BoardState;
}

function boardWindow(
  day: WindowDay,
  verdicts: readonly Verdict[],
  at: Ms,
  hall: Hall,
  stamp: (instant: Ms) => string,
): BoardWindow {
  const { window } = day;
  const pieces = joined(
    day.cover.stretches.map((stretch) => {
      const { from, to } = stretch;
      return { from, to, state: judgedState(stretch, verdicts, at) };
    }),
  );
  const last = pieces.at(-1);
  const inService = within(day.service, at);
  const state = inService ? currentState(last?.state, verdicts) : pausedOrClosed(day, at);
  const counting = state === 'counting' && last !== undefined;
  return {
    id: window.id,
    name: window.name,
    department: window.department,
    departmentName: window.department === null ? null : (hall.departments.get(window.department) ?? null),
    state,
    since: inService && last !== undefined ? stamp(last.from) : null,
    limitAt: counting ? stamp(last.from + limitOf(day)) : null,
    strip: pieces.map((piece) => ({
      from: stamp(piece.from),
      to: stamp(piece.to),
      state: piece.state,
    })),
  };
}

type Seen = Pick<CoverStretch, 'holder' | 'heldBy' | 'seat'>;

function pieceState({ holder, heldBy, seat }: Seen): BoardState {
  if (holder === null) return seat === 'occupied' ? 'unknown' : 'empty';
  if (seat === 'empty') return 'counting';
  return heldBy === 'a' ? 'held-a' : heldBy === 'b' ? 'held-b' : 'held-cover';
}

/** What is not decided is shown as that, not as nobody there; and a seat left for too long as what it has become. */
function judgedState(stretch: CoverStretch, verdicts: readonly Verdict[], at: Ms): BoardState {
  const seen = pieceState(stretch);
  if (seen !== 'empty' && seen !== 'counting') return seen;
  const said = verdicts.filter(({ run, from, to }) => run && overlaps({ from, to: to ?? at }, stretch));
  if (said.some(({ state }) => state === 'pending')) return 'unknown';
  return said.length > 0 ? 'empty' : seen;
}

/** A window that nobody holds is counted until it is a verdict; while that is pending, nobody can say. */
function currentState(seen: BoardState | undefined, verdicts: readonly Verdict[]): BoardState {
  if (seen === undefined) return 'unknown';
  if (seen !== 'empty') return seen;
  return verdicts.some((verdict) => verdict.state === 'open') ? 'empty' : 'counting';
}

function pausedOrClosed(day: WindowDay, at: Ms): BoardState {
  return within(scheduledSessions(day.today, day.window.schedule), at) ? 'paused' : 'closed';
}

/** How long the present state may last: a held but empty seat has longer than one that nobody holds. */
function limitOf(day: WindowDay): Ms {
  const { coverGrace, leftPostAfter } = day.window.thresholds;
  return day.cover.stretches.at(-1)?.holder === null ? coverGrace : leftPostAfter;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last !== undefined && last.to === piece.from && last.state === piece.state) {
      result[result.length - 1] = { ...last, to: piece.to };
    } else result.push(piece);
  }
  return result;
}
