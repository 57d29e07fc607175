/** Explanations in English: conclusion, regulation and arithmetic. Nobody is blamed before there is proof. */
import { DAEMON } from '../../rules/book.ts';
import type { Doubt, ExplainedOutage, Explanation, LeaveDays } from '../../rules/explanation.ts';
import type { Ms } from '../../rules/time.ts';
import { ruleName } from '../alerts/words.ts';
import {
  asideLines,
  capital,
  deviceLines,
  factText,
  leaveLines,
  outageText,
  parameterLines,
  planLines,
  punchLines,
  seatLines,
  weekdayName,
} from './en-records.ts';
import { daysOf, lengthOf, type Phrases, type Section, shortHash, type Terms } from './terms.ts';

const HEADINGS: Readonly<Record<Section, string>> = {
  conclusion: 'Conclusion',
  regulation: 'Rule',
  plan: 'Plan',
  punches: 'Punches',
  seat: 'Presence',
  leave: 'Leave and arrangements',
  devices: 'Devices',
  parameters: 'Parameters',
  arithmetic: 'Arithmetic',
  aside: 'Set aside',
};

export const ENGLISH_UNITS = { h: 'h', min: 'min', lastMin: 'min', s: 's', ms: 'ms' };
export const namedInEnglish = (name: string, id: string): string => `${name} (${id})`;

export const ENGLISH: Phrases = {
  title: (id) => `Explanation of ${id}`,
  heading: (number, section) => `${number}. ${HEADINGS[section]}`,
  sections: {
    conclusion: conclusionLines,
    regulation: regulationLines,
    plan: planLines,
    punches: punchLines,
    seat: seatLines,
    leave: leaveLines,
    devices: deviceLines,
    parameters: parameterLines,
    arithmetic: arithmeticLines,
    aside: (e, t) => (e.aside.length === 0 ? ['Nothing.'] : asideLines(e, t).map(capital)),
  },
  leftOut: 'The punches, leave and arrangements of others are left out.',
  withdrawn: ({ id, rule, at, because, near, terms }) => [
    `The verdict ${id} (${ruleName(rule, 'en')}) was withdrawn at ${at}.`,
    ...withdrawnBecause(because, terms),
    ...nearLines(near),
  ],
  unknown: (id, near) => [`There is no verdict ${id}.`, ...nearLines(near)],
};

function withdrawnBecause(because: Parameters<Phrases['withdrawn']>[0]['because'], t: Terms): string[] {
  if (because === 'deadline')
    return ['Why: as time passed the rule no longer applied, or another verdict took its place.'];
  if (because === 'upgrade') return ['Why: a new release judges the same records otherwise.'];
  return ['Why: with these records it no longer holds.', ...because.map((fact) => `  ${capital(factText(fact, t))}.`)];
}

function nearLines(near: readonly string[]): string[] {
  return near.length === 0 ? [] : ['Verdicts of the same subject and date that hold:', ...near.map((id) => `  ${id}`)];
}

// ---- conclusion ----------------------------------------------------------------------------------------------

function conclusionLines(e: Explanation, t: Terms): string[] {
  const date = `${e.day.date} (${weekdayName(e.day.weekday)}), ${subjectText(e, t)}.`;
  const asOf = `As recorded by ${t.dateTime(e.now)}.`;
  if (e.verdict.state !== 'pending') {
    const state = e.verdict.state === 'open' ? 'State: open.' : 'State: closed.';
    return [date, firmText(e, t), ...notes(e, t), state, asOf];
  }
  return [
    date,
    `State: pending. The evidence does not suffice to say “${ruleName(e.verdict.rule, 'en')}”.`,
    `Known so far: ${knownText(e, t)}`,
    ...e.doubts.flatMap((doubt) => doubtLines(doubt, e, t)),
    asOf,
  ];
}

function subjectText({ subject, verdict }: Explanation, t: Terms): string {
  if (subject.of === 'window') return `window ${t.window(subject.window)}, session ${verdict.session}`;
  if (subject.of === 'leave') return `${t.person(subject.employee)}, leave ${subject.leave}`;
  return `${t.person(subject.employee)}, ${subject.policy === 'day' ? 'the whole day' : `session ${subject.session}`}`;
}

