/** The brokers of a configuration: one outside, one of our own, or both. */
import { readFileSync } from 'node:fs';
import type { Broker } from '../adapters/broker.ts';
import { embeddedBroker } from '../adapters/brokers/embedded.ts';
import { mqttBroker } from '../adapters/brokers/mqtt-client.ts';
import type { ConnectedClock } from '../adapters/clock.ts';
import { daemonTopic, doorTopics, syncTopic } from '../adapters/topics.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Log } from './log.ts';

export interface BrokerSettings {
  readonly log: Log;
  /** Lets in whoever gives no name: in the demonstration only. */
  readonly anonymous: boolean;
  /** The clocks of some make that are heard there, by their ids. */
  readonly heard?: ReadonlyMap<string, NonNullable<ConnectedClock['mqtt']>>;
  /** Told what is published at the broker of our own and leads to no door; `because` where it was refused. */
  readonly onStray?: (topic: string, payload: Uint8Array, because: string | null) => void;
}

export function brokersOf(
  { config, hall }: LoadedConfig,
  { log, anonymous, heard = new Map(), onStray }: BrokerSettings,
): Broker[] {
  const { mqtt } = config;
  const brokers: Broker[] = [];
  if (mqtt?.url != null) {
    const clientId = mqtt.clientId ?? `zaigang-${hall.id}`;
    brokers.push(
      mqttBroker({
        url: mqtt.url,
        clientId,
        topics: [...doorTopics(hall.id), ...[...heard.values()].flatMap(({ topics }) => topics)],
        syncTopic: syncTopic(hall.id, clientId),
        will: { topic: daemonTopic(hall.id), payload: JSON.stringify({ state: 'offline' }), retain: true },
        ...(mqtt.username === null ? {} : { username: mqtt.username }),
        ...(mqtt.password === null ? {} : { password: mqtt.password }),
        ...(mqtt.caFile === null ? {} : { ca: readFileSync(mqtt.caFile, 'utf8') }),
      }),
    );
  }
  if (mqtt?.embedded != null) {
    const withPassword = <T extends { password: string | null }>(one: T): one is T & { password: string } =>
      one.password !== null;
    brokers.push(
      embeddedBroker({
        hall: hall.id,
        host: mqtt.embedded.listen.host,
        port: mqtt.embedded.listen.port,
        clocks: config.clocks.filter(withPassword).map(({ id, password }) => ({ id, password, ...heard.get(id) })),
        sources: config.cameras
          .filter(withPassword)
          .map(({ id, password, seats }) => ({ id, password, windows: seats.map((seat) => seat.window) })),
        users: mqtt.embedded.users.map(({ username, ...user }) => ({ id: username, ...user })),
        anonymous,
        ...(onStray === undefined ? {} : { onStray }),
        onRefused: ({ clientId, because }) => log.warn({ clientId, because }, 'client was refused'),
      }),
    );
  }
  return brokers;
}
