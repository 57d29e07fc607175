/** The board in a real browser, with a real server behind it, for one test file. */
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Browser, openChromium } from './chromium.ts';
import { startServer, type TestServer, type TestServerOptions } from './http-server.ts';
import { until } from './until.ts';

/** What time it is for these servers: that of the snapshot `morning`. */
export const NOW = Date.parse('2026-11-20T10:21:36+08:00');
/** Short, so that a page notices a silent link within the time of a test. */
const HEARTBEAT_MS = 300;

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

export interface BoardBrowser {
  readonly requested: () => readonly string[];
  /** Errors and warnings of this test's pages. */
  readonly complaints: () => readonly string[];
  start(options?: TestServerOptions): Promise<TestServer>;
  /** A page that shows cards. */
  open(url: string, options?: PageOptions): Promise<Page>;
  /** The browser itself, with its cookies. */
  readonly context: () => BrowserContext;
  /** A page, whatever it shows. */
  blank(): Promise<Page>;
}

/** Called at the top of a test file: one browser for the file; pages and servers go after each test. */
export function boardBrowser(): BoardBrowser {
  let browser: Browser | null = null;
  const servers: TestServer[] = [];
  const running = (): Browser => {
    if (browser === null) throw new Error('the browser is not up');
    return browser;
  };
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(() => {
    running().complaints.length = 0;
  });
  afterEach(async () => {
    // The first page came with the browser; without any, it would end.
    const [, ...pages] = running().context.pages();
    await Promise.all(pages.map((page) => page.close()));
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return {
    requested: () => running().requested,
    complaints: () => running().complaints,
    async start(options = {}) {
      const server = await startServer({ heartbeatMs: HEARTBEAT_MS, now: () => NOW, ...options });
      servers.push(server);
      return server;
    },
    context: () => running().context,
    blank: () => running().context.newPage(),
    async open(url, { width = 1920, height = 1080, dark = false } = {}) {
      const page = await running().context.newPage();
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      await page.goto(url);
      await page.locator('.card').first().waitFor();
      return page;
    },
  };
}

/** What can be read there, line by line. */
export const shown = async (place: Locator): Promise<string> => (await place.first().allInnerTexts())[0] ?? '';

export const card = (page: Page, id: string): Locator => page.locator(`.card[data-window="${id}"]`);

/** Timers turn with the first sign of life; from then on a page is complete. */
export const complete = (page: Page): Promise<void> => page.locator('.card-timer:not(:empty)').first().waitFor();

/** Reads a text of the page until it is as wanted. */
export function untilText(page: Page, selector: string, wanted: string | RegExp): Promise<string> {
  return until(
    async () => {
      const text = (await shown(page.locator(selector))).trim();
      return (typeof wanted === 'string' ? text === wanted : wanted.test(text)) ? text : null;
    },
    { what: `${selector} to read ${wanted}` },
  );
}
