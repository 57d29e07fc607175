/** Points as the ledger makes them, and a way to compare what was sent with what is there. */
import type { Point } from '../../adapters/metrics.ts';

const MONDAY = Date.UTC(2024, 4, 20);
const EMPLOYEES = 200;

/** `count` points of different series and times. */
export function violations(count: number, rev = 1): Point[] {
  return Array.from({ length: count }, (_, index) => ({
    measurement: 'violation',
    tags: { hall: 'hall-1', rule: index % 2 === 0 ? 'late' : 'absent', employee: `e${index % EMPLOYEES}` },
    fields: { minutes: (index % 97) / 2, state_code: 2, rev },
    at: MONDAY + Math.floor(index / EMPLOYEES) * 1000,
  }));
}

/** In an order of its own, and with the keys of tags and fields in one: stores give them back in theirs. */
export function sorted(points: readonly Point[]): Point[] {
  const keyed = points.map((point): readonly [string, Point] => {
    const tags = sortedKeys(point.tags);
    const key = `${point.measurement} ${JSON.stringify(tags)} ${point.at}`;
    return [key, { measurement: point.measurement, tags, fields: sortedKeys(point.fields), at: point.at }];
  });
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, point]) => point);
}

function sortedKeys<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
