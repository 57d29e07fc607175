/** The evidence of a case on one axis of time, as its explanations give it: who held the window, the seat, punches, limits. */
import { instant, type Snapshot, type WindowState } from '../snapshot.ts';
import type { CaseDetail } from './case-data.ts';
import { type Explained, type ExplainedFact, isExplained, type Stretch } from './explained.ts';

export type LaneName = 'board' | 'held' | 'seat' | 'due' | 'punches' | 'leave' | 'case';

export interface Span {
  readonly from: number;
  readonly to: number;
  /** How it is drawn. */
  readonly state: WindowState | 'due' | 'leave';
  /** Who held it, by id; `null` in a lane of holders = nobody. */
  readonly who: string | null;
  /** What was seen of a seat, or the kind of a leave. */
  readonly what: string | null;
}

export interface Mark {
  readonly at: number;
  readonly role: 'in' | 'out' | 'other';
  readonly who: string | null;
}

/** `minutes` after what it is counted from. */
export interface Limit {
  readonly at: number;
  readonly name: 'late' | 'absent' | 'run' | 'early';
  readonly minutes: number;
}

export interface Lane {
  readonly name: LaneName;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly lanes: readonly Lane[];
  readonly limits: readonly Limit[];
}

const MINUTE = 60_000;
const ORDER: readonly LaneName[] = ['case', 'due', 'board', 'held', 'seat', 'punches', 'leave'];
/** What is shown before and after what it is about. */
const MARGIN_MS = 20 * MINUTE;
const ROUND_MS = 10 * MINUTE;

/** `board`: the windows as they stand, where the case is of that day. Null where there is nothing to draw. */
export function timelineOf(detail: CaseDetail, parts: readonly unknown[], board: Snapshot | null): Timeline | null {
  const explained = parts.filter(isExplained);
  if (explained.length === 0) return null;
  const now = instant(detail.asOf);
  const lanes = new Map<LaneName, { spans: Span[]; marks: Mark[] }>();
  const lane = (name: LaneName) => {
    const known = lanes.get(name) ?? { spans: [], marks: [] };
    lanes.set(name, known);
    return known;
  };
  for (const { verdict } of explained) {
    const { from, to } = verdict;
    lane('case').spans.push({
      ...span({ from, to }, now),
      state: verdict.state === 'pending' ? 'unknown' : 'empty',
      who: null,
      what: verdict.state === 'pending' ? null : verdict.rule,
    });
  }
  for (const one of explained) {
    if (one.subject.of === 'window') ofWindow(one, now, lane);
    if (one.subject.of === 'person') ofPerson(one, lane);
    for (const { role, fact, employee } of one.used) takeFact(role, fact, employee, lane);
    for (const { fact, employee } of one.aside)
      if (fact.fact === 'punch') lane('punches').marks.push(mark(fact, 'other', employee));
  }
  const axis = axisOf(
    [...lanes].flatMap(([name, { spans }]) => (name === 'case' ? spans : [])),
    marksUsed(explained),
  );
  const strip =
    board !== null && board.date === detail.date ? board.windows.find(({ id }) => id === detail.window) : undefined;
  for (const { from, to, state } of strip?.strip ?? []) {
    lane('board').spans.push({ from: instant(from), to: instant(to), state, who: null, what: null });
  }
  return {
    ...axis,
    now,
    lanes: ORDER.flatMap((name) => {
      const found = lanes.get(name);
      if (found === undefined) return [];
      const spans = distinct(found.spans).filter(({ from, to }) => to > axis.from && from < axis.to);
      const marks = distinct(found.marks).filter(({ at }) => at >= axis.from && at <= axis.to);
      return spans.length + marks.length === 0 ? [] : [{ name, spans, marks: marks.sort((a, b) => a.at - b.at) }];
    }),
    limits: distinct(explained.flatMap(limitsOf)).filter(({ at }) => at >= axis.from && at <= axis.to),
  };
}

type LaneOf = (name: LaneName) => { spans: Span[]; marks: Mark[] };

