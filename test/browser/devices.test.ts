/** Clocks in a real browser, against the real daemon: whose touches nobody knows, what was kept aside, and how both are put right. */
import { expect, test } from 'vitest';
import type { ClockRecord } from '../../adapters/clock.ts';
import { casePeople, reads, signIn, textOf } from '../support/case-browser.ts';
import { fridayAt } from '../support/case-hall.ts';
import { instantOf } from '../support/core-hall.ts';

const people = casePeople();

const touch = (credential: string, deviceAt: number): ClockRecord => ({
  punch: { credential, deviceAt, seq: null, method: 'finger' },
  original: { digest: '0'.repeat(64), kept: {} },
});

test('a number is said to be somebody’s, and what was kept aside is taken in by the true time', async () => {
  const hall = await people.friday();
  await hall.account('installer', '安装', ['installer']);
  const { intake, core } = hall.daemon;
  const script = '<img src=x onerror=alert(1)>';
  await intake.deliver('clock-1', 'test', {
    records: [touch(`777`, instantOf(fridayAt('09:01'))), touch('e05', Date.parse('2000-01-01T09:00:00+08:00'))],
    refused: [{ about: script, because: script, payload: Buffer.from(script) }],
  });
  const page = await signIn(hall, people.one, 'installer', '/devices');
  await reads(page, 'h1', '考勤机');
  const clock = page.locator('[data-device="clock-1"]');
  await clock.waitFor();
  expect(await clock.innerText()).toContain('拒收');
  expect(await page.locator('main').innerText()).toContain('时间太早：设备可能丢了时间');
  expect(await page.locator('main img').count()).toBe(0);

  await page.locator('#map-clock-1-777').focus();
  await page.keyboard.press('Enter');
  await page.locator('.dialog input[type="text"]').fill('nobody');
  await page.keyboard.press('Enter');
  await reads(page, '.dialog-trouble', '没有这个人员编号。');
  await page.locator('.dialog input[type="text"]').fill('e03');
  await page.keyboard.press('Enter');
  await reads(page, '#said', '已对应，从前的打卡正在重新计入。');
  const mapped = [...core.facts.stretches()].find((fact) => fact.fact === 'credential');
  expect(mapped).toMatchObject({ employee: 'e03', credential: '777', device: 'clock-1', via: 'devices' });
  expect(mapped?.by).toMatch(/installer/);

  // Whoever may see names sees whose number it becomes, before it does.
  await hall.account('wang', '王主任', ['manager']);
  await intake.deliver('clock-1', 'test', { records: [touch('778', instantOf(fridayAt('09:03')))], refused: [] });
  const theirs = await signIn(hall, people.other, 'wang', '/devices');
  await theirs.locator('#map-clock-1-778').click();
  await theirs.locator('datalist').waitFor({ state: 'attached' });
  const field = theirs.locator('.dialog input[type="text"]');
  await field.fill('e03');
  expect(await textOf(theirs, '.dialog .hint')).toBe('张煜');
  await field.fill('e03 张煜');
  await theirs.keyboard.press('Enter');
  await reads(theirs, '#said', '已对应，从前的打卡正在重新计入。');

  const lost = page.locator('tr', { hasText: '时间太早' });
  await lost.locator('button').click();
  const dialog = page.locator('.dialog');
  const ahead = Math.round((Date.parse('2000-01-01T09:00:00+08:00') - instantOf(fridayAt('09:02'))) / 60_000);
  await dialog.locator('input').fill('soon');
  await page.keyboard.press('Enter');
  await reads(page, '.dialog-trouble', '请填整数分钟。');
  await dialog.locator('input').fill(String(ahead));
  await page.keyboard.press('Enter');
  await reads(page, '#said', '已收取。');
  const [taken] = [
    ...core.facts.between({ from: instantOf(fridayAt('09:01')), to: instantOf(fridayAt('09:03')) }),
  ].filter((fact) => fact.fact === 'punch' && fact.credential === 'e05');
  expect(taken).toMatchObject({ deviceAt: Date.parse('2000-01-01T09:00:00+08:00'), via: 'rejects' });
  expect(await page.locator('tr', { hasText: '时间太早' }).count()).toBe(0);
  expect(people.one.complaints.filter((said) => !/422|404/.test(said))).toEqual([]);
}, 60_000);

test('whoever is no installer sees what is wrong, and can put nothing right; an employee sees nothing of it', async () => {
  const page = await signIn(people.looked, people.one, 'zhang', '/devices');
  await page.locator('[data-device="clock-1"]').waitFor();
  expect(await textOf(page, '.turn')).toBe('2 台设备，其中 2 台尚未听到过。');
  // What the board says before all else is said here, too.
  await page.route('**/api/v1/windows?*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), warnings: ['消息服务未连接'] } });
  });
  await page.reload();
  expect(await textOf(page, '.banner-warning')).toBe('消息服务未连接');
  expect(await page.locator('[id^="map-"], [id^="again-"]').count()).toBe(0);
  const other = await signIn(people.looked, people.other, 'liuli', '/me');
  const answer = await other.request.get(`${people.looked.url}/api/v1/devices`);
  expect(answer.status()).toBe(403);
}, 60_000);

test('a reject list of more than two hundred is read on to its oldest, and back', async () => {
  const hall = await people.friday();
  await hall.account('installer', '安装', ['installer']);
  const { ledger, rejects } = hall.daemon.core;
  ledger.commit(() => {
    for (let i = 0; i < 201; i++)
      rejects.keep({ door: 'test', topic: `t/${i}.`, because: 'not JSON', payload: Buffer.from('?') }, 1000 + i);
  });
  const page = await signIn(hall, people.one, 'installer', '/devices');
  await page.locator('.raw', { hasText: 't/200.' }).waitFor();
  expect(await page.locator('.raw', { hasText: 't/0.' }).count()).toBe(0);
  await page.locator('#rejects-older').click();
  await page.locator('.raw', { hasText: 't/0.' }).waitFor();
  expect(await page.locator('.raw').count()).toBe(1);
  await page.locator('#rejects-newest').click();
  await page.locator('.raw', { hasText: 't/200.' }).waitFor();
  expect(await page.locator('#rejects-newest').count()).toBe(0);
}, 60_000);
