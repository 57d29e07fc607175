/** A window's own PC and those who are asked by it, each in a real browser; and what the page does when the link is lost. */
import { expect, test } from 'vitest';
import { casePeople, reads, signIn, textOf } from '../support/case-browser.ts';
import { fridayAt, seat } from '../support/case-hall.ts';
import { deskOf, go, press } from '../support/desk-page.ts';
import { mutableProxy } from '../support/mutable-proxy.ts';
import { until } from '../support/until.ts';

const people = casePeople();

test('away and “I am here” are noted for those who ask; the chief answers, and no verdict changes by it', async () => {
  const hall = await people.friday();
  await hall.account('chief', '水利局首席代表', ['chief'], { departments: ['d09'] });
  const page = await deskOf(hall, people.one, 'W17');
  const before = JSON.stringify(hall.daemon.core.engine.verdicts());
  await press(page, 'away');
  await go(page);
  await reads(page, '.dialog-trouble', '请选一个原因');
  await page.locator('.dialog .choice').first().click();
  await go(page);
  await reads(page, '#notes', '起暂离：送取材料、复印');
  const board = await signIn(hall, people.other, 'zhang');
  await reads(board, '.card[data-window="W17"]', /暂离.*送取材料、复印/);
  await press(page, 'back');
  await page.locator('#deeds [data-do="away"]').waitFor();
  await press(page, 'here');
  await go(page);
  await reads(page, '#notes', '已请求见证，等待答复');
  expect(await page.locator('#deeds [data-do="here"]').isDisabled()).toBe(true);
  await board.close();
  const chief = await signIn(hall, people.other, 'chief');
  await reads(chief, '.watch', /W17.*请求见证/);
  await chief.locator('.watch [data-do="seen"]').click();
  await reads(page, '#notes', /水利局首席代表 10:3\d 见证：有人在岗/);
  await chief.locator('.watch').waitFor({ state: 'hidden' });
  expect(JSON.stringify(hall.daemon.core.engine.verdicts())).toBe(before);
}, 60_000);

test('a lost daemon is said, silences the alarm, and the page recovers by itself; a revoked link is said too', async () => {
  const hall = await people.friday();
  const network = await mutableProxy(Number(new URL(hall.url).port));
  const page = await deskOf({ ...hall, url: `http://127.0.0.1:${network.port}` }, people.one, 'W12');
  await page.locator('body[data-level="over"]').waitFor();
  await page.locator('#sound').click();
  network.mute();
  await reads(page, '[data-banner="link"]', '数据截至 10:31，正在重连…');
  await until(async () => (await page.title()) === '【连接中断】W12', { what: 'the title' });
  expect(await textOf(page, '#word')).toBe('无人');
  await hall.record(seat('W12', '10:31', 'occupied'));
  hall.pass(fridayAt('10:33'));
  network.letNewOnesThrough();
  await reads(page, '#word', '在岗');
  await page.locator('[data-banner="link"]').waitFor({ state: 'hidden' });
  expect(await page.title()).toBe('W12 窗口 · 劳动用工');
  const { office, books } = hall.daemon.access.access;
  const number = books.screens.all().find(({ window }) => window === 'W12')?.number ?? 0;
  office.revokeScreen(number, { who: 'command', address: null });
  await reads(page, '#said', '链接已被吊销');
  await page.close();
  await network.close();
}, 60_000);
