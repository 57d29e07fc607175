/** Many cameras at once in a real browser, against cameras and a recorder of our own: from a table, and as channels, to hall.yaml. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import {
  CAMERA_LOGIN,
  type CameraHall,
  openCameraHall,
  PASSWORD,
  SEAT,
  stagedCamera,
  WRITTEN,
} from '../support/camera-hall.ts';
import { openChromium } from '../support/chromium.ts';
import { onvifDevice } from '../support/onvif-device.ts';
import { recorderVideos } from '../support/recorder-videos.ts';
import { type RtspCamera, rtspCamera } from '../support/rtsp-camera.ts';
import { processesWith } from '../support/rtsp-hall.ts';

const LONG = { timeout: 150_000 };
const [user, password] = [CAMERA_LOGIN.user, CAMERA_LOGIN.password];

async function opened(hall: CameraHall, name: string, path: string, options = {}): Promise<Page> {
  const browser = await openChromium({ viewport: { width: 1366, height: 900 }, ...options });
  onTestFinished(() => browser.close());
  const page = await browser.context.newPage();
  await page.goto(`${hall.url}/sign-in?next=${encodeURIComponent(path)}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL(({ pathname }) => pathname === path);
  return page;
}

async function recorder(paths: readonly string[], options: { readonly host?: string } = {}): Promise<RtspCamera> {
  const camera = await rtspCamera({
    ...options,
    login: CAMERA_LOGIN,
    lockAfter: 3,
    videos: await recorderVideos(paths),
  });
  onTestFinished(() => camera.close());
  return camera;
}

const stateOf = (page: Page, line: number): ReturnType<Page['locator']> => page.locator(`[data-line="${line}"] .chip`);

test('a table in GBK is read and shown, tried without a password twice, drawn on, and written', async () => {
  const good = await recorder(['sub', 'second']);
  const strict = await recorder(['1', '2', '3'], { host: '127.0.0.2' });
  await using hall = await openCameraHall();
  await hall.account('root', ['admin', 'installer']);
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-table-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'cameras.csv');
  const rows = [
    '编号,地址,用户名,密码,窗口',
    `cam-1,${good.url('sub')},${user},${password},出入境`,
    `cam-2,${good.url('second')},${user},${password},W2`,
    `cam-3,,${user},${password},W2`,
    `cam-4,${good.url('other')},${user},${password},三号`,
    ...['1', '2', '3'].map((path) => `nvr-${path},${strict.url(path)},${user},wrong-one,W2`),
    `cam-9,${good.url('nothing')},${user},${password},`,
  ];
  writeFileSync(file, gbk(rows.join('\r\n')));
  const page = await opened(hall, 'root', '/cameras/bulk');
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('[name=table]').setInputFiles(file);
  await page.locator('#read').click();
  await page.waitForURL(/\/cameras\/batches\//);

  // Read first: bad rows are named with their cells, and nobody has been asked anything.
  await page.getByText('读作 CSV, GBK').waitFor(LONG);
  const problems = await page.locator('.problems').innerText();
  expect(problems).toMatch(/第 4 行（B4）：没有写地址/);
  expect(problems).toMatch(/第 5 行（E5）：配置里没有窗口 三号/);
  expect([good.rightLogins, strict.wrongLogins]).toEqual([0, 0]);
  await page.locator('#start').click();
  for (const line of [2, 3]) await stateOf(page, line).getByText('通过', { exact: true }).waitFor(LONG);
  await stateOf(page, 9).getByText('没有通过').waitFor(LONG);

  // One wrong password was sent to that host, and no second one.
  await stateOf(page, 6).getByText('没有通过').waitFor(LONG);
  for (const line of [7, 8]) {
    await stateOf(page, line).getByText('没有试').waitFor(LONG);
    expect(await page.locator(`[data-line="${line}"]`).innerText()).toContain('第 6 行已被这台主机拒绝登录');
  }
  expect([strict.wrongLogins, strict.isLocked, good.wrongLogins]).toEqual([1, false, 0]);
  await page.getByText('已试 6 / 6 路：通过 2，没有通过 4').waitFor(LONG);

  // The seat is drawn on what it showed.
  await page.locator('[data-draw="2"]').click();
  const box = await page.locator('[data-line="2"] .stage svg').boundingBox();
  if (box === null) throw new Error('there is no picture to draw on');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(SEAT.x, SEAT.y));
  await page.mouse.down();
  await page.mouse.move(...at(SEAT.x + SEAT.width, SEAT.y + SEAT.height), { steps: 4 });
  await page.mouse.up();
  await page.locator('[data-line="2"] .batch-drawing .button-main').click();
  await page.locator('[data-line="2"]').getByText('已画 1 个座位').waitFor(LONG);
  await page.getByText('选了 2 路，其中 1 路还没有画座位').waitFor(LONG);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect([colorScheme, await axeFaults(page)]).toEqual([colorScheme, []]);
  }

  // The difference without passwords, then the file with every comment.
  await page.locator('#propose').click();
  const diff = await page.locator('.diff').innerText();
  expect(diff).toMatch(/\+ {2}- \{ id: cam-1,[\s\S]*\+ {2}- \{ id: cam-2,/);
  expect(diff).not.toContain(password);
  await page.getByRole('button', { name: '写入并生效' }).click();
  await page.getByText('已写入并生效：2 路').waitFor(LONG);
  expect(hall.text().startsWith(WRITTEN.trimEnd())).toBe(true);
  await page.goto(`${hall.url}/cameras`);
  for (const id of ['cam-1', 'cam-2']) {
    await page.locator(`[data-camera=${id}] .chip[data-camera=live]`).waitFor(LONG);
  }
  expect(hall.said.join('\n')).not.toContain(password);
  expect([strict.wrongLogins, good.wrongLogins]).toEqual([1, 0]);
  await hall[Symbol.asyncDispose]();
  expect(processesWith(`127.0.0.1:${good.port}/`)).toEqual([]);
}, 600_000);

test('a recorder is asked for its channels, which are ticked, named to windows, and written with one login', async () => {
  const paths = ['102', '202', '302'].map((channel) => `Streaming/Channels/${channel}`);
  const streams = await recorder(paths.slice(0, 2));
  const device = await onvifDevice({
    login: CAMERA_LOGIN,
    profiles: paths.flatMap((_, i) => [
      { token: `main-${i}`, videoSource: `source-${i}`, width: 1920, height: 1080, fps: 25, gop: 50 },
      { token: `sub-${i}`, videoSource: `source-${i}`, width: 640, height: 360, fps: 10, gop: 10 },
    ]),
    streamOf: (token) => streams.url(token.startsWith('sub') ? paths[Number(token.at(-1))] : 'main'),
  });
  onTestFinished(() => device.close());
  await using hall = await openCameraHall();
  await hall.account('root', ['admin', 'installer']);
  const page = await opened(hall, 'root', '/cameras/bulk', { viewport: { width: 390, height: 844 } });
  await page.locator('[name=host]').fill(`127.0.0.1:${device.port}`);
  await page.locator('[name=user]').fill(user);
  await page.locator('[name=password]').fill(password);
  await page.locator('#ask').click();
  await page.waitForURL(/\/cameras\/batches\//);
  for (const line of [1, 2]) await stateOf(page, line).getByText('通过', { exact: true }).waitFor(LONG);
  await stateOf(page, 3).getByText('没有通过').waitFor(LONG);
  expect(await page.locator('main').innerText()).toMatch(/各路地址：rtsp:\/\/\S*\/Streaming\/Channels\/\{n\}02/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

  // A channel is ticked by naming its window.
  await page.locator('[data-line="1"] select').selectOption('W1');
  await page.locator('[data-line="1"] .batch-window').waitFor(LONG);
  await page.getByText('选了 1 路，其中 1 路还没有画座位').waitFor(LONG);
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('#propose').click();
  await page.getByRole('button', { name: '写入并生效' }).click();
  await page.getByText('已写入并生效：1 路').waitFor(LONG);
  // Once that is said, what was written can no longer be chosen.
  expect(await page.locator('[data-line="1"]').getAttribute('data-state')).toBe('saved');
  expect(hall.text()).toContain('  - { id: nvr-1-1, recorder: nvr-1, channel: 1 }');
  expect(hall.text().match(/k4mera/g)).toHaveLength(1);

  // Another channel of it later needs no second login in the file.
  await page.locator('[data-line="2"] select').selectOption('W2');
  await page.locator('[data-line="2"] .batch-window').waitFor(LONG);
  await page.locator('#propose').click();
  await page.getByRole('button', { name: '写入并生效' }).click();
  await page.getByText('已写入并生效：1 路').waitFor(LONG);
  expect(hall.text().match(/id: nvr-1,/g)).toHaveLength(1);
  await page.goto(`${hall.url}/cameras`);
  for (const id of ['nvr-1-1', 'nvr-1-2']) {
    await page.locator(`[data-camera="${id}"] .chip[data-camera=live]`).waitFor(LONG);
  }
  expect(device.wrongLogins + streams.wrongLogins).toBe(0);
}, 600_000);

test('seats are proposed from where it moves, and are none before the administrator applies and writes them', async () => {
  await using staged = await stagedCamera();
  staged.show('clerk');
  const source = staged.camera.url('sub', `${user}:${encodeURIComponent(password)}`);
  const text = `${WRITTEN}cameras:\n  - { id: cam-1, source: "${source}" }   # 还没有画座位\n`;
  await using hall = await openCameraHall({ text });
  await hall.account('root', ['admin', 'installer']);
  const page = await opened(hall, 'root', '/cameras');
  await page.locator('[data-camera=cam-1] .chip[data-camera=live]').waitFor(LONG);
  await page.getByText('有 1 路还没有画座位').waitFor(LONG);
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('#survey').click();
  await page.getByText('开始看 1 路的动静').waitFor(LONG);
  await page.getByText('目前建议 1 个座位').waitFor({ timeout: 400_000 });
  expect(hall.text()).toBe(text);

  await page.getByRole('button', { name: '测试、画座位' }).click();
  await page.locator('#use-proposed').click(LONG);
  const [left, width] = [page.getByLabel('左 %', { exact: true }), page.getByLabel('宽 %', { exact: true })];
  const middle = Number(await left.inputValue()) + Number(await width.inputValue()) / 2;
  expect(Math.abs(middle - 100 * (SEAT.x + SEAT.width / 2))).toBeLessThan(6);
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('#apply').click();
  await page.locator('[data-teach=W1]').waitFor(LONG);
  await page.locator('#propose').click();
  await page.getByRole('button', { name: '写入并生效' }).click();
  await page.getByText('已写入并生效：cam-1').waitFor(LONG);
  expect(hall.text()).toMatch(/seats: \[ ?\{ window: W1, roi: .*# 还没有画座位\n$/);
}, 900_000);

/** A text as a Chinese Excel saves it. */
function gbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const codes = new Map<string, readonly number[]>();
  for (let high = 0xb0; high <= 0xf7; high++)
    for (let low = 0xa1; low <= 0xfe; low++) codes.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  return Buffer.from([...text].flatMap((char) => codes.get(char) ?? [...Buffer.from(char)]));
}
