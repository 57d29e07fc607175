/** What is taken out of the ledger for good, and what is left to prove the rest. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { auditText } from '../../daemon/audit/words.ts';
import { purge } from '../../daemon/ledger/purging.ts';
import { auditedHall, auditOf, byHand, fileOf } from '../support/audited-hall.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { punchOf } from '../support/small-hall.ts';

let hall: CoreHall;
beforeEach(async () => {
  hall = await auditedHall();
});
afterEach(() => hall[Symbol.dispose]());

const one = (sql: string): number => Number(Object.values(hall.core.ledger.database.prepare(sql).get() ?? {})[0]);
const rowOf = (id: string): number => one(`select seq from fact where id = '${id}'`);
const linkOf = (row: number): number => one(`select number from chain where fact_from <= ${row} and fact_to >= ${row}`);
const fact = (id: string) => ({ kind: 'fact', row: rowOf(id), id });
const found = (): readonly object[] => auditOf(hall).broken.kept;

describe('what is purged', () => {
  const purged = (...ids: readonly string[]): void =>
    hall.core.ledger.commit(() =>
      purge(hall.core.ledger.database, { hall: 'suixian', kind: 'fact', seqs: ids.map(rowOf), at: 5000 }),
    );

  test('leaves the chain whole, and says that it was', () => {
    const before = auditOf(hall).chain;
    purged('p3', 'v1');
    const { chain, broken } = auditOf(hall);
    expect(broken.kept).toEqual([]);
    expect(chain).toMatchObject({ facts: (before?.facts ?? 0) - 2, purged: 2, links: (before?.links ?? 0) + 1 });
    expect(auditText(auditOf(hall), 'en')).toMatch(/2 rows purged/);
    expect(hall.core.facts.find('p3')).toBeNull();
    // Nothing is left to try guesses against: the salt is gone, and that of its neighbours is not.
    const salts = hall.core.ledger.database.prepare('select salts from chain where fact_from <= ? and fact_to >= ?');
    const kept = Buffer.from(salts.get(rowOf('p2'), rowOf('p2'))?.['salts'] as Uint8Array);
    expect(kept.subarray(32, 48)).toEqual(Buffer.alloc(16));
    for (const from of [0, 16]) expect(kept.subarray(from, from + 16)).not.toEqual(Buffer.alloc(16));
  });

  test('is gone from the disk as well', async () => {
    await hall.record(punchOf('p4', 'e2', '10:50:00', { method: 'manual' }));
    await hall.record(punchOf('p5', 'e2', '10:55:00'));
    const isOnDisk = (): boolean => {
      hall.core.ledger.database.exec('pragma wal_checkpoint(truncate)');
      return readFileSync(fileOf(hall)).includes('"method":"manual"');
    };
    expect(isOnDisk()).toBe(true);
    purged('p4');
    expect(isOnDisk()).toBe(false);
    expect(found()).toEqual([]);
  });

  test('is found where it is put back', () => {
    const [row, link] = [rowOf('p3'), linkOf(rowOf('p3'))];
    purged('p3');
    byHand(
      hall,
      `insert into fact (seq, hall, id, kind, at, recorded_at, via, body)
       select ${row}, hall, 'p3', kind, at, recorded_at, via, body from fact where id = 'p1'`,
    );
    expect(found()).toEqual([{ what: 'row-returned', ...fact('p3'), link }]);
  });

  test('is not the last row, whose number the next would get, nor one that is not there', () => {
    expect(() => purged('v2')).toThrow(/cannot be purged/);
    expect(() => purge(hall.core.ledger.database, { hall: 'suixian', kind: 'change', seqs: [99], at: 5000 })).toThrow(
      'change 99 cannot be purged',
    );
    expect(found()).toEqual([]);
  });

  test('can be a change too', () => {
    hall.core.ledger.commit(() =>
      purge(hall.core.ledger.database, { hall: 'suixian', kind: 'change', seqs: [1], at: 5000 }),
    );
    expect(found()).toEqual([]);
    expect(auditOf(hall).chain).toMatchObject({ changes: 4, purged: 1 });
  });
});
