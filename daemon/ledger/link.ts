/** What a link of the chain says, byte for byte: the same for whoever writes it and whoever checks it (docs/decisions/0007-chain.md). */
import { createHash, hash } from 'node:crypto';

/** What is chained, in the order in which a link has it. */
export const CHAINED = ['fact', 'change', 'purge'] as const;
export type Chained = (typeof CHAINED)[number];

/** Rows of one table with the numbers from `from` to `to`, both included, without gaps. */
export interface Run {
  readonly kind: Chained;
  readonly from: number;
  readonly to: number;
}

export interface Link {
  readonly hall: string;
  readonly number: number;
  readonly origin: 'commit' | 'adopted';
  readonly runs: readonly Run[];
  readonly digests: Uint8Array;
}

/** Nobody can choose a row's salt, so there are no two rows to be prepared with one digest; to find another for one takes 2^128 tries. */
export const DIGEST_BYTES = 16;
export const SALT_BYTES = 16;

/**
 * A row's digest, a character a byte. The salt (in base 16) keeps whoever has only the digest from trying what the row may have
 * said. A text of bytes is what `hash` returns fastest: a buffer a row took twice as long (measured).
 */
export function digestOf(salt: string, text: string): string {
  return hash('sha256', salt + text, 'binary').slice(0, DIGEST_BYTES);
}

/** A link's hash; `before` is that of the link before it, none before the first. */
export function linkHash({ hall, number, origin, runs, digests }: Link, before: Uint8Array | null): Buffer {
  const rows = runs.map(({ kind, from, to }) => `${kind} ${from} ${to}\n`).join('');
  return createHash('sha256')
    .update(`zaigang chain 1\n${hall.length} ${hall}\n${number} ${origin}\n${rows}\n`)
    .update(before ?? new Uint8Array(32))
    .update(digests)
    .digest();
}

/** What a row says. Its number is said by the link. */
export interface FactRow {
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly recorded_at: number;
  readonly person: string | null;
  readonly via: string | null;
  readonly claimed_at: number | null;
  readonly body: string;
  /** What it was made of, as JSON; null = it says all that was said. */
  readonly original: string | null;
}

export interface ChangeRow {
  readonly at: number;
  readonly op: string;
  readonly key: string;
  readonly day: number;
  readonly cause: string;
  readonly verdict: string;
}

export interface PurgeRow {
  readonly at: number;
  readonly kind: string;
  readonly row: number;
}

/** All that a fact's row says. Texts of any content stand at the end, after their lengths: no two rows say the same. */
export function textOfFact(row: FactRow): string {
  const { id, person, via, claimed_at } = row;
  const lengths = `${id.length} ${person === null ? '-' : person.length} ${via === null ? '-' : via.length}`;
  const instants = `${row.at} ${row.recorded_at} ${claimed_at === null ? '-' : claimed_at}`;
  const text = `${row.kind} ${instants} ${lengths} ${id}${person ?? ''}${via ?? ''}`;
  if (row.original === null) return `fact ${text}${row.body}`;
  return `fact-of ${row.original.length} ${text}${row.original}${row.body}`;
}

export function textOfChange({ at, op, key, day, cause, verdict }: ChangeRow): string {
  return `change ${at} ${op} ${day} ${key.length} ${cause.length} ${key}${cause}${verdict}`;
}

export function textOfPurge({ at, kind, row }: PurgeRow): string {
  return `purge ${at} ${kind} ${row}`;
}
