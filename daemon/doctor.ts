/** All that somebody from afar needs to find out what is wrong with a hall: no secrets, no names, no credentials, no pictures. */
import { statSync } from 'node:fs';
import { cpus, freemem, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { looksSecret } from '../config/hidden.ts';
import type { LoadedConfig } from '../config/load.ts';
import { readLedger, UnreadableLedger } from './ledger/read-only.ts';
import { VERSION } from './version.ts';

/** The machine and the program. */
export function surroundings(ffmpeg: string): object {
  const { node, sqlite, v8 } = process.versions;
  return {
    ...{ zaigang: VERSION, node, sqlite, v8, ffmpeg },
    ...{ platform: process.platform, arch: process.arch, kernel: release() },
    ...{ processors: cpus().length, load: loadavg(), memoryBytes: totalmem(), freeMemoryBytes: freemem() },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

/** The configuration as it is in force, without what must not leave the hall. */
export function maskedConfig({ config, hash }: LoadedConfig): object {
  const employees = config.employees.map(({ name, credentials, contacts, ...employee }) => ({
    ...employee,
    name: name === null ? null : `${[...name][0] ?? ''}*`,
    credentials: credentials.length,
    contacts: contacts === null ? 0 : Object.keys(contacts).length,
  }));
  return { hash, ...(JSON.parse(JSON.stringify({ ...config, employees }, hideSecrets)) as object) };
}

function hideSecrets(key: string, value: unknown): unknown {
  if (key !== '' && typeof value === 'string' && looksSecret(key)) return '***';
  // Keys stand in paths and queries of addresses, too.
  if (typeof value !== 'string' || !value.includes('://') || !URL.canParse(value)) return value;
  const { protocol, host } = new URL(value);
  return `${protocol}//${host}/…`;
}

/** What the ledger holds, counted; or why it cannot be read. */
export function ledgerFigures({ config, hall }: LoadedConfig): object {
  try {
    return {
      bytes: statSync(join(config.data, 'ledger.db')).size,
      ...readLedger(config.data, (db) => figures(db, hall.id)),
    };
  } catch (error) {
    if (error instanceof UnreadableLedger) return { unreadable: error.reason };
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function figures(database: DatabaseSync, hall: string): object {
  const all = (sql: string): unknown[] => database.prepare(sql).all(hall);
  return {
    migrations: database
      .prepare('select number from migration order by number')
      .all()
      .map(({ number }) => number),
    facts: all('select kind, count(*) as facts, max(recorded_at) as newest from fact where hall = ? group by kind'),
    changes: all('select op, count(*) as changes, max(at) as newest from change where hall = ? group by op'),
    rejects: all(
      'select door, topic, because, times, last_at as last from reject where hall = ? order by last_at desc limit 50',
    ),
    outbox: all('select channel, count(*) as waiting from outbox where hall = ? group by channel'),
    faults: all('select device, code, since, until from device_fault where hall = ? order by since desc limit 200'),
  };
}
