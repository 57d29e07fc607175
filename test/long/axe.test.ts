/** Every page, in both themes and languages, as axe sees it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../daemon/access/routes.ts';
import { axeFaults } from '../support/axe.ts';
import { type CaseHall, openCaseHall, PASSWORD, playMorning } from '../support/case-hall.ts';
import { type Browser, openChromium } from '../support/chromium.ts';
import { mouseOnly } from '../support/keyboard.ts';

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
    return [...(await axeFaults(page)), ...(await mouseOnly(page))];
  } finally {
    await page.close();
  }
}

/** The pages of whoever works here, and what is there once something of each is. A case has its id put in. */
const PAGES: Readonly<Record<string, readonly [path: string, there: string]>> = {
  'GET /': ['/', '.case'],
  'GET /cases/:id': ['/cases/CASE', '.stills-foot'],
  'GET /me': ['/me', 'h1'],
  'GET /week': ['/week?week=2026-W47', '.week-grid'],
  'GET /reports/:kind/:period': ['/reports/day/2026-11-20', '.about'],
  'GET /imports': ['/imports', '#look'],
  'GET /devices': ['/devices', '.device-name'],
  'GET /devices/:id/sheet': ['/devices/clock-1/sheet', '#accept'],
  'GET /devices/:id/people': ['/devices/clock-1/people', '#read'],
  'GET /cameras': ['/cameras', '.notes p'],
  'GET /cameras/new': ['/cameras/new', '#test'],
  'GET /cameras/bulk': ['/cameras/bulk', '#ask'],
  'GET /messages': ['/messages', '.ear'],
  'GET /admin': ['/admin', '.admin-item'],
};
/** Looked at below, by whoever has no account; and where there is a camera: camera-setup and camera-bulk. */
const ELSEWHERE = [
  '/desk',
  '/sign-in',
  '/link',
  '/cameras/trials/:id',
  '/cameras/trials/:id/sheet',
  '/cameras/batches/:id',
];

test('no page is left out', () => {
  const pages = Object.keys(ROUTES).filter((route) => /^GET \/(?!api\/|-\/|assets\/|metrics)/.test(route));
  // The reports without a period lead to one with it.
  const known = [...Object.keys(PAGES), ...ELSEWHERE.map((path) => `GET ${path}`), 'GET /reports'];
  expect(pages.sort()).toEqual(known.sort());
});

test.each(LOOKS)(
  '%s, %s: no page has a fault, and all of each is come to by keys',
  async (theme, lang) => {
    const answer = await browser.context.request.get(`${hall.url}/api/v1/alerts`);
    const { alerts } = (await answer.json()) as { alerts: readonly { readonly case: string }[] };
    for (const [path, there] of Object.values(PAGES)) {
      const address = path.replace('CASE', alerts[0]?.case ?? '');
      expect([path, await faultsOf(browser, address, theme, lang, there)]).toEqual([path, []]);
    }
    expect(await faultsOf(stranger, '/sign-in', theme, lang, '#form')).toEqual([]);
  },
  300_000,
);

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
