/** What a broker has kept since before the daemon was installed accuses nobody of the days between. */
import { expect, test } from 'vitest';
import { statusTopic } from '../../adapters/topics.ts';
import { HeardHall } from '../support/heard-hall.ts';
import { on } from '../support/small-hall.ts';

const EVERYBODY = ['e1', 'e2', 'e3', 'e4', 'e5'];

/** The hall opens on Mondays and Tuesdays; started on a Wednesday. */
async function keptSince(state: string): Promise<HeardHall> {
  const hall = await new HeardHall('2026-03-04 08:00:00').start();
  const word = { state, at: on('2025-12-01 10:00:00') };
  await hall.published(statusTopic('h1', 'clock-1'), word, { retained: true });
  return hall;
}

test.each([
  ['online', 'open'],
  ['offline', 'pending'],
])('a clock that is said to be %s since before is that from the first day on', async (state, late) => {
  await using hall = await keptSince(state);
  expect([hall.rejects, hall.said]).toEqual([0, []]);
  hall.pass('2026-03-09 09:10:00');
  expect(hall.said).toEqual(EVERYBODY.map((person) => `${person} late ${person === 'e5' ? 'open' : late}`));
});

test('what it says for itself is of then, and so are the days', async () => {
  await using hall = await new HeardHall('2026-03-04 08:00:00').start();
  await hall.published(statusTopic('h1', 'clock-1'), { state: 'online', at: on('2026-03-03 10:00:00') });
  expect(hall.said).toEqual(EVERYBODY.map((person) => `${person} absent closed`));
});
