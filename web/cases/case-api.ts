/** Asking the daemon about cases, and having it do something with one. */
import { asked, askedFor, bringing, type Answer as Reply } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { CaseDetail, CaseList, Deed } from './case-data.ts';
import type { Trouble } from './case-strings.ts';

/** What came back, or why nothing did. */
export type Answer<T> = { readonly ok: true; readonly got: T } | { readonly ok: false; readonly trouble: Trouble };

/** What somebody wants done; `revision` is what they have seen. */
export interface Wish {
  readonly deed: Deed;
  readonly reason: string | null;
  readonly revision: string;
}

/** A picture of a case, or that there is none. */
export interface Still {
  readonly picture: string;
  readonly momentName: string;
  readonly window: string;
  readonly camera: string;
  readonly at: string;
  readonly missing: { readonly because: string; readonly text: string } | null;
  /** How often it was looked at. */
  readonly views: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly askedBy: string | null;
  readonly keptUntil: string | null;
  readonly removedAt: string | null;
}

export interface Stills {
  readonly pictures: readonly Still[];
  /** Whether what the cameras remember can be kept now, by the one who asks. */
  readonly mayFreeze: boolean;
}

export type StillTrouble = 'none' | 'removed' | 'absent' | 'changed' | 'unavailable' | 'signed-out' | 'unreachable';
const STILL_TROUBLES: ReadonlySet<unknown> = new Set<StillTrouble>([
  'none',
  'removed',
  'absent',
  'changed',
  'unavailable',
]);

/** What came of keeping what the cameras remember. */
export type Freezing = 'done' | 'frozen-already' | 'not-today' | 'no-camera' | 'failed';
const NOT_FROZEN: ReadonlySet<unknown> = new Set<Freezing>(['frozen-already', 'not-today', 'no-camera']);

export interface CaseApi {
  list(days: number): Promise<Answer<CaseList>>;
  /** Of dates, both included. */
  span(from: string, to: string): Promise<Answer<CaseList>>;
  find(id: string): Promise<Answer<CaseDetail>>;
  /** A document for people, and one structure for each verdict of it. */
  explanation(id: string): Promise<Answer<{ readonly text: string; readonly parts: readonly unknown[] }>>;
  do(id: string, wish: Wish): Promise<Answer<CaseDetail>>;
  stills(id: string): Promise<Stills | null>;
  freeze(id: string): Promise<{ readonly done: Freezing; readonly stills: Stills | null }>;
  stillAddress(id: string, picture: string): string;
  /** Asked after a picture did not come: then nobody looked, and nothing was recorded. */
  whyNoStill(id: string, picture: string): Promise<StillTrouble>;
  archiveAddress(id: string): string;
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
    list: (days) => had(asked<CaseList>(url('', { days: String(days) }))),
    span: (from, to) => had(asked<CaseList>(url('', { from, to }))),
    find: (id) => had(asked<CaseDetail>(url(one(id)))),
    async explanation(id) {
      const at = url(`${one(id)}/explanation`);
      const read = (init: RequestInit) => had(askedFor(at, init, (response) => response.text()));
      const [text, parts] = await Promise.all([read({ headers: { Accept: 'text/plain' } }), read({})]);
      if (!text.ok) return text;
      if (!parts.ok) return parts;
      const lines = parts.got.split('\n').filter((line) => line !== '');
      return { ok: true, got: { text: text.got, parts: lines.map((line): unknown => JSON.parse(line)) } };
    },
    do(id, wish) {
      const { path, body } = requestOf(wish);
      return had(asked<CaseDetail>(url(`${one(id)}/${path}`), bringing(body)));
    },
    async stills(id) {
      const answer = await asked<Stills>(url(`${one(id)}/evidence`));
      return answer.ok ? answer.got : null;
    },
    async freeze(id) {
      const answer = await asked<Stills>(url(`${one(id)}/evidence/freeze`), { method: 'POST' });
      if (!answer.ok) return { done: NOT_FROZEN.has(answer.code) ? (answer.code as Freezing) : 'failed', stills: null };
      // Newest last: whether it was made is said there.
      const isKept = answer.got.pictures.some(({ missing, askedBy }) => missing === null && askedBy !== null);
      return { done: isKept ? 'done' : 'failed', stills: answer.got };
    },
    stillAddress: (id, picture) => url(`${one(id)}/evidence/${encodeURIComponent(picture)}`),
    async whyNoStill(id, picture) {
      const answer = await askedFor(url(`${one(id)}/evidence/${encodeURIComponent(picture)}`), {}, async () => {});
      if (answer.ok) return 'unreachable';
      const { status, code } = answer;
      if (status === 401) return 'signed-out';
      if (STILL_TROUBLES.has(code)) return code as StillTrouble;
      return status === 404 ? 'none' : 'unreachable';
    },
    archiveAddress: (id) => url(`${one(id)}/archive`),
  };
}

/** With the trouble that the pages have words for. */
async function had<T>(asking: Promise<Reply<T>>): Promise<Answer<T>> {
  const answer = await asking;
  return answer.ok ? answer : { ok: false, trouble: troubleOf(answer.status, answer.code) };
}
