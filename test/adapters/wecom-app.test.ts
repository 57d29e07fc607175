/** Messages of a WeCom application to single persons, against a service that checks what the real one checks. */
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Notice } from '../../adapters/notifier.ts';
import { NotifyError } from '../../adapters/notifier.ts';
import { type WecomAppOptions, wecomApp } from '../../adapters/notifiers/wecom-app.ts';
import { freePort } from '../support/ports.ts';
import { AGENT, APP_SECRET, CORP, type WecomAppStub, wecomAppStub } from '../support/wecom-app-stub.ts';

const LINE = 'W12 户籍窗口 无人顶岗：09:00 起，已 16 分钟，未按时开窗。';
const LINK = 'https://hall.example.gov.cn';
const noticeOf = (text: string): Notice => ({ key: 'L-1', hall: 'h', alert: 'C-1', op: 'open', text, verdicts: [] });

let now: number;
let service: WecomAppStub;
beforeEach(async () => {
  now = 1_599_360_473_000;
  service = await wecomAppStub(() => now);
});
afterEach(() => service[Symbol.asyncDispose]());

const app = (more: Partial<WecomAppOptions> = {}): ReturnType<typeof wecomApp> =>
  wecomApp({
    ...{ url: service.url, corp: CORP, agent: AGENT, secret: APP_SECRET, timeoutMs: 5000, now: () => now },
    letter: { heading: '随县政务服务中心', link: LINK, andMore: (count) => `…另有 ${count} 条` },
    ...more,
  });

async function failureOf(attempt: Promise<unknown>): Promise<NotifyError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NotifyError)) throw new Error('expected a NotifyError', { cause: error });
  // Neither secret nor token, nor who it is for or what it says.
  expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/-0815-|户籍|xumin/);
  return error;
}

test('one person reads heading, lines and link, and nobody else does', async () => {
  await app()(['xumin']).send(noticeOf(`${LINE}\n第二行`));
  expect(service.reached).toEqual([{ to: 'xumin', text: `随县政务服务中心\n${LINE}\n第二行\n${LINK}` }]);
});

test('never sends more than the service takes', async () => {
  await app()(['xumin']).send(noticeOf(Array.from({ length: 300 }, () => LINE).join('\n')));
  const [{ text = '' } = {}] = service.reached;
  expect(text).toMatch(/…另有 \d+ 条\nhttps:/);
  expect(Buffer.byteLength(text)).toBeGreaterThan(1800);
});

test('everybody shares one token, even if all want it at once, until shortly before it ends', async () => {
  const to = app();
  await Promise.all([to(['xumin']).send(noticeOf('一')), to(['lilan']).send(noticeOf('二'))]);
  now += 6_800_000;
  await to(['xumin']).send(noticeOf('三'));
  expect(service.tokensGiven).toBe(1);
  now += 200_000;
  await to(['xumin']).send(noticeOf('四'));
  expect(service.tokensGiven).toBe(2);
  // It was never tried with one that had ended.
  expect(new Set(service.codes)).toEqual(new Set([0]));
});

test('a token that the service no longer takes is replaced, and the message goes out at once', async () => {
  const to = app();
  await to(['xumin']).send(noticeOf('一'));
  service.revoke();
  await Promise.all([to(['xumin']).send(noticeOf('二')), to(['lilan']).send(noticeOf('三'))]);
  expect(service.reached.map(({ text }) => text.split('\n')[1]).sort()).toEqual(['一', '三', '二']);
  expect(service.tokensGiven).toBe(2);
});

test.each([40014, 42001])('a service that says %i to every token is left alone for a while', async (code) => {
  service.says = code;
  const failure = await failureOf(app()(['xumin']).send(noticeOf(LINE)));
  expect(failure).toMatchObject({ retry: true, retryAfterMs: 60_000 });
  expect(service.tokensGiven).toBe(2);
});

test('the same message again reaches nobody twice', async () => {
  const to = app();
  await to(['xumin']).send(noticeOf(LINE));
  await to(['xumin']).send(noticeOf(LINE));
  expect(service.reached).toHaveLength(1);
});

test('is asked to wait by a code in a 200', async () => {
  const own = app()(['xumin']);
  for (let i = 0; i < 30; i++) await own.send(noticeOf(`${i}`));
  expect(await failureOf(own.send(noticeOf('31')))).toMatchObject({ retry: true, retryAfterMs: 60_000 });
  now += 61_000;
  await own.send(noticeOf('31'));
});

test.each<[string, Partial<WecomAppOptions>, RegExp]>([
  ['a wrong secret', { secret: 'guessed' }, /secret.*40001/],
  ['another company', { corp: 'ww4711' }, /corp.*40013/],
  ['another application', { agent: 7 }, /agent.*40056/],
])('%s may be mended, and is said', async (_, more, said) => {
  const failure = await failureOf(app(more)(['xumin']).send(noticeOf(LINE)));
  expect(failure).toMatchObject({ retry: true, retryAfterMs: 600_000, message: expect.stringMatching(said) });
});

test('an account that is not known is given up, and so are those of several, once the others have it', async () => {
  expect(await failureOf(app()(['nobody']).send(noticeOf(LINE)))).toMatchObject({
    retry: false,
    message: expect.stringMatching(/contacts\.wecom.*81013/),
  });
  expect(await failureOf(app()(['xumin', 'nobody']).send(noticeOf(LINE)))).toMatchObject({
    retry: false,
    message: expect.stringMatching(/1 of 2 accounts/),
  });
  expect(service.reached).toMatchObject([{ to: 'xumin' }]);
});

test('that nobody answers for is worth another try', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await failureOf(app({ url })(['xumin']).send(noticeOf(LINE)))).toMatchObject({ retry: true });
});
