/** Cases while answers come late, twice, or in another order than they were asked for: nothing is decided unseen, lost or done twice. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { caseOf, casePeople, item, reads, signIn, textOf } from '../support/case-browser.ts';
import { type CaseHall, fridayAt, leave, seat } from '../support/case-hall.ts';
import { holdAnswer, shown } from '../support/held-answer.ts';
import { until } from '../support/until.ts';

const people = casePeople();

/** Somebody comes back to the page. */
const comeBack = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

async function openCase(hall: CaseHall, said: string): Promise<{ page: Page; id: string }> {
  const board = await signIn(hall, people.one, 'zhang');
  await item(board, said).waitFor();
  const id = await caseOf(board, said);
  const page = await people.one.context.newPage();
  await page.goto(`${hall.url}/cases/${id}`);
  await page.locator('.explanation').waitFor();
  return { page, id };
}

/** As somebody signed in with this page does it elsewhere. */
const deed = (page: Page, id: string, what: string) =>
  page.evaluate(
    async ([of, path]) => {
      const at = `/api/v1/alerts/${of}`;
      const { revision } = (await (await fetch(at)).json()) as { revision: string };
      const headers = { 'Content-Type': 'application/json' };
      const done = await fetch(`${at}/${path}`, { method: 'POST', headers, body: JSON.stringify({ revision }) });
      if (!done.ok) throw new Error(await done.text());
    },
    [id, what],
  );

describe('the page of a case', () => {
  test('is decided on as it was when the question was asked, whatever comes while it is answered', async () => {
    const hall = await people.friday();
    const { page } = await openCase(hall, '雷梅');
    await hall.record(leave('e19', '08:00', '09:10'));
    const look = await holdAnswer(page, /\/api\/v1\/alerts\/C-[^/]+\?/);
    await comeBack(page);
    await look.answered;
    await page.keyboard.press('c');
    expect(await textOf(page, '.summary')).toContain('17 分钟');
    await look.release();
    await page.locator('.dialog button[type=submit]').click();
    await reads(page, '#said', /内容变了，刚才的操作没有做：.*时长由 17 分钟 变为 7 分钟/);
    expect(await textOf(page, 'h1')).toBe('雷梅 — 迟到 7 分钟');
  });

  test('what was asked for before a deed does not take the deed back; a second press does it once', async () => {
    const hall = await people.friday();
    const { page } = await openCase(hall, 'W17');
    const look = await holdAnswer(page, /\/api\/v1\/alerts\/C-[^/]+\?/);
    await comeBack(page);
    await look.answered;
    const noting = await holdAnswer(page, '**/acknowledge*');
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/acknowledge')) asked += 1;
    });
    await page.keyboard.press('a');
    await noting.answered;
    await page.keyboard.press('a');
    await noting.release();
    await reads(page, '#said', '已签收。');
    expect(asked).toBe(1);
    await look.release();
    expect(await textOf(page, '.case-badges')).toContain('已签收');
    expect(await textOf(page, '.do-note')).toContain('张督查');
  });

  test('an appeal that is being written stays when the case turns out to have changed', async () => {
    const hall = await people.friday();
    await hall.account('liuli', '刘丽', ['employee'], { employee: 'e17' });
    const { page: theirs, id } = await openCase(hall, 'W17');
    await deed(theirs, id, 'confirm');
    const page = await signIn(hall, people.other, 'liuli', `/cases/${id}`);
    await page.locator('[data-do="deliver"]').click();
    await page.locator('#appeal').waitFor();
    await hall.record(seat('W17', '10:23', 'occupied'));
    const look = await holdAnswer(page, /\/api\/v1\/alerts\/C-[^/]+\?/);
    await comeBack(page);
    await look.answered;
    await page.locator('#appeal').pressSequentially('去复印室');
    await look.release();
    await page.locator('#appeal').pressSequentially('复印材料');
    expect(await page.locator('#appeal').inputValue()).toBe('去复印室复印材料');
  });
});

describe('the panel', () => {
  test('a question that is being answered is not put away, and nothing is asked beside it', async () => {
    const hall = await people.friday();
    const page = await signIn(hall, people.one, 'zhang');
    await item(page, 'W17').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('c');
    const confirming = await holdAnswer(page, '**/confirm*', { fails: true });
    await page.locator('.dialog button[type=submit]').click();
    await confirming.answered;
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    await page.keyboard.press('w');
    expect(await page.locator('.dialog-title').allInnerTexts()).toEqual(['确认这件事属实？']);
    await confirming.release();
    await reads(page, '.dialog-trouble', 'W17');
    await page.keyboard.press('Escape');
    await page.locator('.veil').waitFor({ state: 'detached' });
  });

  test('news in the middle of a press take neither the press away nor the keys', async () => {
    const hall = await people.friday();
    const page = await signIn(hall, people.one, 'zhang');
    await item(page, 'W12').waitFor();
    const news = async (time: string): Promise<void> => {
      const told = page.waitForResponse(/\/api\/v1\/alerts\?/);
      hall.pass(`2026-11-20T${time}:00+08:00`);
      await hall.record(leave('e10', '2026-11-19 08:00', `2026-11-19 09:0${time.at(-1)}`));
      await (await told).finished();
      await shown(page);
    };
    // Its minutes grow, and with them its words.
    await page.keyboard.press('j');
    const button = item(page, 'W12').locator('[data-do="acknowledge"]');
    await button.focus();
    const before = await textOf(page, '.case:has-text("W12") .case-title');
    await news('10:33');
    expect(await textOf(page, '.case:has-text("W12") .case-title')).not.toBe(before);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['do'])).toBe('acknowledge');
    await button.hover();
    await page.mouse.down();
    await news('10:35');
    await page.mouse.up();
    await reads(page, '.cases-said', '已签收。');
  });

  test('what is being noted already is not noted again by a second press', async () => {
    const hall = await people.friday();
    const page = await signIn(hall, people.one, 'zhang');
    await item(page, 'W12').waitFor();
    await page.keyboard.press('j');
    const noting = await holdAnswer(page, '**/acknowledge*');
    await page.keyboard.press('a');
    await noting.answered;
    await page.keyboard.press('a');
    await noting.release();
    await reads(page, '.cases-said', '已签收。');
    await shown(page);
    expect(await textOf(page, '.cases-said')).toBe('已签收。');
  });
});

test('a case that comes in above leaves the one under the pointer where it is', async () => {
  const hall = await people.friday();
  const page = await signIn(hall, people.one, 'zhang');
  await page.setViewportSize({ width: 1366, height: 600 });
  const left = item(page, 'W17');
  await left.waitFor();
  await page.locator('.filter').last().click();
  await left.hover();
  const topPx = (): Promise<number> => left.evaluate((one) => one.getBoundingClientRect().top);
  const [before, count] = [await topPx(), await page.locator('.case').count()];
  await hall.record(seat('W03', '10:32', 'empty'));
  hall.pass(fridayAt('10:50'));
  await until(async () => (await page.locator('.case').count()) > count, { what: 'another case' });
  await shown(page);
  expect(Math.abs((await topPx()) - before)).toBeLessThan(1);
});
