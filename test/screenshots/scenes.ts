/** The halls whose pages are shown, and what is shown of each. */
import type { Page } from 'playwright-core';
import { alertsOf } from '../../daemon/http/alerts-api.ts';
import { reportsOf } from '../../daemon/http/reports-api.ts';
import { systemLog } from '../../daemon/log.ts';
import { testAccess } from '../support/access.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { caseOf, signIn } from '../support/case-browser.ts';
import { type CaseHall, fridayAt, openCaseHall, PASSWORD, playMorning, seat } from '../support/case-hall.ts';
import type { Browser } from '../support/chromium.ts';
import { instantOf } from '../support/core-hall.ts';
import { deskOf, go, press } from '../support/desk-page.ts';
import { startServer } from '../support/http-server.ts';
import { plantPictures } from '../support/planted-pictures.ts';
import { type RobotStub, robotStub, TOKEN } from '../support/robot-stub.ts';
import { until } from '../support/until.ts';
import { type PullTouch, ZktecoPullDevice } from '../support/zkteco-pull-device.ts';
import type { Camera } from './camera.ts';
import { paintedMonth } from './painted-month.ts';

export type Scene = (camera: Camera, browser: Browser) => Promise<void>;

/** Signed in, with a fresh page. */
async function as(hall: { readonly url: string }, browser: Browser, name: string, path = '/'): Promise<Page> {
  return await signIn(hall as CaseHall, browser, name, path);
}

/** The board of a large hall, and the first page that anybody sees. */
export const board: Scene = async (camera, browser) => {
  if (!camera.wants('board-104')) return;
  const server = await startServer({ board: handBoard(morning(104)) });
  const page = await browser.context.newPage();
  const there = '.card-timer:not(:empty)';
  await camera.take(page, 'board-104', ['1920-zh-light', '390-en-dark'], { url: server.url, there, isScreen: true });
  await page.close();
  await server.close();
};

const OF_FRIDAY = 'board excuse wall sign-in desk case stills me admin devices clock imports messages week'.split(' ');

/** A Friday morning: the board, cases, people's own pages, desks, accounts, clocks, an import. */
export const friday: Scene = async (camera, browser) => {
  if (!camera.wants(...OF_FRIDAY)) return;
  let now = (): number => instantOf(fridayAt('10:31'));
  const device = await clockDevice(() => now());
  const robot = await robotStub('wecom', () => now());
  const { port } = device;
  await device.stop();
  const door = { id: 'door-1', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port, interval: '10s' } };
  const hall = await openCaseHall({ clocks: [door], more: channels(robot) });
  try {
    await playMorning(hall);
    await hall.account('zhang', '张督查', ['supervisor']);
    await hall.account('wang', '王芳', ['admin', 'installer', 'manager']);
    await hall.account('liuli', '刘丽', ['employee'], { employee: 'e17' });
    await hall.account('chief', '雷梅', ['chief', 'employee'], { employee: 'e19', departments: ['d10'] });
    now = () => hall.now();
    await device.start(port);
    await onTheBoard(hall, camera, browser);
    await atTheDesk(hall, camera, browser);
    await ofOneCase(hall, camera, browser);
    await ofAccounts(hall, camera, browser);
    await ofClocks(hall, device, camera, browser);
    await ofTables(hall, camera, browser);
    await ofMessages(hall, camera, browser);
    hall.pass(fridayAt('2026-11-23 08:30'));
    const page = await as(hall, browser, 'chief');
    const url = `${hall.url}/week?week=2026-W47`;
    await camera.take(page, 'week', ['1366-zh-light', '1920-en-dark', '390-zh-light'], { url, there: '.week-grid' });
    await page.close();
  } finally {
    await hall[Symbol.asyncDispose]();
    await device.stop();
    await robot[Symbol.asyncDispose]();
  }
};

