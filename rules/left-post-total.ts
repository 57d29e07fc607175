import { absencesOf } from './left-post.ts';
import type { WindowDay, WindowRule } from './rule.ts';
import { type Run, runDoubt, runVerdict } from './runs.ts';
import { minutesUp } from './time.ts';
import type { Verdict } from './verdict.ts';

/** 累计离岗: absences of a session, each too short for 脱岗, that together last `leftPostTotal` or longer. */
export const leftPostTotal: WindowRule = {
  name: 'left-post-total',
  on: 'window',
  judge(day) {
    const { minAway, leftPostAfter } = day.window.thresholds;
    const ended = absencesOf(day, minAway).filter((run) => !run.lasts && run.to - run.from < leftPostAfter);
    if (ended.length === 0) return [];
    return [...Map.groupBy(ended, (run) => run.interval.session).values()].flatMap((runs) => totalOf(day, runs));
  },
};

function totalOf(day: WindowDay, runs: readonly Run[]): Verdict[] {
  const first = runs[0];
  const last = runs.at(-1);
  const total = runs.reduce((sum, run) => sum + run.to - run.from, 0);
  if (first === undefined || last === undefined || total < day.window.thresholds.leftPostTotal) return [];
  const subject = { employee: first.answerable, because: runDoubt(day, last) };
  const verdict = runVerdict(leftPostTotal.name, day, { ...last, from: first.from }, subject);
  // Of a session, not a run: it stays the same verdict however many absences it adds up.
  return [{ ...verdict, run: false, minutes: minutesUp(total) }];
}
