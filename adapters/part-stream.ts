/**
 * An answer in parts that does not end: one GET with a digest login, answered with `multipart/mixed` or
 * `multipart/x-mixed-replace`, as devices send their events for as long as one listens.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { authSchemes, digestAuthorization, digestChallenge, type HttpLogin } from './digest-auth.ts';
import { inflated } from './inflate.ts';
import { boundaryOf, MultipartError, MultipartReader, type Part } from './multipart.ts';

export interface PartStreamOptions {
  /** http or https, without credentials; only its host and port count. */
  readonly url: URL;
  /** Path and query as they are sent. */
  readonly target: string;
  /** Null = there is none to give. */
  readonly login: HttpLogin | null;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What was asked for is there: parts may come. Nothing is read until it resolves. */
  readonly onOpen: () => void | Promise<void>;
  /** Nothing further is read until it resolves: the device is held back. */
  readonly onPart: (part: Part) => void | Promise<void>;
}

export interface StreamEnd {
  readonly reason: 'offline' | 'ended' | 'wrong-login' | 'locked-out' | 'not-found' | 'unfit';
  /** In plain words, without credentials. */
  readonly detail: string;
}

/** Beyond any picture that a device sends along. */
const MOST_PART_BYTES = 8 * 1024 * 1024;
/** Of an answer that says why there is none. */
const MOST_REASON_BYTES = 4096;

/** What came of asking: the answer, whose body is still to come, or why there is none. */
type Opened = { readonly response: IncomingMessage } | { readonly end: StreamEnd };

/** Listens until the device or `signal` ends it, and says why; what `onOpen` and `onPart` throw is thrown on. */
export async function partStream(options: PartStreamOptions): Promise<StreamEnd> {
  return await new Listening(options).end();
}

class Listening {
  readonly #options: PartStreamOptions;

  constructor(options: PartStreamOptions) {
    this.#options = options;
  }

  async end(): Promise<StreamEnd> {
    const opened = await this.#open();
    if ('end' in opened) return opened.end;
    const { response } = opened;
    const { statusCode = 0, headers } = response;
    const type = headers['content-type'] ?? '';
    if (statusCode !== 200 || !/^multipart\//i.test(type)) return statusEnd(statusCode, type, await reasonOf(response));
    try {
      await this.#options.onOpen();
      return await this.#read(response, boundaryOf(type));
    } finally {
      response.destroy();
    }
  }

  async #open(): Promise<Opened> {
    let opened = await this.#ask(null);
    // A second time with the login; a third one only if the nonce had become too old meanwhile.
    for (let tries = 0; tries < 2; tries++) {
      if ('end' in opened || opened.response.statusCode !== 401) return opened;
      const challenges = opened.response.headersDistinct['www-authenticate'] ?? [];
      opened.response.destroy();
      const isStale = digestChallenge(challenges)?.isStale === true;
      if (tries > 0 && !isStale) break;
      const answer = this.#answerTo(challenges);
      if ('end' in answer) return answer;
      opened = await this.#ask(answer.authorization);
    }
    if ('end' in opened || opened.response.statusCode !== 401) return opened;
    opened.response.destroy();
    return { end: { reason: 'wrong-login', detail: 'the device refused the user name or password' } };
  }

  #answerTo(challenges: readonly string[]): { readonly authorization: string } | { readonly end: StreamEnd } {
    const { login, target, url } = this.#options;
    const refused = (detail: string) => ({ end: { reason: 'wrong-login', detail } }) as const;
    if (login === null) return refused('the device asks for a user name and password');
    const challenge = digestChallenge(challenges);
    if (challenge !== null) {
      const clientNonce = randomBytes(8).toString('hex');
      const request = { challenge, login, method: 'GET', uri: target, count: 1, clientNonce };
      return { authorization: digestAuthorization(request) };
    }
    const schemes = challenges.flatMap(authSchemes).map(({ scheme }) => scheme);
    if (schemes.includes('basic') && url.protocol === 'https:') {
      return { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
    }
    if (schemes.includes('basic'))
      return refused('the device wants the password in clear; turn on digest, or use https');
    return refused('the device refused, and asks for no login that is known here');
  }

  #ask(authorization: string | null): Promise<Opened> {
    const { url, target, signal } = this.#options;
    const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path: target,
      // A connection of its own: it stays open for as long as there are events.
      agent: false,
      // Devices have made their certificates themselves.
      rejectUnauthorized: false,
      signal,
      headers: authorization === null ? {} : { Authorization: authorization },
    };
    return new Promise((resolve) => {
      const asking = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
      asking.on('error', (error: NodeJS.ErrnoException) => resolve({ end: unreachable(error) }));
      asking.on('response', (response) => resolve({ response }));
      asking.end();
    });
  }

  async #read(response: IncomingMessage, boundary: string | null): Promise<StreamEnd> {
    const parts: Part[] = [];
    const reader = new MultipartReader({
      boundary,
      maxPartBytes: MOST_PART_BYTES,
      onPart: (part) => parts.push(part),
    });
    const chunks = inflated(response, response.headers['content-encoding'])[Symbol.asyncIterator]();
    for (;;) {
      const next = await nextOf(chunks);
      if (!Buffer.isBuffer(next)) return next;
      try {
        reader.push(next);
      } catch (error) {
        if (error instanceof MultipartError) return { reason: 'unfit', detail: error.message };
        throw error;
      }
      for (const part of parts.splice(0)) {
        const done = this.#options.onPart(part);
        if (done !== undefined) await done;
      }
    }
  }
}

/** The next bytes, or why there are none. */
async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | StreamEnd> {
  try {
    const { done, value } = await chunks.next();
    if (done !== true) return value;
    return { reason: 'ended', detail: 'the device ended the stream of events' };
  } catch (error) {
    // Errors of Node's network and streams carry a code; anything else is a fault of ours.
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (String(error.code).startsWith('Z_'))
      return { reason: 'unfit', detail: `the stream is not compressed as it says (${error.code})` };
    return { reason: 'ended', detail: `the connection broke (${error.code})` };
  }
}

function unreachable({ code = '', message }: NodeJS.ErrnoException): StreamEnd {
  if (code.startsWith('HPE_')) return { reason: 'unfit', detail: `what answers does not speak HTTP (${code})` };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { reason: 'ended', detail: `the device closed the connection (${code})` };
  return { reason: 'offline', detail: `cannot be reached (${code === '' ? message : code})` };
}

/** The word by which a device says why it refuses, such as `deployExceedMax`; empty where it says none. */
async function reasonOf(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1');
      if (text.length > MOST_REASON_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  response.destroy();
  return /subStatusCode["']?\s*[>:]\s*["']?(\w{1,40})/.exec(text)?.[1] ?? '';
}

function statusEnd(status: number, type: string, reason: string): StreamEnd {
  const told = reason === '' ? `${status}` : `${status}, ${reason}`;
  if (status === 200) return { reason: 'unfit', detail: `the answer is no stream of events (${type || 'of no type'})` };
  // Devices have room for one or two who listen, and say so with 403 or 503.
  if (reason.toLowerCase() === 'deployexceedmax') {
    const detail = `the device has as many listeners as it allows (${told}): close the other platform that listens to it`;
    return { reason: 'unfit', detail };
  }
  if (status === 403)
    return { reason: 'locked-out', detail: `the device lets nobody in (${told}): locked, or this user may not` };
  if (status === 404) return { reason: 'not-found', detail: `the device has no such events (${told})` };
  if (status >= 500) return { reason: 'offline', detail: `the device answers with ${told}` };
  return { reason: 'unfit', detail: `the device answers with ${told}` };
}
