/** The proof of the history: whole for whatever the daemon did, and broken, by name, for whatever somebody did by hand. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { audit, follows, NothingToAudit } from '../../daemon/audit/audit.ts';
import { auditText } from '../../daemon/audit/words.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { auditedHall, auditOf, byHand, fileOf, forgeChain, onDisk, wreckPage } from '../support/audited-hall.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { takeBack } from '../support/older-ledger.ts';
import { on, punchOf } from '../support/small-hall.ts';

let hall: CoreHall;
beforeEach(async () => {
  hall = await auditedHall();
});
afterEach(() => hall[Symbol.dispose]());

const one = (sql: string): number => Number(Object.values(hall.core.ledger.database.prepare(sql).get() ?? {})[0]);
const rowOf = (id: string): number => one(`select seq from fact where id = '${id}'`);
const linkOf = (kind: 'fact' | 'change', row: number): number =>
  one(`select number from chain where ${kind}_from <= ${row} and ${kind}_to >= ${row}`);
const fact = (id: string) => ({ kind: 'fact', row: rowOf(id), id });
const links = (): number => one('select max(number) from chain');
const found = (): readonly object[] => auditOf(hall).broken.kept;

describe('a ledger that nobody touched', () => {
  test('is whole, and what it holds follows from it, while the daemon has it open', () => {
    const { chain, rejudging, broken, differing } = auditOf(hall);
    expect([...broken.kept, ...differing.kept]).toEqual([]);
    expect(chain).toMatchObject({
      links: links(),
      facts: one('select count(*) from fact'),
      changes: 5,
      purged: 0,
      adopted: 0,
    });
    expect(chain?.newest).toEqual({
      number: links(),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      at: Date.parse(on('10:30:00.001')),
    });
    expect(rejudging).toEqual({
      days: { from: '2026-03-02', to: '2026-03-02', count: 1 },
      verdicts: 2,
      at: hall.core.engine.now,
      upgrades: [],
    });
  });

  test('stays so as it goes on, and over restarts', async () => {
    const noted = auditOf(hall).chain?.newest ?? null;
    hall.restart(20 * 60_000);
    hall.online();
    await hall.record(punchOf('p4', 'e3', '11:25:00'));
    hall.pass(on('2026-03-04 13:00:00'));
    const { chain, rejudging, broken, differing } = auditOf(hall, noted);
    expect([...broken.kept, ...differing.kept]).toEqual([]);
    expect(chain).toMatchObject({ noted: true, links: links(), changes: hall.history().length });
    expect(chain?.links).toBeGreaterThan(noted?.number ?? 0);
    expect(rejudging?.days).toEqual({ from: '2026-03-02', to: '2026-03-04', count: 3 });
  });
});

test('a ledger of an earlier release is chained when this one opens it, and holds from then on', () => {
  const directory = join(hall.folder, 'older');
  mkdirSync(directory);
  hall.core.ledger.database.exec('pragma wal_checkpoint(truncate)');
  copyFileSync(fileOf(hall), join(directory, 'ledger.db'));
  takeBack(directory, 4);
  const audited = () => audit({ directory, hall: hall.loaded.hall, noted: null });
  expect(audited).toThrow(expect.objectContaining({ reason: 'no-chain' }));
  Ledger.open({ directory, diskReserveBytes: 0 }).close();
  const { chain, broken, differing } = audited();
  expect([...broken.kept, ...differing.kept]).toEqual([]);
  const rows = { facts: one('select count(*) from fact'), changes: 5 };
  expect(chain).toMatchObject({ links: 2, adopted: 2, ...rows });
  expect(auditText(audited(), 'en')).toMatch(/2 of the links are of rows from before the chain/);
  expect(auditText(audited(), 'zh')).toMatch(/其中 2 环是升级时对已有记录补建的/);
  const edit = new DatabaseSync(join(directory, 'ledger.db'));
  edit.exec("update fact set at = at + 1 where id = 'p1'");
  edit.exec("insert into chain_debt values ('suixian', 'fact', 99)");
  edit.close();
  expect(audited).toThrow(expect.objectContaining({ reason: 'adopting' }));
  Ledger.open({ directory, diskReserveBytes: 0 }).close();
  expect(audited().broken.kept).toEqual([{ what: 'row-changed', ...fact('p1'), link: 1 }]);
});

/** What is done to the file, and what is said of it. */
type Deed = readonly [what: string, done: () => readonly string[] | undefined, said: () => readonly object[]];

