/** Pictures of cases on the disk and in the ledger: proved, looked at, kept no longer than allowed; and why there are none. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Entry, Taken } from '../../daemon/evidence/evidence-book.ts';
import { atRestSince, isOver } from '../../daemon/evidence/retention.ts';
import { type CaseContent, type Deed, type Done, finalAt, lifeOf } from '../../rules/case-life.ts';
import { DAY_LENGTH, HOUR, MINUTE, type Ms } from '../../rules/time.ts';
import { EvidenceRoom } from '../support/evidence-room.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { smallDisk } from '../support/small-disk.ts';

const ALL = ['last-seen', 'left', 'alarm', 'strip'];

/** Somebody leaves, and a case is opened; since when. */
async function opened(room: EvidenceRoom): Promise<Ms> {
  for (let i = 0; i < 4; i++) room.show('occupied');
  const from = room.show('empty');
  room.show('empty');
  room.change('open', { from });
  await room.settled();
  return from;
}

const room = async (options: { data?: string; evidence?: Record<string, unknown> } = {}): Promise<EvidenceRoom> =>
  new EvidenceRoom({ ffmpegPath: await ffmpegPath(), ...options });

const kept = (one: EvidenceRoom): Entry<Taken>[] => one.evidence.desk.book.kept();
const fileOf = (one: EvidenceRoom, i = 0): string => join(one.folder, kept(one)[i]?.file ?? '');

describe('a case', () => {
  test('has each of its pictures once, however often it changes', async () => {
    await using one = await room();
    const from = await opened(one);
    one.change('revise', { from, state: 'pending' });
    const to = one.show('occupied');
    one.change('close', { from, to });
    await one.settled();
    one.change('revise', { from, to });
    await one.settled();
    expect(one.noted()).toEqual([...ALL, 'return']);
    expect(one.evidence.desk.verify()).toEqual({ pictures: 5, rows: [], files: [], strays: [] });
    expect(readdirSync(join(one.folder, 'evidence', '2026-03-02'))).toHaveLength(10);
  });

  test('that is pending when somebody comes back has that picture too', async () => {
    await using one = await room();
    const from = await opened(one);
    const to = one.show('occupied');
    one.change('revise', { from, to, state: 'pending' });
    await one.settled();
    expect(one.noted().at(-1)).toBe('return');
  });

  test('of a hall that wants no pictures has none', async () => {
    await using one = await room({ evidence: { pictures: false } });
    await opened(one);
    expect(one.noted()).toEqual([]);
    expect((await one.evidence.freeze('W1', 'somebody'))?.map(({ because }) => because)).toEqual([
      'switched-off',
      'switched-off',
    ]);
  });
});

describe('there is no picture', () => {
  test('where there is no ffmpeg', async () => {
    await using one = new EvidenceRoom({ ffmpegPath: null });
    await opened(one);
    expect(one.noted()).toEqual(ALL.map((moment) => `${moment}: no-ffmpeg`));
    expect(one.log.filter((line) => line === 'warn evidence picture was not taken')).toHaveLength(4);
  });

  test('where the daemon is being stopped; what comes after that is nobody’s', async () => {
    await using one = await room();
    for (let i = 0; i < 3; i++) one.show('occupied');
    const from = one.show('empty');
    one.change('open', { from });
    await one.evidence.stop();
    // The first may have been begun.
    expect(one.noted().slice(1)).toEqual(ALL.slice(1).map((moment) => `${moment}: stopped`));
    one.change('revise', { from, to: one.show('occupied') });
    await one.settled();
    expect(one.noted()).toHaveLength(4);
  });

  test('where ffmpeg has vanished, or is none', async () => {
    await using gone = new EvidenceRoom({ ffmpegPath: '/nowhere/ffmpeg' });
    await opened(gone);
    expect(gone.noted()[0]).toBe('last-seen: no-ffmpeg');
    await using other = new EvidenceRoom({ ffmpegPath: '/bin/true' });
    await opened(other);
    expect(other.noted()[0]).toBe('last-seen: not-made');
  });

  test('where the camera showed nothing then', async () => {
    await using one = await room();
    for (let i = 0; i < 3; i++) one.show('occupied');
    const from = one.show('empty');
    one.clock.jump(10 * MINUTE);
    one.change('open', { from });
    await one.settled();
    expect(one.noted()).toEqual(['last-seen', 'left', 'alarm: no-frame', 'strip: no-frame']);
  });

  test('where its folder cannot be written', async () => {
    await using one = await room();
    writeFileSync(join(one.folder, 'evidence'), 'in the way');
    await opened(one);
    expect(one.noted()).toEqual(ALL.map((moment) => `${moment}: not-written`));
    rmSync(join(one.folder, 'evidence'));
  });

  test('where the disk is full; the ledger says so when it can again, and no half file is left', async () => {
    using disk = smallDisk(3);
    await using one = await room({ data: disk.path });
    for (let i = 0; i < 3; i++) one.show('occupied');
    const from = one.show('empty');
    one.change('open', { from });
    disk.fill(0);
    await one.settled();
    expect(one.log).toContain('error evidence was not noted in the ledger');
    expect(kept(one)).toEqual([]);
    disk.clear();
    await one.evidence.freeze('cam-1', 'somebody');
    const noted = one.noted();
    expect(noted.slice(0, 4)).toEqual(ALL.map((moment) => `${moment}: not-written`));
    expect(one.evidence.desk.verify()).toMatchObject({ rows: [], files: [], strays: [] });
  });
});

