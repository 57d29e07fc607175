/** What comes in at the doors of a running daemon: the bad is kept aside with its reason, the good counts once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presenceTopic, punchTopic, statusTopic } from '../../adapters/topics.ts';
import { DAY_LENGTH, HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { diceOf } from '../oracle/dice.ts';
import { type Daemon, daemonOf, type Line } from '../support/daemon.ts';
import { type Mosquitto, mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { until } from '../support/until.ts';

const HALL = 'doors';
const NOW = Date.now();
const noon = noonAt(NOW);
/** The session began an hour ago and goes on for hours. */
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;

let broker: Mosquitto;
let daemon: Daemon;
beforeAll(async () => {
  broker = await mosquitto();
  daemon = daemonOf({
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { all: { weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) } },
      employees: [
        ...['e1', 'e2', 'e3', 'e4', 'e5'].map((id, i) => ({ id, schedule: 'all', credentials: [`100${i + 1}`] })),
        { id: 'e6', schedule: 'all' },
      ],
      windows: [{ id: 'W1', schedule: 'all', a: 'e1' }],
      rules: { settle: '1s', deliveryLag: '1s' },
      clocks: [{ id: 'clock-1' }, { id: 'clock-2', serves: ['e4'] }, { id: 'clock-3', serves: ['e3', 'e4'] }],
      mqtt: { url: broker.url },
    },
  });
  await daemon.startHearing();
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
});

/** Publishes one message with mosquitto_pub at QoS 1. */
async function publish(topic: string, payload: string | Uint8Array, ...more: string[]): Promise<void> {
  const body = payload.length === 0 ? '-n' : '-s';
  const args = ['-h', '127.0.0.1', '-p', `${broker.port}`, '-q', '1', '-t', topic, body, ...more];
  expect(await mosquittoClient('mosquitto_pub', args, payload)).toMatchObject({ code: 0 });
}

const punch = (credential: unknown, at: unknown, more: object = {}): string =>
  JSON.stringify({ credential, at, ...more });
const factsWhere = async (wanted: Line): Promise<Line[]> =>
  (await daemon.facts()).filter((fact) => Object.entries(wanted).every(([key, value]) => fact[key] === value));
const arrived = (wanted: Line): Promise<unknown> =>
  until(async () => (await factsWhere(wanted)).length > 0, { what: `a fact with ${JSON.stringify(wanted)}` });
/** What is said now of a person, and why it is pending. */
async function saidOf(employee: string): Promise<readonly (readonly [unknown, unknown, unknown])[]> {
  const verdicts = (await daemon.verdicts()).filter((verdict) => verdict['employee'] === employee);
  return verdicts.map(({ rule, state, because }) => [rule, state, because]);
}

const PUNCH = punchTopic(HALL, 'clock-1');
const STATUS = statusTopic(HALL, 'clock-1');
const GARBAGE = (() => {
  const dice = diceOf(64);
  return Uint8Array.from({ length: 65_536 }, () => dice.between(0, 255));
})();

/** Topic, payload, and the reason that it is kept with. */
const BAD: readonly (readonly [what: string, topic: string, payload: string | Uint8Array, because: RegExp])[] = [
  ['broken JSON', PUNCH, '{"credential":"1001","at":', /not JSON/],
  ['nothing', PUNCH, '', /empty/],
  ['64 KiB of garbage', PUNCH, GARBAGE, /not valid UTF-8/],
  ['64 KiB of text', PUNCH, 'x'.repeat(65_536), /65536 bytes.*not JSON/],
  ['more than that', PUNCH, 'x'.repeat(65_537), /65537 bytes; expected at most 65536/],
  ['a hill of brackets', PUNCH, `${'['.repeat(30_000)}${']'.repeat(30_000)}`, /a list/],
  ['null', PUNCH, 'null', /null/],
  ['invalid UTF-8', PUNCH, Buffer.from([0x22, 0xff, 0xfe, 0x22]), /not valid UTF-8/],
  ['a list as credential', PUNCH, punch(['1001'], stamp(NOW)), /"credential" is a list/],
  ['no credential', PUNCH, punch(undefined, stamp(NOW)), /"credential" is missing/],
  ['a number as time', PUNCH, punch('1001', 1_700_000_000), /"at" is 1700000000; expected a time with an offset/],
  ['a time without offset', PUNCH, punch('1001', '2026-03-02T08:55:10'), /"at" is .*; expected a time with an offset/],
  ['a text as sequence', PUNCH, punch('1001', stamp(NOW), { seq: '7' }), /"seq" is "7"; expected a whole number/],
  ['a punch of 2000-01-01', PUNCH, punch('1001', '2000-01-01T00:00:00+08:00'), /too old.*lost its time/],
  ['a punch of tomorrow', PUNCH, punch('1001', stamp(NOW + DAY_LENGTH)), /from the future.*14\d\d min ahead/],
  ['a status of tomorrow', STATUS, JSON.stringify({ state: 'online', at: stamp(NOW + DAY_LENGTH) }), /from the future/],
  ['a word in our own name', statusTopic(HALL, 'daemon'), '{"state":"offline"}', /that is the program itself/],
  ['an unknown state', STATUS, '{"state":"asleep"}', /"state" is "asleep"; expected "online" or "offline"/],
  [
    'an unknown window',
    presenceTopic(HALL, 'W99'),
    JSON.stringify({ state: 'empty', at: stamp(NOW) }),
    /no window is called "W99"/,
  ],
  [
    'an unknown seat state',
    presenceTopic(HALL, 'W1'),
    JSON.stringify({ state: 'maybe', at: stamp(NOW) }),
    /"state" is "maybe"; expected "occupied"/,
  ],
];

