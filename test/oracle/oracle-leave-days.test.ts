import { describe, expect, it, test } from 'vitest';
import type { OracleConfig } from './shape.ts';
import { MONDAY, MORNING, office, on, schedule, TWO_SESSIONS } from './small-hall.ts';
import { day, leave, off, slips } from './small-leaves.ts';

type Line = Record<string, unknown>;

describe('longer than 1 day: over the dates, the share of that date’s session time it covers', () => {
  const fires = [`${MONDAY} closed l1`];
  test.each<[string, Line[], string[]]>([
    ['a civil day', [leave('l1', `${MONDAY}T00:00`, `${day(3)}T00:00`)], []],
    ['its sessions', [off('l1', 2)], []],
    ['up to the next day’s start', [leave('l1', `${MONDAY}T09:00`, `${day(3)}T09:00`)], []],
    ['a millisecond of the next day', [leave('l1', `${MONDAY}T09:00`, `${day(3)}T09:00:00.001`)], fires],
    ['two halves of two days', [leave('l1', `${MONDAY}T14:00`, `${day(3)}T12:00`)], []],
    ['a weekend between', [leave('l1', `${day(6)}T14:00`, `${day(9)}T12:00`)], []],
    ['a weekend between, and more', [leave('l1', `${day(6)}T09:00`, `${day(9)}T12:00`)], [`${day(6)} closed l1`]],
    ['a weekend only', [leave('l1', `${day(7)}T00:00`, `${day(9)}T00:00`)], []],
    [
      'a duty makes the Saturday a day',
      [
        leave('l1', `${day(6)}T09:00`, `${day(7)}T10:00`),
        { fact: 'duty', id: 'y1', employee: 'e1', from: on('09:00', day(7)), to: on('10:00', day(7)) },
      ],
      [`${day(6)} closed l1`],
    ],
    [
      'a duty of days before counts where it reaches into the leave',
      [
        leave('l1', `${day(9)}T00:30`, `${day(9)}T17:00`),
        { fact: 'duty', id: 'y1', employee: 'e1', from: on('09:00', day(7)), to: on('05:00', day(9)) },
      ],
      [`${day(9)} closed l1`],
    ],
    [
      'a day of rest is no day',
      [leave('l1', `${MONDAY}T09:00`, `${day(3)}T17:00`), { fact: 'day', id: 'd1', date: day(3), kind: 'rest' }],
      [],
    ],
    [
      'a pause of the hall takes nothing from the leave',
      [
        leave('l1', `${MONDAY}T09:00`, `${day(3)}T12:00`),
        { fact: 'pause', id: 'z1', from: on('14:00'), to: on('17:00'), reason: '停电' },
      ],
      fires,
    ],
    ['with a slip', [leave('l1', `${MONDAY}T09:00`, `${day(3)}T12:00`, { slip: true })], []],
    ['of a kind that needs none', [leave('l1', `${MONDAY}T09:00`, `${day(3)}T12:00`, { kind: '年假' })], []],
    [
      'two of one start are two',
      [leave('l2', `${MONDAY}T09:00`, `${day(3)}T12:00`), leave('l1', `${MONDAY}T09:00`, `${day(4)}T12:00`)],
      [`${MONDAY} closed l1`, `${MONDAY} closed l2`],
    ],
  ])('%s', (_shows, facts, says) => {
    expect(slips(office(), facts)).toEqual(says);
  });

  const unequal = (sessions: string[], more = {}) => office({ schedules: { standard: schedule(sessions, more) } });
  test.each<[string, OracleConfig, Line, string[]]>([
    // 3 h and 1 h: a quarter of the Monday and three quarters of the Tuesday are one day.
    [
      'unequal sessions',
      unequal(['09:00-12:00', '14:00-15:00']),
      leave('l1', `${MONDAY}T14:00`, `${day(3)}T12:00`),
      [],
    ],
    [
      'unequal sessions, a millisecond more',
      unequal(['09:00-12:00', '14:00-15:00']),
      leave('l1', `${MONDAY}T14:00`, `${day(3)}T14:00:00.001`),
      fires,
    ],
    // Joined they are 09:00–15:00: from noon on it is half of it, and the next day's half ends at 12:00, not 11:50.
    [
      'near sessions are one',
      unequal(['09:00-11:50', '12:10-15:00']),
      leave('l1', `${MONDAY}T12:00`, `${day(3)}T12:00`),
      [],
    ],
    [
      'near sessions are one, and the time between them counts',
      unequal(['09:00-11:50', '12:10-15:00']),
      leave('l1', `${MONDAY}T12:00`, `${day(3)}T12:00:00.001`),
      fires,
    ],
    [
      'policy day does not make the noon a session',
      unequal(TWO_SESSIONS, { punches: 'day' }),
      leave('l1', `${MONDAY}T12:00`, `${day(3)}T14:00`),
      [],
    ],
    [
      'each date by its own version',
      office({
        schedules: {
          standard: {
            versions: [
              { from: '2026-01-01', weekly: { mon: TWO_SESSIONS, tue: TWO_SESSIONS } },
              { from: day(3), weekly: { tue: MORNING } },
            ],
          },
        },
      }),
      // Half of Monday, and of Tuesday's three hours two: 0.5 + 2/3.
      leave('l1', `${MONDAY}T14:00`, `${day(3)}T11:00`),
      fires,
    ],
    [
      'nobody’s schedule has no days',
      office({ employees: [{ id: 'e1' }] }),
      leave('l1', `${MONDAY}T09:00`, `${day(20)}T12:00`),
      [],
    ],
  ])('%s', (_shows, config, fact, says) => {
    expect(slips(config, [fact])).toEqual(says);
  });
});

