/** A large backlog while the ledger cannot be written: what could not be kept is offered again, once. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { CoreHall } from '../support/core-hall.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';
import { until } from '../support/until.ts';

/** Touches of Monday that nobody is known by. */
const touches = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    fact: 'punch',
    id: `t${from + i}`,
    at: on(
      `10:${String(Math.floor(((from + i) / 60) % 60)).padStart(2, '0')}:${String((from + i) % 60).padStart(2, '0')}`,
    ),
    credential: `${from + i}`,
    device: 'clock-1',
  }));

test('somebody holds the ledger for longer than is waited for', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  const { live, ledger, facts } = hall.core;
  hall.online();
  live.beginBacklog();
  await Promise.all(touches(0, 3000).map((touch) => hall.record(touch)));

  using other = new DatabaseSync(join(ledger.directory, 'ledger.db'));
  other.exec('begin immediate');
  const waiting = Promise.all(touches(3000, 9000).map((touch) => hall.record(touch)));
  await until(() => live.stuck, { timeoutMs: 60_000, what: 'the ledger to be given up on' });
  expect(live.stuck).toContain('locked');
  other.exec('rollback');

  expect(new Set((await waiting).flat())).toEqual(new Set(['new']));
  live.endBacklog();
  expect(live.stuck).toBeNull();
  const kept = facts.after(0, 20_000).flatMap(({ fact }) => (fact.fact === 'punch' ? [fact.id] : []));
  expect(new Set(kept).size).toBe(9000);
  expect(kept).toHaveLength(9000);
}, 120_000);
