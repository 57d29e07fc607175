/** Asking the daemon: whatever comes of it is an answer. */
import { chooseStrings } from './strings.ts';

/** What came back, or why nothing did. */
export type Answer<T> = { readonly ok: true; readonly got: T } | Refused;

export interface Refused {
  readonly ok: false;
  /** Of the HTTP answer; 0 = there was none: the network, a proxy, or a daemon that is just starting. */
  readonly status: number;
  /** The problem's own word for it, else what the status says. */
  readonly code: string;
  /** The daemon's words; '' = it had none. */
  readonly detail: string;
  /** All that was answered, as far as it can be read. */
  readonly body: unknown;
}

const CODES: Readonly<Record<number, string>> = { 401: 'signed-out', 403: 'forbidden', 404: 'gone' };

/** Asks for JSON, or for nothing. */
export function asked<T>(url: string, init: RequestInit = {}): Promise<Answer<T>> {
  return askedFor(url, init, async (response) => (response.status === 204 ? null : await response.json()) as T);
}

/** `read`: makes what was asked for of an answer that brings it. */
export async function askedFor<T>(
  url: string,
  init: RequestInit,
  read: (response: Response) => Promise<T>,
): Promise<Answer<T>> {
  try {
    const response = await fetch(url, { cache: 'no-store', ...init });
    return response.ok ? { ok: true, got: await read(response) } : refused(response.status, await bodyOf(response));
  } catch {
    return { ok: false, status: 0, code: 'unreachable', detail: '', body: null };
  }
}

/** What to tell people of it: the daemon's own words, where it had any. */
export function refusalText({ status, detail }: Refused): string {
  if (detail !== '') return detail;
  return status === 0 ? chooseStrings(location.search, navigator.language).noAnswer : String(status);
}

/** A request that brings a JSON body. */
export function bringing(body: object, method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'POST'): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

/** What a proxy answers in the daemon's place need not be JSON. */
function bodyOf(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

function refused(status: number, body: unknown): Refused {
  const { code, detail } = (body ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  const byStatus = CODES[status] ?? 'refused';
  return {
    ok: false,
    status,
    code: typeof code === 'string' ? code : byStatus,
    detail: typeof detail === 'string' ? detail : '',
    body,
  };
}
