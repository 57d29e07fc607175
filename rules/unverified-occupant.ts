import type { WindowRule } from './rule.ts';
import { runDoubt, runsOf, runVerdict } from './runs.ts';

/** 有人未登记: somebody sits at a window that nobody holds, for `coverGrace` or longer. For information. */
export const unverifiedOccupant: WindowRule = {
  name: 'unverified-occupant',
  on: 'window',
  judge(day) {
    return runsOf(day, day.window.thresholds.coverGrace, 'unverified').map((run) =>
      runVerdict(unverifiedOccupant.name, day, run, { employee: null, because: runDoubt(day, run) }),
    );
  },
};
