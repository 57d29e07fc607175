/** What explanations say of windows, worked out by hand: the run, what was planned, and what was seen of the seat. */
import { describe, expect, test } from 'vitest';
import type { Hall } from '../../rules/hall.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { asideOf, explained, usedOf } from '../support/explained.ts';
import { HALL, hallOf, saw, span, touch, window, windowOf } from '../support/explained-window.ts';
import { at, device, instantAt, lasting, seen } from '../support/hand-hall.ts';

type Line = Readonly<Record<string, unknown>>;

describe('a window that nobody holds', () => {
  /** e1 leaves at ten; cam loses sight of the seat at eleven. */
  const lines = [
    touch('in', '08:50:00'),
    touch('out', '10:00:00'),
    saw('superseded', '08:00:00', 'occupied'),
    saw('other', '08:30:00', 'empty', { source: 'cam2' }),
    saw('nameless', '08:40:00', 'empty', { source: undefined }),
    saw('begin', '10:00:00', 'occupied'),
    saw('start', '10:00:00', 'empty'),
    saw('blind', '11:00:00', 'unknown'),
    saw('end', '12:00:00', 'empty'),
    saw('after', '12:30:00', 'occupied'),
    saw('much', '13:30:00', 'occupied'),
    saw('later', '14:30:00', 'occupied'),
    saw('now', '20:00:00', 'empty'),
  ];
  const explanation = explained('missing-cover', lines, { hall: HALL });
  const subject = windowOf(explanation);

  test('was held by nobody until the end of its session', () => {
    expect(subject.run).toEqual({ ...span('10:00:00', '12:00:00'), lasts: false });
    const nobody = { holder: null, heldBy: null, step: null };
    expect(subject.held).toEqual([
      { ...span('10:00:00', '11:00:00'), ...nobody, seat: 'empty' },
      { ...span('11:00:00', '12:00:00'), ...nobody, seat: 'unknown' },
    ]);
    expect(subject.next).toBeNull();
    expect(explanation.arithmetic).toEqual({
      of: 'run',
      ...span('10:00:00', '12:00:00'),
      lengthMs: 2 * HOUR,
      thresholdMs: 10 * MINUTE,
    });
    expect(explanation.parameters.map(({ name }) => name)).toEqual(['coverGrace', 'bridge', 'minReturn', 'settle']);
  });

  test('was seen in the stretches that touch the run', () => {
    expect(subject.seat).toEqual({
      watched: true,
      sources: ['cam', 'cam2'],
      stretches: [
        { ...span('08:00:00', '10:00:00'), state: 'occupied' },
        { ...span('10:00:00', '11:00:00'), state: 'empty' },
        { ...span('11:00:00', '12:00:00'), state: 'unknown' },
        { ...span('12:00:00', '12:30:00'), state: 'empty' },
      ],
      samples: 3,
    });
  });

  test('is told of by what each source said last before, and what it said then', () => {
    const presence = ['other', 'nameless', 'start', 'blind', 'end'].map((id) => `presence ${id}`);
    expect(usedOf(explanation)).toEqual([...presence, 'arrival in', 'departure out']);
    expect(asideOf(explanation)).toEqual([]);
  });

  test('is in doubt for as long as nothing could be seen, and then waits for the clocks', () => {
    expect(explanation.doubts).toEqual([{ reason: 'blind', unknown: [span('11:00:00', '12:00:00')] }]);
    expect(explanation.coverage).toEqual({
      searched: span('04:00:00', '12:00:00'),
      devices: ['k1', 'daemon'],
      outages: [],
      awaited: true,
    });
  });

  test('could have been held by its A and its B', () => {
    expect(subject.candidates).toEqual([
      { employee: 'e1', roles: ['A'], present: [], elsewhere: [] },
      { employee: 'e2', roles: ['B'], present: [], elsewhere: [] },
    ]);
    expect(subject.roles).toEqual([
      { role: 'A', from: instantAt('10:00:00'), people: ['e1'], assign: null },
      { role: 'B', from: instantAt('10:00:00'), people: ['e2'], assign: null },
    ]);
  });
});

