/** ONVIF cameras that watch seats by themselves, heard by PullPoint. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { type OnvifWitnessOptions, onvifWitness } from '../../../adapters/cameras/onvif-events.ts';
import { parseXml } from '../../../adapters/cameras/onvif-library.ts';
import { fieldReport, isBlind, readNotifications } from '../../../adapters/cameras/onvif-notification.ts';
import { envelope, messages, objectsInside } from '../../support/onvif-answers.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../../support/onvif-device.ts';
import { until } from '../../support/until.ts';
import { type Ear, hear, surroundings } from '../../support/witness-ear.ts';

const LOGIN = { user: 'zaigang', password: 'p:w@d<&1' };
const MINUTE = 60_000;
const ZONES = [
  { key: 'W01', rule: 'Seat1', videoSource: null, saysEmpty: true },
  { key: 'W02', rule: 'Seat2', videoSource: null, saysEmpty: false },
];

async function deviceWith(options: OnvifDeviceOptions = {}): Promise<OnvifDevice> {
  const device = await onvifDevice({ login: LOGIN, namedHost: '192.168.68.111', aheadMs: -3_600_000, ...options });
  onTestFinished(() => device.close());
  return device;
}

function earOf(device: OnvifDevice, options: Partial<OnvifWitnessOptions> = {}, password = LOGIN.password): Ear {
  const around = surroundings();
  const url = device.source(`${LOGIN.user}:${encodeURIComponent(password)}`);
  const pace = { leastApartMs: 20, answerMs: 2_000 };
  const ear = hear(
    (around) => onvifWitness({ around, url, holdMs: 5 * MINUTE, zones: ZONES, pace, ...options }),
    around,
  );
  onTestFinished(() => ear[Symbol.asyncDispose]());
  return ear;
}

const subscribed = (device: OnvifDevice, times = 1) =>
  until(() => device.countOf('PullMessages') >= times, { what: `question ${times} for news` });

describe('a rule', () => {
  test('that somebody is inside, or nobody, is what a seat is; one that is not trusted knows nothing then', async () => {
    const device = await deviceWith();
    const ear = earOf(device);
    await ear.happened(['back']);
    device.events.set('Seat1', true);
    await ear.happened(['W01 occupied']);
    device.events.set('Seat2', true);
    await ear.happened(['W02 occupied']);
    device.events.set('Seat1', false);
    await ear.happened(['W01 empty']);
    device.events.set('Seat2', false);
    await ear.happened(['W02 unknown']);
    device.events.set('Another', true);
    device.events.set('Seat1', true);
    await ear.happened(['W02 unknown', 'W01 occupied']);
    expect(device.wrongLogins).toBe(0);
  });

  test('that follows several is empty when the last of them has gone', async () => {
    const device = await deviceWith({ way: 'digest' });
    const ear = earOf(device);
    await ear.happened(['back']);
    device.events.set('Seat1', true, '7');
    await ear.happened(['W01 occupied']);
    device.events.set('Seat1', true, '8');
    device.events.set('Seat1', false, '7');
    device.events.say('<wsnt:NotificationMessage/>');
    device.events.set('Seat1', false, '8');
    await ear.happened(['W01 occupied', 'W01 empty']);
  });

  test('held before anybody listened is told when one does', async () => {
    const device = await deviceWith();
    device.events.set('Seat1', true);
    await earOf(device).happened(['back', 'W01 occupied']);
    expect(device.countOf('SetSynchronizationPoint')).toBeGreaterThan(0);
  });

  test('that is not said again holds no longer than allowed', async () => {
    const device = await deviceWith();
    const ear = earOf(device, { holdMs: 10 * MINUTE, pace: { leastApartMs: 20, answerMs: 30 * MINUTE } });
    await ear.happened(['back']);
    await subscribed(device);
    device.events.set('Seat1', true);
    await ear.happened(['W01 occupied']);
    ear.clock.jump(10 * MINUTE + 1);
    await ear.happened(['W01 occupied', 'W01 unknown']);
  });

  test('of a camera that sees nothing: nothing is known', async () => {
    const device = await deviceWith();
    const ear = earOf(device);
    await ear.happened(['back']);
    device.events.set('Seat1', true);
    await ear.happened(['W01 occupied']);
    const blind = objectsInside({ rule: 'x', object: '0', isInside: true }, 'Changed').replace(
      'RuleEngine/FieldDetector/ObjectsInside/.',
      'VideoSource/ImageTooDark/ImagingService',
    );
    device.events.say(blind);
    await ear.happened(['W01 unknown']);
  });
});

describe('a connection', () => {
  test('that the camera closes while it waits is no loss', async () => {
    const device = await deviceWith();
    const ear = earOf(device);
    await ear.happened(['back']);
    for (let times = 1; times <= 6; times++) {
      await subscribed(device, times);
      device.events.closeWaiting();
      device.events.say('<wsnt:NotificationMessage/>');
      await subscribed(device, times + 1);
    }
    device.events.set('Seat1', true);
    await ear.happened(['back', 'W01 occupied']);
    expect(device.countOf('CreatePullPointSubscription')).toBe(2);
  });

  test('whose subscription the camera has forgotten is made anew', async () => {
    const device = await deviceWith();
    const ear = earOf(device);
    await ear.happened(['back']);
    device.events.set('Seat1', true);
    await ear.happened(['W01 occupied']);
    await subscribed(device, 2);
    device.events.forget();
    await ear.happened(['W01 occupied', 'lost ended']);
    ear.clock.jump(1_000);
    await ear.happened(['lost ended', 'back', 'W01 occupied']);
  });

  test('is renewed before it lapses, also where the camera grants less', async () => {
    const device = await deviceWith();
    device.events.longestMs = 2_000;
    const ear = earOf(device);
    await ear.happened(['back']);
    await until(() => device.countOf('Renew') >= 2, { what: 'two renewals' });
    device.events.set('Seat1', true);
    await ear.happened(['back', 'W01 occupied']);
  });

  test('with a wrong password is tried once, and not again within a minute', async () => {
    const device = await deviceWith({ lockAfter: 3 });
    const ear = earOf(device, {}, 'Wrong');
    await ear.happened(['lost wrong-login']);
    expect(device.wrongLogins).toBe(1);
    expect(ear.retries[0]).toBeGreaterThan(50_000);
    expect(ear.details.join()).not.toContain('Wrong');
  });

  test('of a camera that is not there, or no camera, or without an answer', async () => {
    const device = await deviceWith();
    device.fault = 'page';
    await earOf(device).happened(['lost unfit']);
    device.fault = 'half';
    await earOf(device, { pace: { answerMs: 300 } }).happened(['lost offline']);
    const gone = await deviceWith();
    const ear = earOf(gone);
    await ear.happened(['back']);
    await gone.close();
    await ear.happened(['lost offline']);
  });

  test('ends at once when it is stopped', async () => {
    const device = await deviceWith();
    const ear = earOf(device);
    await ear.happened(['back']);
    await subscribed(device);
    const startedAt = performance.now();
    await ear[Symbol.asyncDispose]();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('a notification', () => {
  test('is read with its topic, whatever the prefixes, and one of another kind is let be', async () => {
    const inside = objectsInside({ rule: 'R', object: '3', isInside: true }, 'Initialized');
    const deleted = inside.replace('PropertyOperation="Initialized"', 'PropertyOperation="Deleted"');
    const other = inside.replace('FieldDetector/ObjectsInside/.', 'CellMotionDetector/Motion');
    const tree = await parseXml(envelope(messages([inside, deleted, other], new Date())));
    const [first, second, third] = readNotifications(tree) ?? [];
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are not three');
    expect(first.topic).toBe('RuleEngine/FieldDetector/ObjectsInside');
    expect(fieldReport(first)).toEqual({ rule: 'R', videoSource: 'VideoSourceToken', object: '3', isInside: true });
    expect(fieldReport(second)).toMatchObject({ isInside: false });
    expect([fieldReport(third), isBlind(third)]).toEqual([null, false]);
    expect(readNotifications(await parseXml(envelope('<a/>')))).toBeNull();
  });
});
