/** One HTTP exchange of a channel, and what its answer means: what every notifier that speaks HTTP needs of it. */
import type { Ms } from '../rules/time.ts';
import { NotifyError } from './notifier.ts';

export interface Exchange {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole exchange. */
  readonly timeoutMs: Ms;
}

/** An answer to this is some dozens of bytes long; nobody is to fill our memory. */
const LONGEST_ANSWER = 65_536;

/** Posts and gives the answer without its body: what it says is of no use and of any length, and the connection is free at once. */
export async function post({ url, headers, body, timeoutMs }: Exchange): Promise<Response> {
  return await attempt(url, timeoutMs, async (signal) => {
    const answer = await exchange(url, { method: 'POST', headers, body, signal });
    await answer.body?.cancel();
    return answer;
  });
}

/** Posts JSON and reads the JSON that answers it; rejects with a `NotifyError` unless the status is 2xx. */
export async function postJson(
  url: URL,
  said: object,
  { timeoutMs, now }: { readonly timeoutMs: Ms; readonly now: () => Ms },
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return await readJson(url, { timeoutMs, now }, { method: 'POST', headers, body: JSON.stringify(said) });
}

/** Gets JSON; rejects with a `NotifyError` unless the status is 2xx. */
export async function getJson(
  url: URL,
  limits: { readonly timeoutMs: Ms; readonly now: () => Ms },
): Promise<Readonly<Record<string, unknown>>> {
  return await readJson(url, limits, { method: 'GET' });
}

async function readJson(
  url: URL,
  { timeoutMs, now }: { readonly timeoutMs: Ms; readonly now: () => Ms },
  request: Request,
): Promise<Readonly<Record<string, unknown>>> {
  const { answer, text } = await attempt(url, timeoutMs, async (signal) => {
    const answer = await exchange(url, { ...request, signal });
    return { answer, text: await textOf(answer) };
  });
  requireTaken(url, answer, now());
  return jsonOf(text) ?? refuseText(url);
}

/** Rejects with a `NotifyError` unless the status is 2xx. */
export function requireTaken(url: URL, { status, headers }: Response, now: Ms): void {
  if (status >= 200 && status <= 299) return;
  throw new NotifyError(`${url.host} ${meaning(status)} (${status})`, {
    retry: isTemporary(status),
    retryAfterMs: retryAfterOf(headers.get('retry-after'), now),
  });
}

type Request = Pick<RequestInit, 'method' | 'headers' | 'body'>;

async function exchange(url: URL, request: Request & { readonly signal: AbortSignal }): Promise<Response> {
  // A redirect would carry the message to an address that nobody has entered.
  return await fetch(url, { redirect: 'manual', ...request });
}

/** The host is named and never the address: it may hold a key. */
async function attempt<T>(url: URL, timeoutMs: Ms, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await work(signal);
  } catch (error) {
    if (signal.aborted) throw new NotifyError(`${url.host} did not answer within ${timeoutMs} ms`, { retry: true });
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new NotifyError(`${url.host} is unreachable: ${because}`, { retry: true, cause });
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).toString();
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** A portal page of the network, or a proxy that asks for a password: somebody else has answered. */
function refuseText(url: URL): never {
  throw new NotifyError(`${url.host} did not answer in JSON; is there a proxy or a portal page in between?`, {
    retry: true,
  });
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

/** What a service's own codes mean: the arguments of the error. */
export type ServiceCodes = ReadonlyMap<number, ConstructorParameters<typeof NotifyError>>;

/**
 * Throws unless a service says, by a code in the body of its answer, that it took the message. `key`: what the code is called
 * there. A code that is not known is a refusal.
 */
export function requireAccepted(service: string, key: string, code: unknown, codes: ServiceCodes): void {
  if (code === 0) return;
  const known = typeof code === 'number' ? codes.get(code) : undefined;
  throw known === undefined
    ? new NotifyError(`${service} refused the message (${key} ${String(code)})`, { retry: false })
    : new NotifyError(`${known[0]} (${key} ${code})`, known[1]);
}
