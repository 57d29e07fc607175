/**
 * A broker of our own, for halls that have none: MQTT 3.1 and 3.1.1 on aedes, with accounts for devices and programs.
 *
 * A message that leads to a door of the hall is acknowledged when it is durable: aedes asks before it takes a message,
 * and sends the PUBACK when the question is answered, which is when `committed` is called. Nothing else is promised to
 * last: sessions end with their connection, and retained messages are kept in memory.
 */
import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket } from 'aedes';
import { MINUTE, SECOND } from '../../rules/time.ts';
import { type Broker, BrokerError, type BrokerListener, type PublishOptions } from '../broker.ts';
import { Receipts } from '../receipts.ts';
import { covers, routeOf } from '../topics.ts';
import {
  type Account,
  accountsOf,
  digestOf,
  type Guests,
  isSameAccount,
  NO_DIGEST,
  printable,
  quoted,
} from './embedded-accounts.ts';

export interface EmbeddedBrokerOptions extends Guests {
  readonly host: string;
  /** 0 = any free one; `port` of the broker says which. */
  readonly port: number;
  /** A larger packet closes its connection. Default 2 MiB. */
  readonly maxPacketBytes?: number;
  /** A message that leads to no door; `because` where it was refused. For whoever looks for a new device. */
  readonly onStray?: (topic: string, payload: Uint8Array, because: string | null) => void;
  /** Someone was refused; `clientId` is what the client calls itself, null where it has not said. */
  readonly onRefused?: (refusal: { readonly clientId: string | null; readonly because: string }) => void;
}

export interface EmbeddedBroker extends Broker {
  /** Where it listens; null while it does not. */
  readonly port: number | null;
  /**
   * Lets in these from now on, once the answer is called; throws a `BrokerError` for ids that are not fit or not unique. Whoever has
   * lost their account or part of what they may read, or has another password, is cut off.
   */
  admit(guests: Pick<Guests, 'clocks' | 'sources' | 'users'>): () => void;
}

/** Starting rejects with a `BrokerError` if the port cannot be had. Throws one for ids that are not fit or not unique. */
export function embeddedBroker(options: EmbeddedBrokerOptions): EmbeddedBroker {
  let present: Guests = options;
  let accounts = accountsOf(present);
  let house: House | null = null;
  return {
    name: 'embedded',
    get port() {
      return house?.port ?? null;
    },
    async start(listener) {
      house = new House(options, accounts, listener);
      house.admit(accounts, foreignOf(present));
      await house.open();
      // Nothing can have been lost while we were away: nobody was told that we have it.
      listener.connected({ sessionPresent: true });
      listener.drained();
    },
    async publish(topic, payload, { retain = false }: PublishOptions = {}) {
      if (house === null) throw new BrokerError('the embedded broker does not run', { retry: true });
      await house.publish(topic, payload, retain);
    },
    admit(guests) {
      const next = { ...present, ...guests };
      const admitted = accountsOf(next);
      return () => {
        [present, accounts] = [next, admitted];
        house?.admit(accounts, foreignOf(next));
      };
    },
    async stop() {
      const closing = house;
      house = null;
      await closing?.close();
    },
  };
}

/** What is known of a connection that has said CONNECT. */
interface Guest {
  readonly clientId: string;
  readonly receipts: Receipts<() => void>;
  account: Account | null;
}

/** What aedes is given for an answer when it shall close a connection; already told to `onRefused`. */
class Refusal extends Error {
  /** Bad user name or password (MQTT 3.1.1, section 3.2.2.3); heeded only where a login is refused. */
  readonly returnCode = 4;
}

/** A connection with more than this unacknowledged is not read until half of it is. */
const MAX_UNACKNOWLEDGED = 1000;
const DEFAULT_MAX_PACKET = 2 * 1024 * 1024;

const foreignOf = ({ clocks }: Guests): readonly string[] => clocks.flatMap(({ topics = [] }) => topics);

/** The running broker. */
class House {
  readonly #options: EmbeddedBrokerOptions;
  #accounts: ReadonlyMap<string, Account>;
  readonly #listener: BrokerListener;
  readonly #guests = new WeakMap<Client, Guest>();
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Client>();
  /** Topics of clocks of some make. */
  #foreign: readonly string[] = [];
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #aedes: Aedes;
  #closing = false;

