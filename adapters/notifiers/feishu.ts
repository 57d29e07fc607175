/**
 * A group robot of Feishu or Lark (飞书自定义机器人). Protocol: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: a POST to an address
 * whose last part is a secret; where the robot asks for it, a time stamp in seconds and its signature within the body; 100 messages a
 * minute and 5 a second; at most 20 KB. HTTP 200 with `code` in the body.
 */
import { createHmac } from 'node:crypto';
import { MINUTE, type Ms } from '../../rules/time.ts';
import { fittedLines, type Letterhead } from '../letter.ts';
import { type Notifier, UNTIL_MENDED_MS } from '../notifier.ts';
import { postJson, requireAccepted, type ServiceCodes } from '../notifier-http.ts';

export interface FeishuOptions {
  /** Feishu's, Lark's (`https://open.larksuite.com`), or a private installation's. */
  readonly url: string;
  /** What stands behind `/hook/` in the robot's address. It is never shown. */
  readonly token: string;
  /** Signs every message; null where the robot asks for no signature. */
  readonly secret: string | null;
  /** A word that the robot wants in every message; null where it asks for none. */
  readonly keyword: string | null;
  readonly letter: Letterhead;
  readonly timeoutMs: Ms;
  readonly now: () => Ms;
}

export const FEISHU_URL = 'https://open.feishu.cn';
/** The service takes 20 KB with all that is around the text. */
const MAX_BYTES = 12_000;

/** What the service's codes mean; of all others, that the message was refused. */
const CODES: ServiceCodes = new Map([
  [9499, ['Feishu took too many messages of this robot', { retry: true, retryAfterMs: MINUTE }]],
  [11232, ['Feishu takes fewer messages just now', { retry: true, retryAfterMs: MINUTE }]],
  [
    19001,
    [
      'Feishu knows no robot with this token: it was removed; add one to the group and enter its token',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
  [
    19021,
    [
      'Feishu refused the signature: compare the secret with the robot’s security settings, and the clock of this computer',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
  [
    19022,
    [
      'Feishu refused our address: add it to the robot’s list of addresses',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
  [
    19024,
    [
      'Feishu missed the robot’s keyword in the message: enter it as keyword',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
]);

export function feishuNotifier(options: FeishuOptions): Notifier {
  const { url, token, timeoutMs, now } = options;
  const address = new URL(`open-apis/bot/v2/hook/${encodeURIComponent(token)}`, url.endsWith('/') ? url : `${url}/`);
  return {
    name: 'feishu',
    async send({ text }) {
      const { code } = await postJson(address, bodyOf(text, options, now()), { timeoutMs, now });
      requireAccepted('Feishu', 'code', code, CODES);
    },
  };
}

/** The robot's signature: HMAC-SHA256 over nothing, with the time in seconds, a line break and the secret as key. */
export function feishuSignature(secret: string, seconds: number): string {
  return createHmac('sha256', `${seconds}\n${secret}`).digest('base64');
}

function bodyOf(text: string, { secret, keyword, letter }: FeishuOptions, now: Ms): object {
  const { heading, link } = letter;
  const title = keyword === null || heading.includes(keyword) ? heading : `${heading} ${keyword}`;
  const end = link === null ? '' : `\n${link}`;
  const lines = [title, ...text.split('\n')];
  const content = { text: fittedLines(lines, { maxBytes: MAX_BYTES - Buffer.byteLength(end) }, letter) + end };
  const seconds = Math.floor(now / 1000);
  const signed = secret === null ? {} : { timestamp: String(seconds), sign: feishuSignature(secret, seconds) };
  return { ...signed, msg_type: 'text', content };
}
