/** Pictures and archives on a case's page, the chief's week, and the pages of accounts: a real browser against the real daemon. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkedArchive } from '../../daemon/evidence/case-archive.ts';
import { parseInstant } from '../../rules/time.ts';
import { axeFaults } from '../support/axe.ts';
import { reads, signIn, textOf } from '../support/case-browser.ts';
import { type CaseHall, fridayAt, leave, openCaseHall, PASSWORD, playMorning } from '../support/case-hall.ts';
import { type Browser, openChromium } from '../support/chromium.ts';
import { plantPictures } from '../support/planted-pictures.ts';

/** What a name, a reason or a note may hold without being more than text. */
const SCRIPT = '<img src=x onerror="document.title=1">';

let browser: Browser;
let hall: CaseHall;
let post = '';

beforeAll(async () => {
  [browser, hall] = await Promise.all([openChromium(), openCaseHall({ names: { e40: `丁洁${SCRIPT}` } })]);
  await hall.record(leave('e20', '2026-11-19 09:00', '2026-11-20 17:00'));
  await playMorning(hall);
  await Promise.all([
    hall.account('zhang', '张督查', ['supervisor']),
    hall.account('root', '王芳', ['admin']),
    hall.account('chief', '食药监局首席代表', ['chief', 'employee'], { employee: 'e19', departments: ['d10'] }),
  ]);
  const { desk, ledger } = hall.daemon.core;
  const at = parseInstant(fridayAt('10:05')) ?? 0;
  post = desk.between(20_777, 20_777).find(({ row }) => row.subject === 'W17')?.row.id ?? '';
  await plantPictures(ledger, 'county', [
    { picture: 'E-000000000001', moment: 'last-seen', window: 'W17', case: post, at },
    { picture: 'E-000000000002', moment: 'alarm', window: 'W17', case: post, at: at + 900_000 },
    { picture: 'E-000000000003', moment: 'left', window: 'W17', case: post, at: at + 5_000, missing: 'not-seen' },
  ]);
}, 180_000);
afterAll(async () => {
  await Promise.all([browser.close(), hall[Symbol.asyncDispose]()]);
});

