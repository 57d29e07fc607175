/** Explains what the rules of windows say of a run: who was there, who held the window in which step, what was seen of its seat. */

import type { WindowFinding } from './component-day.ts';
import type { CoverStretch } from './cover.ts';
import type { Explained } from './explain-attendance.ts';
import { explainCoverage, hides } from './explain-coverage.ts';
import { explainSchedule, planAsides, plannedSessions, used, usedDayFacts } from './explain-day.ts';
import { mappingsOf, type ReadPunches, readPunches } from './explain-punches.ts';
import type {
  Arithmetic,
  AsideFact,
  Candidate,
  Doubt,
  ExplainedCoverage,
  ExplainedWindow,
  HeldStretch,
  RoleHolders,
  UsedFact,
} from './explanation.ts';
import { overlaps, type Span, within } from './intervals.ts';
import { absencesOf } from './left-post.ts';
import { parametersOfWindow } from './parameters.ts';
import { assignAt, candidatesOf, holdersAt, scheduledSessions } from './plan.ts';
import { attend, presentSpans } from './punches.ts';
import type { ReopenedDay } from './reopened-day.ts';
import type { WindowDay } from './rule.ts';
import type { Thresholds } from './thresholds.ts';
import { dateOf, type Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

interface ExplainedRun extends Span {
  readonly lasts: boolean;
}

/** A person who could have held the window, with the day's punches read. */
interface Person {
  readonly id: string;
  readonly present: readonly Span[];
  readonly punches: ReadPunches;
}

/** Explains a verdict on a window; `findings` are the windows that are judged together, this one among them. */
export function explainWindow(reopened: ReopenedDay, findings: readonly WindowFinding[], verdict: Verdict): Explained {
  const finding = findings.find(({ window }) => window.id === verdict.window);
  if (finding === undefined) throw new Error(`window ${verdict.window} is unknown on that day`);
  const { day, window } = finding;
  const run = runOf(day, verdict);
  const people = peopleOf(reopened, finding);
  const awaited = !(verdict.rule === 'missing-cover' && day.cover.within(run).every(({ seat }) => seat === 'empty'));
  const { coverage, used: devices } = explainCoverage(reopened, {
    clocks: reopened.plan.clocksOfWindow.get(window.id) ?? [],
    settleMs: window.thresholds.settle,
    searched: { from: day.today.from, to: run.to },
    awaited,
  });
  const subject = windowOf(reopened, findings, day, run, people);
  const punches = people.flatMap((person) => person.punches.used);
  return {
    subject,
    parameters: parametersOfWindow(reopened.hall, window, NAMES[verdict.rule] ?? []),
    used: [
      ...usedDayFacts(reopened),
      ...factsOfWindow(reopened, day, subject),
      ...presenceUsed(reopened, day, run),
      ...punches,
      ...mappingsOf(reopened, punches),
      ...leavesUsed(reopened, people, run),
      ...devices,
    ],
    aside: [...people.flatMap((person) => person.punches.aside), ...asidesOf(reopened, finding, people)],
    coverage,
    arithmetic: arithmeticOf(day, verdict, run),
    doubts: doubtsOf(reopened, day, verdict, run, coverage),
  };
}

const SEAT = ['bridge', 'minReturn', 'settle'] as const;
const NAMES: Readonly<Record<string, readonly (keyof Thresholds)[]>> = {
  'missing-cover': ['coverGrace', ...SEAT],
  'unverified-occupant': ['coverGrace', ...SEAT],
  'left-post': ['leftPostAfter', ...SEAT],
  'left-post-total': ['leftPostTotal', 'minAway', 'leftPostAfter', ...SEAT],
};

/** The run of a verdict; while it lasts it reaches now. */
function runOf({ moment, today }: WindowDay, { from, to }: Verdict): ExplainedRun {
  return { from, to: to ?? Math.min(moment.now, today.to), lasts: to === null };
}

function peopleOf(reopened: ReopenedDay, { window, day }: WindowFinding): Person[] {
  const { book, hall, moment } = reopened;
  return [...candidatesOf(day.today, book, window)].flatMap((id) => {
    const employee = hall.employees.get(id);
    if (employee === undefined) return [];
    const attendance = attend(day.today, book, employee, moment);
    const present = presentSpans(attendance, book, moment);
    return [{ id, present, punches: readPunches(reopened, attendance, null) }];
  });
}

function windowOf(
  reopened: ReopenedDay,
  findings: readonly WindowFinding[],
  day: WindowDay,
  run: ExplainedRun,
  people: readonly Person[],
): ExplainedWindow {
  const { window, today, seat } = day;
  const { book } = reopened;
  const explained = (stretch: CoverStretch): HeldStretch => heldStretch(reopened, findings, day, stretch, people);
  const held = day.cover.within(run);
  const [next] = held.flatMap(({ interval }) => day.cover.within({ from: run.to, to: interval.to }));
  const seen = book.presenceOf(window.id, today).filter(({ at }) => at <= day.moment.now);
  return {
    of: 'window',
    window: window.id,
    schedule: explainSchedule(reopened, window.schedule),
    planned: plannedSessions(scheduledSessions(today, window.schedule), [], book.pausesTouching(window.id, today)),
    run,
    roles: rolesOf(reopened, day, run),
    held: held.map(explained),
    next: next === undefined ? null : explained(next),
    candidates: people.map((person) => candidateOf(reopened, findings, day, run, person)),
    seat: {
      watched: seat.watched,
      sources: [...new Set(seen.flatMap(({ source }) => (source === undefined ? [] : [source])))],
      stretches: seat.stretches.filter(({ from, to }) => from <= run.to && run.from <= to),
      samples: seen.filter(({ at }) => within([run], at)).length,
    },
  };
}

function clipped({ from, to }: Span, run: Span): Span {
  return { from: Math.max(from, run.from), to: Math.min(to, run.to) };
}

/** Who held the roles when the run began, and from every change within it on. */
function rolesOf({ book }: ReopenedDay, { window }: WindowDay, run: Span): RoleHolders[] {
  const changes = book.assignsOf(window.id).flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
  const instants = [run.from, ...changes.filter((at) => within([run], at)).sort((x, y) => x - y)];
  return (['A', 'B'] as const).flatMap((role) => {
    const holders: RoleHolders[] = [];
    for (const from of instants) {
      const assign = assignAt(book, window, role, from)?.id ?? null;
      const last = holders.at(-1);
      if (last === undefined || last.assign !== assign) {
        holders.push({ role, from, people: holdersAt(book, window, role, from), assign });
      }
    }
    return holders;
  });
}

/** A stretch with the step in which its holder was found (rules.md section 5, Cover). */
function heldStretch(
  { book }: ReopenedDay,
  findings: readonly WindowFinding[],
  { window }: WindowDay,
  { from, to, holder, heldBy, seat }: CoverStretch,
  people: readonly Person[],
): HeldStretch {
  const wentOver = (): boolean => {
    const as = holdersAt(book, window, 'A', from);
    if (seat !== 'occupied' || people.some(({ id, present }) => as.includes(id) && within(present, from))) return false;
    return findings
      .filter((other) => holder !== null && holdersAt(book, other.window, 'A', from).includes(holder))
      .flatMap(({ day }) => day.cover.within({ from, to: from + 1 }))
      .every((stretch) => stretch.seat === 'empty');
  };
  const step = heldBy === null ? null : heldBy === 'cover' ? 1 : heldBy === 'a' ? 3 : wentOver() ? 2 : 4;
  return { from, to, holder, heldBy, step, seat };
}

function candidateOf(
  { book }: ReopenedDay,
  findings: readonly WindowFinding[],
  { window }: WindowDay,
  run: Span,
  { id, present }: Person,
): Candidate {
  const holds = (role: 'A' | 'B'): boolean => holdersAt(book, window, role, run.from).includes(id);
  const covers = book.coversTouching(window.id, run).some((cover) => cover.employee === id);
  const others = findings.filter((other) => other.window.id !== window.id);
  return {
    employee: id,
    roles: [...(['A', 'B'] as const).filter(holds), ...(covers ? (['cover'] as const) : [])],
    present: present.filter((span) => overlaps(span, run)).map((span) => clipped(span, run)),
    elsewhere: others.flatMap((other) =>
      joined(other.day.cover.within(run).filter(({ holder }) => holder === id)).map((span) => ({
        window: other.window.id,
        ...span,
      })),
    ),
  };
}

/** Neighbouring stretches as one. */
function joined(stretches: readonly Span[]): Span[] {
  const spans: { from: Ms; to: Ms }[] = [];
  for (const { from, to } of stretches) {
    const last = spans.at(-1);
    if (last?.to === from) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}

function factsOfWindow(
  { book, stretches }: ReopenedDay,
  { window }: WindowDay,
  { run, roles, planned }: ExplainedWindow,
): UsedFact[] {
  const cuts = new Set(planned.flatMap((session) => session.cuts.map(({ fact }) => fact)));
  const assigns = new Set(roles.map(({ assign }) => assign));
  return [
    ...stretches.filter(({ id }) => cuts.has(id)).map((pause) => used('pause', pause)),
    ...book
      .assignsOf(window.id)
      .filter(({ id }) => assigns.has(id))
      .map((assign) => used('assign', assign)),
    ...book.coversTouching(window.id, run).map((cover) => used('cover', cover, cover.employee)),
  ];
}

/** What each source said last before the run, and everything from there to its end. */
function presenceUsed({ book }: ReopenedDay, { window, today }: WindowDay, run: Span): UsedFact[] {
  const seen = book.presenceOf(window.id, today).filter(({ at }) => at <= run.to);
  const lastBefore = new Map(seen.filter(({ at }) => at <= run.from).map(({ source, id }) => [source, id]));
  return seen
    .filter(({ id, source, at }) => at > run.from || lastBefore.get(source) === id)
    .map((fact) => used('presence', fact));
}

function leavesUsed({ book }: ReopenedDay, people: readonly Person[], run: Span): UsedFact[] {
  return people.flatMap(({ id }) => book.leavesTouching(id, run).map((leave) => used('leave', leave, id)));
}

/** What would change the plan, or what was seen, and does not. */
function asidesOf(reopened: ReopenedDay, { window, day }: WindowFinding, people: readonly Person[]): AsideFact[] {
  const { today } = day;
  const seen = reopened.instants.flatMap((fact): AsideFact[] => {
    if (fact.fact !== 'presence' || fact.window !== window.id || !within([today], fact.at)) return [];
    const about = { fact, employee: null, session: null };
    const cancel = reopened.cancelOf(fact);
    if (!reopened.knows(fact)) return [{ ...about, why: 'not-yet-known', by: null }];
    if (cancel !== null) return [{ ...about, why: 'cancelled', by: cancel.id }];
    return fact.at > reopened.now ? [{ ...about, why: 'after-now', by: null }] : [];
  });
  const subject = { people: new Set(people.map(({ id }) => id)), window: window.id };
  return [...seen, ...planAsides(reopened, subject)];
}

function arithmeticOf(day: WindowDay, { rule, session }: Verdict, run: ExplainedRun): Arithmetic {
  const { coverGrace, leftPostAfter, leftPostTotal, minAway } = day.window.thresholds;
  const { from, to } = run;
  if (rule !== 'left-post-total') {
    return { of: 'run', from, to, lengthMs: to - from, thresholdMs: rule === 'left-post' ? leftPostAfter : coverGrace };
  }
  const all = absencesOf(day, 0).filter(({ interval }) => interval.session === session);
  const absences = all.map((away) => {
    const lengthMs = away.to - away.from;
    const counts = away.lasts ? 'lasts' : lengthMs < minAway ? 'short' : lengthMs < leftPostAfter ? 'counts' : 'long';
    return { from: away.from, to: away.to, lengthMs, counts } as const;
  });
  const totalMs = absences.reduce((sum, { lengthMs, counts }) => sum + (counts === 'counts' ? lengthMs : 0), 0);
  return {
    of: 'total',
    absences,
    totalMs,
    thresholdMs: leftPostTotal,
    minAwayMs: minAway,
    leftPostAfterMs: leftPostAfter,
  };
}

function doubtsOf(
  { hall }: ReopenedDay,
  day: WindowDay,
  { rule }: Verdict,
  run: ExplainedRun,
  coverage: ExplainedCoverage,
): Doubt[] {
  const doubts: Doubt[] = [];
  const outages = coverage.outages.filter(hides);
  if (coverage.awaited && outages.length > 0) doubts.push({ reason: 'uncovered', outages });
  if (day.today.kind === 'unconfirmed')
    doubts.push({ reason: 'unconfirmed', publishedUntil: dateOf(hall.national.until) });
  const unknown = joined(day.cover.within(run).filter(({ seat }) => seat === 'unknown'));
  if (rule === 'missing-cover' && day.seat.watched && unknown.length > 0) doubts.push({ reason: 'blind', unknown });
  return doubts;
}