const DEEDS: readonly Deed[] = [
  [
    'a changed byte of a fact on the disk',
    () => void onDisk(hall, '"employee":"e1","device"', '"employee":"e2","device"'),
    () => [{ what: 'row-changed', ...fact('p1'), link: linkOf('fact', rowOf('p1')) }],
  ],
  [
    'a fact that became known earlier',
    () => ["update fact set recorded_at = recorded_at - 1 where id = 'l3'"],
    () => [{ what: 'row-changed', ...fact('l3'), link: linkOf('fact', rowOf('l3')) }],
  ],
  [
    'another door',
    () => ["update fact set via = null, person = 'import' where id = 'l3'"],
    () => [{ what: 'row-changed', ...fact('l3'), link: linkOf('fact', rowOf('l3')) }],
  ],
  [
    'another cause of a verdict',
    () => [`update change set cause = '{"facts":["p2"]}' where seq = 2`],
    () => [{ what: 'row-changed', kind: 'change', row: 2, id: 'late/e1/2026-03-02/1', link: linkOf('change', 2) }],
  ],
  [
    'two facts in the other order',
    () => [
      "update fact set seq = -1 where id = 'p1'",
      "update fact set seq = seq - 1 where id = 'p2'",
      "update fact set seq = (select seq + 1 from fact where id = 'p2') where id = 'p1'",
    ],
    () => {
      const link = linkOf('fact', rowOf('p1'));
      return ['p2', 'p1'].map((id) => ({ what: 'row-changed', ...fact(id), link }));
    },
  ],
  [
    'a fact that is gone',
    () => ["delete from fact where id = 'p2'"],
    () => {
      const row = rowOf('p1') + 1;
      return [{ what: 'row-missing', kind: 'fact', row, id: null, link: linkOf('fact', row), after: 'p1' }];
    },
  ],
  [
    'a withdrawal that is gone',
    () => ["delete from change where op = 'retract'"],
    () => [{ what: 'row-missing', kind: 'change', row: 5, id: null, link: links(), after: 'absent/e3/2026-03-02/1' }],
  ],
  [
    'a fact that somebody added',
    () => [
      `insert into fact (hall, id, kind, at, recorded_at, via, body)
       select hall, 'p9', kind, at - 600000, recorded_at, via, body from fact where id = 'p1'`,
    ],
    () => [{ what: 'row-outside', ...fact('p9') }],
  ],
  [
    'one that was put before all others',
    () => [
      `insert into fact (seq, hall, id, kind, at, recorded_at, via, body)
       select -5, hall, 'p9', kind, at - 600000, recorded_at, via, body from fact where id = 'p1'`,
    ],
    () => [{ what: 'row-outside', ...fact('p9') }],
  ],
  [
    'a salt that is gone',
    () => ['update chain set salts = zeroblob(length(salts)) where number = 1'],
    () => [{ what: 'row-changed', ...fact(firstFact()), link: 1 }],
  ],
  [
    'a digest made to fit a changed fact',
    () => ['update chain set digests = zeroblob(length(digests)) where number = 1'],
    () => [
      { what: 'link-changed', link: 1 },
      { what: 'row-changed', ...fact(firstFact()), link: 1 },
    ],
  ],
  [
    'a link made to fit what it holds, and not what follows it',
    () => ['update chain set hash = zeroblob(32) where number = 3'],
    () => [
      { what: 'link-changed', link: 3 },
      { what: 'link-changed', link: 4 },
    ],
  ],
  [
    'a link that is said to be of older rows',
    () => ["update chain set origin = 'adopted' where number = 3"],
    () => [
      { what: 'link-changed', link: 3 },
      { what: 'link-misplaced', link: 3 },
    ],
  ],
  [
    'links that are gone',
    () => ['delete from chain where number in (3, 4)'],
    () => [
      { what: 'links-missing', from: 3, to: 4 },
      ...['p1', 'p2', 'p3', 'l3'].map((id) => ({ what: 'row-outside', ...fact(id) })),
    ],
  ],
  [
    'a tail of facts that is cut off',
    () => ["delete from fact where id in ('v1', 'v2')"],
    () => {
      const row = rowOf('l3') + 1;
      const name = { what: 'row-missing', kind: 'fact', id: null, link: linkOf('fact', row), after: 'l3' };
      return [
        { ...name, row },
        { ...name, row: row + 1 },
      ];
    },
  ],
  [
    'a tail of links that is cut off',
    () => ['delete from chain where number = (select max(number) from chain)'],
    () => [
      { what: 'links-missing', from: links() + 1, to: links() + 1 },
      { what: 'row-outside', ...fact('v1') },
      { what: 'row-outside', ...fact('v2') },
      { what: 'row-outside', kind: 'change', row: 4, id: 'absent/e3/2026-03-02/1' },
      { what: 'row-outside', kind: 'change', row: 5, id: 'late/e3/2026-03-02/1' },
    ],
  ],
  [
    'a tail of links and of what they held that is cut off',
    () => [
      'delete from chain where number = (select max(number) from chain)',
      "delete from fact where id in ('v1', 'v2')",
      'delete from change where seq in (4, 5)',
    ],
    () => [{ what: 'links-missing', from: links() + 1, to: links() + 1 }],
  ],
  [
    'an end that is said to be earlier',
    () => ['update chain_end set number = number - 1'],
    () => [{ what: 'end-differs', link: links() }],
  ],
  [
    'a fact that was purged by nobody',
    () => [
      "insert into purge (hall, at, kind, row) select hall, 1, 'fact', seq from fact where id = 'p2'",
      "delete from fact where id = 'p2'",
    ],
    () => [{ what: 'row-outside', kind: 'purge', row: 1, id: `fact ${rowOf('p1') + 1}` }],
  ],
];