describe('what waits for no clock', () => {
  const off = device('08:30:00', 'k1', 'offline');

  test('is a seat that nobody holds and that was seen empty all the time', () => {
    const { coverage, doubts, subject } = explained('missing-cover', [seen('08:00:00', 'empty'), off], {
      time: '11:00:00',
      hall: HALL,
    });
    expect(coverage).toMatchObject({ awaited: false, outages: [{ device: 'k1', state: 'offline' }] });
    expect(doubts).toEqual([]);
    expect(subject).toMatchObject({ run: { ...span('09:00:00', '11:00:00'), lasts: true }, next: null });
  });

  test('is not one that somebody holds, nor one that nobody watches', () => {
    const left = explained('left-post', [touch('in', '08:20:00'), seen('08:00:00', 'empty'), off], {
      time: '11:00:00',
      hall: HALL,
    });
    expect(left.coverage?.awaited).toBe(true);
    expect(left.doubts.map(({ reason }) => reason)).toEqual(['uncovered']);
    expect(left.arithmetic).toMatchObject({ lengthMs: 2 * HOUR, thresholdMs: 15 * MINUTE });
    const dark = explained('missing-cover', [], { time: '11:00:00', hall: HALL });
    expect(dark.coverage?.awaited).toBe(true);
    expect(dark.doubts).toEqual([]);
    expect(windowOf(dark).seat).toMatchObject({ watched: false, sources: [], samples: 0 });
  });
});

test('a source counts from its first word on, and on a date that nobody has published all is in doubt', () => {
  const until = 20_000;
  const unpublished: Hall = { ...HALL, national: { from: until - 300, until, days: new Map() } };
  const { subject, doubts } = explained('missing-cover', [saw('now', '11:00:00', 'empty')], {
    time: '11:00:00',
    hall: unpublished,
  });
  expect(subject).toMatchObject({ seat: { watched: true, sources: ['cam'], samples: 0 } });
  expect(doubts).toEqual([
    { reason: 'unconfirmed', publishedUntil: '2024-10-04' },
    { reason: 'blind', unknown: [span('09:00:00', '11:00:00')] },
  ]);
});

test('what was planned is the schedule of the window, less its pauses and the hall’s', () => {
  const explanation = explained(
    'missing-cover',
    [
      lasting('pause', '10:00:00', '10:30:00', { id: 'ours', window: 'W' }),
      lasting('pause', '10:00:00', '10:30:00', { id: 'theirs', window: 'X' }),
      lasting('pause', '15:00:00', '15:30:00', { id: 'all' }),
    ],
    { time: '12:00:00', hall: hallOf(window('W', ['e1']), window('X', [])) },
  );
  const { planned, next, schedule } = windowOf(explanation);
  expect(planned).toEqual([
    {
      ...span('09:00:00', '12:00:00'),
      number: 1,
      duties: [],
      cuts: [{ fact: 'ours', because: 'pause', ...span('10:00:00', '10:30:00') }],
    },
    {
      ...span('14:00:00', '17:00:00'),
      number: 2,
      duties: [],
      cuts: [{ fact: 'all', because: 'pause', ...span('15:00:00', '15:30:00') }],
    },
  ]);
  expect(schedule).toEqual({ id: 's', versionFrom: null, weekday: 1 });
  expect(next).toBeNull();
  expect(usedOf(explanation)).toEqual(['pause ours', 'pause all']);
});

