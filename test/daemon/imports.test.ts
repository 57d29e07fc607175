/** What rows of rosters, leave, clocks' exports and enrolments say, and what is told of bad ones. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { type CheckedTable, checkTable } from '../../daemon/imports/check-table.ts';
import { takeIn } from '../../daemon/imports/import.ts';
import { Knowledge } from '../../daemon/imports/knowledge.ts';
import { readTable } from '../../daemon/imports/read-table.ts';
import type { TableKind } from '../../daemon/imports/table.ts';
import { factLine } from '../../rules/facts.ts';
import { dateOf, dayOfDate, parseInstant } from '../../rules/time.ts';
import { CoreHall } from '../support/core-hall.ts';
import { on, punchOf } from '../support/small-hall.ts';

/** Two sessions a day; two people of one name; a lunch schedule that has no halves. */
const HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { punches: session, weekly: { mon: ["09:00-12:00", "14:00-17:00"], tue: ["09:00-12:00", "14:00-17:00"], wed: ["09:00-12:00", "14:00-17:00"], thu: ["09:00-12:00", "14:00-17:00"], fri: ["09:00-12:00", "14:00-16:30"] } }
  through: { punches: day, weekly: { mon: ["09:00-17:00"], tue: ["09:00-17:00"] } }
departments: [{ id: gaj, name: 公安局 }, { id: swj, name: 税务局 }]
employees:
  - { id: e1, name: 徐敏, department: gaj, schedule: standard, credentials: ["1001"] }
  - { id: e2, name: 李岚, department: gaj, schedule: standard, credentials: ["1002"] }
  - { id: e3, name: 张伟, department: gaj, schedule: standard, credentials: ["1003"] }
  - { id: e4, name: 张伟, department: swj, schedule: through, credentials: [{ device: clock-2, id: "4" }] }
windows:
  - { id: W1, name: 出入境, schedule: standard, a: e1, b: [e2] }
  - { id: W2, name: 办税, schedule: standard, a: e4 }
