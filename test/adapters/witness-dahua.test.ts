/** A Dahua camera that says who crosses its rules: its lines as recorded, and what they mean. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DAHUA_EVENTS, type DahuaZone, dahuaWitness, readEvent } from '../../adapters/cameras/dahua-events.ts';
import type { EventMeaning } from '../../adapters/cameras/event-states.ts';
import { EventDevice } from '../support/event-device.ts';
import { type Ear, hear } from '../support/witness-ear.ts';

const CROSS_REGION = readFileSync(new URL('payloads/dahua-cross-region.txt', import.meta.url), 'utf8').trimEnd();

const event = (code: string, action: string, { index = 0, data = '{"Name":"Rule1","RuleID":4}' } = {}): string =>
  `Code=${code};action=${action};index=${index}${data === '' ? '' : `;data=${data}`}`;

interface SceneOptions {
  readonly events?: readonly EventMeaning[];
  readonly zones?: readonly DahuaZone[];
}

type Finished = (done: () => PromiseLike<void>) => void;

async function scene(
  onTestFinished: Finished,
  { events = DAHUA_EVENTS, zones = [{ key: 'W01', channel: 1, rule: 'Rule1' }] }: SceneOptions = {},
): Promise<{ readonly device: EventDevice; readonly ear: Ear }> {
  const device = await EventDevice.open({
    type: 'multipart/x-mixed-replace; boundary=myboundary',
    boundary: 'myboundary',
    login: { user: 'admin', password: 'Right1!' },
  });
  onTestFinished(() => device[Symbol.asyncDispose]());
  const ear = hear((around) =>
    dahuaWitness({ around, url: device.url(), silenceMs: 30_000, holdMs: 20_000, events, zones }),
  );
  onTestFinished(() => ear[Symbol.asyncDispose]());
  await ear.happened(['back']);
  return { device, ear };
}

describe('an event', () => {
  test('is read as recorded, with whatever goes with it', () => {
    expect(readEvent(CROSS_REGION)).toEqual({
      event: 'CrossRegionDetection',
      phase: 'began',
      index: 0,
      rules: ['Rule1', '4'],
      deviceAt: null,
    });
    expect(readEvent('Code=VideoMotion;action=Stop;index=3')).toMatchObject({ phase: 'ended', index: 3, rules: [] });
    expect(readEvent('Code=A;action=Pulse;index=0;data=not {JSON')).toMatchObject({ phase: 'happened', rules: [] });
    for (const none of ['', 'Heartbeat', 'Code=A', 'Code=A;action=Jump;index=0', 'Code=A;action=Start;index=x'])
      expect(readEvent(none)).toBeNull();
  });

  test('is asked for by its code, with heartbeats', async ({ onTestFinished }) => {
    const { device } = await scene(onTestFinished);
    expect(device.asked.at(-1)).toBe(
      '/cgi-bin/eventManager.cgi?action=attach&codes=[CrossRegionDetection,LeaveDetection,VideoBlind,VideoLoss,SceneChange]&heartbeat=5',
    );
  });

  test('says of its rule and channel that somebody is there, in pieces and with a wrong length', async ({
    onTestFinished,
  }) => {
    const { device, ear } = await scene(onTestFinished, {
      zones: [
        { key: 'W01', channel: 1, rule: 'Rule1' },
        { key: 'W02', channel: null, rule: '4' },
        { key: 'W03', channel: 1, rule: 'Rule2' },
        { key: 'W04', channel: 2, rule: null },
      ],
    });
    device.send('Heartbeat');
    device.write(`--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 999\r\n\r\n${CROSS_REGION.slice(0, 60)}`);
    device.write(`${CROSS_REGION.slice(60)}\r\n`);
    device.send('Heartbeat');
    await ear.happened(['back', 'W01 occupied', 'W02 occupied']);
    device.send(event('CrossRegionDetection', 'Stop'));
    device.send('something else');
    await ear.happened(['W02 occupied', 'misheard']);
    ear.clock.jump(21_000);
    await ear.happened(['misheard', 'W01 unknown', 'W02 unknown']);
  });

  test('that is a moment holds for a while even where an end would mean something', async ({ onTestFinished }) => {
    const { device, ear } = await scene(onTestFinished, {
      events: [
        { event: 'LeaveDetection', begins: 'empty', ends: 'occupied', holdMs: null },
        { event: 'CrossRegionDetection', begins: 'occupied', ends: null, holdMs: 5_000 },
      ],
    });
    device.send(event('LeaveDetection', 'Start'));
    await ear.happened(['W01 empty']);
    ear.clock.jump(25_000);
    device.send(event('leavedetection', 'Stop'));
    await ear.happened(['W01 empty', 'W01 occupied']);
    device.send(event('LeaveDetection', 'Pulse'));
    await ear.happened(['W01 occupied', 'W01 empty']);
    ear.clock.jump(21_000);
    await ear.happened(['W01 empty', 'W01 unknown']);
    device.send(event('CrossRegionDetection', 'Start'));
    await ear.happened(['W01 unknown', 'W01 occupied']);
    ear.clock.jump(6_000);
    await ear.happened(['W01 occupied', 'W01 unknown']);
  });

  test('of a covered or lost picture means that nothing is known of the channel', async ({ onTestFinished }) => {
    const { device, ear } = await scene(onTestFinished);
    for (const code of ['VideoBlind', 'VideoLoss', 'SceneChange']) {
      device.send(CROSS_REGION);
      await ear.happened(['W01 occupied']);
      device.send(event(code, 'Stop', { data: '' }));
      device.send(event(code, 'Start', { index: 1, data: '' }));
      device.send(event(code, 'Start', { data: '' }));
      await ear.happened(['W01 occupied', 'W01 unknown']);
    }
  });
});

test('a camera without heartbeats is lost, and nothing is known until it says something again', async ({
  onTestFinished,
}) => {
  const { device, ear } = await scene(onTestFinished);
  device.send(CROSS_REGION);
  await ear.happened(['W01 occupied']);
  ear.clock.jump(31_000);
  await ear.happened(['lost silent']);
  ear.clock.jump(2_000);
  await ear.happened(['lost silent', 'back']);
  device.send('Heartbeat');
  device.send(CROSS_REGION);
  await ear.happened(['lost silent', 'back', 'W01 occupied']);
  expect(ear.story.join()).not.toContain('empty');
});
