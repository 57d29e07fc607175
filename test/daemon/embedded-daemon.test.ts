/** A daemon with a broker of its own: what a clock was told is taken is in the ledger, whatever befalls the daemon. */
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { alertTopic, punchTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { diceOf } from '../oracle/dice.ts';
import { type Daemon, daemonOf, type Line } from '../support/daemon.ts';
import { type ClientOutcome, mosquittoClient } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const HALL = 'own';
const NOW = Date.now();
const noon = noonAt(NOW);
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;
const PASSWORDS: Readonly<Record<string, string>> = { 'clock-1': 'first', 'clock-2': 'second', screen: 'third' };

let port: number;
let daemon: Daemon;
const clients: MqttClient[] = [];
beforeAll(async () => {
  port = await freePort();
  daemon = daemonOf({
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { all: { weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) } },
      employees: ['e1', 'e2'].map((id, i) => ({ id, schedule: 'all', credentials: [`${i + 1}`] })),
      windows: [{ id: 'W1', schedule: 'all', a: 'e1' }],
      rules: { settle: '1s', deliveryLag: '8s' },
      clocks: [
        { id: 'clock-1', password: `\${CLOCK_1}` },
        { id: 'clock-2', password: `\${CLOCK_2}` },
      ],
      mqtt: {
        embedded: {
          listen: `127.0.0.1:${port}`,
          users: [{ username: 'screen', password: `\${SCREEN}`, subscribe: [alertTopic(HALL)] }],
        },
      },
    },
    env: { CLOCK_1: 'first', CLOCK_2: 'second', SCREEN: 'third' },
  });
  await daemon.startHearing();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

async function signIn(username: string): Promise<MqttClient> {
  const login = { username, password: PASSWORDS[username] ?? '' };
  const client = await connectAsync(
    `mqtt://127.0.0.1:${port}`,
    { ...login, clientId: username, reconnectPeriod: 0 },
    false,
  );
  // Being cut off is what a kill does to it.
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** mosquitto_pub at QoS 1, with a login or none. */
function publish(login: readonly string[], topic: string, payload: string): Promise<ClientOutcome> {
  const args = ['-h', '127.0.0.1', '-p', `${port}`, '-q', '1', '-t', topic, '-m', payload, ...login];
  return mosquittoClient('mosquitto_pub', args);
}

const payload = (seq: number): string =>
  JSON.stringify({ credential: '1', at: stamp(BEGAN - HOUR + (seq % 3600) * 1000), seq });
const punches = async (): Promise<Line[]> => (await daemon.facts()).filter(({ fact }) => fact === 'punch');

// The first, because it hears the alert only if it signs in before the lag of deliveries is over.
test('its alerts are read by whom the configuration says', async () => {
  const alerts: Line[] = [];
  const screen = await signIn('screen');
  screen.on('message', (_topic, body) => void alerts.push(JSON.parse(body.toString()) as Line));
  await screen.subscribeAsync(alertTopic(HALL), { qos: 1 });
  const heard = (op: string) => () => alerts.find((alert) => alert['op'] === op && alert['employee'] === 'e2');
  await until(heard('open'), { timeoutMs: 20_000, what: 'the lateness on the screen' });
  const leave = { from: stamp(BEGAN), to: stamp(BEGAN + 6 * HOUR) };
  await daemon.import([{ fact: 'leave', id: 'l2', employee: 'e2', kind: '事假', ...leave }]);
  await until(heard('retract'), { what: 'the retraction on the screen' });
});

test('a punch that is acknowledged is in the ledger by then', async () => {
  for (const seq of [9001, 9002, 9003]) {
    expect(await publish(['-u', 'clock-2', '-P', 'second'], punchTopic(HALL, 'clock-2'), payload(seq))).toMatchObject({
      code: 0,
    });
    // No waiting here: the acknowledgement is the promise.
    expect((await punches()).map((punch) => [punch['device'], punch['seq']])).toContainEqual(['clock-2', seq]);
  }
});

test('nobody comes in without a name and its password, or through another clock’s door', async () => {
  const before = await punches();
  const topic = punchTopic(HALL, 'clock-1');
  const refused = { code: 4, err: expect.stringContaining('bad user name or password') };
  expect(await publish([], topic, payload(9101))).toMatchObject(refused);
  expect(await publish(['-u', 'clock-1', '-P', 'guessed'], topic, payload(9102))).toMatchObject(refused);
  expect(await publish(['-u', 'nobody', '-P', 'first'], topic, payload(9103))).toMatchObject(refused);
  expect((await publish(['-u', 'clock-2', '-P', 'second'], topic, payload(9104))).code).not.toBe(0);
  expect((await publish(['-u', 'screen', '-P', 'third'], topic, payload(9105))).code).not.toBe(0);
  expect(await punches()).toEqual(before);
  const said = daemon.log.filter(({ msg }) => msg === 'client was refused').map(({ because }) => String(because));
  expect(said).toEqual([
    'no user name was given',
    'the password for "clock-1" is wrong',
    'there is no such user',
    expect.stringContaining('"clock-2" may not publish to'),
    expect.stringContaining('"screen" may not publish to'),
  ]);
  expect(JSON.stringify(daemon.log)).not.toMatch(/guessed|first"|second"|third"/);
});

test(`of 9000 punches, none that was acknowledged is lost to kill -9 (SEED=${SEED})`, async () => {
  const count = 9000;
  const dice = diceOf(SEED);
  const topic = punchTopic(HALL, 'clock-1');
  const waiting = new Set(Array.from({ length: count }, (_, seq) => seq));
  const acknowledged = new Set<number>();
  const stored = async (): Promise<number[]> =>
    (await punches()).filter(({ device }) => device === 'clock-1').map(({ seq }) => Number(seq));

  /** Sends what is not acknowledged yet, as a clock does after each connection; kills after so many acknowledgements. */
  async function send(killAfter: number): Promise<void> {
    const clock = await signIn('clock-1');
    let here = 0;
    let killing: Promise<void> | null = null;
    const sendings = [...waiting].map(async (seq) => {
      await clock.publishAsync(topic, payload(seq), { qos: 1 });
      waiting.delete(seq);
      acknowledged.add(seq);
      here++;
      if (here === killAfter) killing = daemon.kill();
    });
    const broken = new Promise<void>((resolve) => clock.once('close', () => resolve()));
    await Promise.race([Promise.allSettled(sendings), broken]);
    await killing;
  }

  for (const killAfter of [dice.between(1, 600), dice.between(200, 900), dice.between(200, 900)]) {
    await send(killAfter);
    await daemon.startHearing();
    const kept = new Set(await stored());
    expect([...acknowledged].filter((seq) => !kept.has(seq))).toEqual([]);
    expect(acknowledged.size).toBeLessThan(count);
  }
  await send(Number.POSITIVE_INFINITY);
  expect(acknowledged.size).toBe(count);
  expect((await stored()).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, seq) => seq));
});
