/** What became of each punch of a person's day: whose arrival or departure it is, or why it is none. */
import { cameOutOfClock, touchOf } from './book.ts';
import { counts } from './explain-day.ts';
import type { AsideFact, AsideReason, FactRole, UsedFact } from './explanation.ts';
import { inOrder, laterRecorded } from './fact-order.ts';
import type { CredentialFact, PunchFact } from './facts.ts';
import { credentialKey, isJudged } from './hall.ts';
import { type Attendance, type AttendedSession, keptPunches } from './punches.ts';
import type { ReopenedDay } from './reopened-day.ts';

export interface ReadPunches {
  readonly used: readonly UsedFact[];
  readonly aside: readonly AsideFact[];
}

/** Reads the punches of a person's day. Of `session` the roles are used, and those of others set aside; null uses them all. */
export function readPunches(reopened: ReopenedDay, attendance: Attendance, session: number | null): ReadPunches {
  const { today, employee } = attendance;
  const { book, hall } = reopened;
  const theirs = reopened.instants
    .filter((fact): fact is PunchFact => fact.fact === 'punch' && today.from <= fact.at && fact.at < today.to)
    .filter((punch) => book.ownerOf(hall, punch) === employee.id)
    .sort(inOrder);
  const entered = theirs.filter((punch) => notEntered(reopened, punch) === null);
  const touches = entered.map((punch) => ({ at: punch.at, punch }));
  const kept = keptPunches(touches, employee.thresholds.dedupe, book, reopened.moment).map(({ punch }) => punch);
  const used: UsedFact[] = [];
  const aside: AsideFact[] = [];
  for (const punch of theirs) {
    const role = kept.includes(punch) ? roleOf(attendance, punch, session) : null;
    if (role !== null && (session === null || role.session === session)) {
      used.push({ ...role, fact: punch, employee: employee.id });
      continue;
    }
    const why =
      notEntered(reopened, punch) ??
      notKept(reopened, attendance, punch, kept) ??
      (role === null ? withoutRole(reopened, attendance, punch) : { why: 'other-session', session: role.session });
    aside.push({ session: null, by: null, ...why, fact: punch, employee: employee.id });
  }
  return { used, aside };
}

type Why = Pick<AsideFact, 'why'> & Partial<Pick<AsideFact, 'session' | 'by' | 'limitMs'>>;

/** Why a punch is not in the book at all. */
function notEntered(reopened: ReopenedDay, punch: PunchFact): Why | null {
  if (!reopened.knows(punch)) return { why: 'not-yet-known' };
  const cancel = reopened.cancelOf(punch);
  if (cancel !== null) return { why: 'cancelled', by: cancel.id };
  return punch.method === 'simulated' && !reopened.countsSimulated ? { why: 'simulated' } : null;
}

/** Why a punch that is in the book is none of those that are looked at. */
function notKept(
  reopened: ReopenedDay,
  { employee }: Attendance,
  punch: PunchFact,
  kept: readonly PunchFact[],
): Why | null {
  if (kept.includes(punch)) return null;
  if (punch.at > reopened.now) return { why: 'after-now' };
  if (reopened.book.isRepeat(punch)) return { why: 'repeat', by: firstDelivery(reopened, punch) };
  const by = kept.findLast((other) => inOrder(other, punch) < 0)?.id ?? null;
  return { why: 'dedupe', by, limitMs: employee.thresholds.dedupe };
}

function firstDelivery(reopened: ReopenedDay, punch: PunchFact): string | null {
  const touch = touchOf(punch);
  const same = reopened.instants.filter(
    (fact): fact is PunchFact =>
      fact.fact === 'punch' && touchOf(fact) === touch && notEntered(reopened, fact) === null,
  );
  return same.sort(inOrder).find((fact) => inOrder(fact, punch) < 0)?.id ?? null;
}

