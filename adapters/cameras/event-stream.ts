/**
 * The events that a camera's or recorder's web server sends for as long as one listens: one GET with a digest login, answered
 * with `multipart/mixed` (Hikvision) or `multipart/x-mixed-replace` (Dahua) that does not end.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type CameraAddress, readAddress } from './camera-address.ts';
import { authSchemes, digestAuthorization, digestChallenge, type HttpLogin } from './digest-auth.ts';
import { boundaryOf, MultipartError, MultipartReader, type Part } from './multipart.ts';
import type { Witness, WitnessLoss } from './witness.ts';
import { type WitnessCall, type WitnessSurroundings, witnessLife } from './witness-life.ts';

export interface EventStreamOptions {
  readonly around: WitnessSurroundings;
  /** `http://user:password@host`, or https; with a path of its own it is asked for that instead of `path`. */
  readonly url: string;
  /** Where the device has its events, with the query. */
  readonly path: string;
  readonly silenceMs: number;
  /** A part that came; it is a sign of life whatever it says. */
  readonly onPart: (part: Part, call: WitnessCall) => void;
}

/** Beyond any picture that a device sends along. */
const MOST_PART_BYTES = 8 * 1024 * 1024;

/** Throws for a `url` that is no address. */
export function eventStream({ around, url, path, silenceMs, onPart }: EventStreamOptions): Witness {
  const address = httpAddress(url);
  const place = placeOf(address, path);
  return witnessLife({
    around,
    host: address.host,
    login: address.login,
    silenceMs,
    unanswered: 'no answer in time',
    listen: (call) => new Listening(place, call, onPart).end(),
  });
}

/** Where to ask, and as whom. */
interface Place {
  readonly url: URL;
  /** Path and query as they are sent. */
  readonly target: string;
  readonly login: HttpLogin | null;
}

function httpAddress(url: string): CameraAddress {
  const address = readAddress(url);
  if ('because' in address) throw new Error(`the url of a witness ${address.because}`);
  return address;
}

function placeOf({ url: href, login }: CameraAddress, path: string): Place {
  const url = new URL(href);
  const [user = '', password = ''] = login?.split('\n') ?? [];
  const hasPath = url.pathname !== '/' || url.search !== '';
  return {
    url,
    target: hasPath ? `${url.pathname}${url.search}` : path,
    login: login === null ? null : { user, password },
  };
}

/** What came of asking: the answer, whose body is still to come, or why there is none. */
type Opened = { readonly response: IncomingMessage } | { readonly loss: WitnessLoss };

class Listening {
  readonly #place: Place;
  readonly #call: WitnessCall;
  readonly #onPart: EventStreamOptions['onPart'];

  constructor(place: Place, call: WitnessCall, onPart: EventStreamOptions['onPart']) {
    this.#place = place;
    this.#call = call;
    this.#onPart = onPart;
  }

  async end(): Promise<WitnessLoss> {
    const opened = await this.#open();
    if ('loss' in opened) return opened.loss;
    const { response } = opened;
    const { statusCode = 0, headers } = response;
    const type = headers['content-type'] ?? '';
    if (statusCode !== 200 || !/^multipart\//i.test(type)) {
      response.destroy();
      return statusLoss(statusCode, type);
    }
    this.#call.connected();
    return this.#read(response, boundaryOf(type));
  }

  async #open(): Promise<Opened> {
    let opened = await this.#ask(null);
    // A second time with the login; a third one only if the nonce had become too old meanwhile.
    for (let tries = 0; tries < 2; tries++) {
      if ('loss' in opened || opened.response.statusCode !== 401) return opened;
      const challenges = opened.response.headersDistinct['www-authenticate'] ?? [];
      opened.response.destroy();
      const isStale = digestChallenge(challenges)?.isStale === true;
      if (tries > 0 && !isStale) break;
      const answer = this.#answerTo(challenges);
      if ('loss' in answer) return answer;
      opened = await this.#ask(answer.authorization);
    }
    if ('loss' in opened || opened.response.statusCode !== 401) return opened;
    opened.response.destroy();
    return { loss: { reason: 'wrong-login', detail: 'the device refused the user name or password' } };
  }

  #answerTo(challenges: readonly string[]): { readonly authorization: string } | { readonly loss: WitnessLoss } {
    const { login, target, url } = this.#place;
    const refused = (detail: string) => ({ loss: { reason: 'wrong-login', detail } }) as const;
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
    const { url, target } = this.#place;
    const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path: target,
      // A connection of its own: it stays open for as long as there are events.
      agent: false,
      // Devices have made their certificates themselves.
      rejectUnauthorized: false,
      signal: this.#call.signal,
      headers: authorization === null ? {} : { Authorization: authorization },
    };
    return new Promise((resolve) => {
      const asking = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
      asking.on('error', (error: NodeJS.ErrnoException) => resolve({ loss: unreachable(error) }));
      asking.on('response', (response) => resolve({ response }));
      asking.end();
    });
  }

  async #read(response: IncomingMessage, boundary: string | null): Promise<WitnessLoss> {
    const reader = new MultipartReader({
      boundary,
      maxPartBytes: MOST_PART_BYTES,
      onPart: (part) => {
        this.#call.heartbeat();
        this.#onPart(part, this.#call);
      },
    });
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) reader.push(chunk);
      return { reason: 'ended', detail: 'the device ended the stream of events' };
    } catch (error) {
      response.destroy();
      if (error instanceof MultipartError) return { reason: 'unfit', detail: error.message };
      if (!isNetwork(error)) throw error;
      return { reason: 'ended', detail: `the connection broke (${error.code})` };
    }
  }
}

/** Errors of Node's network and streams carry a code; anything else is a fault of ours. */
function isNetwork(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

function unreachable({ code = '', message }: NodeJS.ErrnoException): WitnessLoss {
  if (code.startsWith('HPE_')) return { reason: 'unfit', detail: `what answers does not speak HTTP (${code})` };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { reason: 'ended', detail: `the device closed the connection (${code})` };
  return { reason: 'offline', detail: `cannot be reached (${code === '' ? message : code})` };
}

function statusLoss(status: number, type: string): WitnessLoss {
  if (status === 200) return { reason: 'unfit', detail: `the answer is no stream of events (${type || 'of no type'})` };
  if (status === 403)
    return { reason: 'locked-out', detail: 'the device lets nobody in (403): locked, or this user may not' };
  if (status === 404) return { reason: 'not-found', detail: 'the device has no such events (404)' };
  if (status >= 500) return { reason: 'offline', detail: `the device answers with ${status}` };
  return { reason: 'unfit', detail: `the device answers with ${status}` };
}
