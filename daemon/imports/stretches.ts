/** From when to when: what the cells of a row say together, in the hall's time. */
import type { Span } from '../../rules/intervals.ts';
import { DAY_LENGTH, type Day, dateOf, formatInstant, HOUR, instantOf, type Ms, type Zone } from '../../rules/time.ts';
import type { ColumnId } from './columns.ts';
import { type Half, parseHalf, parseMoment, type Said } from './moments.ts';
import type { Row } from './row.ts';

export interface StretchOptions {
  readonly zone: Zone;
  /** The sessions that half days are halves of; null where it is not known whose, and that was said. */
  readonly sessionsOn: ((day: Day) => readonly Span[]) | null;
  /** Whether dates alone will do: their whole days. */
  readonly wholeDays: boolean;
  /** Whether the end may be left out: until further notice. */
  readonly openEnd: boolean;
}

/** One end of a stretch: a date, and what is said of the time. */
interface End {
  readonly column: ColumnId;
  readonly day: Day;
  readonly time: Ms | null;
  readonly half: Half | null;
  readonly at: Ms | null;
}

/** `to` null = until further notice. Null where the row does not say it for certain. */
export function readStretch(row: Row, options: StretchOptions): { readonly from: Ms; readonly to: Ms | null } | null {
  const ends = endsOf(row, options);
  if (ends === null) return null;
  const [begin, end] = ends;
  const from = beginOf(row, begin, options);
  const to = end === null ? null : endOf(row, end, options);
  if (from === null || (end !== null && to === null)) return null;
  if (to !== null && to <= from) {
    const [first, last] = [row.text(begin.column), row.text(end?.column ?? begin.column)];
    return row.bad(
      end?.column ?? null,
      `结束“${last}”不晚于开始“${first}”；跨过午夜的请写上结束的日期`,
      `the end, "${last}", is not after the start, "${first}"; where it passes midnight, write the date of the end`,
    );
  }
  return { from, to };
}

/** A time of a row: a date and time in one cell, or the time beside a `date` column. */
export function readMoment(row: Row, column: ColumnId, text: string): Said | null {
  const said = parseMoment(text);
  if (said !== null) return said;
  return row.bad(
    column,
    `“${text}”不是能确定的日期或时间；请写成 2026-03-02 09:00（年在前，年份 2000—2099）`,
    `"${text}" is no date or time that is certain; write it as 2026-03-02 09:00 (year first, 2000 to 2099)`,
  );
}

/** The day of a row's `date` column; undefined where it has none, null where it is wrong. */
export function readDate(row: Row): Day | null | undefined {
  const text = row.text('date');
  if (text === '') return undefined;
  const said = readMoment(row, 'date', text);
  if (said === null) return null;
  if (said.day !== null && said.time === null && said.half === null) return said.day;
  return row.bad('date', `“${text}”不是日期；请写成 2026-03-02`, `"${text}" is no date; write it as 2026-03-02`);
}

function endsOf(row: Row, options: StretchOptions): readonly [End, End | null] | null {
  const date = readDate(row);
  if (date === null) return null;
  const [fromText, toText] = [row.text('from'), row.text('to')];
  const [from, to] = [fromText, toText].map((text, i) => {
    return text === '' || ENDLESS.test(text) ? undefined : readMoment(row, i === 0 ? 'from' : 'to', text);
  });
  if (from === null || to === null) return null;
  const begin = from === undefined ? undefined : endAt('from', from, date);
  const firstDay = begin?.day ?? date;
  if (firstDay === undefined || (begin === undefined && date === undefined)) {
    const column = row.has('from') ? 'from' : 'date';
    return row.bad(column, '没有写日期；请写成 2026-03-02', 'there is no date; write it as 2026-03-02');
  }
  const start: End = begin ?? { column: 'date', day: firstDay, time: null, half: null, at: null };
  if (to !== undefined) {
    // A time alone is of the day on which it begins: a date column, or the date beside the start.
    return withHours(row, [start, endAt('to', to, date ?? firstDay) as End]);
  }
  if (options.openEnd && (date === undefined || ENDLESS.test(toText))) return withHours(row, [start, null]);
  if (row.has('to') && from !== undefined) {
    return row.bad(
      'to',
      '没有写结束；只有一天的请把开始的日期再写一次',
      'there is no end; of a single day repeat the date of the start',
    );
  }
  return withHours(row, [start, { column: start.column, day: start.day, time: null, half: null, at: null }]);
}

/** What stands for an end that is not known yet. */
export const ENDLESS = /^(?:长期|至今|不限|无|ongoing|open|-|—)$/i;

