/**
 * The daemon at an instant of the year; its broker has kept a punch of somebody meanwhile.
 * `node bench/engine-restarted.ts <hall.yaml> <now> <credential>` prints when what was done as JSON, and stays.
 */
import type { Broker } from '../adapters/broker.ts';
import { punchTopic } from '../adapters/topics.ts';
import { loadConfig } from '../config/load.ts';
import { trustedClock } from '../daemon/clock.ts';
import { HallDaemon } from '../daemon/hall-daemon.ts';
import { formatInstant, MINUTE, SECOND } from '../rules/time.ts';
import type { Verdict } from '../rules/verdict.ts';
import type { Restarted } from './engine-restart.ts';
import { clockIds, HALL, SHANGHAI } from './hall.ts';

const [config = '', now = '', credential = ''] = process.argv.slice(2);
const shift = Number(now) - Date.now();
const clock = trustedClock(
  () => Date.now() + shift,
  () => performance.now(),
);
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

const at = Math.floor((Number(now) - MINUTE / 2) / SECOND) * SECOND;
const punch = { credential, at: formatInstant(SHANGHAI, at), seq: 900_000, method: 'face' };
const broker: Broker = {
  name: 'kept',
  async start({ connected, message, drained }) {
    const topic = punchTopic(HALL, clockIds[0] ?? '');
    connected({ sessionPresent: true });
    message({ topic, payload: Buffer.from(JSON.stringify(punch)), retained: false }, () => {});
    drained();
  },
  publish: async () => {},
  stop: async () => {},
};

let verdict: Verdict | undefined;
let judgedAt = 0;
let cpu = 0;
const loaded = await loadConfig(config, { env: process.env, lang: 'en' });
const daemon = new HallDaemon({
  ...{ loaded, clock, log: SILENT, language: 'en', brokers: [broker], source: { path: config, env: process.env } },
  committed: (changes) => {
    const came = changes.find((change) => change.verdict.rule === 'late' && change.verdict.to === at);
    if (came === undefined || verdict !== undefined) return;
    verdict = came.verdict;
    judgedAt = Date.now();
    const { user, system } = process.cpuUsage();
    cpu = (user + system) / 1000;
  },
});
const readAt = Date.now();
await daemon.start();
const openedAt = Date.now();
const restarted: Restarted = { readAt, openedAt, judgedAt, cpu, verdict: verdict ?? null };
process.stdout.write(`${JSON.stringify(restarted)}\n`);
