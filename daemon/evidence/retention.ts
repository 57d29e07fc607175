/** How long pictures are kept: as long as somebody may still speak against the case, and not longer. */
import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import type { CaseDesk } from '../cases/case-desk.ts';
import type { CaseFile } from '../cases/case-file.ts';
import type { EvidenceBook, Taken } from './evidence-book.ts';
import type { EvidenceFolder } from './evidence-folder.ts';

export interface Retention {
  /** After a case has come to rest. */
  readonly afterFinal: Ms;
  /** Of pictures that belong to no case, since they were taken. */
  readonly otherwise: Ms;
}

/** Where cases are found, with what people did with them. */
export type Cases = Pick<CaseDesk, 'find' | 'changesOf'>;

/**
 * Since when a case has come to rest; null while it has not: something of it is open or pending, or somebody may still appeal
 * or has. `changedAt`: when it was last said anew.
 */
export function atRestSince(
  { content, life, deeds, finalAt }: Pick<CaseFile, 'content' | 'life' | 'deeds' | 'finalAt'>,
  changedAt: Ms,
): Ms | null {
  if (content.state === 'open' || content.state === 'pending') return null;
  const touchedAt = Math.max(changedAt, ...deeds.map(({ at }) => at));
  if (content.state === 'withdrawn') return touchedAt;
  const isHeld = life.decision === 'confirmed' || life.decision === 'appealed' || life.decision === 'upheld';
  if (!isHeld) return touchedAt;
  return finalAt === null ? null : Math.max(finalAt, touchedAt);
}

type About = Pick<Taken, 'key' | 'case' | 'takenAt'>;

/** Whether somebody asked for it without naming a case. */
const isByItself = ({ key, case: about }: Pick<About, 'key' | 'case'>): boolean => key === null && about === null;

/** Until when a picture is kept, once what it belongs to has come to rest; null while it has not. */
export function keptUntil(about: Pick<About, 'key' | 'case'>, since: Ms | null, retention: Retention): Ms | null {
  return since === null ? null : since + (isByItself(about) ? retention.otherwise : retention.afterFinal);
}

/** Whether a picture has been kept long enough. */
export function isOver(about: Pick<About, 'key' | 'case'>, since: Ms | null, retention: Retention, now: Ms): boolean {
  const until = keptUntil(about, since, retention);
  return until !== null && now >= until;
}

export interface SweepOptions {
  readonly database: DatabaseSync;
  readonly hall: string;
  readonly cases: Cases;
  readonly retention: Retention;
  readonly now: Ms;
}

export interface Swept {
  readonly removed: number;
  /** Files that nothing was noted of: a crash came between the two. */
  readonly strays: number;
}

/**
 * Removes what has been kept long enough; that it was removed is noted first, so that no file is missed without a reason.
 * Nothing may be written meanwhile.
 */
export function sweep(
  book: EvidenceBook,
  folder: EvidenceFolder,
  { database, hall, cases, retention, now }: SweepOptions,
): Swept {
  const before = now - Math.min(retention.afterFinal, retention.otherwise);
  const old = book.kept(before);
  const rests = new Map(
    [
      ...Map.groupBy(
        old.filter((entry) => !isByItself(entry)),
        ({ case: about, key }) => about ?? key,
      ),
    ].map(([about, [first]]) => [about, first === undefined ? null : restOf(first, { database, hall, cases })]),
  );
  const over = old.flatMap((entry) => {
    const since = isByItself(entry) ? entry.takenAt : (rests.get(entry.case ?? entry.key) ?? null);
    return since !== null && isOver(entry, since, retention, now) ? [{ entry, since }] : [];
  });
  book.noteAll(
    over.map(({ entry, since }) => ({
      picture: entry.picture,
      noted: { what: 'removed', because: 'kept-long-enough', since },
    })),
    now,
  );
  for (const { entry } of over) folder.remove(entry);
  const known = new Set(book.kept().map(({ picture }) => picture));
  const strays = folder.list().filter(({ picture }) => !known.has(picture));
  for (const { path } of strays) rmSync(path, { force: true });
  return { removed: over.length, strays: strays.length };
}

/** Since when what a picture belongs to has come to rest; null while it has not. */
export function restOf(
  { key, case: about, takenAt }: About,
  { database, hall, cases }: Pick<SweepOptions, 'database' | 'hall' | 'cases'>,
): Ms | null {
  if (about === null) return key === null ? takenAt : verdictAtRest(database, hall, key);
  const file = cases.find(about);
  // A case that cannot be looked at now is looked at tomorrow.
  return file === null ? null : atRestSince(file, Math.max(takenAt, ...cases.changesOf(file.row).map(({ at }) => at)));
}

/** Of a verdict that belongs to no case: when it was last changed, if it is closed or withdrawn. */
function verdictAtRest(database: DatabaseSync, hall: string, key: string): Ms | null {
  const standing = database.prepare("select verdict ->> '$.state' as state from standing where hall = ? and key = ?");
  const state = (standing.get(hall, key) as { state: string } | undefined)?.state ?? 'withdrawn';
  if (state !== 'closed' && state !== 'withdrawn') return null;
  const last = database.prepare('select max(at) as at from change where hall = ? and key = ?').get(hall, key);
  return (last as { at: number | null }).at;
}
