/** Backups and what is restored from them: whole or refused, and nobody is accused of what was lost in between. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BadArchive } from '../../daemon/backup/archive.ts';
import type { Manifest } from '../../daemon/backup/manifest.ts';
import { NotRestored, type Restored, restoreBackup } from '../../daemon/backup/restore.ts';
import { takeBackup } from '../../daemon/backup/take.ts';
import { tarEntries, tarHeader, tarPadding } from '../../daemon/backup/tar.ts';
import { LockedError } from '../../daemon/ledger/lock.ts';
import { CoreHall, type FactLine, instantOf } from '../support/core-hall.ts';
import { on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

const QUIET = { signal: new AbortController().signal, progress: () => {} };
const deviceSaid = (id: string, device: string, state: string, time: string): FactLine => ({
  fact: 'device',
  id,
  at: on(time),
  device,
  state,
});

let hall: CoreHall;
let file: string;
let data: string;
beforeEach(() => {
  hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  hall.online();
  file = join(hall.folder, 'hall.backup');
  data = join(hall.folder, 'data');
});
afterEach(() => hall[Symbol.dispose]());

const back = (): Promise<Manifest> => takeBackup({ loaded: hall.loaded, file, ...QUIET });
const restore = (at: string, more: object = {}): Promise<Restored> => {
  const { loaded } = hall;
  return restoreBackup({
    loaded,
    file,
    force: true,
    moved: false,
    shipAll: false,
    now: instantOf(at),
    trustsClock: false,
    ...QUIET,
    ...more,
  });
};
const waiting = (): unknown[] => {
  const rows = hall.core.ledger.database.prepare('select key from outbox where next_at is not null order by seq').all();
  return rows.map(({ key }) => key);
};
const accusations = (): string[] =>
  (hall.verdicts() as { rule: string; state: string; employee: string }[])
    .map(({ rule, employee, state }) => `${rule} ${employee} ${state}`)
    .filter((line) => !line.startsWith('missing-cover'))
    .sort();

describe('what was lost between a backup and the end of the ledger', () => {
  test('accuses nobody, however late a punch comes from then, until the clock has sent everything again', async () => {
    hall.pass(on('08:30:00'));
    expect(await back()).toMatchObject({ live: true, hall: 'suixian', ledger: { facts: 2 } });
    const early = [punchOf('p2', 'e2', '08:55:00'), punchOf('p3', 'e3', '08:58:00')];
    await hall.record(...early);
    await hall.restartAfter(() => restore(on('14:00:00')), on('14:00:10'));
    expect(hall.log).toContain('warn ledger was restored; what was taken in meanwhile is lost');
    // The broker kept what came after the end, and the clock said before it that it is there.
    await hall.record(deviceSaid('o1', 'clock-1', 'online', '09:30:00'), punchOf('p4', 'e3', '13:30:00'));
    hall.pass(on('14:00:20'));
    hall.online();
    hall.pass(on('15:00:00'));
    expect(accusations()).toEqual(['absent e1 pending', 'absent e2 pending', 'absent e3 pending']);

    await hall.record(deviceSaid('c0', 'clock-1', 'complete', '13:59:59'));
    hall.pass(on('15:30:00'));
    expect(accusations(), 'from before the restore').toHaveLength(3);
    await hall.record(...early, deviceSaid('c1', 'clock-1', 'complete', '14:00:15'));
    hall.pass(on('16:00:00'));
    expect(accusations()).toEqual(['absent e1 closed']);
    expect(hall.messages('mqtt'), 'it may have been told before').toEqual([]);
  });

  test('is not lost again at the next start, and the next day is judged and told as ever', async () => {
    await back();
    await hall.restartAfter(() => restore(on('08:20:00')), on('08:21:00'));
    hall.online();
    await hall.record(deviceSaid('c1', 'clock-1', 'complete', '08:21:30'));
    hall.pass(on('08:22:00'));
    hall.restart(1000);
    hall.online();
    const lost = [...hall.core.facts.stretches()].filter(
      (fact) => fact.fact === 'device' && fact.lostUntil !== undefined,
    );
    expect(lost).toHaveLength(1);
    hall.pass(on('2026-03-03 09:00:00'));
    await hall.record(
      punchOf('t2', 'e2', '2026-03-03 08:50:00'),
      punchOf('t3', 'e3', '2026-03-03 08:51:00'),
      punchOf('t1', 'e1', '2026-03-03 09:08:00'),
    );
    hall.pass(on('2026-03-03 13:00:00'));
    expect(accusations()).toContain('late e1 closed');
    const told = hall.messages('mqtt').map(({ body }) => JSON.parse(body) as { date: string; rule: string });
    expect(told.filter(({ date, rule }) => date === '2026-03-03' && rule === 'late')).not.toEqual([]);
  });

  test('loses nothing where it was a move, and what waited is sent', async () => {
    hall.pass(on('09:40:00'));
    const before = waiting();
    expect(before).not.toEqual([]);
    const { series } = hall.core;
    hall.core.ledger.commit(() => series.advance(3));
    await hall.restartAfter(async () => {
      expect(await back()).toMatchObject({ live: false });
      expect(await restore(on('09:41:00'), { moved: true })).toMatchObject({ amends: null });
    }, on('09:42:00'));
    expect(waiting()).toEqual(expect.arrayContaining(before));
    expect(hall.core.series.cursor()).toBe(3);
    await hall.restartAfter(() => restore(on('09:42:30'), { moved: true, shipAll: true }), on('09:43:00'));
    expect(hall.core.series.cursor()).toBe(0);
    hall.online();
    hall.pass(on('10:00:00'));
    expect(accusations()).toEqual(['absent e1 open', 'absent e2 open', 'absent e3 open']);
  });

  test('sends nothing again that waited, and signs everybody out', async () => {
    hall.pass(on('09:40:00'));
    const { database } = hall.core.ledger;
    database.exec(`insert into account values ('chief', '', '[]', null, '[]', null, null, 0);
      insert into session values (x'01', 'chief', 0, 0, 0); insert into invitation values (x'02', 'chief', 0)`);
    const before = waiting();
    await back();
    await hall.restartAfter(async () => {
      expect((await restore(on('10:00:00'))).amends?.heldBack).toBe(before.length);
    }, on('10:01:00'));
    expect(waiting().filter((key) => before.includes(key))).toEqual([]);
    const left = 'select (select count(*) from session) + (select count(*) from invitation) as count';
    expect(hall.core.ledger.database.prepare(left).get()).toEqual({ count: 0 });
  });
});

describe('a backup', () => {
  test('holds the ledger and what belongs to it, as tar and sha256sum read it; nobody else may', async () => {
    const long = `evidence/2026-03-02/${'画面'.repeat(30)}.jpg`;
    mkdirSync(join(data, 'evidence/2026-03-02'), { recursive: true });
    mkdirSync(join(data, 'empty-seats'));
    writeFileSync(join(data, long), 'jpeg');
    writeFileSync(join(data, 'empty-seats/cam~W1~day.seat'), Buffer.alloc(1024, 7));
    writeFileSync(join(data, 'day-results.db'), 'made again');
    writeFileSync(join(data, 'first-administrator.txt'), 'a door');
    const manifest = await back();
    expect(manifest).toMatchObject({ files: 4, leftOut: ['day-results.db', 'first-administrator.txt'] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(hall.folder).sort()).toEqual(['data', 'hall.backup']);
    const out = join(hall.folder, 'out');
    mkdirSync(out);
    execFileSync('tar', ['-xzf', file, '-C', out]);
    execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: out });
    expect(readFileSync(join(out, long), 'utf8')).toBe('jpeg');
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(readFileSync(join(out, 'hall.yaml'), 'utf8')).toBe(hall.loaded.text);
  });

  test('puts everything back, and what was there beside it', async () => {
    mkdirSync(join(data, 'evidence/2026-03-02'), { recursive: true });
    writeFileSync(join(data, 'evidence/2026-03-02/one.jpg'), 'one');
    await back();
    await hall.record(punchOf('p1', 'e1', '07:55:00'));
    const verdicts = hall.verdicts();
    await hall.restartAfter(async () => {
      writeFileSync(join(data, 'evidence/2026-03-02/one.jpg'), 'another');
      writeFileSync(join(data, 'day-results.db'), 'of the other ledger');
      const { aside, audit } = await restore(on('08:30:00'));
      expect(audit).toMatchObject({ broken: { count: 0 }, differing: { count: 0 } });
      expect(audit?.file).toBe(join(data, 'ledger.db'));
      expect(readFileSync(join(aside ?? '', 'evidence/2026-03-02/one.jpg'), 'utf8')).toBe('another');
      expect(readdirSync(aside ?? '').sort()).toEqual(['day-results.db', 'evidence', 'ledger.db']);
    }, on('08:31:00'));
    expect(readFileSync(join(data, 'evidence/2026-03-02/one.jpg'), 'utf8')).toBe('one');
    expect(existsSync(join(data, 'day-results.db'))).toBe(false);
    expect(existsSync(join(data, 'restoring'))).toBe(false);
    expect(hall.core.facts.find('p1')).toBeNull();
    expect(hall.verdicts()).toEqual(verdicts);
  });

  test('is refused, and nothing changed, where it does not fit', async () => {
    await back();
    const { loaded } = hall;
    await expect(restore(on('09:00:00')), 'a daemon runs').rejects.toThrow(LockedError);
    const said = async (more: object, at = on('09:00:00')): Promise<unknown> => {
      const error: unknown = await restore(at, more).catch((caught: unknown) => caught);
      return error instanceof NotRestored ? error.reason : error;
    };
    await hall.restartAfter(async () => {
      expect(await said({ force: false })).toBe('occupied');
      expect(await said({ moved: true })).toBe('ran-on');
      expect(await said({ loaded: { ...loaded, hall: { ...loaded.hall, id: 'other' } } })).toBe('other-hall');
      expect(await said({}, on('07:59:00')), 'before the backup was made').toBe('clock');
      expect(readdirSync(data).sort()).toEqual(['ledger.db', 'writer.lock']);
    }, on('09:01:00'));
  });

  test('of long ago is restored where somebody has looked at the clock, and the daemon then begins as ever', async () => {
    await back();
    const at = '2026-05-04T08:00:00+08:00';
    await hall.restartAfter(async () => {
      await expect(restore(at)).rejects.toMatchObject({ reason: 'long-ago' });
      expect(readdirSync(data).sort()).toEqual(['ledger.db', 'writer.lock']);
      await restore(at, { trustsClock: true });
    }, '2026-05-04T08:00:10+08:00');
    expect([hall.core.live.time.futureStart, hall.now]).toEqual([null, '2026-05-04T08:00:10+08:00']);
    hall.online();
    hall.pass('2026-05-04T09:10:00+08:00');
    expect(hall.core.engine.now).toBeGreaterThan(instantOf(at));
  });

  test('is refused where it is cut off, altered, of a later form, or no backup at all', async () => {
    mkdirSync(join(data, 'evidence'), { recursive: true });
    writeFileSync(join(data, 'evidence/one.jpg'), 'one');
    await back();
    const bytes = readFileSync(file);
    const tar = gunzipSync(bytes);
    const reason = async (other: Uint8Array): Promise<string> => {
      writeFileSync(file, other);
      const error: unknown = await restore(on('09:00:00')).catch((caught: unknown) => caught);
      if (error instanceof BadArchive || error instanceof NotRestored) return error.reason;
      throw error;
    };
    const changed = (from: string, to: string): Buffer => {
      const other = Buffer.from(tar);
      const at = other.indexOf(from);
      expect(at).toBeGreaterThan(0);
      other.write(to, at);
      return gzipSync(other);
    };
    await hall.restartAfter(async () => {
      for (const share of [0.2, 0.5, 0.9]) {
        expect(await reason(bytes.subarray(0, bytes.length * share)), `${share} of it`).toBe('truncated');
      }
      expect(await reason(bytes.subarray(0, bytes.length - 4)), 'without its last bytes').toBe('truncated');
      expect(await reason(gzipSync(tar.subarray(0, 512 * 20)))).toBe('truncated');
      for (const at of [5000, bytes.length - 3]) {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ 0x10;
        expect(await reason(other), `byte ${at}`).toBe('damaged');
      }
      expect(await reason(changed('徐敏', '许敏')), 'packed anew').toBe('damaged');
      expect(await reason(changed('one\0\0\0\0\0', 'two\0\0\0\0\0'))).toBe('damaged');
      expect(await reason(changed('"form": 1', '"form": 9'))).toBe('newer');
      expect(await reason(changed('"format": 1', '"format": 2'))).toBe('no-backup');
      expect(await reason(Buffer.from('a letter'))).toBe('no-backup');
      expect(await reason(new Uint8Array())).toBe('truncated');
      expect(existsSync(join(data, 'restoring'))).toBe(false);
      expect(readdirSync(data).filter((name) => name.startsWith('before-'))).toEqual([]);
    }, on('09:01:00'));
    expect(hall.core.facts.find('p1')).toBeNull();
  });

  test('puts no file where none belongs', async () => {
    await back();
    const tar = gunzipSync(readFileSync(file));
    const first = 512 + Math.ceil(tar.indexOf('\0', 512) / 512 - 1) * 512;
    const evil = Buffer.from('evil');
    for (const name of ['../evil', 'evidence/../../evil', '/tmp/evil', 'writer.lock', 'empty-seats//evil']) {
      const entry = Buffer.concat([tarHeader(name, evil.length, 0), evil, tarPadding(evil.length)]);
      writeFileSync(file, gzipSync(Buffer.concat([tar.subarray(0, first), entry, tar.subarray(first)])));
      await hall.restartAfter(
        () => expect(restore(on('09:00:00')), name).rejects.toThrow(`${name} is none of a backup's files`),
        hall.now,
      );
    }
    expect(existsSync(join(hall.folder, 'evil'))).toBe(false);
  });
});

test('a tape archive says sizes beyond 8 GB, too', async () => {
  const bytes = 9 * 1024 ** 3;
  async function* begun(): AsyncIterable<Buffer> {
    yield tarHeader('ledger.db', bytes, 0);
  }
  for await (const entry of tarEntries(begun())) {
    expect(entry).toMatchObject({ name: 'ledger.db', bytes });
    break;
  }
});
