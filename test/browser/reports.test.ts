/** The page of reports: what it shows is what the API serves, and every figure leads to what is behind it. */
import { describe, expect, test } from 'vitest';
import type { Sheet } from '../../daemon/reports/report.ts';
import { columnTitle } from '../../daemon/reports/words.ts';
import { PEOPLE } from '../support/planted-month.ts';
import { MONTH, reportPages } from '../support/report-browser.ts';

const pages = reportPages();

/** Columns that people read. */
const read = ({ columns }: Sheet): number[] =>
  columns.flatMap(({ id }, place) => (/^(?:employee|window|department|id|case|facts)$/.test(id) ? [] : [place]));

describe('what it shows', () => {
  test('every figure of every table is the one that the API serves', async () => {
    const page = await pages.open(pages.supervisor, `${MONTH}?lang=zh`);
    for (const sheet of pages.report.sheets.filter(({ rows }) => rows.length > 0)) {
      const cells = await page
        .locator(`#${sheet.id} tbody tr`)
        .evaluateAll((rows) =>
          rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? '')),
        );
      expect(cells, sheet.id).toHaveLength(sheet.rows.length);
      for (const [i, row] of sheet.rows.entries()) {
        for (const [k, place] of read(sheet).entries()) {
          const [cell, kind] = [row[place] ?? null, sheet.columns[place]?.kind];
          if (typeof cell !== 'number') continue;
          expect(cells[i]?.[k]).toBe(kind === 'rate' ? `${(100 * cell).toFixed(1)}%` : String(cell));
        }
      }
    }
    // The figures in short are totals of those tables.
    const people = pages.report.sheets.find(({ id }) => id === 'people') as Sheet;
    const late = people.totals?.[people.columns.findIndex(({ id }) => id === 'late')];
    expect(await page.locator('.tile', { hasText: '迟到' }).locator('dd').textContent()).toBe(String(late));
    expect(await page.locator('.about').textContent()).toContain(pages.report.checksum);
    expect(await page.locator('#people tbody tr th').allTextContents()).toEqual(
      expect.arrayContaining(PEOPLE.map(({ name }) => name)),
    );
  });

  test('every chart has its numbers as a table, and patterns beside colours', async () => {
    const page = await pages.open(pages.supervisor, `${MONTH}?lang=en`);
    const figures = page.locator('.figure');
    expect(await figures.count()).toBe(5);
    for (const href of await figures
      .locator('figcaption a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))) {
      expect(await page.locator(`${href} table`).count(), href).toBe(1);
    }
    const cover = figures.first();
    const windows = pages.report.sheets.find(({ id }) => id === 'windows') as Sheet;
    const hint = await cover.locator('rect title').first().textContent();
    const a = windows.rows[0]?.[windows.columns.findIndex(({ id }) => id === 'a')];
    expect(hint).toBe(`W1号 · ${columnTitle('a', 'en')} ${a}`);
    expect(await cover.locator('svg.chart').getAttribute('role')).toBe('img');
    expect(await cover.locator('.legend path').count()).toBeGreaterThan(3);
  });

  test('a figure leads to the verdicts behind it, and those to their cases', async () => {
    const page = await pages.open(pages.supervisor, `${MONTH}?lang=zh`);
    await page.getByRole('button', { name: '徐敏 缺勤 3' }).first().click();
    const rows = page.locator('.dialog tbody tr');
    expect((await rows.allTextContents()).map((text) => text.slice(0, 10))).toEqual([
      '2026-03-05',
      '2026-03-09',
      '2026-03-09',
    ]);
    expect(await rows.first().locator('a').getAttribute('href')).toMatch(/^\/cases\/C-[0-9a-f]{12}/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.dialog').count()).toBe(0);
    // A day of the matrix, and one of which nobody is named.
    await page.getByRole('button', { name: '徐敏 2026-03-05 缺勤, 早退' }).click();
    expect(await rows.count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '周敏 2026-03-17 待定' }).click();
    expect(await page.locator('.dialog').textContent()).toContain('待定的、误报的和申诉撤销的结论不列姓名');
    expect(await rows.count()).toBe(0);
    await page.keyboard.press('Escape');
    // What has to be decided is as old as the report: the board's list no longer has it.
    await page.locator('#decide').click();
    const said = await page.locator('.note', { hasText: '待核实' }).textContent();
    expect(said).toContain(`还有 ${await rows.count()} 条待核实`);
    expect(await rows.first().locator('a').getAttribute('href')).toMatch(/^\/cases\/C-[0-9a-f]{12}/);
  });
});

test('paper has every row of a long table, and the total once, below the last', async () => {
  const people = pages.report.sheets.find(({ id }) => id === 'people') as Sheet;
  const rows = Array.from({ length: 450 }, (_, i) => people.rows[i % people.rows.length]);
  await pages.browser.context.route('**/api/v1/report-jobs/*/file', (route) =>
    route.fulfill({ json: { ...pages.report, sheets: [{ ...people, rows }] } }),
  );
  const page = await pages.open(pages.supervisor, `${MONTH}?lang=zh`);
  await pages.browser.context.unrouteAll();
  const there = page.locator('#people tbody tr');
  expect(await there.count()).toBe(200);
  // As the browser says it before it prints.
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  expect(await there.count()).toBe(450);
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(displayOfTotal)).toBe('table-row-group');
});

const displayOfTotal = (): string => getComputedStyle(document.querySelector('tfoot') as Element).display;
