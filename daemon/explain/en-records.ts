/** Explanations in English: the records, that is plan, punches, seats, leave, devices, parameters and what was set aside. */
import { DAEMON } from '../../rules/book.ts';
import type {
  AsideFact,
  Candidate,
  ExplainedDay,
  ExplainedOutage,
  ExplainedPerson,
  ExplainedSchedule,
  ExplainedWindow,
  Explanation,
  HeldStretch,
  RoleHolders,
  UsedFact,
} from '../../rules/explanation.ts';
import type { Fact, PunchFact } from '../../rules/facts.ts';
import type { Origin, Parameter } from '../../rules/parameters.ts';
import type { Thresholds } from '../../rules/thresholds.ts';
import { type Terms, usedIn } from './terms.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const weekdayName = (weekday: number): string => WEEKDAYS[weekday - 1] ?? '';

export const deviceName = (id: string): string => (id === DAEMON ? 'this system' : `device ${id}`);

// ---- plan ----------------------------------------------------------------------------------------------------

export function planLines(e: Explanation, t: Terms): string[] {
  const { day, subject } = e;
  const entered = usedIn(e, 'employee').map(({ fact }) => `By ${factText(fact, t)}.`);
  if (subject.of === 'leave') return [dayText(day), ...entered];
  const lines = [dayText(day), ...entered, scheduleText(subject.schedule)];
  if (subject.of === 'person') return [...lines, ...personLines(subject, t)];
  const service = subject.planned.map((session) => {
    const cuts = session.cuts.map((cut) => `paused ${t.span(cut)} by ${cut.fact}`);
    return `Session ${session.number} in service: ${t.span(session)}${cuts.length === 0 ? '' : `, ${cuts.join(', ')}`}.`;
  });
  return [...lines, ...service, ...subject.roles.map((one) => roleText(one, subject, t))];
}

function dayText({ weekday, kind, by, publishedUntil }: ExplainedDay): string {
  const is = kind === 'rest' ? 'a day of rest' : 'a workday';
  if (typeof by === 'object') return `The day fact ${by.fact} makes it ${is}.`;
  if (by === 'config') return `The configuration’s calendar makes it ${is}.`;
  if (by === 'national') return `The national calendar makes it ${is}.`;
  if (kind === 'unconfirmed') {
    return `The national calendar is published until ${publishedUntil}; until this date is, it is taken for an ordinary ${weekdayName(weekday)}.`;
  }
  return `An ordinary ${weekdayName(weekday)}.`;
}

function scheduleText(schedule: ExplainedSchedule | null): string {
  if (schedule === null) return 'No schedule: the only sessions are duties.';
  const version = schedule.versionFrom === null ? '' : ` (the version from ${schedule.versionFrom} on)`;
  if (schedule.weekday === null) return `Schedule ${schedule.id}${version}: no sessions on this date.`;
  return `Schedule ${schedule.id}${version}: the sessions of ${weekdayName(schedule.weekday)}.`;
}

const POLICIES: Readonly<Record<ExplainedPerson['policy'], string>> = {
  session: 'Punches: one on coming and one on going, each session.',
  day: 'Punches: the first of the day is the coming, the last the going.',
  in: 'Punches: on coming only, each session.',
};

function personLines(person: ExplainedPerson, t: Terms): string[] {
  const lines = person.planned.map((session) => {
    const owed = person.owed.some(({ number }) => number === session.number);
    const excused = person.policy === 'day' || owed ? '' : '; wholly on leave or paused, so excused';
    const duties = session.duties.length === 0 ? '' : ` (duty ${session.duties.join(', ')} included)`;
    return `Session ${session.number}: ${t.span(session)}${duties}${excused}.`;
  });
  const owed = person.owed.map(({ number, a, z, e, outDeadlineAt }) => {
    const which = person.policy === 'day' ? 'The day as one session' : `Session ${number}`;
    const leaving =
      person.policy === 'in'
        ? ''
        : `; free to go from ${t.time(e)}; a punch for going counts until ${t.time(outDeadlineAt)}`;
    const judged = number === person.session ? ' (the session of this verdict)' : '';
    return `${which}: due from ${t.time(a)} to ${t.time(z)}${leaving}${judged}.`;
  });
  return [POLICIES[person.policy], ...lines, ...owed];
}

