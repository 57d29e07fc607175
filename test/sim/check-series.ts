/** The time series follow from what is known at the end, whatever way led there. */
import type { Point } from '../../adapters/metrics.ts';
import { Engine } from '../../rules/engine.ts';
import type { PunchFact } from '../../rules/facts.ts';
import { attendanceDay } from '../../rules/measures.ts';
import { type Day, type Ms, SECOND } from '../../rules/time.ts';
import { minutesOf, type Verdict, type VerdictState } from '../../rules/verdict.ts';
import { windowMinutes } from '../../rules/window-measures.ts';
import { compiled, type Ended, unlike } from './checks.ts';
import { seriesKey } from './sim-receivers.ts';

const STATE_CODE: Readonly<Record<VerdictState, number>> = { pending: 1, open: 2, closed: 3 };

/** How old minutes may be, in minutes. */
const LAG = 1;

/** What must hold: the store has what the ledger has, and what holds has a point that says so. */
export function seriesProblems(ended: Ended): string[] {
  const { core, store } = ended.stage;
  const kept = keptPoints(ended);
  const text = (point: Point): string => `${seriesKey(point)} ${JSON.stringify(point.fields)}`;
  const { got, wanted } = violations(ended, kept);
  const missing = wanted.filter((line) => !got.has(line) && !line.includes('leave-slip'));
  return [
    ...unlike('the store', store.points.map(text), kept.map(text)),
    ...missing.map((line) => `no point of a verdict that holds, in ${core.hall.id}: ${line}`),
  ];
}

/**
 * What should hold, and does not always: points of what no longer holds are void, and touches and figures are those that all that
 * is known at the end leads to.
 */
export function seriesRemarks(ended: Ended): string[] {
  const kept = keptPoints(ended);
  const { got, wanted } = violations(ended, kept);
  return [
    ...unlike('violations that hold', got, wanted),
    ...punchProblems(ended, kept),
    ...figureProblems(ended, kept),
  ];
}

function keptPoints({ stage }: Ended): Point[] {
  return stage.core.series.read(0, 1_000_000).map(({ point }) => point);
}

/** The points that are not void, and the verdicts that hold: as lines, without minutes where they grow. */
function violations({ stage }: Ended, points: readonly Point[]): { got: Set<string>; wanted: string[] } {
  const { core } = stage;
  const holding = core.history.standingSince(Number.MIN_SAFE_INTEGER);
  const lasting = new Set(holding.filter(({ to }) => to === null).map(({ from }) => from));
  const line = ({ tags, at, fields }: Omit<Point, 'measurement'>): string => {
    const key = seriesKey({ measurement: 'violation', tags: { ...tags, hall: core.hall.id }, at, fields });
    return `${key} ${fields['state_code']} ${lasting.has(at) ? 'lasts' : fields['minutes']}`;
  };
  const notVoid = points.filter(({ measurement, fields }) => measurement === 'violation' && fields['void'] === 0);
  return { got: new Set(notVoid.map(line)), wanted: holding.map((verdict) => line(pointOf(verdict, core.engine.now))) };
}

function pointOf(verdict: Verdict, now: Ms): Omit<Point, 'measurement'> {
  const { rule, window, employee, session, side, from, state } = verdict;
  const tags = {
    rule,
    window: window ?? '',
    employee: employee ?? '',
    session: String(session ?? ''),
    side: side ?? '',
  };
  return { tags, at: from, fields: { state_code: STATE_CODE[state], minutes: minutesOf(verdict, now) } };
}

/** An engine that has learnt everything at once, and forgets nothing. */
function engineOf({ stage, facts }: Ended): Engine {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const archive = { find: (id: string) => byId.get(id) ?? null, between: () => [], standing: () => [] };
  const engine = new Engine({ compile: compiled, archive });
  engine.record(facts, stage.core.engine.now);
  return engine;
}

/** A touch is as late as the arrival that it is, and not late at all where it is none. */
function punchProblems(ended: Ended, points: readonly Point[]): string[] {
  const { stage, facts } = ended;
  const engine = engineOf(ended);
  const cancelled = new Set(facts.map((fact) => (fact.fact === 'cancel' ? fact.target : null)));
  const wanted = new Map<string, number>();
  const doubtful = new Set<string>();
  for (const fact of facts) {
    if (fact.fact !== 'punch') continue;
    const key = punchKey(stage.core.hall.id, fact, engine.ownerOf(fact));
    // Two touches of one person in one second are one point: whichever was written last.
    if (cancelled.has(fact.id) || fact.method === 'simulated' || wanted.has(key)) doubtful.add(key);
    wanted.set(key, Math.max(wanted.get(key) ?? 0, latenessOf(engine, fact)));
  }
  const line = (key: string, late: number): string => `${key} ${late}`;
  const got = points
    .filter(({ measurement }) => measurement === 'punch')
    .map((point) => [seriesKey(point), point.fields['late_seconds'] ?? Number.NaN] as const);
  return unlike(
    'punches',
    got.filter(([key]) => !doubtful.has(key)).map(([key, late]) => line(key, late)),
    [...wanted].filter(([key]) => !doubtful.has(key)).map(([key, late]) => line(key, late)),
  );
}

function punchKey(hall: string, { device, at }: PunchFact, employee: string | null): string {
  return seriesKey({
    measurement: 'punch',
    tags: { hall, device: device ?? '', employee: employee ?? '' },
    fields: {},
    at,
  });
}

function latenessOf(engine: Engine, punch: PunchFact): number {
  const employee = engine.ownerOf(punch);
  const day = employee === null ? null : engine.attendance(employee, punch.at);
  const session = day?.sessions.find(({ arrival }) => arrival?.punch.id === punch.id);
  return session === undefined ? 0 : Math.max(0, punch.at - session.a) / SECOND;
}

/** The figures of every judged day are those of now; what goes on to the day's end may be as old as the last writing. */
function figureProblems(ended: Ended, points: readonly Point[]): string[] {
  const engine = engineOf(ended);
  const { history, hall } = ended.stage.core;
  const kept = new Map(points.map((point) => [seriesKey(point), point.fields]));
  const days = new Set([...history.changes()].map(({ verdict }) => verdict.day));
  const wanted = [...days].flatMap((day) => [...minutesOfWindows(engine, day), ...peopleOfDay(engine, day)]);
  return wanted.flatMap(({ measurement, tags, at, fields }) => {
    const key = seriesKey({ measurement, tags: { hall: hall.id, ...tags }, at, fields });
    const got = kept.get(key);
    const lag = measurement === 'window_minutes' ? LAG : 0;
    const isFar = Object.entries(fields).some(([name, value]) => Math.abs((got?.[name] ?? 0) - value) > lag);
    return isFar ? [`figures ${key}\n  got    ${JSON.stringify(got)}\n  wanted ${JSON.stringify(fields)}`] : [];
  });
}

function minutesOfWindows(engine: Engine, day: Day): Point[] {
  return engine.windowsOn(day, engine.now).map((window) => ({
    measurement: 'window_minutes',
    tags: { window: window.window.id, department: window.window.department ?? '' },
    fields: { ...windowMinutes(window) },
    at: window.today.from,
  }));
}

function peopleOfDay(engine: Engine, day: Day): Point[] {
  const people = engine.peopleOn(day, engine.now);
  const departments = Map.groupBy(people, ({ attendance }) => attendance.employee.department ?? '');
  return [...departments].map(([department, counted]) => ({
    measurement: 'attendance_day',
    tags: { department },
    fields: { ...attendanceDay(counted) },
    at: counted[0]?.attendance.today.from ?? 0,
  }));
}