/** Presses Tab until what has the focus matches. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  expect.fail(`${selector} is not reached by Tab`);
}

async function bothThemes(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect([colorScheme, await axeFaults(page)]).toEqual([colorScheme, []]);
  }
}

test('a picture is fetched when it is asked for, once, and that is recorded; the archive proves itself', async () => {
  const page = await signIn(hall, browser, 'zhang', `/cases/${post}`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/evidence\/E-/.test(request.url())) asked.push(request.url());
  });
  await page.locator('.still').nth(2).waitFor();
  expect(await textOf(page, '.stills')).toMatch(/最后有人 .*看画面 .*离开 .*没有画面：那一刻没有看到 报警/);
  expect(asked).toEqual([]);
  const first = page.locator('[data-picture="E-000000000001"]');
  await first.locator('button').press('Enter');
  await first.locator('.still-shown').waitFor();
  expect(await first.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(320);
  await first.locator('button').press('Enter');
  expect(await first.locator('button').getAttribute('aria-pressed')).toBe('true');
  await bothThemes(page);
  expect(asked).toHaveLength(1);
  expect(await first.innerText()).toContain('查看 1 次');
  const { desk } = hall.daemon.core;
  expect(desk.find(post)?.life.acknowledged).toBe(null);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.stills-foot a[download]').click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${post}-2026-11-20.zip`);
  expect(checkedArchive(readFileSync(await download.path()))).toMatchObject({ faults: [], manifest: { case: post } });
  await page.close();
}, 180_000);

describe('the chief’s week', () => {
  test('by person and day, with what lacks a slip; a day’s cases by one press, and a proposal that supervision sees', async () => {
    const page = await signIn(hall, browser, 'chief', '/week?week=2026-W47');
    await page.locator('.week-grid').waitFor();
    const rows = await page.locator('.week-grid tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t')[0])).toEqual(['雷梅 e19', '吕晨 e20', `丁洁${SCRIPT} e40`]);
    expect(await page.title()).toContain('食药监局');
    expect(await textOf(page, '#signing')).toContain('还没有结束');
    expect(await textOf(page, '.week-list')).toContain('吕晨 病假');
    await tabTo(page, '.week-press[aria-label^="雷梅 11月20日"]');
    await page.keyboard.press('Enter');
    await reads(page, '.week-only', '只看 雷梅 11月20日');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^雷梅 11月20日/);
    const late = page.locator('.my-case', { hasText: '迟到 17 分钟' });
    expect(await page.locator('.my-case').count()).toBe(1);
    await late.locator('[data-do="remark"]').press('Enter');
    await page.locator('#proposes-excuse').press('Space');
    await page.locator('#remark').fill(`当日在 W20 顶岗 ${SCRIPT}`);
    await page.locator('.dialog button[type="submit"]').press('Enter');
    await reads(page, '.week-remark', `建议免责 当日在 W20 顶岗 ${SCRIPT}`);
    await bothThemes(page);
    const id = await late.getAttribute('data-id');
    await page.close();
    const other = await signIn(hall, browser, 'zhang', `/cases/${id}`);
    await reads(other, '.remarked', /建议免责 当日在 W20 顶岗 .*食药监局首席代表/);
    expect(await other.locator('.remarked img').count()).toBe(0);
    await other.close();
  }, 240_000);

  test('is signed off by keyboard when it is over; what changes afterwards is said, and signed anew', async () => {
    hall.pass(fridayAt('2026-11-23 08:30'));
    const page = await signIn(hall, browser, 'chief', '/week');
    await page.locator('#sign-off').waitFor();
    expect(await page.title()).toContain('11月16日');
    await tabTo(page, '#sign-off');
    await page.keyboard.press('Enter');
    await page.keyboard.type('已与本人逐一核对');
    await tabTo(page, '.dialog button[type="submit"]');
    await page.keyboard.press('Enter');
    await reads(page, '#signing', /食药监局首席代表 11月23日 08:30 签认 已与本人逐一核对 签认后没有变化/);
    expect(await page.locator('#sign-off').count()).toBe(0);
    await hall.record(leave('e40', '2026-11-20 09:00', '2026-11-20 17:00'));
    await page.reload();
    await reads(page, '.week-changed', /签认后有变化： 11月23日 08:30 撤销：11月20日 星期五 缺勤 丁洁/);
    expect(await page.locator('#signing').getAttribute('data-signed')).toBe('changed');
    await bothThemes(page);
    await page.locator('#sign-off').click();
    await page.locator('.dialog button[type="submit"]').click();
    await reads(page, '#signing', /签认.*签认.*签认后没有变化/);
    const seen = await signIn(hall, browser, 'zhang', '/week?department=d10&week=2026-W47');
    await seen.locator('#signing').waitFor();
    expect(await seen.locator('#sign-off').count()).toBe(0);
    await seen.close();
    await page.close();
  }, 240_000);
});

describe('the pages of accounts', () => {
  const item = (page: Page, name: string) => page.locator(`[data-user="${name}"]`);

  test('an account is made, changed, disabled and removed without a mouse; its link sets a password', async () => {
    const page = await signIn(hall, browser, 'root', '/admin');
    await item(page, 'root').waitFor();
    await bothThemes(page);
    await tabTo(page, '[data-do="add-user"]');
    await page.keyboard.press('Enter');
    await page.keyboard.type('lilan');
    await page.keyboard.press('Tab');
    await page.keyboard.type(`李岚${SCRIPT}`);
    await tabTo(page, 'input[value="chief"]');
    await page.keyboard.press('Space');
    await tabTo(page, '.dialog button[type="submit"]');
    await page.keyboard.press('Enter');
    await reads(page, '.dialog-trouble', '首席代表至少要负责一个部门');
    await tabTo(page, 'input[value="d01"]');
    await page.keyboard.press('Space');
    await bothThemes(page);
    await tabTo(page, '.dialog button[type="submit"]');
    await page.keyboard.press('Enter');
    await page.locator('#secret').waitFor();
    const link = await page.locator('#secret').inputValue();
    expect(link).toMatch(new RegExp(`^${hall.url}/link#[A-Za-z0-9_-]{43}$`));
    expect(await item(page, 'lilan').innerText()).toMatch(/李岚<img[^>]*> lilan\s*还没有设密码\s*首席代表 · 公安局/);
    expect(await page.locator('main img').count()).toBe(0);
    const theirs = await browser.context.newPage();
    await theirs.goto(link);
    await theirs.locator('input[type="password"]').first().fill(PASSWORD);
    await theirs.close();
    await item(page, 'lilan').locator('[data-do="disable"]').press('Enter');
    await page.locator('.dialog button[type="submit"]').press('Enter');
    await item(page, 'lilan').getByText('已停用').waitFor();
    await item(page, 'lilan').locator('[data-do="remove"]').press('Enter');
    await page.keyboard.press('Escape');
    expect(await item(page, 'lilan').count()).toBe(1);
    await item(page, 'lilan').locator('[data-do="remove"]').press('Enter');
    await page.locator('.dialog button[type="submit"]').press('Enter');
    await item(page, 'lilan').waitFor({ state: 'detached' });
    expect(await page.locator('.admin-log').first().innerText()).toMatch(/root 删除账号 lilan/);
    await item(page, 'root').locator('[data-do="remove"]').press('Enter');
    await page.locator('.dialog button[type="submit"]').press('Enter');
    await reads(page, '.dialog-trouble', '这是最后一位管理员');
    await page.close();
  }, 240_000);

  test('somebody is signed out everywhere; a token and a screen are made, shown once and revoked', async () => {
    const chief = await browser.context.browser()?.newContext();
    const theirs = await chief?.newPage();
    if (theirs === undefined) throw new Error('no other browser');
    const body = { name: 'chief', password: PASSWORD };
    const headers = { Origin: hall.url };
    expect((await theirs.request.post(`${hall.url}/api/v1/sign-in`, { data: body, headers })).status()).toBe(200);
    expect((await theirs.request.get(`${hall.url}/api/v1/alerts`)).status()).toBe(200);
    const page = await signIn(hall, browser, 'root', '/admin');
    await item(page, 'chief').locator('[data-do="sign-out"]').click();
    await reads(page, '#said', '已完成');
    expect((await theirs.request.get(`${hall.url}/api/v1/alerts`)).status()).toBe(401);
    await chief?.close();

    await page.locator('[data-do="add-token"]').click();
    await page.locator('.dialog input[type="text"]').fill('报表程序');
    await page.locator('.dialog input[value="manager"]').check();
    await page.locator('.dialog button[type="submit"]').click();
    const token = await page.locator('#secret').inputValue();
    const asToken = { Authorization: `Bearer ${token}` };
    expect((await fetch(`${hall.url}/api/v1/alerts`, { headers: asToken })).status).toBe(200);
    await page.locator('[data-token] [data-do="revoke"]').click();
    await page.locator('.dialog button[type="submit"]').click();
    await reads(page, 'main', '另有 1 个已吊销');
    expect((await fetch(`${hall.url}/api/v1/alerts`, { headers: asToken })).status).toBe(401);
    expect(await page.locator('#secret').count()).toBe(0);

    await page.locator('[data-do="add-screen"]').click();
    await page.locator('.dialog input[type="text"]').fill('一楼大屏');
    await page.locator('.dialog button[type="submit"]').click();
    expect(await page.locator('#secret').inputValue()).toMatch(/\/link#/);
    await page.locator('[data-screen] [data-do="revoke"]').click();
    await page.locator('.dialog button[type="submit"]').click();
    await page.locator('[data-screen]').waitFor({ state: 'detached' });
    await page.close();
  }, 240_000);

  test('is for administrators only', async () => {
    const page = await signIn(hall, browser, 'zhang', '/');
    expect((await page.goto(`${hall.url}/admin`))?.status()).toBe(403);
    expect(await page.locator('[data-room="/admin"]').count()).toBe(0);
    await page.close();
  });
});