/** Of messages: to people, to a group, and one that the daemon does itself. */
const channels = (robot: RobotStub): object => ({
  notify: {
    channels: [
      { id: 'own', kind: 'email', server: 'smtp://mail.invalid', from: 'hall@example.gov.cn', to: 'person' },
      { id: 'duty', kind: 'wecom', token: TOKEN, url: robot.url, to: 'supervision' },
      { id: 'topic', kind: 'mqtt' },
    ],
  },
});

async function onTheBoard(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  const page = await as(hall, browser, 'zhang');
  const there = '.case';
  const url = hall.url;
  await camera.take(page, 'board', ['1920-zh-light', '1366-en-dark'], { url, there, isScreen: true });
  await camera.take(page, 'board', ['390-zh-light'], { url, there });
  const excuse = async (at: Page): Promise<void> => {
    await at.locator('.case').first().focus();
    await at.keyboard.press('w');
    await at.locator('.dialog').waitFor();
  };
  const wish = { url, there, act: excuse, isScreen: true };
  await camera.take(page, 'excuse', ['1920-en-dark', '390-zh-light'], wish);
  await page.close();
  await browser.context.clearCookies();
  const { secret } = hall.daemon.access.access.office.addScreen(
    { name: '一楼大屏', window: null },
    { who: 'command', address: null },
  );
  const wall = await browser.context.newPage();
  await wall.goto(`${hall.url}/link#${secret}`);
  await wall.locator('#go').click();
  await wall.waitForURL((at) => at.pathname === '/');
  await camera.take(wall, 'wall', ['1920-zh-dark'], { url, there: '.card-timer:not(:empty)', isScreen: true });
  await wall.close();
  await browser.context.clearCookies();
  const stranger = await browser.context.newPage();
  const door = { url: `${hall.url}/sign-in`, there: '#form', isScreen: true };
  await camera.take(stranger, 'sign-in', ['1366-en-dark', '390-zh-light'], door);
  await stranger.close();
}

async function atTheDesk(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  await hall.record(seat('W17', '10:31', 'empty'));
  hall.pass(fridayAt('10:36'));
  const page = await deskOf(hall, browser, 'W17');
  await press(page, 'here');
  await go(page);
  await page.locator('#notes li').waitFor();
  await press(page, 'away');
  await page.locator('.dialog input').first().check();
  await go(page);
  await page.locator('#notes li').nth(1).waitFor();
  const wish = { url: `${hall.url}/desk`, there: '#notes li:nth-child(2)', isScreen: true };
  await camera.take(page, 'desk', ['1366-zh-light', '390-en-dark', '1920-en-light'], wish);
  await page.close();
  const supervisor = await as(hall, browser, 'zhang');
  const watch = { url: hall.url, there: '.watch-item', isScreen: true };
  await camera.take(supervisor, 'board-watch', ['1920-zh-light'], watch);
  await supervisor.close();
}

async function ofOneCase(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  let page = await as(hall, browser, 'zhang');
  await page.locator('.case').first().waitFor();
  const id = await caseOf(page, 'W17');
  const at = instantOf(fridayAt('10:20'));
  const picture = (n: number): string => `E-${String(n).padStart(12, '0')}`;
  const subject = { window: 'W17', case: id };
  await plantPictures(hall.daemon.core.ledger, 'county', [
    { picture: picture(1), moment: 'last-seen', at: at - 16 * 60_000, ...subject },
    { picture: picture(2), moment: 'left', at: at - 15 * 60_000, ...subject },
    { picture: picture(3), moment: 'alarm', at, ...subject, missing: 'not-seen' },
  ]);
  const url = `${hall.url}/cases/${id}`;
  const there = '.columns:has(.stills-foot):has(.explained)';
  await camera.take(page, 'case', ['1366-zh-light'], { url, there });
  const open = async (on: Page): Promise<void> => {
    await on.locator('.still button').first().click();
    await on.locator('.still-picture').waitFor();
    await on.locator('.still').first().scrollIntoViewIfNeeded();
  };
  await camera.take(page, 'stills', ['1366-zh-light', '390-en-dark'], { url, there, act: open, isScreen: true });
  await page.goto(url);
  await page.locator('[data-do="confirm"]').click();
  await page.locator('.dialog textarea').fill('已核对录像');
  await page.locator('.dialog [type="submit"]').click();
  await page.locator('.dialog').waitFor({ state: 'detached' });
  await camera.take(page, 'case', ['1920-en-dark'], { url, there });
  await page.close();
  page = await as(hall, browser, 'liuli', '/me');
  await camera.take(page, 'me', ['390-zh-dark', '1366-en-light'], { url: `${hall.url}/me`, there: '.my-case' });
  // How it was concluded names others: that is not for them.
  await camera.take(page, 'case', ['390-en-light'], { url, there: '.stills-foot' });
  await page.close();
}

