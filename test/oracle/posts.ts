import { couldHold, coverAt, presentAs, type Scene, type WindowDay } from './cover.ts';
import { isBlindFor } from './coverage.ts';
import type { Seen } from './known.ts';
import { calendarOf, type ServiceInterval, type Session } from './plan.ts';
import { seenAt } from './presence.ts';
import { presenceEdges } from './punches.ts';
import type { OracleConfig } from './shape.ts';
import { type Ms, overlaps, type Span } from './time.ts';
import { type Finding, judged, minutesUp, type OracleRule } from './verdict.ts';

/** A stretch of the day in which nothing about cover and presence changes. */
interface Moment extends Span {
  /** Window → holder. */
  holders: Map<string, string>;
}

/** Every instant of the day at which cover or presence can change; between two of them all stays as it is. */
function interestingInstants(scene: Scene): Ms[] {
  const { known, windows, people, day, now } = scene;
  const all: Ms[] = [day.from, Math.min(day.to, now)];
  for (const { intervals, seat } of windows) {
    for (const span of [...intervals, ...seat.stretches]) all.push(span.from, span.to);
  }
  for (const fact of [...known.covers, ...known.assigns]) all.push(fact.from, fact.to);
  for (const person of people.values()) all.push(...presenceEdges(person, now));
  return [...new Set(all)].sort((one, other) => one - other);
}

/** Section 5, cover, evaluated instant by instant from the day's start to `now` or its end. */
export function momentsOf(scene: Scene): Moment[] {
  const end = Math.min(scene.day.to, scene.now);
  const cuts = interestingInstants(scene).filter((t) => scene.day.from <= t && t < end);
  return cuts.map((from, index) => ({ from, to: cuts[index + 1] ?? end, holders: coverAt(scene, from) }));
}

type Condition = (isCovered: boolean, seen: Seen) => boolean;

interface Run extends Span {
  interval: ServiceInterval;
  /** It reaches `now`, and `now` is before the service interval's end. */
  isOpen: boolean;
}

/** Section 5: the maximal runs of a condition within each service interval, up to `now`. */
function runsOf(scene: Scene, moments: readonly Moment[], entry: WindowDay, condition: Condition): Run[] {
  return entry.intervals.flatMap((interval) => {
    const runs: Run[] = [];
    for (const moment of moments) {
      if (!overlaps(moment, interval)) continue;
      if (!condition(moment.holders.has(entry.window.id), seenAt(entry.seat, moment.from))) continue;
      const isOpen = moment.to === scene.now && scene.now < interval.to;
      const last = runs.at(-1);
      if (last?.to === moment.from) {
        last.to = moment.to;
        last.isOpen = isOpen;
      } else runs.push({ from: moment.from, to: moment.to, interval, isOpen });
    }
    return runs;
  });
}

const CONDITIONS: Record<'missing-cover' | 'left-post' | 'unverified-occupant', Condition> = {
  'missing-cover': (isCovered, seen) => !isCovered && seen !== 'occupied',
  'left-post': (isCovered, seen) => isCovered && seen === 'empty',
  'unverified-occupant': (isCovered, seen) => !isCovered && seen === 'occupied',
};

/** Section 5, the whole table for one window and day. */
export function postFindings(
  config: OracleConfig,
  scene: Scene,
  moments: readonly Moment[],
  entry: WindowDay,
): Finding[] {
  const { coverGrace, leftPostAfter } = entry.rules;
  const runs = (rule: keyof typeof CONDITIONS) => runsOf(scene, moments, entry, CONDITIONS[rule]);
  const long = (rule: keyof typeof CONDITIONS, threshold: Ms) =>
    runs(rule).filter((run) => run.to - run.from >= threshold);
  return [
    ...long('missing-cover', coverGrace).map((run) => missingCover(config, scene, entry, run)),
    ...long('left-post', leftPostAfter).map((run) => {
      const employee = accused(scene, moments, entry, run.from);
      return runVerdict(config, scene, entry, 'left-post', run, employee);
    }),
    ...long('unverified-occupant', coverGrace).map((run) =>
      runVerdict(config, scene, entry, 'unverified-occupant', run, null),
    ),
    ...entry.sessions.flatMap((session) => leftPostTotal(config, scene, moments, entry, session, runs('left-post'))),
  ];
}

