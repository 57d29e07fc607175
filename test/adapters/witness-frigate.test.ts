/** Frigate as it publishes through a real broker: counts, its own coming and going, and that of its cameras. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type FrigateOptions, type FrigateZone, frigateWitness } from '../../adapters/cameras/frigate.ts';
import { startEmbedded } from '../support/embedded-broker.ts';
import { type Mosquitto, type MosquittoOptions, mosquitto, mosquittoClient } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';
import { type Ear, hear } from '../support/witness-ear.ts';

const ACTIVITY = readFileSync(new URL('payloads/frigate-camera-activity.json', import.meta.url), 'utf8');
const ZONES: readonly FrigateZone[] = [
  { key: 'W01', camera: 'hall', zone: 'counter_1', object: 'person' },
  { key: 'W02', camera: 'hall', zone: 'counter_2', object: 'person' },
];

type Finished = (done: () => PromiseLike<void>) => void;

interface SceneOptions extends MosquittoOptions {
  readonly zones?: readonly FrigateZone[];
  readonly broker?: Partial<FrigateOptions['broker']>;
  readonly login?: readonly string[];
}

interface Scene {
  readonly broker: Mosquitto;
  readonly ear: Ear;
  /** As Frigate would. */
  publish(topic: string, payload: string | number, options?: { readonly retain?: boolean }): Promise<void>;
}

async function scene(
  onTestFinished: Finished,
  { zones = ZONES, broker: own, login = [], ...options }: SceneOptions = {},
): Promise<Scene> {
  const broker = await mosquitto(options);
  onTestFinished(() => broker[Symbol.asyncDispose]());
  const ear = hear((around) =>
    frigateWitness({
      around,
      broker: { url: broker.url, username: null, password: null, ca: null, ...own },
      prefix: 'frigate',
      silenceMs: 180_000,
      zones,
    }),
  );
  onTestFinished(() => ear[Symbol.asyncDispose]());
  return {
    broker,
    ear,
    async publish(topic, payload, { retain = false } = {}) {
      const args = ['-p', String(broker.port), '-q', '1', '-t', `frigate/${topic}`, '-s', ...login];
      const { code, err } = await mosquittoClient('mosquitto_pub', retain ? [...args, '-r'] : args, String(payload));
      if (code !== 0) throw new Error(err);
    },
  };
}

/** Frigate runs, and its camera sees. */
async function running({ publish, ear }: Scene): Promise<void> {
  await publish('available', 'online', { retain: true });
  await ear.happened(['back']);
  await publish('hall/status/detect', 'online');
}

describe('counts', () => {
  test('say who is where, once camera and count are known, and nothing before', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished);
    const heard = async (): Promise<boolean> => {
      await here.publish('counter_1/person', 'many');
      return here.ear.story.includes('misheard');
    };
    await until(heard, { what: 'the witness to listen' });
    await here.publish('counter_1/person', 1);
    await running(here);
    await here.publish('counter_2/person', 0);
    await here.ear.happened(['back', 'W02 empty']);
    await here.publish('counter_1/person', 2);
    await here.ear.happened(['W02 empty', 'W01 occupied']);
    await here.publish('counter_1/person', 1);
    await here.publish('counter_1/person', 0);
    await here.publish('counter_2/person/active', 7);
    await here.publish('counter_1/person', 'many');
    await here.ear.happened(['W01 occupied', 'W01 empty', 'misheard']);
  });

  test('that the broker kept from before say nothing', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished, { persistence: true });
    await here.publish('counter_1/person', 0, { retain: true });
    await here.publish('hall/status/detect', 'online', { retain: true });
    await here.broker.stop();
    await here.broker.start();
    here.ear.clock.jump(5_000);
    await running(here);
    await here.publish('counter_2/person', 1);
    await here.ear.happened(['W02 occupied']);
    expect(here.ear.story.join()).not.toContain('W01');
  });

  test('are asked for at the start, of zones and of a whole camera', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished, {
      zones: [
        ...ZONES,
        { key: 'W03', camera: 'hall', zone: null, object: 'person' },
        { key: 'W04', camera: 'door', zone: null, object: 'person' },
      ],
    });
    const asked = mosquittoClient('mosquitto_sub', [
      '-p',
      String(here.broker.port),
      '-t',
      'frigate/onConnect',
      '-C',
      '1',
      '-W',
      '8',
    ]);
    await here.publish('available', 'online', { retain: true });
    await here.ear.happened(['back']);
    await here.publish('available', 'online', { retain: true });
    expect((await asked).code).toBe(0);
    await here.publish('hall/status/detect', 'online');
    await here.publish('door/status/detect', 'online');
    await here.publish('camera_activity', ACTIVITY);
    await here.ear.happened(['back', 'back', 'W01 occupied', 'W02 empty', 'W03 occupied'].slice(1));
  });
});

