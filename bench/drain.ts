/** Drains of one and the same backlog: repetitions in turn, so that whatever else the machine does falls on everybody. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { civilDay } from '../rules/time.ts';
import { BenchBroker } from './broker.ts';
import { type Checked, check } from './check.ts';
import type { Consumer, Drain } from './consumer.ts';
import { daemonConsumer, mosquittoSub, nodeRed, storeOnly } from './consumers.ts';
import { median } from './figures.ts';
import { type Punch, punchesBefore, SHANGHAI } from './hall.ts';
import { publishAll } from './publish.ts';

/** Added to the name of whoever judges as well: how long that took from the same start. */
export const JUDGED = ', judged';

export interface DrainResult {
  readonly consumer: string;
  /** Messages a second from the broker's "connected" to the last one done, and from the start of the process. */
  readonly connected: readonly number[];
  readonly spawned: readonly number[];
}

export interface Drains {
  readonly punches: number;
  readonly payloadBytes: number;
  readonly mosquitto: string;
  readonly results: readonly DrainResult[];
  readonly checked: Checked;
}

export async function drains(count: number, repetitions: number, say: (text: string) => void): Promise<Drains> {
  const today = civilDay(SHANGHAI, Date.now());
  const punches = punchesBefore(today - 1, count);
  let checked: Checked = { verdicts: new Map() };
  const daemon = daemonConsumer(today, async (round) => {
    checked = await check(round, punches);
  });
  const consumers = [mosquittoSub, daemon, storeOnly, nodeRed];
  const found = new Map<Consumer, Drain[]>(consumers.map((consumer) => [consumer, []]));
  let mosquitto = '';
  for (let repetition = 0; repetition < repetitions; repetition++) {
    // Whoever is first finds the fullest broker: everybody is once.
    const turn = repetition % consumers.length;
    const order = [...consumers.slice(turn), ...consumers.slice(0, turn)];
    mosquitto = await oneRound(order, punches, (consumer, drain) => {
      found.get(consumer)?.push(drain);
      say(`${repetition + 1}/${repetitions} ${consumer.name}: ${Math.round(drain.doneAt - drain.connectedAt)} ms`);
    });
  }
  const rate = (ms: number): number => (count * 1000) / ms;
  return {
    punches: count,
    payloadBytes: median(punches.map(({ payload }) => payload.length)),
    mosquitto,
    results: [...found].flatMap(([{ name }, all]) => {
      const result = (consumer: string, endOf: (drain: Drain) => number): DrainResult => ({
        consumer,
        connected: all.map((drain) => rate(endOf(drain) - drain.connectedAt)),
        spawned: all.map((drain) => rate(endOf(drain) - drain.spawnedAt)),
      });
      const isJudged = all.some(({ judgedAt }) => judgedAt !== undefined);
      return [
        result(name, ({ doneAt }) => doneAt),
        ...(isJudged ? [result(`${name}${JUDGED}`, ({ judgedAt, doneAt }) => judgedAt ?? doneAt)] : []),
      ];
    }),
    checked,
  };
}

/** One backlog, queued once for everybody; returns the broker's version. */
async function oneRound(
  consumers: readonly Consumer[],
  punches: readonly Punch[],
  done: (consumer: Consumer, drain: Drain) => void,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'zaigang-bench-'));
  await using broker = await BenchBroker.start();
  try {
    const rounds = new Map<Consumer, { broker: BenchBroker; directory: string; punches: number }>();
    for (const consumer of consumers) {
      const own = join(directory, consumer.name.replace(' ', '-'));
      await mkdir(own);
      const round = { broker, directory: own, punches: punches.length };
      rounds.set(consumer, round);
      await consumer.keepSession(round);
    }
    await publishAll(broker.url, punches);
    for (const [consumer, round] of rounds) done(consumer, await consumer.drain(round));
    return broker.version;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