async function ofAccounts(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  const rights = { roles: ['manager'] as const, employee: null, departments: [] };
  const by = { who: 'command', address: null } as const;
  hall.daemon.access.access.office.addToken({ name: '报表程序', expiresAt: null, ...rights, roles: ['manager'] }, by);
  const page = await as(hall, browser, 'wang');
  const wish = { url: `${hall.url}/admin`, there: '.admin-log' };
  await camera.take(page, 'admin', ['1366-zh-light', '1920-en-dark', '390-en-light'], wish);
  await page.close();
}

/** As a device in China shows an instant. */
function shownAt(at: number): PullTouch['time'] {
  const time = new Date(at + 8 * 3_600_000);
  const [day, hour, minute] = [time.getUTCDate(), time.getUTCHours(), time.getUTCMinutes()];
  return [time.getUTCFullYear(), time.getUTCMonth() + 1, day, hour, minute, time.getUTCSeconds()];
}

/** Leave of which a row is wrong, and one that changes what was concluded. */
async function ofTables(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  const rows = ['工号,姓名,日期,类型', 'e05,孙佳,2026-11-20,病假', 'e99,,2026-11-20,事假', 'e40,丁洁,2026-11-31,病假'];
  const page = await as(hall, browser, 'wang');
  const check = async (at: Page): Promise<void> => {
    const buffer = Buffer.from(rows.join('\n'));
    await at.locator('[name=table]').setInputFiles({ name: '请假.csv', mimeType: 'text/csv', buffer });
    await at.locator('#look').click();
    await at.locator('#skip').waitFor({ timeout: 60_000 });
  };
  const skip = async (at: Page): Promise<void> => {
    await check(at);
    await at.locator('#skip').click();
    await at.locator('#take').waitFor({ timeout: 60_000 });
  };
  const wish = { url: `${hall.url}/imports`, there: '#look' };
  await camera.take(page, 'imports', ['1366-zh-light'], { ...wish, act: check });
  await camera.take(page, 'imports', ['390-en-dark'], { ...wish, act: skip });
  await page.close();
}

/** Punches as they come: of somebody known, of nobody, of a clock whose time is wrong, and what is no JSON. */
async function ofMessages(hall: CaseHall, camera: Camera, browser: Browser): Promise<void> {
  const id = hall.daemon.core.hall.id;
  const punch = (credential: string, at: string): string =>
    JSON.stringify({ credential, at, seq: 4711, method: 'face' });
  const payloads = [
    punch('e05', '2026-11-20T10:30:58+08:00'),
    punch('99999', '2026-11-20T10:31:02+08:00'),
    punch('e07', '2000-01-01T00:03:12+08:00'),
    '{"credential":"e08","at":2026-11-20}',
  ];
  const page = await as(hall, browser, 'wang');
  const come = async (at: Page): Promise<void> => {
    for (const payload of payloads) {
      const message = { topic: `zaigang/${id}/clock/clock-1/punch`, payload: Buffer.from(payload), retained: false };
      hall.daemon.intake.message(message, () => {});
    }
    await at
      .locator('.message-list > li')
      .nth(payloads.length - 1)
      .waitFor({ timeout: 60_000 });
  };
  const wish = { url: `${hall.url}/messages`, there: '.message-list' };
  await camera.take(page, 'messages', ['1366-zh-light'], { ...wish, act: come });
  await camera.take(page, 'messages', ['390-en-dark'], wish);
  await page.close();
}

