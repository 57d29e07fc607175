/** Facts from lines: what only the whole of them can say. (What a single line can be wrong about: test/rules/facts.test.ts.) */
import { describe, expect, test } from 'vitest';
import { canonicalJson, hashOf } from '../../config/judging.ts';
import { parseConfig } from '../../config/load.ts';
import { type Known, readFactLines } from '../../daemon/lines/fact-lines.ts';
import { BEGINNING, parseInstant } from '../../rules/time.ts';
import { factOf } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';

const { hall, judging } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
const known: Known = { hall, find: () => null };
const read = (lines: readonly (object | string)[], more: Partial<Known> = {}) =>
  readFactLines(
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
    { ...known, ...more },
  );
const problemsOf = (lines: readonly (object | string)[], more: Partial<Known> = {}): string[] =>
  read(lines, more).problems.map(({ line, key, problem }) => `${line} ${key}: ${problem}`);

const p1 = punchOf('p1', 'e1', '08:55:00');
const cancel = (id: string, target: string) => ({ fact: 'cancel', id, at: on('10:00:00'), target });

describe('lines', () => {
  test('are facts in their order, each with the line that it was on', () => {
    const { facts, lines, problems } = read(['', p1, '   ', seenAt('v1', 'W1', '09:00:00', 'empty'), '\r']);
    expect(problems).toEqual([]);
    expect(facts.map(({ id }) => id)).toEqual(['p1', 'v1']);
    expect(lines).toEqual([2, 4]);
  });

  test('may begin with a byte order mark, and only the first of them', () => {
    const text = JSON.stringify(p1);
    expect(read([`\uFEFF${text}`]).facts).toEqual([factOf(p1)]);
    expect(problemsOf([{ ...p1, id: 'p0' }, `\uFEFF${text}`])).toEqual([expect.stringMatching(/^2 null: not JSON/)]);
  });

  test('that say the same under one id are one fact, known since it was known first', () => {
    const later = { ...p1, recordedAt: on('12:00:00'), by: 'e9', via: 'import' };
    const sooner = { ...p1, recordedAt: on('09:00:00') };
    const { facts, problems } = read([later, sooner, { ...later, recordedAt: on('13:00:00') }]);
    expect(problems).toEqual([]);
    expect(facts).toEqual([factOf(sooner)]);
    expect(read([leaveOf('l1', 'e1', '09:00:00', '12:00:00')]).facts[0]?.recordedAt).toBe(BEGINNING);
    // Written in another offset, it is the same instant.
    expect(problemsOf([p1, { ...p1, at: '2026-03-02T00:55:00Z' }])).toEqual([]);
  });

  test('that say something else under one id are at odds, whichever comes first', () => {
    expect(problemsOf([p1, { ...p1, seq: 1 }, { ...p1, at: on('08:55:01') }])).toEqual([
      '2 id: "p1" was on line 1 already, with other content',
      '3 id: "p1" was on line 1 already, with other content',
    ]);
    expect(problemsOf([cancel('p1', 'l1'), p1, leaveOf('l1', 'e1', '09:00:00', '12:00:00')])).toHaveLength(1);
  });
});

describe('a key that is given twice', () => {
  const text = JSON.stringify(p1);
  const again = (key: string): string => text.replace('}', `,${key}:"e2"}`);
  test.each<[string, string, string]>([
    ['at once', again('"employee"'), 'employee'],
    ['with a blank before its colon', again('"employee" '), 'employee'],
    ['written otherwise', again('"\\u0065mployee"'), 'employee'],
    ['with the same content', text.replace('"p1"', '"p1","id":"p1"'), 'id'],
    ['beside a text with quotes and colons', again('"employee"').replace('"p1"', '"a\\": \\"b"'), 'employee'],
    ['with a tab, and blanks everywhere', again('"at"\t').replaceAll(':"', ' : "'), 'at'],
    ['within another', again('"map":{"a":1,"b":[{"a":1},{"c":1,"c":2}]},"x"'), 'c'],
  ])('%s is said', (_what, line, key) => {
    expect(problemsOf([line])).toContain(`1 ${key}: is given twice`);
  });

  test('stands in two objects, or in a text, and is given once', () => {
    const strange = { ...p1, id: 'a":"b\\":"employee":"{', method: ' : ' };
    expect(
      problemsOf([strange, JSON.stringify(punchOf('p2', 'e1', '08:56:00'), null, 1).replaceAll('\n', '')]),
    ).toEqual([]);
  });

  test('is not echoed whole', () => {
    expect(problemsOf([{ ...p1, ['k'.repeat(100_000)]: 1 }])[0]?.length).toBeLessThan(200);
  });
});

