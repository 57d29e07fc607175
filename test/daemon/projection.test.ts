/** The points of a hall in this process: what follows from late, unknown and re-planned punches. */
import { describe, expect, test } from 'vitest';
import { CoreHall } from '../support/core-hall.ts';

const YAML = `
hall: { id: h1, name: H, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { s: { weekly: { mon: ["09:00-12:00"] } } }
employees:
  - { id: e1, name: E, schedule: s, credentials: ["1001"] }
  - { id: e2, name: F, schedule: s }
windows: []
clocks: [{ id: clock-1 }]
`;

const on = (time: string): string => `2026-03-02T${time}+08:00`;
const openHall = (): CoreHall => new CoreHall({ yaml: YAML, startsAt: on('08:00:00') });

function points(hall: CoreHall, measurement: string): object[] {
  return hall.core.series
    .read(0, 1000)
    .filter(({ point }) => point.measurement === measurement)
    .map(({ point: { tags, fields, at } }) => ({ ...tags, ...fields, at: hall.text(at).slice(11, 19) }));
}

const punch = (id: string, time: string, who: object): Record<string, unknown> => ({
  fact: 'punch',
  id,
  at: on(time),
  device: 'clock-1',
  ...who,
});

test('an earlier punch that comes later takes the lateness from the one that was the arrival', async () => {
  using hall = openHall();
  hall.pass(on('09:10:00'));
  await hall.record(punch('p2', '09:03:00', { employee: 'e1' }));
  expect(points(hall, 'punch')).toMatchObject([{ at: '09:03:00', employee: 'e1', late_seconds: 180, rev: 0 }]);
  await hall.record(punch('p1', '08:57:00', { employee: 'e1' }));
  expect(points(hall, 'punch')).toMatchObject([
    { at: '08:57:00', late_seconds: 0, rev: 0 },
    { at: '09:03:00', late_seconds: 0, rev: 1 },
  ]);
});

test('a punch of a moment after that as of which its backlog is known is as late as it is', async () => {
  using hall = openHall();
  hall.pass(on('09:01:00'));
  await hall.record(punch('p1', '09:02:00', { employee: 'e1' }));
  hall.pass(on('09:10:00'));
  expect(points(hall, 'punch')).toMatchObject([{ at: '09:02:00', employee: 'e1', late_seconds: 120 }]);
});

test('a credential that is mapped later gives its punches a person', async () => {
  using hall = openHall();
  hall.pass(on('09:10:00'));
  await hall.record(punch('p1', '09:02:00', { credential: '9' }));
  expect(points(hall, 'punch')[0]).not.toHaveProperty('employee', 'e2');
  const mapping = { fact: 'credential', id: 'm1', employee: 'e2', credential: '9', from: on('00:00:00'), to: null };
  await hall.record(mapping);
  hall.pass(on('09:10:01'));
  expect(points(hall, 'punch')).toContainEqual(expect.objectContaining({ employee: 'e2', late_seconds: 120 }));
});

