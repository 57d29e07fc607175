/** Asking the daemon about cases, and having it do something with one. */
import type { CaseDetail, CaseList, Deed } from './case-data.ts';
import type { Trouble } from './case-strings.ts';
import type { Language } from './strings.ts';

/** What came back, or why nothing did. */
export type Answer<T> = { readonly ok: true; readonly got: T } | { readonly ok: false; readonly trouble: Trouble };

/** What somebody wants done; `revision` is what they have seen. */
export interface Wish {
  readonly deed: Deed;
  readonly reason: string | null;
  readonly revision: string;
}

export interface CaseApi {
  list(days: number): Promise<Answer<CaseList>>;
  find(id: string): Promise<Answer<CaseDetail>>;
  /** A document for people, and one structure for each verdict of it. */
  explanation(id: string): Promise<Answer<{ readonly text: string; readonly parts: readonly unknown[] }>>;
  do(id: string, wish: Wish): Promise<Answer<CaseDetail>>;
}

/** The address of a deed, and what is sent there. */
function requestOf({ deed, reason, revision }: Wish): { readonly path: string; readonly body: object } {
  const decides = deed === 'uphold' || deed === 'overturn';
  return {
    path: decides ? 'decide' : deed,
    body: { revision, ...(reason === null ? {} : { reason }), ...(decides ? { outcome: deed } : {}) },
  };
}

const REFUSALS: ReadonlySet<string> = new Set<Trouble>([
  'withdrawn',
  'pending',
  'still-open',
  'own-case',
  'reason-missing',
  'done-already',
  'not-confirmed',
  'not-delivered',
  'under-appeal',
  'appeal-decided',
  'not-appealed',
  'appeal-too-late',
  'same-person',
  'for-information',
  'names-others',
  'changed',
]);

/** Of a refusal, why; `code` is the problem's own word for it. */
export function troubleOf(status: number, code: unknown): Trouble {
  if (typeof code === 'string' && REFUSALS.has(code)) return code as Trouble;
  if (status === 401) return 'signed-out';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown';
  return status === 503 ? 'unavailable' : 'unreachable';
}

export function caseApi(language: Language): CaseApi {
  const url = (path: string, more: Readonly<Record<string, string>> = {}): string =>
    `/api/v1/alerts${path}?${new URLSearchParams({ ...more, lang: language })}`;
  const one = (id: string): string => `/${encodeURIComponent(id)}`;
  return {
    list: (days) => asked(url('', { days: String(days) }), {}, json<CaseList>),
    find: (id) => asked(url(one(id)), {}, json<CaseDetail>),
    async explanation(id) {
      const at = url(`${one(id)}/explanation`);
      const [text, parts] = await Promise.all([
        asked(at, { headers: { Accept: 'text/plain' } }, (response) => response.text()),
        asked(at, {}, (response) => response.text()),
      ]);
      if (!text.ok) return text;
      if (!parts.ok) return parts;
      const lines = parts.got.split('\n').filter((line) => line !== '');
      return { ok: true, got: { text: text.got, parts: lines.map((line): unknown => JSON.parse(line)) } };
    },
    do(id, wish) {
      const { path, body } = requestOf(wish);
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      return asked(url(`${one(id)}/${path}`), init, json<CaseDetail>);
    },
  };
}

const json = <T>(response: Response): Promise<T> => response.json() as Promise<T>;

async function asked<T>(url: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<Answer<T>> {
  try {
    const response = await fetch(url, { ...init, cache: 'no-store' });
    if (response.ok) return { ok: true, got: await read(response) };
    const problem = (await response.json().catch(() => ({}))) as { readonly code?: unknown };
    return { ok: false, trouble: troubleOf(response.status, problem.code) };
  } catch {
    // Without an answer there is nothing to tell apart: the network, a proxy, or a daemon that is just starting.
    return { ok: false, trouble: 'unreachable' };
  }
}
