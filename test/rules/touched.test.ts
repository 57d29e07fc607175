/** What has to be looked at again when a fact becomes known or is taken back: all of what it can change, and no more. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import { dateOf } from '../../rules/time.ts';
import { type Touched, touchedBy } from '../../rules/touched.ts';
import { at, device, hallWith, instantAt, lasting, punch, seen } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

/** Days start at 04:00. */
const EMPLOYEE = { employee: 'e9', name: 'E9', department: null, schedule: 's' };
const HALL = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });

/** `03-02…03-04 e1 W everybody anew`: days, whose, and whether their plan is made anew. */
function text({ from, to, people, windows, seats, clocks, everybody, replans }: Touched): string {
  const dates = [from, to].map((day) => (Number.isFinite(day) ? dateOf(day).slice(5) : '∞'));
  const days = dates[0] === dates[1] ? `${dates[0]}` : dates.join('…');
  return [
    days,
    ...people,
    ...windows,
    ...seats.map(({ window }) => `seat ${window}`),
    ...clocks.map((clock) => `clock ${clock}`),
    ...(everybody ? ['everybody'] : []),
    ...(replans ? ['anew'] : []),
  ].join(' ');
}

function touched(line: Line, ...known: readonly Line[]): string[] {
  const book = new Book();
  const [fact, ...facts] = readWorldFacts(HALL, [line, ...known]);
  for (const one of facts) book.add(one);
  return touchedBy(fact as Fact, HALL, book).map(text);
}

const leave = (from: string, to: string, more: Line = {}) =>
  lasting('leave', from, to, { employee: 'e1', kind: '事假', ...more });
const duty = (from: string, to: string) => lasting('duty', from, to, { employee: 'e1' });
/** The longest duty there is, and so how far back a duty may have begun that is not over. */
const EIGHT_HOURS = duty('2026-02-10 22:00:00', '2026-02-11 06:00:00');
const WINDOW = { window: 'W' };
const ROLE = { ...WINDOW, role: 'A', employees: ['e1'] };