function roleText({ role, from, people, assign }: RoleHolders, { run }: ExplainedWindow, t: Terms): string {
  const when = from === run.from ? '' : `From ${t.time(from)} on, `;
  if (people.length === 0) return `${when}${role}: nobody.`;
  const who = people.map((id) => t.person(id)).join(', ');
  return `${when}${role}: ${who}, by ${assign === null ? 'the configuration' : `the assignment ${assign}`}.`;
}

// ---- punches -------------------------------------------------------------------------------------------------

const ROLES: Readonly<Partial<Record<UsedFact['role'], string>>> = {
  arrival: 'arrival',
  departure: 'departure',
  'ambiguous-touch': 'counted as the departure of the session before',
};

export function punchLines(e: Explanation, t: Terms): string[] {
  if (e.subject.of === 'leave') return [];
  const punches = usedIn(e, 'arrival', 'departure', 'ambiguous-touch');
  if (e.subject.of === 'window') {
    const { candidates, held, next, run } = e.subject;
    const people = candidates.map((one) => candidateText(one, punches, t));
    const nobody = people.length === 0 ? ['There is nobody who could hold this window.'] : [];
    const after = next === null ? [] : [`From ${t.time(next.from)} on: ${holderText(next, t)}.`];
    const ended = next === null && !run.lasts ? [`At ${t.time(run.to)} this stretch of service ended.`] : [];
    return [
      ...people,
      ...nobody,
      ...mappingLines(e, t),
      ...held.map((one) => `${t.span(one)}: ${holderText(one, t)}.`),
      ...after,
      ...ended,
    ];
  }
  if (punches.length === 0) return ['No punch counts for this session.'];
  const lines = punches.map(({ fact, role }) => `${punchText(fact as PunchFact, t)}: ${ROLES[role]}.`);
  return [...lines, ...mappingLines(e, t)];
}

/** Whose a credential is, where a fact says it. */
function mappingLines(e: Explanation, t: Terms): string[] {
  return usedIn(e, 'credential').map(({ fact }) => `By ${factText(fact, t)}.`);
}

