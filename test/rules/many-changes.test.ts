/** One fact that changes more verdicts than a call takes arguments (V8: some 125 000), as an old touch in a large hall does. */
import { expect, test } from 'vitest';
import type { ConfigFact } from '../../rules/facts.ts';
import { historyUntil } from '../../rules/replay.ts';
import { at, hallWith, instantAt, punch } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

const PEOPLE = 1000;
const DAYS = 7;
/** 04:00–04:15, 05:00–05:15, … 22:00–22:15: so far apart that each is a session of its own. */
const SESSIONS = Array.from({ length: 19 }, (_, i) => {
  const hour = String(i + 4).padStart(2, '0');
  return `${hour}:00-${hour}:15`;
});

test('a touch of last Monday, known on Sunday as the first of all, has everybody absent from all sessions since', () => {
  const hall = hallWith({
    schedules: { s: { weekly: everyDay(...SESSIONS) } },
    employees: Array.from({ length: PEOPLE }, (_, i) => ({ id: `e${i}`, name: `E${i}`, schedule: 's' })),
  });
  const sunday = instantAt('2026-03-08 23:00:00');
  const touch = { ...punch('03:00:00'), recordedAt: at('2026-03-08 23:00:00') };
  const config: ConfigFact = {
    ...{ fact: 'config', id: 'config', hash: hall.config, judging: {} },
    ...{ at: sunday, effectiveFrom: sunday, recordedAt: sunday },
  };
  const facts = [config, ...readWorldFacts(hall, [touch])];
  const changes = historyUntil({ facts, compile: () => hall, hall, now: sunday });
  expect(changes).toHaveLength(PEOPLE * SESSIONS.length * DAYS);
});
