/** Who may come in at the embedded broker, and what they may publish and read: each rule once. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  ALERT,
  closed,
  PUNCH,
  STATUS,
  startEmbedded,
  type TestBroker,
  type TestBrokerOptions,
} from '../support/embedded-broker.ts';
import { mosquittoClient } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

const brokers: TestBroker[] = [];

afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker[Symbol.asyncDispose]();
});

async function start(options: Partial<TestBrokerOptions> = {}): Promise<TestBroker> {
  const started = await startEmbedded({ commit: true, ...options });
  brokers.push(started);
  return started;
}

describe('coming in', () => {
  test.each(['mqttv31', 'mqttv311'])('a clock over %s, with a client id or without', async (version) => {
    const { log, publish } = await start();
    expect(await publish('clock-1', PUNCH, '-V', version, '-i', 'a-terminal-with-a-long-name')).toMatchObject({
      code: 0,
    });
    expect(await publish('clock-1', PUNCH, '-V', version)).toMatchObject({ code: 0 });
    expect(log.messages).toHaveLength(2);
  });

  test('clients with an empty client id are different clients', async () => {
    const { log, client } = await start();
    const devices = await Promise.all([1, 2].map(() => client('clock-1', { clientId: '', clean: true })));
    for (const device of devices) await device.publishAsync(PUNCH, 'x', { qos: 1 });
    expect(log.messages).toHaveLength(2);
  });

  test('MQTT 5 is refused in words of 3.1.1, so that a client can fall back', async () => {
    const { publish, refusals } = await start();
    const { code, err } = await publish('clock-1', PUNCH, '-V', 'mqttv5', '-i', 'terminal');
    expect(code).not.toBe(0);
    expect(err).toMatch(/protocol version/i);
    expect(refusals).toEqual([{ clientId: 'terminal', because: 'it speaks MQTT 5, and this broker 3.1 and 3.1.1' }]);
  });

  test.each([
    ['nobody', [], 'no user name was given'],
    ['a stranger', ['-u', 'clock-9', '-P', 'guessed'], 'there is no such user'],
    ['a clock with a wrong password', ['-u', 'clock-1', '-P', 'guessed'], 'the password for "clock-1" is wrong'],
    [
      'a clock with another’s password',
      ['-u', 'clock-1', '-P', 'second-secret'],
      'the password for "clock-1" is wrong',
    ],
    ['a clock without a password', ['-u', 'clock-1'], 'the password for "clock-1" is wrong'],
  ])('not %s', async (_name, credentials, because) => {
    const { log, login, refused, refusals } = await start();
    const args = [...login('', ...credentials), '-i', 'terminal', '-q', '1', '-t', PUNCH, '-m', 'x'];
    const { code, err } = await mosquittoClient('mosquitto_pub', args);
    expect(code).not.toBe(0);
    expect(err).toMatch(/bad user name or password/i);
    await refused(1);
    expect(refusals).toEqual([{ clientId: 'terminal', because }]);
    expect(log.messages).toEqual([]);
  });

  test('whoever gives no name, where anonymous clients are let in, but not with a wrong one', async () => {
    const { broker, log, client, publish } = await start({ anonymous: true });
    expect(await publish('', PUNCH)).toMatchObject({ code: 0 });
    expect(await publish('', 'zaigang/suixian/window/W01/presence')).toMatchObject({ code: 0 });
    expect((await publish('', ALERT)).code).not.toBe(0);
    expect((await publish('nobody', PUNCH)).code).not.toBe(0);
    expect(log.messages).toHaveLength(2);
    const reader = await client('');
    const read: string[] = [];
    reader.on('message', (topic) => void read.push(topic));
    await reader.subscribeAsync('#', { qos: 1 });
    await broker.publish(ALERT, 'told');
    await until(() => read.length > 0, { what: 'the alert' });
    expect(read).toEqual([ALERT]);
  });

  test('two users with one client id do not disturb each other; one user twice does', async () => {
    const { log, client } = await start();
    const first = await client('clock-1', { clientId: 'same' });
    const second = await client('clock-2', { clientId: 'same' });
    await first.publishAsync(PUNCH, 'first', { qos: 1 });
    const gone = closed(first);
    const third = await client('clock-1', { clientId: 'same' });
    await gone;
    await third.publishAsync(PUNCH, 'third', { qos: 1 });
    await second.publishAsync('zaigang/suixian/clock/clock-2/punch', 'second', { qos: 1 });
    expect(log.texts).toEqual(['first', 'third', 'second']);
  });

  test('no session outlives its connection', async () => {
    const { broker, client } = await start();
    const first = await client('screen', { clientId: 'screen', clean: false });
    await first.subscribeAsync(ALERT, { qos: 1 });
    await first.endAsync();
    await broker.publish(ALERT, 'while away');
    const again = await client('screen', { clientId: 'screen', clean: false });
    const read: string[] = [];
    again.on('message', (_topic, payload) => void read.push(payload.toString()));
    await again.subscribeAsync(ALERT, { qos: 1 });
    await broker.publish(ALERT, 'back');
    await until(() => read.length > 0, { what: 'an alert' });
    expect(read).toEqual(['back']);
  });
});

describe('publishing', () => {
  test.each([
    ['a clock its punches', 'clock-1', PUNCH],
    ['a clock its status', 'clock-1', STATUS],
    ['a clock anything below its own id', 'clock-1', 'zaigang/suixian/clock/clock-1/firmware/version'],
    ['a camera the presence of its window', 'cam-1', 'zaigang/suixian/window/W02/presence'],
    ['a user what is granted', 'screen', 'hall/notes'],
  ])('%s', async (_name, user, topic) => {
    const { publish, refusals } = await start();
    expect(await publish(user, topic)).toMatchObject({ code: 0 });
    expect(refusals).toEqual([]);
  });

  test.each([
    ['a clock the punches of another', 'clock-1', 'zaigang/suixian/clock/clock-2/punch'],
    ['a clock the punches of another hall', 'clock-1', 'zaigang/elsewhere/clock/clock-1/punch'],
    ['a clock where its id is only a beginning', 'clock-1', 'zaigang/suixian/clock/clock-10/punch'],
    ['a clock presence', 'clock-1', 'zaigang/suixian/window/W01/presence'],
    ['a clock alerts', 'clock-1', ALERT],
    ['a clock the daemon’s word', 'clock-1', 'zaigang/suixian/daemon'],
    ['a camera the presence of another’s window', 'cam-1', 'zaigang/suixian/window/W03/presence'],
    ['a camera more than presence', 'cam-1', 'zaigang/suixian/window/W01/presence/more'],
    ['a camera punches', 'cam-1', PUNCH],
    ['a user what is not granted', 'screen', 'hall/other'],
    ['a user punches', 'screen', PUNCH],
    ['a clock the broker’s own topics', 'clock-1', '$SYS/broker/uptime'],
  ])('not %s', async (_name, user, topic) => {
    const { log, publish, refused, refusals } = await start();
    expect((await publish(user, topic, '-i', 'terminal')).code).not.toBe(0);
    await refused(1);
    expect(refusals).toEqual([{ clientId: 'terminal', because: `"${user}" may not publish to "${topic}"` }]);
    expect(log.messages).toEqual([]);
  });

  test('only what leads to a door of the hall is heard', async () => {
    const { log, publish } = await start();
    await publish('clock-1', 'zaigang/suixian/clock/clock-1/firmware');
    await publish('screen', 'hall/notes');
    await publish('cam-1', 'zaigang/suixian/window/W01/presence');
    await publish('clock-1', PUNCH, '-r');
    expect(log.messages.map(({ topic, retained }) => [topic, retained])).toEqual([
      ['zaigang/suixian/window/W01/presence', false],
      [PUNCH, false],
    ]);
  });
});

describe('reading', () => {
  async function isGranted({ client }: TestBroker, user: string, filter: string): Promise<boolean> {
    const reader = await client(user);
    return new Promise((resolve) => {
      reader.subscribe(filter, { qos: 1 }, (_error, _granted, suback) => resolve(suback?.granted[0] === 1));
    });
  }

  test.each([
    ['a clock its own topics', 'clock-1', 'zaigang/suixian/clock/clock-1/#'],
    ['a clock one of its own topics', 'clock-1', 'zaigang/suixian/clock/clock-1/settings'],
    ['a user what is granted', 'screen', ALERT],
    ['a user a part of what is granted', 'screen', 'hall/+/notes'],
  ])('%s', async (_name, user, filter) => {
    const running = await start();
    expect(await isGranted(running, user, filter)).toBe(true);
    expect(running.refusals).toEqual([]);
  });

  test.each([
    ['a clock everything', 'clock-1', '#'],
    ['a clock every clock', 'clock-1', 'zaigang/suixian/clock/+/punch'],
    ['a clock the topics of another', 'clock-1', 'zaigang/suixian/clock/clock-2/#'],
    ['a clock alerts', 'clock-1', ALERT],
    ['a camera alerts', 'cam-1', ALERT],
    ['a camera its own window', 'cam-1', 'zaigang/suixian/window/W01/presence'],
    ['a user more than is granted', 'screen', 'zaigang/suixian/#'],
    ['a user the broker’s own topics', 'screen', '$SYS/#'],
    ['a user a share of what is granted', 'screen', `$share/group/${ALERT}`],
  ])('not %s', async (_name, user, filter) => {
    const running = await start();
    expect(await isGranted(running, user, filter)).toBe(false);
    expect(running.refusals).toMatchObject([{ because: `"${user}" may not subscribe to "${filter}"` }]);
  });

  test('not the broker’s own topics, even where everything is granted', async () => {
    const users = [{ id: 'screen', password: 'screen-secret', publish: ['#', '$SYS/#'], subscribe: ['#', '$SYS/#'] }];
    const running = await start({ users });
    expect(await isGranted(running, 'screen', '#')).toBe(true);
    expect(await isGranted(running, 'screen', '$SYS/#')).toBe(false);
    expect((await running.publish('screen', '$SYS/x')).code).not.toBe(0);
  });

  test('mosquitto_sub is told that it may not, and reads nothing', async () => {
    const { broker, login } = await start();
    await broker.publish(ALERT, 'kept', { retain: true });
    const { out, err } = await mosquittoClient('mosquitto_sub', login('clock-1', '-t', ALERT, '-C', '1'));
    expect(out).toBe('');
    expect(err).toMatch(/denied/i);
  });
});

describe('others are let in while it runs', () => {
  const CLOCKS = [{ id: 'clock-2', password: 'second-secret' }];

  test('who is new may come, who is gone is cut off with their last will, who stays goes on', async () => {
    const { broker, client, log, publish, refused, refusals } = await start();
    const will = { topic: STATUS, payload: Buffer.from('{"state":"offline"}'), qos: 1 as const };
    const gone = await client('clock-1', { will });
    const stays = await client('clock-2');
    const cut = closed(gone);
    const admit = broker.admit({ clocks: [...CLOCKS, { id: 'clock-3', password: 'guessed' }], sources: [], users: [] });
    expect(await publish('clock-3', 'zaigang/suixian/clock/clock-3/punch')).not.toMatchObject({ code: 0 });
    admit();
    await cut;
    await refused(2);
    expect(refusals.map(({ because }) => because)).toEqual([
      'there is no such user',
      'the account "clock-1" was taken away or changed',
    ]);
    expect(await publish('clock-3', 'zaigang/suixian/clock/clock-3/punch')).toMatchObject({ code: 0 });
    expect(await publish('clock-1', PUNCH)).not.toMatchObject({ code: 0 });
    await stays.publishAsync('zaigang/suixian/clock/clock-2/punch', 'y', { qos: 1 });
    expect(log.texts).toEqual(['x', 'y']);
  });

  test('another password cuts off; further rights come to who is there; an id twice changes nothing', async () => {
    const { broker, client, log } = await start();
    const one = await client('clock-1');
    const two = await client('clock-2');
    const cut = closed(one);
    const changed = [
      { id: 'clock-1', password: 'another' },
      { ...CLOCKS[0], topics: ['face/2/Rec'] },
    ];
    broker.admit({ clocks: changed as typeof CLOCKS, sources: [], users: [] })();
    await cut;
    await two.publishAsync('face/2/Rec', 'z', { qos: 1 });
    expect(log.texts).toEqual(['z']);
    expect(() => broker.admit({ clocks: [...CLOCKS, ...CLOCKS], sources: [], users: [] })).toThrow('two of its');
    await two.publishAsync('face/2/Rec', 'again', { qos: 1 });
    expect(log.texts).toEqual(['z', 'again']);
  });
});