describe('a fact touches', () => {
  test.each<[what: string, line: Line, known: readonly Line[], said: readonly string[]]>([
    ['the day of a punch', punch('2026-03-02 09:00:00'), [], ['03-02']],
    ['the hall’s day, not the civil one', punch('2026-03-03 03:59:59.999'), [], ['03-02']],
    ['the day that starts then', punch('2026-03-03 04:00:00'), [], ['03-03']],
    ['the seat of a presence', seen('2026-03-03 09:00:00', 'occupied'), [], ['03-03 seat W']],
    [
      'the days of a leave, and whatever needs a slip in its month',
      leave('2026-03-02 09:00:00', '2026-03-04 12:00:00'),
      [],
      ['03-02…03-04 e1', '03-02…03-31 e1'],
    ],
    [
      'no day that starts when a leave ends',
      leave('2026-03-02 09:00:00', '2026-03-04 04:00:00'),
      [],
      ['03-02…03-03 e1', '03-02…03-31 e1'],
    ],
    [
      'the day before, where a duty may reach into the leave',
      leave('2026-03-03 05:00:00', '2026-03-03 12:00:00'),
      [EIGHT_HOURS],
      ['03-02…03-03 e1', '03-03…03-31 e1'],
    ],
    [
      'by a leave in the night the civil date of its start',
      leave('2026-03-03 01:00:00', '2026-03-03 02:00:00'),
      [],
      ['03-02 e1', '03-03…03-31 e1'],
    ],
    [
      'by a slip what needs one',
      { fact: 'slip', id: 's1', at: at('2026-03-20 09:00:00'), leave: 'l1' },
      [leave('2026-03-02 09:00:00', '2026-03-04 12:00:00', { id: 'l1' }), leave('09:00:00', '10:00:00', { id: 'l2' })],
      ['03-02…03-31 e1'],
    ],
    ['the day on which a duty begins', duty('2026-03-02 22:00:00', '2026-03-03 06:00:00'), [], ['03-02 e1']],
    [
      'by a duty the leaves that it makes longer',
      duty('2026-03-02 22:00:00', '2026-03-03 06:00:00'),
      [leave('2026-03-03 05:00:00', '2026-03-03 12:00:00'), leave('2026-03-03 06:00:00', '2026-03-03 12:00:00')],
      ['03-02 e1', '03-03…03-31 e1'],
    ],
    [
      'and the leaves of its date, of which it makes a smaller share',
      duty('2026-03-02 22:00:00', '2026-03-02 23:00:00'),
      [
        leave('2026-03-02 03:00:00', '2026-03-02 04:00:00'),
        leave('2026-03-02 09:00:00', '2026-03-02 12:00:00'),
        leave('2026-03-03 03:59:59.999', '2026-03-03 12:00:00'),
      ],
      ['03-02 e1', '03-02…03-31 e1', '03-03…03-31 e1'],
    ],
    [
      'also where another duty of that date lasts longer',
      duty('2026-03-02 20:00:00', '2026-03-02 21:00:00'),
      [duty('2026-03-02 22:00:00', '2026-03-03 06:00:00'), leave('2026-03-03 05:00:00', '2026-03-03 12:00:00')],
      ['03-02 e1', '03-03…03-31 e1'],
    ],
    [
      'the candidates of a window by a cover',
      lasting('cover', '2026-03-02 09:00:00', '2026-03-04 04:00:00', { ...WINDOW, employee: 'e1' }),
      [],
      ['03-02…03-03 W anew'],
    ],
    [
      'and by an assignment',
      lasting('assign', '2026-03-02 09:00:00', '2026-03-04 04:00:00', ROLE),
      [],
      ['03-02…03-03 W anew'],
    ],
    [
      'from its start on, where it has no end',
      lasting('assign', '2026-03-02 09:00:00', null, ROLE),
      [],
      ['03-02…∞ W anew'],
    ],
    [
      'one window by its pause',
      lasting('pause', '2026-03-02 09:00:00', '2026-03-04 04:00:00', WINDOW),
      [EIGHT_HOURS],
      ['03-02…03-03 W'],
    ],
    [
      'everybody by a pause of the hall',
      lasting('pause', '2026-03-03 05:00:00', '2026-03-04 04:00:00', {}),
      [],
      ['03-03 everybody'],
    ],
    [
      'also those whose duty began on the day before',
      lasting('pause', '2026-03-03 05:00:00', '2026-03-04 04:00:00', {}),
      [EIGHT_HOURS],
      ['03-02…03-03 everybody'],
    ],
    [
      'everybody’s day by what it is',
      { fact: 'day', id: 'd1', date: '2026-03-03', kind: 'rest' },
      [],
      ['03-03 everybody anew'],
    ],
    [
      'and the leaves that it makes shorter or longer',
      { fact: 'day', id: 'd1', date: '2026-03-03', kind: 'rest' },
      [
        leave('2026-03-02 09:00:00', '2026-03-03 04:00:00', { id: 'before' }),
        leave('2026-03-03 20:00:00', '2026-03-04 12:00:00', { id: 'on it' }),
        leave('2026-03-04 04:00:00', '2026-03-04 12:00:00', { id: 'after' }),
      ],
      ['03-03 everybody anew', '03-03…03-31 e1'],
    ],
    [
      'of which one may begin when a duty of that day is not over',
      { fact: 'day', id: 'd1', date: '2026-03-03', kind: 'rest' },
      [
        EIGHT_HOURS,
        leave('2026-03-04 11:59:59.999', '2026-03-05 04:00:00'),
        leave('2026-03-04 12:00:00', '2026-03-05 04:00:00'),
      ],
      ['03-03 everybody anew', '03-04…03-31 e1'],
    ],
    [
      'everybody by a credential',
      lasting('credential', '2026-03-02 09:00:00', '2026-03-04 04:00:00', { employee: 'e1', credential: '7' }),
      [],
      ['03-02…03-03 everybody'],
    ],
    [
      'everybody by who somebody is, from the first whole day on',
      lasting('employee', '2026-03-02 00:00:00.001', '2026-03-04 00:00:00', EMPLOYEE),
      [],
      ['03-03…∞ everybody anew'],
    ],
    [
      'also the days before somebody’s first on which they were named while nobody knew them',
      lasting('employee', '2026-03-04 00:00:00', '2026-03-06 00:00:00', EMPLOYEE),
      [lasting('assign', '2026-03-04 00:00:00', '2026-03-05 00:00:00', { ...ROLE, employees: ['e1', 'e9'] })],
      ['03-03…∞ everybody anew'],
    ],
    [
      'not those on which somebody was named who was known',
      lasting('employee', '2026-03-04 00:00:00', '2026-03-06 00:00:00', { ...EMPLOYEE, employee: 'e1' }),
      [lasting('cover', '2026-03-02 09:00:00', '2026-03-02 10:00:00', { ...WINDOW, employee: 'e1' })],
      ['03-04…∞ everybody anew'],
    ],
    [
      'and those on which they were to cover a window',
      lasting('employee', '2026-03-04 00:00:00', '2026-03-06 00:00:00', EMPLOYEE),
      [
        lasting('cover', '2026-03-02 09:00:00', '2026-03-02 10:00:00', { ...WINDOW, employee: 'e9' }),
        lasting('cover', '2026-02-25 09:00:00', '2026-02-25 10:00:00', { ...WINDOW, employee: 'e1' }),
      ],
      ['03-02…∞ everybody anew'],
    ],
    [
      'nothing by what is judged by nothing',
      { fact: 'patrol', id: 't1', at: at('09:00:00'), by: 'e1', scope: 'hall' },
      [],
      [],
    ],
  ])('%s', (_, line, known, said) => expect(touched(line, ...known)).toEqual(said));
});

