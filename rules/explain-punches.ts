/** What became of each punch of a person's day: whose arrival or departure it is, or why it is none. */
import { cameOutOfClock } from './book.ts';
import { mappedBy } from './credentials.ts';
import { counts } from './explain-day.ts';
import type { AsideFact, AsideReason, FactRole, UsedFact } from './explanation.ts';
import { inOrder, laterRecorded } from './fact-order.ts';
import type { CredentialFact, PunchFact } from './facts.ts';
import { credentialKey, isJudged } from './hall.ts';
import { within } from './intervals.ts';
import { type Attendance, type AttendedSession, keptPunches } from './punches.ts';
import type { ReopenedDay } from './reopened-day.ts';

/** A punch that is used, by a person's session. */
interface UsedPunch extends UsedFact {
  readonly fact: PunchFact;
}

export interface ReadPunches {
  readonly used: readonly UsedPunch[];
  readonly aside: readonly AsideFact[];
}

/** Reads the punches of a person's day. Of `session` the roles are used, and those of others set aside; null uses them all. */
export function readPunches(reopened: ReopenedDay, attendance: Attendance, session: number | null): ReadPunches {
  const { today, employee } = attendance;
  const { book, hall } = reopened;
  const theirs = reopened.instants
    .filter((fact): fact is PunchFact => fact.fact === 'punch' && within([today], fact.at))
    .filter((punch) => book.ownerOf(hall, punch) === employee.id)
    .sort(inOrder);
  const entered = theirs.filter((punch) => notEntered(reopened, punch) === null);
  const touches = entered.map((punch) => ({ at: punch.at, punch }));
  const kept = keptPunches(touches, employee.thresholds.dedupe, book, reopened.moment).map(({ punch }) => punch);
  const roles = rolesOf(attendance, session);
  const used: UsedPunch[] = [];
  const aside: AsideFact[] = [];
  for (const punch of theirs) {
    const role = roles.get(punch.id);
    if (role !== undefined && (session === null || role.session === session)) {
      used.push({ ...role, fact: punch, employee: employee.id });
      continue;
    }
    const why: Why =
      role === undefined
        ? (notEntered(reopened, punch) ??
          notKept(reopened, attendance, punch, kept) ??
          withoutRole(reopened, attendance, punch))
        : { why: 'other-session', session: role.session };
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
  if (reopened.book.isRepeat(punch)) {
    const [first] = [...reopened.book.sameTouch(punch)].sort(inOrder);
    return { why: 'repeat', by: first?.id ?? null };
  }
  const by = kept.findLast((other) => other.at <= punch.at)?.id ?? null;
  return { why: 'dedupe', by, limitMs: employee.thresholds.dedupe };
}

interface Role {
  readonly role: FactRole;
  readonly session: number;
}

/** What punches are to the sessions, by id; a touch may be one thing to the judged one and another to the one before. */
function rolesOf({ sessions }: Attendance, judged: number | null): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const { number: session, arrival, departure, ambiguousTouch } of sessions) {
    if (arrival !== null) roles.set(arrival.punch.id, { role: 'arrival', session });
    if (departure !== null) roles.set(departure.punch.id, { role: 'departure', session });
    if (ambiguousTouch !== null && session === judged) {
      roles.set(ambiguousTouch.punch.id, { role: 'ambiguous-touch', session });
    }
  }
  return roles;
}

function withoutRole({ hall }: ReopenedDay, attendance: Attendance, punch: PunchFact): Why {
  const { sessions, today, employee, policy } = attendance;
  if (!isJudged(hall, today.day, employee)) return { why: 'not-judged' };
  for (const [i, session] of sessions.entries()) {
    if (punch.at <= session.a) return inTheGap(attendance, sessions[i - 1], session);
    if (punch.at < session.e) return { why: insideReason(attendance, session, punch), session: session.number };
  }
  const last = sessions.at(-1);
  if (last === undefined) return { why: 'no-session' };
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
export function mappingsOf(reopened: ReopenedDay, punches: readonly UsedPunch[]): UsedFact[] {
  const mappings = new Map<string, UsedFact>();
  for (const { fact, employee } of punches) {
    const mapping = mappingOf(reopened, fact);
    if (mapping !== null) mappings.set(mapping.id, { role: 'credential', fact: mapping, employee, session: null });
  }
  return [...mappings.values()];
}

/** As the book looks for it: a mapping of the punch's own device first, facts before the configuration; none where it names a person. */
function mappingOf(reopened: ReopenedDay, punch: PunchFact): CredentialFact | null {
  const { credential = '', at, device } = punch;
  const { hall, stretches } = reopened;
  for (const on of device === undefined ? [null] : [device, null]) {
    const key = credentialKey(on, credential);
    const [latest] = stretches
      .filter((fact) => fact.fact === 'credential')
      .filter((fact) => credentialKey(fact.device ?? null, fact.credential) === key && counts(reopened, fact))
      .filter((fact) => fact.from <= at && (fact.to === null || at < fact.to))
      .sort(laterRecorded);
    if (latest !== undefined) return latest;
    if (mappedBy(hall, hall.credentials.get(key) ?? [], at) !== null) return null;
  }
  return null;
}