  constructor(options: EmbeddedBrokerOptions, accounts: ReadonlyMap<string, Account>, listener: BrokerListener) {
    this.#options = options;
    this.#accounts = accounts;
    this.#listener = listener;
    this.#aedes = new Aedes({
      // No limit: one subscriber that does not read must not hold up the devices; it is dropped after `drainTimeout`.
      concurrency: 0,
      drainTimeout: 10 * SECOND,
      connectTimeout: 10 * SECOND,
      queueLimit: MAX_UNACKNOWLEDGED,
      // MQTT 3.1 allows 23 characters, to which the user name is added here.
      maxClientsIdLength: 65_535,
      preConnect: (client, packet, done) => this.#greet(client, packet, done),
      authenticate: (client, user, password, done) => this.#signIn(client, user, password, done),
      authorizePublish: (client, packet, done) => this.#take(client, packet, done),
      authorizeSubscribe: (client, wanted, done) => done(null, this.#mayRead(client, wanted.topic) ? wanted : null),
    });
    this.#aedes.on('clientError', (client, error) => this.#dropped(client, error));
    this.#aedes.on('connectionError', (client, error) => this.#dropped(client, error));
  }

  admit(accounts: ReadonlyMap<string, Account>, foreign: readonly string[]): void {
    this.#accounts = accounts;
    this.#foreign = foreign;
    for (const client of this.#clients) {
      const guest = this.#guests.get(client);
      if (guest?.account == null) continue;
      const before = guest.account;
      guest.account = accounts.get(before.id) ?? null;
      if (guest.account !== null && isSameAccount(before, guest.account)) continue;
      this.#refuse(guest, `the account ${quoted(before.id)} was taken away or changed`);
      client.close();
    }
  }

  get port(): number | null {
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? null) : null;
  }

  async open(): Promise<void> {
    const { host, port } = this.#options;
    await this.#aedes.listen();
    try {
      this.#server.listen({ host, port });
      await once(this.#server, 'listening');
    } catch (cause) {
      await this.close();
      throw new BrokerError(`the embedded broker cannot listen at ${host}:${port}`, { retry: true, cause });
    }
  }

  publish(topic: string, payload: string, retain: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false }, (error) => {
        if (!error) return resolve();
        reject(new BrokerError(`${topic} was not published: ${error.message}`, { retry: false, cause: error }));
      });
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    const closed = this.#server.listening ? once(this.#server, 'close') : null;
    this.#server.close();
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const { maxPacketBytes = DEFAULT_MAX_PACKET } = this.#options;
    const lengths = new PacketLengths();
    const read = socket.read.bind(socket);
    let client: Client | null = null;
    // aedes reads by this call alone, and knows neither a largest packet nor a limit to what is in flight.
    socket.read = (size?: number): unknown => {
      const guest = client === null ? undefined : this.#guests.get(client);
      if (guest !== undefined && guest.receipts.size >= MAX_UNACKNOWLEDGED) return null;
      const chunk: unknown = read(size);
      if (!(chunk instanceof Buffer)) return chunk;
      const largest = lengths.largestOf(chunk);
      if (largest <= maxPacketBytes) return chunk;
      this.#refuse(guest, `a packet of ${largest} bytes is larger than ${maxPacketBytes}`);
      socket.destroy();
      return null;
    };
    socket.setNoDelay(true);
    socket.setKeepAlive(true, MINUTE);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const handled = this.#aedes.handle(socket);
    client = handled;
    this.#clients.add(handled);
    socket.once('close', () => this.#clients.delete(handled));
  }

  /** Client ids are per user: nobody can take over the connection of another by calling itself the same. */
  #greet(client: Client, packet: ConnectPacket, done: (error: Error | null, welcome: boolean) => void): void {
    const { clientId, username = '' } = packet;
    const receipts = new Receipts<() => void>((acknowledge) => {
      queueMicrotask(acknowledge);
      if (receipts.size === MAX_UNACKNOWLEDGED / 2) setImmediate(readOn, client);
    });
    const guest: Guest = { clientId, receipts, account: null };
    this.#guests.set(client, guest);
    // aedes answers it in the words of 3.1.1, by which a client can fall back.
    if (packet.protocolVersion === 5) this.#refuse(guest, 'it speaks MQTT 5, and this broker 3.1 and 3.1.1');
    if (clientId !== '') packet.clientId = `${username.length} ${username} ${clientId}`;
    packet.clean = true;
    done(null, true);
  }

  #signIn(
    client: Client,
    user: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, welcome: boolean | null) => void,
  ): void {
    const guest = this.#guests.get(client);
    const account = this.#accounts.get(user ?? '');
    // Compared in any case, so that the time taken does not tell which users there are.
    const matches = timingSafeEqual(digestOf(password ?? ''), account?.digest ?? NO_DIGEST);
    if (guest !== undefined && account !== undefined && matches) {
      guest.account = account;
      return done(null, true);
    }
    const unknown = user ? 'there is no such user' : 'no user name was given';
    this.#refuse(guest, account === undefined ? unknown : `the password for ${quoted(account.id)} is wrong`);
    done(new Refusal(), null);
  }

  /** Asked for every message and every last will; answered when the message may be acknowledged and passed on. */
  #take(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const guest = client === null ? undefined : this.#guests.get(client);
    // Last wills of connections that we end ourselves would say of every device that it is gone.
    if (guest === undefined || guest.account === null || this.#closing) return done(new Refusal());
    const { account, receipts } = guest;
    const { topic, payload } = packet;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const { hall, onStray } = this.#options;
    if (/[+#]/.test(topic) || topic.startsWith('$') || !account.publish.some((grant) => covers(grant, topic))) {
      const because = `${quoted(account.id)} may not publish to ${quoted(topic)}`;
      this.#refuse(guest, because);
      onStray?.(topic, bytes, because);
      return done(new Refusal());
    }
    const route = routeOf(hall, topic);
    if (route?.kind === 'punch' || (account.isDevice && route === null)) packet.retain = false;
    const committed = receipts.take(() => {
      if (!this.#closing) done(null);
    });
    if (route === null && !this.#foreign.some((filter) => covers(filter, topic))) {
      onStray?.(topic, bytes, null);
      return committed();
    }
    this.#listener.message({ topic, payload: bytes, retained: false }, committed);
    queueMicrotask(() => readOn(client));
  }

  #mayRead(client: Client, filter: string): boolean {
    const guest = this.#guests.get(client);
    const account = guest?.account;
    if (!filter.startsWith('$') && account?.subscribe.some((grant) => covers(grant, filter))) return true;
    this.#refuse(guest, `${quoted(account?.id ?? '')} may not subscribe to ${quoted(filter)}`);
    return false;
  }

  /**
   * A connection that aedes ended. Faults of the network have a code of Node's and are nobody's refusal; refusals of a
   * CONNECT have aedes' `errorCode` and have been told.
   */
  #dropped(client: Client, error: Error): void {
    if (error instanceof Refusal || client.closed || 'code' in error || 'errorCode' in error) return;
    this.#refuse(this.#guests.get(client), error.message);
  }

  #refuse(guest: Guest | undefined, because: string): void {
    this.#options.onRefused?.({ clientId: guest === undefined ? null : printable(guest.clientId), because });
  }
}

