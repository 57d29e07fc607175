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
  await hall.account('zhang', '张督查', ['supervisor']);
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
    expect(await faultsOf(browser, `/cases/${alerts[0]?.case}`, theme, lang, 'h1')).toEqual([]);
    expect(await faultsOf(browser, '/me', theme, lang, 'h1')).toEqual([]);
    expect(await faultsOf(stranger, '/sign-in', theme, lang, '#form')).toEqual([]);
  },
  90_000,
);
