/** Cases in a real browser, with the real daemon behind it: found, dealt with, told, appealed against, decided. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { caseDetailSchema, caseListSchema } from '../../daemon/http/openapi-cases.ts';
import { caseOf, casePeople, item, reads, signIn, textOf } from '../support/case-browser.ts';
import { leave } from '../support/case-hall.ts';
import { until } from '../support/until.ts';
import { detail, row } from '../web/case-rows.ts';

const people = casePeople();

const focused = (page: Page): Promise<string> => page.evaluate(() => (document.activeElement as HTMLElement).innerText);

describe('the panel', () => {
  test('cases of today and undecided ones of before, newest first, those of one cause together', async () => {
    const page = await signIn(people.looked, people.one, 'zhang');
    await item(page, 'W12').waitFor();
    expect(await page.locator('.cases-count').innerText()).toBe('14');
    const groups = await page.locator('.case-group').all();
    const titles = await Promise.all(
      groups.map(async (group) => (await group.locator('.case-title b').allInnerTexts()).sort()),
    );
    expect(titles.slice(0, 2)).toEqual([['W12 劳动用工'], ['W17 取水许可']]);
    expect(titles).toContainEqual(['W19 食品经营', '雷梅']);
    expect(titles.slice(-3).flat().sort()).toEqual(['W03 施工许可', '吴桐', '周诚']);
    expect(await item(page, 'W12').locator('.badge').allInnerTexts()).toEqual(['进行中', '未签收', '未核实']);
    expect(await item(page, '刘静').locator('.case-title').innerText()).toBe('刘静 到岗');
    expect(people.one.complaints).toEqual([]);
  });

  test('what the daemon sends is what its document says, and what the pages read', async () => {
    const page = await signIn(people.looked, people.one, 'zhang');
    await item(page, 'W17').waitFor();
    const id = await caseOf(page, 'W17');
    const ask = (path: string) => page.evaluate(async (at) => (await fetch(at)).json() as Promise<object>, path);
    const list = caseListSchema.parse(await ask('/api/v1/alerts?days=7'));
    const whole = caseDetailSchema.parse(await ask(`/api/v1/alerts/${id}`));
    expect(Object.keys(list.alerts[0] ?? {})).toEqual(expect.arrayContaining(Object.keys(row())));
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(Object.keys(detail())));
    expect(Object.keys(caseDetailSchema.shape)).toEqual(expect.arrayContaining(Object.keys(whole)));
  });

  test('acknowledged by key, excused with a reason, and another supervisor sees it without doing anything', async () => {
    const hall = await people.friday();
    await hall.account('li', '李督查', ['supervisor']);
    const [page, theirs] = await Promise.all([signIn(hall, people.one, 'zhang'), signIn(hall, people.other, 'li')]);
    await item(theirs, 'W12').waitFor();
    await item(page, 'W12').waitFor();
    await page.keyboard.press('j');
    expect(await focused(page)).toContain('W12');
    await page.keyboard.press('a');
    await reads(page, '.cases-said', '已签收。');
    await reads(theirs, '.case:has-text("W12") .case-badges', '已签收 张督查');
    await page.keyboard.press('j');
    await page.keyboard.press('w');
    await page.locator('.dialog').waitFor();
    await page.keyboard.press('Enter');
    await reads(page, '.dialog-trouble', '请选一个理由');
    const third = await page.locator('.case-title').nth(2).innerText();
    await page.getByLabel('会议/培训').check();
    await page.locator('#more').fill('去县里 <img src=x onerror=alert(1)>');
    // A hand that slips off the question.
    await page.mouse.click(5, 5);
    await page.locator('.dialog button[type=submit]').click();
    await reads(page, '.cases-said', '已免责。');
    // The keys go on with the next one, which is in sight.
    await page.locator('.veil').waitFor({ state: 'detached' });
    expect(await focused(page)).toContain(third);
    await until(async () => (await item(theirs, 'W17').count()) === 0, { what: 'W17 to go from the other page' });
    await theirs.locator('.filter', { hasText: '全部' }).click();
    await reads(theirs, '.case:has-text("W17") .case-badges', '已免责');
    expect([...people.one.complaints, ...people.other.complaints]).toEqual([]);
  });

  test('several at once with one reason; of what cannot be done it is said why', async () => {
    const hall = await people.friday();
    const page = await signIn(hall, people.one, 'zhang');
    for (const name of ['李岚', '周诚', 'W03']) await item(page, name).locator('.case-select').check();
    expect(await page.locator('.bulk-count').innerText()).toBe('已选 3 条');
    expect(await page.locator('.bulk-deeds button').allInnerTexts()).toEqual(['签收', '免责', '误报']);
    // Before the request for 周诚 arrives, his case has become another one than was looked at.
    const changing = await caseOf(page, '周诚');
    await page.route(`**/api/v1/alerts/${changing}/excuse*`, async (route) => {
      await hall.record(leave('e10', '2026-11-19 08:00', '2026-11-19 09:05'));
      await route.continue();
    });
    // The board's stream makes the page ask after the first deed; that answer, of then, comes after the last deed.
    const last = Promise.withResolvers<void>();
    let deeds = 0;
    page.on('response', (response) => {
      if (response.url().includes('/excuse') && ++deeds === 3) last.resolve();
    });
    await page.route('**/api/v1/alerts?*', async (route) => {
      const response = await route.fetch();
      await last.promise;
      await route.fulfill({ response });
    });
    const counted = page.evaluate(
      () =>
        new Promise((resolve) => {
          const said = document.querySelector('.cases-said') as Element;
          const look = () => resolve(document.querySelector('.bulk-count')?.textContent);
          new MutationObserver(look).observe(said, { childList: true, characterData: true, subtree: true });
        }),
    );
    await page.locator('.bulk-deeds button', { hasText: '免责' }).click();
    await page.getByLabel('打卡故障').check();
    await page.locator('.dialog button[type=submit]').click();
    expect(await counted).toBe('已选 1 条');
    await reads(page, '.cases-said', '已免责 2 条。 周诚：内容刚刚变了，还没有处理。请看过新内容再决定。');
    await reads(page, '.case:has-text("周诚") .case-title', '迟到 7 分钟');
    expect(await item(page, '李岚').count()).toBe(0);
  });

  test('keys stay out of the way of whoever writes', async () => {
    const page = await signIn(people.looked, people.one, 'zhang');
    await item(page, 'W12').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('jac w?');
    expect(await page.locator('.cases-search').inputValue()).toBe('jac w?');
    expect(await page.locator('.veil').count()).toBe(0);
    await page.locator('.filter', { hasText: '全部' }).click();
    await page.locator('.cases-search').fill('刘丽');
    expect(await page.locator('.case').count()).toBe(1);
    await page.reload();
    await item(page, 'W17').waitFor();
    expect(await page.locator('.case').count()).toBe(1);
    expect(await page.locator('.filter[aria-pressed="true"]').innerText()).toContain('全部');
    await page.locator('.cases-search').focus();
    await page.keyboard.press('Escape');
    await page.evaluate(() =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', isComposing: true, bubbles: true })),
    );
    await page.evaluate(() =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', ctrlKey: true, bubbles: true })),
    );
    expect(people.looked.daemon.core.facts.actionsOn([await caseOf(page, 'W17')])).toEqual([]);
    await page.keyboard.press('?');
    await page.locator('.keys-list').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.veil').count()).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/cases\/C-/);
  });

  test('is nothing for whoever is not signed in, for employees, and for screens', async () => {
    const page = await people.one.context.newPage();
    await page.goto(people.looked.url);
    await page.locator('.card').first().waitFor();
    expect(await page.locator('#cases').count()).toBe(0);
    const own = await signIn(people.looked, people.one, 'liuli');
    await own.locator('#mine').waitFor();
    expect(await own.locator('#cases').count()).toBe(0);
  });

  test('stands beside 24 windows on a full screen without scrolling, and below them on smaller ones', async () => {
    const page = await signIn(people.looked, people.one, 'zhang');
    await item(page, 'W12').waitFor();
    const size = () =>
      page.evaluate(() => [
        document.documentElement.scrollWidth - innerWidth,
        document.documentElement.scrollHeight - innerHeight,
      ]);
    expect(await size()).toEqual([0, 0]);
    await page.setViewportSize({ width: 1366, height: 768 });
    // The windows are laid out anew once the page has heard of its size.
    const isBelow = async (): Promise<boolean> => {
      const cards = await page.locator('.cards').boundingBox();
      const head = await page.locator('.cases-head').boundingBox();
      if (cards === null || head === null) return false;
      return cards.y + cards.height < head.y && head.y + head.height <= 768;
    };
    await until(isBelow, { what: 'the panel below the windows, its head in sight' });
    await page.setViewportSize({ width: 390, height: 844 });
    await until(async () => ((await size())[0] ?? 1) <= 0, { what: 'nothing to scroll sideways' });
    await page.locator('#cases-link').click();
    await until(async () => ((await page.locator('.cases-head').boundingBox())?.y ?? 9999) < 100, {
      what: 'the panel in sight',
    });
  });
});

describe('the page of a case', () => {
  test('its life, the evidence, how it was concluded; to confirm asks once more, with what exactly', async () => {
    const hall = await people.friday();
    const board = await signIn(hall, people.one, 'zhang');
    await item(board, 'W17').waitFor();
    const page = await people.one.context.newPage();
    await page.goto(`${hall.url}/cases/${await caseOf(board, 'W17')}`);
    await page.locator('.lane[data-lane="seat"]').waitFor();
    expect(await textOf(page, 'h1')).toBe('W17 取水许可 — 脱岗 21 分钟');
    expect(await page.locator('.step[data-progress="now"] .step-name').innerText()).toBe('签收');
    expect(await page.locator('.lane-name:not(:empty)').allInnerTexts()).toEqual([
      '本事项',
      '当日状态',
      '持岗',
      '座位',
      '打卡',
    ]);
    expect(await page.locator('.limit-text').allInnerTexts()).toEqual(['时限 15′', '现在']);
    expect(await textOf(page, '.explanation')).toContain('21 分钟 ≥ 15 分钟，为脱岗。');
    expect(
      await page.locator('[data-part]').evaluateAll((parts) => parts.map((part) => part.getAttribute('data-part'))),
    ).toEqual(['note', 'clear', 'judge']);
    await page.keyboard.press('c');
    expect(await textOf(page, '.summary')).toBe(
      'W17 取水许可：脱岗 21 分钟 W17 取水许可窗口 脱岗：10:05—10:26，共 21 分钟，当时负责的是 刘丽。',
    );
    await page.locator('#note').fill('已核对录像');
    await page.locator('.dialog button[type=submit]').click();
    await reads(page, '#said', '已确认属实。');
    await page.locator('.veil').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('已确认属实。');
    expect(await textOf(page, '.do-judge')).toMatch(/^核实 已确认 张督查 10:31 已核对录像 免责/);
    expect(await page.locator('.step[data-progress="now"] .step-name').innerText()).toBe('告知');
    expect((await page.locator('.entry').allInnerTexts()).at(-1)).toContain('张督查 确认属实');
    // Nobody took note of it apart from that.
    expect(await page.locator('.do-note').count()).toBe(0);
    expect(await page.locator('.do-reason').allInnerTexts()).toEqual(['已核对录像']);
    // On paper it has its year, and what is done looks it.
    expect(await textOf(page, '.case-head')).toMatch(/^2026年11月20日 星期五/);
    await page.emulateMedia({ media: 'print' });
    const steps = page.locator('.steps');
    expect(await steps.evaluate((node) => getComputedStyle(node).printColorAdjust)).toBe('exact');
    expect(people.one.complaints).toEqual([]);
  });

  test('what has changed meanwhile is not decided unseen: it is shown, with the difference', async () => {
    const hall = await people.friday();
    const board = await signIn(hall, people.one, 'zhang');
    await item(board, '雷梅').waitFor();
    const page = await people.one.context.newPage();
    await page.goto(`${hall.url}/cases/${await caseOf(board, '雷梅')}`);
    await page.locator('.explanation').waitFor();
    await hall.record(leave('e19', '08:00', '09:10'));
    await page.keyboard.press('c');
    await page.locator('.dialog button[type=submit]').click();
    await reads(
      page,
      '#said',
      /内容变了，刚才的操作没有做：.*迟到：时间由 09:00–09:17 变为 09:10–09:17.*时长由 17 分钟 变为 7 分钟/,
    );
    expect(await textOf(page, 'h1')).toBe('雷梅 — 迟到 7 分钟');
  });

  test('an address that is nobody’s, or not for the reader, says the same', async () => {
    const board = await signIn(people.looked, people.one, 'zhang');
    await item(board, '周诚').waitFor();
    const id = await caseOf(board, '周诚');
    const own = await caseOf(board, 'W17');
    const page = await signIn(people.looked, people.other, 'liuli', `/cases/${id}`);
    await reads(page, '#said', '没有这件事，或者您看不到它。');
    // Of their own case they read how it was found, and of others only that there were some.
    await page.goto(`${people.looked.url}/cases/${own}`);
    await page.locator('.timeline').waitFor();
    const read = await textOf(page, '.explanation');
    expect(read).toContain('其他人员的打卡、请假和安排不在此列出。');
    expect(read).not.toMatch(/马涛|e39/);
    await page.goto(`${people.looked.url}/cases/C-000000000000`);
    await reads(page, '#said', '没有这件事，或者您看不到它。');
  });

  test('a name and a reason are text, whatever they hold', async () => {
    const name = '<script>document.title="x"</script>';
    const hall = await people.friday({ names: { e10: name } });
    const board = await signIn(hall, people.one, 'zhang');
    await item(board, name).waitFor();
    const id = await caseOf(board, name);
    const page = await people.one.context.newPage();
    await page.goto(`${hall.url}/cases/${id}`);
    await page.locator('.explanation').waitFor();
    await page.keyboard.press('w');
    await page.getByLabel('其他').check();
    await page.locator('#more').fill('<img src=x onerror="document.title=1"> & </p>');
    await page.locator('.dialog button[type=submit]').click();
    await reads(page, '.do-judge .do-reason', '<img src=x onerror="document.title=1"> & </p>');
    expect(await textOf(page, 'h1')).toBe(`${name} — 迟到 12 分钟`);
    expect(await page.title()).toBe(`${name} — 迟到 12 分钟`);
    expect(people.one.complaints).toEqual([]);
  });
});

test('from the employee’s page to an appeal, and its decision by somebody else', async () => {
  const hall = await people.friday();
  await hall.account('wang', '王主任', ['manager']);
  await hall.account('liuli', '刘丽', ['employee'], { employee: 'e17' });
  const board = await signIn(hall, people.one, 'zhang');
  await item(board, 'W17').waitFor();
  const id = await caseOf(board, 'W17');
  await board.keyboard.press('j');
  await board.keyboard.press('j');
  await board.keyboard.press('c');
  await board.locator('.dialog button[type=submit]').click();
  await reads(board, '.cases-said', '已确认属实。');

  const own = await signIn(hall, people.other, 'liuli', '/me');
  await own.locator('.my-case').waitFor();
  expect(await own.locator('.my-case').count()).toBe(1);
  expect(await own.locator('[data-do]').allInnerTexts()).toEqual(['我已阅知']);
  expect(hall.daemon.core.desk.find(id)?.life.delivered).toBeNull();
  await own.locator('[data-do="deliver"]').click();
  await reads(own, '.my-case', '11月27日 星期五结束前可以提出，还有 7 天。');
  await own.locator('[data-do="appeal"]').click();
  await own.locator('.dialog button[type=submit]').click();
  await reads(own, '.dialog-trouble', '请写明理由。');
  await own.locator('#more').fill('去复印室给群众复印材料');
  // The session ends while the reason is being written: it stays, and beside it is the way in.
  const cookies = await people.other.context.cookies();
  await people.other.context.clearCookies();
  await own.locator('.dialog button[type=submit]').click();
  await reads(own, '.dialog-trouble', '登录已过期，请重新登录。 在新标签页登录');
  expect(await own.locator('.dialog-trouble a').getAttribute('target')).toBe('_blank');
  people.other.complaints.length = 0;
  await people.other.context.addCookies(cookies);
  await own.locator('.dialog button[type=submit]').click();
  await reads(own, '.my-case .case-badges', '申诉中');

  // Who confirmed it does not decide.
  const theirs = await people.one.context.newPage();
  await theirs.goto(`${hall.url}/cases/${id}`);
  await theirs.locator('.explanation').waitFor();
  expect(await theirs.locator('[data-do="overturn"]').count()).toBe(0);
  const page = await signIn(hall, people.one, 'wang', `/cases/${id}`);
  await page.locator('.explanation').waitFor();
  expect(await textOf(page, '.quote')).toBe('去复印室给群众复印材料');
  await page.locator('[data-do="overturn"]').click();
  await page.locator('#more').fill('有复印登记');
  await page.locator('.dialog button[type=submit]').click();
  await reads(page, '.do-decide', '改判 王主任');
  await own.reload();
  await reads(own, '.my-case', '申诉裁定：改判，王主任');
  expect(await textOf(own, '.my-case')).toContain('不计入考核。');
  expect([...people.one.complaints, ...people.other.complaints]).toEqual([]);
});

test('a chief has the department’s week, by day and by whom', async () => {
  const page = await signIn(people.looked, people.one, 'chief', '/me');
  await page.locator('.my-day').first().waitFor();
  expect(await page.locator('.my-date').allInnerTexts()).toEqual(['11月20日 星期五']);
  expect((await page.locator('.my-subject h4').allInnerTexts()).sort()).toEqual(['W19 食品经营', '丁洁', '雷梅']);
});
