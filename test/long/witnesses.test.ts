/** Devices that say by themselves who is at a window, heard by the real daemon: their words in the ledger, and merged on the board. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { type Daemon, daemonOf, type Line } from '../support/daemon.ts';
import { EventDevice } from '../support/event-device.ts';
import { type Mosquitto, mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { type OnvifDevice, onvifDevice } from '../support/onvif-device.ts';
import { until } from '../support/until.ts';

const NOW = Date.now();
const noon = noonAt(NOW);
/** The session began an hour ago and goes on for hours. */
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;
const SECRET = 'p:w@d/1?';

const ALERT = readFileSync(new URL('../adapters/payloads/hikvision-fielddetection.xml', import.meta.url), 'utf8');
const alert = (event: string, state: 'active' | 'inactive'): string =>
  ALERT.replace('<eventType>fielddetection', `<eventType>${event}`).replace(
    '<eventState>active',
    `<eventState>${state}`,
  );

const hikvision = (device: EventDevice, region: number): Line => ({
  id: 'gate',
  witness: {
    kind: 'hikvision',
    url: device.url(`admin:${encodeURIComponent(SECRET)}@`),
    events: [{ event: 'leavePosition', begins: 'empty', ends: 'occupied' }],
    zones: [{ window: 'W1', channel: 1, region }],
  },
});
const FRIGATE: Line = {
  id: 'nvr',
  witness: { kind: 'frigate', zones: [{ window: 'W1', camera: 'hall', zone: 'counter_1' }] },
};

const hallWith = (broker: Mosquitto, cameras: readonly Line[]): Line => ({
  hall: { id: 'witnessed', timezone: noon.timezone },
  calendar: { country: 'none' },
  schedules: { all: { punches: 'in', weekly: everyDay(noon.session(BEGAN, BEGAN + 6 * HOUR)) } },
  employees: [{ id: 'e1', schedule: 'all', credentials: ['1'] }],
  windows: [{ id: 'W1', schedule: 'all', a: 'e1' }],
  mqtt: { url: broker.url },
  metrics: { driver: 'embedded' },
  cameras,
});

/** As Frigate would. */
async function publish(broker: Mosquitto, topic: string, payload: string, ...more: string[]): Promise<void> {
  const args = ['-p', `${broker.port}`, '-q', '1', '-t', `frigate/${topic}`, '-s', ...more];
  expect(await mosquittoClient('mosquitto_pub', args, payload)).toMatchObject({ code: 0 });
}

async function saidOf(daemon: Daemon, source: string): Promise<unknown[]> {
  const facts = await daemon.facts();
  return facts.filter((fact) => fact['fact'] === 'presence' && fact['source'] === source).map(({ state }) => state);
}

const says = (daemon: Daemon, source: string, end: readonly string[]): Promise<unknown> =>
  until(async () => JSON.stringify((await saidOf(daemon, source)).slice(-end.length)) === JSON.stringify(end), {
    what: `${end.join(', ')} of ${source}`,
  });

/** How the board shows the window: its A is there, and what is counted is the time that the seat is empty. */
const shows = (daemon: Daemon, state: string): Promise<unknown> =>
  until(
    async () => {
      const { windows } = (await (await daemon.get('/api/v1/windows')).json()) as { windows: { state: string }[] };
      return windows[0]?.state === state;
    },
    { what: `${state} on the board` },
  );

async function scene(): Promise<{ readonly broker: Mosquitto; readonly device: EventDevice }> {
  const broker = await mosquitto();
  onTestFinished(() => broker[Symbol.asyncDispose]());
  const device = await EventDevice.open({
    type: 'multipart/mixed; boundary=boundary',
    boundary: 'boundary',
    login: { user: 'admin', password: SECRET },
  });
  onTestFinished(() => device[Symbol.asyncDispose]());
  await publish(broker, 'available', 'online', '-r');
  return { broker, device };
}

