/** Files of many old facts: judged as one, whatever else happens meanwhile, and put aside on the disk until they are known to be good. */
import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { importSent } from '../../daemon/imports/import-thread.ts';
import { BACKLOG_BATCH } from '../../daemon/live/backlog.ts';
import type { Fact } from '../../rules/facts.ts';
import { DAY_LENGTH, dateOf, dayOfDate, weekdayOf } from '../../rules/time.ts';
import { CoreHall, type FactLine, factOf } from '../support/core-hall.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
const PEOPLE = Array.from({ length: 150 }, (_, i) => `e${i + 1}`);
const STARTS_AT = '2026-06-13T08:00:00+08:00';
const YAML = stringify({
  hall: { id: 'h', name: 'h', timezone: 'Asia/Shanghai', dayStart: '04:00' },
  calendar: { country: 'none' },
  schedules: { s: { weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, ['09:00-12:00', '14:00-17:00']])) } },
  departments: [{ id: 'd', name: 'd' }],
  employees: PEOPLE.map((id) => ({ id, name: id, department: 'd', schedule: 's', credentials: [id] })),
  windows: [{ id: 'w', name: 'w', department: 'd', schedule: 's', a: 'e1', b: ['e2'] }],
  mqtt: { url: 'mqtt://127.0.0.1:1' },
});

/** Everybody on time on every working day of two months, person after person, as attendance programs export; `e1` late once. */
function punches(): FactLine[] {
  const [first, last] = [dayOfDate('2026-04-13') ?? 0, dayOfDate('2026-06-12') ?? 0];
  const lines: FactLine[] = [];
  for (const person of PEOPLE) {
    for (let day = first; day <= last; day++) {
      if (weekdayOf(day) > 5) continue;
      const date = dateOf(day);
      for (const time of ['08:50', '12:05', '13:50', '17:05']) {
        const isLate = person === 'e1' && date === '2026-05-11' && time === '08:50';
        const at = `${date}T${isLate ? '09:11' : time}:00+08:00`;
        lines.push({ fact: 'punch', id: `${person}-${at}`, at, credential: person, device: 'c' });
      }
    }
  }
  return lines;
}

const textOf = (lines: readonly object[]): string => lines.map((line) => JSON.stringify(line)).join('\n');
const ASKED = { partial: false, dryRun: false } as const;
const importFacts = ({ core }: CoreHall, bytes: Readable, how: { partial: boolean; dryRun: boolean }) =>
  importSent(core, { bytes, kind: 'facts', sheet: null, clock: null, lang: 'en' }, how);
const saidOf = (hall: CoreHall): string[] =>
  [...hall.core.history.changes()].map(({ op, verdict }) => `${op} ${verdict.rule} ${verdict.employee}`);
const roomsIn = (hall: CoreHall): string[] =>
  readdirSync(hall.loaded.config.data).filter((name) => name.startsWith('import-'));

test('tens of thousands of lines accuse nobody for a moment, and the same file again adds nothing', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: STARTS_AT });
  const lines = punches();
  expect(lines.length).toBeGreaterThan(25_000);
  const text = textOf(lines);
  const sent = (): Readable => Readable.from(text.match(/[\s\S]{1,100000}/g) ?? []);

  const tried = await importFacts(hall, sent(), { ...ASKED, dryRun: true });
  expect(tried).toMatchObject({ rows: lines.length, added: lines.length, known: 0, problems: [] });
  expect(tried.preview?.changes.map(({ op, verdict }) => `${op} ${verdict.rule} ${verdict.employee}`)).toEqual([
    'open late e1',
  ]);
  expect(saidOf(hall)).toEqual([]);

  const done = await importFacts(hall, sent(), ASKED);
  expect(done).toMatchObject({ rows: lines.length, added: lines.length, known: 0, problems: [] });
  expect(saidOf(hall)).toEqual(['open late e1']);
  expect(hall.core.facts.heldBack()).toBeNull();

  const again = await importFacts(hall, sent(), ASKED);
  expect(again).toMatchObject({ added: 0, known: lines.length, problems: [] });
  expect(saidOf(hall)).toEqual(['open late e1']);
  expect(roomsIn(hall)).toEqual([]);
}, 120_000);

