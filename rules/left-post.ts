import type { WindowDay, WindowRule } from './rule.ts';
import { type Run, runDoubt, runsOf, runVerdict } from './runs.ts';
import type { Ms } from './time.ts';

/** The stretches in which a window was covered, and its seat seen empty, for `threshold` or longer. */
export function absencesOf(day: WindowDay, threshold: Ms): readonly Run[] {
  return runsOf(day, threshold, 'left');
}

/** 脱岗: somebody holds the window, and yet its seat is empty for `leftPostAfter` or longer. */
export const leftPost: WindowRule = {
  name: 'left-post',
  on: 'window',
  judge(day) {
    return absencesOf(day, day.window.thresholds.leftPostAfter).map((run) =>
      runVerdict(leftPost.name, day, run, { employee: run.answerable, because: runDoubt(day, run) }),
    );
  },
};
