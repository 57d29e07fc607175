/** Days on which nobody is assigned or stands in share one plan; others have their own. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { type DayPlan, planDay } from '../../rules/day-plan.ts';
import type { Hall } from '../../rules/hall.ts';
import { type Day, dayOfDate } from '../../rules/time.ts';
import { hallWith, lasting, MONDAY } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

const DAY = dayOfDate(MONDAY) as Day;
const HALL_FILE = {
  employees: ['e1', 'e2', 'e3'].map((id) => ({ id, name: id, schedule: 's' })),
  windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
};

const people = ({ components }: DayPlan): string => components.flatMap((one) => one.people).join();

function bookWith(hall: Hall, ...lines: Readonly<Record<string, unknown>>[]): Book {
  const book = new Book();
  for (const fact of readWorldFacts(hall, lines)) book.add(fact);
  return book;
}

test('plain days share what is planned', () => {
  const [hall, book] = [hallWith(HALL_FILE), new Book()];
  expect(planDay(hall, book, DAY).components).toBe(planDay(hall, book, DAY + 1).components);
  expect(planDay(hall, book, DAY).today).not.toBe(planDay(hall, book, DAY + 1).today);
});

test('who stands in on one day does not on the next', () => {
  const hall = hallWith(HALL_FILE);
  const cover = (date: string, employee: string) =>
    lasting('cover', `${date} 09:00:00`, `${date} 10:00:00`, { window: 'W', employee });
  const book = bookWith(hall, cover('2026-03-02', 'e2'), cover('2026-03-03', 'e3'));
  expect([0, 1, 2].map((after) => people(planDay(hall, book, DAY + after)))).toEqual(['e1,e2', 'e1,e3', 'e1']);
});

test('nor is who is assigned until then still there the day after', () => {
  const hall = hallWith(HALL_FILE);
  const assign = lasting('assign', '2026-03-01 00:00:00', '2026-03-03 00:00:00', {
    window: 'W',
    role: 'A',
    employees: ['e2'],
  });
  const book = bookWith(hall, assign);
  expect([0, 2].map((after) => people(planDay(hall, book, DAY + after)))).toEqual(['e2,e1', 'e1']);
});
