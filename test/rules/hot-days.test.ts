import { test } from 'vitest';
import { historyUntil } from '../../rules/replay.ts';
import { Drive, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { at, device, hallWith, instantAt, punch } from '../support/hand-hall.ts';
import { expectSame } from '../support/same.ts';
import { readWorldFacts } from '../support/world-run.ts';

test('what proves that a clock kept recording is known for as long as a day is in memory', () => {
  const hall = hallWith();
  const facts = readWorldFacts(hall, [
    device('2026-03-02 08:00:00', 'k1', 'offline'),
    punch('2026-03-02 12:00:00'),
    device('2026-03-04 08:00:00', 'k1', 'online'),
    punch('2026-03-06 08:50:00'),
    punch('2026-03-04 11:50:00', 'e1', { recordedAt: at('2026-03-06 10:00:00') }),
  ]);
  const now = instantAt('2026-03-06 12:00:00');
  const drive = new Drive({ hall, from: firstDayOf(facts, hall), hotDays: 2 });
  for (const [known, some] of groupsOf(facts)) drive.record(some, known);
  drive.advance(now);
  expectSame(drive.changes, historyUntil({ facts, compile: () => hall, hall, now }));
});
