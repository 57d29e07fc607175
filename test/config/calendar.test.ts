import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chineseCalendar } from '../../config/calendars/generate.ts';
import { nationalCalendar } from '../../config/calendars/national.ts';
import { parseConfig } from '../../config/load.ts';
import { dayKind, weekdayInForce } from '../../rules/calendar.ts';
import { type Day, dateOf, dayOfDate, weekdayOf } from '../../rules/time.ts';

const cn = nationalCalendar('CN');
if (cn === null) throw new Error('there is no calendar of CN');
const day = (date: string): Day => dayOfDate(date) as Day;

test('the file is what the installed package gives', () => {
  const file = JSON.parse(readFileSync(new URL('../../config/calendars/cn.json', import.meta.url), 'utf8'));
  expect(file).toEqual(chineseCalendar());
});

/** The State Council's notices: 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号. */
const NOTICES: Readonly<Record<string, { readonly rest: readonly string[]; readonly work: readonly string[] }>> = {
  2024: {
    rest: ['01-01', '02-10..02-17', '04-04..04-06', '05-01..05-05', '06-10', '09-15..09-17', '10-01..10-07'],
    work: ['02-04', '02-18', '04-07', '04-28', '05-11', '09-14', '09-29', '10-12'],
  },
  2025: {
    rest: ['01-01', '01-28..02-04', '04-04..04-06', '05-01..05-05', '05-31..06-02', '10-01..10-08'],
    work: ['01-26', '02-08', '04-27', '09-28', '10-11'],
  },
  2026: {
    rest: [
      '01-01..01-03',
      '02-15..02-23',
      '04-04..04-06',
      '05-01..05-05',
      '06-19..06-21',
      '09-25..09-27',
      '10-01..10-07',
    ],
    work: ['01-04', '02-14', '02-28', '05-09', '09-20', '10-10'],
  },
};

describe.each(Object.entries(NOTICES))('%s', (year, notice) => {
  const expected = new Map<string, string>();
  for (const range of notice.rest) {
    const [from = '', to = from] = range.split('..');
    for (let at = day(`${year}-${from}`); at <= day(`${year}-${to}`); at++) expected.set(dateOf(at), 'rest');
  }
  for (const date of notice.work) expected.set(`${year}-${date}`, 'work');

  test('is as the notice has it', () => {
    const ours = [...cn.days]
      .filter(([at]) => dateOf(at).startsWith(year))
      .map(([at, kind]) => [dateOf(at), kind] as const);
    expect(new Map(ours)).toEqual(expected);
  });
});

test('make-up workdays fall on weekends, and nothing is both', () => {
  for (const [at, kind] of cn.days) if (kind === 'work') expect(weekdayOf(at)).toBeGreaterThan(5);
  const file = chineseCalendar();
  expect(Object.keys(file.rest).filter((date) => date in file.work)).toEqual([]);
});

test('every covered year has its four great holidays, and coverage ends with the last such year', () => {
  const file = chineseCalendar();
  const [first, last] = [Number(file.from.slice(0, 4)), Number(file.until.slice(0, 4))];
  expect(file.until).toBe(`${last}-12-31`);
  expect(last).toBeGreaterThanOrEqual(2026);
  for (let year = first; year <= last; year++) {
    const names = new Set(
      Object.entries(file.rest).flatMap(([date, name]) => (date.startsWith(`${year}`) ? [name] : [])),
    );
    expect([...names]).toEqual(expect.arrayContaining(['元旦', '春节', '劳动节', '国庆节']));
  }
});

test('a hall asks the calendar, its own days, and beyond the coverage nobody', () => {
  const { hall } = parseConfig(
    'hall: { id: h, timezone: Asia/Shanghai }\ncalendar: { makeUpDayUses: fri, days: { "2026-10-06": work, "2026-05-20": rest } }',
    'h.yaml',
    { env: {}, lang: 'zh' },
  );
  const kind = (date: string) => dayKind(hall, day(date), null);
  expect(kind('2026-02-14')).toBe('work');
  expect(kind('2026-02-16')).toBe('rest');
  expect(kind('2026-10-06')).toBe('work');
  expect(kind('2026-10-07')).toBe('rest');
  expect(kind('2026-05-20')).toBe('rest');
  expect(kind('2026-03-02')).toBe('plain');
  expect(kind('2027-01-04')).toBe(chineseCalendar().until < '2027-01-04' ? 'unconfirmed' : 'plain');
  expect(kind('2003-12-31')).toBe('unconfirmed');
  expect(weekdayInForce(hall, day('2026-02-14'), 'work', () => false)).toBe(5);
});

test('a country without data is an error, `none` is no calendar', () => {
  expect(nationalCalendar('none')).toBeNull();
  expect(() => nationalCalendar('XX')).toThrow('XX');
  expect(() => nationalCalendar('constructor')).toThrow('constructor');
});