describe('where a clock was offline', () => {
  const outages = [
    device('2026-03-02 10:00:00', 'k1', 'offline'),
    device('2026-03-02 18:00:00', 'k1', 'offline'),
    device('2026-03-04 10:00:00', 'k1', 'online', { id: 'online' }),
    device('2026-03-06 10:00:00', 'k1', 'offline'),
    device('2026-03-07 10:00:00', 'k1', 'online'),
  ];
  const forGood = device('2026-03-09 10:00:00', 'k1', 'offline');

  test.each<[what: string, line: Line, said: string]>([
    ['a punch inside proves for everybody who uses it', punch('2026-03-03 09:00:00'), '03-02…03-04 clock k1'],
    ['at its first instant, too', punch('2026-03-02 10:00:00'), '03-02…03-04 clock k1'],
    ['before it, nothing', punch('2026-03-02 09:59:59.999'), '03-02'],
    ['between two, nothing', punch('2026-03-05 09:00:00'), '03-05'],
    ['out of another clock, nothing', punch('2026-03-03 09:00:00', 'e1', { device: 'k2' }), '03-03'],
    ['out of none, nothing', punch('2026-03-03 09:00:00', 'e1', { device: undefined }), '03-03'],
    ['in one that lasts, for good', punch('2026-03-10 09:00:00'), '03-09…∞ clock k1'],
    ['an end cuts it short', device('2026-03-03 09:00:00', 'k1', 'online'), '03-02…03-04 everybody'],
    ['another beginning is one between two', device('2026-03-05 10:00:00', 'k1', 'offline'), '03-05…03-07 everybody'],
    ['within one it begins none', device('2026-03-06 12:00:00', 'k1', 'offline'), '03-06…03-07 everybody'],
    ['an earlier beginning makes it longer', device('2026-03-01 10:00:00', 'k1', 'offline'), '03-01…03-04 everybody'],
    [
      'that everything is in proves all before it',
      device('2026-03-08 10:00:00', 'k1', 'complete'),
      '03-02…∞ everybody',
    ],
    ['another clock is another matter', device('2026-03-03 10:00:00', 'k2', 'offline'), '03-03…∞ everybody'],
  ])('%s', (_, line, said) => expect(touched(line, ...outages, forGood)).toEqual([said]));

  const proof = punch('2026-03-03 09:00:00');
  const corrected = { deviceAt: at('2026-03-04 12:00:00') };

  test.each<[what: string, line: Line, known: readonly Line[], said: readonly string[]]>([
    ['one more proves nothing', punch('2026-03-03 12:00:00'), [proof], ['03-03']],
    [
      'nor does an earlier one that comes later',
      punch('2026-03-03 08:00:00', 'e1', { recordedAt: at('2026-03-03 09:00:00') }),
      [proof],
      ['03-03'],
    ],
    [
      'but one that was known before the other happened',
      punch('2026-03-03 08:00:00', 'e1', { recordedAt: at('2026-03-03 08:59:59.999') }),
      [proof],
      ['03-02…03-04 clock k1'],
    ],
    [
      'a form was no proof',
      punch('2026-03-03 12:00:00'),
      [{ ...proof, method: 'correction' }],
      ['03-02…03-04 clock k1'],
    ],
    [
      'a touch that was delivered before says so again',
      punch('2026-03-03 12:00:00', 'e1', corrected),
      [proof, punch('2026-03-03 13:00:00', 'e1', corrected)],
      ['03-02…03-04 clock k1', '03-02…03-04 clock k1'],
    ],
  ])('and that is proved: %s', (_, line, known, said) => expect(touched(line, ...outages, ...known)).toEqual(said));

  test('the first of several words that it is offline begins it', () => {
    const twice = ['2026-03-02 10:00:00', '2026-03-03 10:00:00'].map((time) => device(time, 'k1', 'offline'));
    const back = device('2026-03-04 10:00:00', 'k1', 'online');
    expect(touched(punch('2026-03-03 20:00:00'), ...twice, back)).toEqual(['03-02…03-04 clock k1']);
  });

  describe('and what was taken in was lost', () => {
    const lost = (date: string): Line =>
      device(`${date} 10:00:00`, 'daemon', 'offline', { lostUntil: at(`${date} 12:00:00`) });
    const back = device('2026-03-04 10:00:00', 'k1', 'online');

    test('no outage is proved as before', () => expect(touched(lost('2026-03-03'))).toEqual(['∞ everybody']));

    test('a clock that has everything in proves from its first word or the first loss on', () => {
      const complete = device('2026-03-08 10:00:00', 'k1', 'complete');
      const known = [back, device('2026-03-02 10:00:00', 'k1', 'offline')];
      expect(touched(complete, ...known)).toEqual(['03-02…∞ everybody']);
      expect(touched(complete, lost('2026-03-05'), lost('2026-03-06'))).toEqual(['03-05…∞ everybody']);
      expect(touched(complete, lost('2026-03-05'), ...known)).toEqual(['03-02…∞ everybody']);
    });

    test('one that goes offline later has nothing to do with it', () => {
      const offline = device('2026-03-08 10:00:00', 'k1', 'offline');
      expect(touched(offline, lost('2026-03-05'))).toEqual(['03-08…∞ everybody']);
    });
  });

  test('an end that is taken back joins it to the next', () =>
    expect(touched(device('2026-03-04 10:00:00', 'k1', 'online', { id: 'online' }), ...outages)).toEqual([
      '03-02…03-07 everybody',
    ]));

  test('a duty that began on the day before is touched, too', () => {
    const night = device('2026-03-02 10:00:00', 'k1', 'offline');
    expect(touched(punch('2026-03-03 09:00:00'), night, device('2026-03-04 05:00:00', 'k1', 'online'))).toEqual([
      '03-02…03-04 clock k1',
    ]);
    expect(touched(device('2026-03-03 05:00:00', 'k1', 'offline'), EIGHT_HOURS)).toEqual(['03-02…∞ everybody']);
  });

  test('the daemon needs no proof', () => {
    const away = [
      device('2026-03-02 10:00:00', 'daemon', 'offline'),
      device('2026-03-04 10:00:00', 'daemon', 'online'),
    ];
    expect(touched(punch('2026-03-03 09:00:00', 'e1', { device: 'daemon' }), ...away)).toEqual(['03-03']);
    expect(touched(device('2026-03-03 09:00:00', 'daemon', 'online'), ...away)).toEqual(['03-02…03-04 everybody']);
  });
});

describe('a configuration', () => {
  const fact: ConfigFact = {
    fact: 'config',
    id: 'c1',
    at: instantAt('2026-03-02 08:00:00'),
    recordedAt: instantAt('2026-03-02 08:00:00'),
    hash: 'h',
    effectiveFrom: instantAt('2026-03-04 04:00:00'),
    judging: {},
  };

  test('touches every day from the one on which it takes effect', () => {
    expect(touchedBy(fact, HALL, new Book()).map(text)).toEqual(['03-04…∞ everybody anew']);
  });

  test('touches all of them where it is the first, and without one nothing is touched', () => {
    expect(touchedBy(fact, null, new Book()).map(text)).toEqual(['∞ everybody anew']);
    expect(touchedBy(fact, null, new Book())[0]?.from).toBe(Number.NEGATIVE_INFINITY);
    const [known] = readWorldFacts(HALL, [punch('09:00:00')]);
    expect(touchedBy(known as Fact, null, new Book())).toEqual([]);
  });
});
