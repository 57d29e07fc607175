/**
 * What a daemon said live, through its ledger, restarts, nights away and backlogs, is what a replay of its own facts says: the same
 * history to the byte, and the same verdicts at the end; and an audit of the file finds nothing.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { hallOf } from '../../config/judging.ts';
import { audit } from '../../daemon/audit/audit.ts';
import { exportLines, historyLine } from '../../daemon/lines/ledger-lines.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import type { Judging } from '../../rules/hall.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { DAY_LENGTH, HOUR, type Ms } from '../../rules/time.ts';
import { verdictLine } from '../../rules/verdict.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { world } from '../oracle/worlds.ts';
import { CoreHall, type FactLine, factOf } from '../support/core-hall.ts';
import { expectSame } from '../support/same.ts';

const seeds = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const compile = (fact: ConfigFact) => hallOf(fact.judging as Judging, fact.hash);

/** The facts of a world that can still become known after `start`, by when they do. */
function toCome(lines: readonly FactLine[], start: Ms): { readonly at: Ms; readonly line: FactLine }[] {
  const known = lines.map((line) => ({ at: Math.max(factOf(line).recordedAt, start), line }));
  return known.sort((a, b) => a.at - b.at);
}

/** Lives through a world: at each fact's instant, or together where nobody ran when it came. */
async function live(hall: CoreHall, coming: { readonly at: Ms; readonly line: FactLine }[], dice: Dice): Promise<void> {
  hall.online();
  while (coming.length > 0) {
    const next = coming[0]?.at ?? 0;
    hall.pass(hall.text(next));
    if (dice.chance(0.03)) {
      hall.restart(dice.pick([0, HOUR, 14 * HOUR, 5 * DAY_LENGTH]));
      if (dice.chance(0.8)) hall.core.live.beginBacklog();
    }
    const now = hall.clock.now();
    const due = coming.splice(0, Math.max(1, coming.findLastIndex(({ at }) => at <= now) + 1));
    await hall.record(...due.map(({ line }) => line));
    hall.core.live.endBacklog();
    hall.online();
  }
  hall.pass(hall.text(hall.clock.now() + 2 * DAY_LENGTH));
}

test.each(seeds(5000, 12))(
  'lived through and replayed, a world is the same (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const dice = diceOf(seed);
    const { config, facts } = world(seed);
    const { nationalDays: _, ...written } = config;
    const yaml = stringify(written, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
    const firstAt = Math.min(
      ...facts.map((line) => factOf(line).recordedAt).filter((at) => at > 0),
      Date.UTC(2026, 11, 1),
    );
    using hall = new CoreHall({ yaml, startsAt: new Date(firstAt - HOUR).toISOString() });
    await live(hall, toCome(facts, firstAt), dice);
    hall.core.live.settle();

    const kept: Fact[] = [...exportLines(hall.core, 'facts', null)].map((line) => factOf(JSON.parse(line)));
    const now = hall.core.engine.now;
    const input = { facts: kept, compile, hall: hall.loaded.hall, now };
    const replayed = historyUntil(input).map((change) => historyLine(hall.loaded.hall, change));
    expectSame([...exportLines(hall.core, 'history', null)], replayed);
    const holding = verdictsAt(input).map((verdict) => JSON.stringify(verdictLine(hall.loaded.hall, verdict, now)));
    expectSame([...exportLines(hall.core, 'verdicts', null)], holding);
    expect(replayed.length).toBeGreaterThan(0);

    // And whoever audits its file comes to the same, day by day.
    const audited = audit({ directory: join(hall.folder, 'data'), hall: hall.loaded.hall, noted: null });
    expect([...audited.broken.kept, ...audited.differing.kept]).toEqual([]);
    expect(audited.chain).toMatchObject({ facts: kept.length, changes: replayed.length });
    expect(audited.rejudging).toMatchObject({ verdicts: holding.length, at: now, upgrades: [] });
  },
);
