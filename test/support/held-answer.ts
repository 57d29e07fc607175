/** An answer that is held back on its way to a page, so that what was asked for later is there before it. */
import type { Page } from 'playwright-core';

/** What never comes is said before the test's own time is up. */
const PATIENCE_MS = 50_000;

export interface HeldAnswer {
  /** Done once the daemon has answered: from here on it says what was so then. */
  readonly answered: Promise<void>;
  /** Lets the page have it; done when the page has shown what it makes of it. */
  release(): Promise<void>;
}

/** Of the next request to this address; `fails`: in place of the answer the page gets none. */
export async function holdAnswer(page: Page, url: string | RegExp, { fails = false } = {}): Promise<HeldAnswer> {
  const answered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const given = Promise.withResolvers<void>();
  let isFirst = true;
  // Not with `times`: with the last handler gone, the browser lets go what is held.
  await page.route(url, async (route) => {
    if (!isFirst) return route.fallback();
    isFirst = false;
    const response = await route.fetch();
    answered.resolve();
    await released.promise;
    await (fails ? route.abort() : route.fulfill({ response }));
    given.resolve();
  });
  return {
    get answered() {
      return within(answered.promise, `the page to ask ${url}`);
    },
    async release() {
      released.resolve();
      await within(given.promise, `the answer of ${url} to be given to the page`);
      await shown(page);
    },
  };
}

/** What has come is drawn by the frame after next at the latest. */
export async function shown(page: Page): Promise<void> {
  const drawn = page.evaluate(
    () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))),
  );
  await within(drawn, 'the page to be drawn');
}

async function within<T>(promised: Promise<T>, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`waited ${PATIENCE_MS} ms for ${what}`)), PATIENCE_MS);
  return await Promise.race([promised, late]).finally(() => clearTimeout(timer));
}
