/** Cameras as their pages show them: the list, one being set up, its sheet, the way to many at once. */
import type { Page } from 'playwright-core';
import { CAMERA_LOGIN, openCameraHall, PASSWORD, SEAT, stagedCamera, WRITTEN } from '../support/camera-hall.ts';
import type { Scene } from './scenes.ts';

const LONG = { timeout: 150_000 };

export const cameras: Scene = async (camera, browser) => {
  if (!camera.wants('camera', 'bulk')) return;
  await using staged = await stagedCamera();
  const { user, password } = CAMERA_LOGIN;
  const away =
    '  - { id: cam-2, source: "rtsp://127.0.0.1:9/x", seats: [ { window: W2, roi: [0.3, 0.2, 0.3, 0.6] } ] }';
  const roi = [SEAT.x, SEAT.y, SEAT.width, SEAT.height].join(', ');
  const source = staged.camera.url('sub', `${user}:\${CAM}`);
  const near = `  - { id: cam-1, source: "${source}", seats: [ { window: W1, roi: [${roi}] } ] }`;
  const text = `${WRITTEN}cameras:\n${near}\n${away}\n`;
  await using hall = await openCameraHall({ text, env: { CAM: password } });
  await hall.account('wang', ['admin', 'installer']);
  const page = await browser.context.newPage();
  await page.goto(`${hall.url}/sign-in?next=/cameras`);
  await page.locator('#name').fill('wang');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.locator('[data-camera=cam-1] .chip[data-camera=live]').waitFor(LONG);
  await page.locator('[data-camera=cam-1] [data-teach]').click();
  await page.locator('#said', { hasText: '已学会' }).waitFor(LONG);

  // One being set up: tested, drawn, taught, and checked by somebody who sits down.
  await page.locator('[data-camera=cam-1] .camera-head button').click();
  await page.waitForURL(/\/cameras\/trials\//);
  await page.locator('.stage').waitFor(LONG);
  await page.locator('[data-check=W1]').click();
  await page.getByText('请坐到座位上').waitFor(LONG);
  staged.show('clerk');
  await page.getByText('请离开座位').waitFor(LONG);
  const [trial = ''] = page.url().split('?');
  const drawn = async (at: Page): Promise<void> => {
    await at.locator('.stage img[src]').waitFor();
    await at.locator('.verdict .votes').first().waitFor(LONG);
  };
  const wish = { url: trial, there: '.check-now', act: drawn };
  await camera.take(page, 'camera', ['1366-zh-light', '390-zh-dark'], wish);
  await camera.take(page, 'camera-sheet', ['1366-zh-light'], { url: `${trial}/sheet`, there: '.sheet h2' });
  const live = { url: `${hall.url}/cameras`, there: '.camera-picture img' };
  await camera.take(page, 'cameras', ['1920-en-dark', '390-zh-light'], live);
  await camera.take(page, 'camera-new', ['1366-en-light'], { url: `${hall.url}/cameras/new`, there: '#search' });
  await camera.take(page, 'bulk', ['390-en-light'], { url: `${hall.url}/cameras/bulk`, there: '#ask' });
  await page.close();
};
