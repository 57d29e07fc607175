/** The dashboards ask for what the daemon writes: each query is put to a real InfluxDB that the real shipper has filled. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import { influxStore } from '../../adapters/metrics/influxdb.ts';
import { CameraPoints } from '../../daemon/cameras/camera-points.ts';
import type { WitnessReading } from '../../daemon/cameras/witness-watch.ts';
import { shipper } from '../../daemon/series/shipper.ts';
import { CoreHall } from '../support/core-hall.ts';
import { type InfluxServer, startInfluxdb } from '../support/influxdb.ts';
import { leaveOf, on, punchOf, seenAt } from '../support/small-hall.ts';
import { until } from '../support/until.ts';
import { wallClock } from '../support/wall-clock.ts';

const folder = fileURLToPath(new URL('../../docs/examples/grafana/', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Source {
  readonly type: string;
  readonly uid: string;
}

interface Target {
  readonly refId: string;
  readonly datasource: Source;
  readonly query: string;
  readonly resultFormat: 'table' | 'time_series';
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource: Source;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options: { readonly xField?: string };
  readonly targets: readonly Target[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string; readonly datasource: Source }[];
  };
}

const files = readdirSync(`${folder}dashboards`);
const dashboards = files.map((file) => JSON.parse(readFileSync(`${folder}dashboards/${file}`, 'utf8')) as Dashboard);
const panels = dashboards.flatMap((dashboard) =>
  dashboard.panels.map((panel) => [dashboard.uid, panel.title, panel] as const),
);

const DATABASE = 'zaigang';
/** A hall with all that there is a figure of: two departments, somebody late, absent, early and on leave, a window left alone. */
const HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { punches: session, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } }
departments: [{ id: gaj, name: 公安局 }, { id: swj, name: 税务局 }]
employees:
  - { id: e1, name: 徐敏, department: gaj, schedule: standard, credentials: ["1001"] }
  - { id: e2, name: 李岚, department: swj, schedule: standard, credentials: ["1002"] }
  - { id: e3, name: 周诚, department: swj, schedule: standard, credentials: ["1003"] }
windows:
  - { id: W1, name: 出入境, department: gaj, schedule: standard, a: e1 }
  - { id: W2, name: 办税, department: swj, schedule: standard, a: e2, b: [e3] }
