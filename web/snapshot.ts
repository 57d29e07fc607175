/** What `/api/v1/windows` and the event stream say, as this page needs it. */

export const STATES = ['held-a', 'held-b', 'held-cover', 'counting', 'empty', 'paused', 'unknown', 'closed'] as const;

export type WindowState = (typeof STATES)[number];

export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly state: WindowState;
}

export interface WindowNow {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
  readonly departmentName: string | null;
  readonly state: WindowState;
  readonly since: string | null;
  readonly limitAt: string | null;
  /** Who holds it now, where the reader may see that. */
  readonly holder?: { readonly employee: string; readonly name: string };
  /** That its people say they are away, where the reader may see that. */
  readonly away?: { readonly since: string; readonly reason: string | null };
  readonly strip: readonly Stretch[];
}

export interface Snapshot {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string };
  readonly at: string;
  readonly date: string;
  readonly service: { readonly from: string; readonly to: string } | null;
  readonly windows: readonly WindowNow[];
  readonly warnings: readonly string[];
  /** Differs from the last one whenever there is news of a case. */
  readonly cases: number;
}

/** The sign of life: the data's clock (null = the server does not say) and how long the next may take. */
export interface Alive {
  readonly at: string | null;
  readonly everyMs: number;
}

/** Milliseconds since the epoch of an RFC 3339 instant. */
export function instant(text: string): number {
  return Date.parse(text);
}

/** A state of a newer daemon that this page does not know is shown as what it is here: unknown. */
export function knownState(state: string): WindowState {
  return STATES.find((known) => known === state) ?? 'unknown';
}
