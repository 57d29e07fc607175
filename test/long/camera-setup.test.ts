/** Setting a camera up in a real browser, against cameras of our own: from finding it to its lines in hall.yaml and its sheet. */
import { writeFileSync } from 'node:fs';
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
import { type Browser, openChromium } from '../support/chromium.ts';
import { onvifDevice } from '../support/onvif-device.ts';
import { processesWith } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

async function signedIn(hall: CameraHall, name: string, options = {}): Promise<{ browser: Browser; page: Page }> {
  const browser = await openChromium(options);
  onTestFinished(() => browser.close());
  const page = await browser.context.newPage();
  await page.goto(`${hall.url}/sign-in?next=/cameras`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL(({ pathname }) => pathname === '/cameras');
  return { browser, page };
}

/** Draws the seat on the picture, from one corner to the other. */
async function drag(page: Page): Promise<void> {
  const box = await page.locator('.stage svg').boundingBox();
  if (box === null) throw new Error('there is no picture to draw on');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(SEAT.x, SEAT.y));
  await page.mouse.down();
  await page.mouse.move(...at(SEAT.x + SEAT.width, SEAT.y + SEAT.height), { steps: 4 });
  await page.mouse.up();
}

const LONG = { timeout: 150_000 };

test('a camera is found, tested, drawn, taught, checked, written and printed', async () => {
  await using staged = await stagedCamera();
  const hall = await openCameraHall();
  onTestFinished(() => hall[Symbol.asyncDispose]());
  await hall.account('root', ['admin', 'installer']);
  const device = await onvifDevice({
    login: CAMERA_LOGIN,
    isFound: true,
    streamOf: () => staged.camera.url('sub'),
    name: 'ZG',
  });
  onTestFinished(() => device.close());
  const { browser, page } = await signedIn(hall, 'root', { viewport: { width: 1366, height: 900 } });
  await page.getByRole('link', { name: '添加摄像头' }).click();

  // 1 and 2: it is found by its address range and tested; the password goes with the form and nowhere else.
  await page.locator('[name=ranges]').fill('127.0.0.1/32');
  await page.locator('#search').click();
  await page.getByRole('button', { name: '用这台' }).first().click(LONG);
  await page.locator('[name=user]').fill(CAMERA_LOGIN.user);
  await page.locator('[name=password]').fill(CAMERA_LOGIN.password);
  await page.locator('#test').click();
  await page.waitForURL(/\/cameras\/trials\//);
  await page.locator('.outcome[data-outcome=watching]').waitFor(LONG);
  expect(await page.locator('.probe-steps li').count()).toBe(9);

  // 3: the seat, by pointer, then a corner by keys, then by number.
  await page.locator('.stage').waitFor(LONG);
  await drag(page);
  await page.locator('[data-handle="0-2"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  const left = page.getByLabel('左 %', { exact: true });
  expect(Number(await left.inputValue())).toBeCloseTo(36, 0);
  await left.fill('36');
  await page.locator('#apply').click();
  const card = page.locator('.seat-card');
  await card.getByText('还不知道空座是什么样').waitFor(LONG);

  // 4: taught while it is empty; then it is seen to be.
  await page.locator('[data-teach=W1]').click();
  await page.getByText('出入境 的空座已学会').waitFor(LONG);
  await card.locator('.chip[data-seat=empty]').waitFor(LONG);
  await page.locator('[data-check=W1]').click();
  await card.getByText('请坐到座位上').waitFor(LONG);
  staged.show('clerk');
  await card.getByText('请离开座位').waitFor(LONG);
  staged.show('empty');
  await card.getByText('请回到座位上').waitFor(LONG);
  staged.show('clerk');
  await card.getByText('校验通过').waitFor(LONG);
  expect(await card.locator('.check-seen').count()).toBe(3);

  // 5: what would change is shown without the password; then it is written, every comment kept, and read at once.
  await page.locator('[name=id]').fill('cam-1');
  await page.locator('#propose').click();
  await page.locator('.diff').waitFor(LONG);
  const diff = await page.locator('.diff').innerText();
  expect(diff).toContain('+  - { id: cam-1');
  expect(diff).not.toContain(CAMERA_LOGIN.password);
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '写入并生效' }).click();
  await page.getByText('已写入并生效：cam-1').waitFor(LONG);
  expect(hall.text().startsWith(WRITTEN.trimEnd())).toBe(true);
  expect(hall.text().slice(WRITTEN.trimEnd().length)).toMatch(/^\ncameras:\n {2}- \{ id: cam-1, source: .*\n$/);

  // It reads well in every look.
  const [trial = ''] = page.url().split('?');
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const lang of ['zh', 'en']) {
      await page.emulateMedia({ colorScheme });
      await page.goto(`${trial}?lang=${lang}`);
      await page.locator('.check-passed').waitFor(LONG);
      expect([colorScheme, lang, await axeFaults(page)]).toEqual([colorScheme, lang, []]);
    }
  }
  await page.goto(`${trial}?lang=zh`);

  // Its sheet has what was tested, when, and room for names.
  await page.getByRole('link', { name: '验收单' }).click();
  const sheet = page.locator('.sheet');
  await sheet.getByText('通过', { exact: true }).waitFor(LONG);
  expect(await sheet.innerText()).toMatch(/cam-1[\s\S]*第一幅[\s\S]*空座：[\s\S]*安装人/);
  expect(await axeFaults(page)).toEqual([]);

  // The hall's own reader sees it, and what was learnt came along.
  await page.goto(`${hall.url}/cameras`);
  await page.locator('[data-camera=cam-1] .chip[data-camera=live]').waitFor(LONG);
  await page.getByText('空座画面：人给的 1 幅').first().waitFor(LONG);
  expect(await axeFaults(page)).toEqual([]);
  // Setting it up once more goes on where that was left; what is drawn is proposed, applied or not.
  await page.getByRole('button', { name: '测试、画座位' }).click();
  await page.waitForURL((url) => url.pathname === new URL(trial).pathname);
  await left.fill('30');
  await page.locator('#propose').click();
  await page.locator('.diff').waitFor(LONG);
  expect(await page.locator('.diff').innerText()).toMatch(/\n\+.*roi: \[ ?0\.3,/);
  await page.getByRole('button', { name: '结束设置' }).click();
  await page.waitForURL(({ pathname }) => pathname === '/cameras');
  expect(browser.complaints).toEqual([]);
  expect(hall.said.join('\n')).not.toContain(CAMERA_LOGIN.password);
  expect(staged.camera.wrongLogins + device.wrongLogins).toBe(0);
  await hall[Symbol.asyncDispose]();
  expect(processesWith(`127.0.0.1:${staged.camera.port}/`)).toEqual([]);
}, 600_000);

