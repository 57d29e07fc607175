/**
 * The daemon's intake and ledger without the engine: what comes in is decoded, written a batch a transaction as the daemon
 * does, and acknowledged when it is durable. `node bench/store-only.ts <url> <client id> <hall> <data directory>`
 */
import type { InboundMessage } from '../adapters/broker.ts';
import { mqttBroker } from '../adapters/brokers/mqtt-client.ts';
import { doorTopics, syncTopic } from '../adapters/topics.ts';
import { zoneTable } from '../config/zone-table.ts';
import { BACKLOG_BATCH, Gathering } from '../daemon/backlog.ts';
import { DeviceBook } from '../daemon/clocks/device-book.ts';
import { Intake } from '../daemon/intake.ts';
import { type Entry, FactStore } from '../daemon/ledger/facts.ts';
import { Ledger } from '../daemon/ledger/ledger.ts';
import { StoreHand } from '../daemon/ledger/store-hand.ts';
import type { Offer } from '../daemon/live.ts';
import { systemLog } from '../daemon/log.ts';
import { DAY_LENGTH, MINUTE } from '../rules/time.ts';

const [url = '', clientId = '', hall = '', directory = ''] = process.argv.slice(2);

const place = { directory, diskReserveBytes: 256 * 1024 * 1024 };
const ledger = Ledger.open(place);
const facts = new FactStore(ledger.database, hall);
const hand = new StoreHand({ ...place, hall });
ledger.beforeCommit = () => hand.finish();
const gathering = new Gathering({
  ledger,
  facts,
  hand,
  keep: (offers, recordedAt) => facts.append(offers.map(entryOf), recordedAt),
});
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
  if (queue.length === 0 || gathering.mayWait(queue.length)) return;
  const offers = queue.splice(0, BACKLOG_BATCH);
  const isAside = gathering.storeAside(offers, (failure) => {
    if (failure !== null) throw failure;
    arm();
  });
  if (!isAside) gathering.store(offers, Date.now());
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
  oldestMs: 400 * DAY_LENGTH,
  offer,
  ownerOf: () => null,
  find: (id) => facts.find(id),
  foreign: () => false,
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
  // Judged by nobody, it is over when it is kept.
  drained: () => {
    while (queue.length > 0) gathering.store(queue.splice(0, BACKLOG_BATCH), Date.now());
    ledger.commit(() => facts.release());
    gathering.clear();
  },
  lost: (because) => {
    throw new Error(because);
  },
});
process.once('SIGTERM', async () => {
  await broker.stop();
  hand.close();
  ledger.close();
});
