/**
 * A group robot of WeCom (企业微信群机器人). Protocol: developer.work.weixin.qq.com/document/path/91770: a POST to an address whose key is
 * the only secret; 2048 bytes of text or 4096 of Markdown; 20 messages a minute for each robot; HTTP 200 with `errcode` in the body.
 */
import { MINUTE, type Ms } from '../../rules/time.ts';
import { fittedLines, type Letterhead } from '../letter.ts';
import { type Notifier, UNTIL_MENDED_MS } from '../notifier.ts';
import { postJson, requireAccepted, type ServiceCodes } from '../notifier-http.ts';

export interface WecomOptions {
  /** Where the service is: Tencent's, or that of a private installation (政务微信). */
  readonly url: string;
  /** What stands behind `key=` in the robot's address. It is never shown. */
  readonly token: string;
  /** Markdown is not shown to those who read in WeChat; text is shown to everybody. */
  readonly format: 'text' | 'markdown';
  readonly letter: Letterhead;
  readonly timeoutMs: Ms;
  readonly now: () => Ms;
}

export const WECOM_URL = 'https://qyapi.weixin.qq.com';
const MAX_BYTES = { text: 2048, markdown: 4096 } as const;

/** What the service's codes mean; of all others, that the message was refused. */
const CODES: ServiceCodes = new Map([
  [-1, ['WeCom is busy', { retry: true }]],
  [45009, ['WeCom took too many messages of this robot within a minute', { retry: true, retryAfterMs: MINUTE }]],
  [
    93000,
    [
      'WeCom knows no robot with this key: it was removed, or its group dissolved; add one to the group and enter its key',
      { retry: true, retryAfterMs: UNTIL_MENDED_MS },
    ],
  ],
]);

export function wecomNotifier({ url, token, format, letter, timeoutMs, now }: WecomOptions): Notifier {
  const address = new URL(`cgi-bin/webhook/send?key=${encodeURIComponent(token)}`, slashed(url));
  return {
    name: 'wecom',
    async send({ text }) {
      const body = format === 'text' ? textBody(text, letter) : markdownBody(text, letter);
      const { errcode } = await postJson(address, body, { timeoutMs, now });
      requireAccepted('WeCom', 'errcode', errcode, CODES);
    },
  };
}

function textBody(text: string, letter: Letterhead): object {
  const lines = [letter.heading, ...text.split('\n')];
  return { msgtype: 'text', text: { content: withLink(lines, letter, MAX_BYTES.text, letter.link) } };
}

function markdownBody(text: string, letter: Letterhead): object {
  const lines = [`**${escaped(letter.heading)}**`, ...text.split('\n').map((line) => `> ${escaped(line)}`)];
  const link = letter.link === null ? null : `[${letter.link}](${letter.link})`;
  return { msgtype: 'markdown', markdown: { content: withLink(lines, letter, MAX_BYTES.markdown, link) } };
}

/** The link is worth more than the last line. */
function withLink(lines: readonly string[], letter: Letterhead, maxBytes: number, link: string | null): string {
  const end = link === null ? '' : `\n${link}`;
  return fittedLines(lines, { maxBytes: maxBytes - Buffer.byteLength(end) }, letter) + end;
}

/** Names of windows are no markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, '\\$&');
}

const slashed = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
