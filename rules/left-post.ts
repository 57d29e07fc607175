import type { WindowDay, WindowRule } from './rule.ts';
import { type Condition, type Run, runDoubt, runsOf, runVerdict } from './runs.ts';
import type { Ms } from './time.ts';

const EMPTY: Condition = { held: true, seen: (seat) => seat === 'empty' };

/** The stretches in which a window was covered, and its seat seen empty, for `threshold` or longer. */
export function absencesOf(day: WindowDay, threshold: Ms): Run[] {
  return runsOf(day, threshold, EMPTY);
}

/** Who is named for an absence: whoever answered for the seat when it began. */
export function answerableFor(run: Run): string | null {
  return run.stretches[0]?.answerable ?? null;
}

/** 脱岗: somebody holds the window, and yet its seat is empty for `leftPostAfter` or longer. */
export const leftPost: WindowRule = {
  name: 'left-post',
  on: 'window',
  judge(day) {
    return absencesOf(day, day.window.thresholds.leftPostAfter).map((run) =>
      runVerdict(leftPost.name, day, run, { employee: answerableFor(run), because: runDoubt(day, run) }),
    );
  },
};
