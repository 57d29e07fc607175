import { employeeSessions } from './plan.ts';
import { type OracleEmployee, slipKindsOf, thresholdsOf } from './shape.ts';
import { addDays, HOUR, hallDay, instantOf, localInstant, MINUTE, type Ms, type Span } from './time.ts';
import { NO_FACTS, plannedSpans, type Scribe } from './world-facts.ts';
import { cut, spanLine } from './world-plans.ts';

type Line = Record<string, unknown>;

const OTHER_KINDS = ['年假', '产假', '探亲假'];
const HAIR: readonly Ms[] = [-1, 0, 0, 0, 1];

/** Leaves of all lengths, with and without slips, and the slips that are handed in before and after. */
export function addLeaves(scribe: Scribe): void {
  const { dice, config, facts } = scribe;
  const sessions = plannedSpans(scribe);
  for (const employee of config.employees) {
    const spans: Span[] = [];
    if (dice.chance(0.25) && sessions.length > 0) spans.push(cut(scribe, dice.pick(sessions)));
    if (dice.chance(0.22)) spans.push(...longSpans(scribe, employee));
    if (dice.chance(0.2)) spans.push(...shortSpans(scribe, employee));
    if (spans.length > 0 && dice.chance(0.25)) spans.push(besides(scribe, dice.pick(spans)));
    const usual = dice.pick(slipKindsOf(config));
    for (const span of spans.filter(({ from, to }) => from < to)) {
      facts.push(...leaveLines(scribe, employee, span, dice.chance(0.6) ? usual : kindOf(scribe)));
    }
  }
}

/** Now and then a leave that lies across another of the same person, or starts with it, or says the same again. */
function besides({ dice }: Scribe, { from, to }: Span): Span {
  const middle = Math.floor((from + to) / 2);
  return dice.pick([
    { from: middle, to: to + dice.pick([HOUR, 26 * HOUR]) },
    { from: from - dice.pick([HOUR, 26 * HOUR]), to: middle },
    { from, to: to + HOUR },
    { from, to },
  ]);
}

function kindOf({ dice, config }: Scribe): string {
  return dice.chance(0.7) ? dice.pick(slipKindsOf(config)) : dice.pick(OTHER_KINDS);
}

function leaveLines(scribe: Scribe, employee: OracleEmployee, span: Span, kind: string): Line[] {
  const { dice } = scribe;
  const slip = dice.pick([{ slip: false }, { slip: false }, {}, {}, { slip: true }]);
  const leave = spanLine(scribe, 'leave', 'l', span, { employee: employee.id, kind, ...slip });
  return [leave, ...(slip.slip !== true && dice.chance(0.5) ? [slipLine(scribe, leave)] : [])];
}

/** Handed in before the leave, at its start, while the world lasts, or long after; sometimes written down later. */
function slipLine(scribe: Scribe, leave: Line): Line {
  const { dice } = scribe;
  const from = instantOf(String(leave['from']));
  const near = from + dice.pick([-26 * HOUR, -1, 0, 1, 3 * HOUR, 27 * HOUR]);
  const at = scribe.edges.length > 0 && dice.chance(0.7) ? dice.pick(scribe.edges) + dice.pick([0, HOUR]) : near;
  const line: Line = { fact: 'slip', id: scribe.id('s'), at: scribe.write(at), leave: leave['id'] };
  scribe.edges.push(at);
  if (!dice.chance(0.25)) return line;
  const recordedAt = at + dice.pick([20 * MINUTE, 5 * HOUR, 30 * HOUR]);
  scribe.edges.push(recordedAt);
  return { ...line, recordedAt: scribe.write(recordedAt) };
}

/** The person's sessions of a date as far as the config alone decides. */
function plannedOn({ config, stage }: Scribe, employee: OracleEmployee, date: string): Span[] {
  const { joinGap } = thresholdsOf(config, employee.schedule);
  return employeeSessions(config, NO_FACTS, employee, hallDay(stage.zone, stage.dayStart, date), joinGap);
}

/** Days to weeks: by civil days, from session to session, or across the end of a month, from before the world or in it. */
function longSpans(scribe: Scribe, employee: OracleEmployee): Span[] {
  const { dice, stage } = scribe;
  const begins = addDays(dice.pick(stage.dates), dice.pick([-5, -2, -1, 0, 0, 0, 0]));
  const ends = addDays(begins, dice.pick([1, 1, 2, 3, 5, 12, 40]));
  const sessions = [begins, ends].map((date) => plannedOn(scribe, employee, date));
  const [first, last] = [sessions[0]?.[0], sessions[1]?.at(-1)];
  const midnight = (date: string) => localInstant(stage.zone, date, 0) + dice.pick(HAIR);
  const byDays = { from: midnight(begins), to: midnight(ends) };
  const bySessions = { from: first?.from ?? byDays.from, to: last?.to ?? byDays.to };
  const bitMore = { from: first?.from ?? byDays.from, to: (sessions[1]?.[0]?.from ?? byDays.to) + dice.pick(HAIR) };
  return [dice.pick([byDays, byDays, bySessions, bitMore, { from: byDays.from, to: bySessions.to }])];
}

/** Many short ones, session by session up to about three days of work, the last of them a hair more or less. */
function shortSpans(scribe: Scribe, employee: OracleEmployee): Span[] {
  const { dice, stage } = scribe;
  const begins = addDays(stage.dates[0] ?? '', dice.pick([-3, -3, -2, -1, 0]));
  const dates = Array.from({ length: 8 }, (_, index) => addDays(begins, index));
  const working = dates.map((date) => plannedOn(scribe, employee, date)).filter((sessions) => sessions.length > 0);
  const wanted = working.slice(0, dice.between(3, 5));
  const spans = wanted.flatMap((sessions) =>
    dice.chance(0.6)
      ? sessions.map(({ from, to }) => ({ from, to }))
      : [{ from: sessions[0]?.from ?? 0, to: sessions.at(-1)?.to ?? 0 }],
  );
  const last = spans.at(-1);
  return last === undefined ? [] : [...spans.slice(0, -1), { from: last.from, to: last.to - dice.pick([0, 1, HOUR]) }];
}
