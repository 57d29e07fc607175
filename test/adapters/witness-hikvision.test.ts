/** A Hikvision camera that says who is in its regions: what it says, and everything that can go wrong between it and us. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { EventMeaning } from '../../adapters/cameras/event-states.ts';
import {
  HIKVISION_EVENTS,
  type HikvisionZone,
  hikvisionWitness,
  readAlert,
} from '../../adapters/cameras/hikvision-events.ts';
import { EventDevice, type EventDeviceOptions } from '../support/event-device.ts';
import { until } from '../support/until.ts';
import { type Ear, hear, surroundings } from '../support/witness-ear.ts';

const payload = (name: string): string =>
  readFileSync(new URL(`payloads/hikvision-${name}.xml`, import.meta.url), 'utf8');
const HEARTBEAT = payload('heartbeat');
const XML = 'application/xml; charset="UTF-8"';

const alert = (
  event: string,
  state: string,
  { region = 3, channel = 1, time = '2022-01-31T13:53:05+01:00' } = {},
): string =>
  payload('fielddetection')
    .replace('<eventType>fielddetection', `<eventType>${event}`)
    .replace('<eventState>active', `<eventState>${state}`)
    .replace('<regionID>3', `<regionID>${region}`)
    .replace('<channelID>1', `<channelID>${channel}`)
    .replace('2022-01-31T13:53:05+01:00', time);

interface SceneOptions extends Partial<EventDeviceOptions> {
  readonly events?: readonly EventMeaning[];
  readonly zones?: readonly HikvisionZone[];
  readonly url?: (device: EventDevice) => string;
  readonly around?: ReturnType<typeof surroundings>;
  readonly fault?: EventDevice['fault'];
}

type Finished = (done: () => PromiseLike<void>) => void;

async function scene(
  onTestFinished: Finished,
  { events = HIKVISION_EVENTS, zones, url, around, fault = null, ...options }: SceneOptions = {},
): Promise<{ readonly device: EventDevice; readonly ear: Ear; readonly send: (xml: string) => void }> {
  const device = await EventDevice.open({
    type: 'multipart/mixed; boundary=boundary',
    boundary: 'boundary',
    login: { user: 'admin', password: 'Right1!' },
    ...options,
  });
  device.fault = fault;
  onTestFinished(() => device[Symbol.asyncDispose]());
  const ear = hear(
    (surrounding) =>
      hikvisionWitness({
        around: surrounding,
        url: url?.(device) ?? device.url(),
        silenceMs: 60_000,
        holdMs: 30_000,
        events,
        zones: zones ?? [{ key: 'W01', channel: 1, region: 3 }],
      }),
    around,
  );
  onTestFinished(() => ear[Symbol.asyncDispose]());
  return { device, ear, send: (xml) => device.send(xml, XML) };
}

/** Resolves when nobody tries to log in, whatever comes of it: another login has to wait for that. */
async function tried({ gate }: ReturnType<typeof surroundings>): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  const pass = await gate.enter({ host: '127.0.0.1', login: 'another', signal, onClosed: () => {} });
  expect(pass).not.toBeNull();
  pass?.leave();
}

