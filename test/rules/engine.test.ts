/** The engine by hand: what it says of time, of days that it has not opened, and before anything is known. */
import { expect, test } from 'vitest';
import { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { DAY_LENGTH, type Day, dayOfDate } from '../../rules/time.ts';
import { Drive } from '../support/engine-drive.ts';
import { at, hallWith, instantAt, MONDAY, punch } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

const DAY = dayOfDate(MONDAY) as Day;
const NOTHING_KEPT = { find: () => null, between: () => [], standing: () => [] };
const NOW = instantAt('12:00:00');

const bare = (hall?: Hall): Engine =>
  new Engine({ compile: () => hallWith(), archive: NOTHING_KEPT, ...(hall === undefined ? {} : { hall, from: DAY }) });

test('time that passes is known, also where nothing happens', () => {
  const engine = bare();
  expect(engine.advance(NOW)).toEqual([]);
  expect(engine.now).toBe(NOW);
  engine.advance(NOW - 1);
  expect(engine.now).toBe(NOW);
});

test('before a configuration is known there are no people, no windows and no day to open', () => {
  const engine = bare();
  expect([engine.peopleOn(DAY, NOW), engine.windowsAt(NOW), engine.attendance('e1', NOW)]).toEqual([[], [], null]);
  expect([engine.restore([], NOW, DAY, DAY), engine.nextAt]).toEqual([[], Number.POSITIVE_INFINITY]);
});

test('a hall that has not been judged before begins with its first day', () => {
  const hall = hallWith();
  const engine = bare(hall);
  expect(engine.restore([], NOW, null, DAY)).toEqual([]);
  const resumed = new Engine({ compile: () => hall, hall, archive: NOTHING_KEPT });
  resumed.restore([], NOW - DAY_LENGTH, DAY, DAY);
  const [first] = resumed.advance(NOW);
  expect(first).toMatchObject({ op: 'open', verdict: { rule: 'late', day: DAY } });
});

test('nobody whom it does not know has a day; one who is known has one before it is judged', () => {
  const engine = bare(hallWith());
  expect(engine.attendance('e9', NOW)).toBeNull();
  expect(engine.attendance('e1', NOW)?.sessions.length).toBe(2);
});

test('windows stand in the order of the configuration, whichever are judged together', () => {
  const hall = hallWith({
    employees: ['e1', 'e2', 'e3'].map((id) => ({ id, name: id, schedule: 's' })),
    windows: ['e1', 'e2', 'e1', 'e2', 'e3'].map((a, i) => ({ id: `W${i}`, name: `W${i}`, schedule: 's', a })),
  });
  expect(bare(hall).windowsOn(DAY, NOW)).toHaveLength(5);
  expect(
    bare(hall)
      .windowsOn(DAY, NOW)
      .map(({ window }) => window.id),
  ).toEqual(['W0', 'W1', 'W2', 'W3', 'W4']);
});

const past = (hall: Hall): Drive => {
  const drive = new Drive({ hall, from: DAY, hotDays: 1 });
  const facts = readWorldFacts(hall, [punch('08:50:00')]);
  drive.record(facts, instantAt('08:50:00'));
  drive.advance(instantAt('23:00:00'));
  return drive;
};

test('a day that only a new fact can change is let go of when time passes, and only then', () => {
  const hall = hallWith();
  const drive = past(hall);
  const days = (): Day[] => [...new Set(drive.engine.verdicts().map(({ day }) => day))];
  const later = instantAt('2026-03-09 08:00:00');
  drive.advance(later);
  drive.advance(later + 1);
  expect(days()).not.toContain(DAY);
  const late = (id: string): readonly Fact[] =>
    readWorldFacts(hall, [punch('17:05:00', 'e1', { id, recordedAt: at('2026-03-09 09:00:00') })]);
  drive.record(late('x'), instantAt('2026-03-09 09:00:00'));
  const reads = drive.archive.reads;
  drive.record(late('y'), instantAt('2026-03-09 09:00:00'));
  expect(drive.archive.reads).toBe(reads);
  expect(days()).toContain(DAY);
});

test('what was taken back before it came is no reason for anything', () => {
  const hall = hallWith();
  const drive = new Drive({ hall, from: DAY });
  const instant = instantAt('10:00:00');
  const [cancel, gone, came] = readWorldFacts(hall, [
    { fact: 'cancel', id: 'c', at: at('09:30:00'), target: 'gone' },
    punch('09:10:00', 'e1', { id: 'gone', recordedAt: at('10:00:00') }),
    punch('09:20:00', 'e1', { id: 'came', recordedAt: at('10:00:00') }),
  ]) as [Fact, Fact, Fact];
  drive.record([cancel], instantAt('09:30:00'));
  drive.record([gone, came], instant);
  const causes = drive.changes.filter((change) => change.at === instant).map(({ cause }) => cause);
  expect(causes).not.toEqual([]);
  for (const cause of causes) expect(cause).toEqual({ facts: ['came'] });
});
