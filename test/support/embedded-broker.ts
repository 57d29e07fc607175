/** An embedded broker with some accounts, and the clients that a test connects to it. */
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { type EmbeddedBroker, type EmbeddedBrokerOptions, embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { type BrokerLog, brokerLog } from './broker-log.ts';
import { type ClientOutcome, mosquittoClient } from './mosquitto.ts';
import { until } from './until.ts';

export const PUNCH = 'zaigang/suixian/clock/clock-1/punch';
export const STATUS = 'zaigang/suixian/clock/clock-1/status';
export const ALERT = 'zaigang/suixian/alert';

/** The passwords of the accounts: two clocks, a camera of W01 and W02, and a user. */
export const PASSWORDS: Readonly<Record<string, string>> = {
  'clock-1': 'first-secret',
  'clock-2': 'second-secret',
  'cam-1': 'camera-secret',
  screen: 'screen-secret',
};

export const ACCOUNTS = {
  clocks: ['clock-1', 'clock-2'].map((id) => ({ id, password: PASSWORDS[id] ?? '' })),
  sources: [{ id: 'cam-1', password: 'camera-secret', windows: ['W01', 'W02'] }],
  users: [
    {
      id: 'screen',
      password: 'screen-secret',
      publish: ['hall/notes'],
      subscribe: [ALERT, 'hall/#', 'zaigang/suixian/clock/+/status'],
    },
  ],
};

export interface Refused {
  readonly clientId: string | null;
  readonly because: string;
}

export interface TestBroker extends AsyncDisposable {
  readonly broker: EmbeddedBroker;
  readonly log: BrokerLog;
  readonly port: number;
  readonly refusals: Refused[];
  /** Waits until so many messages have been heard. */
  heard(count: number): Promise<unknown>;
  /** Waits until so many refusals were told. */
  refused(count: number): Promise<unknown>;
  /** A connected mqtt.js client; an empty user name is none at all. */
  client(username: string, options?: IClientOptions): Promise<MqttClient>;
  /** A bare connection. */
  socket(): Promise<Socket>;
  /** The arguments with which a Mosquitto client connects. */
  login(username: string, ...more: string[]): string[];
  /** Publishes `x` with mosquitto_pub at QoS 1. */
  publish(username: string, topic: string, ...more: string[]): Promise<ClientOutcome>;
}

export interface TestBrokerOptions extends Partial<EmbeddedBrokerOptions> {
  /** Whether messages are committed as they are heard. */
  readonly commit: boolean;
}

/** Starts it on a free port; disposing of it ends its clients and stops it. */
export async function startEmbedded({ commit, ...options }: TestBrokerOptions): Promise<TestBroker> {
  const refusals: Refused[] = [];
  const log = brokerLog({ commit });
  const broker = embeddedBroker({
    hall: 'suixian',
    host: '127.0.0.1',
    port: 0,
    ...ACCOUNTS,
    onRefused: (refusal) => void refusals.push(refusal),
    ...options,
  });
  await broker.start(log);
  const port = broker.port ?? 0;
  const endings: (() => void)[] = [];
  const login = (username: string, ...more: string[]): string[] => {
    const credentials = username === '' ? [] : ['-u', username, '-P', PASSWORDS[username] ?? 'guessed'];
    return ['-h', '127.0.0.1', '-p', `${port}`, ...credentials, ...more];
  };
  return {
    broker,
    log,
    port,
    refusals,
    heard: (count) => until(() => log.messages.length >= count, { what: `${count} messages` }),
    refused: (count) => until(() => refusals.length >= count, { what: `${count} refusals` }),
    async client(username, clientOptions = {}) {
      const credentials = username === '' ? {} : { username, password: PASSWORDS[username] ?? 'guessed' };
      const address = { protocol: 'mqtt', host: '127.0.0.1', port, reconnectPeriod: 0 } as const;
      const client = connect({ ...address, ...credentials, ...clientOptions });
      endings.push(() => client.end(true));
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('error', reject);
      });
      return client;
    },
    async socket() {
      const socket = connectSocket(port, '127.0.0.1');
      endings.push(() => socket.destroy());
      // Being cut off is what such a connection is for.
      socket.on('error', () => {});
      socket.resume();
      await once(socket, 'connect');
      return socket;
    },
    login,
    publish: (username, topic, ...more) =>
      mosquittoClient('mosquitto_pub', login(username, '-q', '1', '-t', topic, '-m', 'x', ...more)),
    async [Symbol.asyncDispose]() {
      for (const end of endings) end();
      await broker.stop();
    },
  };
}

/** The next time that a client is closed. */
export const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => client.once('close', () => resolve()));
