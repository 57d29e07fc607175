/** What a day that is being judged remembers of what was said, and which of its subjects are due. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { ComponentDay } from '../../rules/component-day.ts';
import { Deadlines } from '../../rules/heap.ts';
import { type Job, OpenedDay } from '../../rules/opened-day.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { type Day, dayOfDate } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { hallWith, instantAt, MONDAY, seen } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

const DAY = dayOfDate(MONDAY) as Day;
const HALL = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
const NOW = instantAt('11:00:00');
const SAT = { from: instantAt('09:00:00'), to: instantAt('10:00:00') };

/** Somebody unverified sat at the window from nine to ten; its A has not come. */
function said(): Verdict[] {
  const facts = readWorldFacts(HALL, [seen('09:00:00', 'occupied'), seen('10:00:00', 'empty')]);
  return verdictsAt({ facts, compile: () => HALL, hall: HALL, now: NOW });
}

const opened = (standing: readonly Verdict[] = []): OpenedDay => new OpenedDay(HALL, new Book(), DAY, standing);
const judgedOf = (day: OpenedDay): readonly object[] =>
  day.groups(NOW, (component) => new ComponentDay(day.plan, new Book(), component)).map(({ judged }) => judged);

test('whoever a verdict names is judged, known to the configuration or not', () => {
  const ofPerson = said().filter(({ window }) => window === null);
  const ofWindow = said().filter(({ window }) => window !== null);
  expect([ofPerson.length, ofWindow.length]).toEqual([1, 2]);
  const people = (day: OpenedDay): string[] =>
    day.allJobs().flatMap(({ of }) => ('employee' in of ? [of.employee] : []));
  expect(people(opened(ofPerson.map((verdict) => ({ ...verdict, employee: 'gone' }))))).toEqual(['gone', 'e1']);
  expect(people(opened(ofWindow.map((verdict) => ({ ...verdict, employee: null }))))).toEqual(['e1']);
});

test('what was said of somebody unverified is noted, and tells the owners only when it changes', () => {
  const day = opened(said());
  expect(day.unverifiedAt('W')).toEqual([SAT]);
  expect(day.noteUnverified('W', [{ ...SAT }])).toEqual([]);
  expect(day.noteUnverified('W', [])).toEqual(['e1']);
  expect([day.unverifiedAt('W'), day.unverifiedAt('elsewhere')]).toEqual([[], []]);
});

test('under a new plan nothing is noted, and everything is looked at again', () => {
  const day = opened(said());
  const before = judgedOf(day);
  day.replan(HALL, new Book());
  expect(day.unverifiedAt('W')).toEqual([]);
  expect(day.noteUnverified('W', [])).toEqual(['e1']);
  expect(judgedOf(day)[0]).not.toBe(before[0]);
});

test('windows are told apart by when they were judged', () => {
  const day = opened();
  const [before] = judgedOf(day);
  expect(judgedOf(day)[0]).toBe(before);
  for (const component of day.plan.components) day.noteJudged(component);
  expect(judgedOf(day)[0]).not.toBe(before);
});

test('as much of a day is due as its windows and people have deadlines', () => {
  const day = opened();
  const [component] = day.plan.components;
  if (component === undefined) throw new Error('no window');
  const jobs: Job[] = [day.jobOfComponent(component), day.jobOfEmployee('e1')];
  const deadlines = new Deadlines<Job>();
  expect(day.due).toBe(0);
  for (const job of jobs) deadlines.set(job, 5);
  expect(day.due).toBe(2);
  deadlines.popNext();
  expect(day.due).toBe(0);
});
