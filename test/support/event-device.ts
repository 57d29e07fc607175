/**
 * A camera or recorder that analyses its own picture, on a port of 127.0.0.1: an HTTP server with digest logins that lock out
 * after some wrong ones, whose one answer is a multipart stream of events that does not end; and faults that can be switched.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

/**
 * - `mute`: takes requests and never answers
 * - `page`: a web page for whatever is asked for
 * - `not-found`: 404
 * - `no-challenge`: 401 without a word of how to log in
 * - `basic`: wants the password in clear
 */
export type DeviceFault = 'mute' | 'page' | 'not-found' | 'no-challenge' | 'basic';

export interface EventDeviceOptions {
  /** The answer's type with its boundary, and the boundary itself. */
  readonly type: string;
  readonly boundary: string;
  /** Null = nobody need log in. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** So many wrong logins lock it, whoever tries. */
  readonly lockAfter?: number;
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** What is answered instead of the stream, by what is asked with a right login; null = the stream. */
  readonly answer?: (asked: Asked) => Answered | null;
}

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

const REALM = 'IP Camera(C2345)';

export class EventDevice implements AsyncDisposable {
  readonly #options: EventDeviceOptions;
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  readonly #nonces = new Map<string, number>();
  #login: EventDeviceOptions['login'];
  fault: DeviceFault | null = null;
  /** The next nonce that is answered is called too old once. */
  staleOnce = false;
  /** Requests that had the password as it is. */
  inClear = 0;
  wrongLogins = 0;
  rightLogins = 0;
  isLocked = false;
  /** Told when somebody begins to listen. */
  onOpen: (() => void) | null = null;
  /** What was asked for, with its query. */
  readonly asked: string[] = [];

  private constructor(options: EventDeviceOptions) {
    this.#options = options;
    this.#login = options.login;
    this.#server = createServer((request, response) => this.#take(request, response));
  }

  static async open(options: EventDeviceOptions): Promise<EventDevice> {
    const device = new EventDevice(options);
    device.#server.listen(0, '127.0.0.1');
    await once(device.#server, 'listening');
    return device;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `http://user:password@host`, by default as it should be. */
  url(login = this.#login === null ? '' : `${this.#login.user}:${this.#login.password}@`): string {
    return `http://${login}127.0.0.1:${this.port}`;
  }

  get listeners(): number {
    return this.#open.size;
  }

  /** How many are connected, whatever they were answered. */
  connections(): Promise<number> {
    return promisify(this.#server.getConnections.bind(this.#server))();
  }

  setPassword(password: string): void {
    if (this.#login !== null) this.#login = { ...this.#login, password };
  }

  /** Sends a part to all that listen, with the right length. */
  send(body: string | Buffer, type = 'text/plain', length: number | null = Buffer.byteLength(body)): void {
    const told = length === null ? '' : `Content-Length: ${length}\r\n`;
    this.write(`--${this.#options.boundary}\r\nContent-Type: ${type}\r\n${told}\r\n`);
    this.write(body);
    this.write('\r\n');
  }

  /** Sends bytes as they are. */
  write(bytes: string | Buffer): void {
    for (const response of this.#open) response.write(bytes);
  }

  /** Ends all streams in order. */
  end(): void {
    for (const response of this.#open) response.end();
  }

  /** Cuts all connections, as a power failure would. */
  cut(): void {
    for (const response of this.#open) response.socket?.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(request.url ?? '');
    if (request.headers.authorization?.startsWith('Basic') === true) this.inClear++;
    if (this.fault === 'mute') return;
    if (this.fault === 'page') return void response.setHeader('Content-Type', 'text/html').end('<html></html>');
    if (this.fault === 'not-found') return void response.writeHead(404).end();
    if (this.fault === 'no-challenge') return void response.writeHead(401).end();
    if (this.fault === 'basic') {
      return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="camera"' }).end();
    }
    const refusal = this.#refusal(request);
    if (refusal !== null) return void response.writeHead(refusal.status, refusal.headers).end();
    if (this.#options.answer === undefined) return this.#stream(response);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const asked = { method: request.method ?? '', target: request.url ?? '', body };
      const answered = this.#options.answer?.(asked) ?? null;
      if (answered === null) this.#stream(response);
      else
        response.writeHead(answered.status, { 'Content-Type': answered.type ?? 'text/plain' }).end(answered.body ?? '');
    });
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': this.#options.type, Connection: 'keep-alive' });
    response.flushHeaders();
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
    this.onOpen?.();
  }

  #refusal(request: IncomingMessage): { readonly status: number; readonly headers: Record<string, string> } | null {
    if (this.#login === null) return null;
    const given = request.headers.authorization;
    if (given === undefined) return { status: 401, headers: this.#challenge() };
    if (this.isLocked) return { status: 403, headers: {} };
    if (this.staleOnce) {
      this.staleOnce = false;
      return { status: 401, headers: this.#challenge(', stale=TRUE') };
    }
    if (this.#isRight(given, request)) {
      this.rightLogins++;
      return null;
    }
    this.wrongLogins++;
    this.isLocked = this.wrongLogins >= (this.#options.lockAfter ?? Number.POSITIVE_INFINITY);
    return { status: 401, headers: this.#challenge() };
  }

  #challenge(more = ''): Record<string, string> {
    const nonce = randomBytes(12).toString('base64');
    this.#nonces.set(nonce, 0);
    const { algorithm } = this.#options;
    const named = algorithm === undefined ? '' : `, algorithm=${algorithm}`;
    // The realm is not first, as with some firmwares.
    return { 'WWW-Authenticate': `Digest qop="auth", realm="${REALM}", nonce="${nonce}"${named}${more}` };
  }

  /** By the RFC and on its own terms: what it checks was not made by the code under test. */
  #isRight(given: string, { method, url }: IncomingMessage): boolean {
    const field = (name: string): string =>
      new RegExp(`\\b${name}=(?:"([^"]*)"|([^\\s,]+))`).exec(given)?.slice(1).find(Boolean) ?? '';
    const used = this.#nonces.get(field('nonce'));
    const count = Number.parseInt(field('nc'), 16);
    if (used === undefined || !(count > used) || field('uri') !== url || field('qop') !== 'auth') return false;
    this.#nonces.set(field('nonce'), count);
    const hash = (text: string): string =>
      createHash(this.#options.algorithm === 'SHA-256' ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const { user, password } = this.#login ?? { user: '', password: '' };
    const secret = hash(`${user}:${REALM}:${password}`);
    const right = hash(
      `${secret}:${field('nonce')}:${field('nc')}:${field('cnonce')}:auth:${hash(`${method}:${url}`)}`,
    );
    return field('username') === user && field('response') === right;
  }
}