test('nothing of them is judged before their end, whoever asks and whatever comes meanwhile', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: STARTS_AT });
  const { live } = hall.core;
  const facts = punches()
    .slice(0, 3 * BACKLOG_BATCH)
    .map(factOf);
  const keep = (some: readonly Fact[]) => live.record(some, { by: null, via: 'import', claimedAt: null });
  await live.whole(async () => {
    await keep(facts.slice(0, BACKLOG_BATCH));
    // A report is made, a broker has delivered what it kept, and it takes long.
    live.settle();
    live.beginBacklog();
    await keep([factOf({ fact: 'punch', id: 'now', at: '2026-06-13T08:00:00+08:00', employee: 'e2' })]);
    live.endBacklog();
    hall.sleep(60_000);
    live.wake();
    expect(saidOf(hall)).toEqual([]);
    expect(hall.core.facts.heldBack()?.facts.length).toBe(BACKLOG_BATCH + 1);
    await keep(facts.slice(BACKLOG_BATCH));
  });
  expect(hall.core.facts.heldBack()).toBeNull();
  const said = saidOf(hall);
  expect(said).toContain('open late e1');
  expect(said.filter((one) => one.startsWith('retract'))).toEqual([]);
  // What comes next is judged at once again.
  await keep([factOf({ fact: 'cancel', id: 'q1', at: '2026-06-13T08:00:00+08:00', target: facts.at(0)?.id })]);
  expect(hall.core.facts.heldBack()).toBeNull();
});

test('a bad line among them keeps all of them out, and so does a file that is no text', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: STARTS_AT });
  const lines = punches().slice(0, 5000);
  lines.splice(4000, 0, { ...lines[7], at: '2026-04-13T10:00:00+08:00' }, { ...lines[8], id: 'x', credential: '' });
  const refused = await importFacts(hall, Readable.from([textOf(lines)]), ASKED);
  expect(refused).toMatchObject({ added: 0, known: 0 });
  expect(refused.problems.map(({ line, column, problem }) => `${line} ${column} ${problem}`)).toEqual([
    `4001 id "${(lines[7] as { id: string }).id}" was on line 8 already, with other content`,
    '4002 credential expected a non-empty text of at most 1000 characters',
  ]);
  const blurred = Buffer.concat([Buffer.from(`${textOf(lines.slice(0, 3))}\n`), Buffer.from([0xb0, 0xa1, 0x0a])]);
  const unread = await importFacts(hall, Readable.from([blurred]), { ...ASKED, partial: true });
  expect(unread).toMatchObject({ added: 0, problems: [{ problem: expect.stringMatching(/^not UTF-8/) }] });
  expect(hall.core.facts.after(0, 10).filter(({ fact }) => fact.fact === 'punch')).toEqual([]);

  const partly = await importFacts(hall, Readable.from([textOf(lines)]), { ...ASKED, partial: true });
  expect(partly).toMatchObject({ added: 5000, known: 0 });
}, 120_000);

test('what a process that died at it left behind is swept away', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: STARTS_AT });
  const { data } = hall.loaded.config;
  const [old, recent] = [join(data, 'import-old'), join(data, 'import-recent')];
  for (const folder of [old, recent]) mkdirSync(folder);
  const before = (Date.now() - 2 * DAY_LENGTH) / 1000;
  utimesSync(old, before, before);
  await importFacts(hall, Readable.from([textOf(punches().slice(0, 3))]), ASKED);
  expect([old, recent].map((folder) => existsSync(folder))).toEqual([false, true]);
}, 60_000);
