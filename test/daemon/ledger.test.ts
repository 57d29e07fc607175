/** The ledger on its own: what is kept, once, by one writer, or not at all. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FactStore, type Provenance } from '../../daemon/ledger/facts.ts';
import { HistoryStore } from '../../daemon/ledger/history.ts';
import { isOlder, Ledger, LedgerError } from '../../daemon/ledger/ledger.ts';
import { LockedError, lockDirectory } from '../../daemon/ledger/lock.ts';
import { RejectStore } from '../../daemon/ledger/rejects.ts';
import { SeriesStore } from '../../daemon/ledger/series.ts';
import type { Change } from '../../rules/changes.ts';
import type { Fact } from '../../rules/facts.ts';
import { BEGINNING, DAY_LENGTH, parseInstant } from '../../rules/time.ts';
import { factOf } from '../support/core-hall.ts';
import { takeBack } from '../support/older-ledger.ts';
import { until } from '../support/until.ts';

const DAEMON = new URL('../../daemon/', import.meta.url);
const MONDAY = Math.floor((parseInstant('2026-03-02T00:00:00Z') ?? 0) / DAY_LENGTH);

let directory: string;
let opened: Ledger[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zaigang-ledger-'));
});
afterEach(() => {
  for (const ledger of opened) ledger.close();
  opened = [];
  rmSync(directory, { recursive: true });
});

function open(diskReserveBytes = 0): Ledger {
  const ledger = Ledger.open({ directory, diskReserveBytes });
  opened.push(ledger);
  return ledger;
}

function close(ledger: Ledger): void {
  ledger.close();
  opened = opened.filter((other) => other !== ledger);
}

const at = (time: string): number => parseInstant(`2026-03-02T${time}+08:00`) ?? Number.NaN;
const MQTT: Provenance = { by: null, via: 'mqtt', claimedAt: null };
const punch = (id: string, time: string, more: object = {}) =>
  factOf({ fact: 'punch', id, at: `2026-03-02T${time}+08:00`, employee: 'e1', ...more });
const keep = (facts: FactStore, fact: Fact, recordedAt: number, from: Provenance) =>
  facts.append([{ fact, from }], recordedAt)[0];
const leave = (id: string, more: object = {}) =>
  factOf({
    fact: 'leave',
    id,
    employee: 'e1',
    kind: '事假',
    from: '2026-03-02T09:00:00+08:00',
    to: '2026-03-02T12:00:00+08:00',
    ...more,
  });

describe('facts', () => {
  test('are kept once: the same again is known, other content under the same id is a conflict and changes nothing', () => {
    const facts = new FactStore(open().database, 'h');
    expect(keep(facts, punch('p1', '08:55:00', { seq: 7 }), 1000, MQTT)).toBe('new');
    expect(keep(facts, punch('p1', '08:55:00', { seq: 7 }), 2000, { ...MQTT, via: 'import' })).toBe('known');
    expect(keep(facts, punch('p1', '08:55:00', { seq: 8 }), 3000, MQTT)).toBe('conflict');
    expect(keep(facts, punch('p1', '08:55:00'), 3000, MQTT)).toBe('conflict');
    expect(facts.find('p1')).toEqual({
      ...punch('p1', '08:55:00', { seq: 7 }),
      hall: 'h',
      recordedAt: 1000,
      via: 'mqtt',
    });
    expect(facts.find('p2')).toBeNull();
  });

  test('of one commit are told apart, those that came twice in it too', () => {
    const facts = new FactStore(open().database, 'h');
    keep(facts, punch('p30', '09:00:30'), 1000, MQTT);
    const many = Array.from({ length: 50 }, (_, i) => punch(`p${i}`, `09:00:${String(i).padStart(2, '0')}`));
    const came = [...many, punch('p3', '09:00:03'), punch('p4', '10:00:00'), punch('p50', '10:00:00')];
    const outcomes = facts.append(
      came.map((fact) => ({ fact, from: MQTT })),
      2000,
    );
    const expected = [...many.map(() => 'new'), 'known', 'conflict', 'new'];
    expected[30] = 'known';
    expect(outcomes).toEqual(expected);
    expect(facts.find('p4')).toMatchObject({ at: at('09:00:04'), recordedAt: 2000 });
    expect(facts.find('p30')).toMatchObject({ recordedAt: 1000 });
    expect(facts.after(0, 100)).toHaveLength(51);
    expect(
      facts.append(
        many.map((fact) => ({ fact, from: MQTT })),
        3000,
      ),
    ).toEqual(many.map(() => 'known'));
  });

  test('come out as they went in, whatever kind they are of', () => {
    const facts = new FactStore(open().database, 'h');
    const came = [
      punch('p1', '08:55:00', { seq: 7, deviceAt: '2026-03-02T08:54:00+08:00', device: 'door' }),
      leave('l1', { slip: true }),
      factOf({ fact: 'day', id: 'd1', date: '2026-03-07', kind: 'work' }),
      factOf({ fact: 'cancel', id: 'c1', at: '2026-03-03T08:00:00+08:00', target: 'l1' }),
      factOf({ fact: 'rating', id: 'r1', at: '2026-03-03T08:00:00+08:00', window: 'W1', score: 2 }),
    ];
    for (const fact of came) keep(facts, fact, 1000, MQTT);
    for (const fact of came) expect(facts.find(fact.id)).toEqual({ ...fact, hall: 'h', recordedAt: 1000, via: 'mqtt' });
  });

  test('are one hall’s: another may use the same ids', () => {
    const { database } = open();
    const [one, other] = [new FactStore(database, 'one'), new FactStore(database, 'other')];
    keep(one, punch('p1', '08:55:00'), 1000, MQTT);
    expect(other.find('p1')).toBeNull();
    expect(keep(other, punch('p1', '09:55:00'), 1000, MQTT)).toBe('new');
    expect([...one.between({ from: BEGINNING, to: at('23:00:00') })]).toHaveLength(1);
  });

  test('recorded since an instant are found without a look at those before', () => {
    const { database } = open();
    const [facts, other] = [new FactStore(database, 'h'), new FactStore(database, 'other')];
    for (let i = 0; i < 400; i++) {
      const fact = punch(`p${i}`, '08:55:00');
      keep(facts, fact, 1000 + 10 * Math.floor(i / 7), MQTT);
      keep(other, fact, 5000 - i, MQTT);
    }
    const all = facts.after(0, 1000).map(({ fact }) => fact);
    const looked = vi.spyOn(facts, 'after');
    for (const since of [0, 1000, 1001, 1010, 1015, 1400, 1570, 1571]) {
      const found = facts.after(facts.placeBefore(since), 1000).map(({ fact }) => fact);
      expect(found).toEqual(all.filter(({ recordedAt }) => recordedAt >= since));
    }
    expect(looked.mock.calls.length).toBeLessThan(8 * 12);
    expect(new FactStore(database, 'new').placeBefore(1000)).toBe(0);
  });

  test('of a day are found as far as they are sought: punches, or what was seen of some windows', () => {
    const facts = new FactStore(open().database, 'h');
    const seen = (id: string, window: string): Fact =>
      factOf({ fact: 'presence', id, at: '2026-03-02T09:00:00+08:00', window, state: 'empty' });
    const corrected = punch('p2', '07:00:00', { deviceAt: '2026-03-02T09:00:00+08:00' });
    const came = [punch('p1', '09:00:00'), seen('v1', 'W1'), corrected, seen('v2', 'W2'), seen('v3', 'W1')];
    for (const fact of came) keep(facts, fact, 1000, MQTT);
    const span = { from: at('08:00:00'), to: at('10:00:00') };
    const found = (punches: boolean, windows: readonly string[] | null): string[] => {
      const sought = { punches, windows };
      return facts.between(span, sought).map(({ id }) => id);
    };
    expect(found(true, null)).toEqual(['p1', 'v1', 'p2', 'v2', 'v3']);
    expect(found(true, [])).toEqual(['p1', 'p2']);
    expect(found(false, ['W1', 'W9'])).toEqual(['v1', 'v3']);
    expect(found(false, null)).toEqual(['v1', 'v2', 'v3']);
    expect(found(false, [])).toEqual([]);
  });

  test('of some windows are found whenever they are asked for, whatever was kept, held back or given up since', () => {
    const { database } = open();
    const facts = new FactStore(database, 'h');
    const seen = (id: string, window: string, time = '09:00:00'): Fact =>
      factOf({ fact: 'presence', id, at: `2026-03-02T${time}+08:00`, window, state: 'empty' });
    const span = { from: at('08:00:00'), to: at('10:00:00') };
    const found = (...windows: readonly string[]): string[] =>
      facts.between(span, { punches: false, windows }).map(({ id }) => id);
    keep(facts, seen('v1', 'W1'), 1000, MQTT);
    expect([found('W1'), found('W2')]).toEqual([['v1'], []]);

    database.exec('begin');
    keep(facts, seen('v2', 'W1'), 2000, MQTT);
    expect(found('W1')).toEqual(['v1', 'v2']);
    database.exec('rollback');
    // Takes the place of what was given up.
    keep(facts, seen('v3', 'W2', '11:00:00'), 2000, MQTT);
    expect([found('W1'), found('W2')]).toEqual([['v1'], []]);
    keep(facts, seen('v4', 'W2'), 2000, MQTT);
    facts.holdBack();
    keep(facts, seen('v5', 'W1', '08:30:00'), 3000, MQTT);
    expect([found('W1'), found('W2', 'W1')]).toEqual([['v1'], ['v1', 'v4']]);
    facts.release();
    expect(found('W1', 'W2')).toEqual(['v1', 'v4', 'v5']);
  });

  test('say by whom and through which door they came, whatever the sender says of himself', () => {
    const facts = new FactStore(open().database, 'h');
    const claimed = leave('l1', { by: 'the boss', via: 'the back door', recordedAt: '2026-01-01T00:00:00Z' });
    keep(facts, claimed, 5000, { by: 'e90', via: 'form', claimedAt: claimed.recordedAt });
    expect(facts.find('l1')).toMatchObject({ by: 'e90', via: 'form', recordedAt: 5000 });
  });

  test('are found again by day, by kind, and in the order in which they came', () => {
    const facts = new FactStore(open().database, 'h');
    const came = [
      leave('l1'),
      punch('p2', '09:00:00'),
      punch('p1', '08:00:00'),
      factOf({ fact: 'presence', id: 'v1', at: '2026-03-02T08:59:59.999+08:00', window: 'W1', state: 'empty' }),
      factOf({ fact: 'day', id: 'd1', date: '2026-03-07', kind: 'work' }),
    ];
    for (const fact of came) keep(facts, fact, 1000, MQTT);
    const ids = (found: Iterable<{ id: string }>) => [...found].map(({ id }) => id);
    // Half-open, as every stretch is.
    expect(ids(facts.between({ from: at('08:00:00'), to: at('09:00:00') }))).toEqual(['p1', 'v1']);
    expect(ids(facts.between({ from: at('09:00:00'), to: at('09:00:00') + 1 }))).toEqual(['p2']);
    expect(ids(facts.stretches())).toEqual(['l1', 'd1']);
    const first = facts.after(0, 3);
    const rest = facts.after(first.at(-1)?.seq ?? 0, 3);
    expect(ids([...first, ...rest].map(({ fact }) => fact))).toEqual(came.map(({ id }) => id));
  });

  test('that are held back are kept, and not seen by who judges', () => {
    const facts = new FactStore(open().database, 'h');
    keep(facts, punch('p1', '08:00:00'), 1000, MQTT);
    facts.holdBack();
    keep(facts, punch('p2', '08:01:00'), 2000, MQTT);
    keep(facts, leave('l1'), 2000, MQTT);
    expect([...facts.between({ from: BEGINNING, to: at('23:00:00') })].map(({ id }) => id)).toEqual(['p1']);
    expect([...facts.stretches()]).toEqual([]);
    expect(facts.heldBack()).toMatchObject({ recordedAt: 2000, facts: [{ id: 'p2' }, { id: 'l1' }] });
    expect(keep(facts, punch('p2', '08:01:00'), 3000, MQTT)).toBe('known');
    facts.release();
    expect(facts.heldBack()).toBeNull();
    expect([...facts.stretches()].map(({ id }) => id)).toEqual(['l1']);
  });
});

const change = (op: Change['op'], key: string, state: 'open' | 'closed', cause: Change['cause']): Change => ({
  at: at('09:05:00'),
  op,
  key,
  cause,
  verdict: {
    rule: 'late',
    state,
    day: MONDAY,
    session: 1,
    side: null,
    employee: key,
    window: null,
    department: null,
    from: at('09:00:00'),
    to: null,
    evidence: [],
    because: null,
    run: false,
    config: 'sha256:0',
  },
});

test('the history keeps every change, and what holds is what they lead to', () => {
  const history = new HistoryStore(open().database, 'h');
  const changes = [
    change('open', 'a', 'open', { deadline: true }),
    change('open', 'b', 'open', { deadline: true }),
    change('close', 'a', 'closed', { facts: ['p1'] }),
    change('retract', 'b', 'open', { facts: ['l1'] }),
    change('open', 'c', 'open', { upgrade: true }),
  ];
  for (const one of changes) history.append(one);
  expect([...history.changes()]).toEqual(changes);
  expect(history.standing(MONDAY)).toEqual([changes[2]?.verdict, changes[4]?.verdict]);
  expect(history.standing(MONDAY + 1)).toEqual([]);
  expect(history.standingSince(MONDAY + 1)).toEqual([]);
  expect(history.standingSince(MONDAY - 7)).toHaveLength(2);
});

test('whoever reads the history reads all of it, though others read it and it grows meanwhile', () => {
  const ledger = open();
  const history = new HistoryStore(ledger.database, 'h');
  const append = (from: number, to: number): void =>
    ledger.commit(() => {
      for (let i = from; i < to; i++) history.append(change('open', String(i), 'open', { deadline: true }));
    });
  append(0, 1200);
  const [one, other] = [history.changes()[Symbol.iterator](), history.changes()[Symbol.iterator]()];
  one.next();
  other.next();
  append(1200, 1300);
  const rest = (reader: Iterator<Change>): string[] => [...Iterator.from(reader)].map(({ key }) => key);
  const keys = Array.from({ length: 1299 }, (_, i) => String(i + 1));
  expect(rest(one)).toEqual(keys);
  expect(rest(other)).toEqual(keys);
});

test('a commit while somebody reads does no harm: the log is copied another time', async () => {
  const ledger = open();
  const facts = new FactStore(ledger.database, 'h');
  ledger.commit(() =>
    facts.append(
      ['p1', 'p2', 'p3'].map((id) => ({ fact: punch(id, '08:00:00'), from: MQTT })),
      1000,
    ),
  );
  const reader = ledger.database.prepare('select id from fact order by seq').iterate();
  reader.next();
  ledger.commit(() => keep(facts, punch('p4', '09:00:00'), 2000, MQTT));
  // An error there would be nobody's, and end the process.
  await turn();
  await turn();
  expect(reader.next().value).toEqual({ id: 'p2' });
});

test('points that are written again take the next places, as many as there are', () => {
  const series = new SeriesStore(open().database, 'h');
  const points = (value: number) =>
    Array.from({ length: 45 }, (_, i) => ({
      measurement: 'm',
      tags: { b: 'x', a: String(i) },
      fields: { value },
      at: 1000,
    }));
  series.put(points(1));
  const first = series.read(0, 100);
  series.put(points(1));
  expect(series.read(0, 100)).toEqual(first);
  series.put(points(2));
  const again = series.read(first.at(-1)?.seq ?? 0, 100);
  expect(again.map(({ point }) => point)).toEqual(
    first.map(({ point }) => ({ ...point, fields: { value: 2, rev: 1 } })),
  );
  expect(series.read(0, 100)).toEqual(again);
});

test('what could not be understood is kept once, counted, with its latest reason', () => {
  const rejects = new RejectStore(open().database, 'h');
  const reject = { door: 'mqtt', topic: 't/1', because: 'not JSON', payload: Buffer.from([0xff, 0x00]) };
  rejects.keep(reject, 1000);
  rejects.keep({ ...reject, because: 'still not JSON' }, 3000);
  rejects.keep({ ...reject, topic: 't/2' }, 2000);
  expect(rejects.count()).toEqual({ kinds: 2, times: 3 });
  expect(rejects.newest(10)).toMatchObject([
    { topic: 't/1', times: 2, firstAt: 1000, lastAt: 3000, because: 'still not JSON' },
    { topic: 't/2', times: 1, firstAt: 2000, lastAt: 2000 },
  ]);
  expect(Buffer.from(rejects.newest(1)[0]?.payload ?? [])).toEqual(Buffer.from([0xff, 0x00]));
});

test('rejects are read on from a place in their list, whatever came or went meanwhile', () => {
  const rejects = new RejectStore(open().database, 'h');
  const came = (topic: string, at: number) =>
    rejects.keep({ door: 'mqtt', topic, because: '', payload: Buffer.from('') }, at);
  for (let i = 0; i < 9; i++) came(`t/${i}`, 1000 + Math.floor(i / 4));
  const all = rejects.newest(100);
  const first = rejects.newest(3);
  const last = first.at(-1);
  came('t/new', 5000);
  rejects.remove(last?.digest ?? '');
  expect([...first, ...rejects.newest(100, last)]).toEqual(all);
});

test('rejects are counted as they come and go, and those of a commit that failed are not', () => {
  const ledger = open();
  const { database } = ledger;
  const [rejects, others] = [new RejectStore(database, 'h'), new RejectStore(database, 'other')];
  const keep = (topic: string, store = rejects) =>
    store.keep({ door: 'mqtt', topic, because: '', payload: Buffer.from('') }, 1000);
  expect(rejects.count()).toEqual({ kinds: 0, times: 0 });
  for (const topic of ['t/1', 't/2', 't/1', 't/3']) keep(topic);
  keep('t/1', others);
  rejects.remove(rejects.newest(1, undefined)[0]?.digest ?? '');
  const failing = (): void => {
    keep('t/4');
    keep('t/1');
    for (const { digest } of rejects.newest(9)) rejects.remove(digest);
    throw new Error('no');
  };
  expect(() => ledger.commit(failing)).toThrow('no');
  const counted = database.prepare("select count(*) as kinds, sum(times) as times from reject where hall = 'h'").get();
  expect({ ...rejects.count() }).toEqual({ ...counted });
  expect(rejects.count().kinds).toBe(2);
  expect({ ...others.count() }).toEqual({ kinds: 1, times: 1 });
});

describe('a transaction', () => {
  test('keeps all of it, also for others who look', () => {
    const ledger = open();
    const facts = new FactStore(ledger.database, 'h');
    const result = ledger.commit(() => {
      keep(facts, punch('p1', '08:55:00'), 1000, MQTT);
      ledger.set('alive', '1000');
      return 42;
    });
    expect(result).toBe(42);
    expect(ledger.setting('alive')).toBe('1000');
    expect(ledger.setting('unknown')).toBeNull();
    close(ledger);
    expect(new FactStore(open().database, 'h').find('p1')?.recordedAt).toBe(1000);
  });

  test('that makes the log long is over before the log is copied into the file', async () => {
    const ledger = open();
    const log = ledger.database.prepare('pragma wal_checkpoint(noop)');
    ledger.commit(() => ledger.set('large', 'x'.repeat(20_000_000)));
    expect(log.get()).toMatchObject({ checkpointed: 0 });
    const copied = (): boolean => log.get()?.['checkpointed'] === log.get()?.['log'];
    await until(copied, { what: 'the log to be copied' });
  });

  test('that fails in the work keeps nothing, says what it was, and leaves the ledger usable', () => {
    const ledger = open();
    const facts = new FactStore(ledger.database, 'h');
    const fault = new Error('a bug in the work');
    expect(() =>
      ledger.commit(() => {
        keep(facts, punch('p1', '08:55:00'), 1000, MQTT);
        ledger.set('alive', '1000');
        throw fault;
      }),
    ).toThrow(fault);
    expect(ledger.database.isTransaction).toBe(false);
    expect(facts.find('p1')).toBeNull();
    expect(ledger.setting('alive')).toBeNull();
    ledger.commit(() => {
      keep(facts, punch('p1', '08:55:00'), 1000, MQTT);
      ledger.set('alive', '1000');
    });
    expect(facts.find('p1')).not.toBeNull();
    expect(ledger.setting('alive')).toBe('1000');
  });

  test('for which there is no room keeps nothing, and can be tried again', () => {
    const ledger = open();
    const facts = new FactStore(ledger.database, 'h');
    const many = Array.from({ length: 200 }, (_, i) => leave(`l${i}`, { kind: '事'.repeat(1000) }));
    const work = (): void => {
      for (const fact of many) keep(facts, fact, 1000, MQTT);
    };
    // A real full database: SQLite is not allowed another page.
    const { page_count } = ledger.database.prepare('pragma page_count').get() as { page_count: number };
    ledger.database.exec(`pragma max_page_count = ${page_count}`);
    const failure = errorOf(() => ledger.commit(work));
    expect(failure).toBeInstanceOf(LedgerError);
    expect(failure).toMatchObject({ retry: true, message: expect.stringMatching(/full/) });
    expect(ledger.database.isTransaction).toBe(false);
    expect(facts.find('l0')).toBeNull();
    ledger.database.exec('pragma max_page_count = 1073741823');
    ledger.commit(work);
    expect(facts.find('l199')).not.toBeNull();
  });

  test('that breaks a law of the ledger is not worth trying again', () => {
    const ledger = open();
    const failure = errorOf(() =>
      ledger.commit(() =>
        ledger.database.exec(
          "insert into change (hall, at, op, key, day, cause, verdict) values ('h', 1, 'improve', '', 1, '', '')",
        ),
      ),
    );
    expect(failure).toBeInstanceOf(LedgerError);
    expect(failure).toMatchObject({ retry: false });
  });

  test('is not begun where the disk has less than the reserve', () => {
    const ledger = open(Number.MAX_SAFE_INTEGER);
    const work = vi.fn();
    expect(errorOf(() => ledger.commit(work))).toMatchObject({
      retry: true,
      message: expect.stringMatching(/reserve/),
    });
    expect(work).not.toHaveBeenCalled();
  });

  test('is on the disk when it has been kept', () => {
    const { database } = open();
    const setting = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0];
    expect(setting('journal_mode')).toBe('wal');
    // 2 = FULL: the log is flushed with every transaction.
    expect(setting('synchronous')).toBe(2);
    expect(setting('foreign_keys')).toBe(1);
  });
});

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('the form of the ledger', () => {
  test('is brought up to date once', () => {
    const applied = (ledger: Ledger) => ledger.database.prepare('select number, name, applied_at from migration').all();
    const first = open();
    const before = applied(first);
    const files = readdirSync(new URL('ledger/migrations/', DAEMON)).sort();
    expect(before.map((row) => row['name'])).toEqual(files);
    expect(before.map((row) => row['number'])).toEqual(files.map((name) => Number(name.slice(0, 4))));
    close(first);
    expect(applied(open())).toEqual(before);
  });

  test('of an older release is read as it was written', () => {
    const ledger = open();
    const { database } = ledger;
    // As the first release wrote it: all of a fact in its body.
    const came = [
      punch('p1', '08:55:00', { seq: 7 }),
      leave('l1'),
      factOf({ fact: 'day', id: 'd1', date: '2026-03-07', kind: 'work' }),
    ];
    const insert = database.prepare(
      "insert into fact (hall, id, kind, at, recorded_at, via, body) values ('h', ?, ?, ?, 1000, 'mqtt', ?)",
    );
    const place = [at('08:55:00'), at('09:00:00'), Date.UTC(2026, 2, 7)];
    for (const [i, fact] of came.entries()) {
      insert.run(fact.id, fact.fact, place[i] ?? 0, JSON.stringify({ ...fact, recordedAt: undefined }));
    }
    close(ledger);
    takeBack(directory, 3);
    const facts = new FactStore(open().database, 'h');
    for (const fact of came) expect(facts.find(fact.id)).toEqual({ ...fact, hall: 'h', recordedAt: 1000, via: 'mqtt' });
    for (const fact of came) expect(keep(facts, fact, 2000, MQTT)).toBe('known');
  });

  test('of a newer release is left alone', () => {
    const ledger = open();
    ledger.database.exec("insert into migration (number, name) values (999, '0999-of-the-future.sql')");
    close(ledger);
    expect(() => open()).toThrow(/newer release \(form 999/);
    // And it is not held locked.
    lockDirectory(directory).release();
  });
});

test.each([
  [[3, 51, 3], [3, 51, 3], false],
  [[3, 51, 2], [3, 51, 3], true],
  [[3, 51, 4], [3, 51, 3], false],
  [[3, 50, 9], [3, 51, 3], true],
  [[3, 52, 0], [3, 51, 3], false],
  [[4, 0, 0], [3, 51, 3], false],
  [[2, 99, 99], [3, 51, 3], true],
  [[3, 51], [3, 51, 3], true],
  [[3, 51, 3, 1], [3, 51, 3], false],
])('release %j is before %j: %s', (version, than, said) => expect(isOlder(version, than)).toBe(said));

describe('the one writer', () => {
  test('is alone, in its own process too', () => {
    const lock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(LockedError);
    expect(() => open()).toThrow(LockedError);
    lock.release();
    open();
  });

  test('keeps other processes out, and is out itself the moment it is killed', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { lockDirectory } = await import(${JSON.stringify(new URL('ledger/lock.ts', DAEMON).href)});
         lockDirectory(${JSON.stringify(directory)});
         console.log('locked');
         setInterval(() => {}, 60_000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      let said = '';
      holder.stdout.on('data', (chunk: Buffer) => {
        said += chunk;
      });
      await until(() => said.includes('locked'), { what: 'the other process to lock' });
      expect(() => open()).toThrow(LockedError);
    } finally {
      const gone = once(holder, 'exit');
      holder.kill('SIGKILL');
      await gone;
    }
    open();
  });

  test('tells who comes second whose directory it is', () => {
    open();
    expect(() => open()).toThrow(new RegExp(directory));
  });
});
