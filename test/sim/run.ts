/** `node test/sim/run.ts SEED [STEPS]` prints what happens in the run of a seed, and what does not hold of it. */
import { play } from './play.ts';

const [seed = '1', most] = process.argv.slice(2);
const outcome = await play(Number(seed), (steps) => steps.slice(0, most === undefined ? steps.length : Number(most)));
for (const line of outcome.trace) console.log(line);
console.log(`hash ${outcome.hash}, ${outcome.steps} steps`);
for (const remark of outcome.remarks) console.log(`remark ${remark}`);
for (const problem of outcome.problems) console.error(problem);
process.exitCode = outcome.problems.length === 0 ? 0 : 1;
