/** What clocks of some make deliver, in the real daemon: judged by the true time, kept once, and traced to what the device sent. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClockRecord } from '../../../adapters/clock.ts';
import { HOUR, MINUTE, type Ms } from '../../../rules/time.ts';
import { type CaseHall, fridayAt, openCaseHall } from '../../support/case-hall.ts';
import { instantOf } from '../../support/core-hall.ts';

let hall: CaseHall;
beforeEach(async () => {
  hall = await openCaseHall();
});
afterEach(() => hall[Symbol.asyncDispose]());

const friday = (time: string): Ms => instantOf(fridayAt(time));

const touch = (credential: string, deviceAt: Ms, seq: number | null = null): ClockRecord => ({
  punch: { credential, deviceAt, seq, method: 'finger' },
  original: { digest: createHash('sha256').update(`${credential} ${deviceAt}`).digest('hex'), kept: { Verify: 1 } },
});

/** Whom a rule stands against on that Friday. */
const against = (rule: string): (string | null)[] =>
  [...hall.daemon.core.history.standingSince(0)].filter((one) => one.rule === rule).map(({ employee }) => employee);

const punchesOf = (credential: string) =>
  [...hall.daemon.core.facts.between({ from: friday('00:00'), to: friday('23:59') })].filter(
    (fact) => fact.fact === 'punch' && fact.credential === credential,
  );

test('a clock that is 15 minutes fast makes nobody late, one that is slow excuses nobody', async () => {
  const { intake, clocks } = hall.daemon;
  hall.pass(fridayAt('08:50'));
  clocks.devices.said('clock-1', { deviceAt: friday('09:05') });
  // Both came at 08:58; the clock showed 09:13.
  hall.pass(fridayAt('08:58'));
  await intake.deliver('clock-1', 'test', { records: [touch('e01', friday('09:13')), touch('e02', friday('09:13'))] });
  hall.pass(fridayAt('09:20'));
  // And this one at 09:20.
  await intake.deliver('clock-1', 'test', { records: [touch('e03', friday('09:35'))] });
  hall.pass(fridayAt('09:40'));
  expect(against('late')).not.toContain('e01');
  expect(against('late')).toContain('e03');
  expect(punchesOf('e01')).toMatchObject([{ at: friday('08:58'), deviceAt: friday('09:13') }]);
  expect(clocks.devices.reading('clock-1').faults).toMatchObject([{ code: 'clock-off', detail: String(15 * MINUTE) }]);
});

test('what is delivered again counts once, also when the clock has been measured in between', async () => {
  const { intake, clocks } = hall.daemon;
  hall.pass(fridayAt('08:58'));
  const records = [touch('e01', friday('08:58')), touch('e01', friday('08:58')), touch('e02', friday('08:57'), 7)];
  await intake.deliver('clock-1', 'test', { records });
  clocks.devices.said('clock-1', { deviceAt: friday('09:00') });
  await intake.deliver('clock-1', 'test', { records });
  expect([punchesOf('e01').length, punchesOf('e02').length]).toEqual([1, 1]);
  expect(intake.counts).toMatchObject({ rejected: 0, repeated: 4 });
  expect(clocks.devices.reading('clock-1')).toMatchObject({ taken: 2, repeated: 4, setAside: 0 });
});

test('what it was made of is kept with it, and chained', async () => {
  const record = touch('e01', friday('08:58'));
  hall.pass(fridayAt('08:58'));
  await hall.daemon.intake.deliver('clock-1', 'zkteco-push', { records: [record] });
  const [fact] = punchesOf('e01');
  expect(fact).toMatchObject({ via: 'zkteco-push', method: 'finger' });
  expect(hall.daemon.core.facts.originalOf(fact?.id ?? '')).toEqual(record.original);
  expect(JSON.stringify(fact)).not.toContain(record.original.digest);
});

test('what was stamped around the time at which the clock was set is kept aside, and can be taken in by the true time', async () => {
  const { intake, clocks, core } = hall.daemon;
  hall.pass(fridayAt('08:00'));
  clocks.devices.said('clock-1', { deviceAt: friday('08:20') });
  hall.pass(fridayAt('10:00'));
  clocks.devices.said('clock-1', { deviceAt: friday('10:00') });
  await intake.deliver('clock-1', 'test', { records: [touch('e01', friday('09:10'))] });
  expect(punchesOf('e01')).toEqual([]);
  const [reject] = core.rejects.newest(10);
  expect(reject).toMatchObject({ because: expect.stringContaining('clock was set around then'), door: 'test' });
  expect(clocks.devices.reading('clock-1').faults.map(({ code }) => code)).toContain('clock-set');
  if (reject === undefined) return;
  expect(await intake.again(reject, null, 'user:a')).toContain('clock was set');
  expect(await intake.again(reject, 20 * MINUTE, 'user:a')).toBeNull();
  expect(punchesOf('e01')).toMatchObject([{ at: friday('08:50'), deviceAt: friday('09:10'), by: 'user:a' }]);
});

test('a clock that has lost its time, or is ahead, is kept aside with the reason', async () => {
  hall.pass(fridayAt('09:00'));
  const { intake, clocks } = hall.daemon;
  await intake.deliver('clock-1', 'test', {
    records: [touch('e01', Date.parse('2000-01-01T00:01:00+08:00')), touch('e02', friday('09:00') + 24 * HOUR)],
    refused: [{ about: 'table=X', because: 'unknown table', payload: Buffer.from('x') }],
  });
  expect(intake.counts.rejected).toBe(3);
  expect(clocks.devices.reading('clock-1')).toMatchObject({ setAside: 3, taken: 0 });
  expect(clocks.faults.newest('clock-1', 10)).toMatchObject([{ code: 'set-aside', until: null }]);
});

test('a device that was replaced begins its numbers anew: that is no gap, no repetition and no second device', async () => {
  const { intake, clocks } = hall.daemon;
  const times = ['08:40', '08:41', '08:42', '08:43', '08:44', '08:45', '08:46'];
  for (const [i, time] of times.entries()) {
    hall.pass(fridayAt(time));
    // The new one begins with numbers that the old one had, of people who touched that.
    const seq = i < 4 ? 5 + i : i + 1;
    await intake.deliver('clock-1', 'test', { records: [touch(`e0${i + 1}`, friday(time), seq)] });
  }
  expect(times.map((_, i) => punchesOf(`e0${i + 1}`).length)).toEqual(times.map(() => 1));
  expect(intake.counts).toMatchObject({ rejected: 0, repeated: 0, sequenceResets: 1 });
  expect(clocks.devices.reading('clock-1')).toMatchObject({ taken: 7, repeated: 0, gaps: [], faults: [] });
});