test('two witnesses of one window are two sources: empty only where both say so', async () => {
  const { broker, device } = await scene();
  await using daemon = daemonOf({ config: hallWith(broker, [FRIGATE, hikvision(device, 3)]) });
  await daemon.startHearing();
  await daemon.record([{ fact: 'punch', id: 'p1', at: stamp(NOW - 30 * MINUTE), employee: 'e1' }]);
  await daemon.logged('witness was heard', { where: ({ camera }) => camera === 'gate' });
  await daemon.logged('witness was heard', { where: ({ camera }) => camera === 'nvr' });
  const alarm = (state: 'active' | 'inactive') => device.send(alert('leavePosition', state), 'application/xml');

  await publish(broker, 'hall/status/detect', 'online');
  await publish(broker, 'counter_1/person', '0');
  await says(daemon, 'nvr/frigate', ['unknown', 'empty']);
  expect(await saidOf(daemon, 'gate/hikvision')).toEqual(['unknown']);
  await shows(daemon, 'held-a');
  alarm('active');
  await says(daemon, 'gate/hikvision', ['unknown', 'empty']);
  await shows(daemon, 'counting');
  alarm('inactive');
  await says(daemon, 'gate/hikvision', ['empty', 'occupied']);
  await shows(daemon, 'held-a');
  alarm('active');
  await shows(daemon, 'counting');
  device.fault = 'mute';
  device.cut();
  await says(daemon, 'gate/hikvision', ['empty', 'unknown']);
  await shows(daemon, 'held-a');
  const witnesses = (await daemon.readiness()).checks.find(({ name }) => name === 'witnesses');
  expect(witnesses).toEqual({ name: 'witnesses', ok: true, detail: 'not heard: gate (ended)' });
  const metrics = await (await daemon.get('/metrics')).text();
  expect(metrics).toContain('zaigang_witness_heard{hall="witnessed",camera="gate",kind="hikvision"} 0');
  expect(metrics).toContain('zaigang_witness_heard{hall="witnessed",camera="nvr",kind="frigate"} 1');

  const exported = (await daemon.exported('facts')).split('\n').filter((line) => line.includes('"presence"'));
  const sources = exported.map((line) => (JSON.parse(line) as Line)['source']);
  expect(new Set(sources)).toEqual(new Set(['nvr/frigate', 'gate/hikvision']));
  expect(JSON.stringify(daemon.log)).not.toMatch(/p:w@d|p%3Aw/);
  expect(await daemon.stop()).toBe(0);
  await until(async () => (await device.connections()) === 0, { what: 'nobody listening' });
}, 60_000);

async function others(): Promise<readonly [onvif: OnvifDevice, dahua: EventDevice]> {
  const onvif = await onvifDevice();
  onTestFinished(() => onvif.close());
  const dahua = await EventDevice.open({
    type: 'multipart/x-mixed-replace; boundary=myboundary',
    boundary: 'myboundary',
    login: null,
  });
  onTestFinished(() => dahua[Symbol.asyncDispose]());
  return [onvif, dahua];
}

test('another configuration is taken up by the witnesses that differ, and the others are not disturbed', async () => {
  const { broker, device } = await scene();
  await using daemon = daemonOf({ config: hallWith(broker, [FRIGATE, hikvision(device, 3)]) });
  await daemon.startHearing();
  const heard = (camera: string): number =>
    daemon.log.filter((line) => line.msg === 'witness was heard' && line['camera'] === camera).length;
  await until(() => heard('gate') === 1 && heard('nvr') === 1, { what: 'both witnesses' });
  await publish(broker, 'hall/status/detect', 'online');
  await publish(broker, 'counter_1/person', '1');
  device.send(alert('leavePosition', 'inactive'), 'application/xml');
  await says(daemon, 'gate/hikvision', ['unknown', 'occupied']);

  // Of the same camera another region.
  daemon.reload(hallWith(broker, [FRIGATE, hikvision(device, 4)]));
  await says(daemon, 'gate/hikvision', ['unknown', 'occupied', 'unknown']);
  await until(() => heard('gate') === 2, { what: 'the changed witness' });
  await until(() => device.listeners === 1, { what: 'the former stream to be closed' });
  device.send(alert('leavePosition', 'inactive'), 'application/xml');
  device.send(alert('leavePosition', 'inactive').replace('<regionID>3', '<regionID>4'), 'application/xml');
  await says(daemon, 'gate/hikvision', ['unknown', 'occupied', 'unknown', 'occupied']);

  // One goes, and two of other kinds come.
  const [onvif, dahua] = await others();
  const side = { kind: 'onvif', url: onvif.source(), zones: [{ window: 'W1', rule: 'Seat' }] };
  const back = { kind: 'dahua', url: dahua.url(), zones: [{ window: 'W1', channel: 2 }] };
  daemon.reload(hallWith(broker, [FRIGATE, { id: 'side', witness: side }, { id: 'back', witness: back }]));
  await says(daemon, 'gate/hikvision', ['occupied', 'unknown']);
  await until(() => heard('side') === 1 && heard('back') === 1, { what: 'the new witnesses' });
  onvif.events.set('Seat', true);
  await says(daemon, 'side/onvif', ['unknown', 'occupied']);
  dahua.send('Code=CrossRegionDetection;action=Start;index=1');
  await says(daemon, 'back/dahua', ['unknown', 'occupied']);
  await until(async () => (await device.connections()) === 0, { what: 'nobody listening' });
  expect(await saidOf(daemon, 'nvr/frigate')).toEqual(['unknown', 'occupied']);
  expect(heard('nvr')).toBe(1);
}, 60_000);

test('a witness is told of by the check of the configuration where it names what is not there', async () => {
  const { broker, device } = await scene();
  await using daemon = daemonOf({ config: hallWith(broker, [FRIGATE]) });
  await daemon.startHearing();
  const wrong = hikvision(device, 3);
  daemon.reload(
    hallWith(broker, [{ ...wrong, witness: { ...(wrong['witness'] as object), zones: [{ window: 'W9' }] } }]),
  );
  const { because } = await daemon.logged('configuration was not accepted; the former one stays');
  expect(because).toContain('W9');
}, 60_000);
