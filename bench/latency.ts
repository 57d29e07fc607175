/** Live punches: how long after it was published a punch is durable in the ledger of a daemon that judges it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { freePort } from '../test/support/ports.ts';
import { until } from '../test/support/until.ts';
import { BenchBroker } from './broker.ts';
import { LedgerView } from './consumer.ts';
import { quantile } from './figures.ts';
import { clockIds, HALL, Numbering, type Punch } from './hall.ts';
import { paced, publish } from './publish.ts';
import { PASSWORD, RunningDaemon } from './running-daemon.ts';

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Latencies {
  /** Published at a Mosquitto that the daemon is connected to, until a second connection to the ledger sees the punch. */
  readonly mosquitto: Latency;
  /** Published at the daemon's own broker, until its PUBACK, which it sends after the commit. */
  readonly embedded: Latency;
}

/** Not measured: the first seconds of a process, until what is called often has been compiled. */
const WARM_UP_SECONDS = 3;

export async function latencies(seconds: number, perSecond: number): Promise<Latencies> {
  return {
    mosquitto: await throughMosquitto(seconds, perSecond),
    embedded: await throughEmbedded(seconds, perSecond),
  };
}

async function throughMosquitto(seconds: number, perSecond: number): Promise<Latency> {
  await using broker = await BenchBroker.start();
  await using daemon = await RunningDaemon.start({ url: broker.url }, () => broker.subscribed(`zaigang-${HALL}`));
  const client = await connectAsync(broker.url, { clientId: 'clocks', protocolVersion: 4 });
  const ledger = new LedgerView(daemon.data);
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const count = (seconds + WARM_UP_SECONDS) * perSecond;
  const clocks = new Numbering();
  const sending = paced(count, perSecond, (i) => {
    const punch = clocks.punch(i, stamp());
    sentAt.set(`${punch.clock} ${punch.seq}`, performance.now());
    publish(client, punch, () => {});
  });
  for (let seq = 0; took.length < count; await sleep(1)) {
    daemon.mustRun();
    const rows = ledger.after(seq);
    const seenAt = performance.now();
    for (const row of rows) took.push(seenAt - (sentAt.get(`${row.clock} ${row.number}`) ?? Number.NaN));
    seq = rows.at(-1)?.seq ?? seq;
  }
  await sending;
  ledger.close();
  await client.endAsync();
  return summary(took.slice(WARM_UP_SECONDS * perSecond));
}

async function throughEmbedded(seconds: number, perSecond: number): Promise<Latency> {
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  const signIn = (clock: string): Promise<MqttClient> =>
    connectAsync(`mqtt://${listen}`, {
      clientId: clock,
      username: clock,
      password: PASSWORD,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
  await using daemon = await RunningDaemon.start({ embedded: { listen } }, async () => {
    const probe = await until(() => signIn(clockIds[0] as string), { timeoutMs: 60_000, what: 'the embedded broker' });
    await probe.endAsync();
  });
  const clients = new Map<string, MqttClient>();
  for (const clock of clockIds) clients.set(clock, await signIn(clock));
  const took: number[] = [];
  const count = (seconds + WARM_UP_SECONDS) * perSecond;
  const clocks = new Numbering();
  await paced(count, perSecond, (i) => {
    const punch: Punch = clocks.punch(i, stamp());
    const sentAt = performance.now();
    publish(clients.get(punch.clock) as MqttClient, punch, (error) => {
      if (error) throw error;
      took.push(performance.now() - sentAt);
    });
  });
  await until(() => took.length === count, { timeoutMs: 60_000, what: 'every PUBACK' });
  daemon.mustRun();
  for (const client of clients.values()) await client.endAsync();
  return summary(took.slice(WARM_UP_SECONDS * perSecond));
}

/** Clocks stamp whole seconds. */
function stamp(): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
}

function summary(took: readonly number[]): Latency {
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99), max: quantile(took, 1) };
}
