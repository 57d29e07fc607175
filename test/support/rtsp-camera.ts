/**
 * A camera, or a recorder with several, on a port of 127.0.0.1: RTSP with its video in the same TCP connection, digest
 * logins that lock out after some wrong ones, and faults that can be switched while it runs.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { mediaLines, payloadsOf, rtpPacket, senderReport, type VideoStream } from './rtsp-packets.ts';

/**
 * - `stall`: connected, and silent; `stall-rtcp`: the same, but its reports go on
 * - `freeze`: the last keyframe again and again
 * - `not-found`: 404 to whoever connects
 * - `redirect`: sends whoever connects to itself, for ever
 * - `mute`: takes connections and answers nothing
 * - `half`: says what it can do, then half of what it sends, and no more
 */
export type RtspFault = 'none' | 'stall' | 'stall-rtcp' | 'freeze' | 'not-found' | 'redirect' | 'mute' | 'half';

export interface RtspVideo {
  readonly stream: VideoStream;
  readonly fps: number;
  /** Starts with the picture after a keyframe, as cameras do that make none for a new viewer. */
  readonly startsLate?: boolean;
  /** Which of its pictures, from one up to and without another, are repeated now: whole ones from a keyframe on. All by itself. */
  readonly part?: () => readonly [from: number, to: number];
  /** Whether its description holds the parameter sets; true unless told. */
  readonly describesSets?: boolean;
}

export interface RtspCameraOptions {
  /** An address of this machine; 127.0.0.1 unless told. */
  readonly host?: string;
  /** By path, without the slash: its first part, or all of it with the query, as recorders have it. */
  readonly videos: Readonly<Record<string, RtspVideo>>;
  readonly login?: { readonly user: string; readonly password: string };
  /** After so many wrong logins everybody is refused (403) until `unlock`. */
  readonly lockAfter?: number;
}

const REALM = 'camera';
const REPORT_EVERY_MS = 1000;

export async function rtspCamera(options: RtspCameraOptions): Promise<RtspCamera> {
  const camera = new RtspCamera(options);
  await camera.open();
  return camera;
}

export class RtspCamera {
  readonly #options: RtspCameraOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #faults = new Map<string, RtspFault>();
  readonly #nonce = randomBytes(16).toString('hex');
  #login: RtspCameraOptions['login'];
  /** Requests with an Authorization header that was wrong. */
  wrongLogins = 0;
  rightLogins = 0;
  /** DESCRIBE requests, by path. */
  readonly described = new Map<string, number>();
  /** PLAY requests, by path. */
  readonly played = new Map<string, number>();
  isLocked = false;