/**
 * aedes reads a connection again when as many packets are done, or as many `readable` events have come, as it read before.
 * A message that waits to be durable shall not keep it from reading the next, nor from answering a ping.
 */
function readOn(client: Client | null): void {
  client?.conn.emit('readable');
}

/** Follows packets through a stream of bytes by their lengths (MQTT 3.1.1, section 2.2.3). */
class PacketLengths {
  /** Bytes of the present packet that are still to come. */
  #left = 0;
  /** What one unit of the next byte of a length is worth; 0 = a packet's first byte is next. */
  #unit = 0;
  #length = 0;

  /** The largest length that is announced within these bytes, which follow those of the last call; 0 if none is. */
  largestOf(bytes: Uint8Array): number {
    let largest = 0;
    for (let i = 0; i < bytes.length; ) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, bytes.length - i);
        this.#left -= skipped;
        i += skipped;
        continue;
      }
      const byte = bytes[i++] as number;
      if (this.#unit === 0) {
        this.#unit = 1;
        this.#length = 0;
        continue;
      }
      this.#length += (byte & 0x7f) * this.#unit;
      this.#unit *= 128;
      largest = Math.max(largest, this.#length);
      if (byte >= 0x80) continue;
      this.#left = this.#length;
      this.#unit = 0;
    }
    return largest;
  }
}
