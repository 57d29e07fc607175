/**
 * One connection to a broker outside, from the first packet to the last.
 *
 * A message is acknowledged when it is durable, not when it is handled. So mqtt.js, which acknowledges what it handles, does
 * not see the messages: they are taken out of what the broker sends before (`mqtt-wire.ts`), thousands are in flight, and
 * the PUBACKs are written here, in the order of receipt.
 */
import { randomBytes } from 'node:crypto';
import { type IClientOptions, type IConnackPacket, MqttClient } from 'mqtt';
import { DAY_LENGTH, type Ms, SECOND } from '../../rules/time.ts';
import { BrokerError, type BrokerListener } from '../broker.ts';
import type { MqttAddress } from '../mqtt-address.ts';
import { causeOf, isFinal, reasonOf, refusesVersion } from '../mqtt-reasons.ts';
import { Receipts } from '../receipts.ts';
import type { Subscriptions } from './mqtt-subscriptions.ts';
import { type Inbound, type Version, Wire } from './mqtt-wire.ts';

export interface MqttBrokerOptions {
  /** `mqtt://host:port` or `mqtts://host:port`; a user name and password in it are used where none are given. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Names the session that the broker keeps: it must stay the same and be nobody else's. */
  readonly clientId: string;
  /** Topic filters, subscribed at QoS 1 on every connection. */
  readonly topics: readonly string[];
  /** Those that the broker's session may still have of earlier: they are unsubscribed. */
  readonly formerTopics?: readonly string[];
  /** Told whenever the broker has confirmed that its session has what is wanted by now and no filter of earlier. */
  readonly settled?: () => void;
  /** A topic that only this client uses; its own message coming back on it marks the end of a backlog. */
  readonly syncTopic: string;
  /** What the broker says for us when we vanish without a word; QoS 1. */
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain: boolean };
  /** PEM; without it the certificates that Node trusts. */
  readonly ca?: string;
  /** PEM, with `key`: for brokers that know their clients by certificate. */
  readonly cert?: string;
  readonly key?: string;
  /** For how long the broker keeps messages while we are away (MQTT 5; 3.1.1 leaves it to the broker). Default 7 days. */
  readonly sessionExpiryMs?: Ms;
  /**
   * How many messages the broker sends ahead of our acknowledgements (MQTT 5). Default 1000. Keep it: a Mosquitto 2.0.11
   * whose client came back with a smaller one was seen to deliver thousands of messages twice.
   */
  readonly receiveMaximum?: number;
  /** A silent connection is given up after one and a half of these. Default 30 s. */
  readonly keepaliveMs?: Ms;
  /** Default 10 s. */
  readonly connectTimeoutMs?: Ms;
  /** The mark of a backlog's end is sent again when it has not come back for so long. Default 10 s. */
  readonly syncTimeoutMs?: Ms;
  /** The first pause before a new attempt (default 0.5 s), doubled up to `retryToMs` until a backlog was drained. */
  readonly retryFromMs?: Ms;
  /** Default 30 s. */
  readonly retryToMs?: Ms;
}

/** A full queue may swallow a mark; where this many are lost to silence, the broker does not let us hear ourselves. */
const LOST_MARKS = 3;
/**
 * With more than this not yet durable, nothing more is read. The broker's own limit is not one: a Mosquitto 2.0.11 that
 * got 100 PUBACKs at once sent 10 000 messages to a client whose receive maximum was 100.
 */
const MAX_UNCOMMITTED = 10_000;
/** How long a stop waits for what is being published and for the connection to close. */
const STOP_TIMEOUT: Ms = 2 * SECOND;
/** The most that a PUBLISH of ours has beside its topic and payload, in bytes. */
const MAX_OVERHEAD = 10;

type LinkOptions = MqttBrokerOptions & { readonly subscriptions: Subscriptions };

