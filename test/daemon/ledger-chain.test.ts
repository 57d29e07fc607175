/** How the ledger chains what it keeps: with the commit or not at all, each hall by itself, and what was there before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ChainWalk } from '../../daemon/audit/chain-walk.ts';
import { type ChainFinding, Findings } from '../../daemon/audit/finding.ts';
import { tornEnd } from '../../daemon/ledger/chain-end.ts';
import { FactStore } from '../../daemon/ledger/facts.ts';
import { HistoryStore } from '../../daemon/ledger/history.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { digestOf, textOfChange, textOfFact } from '../../daemon/ledger/link.ts';
import type { Change } from '../../rules/changes.ts';
import { BEGINNING } from '../../rules/time.ts';
import { factOf } from '../support/core-hall.ts';
import { takeBack } from '../support/older-ledger.ts';

const UTC = { id: 'UTC', starts: [BEGINNING], offsets: [0] };
const MQTT = { by: null, via: 'mqtt', claimedAt: null };

let directory: string;
let ledger: Ledger;
const open = (): Ledger => Ledger.open({ directory, diskReserveBytes: 0 });
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zaigang-chain-'));
  ledger = open();
});
afterEach(() => {
  ledger.close();
  rmSync(directory, { recursive: true });
});
function reopen(): void {
  ledger.close();
  ledger = open();
}

const store = (hall = 'h'): FactStore => new FactStore(ledger.database, hall);
const history = (hall = 'h'): HistoryStore => new HistoryStore(ledger.database, hall);
const punches = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    fact: factOf({ fact: 'punch', id: `p${from + i}`, at: '2026-03-02T08:00:00Z', employee: 'e1' }),
    from: MQTT,
  }));
const change = (i: number): Change => ({
  at: 1000 + i,
  op: 'open',
  key: `k${i}`,
  cause: { deadline: true },
  verdict: {
    rule: 'late',
    state: 'open',
    day: 20_514,
    session: 1,
    side: null,
    employee: `e${i}`,
    window: null,
    department: null,
    from: 1000,
    to: null,
    evidence: [],
    because: null,
    run: false,
    config: 'sha256:0',
  },
});

/** Each link as `origin fact-run change-run`. */
const links = (hall = 'h'): string[] =>
  ledger.database
    .prepare('select * from chain where hall = ? order by number')
    .all(hall)
    .map((row) => `${row['origin']} ${row['fact_from']}-${row['fact_to']} ${row['change_from']}-${row['change_to']}`);

function walked(hall = 'h') {
  const findings = new Findings<ChainFinding>(10);
  const report = new ChainWalk({ database: ledger.database, hall, zone: UTC, noted: null, findings }).walk();
  return { findings: findings.kept, ...report };
}

