/** A window's own PC in a browser, for tests. */
import type { Page } from 'playwright-core';
import type { CaseHall } from './case-hall.ts';
import type { Browser } from './chromium.ts';

/** Follows a window's link as its PC does, and stands on its page. */
export async function deskOf({ daemon, url }: CaseHall, { context }: Browser, window: string): Promise<Page> {
  await context.clearCookies();
  const { access } = daemon.access;
  const { secret } = access.office.addScreen({ name: `${window} 电脑`, window }, { who: 'command', address: null });
  const page = await context.newPage();
  // Counts the tones that are played.
  await page.addInitScript(() => {
    Object.assign(window, { tones: 0 });
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function create(this: AudioContext) {
      (window as unknown as { tones: number }).tones += 1;
      return make.call(this);
    };
  });
  await page.goto(`${url}/link#${secret}`);
  await page.locator('#go').click();
  await page.waitForURL((at) => at.pathname === '/desk');
  await page.locator('#word svg').waitFor();
  return page;
}

export const tones = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { tones: number }).tones);
export const press = (page: Page, what: string) => page.locator(`#deeds [data-do="${what}"]`).click();
export const go = (page: Page) => page.locator('.dialog [type="submit"]').click();
