/** The embedded broker, with mqtt.js and the clients of Mosquitto as its devices, and bare sockets where they are too polite. */
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { brokerLog } from '../support/broker-log.ts';
import {
  ACCOUNTS,
  ALERT,
  closed,
  PASSWORDS,
  PUNCH,
  STATUS,
  startEmbedded,
  type TestBroker,
  type TestBrokerOptions,
} from '../support/embedded-broker.ts';
import { mosquittoClient } from '../support/mosquitto.ts';
import { mqttTap } from '../support/mqtt-tap.ts';
import { until } from '../support/until.ts';

const disposables: AsyncDisposable[] = [];

afterEach(async () => {
  for (const disposable of disposables.splice(0).reverse()) await disposable[Symbol.asyncDispose]();
});

async function start(options: TestBrokerOptions): Promise<TestBroker> {
  const started = await startEmbedded(options);
  disposables.push(started);
  return started;
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

describe('acknowledgements', () => {
  test('none before commit, then in the order of receipt, whatever the order of commits', async () => {
    const { log, port, client, heard } = await start({ commit: false });
    const tap = await mqttTap(port);
    disposables.push(tap);
    const device = await client('clock-1', { port: Number(new URL(tap.url).port) });
    const published = texts(4).map((text) => device.publishAsync(PUNCH, text, { qos: 1 }));
    const all = Promise.all(published);
    await heard(4);
    const [a, b, c, d] = log.messages;
    for (const message of [d, b]) message?.committed();
    // Asked after the messages, and answered while they wait: there is no way for a PUBACK still to be under way.
    await device.subscribeAsync(STATUS, { qos: 1 });
    const pubacks = () => tap.packets.filter(({ from, type }) => from === 'broker' && type === 4).map(({ id }) => id);
    expect(pubacks()).toEqual([]);
    a?.committed();
    await Promise.all(published.slice(0, 2));
    await device.subscribeAsync('zaigang/suixian/clock/clock-1/settings', { qos: 1 });
    expect(pubacks()).toHaveLength(2);
    c?.committed();
    await all;
    const sent = tap.packets.filter(({ from, type }) => from === 'client' && type === 3).map(({ id }) => id);
    expect(pubacks()).toEqual(sent);
    expect(log.texts).toEqual(texts(4));
  });

  test('eight clients, one message at a time each, share commits', async () => {
    const { log, client, heard } = await start({ commit: false });
    const rounds = 20;
    const devices = await Promise.all(texts(8).map(() => client('clock-1')));
    const sending = devices.map(async (device, n) => {
      for (let round = 0; round < rounds; round++) await device.publishAsync(PUNCH, `${n} ${round}`, { qos: 1 });
    });
    for (let round = 0; round < rounds; round++) {
      await heard(8 * (round + 1));
      for (const message of log.messages.slice(8 * round)) message.committed();
    }
    await Promise.all(sending);
    expect(log.messages).toHaveLength(8 * rounds);
    for (let n = 0; n < 8; n++) {
      const own = log.texts.filter((text) => text.startsWith(`${n} `));
      expect(own).toEqual(texts(rounds).map((round) => `${n} ${round}`));
    }
  });

  test('a client with hundreds under way has them committed together, in its order', async () => {
    const { log, client, heard } = await start({ commit: false });
    const device = await client('clock-1');
    const published = Promise.all(texts(900).map((text) => device.publishAsync(PUNCH, text, { qos: 1 })));
    await heard(900);
    for (const message of log.messages) message.committed();
    await published;
    expect(log.texts).toEqual(texts(900));
  });

  test('a client is answered its pings while its messages wait', async () => {
    const { log, client, heard } = await start({ commit: false });
    const device = await client('clock-1', { keepalive: 1 });
    let pongs = 0;
    device.on('packetreceive', ({ cmd }) => {
      if (cmd === 'pingresp') pongs++;
    });
    const published = device.publishAsync(PUNCH, 'x', { qos: 1 });
    await heard(1);
    await until(() => pongs >= 2, { what: 'two answers to pings' });
    log.messages[0]?.committed();
    await published;
  });

  test('what is not committed is not read without end', async () => {
    const { log, client, heard, publish } = await start({ commit: false });
    const device = await client('clock-1');
    let acknowledged = 0;
    for (const text of texts(20_000)) {
      device.publish(PUNCH, text.padEnd(100), { qos: 1 }, (error) => {
        if (!error) acknowledged++;
      });
    }
    await heard(1000);
    // Two whole turns of another client through the broker, and nothing more was taken between them.
    await publish('clock-2', 'zaigang/suixian/clock/clock-2/other');
    const held = log.messages.length;
    await publish('clock-2', 'zaigang/suixian/clock/clock-2/other');
    expect(log.messages.length).toBe(held);
    expect(held).toBeLessThan(3000);
    expect(acknowledged).toBe(0);
    for (let next = 0; next < 20_000; next++) {
      if (next >= log.messages.length) await heard(next + 1);
      log.messages[next]?.committed();
    }
    await until(() => acknowledged === 20_000, { what: 'all acknowledgements' });
    expect(log.texts.map((text) => text.trim())).toEqual(texts(20_000));
  });

  test('a commit after the device has gone, or the broker, does no harm', async () => {
    const { broker, log, client, heard, refusals } = await start({ commit: false });
    const device = await client('clock-1');
    device.publish(PUNCH, 'before', { qos: 1 });
    await heard(1);
    device.stream.destroy();
    await closed(device);
    log.messages[0]?.committed();
    const again = await client('clock-1');
    again.publish(PUNCH, 'again', { qos: 1 });
    await heard(2);
    await broker.stop();
    log.messages[1]?.committed();
    await new Promise(setImmediate);
    expect(refusals).toEqual([]);
  });

  test('a message of QoS 0 or 2 is heard as well', async () => {
    const { log, heard, login } = await start({ commit: true });
    for (const qos of ['0', '2']) {
      const args = login('clock-1', '-q', qos, '-t', PUNCH, '-m', qos);
      expect(await mosquittoClient('mosquitto_pub', args)).toMatchObject({ code: 0 });
    }
    await heard(2);
    expect(log.texts).toEqual(['0', '2']);
  });
});

describe('starting and stopping', () => {
  test('it is connected and drained at once, on the port that it names', async () => {
    const { broker, log, port } = await start({ commit: true });
    expect(log.connections).toEqual([true]);
    expect(log.drains).toEqual([0]);
    expect(port).toBeGreaterThan(0);
    await broker.stop();
    expect(broker.port).toBe(null);
    await expect(broker.publish(ALERT, '{}')).rejects.toMatchObject({ name: 'BrokerError', retry: true });
  });

  test('a port that is taken is an error that may pass', async () => {
    const { port } = await start({ commit: true });
    const log = brokerLog({ commit: true });
    const second = embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port, ...ACCOUNTS });
    await expect(second.start(log)).rejects.toMatchObject({
      name: 'BrokerError',
      retry: true,
      message: expect.stringContaining(`the embedded broker cannot listen at 127.0.0.1:${port}`),
    });
    expect(second.port).toBe(null);
    expect(log.connections).toEqual([]);
  });

  test.each([
    ['an id twice', { users: [{ id: 'clock-1', password: 'x', publish: [], subscribe: [] }] }],
    ['a wildcard for a clock', { clocks: [{ id: '+', password: 'x' }] }],
    ['a level too many', { clocks: [{ id: 'a/b', password: 'x' }] }],
    ['a wildcard for a window', { sources: [{ id: 'cam-1', password: 'x', windows: ['#'] }] }],
  ])('%s is refused', (_name, options) => {
    const opened = () => embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port: 0, ...ACCOUNTS, ...options });
    expect(opened).toThrow(expect.objectContaining({ name: 'BrokerError', retry: false }));
  });
});

