/** Another configuration while the daemon runs: a clock that is new is heard at once, one that is gone is not, and nothing it sent is lost. */
import { afterEach, expect, test } from 'vitest';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { brokerLog } from '../support/broker-log.ts';
import { type Daemon, daemonOf, type Line, zaigang } from '../support/daemon.ts';
import { faceTerminal, recPush } from '../support/face-terminal.ts';
import { mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const LONG = { timeoutMs: 120_000 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const face = (id: string, device: string, password: string | null = null): Line => ({
  ...{ id, profile: { kind: 'mqtt-face', device } },
  ...(password === null ? {} : { password }),
});
const hallOf = (mqtt: Line, clocks: readonly Line[], more: Line = {}): Line => ({
  hall: { id: 'h1', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  ...{ mqtt, clocks, ...more },
});

function daemonWith(config: Line): Daemon {
  const daemon = daemonOf({ config });
  cleanups.push(() => daemon[Symbol.asyncDispose]());
  return daemon;
}

const local = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
const taken = async (daemon: Daemon, device: string): Promise<number> =>
  (await daemon.facts()).filter((fact) => fact['fact'] === 'punch' && fact['device'] === device).length;
const takenUp = (daemon: Daemon, from: number): Promise<unknown> =>
  daemon.logged('configuration was taken up', { from });

test('over Mosquitto: heard from the reload on, let go by the next, and what its session still holds is kept aside', async () => {
  const broker = await mosquitto();
  cleanups.push(() => broker[Symbol.asyncDispose]());
  const mqtt = { url: broker.url };
  const daemon = daemonWith(hallOf(mqtt, [face('face-1', '1')]));
  await daemon.startHearing();
  const both = hallOf(mqtt, [face('face-1', '1'), face('face-2', '2')]);
  const send = async (record: string, device: string): Promise<void> => {
    const payload = JSON.stringify(recPush(device, { RecordID: record, customId: '1001', time: local() }));
    const args = ['-h', '127.0.0.1', '-p', `${broker.port}`, '-q', '1', '-t', `mqtt/face/${device}/Rec`, '-s'];
    expect(await mosquittoClient('mosquitto_pub', args, payload)).toMatchObject({ code: 0 });
  };

  // Nobody has to start anything again.
  daemon.reload(both);
  await takenUp(daemon, 0);
  const terminal = await faceTerminal({ url: broker.url, id: '2' });
  terminal.recognise({ RecordID: '1', customId: '1001', time: local() });
  await until(() => terminal.acknowledged.length === 1, { ...LONG, what: 'the new clock to be answered' });
  expect(await taken(daemon, 'face-2')).toBe(1);
  await terminal[Symbol.asyncDispose]();

  // Taken out while nobody runs: its last records are in the session.
  await daemon.kill();
  await send('2', '2');
  daemon.reload(hallOf(mqtt, [face('face-1', '1')]));
  await daemon.startHearing();
  await until(async () => (await daemon.rejects()).length === 1, { ...LONG, what: 'its record to be kept aside' });
  const [reject] = await daemon.rejects();
  expect(reject?.['because']).toBe('the clock face-2, which used this topic, was taken out of the configuration');
  const kept = Buffer.from(String(reject?.['payload']), 'base64').toString();
  expect(kept).toContain('"1001"');
  expect(kept).not.toMatch(/宋岩|QUJDQUJD|420123/);

  // Its topics are let go: nothing is kept for us any more.
  await daemon.stop();
  await send('3', '2');
  await send('4', '1');
  await daemon.startHearing();
  await until(async () => (await taken(daemon, 'face-1')) === 1, { ...LONG, what: 'the other clock' });
  expect(await daemon.rejects()).toHaveLength(1);

  // And once more while it runs.
  let from = daemon.log.length;
  daemon.reload(both);
  await takenUp(daemon, from);
  await send('5', '2');
  await until(async () => (await taken(daemon, 'face-2')) === 2, { ...LONG, what: 'the clock that is back' });
  from = daemon.log.length;
  daemon.reload(hallOf(mqtt, [face('face-1', '1')]));
  await takenUp(daemon, from);
  await send('6', '2');
  await send('7', '1');
  await until(async () => (await taken(daemon, 'face-1')) === 2, { ...LONG, what: 'the other clock again' });
  expect(await daemon.rejects()).toHaveLength(1);
}, 240_000);

test('over the broker of our own: its login comes and goes with the configuration', async () => {
  const port = await freePort();
  const mqtt = { embedded: { listen: `127.0.0.1:${port}` } };
  const daemon = daemonWith(hallOf(mqtt, []));
  await daemon.startHearing();
  const url = `mqtt://127.0.0.1:${port}`;
  const login = { username: 'face-1', password: 'first-secret' };
  await expect(faceTerminal({ url, id: '1', login })).rejects.toThrow(/user name or password|Not authorized|refused/i);
  daemon.reload(hallOf(mqtt, [face('face-1', '1', 'first-secret')]));
  await takenUp(daemon, 0);
  const terminal = await faceTerminal({ url, id: '1', login });
  cleanups.push(() => terminal[Symbol.asyncDispose]());
  terminal.recognise({ RecordID: '1', customId: '1001', time: local() });
  await until(() => terminal.acknowledged.length === 1, { ...LONG, what: 'the new clock to be answered' });
  const from = daemon.log.length;
  daemon.reload(hallOf(mqtt, []));
  await daemon.logged('client was refused', {
    from,
    where: ({ because }) => because === 'the account "face-1" was taken away or changed',
  });
  expect(await taken(daemon, 'face-1')).toBe(1);
}, 240_000);

test('a broker that does not let us hear a new clock: nothing of the configuration is taken up, and that is said', async () => {
  const user = { id: 'hall', password: 'secret', publish: ['#'], subscribe: ['zaigang/#', 'mqtt/face/1/#'] };
  const strict = embeddedBroker({ hall: 'elsewhere', host: '127.0.0.1', port: 0, clocks: [], users: [user] });
  cleanups.push(() => strict.stop());
  await strict.start(brokerLog({ commit: true }));
  const mqtt = { url: `mqtt://127.0.0.1:${strict.port}`, username: 'hall', password: 'secret' };
  const daemon = daemonWith(hallOf(mqtt, []));
  await daemon.startHearing();
  const configs = async (): Promise<number> => (await daemon.facts()).filter(({ fact }) => fact === 'config').length;
  expect(await configs()).toBe(1);

  const from = daemon.log.length;
  daemon.reload(hallOf(mqtt, [face('face-1', '1')], { rules: { lateGrace: '7m' } }));
  const refused = await daemon.logged('configuration was not accepted; the former one stays', { from });
  expect(refused['because']).toBe('the broker refused the subscription to mqtt/face/heartbeat');
  const { code, err } = await zaigang(['reload', '--config', daemon.configFile, '--lang', 'en']);
  expect([code, err]).toEqual([78, expect.stringContaining('the broker refused the subscription')]);
  expect(await configs()).toBe(1);
  expect((await daemon.readiness()).checks.find(({ name }) => name === 'broker')?.ok).toBe(true);

  // What it lets us hear is taken up, and what changes when is said.
  daemon.reload(hallOf(mqtt, [], { rules: { lateGrace: '7m' } }));
  await takenUp(daemon, from);
  expect(await configs()).toBe(2);
  daemon.reload(hallOf(mqtt, [], { rules: { lateGrace: '9m' } }));
  await until(async () => (await configs()) === 3, { ...LONG, what: 'the next one' });
}, 240_000);
