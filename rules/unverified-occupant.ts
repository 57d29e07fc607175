import type { WindowRule } from './rule.ts';
import { type Condition, runDoubt, runsOf, runVerdict } from './runs.ts';

const UNVERIFIED: Condition = { held: false, seen: (seat) => seat === 'occupied' };

/** 有人未登记: somebody sits at a window that nobody holds, for `coverGrace` or longer. For information. */
export const unverifiedOccupant: WindowRule = {
  name: 'unverified-occupant',
  on: 'window',
  judge(day) {
    return runsOf(day, day.window.thresholds.coverGrace, UNVERIFIED).map((run) =>
      runVerdict(unverifiedOccupant.name, day, run, { employee: null, because: runDoubt(day, run) }),
    );
  },
};
