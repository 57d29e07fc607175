/** Dates and times as people write them in tables. Year first: `3/2/2026` is two dates, and is refused. */
import {
  civilOf,
  DAY_LENGTH,
  type Day,
  dayOfCivil,
  HOUR,
  MINUTE,
  type Ms,
  parseInstant,
  SECOND,
} from '../../rules/time.ts';

/** The part of a day by which leave is counted. */
export type Half = 'morning' | 'afternoon';

/** What a cell says of a time; null = it does not say. */
export interface Said {
  readonly day: Day | null;
  /** Since the day's midnight. */
  readonly time: Ms | null;
  readonly half: Half | null;
  /** The instant itself, where the cell says its offset. */
  readonly at: Ms | null;
}

const NOTHING: Said = { day: null, time: null, half: null, at: null };

/** Null where a text is no time that is certain. */
export function parseMoment(text: string): Said | null {
  const bare = text.normalize('NFKC').trim();
  const at = parseInstant(bare.replace(' ', 'T'));
  if (at !== null) return { ...NOTHING, at };
  const [, year = '', month = '', dayOfMonth = '', rest = ''] = DATE.exec(bare) ?? SHORT_DATE.exec(bare) ?? [];
  if (year === '') return serialMoment(bare) ?? timeOf(bare, NOTHING);
  const day = dayOf(Number(year), Number(month), Number(dayOfMonth));
  if (day === null) return null;
  const after = rest.replace(WEEKDAY, ' ').replace(/^T/i, ' ').trim();
  return after === '' ? { ...NOTHING, day } : timeOf(after, { ...NOTHING, day });
}

const DATE = /^(\d{4}) *[-/.年] *(\d{1,2}) *[-/.月] *(\d{1,2})(?!\d) *[日号]?(.*)$/;
const SHORT_DATE = /^(20\d\d)(\d\d)(\d\d)((?: .*)?)$/;
const WEEKDAY = /\(?(?:星期|周)[一二三四五六日天]\)?/;
const TIME = /^(\d{1,2})(?::|时|点)(?:(\d{1,2})(?:(?::(\d{1,2})(?:\.\d+)?)|分(?:(\d{1,2})秒)?)?)?$/;

const HALVES: Readonly<Record<string, Half>> = {
  上午: 'morning',
  am: 'morning',
  'a.m.': 'morning',
  morning: 'morning',
  下午: 'afternoon',
  pm: 'afternoon',
  'p.m.': 'afternoon',
  afternoon: 'afternoon',
};

/** `上午`, `下午`, `AM`, `morning` …; null where a text is none of them. */
export function parseHalf(text: string): Half | null {
  return HALVES[text.normalize('NFKC').trim().toLowerCase()] ?? null;
}

/** A half, a time of day, or a time in a half: `下午`, `14:00`, `下午 2:00`, `2:00 PM`. */
function timeOf(text: string, said: Said): Said | null {
  const half = parseHalf(text);
  if (half !== null) return { ...said, half };
  const [, before = '', bare = '', after = ''] =
    /^(上午|下午|am|pm)? *([\d:时点分秒.]+?) *(am|pm|a\.m\.|p\.m\.)?$/i.exec(text) ?? [];
  const marked = parseHalf(before !== '' ? before : after);
  const [, hours = '', minutes = '0', seconds, secondsOf] = TIME.exec(bare) ?? [];
  if (hours === '' || (marked !== null && Number(hours) > 12 && marked === 'morning')) return null;
  const hour = hourOf(Number(hours), marked);
  const [minute, second] = [Number(minutes), Number(seconds ?? secondsOf ?? '0')];
  const time = hour * HOUR + minute * MINUTE + second * SECOND;
  // 24:00 is how some write the end of a day.
  return minute <= 59 && second <= 59 && time <= DAY_LENGTH ? { ...said, time } : null;
}

function hourOf(hour: number, half: Half | null): number {
  if (half === 'afternoon' && hour < 12) return hour + 12;
  return half === 'morning' && hour === 12 ? 0 : hour;
}

/** The date of a civil calendar, in this century: another year is a mistake in typing. */
function dayOf(year: number, month: number, dayOfMonth: number): Day | null {
  const day = dayOfCivil(year, month, dayOfMonth);
  const [y, m, d] = civilOf(day);
  return y === year && m === month && d === dayOfMonth && year >= 2000 && year <= 2099 ? day : null;
}

/** Days since 1899-12-30, as Excel counts them since its leap day that never was; less than a day is a time of day. */
function serialMoment(text: string): Said | null {
  if (/^0?\.\d+$/.test(text)) return { ...NOTHING, time: secondsOfDay(Number(text)) };
  if (!/^\d{5}(\.\d+)?$/.test(text)) return null;
  const serial = Number(text);
  const day = Math.floor(serial) + SERIAL_ZERO;
  const [year] = civilOf(day);
  if (year < 2000 || year > 2099) return null;
  const time = secondsOfDay(serial - Math.floor(serial));
  return { ...NOTHING, day, time: time === 0 ? null : time };
}

const SERIAL_ZERO: Day = dayOfCivil(1899, 12, 30);

function secondsOfDay(fraction: number): Ms {
  return Math.round((fraction * DAY_LENGTH) / SECOND) * SECOND;
}
