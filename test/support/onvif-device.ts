/**
 * An ONVIF camera on an address of this machine: its services with tokens or digest logins that lock out, snapshots, events by
 * PullPoint, answers to searches; and faults that can be switched while it runs.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as answers from './onvif-answers.ts';
import { PullPoints } from './onvif-pull-points.ts';

/**
 * - `mute`: takes questions and answers nothing; `half`: breaks no connection, but ends in the middle of an answer
 * - `redirect`: sends on to itself, for ever; `away`: to another host
 * - `page`: a web page instead of ONVIF
 */
export type OnvifFault = 'none' | 'mute' | 'half' | 'redirect' | 'away' | 'page';
export type SnapshotFault = 'none' | 'huge' | 'endless' | 'cut' | 'page' | 'mute' | 'redirect' | 'stale';

export interface OnvifDeviceOptions {
  /** An address of this machine; 127.0.0.1 unless told. */
  readonly host?: string;
  /** Of its web server; any free one unless told. */
  readonly port?: number;
  readonly login?: { readonly user: string; readonly password: string };
  /** How it wants the login for ONVIF; a token unless told. `token-basic`: it speaks of another way, and means a token. */
  readonly way?: 'token' | 'digest' | 'token-basic';
  readonly algorithm?: 'MD5' | 'SHA-256';
  /** After so many wrong logins everybody is refused until `unlock`. */
  readonly lockAfter?: number;
  /** How far its clock is ahead; tokens must be of its own time, give or take five seconds. */
  readonly aheadMs?: number;
  /** The host and port that it gives itself. */
  readonly namedHost?: string;
  readonly profiles?: readonly answers.ProfileSetup[];
  /** Where the video of a profile is. */
  readonly streamOf?: (token: string) => string;
  readonly picture?: Buffer;
  readonly snapshotPath?: string;
  readonly urn?: string;
  readonly name?: string;
  /** Answers searches at its address, and those to everybody on the card with this address. */
  readonly isFound?: boolean;
  readonly card?: string;
}

const REALM = 'IP Camera(E3578)';
const TOKEN_MS = 5_000;
const PROFILES = [
  { token: 'main', width: 1920, height: 1080, fps: 25, gop: 50 },
  { token: 'sub', width: 640, height: 360, fps: 10, gop: 10 },
];

export async function onvifDevice(options: OnvifDeviceOptions = {}): Promise<OnvifDevice> {
  const device = new OnvifDevice(options);
  await device.open();
  return device;
}

export class OnvifDevice {
  readonly #options: OnvifDeviceOptions;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets: Socket[] = [];
  readonly #nonces = new Set<string>();
  readonly events: PullPoints;
  fault: OnvifFault = 'none';
  snapshotFault: SnapshotFault = 'none';
  wrongLogins = 0;
  isLocked = false;
  /** Messages by their name, and `snapshot`, with whether they were let in. */
  readonly asked: { readonly method: string; readonly isIn: boolean }[] = [];
  #staleSent = false;

  constructor(options: OnvifDeviceOptions) {
    this.#options = options;
    this.events = new PullPoints(
      () => this.#base(),
      () => this.#now(),
    );
  }

