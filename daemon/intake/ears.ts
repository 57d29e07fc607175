/** The brokers of a hall as they are heard: what they bring is taken in, and since when they were not heard is recorded. */
import { type Broker, BrokerError, type BrokerListener } from '../../adapters/broker.ts';
import { daemonTopic } from '../../adapters/topics.ts';
import { DAEMON } from '../../rules/book.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { HallCore } from '../hall-core.ts';
import type { Log } from '../log.ts';
import { deafSince, isOwnWord, OURSELVES } from './hearing.ts';
import type { Intake } from './intake.ts';

export interface EarsOptions {
  readonly core: HallCore;
  readonly brokers: readonly Broker[];
  readonly intake: () => Intake;
  readonly now: () => Ms;
  readonly log: Log;
}

/** Where the ledger notes since when clocks have to prove what they sent, until it has the facts that say so. */
const UNPROVED_SINCE = 'unproved-since';

export class Ears {
  readonly #options: EarsOptions;
  readonly #deaf: Set<string>;
  /** Brokers that are handing out what they kept for us. */
  readonly #draining = new Set<string>();
  /** What the brokers have told while it is being changed what is heard, in order; null = it is not. */
  #held: (() => void)[] | null = null;
  /** What was last recorded of our own hearing; null before anything was. */
  #noted: 'offline' | 'online' | null = null;

  constructor(options: EarsOptions) {
    this.#options = options;
    this.#deaf = new Set(options.brokers.map(({ name }) => name));
  }

