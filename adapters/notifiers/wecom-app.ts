/**
 * Messages of an application of WeCom (企业微信应用消息) to single persons. Protocol: developer.work.weixin.qq.com/document/path/91039 (a
 * token for two hours, from the company's id and the application's secret) and path/90236 (a POST with that token; 2048 bytes of
 * text; HTTP 200 with `errcode` in the body; the service itself drops repeats of the same body for half an hour).
 */
import { MINUTE, type Ms } from '../../rules/time.ts';
import { fittedLines, type Letterhead } from '../letter.ts';
import { type Notifier, NotifyError, UNTIL_MENDED_MS } from '../notifier.ts';
import { getJson, postJson, requireAccepted, type ServiceCodes } from '../notifier-http.ts';

export interface WecomAppOptions {
  /** Tencent's, or that of a private installation (政务微信). */
  readonly url: string;
  /** 企业 ID. */
  readonly corp: string;
  /** AgentId of the application. */
  readonly agent: number;
  /** Secret of the application. It is never shown. */
  readonly secret: string;
  readonly letter: Letterhead;
  /** For each exchange. */
  readonly timeoutMs: Ms;
  readonly now: () => Ms;
}

interface Token {
  readonly value: string;
  readonly until: Ms;
}

const MAX_BYTES = 2048;
/** A token that ends while it is under way is of no use. */
const SPARE_MS: Ms = 5 * MINUTE;

const NO_LONGER_VALID: ReadonlySet<unknown> = new Set([40014, 42001]);

/** What the service's codes mean; of all others, that the message was refused. */
const CODES: ServiceCodes = new Map([
  [-1, ['WeCom is busy', { retry: true }]],
  [
    40001,
    [
      'WeCom does not know the secret: enter that of the application, not that of the address book',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
  [40013, ['WeCom knows no company with this corp', { retry: true, retryAfterMs: UNTIL_MENDED_MS }]],
  [40014, ['WeCom refused a token that it has just given', { retry: true, retryAfterMs: MINUTE }]],
  [42001, ['WeCom refused a token that it has just given', { retry: true, retryAfterMs: MINUTE }]],
  [45009, ['WeCom took too many messages', { retry: true, retryAfterMs: MINUTE }]],
  [40056, ['WeCom knows no application with this agent', { retry: true, retryAfterMs: UNTIL_MENDED_MS }]],
  [
    60020,
    [
      'WeCom refused our address: add it to the trusted addresses (企业可信IP) of the application',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
  [
    81013,
    [
      'WeCom knows none of the accounts, or none of them may see the application; compare contacts.wecom or accounts with the address book',
      { retry: false },
    ],
  ],
]);

/** Notifiers to accounts, which share one token: the service gives few of them, and a new one may end the one before. */
export function wecomApp(options: WecomAppOptions): (accounts: readonly string[]) => Notifier {
  const { url, corp, agent, secret, letter, timeoutMs, now } = options;
  const base = url.endsWith('/') ? url : `${url}/`;
  const within = { timeoutMs, now };
  const fetched = async (): Promise<Token> => {
    const askedAt = now();
    const query = `corpid=${encodeURIComponent(corp)}&corpsecret=${encodeURIComponent(secret)}`;
    const answer = await getJson(new URL(`cgi-bin/gettoken?${query}`, base), within);
    requireAccepted('WeCom', 'errcode', answer['errcode'], CODES);
    const { access_token: value, expires_in: seconds } = answer;
    if (typeof value !== 'string' || typeof seconds !== 'number')
      throw new NotifyError('WeCom gave neither a token nor a reason', { retry: true });
    return { value, until: askedAt + Math.max(seconds * 1000 - SPARE_MS, MINUTE) };
  };
  const token = new SharedToken(fetched, now);
  const sent = async ({ value }: Token, body: object): Promise<Readonly<Record<string, unknown>>> =>
    await postJson(new URL(`cgi-bin/message/send?access_token=${encodeURIComponent(value)}`, base), body, within);

  return (accounts) => ({
    name: 'wecom-app',
    async send({ text }) {
      const end = letter.link === null ? '' : `\n${letter.link}`;
      const lines = [letter.heading, ...text.split('\n')];
      const content = fittedLines(lines, { maxBytes: MAX_BYTES - Buffer.byteLength(end) }, letter) + end;
      const to = { touser: accounts.join('|'), agentid: agent };
      const body = { ...to, msgtype: 'text', text: { content }, enable_duplicate_check: 1 };
      const held = await token.now();
      const first = await sent(held, body);
      // Somebody else has asked for one with the same secret, or it was revoked.
      const isOver = NO_LONGER_VALID.has(first['errcode']);
      const answer = isOver ? await sent(await token.insteadOf(held), body) : first;
      requireAccepted('WeCom', 'errcode', answer['errcode'], CODES);
      requireEverybody(answer['invaliduser'], accounts.length);
    },
  });
}

/** Asked for once, by however many want it at the same time. */
class SharedToken {
  readonly #fetched: () => Promise<Token>;
  readonly #now: () => Ms;
  #held: Token | null = null;
  #asking: Promise<Token> | null = null;

  constructor(fetched: () => Promise<Token>, now: () => Ms) {
    this.#fetched = fetched;
    this.#now = now;
  }

  async now(): Promise<Token> {
    const held = this.#held;
    return held !== null && held.until > this.#now() ? held : await this.insteadOf(held);
  }

  /** Another one than that which is no longer good; it may be here already. */
  async insteadOf(old: Token | null): Promise<Token> {
    if (this.#held !== null && this.#held !== old) return this.#held;
    this.#asking ??= this.#fetched()
      .then((token) => {
        this.#held = token;
        return token;
      })
      .finally(() => {
        this.#asking = null;
      });
    return await this.#asking;
  }
}

/** The others have the message, so it is not sent again. Who it is stands in no log. */
function requireEverybody(invalid: unknown, of: number): void {
  if (typeof invalid !== 'string' || invalid === '') return;
  const missed = invalid.split('|').length;
  throw new NotifyError(
    `WeCom did not reach ${missed} of ${of} accounts: it does not know them, or they may not see the application`,
    { retry: false },
  );
}
