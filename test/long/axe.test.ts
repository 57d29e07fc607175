/** Every page, in both themes and languages, as axe sees it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { type CaseHall, openCaseHall, PASSWORD, playMorning } from '../support/case-hall.ts';
import { type Browser, openChromium } from '../support/chromium.ts';

let browser: Browser;
/** Of somebody who has not signed in. */
let stranger: Browser;
let hall: CaseHall;

beforeAll(async () => {
  [browser, stranger, hall] = await Promise.all([openChromium(), openChromium(), openCaseHall()]);
  await playMorning(hall);
  await hall.account('zhang', '张督查', ['supervisor', 'admin']);
  const page = await browser.context.newPage();
  await page.goto(`${hall.url}/sign-in`);
  await page.locator('#name').fill('zhang');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL(({ pathname }) => pathname === '/');
  await page.close();
});
afterAll(async () => {
  await Promise.all([browser.close(), stranger.close(), hall[Symbol.asyncDispose]()]);
});

const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['zh', 'en'] as const;
const LOOKS = THEMES.flatMap((theme) => LANGUAGES.map((lang) => [theme, lang] as const));

/** What is wrong with a page, once something of it is there. */
async function faultsOf(at: Browser, path: string, theme: (typeof THEMES)[number], lang: string, there: string) {
  const page = await at.context.newPage();
  try {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const url = new URL(path, hall.url);
    url.searchParams.set('lang', lang);
    await page.goto(url.href);
    await page.locator(there).first().waitFor();
    return await axeFaults(page);
  } finally {
    await page.close();
  }
}

test.each(LOOKS)(
  '%s, %s: the board, a case, my page and the sign-in have no fault',
  async (theme, lang) => {
    const answer = await browser.context.request.get(`${hall.url}/api/v1/alerts`);
    const { alerts } = (await answer.json()) as { alerts: readonly { readonly case: string }[] };
    expect(await faultsOf(browser, '/', theme, lang, '.case')).toEqual([]);
    expect(await faultsOf(browser, `/cases/${alerts[0]?.case}`, theme, lang, '.stills-foot')).toEqual([]);
    expect(await faultsOf(browser, '/me', theme, lang, 'h1')).toEqual([]);
    expect(await faultsOf(browser, '/reports/day/2026-11-20', theme, lang, '.about')).toEqual([]);
    expect(await faultsOf(browser, '/messages', theme, lang, '.ear')).toEqual([]);
    expect(await faultsOf(browser, '/cameras', theme, lang, '.notes p')).toEqual([]);
    expect(await faultsOf(browser, '/cameras/new', theme, lang, '#test')).toEqual([]);
    expect(await faultsOf(browser, '/cameras/bulk', theme, lang, '#ask')).toEqual([]);
    expect(await faultsOf(stranger, '/sign-in', theme, lang, '#form')).toEqual([]);
  },
  300_000,
);

test('the week and the accounts have no fault', async () => {
  for (const [theme, lang] of [
    ['light', 'en'],
    ['dark', 'zh'],
  ] as const) {
    expect(await faultsOf(browser, '/week?week=2026-W47', theme, lang, '.week-grid')).toEqual([]);
    expect(await faultsOf(browser, '/admin', theme, lang, '.admin-item')).toEqual([]);
  }
}, 180_000);

test('a window’s own page, with its dialogs, and what it asks for on the board, have no fault in any look', async () => {
  const { access } = hall.daemon.access;
  const { secret } = access.office.addScreen({ name: 'W12', window: 'W12' }, { who: 'command', address: null });
  const first = await stranger.context.newPage();
  await first.goto(`${hall.url}/link#${secret}`);
  await first.locator('#go').click();
  await first.locator('[data-do="here"]').click();
  expect(await axeFaults(first)).toEqual([]);
  await first.locator('.dialog [type="submit"]').click();
  await first.locator('#notes li').waitFor();
  await first.locator('[data-do="take"]').click();
  expect(await axeFaults(first)).toEqual([]);
  await first.close();
  for (const [theme, lang] of LOOKS) {
    expect([theme, lang, await faultsOf(stranger, '/desk', theme, lang, '#word svg')]).toEqual([theme, lang, []]);
  }
  expect(await faultsOf(browser, '/', 'light', 'zh', '.watch-item')).toEqual([]);
  expect(await faultsOf(browser, '/', 'dark', 'en', '.watch-item')).toEqual([]);
}, 90_000);
