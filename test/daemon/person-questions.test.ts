/** The thread of the model that knows people, where the model cannot be had, or the packages it needs do not work. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PersonQuestions } from '../../daemon/cameras/person-questions.ts';
import { MINUTE, SECOND } from '../../rules/time.ts';
import { jumpingClock } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'zaigang-person-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Questions to a model whose packages are in the folder; what is logged, and a clock to jump. */
function begun(model: string, packages: string) {
  const clock = jumpingClock();
  const logged: [fields: Record<string, unknown>, phrase: string][] = [];
  const log = (fields: Record<string, unknown>, phrase: string): void => void logged.push([fields, phrase]);
  const questions = new PersonQuestions({
    ...{ source: { model, packages }, clock, log: { error: log, warn: log, info: log, debug: log } },
  });
  onTestFinished(() => questions.stop());
  questions.begin();
  return { questions, clock, logged };
}

const QUESTION = {
  camera: 'cam-1',
  seat: 0,
  cut: () => {
    throw new Error('nobody should ask');
  },
  told: () => {
    throw new Error('nobody should answer');
  },
};

test.each([
  ['human', '@vladmandic/human is not installed in'],
  ['person.onnx', 'person.onnx cannot be read: ENOENT'],
])('without what %s needs, it is said once why not and what to do, and nothing is asked', async (name, because) => {
  const packages = folder();
  const model = name === 'human' ? name : join(packages, name);
  const { questions, clock, logged } = begun(model, packages);
  await until(() => questions.reading().state === 'failed', { what: 'the model to be refused' });
  expect(questions.reading().trouble?.because).toContain(because);
  if (name === 'human')
    expect(questions.reading().trouble).toMatchObject({
      fault: 'not-installed',
      remedy: expect.stringMatching(/^npm install .+ --prefix .+ @vladmandic\/human@3/),
    });
  questions.ask(QUESTION);
  // Tried again after a while, in case somebody has installed it; not said again.
  clock.jump(10 * MINUTE + SECOND);
  expect(questions.reading().state).toBe('loading');
  await until(() => questions.reading().state === 'failed', { what: 'the model to be refused again' });
  expect(logged.map(([, phrase]) => phrase)).toEqual(['person model was not loaded; doubts stay unknown']);
  expect(questions.reading()).toMatchObject({ answers: 0, failures: 0 });
});

test('packages that end the thread are tried again, less and less often, and said once', async () => {
  const packages = folder();
  const runtime = join(packages, 'node_modules', 'onnxruntime-web');
  mkdirSync(runtime, { recursive: true });
  writeFileSync(join(runtime, 'index.js'), 'process.exit(3);');
  writeFileSync(join(packages, 'person.onnx'), 'some bytes');
  const { questions, clock, logged } = begun(join(packages, 'person.onnx'), packages);
  for (const [i, pauseMs] of [1, 2, 5].map((seconds) => seconds * SECOND).entries()) {
    await until(() => questions.reading().failures === i + 1, { what: `failure ${i + 1}` });
    clock.jump(pauseMs - 300);
    expect(questions.reading().state).toBe('failed');
    clock.jump(600);
    expect(questions.reading().state).toBe('loading');
  }
  expect(logged.map(([{ because }, phrase]) => `${phrase}: ${because}`)).toEqual([
    'person model failed; doubts stay unknown until it is resumed: the thread ended with 3',
  ]);
});

test('a model that is never loaded is given up, and begun anew', async () => {
  const packages = folder();
  const runtime = join(packages, 'node_modules', 'onnxruntime-web');
  mkdirSync(runtime, { recursive: true });
  writeFileSync(join(runtime, 'index.js'), 'for (;;) {}');
  writeFileSync(join(packages, 'person.onnx'), 'some bytes');
  const { questions, clock } = begun(join(packages, 'person.onnx'), packages);
  questions.wait();
  expect(questions.reading().state).toBe('loading');
  clock.jump(MINUTE + SECOND);
  questions.wait();
  expect(questions.reading().state).toBe('loading');
  questions.wait();
  expect(questions.reading()).toMatchObject({ state: 'failed', trouble: { because: 'it did not load' }, failures: 1 });
});
