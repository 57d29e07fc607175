/** What a daemon asks of its ledger takes no longer after a year: it is found by an index, or by its number, and nothing else is looked at. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { CoreHall } from '../support/core-hall.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';

/** Tables that get longer every day. */
const GROWING = 'fact|change|standing|chain|series|outbox|telling|alert_case|errand|reject';

/** A table gone through, or all that a hall has in it: by an index of which nothing but the hall is used, though it may hold but a part. */
const ALL_OF_IT = new RegExp(`SCAN (?:${GROWING})\\b|SEARCH (?:${GROWING}) USING [^|]*\\(hall=\\?\\)`);

/** What is meant to: each with why that is no harm. */
const ON_PURPOSE: readonly RegExp[] = [
  // From the end, up to the first that is found.
  /order by (?:seq|number) desc limit 1$/,
  // All that speaks of stretches of time, a hundredth of the facts: the engine begins with it.
  /kind not in \('punch', 'presence'\)/,
  // By indexes that hold only what waits.
  /next_at is not null/,
  /due_at is not null group by channel/,
  /indexed by errand_due/,
];

test('no statement of a daemon goes through all that there is', () => {
  const prepared = new Set<string>();
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:52:00'), audiences: [] });
  for (const [sql] of prepare.mock.calls) prepared.add(sql.replace(/\s+/g, ' ').trim());
  prepare.mockRestore();
  const { database } = hall.core.ledger;
  const slow = [...prepared]
    .filter((sql) => sql.startsWith('select') && !ON_PURPOSE.some((known) => known.test(sql)))
    .flatMap((sql) => {
      const plan = database.prepare(`explain query plan ${sql}`).all();
      const how = plan.map(({ detail }) => String(detail)).join(' | ');
      return ALL_OF_IT.test(how) ? [`${sql}: ${how}`] : [];
    });
  expect(slow).toEqual([]);
  // What came after a place is found by its number, and neither sorted nor looked for.
  const after = [...prepared].filter((sql) => /and seq >=? .*order by seq/.test(sql));
  expect(after.length).toBeGreaterThanOrEqual(3);
  for (const sql of after) {
    const plan = database.prepare(`explain query plan ${sql}`).all();
    expect(String(plan[0]?.['detail'])).toContain('INTEGER PRIMARY KEY');
  }
});
