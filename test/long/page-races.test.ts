/** The pages for people while answers come late, twice, or not at all: what is shown is the latest, and a press is one deed. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { casePeople, reads, signIn, textOf } from '../support/case-browser.ts';
import { fridayAt, leave } from '../support/case-hall.ts';
import { deskOf, go, press } from '../support/desk-page.ts';
import { holdAnswer, shown } from '../support/held-answer.ts';
import { until } from '../support/until.ts';

const people = casePeople();

/** How many requests the page sends there from now on. */
function counted(page: Page, part: string): { readonly count: number } {
  const seen = { count: 0 };
  page.on('request', (request) => {
    if (request.method() !== 'GET' && request.url().includes(part)) seen.count += 1;
  });
  return seen;
}

/** Pressed twice before anything can come of it. */
const pressTwice = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });

describe('the week', () => {
  const chief = ['chief', 'employee'] as const;
  const ofChief = { employee: 'e19', departments: ['d10'] };

  test('without its cases is not offered to be signed', async () => {
    const hall = await people.friday();
    await hall.account('chief', '食药监局首席代表', chief, ofChief);
    hall.pass(fridayAt('2026-11-23 08:30'));
    const cases = '**/api/v1/alerts?*';
    await people.one.context.route(cases, (route) => route.abort());
    const page = await signIn(hall, people.one, 'chief', '/week');
    await page.locator('#said.said-trouble').waitFor();
    expect(await page.locator('#sign-off').count()).toBe(0);
    await people.one.context.unroute(cases);
    await page.reload();
    await page.locator('#sign-off').waitFor();
  });

  test('is signed as it was looked at, whatever is shown by then', async () => {
    const hall = await people.friday();
    await hall.account('chief', '食药监局首席代表', chief, ofChief);
    hall.pass(fridayAt('2026-11-23 08:30'));
    const page = await signIn(hall, people.one, 'chief', '/week');
    await page.locator('#sign-off').waitFor();
    const noting = await holdAnswer(page, '**/acknowledge*');
    await page.locator('.my-case [data-do="acknowledge"]').first().click();
    await noting.answered;
    await page.locator('#sign-off').click();
    await hall.record(leave('e40', '2026-11-20 09:00', '2026-11-20 17:00'));
    const told = page.waitForResponse('**/api/v1/alerts?*');
    await noting.release();
    await (await told).finished();
    await shown(page);
    await page.locator('.dialog button[type="submit"]').click();
    await reads(page, '#said', '您查看之后内容有变化');
    expect(await page.locator('#signing').getAttribute('data-signed')).toBe('no');
  });
});

describe('who is asked to come and see', () => {
  test('is one line for each; a double press testifies to one, and what was asked before brings none back', async () => {
    const hall = await people.friday();
    const { windowDesk } = hall.daemon.core;
    for (const window of ['W12', 'W17', 'W03']) await windowDesk.say(window, 'here', null, 'desk:test');
    const page = await signIn(hall, people.one, 'zhang');
    const lines = page.locator('.watch-item');
    await lines.nth(2).waitFor();
    const posted = counted(page, '/witness-requests/');
    const box = await lines.first().locator('[data-do="seen"]').boundingBox();
    if (box === null) throw new Error('there is no line');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.up();
    await lines.nth(2).waitFor({ state: 'detached' });
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await shown(page);
    expect([posted.count, await lines.count()]).toEqual([1, 2]);

    const look = await holdAnswer(page, '**/api/v1/witness-requests');
    await hall.record(leave('e10', '2026-11-19 08:00', '2026-11-19 09:05'));
    await look.answered;
    await lines.first().locator('[data-do="not-seen"]').click();
    await lines.nth(1).waitFor({ state: 'detached' });
    await look.release();
    expect(await lines.count()).toBe(1);
  });
});

describe('a window’s own PC', () => {
  test('shows what was said last; being back is said once', async () => {
    const hall = await people.friday();
    const page = await deskOf(hall, people.one, 'W17');
    await page.locator('#deeds [data-do="away"]').waitFor();
    const look = await holdAnswer(page, /\/api\/v1\/desk$/);
    await hall.record(leave('e10', '2026-11-19 08:00', '2026-11-19 09:05'));
    await look.answered;
    await press(page, 'away');
    await page.locator('.dialog .choice').first().click();
    await go(page);
    await page.locator('#deeds [data-do="back"]').waitFor();
    await look.release();
    expect(await textOf(page, '#notes')).toContain('暂离');
    const back = counted(page, '/desk/back');
    await pressTwice(page, '#deeds [data-do="back"]');
    await page.locator('#deeds [data-do="away"]').waitFor();
    await reads(page, '#said', '已记录');
    expect(back.count).toBe(1);
  });
});

test('each report that is being made has a line of its own, and is called off even while it is being ordered', async () => {
  const hall = await people.friday();
  const page = await signIn(hall, people.one, 'zhang', '/reports/day/2026-11-19');
  const wanted = (format: string) => page.locator(`.downloads [data-format="${format}"]`);
  await wanted('xlsx').waitFor();
  const first = await holdAnswer(page, '**/api/v1/report-jobs');
  await wanted('xlsx').click();
  await first.answered;
  const second = await holdAnswer(page, '**/api/v1/report-jobs');
  await page.locator('[data-format="csv"]').first().click();
  await second.answered;
  expect(await page.locator('#making progress').count()).toBe(2);
  const calledOff = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.locator('#making button').first().click();
  await first.release();
  await calledOff;
  await until(async () => (await page.locator('#making progress').count()) === 1, { what: 'the other one to go on' });
  await second.release();
  await until(async () => (await page.locator('#making progress').count()) === 0, { what: 'both to be over' });
});

describe('the page of accounts', () => {
  test('makes one link for two presses, and shows what is, while somebody looks for a name', async () => {
    const hall = await people.friday();
    await hall.account('root', '王芳', ['admin']);
    await hall.account('chief', '食药监局首席代表', ['chief'], { departments: ['d10'] });
    const page = await signIn(hall, people.one, 'root', '/admin');
    const item = (name: string) => page.locator(`[data-user="${name}"]`);
    await item('chief').waitFor();
    const links = counted(page, '/link');
    await pressTwice(page, '[data-user="chief"] [data-do="link"]');
    await page.locator('#secret').waitFor();
    await shown(page);
    expect(links.count).toBe(1);

    const before = await holdAnswer(page, '**/api/v1/users');
    await item('zhang').locator('[data-do="sign-out"]').click();
    await before.answered;
    await item('chief').locator('[data-do="disable"]').click();
    await page.locator('.dialog button[type="submit"]').click();
    await item('chief').getByText('已停用').waitFor();
    await before.release();
    expect(await item('chief').innerText()).toContain('已停用');

    const next = await holdAnswer(page, '**/api/v1/users');
    await item('zhang').locator('[data-do="sign-out"]').click();
    await next.answered;
    await page.locator('.admin-search').focus();
    await page.keyboard.type('食药');
    await next.release();
    await page.keyboard.type('监');
    expect(await page.locator('.admin-search').inputValue()).toBe('食药监');
  });
});
