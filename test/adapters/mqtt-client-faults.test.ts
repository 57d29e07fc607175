/** How the broker client publishes, and what it says of brokers that cannot be reached or refuse. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { BrokerError } from '../../adapters/broker.ts';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { mqttBroker } from '../../adapters/brokers/mqtt-client.ts';
import { drained, heard, kept, lost, numbered, opened, PUNCHES } from '../support/broker-client.ts';
import { brokerLog } from '../support/broker-log.ts';
import { mosquitto } from '../support/mosquitto.ts';
import { mqttTap } from '../support/mqtt-tap.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const own = opened();
afterEach(() => own.close());

describe('publishing', () => {
  test('is done when the broker has it; retained it is kept', async () => {
    const server = own.use(await mosquitto());
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await broker.publish('zaigang/suixian/daemon', '{"state":"online"}', { retain: true });
    await broker.publish('zaigang/suixian/alert', '{}');
    expect(await kept(own, server)).toEqual(['{"state":"online"}']);
  });

  test('many at once stay within what the broker takes at once', async () => {
    const server = own.use(await mosquitto({ config: ['max_inflight_messages 5'] }));
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: tap.url });
    await drained(log);
    await Promise.all(numbered(0, 500).map((text) => broker.publish(PUNCHES, text)));
    await heard(log, 500);
    let unanswered = 0;
    for (const { from, type } of tap.packets) {
      if (from === 'client' && type === 3) expect(++unanswered).toBeLessThanOrEqual(5);
      if (from === 'broker' && type === 4) unanswered--;
    }
    expect(log.texts).toEqual(numbered(0, 500));
    expect(log.losses).toEqual([]);
  });

  test('what is larger than the broker takes is not sent', async () => {
    const server = own.use(await mosquitto({ config: ['max_packet_size 1000'] }));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    await expect(broker.publish(PUNCHES, 'x'.repeat(2000))).rejects.toMatchObject({
      name: 'BrokerError',
      retry: false,
    });
    await broker.publish(PUNCHES, 'x'.repeat(900));
    await heard(log, 1);
    expect(log.losses).toEqual([]);
  });

  test('what was under way when we stop is answered first', async () => {
    const server = own.use(await mosquitto({ config: ['max_inflight_messages 5'] }));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    const published = Promise.all(numbered(0, 50).map((text) => broker.publish('elsewhere', text)));
    await broker.stop();
    await expect(published).resolves.toHaveLength(50);
  });

  test('fails for now without a connection, and with the one that breaks', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: tap.url, retryFromMs: 2000, retryToMs: 2000 });
    await drained(log);
    tap.freeze();
    const underWay = broker.publish('elsewhere', 'x');
    tap.cut();
    await expect(underWay).rejects.toMatchObject({ name: 'BrokerError', retry: true });
    await lost(log);
    await expect(broker.publish('elsewhere', 'x')).rejects.toMatchObject({ name: 'BrokerError', retry: true });
  });

  test('fails for good where it is not allowed', async () => {
    const acl = ['user daemon', 'topic read zaigang/suixian/#', 'topic write zaigang/suixian/daemon/#'];
    const server = own.use(await mosquitto({ users: { daemon: 'secret' }, acl }));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url, username: 'daemon', password: 'secret' });
    await drained(log);
    await expect(broker.publish('zaigang/suixian/alert', '{}')).rejects.toMatchObject({
      name: 'BrokerError',
      retry: false,
      message: 'zaigang/suixian/alert was not published: the broker does not allow this user to do that',
    });
    expect(log.losses).toEqual([]);
  });
});

describe('the last will', () => {
  const will = { topic: 'zaigang/suixian/daemon', payload: '{"state":"offline"}', retain: true };

  test('is published when we vanish', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: tap.url, will });
    await drained(log);
    tap.cut();
    await until(async () => (await kept(own, server)).includes(will.payload), { what: 'the will' });
  });

  test('is not published when we stop', async () => {
    const server = own.use(await mosquitto());
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url, will });
    await drained(log);
    await broker.stop();
    expect(await kept(own, server)).toEqual([]);
  });
});

describe('a broker that cannot be reached or refuses', () => {
  test('a wrong password is said so, without it, and tried again', async () => {
    const server = own.use(await mosquitto({ users: { daemon: 'right-one' } }));
    const log = brokerLog({ commit: true });
    const url = server.url.replace('mqtt://', 'mqtt://daemon:wrong-one@');
    await own.start(log, { url });
    await lost(log, 3);
    expect(new Set(log.losses)).toEqual(new Set(['the broker does not allow this user to do that']));
    expect(log.connections).toEqual([]);
  });

  test('user name and password in the address serve', async () => {
    const server = own.use(await mosquitto({ users: { daemon: 'p@ss:w/rd' } }));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: server.url.replace('mqtt://', `mqtt://daemon:${encodeURIComponent('p@ss:w/rd')}@`) });
    await drained(log);
    expect(log.losses).toEqual([]);
  });

  test('no such host, nothing listening, no TLS there', async () => {
    const server = own.use(await mosquitto());
    const port = await freePort();
    const cases: [string, RegExp][] = [
      ['mqtt://nowhere.invalid', /^no host is known as nowhere\.invalid$/],
      [`mqtt://127.0.0.1:${port}`, new RegExp(`^nothing listens at 127\\.0\\.0\\.1:${port}$`)],
      [
        `mqtts://127.0.0.1:${server.port}`,
        new RegExp(`^127\\.0\\.0\\.1:${server.port} cut the connection; does it speak TLS\\?$`),
      ],
    ];
    for (const [url, expected] of cases) {
      const log = brokerLog({ commit: true });
      const broker = await own.start(log, { url });
      await lost(log);
      expect(log.losses[0]).toMatch(expected);
      await broker.stop();
    }
  });

  test('it is found when it comes', async () => {
    const port = await freePort();
    const log = brokerLog({ commit: true });
    await own.start(log, { url: `mqtt://127.0.0.1:${port}` });
    await lost(log, 2);
    const late = embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port, clocks: [], anonymous: true });
    own.later(() => late.stop());
    await late.start(brokerLog({ commit: true }));
    await until(() => log.connections.length > 0, { what: 'a connection' });
  });

  test('the pauses between attempts grow to a bound, less up to a half by chance', async () => {
    const log = brokerLog({ commit: true });
    const timeouts = vi.spyOn(globalThis, 'setTimeout');
    own.later(() => timeouts.mockRestore());
    const url = `mqtt://127.0.0.1:${await freePort()}`;
    const broker = await own.start(log, { url, retryFromMs: 4, retryToMs: 64 });
    await lost(log, 8);
    await broker.stop();
    // The timer of an attempt is the one that is handed the listener.
    const attempts = timeouts.mock.calls.filter((call: readonly unknown[]) => call.includes(log));
    const pauses = attempts.map(([, pauseMs]) => pauseMs ?? 0);
    for (const [i, longest] of [4, 8, 16, 32, 64, 64, 64, 64].entries()) {
      expect(pauses[i]).toBeGreaterThanOrEqual(longest / 2);
      expect(pauses[i]).toBeLessThanOrEqual(longest);
    }
    expect(new Set(pauses.slice(4)).size).toBeGreaterThan(1);
  });

  test('a subscription that is refused, and one that is granted without acknowledgements', async () => {
    const user = { id: 'daemon', password: 'secret', publish: ['#'], subscribe: ['zaigang/suixian/daemon/#'] };
    const strict = embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port: 0, clocks: [], users: [user] });
    own.later(() => strict.stop());
    await strict.start(brokerLog({ commit: true }));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: `mqtt://daemon:secret@127.0.0.1:${strict.port}` });
    await lost(log);
    expect(log.losses[0]).toBe('the broker refused the subscription to zaigang/suixian/clock/+/punch');
    const lossy = own.use(await mosquitto({ config: ['max_qos 0'] }));
    const other = brokerLog({ commit: true });
    await own.start(other, { url: lossy.url });
    await lost(other);
    expect(other.losses[0]).toMatch(/^the broker grants zaigang\/suixian\/clock\/\+\/punch at QoS 0 only/);
    expect([...log.drains, ...other.drains]).toEqual([]);
  });

  test('one that falls silent is given up, and found again', async () => {
    const server = own.use(await mosquitto());
    const tap = own.use(await mqttTap(server.port));
    const log = brokerLog({ commit: true });
    await own.start(log, { url: tap.url, keepaliveMs: 1000 });
    await drained(log);
    tap.freeze();
    await lost(log);
    expect(log.losses[0]).toMatch(/fell silent$/);
    tap.thaw();
    await drained(log, 2);
  });

  test('the reason that the broker gives is the one that is told', async () => {
    const server = own.use(await mosquitto({ config: ['retain_available false'] }));
    const log = brokerLog({ commit: true });
    const broker = await own.start(log, { url: server.url });
    await drained(log);
    await expect(broker.publish('elsewhere', 'x', { retain: true })).rejects.toMatchObject({ retry: true });
    await lost(log);
    expect(log.losses).toEqual(['the broker keeps no retained messages']);
  });

  test('an address that cannot be one is refused at once, without being quoted', () => {
    const options = { clientId: 'daemon', topics: [], syncTopic: 'x' };
    for (const url of ['', 'here', 'http://u:secret@host', 'mqtt://', 'mqtt:u:secret@host']) {
      const opened = () => mqttBroker({ url, ...options });
      expect(opened).toThrow(BrokerError);
      expect(opened).not.toThrow(/secret/);
    }
  });
});

describe('TLS', () => {
  test('is spoken where the certificate is trusted, and not where it is unknown', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'zaigang-tls-'));
    own.later(() => rmSync(directory, { recursive: true, force: true }));
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const openssl = spawn(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    expect(await once(openssl, 'exit')).toEqual([0, null]);
    const server = own.use(await mosquitto({ config: [`certfile ${cert}`, `keyfile ${key}`] }));
    const url = server.url.replace('mqtt:', 'mqtts:');
    const stranger = brokerLog({ commit: true });
    await own.start(stranger, { url, clientId: 'stranger' });
    await lost(stranger);
    expect(stranger.losses[0]).toMatch(/^the certificate of 127\.0\.0\.1:\d+ is not trusted \([A-Z_]+\)$/);
    const log = brokerLog({ commit: true });
    await own.start(log, { url, ca: readFileSync(cert, 'utf8') });
    await drained(log);
    expect(log.losses).toEqual([]);
  });
});