describe('a number that was somebody else’s', () => {
  const mapping = { fact: 'credential', id: 'm1', employee: 'e2', credential: '1001', from: on('00:00:00'), to: null };
  /** `09:02:00 e1 120`: whose punch of which time is how late. */
  const lateness = (hall: CoreHall): string[] =>
    (points(hall, 'punch') as { at: string; employee: string; late_seconds: number }[])
      .map(({ at, employee, late_seconds }) => `${at} ${employee} ${late_seconds}`)
      .sort();

  test('leaves its former owner without the lateness, and with that of a later punch; and back, when it is taken back', async () => {
    using hall = openHall();
    hall.pass(on('09:10:00'));
    await hall.record(punch('p1', '09:02:00', { credential: '1001' }), punch('p2', '09:04:00', { employee: 'e1' }));
    const before = ['09:02:00 e1 120', '09:04:00 e1 0'];
    expect(lateness(hall)).toEqual(before);
    await hall.record(mapping);
    hall.pass(on('09:10:01'));
    expect(lateness(hall)).toEqual(['09:02:00 e1 0', '09:02:00 e2 120', '09:04:00 e1 240']);
    await hall.record({ fact: 'cancel', id: 'q1', at: on('09:10:00'), target: 'm1' });
    hall.pass(on('09:10:02'));
    expect(lateness(hall)).toEqual(['09:02:00 e1 120', '09:02:00 e2 0', '09:04:00 e1 0']);
    expect(points(hall, 'punch')).toContainEqual(
      expect.objectContaining({ employee: 'e1', late_seconds: 120, rev: 2 }),
    );
  });

  test('takes nothing from whoever touched the same clock at the same time', async () => {
    using hall = openHall();
    hall.pass(on('09:10:00'));
    const [known, unknown] = [
      punch('p1', '09:02:00', { employee: 'e1' }),
      punch('p2', '09:02:00', { credential: '9' }),
    ];
    await hall.record(known, unknown);
    await hall.record({ ...mapping, credential: '9' });
    hall.pass(on('09:10:01'));
    expect(lateness(hall)).toEqual(['09:02:00  0', '09:02:00 e1 120', '09:02:00 e2 120']);
  });

  test('is followed up after the commit, piece by piece, also by the next process', async () => {
    using hall = openHall();
    const late = ['02-09', '02-16', '02-23', '03-02'].map((date) => on('09:02:00').replace('03-02', date));
    hall.pass(on('09:10:00'));
    await hall.record(...late.map((at, i) => ({ ...punch(`p${i}`, '09:02:00', { credential: '1001' }), at })));
    await hall.record({ ...mapping, from: '2026-01-01T00:00:00+08:00' });
    expect(new Set(lateness(hall))).toEqual(new Set(['09:02:00 e1 120']));
    hall.core.live.wake();
    expect(lateness(hall)).toContain('09:02:00 e2 120');
    hall.restart();
    hall.pass(on('09:10:01'));
    const [mine, theirs] = [Array(4).fill('09:02:00 e2 120'), Array(4).fill('09:02:00 e1 0')];
    expect(lateness(hall)).toEqual([...theirs, ...mine]);
  });
});

test('a punch that is taken back leaves no lateness, and its day another arrival', async () => {
  using hall = openHall();
  hall.pass(on('09:10:00'));
  await hall.record(punch('p1', '09:02:00', { employee: 'e1' }), punch('p2', '09:04:00', { employee: 'e1' }));
  await hall.record({ fact: 'cancel', id: 'q1', at: on('09:10:00'), target: 'p1' });
  expect(points(hall, 'punch')).toMatchObject([
    { at: '09:02:00', late_seconds: 0, rev: 1 },
    { at: '09:04:00', late_seconds: 240, rev: 1 },
  ]);
});

