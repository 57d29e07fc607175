import type { WindowDay, WindowRule } from './rule.ts';
import { mayHideAHolder, type Run, runsOf, runVerdict } from './runs.ts';
import type { PendingReason } from './verdict.ts';

/** AB岗无人顶岗: nobody holds a window in service, and nobody is seen to sit there, for `coverGrace` or longer. */
export const missingCover: WindowRule = {
  name: 'missing-cover',
  on: 'window',
  judge(day) {
    return runsOf(
      day,
      day.window.thresholds.coverGrace,
      (stretch) => stretch.holder === null && stretch.seat !== 'occupied',
    ).map((run) => ({
      ...runVerdict(missingCover.name, day, run, { employee: null, because: doubt(day, run) }),
      // 窗口未按时开窗: the run begins with its session.
      atOpening: run.from === run.interval.sessionFrom,
    }));
  },
};

function doubt(day: WindowDay, run: Run): PendingReason | null {
  // A seat seen empty throughout waits for no clock: whoever punched where, nobody was there.
  const seenEmpty = run.stretches.every((stretch) => stretch.seat === 'empty');
  if (!seenEmpty && mayHideAHolder(day, run)) return 'uncovered';
  if (day.today.kind === 'unconfirmed') return 'unconfirmed';
  return day.seat.watched && run.stretches.some((stretch) => stretch.seat === 'unknown') ? 'blind' : null;
}