describe('what goes out', () => {
  test('alerts reach those who may read them, retained ones those who come later', async () => {
    const { broker, client, login } = await start({ commit: true });
    await broker.publish(ALERT, 'kept', { retain: true });
    const late = await mosquittoClient('mosquitto_sub', login('screen', '-q', '1', '-t', ALERT, '-C', '1'));
    expect(late).toMatchObject({ code: 0, out: 'kept\n' });
    const reader = await client('screen');
    const read: string[] = [];
    reader.on('message', (_topic, payload, { retain }) => void read.push(`${payload} ${retain}`));
    await reader.subscribeAsync(ALERT, { qos: 1 });
    await until(() => read.length === 1, { what: 'what was kept' });
    for (const text of texts(50)) await broker.publish(ALERT, text);
    await until(() => read.length === 51, { what: 'all alerts' });
    expect(read).toEqual(['kept true', ...texts(50).map((text) => `${text} false`)]);
  });

  test('a device’s status is passed on and kept once it is committed', async () => {
    const { log, client, heard, login } = await start({ commit: false });
    const device = await client('clock-1');
    const reader = await client('screen');
    const read: string[] = [];
    reader.on('message', (_topic, payload) => void read.push(payload.toString()));
    await reader.subscribeAsync('zaigang/suixian/clock/+/status', { qos: 1 });
    const published = device.publishAsync(STATUS, 'online', { qos: 1, retain: true });
    await heard(1);
    await reader.publishAsync('hall/notes', 'a turn', { qos: 1 });
    expect(read).toEqual([]);
    log.messages[0]?.committed();
    await published;
    await until(() => read.length === 1, { what: 'the status' });
    const late = await mosquittoClient('mosquitto_sub', login('screen', '-q', '1', '-t', STATUS, '-C', '1'));
    expect(late.out).toBe('online\n');
  });

  test('of a clock nothing is kept but its status', async () => {
    const { client, publish } = await start({ commit: true });
    const own = 'zaigang/suixian/clock/clock-1';
    for (const topic of [PUNCH, `${own}/other`, STATUS]) await publish('clock-1', topic, '-r');
    const reader = await client('clock-1');
    const read: string[] = [];
    reader.on('message', (topic) => void read.push(topic));
    await reader.subscribeAsync(`${own}/#`, { qos: 1 });
    await until(() => read.length > 0, { what: 'what is kept' });
    await reader.publishAsync(`${own}/end`, 'x', { qos: 1 });
    await until(() => read.includes(`${own}/end`), { what: 'the end' });
    expect(read).toEqual([STATUS, `${own}/end`]);
  });

  test('a reader that does not read holds up neither devices nor other readers', async () => {
    const { broker, log, client } = await start({ commit: true });
    const stuck = await client('screen');
    await stuck.subscribeAsync(ALERT, { qos: 1 });
    stuck.stream.pause();
    const reader = await client('screen');
    let read = 0;
    reader.on('message', () => {
      read++;
    });
    await reader.subscribeAsync(ALERT, { qos: 1 });
    const told = Promise.allSettled(texts(300).map(() => broker.publish(ALERT, 'x'.repeat(100_000))));
    const device = await client('clock-1');
    for (const text of texts(50)) await device.publishAsync(PUNCH, text, { qos: 1 });
    expect(log.messages).toHaveLength(50);
    // Well before the broker gives the other one up, which takes ten seconds.
    await until(() => read === 300, { timeoutMs: 5000, what: 'all alerts at the reader that reads' });
    stuck.end(true);
    await told;
  });
});

