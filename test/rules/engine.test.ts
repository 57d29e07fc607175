/** The engine by hand: what it says of time, of days that it has not opened, and before anything is known. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Engine } from '../../rules/engine.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { hallDay } from '../../rules/plan.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { DAY_LENGTH, type Day, dayOfDate } from '../../rules/time.ts';
import { Drive, groupsOf } from '../support/engine-drive.ts';
import { at, device, hallWith, instantAt, lasting, MONDAY, punch, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
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

test('whoever asks for a person’s day finds it, also once it was let go of', () => {
  const drive = past(hallWith());
  const arrival = () => drive.engine.attendance('e1', NOW)?.sessions[0]?.arrival?.at;
  expect(arrival()).toBe(instantAt('08:50:00'));
  drive.advance(instantAt('2026-03-09 08:00:00'));
  drive.advance(instantAt('2026-03-16 08:00:00'));
  drive.advance(instantAt('2026-03-23 08:00:00'));
  expect(arrival()).toBe(instantAt('08:50:00'));
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

test('a deadline is its own reason, and a day of which something became known is told once', () => {
  const hall = hallWith();
  const drive = new Drive({ hall, from: DAY });
  drive.advance(instantAt('09:05:00.001'));
  expect(drive.changes.map(({ cause }) => cause)).toEqual([{ deadline: true }]);
  drive.engine.takeTouched();
  drive.record(readWorldFacts(hall, [punch('09:10:00')]), instantAt('09:10:00'));
  expect([drive.engine.takeTouched(), drive.engine.takeTouched()]).toEqual([[{ from: DAY, to: DAY }], []]);
});

test('where the first day is given, no fact moves it; else the earliest does, and is the reason for what follows of days before', () => {
  const hall = hallWith({ employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })) });
  const archive = NOTHING_KEPT;
  const [given, moved] = [{ from: DAY }, {}].map((more) => new Engine({ compile: () => hall, hall, archive, ...more }));
  const recordedAt = '2026-03-05 20:00:00';
  const late = (id: string, day: string) => punch(`2026-03-0${day} 08:50:00`, 'e1', { id, recordedAt: at(recordedAt) });
  const now = instantAt('2026-03-05 18:00:00');
  const first = readWorldFacts(hall, [punch('2026-03-05 08:50:00')]);
  const then = readWorldFacts(hall, [late('tuesday', '3'), late('sunday', '1'), late('wednesday', '4')]);
  for (const engine of [given, moved]) engine?.record(first, now);
  given?.record(then, instantAt(recordedAt));
  expect(given?.from).toBe(DAY);
  const changes = moved?.record(then, instantAt(recordedAt)) ?? [];
  expect(moved?.from).toBe(DAY - 1);
  const ofTheOther = changes.filter(({ verdict }) => verdict.employee === 'e2');
  expect([...new Set(ofTheOther.map(({ verdict }) => verdict.day))]).toEqual([DAY - 1, DAY, DAY + 1, DAY + 2]);
  for (const { cause } of ofTheOther) expect(cause).toEqual({ facts: ['sunday'] });
});

test('a window that a new configuration no longer knows has no verdicts any more, because of it', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const compile = ({ hash }: ConfigFact): Hall => (hash === 'without' ? hallWith() : hall);
  const engine = new Engine({ compile, archive: NOTHING_KEPT, from: DAY });
  const config = (hash: string, from: string, recordedAt: number): ConfigFact => {
    return { fact: 'config', id: hash, hash, judging: {}, at: recordedAt, recordedAt, effectiveFrom: instantAt(from) };
  };
  engine.record([config('with', '2026-03-01 00:00:00', instantAt('08:00:00'))], instantAt('08:00:00'));
  expect(engine.advance(NOW).some(({ verdict }) => verdict.window === 'W')).toBe(true);
  const without = config('without', '2026-03-02 00:00:00', NOW);
  const changes = engine.record([without], NOW);
  expect(changes.filter(({ verdict }) => verdict.window === 'W')).toMatchObject([
    { op: 'retract', cause: { facts: ['without'] } },
  ]);
});

test.each([
  ['the next day makes a duty over midnight', '2026-03-03'],
  ['the day after the next one makes a duty over two nights', '2026-03-04'],
])('who sat at a window on %s doubtful, and no longer does when that is taken back', (_, end) => {
  const hall = hallWith({
    schedules: {
      s: { weekly: everyDay('09:00-12:00') },
      early: { weekly: everyDay('05:00-08:00') },
    },
    windows: [{ id: 'W', name: 'W', schedule: 'early', a: 'e1' }],
  });
  const lines = [
    punch('08:50:00'),
    punch('12:10:00'),
    lasting('duty', '2026-03-03 02:00:00', `${end} 08:00:00`, { employee: 'e1' }),
    seen(`${end} 05:00:00`, 'occupied', 'W', { id: 'sat' }),
    seen(`${end} 06:30:00`, 'empty'),
    { fact: 'cancel', id: 'taken-back', at: at(`${end} 09:00:00`), target: 'sat' },
  ];
  const facts = readWorldFacts(hall, lines);
  const drive = new Drive({ hall, from: DAY });
  const known: Fact[] = [];
  for (const [instant, group] of groupsOf(facts)) {
    drive.record(group, instant);
    known.push(...group);
    const { now } = drive.engine;
    expect(drive.engine.verdicts()).toEqual(verdictsAt({ facts: known, hall, compile: () => hall, now, from: DAY }));
  }
  const states = drive.changes
    .filter(({ verdict }) => verdict.rule === 'absent' && verdict.employee === 'e1' && verdict.day === DAY)
    .map(({ op, verdict }) => `${op} ${verdict.state}`);
  expect(states).toEqual(['open open', 'revise pending', 'revise pending', 'close closed']);
});

test('whom the file has stays of it before a fact makes them somebody else, also on days that were judged', () => {
  const hall = hallWith({
    departments: ['d1', 'd2'].map((id) => ({ id, name: id })),
    clocks: [{ id: 'k1', serves: ['d1'] }],
    employees: [{ id: 'e1', name: 'E1', department: 'd2', schedule: 's', from: '2026-03-05' }],
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
  });
  const known = { name: 'E1', schedule: 's', department: 'd1', from: at('2026-03-04 00:00:00'), to: null };
  const facts = readWorldFacts(hall, [
    device('08:00:00', 'k1', 'offline'),
    { fact: 'employee', id: 'm1', employee: 'e1', ...known, recordedAt: at('2026-03-03 08:00:00') },
  ]);
  const drive = new Drive({ hall, from: DAY });
  for (const [instant, group] of groupsOf(facts)) drive.record(group, instant);
  const { now } = drive.engine;
  const said = verdictsAt({ facts, hall, compile: () => hall, now, from: DAY });
  expect(drive.engine.verdicts()).toEqual(said);
  expect(said.filter(({ day }) => day === DAY).map(({ rule, state }) => `${rule} ${state}`)).toContain(
    'missing-cover closed',
  );
});

test('whose absence turns doubtful by what was seen at their window learns by which fact', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const drive = new Drive({ hall, from: DAY });
  const instant = instantAt('09:45:00');
  const seat = seen('09:00:00', 'occupied', 'W', { id: 'seat', recordedAt: at('09:45:00') });
  drive.advance(instantAt('09:40:00'));
  drive.record(readWorldFacts(hall, [seat]), instant);
  const told = drive.changes
    .filter((change) => change.at === instant && change.verdict.employee === 'e1')
    .map(({ op, verdict: { rule, because }, cause }) => [op, rule, because, cause]);
  expect(told).toContainEqual(['revise', 'absent', 'seat-occupied', { facts: ['seat'] }]);
});

test('of days that are over it is said once whose were judged, and which windows', () => {
  const names = ['e1', 'e2'];
  const hall = hallWith({
    employees: names.map((id) => ({ id, name: id, schedule: 's' })),
    windows: names.map((a) => ({ id: `W-${a}`, name: a, schedule: 's', a })),
  });
  const drive = new Drive({ hall, from: DAY });
  const judged = () => [...drive.engine.takeJudged()].map(([day, of]) => [day, [...of.windows], [...of.people]]);
  drive.advance(instantAt('23:00:00'));
  expect(judged()).toEqual([]);
  const { to } = hallDay(hall, new Book(), DAY);
  drive.advance(to);
  judged();
  const late = (recordedAt: string) =>
    readWorldFacts(hall, [punch('08:50:00', 'e1', { id: recordedAt, recordedAt: at(recordedAt) })]);
  drive.record(late('2026-03-03 08:00:00'), instantAt('2026-03-03 08:00:00'));
  expect(judged()).toEqual([[DAY, ['W-e1'], ['e1']]]);
  expect(judged()).toEqual([]);
});
