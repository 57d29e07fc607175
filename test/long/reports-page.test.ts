/** The page of reports as people use it: by mouse and keyboard, in both languages, each seeing what they may; and on paper. */
import { describe, expect, test } from 'vitest';
import { sheetTitle } from '../../daemon/reports/words.ts';
import { axeFaults } from '../support/axe.ts';
import { MONTH, reportPages } from '../support/report-browser.ts';

const pages = reportPages();

describe('choosing', () => {
  test('by keyboard alone: another kind, a department, a moment, and back', async () => {
    const page = await pages.open(pages.supervisor, `${MONTH}?lang=en`);
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('link', { name }).focus();
      await page.keyboard.press('Enter');
    };
    await choose('Weekly report');
    await page.waitForURL(/\/reports\/week\/2026-W09/);
    await page.locator('.about, .said-trouble').first().waitFor();
    await choose('Next ›');
    await page.waitForURL(/\/reports\/week\/2026-W10/);
    await page.locator('.about').waitFor();
    await page.locator('select[name="department"]').focus();
    await page.keyboard.press('End');
    await page.locator('input[type="datetime-local"]').fill('2026-03-06T12:00');
    await page.getByRole('button', { name: 'Show' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/department=zjj&asKnownAt=2026-03-06T04%3A00%3A00.000Z/);
    await page.locator('#changes').waitFor();
    expect(await page.locator('.note').first().textContent()).toContain('2026-03-06T12:00:00+08:00');
    expect(await page.locator('h1').textContent()).toContain('住建局');
    expect(await page.locator('#departments tbody tr').count()).toBe(1);
    await page.goBack();
    await page.waitForURL(/2026-W10/);
    await page.locator('.about').waitFor();
    expect(await page.locator('#changes').count()).toBe(0);
  });

  test('of what there is no report, it says why', async () => {
    const page = await pages.visit(pages.supervisor, '/reports/month/2026-02?lang=zh');
    await page.locator('.said-trouble').waitFor();
    expect(await page.locator('#said').textContent()).toBe(
      '2026-02 在正式判定（judgeFrom 2026-03-04）之前，属试运行，不计入报表',
    );
    await page.goto(`${pages.hall.url}/reports/month/2026-05?lang=en`);
    await page.locator('.said-trouble').waitFor();
    expect(await page.locator('#said').textContent()).toBe('2026-05 has not begun: the data go to 2026-04-01');
  });

  test('an employee sees themself, a chief the department', async () => {
    const own = await pages.open(pages.hall.tokenOf(['employee'], { employee: 'e1' }), '/reports?lang=zh');
    expect(new URL(own.url()).pathname).toBe('/reports/month/2026-04');
    expect(new URL(own.url()).searchParams.get('employee')).toBe('e1');
    expect(await own.locator('#people tbody th').allTextContents()).toEqual(['徐敏']);
    expect(await own.locator('select[name="employee"] option').allTextContents()).toEqual(['徐敏']);
    const chief = await pages.open(
      pages.hall.tokenOf(['chief'], { departments: ['zjj'] }),
      '/reports/month/2026-03?lang=zh',
    );
    expect(await chief.locator('#people tbody th').allTextContents()).toEqual(['廖强', '@SUM(1+1)', '<b>张煜</b>']);
    expect(await chief.locator('body').textContent()).not.toContain('徐敏');
    await chief.goto(`${pages.hall.url}/reports/month/2026-03?department=gaj&lang=zh`);
    await chief.locator('.said-trouble').waitFor();
    expect(await chief.locator('#said').textContent()).toBe('这份报表不在您的权限内。');
    // The browser itself notes what was refused.
    expect(pages.browser.complaints.splice(0)).toEqual([expect.stringContaining('403')]);
  });
});

describe('taking it along', () => {
  test('as a workbook, and one table as CSV', async () => {
    const page = await pages.open(pages.supervisor, `${MONTH}?lang=zh`);
    const [workbook] = await Promise.all([page.waitForEvent('download'), page.locator('[data-format="xlsx"]').click()]);
    expect(workbook.suggestedFilename()).toBe('suixian-month-2026-03.xlsx');
    const csv = page.getByRole('button', { name: '下载 CSV' }).first();
    const [table] = await Promise.all([page.waitForEvent('download'), csv.click()]);
    expect(table.suggestedFilename()).toBe('suixian-month-2026-03-departments.csv');
    expect(await page.locator('#making').isHidden()).toBe(true);
  });

  test('a long one shows how far it is, and is called off', async () => {
    const page = await pages.browser.context.newPage();
    await page.setExtraHTTPHeaders({ Authorization: `Bearer ${pages.supervisor}` });
    // The job is looked at only once it has been called off: however quick the machine, there is something to call off.
    let go = (): void => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const deleted = page.waitForRequest((request) => request.method() === 'DELETE');
    await page.route('**/api/v1/report-jobs/*', async (route) => {
      if (route.request().method() === 'GET') await held;
      await route.continue();
    });
    await page.goto(`${pages.hall.url}/reports/year/2026?lang=zh`);
    await page.locator('#making progress').waitFor();
    await page.getByRole('button', { name: '取消' }).click();
    expect((await deleted).url()).toMatch(/\/api\/v1\/report-jobs\/[0-9a-f-]{36}$/);
    go();
    await page.locator('#said', { hasText: '已取消。' }).waitFor();
    expect(await page.locator('.sheet').count()).toBe(0);
    pages.browser.complaints.splice(0);
  });
});

const LOOKS = [
  ['light', 'zh'],
  ['dark', 'en'],
] as const;

test.each(LOOKS)('%s, %s: axe finds nothing, and nothing is wider than a phone', async (theme, lang) => {
  const page = await pages.open(pages.supervisor, `${MONTH}?lang=${lang}&theme=${theme}`);
  expect(await axeFaults(page)).toEqual([]);
  await page.locator('#people .lead').first().click();
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await page.locator('#people h3').textContent()).toBe(sheetTitle('people', lang));
});

test('on paper it is lying A4, light, and without what can be pressed', async () => {
  const page = await pages.open(pages.supervisor, `${MONTH}?lang=zh&theme=dark`);
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.controls').isHidden()).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf).toMatch(/\/MediaBox \[0 0 84[12](?:\.\d+)? 59[45](?:\.\d+)?\]/);
});