describe('last wills', () => {
  const offline = '{"state":"offline"}';

  /** A clock that connects with a last will, and whose line breaks. */
  async function die({ client }: TestBroker, topic: string): Promise<void> {
    const device = await client('clock-1', { will: { topic, payload: Buffer.from(offline), qos: 1, retain: true } });
    device.stream.destroy();
    await closed(device);
  }

  test('a clock’s own is heard and kept', async () => {
    const running = await start({ commit: true });
    await die(running, STATUS);
    await running.heard(1);
    expect(running.log.messages).toMatchObject([{ topic: STATUS, text: offline, retained: false }]);
    const late = await mosquittoClient('mosquitto_sub', running.login('screen', '-t', STATUS, '-C', '1'));
    expect(late.out).toBe(`${offline}\n`);
  });

  test.each(['zaigang/suixian/clock/clock-2/status', ALERT, 'zaigang/suixian/clock/clock-1/#'])(
    'one to %s is refused',
    async (topic) => {
      const running = await start({ commit: true });
      await die(running, topic);
      await running.refused(1);
      expect(running.refusals).toMatchObject([{ because: `"clock-1" may not publish to "${topic}"` }]);
      expect(running.log.messages).toEqual([]);
    },
  );

  test('none is heard when a device says goodbye, nor when the broker stops', async () => {
    const { broker, log, client } = await start({ commit: true });
    const will = { topic: STATUS, payload: Buffer.from(offline), qos: 1, retain: true } as const;
    const polite = await client('clock-1', { will });
    await polite.endAsync();
    const present = await client('clock-1', { will });
    const gone = closed(present);
    await broker.stop();
    await gone;
    expect(log.messages).toEqual([]);
  });
});

