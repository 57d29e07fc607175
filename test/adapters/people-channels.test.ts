/** Channels that people read, against services that check what the real ones check. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesOf, fittedLines, fittedSentence, type Letterhead } from '../../adapters/letter.ts';
import { type Notice, type Notifier, NotifyError } from '../../adapters/notifier.ts';
import { dingtalkNotifier, dingtalkSignature } from '../../adapters/notifiers/dingtalk.ts';
import { type EmailOptions, emailNotifier } from '../../adapters/notifiers/email.ts';
import { feishuNotifier, feishuSignature } from '../../adapters/notifiers/feishu.ts';
import { wecomNotifier } from '../../adapters/notifiers/wecom.ts';
import { freePort } from '../support/ports.ts';
import { KEYWORD, ROBOT_SECRET, type RobotKind, type RobotStub, robotStub, TOKEN } from '../support/robot-stub.ts';
import { type SmtpStub, smtpStub } from '../support/smtp-stub.ts';

const NOW = 1_599_360_473_000;
const LINE = 'W12 户籍窗口 无人顶岗：09:00 起，已 16 分钟，未按时开窗。';
const LINK = 'https://hall.example.gov.cn';
const letter: Letterhead = { heading: '随县政务服务中心', link: LINK, andMore: (count) => `…另有 ${count} 条` };
const noticeOf = (text: string): Notice => ({ key: 'L-1', hall: 'h', alert: 'C-1', op: 'open', text, verdicts: [] });

async function failureOf(attempt: Promise<unknown>): Promise<NotifyError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NotifyError)) throw new Error('expected a NotifyError', { cause: error });
  expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/k-0815|this is secret|户籍/);
  return error;
}

test('signatures are those of the services', () => {
  expect(encodeURIComponent(dingtalkSignature('this is secret', NOW))).toBe(
    'hXZTWifRGHclNuZSKxoXc%2F%2Fsh51SWfVfRIhcdeKs63I%3D',
  );
  expect(feishuSignature('demo', NOW / 1000)).toBe('l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=');
});

describe('a text that is too long', () => {
  test('leaves out whole lines, and says how many', () => {
    const lines = Array.from({ length: 300 }, (_, i) => `${i + 1} ${LINE}`);
    const text = fittedLines(lines, { maxBytes: 2048 }, letter);
    expect(bytesOf(text)).toBeLessThanOrEqual(2048);
    const shown = text.split('\n');
    expect(shown.at(-1)).toBe(`…另有 ${300 - (shown.length - 1)} 条`);
    expect(shown.slice(0, -1)).toEqual(lines.slice(0, shown.length - 1));
    expect(shown.length).toBeGreaterThan(20);
  });

  test('of one line ends with a sentence', () => {
    expect(fittedSentence('第一句说完了。第二句话放不下', 30)).toBe('第一句说完了。…');
  });

  test.each([0, 1, 2, 3, 4, 7, 10, 14, 17, 20, 23])('is never cut within a character, at %i bytes', (maxBytes) => {
    // A family of several code points, a rare Han character outside the basic plane, and an accent of its own.
    const text = fittedSentence('𠮷👨‍👩‍👧é𠮷𠮷𠮷', maxBytes);
    expect(bytesOf(text)).toBeLessThanOrEqual(maxBytes);
    expect(text.isWellFormed()).toBe(true);
    expect(['', '…', '𠮷…']).toContain(text);
  });
});

describe.each<[RobotKind, number]>([
  ['wecom', 45009],
  ['dingtalk', 130101],
  ['feishu', 9499],
])('%s', (kind, tooFast) => {
  let robot: RobotStub;
  let now: number;
  beforeEach(async () => {
    now = NOW;
    robot = await robotStub(kind, () => now);
  });
  afterEach(() => robot[Symbol.asyncDispose]());

  function notifier(
    more: { token?: string; secret?: string | null; keyword?: string | null; url?: string } = {},
  ): Notifier {
    const common = { url: robot.url, token: TOKEN, letter, timeoutMs: 5000, now: () => now, ...more };
    const { secret = ROBOT_SECRET, keyword = KEYWORD } = more;
    if (kind === 'wecom') return wecomNotifier({ ...common, format: 'text' });
    return kind === 'dingtalk'
      ? dingtalkNotifier({ ...common, secret, keyword })
      : feishuNotifier({ ...common, secret, keyword });
  }

  test('shows heading, lines and link', async () => {
    await notifier().send(noticeOf(`${LINE}\n第二行`));
    const [text = ''] = robot.shown;
    for (const part of ['随县政务服务中心', LINE, '第二行', LINK]) expect(text).toContain(part);
  });

  test('never sends more than the service takes', async () => {
    await notifier().send(noticeOf(Array.from({ length: 900 }, () => LINE).join('\n')));
    expect(robot.codes).toEqual([0]);
    expect(robot.shown[0]).toMatch(/…另有 \d+ 条/);
    expect(robot.shown[0]).toContain(LINK);
  });

  test('is asked to wait by a code in a 200', async () => {
    for (let i = 0; i < 100 && !robot.codes.includes(tooFast); i++) {
      await notifier()
        .send(noticeOf(LINE))
        .catch(() => {});
    }
    const failure = await failureOf(notifier().send(noticeOf(LINE)));
    expect(failure).toMatchObject({ retry: true, retryAfterMs: kind === 'dingtalk' ? 600_000 : 60_000 });
    now += 61_000;
    await notifier().send(noticeOf(LINE));
  });

  test('says what to do about a wrong token, and is tried again', async () => {
    const failure = await failureOf(notifier({ token: 'another-k-0815' }).send(noticeOf(LINE)));
    expect(failure).toMatchObject({
      retry: true,
      retryAfterMs: 600_000,
      message: expect.stringMatching(/add one to the group/),
    });
  });

  test('gives up what is refused for a reason that nobody knows', async () => {
    robot.says = 4711;
    expect(await failureOf(notifier().send(noticeOf(LINE)))).toMatchObject({
      retry: false,
      message: expect.stringMatching(/refused the message \((?:err)?code 4711\)/),
    });
  });

  test('that nobody answers for is worth another try', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await failureOf(notifier({ url }).send(noticeOf(LINE)))).toMatchObject({ retry: true });
  });
});

describe('security settings of a robot', () => {
  test.each<['dingtalk' | 'feishu', { secret?: string; keyword?: null; skewMs?: number }, RegExp]>([
    ['dingtalk', { secret: 'guessed' }, /310000/],
    ['dingtalk', { keyword: null }, /keyword/],
    ['dingtalk', { skewMs: 3_700_000 }, /clock of this computer/],
    ['feishu', { secret: 'guessed' }, /19021/],
    ['feishu', { skewMs: 3_700_000 }, /clock of this computer/],
  ])(
    '%s refuses %j, says what to do, and may be mended',
    async (kind, { secret = ROBOT_SECRET, keyword = KEYWORD, skewMs = 0 }, said) => {
      await using robot = await robotStub(kind, () => NOW);
      const make = kind === 'dingtalk' ? dingtalkNotifier : feishuNotifier;
      const options = {
        url: robot.url,
        token: TOKEN,
        letter,
        timeoutMs: 5000,
        now: () => NOW + skewMs,
        secret,
        keyword,
      };
      const failure = await failureOf(make(options).send(noticeOf('一切正常')));
      expect(failure).toMatchObject({ retry: true, message: expect.stringMatching(said) });
    },
  );

  test('WeCom takes Markdown of twice the length, and names are no markup', async () => {
    await using robot = await robotStub('wecom', () => NOW);
    const options = { url: robot.url, token: TOKEN, letter, timeoutMs: 5000, now: () => NOW };
    await wecomNotifier({ ...options, format: 'markdown' }).send(noticeOf(`[*窗口*](x)\n${`${LINE}\n`.repeat(80)}`));
    expect(robot.shown[0]).toContain('> \\[\\*窗口\\*\\](x)');
    expect(Buffer.byteLength(robot.shown[0] ?? '')).toBeGreaterThan(2048);
  });

  test('a page of somebody in between is no answer', async () => {
    await using robot = await robotStub('wecom', () => NOW);
    const options = { url: robot.url, token: TOKEN, letter, timeoutMs: 5000, now: () => NOW };
    robot.says = 'a page';
    const failure = await failureOf(wecomNotifier({ ...options, format: 'text' }).send(noticeOf(LINE)));
    expect(failure).toMatchObject({ retry: true, message: expect.stringMatching(/proxy or a portal page/) });
  });
});

describe('email', () => {
  let server: SmtpStub;
  beforeEach(async () => {
    server = await smtpStub('\0hall\0this is secret');
  });
  afterEach(() => server[Symbol.asyncDispose]());

  const mail = (more: Partial<EmailOptions> = {}): Notifier =>
    emailNotifier({
      server: server.url,
      username: 'hall',
      password: ROBOT_SECRET,
      from: 'zaigang@example.gov.cn',
      addresses: ['a@example.gov.cn', 'b@example.gov.cn'],
      letter,
      attachUpTo: 0,
      notAttached: (name) => name,
      timeoutMs: 3000,
      ...more,
    });

  test('reaches everybody, by the same name at every attempt', async () => {
    await mail().send(noticeOf(LINE));
    await mail().send(noticeOf(LINE));
    expect(server.mails.map(({ to }) => to)).toEqual(Array(2).fill(['a@example.gov.cn', 'b@example.gov.cn']));
    const [first, again] = server.mails.map(({ data }) => /^Message-ID: (.*)$/m.exec(data)?.[1]);
    expect(first).toBe('<L-1@zaigang>');
    expect(again).toBe(first);
    const body = server.mails[0]?.data.split('\n\n').slice(1).join('').replace(/\s/g, '') ?? '';
    expect(Buffer.from(body, 'base64').toString()).toBe(`${LINE}\n\n${LINK}`);
  });

  test.each<[string, Readonly<Record<string, string>>, Partial<EmailOptions>, object]>([
    [
      'a wrong password',
      {},
      { password: 'k-0815' },
      { retry: true, retryAfterMs: 600_000, message: expect.stringMatching(/password/) },
    ],
    [
      'an unknown addressee',
      { RCPT: '550 no such mailbox' },
      {},
      { retry: false, message: expect.stringMatching(/addressee/) },
    ],
    ['a full mailbox', { RCPT: '452 try later' }, {}, { retry: true }],
    ['a server that is busy', { MAIL: '421 later' }, {}, { retry: true }],
    ['a refused text', { DATA: '554 no' }, {}, { retry: false }],
    ['nobody to send to', {}, { addresses: [] }, { retry: false, message: expect.stringMatching(/addressee/) }],
  ])('%s', async (_, refuses, more, failure) => {
    server.refuses = refuses;
    expect(await failureOf(mail(more).send(noticeOf(LINE)))).toMatchObject(failure);
  });

  test('of a server that is not there is tried again', async () => {
    const failure = await failureOf(mail({ server: `smtp://127.0.0.1:${await freePort()}` }).send(noticeOf(LINE)));
    expect(failure).toMatchObject({ retry: true });
  });
});
