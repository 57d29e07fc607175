/** The pages of cases for people who do not see them, see them badly, have no mouse, or an old office line. */
import { expect, test } from 'vitest';
import { faultsOf } from '../support/accessible.ts';
import { caseOf, casePeople, item, signIn } from '../support/case-browser.ts';

const people = casePeople();

test.each([
  ['light', 'zh'],
  ['dark', 'en'],
] as const)('nothing without a name, nothing too faint, in %s and %s', async (colorScheme, lang) => {
  const page = await signIn(people.looked, people.one, 'zhang', `/?lang=${lang}`);
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await item(page, 'W17').waitFor();
  const id = await caseOf(page, 'W17');
  await item(page, 'W17').locator('.case-select').check();
  expect(await faultsOf(page)).toEqual([]);
  expect(
    await page
      .locator('.card')
      .first()
      .evaluate((node) => getComputedStyle(node).transitionDuration),
  ).toBe('0s');
  await page.keyboard.press('w');
  await page.locator('.dialog').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.goto(`${people.looked.url}/cases/${id}?lang=${lang}`);
  await page.locator('.lane[data-lane="seat"]').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  const own = await signIn(people.looked, people.other, 'chief', `/me?lang=${lang}`);
  await own.emulateMedia({ colorScheme });
  await own.locator('.my-line').first().waitFor();
  expect(await faultsOf(own)).toEqual([]);
});

test('what is looked for would be found', async () => {
  const page = await people.one.context.newPage();
  await page.setContent(
    '<main><h1>1</h1><h3 id="a">3</h3><button id="a"></button><p style="color: #999; background: #fff">faint</p></main>',
  );
  expect(await faultsOf(page)).toEqual([
    'no name: button. ""',
    'twice: #a',
    'no language',
    'heading 3 after 1',
    '2.85 : 1, rgb(153, 153, 153) on rgb(255, 255, 255): p. "faint"',
  ]);
});

test('the question keeps the focus until it is answered, and gives it back', async () => {
  const page = await signIn(people.looked, people.one, 'zhang');
  await item(page, 'W17').waitFor();
  await item(page, 'W17').click({ position: { x: 200, y: 40 } });
  await item(page, 'W17').locator('[data-do="excuse"]').focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.dialog') !== null)).toBe(true);
  }
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-do'))).toBe('excuse');
  expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe(
    'solid',
  );
});

test('every page is small, and asks nobody else for anything', async () => {
  const page = await signIn(people.looked, people.one, 'zhang');
  await item(page, 'W17').waitFor();
  const id = await caseOf(page, 'W17');
  for (const path of ['/', `/cases/${id}`, '/me']) {
    await page.goto(people.looked.url + path);
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ name }) => !name.includes('/api/'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(bytes, path).toBeLessThan(60_000);
    expect(bytes, path).toBeGreaterThan(1_000);
  }
  expect(
    people.one.requested.filter((url) => !url.startsWith('http://127.0.0.1:') && !url.startsWith('data:')),
  ).toEqual([]);
});
