/** Instants of cases as people say them: `11月20日 10:05`, and today's by the time alone. */
import { instant } from '../snapshot.ts';
import { type WallTime, wallTime } from '../wall-time.ts';
import type { CaseStrings } from './case-strings.ts';

export interface CaseTime {
  readonly wall: WallTime;
  /** `10:05` of the hall's date `today`, else with its day; `at` is RFC 3339 in the hall's offset. */
  say(at: string, today: string): string;
  /** `11月20日 星期五` of a civil date. */
  day(date: string): string;
  /** The same with its year, for what is printed and filed. */
  dayOfYear(date: string): string;
}

export function caseTime(locale: string, timezone: string, words: CaseStrings): CaseTime {
  const wall = wallTime(locale, timezone);
  const dayText = (date: string): string => {
    const [, month = '', day = ''] = date.split('-');
    return words.longDay(Number(month), Number(day), new Date(`${date}T00:00:00Z`).getUTCDay());
  };
  return {
    wall,
    say(at, today) {
      const clock = wall.minute(instant(at));
      // Instants come in the hall's offset, so that their date is the hall's.
      const [, month = '', day = ''] = at.slice(0, 10).split('-');
      return at.slice(0, 10) === today ? clock : words.dayAndTime(Number(month), Number(day), clock);
    },
    day: dayText,
    dayOfYear: (date) => words.ofYear(Number(date.slice(0, 4)), dayText(date)),
  };
}

/** Days from one date to a later one. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
