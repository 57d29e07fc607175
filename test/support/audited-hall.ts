/** A small hall that has lived through a morning, and what somebody who has its disk can do to the file. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Audit, audit } from '../../daemon/audit/audit.ts';
import type { LinkName } from '../../daemon/audit/chain-walk.ts';
import {
  CHAINED,
  digestOf,
  linkHash,
  SALT_BYTES,
  textOfChange,
  textOfFact,
  textOfPurge,
} from '../../daemon/ledger/link.ts';
import { CoreHall } from './core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from './small-hall.ts';

/** Eight links: the configuration, its coming, four commits of facts, and three of what came due. */
export async function auditedHall(): Promise<CoreHall> {
  const hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(punchOf('p1', 'e1', '09:07:30'), punchOf('p2', 'e2', '08:55:00'), punchOf('p3', 'e2', '08:56:00'));
  await hall.record(leaveOf('l3', 'e3', '09:00:00', '10:00:00'));
  hall.pass(on('10:30:00'));
  await hall.record(seenAt('v1', 'W1', '10:31:00', 'empty'), seenAt('v2', 'W1', '10:32:00', 'occupied'));
  hall.pass(on('11:00:00'));
  return hall;
}

export const fileOf = (hall: CoreHall): string => join(hall.folder, 'data', 'ledger.db');

export function auditOf(hall: CoreHall, noted: LinkName | null = null): Audit {
  return audit({ directory: join(hall.folder, 'data'), hall: hall.loaded.hall, noted });
}

/** Runs statements through a connection of one's own; each has to change something. */
export function byHand(hall: CoreHall, ...statements: readonly string[]): void {
  const database = new DatabaseSync(fileOf(hall));
  try {
    for (const statement of statements) {
      if (database.prepare(statement).run().changes === 0) throw new Error(`nothing was changed: ${statement}`);
    }
  } finally {
    database.close();
  }
}

/** Overwrites a text that stands in the file once with another of the same length: bytes on a disk, past SQLite. */
export function onDisk(hall: CoreHall, text: string, other: string): void {
  settleFile(hall);
  const bytes = readFileSync(fileOf(hall));
  const at = bytes.indexOf(text);
  if (at < 0 || bytes.indexOf(text, at + 1) >= 0) throw new Error(`${text} does not stand in the file once`);
  if (Buffer.byteLength(text) !== Buffer.byteLength(other)) throw new Error(`${other} has another length`);
  writeAt(hall, at, Buffer.from(other));
}

/** Fills a page with nonsense. */
export function wreckPage(hall: CoreHall, page: number, pageBytes: number): void {
  settleFile(hall);
  writeAt(hall, (page - 1) * pageBytes, Buffer.alloc(pageBytes, 0xee));
}

/** Everything is in the file itself, and nothing beside it. */
function settleFile(hall: CoreHall): void {
  const database = new DatabaseSync(fileOf(hall));
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}

function writeAt(hall: CoreHall, at: number, bytes: Uint8Array): void {
  const file = openSync(fileOf(hall), 'r+');
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const TEXT_OF = { fact: textOfFact, change: textOfChange, purge: textOfPurge } as const;

/** Makes the whole chain anew over the rows as they are: what somebody can do who has the disk and the program. */
export function forgeChain(hall: CoreHall): void {
  const database = new DatabaseSync(fileOf(hall));
  const id = hall.loaded.hall.id;
  let before: Buffer | null = null;
  for (const row of database.prepare('select * from chain where hall = ? order by number').all(id)) {
    const number = Number(row['number']);
    const salts = row['salts'] as Uint8Array;
    const runs = CHAINED.flatMap((kind) => {
      const [from, to] = [row[`${kind}_from`], row[`${kind}_to`]];
      return typeof from === 'number' && typeof to === 'number' ? [{ kind, from, to }] : [];
    });
    const texts = runs.flatMap(({ kind, from, to }) => {
      const rows = database.prepare(`select * from ${kind} where seq between ? and ? order by seq`).all(from, to);
      return rows.map((one) => TEXT_OF[kind](one as never));
    });
    const digests = Buffer.concat(
      texts.map((text, i) => {
        const salt = Buffer.from(salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES)).toString('hex');
        return Buffer.from(digestOf(salt, text), 'latin1');
      }),
    );
    const origin = row['origin'] === 'adopted' ? 'adopted' : 'commit';
    before = linkHash({ hall: id, number, origin, runs, digests }, before);
    database
      .prepare('update chain set digests = ?, hash = ? where hall = ? and number = ?')
      .run(digests, before, id, number);
    database.prepare('update chain_end set hash = ? where hall = ?').run(before, id);
  }
  database.close();
}
