/** The same lines go in and out of the ledger: all of a file or nothing, once, and with the same verdicts elsewhere. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkFacts } from '../../daemon/imports/check-facts.ts';
import { FactPile } from '../../daemon/imports/fact-pile.ts';
import { type Exported, exportLines, importFacts } from '../../daemon/lines/ledger-lines.ts';
import { parseInstant } from '../../rules/time.ts';
import { CoreHall, type FactLine } from '../support/core-hall.ts';
import { type CommandOutcome, zaigang } from '../support/daemon.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';

const hallAt = (time: string): CoreHall => new CoreHall({ yaml: SMALL_HALL, startsAt: on(time) });
const textOf = (lines: readonly (FactLine | string)[]): string =>
  lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
const linesOf = (hall: CoreHall, what: Exported, since: string | null = null): Record<string, unknown>[] =>
  [...exportLines(hall.core, what, since === null ? null : parseInstant(since))].map((line) => JSON.parse(line));
const idsOf = (hall: CoreHall): unknown[] =>
  linesOf(hall, 'facts').flatMap(({ fact, id }) => (fact === 'config' || fact === 'device' ? [] : [id]));

const MORNING = [
  punchOf('p1', 'e1', '09:07:30'),
  punchOf('p2', 'e2', '08:55:00'),
  leaveOf('l3', 'e3', '09:00:00', '10:00:00'),
  seenAt('v1', 'W1', '09:08:00', 'occupied'),
];

describe('an import', () => {
  test('takes every fact once, however often it is repeated', async () => {
    using hall = hallAt('13:00:00');
    const twice = textOf([...MORNING, '', MORNING[0] ?? '', { ...MORNING[1], recordedAt: on('09:00:00') }]);
    expect(await importFacts(hall.core, twice, false)).toEqual({ problems: [], added: 4, known: 0 });
    const before = linesOf(hall, 'history');
    expect(await importFacts(hall.core, textOf(MORNING), false)).toEqual({ problems: [], added: 0, known: 4 });
    expect(linesOf(hall, 'history')).toEqual(before);
    expect(idsOf(hall)).toEqual(['p1', 'p2', 'l3', 'v1']);
  });

  test('takes nothing where anything is wrong, and names all of it', async () => {
    using hall = hallAt('13:00:00');
    await importFacts(hall.core, textOf([punchOf('p0', 'e1', '08:00:00')]), false);
    const bad = textOf([
      ...MORNING,
      '{"fact":"punch"',
      punchOf('p5', 'e9', '09:00:00'),
      { ...MORNING[0], seq: 9 },
      punchOf('p0', 'e1', '08:00:01'),
    ]);
    const { problems, added, known } = await importFacts(hall.core, bad, false);
    expect({ added, known }).toEqual({ added: 0, known: 0 });
    expect(problems.map(({ line, key }) => `${line} ${key}`)).toEqual(['5 null', '6 employee', '7 id', '8 id']);
    expect(problems.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/not JSON/),
      'unknown employee "e9"',
      '"p1" was on line 1 already, with other content',
      'the ledger has "p0" with other content',
    ]);
    expect(idsOf(hall)).toEqual(['p0']);
  });

  test('keeps what people decided elsewhere, and says that it decides nothing here', () => {
    using hall = hallAt('13:00:00');
    using pile = new FactPile(':memory:');
    const deed = { fact: 'action', id: 'a1', at: on('09:00:00'), do: 'confirm', case: 'C-1' };
    const lines = textOf([...MORNING, deed]).split('\n');
    const { added, notes } = checkFacts(lines, { hall: hall.core.hall, find: () => null, sender: 'operator' }, pile);
    expect(added).toBe(5);
    expect(notes).toEqual([expect.stringMatching(/^1 lines of what people decided or signed .* a backup/)]);
  });

  test('takes the good lines where it is told to', async () => {
    using hall = hallAt('13:00:00');
    const some = textOf([
      MORNING[0] ?? '',
      'oops',
      punchOf('p5', 'e9', '09:00:00'),
      MORNING[1] ?? '',
      { ...MORNING[1], seq: 9 },
    ]);
    const { problems, added, known } = await importFacts(hall.core, some, true);
    expect({ added, known }).toEqual({ added: 2, known: 0 });
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(idsOf(hall)).toEqual(['p1', 'p2']);
  });

  test('believes nobody about when, by whom and how a fact became known', async () => {
    using hall = hallAt('13:00:00');
    const claimed = {
      ...leaveOf('l1', 'e1', '09:00:00', '12:00:00'),
      recordedAt: on('07:00:00'),
      by: 'e90',
      via: 'form',
    };
    await importFacts(hall.core, textOf([claimed]), false);
    const [line] = linesOf(hall, 'facts').filter(({ id }) => id === 'l1');
    expect(line).toMatchObject({
      hall: 'suixian',
      via: 'import',
      recordedAt: expect.stringMatching(/^2026-03-02T13:00:00/),
    });
    expect(line).not.toHaveProperty('by');
    const row = hall.core.ledger.database.prepare("select claimed_at from fact where id = 'l1'").get();
    expect(row).toEqual({ claimed_at: parseInstant(on('07:00:00')) });
  });

  test('heals what was said without it', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('13:00:00'));
    await importFacts(hall.core, textOf(MORNING), false);
    expect(
      linesOf(hall, 'verdicts').map(({ rule, employee, window, state }) => [rule, employee ?? window, state]),
    ).toEqual([
      ['absent', 'e3', 'closed'],
      ['late', 'e1', 'closed'],
    ]);
    expect(
      hall
        .history()
        .slice(-5)
        .map((line) => line.replace(/^13:00:00(\.00\d)? /, '')),
    ).toEqual([
      'retract absent e1',
      'retract absent e2',
      'revise absent e3 closed',
      'open late e1 closed',
      'retract missing-cover W1',
    ]);
  });
});

describe('an export', () => {
  test('foretells what nobody can hold tomorrow, by the leave known', async () => {
    using hall = hallAt('13:00:00');
    expect(linesOf(hall, 'forecast')).toEqual([]);
    // W1 has no B.
    await hall.record(leaveOf('l1', 'e1', '2026-03-03 10:00:00', '2026-03-03 18:00:00'));
    expect(linesOf(hall, 'forecast')).toEqual([
      {
        forecast: 'cover',
        hall: 'suixian',
        date: '2026-03-03',
        window: 'W1',
        session: 1,
        uncovered: [{ from: on('2026-03-03 10:00:00'), to: on('2026-03-03 12:00:00') }],
      },
    ]);
    await hall.record({
      fact: 'cover',
      id: 'c1',
      window: 'W1',
      employee: 'e2',
      from: on('2026-03-03 09:00:00'),
      to: on('2026-03-03 12:00:00'),
    });
    expect(linesOf(hall, 'forecast')).toEqual([]);
  });

  test('into a fresh ledger has the same verdicts', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('09:20:00'));
    await hall.record(...MORNING);
    hall.pass(on('10:40:00'));
    hall.restart(20 * 60_000);
    await hall.record(punchOf('p3', 'e3', '10:06:00'), { fact: 'day', id: 'd1', date: '2026-03-03', kind: 'rest' });
    hall.online();
    hall.pass(on('2026-03-04 13:00:00'));
    const facts = [...exportLines(hall.core, 'facts', null)].join('\n');

    using other = hallAt('2026-03-04 13:00:00');
    const { problems, added } = await importFacts(other.core, facts, false);
    expect(problems).toEqual([]);
    expect(added).toBe(facts.split('\n').length);
    expect(linesOf(other, 'verdicts')).toEqual(linesOf(hall, 'verdicts'));
    // Late, absent and, on the Wednesday, everybody and the window.
    expect(
      linesOf(hall, 'verdicts').map(({ date, rule, employee, window }) => `${date} ${rule} ${employee ?? window}`),
    ).toEqual([
      '2026-03-02 late e1',
      '2026-03-02 late e3',
      '2026-03-04 absent e1',
      '2026-03-04 absent e2',
      '2026-03-04 absent e3',
      '2026-03-04 missing-cover W1',
    ]);
  });

  test('since a time leaves out what was recorded, done or begun before', async () => {
    using hall = hallAt('08:00:00');
    await hall.record(MORNING[1] ?? {});
    hall.pass(on('09:20:00'));
    await hall.record(MORNING[0] ?? {});
    hall.pass(on('2026-03-03 09:10:00'));
    expect(linesOf(hall, 'facts', on('09:20:00')).map(({ id }) => id)).toEqual(['p1']);
    const history = linesOf(hall, 'history', on('09:20:00'));
    expect(history.length).toBeGreaterThan(0);
    expect(history.every(({ at }) => String(at) >= on('09:20:00'))).toBe(true);
    expect(history.length).toBeLessThan(linesOf(hall, 'history').length);
    const verdicts = linesOf(hall, 'verdicts', on('2026-03-03 00:00:00'));
    expect(new Set(verdicts.map(({ date }) => date))).toEqual(new Set(['2026-03-03']));
  });
});

describe('the commands', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'zaigang-import-'));
    writeFileSync(join(folder, 'hall.yaml'), SMALL_HALL);
    writeFileSync(join(folder, 'bad.jsonl'), textOf([...MORNING, punchOf('p5', 'e9', '09:00:00')]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (args: readonly string[], input = ''): Promise<CommandOutcome> =>
    zaigang(args, input, folder, { NODE_COMPILE_CACHE: join(folder, 'compiled'), ZAIGANG_LOG_LEVEL: 'warn' });

  test('end with a number that says what happened', async () => {
    expect(await run(['export', 'facts'])).toMatchObject({ code: 66, out: '' });
    expect(await run(['import', 'facts', 'none.jsonl'])).toMatchObject({ code: 66 });
    const refused = await run(['import', 'facts', 'bad.jsonl']);
    expect(refused).toMatchObject({ code: 65, out: '' });
    expect(refused.err).toMatch(/^bad\.jsonl:5: employee: unknown employee "e9"\n/);

    const partly = await run(['import', 'facts', 'bad.jsonl', '--partial']);
    expect(partly.code).toBe(0);
    expect(partly.err).toMatch(/4 added, 0 known already/);
    const again = await run(['import', 'facts', '-'], textOf(MORNING));
    expect(again).toMatchObject({ code: 0, err: expect.stringMatching(/0 added, 4 known already/) });

    const facts = await run(['export', 'facts', '--since', on('00:00:00')]);
    expect(facts.code).toBe(0);
    const ids = facts.out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(ids.filter((id) => /^[plv]\d$/.test(id))).toEqual(['p1', 'p2', 'l3', 'v1']);
    expect(await run(['export', 'facts', '--since', 'yesterday'])).toMatchObject({ code: 64, out: '' });
    expect(await run(['export', 'punches'])).toMatchObject({ code: 64, out: '' });
  }, 60_000);

  test('since a time has verdicts of earlier days that begin after it: those of a duty that lasts for weeks', async () => {
    using hall = new CoreHall({
      yaml: SMALL_HALL.replace('punches: in', 'punches: session'),
      startsAt: on('08:00:00'),
    });
    hall.online();
    await hall.record(
      { fact: 'duty', id: 'y1', employee: 'e1', from: on('13:00:00'), to: on('2026-03-28 10:00:00') },
      punchOf('p1', 'e1', '12:55:00'),
    );
    hall.pass(on('2026-03-29 13:00:00'));
    const since = on('2026-03-28 00:00:00');
    const found = linesOf(hall, 'verdicts', since);
    expect(found).toMatchObject([{ rule: 'missing-punch', side: 'out', date: '2026-03-02', employee: 'e1' }]);
    expect(found).toEqual(linesOf(hall, 'verdicts').filter(({ from }) => String(from) >= since));
  });
});
