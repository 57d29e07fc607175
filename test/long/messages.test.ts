/** An unknown clock, mapped on the page from nothing: by people who press and type, and those presses are counted. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { systemClock } from '../../daemon/clock.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import { formatInstant } from '../../rules/time.ts';
import { axeFaults } from '../support/axe.ts';
import { type Browser, openChromium } from '../support/chromium.ts';
import { holdAnswer, shown } from '../support/held-answer.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'zheng-wu-da-ting-2026';
const BY_TEST = { who: 'command', address: null } as const;
const TOPIC = 'hall/dev/0F3A/evt';

let browser: Browser;
let broker: Mosquitto;
let device: MqttClient;
const halls: { folder: string; daemon: HallDaemon }[] = [];

beforeAll(async () => {
  [browser, broker] = await Promise.all([openChromium(), mosquitto()]);
  device = await connectAsync(broker.url);
});
afterEach(async () => {
  for (const { folder, daemon } of halls.splice(0)) {
    await daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
afterAll(async () => {
  await device.endAsync(true);
  await Promise.all([browser.close(), broker[Symbol.asyncDispose]()]);
});

/** A hall that knows of no such clock; its file is written by hand. Each has an id of its own: the broker keeps a session for it. */
async function hall(id: string) {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-messages-'));
  const file = join(folder, 'hall.yaml');
  const written = `# 大厅
hall: { id: ${id}, name: 某县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
employees:
  - { id: e1, name: 宋岩, credentials: ["000241"] }
mqtt: { url: "${broker.url}" }
clocks:
  - { id: clock-1 }   # 大门
http: { listen: "127.0.0.1:0" }
data: ${join(folder, 'data')}
diskReserve: 0MB
`;
  writeFileSync(file, written);
  const silent = (): void => {};
  const log = { error: silent, warn: silent, info: silent, debug: silent };
  const start = async (): Promise<HallDaemon> => {
    const loaded = await loadConfig(file, { env: {}, lang: 'zh' });
    const daemon = new HallDaemon({
      loaded,
      clock: systemClock(),
      log,
      language: 'zh',
      source: { path: file, env: {} },
    });
    await daemon.start();
    return daemon;
  };
  const one = { folder, file, daemon: await start(), start };
  const { office } = one.daemon.access.access;
  office.add({ name: 'an', display: '安装', roles: ['admin', 'installer'], employee: null, departments: [] }, BY_TEST);
  await office.setPassword('an', PASSWORD, BY_TEST);
  halls.push(one);
  return one;
}

async function openMessages(url: string): Promise<Page> {
  await browser.context.clearCookies();
  const page = await browser.context.newPage();
  await page.goto(`${url}/sign-in?next=${encodeURIComponent('/messages')}`);
  await page.locator('#name').fill('an');
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL(({ pathname }) => pathname === '/messages');
  return page;
}

const punchesOf = ({ core }: HallDaemon) =>
  [...core.facts.between({ from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 })].filter(
    ({ fact }) => fact === 'punch',
  );

const zone = zoneTable('Asia/Shanghai');
const said = (agoMs: number): string =>
  formatInstant(zone, Date.now() - agoMs)
    .slice(0, 19)
    .replace('T', ' ');

/** As a device whose maker we never heard of. */
const event = (uid: string, ts: string, seq: number): string =>
  JSON.stringify({
    sn: '0F3A2204',
    kind: 'evt',
    rec: {
      who: { badge: uid, label: '宋岩' },
      when: { local: ts },
      st: 0,
      vm: 1,
      no: seq,
      jpg: `data:image/jpeg;base64,${'QUJD'.repeat(900)}`,
    },
  });

