import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Notice, NotifyError } from '../../adapters/notifier.ts';
import { logNotifier } from '../../adapters/notifiers/log.ts';
import { type WebhookOptions, webhookNotifier, webhookSignature } from '../../adapters/notifiers/webhook.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const notice: Notice = {
  key: 'hall-1|late|e001|2026-03-02|1|in#1',
  hall: 'hall-1',
  alert: 'hall-1|late|e001|2026-03-02|1|in',
  op: 'open',
  text: '3号窗口上午迟到 8 分钟',
  verdicts: [
    { rule: 'late', employee: 'e001', minutes: 8 },
    { rule: 'absent', employee: 'e001' },
    { rule: 'late', employee: 'e002' },
  ],
};
const SECRET = 'a shared secret';
const NOW = Date.UTC(2026, 2, 2, 1, 7, 30, 900);

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let received: Received[];
let answer: (response: ServerResponse) => void;
let url: string;
let closeReceiver: () => Promise<void>;

beforeEach(async () => {
  received = [];
  answer = (response) => response.writeHead(204).end();
  const server = createServer(async (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}/hook?key=k-0815`;
  closeReceiver = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
});
afterEach(() => closeReceiver());

function notifier(more: Partial<WebhookOptions> = {}) {
  return webhookNotifier({ url, secret: SECRET, timeoutMs: 5000, now: () => NOW, ...more });
}

async function failureOf(attempt: Promise<unknown>): Promise<NotifyError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NotifyError)) throw new Error('expected a NotifyError', { cause: error });
  return error;
}

describe('the message', () => {
  test('is the notice, signed and named', async () => {
    await notifier().send(notice);
    expect(received.length).toBe(1);
    const { method, url: path, headers, body } = received[0] as Received;
    expect([method, path]).toEqual(['POST', '/hook?key=k-0815']);
    expect(JSON.parse(body)).toEqual(notice);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': notice.key,
      'x-zaigang-signature': webhookSignature(SECRET, body, NOW),
    });
  });

  test('is signed as openssl signs', () => {
    // printf '1772413650.{"text":"迟到"}' | openssl dgst -sha256 -hmac 'a shared secret'
    expect(webhookSignature(SECRET, '{"text":"迟到"}', NOW)).toBe(
      't=1772413650,v1=00a30977af65496891bc4e1a9803293ddc9b164c50741e0302aa979141fd4e6b',
    );
  });

  test('keeps its name over all attempts, while its time moves on', async () => {
    let now = NOW;
    const hook = notifier({ now: () => now });
    answer = (response) => response.writeHead(503).end();
    await failureOf(hook.send(notice));
    now += 60_000;
    answer = (response) => response.writeHead(200).end('thank you');
    await hook.send(notice);
    const [first, second] = received.map(({ headers }) => headers);
    expect(first?.['idempotency-key']).toBe(second?.['idempotency-key']);
    expect(first?.['x-zaigang-signature']).toMatch(/^t=1772413650,/);
    expect(second?.['x-zaigang-signature']).toMatch(/^t=1772413710,/);
  });

  test('can have a name that is not ASCII', async () => {
    await notifier().send({ ...notice, key: '出入境|W 01\n|100%' });
    expect(received[0]?.headers['idempotency-key']).toBe('%E5%87%BA%E5%85%A5%E5%A2%83|W%2001%0A|100%25');
  });

  test('carries the credentials of the url in a header, not in the address', async () => {
    const withUser = new URL(url);
    withUser.username = 'hall';
    withUser.password = encodeURIComponent('p@ss:word');
    await notifier({ url: withUser.href }).send(notice);
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('hall:p@ss:word').toString('base64')}`);
  });
});