/** What a punch is to the sessions; what it is to the judged one comes first. */
function roleOf(
  { sessions }: Attendance,
  punch: PunchFact,
  judged: number | null,
): { readonly role: FactRole; readonly session: number } | null {
  const roles = sessions.flatMap(({ number, arrival, departure, ambiguousTouch }) => [
    ...(arrival?.punch.id === punch.id ? [{ role: 'arrival' as const, session: number }] : []),
    ...(departure?.punch.id === punch.id ? [{ role: 'departure' as const, session: number }] : []),
    ...(ambiguousTouch?.punch.id === punch.id && number === judged
      ? [{ role: 'ambiguous-touch' as const, session: number }]
      : []),
  ]);
  return roles.find(({ session }) => session === judged) ?? roles[0] ?? null;
}

function withoutRole({ hall }: ReopenedDay, attendance: Attendance, punch: PunchFact): Why {
  const { sessions, today, employee, policy } = attendance;
  if (!isJudged(hall, today.day, employee)) return { why: 'not-judged' };
  if (sessions.length === 0) return { why: 'no-session' };
  for (const [i, session] of sessions.entries()) {
    const before = sessions[i - 1];
    const inGap = session.gapFrom <= punch.at && punch.at <= session.a && (before === undefined || punch.at > before.a);
    if (inGap) return inTheGap(attendance, before, session);
    if (session.a < punch.at && punch.at < session.e) {
      return { why: insideReason(attendance, session, punch), session: session.number };
    }
  }
  const last = sessions.at(-1);
  if (last === undefined || punch.at < last.e) return { why: 'no-role' };
  return policy === 'in'
    ? { why: 'arrivals-only', session: last.number }
    : { why: 'not-latest', session: last.number, by: last.departure?.punch.id ?? null };
}

function inTheGap(
  { policy, employee }: Attendance,
  before: AttendedSession | undefined,
  session: AttendedSession,
): Why {
  const about = { session: session.number, by: gapPunch(before, session) };
  if (before === undefined) return { why: 'not-earliest', ...about };
  if (policy === 'in') return { why: 'not-last', ...about };
  const isShared = before.leftInTime && session.arrival !== null && session.arrival.at <= session.a;
  return isShared
    ? { why: 'gap-middle', ...about }
    : { why: 'one-touch', ...about, limitMs: employee.thresholds.minBreak };
}

/** The punch that stands for the others of its gap. */
function gapPunch(before: AttendedSession | undefined, { arrival, a }: AttendedSession): string | null {
  if (arrival !== null && arrival.at <= a) return arrival.punch.id;
  return before?.departure?.punch.id ?? null;
}

function insideReason({ policy, today }: Attendance, session: AttendedSession, punch: PunchFact): AsideReason {
  if (policy === 'in') return 'arrivals-only';
  const isDoor = cameOutOfClock(punch) && today.hall.clocks.get(punch.device ?? '')?.kind === 'door';
  if (isDoor) return 'door';
  return session.departureKnown ? 'inside' : 'undecided';
}

/** The facts that say whose these punches are, each once; where the configuration says it there is none. */
export function mappingsOf(reopened: ReopenedDay, punches: readonly UsedFact[]): UsedFact[] {
  const mappings = new Map<string, UsedFact>();
  for (const { fact, employee } of punches) {
    if (fact.fact !== 'punch' || fact.credential === undefined) continue;
    const mapping = mappingOf(reopened, fact);
    if (mapping !== null) mappings.set(mapping.id, { role: 'credential', fact: mapping, employee, session: null });
  }
  return [...mappings.values()];
}

/** As the book looks for it: a mapping of the punch's own device first, facts before the configuration. */
function mappingOf(reopened: ReopenedDay, punch: PunchFact): CredentialFact | null {
  const { credential = '', at } = punch;
  const device = punch.device ?? null;
  for (const on of device === null ? [null] : [device, null]) {
    const valid = reopened.stretches
      .filter((fact) => fact.fact === 'credential')
      .filter((fact) => fact.credential === credential && (fact.device ?? null) === on && counts(reopened, fact))
      .filter((fact) => fact.from <= at && (fact.to === null || at < fact.to));
    const latest = valid.sort(laterRecorded)[0];
    if (latest !== undefined) return latest;
    if (on !== null && reopened.hall.credentials.has(credentialKey(on, credential))) return null;
  }
  return null;
}
