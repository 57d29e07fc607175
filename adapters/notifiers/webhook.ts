/** A signed POST to another program. docs/alerts.md tells its author how to check the signature and drop repeats. */
import { createHmac } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import { type Notice, type Notifier, NotifyError } from '../notifier.ts';

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
      const answer = await exchange(url, { method: 'POST', headers, body }, options.timeoutMs);
      if (answer.status >= 200 && answer.status <= 299) return;
      throw new NotifyError(`${url.host} ${meaning(answer.status)} (${answer.status})`, {
        retry: isTemporary(answer.status),
        retryAfterMs: retryAfterOf(answer.headers.get('retry-after'), options.now()),
      });
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

async function exchange(url: URL, request: RequestInit, timeoutMs: Ms): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    // A redirect would carry the message to an address that nobody has entered.
    const answer = await fetch(url, { ...request, redirect: 'manual', signal });
    // What it says is of no use and of any length; the connection is given back at once.
    await answer.body?.cancel();
    return answer;
  } catch (error) {
    if (signal.aborted) throw new NotifyError(`${url.host} did not answer within ${timeoutMs} ms`, { retry: true });
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new NotifyError(`${url.host} is unreachable: ${because}`, { retry: true, cause });
  }
}

function isTemporary(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

function meaning(status: number): string {
  if (status >= 300 && status <= 399) return 'redirected, which is not followed';
  if (status === 401 || status === 403) return 'did not accept the credentials';
  if (status === 429) return 'asked for fewer messages';
  return isTemporary(status) ? 'could not take the message' : 'refused the message';
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3); null where there is neither. */
function retryAfterOf(header: string | null, now: Ms): Ms | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  // Parsing is lenient enough to see a date in almost anything; every HTTP date ends in GMT.
  const at = header.trim().endsWith('GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