describe('nothing is known', () => {
  test.for([
    {
      what: 'whose camera is offline',
      gone: ['hall/status/detect', 'offline'],
      back: ['hall/status/detect', 'online'],
    },
    {
      what: 'whose camera is disabled',
      gone: ['hall/status/detect', 'disabled'],
      back: ['hall/status/detect', 'online'],
    },
    { what: 'where nothing is detected', gone: ['hall/detect/state', 'OFF'], back: ['hall/detect/state', 'ON'] },
    { what: 'whose camera is switched off', gone: ['hall/enabled/state', 'OFF'], back: ['hall/enabled/state', 'ON'] },
  ] as const)('of a zone $what, until it is counted anew', async ({ gone, back }, { onTestFinished }) => {
    const here = await scene(onTestFinished);
    await running(here);
    await here.publish('counter_1/person', 0);
    await here.ear.happened(['W01 empty']);
    await here.publish(gone[0], gone[1]);
    await here.ear.happened(['W01 empty', 'W01 unknown']);
    await here.publish(back[0], back[1]);
    await here.publish('counter_2/person', 0);
    await here.ear.happened(['W01 unknown', 'W02 empty']);
    await here.publish('counter_1/person', 1);
    await here.ear.happened(['W02 empty', 'W01 occupied']);
    // Said once more, nothing has changed.
    await here.publish(back[0], back[1]);
    await here.publish('counter_2/person', 1);
    await here.ear.happened(['W01 occupied', 'W02 occupied']);
  });

  test('when Frigate stops, or vanishes, or starts anew', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished);
    await running(here);
    for (const word of ['stopped', 'offline']) {
      await here.publish('counter_1/person', 1);
      await here.ear.happened(['W01 occupied']);
      await here.publish('available', word, { retain: true });
      await here.ear.happened(['W01 occupied', 'lost offline']);
      here.ear.clock.jump(3_000);
      await running(here);
    }
    await here.publish('counter_1/person', 1);
    await here.ear.happened(['W01 occupied']);
    await here.publish('available', 'online', { retain: true });
    await here.publish('stats', '{"cameras":{"hall":{"camera_fps":5.1}}}');
    await here.ear.happened(['W01 occupied', 'W01 unknown']);
  });

  test('of a camera without pictures, by the statistics of releases that say nothing else', async ({
    onTestFinished,
  }) => {
    const here = await scene(onTestFinished);
    await here.publish('available', 'online', { retain: true });
    await here.ear.happened(['back']);
    await here.publish('counter_1/person', 0);
    await here.publish('stats', '{"cameras":{"hall":{"camera_fps":5.1,"process_fps":5}}}');
    await here.ear.happened(['back', 'W01 empty']);
    await here.publish('stats', '{"cameras":{"hall":{"camera_fps":0}}}');
    await here.ear.happened(['W01 empty', 'W01 unknown']);
    await here.publish('stats', 'no JSON');
    await here.ear.happened(['W01 unknown', 'misheard']);
  });

  test('when there has been no message for too long, or none of the camera', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished);
    await running(here);
    await here.publish('counter_1/person', 1);
    await here.ear.happened(['W01 occupied']);
    here.ear.clock.jump(100_000);
    await here.publish('stats', '{"cameras":{"hall":{"camera_fps":5.1}}}');
    await here.publish('counter_2/person', 0);
    await here.ear.happened(['W01 occupied', 'W02 empty']);
    here.ear.clock.jump(100_000);
    await here.publish('stats', '{"cameras":{"hall":{"camera_fps":5.1}}}');
    await here.ear.happened(['W02 empty', 'W01 unknown', 'W02 unknown']);
    here.ear.clock.jump(181_000);
    await here.ear.happened(['W02 unknown', 'lost silent']);
  });

  test('when the broker goes, and it is called again when it is back', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished);
    await running(here);
    await here.publish('counter_1/person', 1);
    await here.ear.happened(['W01 occupied']);
    await here.broker.kill();
    await here.ear.happened(['W01 occupied', 'lost ended']);
    here.ear.clock.jump(2_000);
    await here.ear.happened(['lost ended', 'lost offline']);
    await here.broker.start();
    here.ear.clock.jump(120_000);
    await running(here);
    await here.ear.happened(['lost offline', 'back']);
  });
});