function ofWindow({ subject }: Explained, now: number, lane: LaneOf): void {
  const { held = [], next = null, seat } = subject;
  for (const stretch of next === null ? held : [...held, next]) {
    const state =
      stretch.holder === null
        ? 'empty'
        : stretch.heldBy === 'a'
          ? 'held-a'
          : stretch.heldBy === 'b'
            ? 'held-b'
            : 'held-cover';
    lane('held').spans.push({ ...span(stretch, now), state, who: stretch.holder ?? null, what: null });
  }
  for (const stretch of seat?.stretches ?? []) {
    const state = stretch.state === 'occupied' ? 'held-a' : stretch.state === 'empty' ? 'empty' : 'unknown';
    lane('seat').spans.push({ ...span(stretch, now), state, who: null, what: stretch.state ?? 'unknown' });
  }
}

function ofPerson({ subject }: Explained, lane: LaneOf): void {
  for (const { a, z } of subject.owed ?? []) {
    lane('due').spans.push({ from: instant(a), to: instant(z), state: 'due', who: null, what: null });
  }
}

const LEAVES: ReadonlySet<string> = new Set(['leave', 'pause', 'duty', 'cover']);

function takeFact(role: string, fact: ExplainedFact, employee: string | null, lane: LaneOf): void {
  if (fact.fact === 'punch') {
    const is = role === 'arrival' ? 'in' : role === 'departure' ? 'out' : 'other';
    lane('punches').marks.push(mark(fact, is, employee));
  } else if (LEAVES.has(role) && fact.from !== undefined && fact.to != null) {
    const what = fact.kind ?? null;
    lane('leave').spans.push({ from: instant(fact.from), to: instant(fact.to), state: 'leave', who: employee, what });
  }
}

const mark = ({ at = '' }: ExplainedFact, role: Mark['role'], who: string | null): Mark => ({
  at: instant(at),
  role,
  who,
});

const span = ({ from, to }: Stretch, now: number) => ({ from: instant(from), to: to === null ? now : instant(to) });

function limitsOf({ arithmetic }: Explained): Limit[] {
  const after = (name: Limit['name'], from: string | undefined, lengthMs: number | undefined): Limit[] =>
    from === undefined || lengthMs === undefined
      ? []
      : [{ at: instant(from) + lengthMs, name, minutes: Math.round(lengthMs / MINUTE) }];
  switch (arithmetic.of) {
    case 'delay':
      return [
        ...after('late', arithmetic.a, arithmetic.lateGraceMs),
        ...after('absent', arithmetic.a, arithmetic.absentAfterMs),
      ];
    case 'run':
      return after('run', arithmetic.from, arithmetic.thresholdMs);
    case 'early':
      return after('early', arithmetic.z, 0);
    default:
      return [];
  }
}

/** The punches that the verdicts rest on. */
function marksUsed(explained: readonly Explained[]): number[] {
  return explained.flatMap(({ used, verdict }) =>
    used.flatMap(({ fact, employee }) =>
      fact.fact === 'punch' && fact.at !== undefined && (verdict.window === null || employee === verdict.employee)
        ? [instant(fact.at)]
        : [],
    ),
  );
}

/** What the case is about, and the punches it rests on where they are near; rounded so that it begins and ends at a full ten minutes. */
function axisOf(about: readonly Span[], punches: readonly number[]): { from: number; to: number } {
  const [from, to] = [Math.min(...about.map((one) => one.from)), Math.max(...about.map((one) => one.to))];
  const near = punches.filter((at) => at > from - 6 * MARGIN_MS && at < to + 6 * MARGIN_MS);
  const begin = Math.min(from, ...near) - MARGIN_MS;
  const end = Math.max(to, ...near) + MARGIN_MS;
  return { from: Math.floor(begin / ROUND_MS) * ROUND_MS, to: Math.ceil(end / ROUND_MS) * ROUND_MS };
}

function distinct<T>(all: readonly T[]): T[] {
  const seen = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}

/** Full steps of time on the axis, at most eight. */
export function ticksOf({ from, to }: Pick<Timeline, 'from' | 'to'>): number[] {
  const step = [5, 10, 15, 20, 30, 60, 120, 240]
    .map((minutes) => minutes * MINUTE)
    .find((one) => (to - from) / one <= 8);
  const every = step ?? to - from;
  const first = Math.ceil(from / every) * every;
  return Array.from({ length: Math.floor((to - first) / every) + 1 }, (_, i) => first + i * every);
}
