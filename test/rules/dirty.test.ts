/** Why something is judged again: the facts that are the reason, as many as anybody reads. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { type Dirty, mark, markDay, markSubjects } from '../../rules/dirty.ts';
import { OpenedDay } from '../../rules/opened-day.ts';
import { dayOfDate } from '../../rules/time.ts';
import { hallWith, MONDAY } from '../support/hand-hall.ts';

const DAY = new OpenedDay(hallWith(), new Book(), dayOfDate(MONDAY) ?? 0, []);
const JOB = DAY.jobOfEmployee('e1');
const facts = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${i}`);

test('several facts are the reason together, each once, and a deadline adds none', () => {
  const dirty: Dirty = new Map();
  for (const cause of [null, 'a', 'b', null, 'a']) mark(JOB, dirty, cause);
  expect([...(dirty.get(JOB) ?? [])]).toEqual(['a', 'b']);
});

test('a deadline alone is a reason without facts, and none that others share are changed', () => {
  const dirty: Dirty = new Map();
  mark(JOB, dirty, null);
  expect([...(dirty.get(JOB) ?? ['none'])]).toEqual([]);
  mark(JOB, dirty, 'a');
  const other: Dirty = new Map();
  mark(JOB, other, null);
  expect(other.get(JOB)?.size).toBe(0);
});

test('of somebody’s own facts the first hundred are named, of those that touch everybody the first fifty', () => {
  const [own, all]: [Dirty, Dirty] = [new Map(), new Map()];
  for (const cause of facts(102)) mark(JOB, own, cause);
  markDay(DAY, facts(102), all);
  expect([...(own.get(JOB) ?? [])]).toEqual(facts(100));
  expect([...(all.get(JOB) ?? [])]).toEqual(facts(50));
});

test('however many touch everybody, what somebody’s own fact did is named', () => {
  const dirty: Dirty = new Map();
  markDay(DAY, facts(60), dirty);
  const of = { people: ['e1'], windows: [], seats: [], clocks: [] };
  markSubjects(DAY, of, dirty, 'leave');
  for (const cause of facts(60)) markDay(DAY, [cause], dirty);
  expect([...(dirty.get(JOB) ?? [])]).toEqual([...facts(50), 'leave']);
});

test('what a clock is found to have recorded is a reason for those who use it, and for the windows that they may hold', () => {
  const hall = hallWith({
    employees: ['e1', 'e2', 'e3'].map((id) => ({ id, name: id, schedule: 's' })),
    clocks: [
      { id: 'k1', serves: ['e1', 'e2'] },
      { id: 'k2', serves: ['e3'] },
    ],
    windows: ['e1', 'e3'].map((a, i) => ({ id: `W${i + 1}`, name: `W${i + 1}`, schedule: 's', a })),
  });
  const day = new OpenedDay(hall, new Book(), dayOfDate(MONDAY) ?? 0, []);
  const dirty: Dirty = new Map();
  markSubjects(day, { people: [], windows: [], seats: [], clocks: ['k1'] }, dirty, 'proof');
  const marked = [...dirty.keys()].map(({ of }) =>
    'component' in of ? of.component.windows.map(({ id }) => id).join() : 'employee' in of ? of.employee : '',
  );
  expect(marked.sort()).toEqual(['W1', 'e1', 'e2']);
});
