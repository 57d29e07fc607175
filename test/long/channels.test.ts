/** Channels of messages on the page of accounts: tried out by a button, through the real sender. */
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import type { Access } from '../../daemon/access/access.ts';
import type { StandingReading } from '../../daemon/config-file/config-standing.ts';
import { testAccess } from '../support/access.ts';
import { axeFaults } from '../support/axe.ts';
import { boardBrowser } from '../support/board-page.ts';
import type { TestServer } from '../support/http-server.ts';
import { SMALL_HALL } from '../support/small-hall.ts';
import { AGENT, APP_SECRET, CORP, type WecomAppStub, wecomAppStub } from '../support/wecom-app-stub.ts';

const NOW = Date.parse('2026-03-02T10:00:00+08:00');
const PASSWORD = 'zheng-wu-da-ting-2026';
const BY = { who: 'command', address: null };
const TOPIC_DOWN = { channel: 'mqtt', attempts: 7, because: 'no broker is connected' };
const BECAUSE = 'hall.yaml:2:13 没有这个时区\n  timezone: Asia/Shanghi\n            ^';
const DOWN = { channel: 'own/e2', attempts: 3, because: 'mail.invalid is unreachable (ENOTFOUND)' };

const { start, blank } = boardBrowser();
let service: WecomAppStub;
let server: TestServer;
let access: Access;
let page: Page;

beforeEach(async () => {
  service = await wecomAppStub(() => NOW);
  const app = `{ id: app, kind: wecom-app, corp: ${CORP}, agent: ${AGENT}, secret: "\${SECRET}", url: "${service.url}"`;
  const channels = [
    `${app} }`,
    `${app.replace('id: app', 'id: boss')}, to: supervision, accounts: [lilan] }`,
    '{ id: own, kind: email, server: "smtp://mail.invalid", from: z@x.cn, to: person }',
    '{ id: topic, kind: mqtt }',
  ];
  const people = SMALL_HALL.replace('["1001"] }', '["1001"], contacts: { wecom: xumin } }');
  const yaml = `${people}\nnotify: { channels: [${channels.join(', ')}] }\n`;
  const { config, hall } = parseConfig(yaml, 'hall.yaml', { env: { SECRET: APP_SECRET }, lang: 'zh' });
  access = testAccess().access;
  for (const [name, role] of [['root', 'admin'] as const, ['zhang', 'supervisor'] as const]) {
    access.office.add({ name, display: name, roles: [role], employee: null, departments: [] }, BY);
    await access.office.setPassword(name, PASSWORD, BY);
  }
  const outbox = { failing: () => [DOWN, TOPIC_DOWN] };
  let refused: StandingReading['refused'] = null;
  const reload = async () => {
    refused = { at: NOW, because: BECAUSE };
    return { refused: BECAUSE, lines: [] };
  };
  const readingIn = (): StandingReading => ({ acceptedAt: NOW, changes: ['改了 lateGrace'], refused });
  server = await start({
    access,
    channels: { config, outbox, hall: () => hall, language: 'zh', now: () => NOW },
    config: { standing: { readingIn, reload }, zone: () => hall.zone },
  });
  page = await blank();
});
afterEach(() => service[Symbol.asyncDispose]());

async function signIn(name: string): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('#go').click();
  await page.waitForURL(`${server.url}/`);
}

const channel = (id: string) => page.locator(`[data-channel="${id}"]`);

test('each says whom it reaches and whether it gets through; a button sends the real template, once, and is recorded', async () => {
  await signIn('root');
  await page.goto(`${server.url}/admin`);
  await channel('app').waitFor();
  expect(await channel('app').innerText()).toMatch(/企业微信应用[\s\S]*本人 · 可发到 1 人/);
  expect(await channel('own').innerText()).toMatch(/发不出去[\s\S]*已试 3 次：mail\.invalid is unreachable/);
  // Accounts are looked for by what stands there.
  await page.getByRole('searchbox').fill('zha');
  expect(await page.locator('[data-user]:visible').count()).toBe(1);
  await page.getByRole('searchbox').fill('');
  expect(await page.locator('[data-user]:visible').count()).toBe(2);
  // The hall's own topic, which nobody configures.
  expect(await channel('mqtt').innerText()).toMatch(/发不出去[\s\S]*已试 7 次：no broker is connected/);
  // Nobody it could be sent to, and ones that the daemon does itself.
  for (const id of ['own', 'topic', 'mqtt']) expect(await channel(id).locator('button').count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  expect(await axeFaults(page)).toEqual([]);

  await channel('app').locator('button').click();
  await page.locator('.dialog [type="submit"]').click();
  await page.getByText('对方已收下测试消息').waitFor();
  expect(service.reached).toEqual([{ to: 'xumin', text: expect.stringMatching(/【测试】[\s\S]*无人顶岗/) }]);
  expect(await page.locator('.admin-log').first().innerText()).toMatch(/root 测试消息渠道 channel:app/);

  service.says = 60020;
  await channel('boss').locator('button').click();
  await page.locator('.dialog [type="submit"]').click();
  await page.getByText('add it to the trusted addresses').waitFor();
}, 60_000);

test('a configuration that is refused is said where it was read again, in letters of one width', async () => {
  await signIn('root');
  await page.goto(`${server.url}/admin`);
  const said = page.locator('main + .config-state .config-because');
  await said.waitFor();
  expect(await said.innerText()).toContain('改了 lateGrace');
  await page.locator('#reload-config').click();
  await page.locator('[data-banner="config"]').waitFor();
  expect(await said.textContent()).toBe(BECAUSE);
  expect(await said.evaluate((node) => getComputedStyle(node).fontFamily)).toContain('monospace');
}, 60_000);

test('is for administrators, and says what is wrong with a wish', async () => {
  await signIn('zhang');
  const ask = (path: string, data?: object) =>
    page.evaluate(
      async ([url, body]) => {
        const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
        const answer = await fetch(`/api/v1/channels${url}`, body === undefined ? {} : sent);
        const said: unknown = answer.status === 204 ? {} : await answer.json();
        return [answer.status, (said as { code?: string }).code ?? null] as const;
      },
      [path, data] as const,
    );
  expect((await ask(''))[0]).toBe(403);
  expect((await ask('/boss/test', {}))[0]).toBe(403);
  await page.context().clearCookies();
  await signIn('root');
  expect(await ask('/nobody/test', {})).toEqual([404, 'unknown']);
  expect(await ask('/topic/test', {})).toEqual([422, 'no-test']);
  for (const employee of [null, 'e2', 'e999']) expect(await ask('/app/test', { employee })).toEqual([422, 'whom']);
  expect(await ask('/app/test', { employee: 'e1', more: 1 })).toEqual([422, null]);
  expect(service.codes).toEqual([]);
  service.says = 45009;
  expect(await ask('/boss/test', {})).toEqual([502, 'not-taken']);
}, 60_000);
