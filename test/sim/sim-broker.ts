/**
 * A message broker as the daemon meets it: one session that outlives connections, at least once and in order, taken off the
 * queue by nothing but an acknowledgement.
 */
import { type Broker, BrokerError, type BrokerListener } from '../../adapters/broker.ts';
import { alertTopic, daemonTopic } from '../../adapters/topics.ts';
import type { Ms } from '../../rules/time.ts';
import type { SimTime } from './sim-time.ts';

/** A message on its way to the daemon. */
export interface Posted {
  readonly id: number;
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
  /** The mark that the daemon's connection of this number sent itself. */
  readonly markOf: number | null;
}

/** What becomes of a message that the daemon publishes: taken and answered, taken without an answer, or not taken. */
export type Publishing = 'answers' | 'takes' | 'refuses';

export interface SimBrokerOptions {
  readonly time: SimTime;
  readonly hall: string;
  /** How many messages are sent ahead of acknowledgements. */
  readonly window: number;
  /** Whether what is retained comes again on every connection, as with MQTT 3.1.1. */
  readonly repeatsRetained: boolean;
  readonly say: (line: string) => void;
}

const PAUSE_MS: Ms = 7_000;
const ANSWER_MS: Ms = 3;

/** One daemon's side of the line. */
interface Line {
  readonly listener: BrokerListener;
  /** The number of its connection; null while there is none. */
  link: number | null;
  open: boolean;
}

export class SimBroker {
  readonly name = 'mqtt';
  /** What was acknowledged, and so is the daemon's to keep. */
  readonly acknowledged: Posted[] = [];
  /** What it lost unacknowledged; the daemon may have had it, and may have kept it. */
  readonly lost: Posted[] = [];
  /** What the hall's topic carried. */
  readonly alerts: string[] = [];
  publishing: Publishing = 'answers';
  /** How often the daemon was told that nothing had been kept for it, the first time included. */
  newSessions = 0;
  /** Nothing is read from the line: the process stands still. */
  frozen = false;
  readonly #options: SimBrokerOptions;
  readonly #retained = new Map<string, string>();
  #queue: Posted[] = [];
  #sent = new Set<number>();
  #hasSession = false;
  #up = true;
  #line: Line | null = null;
  #lastId = 0;
  #links = 0;
  /** Why the connection broke while nothing was read from the line: it is heard of later. */
  #unheard: string | null = null;

  constructor(options: SimBrokerOptions) {
    this.#options = options;
  }

  get up(): boolean {
    return this.#up;
  }

  /** How many messages the daemon has not acknowledged. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** A device hands a message over; once this returns it is the broker's. */
  accept(topic: string, payload: string, retain: boolean): Posted | null {
    if (retain) this.#retained.set(topic, payload);
    return this.#hasSession ? this.#post(topic, payload, false, null) : null;
  }

  #post(topic: string, payload: string, retained: boolean, markOf: number | null): Posted {
    const posted = { id: ++this.#lastId, topic, payload, retained, markOf };
    this.#queue.push(posted);
    this.#pump();
    return posted;
  }

  // ---- the daemon's side ---------------------------------------------------------------------------------------

  /** The adapter of one life of the daemon. */
  adapter(): Broker {
    let line: Line | null = null;
    return {
      name: this.name,
      start: async (listener) => {
        line = { listener, link: null, open: true };
        this.#line = line;
        this.#dial(line);
      },
      publish: async (topic, payload) => this.#publish(line, topic, payload),
      stop: async () => {
        if (line !== null) this.#leave(line);
      },
    };
  }

  #dial(line: Line): void {
    const { time } = this.#options;
    time.at(time.now + ANSWER_MS, () => {
      if (!line.open || this.frozen) {
        if (line.open) this.#again(line);
        return;
      }
      if (this.#up) return this.#connect(line);
      line.listener.lost('nobody answered');
      this.#again(line);
    });
  }

  #again(line: Line): void {
    const { time } = this.#options;
    time.at(time.now + PAUSE_MS, () => line.open && line.link === null && this.#dial(line));
  }