describe('what is sent wrongly', () => {
  test('a packet that is too large closes its own connection only', async () => {
    const { log, client, refusals } = await start({ commit: true, maxPacketBytes: 10_000 });
    const other = await client('clock-2');
    const offender = await client('clock-1', { clientId: 'terminal' });
    await offender.publishAsync(PUNCH, 'x'.repeat(9900), { qos: 1 });
    const gone = closed(offender);
    offender.publish(PUNCH, 'x'.repeat(10_000), { qos: 1 });
    await gone;
    await other.publishAsync('zaigang/suixian/clock/clock-2/punch', 'x', { qos: 1 });
    expect(log.messages).toHaveLength(2);
    const because = expect.stringMatching(/^a packet of 100\d\d bytes is larger than 10000$/);
    expect(refusals).toEqual([{ clientId: 'terminal', because }]);
  });

  test('two MiB is the limit unless told; a length alone is enough to be refused', async () => {
    const { log, client, socket, refusals } = await start({ commit: true });
    const device = await client('clock-1');
    await device.publishAsync(PUNCH, 'x'.repeat(2_000_000), { qos: 1 });
    expect(log.messages[0]?.payload).toHaveLength(2_000_000);
    const stranger = await socket();
    const gone = once(stranger, 'close');
    // A PUBLISH of 256 MiB less one, as far as its length.
    for (const byte of [0x32, 0xff, 0xff, 0xff, 0x7f]) stranger.write(Buffer.of(byte));
    await gone;
    expect(refusals).toEqual([{ clientId: null, because: expect.stringMatching(/ is larger than 2097152$/) }]);
  });

  test('64 KiB of garbage in a message are a message', async () => {
    const { log, login } = await start({ commit: true });
    const garbage = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 167 + (i >> 8)) & 0xff));
    await mosquittoClient('mosquitto_pub', login('clock-1', '-q', '1', '-t', PUNCH, '-s'), garbage);
    expect(garbage.equals(log.messages[0]?.payload ?? Buffer.alloc(0))).toBe(true);
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['garbage', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31 + 7) & 0xff))],
    ['a PUBLISH before any CONNECT', Buffer.from('320700036162630001', 'hex')],
    ['two CONNECTs', Buffer.from('100c00044d5154540402003c0000'.repeat(2), 'hex')],
  ])('%s is the end of that connection only', async (_name, bytes) => {
    const { log, client, socket } = await start({ commit: true });
    const device = await client('clock-1');
    const stranger = await socket();
    const gone = once(stranger, 'close');
    stranger.write(bytes);
    await gone;
    await device.publishAsync(PUNCH, 'still here', { qos: 1 });
    expect(log.texts).toEqual(['still here']);
  });

  test('no refusal tells a password, or what could break a line of a log', async () => {
    const { client, refused, refusals } = await start({ commit: true });
    await expect(client('nobody', { clientId: 'a\nb' })).rejects.toThrow();
    await expect(client('clock-1', { clientId: 'a\nb', password: 'guessed' })).rejects.toThrow();
    const device = await client('clock-1', { clientId: 'a\tb' });
    device.publish(`zaigang/\u0085${'x'.repeat(300)}`, 'x', { qos: 1 });
    await refused(3);
    const told = JSON.stringify(refusals);
    for (const secret of [...Object.values(PASSWORDS), 'guessed']) expect(told).not.toContain(secret);
    expect(told).not.toMatch(/\\n|\\t|\u0085/);
    expect(told.length).toBeLessThan(500);
  });
});