describe('a broker', () => {
  test('where Frigate is not is given up after a while, and tried again', async ({ onTestFinished }) => {
    const { ear, publish } = await scene(onTestFinished);
    await until(() => ear.clock.elapsed() > 0, { what: 'time' });
    ear.clock.jump(16_000);
    await ear.happened(['lost offline']);
    ear.clock.jump(3_000);
    await publish('available', 'online', { retain: true });
    await ear.happened(['lost offline', 'back']);
  });

  test('that refuses the password is left alone for a minute, then for half an hour', async ({ onTestFinished }) => {
    const { ear } = await scene(onTestFinished, {
      users: { frigate: 'Right1!' },
      broker: { username: 'frigate', password: 'Wrong-Secret-7' },
    });
    await ear.happened(['lost wrong-login']);
    expect(ear.retries.map((ms) => Math.round(ms / 1_000))).toEqual([60]);
    expect(ear.details.join()).not.toContain('Wrong-Secret-7');
  });

  test('that does not let us ask is only listened to', async ({ onTestFinished }) => {
    const here = await scene(onTestFinished, {
      users: { frigate: 'F1!', reader: 'R1!' },
      acl: ['user frigate', 'topic readwrite frigate/#', 'user reader', 'topic read frigate/#'],
      broker: { username: 'reader', password: 'R1!' },
      login: ['-u', 'frigate', '-P', 'F1!'],
    });
    await running(here);
    await here.publish('counter_1/person', 1);
    await here.ear.happened(['back', 'W01 occupied']);
  });

  test('of our own that cuts whoever asks without the right is called again, and only listened to', async ({
    onTestFinished,
  }) => {
    const users = [
      { id: 'frigate', password: 'F1!', publish: ['frigate/#'], subscribe: ['frigate/#'] },
      { id: 'reader', password: 'R1!', publish: [], subscribe: ['frigate/#'] },
    ];
    const { port, refusals, ...embedded } = await startEmbedded({ commit: true, users });
    onTestFinished(() => embedded[Symbol.asyncDispose]());
    const publish = async (topic: string, payload: string, ...more: string[]): Promise<void> => {
      const args = ['-h', '127.0.0.1', '-p', `${port}`, '-u', 'frigate', '-P', 'F1!', '-q', '1', '-s', ...more];
      const { code, err } = await mosquittoClient('mosquitto_pub', [...args, '-t', `frigate/${topic}`], payload);
      if (code !== 0) throw new Error(err);
    };
    await publish('available', 'online', '-r');
    const broker = { url: `mqtt://127.0.0.1:${port}`, username: 'reader', password: 'R1!', ca: null };
    const ear = hear((around) =>
      frigateWitness({ around, broker, prefix: 'frigate', silenceMs: 180_000, zones: ZONES }),
    );
    onTestFinished(() => ear[Symbol.asyncDispose]());
    await ear.happened(['back', 'lost ended']);
    expect(refusals).toHaveLength(1);
    ear.clock.jump(2_000);
    await ear.happened(['lost ended', 'back']);
    await publish('hall/status/detect', 'online');
    await publish('counter_1/person', '1');
    await ear.happened(['lost ended', 'back', 'W01 occupied']);
    expect(refusals).toHaveLength(1);
  });
});
