/**
 * One question to a device's web server, and its whole answer: within a time, up to a size, and with a login that is tried once.
 *
 * Not `fetch`: it drops a `?` that nothing follows, which the snapshot address of some cameras needs, and would not let
 * certificates be that devices have made for themselves.
 */
import { randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Ms } from '../rules/time.ts';
import type { DeviceClock } from './device-clock.ts';
import { DeviceFault } from './device-fault.ts';
import {
  authSchemes,
  type DigestChallenge,
  digestAuthorization,
  digestChallenge,
  type HttpLogin,
} from './digest-auth.ts';
import type { LoginGate, Pass } from './login-gate.ts';

export interface HttpQuestion {
  /** http or https, without credentials. */
  readonly url: string;
  /** Null = there is none to give. */
  readonly login: HttpLogin | null;
  /** Null = GET. */
  readonly post: { readonly body: string; readonly type: string; readonly method?: 'PUT' } | null;
  /** From here to the end of the answer, logins and redirections included. */
  readonly timeoutMs: Ms;
  /** A longer answer is broken off. */
  readonly mostBytes: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
  /** That the login works is known already: 403 then means that this cannot be asked of this device, and is an answer. */
  readonly isLoginProven?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  /** It was given to somebody who had logged in. */
  readonly isLoggedIn: boolean;
  /** The ways of logging in that were offered, such as `basic`, where none of them can be used. */
  readonly offered: readonly string[];
}

export interface HttpSurroundings {
  readonly clock: DeviceClock;
  /** Shared by all that log in to the same hosts. */
  readonly gate: LoginGate;
}

const MOST_REDIRECTS = 3;

/**
 * Rejects with a `DeviceFault` for everything that ends without an answer, and for a login that is refused; other answers,
 * such as 404, are answers.
 */
export async function askDevice(around: HttpSurroundings, question: HttpQuestion): Promise<HttpAnswer> {
  const deadline = new AbortController();
  const cancel = around.clock.after(question.timeoutMs, () => deadline.abort());
  const signal = question.signal === undefined ? deadline.signal : AbortSignal.any([deadline.signal, question.signal]);
  try {
    return await new Exchange(around, question, signal).answer();
  } catch (error) {
    if (deadline.signal.aborted)
      throw new DeviceFault('timeout', `did not answer in full within ${question.timeoutMs} ms`);
    throw error;
  } finally {
    cancel();
  }
}

type Raw = HttpAnswer & { readonly challenges: readonly string[]; readonly location: string | null };

class Exchange {
  readonly #around: HttpSurroundings;
  readonly #question: HttpQuestion;
  readonly #signal: AbortSignal;
  #url: URL;

  constructor(around: HttpSurroundings, question: HttpQuestion, signal: AbortSignal) {
    this.#around = around;
    this.#question = question;
    this.#signal = signal;
    this.#url = new URL(question.url);
  }

