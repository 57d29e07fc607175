/** What goes in and out of the ledger as JSON Lines: the same lines in both directions. */
import type { Change } from '../../rules/changes.ts';
import { factLine } from '../../rules/facts.ts';
import { forecastAt, type Shortage } from '../../rules/forecast.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { BEGINNING, DAY_LENGTH, type Day, dateOf, formatInstant, type Ms } from '../../rules/time.ts';
import { compareVerdicts, type Verdict, verdictLine } from '../../rules/verdict.ts';
import type { HallCore } from '../hall-core.ts';
import { checkFacts } from '../imports/check-facts.ts';
import { FactPile } from '../imports/fact-pile.ts';
import { takeIn } from '../imports/import.ts';
import { piecesOf } from '../ledger/pieces.ts';
import type { LineProblem } from './fact-lines.ts';

export const EXPORTED = ['facts', 'verdicts', 'history', 'forecast'] as const;
export type Exported = (typeof EXPORTED)[number];

/**
 * The ledger's lines; `since` leaves out what was recorded (facts), made (history) or began (verdicts) before it. A forecast is
 * of the next working days, and of none while the ledger cannot be written.
 */
export function* exportLines(core: HallCore, what: Exported, since: Ms | null): Iterable<string> {
  for (const piece of exportPieces(core, what, since)) yield* piece;
}

/** The same in pieces, between any two of which others may have their turn. */
export function* exportPieces(core: HallCore, what: Exported, since: Ms | null): Iterable<readonly string[]> {
  if (what === 'facts') return yield* factPieces(core, since);
  if (what === 'verdicts') return yield* verdictPieces(core, since);
  core.live.settle();
  if (what === 'history') yield* historyPieces(core, since ?? Number.NEGATIVE_INFINITY);
  else yield shortagesAhead(core).map((shortage) => shortageLine(core.hall, shortage));
}

function* verdictPieces(core: HallCore, since: Ms | null): Iterable<readonly string[]> {
  const { now, days } = standingSince(core, since);
  for (const day of days) yield day.map(([verdict, hall]) => JSON.stringify(verdictLine(hall, verdict, now)));
}

/** Sessions begin on their day, which may begin late, end on the next, and a hall may lie behind of Greenwich. */
const LAST_OF_A_DAY: Ms = 4 * DAY_LENGTH;

export interface StandingVerdicts {
  /** The latest instant that has been judged. */
  readonly now: Ms;
  /** Day by day, in the order in which they are printed, each with the configuration of its day. */
  readonly days: Iterable<readonly (readonly [Verdict, Hall])[]>;
}

/** The verdicts that hold now and began at or after an instant; null = all. */
export function standingSince(core: HallCore, since: Ms | null): StandingVerdicts {
  core.live.settle();
  // While the ledger cannot be written there is no engine; what it said last is there to be read.
  const { engine } = core.live;
  const from = since === null || engine === null ? BEGINNING : since - LAST_OF_A_DAY - engine.book.longestDuty;
  const days = Iterator.from(core.history.standingByDay(Math.floor(from / DAY_LENGTH))).map((ofDay) =>
    ofDay
      .filter((verdict) => since === null || verdict.from >= since)
      .sort(compareVerdicts)
      .map((verdict) => [verdict, hallOf(core, { verdict })] as const),
  );
  return { now: engine?.now ?? core.aliveAt ?? BEGINNING, days };
}

function hallOf(core: HallCore, { verdict }: Pick<Change, 'verdict'>): Hall {
  return core.hallOn(verdict.day);
}

/** By the configuration of tomorrow. */
function shortagesAhead({ live: { engine } }: HallCore): Shortage[] {
  const today = engine?.hallAt(engine.now) ?? null;
  if (engine == null || today === null) return [];
  const hallOn = (day: Day): Hall => engine.hallOn(day) ?? today;
  return forecastAt(hallOn(dayAt(today, engine.now) + 1), hallOn, engine.book, engine.now);
}

function shortageLine({ id, zone }: Hall, { day, window, session, uncovered }: Shortage): string {
  const stretches = uncovered.map(({ from, to }) => ({ from: formatInstant(zone, from), to: formatInstant(zone, to) }));
  return JSON.stringify({ forecast: 'cover', hall: id, date: dateOf(day), window, session, uncovered: stretches });
}

function* factPieces({ facts, hall }: HallCore, since: Ms | null): Iterable<readonly string[]> {
  const from = since === null ? 0 : facts.placeBefore(since);
  for (const piece of piecesOf((...place) => facts.after(...place), from)) {
    yield piece.map(({ fact }) => JSON.stringify(factLine(fact, hall.zone)));
  }
}

function* historyPieces(core: HallCore, from: Ms): Iterable<readonly string[]> {
  for (const piece of piecesOf((...place) => core.history.after(...place))) {
    const told = piece.filter(({ change }) => change.at >= from);
    yield told.map(({ change }) => historyLine(hallOf(core, change), change));
  }
}

/** One change of a verdict as a line: what happened, when and why, and the verdict as it then was. */
export function historyLine(hall: Hall, change: Change): string {
  const { op, at, cause, verdict } = change;
  return JSON.stringify({ op, at: formatInstant(hall.zone, at), cause, ...verdictLine(hall, verdict, at) });
}

export interface Imported {
  readonly problems: readonly LineProblem[];
  /** Facts that were new, and that the ledger had already. */
  readonly added: number;
  readonly known: number;
}

/** Takes facts in that are at hand: all of them or, with any problem, none; `partial` takes those without. */
export async function importFacts(core: HallCore, text: string, partial: boolean): Promise<Imported> {
  using pile = new FactPile(':memory:');
  const ground = { hall: core.hall, find: (id: string) => core.facts.find(id), sender: 'operator' } as const;
  const checked = checkFacts(text.split('\n'), ground, pile);
  const problems = checked.problems.map(({ line, column: key, problem }) => ({ line, key, problem }));
  if (problems.length > 0 && !partial) return { problems, added: 0, known: 0 };
  const facts = [...pile.rest()];
  const added = await takeIn(core, { count: facts.length, facts });
  return { problems, added, known: checked.known + facts.length - added };
}
