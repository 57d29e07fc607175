/** Takes what was checked into a ledger, and answers what became of it. */
import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Fact } from '../../rules/facts.ts';
import { BEGINNING } from '../../rules/time.ts';
import type { Sender } from '../access/doors.ts';
import type { HallCore } from '../hall-core.ts';
import type { Provenance } from '../ledger/facts.ts';
import { BACKLOG_BATCH } from '../live/backlog.ts';
import type { Live } from '../live/live.ts';
import type { Outcome } from '../live/offer.ts';
import type { Checked, ImportQuestion } from './check.ts';
import { type Fresh, factsOf } from './fresh.ts';

export interface ImportRequest {
  readonly question: ImportQuestion;
  readonly partial: boolean;
  /** Nothing is written: what would change is found out. */
  readonly dryRun: boolean;
}

export interface ImportAnswer extends Omit<Checked, 'fresh'> {
  /** Facts that were added, or would be. */
  readonly added: number;
}

/** Does what is asked, once it has been checked; resolves when what it adds is durable and judged. */
export async function carriedOut(
  asked: ImportRequest,
  checked: Checked,
  take: (fresh: Fresh) => Promise<number>,
): Promise<ImportAnswer> {
  const { fresh, ...found } = checked;
  const { known, problems } = found;
  if (problems.length > 0 && !asked.partial) return { ...found, known: 0, added: 0 };
  if (asked.dryRun || fresh.count === 0) return { ...found, added: fresh.count };
  const added = await take(fresh);
  return { ...found, known: known + fresh.count - added, preview: null, added };
}

/** As many share a transaction, and are judged together, whatever is done. */
const FEW = 500;

/** Who imports, and through which door. */
export interface Importer extends Pick<Provenance, 'by'> {
  readonly via: 'import' | 'api';
  readonly sender: Sender;
}

export const BY_COMMAND: Importer = { by: null, via: 'import', sender: 'operator' };

/** Resolves when the facts are durable and judged, with how many were new. */
export async function takeIn({ live }: HallCore, fresh: Fresh, importer = BY_COMMAND): Promise<number> {
  if (fresh.count <= FEW) return await offered(live, [...factsOf(fresh)], importer);
  // A part of a month's punches would accuse everybody of the days whose punches come after it.
  return await live.whole(async () => {
    let added = 0;
    for (const batch of batchesOf(factsOf(fresh))) {
      added += await offered(live, batch, importer);
      await othersTurn();
    }
    return added;
  });
}

async function offered(live: Live, facts: readonly Fact[], { by, via }: Importer): Promise<number> {
  const outcomes = facts.map((fact) => {
    const from = { by, via, claimedAt: fact.recordedAt === BEGINNING ? null : fact.recordedAt };
    return new Promise<Outcome>((kept) => live.offer({ what: { fact, from }, kept }));
  });
  return (await Promise.all(outcomes)).filter((outcome) => outcome === 'new').length;
}

function* batchesOf(facts: Iterable<Fact>): Iterable<Fact[]> {
  let batch: Fact[] = [];
  for (const fact of facts) {
    batch.push(fact);
    if (batch.length < BACKLOG_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