describe('brings the person’s total in the calendar month of its start beyond 3', () => {
  const three = [off('l1', 2), off('l2', 3), off('l3', 4)];
  test.each<[string, Line[], string[]]>([
    ['three days exactly', three, []],
    ['and a half', [...three, off('l4', 5, 'am')], [`${day(5)} closed l1 l2 l3 l4`]],
    [
      'and every further one',
      [...three, off('l4', 5, 'am'), off('l5', 6, 'pm')],
      [`${day(5)} closed l1 l2 l3 l4`, `${day(6)} closed l1 l2 l3 l4 l5`],
    ],
    ['in order of from, not of being written down', [off('l4', 5, 'am'), ...three], [`${day(5)} closed l1 l2 l3 l4`]],
    [
      'then of id',
      [...three, off('l5', 5, 'am'), off('l4', 5, 'am')],
      [`${day(5)} closed l1 l2 l3 l4`, `${day(5)} closed l1 l2 l3 l4 l5`],
    ],
    [
      'those with a slip count, and need none',
      [...three.map((line) => ({ ...line, slip: true })), off('l4', 5, 'am', { slip: true }), off('l5', 6, 'am')],
      [`${day(6)} closed l1 l2 l3 l4 l5`],
    ],
    ['other kinds do not count', [...three.slice(1), off('l1', 2, 'day', { kind: '年假' }), off('l4', 5, 'am')], []],
    [
      'all kinds that need slips together',
      [off('l1', 2, 'day', { kind: '病假' }), off('l2', 3, 'day', { kind: '公休' }), off('l3', 4), off('l4', 5, 'am')],
      [`${day(5)} closed l1 l2 l3 l4`],
    ],
    ['others’ leaves do not count', [...three.map((line) => ({ ...line, employee: 'e2' })), off('l4', 5, 'am')], []],
    [
      'cancelled ones do not count',
      [...three, off('l4', 5, 'am'), { fact: 'cancel', id: 'q1', at: on('08:00'), target: 'l2' }],
      [],
    ],
    ['a leave of the month before does not count', [leave('l0', '2026-02-27T14:00', `${MONDAY}T12:00`), ...three], []],
    [
      'a leave without days of its own does not fire',
      [...three, off('l4', 5, 'am', { slip: true }), leave('l5', `${day(7)}T09:00`, `${day(8)}T12:00`)],
      [],
    ],
    // l2 is long by itself, and needs no other leave for that; together they are 3.5 days and l3 makes 4.
    [
      'one that is long by itself is evidence enough',
      [
        leave('l1', `${MONDAY}T09:00`, `${day(4)}T12:00`, { slip: true }),
        leave('l2', `${day(5)}T09:00`, `${day(6)}T12:00`),
        off('l3', 9, 'am'),
      ],
      [`${day(5)} closed l2`, `${day(9)} closed l1 l2 l3`],
    ],
    [
      'where leaves overlap each counts its own days',
      [...three, off('l2a', 3, 'am')],
      [`${day(4)} closed l1 l2 l2a l3`],
    ],
    [
      'a pause of the hall is nobody’s leave',
      [
        off('l1', 2, 'am'),
        { fact: 'pause', id: 'z1', from: on('14:00'), to: on('17:00') },
        off('l2', 3),
        off('l3', 4),
        off('l4', 5, 'am'),
      ],
      [],
    ],
  ])('%s', (_shows, facts, says) => {
    const config = office({ employees: ['e1', 'e2'].map((id) => ({ id, department: 'gaj', schedule: 'standard' })) });
    expect(slips(config, facts)).toEqual(says);
  });

  it('each with its days inside that month', () => {
    // April has 27–29 and the afternoon of the 30th, May the morning of the 1st.
    const april = [27, 28, 29].map((date) => leave(`l${date}`, `2026-04-${date}T09:00`, `2026-04-${date}T17:00`));
    const over = leave('lx', '2026-04-30T14:00', '2026-05-01T12:00');
    expect(slips(office(), [...april, over])).toEqual(['2026-04-30 closed l27 l28 l29 lx']);
    // Begun in April after the last session, all its time is May's.
    const later = leave('lx', '2026-04-30T17:00', '2026-05-01T17:00');
    const more = leave('l24', '2026-04-24T09:00', '2026-04-24T17:00', { slip: true });
    expect(slips(office(), [more, ...april, later])).toEqual(['2026-04-29 closed l24 l27 l28 l29']);
    // And in May it does not count either: it started in April.
    const may = [4, 5, 6].map((date) => leave(`m${date}`, `2026-05-0${date}T09:00`, `2026-05-0${date}T17:00`));
    expect(slips(office(), [...may, later])).toEqual([]);
  });

  it('adds shares up exactly', () => {
    // A part is four minutes of a session of so many parts; binary fractions of these add up to more than 3.
    for (const parts of [5, 9, 10, 12, 13, 14]) {
      const config = office({
        schedules: { standard: schedule([`09:00-09:${parts * 4}`]) },
      });
      const tiny = Array.from({ length: parts * 3 + 1 }, (_, index) => {
        const date = day(2 + (index % 5) + 7 * (Math.floor(index / 5) % 4));
        return leave(`l${100 + index}`, `${date}T09:00`, `${date}T09:04`);
      });
      expect(slips(config, tiny.slice(1)), `${parts} parts`).toEqual([]);
      expect(slips(config, tiny), `${parts} parts`).toHaveLength(1);
    }
  });
});