/** What a connection tells of itself. */
interface LinkEvents extends Pick<BrokerListener, 'message' | 'connected' | 'drained'> {
  /** Called once, even if it never was connected. */
  ended(because: string, versionRefused: boolean): void;
}

interface Outbound {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
  resolve(): void;
  reject(error: BrokerError): void;
}

export class Link {
  readonly #options: LinkOptions;
  readonly #address: MqttAddress;
  readonly #events: LinkEvents;
  readonly #wire: Wire;
  readonly #client: MqttClient;
  readonly #receipts = new Receipts<number | null>((messageId) => this.#acknowledge(messageId));
  /** Says which connection a mark belongs to: the backlog may hold those of former ones. */
  readonly #token = randomBytes(9).toString('base64url');
  /** Messages that came before mqtt.js had finished with the CONNACK. */
  readonly #early: Inbound[] = [];
  readonly #waiting: Outbound[] = [];
  readonly #unanswered = new Set<Outbound>();
  /** Who waits for the broker's word on subscriptions. */
  readonly #asking = new Set<(because: null) => void>();
  /** What the broker takes: messages of ours without an answer, and bytes of a packet. */
  #window = 0;
  #largest = 0;
  #state: 'opening' | 'up' | 'stopping' | 'ended' = 'opening';
  #due: number[] = [];
  #because: string | null = null;
  #versionRefused = false;
  #drained = false;
  #quietMarks = 0;
  #markTimer: NodeJS.Timeout | undefined;
  #holdTimer: NodeJS.Timeout | null = null;

