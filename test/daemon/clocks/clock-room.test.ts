/** Clocks of some make, opened and supervised: heard, silent, away and back, tried again, and never the end of the others. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClockDelivery, ClockListener, ClockLoss, ConnectedClock } from '../../../adapters/clock.ts';
import { LoginGate } from '../../../adapters/login-gate.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { ClockRoom } from '../../../daemon/clocks/clock-room.ts';
import { DeviceBook } from '../../../daemon/clocks/device-book.ts';
import { DAY_LENGTH, HOUR, MINUTE, offsetAt, SECOND } from '../../../rules/time.ts';
import { type JumpingClock, jumpingClock } from '../../support/rtsp-hall.ts';
import { until } from '../../support/until.ts';

const ZONE = zoneTable('Asia/Shanghai');
const config = (id: string) => ({ id, profile: { kind: 'mqtt-json' }, timezone: null }) as never;

let clock: JumpingClock;
let said: { device: string; state: string; at: number }[];
let delivered: ClockDelivery[];
let faults: string[];
let refused: string[];
let logged: { readonly phrase: string; readonly [field: string]: unknown }[];
let devices: DeviceBook;
let room: ClockRoom | null;
let isWorkday = true;

beforeEach(() => {
  clock = jumpingClock();
  isWorkday = true;
  [said, delivered, faults, refused, logged] = [[], [], [], [], []];
  devices = new DeviceBook({
    now: () => clock.now(),
    limits: { correctFromMs: 10 * SECOND, steppedMs: 30 * SECOND, mostMs: 24 * HOUR },
    floodPerSecond: 500,
    memory: () => ({ get: () => null, set: () => {} }),
    zone: () => ZONE,
    isWorkday: () => isWorkday,
    stirred: () => {},
    began: ({ device, code, detail }) => void faults.push(`${device} ${code} ${detail}`.trim()),
    ended: (device, code) => void faults.push(`${device} ${code} over`),
  });
});
afterEach(() => room?.stop());

function open(clocks: Readonly<Record<string, ConnectedClock>>, awayFrom: number | null = null): ClockRoom {
  const log = { error: (fields: object, phrase: string) => void logged.push({ ...fields, phrase }) };
  const silent = { ...log, warn: () => {}, info: () => {}, debug: () => {} };
  const opened = new ClockRoom({
    hall: 'h',
    clocks: Object.keys(clocks).map(config),
    connect: (_profile, { device }) => clocks[device] ?? null,
    zoneOf: () => ZONE,
    around: { clock, random: () => 0.5, gate: new LoginGate(clock), tellsTime: () => true },
    memory: () => ({ get: () => null, set: () => {} }),
    intake: {
      async deliver(_device, _door, delivery) {
        delivered.push(delivery);
      },
      async state(device, _door, state, at) {
        said.push({ device, state, at });
        if (state !== 'complete') devices.is(device, state);
      },
      async refuse(_door, { topic, payload }, because) {
        refused.push(`${topic} ${Buffer.from(payload)} ${because}`);
      },
    },
    formerOf: (topic) => (topic === 'face/9/Rec' ? 'k9' : null),
    isAway: (device) => said.findLast((one) => one.device === device)?.state === 'offline',
    unusualSince: (device, silentFrom) => devices.unusualSince(device, silentFrom),
    devices,
    publish: async () => {},
    isLive: () => true,
    log: silent,
  });
  room = opened;
  opened.prepare();
  opened.start(awayFrom);
  return opened;
}

/** The listener of a clock that is only ever spoken for by the test. */
function heard(opened: ClockRoom, id: string): ClockListener {
  const found = opened.open.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no clock ${id}`);
  return found.listener;
}

function opened(): ClockRoom {
  if (room === null) throw new Error('no room is open');
  return room;
}

const pushes: ConnectedClock = { silenceMs: 2 * MINUTE };
const second = (at: number): number => Math.round(at / SECOND);

describe('a clock that pushes', () => {
  test('is away from its last word on, and back with the next', () => {
    const opened = open({ k1: pushes });
    heard(opened, 'k1').heard();
    const lastAt = clock.now();
    clock.jump(3 * MINUTE);
    expect(said.map(({ state, at }) => [state, second(at)])).toEqual([['offline', second(lastAt)]]);
    expect(devices.reading('k1')).toMatchObject({ state: 'offline' });
    heard(opened, 'k1').heard();
    expect(said.at(-1)).toMatchObject({ state: 'online' });
    expect(second(said.at(-1)?.at ?? 0)).toBe(second(clock.now()));
    expect(faults).toEqual(['k1 offline', 'k1 offline over']);
  });

  test('that spoke while nobody listened is not said to have been away', () => {
    const opened = open({ k1: pushes }, clock.now() - HOUR);
    heard(opened, 'k1').heard();
    clock.jump(MINUTE);
    expect(said).toEqual([]);
  });

  test('and is silent after a start has been away since nobody listened, before our own absence is over', () => {
    const awayFrom = clock.now() - HOUR;
    open({ k1: { silenceMs: HOUR } }, awayFrom);
    clock.jump(4 * MINUTE + 2 * SECOND);
    expect(said).toEqual([{ device: 'k1', state: 'offline', at: awayFrom }]);
  });

  test('that had gone away before we did is back with its first word, and is not said twice to have gone', () => {
    said.push({ device: 'k1', state: 'offline', at: 0 }, { device: 'k2', state: 'offline', at: 0 });
    const opened = open({ k1: pushes, k2: pushes }, clock.now() - HOUR);
    heard(opened, 'k1').heard();
    clock.jump(3 * MINUTE);
    expect(said.slice(2).map(({ device, state }) => `${device} ${state}`)).toEqual(['k1 online', 'k1 offline']);
    expect(devices.reading('k2').state).toBe('offline');
  });

  test('a delivery is a word as well, and is durable when it says so', async () => {
    const opened = open({ k1: pushes });
    await heard(opened, 'k1').deliver({ records: [] });
    expect([delivered.length, devices.reading('k1').state]).toEqual([1, 'online']);
  });

  test('tells that everything is in', () => {
    const opened = open({ k1: pushes });
    heard(opened, 'k1').gap({ from: 3, to: 5, isAskedFor: true });
    expect(devices.reading('k1').gaps).toHaveLength(1);
    heard(opened, 'k1').complete(clock.now());
    expect(said.map(({ state }) => state)).toEqual(['complete']);
    expect(faults).toEqual(['k1 gap 3–5', 'k1 gap over']);
  });
});

describe('a clock that says nothing of itself', () => {
  const stranger: ConnectedClock = { silenceMs: null };
  const morning = (): number => Math.floor(clock.now() / DAY_LENGTH) * DAY_LENGTH + DAY_LENGTH;
  const goTo = (at: number): void => void clock.jump(at - clock.now());
  /** People touch it from half past seven on, by the zone of the hall. */
  const day = (touches: number): void => {
    const begin = morning() - offsetAt(ZONE, morning()) + 7.5 * HOUR;
    for (let i = 0; i < touches; i++) {
      goTo(begin + i * 5 * MINUTE);
      devices.came('k1');
      devices.punched('k1', { at: clock.now(), isMatched: true });
      if (room !== null) heard(room, 'k1').heard();
    }
  };
  const states = (): string[] => said.map(({ state }) => state);

  test('is not away because nobody touches it, whatever the hour', () => {
    open({ k1: stranger });
    for (let i = 0; i < 12; i++) day(30);
    // The evening, and days on which nobody is to come.
    clock.jump(10 * HOUR);
    isWorkday = false;
    for (let hours = 0; hours < 48; hours += 2) clock.jump(2 * HOUR);
    expect([devices.reading('k1').state, said]).toEqual(['online', []]);
  });

  test('is away where it is silent when it has always spoken, from its last word or the beginning of the day on', () => {
    open({ k1: stranger });
    for (let i = 0; i < 6; i++) day(30);
    day(4);
    const last = clock.now();
    clock.jump(HOUR);
    expect(said).toEqual([{ device: 'k1', state: 'offline', at: expect.closeTo(last, -3) }]);
    heard(opened(), 'k1').heard();
    expect(states()).toEqual(['offline', 'online']);
  });

  test('is given the benefit of the doubt where it speaks little, or is new', () => {
    open({ k1: stranger });
    for (let i = 0; i < 4; i++) day(30);
    day(1);
    clock.jump(2 * HOUR);
    for (let i = 0; i < 9; i++) day(2);
    day(0);
    clock.jump(20 * HOUR);
    expect(states()).toEqual([]);
  });

  test('or its last will, says that it goes', () => {
    open({ k1: stranger });
    heard(opened(), 'k1').heard();
    clock.jump(2 * HOUR);
    heard(opened(), 'k1').heard({ isLeaving: true });
    expect(said).toEqual([{ device: 'k1', state: 'offline', at: expect.closeTo(clock.now() - 15 * MINUTE, -3) }]);
  });
});

describe('a clock that we call', () => {
  const calls = (
    answers: readonly (ClockLoss | { againAfterMs: number } | Error)[],
  ): ConnectedClock & { times: number } => ({
    silenceMs: HOUR,
    times: 0,
    async listen(listener, signal) {
      const answer = answers[this.times++];
      if (answer instanceof Error) throw answer;
      if (answer !== undefined) return answer;
      listener.heard();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { reason: 'ended', detail: '' };
    },
  });

  test('is tried again after growing pauses, also where our own code failed', async () => {
    const away = { reason: 'offline', detail: 'nobody answers' } as const;
    const k1 = calls([away, new Error('bug'), away]);
    const opened = open({ k1, k2: pushes });
    const isTried = (): boolean => {
      clock.jump(5 * MINUTE);
      return k1.times === 4;
    };
    await until(isTried, { timeoutMs: 5000, what: 'the fourth try' });
    await until(() => devices.reading('k1').state === 'online', { timeoutMs: 5000, what: 'it is heard' });
    expect(devices.reading('k1').loss).toBeNull();
    expect(logged).toMatchObject([
      { phrase: 'reading a clock failed', because: 'Error: bug', stack: expect.stringMatching(/\n +at .*clock-room/) },
    ]);
    heard(opened, 'k2').heard();
    expect(devices.reading('k2').state).toBe('online');
  });

  test('that refuses our login is left alone for minutes, and is said to', async () => {
    const k1 = calls([{ reason: 'wrong-login', detail: 'password' }]);
    open({ k1 });
    await until(() => faults.length > 0, { timeoutMs: 5000, what: 'the fault' });
    expect(faults).toEqual(['k1 wrong-login password']);
    clock.jump(MINUTE);
    expect(k1.times).toBe(1);
    clock.jump(5 * MINUTE);
    await until(() => k1.times === 2, { timeoutMs: 5000, what: 'the second try' });
    await until(() => faults.includes('k1 wrong-login over'), { timeoutMs: 5000, what: 'the end of the fault' });
  });

  test('that is only visited now and then is no loss', async () => {
    const k1 = calls([{ againAfterMs: 10 * MINUTE }]);
    open({ k1 });
    await until(() => k1.times === 1, { timeoutMs: 5000, what: 'the first visit' });
    const isVisited = (): boolean => {
      clock.jump(11 * MINUTE);
      return k1.times === 2;
    };
    await until(isVisited, { timeoutMs: 5000, what: 'the second visit' });
    expect(faults).toEqual([]);
  });
});

describe('by another configuration', () => {
  test('what is the same goes on, what has gone is ended', async () => {
    let ended = 0;
    const called: ConnectedClock = {
      silenceMs: HOUR,
      async listen(_listener, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended++;
        return { reason: 'ended', detail: '' };
      },
    };
    const opened = open({ k1: called, k2: called });
    const before = opened.open[1];
    const plan = opened.plan([config('k2')]);
    expect([ended, opened.open.length]).toEqual([0, 2]);
    await plan.take();
    expect([ended, opened.open[0] === before]).toEqual([1, true]);
  });
});

describe('by the broker', () => {
  test('a message goes to the clock that is heard there, is acknowledged when it is durable, and answered after that', async () => {
    const order: string[] = [];
    let keep = (): void => {};
    const kept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    const opened = open({
      k1: {
        ...pushes,
        mqtt: {
          topics: ['face/7/#'],
          async message() {
            await kept;
            return [{ topic: 'face/7', payload: 'ok' }];
          },
        },
      },
    });
    const message = { topic: 'face/7/Rec', payload: new Uint8Array(), retained: false };
    expect(opened.message({ ...message, topic: 'face/8/Rec' }, () => {})).toBe(false);
    expect(opened.message(message, () => order.push('acknowledged'))).toBe(true);
    await Promise.resolve();
    expect(order).toEqual([]);
    keep();
    await until(() => order.length === 1, { timeoutMs: 5000, what: 'the acknowledgement' });
  });

  test('what a clock sent that has been taken out of the configuration is kept aside without a name, and acknowledged', async () => {
    const payload = Buffer.from('{"info":{"customId":"1001","persionName":"宋岩","RecordID":"7"}}');
    const acknowledged = new Promise<void>((resolve) => {
      expect(open({}).message({ topic: 'face/9/Rec', payload, retained: false }, resolve)).toBe(true);
    });
    await acknowledged;
    expect(refused).toEqual([expect.stringMatching(/^face\/9\/Rec .*"1001".*the clock k9, .* was taken out/)]);
    expect(refused.join()).not.toContain('宋岩');
  });
});

describe('what is known of a device', () => {
  test('several that agree with each other and not with us make us doubt our own clock', () => {
    for (const id of ['k1', 'k2']) devices.said(id, { deviceAt: clock.now() + 10 * MINUTE });
    expect(devices.trueTime('k1', clock.now())).toBeCloseTo(clock.now(), -2);
    expect(faults.map((fault) => fault.replace(/\d+$/, ''))).toContain('k2 host-clock -');
    devices.said('k3', { deviceAt: clock.now() });
    devices.said('k1', { deviceAt: clock.now() + 10 * MINUTE });
    expect(devices.reading('k1').faults.map(({ code }) => code)).toEqual(['clock-off']);
    expect(devices.trueTime('k1', clock.now())).toBeCloseTo(clock.now() - 10 * MINUTE, -2);
  });

  test('a flood lasts ten seconds before it is one', () => {
    for (let s = 0; s < 14; s++) {
      for (let i = 0; i < 600; i++) devices.came('k1');
      if (s < 9) expect(faults).toEqual([]);
      clock.jump(SECOND);
    }
    expect(faults).toEqual([expect.stringMatching(/^k1 flood \d+$/)]);
  });

  test('numbers that fall again and again come from two devices', () => {
    for (const [i, seq] of [100, 5, 101, 6, 102, 7].entries()) {
      devices.punched('k1', { seq, at: clock.now() + i, isMatched: true });
    }
    expect(faults).toEqual(['k1 two-devices 102 → 7']);
  });

  test('of two devices under one id nothing began anew, however many punches they send; later one may', () => {
    const punched = (seq: number): boolean => devices.punched('k1', { seq, at: clock.now(), isMatched: true });
    let began = 0;
    for (let i = 0; i < 100_000; i++) {
      clock.jump(1);
      if (punched(i % 2 === 0 ? 200_000 + i : i)) began++;
    }
    expect(began).toBe(2);
    expect(faults).toEqual(['k1 two-devices 200004 → 5']);
    clock.jump(HOUR);
    expect(punched(1)).toBe(true);
    // Of one that is alone for a day nobody says so any more.
    clock.jump(DAY_LENGTH - 1);
    expect(punched(2)).toBe(false);
    expect(faults).toHaveLength(1);
    clock.jump(1);
    expect(punched(3)).toBe(false);
    expect(faults.slice(1)).toEqual(['k1 two-devices over']);
  });

  test('what it counted and did not come is missing when it is so twice', () => {
    devices.said('k1', { count: 100 });
    devices.punched('k1', { at: clock.now(), isMatched: true });
    devices.said('k1', { count: 103 });
    expect(faults).toEqual([]);
    devices.said('k1', { count: 103 });
    expect(faults).toEqual(['k1 missing 2']);
    for (let i = 0; i < 2; i++) devices.punched('k1', { at: clock.now() + i, isMatched: true });
    devices.said('k1', { count: 103 });
    expect(faults.at(-1)).toBe('k1 missing over');
  });
});

test('numbers that do not come are named, and no longer once they have come or the clock counts anew', () => {
  const numbered = (seq: number): void => {
    clock.jump(MINUTE);
    devices.punched('c', { seq, at: clock.now(), isMatched: true });
    devices.numbered('c', seq);
  };
  for (const seq of [1, 2, 5, 6]) numbered(seq);
  expect(faults).toEqual(['c gap-left 3–4']);
  expect(devices.reading('c').gaps).toEqual([{ from: 3, to: 4, isAskedFor: false }]);
  for (const seq of [3, 4]) devices.numbered('c', seq);
  expect(faults.at(-1)).toBe('c gap-left over');
  for (const seq of [9, 10, 1]) numbered(seq);
  expect(faults.slice(2)).toEqual(['c gap-left 7–8', 'c gap-left over']);
});
