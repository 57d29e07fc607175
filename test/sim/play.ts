/** Plays the script of a seed, and holds what came of it against what has to hold. */
import { createHash } from 'node:crypto';
import { HOUR, type Ms } from '../../rules/time.ts';
import { findingsOf } from './checks.ts';
import type { Fault } from './faults.ts';
import { scriptOf } from './script.ts';
import { sightsOf } from './sights.ts';
import { Stage } from './stage.ts';
import type { Step } from './step.ts';

export interface Outcome {
  readonly seed: number;
  /** What does not hold, in words; none if all does. */
  readonly problems: readonly string[];
  /** What should hold, and is known not to do so always. */
  readonly remarks: readonly string[];
  readonly struck: ReadonlyMap<Fault, number>;
  /** The states that rules were seen in: `late retracted` … */
  readonly sights: ReadonlySet<string>;
  readonly trace: readonly string[];
  /** The hash of everything that happened. */
  readonly hash: string;
  readonly steps: number;
}

const AFTER: Ms = 48 * HOUR;

/** Plays a seed, or those of its steps that are chosen. */
export async function play(
  seed: number,
  choose: (steps: readonly Step[]) => readonly Step[] = (all) => all,
): Promise<Outcome> {
  const script = scriptOf(seed);
  using stage = new Stage(script.stage);
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', note);
  const problems: string[] = [];
  const remarks: string[] = [];
  const sights = new Set<string>();
  const steps = choose(script.steps);
  try {
    await stage.launch();
    await stage.passTo(stage.time.now + 1000);
    for (const step of steps) {
      if (step.unseen === true) stage.time.moveTo(step.at);
      else await stage.passTo(Math.max(step.at, stage.time.now));
      stage.say(`step ${step.text}`);
      await step.act(stage);
      await stage.time.fire();
    }
    await stage.recover();
    await stage.passTo(stage.time.now + AFTER);
    await stage.finish();
    const found = findingsOf(script, stage);
    problems.push(...found.problems);
    remarks.push(...found.remarks);
    for (const sight of sightsOf(stage.core)) sights.add(sight);
    await stage.end();
  } catch (error) {
    problems.push(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    process.off('unhandledRejection', note);
  }
  problems.push(...rejections.map((reason) => `rejected ${reason instanceof Error ? reason.stack : String(reason)}`));
  const { trace, struck } = stage;
  const hash = createHash('sha256').update(trace.join('\n')).digest('hex');
  return { seed, problems, remarks, struck, sights, trace, hash, steps: steps.length };
}
