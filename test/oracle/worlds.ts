import { type Dice, diceOf } from './dice.ts';
import type { OracleConfig } from './shape.ts';
import { CIVIL_DAY, HOUR, hallDay, instantOf, type Ms } from './time.ts';
import { stageOf, worldConfig } from './world-config.ts';
import { addOutages, addPresence, addPunches, type Scribe, scribeOf } from './world-facts.ts';
import { addLeaves } from './world-leaves.ts';
import { addPeople } from './world-people.ts';
import { addCancels, addDayFacts, addPlans } from './world-plans.ts';

/** A small hall for a few days, its facts in no order, and the instants to judge it at, in order. */
export interface World {
  config: OracleConfig;
  facts: Record<string, unknown>[];
  instants: string[];
}

/** The world of a seed: valid input by sections 2 and 3 of the contract, and as awkward as that allows. */
export function world(seed: number): World {
  const dice = diceOf(seed);
  const stage = stageOf(dice);
  const config = worldConfig(dice, stage);
  const scribe = scribeOf(dice, config, stage);
  addPunches(scribe);
  addPlans(scribe);
  addLeaves(scribe);
  addPresence(scribe);
  addOutages(scribe);
  addDayFacts(scribe);
  addCancels(scribe);
  runAhead(diceOf(-seed - 1), scribe);
  addPeople(scribe, seed);
  return { config, facts: dice.shuffled(scribe.facts), instants: instantsOf(scribe) };
}

/** Clocks and cameras that run ahead: some of what they say is known before it is true. */
function runAhead(dice: Dice, { facts, write }: Scribe): void {
  for (const line of facts) {
    const runs = ['punch', 'presence', 'device'].includes(String(line['fact'])) && line['recordedAt'] === undefined;
    if (!runs || !dice.chance(0.03)) continue;
    const ahead = dice.pick([1, 20_000, 10 * 60_000, 3 * HOUR]);
    line['recordedAt'] = write(instantOf(String(line['at'])) - ahead);
  }
}

/** Near the edges of the world, a millisecond before, at and after them, and once after all has become known. */
function instantsOf(scribe: Scribe): string[] {
  const { dice, stage, facts } = scribe;
  const days = stage.dates.map((date) => hallDay(stage.zone, stage.dayStart, date));
  const first = days[0]?.from ?? 0;
  const last = days.at(-1)?.to ?? 0;
  const pool = [...scribe.edges, ...days.map((day) => day.to), first + 10 * HOUR].filter(
    (t) => t > first && t < last + HOUR,
  );
  const wanted = dice.between(4, 11);
  const chosen = new Set<Ms>();
  while (chosen.size < wanted) {
    const edge = dice.pick(pool);
    chosen.add(dice.chance(0.75) ? edge + dice.pick([-1, 0, 1]) : edge + dice.between(1, 40) * 60_000);
  }
  const told = facts.flatMap((line) => [line['at'], line['recordedAt']]).filter((value) => typeof value === 'string');
  const end = Math.max(last, ...told.map(instantOf)) + CIVIL_DAY;
  return [...chosen, end].sort((one, other) => one - other).map((t) => scribe.write(t));
}
