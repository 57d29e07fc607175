/** Replay: the verdicts that hold at an instant, or every change on the way there, from facts alone. */
import { Book } from './book.ts';
import type { Change } from './changes.ts';
import { ComponentDay } from './component-day.ts';
import { Configs } from './configs.ts';
import { type DayPlan, planDay } from './day-plan.ts';
import { lastDutyDay } from './duty-days.ts';
import { employeeDay, verdictsOf } from './employee-day.ts';
import { Engine } from './engine.ts';
import type { ConfigFact, Fact } from './facts.ts';
import { type Hall, lastJudged } from './hall.ts';
import type { Span } from './intervals.ts';
import { Moment } from './moment.ts';
import { Attendances } from './punches.ts';
import { DAY_LENGTH, type Day, type Ms } from './time.ts';
import { civilDayOf } from './touched.ts';
import { compareVerdicts, type Verdict } from './verdict.ts';

export interface ReplayInput {
  readonly facts: readonly Fact[];
  readonly compile: (config: ConfigFact) => Hall;
  /** The configuration where the facts hold none. */
  readonly hall: Hall;
  readonly now: Ms;
  /** First day to judge; without it, the civil date of the earliest instant or date in all of the facts. */
  readonly from?: Day;
}

/** The verdicts that hold at `now`, given the facts recorded by then. */
export function verdictsAt(input: ReplayInput): Verdict[] {
  const { facts, now } = input;
  const configs = new Configs(input.compile, input.hall);
  const book = new Book();
  // A cancelled fact counts for nothing, whichever of the two was recorded first.
  for (const fact of facts) if (fact.fact === 'cancel' && fact.recordedAt <= now) book.add(fact);
  for (const fact of facts) {
    if (fact.fact === 'cancel' || fact.recordedAt > now) continue;
    if (fact.fact === 'config' || (fact.fact === 'employee' && !book.isCancelled(fact.id))) configs.add(fact);
    else book.add(fact);
  }
  const today = configs.at(now);
  const from = firstDay(input, configs);
  if (today === null || from === null) return [];
  const verdicts: Verdict[] = [];
  const waiting: JudgedWindows[] = [];
  const finish = (until: Day): void => {
    while (waiting[0] !== undefined && lastDutyDay(waiting[0].plan.today, book) <= until) {
      for (const verdict of waiting[0].verdicts) verdicts.push(verdict);
      for (const verdict of verdictsOfPeople(waiting[0], waiting, book)) verdicts.push(verdict);
      waiting.shift();
    }
  };
  const last = lastJudged(today, now);
  for (let day = from; day <= last; day++) {
    const hall = configs.on(day);
    if (hall === null) continue;
    waiting.push(judgeWindowsOfDay(planDay(hall, book, day), book, now));
    // People after the windows of every day into which a duty of theirs may last.
    finish(day);
  }
  finish(Number.POSITIVE_INFINITY);
  return verdicts.sort(compareVerdicts);
}

interface JudgedWindows {
  readonly plan: DayPlan;
  /** Nothing is judged again, so one moment does for everybody. */
  readonly moment: Moment;
  readonly attendances: Attendances;
  readonly verdicts: readonly Verdict[];
  readonly unverified: ReadonlyMap<string, readonly Span[]>;
}

function judgeWindowsOfDay(plan: DayPlan, book: Book, now: Ms): JudgedWindows {
  const moment = new Moment(now);
  const attendances = new Attendances(plan.today, book);
  const found = plan.components.flatMap((component) =>
    new ComponentDay(plan, book, component, attendances).judge(moment),
  );
  return {
    plan,
    moment,
    attendances,
    verdicts: found.flatMap((window) => window.verdicts),
    unverified: new Map(found.map(({ window, unverified }) => [window.id, unverified])),
  };
}

/** `days`: the day itself, and those into which a duty of it may last. */
function verdictsOfPeople(
  { plan, moment, attendances }: JudgedWindows,
  days: readonly JudgedWindows[],
  book: Book,
): Verdict[] {
  const seen = days.map(({ unverified }) => unverified);
  const unverifiedAt = (window: string): readonly Span[] => seen.flatMap((unverified) => unverified.get(window) ?? []);
  return [...plan.today.hall.employees.keys()].flatMap((employee) =>
    verdictsOf(employeeDay(plan, book, employee, moment, unverifiedAt, attendances)),
  );
}

/** Every change up to `now`, as a daemon that recorded these facts when they became known would have made them. */
export function historyUntil(input: ReplayInput): Change[] {
  const configs = new Configs(input.compile, input.hall);
  const hasConfigs = input.facts.some((fact) => fact.fact === 'config');
  // Where the facts hold configurations, nothing can be judged before the first of them was known.
  const known = hasConfigs ? {} : { hall: input.hall };
  const from = hasConfigs ? input.from : (firstDay(input, configs) ?? undefined);
  const byId = new Map(input.facts.map((fact) => [fact.id, fact]));
  const engine = new Engine({
    compile: input.compile,
    archive: { find: (id) => byId.get(id) ?? null, between: () => [], standing: () => [] },
    ...known,
    ...(from === undefined ? {} : { from }),
  });
  const changes: Change[] = [];
  for (const [at, facts] of byRecordedAt(input.facts, input.now)) {
    for (const change of engine.record(facts, at)) changes.push(change);
  }
  for (const change of engine.advance(input.now)) changes.push(change);
  return changes;
}

/** Facts that became known by `now`, those of one instant together, in the order of the instants. */
function byRecordedAt(facts: readonly Fact[], now: Ms): [Ms, Fact[]][] {
  const groups = new Map<Ms, Fact[]>();
  for (const fact of facts) {
    if (fact.recordedAt > now) continue;
    const group = groups.get(fact.recordedAt);
    if (group === undefined) groups.set(fact.recordedAt, [fact]);
    else group.push(fact);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** The first day that is judged; null where nothing is known. */
export function firstDayOf(input: ReplayInput): Day | null {
  const configs = new Configs(input.compile, input.hall);
  for (const fact of input.facts) if (fact.fact === 'config' && fact.recordedAt <= input.now) configs.add(fact);
  return firstDay(input, configs);
}

function firstDay(input: ReplayInput, configs: Configs): Day | null {
  if (input.from !== undefined) return input.from;
  const inForce = configs.at(input.now) ?? input.hall;
  let first: Day | null = null;
  let earliest = Number.POSITIVE_INFINITY;
  for (const fact of input.facts) {
    // Wherever clocks are, what is two days later has no earlier date.
    if ('at' in fact && fact.fact !== 'config') {
      if ((fact.at as Ms) > earliest + 2 * DAY_LENGTH) continue;
      earliest = Math.min(earliest, fact.at as Ms);
    }
    const day = civilDayOf(fact, fact.fact === 'config' ? configs.compile(fact) : inForce);
    if (day !== null && (first === null || day < first)) first = day;
  }
  return first;
}
