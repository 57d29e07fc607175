/**
 * The address at which devices push: nothing but what clocks of some make ask there is answered. A device that nobody has configured
 * is refused, so that it keeps what it has, and is shown to installers.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DeviceAnswer, DeviceRequest, DeviceSocket } from '../../adapters/clock.ts';
import type { Ms } from '../../rules/time.ts';
import { type ListenTcp, open } from '../http/listening.ts';
import { faultOf, type Log } from '../log.ts';
import type { OpenClock } from './clock-room.ts';
import type { RecentMessages } from './recent-messages.ts';

export interface DeviceDoorOptions {
  /** The clocks as they are now. */
  readonly clocks: () => readonly OpenClock[];
  readonly recent: Pick<RecentMessages, 'came'>;
  readonly now: () => Ms;
  readonly log: Log;
}

/** A device that nobody has configured. */
export interface Stranger {
  /** How it came: method and path, and the serial number that it gave. */
  readonly about: string;
  readonly from: string;
  readonly firstAt: Ms;
  readonly lastAt: Ms;
  readonly times: number;
}

export interface DeviceDoor {
  readonly port: number;
  readonly strangers: readonly Stranger[];
  close(): Promise<void>;
}

/** A page of a device's log with pictures; more is not one. */
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_STRANGERS = 100;
/** Larger requests of devices that nobody has configured are not read. */
const MOST_OF_STRANGER = 64 * 1024;
const MOST_CONNECTIONS = 2000;
/** From its first byte to its last, a request takes no longer: half-sent ones would pile up. */
const REQUEST_MS: Ms = 60_000;
const HEADERS_MS: Ms = 10_000;
/** A device says who it is at once. */
const FIRST_WORD_MS: Ms = 30_000;
/** Firmware that does not answer (RFC 6455, section 5.5.2, wants it to) is heard when it speaks. */
const PING_MS: Ms = 30_000;
/** So many messages wait before a socket is not read any more. */
const MOST_WAITING = 16;

/** Opens it. Rejects with a `ListenError` if the address cannot be had. */
export async function deviceDoor(address: ListenTcp, options: DeviceDoorOptions): Promise<DeviceDoor> {
  const house = new DeviceHouse(options);
  await open(house.server, address);
  const bound = house.server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    get strangers() {
      return house.strangers;
    },
    close: () => house.close(),
  };
}

class DeviceHouse {
  readonly server: Server;
  readonly #options: DeviceDoorOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  readonly #connections = new Set<Socket>();
  readonly #strangers = new Map<string, Stranger>();

  constructor(options: DeviceDoorOptions) {
    this.#options = options;
    this.server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS }, (request, response) => {
      this.#answer(request, response).catch((cause: unknown) => {
        options.log.error(faultOf(cause), 'request of a device failed');
        refuse(response, 500, 'error');
      });
    });
    this.server.maxConnections = MOST_CONNECTIONS;
    this.server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(request, socket, head),
    );
  }

  get strangers(): readonly Stranger[] {
    return [...this.#strangers.values()];
  }

  /** What is not answered yet is not acknowledged either: the device sends it again. */
  async close(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  // ---- HTTP --------------------------------------------------------------------------------------------------------

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = addressOf(request);
    if (address === null) return refuse(response, 400, 'bad address');
    const asked = { method: request.method ?? 'GET', ...address };
    const found = this.#options.clocks().find(({ clock }) => clock.http?.isMine(asked));
    if (found?.clock.http === undefined) {
      this.#strange(`${asked.method} ${shown(address)}`, request);
      // What it would have said, for whoever is about to write a mapping for it.
      const said = Number(request.headers['content-length'] ?? 0) <= MOST_OF_STRANGER ? await bodyOf(request) : null;
      if (said !== null && said.length > 0) {
        this.#options.recent.came(
          'http',
          address.path,
          said,
          'refused',
          'no clock of the configuration is asked for here',
        );
      }
      return refuse(response, 404, 'unknown device');
    }
    const body = await bodyOf(request);
    if (body === null) return refuse(response, 413, 'too large');
    this.#options.recent.came('http', address.path, body);
    const question: DeviceRequest = { ...asked, headers: headersOf(request), body, from: fromOf(request) };
    write(response, await found.clock.http.handle(question, found.listener));
  }

  #strange(about: string, request: IncomingMessage): void {
    const from = fromOf(request);
    const key = `${from} ${about}`;
    const at = this.#options.now();
    const known = this.#strangers.get(key);
    if (known === undefined) this.#options.log.warn({ from, about }, 'unknown device was refused');
    this.#strangers.delete(key);
    this.#strangers.set(key, {
      about,
      from,
      firstAt: known?.firstAt ?? at,
      lastAt: at,
      times: (known?.times ?? 0) + 1,
    });
    for (const oldest of this.#strangers.keys()) {
      if (this.#strangers.size <= MOST_STRANGERS) break;
      this.#strangers.delete(oldest);
    }
  }

  // ---- WebSocket -----------------------------------------------------------------------------------------------------

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Node has taken its own listener off, and a reset that nobody listens for would end the program.
    socket.on('error', () => socket.destroy());
    const address = addressOf(request);
    const isKnown = this.#options.clocks().some(({ clock }) => clock.socket?.paths.includes(address?.path ?? ''));
    if (address === null || !isKnown) {
      if (address !== null) this.#strange(`WebSocket ${shown(address)}`, request);
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => {
      const inbox = new Inbox(client, { ...address, from: fromOf(request) }, this.#options.recent);
      this.#talk(inbox, request).catch((cause: unknown) => {
        this.#options.log.error(faultOf(cause), 'talk with a device failed');
        client.terminate();
      });
    });
  }

  async #talk(inbox: Inbox, request: IncomingMessage): Promise<void> {
    const late = setTimeout(() => inbox.close('it did not say who it is'), FIRST_WORD_MS);
    const first = await inbox.next();
    clearTimeout(late);
    if (first === null) return;
    const found = this.#options.clocks().find(({ clock }) => {
      return clock.socket?.paths.includes(inbox.path) === true && clock.socket.isMine(first);
    });
    if (found?.clock.socket === undefined) {
      this.#strange(`WebSocket ${inbox.path} ${first.slice(0, 80)}`, request);
      return inbox.close('unknown device');
    }
    // Such devices only speak when somebody touches them; an answer to a ping is a sign of life as well.
    inbox.onPong(() => found.listener.heard());
    const pings = setInterval(() => inbox.ping(), PING_MS);
    try {
      await found.clock.socket.talk(inbox, first, found.listener);
    } finally {
      clearInterval(pings);
    }
    inbox.close('done');
  }
}