/** Section 5, row `missing-cover`: waits for no clock when all of it is empty; blind where a watched seat is unknown. */
function missingCover(config: OracleConfig, scene: Scene, entry: WindowDay, run: Run): Finding {
  const seen = entry.seat.stretches.filter((stretch) => overlaps(stretch, run)).map((stretch) => stretch.state);
  const isAllEmpty = seen.every((state) => state === 'empty');
  const atOpening = run.from === run.interval.session.from;
  return runVerdict(config, scene, entry, 'missing-cover', run, null, {
    atOpening,
    waitsForClocks: !isAllEmpty,
    isBlind: entry.seat.isWatched && seen.includes('unknown'),
  });
}

/** Section 5, row `left-post`: the holder at the run's start, nobody if more than one A was present then. */
function accused(scene: Scene, moments: readonly Moment[], { window }: WindowDay, from: Ms): string | null {
  if (presentAs(scene, window, from).length > 1) return null;
  return moments.find((moment) => moment.from <= from && from < moment.to)?.holders.get(window.id) ?? null;
}

interface MissingCoverMarks {
  atOpening: boolean;
  waitsForClocks: boolean;
  isBlind: boolean;
}

function runVerdict(
  config: OracleConfig,
  scene: Scene,
  entry: WindowDay,
  rule: OracleRule,
  run: Run,
  employee: string | null,
  marks?: MissingCoverMarks,
): Finding {
  const finding = {
    ...subject(scene, entry, run.interval.session, employee),
    rule,
    from: run.from,
    to: run.isOpen ? null : run.to,
    minutes: minutesUp(run.to - run.from),
    ...(marks === undefined ? {} : { atOpening: marks.atOpening }),
  };
  return judged(finding, {
    uncovered: (marks?.waitsForClocks ?? true) && isUncovered(config, scene, entry, run.to),
    'seat-occupied': false,
    'ambiguous-punch': false,
    unconfirmed: calendarOf(config, scene.known, scene.day.date).unconfirmed,
    blind: marks?.isBlind ?? false,
  });
}

/** Section 5, row `left-post-total`: the ended absences of a session too short for `left-post`, added up. */
function leftPostTotal(
  config: OracleConfig,
  scene: Scene,
  moments: readonly Moment[],
  entry: WindowDay,
  session: Session,
  runs: readonly Run[],
): Finding[] {
  const { minAway, leftPostAfter, leftPostTotal: limit } = entry.rules;
  const counted = runs.filter((run) => {
    const length = run.to - run.from;
    return run.interval.session === session && !run.isOpen && length >= minAway && length < leftPostAfter;
  });
  const first = counted[0];
  const last = counted.at(-1);
  const total = counted.reduce((sum, run) => sum + (run.to - run.from), 0);
  if (first === undefined || last === undefined || total < limit) return [];
  const employee = accused(scene, moments, entry, first.from);
  const finding = {
    ...subject(scene, entry, session, employee),
    rule: 'left-post-total' as const,
    from: first.from,
    to: last.to,
    minutes: minutesUp(total),
  };
  return [
    judged(finding, {
      uncovered: isUncovered(config, scene, entry, last.to),
      'seat-occupied': false,
      'ambiguous-punch': false,
      unconfirmed: calendarOf(config, scene.known, scene.day.date).unconfirmed,
      blind: false,
    }),
  ];
}

function subject(scene: Scene, { window }: WindowDay, session: Session, employee: string | null) {
  return {
    date: scene.day.date,
    session: session.number,
    side: null,
    employee,
    window: window.id,
    department: window.department ?? null,
    evidence: [],
  };
}

/** Section 5: a punch hidden anywhere from the day's start to the run's end could change who held the window. */
function isUncovered(config: OracleConfig, scene: Scene, { window, rules }: WindowDay, runEnd: Ms): boolean {
  const ids = couldHold(scene.known, window, scene.day);
  const people = config.employees.filter((employee) => ids.has(employee.id));
  const stretch = { from: scene.day.from, to: runEnd };
  return isBlindFor(config, scene.known, people, stretch, rules.settle, scene.now);
}
