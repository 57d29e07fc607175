/** Asking the running daemon for pictures of seats at a break: who may, of which cameras, and what is refused. */
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { callerOf, cookieOf } from '../support/caller.ts';
import { openCameraHall, PASSWORD, WRITTEN } from '../support/camera-hall.ts';

/** Nobody is at this address, and the window has no schedule on any day: it always rests. */
const hallWith = (roi: string): string => `${WRITTEN.replace('{ mon: ["09:00-12:00"] }', '{}')}cameras:
  - { id: cam-1, source: "rtsp://127.0.0.1:9/x", seats: [ { window: W1, roi: ${roi} } ] }
  - { id: cam-2, source: "rtsp://127.0.0.1:9/y", seats: [] }
`;

test('the cameras with seats are asked; what is not there is not learnt, and a seat that was moved is said to be', async () => {
  const hall = await openCameraHall({ text: hallWith('[0.1, 0.2, 0.3, 0.5]') });
  onTestFinished(() => hall[Symbol.asyncDispose]());
  await hall.account('worker', ['installer']);
  await hall.account('boss', ['supervisor']);
  const ask = callerOf(hall.url);
  const signIn = async (name: string) => {
    const { pair } = cookieOf(await ask('/api/v1/sign-in', { body: { name, password: PASSWORD } }));
    return async (path: string, body?: object) => {
      const answer = await ask(path, { cookie: pair, ...(body === undefined ? {} : { body }) });
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
    };
  };
  const [worker, boss] = [await signIn('worker'), await signIn('boss')];
  const atBreak = async (): Promise<unknown> => {
    const { cameras } = (await worker('/api/v1/cameras?lang=en')).json as {
      cameras: { seats: { atBreak: unknown }[] }[];
    };
    return cameras[0]?.seats[0]?.atBreak;
  };
  expect(await atBreak()).toBeNull();
  expect((await boss('/api/v1/break-pictures', {})).status).toBe(403);
  expect(await worker('/api/v1/break-pictures', {})).toMatchObject({ status: 202, json: { cameras: ['cam-1'] } });
  expect(await atBreak()).toMatchObject({ state: 'watching', because: { reason: 'lost' }, picture: null });

  const picture = 'a'.repeat(64);
  const path = (camera: string, seat: number): string => `/api/v1/cameras/${camera}/seats/${seat}/break-picture`;
  expect((await worker(path('cam-1', 0), { picture, empty: true })).json).toMatchObject({ code: 'other-picture' });
  expect((await worker(`${path('cam-1', 0)}?picture=${picture}`)).json).toMatchObject({ code: 'other-picture' });
  expect((await worker(path('cam-1', 1), { picture, empty: true })).json).toMatchObject({ code: 'no-seat' });
  expect((await worker(path('cam-9', 0), { picture, empty: true })).status).toBe(404);
  expect((await worker(path('cam-1', 0), { empty: true })).status).toBe(422);
  expect((await boss(path('cam-1', 0), { picture, empty: true })).status).toBe(403);

  writeFileSync(hall.file, hallWith('[0.5, 0.2, 0.3, 0.5]'));
  await hall.daemon.reload(parseConfig(hall.text(), hall.file, { env: {}, lang: 'en' }));
  expect(await atBreak()).toMatchObject({ state: 'none', because: { reason: 'changed' } });
}, 120_000);