clocks: [{ id: clock-1 }, { id: door-1, kind: door }]
`;

const CAMERA: CameraReading = {
  id: 'cam-1',
  address: 'rtsp://192.0.2.10/1',
  state: 'live',
  loss: null,
  retryMs: null,
  decoding: 'keyframes',
  frames: 10,
  lastFrameAt: null,
  intervalMs: 2000,
  sameFrames: 1,
  reconnects: 1,
  stalls: 0,
  lastHour: { reconnects: 0, stalls: 0, seenShare: 1 },
  quality: 'excellent',
};
const WITNESS: WitnessReading = { id: 'nvr', kind: 'frigate', isHeard: true, loss: null, losses: 1, misheard: 0 };

let server: InfluxServer;
let hall: CoreHall;
beforeAll(async () => {
  server = await startInfluxdb({ databases: [DATABASE] });
  hall = new CoreHall({ yaml: HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record({ fact: 'device', id: 'o1', at: on('08:00:00'), device: 'clock-1', state: 'online' });
  hall.pass(on('09:40:00'));
  await hall.record(
    punchOf('p1', 'e1', '09:20:00'),
    punchOf('p2', 'e2', '08:55:00'),
    seenAt('v1', 'W1', '09:21:00', 'occupied'),
    seenAt('v2', 'W2', '08:56:00', 'occupied'),
    seenAt('v3', 'W2', '09:30:00', 'empty'),
  );
  writeCameraPoints();
  hall.pass(on('11:00:00'));
  await hall.record(punchOf('p3', 'e2', '10:50:00'), leaveOf('l3', 'e3', '09:00:00', '12:00:00'));
  hall.pass(on('20:00:00'));
  await ship();
}, 60_000);
afterAll(async () => {
  hall?.[Symbol.dispose]();
  await server?.remove();
});

function writeCameraPoints(): void {
  const { core } = hall;
  const points = new CameraPoints({
    clock: { now: () => hall.clock.now(), elapsed: () => hall.clock.now(), after: () => () => {} },
    cameras: () => [CAMERA],
    witnesses: () => [WITNESS],
    put: (made) => core.ledger.commit(() => core.series.put(made)),
    log: { error() {}, warn() {}, info() {}, debug() {} },
  });
  points.write();
}

async function ship(): Promise<void> {
  const { series, ledger } = hall.core;
  const last = series.read(0, 100_000).at(-1)?.seq ?? 0;
  const store = influxStore({ url: server.url, database: DATABASE, timeoutMs: 10_000 });
  const parked: string[] = [];
  const shipping = shipper({
    source: {
      read: (after, limit) => series.read(after, limit),
      cursor: () => series.cursor(),
      advance: (seq) => ledger.commit(() => series.advance(seq)),
      park: (_, because) => void parked.push(because),
    },
    store,
    batch: 500,
    gatherMs: 0,
    firstPauseMs: 20,
    longestPauseMs: 100,
    clock: wallClock,
    random: Math.random,
    log: { info: () => {}, warn: () => {} },
  });
  const running = shipping.run();
  await until(() => series.cursor() >= last, { timeoutMs: 30_000, what: 'all points to be shipped' });
  await shipping.stop();
  await running;
  await store.close();
  expect(parked).toEqual([]);
}

/** What Grafana puts in place of its variables. */
function asked(query: string): string {
  const said = query
    .replaceAll(`\${hall:regex}`, 'suixian')
    .replaceAll('$timeFilter', `time >= '2026-03-01T16:00:00Z' AND time <= '2026-03-02T16:00:00Z'`)
    .replaceAll('$__interval', '1m');
  expect(said).not.toMatch(/\$[\w{]/);
  return said;
}

describe('each query', () => {
  test.each(panels)('of %s: %s', async (_, __, panel) => {
    expect(panel.targets.length).toBeGreaterThan(0);
    for (const { query } of panel.targets) {
      const series = await server.query(asked(query), DATABASE);
      const rows = series.flatMap(({ values }) => values);
      expect(rows.length, query).toBeGreaterThan(0);
      // A field that nobody writes comes back as nothing, or as a column without a value.
      const columns = series[0]?.columns ?? [];
      for (const [i, column] of columns.entries()) {
        expect(
          rows.some((row) => row[i] !== null && row[i] !== ''),
          `${column} of ${query}`,
        ).toBe(true);
      }
      const { xField } = panel.options;
      if (xField !== undefined) expect(Object.keys(series[0]?.tags ?? {})).toContain(xField);
    }
  });

  test.each(panels)('of %s names what is there: %s', async (_, __, { targets }) => {
    for (const { query } of targets) {
      const measurement = /.*FROM "(\w+)"/.exec(query)?.[1] ?? '';
      const names = async (what: 'FIELD' | 'TAG') =>
        (await server.query(`SHOW ${what} KEYS FROM "${measurement}"`, DATABASE)).flatMap(({ values }) =>
          values.map(([name]) => String(name)),
        );
      const known = new Set([measurement, ...(await names('FIELD')), ...(await names('TAG'))]);
      const aliases = new Set([...query.matchAll(/ AS "([^"]+)"/g)].map(([, alias]) => alias));
      const named = [...query.matchAll(/"([^"]+)"/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !aliases.has(name));
      expect(
        named.filter((name) => !known.has(name)),
        query,
      ).toEqual([]);
    }
  });

  test.each(dashboards)('for the variables of $uid', async ({ templating }) => {
    expect(templating.list.map(({ name }) => name)).toEqual(['hall']);
    for (const { query } of templating.list) {
      expect((await server.query(query, DATABASE)).flatMap(({ values }) => values)).toEqual([['hall', 'suixian']]);
    }
  });
});

test('a query for what nobody writes would be found out', async () => {
  const none = `SELECT sum("points") FROM "violation" WHERE $timeFilter GROUP BY "rule"`;
  expect(await server.query(asked(none), DATABASE)).toEqual([]);
});

test('the dashboards are whole, and one another’s neighbours', () => {
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(files.length);
  for (const { uid, panels: all } of dashboards) {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const taken = new Set<string>();
    for (const { title, gridPos, targets } of all) {
      expect(gridPos.x + gridPos.w, `${uid} ${title}`).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), `${uid} ${title}`).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  }
});

test('the datasources are those that the dashboards ask, and say where they are by variables', () => {
  const used = new Set(
    dashboards.flatMap((one) =>
      [
        ...one.templating.list.map(({ datasource }) => datasource),
        ...one.panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]),
      ].map(({ type, uid }) => `${type} ${uid}`),
    ),
  );
  for (const file of readdirSync(`${folder}datasources`)) {
    const { datasources } = parse(readFileSync(`${folder}datasources/${file}`, 'utf8')) as {
      datasources: readonly (Source & { url: string; jsonData: { dbName: string } })[];
    };
    expect(
      datasources.map(({ type, uid }) => `${type} ${uid}`),
      file,
    ).toEqual([...used]);
    expect(datasources.map(({ url, jsonData }) => [url, jsonData.dbName])).toEqual([
      [`\${ZAIGANG_INFLUXDB_URL}`, `\${ZAIGANG_INFLUXDB_DATABASE}`],
    ]);
  }
});

test('compose.yaml gives Grafana the variables and folders that its files name', () => {
  const { services } = parse(readFileSync(`${root}compose.yaml`, 'utf8')) as {
    services: {
      grafana: { profiles: string[]; environment: Record<string, string>; entrypoint: string[]; volumes: string[] };
    };
  };
  const { profiles, environment, entrypoint, volumes } = services.grafana;
  expect(profiles).toEqual(['grafana']);
  const [source = '', provider = '', boards = ''] = volumes.map((volume) => volume.split(':')[0] ?? '');
  const wanted = [...readFileSync(`${root}${source}`, 'utf8').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const given = new Set([
    ...Object.keys(environment),
    ...[...entrypoint.join(' ').matchAll(/(\w+)=/g)].map(([, name]) => name),
  ]);
  expect(wanted.filter((name) => !given.has(name))).toEqual([]);
  const { providers } = parse(readFileSync(`${root}${provider}`, 'utf8')) as {
    providers: { options: { path: string } }[];
  };
  expect(volumes).toContain(`${boards}:${providers[0]?.options.path}:ro`);
});
