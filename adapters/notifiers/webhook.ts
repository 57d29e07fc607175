/** A signed POST to another program. docs/alerts.md tells its author how to check the signature and drop repeats. */
import { createHmac } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import { type Notice, type Notifier, NotifyError } from '../notifier.ts';
import { post, requireTaken } from '../notifier-http.ts';

export interface WebhookOptions {
  /** http or https; credentials in it are sent as basic authentication. It is never shown: it may hold a key. */
  readonly url: string;
  /** Shared with the receiver; signs every message. */
  readonly secret: string;
  /** For the whole exchange. */
  readonly timeoutMs: Ms;
  /** The wall clock: the receiver refuses what is minutes old. */
  readonly now: () => Ms;
}

/** Throws a `NotifyError` with `retry` false if the options cannot work. */
export function webhookNotifier(options: WebhookOptions): Notifier {
  const url = URL.parse(options.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw misused('its url is not http or https');
  if (options.secret === '') throw misused('its secret is empty');
  const authorization = basicOf(url);
  url.username = '';
  url.password = '';

  return {
    name: 'webhook',
    async send(notice) {
      const body = bodyOf(notice);
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': headerText(notice.key),
        'x-zaigang-signature': webhookSignature(options.secret, body, options.now()),
        ...authorization,
      };
      const answer = await post({ url, headers, body, timeoutMs: options.timeoutMs });
      requireTaken(url, answer, options.now());
    },
  };
}

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`: with the time in it an old message cannot be sent again. */
export function webhookSignature(secret: string, body: string, now: Ms): string {
  const t = Math.floor(now / 1000);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

function misused(because: string): NotifyError {
  return new NotifyError(`the webhook is set up wrongly: ${because}`, { retry: false });
}

function basicOf(url: URL): { readonly authorization?: string } {
  if (url.username === '') return {};
  try {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  } catch {
    throw misused('the credentials in its url are not percent-encoded');
  }
}

function bodyOf(notice: Notice): string {
  const { key, hall, alert, op, text, verdicts } = notice;
  return JSON.stringify({ key, hall, alert, op, text, verdicts });
}

/** Header values hold visible ASCII only, and keys hold ids that people chose: the rest is percent-encoded. */
function headerText(key: string): string {
  return key.toWellFormed().replace(/[^\x21-\x7e]|%/gu, encodeURIComponent);
}
