/** What the live pages show of the windows: states without names (contract.md section 6, until there is sign-in). */

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
}

/** Where pages get their data. `subscribe` calls back with the id of each new snapshot; ids only grow. */
export interface BoardSource {
  snapshot(): { readonly id: number; readonly snapshot: BoardSnapshot };
  subscribe(listener: (id: number) => void): () => void;
}
