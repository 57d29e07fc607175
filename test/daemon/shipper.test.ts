import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { influxStore } from '../../adapters/metrics/influxdb.ts';
import { MetricsError, type MetricsStore, type Point } from '../../adapters/metrics.ts';
import { type Shipper, type ShipperOptions, shipper } from '../../daemon/series/shipper.ts';
import { handClock } from '../support/hand-clock.ts';
import { type InfluxServer, startInfluxdb } from '../support/influxdb.ts';
import { sorted, violations } from '../support/series-points.ts';
import { type FileSource, fileSource } from '../support/series-source.ts';
import { until } from '../support/until.ts';
import { wallClock } from '../support/wall-clock.ts';

const SHIP_TIMEOUT_MS = 30_000;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let dir: string;
let source: FileSource;
let cleanups: (() => unknown)[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zaigang-ship-'));
  source = fileSource(join(dir, 'ledger.db'));
  cleanups = [];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  source.close();
  rmSync(dir, { recursive: true, force: true });
});

function start(store: MetricsStore, more: Partial<ShipperOptions> = {}): Shipper {
  const started = shipper({
    source,
    store,
    batch: 500,
    gatherMs: 0,
    firstPauseMs: 20,
    longestPauseMs: 100,
    clock: wallClock,
    random: Math.random,
    log: { info: () => {}, warn: () => {} },
    ...more,
  });
  cleanups.push(async () => {
    await store.close();
    await started.stop();
  });
  return started;
}

async function shipped(seq: number): Promise<void> {
  await until(() => source.cursor() >= seq, { timeoutMs: SHIP_TIMEOUT_MS, what: `the cursor to reach ${seq}` });
}