/** The messages of a socket, in their order; a device that sends faster than it is read is held back. */
class Inbox implements DeviceSocket {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly from: string;
  readonly #client: WebSocket;
  readonly #waiting: string[] = [];
  #wanted: ((text: string | null) => void) | null = null;
  #isClosed = false;

  constructor(
    client: WebSocket,
    { path, query, from }: Pick<DeviceSocket, 'path' | 'query' | 'from'>,
    recent: DeviceDoorOptions['recent'],
  ) {
    this.path = path;
    this.query = query;
    this.from = from;
    this.#client = client;
    client.on('message', (data, isBinary) => {
      const text = isBinary ? '' : data.toString();
      recent.came('websocket', path, Buffer.from(text));
      this.#came(text);
    });
    client.on('close', () => this.#closed());
    // What breaks shows in that it closes.
    client.on('error', () => client.terminate());
  }

  next(): Promise<string | null> {
    const text = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#client.resume();
    if (text !== undefined) return Promise.resolve(text);
    if (this.#isClosed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  send(text: string): void {
    if (!this.#isClosed) this.#client.send(text, () => {});
  }

  ping(): void {
    if (!this.#isClosed) this.#client.ping(() => {});
  }

  onPong(heard: () => void): void {
    this.#client.on('pong', heard);
  }

  close(because: string): void {
    this.#client.close(1000, because.slice(0, 100));
  }

  #came(text: string): void {
    const wanted = this.#wanted;
    this.#wanted = null;
    if (wanted !== null) return wanted(text);
    this.#waiting.push(text);
    if (this.#waiting.length >= MOST_WAITING) this.#client.pause();
  }

  #closed(): void {
    this.#isClosed = true;
    this.#wanted?.(null);
    this.#wanted = null;
  }
}

interface Address {
  readonly path: string;
  readonly query: URLSearchParams;
}

function addressOf({ url = '/' }: IncomingMessage): Address | null {
  try {
    const { pathname, searchParams } = new URL(url, 'http://device');
    return { path: decodeURIComponent(pathname), query: searchParams };
  } catch {
    return null;
  }
}

/** With a serial number where it gives one; whatever else it says may be personal. */
function shown({ path, query }: Address): string {
  const serial = query.get('SN') ?? query.get('sn');
  return `${path.slice(0, 100)}${serial === null ? '' : `?SN=${serial.slice(0, 40)}`}`;
}

const fromOf = (request: IncomingMessage): string => request.socket.remoteAddress ?? '';

function headersOf({ headers }: IncomingMessage): Headers {
  const found = new Headers();
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') found.set(name, value);
  return found;
}

/** Null where it is larger than anything that a device has to say. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function write(response: ServerResponse, { status, body, headers = {} }: DeviceAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    ...headers,
    'content-length': bytes.length,
  });
  response.end(bytes);
}

function refuse(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) return void response.destroy();
  write(response, { status, body, headers: { connection: 'close' } });
}
