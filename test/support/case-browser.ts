/** Cases in real browsers, for one test file: two people at work, each with a browser of their own, and halls to work in. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type CaseHall, type CaseHallOptions, openCaseHall, PASSWORD, playMorning } from './case-hall.ts';
import { type Browser, openChromium } from './chromium.ts';
import { until } from './until.ts';

export interface CasePeople {
  readonly one: Browser;
  readonly other: Browser;
  /** The hall of those who only look: nobody deals with anything there. zhang, liuli (e17) and chief (e19, d10) have accounts. */
  readonly looked: CaseHall;
  /** A hall of the test's own, as it is on the Friday at 10:31; zhang is its supervisor. */
  friday(options?: CaseHallOptions): Promise<CaseHall>;
}

/** Called at the top of a test file; pages and halls go after each test. */
export function casePeople(): CasePeople {
  let [one, other, looked]: [Browser | null, Browser | null, CaseHall | null] = [null, null, null];
  const halls: CaseHall[] = [];
  const there = <T>(what: T | null): T => {
    if (what === null) throw new Error('the browsers and the hall are not up');
    return what;
  };
  const friday = async (options: CaseHallOptions = {}): Promise<CaseHall> => {
    const hall = await openCaseHall(options);
    await playMorning(hall);
    await hall.account('zhang', '张督查', ['supervisor']);
    return hall;
  };
  beforeAll(async () => {
    [one, other, looked] = await Promise.all([openChromium(), openChromium(), friday()]);
    await looked.account('liuli', '刘丽', ['employee'], { employee: 'e17' });
    await looked.account('chief', '食药监局首席代表', ['chief', 'employee'], { employee: 'e19', departments: ['d10'] });
  });
  afterAll(async () => {
    await Promise.all([one?.close(), other?.close(), looked?.[Symbol.asyncDispose]()]);
  });
  afterEach(async () => {
    for (const { context, complaints } of [there(one), there(other)]) {
      // The first page came with the browser; without any, it would end.
      const [, ...pages] = context.pages();
      await Promise.all(pages.map((page) => page.close()));
      await context.clearCookies();
      complaints.length = 0;
    }
    await Promise.all(halls.splice(0).map((hall) => hall[Symbol.asyncDispose]()));
  });
  return {
    get one() {
      return there(one);
    },
    get other() {
      return there(other);
    },
    get looked() {
      return there(looked);
    },
    async friday(options) {
      const hall = await friday(options);
      halls.push(hall);
      return hall;
    },
  };
}

/** Signs in as people do, and stands on the page that they wanted. */
export async function signIn({ url }: CaseHall, { context }: Browser, name: string, path = '/'): Promise<Page> {
  await context.clearCookies();
  const page = await context.newPage();
  // A page of the test before may be on its way out, and another take its place: one behind gets no keys and is not drawn.
  await page.bringToFront();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${url}/sign-in?next=${encodeURIComponent(path)}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL((at) => at.pathname === new URL(path, url).pathname);
  return page;
}

export const item = (page: Page, said: string) => page.locator('.case', { hasText: said });

export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ').trim();
}

export const reads = (page: Page, selector: string, wanted: string | RegExp) =>
  until(
    async () => {
      const text = await textOf(page, selector);
      return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
    },
    { what: `${selector} to read ${wanted}` },
  );

/** The id of the case of somebody or of a window, as its link has it. */
export async function caseOf(page: Page, said: string): Promise<string> {
  const href = await item(page, said).locator('a.case-title').getAttribute('href');
  return /C-\w+/.exec(href ?? '')?.[0] ?? '';
}
