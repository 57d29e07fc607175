/** Models that know people: as ONNX files by the real runtime, MoveNet from its package, and what a daemon makes of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { GrayPicture } from '../../adapters/camera.ts';
import { personModel } from '../../adapters/persons/model.ts';
import { cutSeat } from '../../adapters/persons/seat-cut.ts';
import { PERSON } from '../../adapters/vision/occupancy-limits.ts';
import { PersonQuestions } from '../../daemon/cameras/person-questions.ts';
import { drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { tryPersonModel } from '../../daemon/probing/person.ts';
import { SECOND } from '../../rules/time.ts';
import { daemonOf, type Line } from '../support/daemon.ts';
import { BRIGHTNESS, type BrightnessModel, onnxFile } from '../support/onnx-file.ts';
import { PERSON_PACKAGES as packages } from '../support/person-packages.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { jumpingClock } from '../support/rtsp-hall.ts';
import { sceneStream } from '../support/seat-stream.ts';
import { until } from '../support/until.ts';

function written(bytes: Uint8Array | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-onnx-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'person.onnx');
  writeFileSync(file, bytes);
  return file;
}

/** A seat in the middle of one grey. */
function seatOf(gray: number): { picture: GrayPicture; seat: { x: number; y: number; width: number; height: number } } {
  const pixels = new Uint8Array(40 * 40).fill(gray);
  return { picture: { width: 40, height: 40, pixels }, seat: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 } };
}

const column = (value: number, length = 7): number[] => Array<number>(length).fill(value);
const colours = { type: 'float32', shape: [1, 3, 64, 64] } as const;

describe('an ONNX file', () => {
  test.each<[name: string, model: BrightnessModel, score: number]>([
    ['one number', BRIGHTNESS, 0.5],
    ['bytes, colours last', { ...BRIGHTNESS, input: { type: 'uint8', shape: [1, 32, 32, 3] } }, 0.5],
    ['any size', { ...BRIGHTNESS, input: { type: 'float32', shape: ['n', 3, 'height', 'width'] } }, 0.5],
    [
      'ready boxes, of which the last is no person',
      {
        input: colours,
        output: {
          shape: [1, 2, 6],
          base: [10, 10, 50, 50, 0, 0, ...[0, 0, 64, 64, 0.9, 7]],
          bright: [0, 0, 0, 0, 1, 0, ...column(0, 6)],
        },
      },
      0.5,
    ],
    [
      'a box that is not at the seat',
      { input: colours, output: { shape: [1, 1, 6], base: [0, 0, 5, 5, 0.9, 0], bright: column(0, 6) } },
      0,
    ],
    [
      'a column for each guess',
      {
        input: colours,
        output: {
          shape: [1, 6, 7],
          base: [...column(32), ...column(32), ...column(40), ...column(40), ...column(0), ...column(0.9)],
          bright: [...column(0, 28), 1, ...column(0, 13)],
        },
      },
      0.5,
    ],
  ])('that answers with %s is understood', async (_name, model, score) => {
    const known = await personModel({ model: written(onnxFile(model)), packages });
    expect(await known.score(seatOf(128))).toBeCloseTo(score, 1);
  });

  test.each<[name: string, bytes: Uint8Array | string, because: RegExp]>([
    ['is none', 'no model at all', /person.onnx cannot be used: .*protobuf/],
    ['is half there', onnxFile(BRIGHTNESS).subarray(0, 90), /cannot be used/],
    [
      'wants something else',
      onnxFile({ ...BRIGHTNESS, input: { type: 'float32', shape: [1, 7, 32] } }),
      /wants \[1,7,32\] of float32; known are one picture/,
    ],
    [
      'answers something else',
      onnxFile({ ...BRIGHTNESS, output: { shape: [1, 3], base: column(0, 3), bright: column(1, 3) } }),
      /answers in a way that is not known: \[1,3\]/,
    ],
  ])('that %s is refused with the reason', async (_name, bytes, because) => {
    await expect(personModel({ model: written(bytes), packages })).rejects.toThrow(because);
    await expect(tryPersonModel({ model: written(bytes), packages }, { lang: 'en' })).rejects.toThrow(because);
  });
});

test('MoveNet is loaded from its package, and tells people from empty chairs', async () => {
  const model = await personModel({ model: 'human', packages });
  expect(model.name).toBe('MoveNet Lightning (@vladmandic/human 3.3.6)');
  expect(await model.score(seatOf(128))).toBeLessThan(PERSON.present);
  for (const seed of [101, 102, 103]) {
    const of = (moment: SceneMoment) => model.score(cutSeat(drawScene(sceneLook(seed), 0, moment), SCENE_SEAT));
    expect(await of({}), `the chair of seed ${seed}`).toBeLessThanOrEqual(PERSON.absent);
    expect(await of({ clerk: 0 }), `somebody still, seed ${seed}`).toBeGreaterThanOrEqual(PERSON.present);
  }
  expect(await tryPersonModel({ model: 'human', packages }, { lang: 'en' })).toMatch(/^MoveNet .+, \d+ ms a look$/);
});

