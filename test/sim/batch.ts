/** Many seeds, and what they brought about together. */
import { FAULTS, type Fault } from './faults.ts';
import { type Outcome, play } from './play.ts';
import { expectedSights } from './sights.ts';

export interface Batch {
  /** What does not hold of which seed, and the fewest steps with which it still does not. */
  readonly failures: readonly string[];
  readonly struck: ReadonlyMap<Fault, number>;
  /** In how many seeds each sight was seen. */
  readonly sights: ReadonlyMap<string, number>;
}

export async function playAll(seeds: Iterable<number>): Promise<Batch> {
  const failures: string[] = [];
  const struck = new Map<Fault, number>();
  const sights = new Map<string, number>();
  for (const seed of seeds) {
    const outcome = await play(seed);
    for (const [fault, times] of outcome.struck) struck.set(fault, (struck.get(fault) ?? 0) + times);
    for (const sight of outcome.sights) sights.set(sight, (sights.get(sight) ?? 0) + 1);
    if (outcome.problems.length > 0) failures.push(await report(outcome));
  }
  return { failures, struck, sights };
}

/** The kinds of fault that struck fewer times than they should, and the sights seen in fewer seeds. */
export function tooRare({ struck, sights }: Batch, times: number, seeds: number): string[] {
  const faults = FAULTS.map((fault) => [fault, struck.get(fault) ?? 0] as const).filter(([, count]) => count < times);
  const unseen = expectedSights().map((sight) => [sight, sights.get(sight) ?? 0] as const);
  return [...faults, ...unseen.filter(([, count]) => count < seeds)].map(([what, count]) => `${what}: ${count}`);
}

async function report(outcome: Outcome): Promise<string> {
  const { seed } = outcome;
  const fewest = await fewestSteps(outcome);
  const { problems } = fewest;
  return [`seed ${seed}, with its first ${fewest.steps} of ${outcome.steps} steps:`, ...problems.slice(0, 5)].join(
    '\n',
  );
}

/** Halves the prefix for as long as something still fails: cheap, and mostly the smallest there is. */
async function fewestSteps(outcome: Outcome): Promise<Outcome> {
  let failing = outcome;
  let fine = 0;
  while (failing.steps - fine > 1) {
    const middle = Math.floor((fine + failing.steps) / 2);
    const shorter = await play(outcome.seed, (steps) => steps.slice(0, middle));
    if (shorter.problems.length > 0) failing = shorter;
    else fine = middle;
  }
  return failing;
}
