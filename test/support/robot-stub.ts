/** Group robots as the three services run them: each checks address, signature, size and rate, and answers 200 with a code. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export type RobotKind = 'wecom' | 'dingtalk' | 'feishu';

export interface RobotStub extends AsyncDisposable {
  readonly url: string;
  /** The texts that reached the group. */
  readonly shown: string[];
  /** The codes that were answered. */
  readonly codes: number[];
  /** What the service says next, whatever it is sent; null = it looks at what it is sent. */
  says: number | 'a page' | null;
}

export const TOKEN = 'k-0815-of-the-robot';
export const ROBOT_SECRET = 'this is secret';
export const KEYWORD = '在岗';

const RULES = {
  wecom: { perMinute: 20, maxBytes: 2048, tooFast: 45009, wrongToken: 93000, tooLong: 40058 },
  dingtalk: { perMinute: 20, maxBytes: 20_000, tooFast: 130101, wrongToken: 300005, tooLong: 400105 },
  feishu: { perMinute: 100, maxBytes: 20_000, tooFast: 9499, wrongToken: 19001, tooLong: 19002 },
} as const;

/** `now`: the service's own clock. */
export async function robotStub(kind: RobotKind, now: () => number): Promise<RobotStub> {
  const took: number[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    for await (const chunk of request) body += chunk;
    if (stub.says === 'a page') return void response.writeHead(200).end('<html>Please sign in</html>');
    const code = stub.says ?? codeOf(kind, request, body, took, now());
    stub.codes.push(code);
    if (code === 0) {
      took.push(now());
      stub.shown.push(textOf(kind, JSON.parse(body) as Body));
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    const key = kind === 'feishu' ? 'code' : 'errcode';
    response.end(JSON.stringify({ [key]: code, errmsg: `${code} ${TOKEN} ${body.slice(0, 80)}` }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stub: RobotStub = {
    url: `http://127.0.0.1:${address.port}`,
    shown: [],
    codes: [],
    says: null,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return stub;
}

interface Body {
  readonly msgtype?: string;
  readonly msg_type?: string;
  readonly text?: { readonly content: string };
  readonly markdown?: { readonly content?: string; readonly title?: string; readonly text?: string };
  readonly content?: { readonly text: string };
  readonly timestamp?: string;
  readonly sign?: string;
}

function codeOf(kind: RobotKind, request: IncomingMessage, text: string, took: readonly number[], now: number): number {
  const rules = RULES[kind];
  const url = new URL(request.url ?? '', 'http://robot');
  const body = JSON.parse(text) as Body;
  if (tokenOf(kind, url) !== TOKEN) return rules.wrongToken;
  if (kind === 'dingtalk' && !isSignedForDingtalk(url, now)) return 310000;
  if (kind === 'dingtalk' && !textOf(kind, body).includes(KEYWORD)) return 310000;
  if (kind === 'feishu' && !isSignedForFeishu(body, now)) return 19021;
  const said = textOf(kind, body);
  const most = kind === 'wecom' && body.msgtype === 'markdown' ? 4096 : rules.maxBytes;
  if (said === '' || Buffer.byteLength(said) > most) return rules.tooLong;
  return took.filter((at) => now - at < 60_000).length >= rules.perMinute ? rules.tooFast : 0;
}

function tokenOf(kind: RobotKind, url: URL): string | null {
  if (kind === 'wecom') return url.pathname === '/cgi-bin/webhook/send' ? url.searchParams.get('key') : null;
  if (kind === 'dingtalk') return url.pathname === '/robot/send' ? url.searchParams.get('access_token') : null;
  return /^\/open-apis\/bot\/v2\/hook\/([^/]+)$/.exec(url.pathname)?.[1] ?? null;
}

function isSignedForDingtalk(url: URL, now: number): boolean {
  const time = url.searchParams.get('timestamp') ?? '';
  const wanted = createHmac('sha256', ROBOT_SECRET).update(`${time}\n${ROBOT_SECRET}`).digest('base64');
  return Math.abs(now - Number(time)) <= 3_600_000 && url.searchParams.get('sign') === wanted;
}

function isSignedForFeishu({ timestamp = '', sign }: Body, now: number): boolean {
  const wanted = createHmac('sha256', `${timestamp}\n${ROBOT_SECRET}`).update('').digest('base64');
  return Math.abs(now / 1000 - Number(timestamp)) <= 3600 && sign === wanted;
}

function textOf(kind: RobotKind, body: Body): string {
  if (kind === 'feishu') return body.content?.text ?? '';
  return body.text?.content ?? body.markdown?.content ?? body.markdown?.text ?? '';
}
