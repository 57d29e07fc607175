/** The points of a hall in this process: what follows from late, unknown and re-planned punches. */
import { expect, test } from 'vitest';
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
  expect(points(hall, 'punch')).toContainEqual(expect.objectContaining({ employee: 'e2', late_seconds: 120 }));
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