describe('questions', () => {
  const log = { error() {}, warn() {}, info() {}, debug() {} };

  async function asked(model: BrightnessModel, limits: { stuckMs?: number; lateMs?: number } = {}) {
    const clock = jumpingClock();
    const source = { model: written(onnxFile(model)), packages };
    const questions = new PersonQuestions({ source, clock, log, ...limits });
    onTestFinished(() => questions.stop());
    questions.begin();
    const ready = (): Promise<unknown> =>
      until(() => questions.reading().state === 'ready', { timeoutMs: 60_000, what: 'the model' });
    await ready();
    const scores: string[] = [];
    const ask = (camera: string, gray: number, seat = 0): void =>
      questions.ask({
        camera,
        seat,
        cut: () => seatOf(gray),
        told: (score) => scores.push(`${camera} ${score.toFixed(1)}`),
      });
    return { questions, clock, ready, ask, scores };
  }

  test('are answered one after the other, each seat waits once, and what is of no interest any more is not told', async () => {
    const { questions, ask, scores } = await asked(BRIGHTNESS, { lateMs: 60 * SECOND });
    for (const camera of ['a', 'b', 'b', 'c', 'gone']) ask(camera, camera === 'a' ? 51 : 128);
    questions.lookAway('gone');
    await until(() => scores.length >= 3, { timeoutMs: 60_000, what: 'the answers' });
    ask('d', 128);
    await until(() => scores.length >= 4, { timeoutMs: 60_000, what: 'one more' });
    expect(scores).toEqual(['a 0.2', 'b 0.5', 'c 0.5', 'd 0.5']);
    expect(questions.reading()).toMatchObject({ answers: 4, late: 0, failures: 0 });
  });

  test('that come too late are dropped', async () => {
    const { questions, clock, ask, scores } = await asked(BRIGHTNESS);
    ask('a', 128);
    ask('b', 128);
    clock.jump(4 * SECOND);
    await until(() => questions.reading().late === 1, { timeoutMs: 60_000, what: 'the late one' });
    expect(scores).toEqual(['a 0.5']);
  });

  test('of which one never ends cost no more than that answer', async () => {
    const { questions, clock, ready, ask, scores } = await asked({ ...BRIGHTNESS, fault: 'hangs' }, { stuckMs: 500 });
    ask('bright', 250);
    ask('next', 128);
    await until(
      () => {
        questions.wait();
        return questions.reading().failures > 0;
      },
      { timeoutMs: 60_000, what: 'the hanging model to be noticed' },
    );
    expect(questions.reading()).toMatchObject({ state: 'failed', trouble: { because: 'no answer for 0.5 s' } });
    clock.jump(SECOND + 1);
    await ready();
    ask('after', 128);
    await until(() => scores.length > 0, { timeoutMs: 60_000, what: 'an answer' });
    expect(scores).toEqual(['after 0.5']);
  });

  test('at which the model fails are forgotten, and it is begun anew', async () => {
    const { questions, clock, ready, ask, scores } = await asked({ ...BRIGHTNESS, fault: 'fails' });
    ask('bright', 250);
    await until(() => questions.reading().failures > 0, { timeoutMs: 60_000, what: 'the failure' });
    expect(questions.reading().trouble?.because).toMatch(/Tensor shape is too large/);
    clock.jump(SECOND + 1);
    await ready();
    ask('after', 128);
    await until(() => scores.length > 0, { timeoutMs: 60_000, what: 'an answer' });
  });
});

test.each([
  [0.9, 'occupied'],
  [0.2, 'unknown'],
])(
  'a daemon whose model says %d of a seat in doubt says %s',
  async (score, state) => {
    const still = sceneStream(await ffmpegPath(), sceneLook(7), [{ seconds: 60, shows: {} }]);
    const camera = await rtspCamera({ videos: { live: { stream: still.stream, fps: still.fps } } });
    onTestFinished(() => camera.close());
    const { x, y, width, height } = SCENE_SEAT;
    const model = written(onnxFile({ ...BRIGHTNESS, output: { shape: [1], base: [score], bright: [0] } }));
    const config: Line = {
      hall: { id: 'suixian', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      schedules: { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } },
      employees: [{ id: 'e1', schedule: 'standard', credentials: ['1001'] }],
      windows: [{ id: 'W1', schedule: 'standard', a: 'e1' }],
      mqtt: { embedded: { listen: '127.0.0.1:0' } },
      cameras: [{ id: 'cam-1', source: camera.url('live'), seats: [{ window: 'W1', roi: [x, y, width, height] }] }],
      // Without evidence nobody else wants the larger picture.
      evidence: { pictures: false },
      person: { model, packages },
    };
    await using daemon = daemonOf({ config });
    await daemon.startHearing();
    const said = async (): Promise<unknown[]> =>
      (await daemon.facts()).filter(({ fact }) => fact === 'presence').map((fact) => fact['state']);
    await until(async () => (await daemon.metric('zaigang_person_model_answers_total')) >= 2, {
      timeoutMs: 90_000,
      what: 'two answers of the model',
    });
    await until(async () => (await said()).at(-1) === state, { timeoutMs: 30_000, what: state });
    expect(await said()).not.toContain(state === 'occupied' ? 'empty' : 'occupied');
    expect(await daemon.metric('zaigang_person_model_ready')).toBe(1);
    expect(await daemon.stop()).toBe(0);
  },
  240_000,
);