/** A clock on which people are whose numbers nobody has matched yet. */
async function clockDevice(now: () => number): Promise<ZktecoPullDevice> {
  const device = await new ZktecoPullDevice({ now: () => shownAt(now()) }).start();
  const users = [
    ...([
      ['e01', '徐敏'],
      ['201', '高倩'],
      ['202', '廖强'],
      ['301', '刘静'],
    ] as const),
    ...([
      ['302', '刘静'],
      ['401', '无此人'],
      ['501', ''],
    ] as const),
  ];
  for (const [i, [id, name]] of users.entries()) device.users.push({ uid: i + 1, id, name: Buffer.from(name) });
  device.log.push({ id: '201', time: [2026, 11, 20, 8, 51, 0] }, { id: '301', time: [2026, 11, 20, 8, 52, 0] });
  return device;
}

async function ofClocks(hall: CaseHall, device: ZktecoPullDevice, camera: Camera, browser: Browser): Promise<void> {
  const { devices } = hall.daemon.clocks;
  await until(() => devices.reading('door-1').taken === 2, { timeoutMs: 120_000, what: 'the log of the clock' });
  const record = {
    credential: 'e05',
    deviceAt: Date.parse('2000-01-01T09:00:00+08:00'),
    seq: null,
    method: 'finger' as const,
  };
  await hall.daemon.intake.deliver('clock-1', 'hall/clock-1/punch', {
    records: [{ punch: record, original: { digest: '0'.repeat(64), kept: {} } }],
    refused: [],
  });
  const page = await as(hall, browser, 'wang', '/devices');
  const url = `${hall.url}/devices`;
  await camera.take(page, 'devices', ['1366-zh-light', '390-en-dark'], { url, there: 'tbody tr' });
  await page.goto(`${url}/door-1/sheet`);
  await page.locator('#begin').click();
  await page.getByText('请现在去打一次卡').waitFor();
  device.touch('e01', shownAt(hall.now()));
  await page.locator('#touch[data-state="seen"]').waitFor({ timeout: 60_000 });
  await page.locator('#accept').click();
  await page.locator('#accepted').waitFor();
  const sheet = { url: `${url}/door-1/sheet`, there: '#accepted' };
  await camera.take(page, 'clock-sheet', ['1366-zh-light', '390-en-dark'], sheet);
  const read = async (at: Page): Promise<void> => {
    await at.locator('#read').click();
    await at.locator('tbody tr').first().waitFor();
  };
  const people = { url: `${url}/door-1/people`, there: '#read', act: read };
  await camera.take(page, 'clock-people', ['1366-zh-light', '390-en-light'], people);
  await page.close();
}

/** The month of October, to somebody of supervision. */
export const report: Scene = async (camera, browser) => {
  if (!camera.wants('report')) return;
  const month = paintedMonth();
  const { access } = testAccess();
  const by = { who: 'command', address: null } as const;
  access.office.add({ name: 'zhang', display: '张督查', roles: ['supervisor'], employee: null, departments: [] }, by);
  await access.office.setPassword('zhang', PASSWORD, by);
  const { core } = month;
  const server = await startServer({
    ...{ hall: core.hall.id, access, reports: reportsOf(core, access, systemLog('silent')) },
    alerts: alertsOf(core, () => month.clock.now()),
  });
  try {
    const page = await as(server, browser, 'zhang');
    const wish = { url: `${server.url}/reports/month/2026-10`, there: '.about' };
    await camera.take(page, 'report', ['1366-zh-light', '1920-en-dark', '390-zh-light'], wish);
    await page.close();
  } finally {
    await server.close();
    month[Symbol.dispose]();
  }
};
