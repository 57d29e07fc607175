/** What holds for every terminal that we call, whatever its make; and how other tests of a make open and call one. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ClockSurroundings, ConnectedClock } from '../../adapters/clock.ts';
import { Dice } from '../../daemon/demo/dice.ts';
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { type Called, callAgain, callOnce } from './called-clock.ts';
import type { CalledTerminal } from './called-terminal.ts';
import { type ClockEar, clockAround, clockEar, clockMemory } from './clock-ear.ts';
import { until } from './until.ts';

export interface TerminalMake<T extends CalledTerminal> {
  open(): Promise<T>;
  /** What calls it, by the options that hall.yaml has of it. */
  clock(options: object, around: ClockSurroundings): ConnectedClock;
  /** Of the mishaps that befall it. */
  readonly seed: number;
}

/** Waits until all touches of a terminal are kept, and nothing else is. */
export const allOf = <Entry>(device: CalledTerminal<Entry>, ear: ClockEar, what: string, entries = device.log) =>
  until(() => String([...ear.kept.keys()].sort()) === String(device.touches(entries)), { what, timeoutMs: 20_000 });
export const listenedTo = ({ device }: CalledTerminal, what = 'somebody who listens') =>
  until(() => device.listeners === 1, { what });
export const looked = (ear: ClockEar, times = 1) =>
  until(() => ear.completes.length === times, { what: `look ${times}, and its proof` });

const hoursAgo = (count: number): Ms => Math.floor(Date.now() / 1000) * 1000 - count * HOUR;

