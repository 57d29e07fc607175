/** Tables imported on their page, in a real browser: what is wrong and what would change is seen first, and taken in by a press. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { importsOf } from '../../daemon/http/imports-api.ts';
import { testAccess } from '../support/access.ts';
import { axeFaults } from '../support/axe.ts';
import { boardBrowser, untilText } from '../support/board-page.ts';
import { CoreHall } from '../support/core-hall.ts';
import { holdAnswer } from '../support/held-answer.ts';
import type { TestServer } from '../support/http-server.ts';
import { on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

/** Each import begins a thread, on a machine that may be busy. */
vi.setConfig({ testTimeout: 240_000 });

const PASSWORD = 'zheng-wu-da-ting-2026';
const BY = { who: 'command', address: null };
const HEAD = '工号,姓名,日期,类型\n';
const GOOD = `${HEAD}e1,徐敏,2026-03-02,病假\n`;
const BAD = `${GOOD}e9,,2026-03-03,事假\ne2,,2026-02-30,事假\n`;

const { start, blank, complaints } = boardBrowser();
let hall: CoreHall;
let server: TestServer;
let page: Page;

beforeEach(async () => {
  hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(punchOf('p2', 'e2', '08:50:00'));
  hall.pass(on('13:00:00'));
  const { access } = testAccess();
  for (const role of ['manager', 'employee'] as const) {
    const employee = role === 'employee' ? 'e001' : null;
    access.office.add({ name: role, display: role, roles: [role], employee, departments: [] }, BY);
    await access.office.setPassword(role, PASSWORD, BY);
  }
  server = await start({ access, imports: importsOf(hall.core) });
  page = await blank();
});
afterEach(() => hall[Symbol.dispose]());

async function signIn(name: string, path: string): Promise<void> {
  await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(path)}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL((at) => at.pathname !== '/sign-in');
}

const choose = (text: string) =>
  page.locator('[name=table]').setInputFiles({ name: '请假.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
const leaves = () => hall.core.facts.after(0, 100).filter(({ fact }) => fact.fact === 'leave').length;

test('wrong rows are named with line and cell; the good ones are taken in once somebody has seen what would change', async () => {
  await signIn('manager', '/imports?lang=zh');
  await page.locator('#look').click();
  await untilText(page, '#said', '请先选一个文件。');
  await choose(BAD);
  await page.locator('#look').focus();
  await page.keyboard.press('Enter');
  await page.locator('.problems').waitFor({ timeout: 120_000 });
  expect(await page.locator('.problems').innerText()).toMatch(/第 3 行 A3（工号）：[\s\S]*第 4 行 C4（日期）：/);
  expect([await page.locator('#take').count(), leaves()]).toEqual([0, 0]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect([colorScheme, await axeFaults(page)]).toEqual([colorScheme, []]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

  await page.locator('#skip').click();
  await page.locator('#take').waitFor({ timeout: 120_000 });
  expect(await page.locator('main').innerText()).toMatch(/会新增 1 条[\s\S]*会改变 1 条结论[\s\S]*撤销：.*徐敏/);
  expect(leaves()).toBe(0);
  await page.locator('#take').focus();
  await page.keyboard.press('Enter');
  await untilText(page, '#said', '已导入 1 条。');
  expect(leaves()).toBe(1);

  // Once more there is nothing new in it; another kind has nothing to do with what was found before.
  await choose(GOOD);
  await page.locator('#look').click();
  await untilText(page, '.import-gist', '没有新的内容：都已经在账上。');
  expect(await page.locator('#take').count()).toBe(0);
  await page.locator('[name=kind]').selectOption('punches');
  expect(await page.locator('.import-gist').count()).toBe(0);
  expect(new URL(page.url()).searchParams.get('kind')).toBe('punches');
  expect(complaints().filter((said) => !said.includes('422'))).toEqual([]);
});

test('what was found in something else is not offered beside what is chosen by then', async () => {
  await signIn('manager', '/imports?lang=zh');
  await choose(GOOD);
  const looking = await holdAnswer(page, '**/api/v1/imports/leave?*');
  await page.locator('#look').click();
  await looking.answered;
  await page.locator('[name=kind]').selectOption('roster');
  await looking.release();
  expect([await page.locator('#take').count(), await page.locator('.import-gist').count()]).toEqual([0, 0]);
  // Nor does what was taken in meanwhile wipe what is looked at since.
  await page.locator('[name=kind]').selectOption('leave');
  await page.locator('#look').click();
  const taking = await holdAnswer(page, '**/api/v1/imports/leave?*dryRun=0*');
  await page.locator('#take').click();
  await taking.answered;
  await page.locator('#look').click();
  await untilText(page, '.import-gist', '没有新的内容：都已经在账上。');
  await taking.release();
  await untilText(page, '#said', '已导入 1 条。');
  expect(await page.locator('.import-gist').count()).toBe(1);
});

test('what is no table is said to be none, in English as well, and whoever may not import does not get there', async () => {
  await signIn('manager', '/imports?lang=en');
  await choose('nothing of the kind');
  await page.locator('#look').click();
  await page.locator('.problems li').waitFor({ timeout: 120_000 });
  expect(await page.locator('.trouble').innerText()).toContain('1 place is wrong, and nothing was imported.');
  expect(await page.locator('#skip, #take').count()).toBe(0);
  await page.context().clearCookies();
  await signIn('employee', '/');
  expect((await page.goto(`${server.url}/imports`))?.status()).toBe(403);
});
