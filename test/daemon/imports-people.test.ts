/** Tables of people: who comes, moves and leaves, and what is told of bad rows. */
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { type CheckedTable, checkTable } from '../../daemon/imports/check-table.ts';
import { takeIn } from '../../daemon/imports/import.ts';
import { Knowledge } from '../../daemon/imports/knowledge.ts';
import { readTable } from '../../daemon/imports/read-table.ts';
import { factLine } from '../../rules/facts.ts';
import { dayOfDate } from '../../rules/time.ts';
import { CoreHall } from '../support/core-hall.ts';
import { on } from '../support/small-hall.ts';

const HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { weekly: { mon: ["09:00-12:00", "14:00-17:00"], tue: ["09:00-12:00", "14:00-17:00"], wed: ["09:00-12:00"], thu: ["09:00-12:00"], fri: ["09:00-12:00"] } }
  guards: { weekly: { mon: ["07:00-12:00"] } }
departments: [{ id: gaj, name: 公安局 }, { id: swj, name: 税务局 }]
employees:
  - { id: e1, name: 徐敏, department: gaj, schedule: standard, credentials: ["1001"] }
  - { id: e2, name: 李岚, department: gaj, schedule: standard, until: 2026-03-04 }
windows: [{ id: W1, schedule: standard, a: e1 }]
clocks: [{ id: clock-1 }, { id: clock-2, serves: [swj] }]
`;

/** A Friday evening: what says no start begins on Saturday. */
const NOW = on('2026-03-06 18:00:00');

function hall(): CoreHall {
  return new CoreHall({ yaml: HALL, startsAt: NOW });
}

async function check(
  { core, clock }: CoreHall,
  text: string | Buffer,
  lang: 'zh' | 'en' = 'en',
): Promise<CheckedTable> {
  const { rows } = await readTable(Buffer.from(text), null, (zh, en) => (lang === 'zh' ? zh : en));
  const knowledge = new Knowledge({ database: core.ledger.database, hall: core.hall, countSimulated: false });
  return checkTable({ kind: 'people', rows, clock: null, lang }, knowledge, clock.now());
}

async function imported(of: CoreHall, text: string | Buffer): Promise<CheckedTable> {
  const checked = await check(of, text);
  expect(checked.problems).toEqual([]);
  await takeIn(of.core, { count: checked.fresh.length, facts: checked.fresh });
  return checked;
}

/** `employee e9 王五 swj standard 03-07…`. */
function shown({ fresh }: CheckedTable, { core }: CoreHall): string[] {
  return fresh.map((fact) => {
    const line = factLine(fact, core.hall.zone);
    const keys = fact.fact === 'employee' ? ['employee', 'name', 'department', 'schedule'] : ['employee', 'credential'];
    const [from, to] = [line['from'], line['to']].map((at) => String(at ?? '').slice(5, 10));
    return [fact.fact, ...keys.map((key) => line[key] ?? '-'), `${from}…${to}`].join(' ');
  });
}

describe('rows of people', () => {
  test.each<readonly [name: string, table: string, facts: readonly string[]]>([
    [
      'somebody new, with a start',
      '工号,姓名,部门,班次,开始\ne9,王五,税务局,standard,2026-03-02\n',
      ['employee e9 王五 swj standard 03-02…'],
    ],
    [
      'somebody new without a start, from tomorrow on, in the only schedule',
      '工号,姓名,部门\ne9,王五,swj\n',
      ['employee e9 王五 swj standard 03-07…'],
    ],
    [
      'a day of hiring that is past, and one to come',
      '工号,姓名,部门,入职日期\ne8,赵六,swj,1998-07-01\ne9,王五,swj,2026-03-16\n',
      ['employee e8 赵六 swj standard 03-07…', 'employee e9 王五 swj standard 03-16…'],
    ],
    [
      'the heads that init writes, with a number',
      '编号,姓名,部门,班次,打卡编号,起,止\ne9,王五,税务局,无,1009,2026-03-02,2026-03-31\n',
      ['employee e9 王五 swj - 03-02…04-01', 'credential e9 1009 03-02…04-01'],
    ],
    [
      'a number of somebody new in a table of numbers',
      '工号,姓名,部门,卡号,开始\ne9,王五,税务局,1009,2026-03-09\ne1,徐敏,总公司,1011,2026-03-09\n',
      ['employee e9 王五 swj standard 03-09…', 'credential e9 1009 03-09…', 'credential e1 1011 03-09…'],
    ],
    [
      'a move from a day on',
      '工号,姓名,部门,开始\ne1,徐敏,税务局,2026-03-10\n',
      ['employee e1 徐敏 swj standard 03-10…'],
    ],
    [
      'who leaves, by a last day and by the day of leaving',
      '工号,部门,结束,离职日期\ne1,gaj,2026-03-12,\ne2,gaj,,2026-03-05\n',
      ['employee e1 徐敏 gaj standard 03-12…03-13'],
    ],
    ['somebody who comes back', '工号,部门,开始\ne2,swj,2026-03-16\n', ['employee e2 李岚 swj standard 03-16…']],
    ['nothing, where all is known', '工号,姓名,部门,班次,卡号\ne1,徐敏,公安局,standard,1001\n', []],
  ])('say %s', async (_, table, facts) => {
    using of = hall();
    const checked = await imported(of, table);
    expect(shown(checked, of)).toEqual(facts);
    const again = await check(of, table);
    expect(again).toMatchObject({ fresh: [], problems: [] });
  });

  test.each<readonly [name: string, table: string, problem: RegExp]>([
    ['a doubled id', '工号,姓名,部门\ne9,王五,swj\ne9,赵六,gaj\n', /^3 A3 工号: row 2 has the same id, e9/],
    [
      'an unknown department',
      '工号,姓名,部门\ne9,王五,税务\n',
      /^2 C2 部门: the configuration knows no department 税务; did you mean 税务局\?/,
    ],
    ['an unknown schedule', '工号,姓名,部门,班次\ne9,王五,swj,standart\n', /^2 D2 班次: .* did you mean standard\?/],
    ['a wrong date', '工号,姓名,部门,开始\ne9,王五,swj,2026-02-30\n', /^2 D2 开始: "2026-02-30" is no date/],
    [
      'a time',
      '工号,姓名,部门,开始\ne9,王五,swj,2026-03-02 09:00\n',
      /^2 D2 开始: .* is no date; write it as 2026-03-02/,
    ],
    [
      'an end before the start',
      '工号,姓名,部门,开始,结束\ne9,王五,swj,2026-03-09,2026-03-02\n',
      /^2 E2 结束: the last day, 2026-03-02, is before the first, 2026-03-09/,
    ],
    [
      'nobody’s department',
      '工号,姓名,部门\ne9,王五,\n',
      /^2 C2 部门: somebody new needs a department \(there are: 公安局、税务局/,
    ],
    ['a mistyped id', '工号,姓名,部门\ne11,徐敏,公安局\n', /^2 A2 工号: the department has a 徐敏 \(e1\) already/],
    [
      'an enrolment number for an id',
      '工号,姓名,部门\n1001,徐敏,公安局\n',
      /^2 A2 工号: is no employee's id; 1001 is the enrolment number of 徐敏 \(e1\)/,
    ],
    ['another name', '工号,姓名,部门\ne1,徐明,公安局\n', /^2 B2 姓名: e1 is 徐敏, not 徐明/],
    ['an id that is none', '工号,姓名,部门\ne/9,王五,swj\n', /^2 A2 工号: "e\/9" cannot be an id/],
    [
      'somebody who has left',
      '工号,姓名,部门\ne2,李岚,公安局\n',
      /^2 A2 工号: 李岚 was there until 2026-03-04; write since when they are back/,
    ],
    [
      'a leaving after somebody has left',
      '工号,部门,结束\ne2,gaj,2026-03-05\n',
      /^2 C2 结束: 李岚 is not of the hall on 2026-03-05/,
    ],
    [
      'a leaving to come of somebody who has left',
      '工号,部门,结束\ne2,gaj,2026-03-30\n',
      /^2 A2 工号: 李岚 was there until 2026-03-04/,
    ],
  ])('with %s are bad', async (_, table, problem) => {
    using of = hall();
    const { problems, fresh } = await check(of, table);
    const told = problems.map(({ line, cell, column, problem: said }) => `${line} ${cell} ${column}: ${said}`);
    expect(told).toEqual([expect.stringMatching(problem)]);
    expect(fresh.length).toBeLessThan(2);
    // In Chinese the same cells are wrong.
    const inChinese = await check(of, table, 'zh');
    expect(inChinese.problems.map(({ cell }) => cell)).toEqual(problems.map(({ cell }) => cell));
  });

  test('are noted where they are new, begin in the past or without a start', async () => {
    using of = hall();
    const table = '工号,姓名,部门,开始\ne8,赵六,swj,2026-03-02\ne9,王五,swj,\ne1,徐敏,公安局,\n';
    expect((await check(of, table)).notes).toEqual([
      'somebody new (2 rows: 2, 3)',
      'begins in the past: the days since then are judged again (1 row: 2)',
      'without a start: counts from 2026-03-07 on (1 row: 3)',
      'known already (1 row: 4)',
    ]);
  });

  test('are read from GBK and from a workbook', async () => {
    using of = hall();
    // 工号,姓名,部门 / e9,王五,税务局, as Excel writes a CSV in China.
    const gbk = Buffer.from('b9a4bac52cd0d5c3fb2cb2bfc3c50d0a65392ccdf5cee52ccbb0cef1bed60d0a', 'hex');
    expect(shown(await check(of, gbk), of)).toEqual(['employee e9 王五 swj standard 03-07…']);
    const rowOf = (line: number, ...texts: string[]): string =>
      `<row r="${line}">${texts.map((text, i) => `<c r="${'ABC'[i]}${line}" t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;
    const xlsx = zipSync({
      '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
      'xl/workbook.xml': strToU8(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="人员" sheetId="1" r:id="rId1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      'xl/worksheets/sheet1.xml': strToU8(
        `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rowOf(1, '工号', '姓名', '部门')}${rowOf(2, 'e9', '王五', '税务局')}</sheetData></worksheet>`,
      ),
    });
    expect(shown(await check(of, Buffer.from(xlsx)), of)).toEqual(['employee e9 王五 swj standard 03-07…']);
  });
});

describe('what was imported', () => {
  const person = ({ core }: CoreHall, id: string, date: string) => {
    const found = core.hallOn(dayOfDate(date) ?? 0).employees.get(id);
    return found && { department: found.department, clocks: found.clocks, until: found.until };
  };

  test('is known at once to whoever speaks of people, and to the next table', async () => {
    using of = hall();
    await imported(of, '工号,姓名,部门\ne9,王五,swj\n');
    expect(of.core.hall.employees.get('e9')).toMatchObject({ name: '王五', clocks: ['clock-1', 'clock-2'] });
    const { rows } = await readTable(Buffer.from('姓名,日期,类型\n王五,2026-03-09,事假\n'), null, (zh) => zh);
    const knowledge = new Knowledge({ database: of.core.ledger.database, hall: of.core.hall, countSimulated: false });
    const leave = checkTable({ kind: 'leave', rows, clock: null, lang: 'zh' }, knowledge, of.clock.now());
    expect(leave).toMatchObject({ problems: [], fresh: [{ employee: 'e9' }] });
  });

  test('holds on its days', async () => {
    using of = hall();
    await imported(of, '工号,部门,开始,结束\ne1,税务局,2026-03-10,2026-03-20\n');
    expect(person(of, 'e1', '2026-03-09')).toMatchObject({ department: 'gaj', clocks: ['clock-1'] });
    expect(person(of, 'e1', '2026-03-10')).toMatchObject({ department: 'swj', clocks: ['clock-1', 'clock-2'] });
    expect(person(of, 'e1', '2026-03-20')?.until).toBe(dayOfDate('2026-03-20'));
  });
});
