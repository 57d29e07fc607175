/** The part of WeCom that applications talk to: it gives tokens that end, and checks what is sent with them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

export const CORP = 'ww0815';
export const AGENT = 1_000_002;
export const APP_SECRET = 'k-0815-of-the-application';
const LIFE_S = 7200;
const MAX_BYTES = 2048;
const PER_MINUTE_AND_PERSON = 30;

export interface WecomAppStub extends AsyncDisposable {
  readonly url: string;
  /** Who may see the application. */
  readonly members: Set<string>;
  /** What reached whom; a repeat reaches nobody. */
  readonly reached: { readonly to: string; readonly text: string }[];
  /** The codes that were answered, tokens included. */
  readonly codes: number[];
  tokensGiven: number;
  /** Ends every token, as somebody else with the same secret does. */
  revoke(): void;
  /** What the service says to every message, whatever it is; null = it looks at it. */
  says: number | null;
}

interface Body {
  readonly touser?: string;
  readonly agentid?: unknown;
  readonly msgtype?: string;
  readonly text?: { readonly content?: string };
  readonly enable_duplicate_check?: number;
}

interface Answer {
  readonly errcode: number;
  readonly [key: string]: unknown;
}

/** `now`: the service's own clock. */
export async function wecomAppStub(now: () => number): Promise<WecomAppStub> {
  const tokens = new Map<string, number>();
  const took: { readonly to: string; readonly at: number }[] = [];
  const repeats = new Set<string>();

  const give = (url: URL): Answer => {
    if (url.searchParams.get('corpid') !== CORP) return { errcode: 40013 };
    if (url.searchParams.get('corpsecret') !== APP_SECRET) return { errcode: 40001 };
    const token = `t-0815-${++stub.tokensGiven}`;
    // The one before does not outlive it.
    tokens.clear();
    tokens.set(token, now() + LIFE_S * 1000);
    return { errcode: 0, errmsg: 'ok', access_token: token, expires_in: LIFE_S };
  };
  const take = (url: URL, text: string): Answer => {
    const until = tokens.get(url.searchParams.get('access_token') ?? '');
    if (until === undefined) return { errcode: 40014 };
    if (until <= now()) return { errcode: 42001 };
    if (stub.says !== null) return { errcode: stub.says };
    const body = JSON.parse(text) as Body;
    if (body.agentid !== AGENT) return { errcode: 40056 };
    const said = body.text?.content ?? '';
    if (body.msgtype !== 'text' || said === '' || Buffer.byteLength(said) > MAX_BYTES) return { errcode: 40058 };
    const asked = (body.touser ?? '').split('|');
    const known = asked.filter((one) => stub.members.has(one));
    if (known.length === 0) return { errcode: 81013 };
    if (
      known.some(
        (one) => took.filter(({ to, at }) => to === one && now() - at < 60_000).length >= PER_MINUTE_AND_PERSON,
      )
    )
      return { errcode: 45009 };
    const isRepeat = body.enable_duplicate_check === 1 && repeats.has(text);
    repeats.add(text);
    for (const to of isRepeat ? [] : known) {
      took.push({ to, at: now() });
      stub.reached.push({ to, text: said });
    }
    return { errcode: 0, errmsg: 'ok', invaliduser: asked.filter((one) => !known.includes(one)).join('|') };
  };
  const answerTo = (request: IncomingMessage, text: string): Answer => {
    const url = new URL(request.url ?? '', 'http://wecom');
    const what = `${request.method} ${url.pathname}`;
    if (what === 'GET /cgi-bin/gettoken') return give(url);
    return what === 'POST /cgi-bin/message/send' ? take(url, text) : { errcode: 40066 };
  };

  const server = createServer(async (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    for await (const chunk of request) text += chunk;
    const answer = answerTo(request, text);
    stub.codes.push(answer.errcode);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ errmsg: `${answer.errcode} ${request.url} ${text.slice(0, 80)}`, ...answer }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stub: WecomAppStub = {
    url: `http://127.0.0.1:${address.port}`,
    members: new Set(['xumin', 'lilan']),
    reached: [],
    codes: [],
    tokensGiven: 0,
    says: null,
    revoke: () => tokens.clear(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return stub;
}
