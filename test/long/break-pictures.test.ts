/** Empty seats at a break, from a camera's stream to the page and back: a picture is taken, looked at in a real browser, and learnt. */
import { expect, onTestFinished, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { callerOf, cookieOf } from '../support/caller.ts';
import { CAMERA_LOGIN, openCameraHall, PASSWORD, SEAT, stagedCamera, WRITTEN } from '../support/camera-hall.ts';
import { openChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';

interface Listed {
  readonly cameras: readonly {
    readonly seats: readonly {
      readonly state: string;
      readonly pictures: { readonly given: number };
      readonly atBreak: { readonly state: string; readonly picture: { readonly id: string } | null } | null;
    }[];
  }[];
}

test('what was taken at the break is looked at, said to be empty, and learnt', async () => {
  await using staged = await stagedCamera();
  const source = staged.camera.url('sub', `${CAMERA_LOGIN.user}:\${CAM}`);
  const roi = [SEAT.x, SEAT.y, SEAT.width, SEAT.height].join(', ');
  // Without a session on any day the window always rests.
  const rests = WRITTEN.replace('{ mon: ["09:00-12:00"] }', '{}');
  const cameras = `cameras:
  - { id: cam-1, source: "${source}", seats: [ { window: W1, roi: [${roi}] } ] }
`;
  const hall = await openCameraHall({ text: rests + cameras, env: { CAM: CAMERA_LOGIN.password } });
  onTestFinished(() => hall[Symbol.asyncDispose]());
  await hall.account('worker', ['installer']);
  const ask = callerOf(hall.url);
  const { pair: cookie } = cookieOf(await ask('/api/v1/sign-in', { body: { name: 'worker', password: PASSWORD } }));
  const seat = async () => {
    const { cameras: listed } = (await (await ask('/api/v1/cameras', { cookie })).json()) as Listed;
    return listed[0]?.seats[0];
  };
  await ask('/api/v1/break-pictures', { cookie, body: {} });
  await until(async () => (await seat())?.atBreak?.state === 'ready', { timeoutMs: 420_000, what: 'a still seat' });
  expect((await seat())?.pictures.given).toBe(0);

  const browser = await openChromium({ viewport: { width: 1366, height: 900 } });
  onTestFinished(() => browser.close());
  const page = await browser.context.newPage();
  await page.goto(`${hall.url}/sign-in?next=${encodeURIComponent('/cameras')}`);
  await page.locator('#name').fill('worker');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  const taken = page.locator('[data-at-break="ready"]');
  await taken.locator('[data-empty="true"]:enabled').waitFor({ timeout: 60_000 });
  expect(await axeFaults(page)).toEqual([]);
  await taken.locator('[data-empty="true"]').click();
  await page.locator('[data-at-break="taught"]').waitFor({ timeout: 60_000 });
  expect(await seat()).toMatchObject({ pictures: { given: 1 }, atBreak: { state: 'taught', picture: null } });
  await until(async () => (await seat())?.state === 'empty', { timeoutMs: 150_000, what: 'the seat is seen empty' });
  expect(browser.complaints).toEqual([]);
}, 900_000);