  async open(): Promise<void> {
    const { port = 0, isFound = false, card } = this.#options;
    this.#server.listen(port, this.host);
    await once(this.#server, 'listening');
    if (isFound) await this.#listen(this.host, null);
    // Bound to the group itself: nothing but what is sent to it comes in.
    if (card !== undefined) await this.#listen('239.255.255.250', card);
  }

  get host(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `credentials` as they shall stand in the address: "user:password". */
  source(credentials?: string): string {
    return `onvif://${credentials === undefined ? '' : `${credentials}@`}${this.host}:${this.port}`;
  }

  get snapshotUrl(): string {
    return `http://${this.host}:${this.port}${this.#options.snapshotPath ?? '/onvif-http/snapshot?Profile_1'}`;
  }

  countOf(method: string): number {
    return this.asked.filter((one) => one.method === method).length;
  }

  unlock(): void {
    [this.isLocked, this.wrongLogins] = [false, 0];
  }

  async close(): Promise<void> {
    this.events.forget();
    for (const socket of this.#sockets.splice(0)) {
      socket.close();
      await once(socket, 'close');
    }
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #now(): Date {
    return new Date(Date.now() + (this.#options.aheadMs ?? 0));
  }

  /** As it sees itself. */
  #base(): string {
    return `http://${this.#options.namedHost ?? `${this.host}:${this.port}`}`;
  }

  async #listen(address: string, card: string | null): Promise<void> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    this.#sockets.push(socket);
    socket.on('message', (bytes, { address: from, port }) => {
      if (!bytes.toString().includes('Probe')) return;
      const { urn = `urn:uuid:${this.port}`, name = 'Fixture' } = this.#options;
      const scopes = ['Profile/Streaming', 'hardware/ZG-1', 'location/hall', `name/${encodeURIComponent(name)}`];
      const xaddrs = [`${this.#base()}/onvif/device_service`];
      socket.send(answers.probeMatches({ urn, scopes, xaddrs }), port, from);
    });
    socket.bind(3702, address);
    await once(socket, 'listening');
    if (card !== null) socket.addMembership(address, card);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const path = request.url ?? '';
    if (request.method === 'GET') return this.#snapshot(path, request, response);
    const method = /<s:Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
    if (this.fault === 'mute') return;
    if (this.fault === 'redirect') return void response.writeHead(302, { Location: path }).end();
    if (this.fault === 'away') return void response.writeHead(302, { Location: 'http://192.0.2.250/' }).end();
    if (this.fault === 'page')
      return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Hello</html>');
    const refusal = this.#refusal(method, body, request);
    this.asked.push({ method, isIn: refusal === null });
    if (refusal !== null) return void response.writeHead(refusal.status, refusal.headers).end(refusal.body);
    const answer = await this.#serve(method, path, body);
    if (answer === 'closed') return void request.socket.destroy();
    const text = answer === null ? answers.fault('ActionNotSupported', 'Optional Action Not Implemented') : answer;
    response.writeHead(answer === null ? 400 : 200, { 'Content-Type': 'application/soap+xml; charset=utf-8' });
    if (this.fault === 'half') response.write(text.slice(0, text.length / 2));
    else response.end(text);
  }

  async #serve(method: string, path: string, body: string): Promise<string | 'closed' | null> {
    const profile = /<(?:\w+:)?ProfileToken>([^<]*)/.exec(body)?.[1] ?? '';
    const { profiles = PROFILES, streamOf = (token) => `rtsp://${this.host}:554/${token}` } = this.#options;
    switch (method) {
      case 'GetSystemDateAndTime':
        return answers.envelope(answers.dateAndTime(this.#now()));
      case 'GetCapabilities':
        return answers.envelope(answers.capabilities(this.#base()));
      case 'GetDeviceInformation':
        return answers.envelope(
          answers.information({
            Manufacturer: 'Fixture &amp; Co',
            Model: 'ZG-1',
            FirmwareVersion: 'V5.7.3',
            SerialNumber: 'S1',
            HardwareId: '88',
          }),
        );
      case 'GetProfiles':
        return answers.envelope(answers.profiles(profiles));
      case 'GetStreamUri':
        return answers.envelope(answers.uri(method, streamOf(profile)));
      case 'GetSnapshotUri': {
        const { snapshotPath = '/onvif-http/snapshot?Profile_1' } = this.#options;
        return answers.envelope(answers.uri(method, `${this.#base()}${snapshotPath}`));
      }
      default:
        return await this.events.serve(method, path, body);
    }
  }

  #refusal(
    method: string,
    body: string,
    request: IncomingMessage,
  ): { status: number; headers: Record<string, string>; body: string } | null {
    const { login, way = 'token' } = this.#options;
    // These two are for everybody (ONVIF Core, access class PRE_AUTH).
    if (login === undefined || method === 'GetSystemDateAndTime' || method === 'GetCapabilities') return null;
    if (way === 'digest') return this.#digestRefusal(request);
    const [status, headers] = way === 'token' ? [400, {}] : [401, { 'WWW-Authenticate': 'Basic realm="x"' }];
    const refuse = (text: string) => ({ status, headers, body: answers.fault('NotAuthorized', text) });
    const field = (name: string): string => new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)<`).exec(body)?.[1] ?? '';
    if (field('Username') === '') return refuse('Sender not Authorized');
    if (this.isLocked)
      return { status: 400, headers: {}, body: answers.fault('OperationProhibited', 'The user is locked') };
    const created = field('Created');
    const nonce = Buffer.from(field('Nonce'), 'base64');
    const right = createHash('sha1').update(nonce).update(created).update(login.password).digest('base64');
    const isFresh =
      Math.abs(Date.parse(created) - this.#now().getTime()) <= TOKEN_MS && !this.#nonces.has(nonce.toString('hex'));
    this.#nonces.add(nonce.toString('hex'));
    const user = field('Username').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
    if (user === login.user && field('Password') === right && isFresh) return null;
    this.#countWrong();
    return refuse('Sender not Authorized');
  }

  #countWrong(): void {
    this.wrongLogins++;
    this.isLocked = this.wrongLogins >= (this.#options.lockAfter ?? Number.POSITIVE_INFINITY);
  }

  /** Each nonce is good for one request. */
  #digestRefusal(request: IncomingMessage): { status: number; headers: Record<string, string>; body: string } | null {
    const { login, algorithm = 'MD5' } = this.#options;
    if (login === undefined) return null;
    const given = request.headers.authorization;
    const challenge = (extra = '') => {
      const nonce = randomBytes(16).toString('hex');
      this.#nonces.add(nonce);
      // The realm not first, as some write it.
      const header = `Digest qop="auth", realm="${REALM}", nonce="${nonce}", algorithm=${algorithm}, opaque="5ccc"${extra}`;
      return { status: 401, headers: { 'WWW-Authenticate': header }, body: '' };
    };
    if (given === undefined) return challenge();
    if (this.isLocked) return { status: 403, headers: {}, body: 'locked' };
    const field = (name: string): string => new RegExp(`\\b${name}="?([^",]*)"?`).exec(given)?.[1] ?? '';
    if (this.snapshotFault === 'stale' && !this.#staleSent) {
      this.#staleSent = true;
      return challenge(', stale=true');
    }
    const hash = (text: string): string =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const secret = hash(`${login.user}:${REALM}:${login.password}`);
    const asked = hash(`${request.method}:${request.url}`);
    const right = hash(`${secret}:${field('nonce')}:${field('nc')}:${field('cnonce')}:auth:${asked}`);
    const isKnown = this.#nonces.delete(field('nonce'));
    if (isKnown && field('username') === login.user && field('response') === right) return null;
    this.#countWrong();
    return challenge();
  }

  #snapshot(path: string, request: IncomingMessage, response: ServerResponse): void {
    const { snapshotPath = '/onvif-http/snapshot?Profile_1', picture = Buffer.alloc(0) } = this.#options;
    const fault = this.snapshotFault;
    if (fault === 'mute') return;
    if (fault === 'redirect') return void response.writeHead(302, { Location: path }).end();
    if (path !== snapshotPath) return void response.writeHead(404).end();
    const refusal = this.#digestRefusal(request);
    this.asked.push({ method: 'snapshot', isIn: refusal === null });
    if (refusal !== null) return void response.writeHead(refusal.status, refusal.headers).end(refusal.body);
    if (fault === 'page') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>');
    response.writeHead(200, { 'Content-Type': 'image/jpeg' });
    if (fault === 'endless') return endless(response);
    if (fault === 'huge') return void response.end(enlarged(picture));
    response.end(fault === 'cut' ? picture.subarray(0, picture.length / 2) : picture);
  }
}

/** A picture that says it has 200 megapixels. */
function enlarged(picture: Buffer): Buffer {
  const bytes = Buffer.from(picture);
  const size = bytes.indexOf('ffc0', 0, 'hex') + 5;
  bytes.writeUInt16BE(10_000, size);
  bytes.writeUInt16BE(20_000, size + 2);
  return bytes;
}

function endless(response: ServerResponse): void {
  const block = Buffer.alloc(1 << 20, 0xff);
  const more = (): void => {
    while (!response.destroyed && response.write(block));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
