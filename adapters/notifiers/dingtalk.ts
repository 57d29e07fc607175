/**
 * A group robot of DingTalk (钉钉自定义机器人). Protocol: open.dingtalk.com/document/robots/custom-robot-access: a POST to an address with
 * the access token and, where the robot asks for it, a time stamp in milliseconds and its signature; or every message holds one of the
 * robot's keywords. 20 messages a minute; whoever sends more is shut out for ten. HTTP 200 with `errcode` in the body.
 */
import { createHmac } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import { fittedLines, type Letterhead } from '../letter.ts';
import type { Notifier } from '../notifier.ts';
import { postJson, requireAccepted, type ServiceCodes } from '../notifier-http.ts';

export interface DingtalkOptions {
  readonly url: string;
  /** What stands behind `access_token=` in the robot's address. It is never shown. */
  readonly token: string;
  /** Signs every message; null where the robot asks for no signature. */
  readonly secret: string | null;
  /** A word that the robot wants in every message; null where it asks for none. */
  readonly keyword: string | null;
  readonly letter: Letterhead;
  readonly timeoutMs: Ms;
  readonly now: () => Ms;
}

export const DINGTALK_URL = 'https://oapi.dingtalk.com';
/** The service takes some 20 KB with all that is around the text. */
const MAX_BYTES = 12_000;

const SHUT_OUT_MS: Ms = 10 * 60_000;

const TOO_FAST = 'DingTalk took more than 20 messages of this robot within a minute, and takes no more for ten minutes';
const TOKEN = 'DingTalk knows no robot with this token: it was removed; add one to the group and enter its token';

/** What the service's codes mean; of all others, that the message was refused. */
const CODES: ServiceCodes = new Map([
  [-1, ['DingTalk is busy', { retry: true }]],
  [130101, [TOO_FAST, { retry: true, retryAfterMs: SHUT_OUT_MS }]],
  [90030, [TOO_FAST, { retry: true, retryAfterMs: SHUT_OUT_MS }]],
  [
    310000,
    [
      'DingTalk refused the signature, the keyword or our address: compare secret and keyword with the robot’s security settings, and the clock of this computer',
      { retry: true, retryAfterMs: SHUT_OUT_MS },
    ],
  ],
  [300001, [TOKEN, { retry: true, retryAfterMs: SHUT_OUT_MS }]],
  [300005, [TOKEN, { retry: true, retryAfterMs: SHUT_OUT_MS }]],
]);

export function dingtalkNotifier(options: DingtalkOptions): Notifier {
  const { timeoutMs, now } = options;
  return {
    name: 'dingtalk',
    async send({ text }) {
      const { errcode } = await postJson(addressOf(options, now()), bodyOf(text, options), { timeoutMs, now });
      requireAccepted('DingTalk', 'errcode', errcode, CODES);
    },
  };
}

/** The robot's signature: HMAC-SHA256 with the secret as key over the time in milliseconds, a line break and the secret. */
export function dingtalkSignature(secret: string, now: Ms): string {
  return createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
}

function addressOf({ url, token, secret }: DingtalkOptions, now: Ms): URL {
  const address = new URL('robot/send', url.endsWith('/') ? url : `${url}/`);
  address.searchParams.set('access_token', token);
  if (secret !== null) {
    address.searchParams.set('timestamp', String(now));
    address.searchParams.set('sign', dingtalkSignature(secret, now));
  }
  return address;
}

function bodyOf(text: string, { keyword, letter }: DingtalkOptions): object {
  const { heading, link } = letter;
  const title = keyword === null || heading.includes(keyword) ? heading : `${heading} ${keyword}`;
  const end = link === null ? '' : `\n\n[${link}](${link})`;
  const lines = [`**${escaped(title)}**`, ...text.split('\n').map((line) => `- ${escaped(line)}`)];
  const limits = { maxBytes: MAX_BYTES - Buffer.byteLength(end), between: '\n\n' };
  return { msgtype: 'markdown', markdown: { title, text: fittedLines(lines, limits, letter) + end } };
}

/** Names of windows are no markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, '\\$&');
}
