/** The broker client's promises about messages, against a real Mosquitto and over a tap on the wire. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { drained, heard, lost, makeSession, numbered, opened, PUNCHES, send } from '../support/broker-client.ts';
import { brokerLog } from '../support/broker-log.ts';
import { mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { mqttTap } from '../support/mqtt-tap.ts';
import { until } from '../support/until.ts';

const own = opened();
afterEach(() => own.close());

describe('acknowledgements', () => {
  test('none before commit, then in the order of receipt, whatever the order of commits', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    const broker = await own.start(log, { url: tap.url });
    await drained(log);
    const marks = await until(() => tap.acknowledged(0).length || null, { what: 'the PUBACK of the mark' });
    await send(server, PUNCHES, numbered(0, 6));
    await heard(log, 6);
    const [a, b, c, d, e, f] = log.messages;
    for (const message of [f, c, b, e]) message?.committed();
    // A publish that was answered has passed all that was written before it.
    await broker.publish('elsewhere', 'x');
    expect(tap.acknowledged(0).length).toBe(marks);
    a?.committed();
    await until(() => tap.acknowledged(0).length === marks + 3, { what: 'three PUBACKs' });
    d?.committed();
    d?.committed();
    await until(() => tap.acknowledged(0).length === marks + 6, { what: 'six PUBACKs' });
    const ids = tap
      .delivered(0)
      .filter(({ topic }) => topic === PUNCHES)
      .map(({ id }) => id);
    expect(tap.acknowledged(0).slice(marks)).toEqual(ids);
    expect(log.texts).toEqual(numbered(0, 6));
  });

  test('a commit of a former connection acknowledges nothing on a later one', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    const broker = await own.start(log, { url: tap.url });
    await drained(log);
    await send(server, PUNCHES, numbered(0, 10));
    await heard(log, 10);
    tap.cut();
    await heard(log, 20);
    await drained(log, 2);
    const before = tap.acknowledged(1).length;
    for (const message of log.messages.slice(0, 10)) message.committed();
    await broker.publish('elsewhere', 'x');
    expect(tap.acknowledged(1).length).toBe(before);
    expect(log.texts.slice(10)).toEqual(numbered(0, 10));
    for (const message of log.messages.slice(10)) message.committed();
    await until(() => tap.acknowledged(1).length >= 10, { what: 'the PUBACKs of the second delivery' });
    expect(log.losses).toHaveLength(1);
    expect(log.connections).toEqual([false, true]);
  });

  test('a commit between two connections acknowledges nothing either', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    await own.start(log, { url: tap.url });
    await drained(log);
    await send(server, PUNCHES, ['only']);
    await heard(log, 1);
    tap.cut();
    await lost(log);
    log.messages[0]?.committed();
    await heard(log, 2);
    await drained(log, 2);
    expect(tap.delivered(1).filter(({ topic }) => topic === PUNCHES)).toHaveLength(1);
    expect(log.texts).toEqual(['only', 'only']);
  });

  test('what a killed consumer had committed does not come again, all else does, in order', async () => {
    const server = own.use(await mosquitto());
    const consume = (commits: number) => {
      const program = join(import.meta.dirname, '../support/broker-consumer.ts');
      const child = spawn(process.execPath, [program, server.url, PUNCHES, `${commits}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      own.later(() => void child.kill('SIGKILL'));
      const lines: string[] = [];
      createInterface(child.stdout).on('line', (line) => lines.push(line));
      return {
        texts: () => lines.filter((line) => line !== 'drained').map((line) => JSON.parse(line)),
        drained: () => until(() => lines.includes('drained'), { what: 'the consumer to drain' }),
        async kill() {
          const exit = once(child, 'exit');
          child.kill('SIGKILL');
          await exit;
        },
      };
    };
    const first = consume(0);
    await first.drained();
    await first.kill();
    await send(server, PUNCHES, numbered(0, 50));
    const second = consume(20);
    await second.drained();
    expect(second.texts()).toEqual(numbered(0, 50));
    await second.kill();
    const third = consume(50);
    await third.drained();
    expect(third.texts()).toEqual(numbered(20, 30));
    await third.kill();
    const fourth = consume(0);
    await fourth.drained();
    expect(fourth.texts()).toEqual([]);
  });

  test('a message of QoS 0 is heard, and there is nothing to acknowledge', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: tap.url });
    await drained(log);
    const marks = await until(() => tap.acknowledged(0).length || null, { what: 'the PUBACK of the mark' });
    const args = ['-h', '127.0.0.1', '-p', `${server.port}`, '-q', '0', '-t', PUNCHES, '-m', 'light'];
    await mosquittoClient('mosquitto_pub', args);
    await heard(log, 1);
    await broker.publish('elsewhere', 'x');
    expect(tap.acknowledged(0).length).toBe(marks);
  });
});

describe('what is not committed', () => {
  test('is not read without end, and the connection lives on meanwhile', async () => {
    const server = own.use(await mosquitto({ config: ['max_queued_messages 0'] }));
    await makeSession(own, server);
    await send(server, PUNCHES, numbered(0, 30_000));
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    await own.start(log, { url: tap.url, keepaliveMs: 2000 });
    await heard(log, 1000);
    for (const message of log.messages.slice(0, 1000)) message.committed();
    await heard(log, 10_000);
    const pings = () => tap.packets.filter(({ from, type }) => from === 'client' && type === 12).length;
    const before = pings();
    // They are sent every second; a broker or a client that missed them would give up after three.
    await until(() => pings() >= before + 4, { what: 'four pings' });
    expect(log.messages.length).toBeLessThanOrEqual(11_000);
    for (let next = 1000; next < 30_000; next++) {
      if (next >= log.messages.length) await heard(log, next + 1);
      log.messages[next]?.committed();
    }
    await drained(log);
    expect(log.losses).toEqual([]);
    expect(log.texts).toEqual(numbered(0, 30_000));
  });

  test('is not read without end at QoS 0 either', async () => {
    const server = own.use(await mosquitto({ config: ['max_queued_messages 0'] }));
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    const broker = await own.start(log, { url: tap.url });
    await drained(log);
    const lines = numbered(0, 12_000).join('\n');
    await mosquittoClient('mosquitto_pub', ['-h', '127.0.0.1', '-p', `${server.port}`, '-t', PUNCHES, '-l'], lines);
    await until(() => tap.delivered(0).length > 10_500, { what: 'more on the wire than is read' });
    await heard(log, 10_000);
    await new Promise(setImmediate);
    expect(log.messages.length).toBe(10_000);
    for (const message of log.messages.slice(0, 6000)) message.committed();
    await heard(log, tap.delivered(0).filter(({ topic }) => topic === PUNCHES).length);
    await broker.publish('elsewhere', 'x');
    const numbers = log.texts.map(Number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });
});

describe('the backlog', () => {
  test('is heard in order and ends once, after the last of 5 000', async () => {
    const server = own.use(await mosquitto({ config: ['max_queued_messages 0'] }));
    await makeSession(own, server);
    await send(server, PUNCHES, numbered(0, 5000));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: server.url });
    await drained(log);
    expect(log.drains).toEqual([5000]);
    expect(log.texts).toEqual(numbered(0, 5000));
    await send(server, PUNCHES, ['live']);
    await heard(log, 5001);
    expect(log.drains).toHaveLength(1);
    expect(log.connections).toEqual([true]);
  });

  test('does not end at the mark of a former connection, and that mark is done with', async () => {
    const server = own.use(await mosquitto());
    await makeSession(own, server);
    await send(server, 'zaigang/suixian/daemon/sync/daemon', ['a-former-mark']);
    await send(server, PUNCHES, numbered(0, 100));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    expect(log.drains).toEqual([100]);
    await broker.stop();
    const tap = own.use(await mqttTap(server.port));
    const again = brokerLog({ commit: true });
    await own.start(again, { url: tap.url });
    await drained(again);
    expect(tap.delivered(0)).toHaveLength(1);
  });

  test('ends although the broker lost marks in a full queue', async () => {
    const server = own.use(await mosquitto({ config: ['max_queued_messages 60'] }));
    await makeSession(own, server);
    await send(server, PUNCHES, numbered(0, 60));
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: false });
    await own.start(log, { url: tap.url, receiveMaximum: 20, syncTimeoutMs: 50 });
    await heard(log, 20);
    // While 40 wait in the queue and 20 with us, some live ones fill it again.
    await send(server, PUNCHES, numbered(60, 40));
    const marks = () =>
      tap.packets.filter(({ from, type, topic }) => from === 'client' && type === 3 && topic?.includes('sync'));
    await until(() => marks().length >= 5, { what: 'five marks' });
    expect(log.drains).toEqual([]);
    for (let next = 0; log.drains.length === 0; next++) {
      await until(() => log.messages.length > next || log.drains.length > 0, { what: 'more, or the end' });
      log.messages[next]?.committed();
    }
    expect(log.messages.length).toBeGreaterThanOrEqual(60);
    expect(log.texts.slice(0, 60)).toEqual(numbered(0, 60));
    expect(log.losses).toEqual([]);
  });

  test('is never said to have ended where we may not hear ourselves', async () => {
    const acl = ['user daemon', 'topic read zaigang/suixian/clock/#', 'topic write zaigang/suixian/daemon/#'];
    const server = own.use(await mosquitto({ users: { daemon: 'secret' }, acl }));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: server.url, username: 'daemon', password: 'secret', syncTimeoutMs: 30 });
    await lost(log);
    expect(log.losses[0]).toMatch(/^our own message on zaigang\/suixian\/daemon\/sync\/daemon did not come back/);
    expect(log.drains).toEqual([]);
  });

  test('is never said to have ended where we may not publish', async () => {
    const acl = ['user daemon', 'topic read zaigang/suixian/#'];
    const server = own.use(await mosquitto({ users: { daemon: 'secret' }, acl }));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: server.url, username: 'daemon', password: 'secret' });
    await lost(log);
    expect(log.losses[0]).toBe('the broker does not let us publish to zaigang/suixian/daemon/sync/daemon');
    expect(log.drains).toEqual([]);
  });
});

describe('the session', () => {
  test('is there again after a stop, with what was not acknowledged', async () => {
    const server = own.use(await mosquitto());
    const log = brokerLog({ commit: false });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    await send(server, PUNCHES, numbered(0, 5));
    await heard(log, 5);
    log.messages[0]?.committed();
    await broker.stop();
    log.messages[1]?.committed();
    const again = brokerLog({ commit: true });
    await own.start(again, { url: server.url });
    await drained(again);
    expect(again.connections).toEqual([true]);
    expect(again.texts).toEqual(numbered(1, 4));
    expect(log.losses).toEqual([]);
  });

  test('and the connection come back after the broker was restarted', async () => {
    const server = own.use(await mosquitto({ persistence: true }));
    const log = brokerLog({ commit: false });
    await own.start(log, { url: server.url });
    await drained(log);
    await send(server, PUNCHES, ['before']);
    await heard(log, 1);
    await server.stop();
    await lost(log);
    await server.start();
    await drained(log, 2);
    expect(log.connections).toEqual([false, true]);
    expect(log.texts).toEqual(['before', 'before']);
  });

  test('ends with the broker that keeps nothing, and is made anew', async () => {
    const server = own.use(await mosquitto());
    const log = brokerLog({ commit: true });
    await own.start(log, { url: server.url });
    await drained(log);
    await server.kill();
    await lost(log);
    await server.start();
    await drained(log, 2);
    expect(log.connections).toEqual([false, false]);
    await send(server, PUNCHES, ['after']);
    await heard(log, 1);
  });

  test('a retained message comes once a session, and is marked as such', async () => {
    const server = own.use(await mosquitto());
    await send(server, PUNCHES, ['kept'], '-r');
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    expect(log.messages).toMatchObject([{ text: 'kept', retained: true }]);
    await send(server, PUNCHES, ['live'], '-r');
    await heard(log, 2);
    expect(log.messages[1]).toMatchObject({ text: 'live', retained: false });
    await broker.stop();
    const again = brokerLog({ commit: true });
    await own.start(again, { url: server.url });
    await drained(again);
    expect(again.texts).toEqual([]);
  });

  test('works over MQTT 3.1.1 where the broker refuses 5', async () => {
    const user = { id: 'daemon', password: 'secret', publish: ['#'], subscribe: ['#'] };
    const old = embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port: 0, clocks: [], users: [user] });
    own.later(() => old.stop());
    await old.start(brokerLog({ commit: true }));
    const log = brokerLog({ commit: true });
    const url = `mqtt://127.0.0.1:${old.port}`;
    const broker = await own.start(log, { url, username: 'daemon', password: 'secret', topics: ['elsewhere/#'] });
    await drained(log);
    await broker.publish('elsewhere/x', 'over 3.1.1');
    await heard(log, 1);
    expect(log.texts).toEqual(['over 3.1.1']);
    expect(log.losses).toEqual([]);
  });
});

describe('payloads', () => {
  test('come as the bytes they are: none, 64 KiB of garbage, 3 MiB', async () => {
    const server = own.use(await mosquitto());
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    const garbage = Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 167 + (i >> 8)) & 0xff));
    const args = ['-h', '127.0.0.1', '-p', `${server.port}`, '-q', '1', '-t', PUNCHES, '-s'];
    await mosquittoClient('mosquitto_pub', [...args.slice(0, -1), '-n']);
    await mosquittoClient('mosquitto_pub', args, garbage);
    await mosquittoClient('mosquitto_pub', args, Buffer.alloc(3 * 1024 * 1024, 'x'));
    await heard(log, 3);
    expect(log.messages.map(({ payload }) => payload.length)).toEqual([0, 65_536, 3 * 1024 * 1024]);
    expect(garbage.equals(log.messages[1]?.payload ?? Buffer.alloc(0))).toBe(true);
    await broker.publish('elsewhere', 'x');
    expect(log.losses).toEqual([]);
  });
});
