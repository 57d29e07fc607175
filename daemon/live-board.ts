/** The board's snapshots, made from the engine: states of windows, without names. */

import type { CoverStretch } from '../rules/cover.ts';
import type { Engine } from '../rules/engine.ts';
import type { Hall } from '../rules/hall.ts';
import { overlaps, within } from '../rules/intervals.ts';
import { scheduledSessions } from '../rules/plan.ts';
import type { WindowDay } from '../rules/rule.ts';
import { dateOf, formatInstant, type Ms } from '../rules/time.ts';
import type { Verdict } from '../rules/verdict.ts';
import type { Board, BoardSource, BoardState, BoardWindow, Holder } from './board.ts';

export interface LiveBoardOptions {
  readonly hall: Hall;
  readonly engine: () => Engine | null;
  readonly now: () => Ms;
  readonly warnings: () => readonly string[];
  readonly cases: () => number;
  /** By window, since when and why its people say that they are away. */
  readonly away: () => ReadonlyMap<string, { readonly at: Ms; readonly reason: string | null }>;
}

export class LiveBoard implements BoardSource {
  readonly #options: LiveBoardOptions;
  readonly #listeners = new Set<(id: number) => void>();
  #id = 0;
  #look: Omit<Board, 'id'>;

  constructor(options: LiveBoardOptions) {
    this.#options = options;
    this.#look = this.#lookNow();
  }

  snapshot(): Board {
    return { id: this.#id, ...this.#look };
  }

  subscribe(listener: (id: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks again and tells whoever watches. */
  refresh(): void {
    this.#look = this.#lookNow();
    this.#id++;
    for (const listener of this.#listeners) listener(this.#id);
  }

  #lookNow(): Omit<Board, 'id'> {
    const { engine, now, warnings, cases, away } = this.#options;
    const at = now();
    const days = engine()?.windowsAt(at) ?? [];
    const hall = days[0]?.today.hall ?? this.#options.hall;
    const today = days[0]?.today.day;
    const verdicts = (engine()?.verdicts() ?? []).filter((verdict) => verdict.day === today);
    const service = days.flatMap((day) => day.service);
    const stamp = (instant: Ms): string => formatInstant(hall.zone, instant);
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
      windows: days.map((day) => {
        const own = verdicts.filter((verdict) => verdict.window === day.window.id);
        return boardWindow(hall, day, own, at);
      }),
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
}

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

function boardWindow(hall: Hall, day: WindowDay, verdicts: readonly Verdict[], at: Ms): BoardWindow {
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
    since: inService && last !== undefined ? formatInstant(hall.zone, last.from) : null,
    limitAt: counting ? formatInstant(hall.zone, last.from + limitOf(day)) : null,
    strip: pieces.map((piece) => ({
      from: formatInstant(hall.zone, piece.from),
      to: formatInstant(hall.zone, piece.to),
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
