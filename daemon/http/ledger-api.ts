/** What is in the ledger, for programs: facts and verdicts as they are exported, people, leave and the roster. */
import type { Context } from 'hono';
import { type Fact, factLine, referencesOf } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { type Ms, parseInstant } from '../../rules/time.ts';
import { type Verdict, verdictLine } from '../../rules/verdict.ts';
import { actorOf } from '../access/actor.ts';
import { type Sight, seesDepartment, seesPerson, sightOf } from '../access/sight.ts';
import { personOf } from '../cases/case-json.ts';
import type { HallCore } from '../hall-core.ts';
import { exportPieces, type StandingVerdicts, standingSince } from '../lines/ledger-lines.ts';
import type { HttpEnv } from './env.ts';
import { linesResponse } from './line-stream.ts';
import { problem } from './problem.ts';

type C = Context<HttpEnv>;

export interface LedgerApiOptions {
  /** The newest configuration, with its people. */
  readonly hall: () => Hall;
  /** Lines of all facts that became known since an instant, in pieces; null = of all. */
  readonly facts: (since: Ms | null) => Iterable<readonly string[]>;
  /** The verdicts that hold and began since an instant; null = all. */
  readonly verdicts: (since: Ms | null) => StandingVerdicts;
  /** Facts of some kinds that speak of a stretch of time. */
  readonly stretches: (kinds: readonly string[]) => Iterable<Fact>;
}

export function ledgerApiOf(core: HallCore): LedgerApiOptions {
  return {
    hall: () => core.hall,
    facts: (since) => exportPieces(core, 'facts', since),
    verdicts: (since) => standingSince(core, since),
    stretches: (kinds) => core.facts.stretchesOf(kinds),
  };
}

/** Of the roster: who is where, beyond the configuration. */
const ROSTER = ['assign', 'cover', 'duty'];
const PRIVATE = { 'Cache-Control': 'private, no-store' };

export function ledgerHandlers({ hall, facts, verdicts, stretches }: LedgerApiOptions) {
  return {
    'GET /api/v1/facts': withSince((c, since) => linesResponse(c, facts(since), PRIVATE)),
    'GET /api/v1/verdicts': withSince((c, since) => {
      const sight = sightOf(actorOf(c));
      const { now, days } = verdicts(since);
      const lines = Iterator.from(days).map((ofDay) =>
        ofDay
          .filter(([verdict, of]) => seesVerdict(sight, verdict, of))
          .map(([verdict, of]) => JSON.stringify(verdictLine(of, verdict, now))),
      );
      return linesResponse(c, lines, PRIVATE);
    }),
    'GET /api/v1/employees': (c: C) => {
      const sight = sightOf(actorOf(c));
      const employees = [...hall().employees.values()]
        .filter(({ id, department }) => seesPerson(sight, { employee: id, departments: [department] }))
        .map(({ id, name, department, schedule }) => ({ id, name, department, schedule: schedule?.id ?? null }));
      return c.json({ employees }, 200, PRIVATE);
    },
    'GET /api/v1/leave': withSince((c, since) => {
      const leave = standing(stretches, ['leave'], since);
      return c.json({ leave: seenLines(c, leave, hall()) }, 200, PRIVATE);
    }),
    'GET /api/v1/roster': withSince((c, since) => {
      const sight = sightOf(actorOf(c));
      const windows = [...hall().windows.values()]
        .filter(({ department }) => seesDepartment(sight, department))
        .map(({ id, name, department, a, b }) => ({ id, name, department, a, b }));
      const changes = standing(stretches, ROSTER, since);
      return c.json({ windows, changes: seenLines(c, changes, hall()) }, 200, PRIVATE);
    }),
  } as const;
}

/** Reads `?since=`, an instant. */
function withSince(answer: (c: C, since: Ms | null) => Response): (c: C) => Response {
  return (c) => {
    const text = c.req.query('since');
    const since = text === undefined ? null : parseInstant(text);
    if (since !== null || text === undefined) return answer(c, since);
    const detail = '`since` is no instant; expected one such as 2026-03-02T09:00:00+08:00.';
    return problem(c, { status: 400, title: 'Bad Request', detail });
  };
}

/** A verdict on a person is for who sees them, one on a window for who sees its department; whoever holds it sees it, too. */
function seesVerdict(sight: Sight, { employee, window, department }: Verdict, hall: Hall): boolean {
  const ofWindow = window === null ? department : (hall.windows.get(window)?.department ?? null);
  if (employee === null) return seesDepartment(sight, ofWindow);
  return seesPerson(sight, { employee, departments: [department, ofWindow] });
}

/** Facts of some kinds that have not been cancelled, and end after an instant or not at all. */
function standing(stretches: LedgerApiOptions['stretches'], kinds: readonly string[], since: Ms | null): Fact[] {
  const all = [...stretches([...kinds, 'cancel'])];
  const cancelled = new Set(all.flatMap((fact) => (fact.fact === 'cancel' ? [fact.target] : [])));
  return all.filter((fact) => {
    const { to = null } = fact as { readonly to?: Ms | null };
    return fact.fact !== 'cancel' && !cancelled.has(fact.id) && (since === null || to === null || to > since);
  });
}

/** As lines, without those about people none of whom they may see; of the others' names null stands in their place. */
function seenLines(c: C, facts: readonly Fact[], hall: Hall): object[] {
  const sight = sightOf(actorOf(c));
  return facts.flatMap((fact) => {
    const { employees, window } = referencesOf(fact);
    const atWindowOf = window === null ? null : (hall.windows.get(window)?.department ?? null);
    const seen = employees.map((one) => (seesPerson(sight, personOf(hall, one, atWindowOf)) ? one : null));
    if (seen.every((one) => one === null)) return [];
    return [{ ...factLine(fact, hall.zone), ...(fact.fact === 'assign' && { employees: seen }) }];
  });
}