const firstFact = (): string =>
  String(hall.core.ledger.database.prepare('select id from fact order by seq limit 1').get()?.['id']);

describe('is found, and named', () => {
  test.each(DEEDS)('%s', (_what, done, said) => {
    byHand(hall, ...(done() ?? []));
    expect(found()).toEqual(said());
  });

  test('a row of the history in both tables: the chain says it of one, the day of the other', () => {
    byHand(
      hall,
      `update change set verdict = replace(verdict, '"closed"', '"pending"') where seq = 2`,
      `update standing set verdict = replace(verdict, '"closed"', '"pending"') where key like '%late|e1|%'`,
    );
    const { broken, differing } = auditOf(hall);
    const id = 'late/e1/2026-03-02/1';
    expect(broken.kept).toEqual([{ what: 'row-changed', kind: 'change', row: 2, id, link: linkOf('change', 2) }]);
    expect(differing.kept).toEqual([{ what: 'differs', date: '2026-03-02', id }]);
  });

  test('a verdict that is taken away, and one that is made up, without their history', () => {
    byHand(
      hall,
      "delete from standing where key like '%late|e1|%'",
      `insert into standing (hall, key, day, verdict)
       select hall, replace(key, 'e3', 'e2'), day, replace(verdict, '"e3"', '"e2"') from standing where key like '%absent|e3|%'`,
    );
    const { broken, differing } = auditOf(hall);
    expect(broken.kept).toEqual([]);
    const date = '2026-03-02';
    const [late, absent] = ['late/e1/2026-03-02/1', 'absent/e2/2026-03-02/1'];
    expect(differing.kept).toEqual([
      { what: 'history-differs', date, id: absent },
      { what: 'history-differs', date, id: late },
      { what: 'only-recomputed', date, id: late },
      { what: 'only-stored', date, id: absent },
    ]);
  });

  test('facts that are none any more: everything else is compared all the same', () => {
    byHand(hall, "update fact set body = '{' where id = 'l3'");
    const { chain, rejudging, broken, differing } = auditOf(hall);
    expect(broken.kept).toEqual([{ what: 'row-changed', ...fact('l3'), link: linkOf('fact', rowOf('l3')) }]);
    expect(chain).toMatchObject({ changes: 5 });
    expect(rejudging).toBeNull();
    expect(differing.kept).toEqual([
      { what: 'not-judged', date: null, id: null, because: expect.stringMatching(/SyntaxError/) },
    ]);
  });

  test('a tail that was followed by new facts: they took the numbers of those that are gone', async () => {
    byHand(hall, "delete from fact where id = 'v2'");
    const row = rowOf('v1') + 1;
    const link = linkOf('fact', row);
    await hall.record(punchOf('p9', 'e3', '10:59:00'));
    expect(found()).toEqual([
      { what: 'row-changed', ...fact('p9'), link },
      { what: 'link-misplaced', link: link + 1 },
    ]);
  });

  test('a chain that was made anew, by whoever noted a link before', () => {
    const noted = auditOf(hall).chain?.newest ?? null;
    expect(auditOf(hall, noted).chain?.noted).toBe(true);
    byHand(hall, `update fact set body = replace(body, '"e1"', '"e2"') where id = 'p1'`);
    forgeChain(hall);
    expect(found()).toEqual([]);
    expect(auditOf(hall, noted).broken.kept).toEqual([{ what: 'noted-differs', link: noted?.number }]);
    // The verdicts are those of the former facts.
    expect(auditOf(hall).differing.count).toBeGreaterThan(0);
  });

  test('a tail that was cut off without a trace, by whoever noted a link of it', () => {
    const noted = auditOf(hall).chain?.newest ?? null;
    byHand(
      hall,
      'delete from chain where number = (select max(number) from chain)',
      "delete from fact where id in ('v1', 'v2')",
      'delete from change where seq in (4, 5)',
      'update chain_end set number = number - 1, hash = (select hash from chain order by number desc limit 1)',
    );
    expect(found()).toEqual([]);
    expect(auditOf(hall, noted).broken.kept).toEqual([
      { what: 'links-missing', from: noted?.number, to: noted?.number },
    ]);
  });

  test('a file that SQLite cannot read any more', () => {
    const [page, size] = [one("select rootpage from sqlite_master where name = 'change'"), one('pragma page_size')];
    wreckPage(hall, page, size);
    const damaged = auditOf(hall);
    const { chain, rejudging, broken } = damaged;
    expect(broken.kept).toEqual([{ what: 'file-damaged', because: expect.stringMatching(/malformed/) }]);
    expect([chain, rejudging]).toEqual([null, null]);
    // Nothing was judged: nobody can say whether it follows.
    expect(follows(damaged)).toBeNull();
    expect(auditText(damaged, 'zh')).toMatch(/\n文件已损坏，没有读完，也没有重算。\n$/);
    expect(auditText(damaged, 'en')).toMatch(
      /\nThe file is damaged: not all of it was read, and nothing was judged again\.\n$/,
    );
  });
});

test('of another hall there is nothing to be proved, unless a link was noted', () => {
  const hallOf = { ...hall.loaded.hall, id: 'elsewhere' };
  const directory = hall.core.ledger.directory;
  expect(() => audit({ directory, hall: hallOf, noted: null })).toThrow(NothingToAudit);
  const { broken } = audit({ directory, hall: hallOf, noted: { number: 3, hash: 'ab' } });
  expect(broken.kept).toEqual([{ what: 'links-missing', from: 1, to: 3 }]);
});

test('more than can be read is counted', () => {
  byHand(
    hall,
    `insert into fact (hall, id, kind, at, recorded_at, via, body)
     with recursive n(i) as (values (1) union all select i + 1 from n where i < 250)
     select 'suixian', 'x' || i, 'punch', 1, 1, 'mqtt', '{"employee":"e1"}' from n`,
  );
  const { broken } = auditOf(hall);
  expect(broken.count).toBe(250);
  expect(broken.kept).toHaveLength(200);
  expect(auditText(auditOf(hall), 'en')).toMatch(/… and 50 more/);
  expect(auditText(auditOf(hall), 'zh')).toMatch(/……另有 50 处/);
});
