/** In a real browser, with a clock of the hall: who is on it is matched with the hall's people, and it is tested, accepted and printed. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { casePeople, reads, signIn } from '../support/case-browser.ts';
import { type CaseHall, fridayAt } from '../support/case-hall.ts';
import { instantOf } from '../support/core-hall.ts';
import { until } from '../support/until.ts';
import { ZktecoPullDevice } from '../support/zkteco-pull-device.ts';

const people = casePeople();
type Shown = readonly [number, number, number, number, number, number];
/** When the morning has been played, as a device shows it. */
const AT: Shown = [2026, 11, 20, 10, 31, 0];
const shown = (at: number): Shown => {
  const time = new Date(at + 8 * 3_600_000);
  const [date, clock] = [time.getUTCDate(), [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()]];
  return [time.getUTCFullYear(), time.getUTCMonth() + 1, date, ...(clock as [number, number, number])];
};
/** What the devices' clocks show: the hall's own time. */
let now = (): Shown => AT;

async function hallWithClock(device: ZktecoPullDevice): Promise<CaseHall> {
  const { port } = device;
  // It is put up when the morning has been played: it shows the hall's time from then on.
  await device.stop();
  const hall = await people.friday({
    clocks: [{ id: 'door-1', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port, interval: '10s' } }],
  });
  await hall.account('installer', '安装员', ['installer']);
  now = () => shown(hall.now());
  await device.start(port);
  await hall.account('admin', '管理员', ['admin']);
  return hall;
}

async function clockDevice(): Promise<ZktecoPullDevice> {
  const device = await new ZktecoPullDevice({ now: () => now() }).start();
  const users: readonly (readonly [string, string])[] = [
    ['e01', '徐敏'],
    ['201', '高 倩'],
    ['202', '廖强'],
    ['301', '刘静'],
    ['302', '刘静'],
    ['401', '无此人'],
    ['501', ''],
  ];
  for (const [i, [id, name]] of users.entries()) device.users.push({ uid: i + 1, id, name: Buffer.from(name) });
  return device;
}

/** As a page does. */
const post = (page: Page, path: string, body: object): Promise<number> =>
  page.evaluate(
    async ([to, text]) => {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(`/api/v1/${to}`, { method: 'POST', headers, body: text ?? '' })).status;
    },
    [path, JSON.stringify(body)],
  );

