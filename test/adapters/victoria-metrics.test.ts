import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { influxStore } from '../../adapters/metrics/influxdb.ts';
import type { MetricsStore, Point } from '../../adapters/metrics.ts';
import { startVictoriaMetrics, type VictoriaServer } from '../support/victoria-metrics.ts';

const AT = Date.UTC(2024, 4, 20, 1, 0, 0, 123);
const opened: MetricsStore[] = [];
function through(door: 'v1' | 'v2', url: string): MetricsStore {
  const place = door === 'v1' ? { database: 'zaigang' } : { org: 'hall', bucket: 'zaigang', token: 'unused' };
  const store = influxStore({ url, ...place });
  opened.push(store);
  return store;
}
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

function punch(hall: string, employee: string, rev: number): Point {
  return { measurement: 'punch', tags: { hall, employee }, fields: { late_seconds: rev * 7.5, rev }, at: AT };
}

describe.each(['v1', 'v2'] as const)('VictoriaMetrics through the door of %s', (door) => {
  let server: VictoriaServer;
  beforeAll(async () => {
    server = await startVictoriaMetrics();
  }, 30_000);
  afterAll(() => server.remove());

  test('gives back what was written, one series for each field', async () => {
    const store = through(door, server.url);
    await store.check();
    await store.write([punch('hall-1', 'e001', 1), punch('hall-1', '徐 敏', 2)]);
    const samples = await server.samples('{__name__=~"punch_.*",hall="hall-1"}');
    // `/write` adds the database as a label, `/api/v2/write` drops the bucket.
    const where = door === 'v1' ? { db: 'zaigang' } : {};
    const of = (name: string, employee: string, value: number) => ({
      metric: { __name__: name, hall: 'hall-1', employee, ...where },
      values: [value],
      timestamps: [AT],
    });
    expect(samples).toEqual([
      of('punch_late_seconds', 'e001', 7.5),
      of('punch_late_seconds', '徐 敏', 15),
      of('punch_rev', 'e001', 1),
      of('punch_rev', '徐 敏', 2),
    ]);
  });

  test('a repeat adds nothing, and a higher rev takes its place', async () => {
    const store = through(door, server.url);
    await store.write([punch('hall-2', 'e001', 1)]);
    await store.write([punch('hall-2', 'e001', 1)]);
    await store.write([punch('hall-2', 'e001', 2)]);
    const samples = await server.samples('{__name__=~"punch_.*",hall="hall-2"}');
    expect(samples.map((series) => [series.metric.__name__, series.values])).toEqual([
      ['punch_late_seconds', [15]],
      ['punch_rev', [2]],
    ]);
  });
});

test('without -dedup.minScrapeInterval VictoriaMetrics counts every repeat', async () => {
  const server = await startVictoriaMetrics({ dedup: false });
  try {
    const store = through('v1', server.url);
    await store.write([punch('hall-1', 'e001', 1)]);
    await store.write([punch('hall-1', 'e001', 1)]);
    const [series] = await server.samples('punch_rev');
    expect(series?.values).toEqual([1, 1]);
  } finally {
    await server.remove();
  }
}, 30_000);
