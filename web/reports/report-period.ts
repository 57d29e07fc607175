/** Periods by their names (`2026-11-03`, `2026-W45`, `2026-11`, `2026-Q4`, `2026`), and the ones before and after. */
import type { Kind } from './report-data.ts';

const DAY_MS = 86_400_000;

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const two = (value: number): string => String(value).padStart(2, '0');

/** The period of a kind that a date (`2026-11-03`) lies in. */
export function periodAt(kind: Kind, date: string): string {
  const [year = '', month = ''] = date.split('-');
  switch (kind) {
    case 'day':
      return date;
    case 'week':
      return weekAt(Date.parse(`${date}T00:00:00Z`));
    case 'month':
      return `${year}-${month}`;
    case 'quarter':
      return `${year}-Q${Math.ceil(Number(month) / 3)}`;
    case 'year':
      return year;
  }
}

/** ISO 8601: a week belongs to the year that its Thursday is in. */
function weekAt(at: number): string {
  const thursday = mondayOf(at) + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const first = mondayOf(Date.UTC(year, 0, 4));
  return `${year}-W${two(Math.round((mondayOf(at) - first) / (7 * DAY_MS)) + 1)}`;
}

function mondayOf(at: number): number {
  return at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS;
}

/** The first date of a period; null where that is the name of none. */
export function firstDateOf(kind: Kind, period: string): string | null {
  const [, year = '', rest = ''] = /^(\d{4})(?:-(.+))?$/.exec(period) ?? [];
  const at = firstAt(kind, Number(year), rest);
  if (year === '' || Number.isNaN(at)) return null;
  return periodAt(kind, dateOf(at)) === period ? dateOf(at) : null;
}

function firstAt(kind: Kind, year: number, rest: string): number {
  switch (kind) {
    case 'day':
      return Date.parse(`${String(year).padStart(4, '0')}-${rest}T00:00:00Z`);
    case 'week':
      return mondayOf(Date.UTC(year, 0, 4)) + (Number(rest.replace(/^W/, '')) - 1) * 7 * DAY_MS;
    case 'month':
      return Date.UTC(year, Number(rest) - 1, 1);
    case 'quarter':
      return Date.UTC(year, 3 * Number(rest.replace(/^Q/, '')) - 3, 1);
    case 'year':
      return Date.UTC(year, 0, 1);
  }
}

/** The period so many before (−1) or after (1). */
export function periodBeside(kind: Kind, period: string, by: number): string | null {
  const first = firstDateOf(kind, period);
  if (first === null) return null;
  const at = new Date(`${first}T00:00:00Z`);
  if (kind === 'day' || kind === 'week') at.setUTCDate(at.getUTCDate() + by * (kind === 'day' ? 1 : 7));
  else at.setUTCMonth(at.getUTCMonth() + by * { month: 1, quarter: 3, year: 12 }[kind]);
  return periodAt(kind, dateOf(at.getTime()));
}

/** The periods from one date's to another's, newest first; not more than there is room for in a list. */
export function periodsBetween(kind: Kind, from: string, to: string, most: number): string[] {
  const found: string[] = [];
  const last = periodAt(kind, from);
  for (
    let at: string | null = periodAt(kind, to);
    at !== null && found.length < most;
    at = periodBeside(kind, at, -1)
  ) {
    found.push(at);
    if (at <= last) break;
  }
  return found;
}