  constructor(options: RtspCameraOptions) {
    this.#options = options;
    this.#login = options.login;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async open(): Promise<void> {
    this.#server.listen(0, this.host);
    await once(this.#server, 'listening');
  }

  get host(): string {
    return this.#options.host ?? '127.0.0.1';
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `credentials` as they shall stand in the address: "user:password". */
  url(path = Object.keys(this.#options.videos)[0] ?? '', credentials?: string): string {
    return `rtsp://${credentials === undefined ? '' : `${credentials}@`}${this.host}:${this.port}/${path}`;
  }

  /** For one path, or for all. */
  setFault(fault: RtspFault, path?: string): void {
    for (const name of path === undefined ? Object.keys(this.#options.videos) : [path]) this.#faults.set(name, fault);
  }

  faultOf(path: string): RtspFault {
    return this.#faults.get(path) ?? 'none';
  }

  setPassword(password: string): void {
    this.#login = { user: this.#login?.user ?? 'admin', password };
  }

  unlock(): void {
    this.isLocked = false;
    this.wrongLogins = 0;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Closes all connections, as a camera does that is switched off for a moment. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    const session = new Session(socket, this);
    let text = '';
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      session.stop();
      this.#sockets.delete(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        // What a player reports of its reception stands between its requests.
        const request = /(?:OPTIONS|DESCRIBE|SETUP|PLAY|TEARDOWN|GET_PARAMETER) rtsp:[\s\S]*$/.exec(
          text.slice(0, end),
        )?.[0];
        text = text.slice(end + 4);
        if (request !== undefined) this.#answer(session, request);
      }
    });
  }

  #answer(session: Session, request: string): void {
    const [first = '', ...lines] = request.split('\r\n');
    const [method = '', uri = ''] = first.split(' ');
    const headers = new Map(
      lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.replace(/^[^:]*:\s*/, '')]),
    );
    const path = this.#pathOf(new URL(uri));
    const video = this.#options.videos[path];
    const fault = this.faultOf(path);
    if (fault === 'mute') return;
    const reply = (status: string, extra: readonly string[] = [], body = ''): void => {
      const length = body === '' ? [] : [`Content-Length: ${body.length}`];
      const text = [`RTSP/1.0 ${status}`, `CSeq: ${headers.get('cseq')}`, ...extra, ...length, '', body].join('\r\n');
      const isCut = fault === 'half' && method === 'DESCRIBE';
      session.write(isCut ? text.slice(0, text.length - body.length / 2) : text);
    };
    if (method === 'OPTIONS')
      return reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER']);
    if (method === 'DESCRIBE') this.described.set(path, (this.described.get(path) ?? 0) + 1);
    const refused = this.#refusal(method, headers.get('authorization'));
    if (refused !== null) return reply(refused.status, refused.headers);
    if (video === undefined || fault === 'not-found') return reply('404 Not Found');
    if (fault === 'redirect') return reply('302 Moved Temporarily', [`Location: ${this.url(path)}`]);
    if (method === 'DESCRIBE')
      return reply('200 OK', ['Content-Type: application/sdp', `Content-Base: ${uri}/`], describe(video));
    if (method === 'SETUP') {
      const transport = headers.get('transport') ?? '';
      if (!transport.includes('TCP')) return reply('461 Unsupported Transport');
      return reply('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1;timeout=60']);
    }
    reply('200 OK', ['Session: 1']);
    if (method === 'PLAY') {
      this.played.set(path, (this.played.get(path) ?? 0) + 1);
      session.play(path, video);
    }
    if (method === 'TEARDOWN') session.end();
  }

  /** The video that is meant; a track of it has its own name behind it. */
  #pathOf({ pathname, search }: URL): string {
    const asked = decodeURIComponent(`${pathname}${search}`).slice(1);
    const paths = Object.keys(this.#options.videos);
    return paths.find((path) => asked === path || asked.startsWith(`${path}/`)) ?? asked.split('/')[0] ?? '';
  }

  #refusal(method: string, authorization: string | undefined): { status: string; headers: string[] } | null {
    if (this.#login === undefined) return null;
    const challenge = [`WWW-Authenticate: Digest realm="${REALM}", nonce="${this.#nonce}"`];
    if (authorization === undefined) return { status: '401 Unauthorized', headers: challenge };
    if (this.isLocked) return { status: '403 Forbidden', headers: [] };
    const field = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(authorization)?.[1] ?? '';
    const { user, password } = this.#login;
    const secret = md5(`${user}:${REALM}:${password}`);
    const right = md5(`${secret}:${this.#nonce}:${md5(`${method}:${field('uri')}`)}`);
    if (field('username') === user && field('response') === right) {
      if (method === 'DESCRIBE') this.rightLogins++;
      return null;
    }
    this.wrongLogins++;
    this.isLocked = this.wrongLogins >= (this.#options.lockAfter ?? Number.POSITIVE_INFINITY);
    return { status: '401 Unauthorized', headers: challenge };
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function describe({ stream, describesSets = true }: RtspVideo): string {
  const media = ['m=video 0 RTP/AVP 96', ...mediaLines(stream, describesSets), 'a=control:track1'];
  return ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=camera', 't=0 0', 'a=control:*', ...media, ''].join('\r\n');
}

/** One viewer. */
class Session {
  readonly #socket: Socket;
  readonly #camera: RtspCamera;
  #timer: NodeJS.Timeout | null = null;
  #seq = 0;

  constructor(socket: Socket, camera: RtspCamera) {
    this.#socket = socket;
    this.#camera = camera;
  }

  write(bytes: string | Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Sends picture after picture at its pace, from the beginning again after the last one. */
  play(path: string, { stream, fps, startsLate = false, part }: RtspVideo): void {
    this.stop();
    const { units, codec } = stream;
    const startedAt = performance.now();
    let [next, ticks, reportedAt] = [startsLate ? 1 : 0, 0, 0];
    let keyAt = 0;
    const tick = (): void => {
      const due = Math.floor(((performance.now() - startedAt) * fps) / 1000);
      for (; ticks <= due; ticks++) {
        const fault = this.#camera.faultOf(path);
        const time = Math.round((ticks * 90_000) / fps);
        if (fault !== 'stall' && performance.now() - reportedAt >= REPORT_EVERY_MS) {
          reportedAt = performance.now();
          this.write(senderReport(1, { time, source: 1 }));
        }
        if (fault === 'stall' || fault === 'stall-rtcp') continue;
        const [from, to] = part?.() ?? [0, Number.POSITIVE_INFINITY];
        if (next < from || next >= to) next = from;
        const unit = units[next % units.length];
        if (unit === undefined) continue;
        if (unit.isKey && fault !== 'freeze') keyAt = next % units.length;
        const shown = fault === 'freeze' ? (unit.isKey ? units[keyAt] : undefined) : unit;
        if (shown !== undefined) this.#send(payloadsOf(shown, codec), time);
        next++;
      }
      this.#timer = setTimeout(tick, 1000 / fps);
    };
    tick();
  }

  #send(payloads: readonly Buffer[], time: number): void {
    payloads.forEach((payload, i) => {
      const isLast = i === payloads.length - 1;
      this.write(rtpPacket(0, { seq: this.#seq++, time, source: 1, isLast }, payload));
    });
  }
}
