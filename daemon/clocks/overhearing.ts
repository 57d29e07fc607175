/**
 * Listening for a while to topics that nobody is configured for: so that the messages of a new device can be seen before there is a
 * mapping for it. Nothing of them is taken in, and nothing is acknowledged for the daemon: this is a client of its own, without a session.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { covers } from '../../adapters/topics.ts';
import type { Config } from '../../config/schema.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { RecentMessages } from './recent-messages.ts';

const LISTENS_FOR_MS: Ms = 15 * MINUTE;
const CONNECT_MS: Ms = 10_000;

export interface Overhearing {
  readonly topic: string;
  readonly until: Ms;
  /** Why nothing is heard; null where it is, as far as anybody knows. */
  readonly trouble: string | null;
}

export interface OverhearerOptions {
  readonly mqtt: Config['mqtt'];
  readonly recent: Pick<RecentMessages, 'came'>;
  /** Whether messages on a topic come in anyway. */
  readonly isHeard: (topic: string) => boolean;
  readonly clock: Pick<DeviceClock, 'now' | 'after'>;
}

/** One at a time: whoever begins another ends the one before. */
export class Overhearer {
  readonly #options: OverhearerOptions;
  #present: { topic: string; until: Ms; trouble: string | null } | null = null;
  #client: MqttClient | null = null;
  #cancel = (): void => {};

  constructor(options: OverhearerOptions) {
    this.#options = options;
  }

  get present(): Overhearing | null {
    return this.#present;
  }

  /** Listens to a topic filter from now on; null ends it. */
  async listen(topic: string | null): Promise<void> {
    await this.#end();
    if (topic === null) return;
    const { mqtt, clock } = this.#options;
    this.#present = { topic, until: clock.now() + LISTENS_FOR_MS, trouble: null };
    this.#cancel = clock.after(LISTENS_FOR_MS, () => void this.#end());
    // At a broker of our own whatever is published passes by here as it is (`stray`).
    if (mqtt?.url != null) this.#connect(mqtt.url, mqtt, topic);
  }

  /** Something was published at the broker of our own that nobody takes. */
  stray(topic: string, payload: Uint8Array, because: string | null): void {
    if (this.#present === null || !covers(this.#present.topic, topic)) return;
    this.#options.recent.came('mqtt', topic, payload, because === null ? 'overheard' : 'refused', because);
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#cancel();
    this.#cancel = () => {};
    this.#present = null;
    const client = this.#client;
    this.#client = null;
    await client?.endAsync(true);
  }

  #connect(url: string, { username, password, caFile }: NonNullable<Config['mqtt']>, topic: string): void {
    const options: IClientOptions = {
      clientId: `zaigang-ear-${randomBytes(6).toString('hex')}`,
      connectTimeout: CONNECT_MS,
      reconnectPeriod: CONNECT_MS,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(caFile === null ? {} : { ca: readFileSync(caFile) }),
    };
    const client = connect(url, options);
    this.#client = client;
    const trouble = (because: string | null): void => {
      if (this.#client === client && this.#present !== null) this.#present.trouble = because;
    };
    client.on('error', ({ message }) => trouble(message));
    client.on('connect', () => {
      client.subscribe(topic, { qos: 0 }, (error, granted) => {
        const isRefused = granted?.some(({ qos }) => qos > 2) === true;
        trouble(error?.message ?? (isRefused ? 'the broker does not let us hear this topic' : null));
      });
    });
    client.on('message', (from, payload) => {
      if (!this.#options.isHeard(from)) this.#options.recent.came('mqtt', from, payload, 'overheard');
    });
  }
}