  async answer(): Promise<HttpAnswer> {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const first = await this.#send(null);
      const answer = first.status === 401 && first.challenges.length > 0 ? await this.#logIn(first) : first;
      if (answer.location === null) return answer;
      this.#follow(answer.location);
    }
    throw new DeviceFault('elsewhere', `sends on and on (more than ${MOST_REDIRECTS} times)`);
  }

  /** To another place of the same host only: nothing else has been asked to be looked at, and the login is not for others. */
  #follow(location: string): void {
    const to = URL.canParse(location, this.#url.href) ? new URL(location, this.#url.href) : null;
    if (to === null || !/^https?:$/.test(to.protocol) || to.hostname !== this.#url.hostname)
      throw new DeviceFault('elsewhere', `sends on to another place (${to?.host ?? 'no address'})`);
    this.#url = to;
  }

  async #logIn(first: Raw): Promise<Raw> {
    const { challenges } = first;
    const { login } = this.#question;
    const digest = digestChallenge(challenges);
    const offered = challenges.flatMap((header) => authSchemes(header).map(({ scheme }) => scheme));
    if (login === null) throw new DeviceFault('login-needed', 'asks for a user name and password');
    // A password is not sent in clear.
    const mayBasic = offered.includes('basic') && this.#url.protocol === 'https:';
    if (digest === null && !mayBasic) return { ...first, offered };
    return withPass(this.#around.gate, { host: this.#url.hostname, login, signal: this.#signal }, async (pass) => {
      let answer = await this.#send(this.#authorization(login, digest));
      const again = answer.status === 401 ? digestChallenge(answer.challenges) : null;
      // Its nonce was too old, which says nothing of the password.
      if (again?.isStale === true) answer = await this.#send(this.#authorization(login, again));
      if (answer.status === 401) throw refused(pass, 'wrong-login', 'refused the user name or password');
      if (answer.status === 403 && this.#question.isLoginProven !== true)
        throw refused(pass, 'locked-out', 'lets nobody in (403): locked, or this user may not');
      pass.accepted();
      return { ...answer, isLoggedIn: true };
    });
  }

  #authorization(login: HttpLogin, challenge: DigestChallenge | null): string {
    if (challenge === null) return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
    const clientNonce = randomBytes(8).toString('hex');
    return digestAuthorization({
      challenge,
      login,
      method: this.#method,
      uri: targetOf(this.#url),
      count: 1,
      clientNonce,
    });
  }

  get #method(): string {
    return this.#question.post === null ? 'GET' : (this.#question.post.method ?? 'POST');
  }

  #send(authorization: string | null): Promise<Raw> {
    const { post } = this.#question;
    const url = this.#url;
    const options: RequestOptions & { readonly rejectUnauthorized: boolean } = {
      method: this.#method,
      hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      path: targetOf(url),
      // A connection of its own: cameras close idle ones without a word, and have few.
      agent: false,
      rejectUnauthorized: false,
      signal: this.#signal,
      headers: {
        ...(authorization === null ? {} : { Authorization: authorization }),
        ...(post === null ? {} : { 'Content-Type': post.type, 'Content-Length': Buffer.byteLength(post.body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const asking = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
      asking.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(error)));
      asking.on('response', (response) => {
        this.#read(response).then(resolve, (error: unknown) => {
          asking.destroy();
          reject(error);
        });
      });
      asking.end(post?.body);
    });
  }

  async #read(response: IncomingMessage): Promise<Raw> {
    const { mostBytes } = this.#question;
    const tooLarge = () => new DeviceFault('too-large', `sends more than ${mostBytes} bytes`);
    if (Number(response.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > mostBytes) throw tooLarge();
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof DeviceFault) throw error;
      throw new DeviceFault('broken-off', 'broke off in the middle of its answer', { cause: error });
    }
    const { statusCode = 0, headers } = response;
    const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
    return {
      status: statusCode,
      type: headers['content-type'] ?? '',
      body: Buffer.concat(chunks),
      isLoggedIn: false,
      offered: [],
      challenges: response.headersDistinct['www-authenticate'] ?? [],
      location: isRedirect ? (headers.location ?? '') : null,
    };
  }
}

/** Path and query as they are sent: `URL.search` would not tell a `?` that nothing follows. */
function targetOf(url: URL): string {
  const rest = url.href.slice(url.href.indexOf('/', url.protocol.length + 2));
  return rest.replace(/#.*$/, '');
}

function unreachable(error: NodeJS.ErrnoException): DeviceFault {
  const { code = '', message } = error;
  if (code.startsWith('HPE_')) return new DeviceFault('not-onvif', `answers with something that is no HTTP (${code})`);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return new DeviceFault('broken-off', `closed the connection (${code})`, { cause: error });
  return new DeviceFault('offline', `cannot be reached (${code || message})`, { cause: error });
}

interface Entrant {
  readonly host: string;
  readonly login: HttpLogin;
  readonly signal: AbortSignal;
}

/** Lets a login be tried, if none was refused at this host lately; otherwise it is a fault, and nothing is sent. */
export async function withPass<T>(
  gate: LoginGate,
  { host, login, signal }: Entrant,
  act: (pass: Pass) => Promise<T>,
): Promise<T> {
  const closed = new AbortController();
  const pass = await gate.enter({
    host: host.toLowerCase(),
    login: `${login.user}\n${login.password}`,
    signal: AbortSignal.any([signal, closed.signal]),
    onClosed: () => closed.abort(),
  });
  if (pass === null && closed.signal.aborted) {
    const detail = 'refused a login lately; so as not to be locked out, it is not tried again yet';
    throw new DeviceFault('login-closed', detail);
  }
  if (pass === null) throw new DeviceFault('timeout', 'is still trying another login of the same host');
  try {
    return await act(pass);
  } finally {
    pass.leave();
  }
}

/** Notes the refusal at the gate, and says it. */
export function refused(pass: Pass, kind: 'wrong-login' | 'locked-out', detail: string): DeviceFault {
  pass.refused(kind);
  return new DeviceFault(kind, detail);
}
