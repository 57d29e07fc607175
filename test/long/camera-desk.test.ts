/** Cameras for installers over HTTP: how they are, what they show, teaching an empty seat for good, and what is kept of who did it. */
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { callerOf, cookieOf } from '../support/caller.ts';
import { CAMERA_LOGIN, openCameraHall, PASSWORD, SEAT, stagedCamera, WRITTEN } from '../support/camera-hall.ts';
import { until } from '../support/until.ts';

interface Listed {
  readonly cameras: readonly {
    readonly id: string;
    readonly state: string;
    readonly address: string;
    readonly loss: { readonly reason: string; readonly said: string } | null;
    readonly quality: string;
    readonly pictureAt: string | null;
    readonly seats: readonly {
      readonly state: string;
      readonly doubt: { readonly reason: string } | null;
      readonly votes: readonly { readonly witness: string }[];
      readonly pictures: { readonly given: number };
    }[];
  }[];
}

test('a seat is taught, and known again after a restart; who looked and who taught is kept; no answer has the password', async () => {
  await using staged = await stagedCamera();
  const source = staged.camera.url('sub', `${CAMERA_LOGIN.user}:\${CAM}`);
  const roi = [SEAT.x, SEAT.y, SEAT.width, SEAT.height].join(', ');
  const cameras = `cameras:
  - { id: cam-1, source: "${source}", seats: [ { window: W1, roi: [${roi}] } ] }
  - { id: cam-2, source: "rtsp://127.0.0.1:9/x", seats: [ { window: W2, roi: [${roi}] } ] }
`;
  const hall = await openCameraHall({ text: WRITTEN + cameras, env: { CAM: CAMERA_LOGIN.password } });
  onTestFinished(() => hall[Symbol.asyncDispose]());
  await hall.account('root', ['admin']);
  await hall.account('worker', ['installer']);
  await hall.account('boss', ['supervisor']);
  const answers: string[] = [];
  const signIn = async (name: string) => {
    const ask = callerOf(hall.url);
    const { pair } = cookieOf(await ask('/api/v1/sign-in', { body: { name, password: PASSWORD } }));
    return async (path: string, body?: object) => {
      const response = await ask(path, { cookie: pair, ...(body === undefined ? {} : { body }) });
      const isJpeg = response.headers.get('content-type') === 'image/jpeg';
      const text = isJpeg ? '' : await response.clone().text();
      answers.push(text);
      return {
        status: response.status,
        isJpeg,
        json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>,
      };
    };
  };
  let worker = await signIn('worker');
  const listed = async () => ((await worker('/api/v1/cameras?lang=en')).json as unknown as Listed).cameras;
  const seat = async () => (await listed())[0]?.seats[0];

  // Nobody says yet how it looks when empty: it is unknown, with the reason and its votes.
  await until(async () => (await seat())?.doubt?.reason === 'no-reference', {
    timeoutMs: 150_000,
    what: 'the seat is looked at',
  });
  const [first, second] = await listed();
  expect(first).toMatchObject({ id: 'cam-1', state: 'live', loss: null });
  expect(first?.address).toMatch(/^rtsp:\/\/\*\*\*@127\.0\.0\.1:\d+\/sub$/);
  expect((await seat())?.votes.map(({ witness }) => witness)).toContain('motion');
  await until(async () => (await listed())[1]?.loss?.reason === 'offline', {
    timeoutMs: 150_000,
    what: 'the other is not there',
  });
  expect(second?.pictureAt).toBeNull();

  // Somebody at work is not learnt.
  staged.show('clerk');
  await until(async () => (await seat())?.state === 'occupied', { timeoutMs: 150_000, what: 'somebody sits' });
  expect((await worker('/api/v1/cameras/cam-1/empty', {})).json).toEqual({
    seats: [{ seat: 0, window: 'W1', outcome: 'restless' }],
  });
  expect((await seat())?.pictures.given).toBe(0);
  staged.show('empty');
  await until(async () => (await seat())?.state !== 'occupied', { timeoutMs: 150_000, what: 'nobody sits' });
  expect((await worker('/api/v1/cameras/cam-1/empty', { seats: [0] })).json).toEqual({
    seats: [{ seat: 0, window: 'W1', outcome: 'learnt' }],
  });
  await until(async () => (await seat())?.state === 'empty', { timeoutMs: 150_000, what: 'the seat is empty' });

  // What cannot be: no picture, no such seat, no such camera, not theirs.
  expect((await worker('/api/v1/cameras/cam-2/empty', {})).json).toMatchObject({ code: 'no-picture' });
  expect((await worker('/api/v1/cameras/cam-1/empty', { seats: [1] })).json).toMatchObject({ code: 'no-seat' });
  expect((await worker('/api/v1/cameras/cam-9/empty', {})).status).toBe(404);
  const boss = await signIn('boss');
  expect((await boss('/api/v1/cameras/cam-1/picture')).status).toBe(403);

  // Looks are noted, a row for all of some minutes.
  for (const path of ['picture', 'picture', 'picture?whole=1']) {
    expect(await worker(`/api/v1/cameras/cam-1/${path}`)).toMatchObject({ status: 200, isJpeg: true });
  }
  expect((await worker('/api/v1/cameras/cam-2/picture')).json).toMatchObject({ code: 'no-picture' });
  let root = await signIn('root');
  const log = async () => {
    const { json } = await root('/api/v1/access-log');
    const rows = Object.values(json).find(Array.isArray) as readonly { who: string; what: string; detail: object }[];
    return rows
      .filter(({ what }) => what === 'camera-viewed' || what === 'seat-taught')
      .map(({ who, what, detail }) => ({ who, what, ...detail }));
  };
  expect((await log()).reverse()).toEqual([
    { who: 'user:worker', what: 'seat-taught', camera: 'cam-1', windows: ['W1'] },
    { who: 'user:worker', what: 'seat-taught', camera: 'cam-1', windows: ['W1'] },
    { who: 'user:worker', what: 'camera-viewed', camera: 'cam-1', whole: false },
    { who: 'user:worker', what: 'camera-viewed', camera: 'cam-1', whole: true },
  ]);

  await hall.restart();
  [worker, root] = [await signIn('worker'), await signIn('root')];
  await until(async () => (await seat())?.state === 'empty', { timeoutMs: 150_000, what: 'it is known again' });
  expect((await seat())?.pictures.given).toBe(1);

  // Redrawn by a trial of the camera itself, nothing but the region changes in the file.
  const trial = await worker('/api/v1/camera-trials', { camera: 'cam-1' });
  const id = String(trial.json['id']);
  const state = async () => (await worker(`/api/v1/camera-trials/${id}`)).json;
  await until(async () => (await state())['state'] === 'watching', { timeoutMs: 150_000, what: 'it is tested' });
  expect(await state()).toMatchObject({ camera: 'cam-1', seats: [{ window: 'W1', pictures: { given: 1 } }] });
  const { json: same } = await worker(`/api/v1/camera-trials/${id}/proposal`, { id: 'cam-1' });
  expect(same).toMatchObject({ diff: '', isAccepted: true });
  // A range that is none, an address that is none, and what only an administrator may.
  expect((await worker('/api/v1/camera-search', { ranges: ['10.0.0.0/8'] })).json).toMatchObject({ code: 'bad-range' });
  expect((await worker('/api/v1/camera-trials', { source: 'file:///etc/passwd' })).json).toMatchObject({
    code: 'bad-source',
  });
  expect((await worker('/api/v1/camera-trials', { camera: 'cam-9' })).status).toBe(404);
  expect((await worker(`/api/v1/camera-trials/${id}/save`, { id: 'cam-1', base: 'x'.repeat(64) })).status).toBe(403);
  writeFileSync(hall.file, `${WRITTEN + cameras}broken: [`);
  expect((await root(`/api/v1/camera-trials/${id}/save`, { id: 'cam-1', base: 'x'.repeat(64) })).json).toMatchObject({
    code: 'changed',
  });

  expect(answers.join('\n')).not.toContain(CAMERA_LOGIN.password);
  expect(answers.join('\n')).not.toContain(encodeURIComponent(CAMERA_LOGIN.password));
  expect(hall.said.join('\n')).not.toContain(CAMERA_LOGIN.password);
}, 600_000);