test('what cannot be understood is kept with its reason, and the stream goes on', async () => {
  for (const [, topic, payload] of BAD) await publish(topic, payload);
  // The same once more: it only counts up.
  await publish(PUNCH, BAD[0]?.[2] ?? '');
  await publish(PUNCH, punch('1001', stamp(BEGAN - 5 * MINUTE), { seq: 1 }));
  await arrived({ credential: '1001' });

  const rejects = await daemon.rejects();
  const found = BAD.map(([what, topic, payload]) => {
    const base64 = Buffer.from(payload).toString('base64');
    const reject = rejects.find((one) => one['topic'] === topic && one['payload'] === base64);
    return { what, because: reject?.['because'], times: reject?.['times'] };
  });
  expect(found).toEqual(
    BAD.map(([what, , , because], i) => ({ what, because: expect.stringMatching(because), times: i === 0 ? 2 : 1 })),
  );
  expect(rejects).toHaveLength(BAD.length);
  expect(await daemon.metric('zaigang_messages_rejected_total')).toBe(BAD.length + 1);
  expect((await daemon.facts()).filter(({ fact }) => fact === 'punch' || fact === 'presence')).toHaveLength(1);
  expect(await saidOf('e1')).toEqual([]);
  const { ready, checks } = await daemon.readiness();
  expect(ready).toBe(true);
  // Nothing is behind where nothing is shipped.
  expect(checks).toContainEqual({ name: 'series', ok: true, detail: 'kept in the ledger' });
  expect(daemon.stray).toBe('');
  expect(JSON.stringify(daemon.log), 'credentials stay out of the log').not.toContain('1001');
});

test('a punch counts once, however often and by whomever it is delivered', async () => {
  const repeatedBefore = await daemon.metric('zaigang_messages_repeated_total');
  const same = punch('1002', stamp(BEGAN - 10 * MINUTE), { seq: 7 });
  for (let i = 0; i < 5; i++) await publish(PUNCH, same);
  // Written otherwise, the same: keys in another order, another offset, more keys.
  const local = `${new Date(BEGAN - 10 * MINUTE + 8 * HOUR).toISOString().slice(0, 19)}+08:00`;
  await publish(PUNCH, JSON.stringify({ seq: 7, firmware: 'v3', at: local, credential: 1002 }));
  // A known number with another time is a new touch: the clock was reset. So is another number with the same time.
  await publish(PUNCH, punch('1002', stamp(BEGAN - 9 * MINUTE), { seq: 7 }));
  await publish(PUNCH, punch('1002', stamp(BEGAN - 9 * MINUTE), { seq: 8 }));
  await until(async () => (await factsWhere({ credential: '1002' })).length >= 3, { what: 'three touches' });
  const kept = await factsWhere({ credential: '1002' });
  expect(kept.map(({ at, seq }) => [Date.parse(String(at)) - BEGAN, seq])).toEqual([
    [-10 * MINUTE, 7],
    [-9 * MINUTE, 7],
    [-9 * MINUTE, 8],
  ]);
  expect(await daemon.metric('zaigang_messages_repeated_total')).toBe(repeatedBefore + 5);
  // The same touch with another word about it is kept aside, not lost.
  await publish(PUNCH, punch('1002', stamp(BEGAN - 10 * MINUTE), { seq: 7, method: 'card' }));
  await until(async () => (await daemon.rejects()).some(({ because }) => /same identity/.test(String(because))), {
    what: 'the contradiction in the reject list',
  });
  expect(await factsWhere({ credential: '1002' })).toHaveLength(3);
});

test('a clock that is not in the configuration proves presence too', async () => {
  expect(await saidOf('e5')).toEqual([['absent', 'open', undefined]]);
  await publish(punchTopic(HALL, 'clock-new'), punch('1005', stamp(BEGAN - MINUTE)));
  await arrived({ device: 'clock-new' });
  expect(await saidOf('e5')).toEqual([]);
});