test('names are read from the clock and matched: those beyond doubt at once, the others one by one, and the past is judged again', async () => {
  const device = await clockDevice();
  device.log.push({ id: '201', time: [2026, 11, 20, 8, 51, 0] }, { id: '301', time: [2026, 11, 20, 8, 52, 0] });
  try {
    const hall = await hallWithClock(device);
    const { core } = hall.daemon;
    await until(() => hall.daemon.clocks.devices.reading('door-1').taken === 2, { timeoutMs: 60_000, what: 'its log' });
    const page = await signIn(hall, people.one, 'installer', '/devices');
    await page.locator('tr', { hasText: '201' }).waitFor();
    await page.locator('#people-door-1').click();
    await page.locator('#read').click();
    await reads(page, '.turn', '设备上 7 人：1 人已对上，2 人无疑问，其余请逐个看。');
    const row = (credential: string) =>
      page.locator('tbody tr').filter({ has: page.locator(`td:text-is("${credential}")`) });
    expect(await row('e01').innerText()).toContain('已对上');
    expect(await row('301').innerText()).toContain('机上有人同名，请核对');
    expect(await row('301').locator('input').inputValue()).toBe('');
    expect(await row('401').innerText()).toContain('大厅里没有相同的编号或姓名');
    expect(await row('201').locator('input').inputValue()).toBe('e11 高倩');
    expect(await axeFaults(page)).toEqual([]);

    await page.locator('#take-all').click();
    expect(await page.locator('.dialog').innerText()).toContain('从 2026-11-20 起');
    await page.keyboard.press('Enter');
    await reads(page, '#said', '已对上 2 人，认不出的打卡正在重新计入。');
    await row('301').locator('input').fill('somebody');
    await page.locator('#take-301').click();
    await reads(page, '#said', '大厅里没有这个人，请从列表里选。');
    await row('301').locator('input').fill('e07 刘静');
    await page.locator('#take-301').click();
    await reads(page, '#said', '已对上 1 人，认不出的打卡正在重新计入。');
    const mapped = [...core.facts.stretches()].filter((fact) => fact.fact === 'credential');
    expect(mapped.map((fact) => [fact.credential, fact.employee, fact.device, fact.via]).sort()).toEqual([
      ['201', 'e11', 'door-1', 'devices'],
      ['202', 'e02', 'door-1', 'devices'],
      ['301', 'e07', 'door-1', 'devices'],
    ]);
    expect(mapped.every(({ by }) => by === 'user:installer')).toBe(true);
    const left = await (await page.request.get(`${hall.url}/api/v1/unmatched`)).json();
    expect(left).toEqual({ unmatched: [] });
    const enrolments = [{ credential: '201', employee: 'e03' }];
    expect(await post(page, 'devices/door-1/enrolments', { from: fridayAt('00:00'), enrolments })).toBe(409);
    expect(await post(page, 'devices/clock-1/users', {})).toBe(409);
    // What was read is in no fact, and in no log: only how many there were.
    const logged = JSON.stringify(hall.daemon.access.access.books.log.newest(10));
    expect(logged).toContain('clock-users-read');
    expect(logged).not.toMatch(/高|刘静|无此人/);
    await hall.account('chief', '首席', ['chief'], { departments: ['d01'] });
    const other = await signIn(hall, people.other, 'chief', '/me');
    expect(await post(other, 'devices/door-1/users', {})).toBe(403);
  } finally {
    await device.stop();
  }
}, 180_000);

test('a clock is tested by a touch, accepted, and its sheet is kept, in both languages', async () => {
  const device = await clockDevice();
  try {
    const hall = await hallWithClock(device);
    const page = await signIn(hall, people.one, 'installer', '/devices/door-1/sheet');
    await page.locator('#begin').waitFor();
    await until(() => hall.daemon.clocks.devices.reading('door-1').about['serial'], {
      timeoutMs: 60_000,
      what: 'it to be heard',
    });
    await page.reload();
    await page.locator('#begin').waitFor();
    expect(await page.locator('.sheet').innerText()).toMatch(/AHQ6171960001[\s\S]*还没有试[\s\S]*还没有验收/);
    await page.locator('#begin').click();
    await reads(page, '#touch', '请现在去打一次卡…');
    device.touch('e01', AT);
    await page.locator('#touch[data-state="seen"]').waitFor();
    expect(await page.locator('#touch').innerText()).toMatch(/^✓ .*打卡时间 2026-11-20 10:31:00/);
    await page.locator('#accept').click();
    await reads(page, '#accepted', '安装员 于 2026-11-20 10:31 验收');
    expect(await axeFaults(page)).toEqual([]);
    await page.goto(`${hall.url}/devices/door-1/sheet?lang=en`);
    await reads(page, '#accepted', 'accepted by 安装员, 2026-11-20 10:31');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFaults(page)).toEqual([]);
    const [kept] = hall.daemon.access.access.books.log.newest(1);
    expect(kept).toMatchObject({ what: 'clock-accepted', who: 'user:installer' });
    expect(kept?.detail).toMatchObject({ clock: 'door-1', make: 'zkteco-pull', serial: 'AHQ6171960001' });
    expect(kept?.detail['test']).toMatchObject({ state: 'seen', touchedAt: instantOf(fridayAt('10:31')) });
    expect(people.one.complaints).toEqual([]);
  } finally {
    await device.stop();
  }
}, 180_000);
