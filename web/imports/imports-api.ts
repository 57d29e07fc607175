/** Sending a table to the daemon: to be looked at, or to be taken in. */
import { asked } from '../asked.ts';
import type { Language } from '../strings.ts';

export const KINDS = ['leave', 'roster', 'punches', 'people'] as const;
export type ImportKind = (typeof KINDS)[number];

export interface ImportWish {
  readonly kind: ImportKind;
  /** What was looked at is what is taken in, whatever becomes of the file meanwhile. */
  readonly bytes: ArrayBuffer;
  /** Empty = not said. */
  readonly sheet: string;
  readonly clock: string;
  /** The good rows, where others are wrong. */
  readonly isPartial: boolean;
}

export interface Outcome {
  readonly format: string;
  readonly rows: number;
  readonly added: number;
  readonly known: number;
  readonly problems: readonly {
    readonly line: number;
    readonly cell: string | null;
    readonly column: string | null;
    readonly problem: string;
  }[];
  readonly notes: readonly string[];
  readonly preview: {
    readonly changes: readonly { readonly op: 'open' | 'revise' | 'close' | 'retract'; readonly text: string }[];
  } | null;
}

/** `trouble` names why nothing came of it; a table with wrong rows is an outcome. */
export type Answer =
  | { readonly ok: true; readonly got: Outcome }
  | { readonly ok: false; readonly trouble: string; readonly detail: string };

export async function sendTable(wish: ImportWish, isDryRun: boolean, language: Language): Promise<Answer> {
  const query = new URLSearchParams({
    lang: language,
    dryRun: isDryRun ? '1' : '0',
    partial: wish.isPartial ? '1' : '0',
  });
  for (const name of ['sheet', 'clock'] as const) if (wish[name] !== '') query.set(name, wish[name]);
  const answer = await asked<Outcome>(`/api/v1/imports/${wish.kind}?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: wish.bytes,
  });
  if (answer.ok) return answer;
  const { status, code, detail, body } = answer;
  if (code === 'bad-rows') return { ok: true, got: body as Outcome };
  return { ok: false, trouble: status === 413 ? 'too-large' : code, detail };
}
