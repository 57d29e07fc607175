/** The broker client of a test: the session `daemon` of a hall, heard by a log. */
import { expect } from 'vitest';
import { type MqttBroker, mqttBroker } from '../../adapters/brokers/mqtt-client.ts';
import type { MqttBrokerOptions } from '../../adapters/brokers/mqtt-link.ts';
import { type BrokerLog, brokerLog } from './broker-log.ts';
import { type Mosquitto, mosquittoClient } from './mosquitto.ts';
import { until } from './until.ts';

export const PUNCHES = 'zaigang/suixian/clock/clock-1/punch';

export type StartOptions = Partial<MqttBrokerOptions> & { readonly url: string };

/** What a test has opened, closed in the opposite order by `close`. */
export interface Opened {
  use<T extends AsyncDisposable>(thing: T): T;
  /** Something else to be done in the end. */
  later(cleanup: () => unknown): void;
  /** Starts a client; stopped in the end. */
  start(log: BrokerLog, options: StartOptions): Promise<MqttBroker>;
  close(): Promise<void>;
}

export function opened(): Opened {
  const cleanups: (() => unknown)[] = [];
  return {
    use(thing) {
      cleanups.push(() => thing[Symbol.asyncDispose]());
      return thing;
    },
    later: (cleanup) => void cleanups.push(cleanup),
    async start(log, options) {
      const broker = mqttBroker({
        clientId: 'daemon',
        topics: ['zaigang/suixian/clock/+/punch'],
        syncTopic: 'zaigang/suixian/daemon/sync/daemon',
        retryFromMs: 20,
        retryToMs: 200,
        ...options,
      });
      cleanups.push(() => broker.stop());
      await broker.start(log);
      return broker;
    },
    async close() {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    },
  };
}

export const drained = (log: BrokerLog, times = 1): Promise<unknown> =>
  until(() => log.drains.length >= times, { what: `${times} times drained` });
export const heard = (log: BrokerLog, count: number): Promise<unknown> =>
  until(() => log.messages.length >= count, { what: `${count} messages` });
export const lost = (log: BrokerLog, times = 1): Promise<unknown> =>
  until(() => log.losses.length >= times, { what: `${times} times lost` });

export const numbered = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${from + i}`);

/** Publishes a message a line at QoS 1. */
export async function send(
  server: Mosquitto,
  topic: string,
  lines: readonly string[],
  ...more: string[]
): Promise<void> {
  const args = ['-h', '127.0.0.1', '-p', `${server.port}`, '-q', '1', '-t', topic, '-l', ...more];
  const outcome = await mosquittoClient('mosquitto_pub', args, lines.map((line) => `${line}\n`).join(''));
  expect(outcome).toMatchObject({ code: 0 });
}

/** Makes the session `daemon`, so that the broker keeps what comes while nobody is there. */
export async function makeSession({ start }: Opened, server: Mosquitto): Promise<void> {
  const log = brokerLog({ commit: true });
  const broker = await start(log, { url: server.url });
  await drained(log);
  await broker.stop();
}

/** What the broker keeps for those who subscribe later, of the hall's outgoing topics. */
export async function kept({ start }: Opened, server: Mosquitto): Promise<readonly string[]> {
  const log = brokerLog({ commit: true });
  const topics = ['zaigang/suixian/daemon', 'zaigang/suixian/alert'];
  const broker = await start(log, {
    url: server.url,
    clientId: 'reader',
    sessionExpiryMs: 0,
    topics,
    syncTopic: 'reader',
  });
  await drained(log);
  await broker.stop();
  return log.texts;
}
