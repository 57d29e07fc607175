/**
 * A broker outside: MQTT 5 (3.1.1 where the broker refuses 5) over mqtt.js, with a session that outlives the connection.
 *
 * Every connection is a client of its own (`mqtt-link.ts`). Packet ids mean something only within the connection that they came
 * by, so an acknowledgement that comes after the connection ended has nowhere to go: it can never reach a later connection.
 */
import { type Ms, SECOND } from '../../rules/time.ts';
import { type Broker, BrokerError, type BrokerListener, type PublishOptions } from '../broker.ts';
import { mqttAddress } from '../mqtt-address.ts';
import { Link, type MqttBrokerOptions } from './mqtt-link.ts';
import { Subscriptions } from './mqtt-subscriptions.ts';
import type { Version } from './mqtt-wire.ts';

export interface MqttBroker extends Broker {
  /**
   * Hears these topic filters as well. Resolves when the broker has granted them, or is not connected: then they are asked for
   * when it is. Rejects with a `BrokerError` where it refuses one; then none of them is heard.
   */
  subscribe(topics: readonly string[]): Promise<void>;
  /** Hears them no longer; what the broker's session holds of them already still comes. */
  unsubscribe(topics: readonly string[]): Promise<void>;
}

/** Throws a `BrokerError` only for an address that cannot be one; all else is told by `lost` and tried again. */
export function mqttBroker(options: MqttBrokerOptions): MqttBroker {
  const address = mqttAddress(options.url);
  const subscriptions = new Subscriptions([...options.topics, options.syncTopic], options.formerTopics ?? []);
  let version: Version = 5;
  let failures = 0;
  let stopped = false;
  let link: Link | null = null;
  let retry: NodeJS.Timeout | undefined;

  function dial(listener: BrokerListener): void {
    link = new Link({ ...options, subscriptions }, address, version, {
      message: (message, committed) => listener.message(message, committed),
      connected: (info) => listener.connected(info),
      drained() {
        failures = 0;
        listener.drained();
      },
      ended(because, versionRefused) {
        link = null;
        if (stopped) return;
        const older = versionRefused && version === 5;
        if (older) version = 4;
        retry = setTimeout(dial, older ? 0 : pauseAfter(failures++, options), listener);
        if (!older) listener.lost(because);
      },
    });
  }

  return {
    name: 'mqtt',
    async start(listener) {
      dial(listener);
    },
    async publish(topic, payload, { retain = false }: PublishOptions = {}) {
      if (link === null || stopped) throw new BrokerError(`not connected to ${address.name}`, { retry: true });
      await link.publish(topic, payload, retain);
    },
    async subscribe(topics) {
      const added = subscriptions.add(topics);
      const because = (await link?.subscribe(added)) ?? null;
      if (because === null) return;
      subscriptions.remove(added);
      await link?.unsubscribe();
      throw new BrokerError(because, { retry: false });
    },
    async unsubscribe(topics) {
      subscriptions.remove(topics);
      await link?.unsubscribe();
    },
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await link?.stop();
    },
  };
}

/** Doubled from one bound to the other, less up to a half by chance so that many clients do not come back at once. */
function pauseAfter(failures: number, { retryFromMs = SECOND / 2, retryToMs = 30 * SECOND }: MqttBrokerOptions): Ms {
  return Math.min(retryToMs, retryFromMs * 2 ** failures) * (1 - Math.random() / 2);
}