test('a punch by an unknown credential waits, and counts once somebody says whose it is', async () => {
  await publish(PUNCH, punch('9', stamp(BEGAN - 2 * MINUTE), { seq: 99 }));
  await arrived({ credential: '9' });
  expect(await saidOf('e6')).toEqual([['absent', 'open', undefined]]);
  await daemon.import([
    { fact: 'credential', id: 'm1', employee: 'e6', credential: '9', from: stamp(BEGAN - HOUR), to: null },
  ]);
  expect(await saidOf('e6')).toEqual([]);
  const last = (await daemon.history()).findLast(({ employee }) => employee === 'e6');
  expect(last).toMatchObject({ op: 'retract', rule: 'absent', cause: { facts: ['m1'] } });
  expect(await factsWhere({ credential: '9', fact: 'punch' })).toHaveLength(1);
});

describe('the word of a clock on itself', () => {
  const states = async (device: string): Promise<(readonly [unknown, number])[]> =>
    (await factsWhere({ fact: 'device', device })).map(({ state, at }) => [state, Date.parse(String(at))] as const);

  test('is a fact, at the instant that it names or at which the clock was last heard', async () => {
    const status = statusTopic(HALL, 'clock-2');
    const at = NOW - 20 * MINUTE;
    await publish(status, JSON.stringify({ state: 'online', at: stamp(at), count: 12 }), '-r');
    await publish(status, JSON.stringify({ state: 'offline', at: stamp(at + MINUTE) }), '-r');
    await publish(status, JSON.stringify({ state: 'online', at: stamp(at + 2 * MINUTE) }), '-r');
    const sentAt = Date.now();
    await publish(punchTopic(HALL, 'clock-2'), punch('1004', stamp(BEGAN - MINUTE)));
    await arrived({ device: 'clock-2', fact: 'punch' });
    const heardBy = Date.now();
    await publish(status, '{"state":"offline"}', '-r');
    const heard = await until(
      async () => {
        const said = await states('clock-2');
        return said.length >= 4 && said;
      },
      { what: 'four words of clock-2' },
    );
    expect(heard.map(([state]) => state)).toEqual(['online', 'offline', 'online', 'offline']);
    expect(heard[1]?.[1], 'heard after the time that it names: it lived until then').toBeGreaterThanOrEqual(
      at + MINUTE,
    );
    expect(heard[3]?.[1]).toBeGreaterThanOrEqual(sentAt - SECOND);
    expect(heard[3]?.[1]).toBeLessThanOrEqual(heardBy);
  });

  test('that the broker has kept says nothing new after a restart', async () => {
    const before = await states('clock-2');
    expect(await daemon.stop()).toBe(0);
    await daemon.startHearing();
    expect(await states('clock-2')).toEqual(before);
  });

  test('spoken by its last will keeps people from being accused, until proved to have recorded', async () => {
    await until(async () => (await saidOf('e3'))[0]?.[1] === 'open', { what: 'the restart to settle' });
    const clock = spawn('mosquitto_pub', [
      ...['-h', '127.0.0.1', '-p', `${broker.port}`, '-q', '1', '-r', '-t', statusTopic(HALL, 'clock-3'), '-l'],
      ...['--will-topic', statusTopic(HALL, 'clock-3'), '--will-payload', '{"state":"offline"}'],
      ...['--will-qos', '1', '--will-retain'],
    ]);
    const onlineAt = Date.now();
    clock.stdin.write(`${JSON.stringify({ state: 'online', at: stamp(onlineAt) })}\n`);
    await arrived({ device: 'clock-3', state: 'online' });
    const gone = once(clock, 'exit');
    clock.kill('SIGKILL');
    await gone;
    await arrived({ device: 'clock-3', state: 'offline' });
    const offlineAt = (await states('clock-3')).at(-1)?.[1] ?? 0;
    expect(offlineAt, 'not before it was heard').toBeGreaterThanOrEqual(onlineAt);
    expect(offlineAt).toBeLessThanOrEqual(Date.now());
    const pending = ['absent', 'pending', 'uncovered'];
    await until(async () => (await saidOf('e3'))[0]?.[1] === 'pending', { what: 'a pending verdict' });
    expect(await saidOf('e3')).toEqual([pending]);
    expect(await saidOf('e1'), 'whom this clock does not serve is not concerned').toEqual([]);

    const backAt = Date.now();
    await publish(statusTopic(HALL, 'clock-3'), JSON.stringify({ state: 'online', at: stamp(backAt) }), '-r');
    await until(() => Date.now() > backAt + 2 * SECOND, { what: 'the outage to settle' });
    expect(await saidOf('e3'), 'back, but nothing proves that it kept recording').toEqual([pending]);
    await publish(punchTopic(HALL, 'clock-3'), punch('1004', stamp(offlineAt + 1), { seq: 5 }));
    await arrived({ device: 'clock-3', fact: 'punch' });
    await until(async () => (await saidOf('e3'))[0]?.[1] === 'open', { what: 'the verdict to hold again' });
  });
});