  constructor(options: LinkOptions, address: MqttAddress, version: Version, events: LinkEvents) {
    this.#options = options;
    this.#address = address;
    this.#events = events;
    this.#wire = new Wire(address, { ...options, version }, (message) => {
      if (this.#state === 'up') this.#receive(message);
      else if (this.#state === 'opening') this.#early.push(message);
    });
    // mqtt.js tells nothing of an error without a code.
    this.#wire.on('error', (error) => {
      this.#because ??= causeOf(error, address);
    });
    this.#client = new MqttClient(() => this.#wire, clientOptions(options, address, version));
    this.#client.on('connect', (connack) => this.#opened(connack));
    this.#client.on('error', (error) => {
      this.#because ??= causeOf(error, address);
      this.#versionRefused ||= this.#state === 'opening' && refusesVersion(error);
    });
    this.#client.on('disconnect', ({ reasonCode = 0 }) => {
      this.#because ??= reasonCode === 0 ? 'the broker ended the connection' : reasonOf(reasonCode);
    });
    this.#client.on('close', () => this.#ended());
    this.#client.connect();
  }

  publish(topic: string, payload: string, retain: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ topic, payload, retain, resolve, reject });
      this.#send();
    });
  }

  /** Ends the connection in order, not the session: what is not acknowledged by now comes again. */
  async stop(): Promise<void> {
    if (this.#state === 'ended') return;
    const wasUp = this.#state === 'up';
    this.#writeAcknowledgements();
    this.#state = 'stopping';
    clearTimeout(this.#markTimer);
    const closed = new Promise<void>((resolve) => this.#client.once('close', () => resolve()));
    const deadline = setTimeout(() => this.#wire.destroy(), STOP_TIMEOUT);
    if (wasUp) this.#endWhenSent();
    else this.#wire.destroy();
    await closed;
    clearTimeout(deadline);
  }

  #opened({ sessionPresent, properties }: IConnackPacket): void {
    if (this.#state !== 'opening') return;
    this.#state = 'up';
    this.#window = properties?.receiveMaximum ?? Number.POSITIVE_INFINITY;
    this.#largest = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.#events.connected({ sessionPresent });
    this.#send();
    for (const packet of this.#early.splice(0)) this.#receive(packet);
    // On every connection: a session may be older than the list, and a broker may say that it is there when it is not.
    void this.subscribe(this.#options.subscriptions.wanted).then((because) => {
      if (this.#state !== 'up') return;
      if (because !== null) return this.#fail(because);
      this.#sendMark();
      void this.unsubscribe();
    });
  }

  /** Why the broker does not grant all of them; null = it does, or there is no connection on which it could be asked. */
  async subscribe(topics: readonly string[]): Promise<string | null> {
    if (topics.length === 0) return null;
    return await this.#asked((done) => {
      this.#client.subscribe([...topics], { qos: 1, rh: 1 }, (error, _granted, suback) => {
        if (error !== null && suback === undefined) return done(causeOf(error, this.#address));
        const refused = topics.findIndex((_topic, i) => suback?.granted[i] !== 1);
        if (refused === -1) done(null);
        else if (suback?.granted[refused] !== 0) done(`the broker refused the subscription to ${topics[refused]}`);
        else done(`the broker grants ${topics[refused]} at QoS 0 only, which may lose messages`);
      });
    });
  }

  /** What is not wanted any more. Where it fails it is tried on the next connection. */
  async unsubscribe(): Promise<void> {
    const { subscriptions, settled } = this.#options;
    const { former } = subscriptions;
    const because = await this.#asked((done) => {
      if (former.length === 0) return done(null);
      this.#client.unsubscribe([...former], (error) => done(error ? 'not unsubscribed' : null));
    });
    if (because !== null || this.#state !== 'up') return;
    subscriptions.gone(former);
    if (subscriptions.former.length === 0) settled?.();
  }

  /** The broker's answer; null once the connection is gone, or where there is none yet. */
  #asked(ask: (done: (because: string | null) => void) => void): Promise<string | null> {
    if (this.#state !== 'up') return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (because: string | null): void => {
        this.#asking.delete(resolve);
        resolve(this.#state === 'up' ? because : null);
      };
      this.#asking.add(resolve);
      ask(done);
    });
  }

  #receive({ topic, payload, retained, messageId }: Inbound): void {
    const committed = this.#receipts.take(messageId);
    if (this.#receipts.size >= MAX_UNCOMMITTED) this.#hold();
    this.#quietMarks = 0;
    if (topic !== this.#options.syncTopic) {
      this.#events.message({ topic, payload, retained }, committed);
      return;
    }
    committed();
    if (this.#drained || payload.toString() !== this.#token) return;
    this.#drained = true;
    clearTimeout(this.#markTimer);
    this.#events.drained();
  }

  /** What the broker kept for us and our own message wait in one queue, the message at its end. */
  #sendMark(): void {
    const { syncTopic, syncTimeoutMs = 10 * SECOND } = this.#options;
    this.publish(syncTopic, this.#token, false).catch((error: BrokerError) => {
      if (!error.retry) this.#fail(`the broker does not let us publish to ${syncTopic}`);
    });
    this.#markTimer = setTimeout(() => {
      // What is not acknowledged holds the mark back by itself; silence means something only where there is nothing.
      if (this.#receipts.size > 0 || ++this.#quietMarks < LOST_MARKS) return this.#sendMark();
      this.#fail(`our own message on ${syncTopic} did not come back: may this user publish and subscribe there?`);
    }, syncTimeoutMs);
  }

  /** Sends what waits, as far as the broker takes it at once (MQTT 5.0, section 3.2.2.3.3). */
  #send(): void {
    while (this.#state === 'up' || this.#state === 'stopping') {
      const next = this.#unanswered.size < this.#window ? this.#waiting.shift() : undefined;
      if (next === undefined) return this.#endWhenSent();
      const { topic, payload, retain, resolve, reject } = next;
      if (Buffer.byteLength(topic) + Buffer.byteLength(payload) + MAX_OVERHEAD > this.#largest) {
        reject(new BrokerError(`${topic} was not published: it is larger than the broker takes`, { retry: false }));
        continue;
      }
      this.#unanswered.add(next);
      this.#client.publish(topic, payload, { qos: 1, retain }, (error) => {
        this.#unanswered.delete(next);
        const because = error ? `${topic} was not published: ${causeOf(error, this.#address)}` : null;
        if (because === null) resolve();
        else reject(new BrokerError(because, { retry: !isFinal(error as Error) }));
        this.#send();
      });
    }
  }

  #endWhenSent(): void {
    if (this.#state === 'stopping' && this.#unanswered.size === 0 && this.#waiting.length === 0) this.#client.end();
  }

  /** Reads nothing more until enough is durable. Answers to our pings are not read either, so they are not waited for. */
  #hold(): void {
    if (this.#holdTimer !== null) return;
    this.#wire.pauseReading();
    this.#holdTimer = setInterval(() => {
      this.#client.sendPing();
      this.#client.reschedulePing(true);
    }, keepaliveOf(this.#options) / 2);
  }

  #readOn(): void {
    if (this.#holdTimer === null) return;
    clearInterval(this.#holdTimer);
    this.#holdTimer = null;
    this.#wire.resumeReading();
  }

  /** Collects what becomes durable in one turn, so that a batch is one write. */
  #acknowledge(messageId: number | null): void {
    if (messageId !== null && this.#due.push(messageId) === 1) queueMicrotask(() => this.#writeAcknowledgements());
    if (this.#receipts.size <= MAX_UNCOMMITTED / 2) this.#readOn();
  }

  #writeAcknowledgements(): void {
    if (this.#due.length === 0 || this.#state !== 'up') return;
    this.#wire.write(pubacks(this.#due));
    this.#due = [];
  }

  #fail(because: string): void {
    this.#because ??= because;
    this.#wire.destroy();
  }

  #ended(): void {
    if (this.#state === 'ended') return;
    const { name } = this.#address;
    const unasked = this.#state === 'opening' ? `${name} hung up before it answered` : `${name} cut the connection`;
    const because = this.#because ?? unasked;
    this.#state = 'ended';
    clearTimeout(this.#markTimer);
    this.#readOn();
    this.#receipts.close();
    const unsent = [...this.#unanswered, ...this.#waiting.splice(0)];
    this.#unanswered.clear();
    for (const resolve of this.#asking) resolve(null);
    this.#asking.clear();
    for (const { reject } of unsent) reject(new BrokerError(because, { retry: true }));
    this.#events.ended(because, this.#versionRefused);
  }
}

/** A PUBACK of success has the same four bytes in 3.1.1 and in 5 (MQTT 5.0, section 3.4.2.1). */
function pubacks(messageIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(messageIds.length * 4);
  for (const [i, messageId] of messageIds.entries()) bytes.writeUInt32BE(0x4002_0000 + messageId, i * 4);
  return bytes;
}

const keepaliveOf = ({ keepaliveMs = 30 * SECOND }: MqttBrokerOptions): Ms => keepaliveMs;

function clientOptions(options: MqttBrokerOptions, address: MqttAddress, version: Version): IClientOptions {
  const { will, receiveMaximum = 1000, sessionExpiryMs = 7 * DAY_LENGTH } = options;
  const { username = address.username, password = address.password } = options;
  return {
    clientId: options.clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(will === undefined ? {} : { will: { ...will, payload: Buffer.from(will.payload), qos: 1 } }),
    clean: false,
    protocolVersion: version,
    // Without an expiry an MQTT 5 session ends with its connection, whatever `clean` says (MQTT 5.0, section 3.1.2.11.2).
    ...(version === 5 ? { properties: { sessionExpiryInterval: sessionExpiryMs / SECOND, receiveMaximum } } : {}),
    keepalive: keepaliveOf(options) / SECOND,
    connectTimeout: options.connectTimeoutMs ?? 10 * SECOND,
    // The handlers must be in place before a session that is there delivers; a new attempt is a new client.
    manualConnect: true,
    reconnectPeriod: 0,
    resubscribe: false,
  };
}
