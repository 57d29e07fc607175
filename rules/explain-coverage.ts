/** Which devices could have carried a punch that is not known, and what each of their outages means for it. */
import { type Book, cameOutOfClock, DAEMON } from './book.ts';
import type { Outage } from './device-log.ts';
import { isLost, outagesOf } from './evidence.ts';
import { counts, used } from './explain-day.ts';
import type { ExplainedCoverage, ExplainedOutage, UsedFact } from './explanation.ts';
import type { DeviceFact, Fact } from './facts.ts';
import { overlaps, type Span } from './intervals.ts';
import type { ReopenedDay } from './reopened-day.ts';
import type { Ms } from './time.ts';

export interface CoverageQuestion {
  readonly clocks: Iterable<string>;
  readonly settleMs: Ms;
  readonly searched: Span;
  readonly awaited: boolean;
}

/** The coverage of a stretch, with the facts that it rests on. */
export function explainCoverage(
  reopened: ReopenedDay,
  { clocks, settleMs, searched, awaited }: CoverageQuestion,
): { readonly coverage: ExplainedCoverage; readonly used: readonly UsedFact[] } {
  const devices = [...new Set(clocks).add(DAEMON)];
  const outages: ExplainedOutage[] = [];
  const facts: UsedFact[] = [];
  for (const device of devices) {
    for (const outage of outagesOf(device, reopened.book, reopened.moment)) {
      if (!overlaps(searched, { from: outage.from, to: outage.to ?? reopened.now })) continue;
      const proof = proofOf(reopened, device, outage);
      outages.push(explained(reopened, device, outage, settleMs, proof));
      for (const fact of factsOf(reopened, device, outage, proof)) facts.push(fact);
    }
  }
  for (const loss of reopened.book.deviceLog(DAEMON)?.losses ?? []) {
    if (!overlaps(searched, loss)) continue;
    const named = devices.filter((device) => device !== DAEMON);
    // Where there is no clock nobody can send it again.
    for (const device of named.length === 0 ? [DAEMON] : named) outages.push(lost(reopened, device, loss));
  }
  return { coverage: { searched, devices, outages, awaited }, used: facts };
}

/** What was lost of a clock with a ledger that held it. */
function lost({ book, now }: ReopenedDay, device: string, { from, to }: Span): ExplainedOutage {
  const proof = device === DAEMON ? null : completeSince(book, device, to, now);
  return { device, from, to, settledAt: to, state: proof === null ? 'lost' : 'proved', proof: proof?.id ?? null };
}

function completeSince(book: Book, device: string, from: Ms, now: Ms): DeviceFact | null {
  const said = book.deviceFacts(device);
  return said.find(({ state, at }) => state === 'complete' && at >= from && at <= now) ?? null;
}

/** Whether a punch may be hidden by an outage. */
export function hides({ state }: ExplainedOutage): boolean {
  return state !== 'proved';
}

function explained(
  { now }: ReopenedDay,
  device: string,
  { from, to }: Outage,
  settleMs: Ms,
  proof: Fact | null,
): ExplainedOutage {
  const settledAt = to === null ? null : to + settleMs;
  const about = { device, from, to, settledAt };
  if (settledAt === null) return { ...about, state: 'offline', proof: null };
  if (now < settledAt) return { ...about, state: 'settling', proof: proof?.id ?? null };
  if (device === DAEMON) return { ...about, state: 'proved', proof: null };
  return { ...about, state: proof === null ? 'unproved' : 'proved', proof: proof?.id ?? null };
}

/** What says that a clock kept recording in an outage that is over: a punch out of it, or that everything is in. */
function proofOf(reopened: ReopenedDay, device: string, { from, to }: Outage): Fact | null {
  if (to === null || device === DAEMON) return null;
  const { now, book, instants } = reopened;
  const recorded = instants.find(
    (fact) =>
      fact.fact === 'punch' &&
      fact.device === device &&
      from <= fact.at &&
      fact.at < to &&
      cameOutOfClock(fact) &&
      counts(reopened, fact) &&
      !book.isRepeat(fact),
  );
  const proof = isLost({ from, to }, book) ? undefined : recorded;
  return proof ?? completeSince(book, device, to, now);
}

function factsOf({ book }: ReopenedDay, device: string, { from, to }: Outage, proof: Fact | null): UsedFact[] {
  const said = book.deviceFacts(device);
  const offline = said.find((fact) => fact.state === 'offline' && fact.at === from);
  const online = said.find((fact) => fact.state === 'online' && fact.at === to);
  const facts: UsedFact[] = [];
  if (offline !== undefined) facts.push(used('offline', offline));
  if (online !== undefined) facts.push(used('online', online));
  if (proof !== null) facts.push(used(proof.fact === 'punch' ? 'proof' : 'complete', proof));
  return facts;
}