test('a clock that nobody knows is mapped in at most 25 presses and entries, and its touches count', async () => {
  const { daemon, file, folder, start } = await hall('county');
  const page = await openMessages(daemon.url ?? '');
  let deeds = 0;
  const press = async (name: string | RegExp, scope = 'body'): Promise<void> => {
    deeds += 1;
    await page
      .locator(scope)
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();
  };
  const enter = async (label: string | RegExp, text: string): Promise<void> => {
    deeds += 1;
    const input = page.getByLabel(label).first();
    await input.fill(text);
    await input.press('Tab');
  };
  const point = async (pointer: string, what: string): Promise<void> => {
    deeds += 1;
    await page.locator(`[data-pointer="${pointer}"]`).click();
    await press(what, '.meaning');
  };

  await enter('听哪个主题', 'hall/#');
  await press('听');
  await page.getByText('正在听 hall/#').waitFor();
  const time = said(1000);
  // Until the broker has let us in nothing is heard: somebody touches it until it shows.
  await until(
    async () => {
      await device.publishAsync(TOPIC, event('000241', time, 48_213));
      return (await page.locator('.message').count()) > 0;
    },
    { what: 'the message to show' },
  );
  for (const payload of [event('000243', said(500), 48_214), event('000241', '', 48_215)])
    await device.publishAsync(TOPIC, payload);
  await page.locator('.message').nth(2).waitFor();
  deeds += 1;
  await page.locator('.message', { hasText: '48213' }).first().click();
  await page.locator('.json-value').first().waitFor();
  await point('/rec/who/badge', '人员编号');
  await point('/rec/when/local', '打卡时间');
  await point('/rec/no', '流水号');
  await point('/rec/vm', '打卡方式');
  await enter(/取值/, '1=finger 15=face');
  // The keys go on from there, and what is typed next is not lost when the form is made anew.
  await page.locator('.mapping-form :focus').waitFor();
  await enter('考勤机编号', 'clk-4');
  await page.locator('.preview').getByText('000241 → e1').first().waitFor();
  await page
    .locator('.preview')
    .getByText('打卡时间 /when/local：是空的')
    .or(page.locator('.preview').getByText('是空的'))
    .first()
    .waitFor();
  expect(await page.locator('.preview tr[data-outcome="punch"]').count()).toBeGreaterThanOrEqual(2);
  expect(await page.locator('body').innerText()).not.toMatch(/QUJDQUJD|宋岩/);

  // Devices go on talking: a preview whose answer comes after what is proposed does not take that away.
  const late = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route('**/api/v1/messages/preview*', async (route) => {
    asked.resolve();
    await late.promise;
    await route.continue();
  });
  await device.publishAsync(TOPIC, event('000243', said(400), 48_216));
  await asked.promise;
  await press('看会改什么');
  await page.locator('.diff').waitFor();
  const answered = page.waitForResponse('**/api/v1/messages/preview*');
  late.resolve();
  await (await answered).finished();
  await device.publishAsync(TOPIC, event('000243', said(300), 48_217));
  await page.locator('.message', { hasText: '48217' }).first().waitFor();

  // Nor is another mapping written than the one that was shown.
  const previewing = await holdAnswer(page, '**/api/v1/messages/preview*');
  const name = page.getByLabel('考勤机编号').first();
  await name.fill('clk-5');
  await name.press('Tab');
  await previewing.answered;
  expect(await page.getByRole('button', { name: '写入 hall.yaml' }).count()).toBe(0);
  await name.fill('clk-4');
  await name.press('Tab');
  await page.getByRole('button', { name: '看会改什么' }).click();
  await page.locator('.diff').waitFor();
  await previewing.release();
  await press('写入 hall.yaml');
  await page.getByText('已写入').waitFor();
  expect(deeds).toBeLessThanOrEqual(25);
  const text = readFileSync(file, 'utf8');
  expect(daemon.access.access.books.log.newest(5).map(({ what }) => what)).toContain('config-written');
  expect(text).toContain('# 大厅\n');
  expect(text).toContain('- { id: clock-1 }   # 大门\n');
  expect(text).toMatch(/- \{ id: clk-4, map: \{ topics: \[ ?hall\/dev\/0F3A\/evt ?\]/);
  expect(page.url()).toContain('/messages');
  await page.close();

  // From the next start on it is heard.
  await daemon.stop();
  halls.length = 0;
  const again = await start();
  halls.push({ folder, daemon: again });
  await until(() => again.core.live.engine !== null, { what: 'the hall to be open' });
  const counted = () => punchesOf(again);
  await until(
    async () => {
      await device.publishAsync(TOPIC, event('000241', time, 48_213), { qos: 1 });
      return counted().length > 0;
    },
    { what: 'the touch to be taken in' },
  );
  expect(counted()).toMatchObject([{ credential: '000241', device: 'clk-4', seq: 48_213, method: 'finger' }]);
}, 90_000);

test('what is refused says why; it can be held still and filtered; the page has no fault', async () => {
  const { daemon } = await hall('town');
  const page = await openMessages(daemon.url ?? '');
  const own = 'zaigang/town/clock/clock-1/punch';
  await until(
    async () => {
      await device.publishAsync(own, '{"credential":"000241"}', { qos: 1 });
      return (await page.locator('.message[data-fate="refused"]').count()) > 0;
    },
    { what: 'the refusal to show' },
  );
  expect(await page.locator('.message[data-fate="refused"]').first().innerText()).toContain('缺少“at”');
  await page.keyboard.press('p');
  await page.getByText('已暂停').waitFor();
  const before = await page.locator('.message').count();
  await device.publishAsync(own, JSON.stringify({ credential: '000241', at: formatInstant(zone, Date.now()) }), {
    qos: 1,
  });
  await until(() => punchesOf(daemon).length > 0, { what: 'the touch to be taken in' });
  expect(await page.locator('.message').count()).toBe(before);
  await page.getByRole('button', { name: /继续/ }).click();
  await page.locator('.message[data-fate="taken"]').first().waitFor();
  await page.getByLabel('只看含有这些字的').fill('nothing like it');
  await page.getByText('还没有消息。').waitFor();
  await page.getByLabel('只看含有这些字的').fill('');
  // A message that comes in the middle of a press does not take it away.
  await page.locator('.message[data-fate="taken"]').first().hover();
  await page.mouse.down();
  const told = page.waitForResponse(
    async (response) =>
      response.url().includes('/api/v1/messages?') &&
      ((await response.json()) as { messages: readonly unknown[] }).messages.length > 0,
  );
  await device.publishAsync(own, '{"credential":"000241"}', { qos: 1 });
  await told;
  await shown(page);
  await page.mouse.up();
  await page.locator('.json-value').first().waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await axeFaults(page)).toEqual([]);
  }
  for (const width of [390, 1366, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBeLessThanOrEqual(0);
    if (process.env['SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['SHOTS']}/messages-${width}.png`, fullPage: true });
  }
  await page.close();
}, 90_000);
