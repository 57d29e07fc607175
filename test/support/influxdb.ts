/** A real InfluxDB 1.x. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../adapters/metrics.ts';
import { freePort } from './ports.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export interface InfluxAdmin {
  readonly username: string;
  readonly password: string;
}

export interface InfluxOptions {
  /** With it the server asks everybody for credentials. */
  readonly admin?: InfluxAdmin;
  /** Databases to create. */
  readonly databases?: readonly string[];
  /** The largest request that it takes. */
  readonly maxBodyBytes?: number;
}

export interface InfluxServer extends ServerProcess {
  readonly url: string;
  /** InfluxQL; rejects with the server's own words. */
  query(influxql: string, database?: string): Promise<readonly InfluxSeries[]>;
  /** Line protocol as another program would write it, nanoseconds. */
  writeLines(database: string, lines: string): Promise<void>;
  /** All points of a measurement in the order of their series and times. */
  points(database: string, measurement: string): Promise<Point[]>;
}

export interface InfluxSeries {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | null)[])[];
}

interface QueryAnswer {
  readonly error?: string;
  readonly results?: readonly { readonly error?: string; readonly series?: readonly InfluxSeries[] }[];
}

export async function startInfluxdb(options: InfluxOptions = {}): Promise<InfluxServer> {
  const [httpPort, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const { admin } = options;
  const headers: Record<string, string> = {};
  if (admin !== undefined) {
    headers.authorization = `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}`;
  }
  const process = serverProcess({
    command: '/usr/bin/influxd',
    args: (dir) => {
      const auth = admin !== undefined;
      const { maxBodyBytes = 25_000_000 } = options;
      writeFileSync(join(dir, 'influxdb.conf'), configuration({ dir, httpPort, rpcPort, auth, maxBodyBytes }));
      return ['-config', join(dir, 'influxdb.conf')];
    },
    isUp: async () => (await fetch(`${url}/ping`)).status === 204,
  });

  async function query(influxql: string, database = ''): Promise<readonly InfluxSeries[]> {
    const body = new URLSearchParams({ q: influxql, db: database, epoch: 'ms' });
    const answer = (await (await fetch(`${url}/query`, { method: 'POST', body, headers })).json()) as QueryAnswer;
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(error);
    return answer.results?.flatMap((result) => result.series ?? []) ?? [];
  }

  await process.start();
  try {
    if (admin !== undefined) {
      await query(`CREATE USER "${admin.username}" WITH PASSWORD '${admin.password}' WITH ALL PRIVILEGES`);
    }
    for (const database of options.databases ?? []) await query(`CREATE DATABASE "${database}"`);
  } catch (error) {
    await process.remove();
    throw error;
  }

  return {
    ...process,
    url,
    query,
    async writeLines(database, lines) {
      const answer = await fetch(`${url}/write?db=${database}`, { method: 'POST', body: lines, headers });
      if (answer.status !== 204) throw new Error(await answer.text());
    },
    points: async (database, measurement) =>
      (await query(`SELECT * FROM "${measurement}" GROUP BY *`, database)).flatMap(pointsOf),
  };
}

function pointsOf(series: InfluxSeries): Point[] {
  const tags = Object.fromEntries(Object.entries(series.tags ?? {}).filter(([, value]) => value !== ''));
  return series.values.map((row) => {
    const fields: Record<string, number> = {};
    let at = Number.NaN;
    for (const [index, column] of series.columns.entries()) {
      const value = row[index];
      if (column === 'time') at = Number(value);
      else if (value !== null) fields[column] = Number(value);
    }
    return { measurement: series.name, tags, fields, at };
  });
}

interface Configuration {
  readonly dir: string;
  readonly httpPort: number;
  readonly rpcPort: number;
  readonly auth: boolean;
  readonly maxBodyBytes: number;
}

function configuration(given: Configuration): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${given.rpcPort}"
[meta]
  dir = "${given.dir}/meta"
[data]
  dir = "${given.dir}/data"
  wal-dir = "${given.dir}/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:${given.httpPort}"
  auth-enabled = ${given.auth}
  max-body-size = ${given.maxBodyBytes}
  log-enabled = false
[logging]
  level = "warn"
`;
}