describe('into a real InfluxDB', () => {
  const admin = { username: 'zaigang', password: 'first' };
  let server: InfluxServer;
  let databases = 0;
  let database: string;
  beforeAll(async () => {
    server = await startInfluxdb();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    databases += 1;
    database = `db-${databases}`;
    await server.query(`CREATE DATABASE "${database}"`);
  });
  const open = () => influxStore({ url: server.url, database, timeoutMs: 1000 });

  async function expectAll(points: readonly Point[]): Promise<void> {
    const there = sorted(await server.points(database, 'violation'));
    expect(there.length).toBe(points.length);
    expect(there).toEqual(sorted(points));
  }

  test('ships what is there, sleeps, and wakes for more', async () => {
    source.add(violations(1200));
    const ship = start(open());
    void ship.run();
    await shipped(1200);
    await until(() => ship.lag().oldestAt === null, { timeoutMs: 1000, what: 'the shipper to find nothing more' });
    const revised = violations(300, 2);
    source.add(revised);
    ship.kick();
    await shipped(1500);
    await expectAll([...revised, ...violations(1200).slice(300)]);
    expect(ship.lag()).toMatchObject({ cursor: 1500, written: 1500, parked: 0, failures: 0, because: null });
  });

  test('a store that is killed under way gets all 20 000, none doubled', async () => {
    source.add(violations(20_000));
    let killed: Promise<void> | undefined;
    const advance: FileSource['advance'] = (seq) => {
      source.advance(seq);
      if (seq >= 5000) killed ??= server.kill();
    };
    const ship = start(open(), { source: { ...source, advance } });
    void ship.run();
    await until(() => ship.lag().failures >= 3, { timeoutMs: SHIP_TIMEOUT_MS, what: 'three failures' });
    await killed;
    expect(source.cursor()).toBeLessThan(20_000);
    await server.start();
    await shipped(20_000);
    await expectAll(source.all());
    expect(ship.lag()).toMatchObject({ written: 20_000, parked: 0, failures: 0, failingSince: null });
  });

  test('a shipper that is killed under way goes on where the ledger says', async () => {
    source.add(violations(20_000));
    const program = join(import.meta.dirname, '../support/ship-series.ts');
    const child = async (death: string) => {
      const args = [program, join(dir, 'ledger.db'), server.url, database, '20000', death];
      const [code, signal] = await once(
        spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }),
        'exit',
      );
      return signal ?? code;
    };

    // Between the store's answer and the cursor: 500 points are there that the ledger takes for missing.
    expect(await child('before-cursor:4')).toBe('SIGKILL');
    expect(source.cursor()).toBe(1500);
    expect((await server.points(database, 'violation')).length).toBe(2000);

    for (const death of ['in-flight:1', 'in-flight:6', 'before-cursor:9', 'in-flight:10']) {
      expect(await child(death)).toBe('SIGKILL');
    }
    expect(source.cursor()).toBe(1500 + 5 * 500 + 8 * 500 + 9 * 500);
    expect(await child('')).toBe(0);
    expect(source.cursor()).toBe(20_000);
    await expectAll(source.all());
    expect(source.parked()).toEqual([]);
  });

  test('points that the store refuses are parked with its reason, and all others arrive', async () => {
    const points = violations(3000);
    const poison = new Map<number, RegExp>([
      [1, /field minutes is NaN|field minutes is null/],
      [777, /time outside range/],
      [778, /time outside range/],
      [2500, /it has no fields/],
      [3000, /field type conflict.*"online"/],
    ]);
    for (const seq of poison.keys()) {
      const good = points[seq - 1] as Point;
      if (seq === 1) points[seq - 1] = { ...good, fields: { minutes: Number.NaN } };
      else if (seq === 2500) points[seq - 1] = { ...good, fields: {} };
      else if (seq === 3000) points[seq - 1] = { ...good, measurement: 'device', fields: { online: 1 } };
      else points[seq - 1] = { ...good, at: -8.64e15 };
    }
    await server.writeLines(database, `device online=1i ${(points[2999] as Point).at}000000`);
    source.add(points);
    let requests = 0;
    const store = open();
    const counted: MetricsStore = {
      ...store,
      write(batch) {
        requests += 1;
        return store.write(batch);
      },
    };
    const ship = start(counted, { batch: 1000 });
    void ship.run();
    await shipped(3000);
    const parked = source.parked();
    expect(parked.map(({ seq }) => seq)).toEqual([...poison.keys()]);
    for (const { seq, because } of parked) expect(because).toMatch(poison.get(seq) ?? /never/);
    await expectAll(points.filter((_point, index) => !poison.has(index + 1)));
    expect(ship.lag()).toMatchObject({ written: 2995, parked: 5, failures: 0 });
    expect(requests).toBeLessThan(150);
  });

  test('a store that is not there yet is waited for', async () => {
    await server.kill();
    source.add(violations(700));
    const ship = start(open());
    void ship.run();
    await until(() => ship.lag().failures >= 2, { timeoutMs: SHIP_TIMEOUT_MS, what: 'two failures' });
    expect(ship.lag()).toMatchObject({ cursor: 0, oldestAt: violations(1)[0]?.at, written: 0 });
    expect(ship.lag().because).toContain('unreachable');
    await server.start();
    await shipped(700);
    await expectAll(source.all());
  });

  test('a store that stops answering is tried again', async () => {
    source.add(violations(700));
    server.freeze();
    const ship = start(influxStore({ url: server.url, database, timeoutMs: 100 }));
    void ship.run();
    await until(() => ship.lag().failures >= 2, { timeoutMs: SHIP_TIMEOUT_MS, what: 'two failures' }).finally(() =>
      server.thaw(),
    );
    await shipped(700);
    await expectAll(source.all());
    expect(source.parked()).toEqual([]);
  });

  test('a missing database costs no point: they go out once it is created', async () => {
    database = 'created later';
    source.add(violations(700));
    const ship = start(open());
    void ship.run();
    await until(() => ship.lag().failures >= 2, { timeoutMs: SHIP_TIMEOUT_MS, what: 'two failures' });
    expect(ship.lag().because).toContain('does not exist');
    await server.query(`CREATE DATABASE "${database}"`);
    await shipped(700);
    await expectAll(source.all());
    expect(source.parked()).toEqual([]);
  });

  test('a wrong password costs no point: they go out once it is mended', async () => {
    const guarded = await startInfluxdb({ admin, databases: ['zaigang'] });
    cleanups.push(() => guarded.remove());
    source.add(violations(700));
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (...line: unknown[]) => void warnings.push(JSON.stringify(line)) };
    const store = influxStore({ url: guarded.url, database: 'zaigang', ...admin, password: 'second' });
    const ship = start(store, { log });
    void ship.run();
    await until(() => ship.lag().failures >= 2, { timeoutMs: SHIP_TIMEOUT_MS, what: 'two failures' });
    expect(ship.lag().because).toContain('did not accept the credentials');
    await guarded.query(`SET PASSWORD FOR "zaigang" = 'second'`);
    await shipped(700);
    expect(source.parked()).toEqual([]);
    expect(warnings.length).toBeGreaterThan(1);
    for (const line of warnings) expect(line).not.toContain('second');
  });

  test('never holds more than a batch, and sends one at a time', async () => {
    source.add(violations(5000));
    const store = open();
    let flying = 0;
    const counts: number[] = [];
    const limits: number[] = [];
    const watched: MetricsStore = {
      ...store,
      async write(points) {
        flying += 1;
        counts.push(flying);
        await store.write(points).finally(() => {
          flying -= 1;
        });
      },
    };
    const read: FileSource['read'] = (after, limit) => {
      limits.push(limit);
      return source.read(after, limit);
    };
    const ship = start(watched, { source: { ...source, read }, batch: 300 });
    void ship.run();
    for (let kicks = 0; kicks < 50; kicks += 1) ship.kick();
    await shipped(5000);
    expect(Math.max(...counts)).toBe(1);
    expect(Math.max(...limits)).toBe(300);
  });
});

