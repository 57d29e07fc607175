/** What the live pages show of the windows; names only to those who may see them (access/sight.ts). */
import type { Person } from '../access/sight.ts';
import type { Language } from '../alerts/words.ts';

/** 在岗 · B岗顶岗 · 临时顶岗 · 离岗计时 · 无人 · 暂停 · 未知 · 非服务时间 */
export type BoardState = 'held-a' | 'held-b' | 'held-cover' | 'counting' | 'empty' | 'paused' | 'unknown' | 'closed';

export interface BoardWindow {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
  readonly departmentName: string | null;
  readonly state: BoardState;
  /** RFC 3339: since when the state has held. */
  readonly since: string | null;
  /** RFC 3339: when a count that is running becomes a violation; null unless `counting`. */
  readonly limitAt: string | null;
  /** Who holds it now; left out for those who may not see who it is, and where nobody does. */
  readonly holder?: { readonly employee: string; readonly name: string };
  /** That the people there said they are away, and why; left out for those who do not see the department, and while nobody said so. */
  readonly away?: { readonly since: string; readonly reason: string | null };
  /** The day so far: stretches of one state each, RFC 3339. */
  readonly strip: readonly { readonly from: string; readonly to: string; readonly state: BoardState }[];
}

export interface BoardSnapshot {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string };
  /** RFC 3339: the instant the snapshot speaks of. */
  readonly at: string;
  readonly date: string;
  /** First opening and last closing of the day, for the strips; null on a day without service. */
  readonly service: { readonly from: string; readonly to: string } | null;
  readonly windows: readonly BoardWindow[];
  /** What keeps the board from being trusted right now, in plain words; empty = nothing. */
  readonly warnings: readonly string[];
  /** Differs from the last one whenever something was said of a case or done with one: who shows cases asks for them again. */
  readonly cases: number;
}

/** Somebody who holds a window, as far as it has to be known to decide who may see it. */
export interface Holder extends Person {
  readonly name: string;
}

/** A picture of all windows, without names; and who holds which and what was said, for those who may see that. */
export interface Board {
  readonly id: number;
  readonly snapshot: Omit<BoardSnapshot, 'warnings'>;
  /** What the snapshot warns of. */
  readonly warnings: Readonly<Record<Language, readonly string[]>>;
  /** Who holds a window; null = nobody does. */
  readonly holderAt: (window: string) => Holder | null;
  /** By window: what its own PC said last, where that is that they are away. */
  readonly away: ReadonlyMap<string, NonNullable<BoardWindow['away']>>;
}

/**
 * Where pages get their data. Ids only grow, and one id is one content but for the time that has passed. `subscribe` calls back when
 * there may be another snapshot.
 */
export interface BoardSource {
  snapshot(): Board;
  subscribe(listener: () => void): () => void;
}

const PLAIN = ['id', 'name', 'department', 'departmentName', 'state', 'since', 'limitAt'] as const;
const PEOPLE = ['holder', 'away'] as const;

/** Whether a window says the same but for the time that has passed: what goes on may have gone on. */
export function isSameButForTime(x: BoardWindow, y: BoardWindow): boolean {
  if (x === y) return true;
  if (x.strip.length !== y.strip.length || PLAIN.some((key) => x[key] !== y[key])) return false;
  if (PEOPLE.some((key) => JSON.stringify(x[key]) !== JSON.stringify(y[key]))) return false;
  const last = x.strip.length - 1;
  return x.strip.every(({ from, to, state }, i) => {
    const other = y.strip[i];
    return from === other?.from && state === other.state && (to === other.to || i === last);
  });
}
