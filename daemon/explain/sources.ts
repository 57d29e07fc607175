/** Where explanations find what is known: the ledger of a hall, or facts that were read from a file. */
import { hallOf } from '../../config/judging.ts';
import { liesIn } from '../../rules/archive.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import { type Hall, type Judging, lastJudged } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { ReopenedDay } from '../../rules/reopened-day.ts';
import { firstDayOf, historyUntil, type ReplayInput } from '../../rules/replay.ts';
import { BEGINNING, type Day } from '../../rules/time.ts';
import { verdictId } from '../../rules/verdict.ts';
import type { HallCore } from '../hall-core.ts';
import type { Source } from './question.ts';

/** Explains from a ledger, as of now. */
export function ledgerSource(core: HallCore): Source {
  core.live.settle();
  const { engine } = core.live;
  // While the ledger cannot be written there is no engine; what it said last is there to be explained.
  const now = engine?.now ?? core.aliveAt ?? BEGINNING;
  const { hallOn } = core;
  return {
    reopen: (day) => {
      const from = engine?.from ?? null;
      if (from === null || day < from || day > lastJudged(hallOn(day), now)) return null;
      return ReopenedDay.open(day, {
        records: core.facts,
        compile: (fact) => hallOf(fact.judging as Judging, fact.hash),
        hall: null,
        now,
        countSimulated: core.countsSimulated,
      });
    },
    find: (id) => core.facts.find(id),
    changesOf: (day) => core.history.changesOf(day),
    hallOn,
    verdictsOfCase: (id) => idsOfCase(core, id, hallOn),
  };
}

/** By what was said of them: a verdict that was withdrawn is still of its case. */
function idsOfCase(core: HallCore, caseId: string, hallOn: (day: Day) => Hall): readonly string[] | null {
  const row = core.cases.find(core.hall.id, caseId);
  if (row === null) return null;
  const { zone } = hallOn(row.day);
  return [...new Set(core.desk.changesOf(row).flatMap(({ verdict }) => verdictId(zone, verdict) ?? []))];
}

/** Explains from facts alone, as `replay` judges them. */
export function factsSource(input: ReplayInput): Source {
  const { facts, hall, now, compile } = input;
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const isInstant = (fact: Fact): boolean => fact.fact === 'punch' || fact.fact === 'presence';
  const records = {
    find: (id: string) => byId.get(id) ?? null,
    between: (span: Span) => facts.filter((fact) => liesIn(fact, span)),
    stretches: () => facts.filter((fact) => !isInstant(fact)),
  };
  const from = firstDayOf(input);
  const halls = new Map<Day, Hall>();
  const reopen = (day: Day): ReopenedDay | null => {
    if (from === null || day < from) return null;
    const reopened = ReopenedDay.open(day, { records, compile: (fact: ConfigFact) => compile(fact), hall, now });
    if (reopened === null || day > lastJudged(reopened.hall, now)) return null;
    halls.set(day, reopened.hall);
    return reopened;
  };
  return {
    reopen,
    find: records.find,
    changesOf: (day) => historyUntil(input).filter((change) => change.verdict.day === day),
    hallOn: (day) => halls.get(day) ?? hall,
    // Cases are made by the daemon when it tells people.
    verdictsOfCase: () => null,
  };
}