describe('a look', () => {
  test('is recorded, with who and when, before the picture is given out', async () => {
    await using one = await room();
    await opened(one);
    const { picture } = kept(one)[0] as Entry<Taken>;
    const { desk } = one.evidence;
    const shown = desk.view(picture, '组长');
    expect('jpeg' in shown && Buffer.from(shown.jpeg).equals(readFileSync(fileOf(one)))).toBe(true);
    const rows = desk.book.of(picture);
    expect(rows.map(({ what }) => what)).toEqual(['taken', 'viewed']);
    expect(rows[1]).toMatchObject({ by: '组长' });
    expect(desk.list({ subject: 'cam-1' })[0]?.views).toBe(1);
    expect(desk.view('E-unknown', 'x')).toEqual({ because: 'unknown' });
  });

  test('at what is not what was written is refused', async () => {
    await using one = await room();
    await opened(one);
    const { picture } = kept(one)[0] as Entry<Taken>;
    writeFileSync(fileOf(one), 'another picture');
    expect(one.evidence.desk.view(picture, 'x')).toEqual({ because: 'changed' });
    rmSync(fileOf(one));
    expect(one.evidence.desk.view(picture, 'x')).toEqual({ because: 'absent' });
    expect(one.evidence.desk.book.of(picture)).toHaveLength(1);
  });

  test('that cannot be recorded does not happen', async () => {
    using disk = smallDisk(4);
    await using one = await room({ data: disk.path });
    await opened(one);
    const { picture } = kept(one)[0] as Entry<Taken>;
    disk.fill(0);
    expect(() => one.evidence.desk.view(picture, 'x')).toThrow('the ledger could not be written');
    disk.clear();
  });
});

describe('whoever tampers is found out', () => {
  const row = (one: EvidenceRoom, sql: string): void => void one.ledger.database.exec(sql);

  test.each<[string, string, object[]]>([
    [
      'a digest',
      `update evidence set body = json_set(body, '$.sha256', 'f') where seq = 2`,
      [{ seq: 2, what: 'row-changed' }],
    ],
    ['an instant', 'update evidence set at = at - 1 where seq = 4', [{ seq: 4, what: 'row-changed' }]],
    ['a row in the middle', 'delete from evidence where seq = 2', [{ seq: 3, what: 'row-changed' }]],
    ['the last rows', 'delete from evidence where seq >= 3', [{ seq: null, what: 'rows-missing' }]],
    ['all rows', 'delete from evidence', [{ seq: null, what: 'rows-missing' }]],
    [
      'the ledger before it',
      'delete from chain where number = 1',
      [1, 2, 3, 4].map((seq) => ({ seq, what: 'link-missing' })),
    ],
  ])('with %s', async (_, sql, broken) => {
    await using one = await room();
    await opened(one);
    expect(one.evidence.desk.verify().rows).toEqual([]);
    row(one, sql);
    expect(one.evidence.desk.verify().rows).toEqual(broken);
  });

  test('with files', async () => {
    await using one = await room();
    await opened(one);
    const [first, second] = kept(one) as [Entry<Taken>, Entry<Taken>];
    rmSync(join(one.folder, first.file));
    writeFileSync(join(one.folder, second.file.replace('.jpg', '.json')), '{}');
    const stray = join(one.folder, 'evidence', '2026-03-02', 'E-invented.jpg');
    writeFileSync(stray, 'x');
    const { files, strays } = one.evidence.desk.verify();
    expect(files.map(({ picture, state }) => [picture, state])).toEqual([
      [first.picture, 'absent'],
      [second.picture, 'changed'],
    ]);
    expect(strays).toEqual([stray]);
  });
});

