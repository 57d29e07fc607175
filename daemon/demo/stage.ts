/** The simulated hall's devices, talking to the real doors: MQTT clients with QoS 1, and the import. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { statusTopic } from '../../adapters/topics.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { Clock } from '../clock.ts';
import { type HallDaemon, OWN_CAMERA } from '../hall-daemon.ts';
import { importFacts } from '../lines/ledger-lines.ts';
import type { Happening } from './day.ts';
import { HALL_ID } from './hall.ts';

export interface StageOptions {
  readonly daemon: HallDaemon;
  readonly clock: Clock;
  /** Real time that has passed. */
  readonly elapsed: () => Ms;
  readonly port: number;
  readonly clockPassword: string;
}

/** Everything on this machine answers within milliseconds; a ledger that cannot be written does not answer at all. */
const PATIENCE_MS: Ms = 30_000;
const WATCHERS = 'watchers';

export class Stage {
  readonly #options: StageOptions;
  readonly #clients = new Map<string, MqttClient>();

  constructor(options: StageOptions) {
    this.#options = options;
  }

  /** Lets one thing happen, and returns when it is durable. */
  async perform(happening: Happening): Promise<void> {
    switch (happening.does) {
      case 'connect':
        return await this.connect(happening.device);
      case 'disconnect':
        return await this.#disconnect(happening.device);
      case 'publish':
        return await this.#publish(happening.by ?? WATCHERS, happening.topic, happening.payload);
      case 'import':
        return await this.#import(happening.facts);
      case 'see':
        return void (await this.#options.daemon.core.live.record([happening.fact], OWN_CAMERA));
      case 'nothing':
        return;
    }
  }

  /** A clock signs in, leaves its last will, and says that it is there. */
  async connect(device: string): Promise<void> {
    const topic = statusTopic(HALL_ID, device);
    const client = await connectAsync(this.#url(), {
      clientId: device,
      username: device,
      password: this.#options.clockPassword,
      reconnectPeriod: 0,
      will: { topic, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    });
    this.#keep(device, client);
    await this.#publish(device, topic, JSON.stringify({ state: 'online', at: this.#now() }), true);
  }

  /** The seats' watchers have no accounts: the demonstration lets in whoever gives no name. */
  async connectWatchers(): Promise<void> {
    this.#keep(WATCHERS, await connectAsync(this.#url(), { clientId: WATCHERS, reconnectPeriod: 0 }));
  }

  #keep(name: string, client: MqttClient): void {
    // A connection that breaks shows in the next publication, or is meant to.
    client.on('error', () => {});
    this.#clients.set(name, client);
  }

  #url(): string {
    return `mqtt://127.0.0.1:${this.#options.port}`;
  }

  #now(): string {
    const { daemon, clock } = this.#options;
    return formatInstant(daemon.core.hall.zone, clock.now());
  }

  /** The cable is pulled: the broker tells of the clock's last will. */
  async #disconnect(device: string): Promise<void> {
    const client = this.#client(device);
    this.#clients.delete(device);
    client.stream.destroy();
    const isKnown = (): boolean => {
      const facts = this.#options.daemon.core.live.engine?.book.deviceFacts(device);
      return facts?.at(-1)?.state === 'offline';
    };
    await this.until(isKnown, `the last will of ${device}`);
  }

  async #publish(by: string, topic: string, payload: string, retain = false): Promise<void> {
    const published = this.#client(by).publishAsync(topic, payload, { qos: 1, retain });
    const waited = new AbortController();
    const patience = sleep(PATIENCE_MS, null, { signal: waited.signal, ref: false }).then(
      () => Promise.reject(this.#impatience(`a receipt for ${topic}`)),
      () => {},
    );
    await Promise.race([published, patience]);
    waited.abort();
  }

  #client(name: string): MqttClient {
    const client = this.#clients.get(name);
    if (client === undefined) throw new Error(`${name} is not connected`);
    return client;
  }

  async #import(facts: readonly object[]): Promise<void> {
    const text = facts.map((fact) => JSON.stringify(fact)).join('\n');
    const { problems } = await importFacts(this.#options.daemon.core, text, false);
    if (problems.length > 0) throw new Error(`the demonstration's facts are wrong: ${JSON.stringify(problems)}`);
  }

  /** Waits until everything has been taken in and every message that is due has been delivered. */
  async settled(): Promise<void> {
    const { core } = this.#options.daemon;
    const isQuiet = () => core.live.queued === 0 && core.outbox.nextAt > this.#options.clock.now();
    await this.until(isQuiet, 'the messages on their way out');
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    const startedAt = this.#options.elapsed();
    while (!holds()) {
      if (this.#options.elapsed() - startedAt > PATIENCE_MS) throw this.#impatience(what);
      await sleep(1);
    }
  }

  #impatience(what: string): Error {
    const { stuck } = this.#options.daemon.core.live;
    return new Error(`waited ${PATIENCE_MS} ms for ${what}${stuck === null ? '' : `: ${stuck}`}`);
  }

  /** Signs everybody off: no last wills. */
  async close(): Promise<void> {
    for (const client of this.#clients.values()) await client.endAsync();
  }
}
