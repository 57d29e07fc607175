import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type CardLayout, cardLayout } from '../../web/board/card-layout.ts';
import { boardBrowser, card, complete, shown, untilText } from '../support/board-page.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { until } from '../support/until.ts';

const { complaints, requested, start, open } = boardBrowser();

const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
] as const;

describe('on every screen', () => {
  test.each(SIZES.flatMap((size) => [24, 104].flatMap((count) => ['zh', 'en'].map((lang) => ({ size, count, lang })))))(
    '$size.width × $size.height, $count windows, $lang: nothing is cut off and nothing scrolls sideways',
    async ({ size, count, lang }) => {
      const { url } = await start({ board: handBoard(morning(count)) });
      const page = await open(`${url}/?lang=${lang}`, size);
      await complete(page);
      const seen = await page.evaluate(() => {
        const root = document.documentElement;
        const boxes = [
          ...document.querySelectorAll<HTMLElement>('.card, .card-state, .card-detail, .chip, .tile, .head'),
        ];
        const cut = boxes.filter(
          (box) =>
            box.scrollWidth > box.clientWidth + 1 ||
            (box.matches('.card, .tile') && box.scrollHeight > box.clientHeight + 1),
        );
        return {
          sideways: root.scrollWidth - root.clientWidth,
          down: root.scrollHeight - root.clientHeight,
          cut: cut.map((box) => `${box.className}: ${box.textContent}`),
          lowest: Math.min(...[...document.querySelectorAll('.card')].map((box) => box.clientHeight)),
        };
      });
      expect(seen.sideways).toBe(0);
      expect(seen.cut).toEqual([]);
      expect(seen.lowest).toBeGreaterThan(60);
      if (size.width === 1920 || (size.width === 1366 && count === 24)) expect(seen.down).toBe(0);
      expect(complaints()).toEqual([]);
    },
  );

  test('as many columns as look best, and never more than fit', () => {
    const seen = (count: number, width: number, height: number): CardLayout => cardLayout(count, width, height, 16);
    expect(seen(24, 1876, 900)).toMatchObject({ columns: 6, density: 'large' });
    expect(seen(104, 1876, 900).rowPx).not.toBeNull();
    expect(seen(104, 1334, 640)).toMatchObject({ density: 'medium', rowPx: null });
    expect(seen(24, 366, 700)).toEqual({ columns: 1, density: 'list', rowPx: null });
    expect(seen(0, 1876, 900).columns).toBeGreaterThan(0);
    for (let count = 1; count <= 200; count += 1) {
      const { columns, rowPx } = seen(count, 1876, 900);
      if (rowPx !== null) expect(Math.ceil(count / columns) * rowPx).toBeLessThanOrEqual(900);
    }
    // Twice the text needs twice the card.
    expect(cardLayout(24, 1876, 900, 32).columns).toBeLessThanOrEqual(cardLayout(24, 1876, 900, 16).columns);
  });

  test('filtering by state keeps the places of the cards and goes into the address', async () => {
    const { url, board } = await start();
    const page = await open(url);
    const before = await card(page, 'W19').boundingBox();
    await page.locator('.tile[data-state="empty"]').press('Enter');
    await until(async () => (await page.locator('.card:visible').count()) === 1, { what: 'only the empty window' });
    const after = await card(page, 'W19').boundingBox();
    expect([after?.width, after?.height]).toEqual([before?.width, before?.height]);
    expect(new URL(page.url()).search).toBe('?state=empty');
    await page.reload();
    await until(async () => (await page.locator('.card:visible').count()) === 1, { what: 'the filter to survive' });
    board.changeWindow('W01', { state: 'empty' });
    await until(async () => (await page.locator('.card:visible').count()) === 2, { what: 'the new empty window' });
    await page.locator('.tile[data-state="empty"]').click();
    await until(async () => (await page.locator('.card:visible').count()) === 24, { what: 'all windows' });
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('light and dark', () => {
  test('follow the system, or the button, which is remembered', async () => {
    const { url } = await start();
    const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const page = await open(url, { dark: true });
    expect(await ground(page)).toBe('rgb(16, 23, 31)');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await ground(page)).toBe('rgb(238, 241, 245)');
    const button = page.locator('#theme');
    expect(await shown(button)).toBe('外观：跟随系统');
    await button.click();
    await button.click();
    expect(await shown(button)).toBe('外观：深色');
    expect(await ground(page)).toBe('rgb(16, 23, 31)');
    await page.reload();
    await untilText(page, '#theme', '外观：深色');
    expect(await ground(page)).toBe('rgb(16, 23, 31)');
    await button.click();
    expect(await ground(page)).toBe('rgb(238, 241, 245)');
  });

  test.each([false, true])('every text stands out from its ground (dark: %s; WCAG 2.2, 1.4.3)', async (dark) => {
    const { url } = await start({ board: handBoard({ ...morning(24), warnings: ['注意'] }) });
    const page = await open(url, { dark });
    await complete(page);
    const texts = await page.evaluate(contrasts);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
  });

  test('nothing fades or slides: each picture of a large page costs its screen dearly', async () => {
    const { url } = await start();
    const page = await open(url);
    const moving = () => card(page, 'W01').evaluate((node) => getComputedStyle(node).transitionDuration);
    expect(await moving()).toBe('0s');
  });
});

test('no page asked for anything outside this machine', async () => {
  const page = await open((await start()).url);
  await complete(page);
  expect(requested().length).toBeGreaterThan(0);
  expect(requested().filter((url) => new URL(url).hostname !== '127.0.0.1')).toEqual([]);
});

/** Runs in the page: each visible text with its contrast against the least favourable colour of its ground. */
function contrasts(): { text: string; ratio: number }[] {
  const colours = (css: string): number[][] =>
    [...css.matchAll(/rgba?\(([^)]+)\)/g)]
      .map((match) => (match[1] ?? '').split(/[ ,/]+/).map(Number))
      .filter((parts) => (parts[3] ?? 1) > 0);
  const luminance = (parts: number[]): number => {
    const [r = 0, g = 0, b = 0] = parts.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (from: Element | null): number[][] => {
    for (let node = from; node !== null; node = node.parentElement) {
      const { backgroundImage, backgroundColor } = getComputedStyle(node);
      const found = [...colours(backgroundImage), ...colours(backgroundColor)];
      if (found.length > 0) return found;
    }
    return [[255, 255, 255]];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: { text: string; ratio: number }[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent?.trim() ?? '';
    const parent = walker.currentNode.parentElement;
    if (text === '' || parent === null || !parent.checkVisibility()) continue;
    const ink = luminance(colours(getComputedStyle(parent).color)[0] ?? [0, 0, 0]);
    const ratios = grounds(parent).map((colour) => {
      const ground = luminance(colour);
      return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    });
    found.push({ text, ratio: Math.min(...ratios) });
  }
  return found;
}