function endAt(column: ColumnId, { day, time, half, at }: Said, otherwise: Day | undefined): End | undefined {
  if (at !== null) return { column, day: otherwise ?? 0, time, half, at };
  const known = day ?? otherwise;
  return known === undefined ? undefined : { column, day: known, time, half, at };
}

/** What the column of hours adds to dates: a half, the whole day, or `09:00-12:00`. */
function withHours(row: Row, [begin, end]: readonly [End, End | null]): readonly [End, End | null] | null {
  const text = row.text('hours');
  if (text === '' || WHOLE.test(text)) return [begin, end];
  const isOneDay =
    end !== null &&
    begin.day === end.day &&
    [begin, end].every((one) => one.time === null && one.half === null && one.at === null);
  if (!isOneDay) {
    return row.bad(
      'hours',
      `“${text}”只能用于一天；几天的请写在开始和结束里，例如 2026-03-03 下午`,
      `"${text}" is for a single day without other times; of several days write it at the start and end, such as 2026-03-03 afternoon`,
    );
  }
  const half = parseHalf(text);
  if (half !== null)
    return [
      { ...begin, column: 'hours', half },
      { ...end, column: 'hours', half },
    ];
  const times = text
    .normalize('NFKC')
    .split(/[-–—~至到]+/)
    .map((one) => parseMoment(one.trim())?.time ?? null);
  const [first, last] = times;
  if (times.length !== 2 || first === null || first === undefined || last === null || last === undefined) {
    return row.bad(
      'hours',
      `“${text}”不是时段；请写 上午、下午、全天 或 09:00-12:00`,
      `"${text}" is no part of a day; write morning, afternoon, whole day or 09:00-12:00`,
    );
  }
  return [
    { ...begin, column: 'hours', time: first },
    { ...end, column: 'hours', time: last },
  ];
}

const WHOLE = /^(?:全天|整天|一天|全日|whole day|all day|full day|day)$/i;

function beginOf(row: Row, end: End, options: StretchOptions): Ms | null {
  if (end.at !== null) return end.at;
  if (end.time !== null) return instantOf(options.zone, end.day, end.time);
  if (end.half !== null) return sessionsOfHalf(row, end, end.half, options)?.from ?? null;
  return options.wholeDays ? instantOf(options.zone, end.day, 0) : noTime(row, end);
}

/** The last date of several is wholly in. */
function endOf(row: Row, end: End, options: StretchOptions): Ms | null {
  if (end.at !== null) return end.at;
  if (end.time !== null) return instantOf(options.zone, end.day, end.time);
  if (end.half !== null) return sessionsOfHalf(row, end, end.half, options)?.to ?? null;
  return options.wholeDays ? instantOf(options.zone, end.day, DAY_LENGTH) : noTime(row, end);
}

function noTime(row: Row, { column, day }: End): null {
  return row.bad(
    column,
    `只有日期 ${dateOf(day)}，没有时间；请写几点到几点，例如时段 09:00-12:00`,
    `has only the date ${dateOf(day)}; write from when to when, such as 09:00-12:00`,
  );
}

const NOON: Ms = 12 * HOUR;
/** A session of the morning ends by then. */
const END_OF_MORNING: Ms = 13 * HOUR;

/** From the first to the last session of that half of the day. */
function sessionsOfHalf(row: Row, { column, day }: End, half: Half, { zone, sessionsOn }: StretchOptions): Span | null {
  if (sessionsOn === null) return null;
  const sessions = sessionsOn(day);
  const [noon, endOfMorning] = [instantOf(zone, day, NOON), instantOf(zone, day, END_OF_MORNING)];
  const across = sessions.find(({ from, to }) => from < noon && to > endOfMorning);
  if (across !== undefined) {
    const [from, to] = [formatInstant(zone, across.from), formatInstant(zone, across.to)].map((at) => at.slice(11, 16));
    return row.bad(
      column,
      `${dateOf(day)} 的班次 ${from}-${to} 跨过中午，分不出上午下午；请写几点到几点`,
      `the session ${from}-${to} of ${dateOf(day)} goes over noon and has no halves; write from when to when`,
    );
  }
  const theirs = sessions.filter(({ from }) => (half === 'morning' ? from < noon : from >= noon));
  const [first, last] = [theirs[0], theirs.at(-1)];
  if (first !== undefined && last !== undefined) return { from: first.from, to: last.to };
  return row.bad(
    column,
    `${dateOf(day)} ${half === 'morning' ? '上午' : '下午'}没有班次；请核对日期，或写几点到几点`,
    `there is no session in the ${half} of ${dateOf(day)}; check the date, or write from when to when`,
  );
}