test('where an assignment says that somebody else held the window, the point of the former one is void', async () => {
  const yaml = YAML.replace('windows: []', 'windows: [{ id: W1, name: W, schedule: s, a: e1, b: [e2] }]');
  using hall = new CoreHall({ yaml, startsAt: on('08:00:00') });
  hall.online();
  hall.pass(on('08:50:00'));
  const seen = (id: string, time: string, state: string) => ({
    fact: 'presence',
    id,
    at: on(time),
    window: 'W1',
    state,
  });
  await hall.record(punch('p1', '08:50:00', { employee: 'e1' }), punch('p2', '08:50:00', { employee: 'e2' }));
  await hall.record(seen('v1', '08:50:00', 'occupied'));
  hall.pass(on('10:00:00'));
  await hall.record(seen('v2', '10:00:00', 'empty'));
  hall.pass(on('10:20:00'));
  const assigned = { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e2'] };
  await hall.record({ ...assigned, from: on('09:00:00'), to: null });
  const left = (points(hall, 'violation') as { rule: string }[]).filter(({ rule }) => rule === 'left-post');
  expect(left).toMatchObject([
    { at: '10:00:00', employee: 'e2', state_code: 2, void: 0, rev: 0 },
    { at: '10:00:00', employee: 'e1', void: 1, rev: 1 },
  ]);
});

test('where a leave moves the start of a verdict, the point at its former start is void', async () => {
  using hall = openHall();
  hall.online();
  hall.pass(on('09:30:00'));
  await hall.record(punch('p1', '09:25:00', { employee: 'e1' }));
  await hall.record({
    fact: 'leave',
    id: 'l1',
    employee: 'e1',
    kind: '事假',
    from: on('09:00:00'),
    to: on('09:10:00'),
  });
  const late = points(hall, 'violation').filter((point) => 'employee' in point && point.employee === 'e1');
  expect(late).toContainEqual(expect.objectContaining({ rule: 'late', at: '09:00:00', void: 1 }));
  expect(late).toContainEqual(expect.objectContaining({ rule: 'late', at: '09:10:00', void: 0 }));
});

test('a violation says how grave the hall thinks its rule, or else how grave it usually is', async () => {
  using hall = new CoreHall({ yaml: `${YAML}notify: { severities: { late: high } }\n`, startsAt: on('08:00:00') });
  hall.online();
  hall.pass(on('12:30:00'));
  const said = points(hall, 'violation') as { rule: string; severity: number }[];
  expect(new Set(said.map(({ rule, severity }) => `${rule} ${severity}`))).toEqual(new Set(['late 3', 'absent 3']));
  await hall.record(punch('p1', '11:58:00', { employee: 'e1' }));
  hall.pass(on('15:00:00'));
  expect(points(hall, 'violation')).toContainEqual(expect.objectContaining({ rule: 'missing-punch', severity: 1 }));
});

test('what the daemon is busy with is a point as well: what waits, and how long a transaction took at most', async () => {
  using hall = openHall();
  hall.pass(on('09:10:00'));
  await hall.record(punch('p1', '08:57:00', { employee: 'e1' }));
  expect(points(hall, 'daemon')[0]).toMatchObject({ queue: 0, outbox: 0, rejects: 0, commit_ms: expect.any(Number) });
});

test('what another release judges otherwise at its start is written anew, and so are the figures of its day', async () => {
  using hall = openHall();
  await hall.record(punch('p1', '09:10:00', { employee: 'e1' }));
  await hall.record(punch('p2', '08:55:00', { employee: 'e2' }));
  hall.pass('2026-03-03T12:00:00+08:00');
  const said = [points(hall, 'violation'), points(hall, 'attendance_day')];
  expect(said.map(({ length }) => length > 0)).toEqual([true, true]);

  // As an older release would have left it.
  hall.core.ledger.commit(() => {
    const { database } = hall.core.ledger;
    database.exec(
      `update standing set verdict = replace(verdict, '"closed"', '"pending"') where key like '%late|e1|%'`,
    );
    database.exec(
      `update series set fields = replace(fields, '"state_code":3', '"state_code":1') where tags like '%late%'`,
    );
    database.exec(
      `update series set fields = replace(fields, '"late":1', '"late":7') where measurement = 'attendance_day'`,
    );
  });
  expect(points(hall, 'violation')).toContainEqual(expect.objectContaining({ state_code: 1 }));
  expect(points(hall, 'attendance_day')).toContainEqual(expect.objectContaining({ late: 7 }));
  hall.restart();
  expect(hall.core.differing).toBeGreaterThan(0);
  hall.pass('2026-03-03T12:10:00+08:00');
  const withoutRev = (some: object[]): object[] => some.map((point) => ({ ...point, rev: 0 }));
  expect(withoutRev(points(hall, 'violation'))).toEqual(expect.arrayContaining(withoutRev(said[0] ?? [])));
  expect(withoutRev(points(hall, 'attendance_day'))).toEqual(expect.arrayContaining(withoutRev(said[1] ?? [])));
});