describe('an alert', () => {
  test('is read as recorded from cameras and a recorder', () => {
    expect(readAlert(payload('fielddetection'))).toEqual({
      event: 'fielddetection',
      isActive: true,
      channel: 1,
      regions: [3],
      deviceAt: Date.parse('2022-01-31T13:53:05+01:00'),
    });
    expect(readAlert(payload('duration'))).toMatchObject({ event: 'fielddetection', isActive: true, regions: [] });
    expect(readAlert(payload('recorder'))).toMatchObject({ event: 'fielddetection', channel: 34, deviceAt: null });
    expect(readAlert(HEARTBEAT)).toMatchObject({ event: 'videoloss', isActive: false });
    expect(readAlert('<html>fielddetection</html>')).toBeNull();
  });

  test('says of its region that somebody is there, until it has not been said again for a while', async ({
    onTestFinished,
  }) => {
    const { device, ear, send } = await scene(onTestFinished);
    await ear.happened(['back']);
    expect(device.asked).toEqual(Array(2).fill('/ISAPI/Event/notification/alertStream'));
    send(HEARTBEAT);
    send(payload('fielddetection'));
    await ear.happened(['back', 'W01 occupied']);
    ear.clock.jump(20_000);
    send(alert('fielddetection', 'inactive'));
    send(alert('fielddetection', 'active'));
    send(alert('fielddetection', 'active', { region: 2 }));
    send(alert('fielddetection', 'active', { channel: 2 }));
    send('<not an alert>');
    await ear.happened(['W01 occupied', 'misheard']);
    ear.clock.jump(20_000);
    expect(ear.story.at(-1)).toBe('misheard');
    ear.clock.jump(11_000);
    await ear.happened(['W01 occupied', 'misheard', 'W01 unknown']);
  });

  test('with a beginning and an end that both mean something holds until the other comes', async ({
    onTestFinished,
  }) => {
    const { ear, send } = await scene(onTestFinished, {
      events: [{ event: 'leavePosition', begins: 'empty', ends: 'occupied', holdMs: null }],
      zones: [
        { key: 'W01', channel: 1, region: 3 },
        { key: 'W02', channel: null, region: null },
        { key: 'W03', channel: 9, region: null },
      ],
    });
    await ear.happened(['back']);
    send(alert('leavePosition', 'active'));
    await ear.happened(['W01 empty', 'W02 empty']);
    ear.clock.jump(50_000);
    send(HEARTBEAT);
    send(alert('LEAVEPOSITION', 'inactive'));
    await ear.happened(['W01 empty', 'W02 empty', 'W01 occupied', 'W02 occupied']);
  });

  test('of a covered or lost picture means that nothing is known of the channel', async ({ onTestFinished }) => {
    const { ear, send } = await scene(onTestFinished);
    await ear.happened(['back']);
    for (const event of ['shelteralarm', 'videoloss', 'scenechangedetection']) {
      send(payload('fielddetection'));
      await ear.happened(['W01 occupied']);
      send(alert(event, 'inactive'));
      send(alert(event, 'active', { channel: 2 }));
      send(alert(event, 'active', { region: 1 }));
      await ear.happened(['W01 occupied', 'W01 unknown']);
    }
  });

  test('is dated by the device only where its clock agrees with ours', async ({ onTestFinished }) => {
    const { ear, send } = await scene(onTestFinished, {
      zones: [1, 2, 3, 4].map((region) => ({ key: `W0${region}`, channel: 1, region })),
    });
    await ear.happened(['back']);
    const now = ear.clock.now();
    const said = [-4_000, 4_000, -86_400_000, 86_400_000];
    for (const [i, offMs] of said.entries())
      send(alert('fielddetection', 'active', { region: i + 1, time: new Date(now + offMs).toISOString() }));
    await ear.happened(['W01 occupied', 'W02 occupied', 'W03 occupied', 'W04 occupied']);
    const [, first = 0, ...others] = ear.at;
    expect(Math.abs(first - (now - 4_000))).toBeLessThan(1);
    for (const at of others) expect(at - now).toBeGreaterThanOrEqual(0);
    for (const at of others) expect(at - now).toBeLessThan(5_000);
  });

  test('that says of an earlier time than the one before does not go back before it', async ({ onTestFinished }) => {
    const { ear, send } = await scene(onTestFinished, {
      events: [{ event: 'leavePosition', begins: 'empty', ends: 'occupied', holdMs: null }],
    });
    await ear.happened(['back']);
    const time = (agoMs: number) => ({ time: new Date(ear.clock.now() - agoMs).toISOString() });
    send(alert('leavePosition', 'active', time(1_000)));
    send(alert('leavePosition', 'inactive', time(8_000)));
    await ear.happened(['W01 empty', 'W01 occupied']);
    expect(ear.at[2]).toBe(ear.at[1]);
  });

  test('with a picture beside it is read, and the picture not', async ({ onTestFinished }) => {
    const { device, ear, send } = await scene(onTestFinished);
    await ear.happened(['back']);
    device.send(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(300_000, 7)]), 'image/jpeg');
    send(payload('fielddetection'));
    await ear.happened(['back', 'W01 occupied']);
  });
});

