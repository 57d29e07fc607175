/** Punches of sessions in which one may go as soon as one has come, and when leave changes who is there. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay } from '../../rules/plan.ts';
import { attend, presentSpans } from '../../rules/punches.ts';
import { dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt, lasting, MONDAY, punch, saidAt } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

test('one who comes exactly when a session begins has not left it by that, even where one may go at once', () => {
  const hall = hallWith({ schedules: { s: { weekly: everyDay('09:00-09:05', '14:00-17:00') } } });
  expect(saidAt(hall, [punch('09:00:00')], '12:00:00')).toEqual(['missing-punch out closed e1/1 09:05:00–09:05:00']);
});

test('whoever is there is looked at again when a leave begins', () => {
  const hall = hallWith();
  const book = new Book();
  const leave = lasting('leave', '10:00:00', '11:00:00', { employee: 'e1', kind: '事假' });
  for (const fact of readWorldFacts(hall, [punch('08:55:00'), leave])) book.add(fact);
  const employee = hall.employees.get('e1');
  if (employee === undefined) throw new Error('no e1');
  const now = instantAt('09:30:00');
  const attendance = attend(hallDay(hall, book, dayOfDate(MONDAY) ?? 0), book, employee, new Moment(now));
  const moment = new Moment(now);
  expect(presentSpans(attendance, book, moment)).toEqual([{ from: instantAt('08:55:00'), to: now }]);
  expect(moment.nextAt).toBeLessThanOrEqual(instantAt('10:00:00.001'));
});