function firmText(e: Explanation, t: Terms): string {
  const { verdict, minutes, arithmetic } = e;
  const rule = capital(ruleName(verdict.rule, 'en'));
  const soFar = verdict.state === 'open' ? ' so far' : '';
  switch (arithmetic.of) {
    case 'missing-in':
      return `${rule} (coming): ${knownText(e, t)}`;
    case 'missing-out':
      return `${rule} (going): ${knownText(e, t)}`;
    case 'slip':
      return `${rule}: this leave needs a slip, and there is none so far.`;
    default:
      return `${rule}, ${minutes} min${soFar}: ${knownText(e, t)}`;
  }
}

function runWords(rule: string): string {
  if (rule === 'missing-cover') return 'nobody is known to have held the window, and nobody was seen there,';
  if (rule === 'left-post') return 'somebody held the window, and its seat was seen empty,';
  return 'the seat was seen occupied, and no punch says by whom,';
}

/** What is known, without calling it anything. */
function knownText({ arithmetic, verdict }: Explanation, t: Terms): string {
  switch (arithmetic.of) {
    case 'delay':
      if (arithmetic.ended === 'arrived')
        return `due at ${t.time(arithmetic.a)}, arrival punched at ${t.time(arithmetic.at)}.`;
      return `due at ${t.time(arithmetic.a)}, no punch for coming by ${t.time(arithmetic.at)}.`;
    case 'early':
      return `the last punch is of ${t.time(arithmetic.at)}, due to stay until ${t.time(arithmetic.z)}.`;
    case 'missing-in':
      return `a punch for going at ${t.time(arithmetic.departureAt)}, none for coming.`;
    case 'missing-out':
      return `a punch for coming at ${t.time(arithmetic.arrivalAt)}, none for going by ${t.time(arithmetic.outDeadlineAt)}.`;
    case 'run':
      return `${runWords(verdict.rule)} from ${t.time(arithmetic.from)} to ${t.time(arithmetic.to)}.`;
    case 'total': {
      const counted = arithmetic.absences.filter(({ counts }) => counts === 'counts');
      return `short absences: ${counted.length}, together ${t.length(arithmetic.totalMs)}.`;
    }
    case 'slip':
      return 'there is no slip for this leave.';
  }
}

function notes({ verdict, subject }: Explanation, t: Terms): string[] {
  const lines: string[] = [];
  if (verdict.atOpening === true) lines.push('It begins with the session: the window was not opened on time.');
  if (verdict.rule === 'unverified-occupant') lines.push('For information only; it is held against nobody.');
  if (subject.of === 'window' && verdict.rule.startsWith('left-post')) {
    lines.push(
      verdict.employee === null
        ? 'More than one A was present when it began, so no person is named.'
        : `When it began the window was held by ${t.person(verdict.employee)}.`,
    );
  }
  return lines;
}

function doubtLines(doubt: Doubt, e: Explanation, t: Terms): string[] {
  switch (doubt.reason) {
    case 'uncovered':
      return doubt.outages.map((outage) => `Pending because ${outageText(outage, t)}. ${decidedBy(outage, e, t)}`);
    case 'seat-occupied':
      return doubt.seats.map(({ window, from, to }) => {
        const when = to === null ? `from ${t.time(from)} on` : t.span({ from, to });
        return `Pending because the seat of the person’s own window ${t.window(window)} was occupied ${when}: a punch may have been forgotten. A correction, or a cover fact that says who sat there, decides it.`;
      });
    case 'ambiguous-punch':
      return [
        `Pending because the punch ${doubt.touch.id} at ${t.time(doubt.touch.at)} lies before the middle between the sessions (${t.time(doubt.middleAt)}) and so counts as going, but is more than ${t.length(doubt.lunchNearMs)} after the session before it ended (${t.time(doubt.z)}): it may have been the coming back. A correction decides it.`,
      ];
    case 'unconfirmed':
      return [
        `Pending because the national calendar is published until ${doubt.publishedUntil} only. Its publication decides it, or a date set in the configuration or by a day fact.`,
      ];
    case 'blind':
      return [
        `Pending because the state of the seat is unknown ${doubt.unknown.map((span) => t.span(span)).join(', ')}. Presence of that stretch decides it, or a cover fact that says who was there.`,
      ];
  }
}