describe('lines of other halls', () => {
  const here = { ...p1, hall: 'suixian' };
  const there = { ...punchOf('p9', 'e77', '08:00:00'), hall: 'elsewhere' };

  test('are set aside and counted, whatever they refer to', () => {
    const { facts, problems, setAside } = read([there, here, { ...cancel('q', 'none'), hall: 'x' }], {
      setsAside: true,
    });
    expect([facts, problems, setAside]).toEqual([[factOf(here)], [], 2]);
    // The other hall has ids of its own.
    expect(problemsOf([here, { ...there, id: 'p1' }], { setsAside: true })).toEqual([]);
  });

  test('have to be well-formed', () => {
    expect(problemsOf([here, { ...there, at: 'soon' }], { setsAside: true })).toEqual([
      '2 at: expected a time such as 2026-03-02T08:55:10+08:00',
    ]);
  });

  test('are problems where some line does not say its hall', () => {
    expect(problemsOf([p1, there], { setsAside: true })).toEqual([
      '2 hall: unknown hall "elsewhere", and not every line says its own',
    ]);
    expect(problemsOf([p1, here], { setsAside: true })).toEqual([]);
  });

  test('are problems where they would be lost', () => {
    expect(problemsOf([here, there])).toContain('2 hall: unknown hall "elsewhere"');
  });
});

describe('what a line refers to', () => {
  test.each<[string, object, string]>([
    ['a hall', { ...p1, hall: 'elsewhere' }, '1 hall: unknown hall "elsewhere"'],
    ['a person', punchOf('p', 'e9', '08:55:00'), '1 employee: unknown employee "e9"'],
    ['a window', seenAt('v', 'W9', '08:55:00', 'empty'), '1 window: unknown window "W9"'],
    [
      'people',
      { fact: 'assign', id: 'a', window: 'W1', role: 'B', employees: ['e1', 'e8'], from: on('09:00:00'), to: null },
      '1 employee: unknown employee "e8"',
    ],
    ['a fact', cancel('q1', 'p9'), '1 target: there is no fact "p9"'],
  ])('%s has to be known', (_, line, problem) => expect(problemsOf([line])).toEqual([problem]));

  test('may come later in the file, or be in the ledger', () => {
    expect(problemsOf([cancel('q1', 'p1'), p1])).toEqual([]);
    expect(problemsOf([cancel('q1', 'old')], { find: (id) => (id === 'old' ? factOf({ ...p1, id }) : null) })).toEqual(
      [],
    );
  });

  test('has to be of its kind', () => {
    const slip = { fact: 'slip', id: 's1', at: on('10:00:00'), leave: 'p1' };
    expect(problemsOf([p1, slip])).toEqual(['2 leave: "p1" is no leave']);
    expect(problemsOf([leaveOf('p1', 'e1', '09:00:00', '12:00:00'), slip])).toEqual([]);
    const closed = { fact: 'rating-closed', id: 'r2', at: on('10:00:00'), rating: 'p1' };
    expect(problemsOf([p1, closed])).toEqual(['2 rating: "p1" is no rating']);
  });

  test('is never a cancel: what is undone stays undone', () => {
    expect(problemsOf([p1, cancel('q1', 'p1'), cancel('q2', 'q1')])).toEqual([
      '3 target: a cancel cannot itself be cancelled',
    ]);
    expect(problemsOf([cancel('q1', 'q1')])).toEqual(['1 target: a cancel cannot itself be cancelled']);
  });
});

describe('somebody among the facts', () => {
  const person = (more: object = {}) => ({
    ...{ fact: 'employee', id: 'm1', employee: 'e9', name: '王五', department: null, schedule: null },
    ...{ from: on('00:00:00'), to: null, ...more },
  });

  test('is known, also to lines before', () => {
    expect(problemsOf([punchOf('p9', 'e9', '08:55:00'), person()])).toEqual([]);
  });

  test('has a department and a schedule that there are, and an id that can be one', () => {
    const wrong = person({ employee: 'e 9', department: 'd9', schedule: 's9' });
    expect(problemsOf([wrong])).toEqual([
      '1 employee: is no id: at most 64 characters, without blanks and / + #',
      '1 department: unknown department "d9"',
      '1 schedule: unknown schedule "s9"',
    ]);
    const changed = { ...judging, departments: [{ id: 'd9', name: 'D9', leaders: [] }] };
    const hash = hashOf(canonicalJson(changed));
    const config = { fact: 'config', id: 'c1', at: on('08:00:00'), hash, effectiveFrom: on('08:00:00') };
    expect(problemsOf([person({ department: 'd9' }), { ...config, judging: changed }])).toEqual([]);
  });
});

describe('a configuration among the facts', () => {
  const other = { ...judging, employees: [...judging.employees, { ...judging.employees[0], id: 'e9' }] };
  const accepted = (value: object, hash = hashOf(canonicalJson(value))) => ({
    fact: 'config',
    id: 'c1',
    at: on('08:00:00'),
    hash,
    effectiveFrom: on('08:00:00'),
    judging: value,
  });

  test('makes its people and windows known, also to lines before it', () => {
    expect(problemsOf([punchOf('p9', 'e9', '08:55:00'), accepted(other)])).toEqual([]);
  });

  test('is believed only with the hash that it has', () => {
    expect(problemsOf([accepted(other, hashOf('{}'))])).toEqual(['1 hash: is not that of "judging"']);
  });

  test('has to be one', () => {
    expect(problemsOf([accepted({ hall: { id: 'suixian' } })])).toEqual([
      expect.stringMatching(/^1 judging: is no configuration/),
    ]);
  });
});

test('every problem is named, in the order of the lines', () => {
  const problems = problemsOf(['{', cancel('q1', 'p9'), '{}', punchOf('p', 'e9', '08:55:00'), 'null']);
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['1', '2', '3', '4', '5']);
  expect(parseInstant(on('08:55:00'))).not.toBeNull();
});