clocks: [{ id: clock-1 }, { id: clock-2 }]
`;

const { hall } = parseConfig(HALL, 'hall.yaml', { env: {}, lang: 'en' });
const NOW = parseInstant(on('2026-03-06 18:00:00')) ?? 0;
const alone = new Knowledge({ database: null, hall, countSimulated: false });

async function check(
  kind: TableKind,
  text: string,
  {
    knowledge = alone,
    lang = 'en',
    clock = null,
  }: { knowledge?: Knowledge; lang?: 'en' | 'zh'; clock?: string | null } = {},
): Promise<CheckedTable> {
  const { rows } = await readTable(Buffer.from(text), null, (zh, en) => (lang === 'zh' ? zh : en));
  return checkTable({ kind, rows, clock, lang }, knowledge, NOW);
}

const LEFT_OUT = new Set(['id', 'recordedAt', 'fact']);

/** `leave employee=e1 kind=事假 from=03-03T09:00:00 to=…`: a fact as a line. */
function shown({ fresh }: CheckedTable): string[] {
  return fresh.map((fact) => {
    const parts = Object.entries(factLine(fact, hall.zone))
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, value]) => `${key}=${String(value).replace(/^2026-(.*)\+08:00$/, '$1')}`);
    return [fact.fact, ...parts].join(' ');
  });
}

type Case = readonly [name: string, kind: TableKind, text: string, facts: readonly string[]];

const GOOD: readonly Case[] = [
  [
    'whole days, both included',
    'leave',
    '工号,姓名,开始日期,结束日期,请假类型\ne1,徐敏,2026-03-03,2026-03-04,事假\n',
    ['leave employee=e1 kind=事假 from=03-03T00:00:00 to=03-05T00:00:00'],
  ],
  [
    'a name alone, with a title and a remark above and beside',
    'leave',
    '三月请假,,,,\n姓名,开始,结束,假别,备注\n徐 敏,2026/3/3 9:00,2026/3/3 12:00,病假,发热\n',
    ['leave employee=e1 kind=病假 from=03-03T09:00:00 to=03-03T12:00:00'],
  ],
  [
    'two of one name, by department',
    'leave',
    'name,department,start,end,type\n张伟,税务局,2026-03-03,2026-03-03,公休\n张伟,gaj,2026-03-03,2026-03-03,公休\n',
    [
      'leave employee=e4 kind=公休 from=03-03T00:00:00 to=03-04T00:00:00',
      'leave employee=e3 kind=公休 from=03-03T00:00:00 to=03-04T00:00:00',
    ],
  ],
  [
    'half days by the sessions of the date',
    'leave',
    '工号;日期;时段;类型\ne1;2026年3月3日;上午;事假\ne1;2026-03-06;下午;事假\ne2;46086;全天;公休\ne3;20260305;10:00-11:30;病假\n',
    [
      'leave employee=e1 kind=事假 from=03-03T09:00:00 to=03-03T12:00:00',
      'leave employee=e1 kind=事假 from=03-06T14:00:00 to=03-06T16:30:00',
      'leave employee=e2 kind=公休 from=03-05T00:00:00 to=03-06T00:00:00',
      'leave employee=e3 kind=病假 from=03-05T10:00:00 to=03-05T11:30:00',
    ],
  ],
  [
    'from an afternoon to a morning',
    'leave',
    '工号,开始,结束,类型\ne1,2026-03-03 下午,2026-03-05 上午,事假\n',
    ['leave employee=e1 kind=事假 from=03-03T14:00:00 to=03-05T12:00:00'],
  ],
  [
    'slips: there, not there, and handed in on a date',
    'leave',
    '工号,日期,类型,请假条\ne1,2026-03-03,事假,有\ne2,2026-03-03,事假,无\ne3,2026-03-03,事假,2026-03-05\n',
    [
      'leave employee=e1 kind=事假 from=03-03T00:00:00 to=03-04T00:00:00 slip=true',
      'leave employee=e2 kind=事假 from=03-03T00:00:00 to=03-04T00:00:00',
      'leave employee=e3 kind=事假 from=03-03T00:00:00 to=03-04T00:00:00',
      expect.stringMatching(/^slip at=03-05T00:00:00 leave=leave-/) as unknown as string,
    ],
  ],
  [
    'duties, with dates and times in cells of their own',
    'roster',
    '姓名,日期,开始,结束\n徐敏,2026-03-07,9:00,12:00\n李岚,2026-03-07,22:00,2026-03-08 6:00\n',
    [
      'duty employee=e1 from=03-07T09:00:00 to=03-07T12:00:00',
      'duty employee=e2 from=03-07T22:00:00 to=03-08T06:00:00',
    ],
  ],
  [
    'cover, by a window’s name and halves',
    'roster',
    '窗口,姓名,日期,时段\n出入境,李岚,2026-03-03,上午\nW2,徐敏,2026-03-03,14:00-15:00\n',
    [
      'cover window=W1 employee=e2 from=03-03T09:00:00 to=03-03T12:00:00',
      'cover window=W2 employee=e1 from=03-03T14:00:00 to=03-03T15:00:00',
    ],
  ],
  [
    'who holds a role: several in a cell, or one a row',
    'roster',
    '窗口,岗位,工号,开始,结束\nW1,A岗,e2,2026-03-09,\nW1,b,e1、e3,2026-03-09,2026-03-13\nW2,B,e1,2026-04-01,长期\nW2,B,e2,2026-04-01,长期\n',
    [
      'assign window=W1 role=A from=03-09T00:00:00 to=null employees=e2',
      'assign window=W1 role=B from=03-09T00:00:00 to=03-14T00:00:00 employees=e1,e3',
      'assign window=W2 role=B from=04-01T00:00:00 to=null employees=e1,e2',
    ],
  ],
  [
    'all kinds in one roster, by a column',
    'roster',
    '类型,窗口,工号,日期,时段\n值班,,e1,2026-03-07,09:00-12:00\n顶岗,W1,e2,2026-03-03,下午\nB岗,W1,e3,2026-03-05,\n',
    [
      'duty employee=e1 from=03-07T09:00:00 to=03-07T12:00:00',
      'cover window=W1 employee=e2 from=03-03T14:00:00 to=03-03T17:00:00',
      'assign window=W1 role=B from=03-05T00:00:00 to=03-06T00:00:00 employees=e3',
    ],
  ],
  [
    'a clock’s export',
    'punches',
    '部门\t姓名\t考勤号码\t日期时间\t机器号\t编号\t比对方式\n公安局\t徐敏\t1001\t2026/3/2 8:55:10\tclock-1\t\t指纹\n\t\t1002\t46083.3716435185\tclock-1\t\t人脸\n',
    [
      'punch at=03-02T08:55:10 credential=1001 device=clock-1 method=finger deviceAt=03-02T08:55:10',
      'punch at=03-02T08:55:10 credential=1002 device=clock-1 method=face deviceAt=03-02T08:55:10',
    ],
  ],
  [
    'all times of a day in a cell, and days without any',
    'punches',
    '工号,日期,打卡时间\ne1,2026-03-02,08:55 12:01\ne2,2026-03-02,\n',
    ['punch at=03-02T08:55:00 employee=e1', 'punch at=03-02T12:01:00 employee=e1'],
  ],
  [
    'a touch twice',
    'punches',
    '卡号,时间,记录号\n1001,2026-03-02 08:55,7\n1001,2026-03-02 08:55,7\n1001,2026-03-02 08:55,8\n',
    [
      'punch at=03-02T08:55:00 credential=1001 seq=7 deviceAt=03-02T08:55:00',
      'punch at=03-02T08:55:00 credential=1001 seq=8 deviceAt=03-02T08:55:00',
    ],
  ],
  [
    'enrolments, with and without dates',
    'people',
    '工号,卡号,考勤机,开始,结束\ne1,0017,clock-2,2026-03-01,2026-08-31\ne2,18,,2026-03-02,\n',
    [
      'credential employee=e1 credential=0017 device=clock-2 from=03-01T00:00:00 to=09-01T00:00:00',
      'credential employee=e2 credential=18 from=03-02T00:00:00 to=null',
    ],
  ],
];

describe('rows', () => {
  test.each(GOOD)('of %s', async (_, kind, text, facts) => {
    const checked = await check(kind, text);
    expect(checked.problems).toEqual([]);
    expect(shown(checked)).toEqual(facts);
    // The same file has the same ids.
    const ids = (await check(kind, text)).fresh.map(({ id }) => id);
    expect(ids).toEqual(checked.fresh.map(({ id }) => id));
    expect(new Set(ids).size).toBe(facts.length);
  });

  type BadCase = readonly [name: string, kind: TableKind, text: string, problems: readonly (string | RegExp)[]];
  const BAD: readonly BadCase[] = [
    [
      'nobody known by that id',
      'leave',
      '工号,日期,类型\ne11,2026-03-03,事假\n',
      [
        /^2 A2 工号: .* no e11; did you mean e1\? If somebody new, import them first as people \(employee, name, department, schedule\), or add under employees in hall\.yaml: - \{ id: e11, name: …, schedule: …, credentials: \[\] \}$/,
      ],
    ],
    [
      'nobody known by that name',
      'leave',
      '姓名,部门,日期,类型\n王小五,税务局,2026-03-03,事假\n',
      [
        /no 王小五; import them first as people \(.*\), or add under employees in hall\.yaml: - \{ id: …, name: 王小五, department: swj, schedule: …, credentials: \[\] \}$/,
      ],
    ],
    [
      'somebody new, with a number and without a name',
      'people',
      '工号,卡号,开始\ne9,1009,2026-03-02\n',
      [/- \{ id: e9, name: …, schedule: …, credentials: \["1009"\] \}$/],
    ],
    [
      'an enrolment number for an id',
      'leave',
      '工号,日期,类型\n1001,2026-03-03,事假\n',
      [/1001 is the enrolment number of 徐敏 \(e1\): call the column "credential"/],
    ],
    [
      'a name that two people have',
      'leave',
      '姓名,日期,类型\n张伟,2026-03-03,事假\n',
      ['2 A2 姓名: 2 people are called 张伟: e3 (公安局), e4 (税务局); add a column "employee" with the id'],
    ],
    [
      'a name of somebody else',
      'leave',
      '工号,姓名,日期,类型\ne1,李岚,2026-03-03,事假\n',
      ['2 B2 姓名: e1 is 徐敏, not 李岚; correct one of them'],
    ],
    ['nobody named', 'leave', '工号,日期,类型\n,2026-03-03,事假\n', [/^2 A2 工号: nobody is named/]],
    [
      'an end before its start',
      'leave',
      '工号,开始,结束,类型\ne1,2026-03-05,2026-03-03,事假\n',
      [/^2 C2 结束: the end, "2026-03-03", is not after the start, "2026-03-05"/],
    ],
    [
      'hours that run backwards',
      'roster',
      '工号,日期,时段\ne1,2026-03-07,22:00-06:00\n',
      [/^2 C2 时段: .*write the date of the end/],
    ],
    [
      'a date that is two',
      'leave',
      '工号,日期,类型\ne1,3/4/2026,事假\n',
      [/^2 B2 日期: "3\/4\/2026" is no date .*year first/],
    ],
    [
      'everything wrong at once',
      'leave',
      '工号,姓名,开始,结束,类型,请假条\ne9,,2026-02-30,someday,,maybe\n',
      [/^2 A2 工号: /, /^2 E2 类型: /, /^2 C2 开始: /, /^2 D2 结束: /, /^2 F2 请假条: /],
    ],
    ['no end', 'leave', '工号,开始,结束,类型\ne1,2026-03-05,,事假\n', [/^2 C2 结束: there is no end/]],
    ['no date', 'leave', '工号,开始,结束,类型\ne1,9:00,12:00,事假\n', [/^2 B2 开始: there is no date/]],
    [
      'a doubled line',
      'leave',
      '工号,日期,类型\ne1,2026-03-03,事假\n\ne1,2026-03-03,事假\n',
      ['4: says the same as row 2; remove one of them'],
    ],
    [
      'a doubled duty',
      'roster',
      '工号,日期,时段\ne1,2026-03-07,09:00-12:00\ne1,2026-03-07,09:00-12:00\n',
      ['3: says the same as row 2; remove one of them'],
    ],
    [
      'the same holder twice',
      'roster',
      '窗口,岗位,工号,开始\nW1,A,e1,2026-03-09\nW1,A,e1,2026-03-09\n',
      ['3: says the same as row 2; remove one of them'],
    ],
    [
      'overlapping leave',
      'leave',
      '工号,开始,结束,类型\ne1,2026-03-03,2026-03-05,事假\ne1,2026-03-05,2026-03-06,病假\n',
      ['3: overlaps the leave of the same person in row 2; correct one of them'],
    ],
    [
      'a half of a day of rest',
      'leave',
      '工号,日期,时段,类型\ne1,2026-03-07,上午,事假\n',
      [/^2 C2 时段: there is no session in the morning of 2026-03-07/],
    ],
    [
      'a half of a day without halves',
      'leave',
      '工号,日期,时段,类型\ne4,2026-03-03,上午,事假\n',
      [/^2 C2 时段: the session 09:00-17:00 of 2026-03-03 goes over noon/],
    ],
    [
      'a half of several days',
      'leave',
      '工号,开始,结束,时段,类型\ne1,2026-03-03,2026-03-04,上午,事假\n',
      [/^2 D2 时段: "上午" is for a single day/],
    ],
    ['no hours', 'leave', '工号,日期,时段,类型\ne1,2026-03-03,早上,事假\n', [/^2 C2 时段: "早上" is no part of a day/]],
    [
      'a slip of tomorrow',
      'leave',
      '工号,日期,类型,请假条\ne1,2026-03-03,事假,2026-03-07\n',
      [/^2 D2 请假条: 2026-03-07 is yet to come/],
    ],
    [
      'a duty without hours',
      'roster',
      '工号,日期\ne1,2026-03-07\n',
      [/^2 B2 日期: has only the date 2026-03-07; write from when to when/],
    ],
    [
      'a window nobody knows',
      'roster',
      '窗口,工号,日期\n出人境,e1,2026-03-03\n',
      [/^2 A2 窗口: .* no window 出人境; did you mean 出入境\?/],
    ],
    ['no role', 'roster', '窗口,岗位,工号,开始\nW1,C,e1,2026-03-09\n', ['2 B2 岗位: "C" is no role; write A or B']],
    [
      'no kind of arrangement',
      'roster',
      '类型,窗口,工号,日期\n轮休,W1,e1,2026-03-03\n',
      [/^2 A2 类型: "轮休" is no kind of arrangement/],
    ],
    [
      'ids and names that do not agree',
      'roster',
      '窗口,岗位,工号,姓名,开始\nW1,B,e1、e2,徐敏、李岚、张伟,2026-03-09\n',
      [/^2 C2 工号: 2 ids, but 3 names/],
    ],
    [
      'a clock nobody knows',
      'punches',
      '卡号,设备,时间\n1001,clock-3,2026-03-02 08:55\n',
      [/^2 B2 设备: .* no clock clock-3; did you mean clock-[12]\?/],
    ],
    [
      'a punch of tomorrow',
      'punches',
      '卡号,时间\n1001,2026-03-07 08:55\n',
      ['2 B2 时间: 2026-03-07 08:55 is yet to come; check the date'],
    ],
    ['a punch without its time', 'punches', '卡号,时间\n1001,2026-03-02\n', [/^2 B2 时间: "2026-03-02" lacks/]],
    [
      'a shortened number',
      'punches',
      '卡号,时间\n1.23457E+11,2026-03-02 08:55\n',
      [/^2 A2 卡号: .*Excel has shortened/],
    ],
    [
      'a number of two people',
      'people',
      '工号,卡号,开始\ne1,77,2026-03-02\ne2,77,2026-03-03\n',
      [/^3 B3 卡号: row 2 gives the same number to e1 at the same time/],
    ],
    [
      'an enrolment that ends first',
      'people',
      '工号,卡号,开始,结束\ne1,77,2026-03-02,2026-03-01\n',
      ['2 D2 结束: the end is not after the start; correct the dates'],
    ],
    [
      'an enrolment without a start',
      'people',
      '工号,卡号,开始\ne1,77,\n',
      [/^2 C2 开始: there is no start; write the first date/],
    ],
    [
      'a date of long ago',
      'leave',
      '工号,日期,类型\ne1,2006-03-03,事假\n',
      [/^2: begins more than three years ago; check the year/],
    ],
    [
      'no names of columns',
      'leave',
      '徐敏,三月三日\n',
      [/^1: no names of columns in the first 10 rows; there must be at least: employee, kind, from$/],
    ],
    ['a column that is missing', 'leave', '姓名,日期\n徐敏,2026-03-03\n', ['1: there is no column "kind"']],
    [
      'a column twice',
      'leave',
      '姓名,名字,日期,类型\n徐敏,徐敏,2026-03-03,事假\n',
      ['1 B1 名字: is the same column as A1; remove one of them'],
    ],
  ];

  test.each(BAD)('with %s', async (_, kind, text, expected) => {
    const { problems } = await check(kind, text);
    const told = problems.map(({ line, cell, column, problem }) => {
      return `${line}${cell === null ? '' : ` ${cell} ${column}`}: ${problem}`;
    });
    expect(told).toHaveLength(expected.length);
    for (const [i, one] of expected.entries()) {
      if (typeof one === 'string') expect(told[i]).toBe(one);
      else expect(told[i]).toMatch(one);
    }
    // In Chinese the same is said of the same cells.
    const chinese = await check(kind, text, { lang: 'zh' });
    expect(chinese.problems.map(({ line, cell }) => [line, cell])).toEqual(
      problems.map(({ line, cell }) => [line, cell]),
    );
    for (const { problem } of chinese.problems) expect(problem).toMatch(/[一-鿿]/);
  });

  test('that are good are told apart from bad ones', async () => {
    const checked = await check(
      'leave',
      '工号,日期,类型\ne1,2026-03-03,事假\ne9,2026-03-03,事假\ne2,2026-03-03,事假\n',
    );
    expect(checked).toMatchObject({ rows: 3, known: 0, problems: [{ line: 3, cell: 'A3', column: '工号' }] });
    expect(shown(checked)).toHaveLength(2);
  });

  test.each<readonly [string, TableKind, string, RegExp]>([
    [
      'columns that are not used',
      'leave',
      '工号,日期,类型,请假单,备注\ne1,2026-03-03,事假,有,x\n',
      /^columns not used: 请假单 \(D1, did you mean "请假条"\?\), 备注 \(E1\)$/,
    ],
    [
      'two windows at once',
      'roster',
      '窗口,工号,日期\nW1,e3,2026-03-03\nW2,e3,2026-03-03\n',
      /^somebody is to cover two windows at once.* \(1 row: 3\)$/,
    ],
    ['a number that is nobody’s', 'punches', '卡号,时间\n9,2026-03-02 08:55\n', /nobody’s yet.* \(1 row: 2\)$/],
    [
      'a touch twice',
      'punches',
      '卡号,时间\n1001,2026-03-02 08:55\n1001,2026-03-02 08:55\n',
      /^the same punch again, counted once \(1 row: 3\)$/,
    ],
    [
      'a number that was somebody else’s',
      'people',
      '工号,卡号,开始\ne2,1001,2026-03-02\n',
      /^the configuration gives the number to somebody else/,
    ],
  ])('note %s', async (_, kind, text, note) => {
    const { problems, notes } = await check(kind, text);
    expect(problems).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(note)]);
  });

  test('of a clock that the table does not name', async () => {
    const checked = await check('punches', '卡号,时间\n4,2026-03-02 08:55\n', { clock: 'clock-2' });
    expect(checked).toMatchObject({ notes: [], fresh: [{ device: 'clock-2' }] });
    expect((await check('punches', '卡号,时间\n4,2026-03-02 08:55\n', { clock: 'c' })).problems).toHaveLength(1);
  });
});

describe('what the ledger knows', () => {
  const hallAt = (): CoreHall => new CoreHall({ yaml: HALL, startsAt: on('2026-03-06 18:00:00') });
  const knowledgeOf = ({ core }: CoreHall): Knowledge =>
    new Knowledge({ database: core.ledger.database, hall: core.hall, countSimulated: false });
  const imported = async (of: CoreHall, kind: TableKind, text: string): Promise<CheckedTable> => {
    const checked = await check(kind, text, { knowledge: knowledgeOf(of) });
    await of.core.live.record(checked.fresh, { by: null, via: 'import', claimedAt: null });
    return checked;
  };

  test.each(GOOD)('is added once: %s', async (_, kind, text, facts) => {
    using of = hallAt();
    expect((await imported(of, kind, text)).fresh).toHaveLength(facts.length);
    const again = await imported(of, kind, text);
    expect(again).toMatchObject({ known: facts.length, problems: [] });
    expect(again.fresh).toEqual([]);
  });

  test('is known whatever door a punch came through', async () => {
    using of = hallAt();
    const byCredential = { device: 'clock-1', credential: '1001', deviceAt: on('08:55:10'), seq: 7, method: 'finger' };
    const { employee: _, ...punch } = punchOf('p1', 'e1', '08:55:10', byCredential);
    await of.record(punch);
    const checked = await check(
      'punches',
      '工号,卡号,设备,时间\n,1001,clock-1,2026-03-02 08:55:10\ne1,,clock-1,2026-03-02 08:55:10\n,1001,clock-2,2026-03-02 08:55:10\n',
      { knowledge: knowledgeOf(of) },
    );
    expect(checked).toMatchObject({ known: 2, fresh: [{ device: 'clock-2' }], problems: [] });
  });

  test('is not to be overlapped by other leave', async () => {
    using of = hallAt();
    await of.record({
      fact: 'leave',
      id: 'l1',
      employee: 'e1',
      kind: '病假',
      from: on('2026-03-03 00:00:00'),
      to: on('2026-03-04 00:00:00'),
    });
    const { problems, known } = await check(
      'leave',
      '工号,开始,结束,类型\ne1,2026-03-03,2026-03-03,病假\ne1,2026-03-02,2026-03-02,事假\ne1,2026-03-03 09:00,2026-03-03 12:00,病假\n',
      {
        knowledge: knowledgeOf(of),
      },
    );
    expect(known).toBe(1);
    expect(problems).toEqual([
      {
        line: 4,
        cell: null,
        column: null,
        problem: 'overlaps the leave of the same person in row 2; correct one of them',
      },
    ]);
    const other = await check('leave', '工号,日期,类型\ne1,2026-03-03,事假\n', { knowledge: knowledgeOf(of) });
    expect(other.problems[0]?.problem).toMatch(/^overlaps leave that is known: 病假 .* \(l1\); to change it, cancel/);
  });

  test('gets the slip that comes later, once', async () => {
    using of = hallAt();
    await imported(of, 'leave', '工号,日期,类型,请假条\ne1,2026-03-03,事假,无\n');
    const later = await imported(of, 'leave', '工号,日期,类型,请假条\ne1,2026-03-03,事假,有\n');
    expect(later).toMatchObject({ known: 1, fresh: [{ fact: 'slip', at: NOW }], problems: [] });
    const again = await imported(of, 'leave', '工号,日期,类型,请假条\ne1,2026-03-03,事假,有\n');
    expect(again).toMatchObject({ fresh: [], problems: [] });
  });

  test('stays cancelled, and that is said', async () => {
    using of = hallAt();
    const text = '工号,日期,类型\ne1,2026-03-03,事假\n';
    const [leave] = (await imported(of, 'leave', text)).fresh;
    await of.record({ fact: 'cancel', id: 'q1', at: on('2026-03-06 17:00:00'), target: leave?.id });
    expect(await imported(of, 'leave', text)).toMatchObject({
      fresh: [],
      known: 1,
      notes: ['imported before and cancelled since: stays cancelled (1 row: 2)'],
    });
  });

  test('counts for halves: a day of rest, and a duty of that day', async () => {
    using of = hallAt();
    await of.record(
      { fact: 'day', id: 'd1', date: '2026-03-07', kind: 'work' },
      { fact: 'day', id: 'd2', date: '2026-03-03', kind: 'rest' },
    );
    await of.record({
      fact: 'duty',
      id: 'y1',
      employee: 'e1',
      from: on('2026-03-03 08:00:00'),
      to: on('2026-03-03 11:00:00'),
    });
    const text = '工号,日期,时段,类型\ne1,2026-03-03,上午,事假\ne2,2026-03-03,上午,事假\n';
    const checked = await check('leave', text, { knowledge: knowledgeOf(of) });
    expect(shown(checked)).toEqual(['leave employee=e1 kind=事假 from=03-03T08:00:00 to=03-03T11:00:00']);
    expect(checked.problems).toMatchObject([{ line: 3, cell: 'C3' }]);
  });
});

test('a month of punches accuses nobody on its way in', async () => {
  using of = new CoreHall({ yaml: HALL, startsAt: on('2026-03-07 08:00:00') });
  const knowledge = new Knowledge({ database: of.core.ledger.database, hall: of.core.hall, countSimulated: false });
  const [first, last] = ['2026-02-02', '2026-03-06'].map((date) => dayOfDate(date) ?? 0) as [number, number];
  // Person after person, as attendance programs export.
  const lines = ['工号,日期,时间'];
  for (const person of ['e1', 'e2', 'e3']) {
    for (let day = first; day <= last; day++) {
      lines.push(`${person},${dateOf(day)},08:50 08:51 12:05 12:06 13:50 13:51 17:05 17:06`);
    }
  }
  const { fresh, problems } = await check('punches', `${lines.join('\n')}\n`, { knowledge });
  expect({ problems, count: fresh.length }).toEqual({ problems: [], count: (last - first + 1) * 24 });
  expect(await takeIn(of.core, { count: fresh.length, facts: fresh })).toBe(fresh.length);
  expect(of.history().filter((line) => line.includes('retract') || / e[123]/.test(line))).toEqual([]);
  expect(of.history().some((line) => line.includes('absent e4'))).toBe(true);
  // What comes next is judged at once again.
  await of.record({ fact: 'cancel', id: 'q1', at: on('2026-03-07 08:00:00'), target: fresh.at(0)?.id });
  expect(of.core.facts.heldBack()).toBeNull();
});
