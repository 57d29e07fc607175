/** The ledger's side of the shipper, as small as it gets: one SQLite file with points, a cursor and a parking place. */
import { DatabaseSync } from 'node:sqlite';
import type { Point } from '../../adapters/metrics.ts';
import type { SeriesSource } from '../../daemon/series/shipper.ts';

export interface FileSource extends SeriesSource {
  add(points: readonly Point[]): void;
  all(): Point[];
  parked(): readonly { readonly seq: number; readonly because: string }[];
  close(): void;
}

export function fileSource(file: string): FileSource {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS series (seq INTEGER PRIMARY KEY, point TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), cursor INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS parked (seq INTEGER PRIMARY KEY, because TEXT NOT NULL);
    INSERT OR IGNORE INTO place VALUES (1, 0);
  `);
  const insert = db.prepare('INSERT INTO series (point) VALUES (?)');
  const select = db.prepare('SELECT seq, point FROM series WHERE seq > ? ORDER BY seq LIMIT ?');
  const cursor = db.prepare('SELECT cursor FROM place');
  const advance = db.prepare('UPDATE place SET cursor = ?');
  const park = db.prepare('INSERT OR REPLACE INTO parked VALUES (?, ?)');
  const parked = db.prepare('SELECT seq, because FROM parked ORDER BY seq');
  const entryOf = (row: Record<string, unknown>) => ({
    seq: Number(row.seq),
    point: JSON.parse(String(row.point)) as Point,
  });
  return {
    add(points) {
      db.exec('BEGIN IMMEDIATE');
      for (const point of points) insert.run(JSON.stringify(point));
      db.exec('COMMIT');
    },
    all: () => select.all(0, -1).map((row) => entryOf(row).point),
    read: (after, limit) => select.all(after, limit).map(entryOf),
    cursor: () => Number(cursor.get()?.cursor),
    advance: (seq) => void advance.run(seq),
    park: (seq, because) => void park.run(seq, because),
    parked: () => parked.all().map((row) => ({ seq: Number(row.seq), because: String(row.because) })),
    close: () => db.close(),
  };
}