/** Holds a make to it, and answers with how one of it is opened and called. */
export function terminalContract<T extends CalledTerminal>(make: TerminalMake<T>) {
  const terminals = terminalsOf(make);
  const { terminal, call, keepCalling } = terminals;
  const { seed } = make;

  describe('as every terminal that we call', () => {
    test('its time is told, and set only if that is wanted and ours is not doubted', async () => {
      const device = await terminal();
      device.aheadMs = 15 * MINUTE;
      const ear = clockEar();
      const first = call(device, ear, clockAround());
      await looked(ear);
      const sign = ear.signs.find(({ deviceAt }) => deviceAt !== undefined);
      expect(Math.abs((sign?.deviceAt ?? 0) - Date.now() - 15 * MINUTE)).toBeLessThan(5000);
      await first.stop();
      expect(device.aheadMs).toBe(15 * MINUTE);
      const doubting = clockEar();
      const second = call(device, doubting, clockAround({ tellsTime: () => false }), { setTime: true });
      await looked(doubting);
      await second.stop();
      expect(device.aheadMs).toBe(15 * MINUTE);
      call(device, clockEar(), clockAround(), { setTime: true });
      await until(() => Math.abs(device.aheadMs) < 5000, { what: 'the right time' });
    });

    test('one that is only asked is asked again and again, and heard', async () => {
      const device = await terminal();
      const ear = clockEar();
      call(device, ear, clockAround(), { listen: 'log' });
      await looked(ear);
      device.punch('1001');
      await allOf(device, ear, 'the punch');
      expect(device.device.listeners).toBe(0);
    });

    test.each(['stream', 'log'])(
      'what was heard (%s) and is not durable when we are killed is had again',
      async (listen) => {
        const device = await terminal();
        device.punch('1001', { at: hoursAgo(6) });
        const memory = clockMemory();
        const kept: ClockEar['kept'] = new Map();
        const ear = clockEar(kept);
        const asked: number[] = [];
        const deliver: typeof ear.listener.deliver = (delivery) => {
          asked.push(delivery.records.length);
          return ear.listener.deliver(delivery);
        };
        const heeded = { ...ear, listener: { ...ear.listener, deliver } };
        const called = call(device, heeded, clockAround({ memory }), { listen });
        await looked(ear);
        ear.hold();
        const told = ear.signs.length;
        // So far apart that the first is not had again by those who go back a little from the second.
        device.punch('1002', { at: hoursAgo(3) });
        device.punch('1003');
        const hasLooked = (): boolean => ear.signs.slice(told).some(({ about }) => about?.['search'] !== undefined);
        await until(() => asked.includes(2) || hasLooked(), { what: 'a look that wants both kept, or is content' });
        ear.kill();
        await called.stop();
        expect(kept.size).toBe(1);
        call(device, clockEar(kept), clockAround({ memory }), { listen });
        await until(() => kept.size === 3, { what: 'the punches' });
      },
    );

    test('nothing gets lost whichever side dies when, and nothing is taken for another punch', async () => {
      const device = await terminal();
      const memory = clockMemory();
      const kept: ClockEar['kept'] = new Map();
      const dice = new Dice(seed);
      const below = (limit: number): number => Math.floor(dice.next() * limit);
      let ear = clockEar(kept);
      const ears = [ear];
      let called = keepCalling(device, ear, clockAround({ memory }));
      let at = hoursAgo(9);
      for (let round = 0; round < 150; round++) {
        at += 10 * SECOND * (1 + below(20));
        const die = below(20);
        if (die === 0) device.half = true;
        else if (die === 1) device.deaf += 1 + below(3);
        else if (die === 2) device.reboot();
        else if (die === 3) device.door(at);
        else if (die === 4) ear.hold();
        else if (die === 5) ear.release();
        else if (die === 6) {
          // We are killed in the middle of whatever it is, and come back with what was remembered.
          ear.kill();
          await called.stop();
          ear = clockEar(kept);
          ears.push(ear);
          called = keepCalling(device, ear, clockAround({ memory }));
        }
        device.punch(String(1000 + below(30)), { at });
        if (below(3) === 0) await new Promise((resolve) => setImmediate(resolve));
        if (below(25) === 0) {
          ear.release();
          await listenedTo(device, `somebody who listens (seed ${seed})`);
        }
      }
      ear.release();
      await allOf(device, ear, `everything (seed ${seed})`);
      const punches = [...kept.values()].map(({ punch: { method: _, ...punch } }) => punch);
      expect(punches.sort((one, other) => one.deviceAt - other.deviceAt)).toEqual(
        device.log.map((entry) => device.punchIn(entry)).filter((punch) => punch !== null),
      );
      expect(ears.flatMap(({ refused }) => refused)).toEqual([]);
    });

    test('a wrong password is tried once, and not again until the gate opens', async () => {
      const device = await terminal();
      const around = clockAround();
      const wrong = (more: object = {}) => call(device, clockEar(), around, { password: 'wrong', ...more }).ended;
      expect(await wrong()).toEqual({
        reason: 'wrong-login',
        detail: 'the device refused the user name or password',
      });
      for (let i = 0; i < 10; i++) {
        expect(await wrong()).toMatchObject({
          reason: 'wrong-login',
          detail: expect.stringContaining('not tried again yet'),
        });
      }
      expect(await wrong({ listen: 'log' })).toMatchObject({ reason: 'wrong-login' });
      expect([device.device.wrongLogins, device.device.isLocked]).toEqual([1, false]);
    });

    test('a port where nobody is, is one sentence', async () => {
      const gone = { url: 'http://127.0.0.1:1' };
      expect(await call(gone, clockEar(), clockAround()).ended).toMatchObject({
        reason: 'offline',
        detail: expect.stringContaining('ECONNREFUSED'),
      });
    });

    test('a stream without heartbeats is given up, and one that only waits for us is not', async () => {
      const device = await terminal();
      const ear = clockEar();
      const called = call(device, ear, clockAround(), { silence: '1s', every: '1h' });
      await looked(ear);
      ear.hold();
      device.punch('1001');
      const outcome = await Promise.race([
        called.ended,
        new Promise((resolve) => setTimeout(resolve, 2000, 'still there')),
      ]);
      expect(outcome).toBe('still there');
      ear.release();
      device.punch('1002');
      await until(() => ear.kept.size === 2, { what: 'both punches' });
      device.isBeating = false;
      expect(await called.ended).toMatchObject({ reason: 'silent' });
    });
  });

  return terminals;
}

/** What is opened and called ends with its test. */
function terminalsOf<T extends CalledTerminal>({ open, clock }: TerminalMake<T>) {
  async function terminal(): Promise<T> {
    const opened = await open();
    onTestFinished(() => opened[Symbol.asyncDispose]());
    return opened;
  }

  const ending = <C extends Pick<Called, 'stop'>>(called: C): C => {
    onTestFinished(called.stop);
    return called;
  };
  const login = { username: 'admin', password: 'right' };
  /** `more`: options besides. */
  const once = (
    { url }: { readonly url: string },
    ear: Pick<ClockEar, 'listener'>,
    around: ClockSurroundings,
    more: object = {},
  ): Called => callOnce(clock({ url, every: '1s', ...login, ...more }, around), ear);
  const call = (...given: Parameters<typeof once>) => ending(once(...given));
  const keepCalling = (...given: Parameters<typeof once>) => ending(callAgain(() => once(...given)));

  return { terminal, call, keepCalling };
}