export function punchText(punch: PunchFact, t: Terms): string {
  const marks = [
    ...(punch.method === 'correction' ? ['a correction'] : []),
    ...(punch.method === 'manual' ? ['a manual sign-in'] : []),
    ...(punch.device === undefined ? [] : [`device ${punch.device}`]),
    ...(punch.credential === undefined ? [] : [`credential ${punch.credential}`]),
    ...(punch.deviceAt === undefined || punch.deviceAt === punch.at ? [] : [`device time ${t.time(punch.deviceAt)}`]),
  ];
  return `${t.time(punch.at)} punch ${punch.id}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
}

function candidateText(
  { employee, roles, present, elsewhere }: Candidate,
  punches: readonly UsedFact[],
  t: Terms,
): string {
  const names = roles.map((role) => (role === 'cover' ? 'cover' : role));
  const theirs = punches.filter((one) => one.employee === employee);
  const said = theirs.map(({ fact, role }) => `${ROLES[role]} ${t.time((fact as PunchFact).at)} (${fact.id})`);
  const there =
    present.length === 0
      ? 'not present then'
      : `present by punch then: ${present.map((span) => t.span(span)).join(', ')}`;
  const busy = elsewhere.map((one) => `held ${t.window(one.window)} ${t.span(one)}`);
  const parts = [said.length === 0 ? 'no punch that counts on this day' : said.join(', '), there, ...busy];
  return `${t.person(employee)}${names.length === 0 ? '' : `, ${names.join(', ')}`}: ${parts.join('; ')}.`;
}

const STEPS = { 1: 'by a cover fact', 2: 'a B who sat there', 3: 'an A', 4: 'by the list of B' } as const;

function holderText({ holder, step, seat }: HeldStretch, t: Terms): string {
  const who = holder === null || step === null ? 'held by nobody' : `held by ${t.person(holder)} (${STEPS[step]})`;
  return `${who}, seat ${seat}`;
}

// ---- seats, leave --------------------------------------------------------------------------------------------

export function seatLines({ subject, doubts }: Explanation, t: Terms): string[] {
  if (subject.of === 'leave') return [];
  if (subject.of === 'window') {
    const { watched, stretches, sources, samples } = subject.seat;
    if (!watched) return ['No presence was reported for this window on this day.'];
    const from = sources.length === 0 ? '' : ` (source ${sources.join(', ')})`;
    return [
      ...stretches.map((stretch) => `${t.span(stretch)}: ${stretch.state}.`),
      samples === 0
        ? `No presence fact lies within the stretch: the state before it held${from}.`
        : `Presence facts within the stretch${from}: ${samples}. Short gaps and flickers have been merged as the rules say.`,
    ];
  }
  const seats = doubts.flatMap((doubt) => (doubt.reason === 'seat-occupied' ? doubt.seats : []));
  if (seats.length === 0) return ['No presence bears on this verdict.'];
  return seats.map(({ window, from, to }) => {
    const when = to === null ? `from ${t.time(from)} on` : t.span({ from, to });
    return `${t.window(window)}: occupied ${when}, and no punch says by whom.`;
  });
}

export function leaveLines(e: Explanation, t: Terms): string[] {
  const facts = usedIn(e, 'leave', 'leave-of-month', 'pause', 'duty', 'cover', 'assign');
  if (facts.length === 0) return ['No leave, pause, duty or cover bears on this verdict.'];
  return facts.map(({ fact }) => `${capital(factText(fact, t))}.`);
}

// ---- devices -------------------------------------------------------------------------------------------------

export function deviceLines({ coverage }: Explanation, t: Terms): string[] {
  if (coverage === null) return [];
  const { searched, devices, outages, awaited } = coverage;
  const names = devices.map(deviceName).join(', ');
  const lines = [
    `A punch that has not been received would lie in ${t.span(searched)}; it could have come through: ${names}.`,
  ];
  if (!awaited) lines.push('The seat was seen empty throughout, so the verdict waits for no device.');
  if (outages.length === 0) return [...lines, 'None of them was offline in that stretch.'];
  return [...lines, ...outages.map((outage) => `${capital(outageText(outage, t))}.`)];
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

export function outageText({ device, from, to, state, settledAt, proof }: ExplainedOutage, t: Terms): string {
  const name = deviceName(device);
  const away = device === DAEMON ? 'down' : 'offline';
  if (to === null || settledAt === null) return `${name} has been ${away} since ${t.time(from)}`;
  if (state === 'lost')
    return `what ${name} delivered ${t.span({ from, to })} was lost, and it has not sent everything again`;
  const when = `${name} was ${away} ${t.span({ from, to })}`;
  if (state === 'settling') return `${when} and is only just back; stored punches may come until ${t.time(settledAt)}`;
  if (state === 'unproved') return `${when}, and nothing proves that it kept recording meanwhile`;
  return proof === null
    ? `${when}; what was kept for it has been taken in`
    : `${when}; ${proof} proves that no punch was lost`;
}

// ---- parameters ----------------------------------------------------------------------------------------------

const PARAMETERS: Readonly<Record<keyof Thresholds, string>> = {
  dedupe: 'Repeated touches',
  lateGrace: 'Grace on coming',
  earlyGrace: 'Grace on going',
  absentAfter: 'Absent after',
  outWindow: 'Time for a punch on going',
  settle: 'Wait after a device is back',
  joinGap: 'Sessions joined when less apart than',
  minBreak: 'Shortest break between two punches',
  lunchNear: 'Touch near the session before',
  coverGrace: 'Time to provide cover',
  leftPostAfter: 'Left post after',
  minAway: 'Shortest absence that is added up',
  leftPostTotal: 'Absences added up to',
  bridge: 'Gap in presence that is bridged',
  minReturn: 'Shortest return that counts',
  offlineAfter: 'Device taken for offline after',
  deliveryLag: 'Wait for punches on their way',
  forecastDays: 'Days of forecast',
  slipKinds: 'Kinds of leave that need a slip',
  slipDays: 'Days of one leave without a slip',
  slipMonthDays: 'Days of a month without a slip',
};

export function parameterLines({ parameters }: Explanation, t: Terms): string[] {
  return parameters.map(
    (one) => `${PARAMETERS[one.name]} (${one.name}): ${valueText(one, t)}, ${originText(one.origin)}.`,
  );
}

function valueText(parameter: Parameter, t: Terms): string {
  if (parameter.unit === 'ms') return t.length(parameter.value);
  if (parameter.unit === 'days') return `${parameter.value}`;
  return parameter.value.join(', ') || 'none';
}

function originText(origin: Origin): string {
  if (origin.level === 'default') return 'the default';
  if (origin.level === 'hall') return 'set for the hall';
  return origin.level === 'schedule' ? `set by schedule ${origin.id}` : `set by window ${origin.id}`;
}

// ---- set aside -----------------------------------------------------------------------------------------------

export function asideLines(e: Explanation, t: Terms): string[] {
  return e.aside.map((one) => {
    const isAmongMany = e.subject.of === 'window' && one.employee !== null && one.fact.fact === 'punch';
    const whose = isAmongMany && one.employee !== null ? `${t.person(one.employee)} ` : '';
    return `${whose}${factText(one.fact, t)}: ${asideText(one, t)}.`;
  });
}

function asideText({ why, fact, session, by, limitMs }: AsideFact, t: Terms): string {
  const other = by ?? 'another record';
  const limit = t.length(limitMs ?? 0);
  switch (why) {
    case 'cancelled':
      return `cancelled by ${other}`;
    case 'simulated':
      return 'simulated, and so not counted';
    case 'not-yet-known':
      return `recorded at ${t.dateTime(fact.recordedAt)}, after the time of this explanation`;
    case 'after-now':
      return 'after the time of this explanation';
    case 'repeat':
      return `the same touch as ${other}, delivered again`;
    case 'dedupe':
      return `at most ${limit} after ${other}, so one with it`;
    case 'other-session':
      return `the arrival or departure of session ${session}`;
    case 'not-earliest':
      return `before the first session the earliest counts, which is ${other}`;
    case 'one-touch':
      return `the punches between the sessions are less than ${limit} apart, so one touch, which is ${other}`;
    case 'gap-middle':
      return 'between two sessions only the first and the last count';
    case 'not-last':
      return `between two sessions only the last counts, which is ${other}`;
    case 'door':
      return 'from a door, which inside a session is no departure';
    case 'undecided':
      return `the departure of session ${session} is not decided yet`;
    case 'inside':
      return `inside session ${session}, neither the arrival nor the last`;
    case 'arrivals-only':
      return 'this schedule counts arrivals only';
    case 'not-latest':
      return `after the last session the last counts, which is ${other}`;
    case 'no-session':
      return 'this person owes no session on this day';
    case 'not-judged':
      return 'this person is not judged on this day';
    case 'outranked':
      return `${other} is in force instead`;
  }
}

/** A fact in a few words. */
export function factText(fact: Fact, t: Terms): string {
  switch (fact.fact) {
    case 'punch':
      return punchText(fact, t);
    case 'presence':
      return `${t.time(fact.at)} presence ${fact.id} (${fact.state})`;
    case 'leave':
      return `leave ${fact.id} of ${t.person(fact.employee)} (${fact.kind}, ${t.dateTime(fact.from)} to ${t.dateTime(fact.to)})`;
    case 'slip':
      return `${t.time(fact.at)} slip ${fact.id} for leave ${fact.leave}`;
    case 'cover':
      return `cover ${fact.id} by ${t.person(fact.employee)} (${t.span(fact)})`;
    case 'duty':
      return `duty ${fact.id} of ${t.person(fact.employee)} (${t.span(fact)})`;
    case 'pause':
      return `pause ${fact.id} of ${fact.window === undefined ? 'the whole hall' : t.window(fact.window)} (${t.span(fact)}${fact.reason ? `, ${fact.reason}` : ''})`;
    case 'assign':
      return `assignment ${fact.id} of ${fact.role} at ${t.window(fact.window)} (${fact.employees.map((id) => t.person(id)).join(', ')}, from ${t.dateTime(fact.from)} on)`;
    case 'day':
      return `day fact ${fact.id} (${fact.date}: ${fact.kind})`;
    case 'device':
      return `${t.time(fact.at)} ${deviceName(fact.device)} ${fact.state} ${fact.id}`;
    case 'cancel':
      return `${t.time(fact.at)} cancel ${fact.id} of ${fact.target}`;
    case 'credential':
      return `credential fact ${fact.id} (${fact.credential} is ${t.person(fact.employee)})`;
    case 'employee':
      return `employee fact ${fact.id} (${t.person(fact.employee)} of ${fact.department ?? 'no department'}, ${t.dateTime(fact.from)} ${fact.to === null ? 'on' : `to ${t.dateTime(fact.to)}`})`;
    case 'config':
      return `configuration ${fact.id}`;
    default:
      return `record ${fact.id}`;
  }
}
