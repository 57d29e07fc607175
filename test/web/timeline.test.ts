/** The evidence on one axis, made of what the daemon really explains. */
import { expect, test } from 'vitest';
import { answer } from '../../daemon/explain/question.ts';
import { ledgerSource } from '../../daemon/explain/sources.ts';
import { dayOfDate } from '../../rules/time.ts';
import { type Timeline, ticksOf, timelineOf } from '../../web/cases/timeline.ts';
import { CoreHall } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';
import { detail } from './case-rows.ts';

const MONDAY = dayOfDate('2026-03-02') ?? 0;

/** What is drawn of the case of a subject, and at which clock times. */
function drawn(hall: CoreHall, subject: string): { readonly timeline: Timeline | null; readonly lines: string[] } {
  const file = hall.core.desk.between(MONDAY, MONDAY).find(({ row }) => row.subject === subject);
  if (file === undefined) throw new Error(`${subject} has no case`);
  const { out } = answer(ledgerSource(hall.core), { id: file.row.id, lang: 'zh', json: true });
  const parts = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  const timeline = timelineOf(detail({ asOf: hall.now, date: '2026-03-02', window: subject }), parts, null);
  const clock = (at: number): string => hall.text(at).slice(11, 16);
  const lines = (timeline?.lanes ?? []).flatMap(({ name, spans, marks }) => [
    ...spans.map(
      ({ from, to, state, who }) => `${name} ${clock(from)}–${clock(to)} ${state}${who === null ? '' : ` ${who}`}`,
    ),
    ...marks.map(({ at, role, who }) => `${name} ${clock(at)} ${role} ${who}`),
  ]);
  for (const { at, name, minutes } of timeline?.limits ?? []) lines.push(`limit ${clock(at)} ${name} ${minutes}`);
  if (timeline !== null) lines.unshift(`${clock(timeline.from)}–${clock(timeline.to)}`);
  return { timeline, lines };
}

async function morning(): Promise<CoreHall> {
  const hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:45:00') });
  await hall.record(
    punchOf('p1', 'e1', '08:50:00'),
    punchOf('p3', 'e3', '08:51:00'),
    seenAt('v0', 'W1', '08:51:00', 'occupied'),
  );
  hall.pass(on('09:20:00'));
  await hall.record(punchOf('p2', 'e2', '09:20:00'));
  hall.pass(on('10:05:00'));
  await hall.record(seenAt('v1', 'W1', '10:05:00', 'empty'));
  hall.pass(on('10:26:00'));
  await hall.record(seenAt('v2', 'W1', '10:26:00', 'occupied'));
  hall.pass(on('10:40:00'));
  return hall;
}

test('a seat that was left: who held the window, what was seen, and when it became too long', async () => {
  using hall = await morning();
  expect(drawn(hall, 'W1').lines).toEqual([
    '08:30–10:50',
    'case 10:05–10:26 empty',
    'held 10:05–10:26 held-a e1',
    'held 10:26–10:40 held-a e1',
    'seat 08:51–10:05 held-a',
    'seat 10:05–10:26 empty',
    'seat 10:26–10:40 held-a',
    'punches 08:50 in e1',
    'limit 10:20 run 15',
  ]);
});

test('a late arrival: when it was due, the punch, and both limits', async () => {
  using hall = await morning();
  expect(drawn(hall, 'e2').lines).toEqual([
    '08:40–09:40',
    'case 09:00–09:20 empty',
    'due 09:00–12:00 due',
    'punches 09:20 in e2',
    'limit 09:05 late 5',
    'limit 09:30 absent 30',
  ]);
});

test('of what was withdrawn there is nothing to draw', async () => {
  using hall = await morning();
  await hall.record(leaveOf('l1', 'e2', '08:00:00', '12:30:00'));
  expect(drawn(hall, 'e2').timeline).toBeNull();
});

test('what is undecided is drawn as that', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:45:00') });
  await hall.record({ fact: 'device', id: 'd1', at: on('08:46:00'), device: 'clock-1', state: 'offline' });
  hall.pass(on('09:20:00'));
  expect(drawn(hall, 'e2').lines.filter((line) => line.startsWith('case'))).toEqual(['case 09:00–09:20 unknown']);
});

test.each([
  [40, 5],
  [60, 10],
  [140, 20],
  [8 * 60, 60],
])('an axis of %i minutes has a tick every %i', (length, every) => {
  const from = Date.parse('2026-03-02T08:30:00+08:00');
  const [first = 0, second = 0, ...more] = ticksOf({ from, to: from + length * 60_000 });
  expect((second - first) / 60_000).toBe(every);
  expect(more.length + 2).toBeLessThanOrEqual(9);
});
