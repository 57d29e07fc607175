/** Periods by the names people give them: `2026-11-03`, `2026-W45`, `2026-11`, `2026-Q4`, `2026`. */
import {
  civilOf,
  type Day,
  dateOf,
  dayOfCivil,
  dayOfDate,
  firstDayOfMonth,
  lastDayOfMonth,
  weekdayOf,
} from '../../rules/time.ts';

export const PERIOD_KINDS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** A stretch of civil dates, both included. */
export interface Period {
  readonly kind: PeriodKind;
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
}

/** How the periods of a kind are written. */
export const PERIOD_EXAMPLES: Readonly<Record<PeriodKind, string>> = {
  day: '2026-11-03',
  week: '2026-W45',
  month: '2026-11',
  quarter: '2026-Q4',
  year: '2026',
};

/** The period of that name; null if there is none. */
export function parsePeriod(kind: PeriodKind, name: string): Period | null {
  const day = firstDayOf(kind, name);
  const period = day === null ? null : periodOf(kind, day);
  // A 53rd week that the year does not have is another one's first.
  return period?.name === name ? period : null;
}

function firstDayOf(kind: PeriodKind, name: string): Day | null {
  const [, year = '', rest = ''] = /^(\d{4})(?:-(.+))?$/.exec(name) ?? [];
  if (year === '') return null;
  switch (kind) {
    case 'day':
      return dayOfDate(name);
    case 'week':
      return /^W\d\d$/.test(rest) ? mondayOfFirstWeek(Number(year)) + 7 * (Number(rest.slice(1)) - 1) : null;
    case 'month':
      return dayOfDate(`${name}-01`);
    case 'quarter':
      return /^Q[1-4]$/.test(rest) ? dayOfCivil(Number(year), 3 * Number(rest.slice(1)) - 2, 1) : null;
    case 'year':
      return rest === '' ? dayOfCivil(Number(year), 1, 1) : null;
  }
}

/** The period of a kind that a date lies in. */
export function periodOf(kind: PeriodKind, day: Day): Period {
  const [year, month] = civilOf(day);
  switch (kind) {
    case 'day':
      return { kind, name: dateOf(day), from: day, to: day };
    case 'week': {
      const monday = day - weekdayOf(day) + 1;
      // ISO 8601: a week belongs to the year that its Thursday is in.
      const [weekYear] = civilOf(monday + 3);
      const number = (monday - mondayOfFirstWeek(weekYear)) / 7 + 1;
      return { kind, name: `${fourDigits(weekYear)}-W${twoDigits(number)}`, from: monday, to: monday + 6 };
    }
    case 'month':
      return {
        kind,
        name: `${fourDigits(year)}-${twoDigits(month)}`,
        from: firstDayOfMonth(day),
        to: lastDayOfMonth(day),
      };
    case 'quarter': {
      const quarter = Math.ceil(month / 3);
      const to = lastDayOfMonth(dayOfCivil(year, 3 * quarter, 1));
      return { kind, name: `${fourDigits(year)}-Q${quarter}`, from: dayOfCivil(year, 3 * quarter - 2, 1), to };
    }
    case 'year':
      return { kind, name: fourDigits(year), from: dayOfCivil(year, 1, 1), to: dayOfCivil(year, 12, 31) };
  }
}

/** ISO 8601: the first week of a year has its 4 January. */
function mondayOfFirstWeek(year: number): Day {
  const fourth = dayOfCivil(year, 1, 4);
  return fourth - weekdayOf(fourth) + 1;
}

const fourDigits = (n: number): string => String(n).padStart(4, '0');
const twoDigits = (n: number): string => String(n).padStart(2, '0');