describe('the answer', () => {
  test.each([200, 201, 202, 204, 299])('%i has taken it', async (status) => {
    answer = (response) => response.writeHead(status).end();
    await notifier().send(notice);
  });

  test.each([
    [301, false],
    [302, false],
    [307, false],
    [400, false],
    [401, false],
    [404, false],
    [408, true],
    [410, false],
    [422, false],
    [425, true],
    [429, true],
    [500, true],
    [502, true],
    [503, true],
  ])('%i: trying again can help: %s', async (status, retry) => {
    answer = (response) => response.writeHead(status, { location: '/elsewhere' }).end('key=k-0815');
    const error = await failureOf(notifier().send(notice));
    expect(error).toMatchObject({ retry, retryAfterMs: null, message: expect.stringContaining(`(${status})`) });
    expect(received.map(({ url: path }) => path)).toEqual(['/hook?key=k-0815']);
  });

  test.each([
    ['120', 120_000],
    [' 5 ', 5000],
    ['0', 0],
    [new Date(NOW - 900 + 90_000).toUTCString(), 89_100],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ['soon', null],
    ['-5', null],
    ['99999999999999', null],
  ])('asks for patience with Retry-After: %s', async (header, retryAfterMs) => {
    answer = (response) => response.writeHead(429, { 'retry-after': header }).end();
    expect(await failureOf(notifier().send(notice))).toMatchObject({ retry: true, retryAfterMs });
  });

  test('without end is not read', async () => {
    let dribble: NodeJS.Timeout | undefined;
    let hungUp = false;
    answer = (response) => {
      response.writeHead(200);
      dribble = setInterval(() => response.write('x'), 50);
      response.on('close', () => {
        hungUp = true;
      });
    };
    await notifier({ timeoutMs: 600_000 }).send(notice);
    await until(() => hungUp, { timeoutMs: 2000, what: 'the receiver to be hung up on' });
    clearInterval(dribble);
  });

  test('that never comes is given up', async () => {
    answer = () => {};
    const error = await failureOf(notifier({ timeoutMs: 100 }).send(notice));
    expect(error).toMatchObject({ retry: true, message: expect.stringMatching(/did not answer within 100 ms$/) });
  });

  test('of a half-open connection is given up, and the connection closed', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const connected = once(server, 'connection');
    const hook = notifier({ url: `http://127.0.0.1:${address.port}/`, timeoutMs: 200 });
    const failed = failureOf(hook.send(notice));
    const [socket] = await connected;
    socket.resume().on('error', () => {});
    const ended = once(socket, 'close');
    expect(await failed).toMatchObject({ retry: true });
    await ended;
    server.close();
    await once(server, 'close');
  });

  test('of nobody is worth another try, and the address keeps its secrets', async () => {
    const gone = `http://hall:p4ssw0rd@127.0.0.1:${await freePort()}/hook?key=k-0815`;
    const error = await failureOf(notifier({ url: gone }).send(notice));
    expect(error).toMatchObject({ retry: true, message: expect.stringMatching(/is unreachable: .*ECONNREFUSED/) });
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/k-0815|p4ssw0rd|a shared secret/);
  });

  test('of a refusal does not bring the address or what was said into the error', async () => {
    answer = (response) => response.writeHead(400).end('key=k-0815 is wrong for 徐敏');
    const error = await failureOf(notifier().send(notice));
    expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/k-0815|徐敏/);
  });
});

test.each<[string, Partial<WebhookOptions>]>([
  ['a url of another kind', { url: 'ftp://127.0.0.1/hook' }],
  ['no url', { url: '/hook' }],
  ['an empty secret', { secret: '' }],
  ['broken credentials', { url: 'http://u:%zz@127.0.0.1/' }],
])('is not opened with %s', (_what, options) => {
  expect(() => notifier(options)).toThrow(NotifyError);
});

describe('the receiver in docs/alerts.md', () => {
  const manual = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
  let dir: string;
  let address: string;
  let printed: string;
  let stop: () => Promise<unknown>;

  beforeEach(async () => {
    const program = /^```js receiver\.mjs\n(.*?)^```$/ms.exec(manual)?.[1];
    if (program === undefined) throw new Error('docs/alerts.md has no receiver');
    dir = mkdtempSync(join(tmpdir(), 'zaigang-receiver-'));
    writeFileSync(join(dir, 'receiver.mjs'), program);
    const port = await freePort();
    address = `http://127.0.0.1:${port}/`;
    printed = '';
    const env = { ...process.env, SECRET, PORT: String(port) };
    const child = spawn(process.execPath, [join(dir, 'receiver.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    stop = async () => {
      child.kill('SIGKILL');
      await exit;
      rmSync(dir, { recursive: true, force: true });
    };
    await until(async () => (await fetch(address)).status === 401, {
      timeoutMs: 10_000,
      what: 'the receiver to listen',
    });
  }, 20_000);
  afterEach(() => stop());

  const at = (more: Partial<WebhookOptions> = {}) => notifier({ url: address, now: Date.now, ...more });

  test('takes what we send, once', async () => {
    await at().send(notice);
    await at().send(notice);
    await at().send({ ...notice, key: `${notice.key}2`, op: 'retract' });
    await until(() => printed.includes('retract'), { timeoutMs: 5000, what: 'the second message' });
    expect(printed).toBe(['open', 'retract'].map((op) => `${op} ${notice.alert} ${notice.text}\n`).join(''));
  });

  test.each<[string, Partial<WebhookOptions>]>([
    ['another secret', { secret: 'guessed' }],
    ['an old time', { now: () => Date.now() - 301_000 }],
    ['a time to come', { now: () => Date.now() + 302_000 }],
  ])('refuses %s', async (_what, options) => {
    expect(await failureOf(at(options).send(notice))).toMatchObject({ retry: false });
    expect(printed).toBe('');
  });

  test.each([
    ['no signature', '', '{}'],
    ['an empty one', 't=,v1=', '{}'],
    ['a time that is none', 't=NaN,v1=00', '{}'],
    ['a time alone', `t=${Math.floor(Date.now() / 1000)}`, '{}'],
    ['the signature of another body', webhookSignature(SECRET, '{"key":"a"}', Date.now()), '{"key":"b"}'],
  ])('refuses %s', async (_what, signature, body) => {
    const headers = { 'x-zaigang-signature': signature };
    expect((await fetch(address, { method: 'POST', headers, body })).status).toBe(401);
    expect(printed).toBe('');
  });
});

test('the log gets key, alert, op and rules, and nothing that names anybody', async () => {
  const lines: unknown[] = [];
  await logNotifier((fields, message) => lines.push({ ...fields, message })).send({
    ...notice,
    text: '徐敏迟到',
    verdicts: [...notice.verdicts, { name: '徐敏' }, { rule: 7 }],
  });
  expect(lines).toEqual([
    { message: 'alert was told', key: notice.key, alert: notice.alert, op: 'open', rules: ['absent', 'late'] },
  ]);
});
