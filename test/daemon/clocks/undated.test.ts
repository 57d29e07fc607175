/** Touches that cannot be dated: nobody is accused because the time of what would have shown them is not believed. */
import { setImmediate as tick } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DAY_LENGTH, MINUTE } from '../../../rules/time.ts';
import { HeardHall } from '../../support/heard-hall.ts';

const morning = (startsAt = '08:00:00'): Promise<HeardHall> => new HeardHall(startsAt).start();

test('three people in a row: whoever is missing is pending since the last touch that could be dated, and settled by their own', async () => {
  await using hall = await morning();
  hall.pass('08:40:00');
  await hall.touch(4, '08:39:58');
  // Somebody sets the clock ten minutes ahead.
  hall.pass('08:50:00');
  await hall.touch(1, '09:00:00');
  await hall.touch(1, '09:00:02');
  await hall.touch(2, '09:00:04');
  expect(hall.faults).toEqual(['set-aside']);
  await hall.touch(3, '09:00:06');
  expect(hall.faults).toEqual(['set-aside', 'undated']);
  hall.pass('09:10:00');
  expect(hall.said).toEqual(['e1 late pending', 'e2 late pending', 'e3 late pending', 'e5 late open']);

  // It is set right; what is missing from before is still not known.
  await hall.touch(4, '09:09:58');
  expect(hall.faults).toEqual([]);
  hall.pass('09:20:00');
  expect(hall.said.filter((said) => /e[123]/.test(said))).toEqual([
    'e1 late pending',
    'e2 late pending',
    'e3 late pending',
  ]);
  expect(hall.rejects).toBe(4);
  await hall.replayWhatWasKept(10 * MINUTE);
  expect(hall.said).toEqual(['e5 late open']);
});

test('two people are an accident, or one message made up by somebody', async () => {
  await using hall = await morning();
  hall.pass('08:50:00');
  for (let i = 0; i < 5; i++) await hall.touch(1 + (i % 2), `09:10:0${i}`);
  // Nobody's, and one in between that is right.
  await hall.touch(9, '09:10:30');
  await hall.touch(4, '08:50:00');
  await hall.touch(3, '09:10:31');
  hall.pass('09:10:00');
  expect(hall.said).toEqual(['e1 late open', 'e2 late open', 'e3 late open', 'e5 late open']);
});

test('it goes on over its own word and over a restart', async () => {
  await using hall = await morning();
  hall.pass('08:50:00');
  for (const person of [1, 2, 3]) await hall.touch(person, `09:00:0${person}`);
  await hall.status('offline');
  hall.pass('08:51:00');
  await hall.status('online');
  hall.pass('08:55:00');
  await hall.touch(4, '09:05:00');
  hall.pass('09:00:30');
  await hall.restart();
  expect(hall.faults).toEqual(['undated']);
  hall.pass('09:10:00');
  expect(hall.said.slice(0, 4)).toEqual(['e1 late pending', 'e2 late pending', 'e3 late pending', 'e4 late pending']);
  await hall.touch(2, '09:09:59');
  expect(hall.faults).toEqual([]);
});

test('where our own clock is doubted, nothing is kept aside because it is ahead', async () => {
  await using hall = await morning();
  hall.pass('08:40:00');
  await hall.touch(4, '08:39:58');
  // The machine was slow, and somebody sets it right: whether it is now, nobody has said yet.
  hall.setWall(20 * MINUTE);
  await hall.touch(1, '08:59:00');
  expect(hall.rejects).toBe(0);
  await hall.touch(2, '2028-01-01 08:59:00');
  expect(hall.rejects).toBe(1);
});

const YEARS = 5 * 365 * DAY_LENGTH;

test('a clock that had its time from ours, while that was years ahead, accuses nobody', async () => {
  await using hall = await morning();
  hall.pass('08:30:00');
  // A power cut; the machine comes back in another year, and so do its clocks.
  hall.setWall(YEARS);
  await hall.restart();
  await hall.touch(1, '2031-03-01 08:30:20');
  await hall.touch(2, '2031-03-01 08:30:40');
  expect([hall.rejects, hall.said]).toEqual([0, []]);
  // Nothing is old because of that.
  expect(hall.sweptOn).toBe('2026-03-02');
  // Somebody goes and sets it right, and starts it anew.
  hall.setWall(10 * MINUTE - YEARS);
  await hall.restart();
  hall.pass('09:20:00');
  // The other clock had nothing to do with it.
  expect(hall.said).toEqual([
    'e1 late pending',
    'e2 late pending',
    'e3 late pending',
    'e4 late pending',
    'e5 late open',
  ]);
  await hall.touch(4, '09:19:58');
  await hall.restart();
  hall.pass('09:31:00');
  expect(hall.said).toContain('e1 absent pending');
  expect(hall.faults).toEqual([]);
});

test('where clocks of the hall agree with a start that was doubted, it was closed for long, and nobody has to say so', async () => {
  await using hall = await morning();
  hall.pass('08:30:00');
  hall.setWall(57 * DAY_LENGTH);
  await hall.restart();
  await hall.touch(1, '2026-04-28 08:30:01');
  await hall.touch(2, '2026-04-28 08:30:02');
  expect(hall.isDoubted).toBe(true);
  await hall.touch(5, '2026-04-28 08:30:03', 'clock-2');
  expect(hall.isDoubted).toBe(false);
  hall.pass('2026-04-28 08:31:00');
  // That we hear again is taken in with the next transaction.
  await tick();
  hall.pass('2026-04-28 09:20:00');
  expect(hall.said.filter((said) => / open$/.test(said))).toEqual(['e3 late open', 'e4 late open']);
});