  #connect(line: Line): void {
    const sessionPresent = this.#hasSession;
    this.#hasSession = true;
    if (!sessionPresent) this.newSessions += 1;
    line.link = ++this.#links;
    this.#sent = new Set();
    this.#options.say(`broker connected ${sessionPresent}`);
    line.listener.connected({ sessionPresent });
    if (!sessionPresent || this.#options.repeatsRetained) {
      for (const [topic, payload] of this.#retained) this.#post(topic, payload, true, null);
    }
    this.#post('', '', false, line.link);
  }

  #leave(line: Line): void {
    line.open = false;
    line.link = null;
    if (this.#line === line) this.#line = null;
    this.#unheard = null;
  }

  async #publish(line: Line | null, topic: string, payload: string): Promise<void> {
    const { hall, say } = this.#options;
    if (line?.link == null || this.publishing === 'refuses') throw new BrokerError('not connected', { retry: true });
    if (topic === alertTopic(hall)) {
      this.alerts.push(payload);
      say(`alert ${payload}`);
    } else if (topic !== daemonTopic(hall)) throw new Error(`the daemon published to ${topic}`);
    if (this.publishing === 'takes') throw new BrokerError('the answer was lost', { retry: true });
  }

  // ---- handing out ---------------------------------------------------------------------------------------------

  #pump(): void {
    const { time } = this.#options;
    time.at(time.now, () => this.#handOut());
  }

  /** Sends what may be sent, in order. */
  #handOut(): void {
    const line = this.#line;
    if (line === null || this.frozen) return;
    const { link } = line;
    for (const posted of [...this.#queue]) {
      if (line.link !== link || link === null || this.#sent.size >= this.#options.window) return;
      if (this.#sent.has(posted.id) || !this.#queue.includes(posted)) continue;
      this.#sent.add(posted.id);
      this.#send(line, link, posted);
    }
  }

  #send(line: Line, link: number, posted: Posted): void {
    const done = (): void => this.#acknowledge(line, link, posted);
    if (posted.markOf !== null) {
      done();
      if (posted.markOf === link) line.listener.drained();
      return;
    }
    const { topic, payload, retained } = posted;
    line.listener.message({ topic, payload: Buffer.from(payload), retained }, done);
  }

  /** What is acknowledged on a connection that has ended goes nowhere, and the message comes again. */
  #acknowledge(line: Line, link: number, posted: Posted): void {
    if (line.link !== link || !line.open) return;
    if (!this.#sent.delete(posted.id)) throw new Error(`message ${posted.id} was acknowledged twice`);
    this.#queue = this.#queue.filter((other) => other !== posted);
    if (posted.markOf === null) {
      this.acknowledged.push(posted);
      this.#options.say(`ack ${posted.id}`);
    }
    this.#pump();
  }

  // ---- what befalls it -----------------------------------------------------------------------------------------

  /** The daemon is gone without a word. */
  cut(): void {
    if (this.#line !== null) this.#leave(this.#line);
  }

  /** The connection breaks; it is tried again. */
  lose(because: string): void {
    const line = this.#line;
    if (line?.link == null) return;
    line.link = null;
    if (this.frozen) this.#unheard = because;
    else this.#tellLost(line, because);
  }

  #tellLost(line: Line, because: string): void {
    line.listener.lost(because);
    this.#again(line);
  }

  /** Nobody reaches it for a while. */
  down(): void {
    this.#up = false;
    this.lose('the broker went away');
  }

  comeBack(): void {
    this.#up = true;
  }

  /** It comes back without anything that it had kept; gives what was lost with it. */
  forget(): readonly Posted[] {
    const lost = this.#queue.filter(({ markOf }) => markOf === null);
    this.lost.push(...lost);
    this.#queue = [];
    this.#retained.clear();
    this.#hasSession = false;
    this.lose('the broker started anew');
    return lost;
  }

  /** The process goes on. */
  thaw(): void {
    this.frozen = false;
    const [line, unheard] = [this.#line, this.#unheard];
    this.#unheard = null;
    if (line !== null && unheard !== null) this.#tellLost(line, unheard);
    this.#pump();
  }
}