test('a wrong password is tried once, and said in a sentence; whoever may not write is told so; a file that changed is not overwritten', async () => {
  await using staged = await stagedCamera({ login: CAMERA_LOGIN, lockAfter: 3 });
  await using hall = await openCameraHall();
  await hall.account('worker', ['installer']);
  await hall.account('root', ['admin']);
  const { page } = await signedIn(hall, 'worker', { viewport: { width: 390, height: 844 } });
  const attempt = async (password: string): Promise<void> => {
    await page.goto(`${hall.url}/cameras/new`);
    await page.locator('[name=source]').fill(staged.camera.url('sub'));
    await page.locator('[name=user]').fill(CAMERA_LOGIN.user);
    await page.locator('[name=password]').fill(password);
    await page.locator('#test').click();
    await page.waitForURL(/\/cameras\/trials\//);
  };
  const outcome = page.locator('.outcome[data-outcome=failed]');
  await attempt('wrong');
  await outcome.waitFor(LONG);
  expect(await outcome.innerText()).toMatch(/核对用户名和密码再试，不要连试/);
  expect(staged.camera.wrongLogins).toBe(1);
  // Pressed again it is not even sent: the camera would lock itself.
  await attempt('wrong');
  await outcome.waitFor(LONG);
  expect(await page.locator('.step-failed').innerText()).toContain('为免锁定，这次没有试');
  expect(staged.camera.wrongLogins).toBe(1);
  await attempt(CAMERA_LOGIN.password);
  await page.locator('.stage').waitFor(LONG);
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await drag(page);
  const points = page.locator('.seat-set').first().locator('input');
  const focused = page.locator(':focus');
  await page.getByRole('button', { name: '改为多边形' }).click();
  const drawn = await points.inputValue();
  expect(await focused.inputValue()).toBe(drawn);
  // A hand that slips beside it draws nothing else in its place.
  const stage = await page.locator('.stage svg').boundingBox();
  await page.mouse.move((stage?.x ?? 0) + 4, (stage?.y ?? 0) + 4);
  await page.mouse.down();
  await page.mouse.move((stage?.x ?? 0) + 9, (stage?.y ?? 0) + 4, { steps: 3 });
  await page.mouse.up();
  expect(await points.inputValue()).toBe(drawn);
  // Two seats of one window are said.
  await page.getByRole('button', { name: '加一个座位' }).click();
  const second = page.locator('.seat-set').nth(1);
  await second.locator('select').focus();
  await second.locator('select').selectOption('W1');
  expect(await second.locator('.trouble').innerText()).toContain('画了不止一个座位');
  expect(await focused.evaluate((node) => node.tagName)).toBe('SELECT');
  await second.getByRole('button', { name: '去掉' }).click();
  await page.locator('#apply').click();
  await page.locator('[data-teach=W1]').waitFor(LONG);
  await page.locator('[name=id]').fill('cam-1');
  await page.locator('#propose').click();
  await page.getByText('写入需要管理员').waitFor(LONG);

  // The administrator finds the same trial; somebody edits the file between the look and the write.
  const admin = await signedIn(hall, 'root');
  await admin.page.goto(page.url());
  await admin.page.locator('[name=id]').fill('cam-1');
  await admin.page.locator('#propose').click();
  const write = admin.page.getByRole('button', { name: '写入并生效' });
  await write.waitFor(LONG);
  writeFileSync(hall.file, `${WRITTEN}# 改过\n`);
  await write.click();
  await admin.page.getByText('hall.yaml 或要写入的内容在此期间被改动').waitFor(LONG);
  expect(hall.text()).toBe(`${WRITTEN}# 改过\n`);
  await admin.page.locator('#propose').click();
  await write.click();
  await admin.page.getByText('已写入并生效').waitFor(LONG);
  expect(hall.text()).toMatch(/cameras:\n {2}- \{ id: cam-1[\s\S]*# 改过\n$/);
  await until(() => hall.said.some((line) => line.includes('"camera was read"')), {
    timeoutMs: 150_000,
    what: 'the camera is read',
  });
}, 600_000);
