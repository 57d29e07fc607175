/** Figures of a day, added up by hand. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { ComponentDay } from '../../rules/component-day.ts';
import { planDay } from '../../rules/day-plan.ts';
import type { Hall } from '../../rules/hall.ts';
import { attendanceDay } from '../../rules/measures.ts';
import { Moment } from '../../rules/moment.ts';
import type { WindowDay } from '../../rules/rule.ts';
import { dayOfDate } from '../../rules/time.ts';
import { windowMinutes } from '../../rules/window-measures.ts';
import { Drive } from '../support/engine-drive.ts';
import { device, hallWith, instantAt, lasting, MONDAY, punch, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

const DAY = dayOfDate(MONDAY) ?? 0;
const MORNING = { schedules: { s: { weekly: everyDay('09:00-12:00') } } };
const people = (...ids: readonly string[]) => ids.map((id) => ({ id, name: id, schedule: 's' }));

function windowAt(hall: Hall, facts: readonly Readonly<Record<string, unknown>>[], time: string): WindowDay {
  const book = new Book();
  for (const fact of readWorldFacts(hall, facts)) book.add(fact);
  const plan = planDay(hall, book, DAY);
  const [day] = plan.components.flatMap((component) =>
    new ComponentDay(plan, book, component).look(new Moment(instantAt(time))),
  );
  if (day === undefined) throw new Error('no window');
  return day;
}

test('minutes of a window: who held it, what was seen, and what came after its last session', () => {
  const hall = hallWith({
    ...MORNING,
    employees: people('e1', 'e2', 'e3'),
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1', b: ['e2'] }],
  });
  const facts = [
    ...['e1', 'e2', 'e3'].map((employee) => punch('08:50:00', employee)),
    lasting('leave', '10:00:00', '12:00:00', { employee: 'e1', kind: '年假' }),
    lasting('leave', '11:00:00', '12:00:00', { employee: 'e2', kind: '年假' }),
    lasting('cover', '11:00:00', '11:30:00', { window: 'W', employee: 'e3' }),
    seen('08:55:00', 'occupied'),
    seen('10:30:00', 'empty'),
    seen('11:00:00', 'unknown'),
    seen('11:30:00', 'occupied'),
    seen('12:20:00', 'empty'),
  ];
  // Of the B's hour, half is an empty seat: nobody is matched to that.
  const whole = { a: 60, b: 30, cover: 30, uncovered: 60, occupied: 120, empty: 30, unknown: 30, extended: 20 };
  expect(windowMinutes(windowAt(hall, facts, '13:00:00'))).toEqual(whole);
  expect(windowMinutes(windowAt(hall, facts, '12:10:00'))).toEqual({ ...whole, extended: 10 });
  const begun = { a: 45, b: 0, cover: 0, uncovered: 0, occupied: 45, empty: 0, unknown: 0, extended: 0 };
  expect(windowMinutes(windowAt(hall, facts, '09:45:00'))).toEqual(begun);
});

test('minutes of a window whose B stands by and cannot take it', () => {
  const hall = hallWith({
    ...MORNING,
    employees: people('e1', 'e2'),
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1', b: ['e2'] }],
  });
  const counted = windowMinutes(windowAt(hall, [], '10:00:00'));
  expect(counted).toEqual({ a: 0, b: 0, cover: 0, uncovered: 60, occupied: 0, empty: 0, unknown: 60, extended: 0 });
});

test.each([
  ['in its last session', '11:00:00'],
  ['all day', '08:00:00'],
])('a window that is paused %s has its extended service from the end of that session on', (_, from) => {
  const hall = hallWith({
    ...MORNING,
    employees: people('e1'),
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
  });
  const facts = [lasting('pause', from, '12:00:00', {}), seen('08:55:00', 'occupied'), seen('12:30:00', 'empty')];
  expect(windowMinutes(windowAt(hall, facts, '13:00:00'))).toMatchObject({ extended: 30 });
});

test('a window that is not in service has no extended service either', () => {
  const hall = hallWith({
    schedules: { s: { weekly: {} } },
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
  });
  const counted = windowMinutes(windowAt(hall, [seen('10:00:00', 'occupied')], '11:00:00'));
  expect(Object.values(counted)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test('people of a department: whoever is in doubt is neither late nor absent nor early', () => {
  const hall = hallWith({
    ...MORNING,
    employees: [...people('e1', 'e2', 'e3', 'e4', 'e5', 'e6'), { id: 'e7', name: 'e7' }],
    clocks: [{ id: 'k1' }, { id: 'k6', serves: ['e6'] }],
  });
  const facts = [
    punch('08:50:00', 'e1'),
    punch('12:05:00', 'e1'),
    punch('09:07:00', 'e2'),
    punch('12:05:00', 'e2'),
    punch('08:50:00', 'e4'),
    punch('11:00:00', 'e4'),
    lasting('leave', '08:00:00', '13:00:00', { employee: 'e5', kind: '年假' }),
    device('08:30:00', 'k6', 'offline'),
  ];
  const drive = new Drive({ hall, from: DAY });
  drive.record(readWorldFacts(hall, facts), instantAt('15:00:00'));
  const counted = attendanceDay(drive.engine.peopleOn(DAY, instantAt('15:00:00')));
  // e3 and e6 did not come, and only of e3 is that certain.
  expect(counted).toEqual({ expected: 5, present: 3, late: 1, absent: 1, early: 1, leave: 1 });
});
