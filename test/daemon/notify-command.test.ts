/** `zaigang notify test`: the real template through the real sender, marked as a test; and what it says when that fails. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROBOT_SECRET, type RobotStub, robotStub, TOKEN } from '../support/robot-stub.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

const MAIN = join(import.meta.dirname, '../../daemon/main.ts');
let folder: string;
let robot: RobotStub;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-notify-'));
  robot = await robotStub('dingtalk', Date.now);
  const channels = [
    `{ id: group, kind: dingtalk, token: "\${TOKEN}", secret: "\${SECRET}", url: "${robot.url}" }`,
    `{ id: app, kind: wecom-app, corp: ww1, agent: 1, secret: "\${SECRET}" }`,
    '{ id: own, kind: email, server: "smtp://127.0.0.1:1", from: a@x.cn, to: person }',
    '{ id: topic, kind: mqtt }',
  ];
  writeFileSync(join(folder, 'hall.yaml'), `${SMALL_HALL}\nnotify: { channels: [${channels.join(', ')}] }\n`);
});
afterEach(async () => {
  await robot[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function notify(...args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, TOKEN, SECRET: ROBOT_SECRET, LC_ALL: 'zh_CN.UTF-8' };
  const child = spawn(process.execPath, [MAIN, 'notify', 'test', ...args], { env, cwd: folder });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

test('sends an invented example that says so', async () => {
  expect(await notify('group')).toMatchObject({ code: 0, said: expect.stringContaining('group 已收下测试消息') });
  expect(robot.shown).toHaveLength(1);
  for (const part of ['随县政务服务中心 在岗', '【测试】', '示例', '无人顶岗', '已 12 分钟'])
    expect(robot.shown[0]).toContain(part);
  expect(robot.shown[0]).not.toMatch(/徐敏|李岚|周诚/);
}, 20_000);

test('says why it failed and what to do, and never the token', async () => {
  robot.says = 300005;
  const { code, said } = await notify('group', '--lang', 'en');
  expect(code).toBe(69);
  expect(said).toMatch(/^group did not take it: DingTalk knows no robot with this token.*\(errcode 300005\)$/m);
  expect(said).not.toMatch(/k-0815|this is secret/);
}, 20_000);

test.each([
  [['nobody'], 64, '没有渠道“nobody”'],
  [['topic'], 64, 'mqtt 渠道'],
  [['own'], 64, '--to'],
  [['own', '--to', 'e1'], 78, 'contacts.email'],
  [['app', '--to', 'e1'], 78, 'contacts.wecom'],
])(
  '%j ends with %i',
  async (args, code, said) => {
    expect(await notify(...args)).toMatchObject({ code, said: expect.stringContaining(said) });
    expect(robot.codes).toEqual([]);
  },
  20_000,
);