describe('a picture is kept', () => {
  /** Somebody lets the days pass; the evidence looks at the date every hour. */
  async function pass(one: EvidenceRoom, days: number): Promise<void> {
    one.clock.jump(days * DAY_LENGTH);
    one.evidence.start();
    await one.settled();
  }

  test('until 90 days after its case has come to rest; what was noted of it stays, and is proved', async () => {
    await using one = await room();
    const from = await opened(one);
    const file = fileOf(one);
    await pass(one, 200);
    expect(kept(one)).toHaveLength(4);
    one.change('close', { from, to: from + HOUR });
    await one.settled();
    await pass(one, 89);
    expect(kept(one)).toHaveLength(4);
    // Judged anew: the time counts from here.
    one.change('revise', { from, to: from + 2 * HOUR });
    await one.settled();
    await pass(one, 89);
    expect(kept(one)).toHaveLength(4);
    expect(existsSync(file)).toBe(true);
    await pass(one, 2);
    expect(kept(one)).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(join(one.folder, 'evidence'))).toEqual([]);
    const { desk } = one.evidence;
    const taken = desk.list({}).filter(({ entry }) => entry.what === 'taken');
    expect(taken).toHaveLength(4);
    expect(taken.every(({ removedAt }) => removedAt !== null)).toBe(true);
    expect(desk.view(taken[0]?.entry.picture ?? '', 'x')).toEqual({ because: 'removed' });
    expect(desk.book.of(taken[0]?.entry.picture ?? '').at(-1)).toMatchObject({
      what: 'removed',
      because: 'kept-long-enough',
    });
    expect(desk.verify()).toEqual({ pictures: 0, rows: [], files: [], strays: [] });
  });

  test('as long after its case was withdrawn', async () => {
    await using one = await room({ evidence: { afterFinal: '10d' } });
    const from = await opened(one);
    await pass(one, 20);
    one.change('retract', { from });
    one.ledger.database.exec("delete from standing where hall = 'h'");
    await pass(one, 9);
    expect(kept(one)).toHaveLength(4);
    await pass(one, 2);
    expect(kept(one)).toEqual([]);
  });

  test('for its own time where it belongs to no case', async () => {
    await using one = await room({ evidence: { otherwise: '5d' } });
    one.show('occupied');
    const outcomes = await one.evidence.freeze('W1', '组长');
    expect(outcomes?.map(({ moment, because, by }) => [moment, because, by])).toEqual([
      ['frozen', null, '组长'],
      ['strip', null, '组长'],
    ]);
    expect(await one.evidence.freeze('W2', '组长')).toBeNull();
    await pass(one, 4);
    expect(kept(one)).toHaveLength(2);
    await pass(one, 2);
    expect(kept(one)).toEqual([]);
  });

  test('as long as its case where somebody asked for it with a case', async () => {
    await using one = await room({ evidence: { otherwise: '5d' } });
    one.show('occupied');
    await one.evidence.freeze('W1', 'user:zhang', 'C-000000000001');
    const [entry] = kept(one);
    expect([entry?.case, entry === undefined ? 0 : one.evidence.keptUntil(entry)]).toEqual(['C-000000000001', null]);
    // The case has not come to rest.
    await pass(one, 6);
    expect(kept(one)).toHaveLength(2);
  });

  test('and files that nothing was noted of go with the next day', async () => {
    await using one = await room();
    await opened(one);
    const stray = join(one.folder, 'evidence', '2026-03-02', 'E-halfway.jpg.part');
    await pass(one, 1);
    writeFileSync(stray, 'x');
    one.evidence.start();
    await one.settled();
    expect(existsSync(stray)).toBe(true);
    await pass(one, 1);
    expect(existsSync(stray)).toBe(false);
    expect(one.log).toContain('info evidence was swept');
    expect(kept(one)).toHaveLength(4);
  });
});

test.each<[string | null, Ms | null, number, boolean]>([
  ['key', null, 1000, false],
  ['key', 0, 89, false],
  ['key', 0, 90, true],
  [null, 0, 29, false],
  [null, 0, 30, true],
])('a picture of %s, counting since %s, after %i days: %s', (key, since, days, over) => {
  const retention = { afterFinal: 90 * DAY_LENGTH, otherwise: 30 * DAY_LENGTH };
  expect(isOver({ key, case: null }, since, retention, days * DAY_LENGTH)).toBe(over);
});

describe('a case is at rest', () => {
  const doing = (deed: Deed, i: number): Done => ({
    deed,
    by: 'b',
    employee: null,
    at: 100 + i,
    reason: null,
    revision: 'r',
  });
  /** Of a case last changed at 50, with deeds from 100 on; the time for an appeal ends at 500. */
  const since = (state: CaseContent['state'], deeds: readonly Deed[], now: Ms): Ms | null => {
    const done = deeds.map(doing);
    const content: CaseContent = { revision: 'r', state, judged: ['e1'], isInformation: false };
    const life = lifeOf(done, content);
    const until = life.delivered === null ? null : 500;
    return atRestSince({ content, life, deeds: done, finalAt: finalAt(life, content, until, now) }, 50);
  };

  test.each<[CaseContent['state'], Deed[], Ms, Ms | null]>([
    ['open', [], 1000, null],
    ['pending', ['acknowledge'], 1000, null],
    ['closed', [], 1000, 50],
    ['withdrawn', [], 1000, 50],
    ['closed', ['acknowledge', 'clear'], 1000, 101],
    ['closed', ['excuse'], 1000, 100],
    ['closed', ['confirm'], 1000, null],
    ['closed', ['confirm', 'deliver'], 400, null],
    ['closed', ['confirm', 'deliver'], 1000, 500],
    ['closed', ['confirm', 'deliver', 'appeal'], 1000, null],
    ['closed', ['confirm', 'deliver', 'appeal', 'overturn'], 1000, 103],
    ['withdrawn', ['confirm', 'deliver', 'appeal'], 1000, 102],
  ])('that is %s, after %j, at %i: since %s', (state, deeds, now, expected) => {
    expect(since(state, deeds, now)).toBe(expected);
  });

  test('once an appeal was decided against it', () => {
    expect(since('closed', ['confirm', 'deliver', 'appeal', 'uphold'], 1000)).toBe(103);
  });
});