describe('absences that are added up', () => {
  /** From, to, and what becomes of it; e1 is there from 08:50 to 12:05, and from 13:55 on. */
  const AWAY = [
    ['09:10:00', '09:12:00', 'counts'],
    ['09:20:00', '09:21:59.999', 'short'],
    ['09:30:00', '09:45:00', 'long'],
    ['09:50:00', '10:04:59.999', 'counts'],
    ['10:10:00', '10:24:00', 'counts'],
    ['10:30:00', '11:00:00', 'long'],
  ] as const;
  const lines = [
    touch('in', '08:50:00'),
    touch('out', '12:05:00'),
    touch('back', '13:55:00'),
    saw('sat', '08:50:00', 'occupied'),
    ...AWAY.flatMap(([from, to], i) => [saw(`away${i}`, from, 'empty'), saw(`back${i}`, to, 'occupied')]),
    saw('away', '14:05:00', 'empty'),
    saw('again', '14:10:00', 'occupied'),
  ];
  const totalOf = (time: string) => explained('left-post-total', lines, { time, hall: HALL });
  const absence = ([from, to, counts]: readonly [from: string, to: string, counts: string]) => {
    const away = span(from, to);
    return { ...away, lengthMs: away.to - away.from, counts };
  };
  const totalMs = 2 * MINUTE + (15 * MINUTE - 1) + 14 * MINUTE;

  test('are those of one session that are neither short nor long', () => {
    const explanation = totalOf('16:00:00');
    expect(explanation.arithmetic).toEqual({
      of: 'total',
      absences: AWAY.map(absence),
      totalMs,
      thresholdMs: 30 * MINUTE,
      minAwayMs: 2 * MINUTE,
      leftPostAfterMs: 15 * MINUTE,
    });
    const { run, next } = windowOf(explanation);
    expect(run).toEqual({ ...span('09:10:00', '10:24:00'), lasts: false });
    expect(next).toMatchObject({ ...span('10:24:00', '10:30:00'), holder: 'e1', step: 3, seat: 'occupied' });
    expect(explanation.parameters.map(({ name }) => name)).toEqual([
      'leftPostTotal',
      'minAway',
      'leftPostAfter',
      'bridge',
      'minReturn',
      'settle',
    ]);
  });

  test('are over', () => {
    const { arithmetic } = totalOf('10:35:00');
    expect(arithmetic).toMatchObject({
      absences: [...AWAY.slice(0, 5).map(absence), absence(['10:30:00', '10:35:00', 'lasts'])],
      totalMs,
    });
  });
});

describe('what was seen and does not count', () => {
  const cancel = (target: string): Line => ({ fact: 'cancel', id: `not-${target}`, at: at('09:00:00'), target });

  test('is what is not known, taken back or of later, at this window', () => {
    const explanation = explained(
      'missing-cover',
      [
        saw('now', '11:00:00', 'empty'),
        saw('late', '10:00:00', 'occupied', { recordedAt: at('11:00:00.001') }),
        saw('wrong', '08:00:00', 'occupied'),
        saw('future', '11:00:00.001', 'occupied', { recordedAt: at('09:00:00') }),
        seen('10:00:00', 'occupied', 'X', { recordedAt: at('12:00:00') }),
        cancel('wrong'),
        touch('unknown', '08:50:00', 'e1', { recordedAt: at('12:00:00') }),
      ],
      { time: '11:00:00', hall: hallOf(window('W', ['e1']), window('X', ['e1'])) },
    );
    expect(asideOf(explanation)).toEqual([
      'unknown not-yet-known',
      'late not-yet-known',
      'wrong cancelled by not-wrong',
      'future after-now',
    ]);
  });

  test('is of this day, though more was looked at for an outage that reaches beyond it', () => {
    const edges = ['03:59:59.999', '04:00:00', '2026-03-03 03:59:59.999', '2026-03-03 04:00:00'];
    const explanation = explained(
      'missing-cover',
      [
        device('03:00:00', 'k1', 'offline'),
        device('04:30:00', 'k1', 'online'),
        device('20:00:00', 'k1', 'offline'),
        device('2026-03-03 06:00:00', 'k1', 'online'),
        ...edges.flatMap((time, i) => [saw(`p${i}`, time, 'empty'), cancel(`p${i}`)]),
      ],
      { time: '2026-03-03 07:00:00', hall: HALL },
    );
    expect(asideOf(explanation)).toEqual(['p1 cancelled by not-p1', 'p2 cancelled by not-p2']);
  });
});