describe('a commit', () => {
  test('is one link, of its facts and its changes', () => {
    const [facts, changes] = [store(), history()];
    ledger.commit(() => {
      facts.append(punches(0, 45), 1000);
      for (const i of [1, 2]) changes.append(change(i));
    });
    ledger.commit(() => facts.append(punches(45, 46), 2000));
    ledger.commit(() => ledger.set('a', 'b'));
    ledger.commit(() => changes.append(change(3)));
    expect(links()).toEqual(['commit 1-45 1-2', 'commit 46-46 null-null', 'commit null-null 3-3']);
    expect(walked()).toMatchObject({ findings: [], links: 3, facts: 46, changes: 3 });
  });

  test('chains what was new in it, in the order in which it was kept', () => {
    const facts = store();
    ledger.commit(() => facts.append(punches(0, 5), 1000));
    const other = { fact: factOf({ fact: 'day', id: 'p2', date: '2026-03-07', kind: 'work' }), from: MQTT };
    ledger.commit(() => facts.append([...punches(3, 7), other, ...punches(6, 9)], 2000));
    expect(links()).toEqual(['commit 1-5 null-null', 'commit 6-9 null-null']);
    ledger.commit(() => facts.append(punches(0, 9), 3000));
    expect(links()).toHaveLength(2);
    expect(walked()).toMatchObject({ findings: [], facts: 9 });
  });

  test('that fails leaves no link, and the next takes its place', () => {
    const [facts, changes] = [store(), history()];
    ledger.commit(() => facts.append(punches(0, 3), 1000));
    const failed = () =>
      ledger.commit(() => {
        facts.append(punches(3, 6), 2000);
        changes.append(change(1));
        throw new Error('no');
      });
    expect(failed).toThrow('no');
    expect(links()).toHaveLength(1);
    ledger.commit(() => facts.append(punches(6, 8), 3000));
    expect(links()).toEqual(['commit 1-3 null-null', 'commit 4-5 null-null']);
    expect(walked().findings).toEqual([]);
  });

  test('that fails in the middle of a long one takes back the links that were written', () => {
    const facts = store();
    expect(() =>
      ledger.commit(() => {
        facts.append(punches(0, 5000), 1000);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(links()).toEqual([]);
    ledger.commit(() => facts.append(punches(0, 2), 1000));
    expect(walked()).toMatchObject({ findings: [], links: 1, facts: 2 });
  });

  test('of very many changes is several links', () => {
    const changes = history();
    ledger.commit(() => {
      for (let i = 0; i < 5000; i++) changes.append(change(i));
    });
    expect(links()).toEqual(['commit null-null 1-4096', 'commit null-null 4097-5000']);
    expect(walked()).toMatchObject({ findings: [], changes: 5000 });
  });

  test('in which halls write in turn is a chain of each', () => {
    const [one, other] = [store('one'), store('other')];
    ledger.commit(() => {
      one.append(punches(0, 2), 1000);
      other.append(punches(0, 3), 1000);
      one.append(punches(2, 4), 1000);
    });
    expect(links('one')).toEqual(['commit 1-2 null-null', 'commit 6-7 null-null']);
    expect(links('other')).toEqual(['commit 3-5 null-null']);
    for (const hall of ['one', 'other']) expect(walked(hall).findings).toEqual([]);
  });

  test('in which a fact comes after a change begins another link', () => {
    const [facts, changes] = [store(), history()];
    ledger.commit(() => {
      changes.append(change(1));
      facts.append(punches(0, 1), 1000);
    });
    expect(links()).toEqual(['commit null-null 1-1', 'commit 1-1 null-null']);
    expect(walked().findings).toEqual([]);
  });
});

test('what is kept outside of a transaction is chained at once', () => {
  const [facts, changes] = [store(), history()];
  facts.append(punches(0, 2), 1000);
  changes.append(change(1));
  expect(links()).toEqual(['commit 1-2 null-null', 'commit null-null 1-1']);
  reopen();
  store().append(punches(2, 3), 2000);
  expect(walked()).toMatchObject({ findings: [], links: 3 });
});

test('texts that do not come out of a database as they went in are chained as they come out', () => {
  const odd = ['\u0000', 'a\u0000b', '\ud800', '\ud83d\ude00 在岗', ''];
  const entries = odd.map((id) => ({
    fact: factOf({ fact: 'day', id: `x${id}`, date: '2026-03-07', kind: 'work' }),
    from: { by: id, via: `via${id}`, claimedAt: -1 },
  }));
  ledger.commit(() => store().append(entries, 1000));
  expect(walked()).toMatchObject({ findings: [], facts: odd.length });
});

describe('a digest', () => {
  test('tells apart rows that say the same in other places', () => {
    const row = {
      id: 'ab',
      kind: 'day',
      at: 1,
      recorded_at: 2,
      person: null,
      via: 'c',
      claimed_at: null,
      body: 'd',
      original: null,
    };
    const same = { at: 1, op: 'open', key: 'a', day: 2, cause: 'bc', verdict: 'd' };
    const texts = [
      textOfFact(row),
      textOfFact({ ...row, id: 'a', via: 'bc' }),
      textOfFact({ ...row, person: '' }),
      textOfFact({ ...row, person: 'c', via: null }),
      textOfFact({ ...row, person: 'c', via: '' }),
      textOfFact({ ...row, via: 'cd', body: '' }),
      textOfFact({ ...row, claimed_at: 0 }),
      textOfChange(same),
      textOfChange({ ...same, key: 'ab', cause: 'c' }),
      textOfChange({ ...same, cause: 'b', verdict: 'cd' }),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('is another one with another salt', () => {
    expect(digestOf('00'.repeat(16), 'a')).not.toBe(digestOf('01'.repeat(16), 'a'));
    expect(digestOf('00'.repeat(16), 'a')).toHaveLength(16);
  });

  test('has a salt of its own in every row', () => {
    ledger.commit(() => store().append(punches(0, 4000), 1000));
    const salts = Buffer.from(ledger.database.prepare('select salts from chain').get()?.['salts'] as Uint8Array);
    const each = Array.from({ length: 4000 }, (_, i) => salts.toString('hex', 16 * i, 16 * i + 16));
    expect(new Set(each).size).toBe(4000);
  });
});

describe('a ledger from before the chain', () => {
  /** The same rows, and no chain; opened by this release. */
  function reopenWithoutChain(): void {
    ledger.close();
    takeBack(directory, 4);
    ledger = open();
  }

  test('is chained when it is opened, a slice at a time, and goes on from there', () => {
    const [one, other, changes] = [store('one'), store('other'), history('one')];
    ledger.commit(() => one.append(punches(0, 10), 1000));
    ledger.commit(() => other.append(punches(0, 5), 1000));
    ledger.commit(() => one.append(punches(10, 4500), 1000));
    ledger.commit(() => {
      for (let i = 0; i < 3; i++) changes.append(change(i));
    });
    reopenWithoutChain();
    expect(links('one')).toEqual([
      'adopted 1-10 null-null',
      'adopted 16-2005 null-null',
      'adopted 2006-4005 null-null',
      'adopted 4006-4505 null-null',
      'adopted null-null 1-3',
    ]);
    expect(links('other')).toEqual(['adopted 11-15 null-null']);
    ledger.commit(() => store('one').append(punches(4500, 4501), 2000));
    expect(walked('one')).toMatchObject({ findings: [], facts: 4501, changes: 3, adopted: 5, links: 6 });
    expect(walked('other')).toMatchObject({ findings: [], facts: 5, adopted: 1 });
    reopen();
    expect(links('one')).toHaveLength(6);
  });

  test('is chained to its end where the first attempt was cut short', () => {
    ledger.commit(() => store().append(punches(0, 4500), 1000));
    reopenWithoutChain();
    // As a kill after the second slice leaves it.
    ledger.database.exec(`
      insert into chain_debt values ('h', 'fact', 4500);
      delete from chain where number > 2;
      update chain_end set number = 2, hash = (select hash from chain where number = 2);
    `);
    reopen();
    expect(links()).toEqual(['adopted 1-2000 null-null', 'adopted 2001-4000 null-null', 'adopted 4001-4500 null-null']);
    expect(walked()).toMatchObject({ findings: [], facts: 4500 });
  });

  test('that is empty owes nothing', () => {
    reopenWithoutChain();
    expect(links()).toEqual([]);
    expect(walked()).toMatchObject({ findings: [], links: 0, newest: null });
  });

  test('does not take in what somebody adds later', () => {
    store().append(punches(0, 2), 1000);
    ledger.database.exec(
      "insert into fact (hall, id, kind, at, recorded_at, via, body) values ('h', 'x', 'day', 1, 1, 'mqtt', '{}')",
    );
    reopen();
    expect(links()).toEqual(['commit 1-2 null-null']);
    expect(walked().findings).toEqual([{ what: 'row-outside', kind: 'fact', row: 3, id: 'x' }]);
  });
});

describe('the end of the chain', () => {
  const torn = (...statements: readonly string[]): string | null => {
    ledger.commit(() => store().append(punches(0, 3), 1000));
    ledger.commit(() => history().append(change(1)));
    for (const statement of statements) ledger.database.exec(statement);
    return tornEnd(ledger.database, 'h');
  };

  test('is that of the ledger', () => expect(torn()).toBeNull());
  test('is that of an empty one', () => expect(tornEnd(ledger.database, 'h')).toBeNull());
  test('is missed where links are gone', () =>
    expect(torn('delete from chain where number = 2')).toBe(
      'the chain ends with link 1, and was written up to link 2',
    ));
  test('is missed where facts are gone', () =>
    expect(torn('delete from fact where seq = 3')).toBe('the last fact is row 2, and the chain goes to row 3'));
  test('is passed by what somebody added', () =>
    expect(torn("insert into change select 9, hall, at, op, 'x', day, cause, verdict from change")).toBe(
      'the last change is row 9, and the chain goes to row 1',
    ));
});