function decidedBy({ device, state, settledAt, proof }: ExplainedOutage, e: Explanation, t: Terms): string {
  const settle = t.length(lengthOf(e, 'settle'));
  if (state === 'lost')
    return 'It is decided once the device reports that everything is in; a correction is judged as it stands.';
  const isOffline = state === 'offline' || settledAt === null;
  if (device === DAEMON)
    return isOffline ? `It is decided ${settle} after it is back.` : `It is decided at ${t.time(settledAt)}.`;
  const proved = 'a punch that the device recorded while it was offline, or its report that everything is in';
  if (isOffline) return `It is decided once the device has been back for ${settle} and there is ${proved}.`;
  if (state === 'settling') {
    return proof === null
      ? `It is decided from ${t.time(settledAt)} on, by ${proved}.`
      : `It is decided at ${t.time(settledAt)}.`;
  }
  return `It is decided by ${proved}; a correction is judged as it stands.`;
}

// ---- rule ----------------------------------------------------------------------------------------------------

function regulationLines(e: Explanation, t: Terms): string[] {
  const { hash, effectiveFromAt } = e.config;
  const since =
    effectiveFromAt === null
      ? 'as given by the file'
      : `in force from ${t.dateTime(effectiveFromAt)}${effectiveFromAt > e.day.from ? '; there was none before it, so it judges this day too' : ''}`;
  return [ruleText(e, t), `Configuration of the day: ${shortHash(hash)}, ${since}.`];
}

function ruleText(e: Explanation, t: Terms): string {
  const of = (name: Parameters<typeof lengthOf>[1]): string => t.length(lengthOf(e, name));
  switch (e.verdict.rule) {
    case 'late':
      return `Whoever arrives more than ${of('lateGrace')} and at most ${of('absentAfter')} after the due time is late. Exactly at a limit is fine. Minutes count from the due time, rounded up.`;
    case 'absent':
      return `Whoever arrives more than ${of('absentAfter')} after the due time, or not at all, is absent. Minutes count from the due time, rounded up.`;
    case 'early-leave':
      return `A person whose last punch of a session, once the time for a later one is over, lies before the time from which one may go (${of('earlyGrace')} before the end) left early. Minutes count from that punch to the end, rounded up.`;
    case 'missing-punch':
      return e.arithmetic.of === 'missing-in'
        ? 'A punch for going without one for coming is a missing punch, in place of lateness and absence. It has no minutes.'
        : `A punch for coming without one for going, ${of('outWindow')} after the end or when the next session is due, is a missing punch. It has no minutes. A session cut short by leave needs none.`;
    case 'missing-cover':
      return `A window in service that nobody present holds and where nobody is seen, for ${of('coverGrace')} or longer, is not covered.`;
    case 'left-post':
      return `A window in service that somebody present holds and whose seat is seen empty, for ${of('leftPostAfter')} or longer, was left. A change of holder does not interrupt it.`;
    case 'left-post-total':
      return `Absences of one session of at least ${of('minAway')} and less than ${of('leftPostAfter')} each, together ${of('leftPostTotal')} or longer, are left post in all.`;
    case 'unverified-occupant':
      return `A window in service that nobody present holds and whose seat is seen occupied, for ${of('coverGrace')} or longer, is shown for information.`;
    default:
      return slipRule(e);
  }
}

function slipRule({ arithmetic, parameters }: Explanation): string {
  if (arithmetic.of !== 'slip') throw new Error('no other rule is left');
  const kinds = parameters.flatMap((one) => (one.unit === 'kinds' ? one.value : [])).join(', ');
  return `A leave (${kinds}) of more than ${arithmetic.slipDays} day, or one that brings the month’s total beyond ${arithmetic.slipMonthDays} days, needs a slip by the time it begins.`;
}

// ---- arithmetic ----------------------------------------------------------------------------------------------

