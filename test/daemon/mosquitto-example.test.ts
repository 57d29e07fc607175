/** docs/examples/mosquitto.conf and .acl in a real Mosquitto, with other paths and another port. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { daemonOf } from '../support/daemon.ts';
import { freePort } from '../support/ports.ts';
import { type ServerProcess, serverProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const EXAMPLES = new URL('../../docs/examples/', import.meta.url);
const USERS = ['zaigang', 'clock-1', 'clock-2', 'wall', 'cam-1'];
const NOT_AUTHORIZED = 0x87;

let port: number;
let broker: ServerProcess;
const clients: MqttClient[] = [];

beforeAll(async () => {
  port = await freePort();
  broker = serverProcess({
    command: '/usr/sbin/mosquitto',
    args: (dir) => {
      writeFiles(dir);
      return ['-c', join(dir, 'mosquitto.conf')];
    },
    isUp: async () => {
      const client = await connect('zaigang', { clientId: 'probe', reconnectPeriod: 0 });
      await client.endAsync();
      return true;
    },
  });
  await broker.start();
});
afterAll(() => broker.remove());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

function writeFiles(dir: string): void {
  const passwords = join(dir, 'passwords');
  writeFileSync(passwords, USERS.map((user) => `${user}:secret-of-${user}\n`).join(''), { mode: 0o600 });
  execFileSync('mosquitto_passwd', ['-U', passwords], { stdio: 'ignore' });
  // The accounts that the example only suggests are tried too.
  const acl = readFileSync(new URL('mosquitto.acl', EXAMPLES), 'utf8').replaceAll(/^#(?=user |topic )/gm, '');
  writeFileSync(join(dir, 'acl'), acl, { mode: 0o600 });
  const moved = [
    ['listener 1883', `listener ${port} 127.0.0.1`],
    ['/run/secrets/mosquitto-passwords', passwords],
    ['/mosquitto/config/acl', join(dir, 'acl')],
    ['/mosquitto/data/', `${dir}/`],
  ] as const;
  let conf = readFileSync(new URL('mosquitto.conf', EXAMPLES), 'utf8');
  for (const [from, to] of moved) {
    expect(conf).toContain(from);
    conf = conf.replace(from, to);
  }
  // Mosquitto started by root becomes the user mosquitto, who cannot read a test's folder.
  writeFileSync(join(dir, 'mosquitto.conf'), `${conf}\nuser ${process.getuid?.() === 0 ? 'root' : 'mosquitto'}\n`);
}

async function connect(user: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(
    `mqtt://127.0.0.1:${port}`,
    { protocolVersion: 5, username: user, password: `secret-of-${user}`, connectTimeout: 5000, ...options },
    false,
  );
  clients.push(client);
  return client;
}

function inbox(client: MqttClient): string[] {
  const topics: string[] = [];
  client.on('message', (topic) => topics.push(topic));
  return topics;
}

const refused = expect.objectContaining({ code: NOT_AUTHORIZED });
const punchTopic = (clock: string) => `zaigang/suixian/clock/${clock}/punch`;

test('nobody comes in without a name and a password', async () => {
  const nameless = mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  await expect(nameless).rejects.toEqual(refused);
  await expect(connect('clock-1', { password: 'guessed', reconnectPeriod: 0 })).rejects.toEqual(refused);
});

test('a clock publishes under its own id, and the daemon hears it', async () => {
  const daemon = await connect('zaigang');
  const heard = inbox(daemon);
  await daemon.subscribeAsync('zaigang/suixian/clock/+/+', { qos: 1 });
  const clock = await connect('clock-1');
  await clock.publishAsync(punchTopic('clock-1'), '{}', { qos: 1 });
  await clock.publishAsync('zaigang/suixian/clock/clock-1/status', '{}', { qos: 1, retain: true });
  await until(() => heard.length === 2, { timeoutMs: 5000, what: 'both messages' });
  expect(heard).toEqual([punchTopic('clock-1'), 'zaigang/suixian/clock/clock-1/status']);
});

test('the real daemon may do all it needs: it hears a clock, and is heard', async () => {
  await using daemon = daemonOf({
    config: {
      hall: { id: 'suixian', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      employees: [{ id: 'e1', credentials: ['1001'] }],
      clocks: [{ id: 'clock-1' }],
      mqtt: { url: `mqtt://127.0.0.1:${port}`, username: 'zaigang', password: 'secret-of-zaigang' },
    },
  });
  await daemon.startHearing();
  const wall = await connect('wall');
  const seen = inbox(wall);
  await wall.subscribeAsync('zaigang/suixian/daemon', { qos: 1 });
  const clock = await connect('clock-1');
  await clock.publishAsync(punchTopic('clock-1'), `{"credential":"1001","at":"${new Date().toISOString()}"}`, {
    qos: 1,
  });
  await until(async () => (await daemon.facts()).some(({ fact }) => fact === 'punch'), { what: 'the punch' });
  await until(() => seen.length === 1, { what: 'the word of the daemon' });
});

test.each([
  punchTopic('clock-2'),
  'zaigang/suixian/clock/clock-1/else',
  'zaigang/suixian/window/W01/presence',
  'zaigang/suixian/alert',
  'zaigang/suixian/daemon',
  'another/topic',
])('a clock may not publish %s', async (topic) => {
  const clock = await connect('clock-1');
  await expect(clock.publishAsync(topic, '{}', { qos: 1 })).rejects.toEqual(refused);
});

test('a camera box publishes the presence of its window only', async () => {
  const daemon = await connect('zaigang');
  const heard = inbox(daemon);
  await daemon.subscribeAsync('zaigang/suixian/window/+/presence', { qos: 1 });
  const box = await connect('cam-1');
  await expect(box.publishAsync('zaigang/suixian/window/W02/presence', '{}', { qos: 1 })).rejects.toEqual(refused);
  await box.publishAsync('zaigang/suixian/window/W01/presence', '{}', { qos: 1 });
  await until(() => heard.length > 0, { timeoutMs: 5000, what: 'the presence of W01' });
  expect(heard).toEqual(['zaigang/suixian/window/W01/presence']);
});

test('alerts reach the wall and no clock, whatever the clock subscribes to', async () => {
  const [wall, clock, daemon] = [await connect('wall'), await connect('clock-1'), await connect('zaigang')];
  const seen = inbox(wall);
  const overheard = inbox(clock);
  await wall.subscribeAsync('zaigang/suixian/alert', { qos: 1 });
  await clock.subscribeAsync(['#', 'zaigang/suixian/alert'], { qos: 1 });
  await daemon.publishAsync('zaigang/suixian/alert', '{}', { qos: 1 });
  await until(() => seen.length === 1, { timeoutMs: 5000, what: 'the alert on the wall' });
  // The answer to this comes after whatever the broker had sent to the clock before.
  await clock.publishAsync(punchTopic('clock-1'), '{}', { qos: 1 });
  expect(overheard).toEqual([]);
});

test('punches wait for a daemon that is away, more of them than the broker keeps by default', async () => {
  const session: IClientOptions = {
    clientId: 'zaigang-suixian',
    clean: false,
    properties: { sessionExpiryInterval: 86_400 },
  };
  const first = await connect('zaigang', session);
  await first.subscribeAsync('zaigang/suixian/clock/+/punch', { qos: 1 });
  await first.endAsync();
  const clock = await connect('clock-2');
  const count = 1050;
  await Promise.all(
    Array.from({ length: count }, (_, seq) => clock.publishAsync(punchTopic('clock-2'), `{"seq":${seq}}`, { qos: 1 })),
  );
  const again = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    ...session,
    protocolVersion: 5,
    username: 'zaigang',
    password: 'secret-of-zaigang',
    manualConnect: true,
  });
  clients.push(again);
  const heard = inbox(again);
  again.connect();
  await until(() => heard.length >= count, { timeoutMs: 20_000, what: 'all the punches' });
  expect(heard).toHaveLength(count);
});
