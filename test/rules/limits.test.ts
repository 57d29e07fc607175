/** Limits to the millisecond, and days that are rare: each worked out from the sentences of the rules, not from what is said. */
import { describe, expect, test } from 'vitest';
import { at, device, hallWith, lasting, punch, saidAt, seen, toldUntil } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

type Line = Readonly<Record<string, unknown>>;

const schedule = (rules: Line, ...sessions: readonly string[]): Line => ({
  schedules: { s: { weekly: everyDay(...sessions), rules } },
});
/** e1 is A of a window that is served as she works. */
const window = (more: Line = {}): Line => ({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1', ...more }] });
const MORNING = ['09:00-12:00'] as const;

describe('a punch', () => {
  test.each<[what: string, hall: Line, facts: readonly Line[], now: string, said: readonly string[]]>([
    [
      'at the start of a session that one may leave at once arrives there, and leaves no session before',
      schedule({ earlyGrace: '2h' }, '09:00-09:20', '14:00-14:20'),
      [punch('09:00:00')],
      '13:00:00',
      ['missing-punch out closed e1/1 09:20:00–09:20:00'],
    ],
    [
      'at the instant from which one may go is a departure, and no arrival',
      schedule({}, ...MORNING),
      [punch('11:55:00')],
      '15:00:00',
      ['missing-punch in closed e1/1 09:00:00–09:00:00'],
    ],
    [
      'at the start of the only session, which one may leave at once, arrives and does not leave',
      schedule({ earlyGrace: '2h' }, '09:00-09:20'),
      [punch('09:00:00')],
      '13:00:00',
      ['missing-punch out closed e1/1 09:20:00–09:20:00'],
    ],
    [
      'exactly in the middle of a break is the return',
      {},
      [punch('08:50:00'), punch('12:57:30'), punch('17:05:00')],
      '20:00:00',
      ['missing-punch out closed e1/1 12:00:00–12:00:00'],
    ],
    [
      'a millisecond before the middle of a break, with no doubt so near, is the departure',
      { schedules: { s: { weekly: everyDay('09:00-12:00', '14:00-17:00'), rules: { lunchNear: '1h' } } } },
      [punch('08:50:00'), punch('12:57:29.999'), punch('17:05:00')],
      '20:00:00',
      ['missing-punch in closed e1/2 14:00:00–14:00:00'],
    ],
    [
      'a millisecond before it is an arrival',
      schedule({}, ...MORNING),
      [punch('11:54:59.999')],
      '15:00:00',
      ['absent closed e1/1 09:00:00–11:54:59.999', 'missing-punch out closed e1/1 12:00:00–12:00:00'],
    ],
    [
      'at the very start is not inside: it is no early departure',
      schedule({}, ...MORNING),
      [punch('08:50:00'), punch('09:00:00')],
      '15:00:00',
      ['missing-punch out closed e1/1 12:00:00–12:00:00'],
    ],
    [
      'a millisecond after the start is inside, and the last one an early departure',
      schedule({}, ...MORNING),
      [punch('08:50:00'), punch('09:00:00.001')],
      '15:00:00',
      ['early-leave closed e1/1 09:00:00.001–12:00:00'],
    ],
    [
      'in the last minutes of a short session replaces lateness, which has not become absence',
      schedule({ earlyGrace: '15m' }, '09:00-09:20'),
      [punch('09:08:00')],
      '09:10:00',
      ['missing-punch in closed e1/1 09:00:00–09:00:00'],
    ],
    [
      'exactly minBreak after another one in a break makes two of them',
      {},
      [punch('08:50:00'), punch('12:10:00'), punch('12:25:00'), punch('17:00:00')],
      '20:00:00',
      [],
    ],
    [
      'a millisecond less than minBreak after another one makes one touch, the departure',
      {},
      [punch('08:50:00'), punch('12:10:00'), punch('12:24:59.999'), punch('17:00:00')],
      '20:00:00',
      ['missing-punch in closed e1/2 14:00:00–14:00:00'],
    ],
    [
      'exactly lunchNear after the session leaves no doubt',
      {},
      [punch('08:50:00'), punch('12:20:00')],
      '14:40:00',
      ['absent open e1/2 14:00:00–'],
    ],
    [
      'a millisecond more than lunchNear after the session may have been the return',
      {},
      [punch('08:50:00'), punch('12:20:00.001')],
      '14:40:00',
      ['absent pending (ambiguous-punch) e1/2 14:00:00–'],
    ],
    [
      'in a break is an arrival where only arrivals count',
      { schedules: { s: { punches: 'in', weekly: everyDay('09:00-12:00', '14:00-17:00') } } },
      [punch('08:50:00'), punch('12:10:00')],
      '20:00:00',
      [],
    ],
    [
      'is one of its instant, also of somebody without a clock',
      schedule({}, ...MORNING),
      [punch('08:50:00', 'e1', { device: undefined }), punch('11:00:00', 'e1', { device: undefined })],
      '15:00:00',
      ['early-leave closed e1/1 11:00:00–12:00:00'],
    ],
    [
      'that is known before its time is none until then',
      schedule({}, ...MORNING),
      [punch('09:20:00', 'e1', { recordedAt: at('08:30:00') })],
      '09:19:59.999',
      ['late open e1/1 09:00:00–'],
    ],
  ])('%s', (_, hall, facts, now, said) => expect(saidAt(hallWith(hall), facts, now)).toEqual(said));
});

describe('absence that begins before lateness does', () => {
  // Somebody may want no lateness at all: the two limits are not compared.
  const hall = hallWith(schedule({ lateGrace: '40m', absentAfter: '30m' }, ...MORNING));

  test('is told a millisecond after its own limit', () =>
    expect(toldUntil(hall, [device('08:00:00', 'k1', 'online')], '09:50:00')).toEqual([
      '09:30:00.001 open absent open e1/1 09:00:00–',
    ]));
});

test('presence begins with the punch, and shows from the millisecond after it', () => {
  const facts = [punch('10:30:00', 'e1', { recordedAt: at('10:29:00') })];
  const hall = hallWith({ ...schedule({ absentAfter: '3h' }, ...MORNING), ...window() });
  const told = toldUntil(hall, [device('08:00:00', 'k1', 'online'), ...facts], '11:00:00');
  expect(told.filter((line) => line.includes('missing-cover'))).toEqual([
    '09:10:00 open missing-cover open W/1 09:00:00–',
    '10:30:00.001 close missing-cover closed W/1 09:00:00–10:30:00',
  ]);
});

describe('presence ends', () => {
  test('when a leave begins, and begins when it ends, with nothing else at those instants', () => {
    const facts = [punch('08:50:00'), lasting('leave', '10:00:00', '11:00:00', { employee: 'e1', kind: '年假' })];
    expect(toldUntil(hallWith({ ...schedule({}, ...MORNING), ...window() }), facts, '11:30:00')).toEqual([
      '10:10:00 open missing-cover open W/1 10:00:00–',
      '11:00:00.001 close missing-cover closed W/1 10:00:00–11:00:00',
    ]);
  });

  test('with the session where only arrivals count', () => {
    const schedules = {
      s: { punches: 'in', weekly: everyDay('09:00-11:00') },
      w: { weekly: everyDay(...MORNING) },
    };
    const facts = [punch('08:50:00')];
    expect(toldUntil(hallWith({ schedules, ...window({ schedule: 'w' }) }), facts, '11:30:00')).toEqual([
      '11:10:00 open missing-cover open W/1 11:00:00–',
    ]);
  });

  test('with an assignment that began on an earlier day: she who held the window before holds it again', () => {
    const employees = ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' }));
    const facts = [
      lasting('assign', '2026-03-01 09:00:00', '10:00:00', { window: 'W', role: 'A', employees: ['e2'] }),
      punch('08:50:00', 'e1', { id: 'p1' }),
      punch('08:50:00', 'e2', { id: 'p2' }),
      seen('2026-03-01 08:00:00', 'occupied'),
      seen('08:00:00', 'occupied'),
    ];
    const hall = hallWith({ ...schedule({}, ...MORNING), ...window(), employees, judgeFrom: '2026-03-02' });
    expect(saidAt(hall, facts, '11:00:00')).toEqual([]);
  });
});

describe('a device', () => {
  const morning = { ...schedule({}, ...MORNING), ...window() };

  test('that goes offline hides a punch from the next millisecond on, and until it has settled', () => {
    const facts = [device('09:10:00', 'k1', 'offline'), device('09:15:00', 'k1', 'online')];
    expect(toldUntil(hallWith(schedule({}, ...MORNING)), facts, '09:29:00')).toEqual([
      '09:05:00.001 open late open e1/1 09:00:00–',
      '09:10:00.001 revise late pending (uncovered) e1/1 09:00:00–',
    ]);
  });

  test('proves that it kept recording at the instant at which it says that everything is in', () => {
    const facts = [
      device('09:10:00', 'k1', 'offline'),
      device('09:15:00', 'k1', 'online'),
      device('09:25:00', 'k1', 'complete'),
    ];
    expect(toldUntil(hallWith(schedule({}, ...MORNING)), facts, '09:29:00').slice(2)).toEqual([
      '09:25:00 revise late open e1/1 09:00:00–',
    ]);
    expect(saidAt(hallWith(schedule({}, ...MORNING)), facts, '09:25:00')).toEqual(['late open e1/1 09:00:00–']);
  });

  test('that sees a seat says unknown while it is offline, and then again what it said last', () => {
    const facts = [
      seen('09:00:00', 'occupied', 'W', { source: 'cam' }),
      device('09:30:00', 'cam', 'offline'),
      device('09:40:00', 'cam', 'online'),
    ];
    const told = toldUntil(hallWith({ ...morning, rules: { absentAfter: '3h' } }), facts, '11:00:00');
    expect(told.filter((line) => !line.includes('e1/1'))).toEqual([
      '09:10:00 open unverified-occupant open W/1 09:00:00–',
      '09:30:00.001 close unverified-occupant closed W/1 09:00:00–09:30:00',
      '09:40:00 open missing-cover pending (blind) W/1 09:30:00–',
      '09:40:00.001 revise missing-cover pending (blind) W/1 09:30:00–09:40:00',
      '09:50:00 open unverified-occupant open W/1 09:40:00–',
    ]);
  });
});

test('of the people sent to cover a window, the one whose cover began first holds it', () => {
  const employees = ['e1', 'e2', 'e3'].map((id) => ({ id, name: id, schedule: 's' }));
  const facts = [
    lasting('cover', '09:30:00', '11:00:00', { window: 'W', employee: 'e3' }),
    lasting('cover', '09:10:00', '11:00:00', { window: 'W', employee: 'e2' }),
    punch('08:50:00', 'e2'),
    punch('08:50:00', 'e3'),
    seen('10:00:00', 'empty'),
  ];
  const said = saidAt(hallWith({ ...schedule({}, ...MORNING), ...window(), employees }), facts, '10:20:00');
  expect(said.filter((line) => line.startsWith('left-post'))).toEqual(['left-post open W/1 e2 10:00:00–']);
});

test('of two states that a source says at one instant the last by id holds, and the stay goes on', () => {
  const facts = [
    seen('09:00:00', 'empty'),
    seen('09:20:00', 'occupied'),
    seen('09:20:10', 'empty'),
    seen('09:20:10', 'occupied'),
    seen('09:20:25', 'empty'),
  ];
  const said = saidAt(hallWith({ ...schedule({}, ...MORNING), ...window() }), facts, '09:21:00');
  expect(said.filter((line) => line.startsWith('missing-cover'))).toEqual([
    'missing-cover closed W/1 09:00:00–09:20:00',
  ]);
});

test('somebody seen shortly between two times of which nothing is known was there', () => {
  const facts = [seen('09:20:00', 'occupied'), seen('09:20:10', 'unknown'), seen('09:25:00', 'occupied')];
  const said = saidAt(hallWith({ ...schedule({}, ...MORNING), ...window() }), facts, '09:30:00');
  expect(said.filter((line) => line.startsWith('missing-cover'))).toEqual([
    'missing-cover pending (blind) W/1 09:00:00–09:20:00',
  ]);
});

describe('one verdict and not two', () => {
  test('is a lateness whose start moves', () => {
    const leave = lasting('leave', '08:30:00', '09:02:00', {
      employee: 'e1',
      kind: '年假',
      recordedAt: at('09:10:00'),
    });
    expect(toldUntil(hallWith(schedule({}, ...MORNING)), [leave], '09:20:00')).toEqual([
      '09:05:00.001 open late open e1/1 09:00:00–',
      '09:10:00 revise late open e1/1 09:02:00–',
    ]);
  });

  /** e1 is at her window from 08:50 on, and her seat is empty from each of these times for so many minutes. */
  const away = (...times: readonly (readonly [from: string, to: string, recordedAt?: string])[]): Line[] => [
    punch('08:50:00'),
    seen('08:50:00', 'occupied'),
    ...times.flatMap(([from, to, recordedAt]) => {
      const known = recordedAt === undefined ? {} : { recordedAt: at(recordedAt) };
      return [seen(from, 'empty', 'W', known), seen(to, 'occupied', 'W', known)];
    }),
  ];
  const hall = hallWith({ ...schedule({}, ...MORNING), ...window() });

  test('are absences that add up to the limit exactly, and no less', () => {
    const twice: [string, string][] = [
      ['09:10:00', '09:20:00'],
      ['09:30:00', '09:40:00'],
    ];
    expect(saidAt(hall, away(...twice, ['09:50:00', '10:00:00']), '10:30:00')).toEqual([
      'left-post-total closed W/1 e1 09:10:00–10:00:00',
    ]);
    expect(saidAt(hall, away(...twice, ['09:50:00', '09:59:59.999']), '10:30:00')).toEqual([]);
  });

  test('are absences of which an earlier one becomes known later', () => {
    const late: [string, string, string] = ['09:10:00', '09:20:00', '11:00:00'];
    const facts = away(late, ['09:30:00', '09:40:00'], ['09:50:00', '10:00:00'], ['10:10:00', '10:20:00']);
    expect(toldUntil(hall, facts, '11:30:00').map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      '10:20:00.001 open left-post-total',
      '11:00:00 revise left-post-total',
    ]);
  });
});

describe('a slip', () => {
  const off = (from: string, to: string, more: Line = {}): Line =>
    lasting('leave', from, to, { employee: 'e1', kind: '事假', ...more });
  const slips = (hall: Line, ...facts: readonly Line[]): string[] =>
    saidAt(hallWith(hall), facts, '2026-03-20 12:00:00').filter((line) => line.startsWith('leave-slip'));

  test('is not asked for a leave that starts before the person does', () => {
    const employees = [{ id: 'e1', name: 'E1', schedule: 's', from: '2026-03-03' }];
    const leave = off('2026-03-02 09:00:00', '2026-03-07 00:00:00');
    expect(slips({ employees }, leave)).toEqual([]);
    expect(slips({}, leave)).toEqual(['leave-slip closed e1 09:00:00–2026-03-07 00:00:00']);
  });

  test('is not asked for a leave that adds nothing to a month that has too many already', () => {
    const weekly = { mon: ['09:00-12:00'], tue: ['09:00-12:00'], wed: ['09:00-12:00'], thu: ['09:00-12:00'] };
    const single = (day: number, more: Line = { slip: true }) =>
      off(`2026-03-0${day} 00:00:00`, `2026-03-0${day} 23:00:00`, more);
    const hall = { schedules: { s: { weekly } } };
    // Monday to Thursday make four days; Friday has no sessions.
    const four = [2, 3, 4, 5].map((day) => single(day));
    expect(slips(hall, ...four, single(6, {}))).toEqual([]);
    expect(slips(hall, ...four.slice(0, 3), single(5, {}))).toEqual([
      'leave-slip closed e1 2026-03-05 00:00:00–2026-03-05 23:00:00',
    ]);
  });

  test('is asked for what a duty of the night before adds to a day', () => {
    const duty = lasting('duty', '22:00:00', '2026-03-03 06:00:00', { employee: 'e1' });
    const leave = off('2026-03-03 00:00:00', '2026-03-04 00:00:00');
    expect(slips({}, leave)).toEqual([]);
    expect(slips({}, duty, leave)).toEqual(['leave-slip closed e1 2026-03-03 00:00:00–2026-03-04 00:00:00']);
  });

  test('is not asked for what a duty of the last night of a month adds to the next one', () => {
    const duty = lasting('duty', '2026-02-28 22:00:00', '2026-03-01 02:00:00', { employee: 'e1' });
    const day = (date: string, more: Line) => off(`2026-03-${date} 00:00:00`, `2026-03-${date} 23:00:00`, more);
    const three = [day('01', { slip: true }), day('02', { slip: true }), day('03', {})];
    const schedules = { s: { weekly: everyDay('09:00-12:00') } };
    expect(slips({ schedules }, duty, ...three)).toEqual([]);
    expect(slips({ schedules }, duty, ...three, day('04', {}))).toEqual([
      'leave-slip closed e1 2026-03-04 00:00:00–2026-03-04 23:00:00',
    ]);
  });
});