function arithmeticLines(e: Explanation, t: Terms): string[] {
  const { arithmetic, minutes, verdict } = e;
  const isPending = verdict.state === 'pending';
  const rule = ruleName(verdict.rule, 'en');
  const name = isPending ? `${rule} by the times alone, undecided` : rule;
  const difference = (to: Ms, from: Ms, lengthMs: Ms): string =>
    `${t.time(to)} − ${t.time(from)} = ${t.length(lengthMs)}`;
  const counted = (lengthMs: Ms): string =>
    `${t.length(lengthMs)}, ${isPending ? 'if it holds ' : ''}counted as ${minutes} min.`;
  switch (arithmetic.of) {
    case 'delay': {
      const { a, at, ended, lengthMs, lateGraceMs, absentAfterMs } = arithmetic;
      const length = t.length(lengthMs);
      const isAbsent = verdict.rule === 'absent';
      const beyond = isAbsent
        ? `${length} > ${t.length(absentAfterMs)}`
        : `${t.length(lateGraceMs)} < ${length} ≤ ${t.length(absentAfterMs)}`;
      const compared = isAbsent && lengthMs <= absentAfterMs ? 'No arrival by the end of the session' : beyond;
      return [
        `${difference(at, a, lengthMs)}${ended === 'lasts' ? ' so far' : ''}.`,
        `${compared}: ${name}.`,
        counted(lengthMs),
      ];
    }
    case 'early': {
      const { at, z, e: free, lengthMs, earlyGraceMs, outDeadlineAt } = arithmetic;
      return [
        `${t.time(at)} is before ${t.time(free)} (${t.length(earlyGraceMs)} of grace before ${t.time(z)}), and there is no later punch by ${t.time(outDeadlineAt)}: ${name}.`,
        `${difference(z, at, lengthMs)}.`,
        counted(lengthMs),
      ];
    }
    case 'missing-in':
      return [`No punch in ${t.span(arithmetic.searched)} can be the arrival: ${name}.`, 'No minutes.'];
    case 'missing-out':
      return [
        `No punch by ${t.time(arithmetic.outDeadlineAt)}, ${t.length(arithmetic.outDeadlineAt - arithmetic.z)} after ${t.time(arithmetic.z)}, can be the departure: ${name}.`,
        'No minutes.',
      ];
    case 'run': {
      const { from, to, lengthMs, thresholdMs } = arithmetic;
      return [
        `${difference(to, from, lengthMs)}.`,
        `${t.length(lengthMs)} ≥ ${t.length(thresholdMs)}: ${name}.`,
        counted(lengthMs),
      ];
    }
    case 'total': {
      const { absences, totalMs, thresholdMs } = arithmetic;
      const lines = absences.map(
        ({ from, to, lengthMs, counts }) => `${t.span({ from, to })}: ${t.length(lengthMs)}, ${COUNTS[counts]}.`,
      );
      return [...lines, `Together ${t.length(totalMs)} ≥ ${t.length(thresholdMs)}: ${name}.`, counted(totalMs)];
    }
    case 'slip': {
      const { own, slipDays, month, slipMonthDays, fires } = arithmetic;
      if (fires === 'own') return [...leaveDaysLines(own), `${daysText([own])} > ${slipDays} day: ${name}.`];
      return [...month.flatMap(leaveDaysLines), `Together ${daysText(month)} > ${slipMonthDays} days: ${name}.`];
    }
  }
}

const COUNTS = {
  counts: 'added up',
  short: 'too short',
  long: 'long enough to be left post by itself',
  lasts: 'not over yet',
} as const;

function leaveDaysLines({ leave, dates }: LeaveDays): string[] {
  if (dates.length === 0) return [`${leave}: no session time.`];
  const days = dates.map(({ date, coveredMs, ofMs }) => `${daysOf([{ coveredMs, ofMs }]).text} day on ${date}`);
  return [`${leave}: ${days.join(', ')}.`];
}

function daysText(leaves: readonly LeaveDays[]): string {
  const { text, exact } = daysOf(leaves.flatMap(({ dates }) => dates));
  return `${exact ? '' : 'about '}${text} days`;
}
