/** Asking the daemon about this window, and telling it what is said here. */
import { asked, bringing, type Refused } from '../asked.ts';
import type { DeskTrouble } from './desk-strings.ts';

export interface Colleague {
  readonly employee: string;
  readonly name: string;
  readonly isB: boolean;
  readonly own: readonly string[];
}

export interface Takeover {
  readonly employee: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly present: boolean;
}

/** What `/api/v1/desk` says. */
export interface Desk {
  readonly window: string;
  readonly name: string;
  readonly departmentName: string | null;
  readonly sessionTo: string | null;
  readonly away: { readonly since: string; readonly reason: string | null } | null;
  readonly asked: {
    readonly at: string;
    readonly until: string;
    readonly answer: { readonly at: string; readonly seen: boolean; readonly byName: string | null } | null;
  } | null;
  readonly colleagues: readonly Colleague[];
  readonly takeovers: readonly Takeover[];
}

export type DeskAnswer =
  | { readonly ok: true; readonly desk: Desk }
  | { readonly ok: false; readonly trouble: DeskTrouble };

const TROUBLES: ReadonlySet<string> = new Set<DeskTrouble>([
  'unavailable',
  'refused',
  'wait',
  'busy',
  'not-the-account',
  'unknown-window',
  'unknown-colleague',
  'not-open',
  'not-away',
  'asked-already',
]);

/** `body` undefined = only look. */
export async function askDesk(path: string, body?: object): Promise<DeskAnswer> {
  const answer = await asked<Desk>(`/api/v1/desk${path}`, body === undefined ? {} : bringing(body));
  return answer.ok ? { ok: true, desk: answer.got } : { ok: false, trouble: troubleOf(answer) };
}

function troubleOf({ status, code }: Refused): DeskTrouble {
  if (status === 0) return 'unreachable';
  if (TROUBLES.has(code)) return code as DeskTrouble;
  return status === 401 || status === 403 ? 'revoked' : 'failed';
}
