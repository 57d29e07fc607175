import { calendarDoubt, type WindowDay, type WindowRule } from './rule.ts';
import { type Run, runDoubt, runsOf, runVerdict } from './runs.ts';
import type { PendingReason } from './verdict.ts';

/** AB岗无人顶岗: nobody holds a window in service, and nobody is seen to sit there, for `coverGrace` or longer. */
export const missingCover: WindowRule = {
  name: 'missing-cover',
  on: 'window',
  judge(day) {
    return runsOf(day, day.window.thresholds.coverGrace, 'missing').map((run) => ({
      ...runVerdict(missingCover.name, day, run, { employee: null, because: doubt(day, run) }),
      // 窗口未按时开窗: the run begins with its session.
      atOpening: run.from === run.interval.sessionFrom,
    }));
  },
};

function doubt(day: WindowDay, run: Run): PendingReason | null {
  // A seat seen empty throughout waits for no clock: whoever punched where, nobody was there.
  if (!run.isBlind) return calendarDoubt(day.today);
  return runDoubt(day, run) ?? (day.seat.watched ? 'blind' : null);
}