describe('a device', () => {
  test('that falls silent, though connected, knows nothing; it is called again', async ({ onTestFinished }) => {
    const { device, ear, send } = await scene(onTestFinished);
    await ear.happened(['back']);
    send(payload('fielddetection'));
    await ear.happened(['W01 occupied']);
    ear.clock.jump(25_000);
    send(HEARTBEAT);
    send(payload('fielddetection'));
    await until(() => device.listeners === 1, { what: 'the stream' });
    // Half a part is no sign of life.
    device.write('--boundary\r\nContent-Length: 500\r\n\r\n<EventNot');
    ear.clock.jump(61_000);
    await ear.happened(['lost silent']);
    expect(ear.story.slice(-2).filter((line) => line.endsWith('empty'))).toEqual([]);
    ear.clock.jump(2_000);
    await ear.happened(['lost silent', 'back']);
    send(payload('fielddetection'));
    await ear.happened(['lost silent', 'back', 'W01 occupied']);
  });

  test('that ends or cuts its stream in the middle of a part is called again', async ({ onTestFinished }) => {
    const { device, ear, send } = await scene(onTestFinished);
    for (const leave of ['end', 'cut'] as const) {
      await ear.happened(['back']);
      send(payload('fielddetection'));
      await ear.happened(['back', 'W01 occupied']);
      device.write('--boundary\r\nContent-Length: 500\r\n\r\n<EventNot');
      device[leave]();
      await ear.happened(['W01 occupied', 'lost ended']);
      ear.clock.jump(3_000);
    }
    await ear.happened(['lost ended', 'back']);
    expect(ear.story.join()).not.toContain('empty');
  });

  test('that never answers, is away, or is something else is tried again with growing pauses', async ({
    onTestFinished,
  }) => {
    const around = surroundings();
    const { device, ear } = await scene(onTestFinished, { around, fault: 'mute' });
    await until(() => device.asked.length === 1, { what: 'the first request' });
    ear.clock.jump(16_000);
    await ear.happened(['lost offline']);
    device.fault = 'page';
    ear.clock.jump(2_000);
    await ear.happened(['lost offline', 'lost unfit']);
    // That it is still something else is no news.
    ear.clock.jump(2_000);
    await until(() => device.asked.length === 3, { what: 'another request' });
    await tried(around);
    expect(ear.story).toEqual(['lost offline', 'lost unfit']);
    device.fault = 'not-found';
    ear.clock.jump(2_000);
    await ear.happened(['lost unfit', 'lost not-found']);
    device.fault = null;
    ear.clock.jump(301_000);
    await ear.happened(['lost not-found', 'back']);
    expect(ear.retries).toEqual([1_000, 1_000, 300_000]);
    await device[Symbol.asyncDispose]();
    await ear.happened(['back', 'lost ended']);
    ear.clock.jump(5_000);
    await ear.happened(['lost ended', 'lost offline']);
  });

  test('that was heard for a minute is called again after the shortest pause', async ({ onTestFinished }) => {
    const { device, ear, send } = await scene(onTestFinished);
    for (const [steadyMs, ...pauses] of [
      [0, 1_000],
      [0, 1_000],
      [0, 2_000],
      [59_000, 5_000],
      [61_000, 1_000],
    ] as const) {
      await ear.happened(['back']);
      await until(() => device.listeners === 1, { what: 'the stream' });
      ear.clock.jump(steadyMs / 2);
      send('<a sign of life>');
      await ear.happened(['back', 'misheard']);
      ear.clock.jump(steadyMs / 2);
      device.cut();
      await ear.happened(['misheard', 'lost ended']);
      expect(ear.retries.slice(-1)).toEqual(pauses);
      ear.clock.jump(6_000);
    }
  });

  test.each(['MD5', 'SHA-256'] as const)(
    'takes a login by digest with %s, and a nonce that was too old',
    async (algorithm) => {
      const done: (() => PromiseLike<void>)[] = [];
      const { device, ear } = await scene((last) => void done.unshift(last), { algorithm });
      await ear.happened(['back']);
      device.staleOnce = true;
      device.cut();
      await ear.happened(['back', 'lost ended']);
      ear.clock.jump(2_000);
      await ear.happened(['lost ended', 'back']);
      expect([device.rightLogins, device.wrongLogins]).toEqual([2, 0]);
      for (const last of done) await last();
    },
  );

  test('that refuses the password is tried once more after a minute, then every half hour, and never locks', async ({
    onTestFinished,
  }) => {
    const around = surroundings();
    const { device, ear } = await scene(onTestFinished, {
      around,
      lockAfter: 5,
      url: (device) => device.url('admin:Wrong-Secret-7@'),
    });
    await ear.happened(['lost wrong-login']);
    expect([device.wrongLogins, Math.round((ear.retries[0] ?? 0) / 1_000)]).toEqual([1, 60]);
    ear.clock.jump(59_000);
    expect(device.wrongLogins).toBe(1);
    ear.clock.jump(2_000);
    await until(() => device.wrongLogins === 2, { what: 'the second login' });
    await tried(around);
    ear.clock.jump(1_700_000);
    expect(device.wrongLogins).toBe(2);
    device.setPassword('Wrong-Secret-7');
    ear.clock.jump(101_000);
    await ear.happened(['lost wrong-login', 'back']);
    expect(device.isLocked).toBe(false);
    expect(ear.details.join()).not.toContain('Wrong-Secret-7');
  });

  test('that refused a password to one of its zones is not asked by the other for as long', async ({
    onTestFinished,
  }) => {
    const around = surroundings();
    const { device, ear } = await scene(onTestFinished, {
      around,
      url: (device) => device.url('admin:Wrong-Secret-7@'),
    });
    await ear.happened(['lost wrong-login']);
    const other = hear(
      (surrounding) =>
        hikvisionWitness({
          around: surrounding,
          url: device.url('admin:Wrong-Secret-7@'),
          silenceMs: 60_000,
          holdMs: 30_000,
          events: HIKVISION_EVENTS,
          zones: [{ key: 'W02', channel: 2, region: null }],
        }),
      around,
    );
    onTestFinished(() => other[Symbol.asyncDispose]());
    await other.happened(['lost wrong-login']);
    expect(device.wrongLogins).toBe(1);
  });

  test('that is locked, wants a password in clear, or says nothing of logins is left alone', async ({
    onTestFinished,
  }) => {
    const { device, ear } = await scene(onTestFinished);
    await ear.happened(['back']);
    device.isLocked = true;
    device.cut();
    await ear.happened(['lost ended']);
    ear.clock.jump(2_000);
    await ear.happened(['lost ended', 'lost locked-out']);
    expect(Math.round((ear.retries.at(-1) ?? 0) / 1_000)).toBe(1_800);
    for (const fault of ['basic', 'no-challenge'] as const) {
      const { ear: another, device: other } = await scene(onTestFinished, { fault });
      await another.happened(['lost wrong-login']);
      expect(other.inClear).toBe(0);
    }
  });

  test('that needs no login gets none, at whatever path it is', async ({ onTestFinished }) => {
    const { device, ear } = await scene(onTestFinished, {
      login: null,
      url: (device) => `${device.url()}/events?all=1`,
    });
    await ear.happened(['back']);
    expect(device.asked).toEqual(['/events?all=1']);
  });
});