  /** Brokers that are not heard. */
  get deaf(): readonly string[] {
    return [...this.#deaf];
  }

  /** Whether what is heard comes at once, and was not kept for us. */
  get isLive(): boolean {
    return this.#draining.size === 0;
  }

  /** Called once the ledger is open and before any broker is. `hasRun`: a daemon counts as away from its last sign of life on. */
  prepare(hasRun: boolean): void {
    if (hasRun) this.#noted = 'offline';
  }

  /** What was to be proved before we went away still is. */
  resume(): void {
    const unprovedSince = this.#options.core.ledger.setting(UNPROVED_SINCE) ?? '';
    if (unprovedSince !== '') this.#demandProof(Number(unprovedSince));
  }

  /** Begins to listen; an absent broker is tried for as long as it takes. */
  async open(): Promise<void> {
    const { brokers } = this.#options;
    for (const broker of brokers) await broker.start(this.#listener(broker));
    if (brokers.length === 0) this.#note('online');
  }

  /** While `work` changes what is heard, nothing is taken in: whose it is, is only known after that. */
  async changing<T>(work: () => Promise<T>): Promise<T> {
    this.#held = [];
    try {
      return await work();
    } finally {
      const held = this.#held;
      this.#held = null;
      for (const told of held) told();
    }
  }

  /** After a standstill: where a broker was lost meanwhile, it says so itself, and when everything has been taken in. */
  hearsAgain(): void {
    if (this.#deaf.size === 0) this.#note('online');
  }

  /** To every broker: whoever reads is where they are. */
  async publish(topic: string, body: string): Promise<void> {
    const { brokers } = this.#options;
    if (brokers.length === 0) throw new BrokerError('no broker is configured', { retry: false });
    await Promise.all(brokers.map((broker) => broker.publish(topic, body)));
  }

  async close(): Promise<void> {
    for (const broker of this.#options.brokers) {
      await this.#sayState(broker, 'offline').catch(unlessGone);
      await broker.stop();
    }
  }

  #listener(broker: Broker): BrokerListener {
    const { core, intake, log } = this.#options;
    const listener: BrokerListener = {
      message: (message, committed) => intake().message(message, committed),
      connected: ({ sessionPresent }) => {
        log.info({ broker: broker.name, sessionPresent }, 'broker was connected');
        if (sessionPresent) {
          this.#draining.add(broker.name);
          core.live.beginBacklog();
        } else this.#noteForgotten();
      },
      drained: () => {
        this.#deaf.delete(broker.name);
        this.#drained(broker);
        this.#sayState(broker, 'online').catch(unlessGone);
        // Everything that was kept for us is in: from here on a missing punch is missing.
        this.hearsAgain();
      },
      lost: (because) => {
        log.warn({ broker: broker.name, because }, 'broker was lost');
        this.#deaf.add(broker.name);
        // Also where it was never there: who has not been heard of has not been missing.
        if (this.#noted !== 'offline') this.#note('offline');
      },
    };
    const inOrder = (told: () => void): void => void (this.#held === null ? told() : this.#held.push(told));
    return {
      message: (message, committed) => {
        if (this.#held === null) listener.message(message, committed);
        else this.#held.push(() => listener.message(message, committed));
      },
      connected: (...connected) => inOrder(() => listener.connected(...connected)),
      drained: () => inOrder(() => listener.drained()),
      lost: (because) => inOrder(() => listener.lost(because)),
    };
  }

  #drained(broker: Broker): void {
    if (this.#draining.delete(broker.name) && this.#draining.size === 0) this.#options.core.live.endBacklog();
  }

  #note(state: 'offline' | 'online'): void {
    const { core, now } = this.#options;
    this.#noted = state;
    core.live.offer({ what: { fact: core.daemonFact(state, now()), from: OURSELVES }, kept: () => {} });
  }

  /**
   * The broker kept nothing for us although we had been there before: what the clocks sent meanwhile may be lost with it, so they
   * have to prove that they have delivered everything.
   */
  #noteForgotten(): void {
    const { core, log } = this.#options;
    const awayFrom = this.#lastAway();
    if (awayFrom === null) return;
    log.warn({ since: awayFrom }, 'broker kept no session; clocks must prove what they sent meanwhile');
    // By now the broker has a session: should we die before the facts are kept, it will not say again that it had none.
    if (core.hall.clocks.size > 0) this.#noteUnproved(String(awayFrom));
    this.#demandProof(awayFrom);
  }

  /** On a full disk it cannot be noted; neither can punches then, and they stay with the broker. */
  #noteUnproved(since: string): void {
    const { core, log } = this.#options;
    try {
      core.ledger.set(UNPROVED_SINCE, since);
    } catch (cause) {
      log.error({ because: String(cause) }, 'what clocks must prove was not noted');
    }
  }

  #demandProof(awayFrom: Ms): void {
    const { core, now } = this.#options;
    const words = [...core.hall.clocks.keys()].flatMap((clock) => [
      { clock, state: 'offline' as const, at: awayFrom },
      { clock, state: 'online' as const, at: now() },
    ]);
    for (const [i, { clock, state, at }] of words.entries()) {
      const fact = { ...core.daemonFact(state, at), device: clock, id: `broker-forgot-${clock}-${state}-${at}` };
      const isLast = i === words.length - 1;
      core.live.offer({
        what: { fact, from: OURSELVES },
        kept: () => {
          if (isLast) this.#noteUnproved('');
        },
      });
    }
  }

  /** Since when the daemon has not heard; null at the very first start, when nothing can have been missed. */
  #lastAway(): Ms | null {
    const { live, facts, aliveAt } = this.#options.core;
    if (live.engine !== null) {
      const said = live.engine.book.deviceFacts(DAEMON);
      return deafSince(said) ?? said.findLast(({ state }) => state === 'offline')?.at ?? null;
    }
    // While nothing can be written nothing is taken in either: we have not heard since the last commit, or longer.
    return deafSince([...facts.stretches()].filter(isOwnWord)) ?? aliveAt;
  }

  async #sayState(broker: Broker, state: 'online' | 'offline'): Promise<void> {
    const { core, now } = this.#options;
    const payload = JSON.stringify({ state, at: formatInstant(core.hall.zone, now()) });
    await broker.publish(daemonTopic(core.hall.id), payload, { retain: true });
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof BrokerError)) throw error;
}
