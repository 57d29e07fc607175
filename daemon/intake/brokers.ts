/** The brokers of a configuration: one outside, one of our own, or both. */
import { readFileSync } from 'node:fs';
import type { Broker } from '../../adapters/broker.ts';
import { type EmbeddedBrokerOptions, embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { mqttBroker } from '../../adapters/brokers/mqtt-client.ts';
import type { ConnectedClock } from '../../adapters/clock.ts';
import { daemonTopic, doorTopics, syncTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { SessionTopics } from '../clocks/session-topics.ts';
import type { Log } from '../log.ts';

/** The clocks of some make that are heard through brokers, by their ids. */
export type HeardClocks = ReadonlyMap<string, NonNullable<ConnectedClock['mqtt']>>;

export interface BrokerSettings {
  readonly log: Log;
  /** Lets in whoever gives no name: in the demonstration only. */
  readonly anonymous: boolean;
  readonly heard: HeardClocks;
  /** What a session of earlier may still have. */
  readonly session: SessionTopics;
  /** Told what is published at the broker of our own and leads to no door; `because` where it was refused. */
  readonly onStray?: (topic: string, payload: Uint8Array, because: string | null) => void;
}

/** Another configuration that the brokers are ready for: either of the two is called. */
export interface Following {
  /** It holds: what is not wanted any more is let go. */
  keep(): Promise<void>;
  undo(): Promise<void>;
}

/** Part of a hall's brokers that follows its configuration. */
type Follow = (loaded: LoadedConfig, heard: HeardClocks) => Promise<Following>;

export interface HallBrokers {
  readonly list: readonly Broker[];
  /** Hears what is new in another configuration; rejects with a `BrokerError` where it cannot be had, and then nothing has changed. */
  readonly follow: Follow;
}

/** Brokers that are heard as they are, whatever the configuration says. */
export const fixedBrokers = (list: readonly Broker[]): HallBrokers => ({ list, follow: inOrder([]) });

export function brokersOf(loaded: LoadedConfig, settings: BrokerSettings): HallBrokers {
  const list: Broker[] = [];
  const follows: Follow[] = [];
  for (const one of [ownBroker(loaded, settings), outsideBroker(loaded, settings)]) {
    if (one === null) continue;
    list.unshift(one.broker);
    follows.push(one.follow);
  }
  return { list, follow: inOrder(follows) };
}

interface HallBroker {
  readonly broker: Broker;
  readonly follow: Follow;
}

function outsideBroker({ config, hall }: LoadedConfig, { heard, session }: BrokerSettings): HallBroker | null {
  const { mqtt } = config;
  if (mqtt?.url == null) return null;
  const clientId = mqtt.clientId ?? `zaigang-${hall.id}`;
  let present = heard;
  const broker = mqttBroker({
    url: mqtt.url,
    clientId,
    topics: [...doorTopics(hall.id), ...topicsOf(heard)],
    formerTopics: session.begin(heard),
    settled: () => session.settled(present),
    syncTopic: syncTopic(hall.id, clientId),
    will: { topic: daemonTopic(hall.id), payload: JSON.stringify({ state: 'offline' }), retain: true },
    ...(mqtt.username === null ? {} : { username: mqtt.username }),
    ...(mqtt.password === null ? {} : { password: mqtt.password }),
    ...(mqtt.caFile === null ? {} : { ca: readFileSync(mqtt.caFile, 'utf8') }),
  });
  const follow: Follow = async (_loaded, next) => {
    const [had, wanted] = [topicsOf(present), topicsOf(next)];
    // Before it is asked for: whatever becomes of us, the next start knows what the session may have.
    session.add(next);
    await broker.subscribe(wanted);
    return {
      keep: async () => {
        present = next;
        await broker.unsubscribe(had.filter((topic) => !wanted.includes(topic)));
      },
      undo: () => broker.unsubscribe(wanted.filter((topic) => !had.includes(topic))),
    };
  };
  return { broker, follow };
}

function ownBroker(loaded: LoadedConfig, { log, anonymous, heard, onStray }: BrokerSettings): HallBroker | null {
  const { hall, config } = loaded;
  if (config.mqtt?.embedded == null) return null;
  const { host, port } = config.mqtt.embedded.listen;
  const broker = embeddedBroker({
    ...{ hall: hall.id, host, port, anonymous, ...guestsOf(loaded, heard) },
    ...(onStray === undefined ? {} : { onStray }),
    onRefused: ({ clientId, because }) => log.warn({ clientId, because }, 'client was refused'),
  });
  const follow: Follow = async (next, nextHeard) => {
    const admit = broker.admit(guestsOf(next, nextHeard));
    return { keep: async () => admit(), undo: async () => {} };
  };
  return { broker, follow };
}

function guestsOf(
  { config }: LoadedConfig,
  heard: HeardClocks,
): Pick<EmbeddedBrokerOptions, 'clocks' | 'sources' | 'users'> {
  const withPassword = <T extends { password: string | null }>(one: T): one is T & { password: string } =>
    one.password !== null;
  return {
    clocks: config.clocks.filter(withPassword).map(({ id, password }) => ({ id, password, ...heard.get(id) })),
    sources: config.cameras
      .filter(withPassword)
      .map(({ id, password, seats }) => ({ id, password, windows: seats.map((seat) => seat.window) })),
    users: config.mqtt?.embedded?.users.map(({ username, ...user }) => ({ id: username, ...user })) ?? [],
  };
}

const topicsOf = (heard: HeardClocks): readonly string[] => [...heard.values()].flatMap(({ topics }) => topics);

/** One after the other; where one cannot, those before it are undone. */
function inOrder(follows: readonly Follow[]): Follow {
  return async (loaded, heard) => {
    const ready: Following[] = [];
    const undo = async (): Promise<void> => {
      for (const one of ready.reverse()) await one.undo();
    };
    for (const follow of follows) {
      try {
        ready.push(await follow(loaded, heard));
      } catch (cause) {
        await undo();
        throw cause;
      }
    }
    return {
      keep: async () => {
        for (const one of ready) await one.keep();
      },
      undo,
    };
  };
}
