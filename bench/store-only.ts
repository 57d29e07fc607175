/**
 * The daemon's intake and ledger without the engine: what comes in is decoded, written a batch a transaction as the daemon
 * does, and acknowledged when it is durable. `node bench/store-only.ts <url> <client id> <hall> <data directory>`
 */
import type { InboundMessage } from '../adapters/broker.ts';
import { mqttBroker } from '../adapters/brokers/mqtt-client.ts';
import { doorTopics, syncTopic } from '../adapters/topics.ts';
import { zoneTable } from '../config/zone-table.ts';
import { DeviceBook } from '../daemon/clocks/device-book.ts';
import { Intake } from '../daemon/intake/intake.ts';
import { type Entry, FactStore } from '../daemon/ledger/facts.ts';
import { Ledger } from '../daemon/ledger/ledger.ts';
import { BACKLOG_BATCH } from '../daemon/live/backlog.ts';
import type { Offer, Outcome } from '../daemon/live/offer.ts';
import { systemLog } from '../daemon/log.ts';
import { DAY_LENGTH, MINUTE } from '../rules/time.ts';

const [url = '', clientId = '', hall = '', directory = ''] = process.argv.slice(2);

const ledger = Ledger.open({ directory, diskReserveBytes: 256 * 1024 * 1024 });
const facts = new FactStore(ledger.database, hall);
const queue: Offer[] = [];
let isArmed = false;

function offer(what: Offer): void {
  queue.push(what);
  if (queue.length >= BACKLOG_BATCH) flush();
  else arm();
}

function arm(): void {
  if (!isArmed) setImmediate(flush);
  isArmed = true;
}

function flush(): void {
  isArmed = false;
  const offers = queue.splice(0, BACKLOG_BATCH);
  if (offers.length === 0) return;
  const recordedAt = Date.now();
  const outcomes = ledger.commit(() => facts.append(offers.map(entryOf), recordedAt));
  for (const [i, one] of offers.entries()) one.kept(outcomes[i] as Outcome);
  if (queue.length > 0) arm();
}

function entryOf({ what }: Offer): Entry {
  if ('reject' in what) throw new Error(`not a punch: ${what.reject.because}`);
  return what;
}

const intake = new Intake({
  hall,
  now: () => Date.now(),
  knowsWindow: () => false,
  aheadMs: 5 * MINUTE,
  behindByMs: () => 0,
  oldestMs: 400 * DAY_LENGTH,
  firstDayAt: () => Number.NEGATIVE_INFINITY,
  offer,
  ownerOf: () => null,
  find: (id) => facts.find(id),
  foreign: () => false,
  again: () => null,
  devices: new DeviceBook({
    now: () => Date.now(),
    limits: { correctFromMs: 10_000, steppedMs: 30_000, mostMs: DAY_LENGTH },
    floodPerSecond: Number.POSITIVE_INFINITY,
    memory: () => ({ get: () => null, set: () => {} }),
    zone: () => zoneTable('Asia/Shanghai'),
    isWorkday: () => true,
    stirred: () => {},
    began: () => {},
    ended: () => {},
  }),
  log: systemLog('warn'),
});

const broker = mqttBroker({ url, clientId, topics: doorTopics(hall), syncTopic: syncTopic(hall, clientId) });
await broker.start({
  message: (message: InboundMessage, committed) => intake.message(message, committed),
  connected: () => {},
  drained: () => {},
  lost: (because) => {
    throw new Error(because);
  },
});
process.once('SIGTERM', async () => {
  await broker.stop();
  ledger.close();
});
