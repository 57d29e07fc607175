/** Figures of windows, defined once (rules.md section 5, Measures). What is in doubt is counted apart and is part of no rate. */
import type { CoverStretch, Holding } from './cover.ts';
import { overlaps, type Span } from './intervals.ts';
import { rateOf } from './measures.ts';
import { type ServiceInterval, windowSessions } from './plan.ts';
import { calendarDoubt, type WindowDay } from './rule.ts';
import { MINUTE, type Ms } from './time.ts';
import { minutesOf, type Verdict } from './verdict.ts';

/** How long a window was what, in milliseconds, of its service time up to now. */
interface WindowTimes {
  readonly a: Ms;
  readonly b: Ms;
  readonly cover: Ms;
  /** Held by nobody; `bare` + `unverified` + `doubtful`. */
  readonly uncovered: Ms;
  /** Seat; `occupied` + `empty` + `unknown` = `a` + `b` + `cover` + `uncovered`. */
  readonly occupied: Ms;
  readonly empty: Ms;
  readonly unknown: Ms;
  /** 延时服务: occupied after the end of the last session. */
  readonly extended: Ms;
}

/** Figures of a window; lengths of time in milliseconds, minutes as the verdicts count them. */
export interface WindowFigures extends WindowTimes {
  /** Uncovered, nobody seen there, and beyond doubt. */
  readonly bare: Ms;
  /** Uncovered, and somebody sits there. */
  readonly unverified: Ms;
  /** Uncovered, nobody seen there, and a punch may be hidden, or a seat that is watched cannot be seen. */
  readonly doubtful: Ms;
  /** Sessions that began in service and of whose opening is known how it went. */
  readonly openings: number;
  /** Those that began with nobody missing for as long as `coverGrace`. */
  readonly opened: number;
  readonly openingsPending: number;
  /** 需顶岗: stretches of at least `coverGrace` within one service interval in which no A held the window. */
  readonly asked: number;
  /** Those in which it was never left uncovered for as long as `coverGrace`. */
  readonly filled: number;
  readonly asksPending: number;
  /** 空岗, without pending ones. */
  readonly missingCover: number;
  readonly missingCoverMinutes: number;
  /** 脱岗 and 累计离岗, without pending ones. */
  readonly leftPost: number;
  readonly leftPostMinutes: number;
  /** 免责: verdicts of these rules that people set aside; the openings and stand-ins they speak of are counted nowhere. */
  readonly waived: number;
}

export const NO_WINDOW_FIGURES: WindowFigures = {
  a: 0,
  b: 0,
  cover: 0,
  uncovered: 0,
  occupied: 0,
  empty: 0,
  unknown: 0,
  extended: 0,
  bare: 0,
  unverified: 0,
  doubtful: 0,
  openings: 0,
  opened: 0,
  openingsPending: 0,
  asked: 0,
  filled: 0,
  asksPending: 0,
  missingCover: 0,
  missingCoverMinutes: 0,
  leftPost: 0,
  leftPostMinutes: 0,
  waived: 0,
};

/** A window's day and what is said of it: what stands, and what people set aside (`CountedDay.waived`). */
export interface CountedWindow {
  readonly day: WindowDay;
  readonly verdicts: readonly Verdict[];
  readonly waived: readonly Verdict[];
}

/** The figures of one window on one day. */
export function windowFigures({ day, verdicts, waived }: CountedWindow): WindowFigures {
  const { now } = day.moment;
  const of = (...rules: readonly string[]): Verdict[] => verdicts.filter(({ rule }) => rules.includes(rule));
  const aside = waived.filter(({ rule }) => rule === 'missing-cover');
  const certain = (said: readonly Verdict[]): Verdict[] => said.filter(({ state }) => state !== 'pending');
  const minutes = (said: readonly Verdict[]): number => said.reduce((sum, one) => sum + minutesOf(one, now), 0);
  const [missing, left] = [certain(of('missing-cover')), certain(of('left-post', 'left-post-total'))];
  return {
    ...timesOf(day),
    ...uncoveredTimes(day),
    ...openingsOf(day, of('missing-cover'), aside),
    ...asksOf(day, of('missing-cover'), of('unverified-occupant'), aside),
    missingCover: missing.length,
    missingCoverMinutes: minutes(missing),
    leftPost: left.length,
    leftPostMinutes: minutes(left),
    waived: waived.filter(({ rule }) => rule !== 'unverified-occupant').length,
  };
}

function timesOf(day: WindowDay): WindowTimes {
  const sums = { a: 0, b: 0, cover: 0, uncovered: 0, occupied: 0, empty: 0, unknown: 0 };
  for (const stretch of day.cover.stretches) {
    const length = stretch.to - stretch.from;
    sums[stretch.heldBy ?? 'uncovered'] += length;
    sums[stretch.seat] += length;
  }
  const closedAt = windowSessions(day.today, day.window).at(-1)?.to;
  let extended: Ms = 0;
  for (const { from, to, state } of day.seat.stretches) {
    if (closedAt !== undefined && state === 'occupied') extended += Math.max(0, to - Math.max(from, closedAt));
  }
  return { ...sums, extended };
}

