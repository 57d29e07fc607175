/** The states of a seat in columns: how they are joined, compared, and found out of what was said. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay } from '../../rules/plan.ts';
import { differFrom, isSameSeat, SeatDay, SeatTrack, SteadyStates, unseen } from '../../rules/presence.ts';
import { Seat } from '../../rules/seat.ts';
import { dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt, MONDAY, seen } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

const LETTERS = { o: 'occupied', e: 'empty', u: 'unknown' } as const;
type Letter = keyof typeof LETTERS;
type Turn = readonly [at: number, letter: Letter];
const END = 1000;

const trackOf = (...turns: readonly Turn[]): SeatTrack =>
  new SeatTrack(
    END,
    turns.map(([at]) => at),
    turns.map(([, letter]): PresenceState => LETTERS[letter]),
  );

describe('what a seat turns to', () => {
  test.each<[string, readonly Turn[], readonly Turn[]]>([
    [
      'the same later',
      [
        [0, 'o'],
        [5, 'o'],
      ],
      [[0, 'o']],
    ],
    [
      'the same as the second',
      [
        [0, 'o'],
        [5, 'e'],
        [9, 'e'],
      ],
      [
        [0, 'o'],
        [5, 'e'],
      ],
    ],
    [
      'another later',
      [
        [0, 'o'],
        [5, 'e'],
      ],
      [
        [0, 'o'],
        [5, 'e'],
      ],
    ],
    [
      'another at the first instant',
      [
        [0, 'o'],
        [0, 'e'],
      ],
      [[0, 'e']],
    ],
    [
      'a third at an instant',
      [
        [0, 'o'],
        [5, 'e'],
        [5, 'u'],
      ],
      [
        [0, 'o'],
        [5, 'u'],
      ],
    ],
    [
      'what it was before',
      [
        [0, 'o'],
        [5, 'e'],
        [5, 'o'],
      ],
      [[0, 'o']],
    ],
    [
      'what it was before, later on',
      [
        [0, 'u'],
        [3, 'o'],
        [5, 'e'],
        [5, 'o'],
      ],
      [
        [0, 'u'],
        [3, 'o'],
      ],
    ],
  ])('%s', (_, turns, wanted) => {
    const track = new SeatTrack(END);
    for (const [at, letter] of turns) track.turn(at, LETTERS[letter]);
    expect(track).toEqual(trackOf(...wanted));
  });
});

describe('short stretches between two equal ones', () => {
  test.each<[string, readonly Turn[], readonly Turn[]]>([
    ['of nothing', [], []],
    ['of one that is alone', [[0, 'u']], [[0, 'u']]],
    [
      'the second',
      [
        [0, 'o'],
        [100, 'u'],
        [110, 'o'],
      ],
      [[0, 'o']],
    ],
    [
      'one that is too long',
      [
        [0, 'o'],
        [100, 'u'],
        [111, 'o'],
      ],
      [
        [0, 'o'],
        [100, 'u'],
        [111, 'o'],
      ],
    ],
    [
      'between different ones',
      [
        [0, 'o'],
        [100, 'u'],
        [110, 'e'],
      ],
      [
        [0, 'o'],
        [100, 'u'],
        [110, 'e'],
      ],
    ],
    [
      'the first',
      [
        [0, 'u'],
        [5, 'o'],
      ],
      [
        [0, 'u'],
        [5, 'o'],
      ],
    ],
    [
      'the last',
      [
        [0, 'o'],
        [995, 'u'],
      ],
      [
        [0, 'o'],
        [995, 'u'],
      ],
    ],
    [
      'several',
      [
        [0, 'e'],
        [9, 'o'],
        [20, 'u'],
        [25, 'o'],
        [30, 'u'],
        [35, 'o'],
      ],
      [
        [0, 'e'],
        [9, 'o'],
      ],
    ],
  ])('%s', (_, turns, wanted) => {
    const steady = new SteadyStates({ bridge: 10, minReturn: 5 });
    for (const [at, letter] of turns) steady.turn(at, LETTERS[letter]);
    expect(steady.upTo(END)).toEqual(trackOf(...wanted));
  });
});

describe('two tracks', () => {
  const one = trackOf([0, 'u'], [5, 'o'], [9, 'e']);
  test.each<[string, SeatTrack, number]>([
    ['the same for longer', one.until(END + 1), Number.POSITIVE_INFINITY],
    ['the same, made anew', trackOf([0, 'u'], [5, 'o'], [9, 'e']), Number.POSITIVE_INFINITY],
    ['another state', trackOf([0, 'u'], [5, 'e'], [9, 'o']), 5],
    ['an earlier turn', trackOf([0, 'u'], [4, 'o'], [9, 'e']), 4],
    ['a later turn', trackOf([0, 'u'], [5, 'o'], [10, 'e']), 9],
    ['one turn less', trackOf([0, 'u'], [5, 'o']), 9],
    ['one turn more', trackOf([0, 'u'], [5, 'o'], [9, 'e'], [12, 'u']), 12],
  ])('%s', (_, other, from) => {
    expect(differFrom(one, other)).toBe(from);
    expect(differFrom(other, one)).toBe(from);
    expect(isSameSeat(new SeatDay(true, one), new SeatDay(true, other))).toBe(from === Number.POSITIVE_INFINITY);
    expect(isSameSeat(new SeatDay(true, one), new SeatDay(false, other))).toBe(false);
  });
});

describe('a day', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const window = [...hall.windows.values()][0] as NonNullable<ReturnType<typeof hall.windows.get>>;
  const look = (lines: Parameters<typeof readWorldFacts>[1], time: string): SeatDay => {
    const book = new Book();
    for (const fact of readWorldFacts(hall, lines)) book.add(fact);
    const today = hallDay(hall, book, dayOfDate(MONDAY) ?? 0);
    return new Seat(today, book, window).at(new Moment(instantAt(time)));
  };

  test('that begins has no stretch yet, watched or not', () => {
    expect(unseen({ from: 5, to: 5 }).stretches).toEqual([]);
    expect(unseen({ from: 5, to: 6 }).stretches).toEqual([{ from: 5, to: 6, state: 'unknown' }]);
    const { watched, stretches } = look([seen('04:00:00', 'occupied')], '04:00:00');
    expect([watched, stretches]).toEqual([true, []]);
  });

  test('is occupied where one source says so, else unknown where one does, also where both turn at once', () => {
    const from = (source: string) => ({ source });
    const lines = [
      seen('04:00:00', 'empty', 'W', from('c1')),
      seen('04:00:00', 'empty', 'W', from('c2')),
      seen('09:00:00', 'occupied', 'W', from('c1')),
      seen('09:00:00', 'unknown', 'W', from('c2')),
      seen('10:00:00', 'empty', 'W', from('c1')),
      seen('10:30:00', 'empty', 'W', from('c2')),
      seen('10:45:00', 'occupied', 'W', from('c2')),
    ];
    const turns: readonly (readonly [string, Letter])[] = [
      ['04:00:00', 'e'],
      ['09:00:00', 'o'],
      ['10:00:00', 'u'],
      ['10:30:00', 'e'],
      ['10:45:00', 'o'],
    ];
    expect(look(lines, '11:00:00').track).toEqual(
      trackOf(...turns.map(([time, letter]): Turn => [instantAt(time), letter])).until(instantAt('11:00:00')),
    );
  });
});
