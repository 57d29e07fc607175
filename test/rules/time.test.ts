import { describe, expect, test } from 'vitest';
import { zoneTable } from '../../config/zone-table.ts';
import {
  BEGINNING,
  civilDay,
  civilOf,
  DAY_LENGTH,
  dateOf,
  dayOfCivil,
  dayOfDate,
  firstDayOfMonth,
  formatInstant,
  HOUR,
  instantOf,
  lastDayOfMonth,
  MINUTE,
  minutesUp,
  offsetAt,
  parseInstant,
  weekdayOf,
} from '../../rules/time.ts';
import { diceOf } from '../oracle/dice.ts';

const GRAMMAR = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** RFC 3339 read the plain way: by its grammar, and by what the platform makes of the parts. */
function instantByGrammar(text: string): number | null {
  const [, date, time, fraction = '', sign = '+', hours = '00', minutes = '00'] = GRAMMAR.exec(text) ?? [];
  const utc = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(utc) || new Date(utc).toISOString() !== `${date}T${time}.000Z`) return null;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return utc + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset;
}

describe('an instant', () => {
  test.each([
    ['2026-03-02T08:55:10+08:00', Date.UTC(2026, 2, 2, 0, 55, 10)],
    ['2026-03-02T00:55:10Z', Date.UTC(2026, 2, 2, 0, 55, 10)],
    ['2026-03-02t00:55:10z', Date.UTC(2026, 2, 2, 0, 55, 10)],
    ['2026-03-01T19:25:10-05:30', Date.UTC(2026, 2, 2, 0, 55, 10)],
    ['2026-03-02T00:55:10.5Z', Date.UTC(2026, 2, 2, 0, 55, 10, 500)],
    ['2026-03-02T00:55:10.123456789Z', Date.UTC(2026, 2, 2, 0, 55, 10, 123)],
    ['2024-02-29T23:59:59.999+00:00', Date.UTC(2024, 1, 29, 23, 59, 59, 999)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['2026-03-02T00:55:10+23:59', Date.UTC(2026, 2, 1, 0, 56, 10)],
  ])('%s is %i', (text, at) => expect(parseInstant(text)).toBe(at));

  test.each([
    '',
    '2026-03-02',
    '2026-03-02T08:55:10',
    '2026-03-02 08:55:10+08:00',
    '2026-03-02T08:55+08:00',
    '2026-03-02T08:55:10+0800',
    '2026-03-02T08:55:10+08',
    '2026-03-02T8:55:10+08:00',
    '2026-02-29T08:55:10+08:00',
    '2026-02-30T08:55:10+08:00',
    '2024-02-30T08:55:10+08:00',
    '2100-02-29T08:55:10+08:00',
    '2026-03-02T08:55:10.1234567890Z',
    '2026-04-31T08:55:10+08:00',
    '2026-13-01T08:55:10+08:00',
    '2026-00-01T08:55:10+08:00',
    '2026-03-00T08:55:10+08:00',
    '2026-03-02T24:00:00+08:00',
    '2026-03-02T08:60:00+08:00',
    '2026-03-02T08:55:60+08:00',
    '2026-03-02T08:55:10.+08:00',
    '2026-03-02T08:55:10,5+08:00',
    '2026-03-02T08:55:10+24:00',
    '2026-03-02T08:55:10+08:60',
    ' 2026-03-02T08:55:10+08:00',
    '2026-03-02T08:55:10+08:00\n',
    '٢٠٢٦-٠٣-٠٢T08:55:10+08:00',
  ])('%j is none', (text) => expect(parseInstant(text)).toBeNull());

  test.each(['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC'])(
    'is written in the offset of %s and read again',
    (id) => {
      const zone = zoneTable(id);
      const dice = diceOf(1);
      for (let i = 0; i < 2000; i++) {
        const at = dice.between(Date.UTC(1971, 0, 1), Date.UTC(2099, 11, 30));
        const text = formatInstant(zone, at);
        expect(parseInstant(text)).toBe(at);
        expect(text.includes('.')).toBe(at % 1000 !== 0);
      }
    },
  );

  test('is what the grammar says, whatever is wrong with it', () => {
    const dice = diceOf(7);
    const good = [
      '2026-03-02T08:55:10+08:00',
      '2024-02-29T23:59:59.999Z',
      '2026-12-31t00:00:00.5-05:30',
      '0000-01-01T00:00:00z',
    ];
    const letters = '0123456789+-:.TtZz ,\u0663';
    let [read, refused] = [0, 0];
    for (let i = 0; i < 50_000; i++) {
      let text = good[i % good.length] as string;
      for (let changes = dice.between(0, 2); changes > 0; changes--) {
        const place = dice.between(0, text.length);
        const letter = letters[dice.between(0, letters.length - 1)];
        text = `${text.slice(0, place)}${dice.chance(0.8) ? letter : ''}${text.slice(place + dice.between(0, 1))}`;
      }
      const expected = instantByGrammar(text);
      expect(parseInstant(text), text).toBe(expected);
      if (expected === null) refused++;
      else read++;
    }
    expect(Math.min(read, refused)).toBeGreaterThan(10_000);
  });

  test('shows milliseconds only where they are not zero', () => {
    const shanghai = zoneTable('Asia/Shanghai');
    const at = Date.UTC(2026, 2, 2, 0, 55, 10);
    expect(formatInstant(shanghai, at)).toBe('2026-03-02T08:55:10+08:00');
    expect(formatInstant(shanghai, at + 40)).toBe('2026-03-02T08:55:10.040+08:00');
    expect(formatInstant(zoneTable('America/New_York'), at)).toBe('2026-03-01T19:55:10-05:00');
    expect(formatInstant(zoneTable('UTC'), -1)).toBe('1969-12-31T23:59:59.999+00:00');
    const sundial = { id: 'Sundial', starts: [BEGINNING], offsets: [8 * HOUR + 5 * MINUTE + 43_000] };
    expect(formatInstant(sundial, at)).toBe('2026-03-02T09:00:53+08:05');
  });
});

describe('a local time', () => {
  const at = (zone: string, date: string, hour: number, minute = 0) =>
    formatInstant(zoneTable(zone), instantOf(zoneTable(zone), dayOfDate(date) ?? 0, hour * HOUR + minute * MINUTE));

  test.each([
    // New York springs forward at 02:00 on 8 March 2026 and falls back at 02:00 on 1 November.
    ['America/New_York', '2026-03-08', 1, 59, '2026-03-08T01:59:00-05:00'],
    ['America/New_York', '2026-03-08', 2, 0, '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-03-08', 2, 30, '2026-03-08T03:30:00-04:00'],
    ['America/New_York', '2026-03-08', 3, 0, '2026-03-08T03:00:00-04:00'],
    ['America/New_York', '2026-11-01', 0, 59, '2026-11-01T00:59:00-04:00'],
    ['America/New_York', '2026-11-01', 1, 0, '2026-11-01T01:00:00-04:00'],
    ['America/New_York', '2026-11-01', 1, 59, '2026-11-01T01:59:00-04:00'],
    ['America/New_York', '2026-11-01', 2, 0, '2026-11-01T02:00:00-05:00'],
    // Lord Howe shifts by half an hour.
    ['Australia/Lord_Howe', '2026-10-04', 2, 10, '2026-10-04T02:40:00+11:00'],
    ['Australia/Lord_Howe', '2026-04-05', 1, 45, '2026-04-05T01:45:00+11:00'],
    // Apia left out a whole day, 30 December 2011.
    ['Pacific/Apia', '2011-12-30', 9, 0, '2011-12-31T09:00:00+14:00'],
    ['Pacific/Apia', '2011-12-29', 23, 59, '2011-12-29T23:59:00-10:00'],
    ['Asia/Shanghai', '2026-03-02', 0, 0, '2026-03-02T00:00:00+08:00'],
  ])('%s %s %i:%i is %s', (zone, date, hour, minute, text) => expect(at(zone, date, hour, minute)).toBe(text));

  test('that exists once is found again, whatever the zone', () => {
    for (const id of ['America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia']) {
      const zone = zoneTable(id);
      const dice = diceOf(2);
      for (let i = 0; i < 3000; i++) {
        const instant = dice.between(Date.UTC(1975, 0, 1), Date.UTC(2090, 0, 1));
        const local = instant + offsetAt(zone, instant);
        const day = Math.floor(local / DAY_LENGTH);
        const found = instantOf(zone, day, local - day * DAY_LENGTH);
        // Where it exists twice, the earlier one is meant.
        expect(found + offsetAt(zone, found)).toBe(local);
        expect(found).toBeLessThanOrEqual(instant);
        expect(civilDay(zone, found)).toBe(day);
      }
    }
  });
});

describe('a civil date', () => {
  test('is the one that Date knows, from 1900 to 2100', () => {
    const first = dayOfCivil(1900, 1, 1);
    for (let day = first; day <= dayOfCivil(2100, 12, 31); day++) {
      const date = new Date(day * DAY_LENGTH);
      const civil = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()] as const;
      if (dayOfCivil(...civil) !== day) throw new Error(`${civil} is not day ${day}`);
      if (civilOf(day).join() !== civil.join()) throw new Error(`day ${day} is not ${civil}`);
      if (dateOf(day) !== date.toISOString().slice(0, 10)) throw new Error(`day ${day} is written ${dateOf(day)}`);
      if (dayOfDate(dateOf(day)) !== day) throw new Error(`${dateOf(day)} is not read again`);
      if (weekdayOf(day) !== (date.getUTCDay() || 7)) throw new Error(`day ${day} is weekday ${weekdayOf(day)}`);
    }
    expect(dayOfCivil(1970, 1, 1)).toBe(0);
  });

  test.each([
    ['2026-01-01', '2026-01-01', '2026-01-31'],
    ['2026-02-28', '2026-02-01', '2026-02-28'],
    ['2024-02-10', '2024-02-01', '2024-02-29'],
    ['2026-11-30', '2026-11-01', '2026-11-30'],
    ['2026-12-31', '2026-12-01', '2026-12-31'],
  ])('%s is of the month from %s to %s', (date, first, last) => {
    const day = dayOfDate(date) ?? 0;
    expect([firstDayOfMonth(day), lastDayOfMonth(day)].map(dateOf)).toEqual([first, last]);
  });

  test.each(['2026-02-29', '2026-2-3', '2026-13-01', '2026-00-10', '26-01-01', '2026-01-01Z', ''])(
    '%j is none',
    (text) => expect(dayOfDate(text)).toBeNull(),
  );
});

test.each([
  [0, 0],
  [1, 1],
  [MINUTE, 1],
  [MINUTE + 1, 2],
  [7.5 * MINUTE, 8],
])('%i ms are %i minutes', (length, minutes) => expect(minutesUp(length)).toBe(minutes));
