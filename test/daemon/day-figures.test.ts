/** The day's figures of a hall with many windows: some with each commit, until all are written. */
import { expect, test } from 'vitest';
import type { Point } from '../../adapters/metrics.ts';
import { DayFigures } from '../../daemon/series/day-figures.ts';
import { MINUTE } from '../../rules/time.ts';
import { CoreHall } from '../support/core-hall.ts';

const WINDOWS = 120;
const DEPARTMENTS = ['d0', 'd1', 'd2'];
/** What one commit looks at, at most: a group that is begun is looked at as a whole. */
const AT_ONCE = 50;

const places = Array.from({ length: WINDOWS }, (_, i) => i);
/** Every other window shares its B with the next. */
const YAML = `
hall: { id: h1, name: H, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { s: { weekly: { mon: ["09:00-12:00"] } } }
departments: [${DEPARTMENTS.map((id) => `{ id: ${id}, name: ${id} }`).join(', ')}]
employees:
${places.map((i) => `  - { id: e${i}, name: E, schedule: s, department: d${i % 3} }`).join('\n')}
windows:
${places.map((i) => `  - { id: w${i}, name: W, schedule: s, department: d${i % 3}, a: [e${i}], b: [e${i - (i % 2)}] }`).join('\n')}
clocks: [{ id: clock-1 }]
`;

const on = (time: string): string => `2026-03-02T${time}+08:00`;

/** The subjects whose points have been written since a place, and how far the points go. */
function writtenSince(hall: CoreHall, seq: number): { readonly subjects: string[]; readonly last: number } {
  const entries = hall.core.series.read(seq, 1000).filter(({ point }) => point.measurement !== 'daemon');
  const subjects = entries.map(({ point: { measurement, tags } }) =>
    measurement === 'window_minutes' ? `${tags['window']}` : `${tags['department']}`,
  );
  return { subjects, last: entries.at(-1)?.seq ?? seq };
}

test('everything is written once a minute, and little of it in one commit', () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: on('08:00:00') });
  const all = [...DEPARTMENTS, ...places.map((i) => `w${i}`)].sort();
  expect(writtenSince(hall, 0).subjects.length).toBeLessThanOrEqual(AT_ONCE);
  hall.pass(on('08:00:59'));
  expect(writtenSince(hall, 0).subjects.sort()).toEqual(all);

  // The first minute in which windows are in service: nobody holds any of them.
  hall.pass(on('09:00:59'));
  let { last } = writtenSince(hall, 0);
  hall.sleep(MINUTE);
  const written: string[] = [];
  for (let commits = 0; commits < 10; commits++) {
    hall.core.live.wake();
    const now = writtenSince(hall, last);
    expect(now.subjects.length).toBeLessThanOrEqual(AT_ONCE);
    written.push(...now.subjects);
    last = now.last;
  }
  expect(written.sort()).toEqual(places.map((i) => `w${i}`).sort());
});

test('of a day that has passed they are those of what is known now, also where the daemon ended meanwhile', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: '2026-03-03T10:00:00+08:00' });
  hall.online();
  await hall.record({ fact: 'punch', id: 'p1', at: on('08:55:00'), device: 'clock-1', employee: 'e119' });
  const fieldsOf = (measurement: string, tag: string, id: string) =>
    hall.core.series
      .read(0, 1000)
      .map(({ point }) => point)
      .filter(({ at }) => hall.text(at).startsWith(on('04:00:00')))
      .find((point) => point.measurement === measurement && point.tags[tag] === id)?.fields;
  expect(fieldsOf('window_minutes', 'window', 'w119')).toBeUndefined();
  hall.restart();
  hall.pass('2026-03-03T10:00:01+08:00');
  expect(fieldsOf('window_minutes', 'window', 'w119')).toMatchObject({ a: 180, uncovered: 0 });
  expect(fieldsOf('window_minutes', 'window', 'w0')).toMatchObject({ a: 0, uncovered: 180 });
  expect(fieldsOf('attendance_day', 'department', 'd2')).toMatchObject({ expected: 40, present: 1 });
  expect(fieldsOf('attendance_day', 'department', 'd0')).toMatchObject({ expected: 40, present: 0 });
});

test('of a day that has passed only what was judged again is looked at again', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: '2026-03-03T10:00:00+08:00' });
  hall.online();
  hall.pass('2026-03-03T10:00:01+08:00');
  const written: Point[] = [];
  const { series } = hall.core;
  const put = series.put.bind(series);
  series.put = (points) => {
    written.push(...points.filter(({ at }) => hall.text(at).startsWith(on('04:00:00'))));
    put(points);
  };
  const subjects = (): string[] =>
    written.splice(0).map(({ tags }) => (tags['window'] === undefined ? `${tags['department']}` : `${tags['window']}`));
  await hall.record({ fact: 'punch', id: 'p1', at: on('08:55:00'), device: 'clock-1', employee: 'e119' });
  hall.pass('2026-03-03T10:02:00+08:00');
  // The day had not been looked at before: all of it was judged.
  expect(new Set(subjects()).size).toBe(WINDOWS + DEPARTMENTS.length);
  await hall.record({ fact: 'punch', id: 'p2', at: on('08:56:00'), device: 'clock-1', employee: 'e116' });
  hall.pass('2026-03-03T10:04:00+08:00');
  expect(subjects().sort()).toEqual(['d2', 'w116', 'w117']);
  hall.pass('2026-03-03T10:06:00+08:00');
  expect(subjects()).toEqual([]);
});

test('what a commit that failed would have written is written by the next ones', () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: on('08:00:00') });
  const settings = new Map<string, string>();
  const points: Point[] = [];
  const figures = new DayFigures({
    series: { put: (more) => void points.push(...more) },
    ledger: { setting: (name) => settings.get(name) ?? null, set: (name, value) => void settings.set(name, value) },
    engine: () => hall.core.engine,
    load: () => ({}),
  });
  const follow = (): void => figures.follow([], [], hall.clock.now());
  follow();
  const kept = [...settings];
  follow();
  // Nothing of the second one was kept, and the engine is built anew.
  settings.clear();
  for (const [name, value] of kept) settings.set(name, value);
  points.length = 0;
  hall.restart();
  while (figures.nextAt <= hall.clock.now()) follow();
  const written = points.map(({ tags }) => tags['window']).filter((window) => window !== undefined);
  expect(new Set(written).size).toBe(WINDOWS);
});
