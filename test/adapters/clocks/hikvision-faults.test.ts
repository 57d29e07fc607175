/** What goes wrong with a Hikvision terminal that we call is one sentence each, and never a lock-out. */
import { afterEach, describe, expect, test } from 'vitest';
import type { ClockSurroundings } from '../../../adapters/clock.ts';
import { hikvisionClock } from '../../../adapters/clocks/hikvision.ts';
import { hikvision } from '../../../config/clocks/hikvision.ts';
import { type Called, callOnce } from '../../support/called-clock.ts';
import { type ClockEar, clockAround, clockEar, touchOf } from '../../support/clock-ear.ts';
import { type Entry, HikvisionTerminal } from '../../support/hikvision-terminal.ts';
import { until } from '../../support/until.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function terminal(options?: Parameters<typeof HikvisionTerminal.open>[0]): Promise<HikvisionTerminal> {
  const opened = await HikvisionTerminal.open(options);
  stops.push(() => opened[Symbol.asyncDispose]());
  return opened;
}

/** Called once, as the room does it. */
function call(
  device: HikvisionTerminal,
  ear: Pick<ClockEar, 'listener'>,
  around: ClockSurroundings,
  more: Record<string, unknown> = {},
): Called {
  const login = { username: 'admin', password: 'right' };
  const options = hikvision.parse({ kind: 'hikvision', url: device.url, every: '1s', ...login, ...more });
  const called = callOnce(hikvisionClock(options, around), ear);
  stops.push(called.stop);
  return called;
}

const touches = (entries: readonly Entry[]): string[] =>
  entries
    .filter(({ major, person }) => major === 5 && person !== '')
    .map(({ person, at }) => `${person}@${at}`)
    .sort();
const allOf = (device: HikvisionTerminal, ear: ClockEar, what: string, entries = device.log) =>
  until(() => String([...ear.kept.keys()].sort()) === String(touches(entries)), { what, timeoutMs: 20_000 });

describe('what goes wrong is one sentence', () => {
  test('a wrong password is tried once, and not again until the gate opens', async () => {
    const device = await terminal({ lockAfter: 5 });
    const around = clockAround();
    const ear = clockEar();
    const loss = await call(device, ear, around, { password: 'wrong' }).ended;
    expect(loss).toEqual({ reason: 'wrong-login', detail: 'the device refused the user name or password' });
    for (let i = 0; i < 10; i++) {
      const again = await call(device, ear, around, { password: 'wrong' }).ended;
      expect(again).toMatchObject({ reason: 'wrong-login', detail: expect.stringContaining('not tried again yet') });
    }
    const asked = await call(device, ear, around, { password: 'wrong', listen: 'log' }).ended;
    expect(asked).toMatchObject({ reason: 'wrong-login' });
    expect(device.device.wrongLogins).toBe(1);
    expect(device.device.isLocked).toBe(false);
  });

  test('a wrong port, a locked device, something else at the address, and one listener too many', async () => {
    const device = await terminal();
    const around = clockAround();
    const gone = { url: 'http://127.0.0.1:1' };
    expect(await call(device, clockEar(), around, gone).ended).toMatchObject({
      reason: 'offline',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    device.device.fault = 'page';
    expect(await call(device, clockEar(), around).ended).toMatchObject({ reason: 'unfit' });
    device.device.fault = 'not-found';
    expect(await call(device, clockEar(), around).ended).toMatchObject({ reason: 'not-found' });
    device.device.fault = null;
    device.isCrowded = true;
    device.punch('1001');
    const ear = clockEar();
    const loss = await call(device, ear, around).ended;
    expect(loss).toMatchObject({ reason: 'unfit', detail: expect.stringContaining('close the other platform') });
    // What it has noted is had all the same.
    expect([...ear.kept.values()].map(({ punch }) => punch.credential)).toEqual(['1001']);
    device.isCrowded = false;
    device.device.isLocked = true;
    expect(await call(device, clockEar(), clockAround()).ended).toMatchObject({
      reason: 'locked-out',
      detail: expect.stringContaining('403'),
    });
  });

  test('a stream without heartbeats is given up, and one that only waits for us is not', async () => {
    const device = await terminal();
    const ear = clockEar();
    const called = call(device, ear, clockAround(), { silence: '1s', every: '1h' });
    await until(() => ear.completes.length === 1, { what: 'the first look' });
    ear.hold();
    device.punch('1001');
    const outcome = await Promise.race([
      called.ended,
      new Promise((resolve) => setTimeout(resolve, 2000, 'still there')),
    ]);
    expect(outcome).toBe('still there');
    ear.release();
    await until(() => ear.kept.size === 1, { what: 'the punch' });
    device.isBeating = false;
    expect(await called.ended).toMatchObject({ reason: 'silent' });
  });

  test('a device that is only asked is asked again and again, and heard', async () => {
    const device = await terminal();
    const ear = clockEar();
    call(device, ear, clockAround(), { listen: 'log' });
    await until(() => ear.completes.length === 1, { what: 'the first look' });
    device.punch('1001');
    await allOf(device, ear, 'the punch');
    expect(device.device.listeners).toBe(0);
    expect([...ear.kept.values()].map(touchOf)).toEqual(touches(device.log));
  });
});