describe('pauses', () => {
  const nowhere = () => influxStore({ url: 'http://127.0.0.1:1', database: 'none' });

  test.each([
    [0, [100, 200, 400, 800, 1000, 1000]],
    [1, [50, 100, 200, 400, 500, 500]],
  ])('grow to the longest, shortened by chance (%f)', async (chance, expected) => {
    source.add(violations(10));
    const time = handClock();
    const ship = start(nowhere(), {
      clock: time.clock,
      random: () => chance,
      firstPauseMs: 100,
      longestPauseMs: 1000,
    });
    void ship.run();
    const pauses: number[] = [];
    while (pauses.length < expected.length) pauses.push(await time.pass());
    expect(pauses).toEqual(expected);
    await until(() => time.pending() !== null, { timeoutMs: 5000, what: 'the next pause' });
    expect(ship.lag()).toMatchObject({ failures: expected.length + 1, failingSince: 1_000_000 });
  });

  test('come before what is new is sent, too, so that more goes with it', async () => {
    const time = handClock();
    const sent: number[] = [];
    const store = { ...nowhere(), write: async (points: readonly Point[]) => void sent.push(points.length) };
    const ship = start(store, { clock: time.clock, gatherMs: 1000 });
    void ship.run();
    source.add(violations(2));
    ship.kick();
    await until(() => time.pending() !== null, { timeoutMs: 5000, what: 'the pause' });
    source.add(violations(3));
    ship.kick();
    expect(sent).toEqual([]);
    expect(await time.pass()).toBe(1000);
    await shipped(5);
    expect(sent).toEqual([5]);
  });

  test('are not cut short by news', async () => {
    source.add(violations(10));
    const time = handClock();
    const ship = start(nowhere(), { clock: time.clock });
    void ship.run();
    await until(() => time.pending() !== null, { timeoutMs: 5000, what: 'a pause' });
    ship.kick();
    await new Promise(setImmediate);
    expect(time.pending()).not.toBe(null);
    expect(ship.lag().failures).toBe(1);
  });

  test('end at once when stopped, and nothing is sent after that', async () => {
    source.add(violations(10));
    const time = handClock();
    const ship = start(nowhere(), { clock: time.clock });
    const run = ship.run();
    await until(() => time.pending() !== null, { timeoutMs: 5000, what: 'a pause' });
    await ship.stop();
    await run;
    expect(time.pending()).toBe(null);
    expect(ship.lag().failures).toBe(1);
  });
});

test('a write under way is waited for when stopped, and counts', async () => {
  source.add(violations(10));
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const slow: MetricsStore = { name: 'slow', write: () => answered, check: async () => {}, close: async () => {} };
  const ship = start(slow);
  const run = ship.run();
  let stopped = false;
  const stopping = ship.stop().then(() => {
    stopped = true;
  });
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  answer();
  await Promise.all([stopping, run]);
  expect(source.cursor()).toBe(10);
});

test('a ledger that fails is told to the supervisor, not tried again', async () => {
  const broken = {
    ...source,
    read: () => {
      throw new Error('disk I/O error');
    },
  };
  const ship = start(influxStore({ url: 'http://127.0.0.1:1', database: 'none' }), { source: broken });
  await expect(ship.run()).rejects.toThrow('disk I/O error');
  await ship.stop();
});

test('a store that fails in a way it does not explain is told to the supervisor', async () => {
  source.add(violations(10));
  const ship = start({
    name: 'faulty',
    write: () => Promise.reject(new TypeError('a bug')),
    check: async () => {},
    close: async () => {},
  });
  await expect(ship.run()).rejects.toThrow(TypeError);
  expect(source.cursor()).toBe(0);
});

/** Refuses every batch with one of `refused` in it; the points are numbered in their field `seq`. */
function pickyStore(refused: ReadonlySet<number>) {
  const taken: number[] = [];
  let requests = 0;
  const store: MetricsStore = {
    name: 'picky',
    async write(points) {
      requests += 1;
      const seqs = points.map((point) => point.fields.seq as number);
      if (seqs.some((seq) => refused.has(seq))) throw new MetricsError('refused', { retry: false });
      taken.push(...seqs);
    },
    check: async () => {},
    close: async () => {},
  };
  return { store, taken, requests: () => requests };
}

const numbered = (count: number) => violations(count).map((point, index) => ({ ...point, fields: { seq: index + 1 } }));

test.each([2, 3, 4, 5, 7, 64, 500])('finds any set of refused points with batches of %i', async (batch) => {
  const refused = new Set([1, 2, 3, 50, 51, 99, 100]);
  source.add(numbered(100));
  const picky = pickyStore(refused);
  void start(picky.store, { batch }).run();
  await shipped(100);
  expect(source.parked().map(({ seq }) => seq)).toEqual([...refused]);
  expect(picky.taken).toEqual(Array.from({ length: 100 }, (_, at) => at + 1).filter((seq) => !refused.has(seq)));
});

test.each([1, 512, 700, 1023, 1024])('finds point %i of a batch of 1024 by halving', async (seq) => {
  source.add(numbered(1024));
  const picky = pickyStore(new Set([seq]));
  void start(picky.store, { batch: 1024 }).run();
  await shipped(1024);
  expect(source.parked().map((parked) => parked.seq)).toEqual([seq]);
  // Ten halvings, at most two requests each, and as many doublings to be back at full size.
  expect(picky.requests()).toBeLessThanOrEqual(1 + 2 * 10 + 10);
});