function uncoveredTimes(day: WindowDay): Pick<WindowFigures, 'bare' | 'unverified' | 'doubtful'> {
  const sums = { bare: 0, unverified: 0, doubtful: 0 };
  for (const stretch of day.cover.stretches) {
    if (stretch.heldBy !== null) continue;
    const sort = stretch.seat === 'occupied' ? 'unverified' : isDoubtful(day, stretch) ? 'doubtful' : 'bare';
    sums[sort] += stretch.to - stretch.from;
  }
  return sums;
}

/** As a verdict of it would be pending: for a seat seen empty no punch could speak. */
function isDoubtful(day: WindowDay, { to, seat }: CoverStretch): boolean {
  if (calendarDoubt(day.today) !== null) return true;
  if (seat === 'empty') return false;
  return day.seat.watched || day.coverage.hides({ from: day.today.from, to });
}

function openingsOf(
  { service, moment, window }: WindowDay,
  missing: readonly Verdict[],
  aside: readonly Verdict[],
): Pick<WindowFigures, 'openings' | 'opened' | 'openingsPending'> {
  const late = (session: ServiceInterval, among: readonly Verdict[]): Verdict | undefined =>
    among.find((verdict) => verdict.atOpening === true && verdict.from === session.from);
  const begun = service.filter(
    ({ from, sessionFrom }) => from === sessionFrom && moment.now >= from + window.thresholds.coverGrace,
  );
  const said = begun.filter((session) => late(session, aside) === undefined).map((session) => late(session, missing));
  const openingsPending = said.filter((verdict) => verdict?.state === 'pending').length;
  const opened = said.filter((verdict) => verdict === undefined).length;
  return { openings: said.length - openingsPending, opened, openingsPending };
}

function asksOf(
  { cover, window, moment }: WindowDay,
  missing: readonly Verdict[],
  unverified: readonly Verdict[],
  aside: readonly Verdict[],
): Pick<WindowFigures, 'asked' | 'filled' | 'asksPending'> {
  const counts = { asked: 0, filled: 0, asksPending: 0 };
  for (const ask of withoutA(cover.holdings)) {
    if (ask.to - ask.from < window.thresholds.coverGrace) continue;
    const within = (said: readonly Verdict[]): Verdict[] =>
      said.filter(({ from, to }) => overlaps(ask, { from, to: to ?? moment.now }));
    const left = within(missing);
    if (left.some(({ state }) => state !== 'pending')) counts.asked += 1;
    else if (within(aside).length > 0) continue;
    else if (left.length > 0 || within(unverified).length > 0) counts.asksPending += 1;
    else {
      counts.asked += 1;
      counts.filled += 1;
    }
  }
  return counts;
}

/** The maximal stretches within one service interval in which no A holds the window. */
function withoutA(holdings: readonly Holding[]): Span[] {
  const found: { readonly from: Ms; to: Ms; readonly interval: ServiceInterval }[] = [];
  for (const { from, to, heldBy, interval } of holdings) {
    if (heldBy === 'a') continue;
    const last = found.at(-1);
    if (last?.to === from && last.interval === interval) last.to = to;
    else found.push({ from, to, interval });
  }
  return found;
}

/** 有人负责率: of the service time that is beyond doubt, that in which somebody held the window. */
export function coverRate({ a, b, cover, bare }: WindowFigures): number | null {
  return rateOf(a + b + cover, a + b + cover + bare);
}

/** 座位在岗率: of the service time in which the seat could be seen, that in which it was occupied. */
export function seatRate({ occupied, empty }: WindowFigures): number | null {
  return rateOf(occupied, occupied + empty);
}

/** 按时开窗率. */
export function openingRate({ opened, openings }: WindowFigures): number | null {
  return rateOf(opened, openings);
}

/** 顶岗及时率: of the stretches in which somebody had to stand in, those that were filled in time. */
export function fillRate({ filled, asked }: WindowFigures): number | null {
  return rateOf(filled, asked);
}

/** Minutes of a window's service time on a day, up to now, by who held it and by what was seen; and of extended service. */
export type WindowMinutes = { readonly [K in keyof WindowTimes]: number };

export function windowMinutes(day: WindowDay): WindowMinutes {
  const { a, b, cover, uncovered, occupied, empty, unknown, extended } = timesOf(day);
  return {
    a: a / MINUTE,
    b: b / MINUTE,
    cover: cover / MINUTE,
    uncovered: uncovered / MINUTE,
    occupied: occupied / MINUTE,
    empty: empty / MINUTE,
    unknown: unknown / MINUTE,
    extended: extended / MINUTE,
  };
}
