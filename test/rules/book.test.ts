/** What the book answers at its edges, and after something was taken back or forgotten. Times are of Monday 2026-03-02. */
import { describe, expect, test } from 'vitest';
import { factsToJudge, liesIn } from '../../rules/archive.ts';
import { Book, touchOf } from '../../rules/book.ts';
import type { CredentialFact, DayFact, DeviceFact, DutyFact, Fact, PauseFact, PunchFact } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { HOUR, type Ms } from '../../rules/time.ts';
import { hallWith, instantAt, MONDAY } from '../support/hand-hall.ts';

const at = instantAt;

function touch(id: string, time: string, more: Partial<PunchFact> = {}): PunchFact {
  const who = more.credential === undefined ? { employee: 'e1' } : {};
  return { fact: 'punch', id, recordedAt: 0, at: at(time), device: 'k1', ...who, ...more };
}

function bookOf(...facts: readonly Fact[]): Book {
  const book = new Book();
  for (const fact of facts) book.add(fact);
  return book;
}

const idsOf = (facts: Iterable<{ readonly id: string }>): string[] => [...facts].map(({ id }) => id);

test('the longest duty is the longest that was not taken back', () => {
  const duty = (id: string, hours: number): DutyFact => {
    const from = at('08:00:00');
    return { fact: 'duty', id, recordedAt: 0, employee: 'e1', from, to: from + hours * HOUR };
  };
  const book = bookOf(duty('long', 3), duty('short', 1), duty('middle', 2));
  expect(book.longestDuty).toBe(3 * HOUR);
  book.remove(duty('long', 3));
  expect(book.longestDuty).toBe(2 * HOUR);
});

test('a pause of the hall that is taken back is none', () => {
  const pause: PauseFact = { fact: 'pause', id: 'z', recordedAt: 0, reason: '停电', from: 0, to: HOUR };
  const book = bookOf(pause);
  expect(book.hallPauses()).toEqual([pause]);
  book.remove(pause);
  expect(book.hallPauses()).toEqual([]);
});

test('of several facts of a date the latest recorded holds, and none once they are taken back', () => {
  const said = (id: string, kind: 'rest' | 'work', recordedAt: Ms): DayFact => {
    return { fact: 'day', id, recordedAt, date: MONDAY, kind };
  };
  const day = dayAt(hallWith(), at('12:00:00'));
  const [first, last] = [said('b', 'rest', 1), said('a', 'work', 2)];
  const book = bookOf(first, last);
  expect(book.dayFact(day)).toBe('work');
  book.remove(last);
  expect(book.dayFact(day)).toBe('rest');
  book.remove(first);
  expect(book.dayFact(day)).toBeNull();
});

describe('a touch', () => {
  const corrected = touch('set-right', '10:05:00', { deviceAt: at('10:00:00') });
  const elsewhere = '2026-03-12 10:05:00';

  test('is another with another credential, person, clock, time or number', () => {
    const ones = [
      touch('a', '10:00:00', { credential: '1' }),
      touch('a', '10:00:00', { credential: '2' }),
      touch('a', '10:00:00'),
      touch('a', '10:00:00', { employee: 'e2' }),
      touch('a', '10:00:00', { device: 'k2' }),
      touch('a', '10:00:01'),
      touch('a', '10:00:00', { seq: 7 }),
    ];
    expect(new Set(ones.map(touchOf)).size).toBe(ones.length);
    expect(touchOf(corrected)).toBe(touchOf(touch('b', '10:00:00')));
  });

  test.each<[string, readonly PunchFact[], PunchFact, readonly string[]]>([
    ['delivered twice with one time has no other', [touch('p', '10:00:00')], touch('q', '10:00:00'), []],
    ['set right, before it is in the book', [touch('p', '10:00:00')], corrected, ['p']],
    ['that was set right', [corrected], touch('p', '10:00:00'), ['set-right']],
    ['set right in another way', [corrected], { ...corrected, id: 'q', at: at('10:06:00') }, ['set-right']],
    ['of somebody else', [touch('p', '10:00:00', { employee: 'e2' })], corrected, []],
    ['a millisecond later', [touch('p', '10:00:00.001')], corrected, []],
    ['itself', [corrected], corrected, []],
  ])('%s', (_, known, asked, wanted) => expect(idsOf(bookOf(...known).sameTouch(asked))).toEqual(wanted));

  test('counts once: the earliest', () => {
    const plain = touch('p', '10:00:00');
    const book = bookOf(plain, corrected);
    expect([book.isRepeat(plain), book.isRepeat(corrected)]).toEqual([false, true]);
    book.remove(corrected);
    expect([book.isRepeat(plain), book.sameTouch(touch('q', '10:00:00'))]).toEqual([false, []]);
  });

  test('is forgotten with its days, but for what lies on a day that is kept', () => {
    const saidAt = { deviceAt: corrected.at - 5 * 60_000 };
    const reaches = touch('reaches', elsewhere, { seq: 1, ...saidAt });
    const goes = touch('goes', '10:07:00', { seq: 1, ...saidAt });
    const stays = touch('stays', elsewhere, { deviceAt: at('2026-03-12 10:00:00') });
    const book = bookOf(corrected, reaches, goes, stays);
    const knownOf = (one: PunchFact): string[] => idsOf(book.sameTouch({ ...one, id: 'asked' }));
    book.forgetBefore(at('2026-03-01 00:00:00'), []);
    expect([corrected, goes, stays].map(knownOf)).toEqual([['set-right'], ['goes', 'reaches'], ['stays']]);
    book.forgetBefore(at('2026-03-10 00:00:00'), []);
    expect([corrected, goes, stays].map(knownOf)).toEqual([[], ['reaches'], ['stays']]);
  });

  test('belongs to whom its credential is mapped to then, in order of time', () => {
    const hall = hallWith({
      employees: [
        { id: 'e1', name: 'E1', schedule: 's', credentials: ['5', '6'] },
        { id: 'e2', name: 'E2', schedule: 's' },
      ],
    });
    const book = bookOf(
      touch('late', '11:00:00', { credential: '5' }),
      touch('theirs', '10:00:00', { credential: '5' }),
      touch('own', '10:30:00', { credential: '6' }),
      touch('named', '10:15:00'),
      {
        fact: 'credential',
        id: 'lent',
        recordedAt: 0,
        employee: 'e2',
        credential: '5',
        from: at('10:00:00'),
        to: at('11:00:00'),
      },
    );
    const day: Span = { from: at('00:00:00'), to: at('23:00:00') };
    const touchesOf = (employee: string) => idsOf(book.touchesOf(hall, employee, day).map(({ punch }) => punch));
    expect(touchesOf('e1')).toEqual(['named', 'own', 'late']);
    expect(touchesOf('e2')).toEqual(['theirs']);
    expect(touchesOf('nobody')).toEqual([]);
  });
});

test('the punches of a stretch of time are those before its end, not the one at its end', () => {
  const book = bookOf(touch('first', '08:00:00'), touch('last', '08:59:59.999'), touch('next', '09:00:00'));
  const hour: Span = { from: at('08:00:00'), to: at('09:00:00') };
  expect(book.touchesOf(hallWith(), 'e1', hour).map(({ punch }) => punch.id)).toEqual(['first', 'last']);
});

test('a punch that is taken back is nobody’s, also where it was the only one', () => {
  const punch = touch('p', '09:00:00');
  const book = bookOf(punch);
  book.remove(punch);
  expect(book.touchesOf(hallWith(), 'e1', { from: at('08:00:00'), to: at('10:00:00') })).toEqual([]);
});

test.each([['k1'], [undefined]])('a number that is taken back is nobody’s, on clock %s', (device) => {
  const on = device === undefined ? {} : { device };
  const number: CredentialFact = {
    ...{ fact: 'credential', id: 'c', recordedAt: 0, employee: 'e2', credential: '5', from: 0, to: null },
    ...on,
  };
  const book = bookOf(number);
  const punch = touch('p', '09:00:00', { credential: '5' });
  expect(book.ownerOf(hallWith(), punch)).toBe('e2');
  book.remove(number);
  expect(book.ownerOf(hallWith(), punch)).toBeNull();
});

test('facts of days before an instant are forgotten, but for days of which some is kept', () => {
  const hall = hallWith();
  const at8 = (date: string): PunchFact => touch(date, `${date} 08:00:00`);
  const dates = ['2026-03-02', '2026-03-04', '2026-03-06', '2026-03-08'];
  const book = bookOf(...dates.map(at8));
  // UTC days: those begin at 08:00 in Shanghai.
  const kept: Span = { from: at('2026-03-04 09:00:00'), to: at('2026-03-06 08:00:00') };
  book.forgetBefore(at('2026-03-08 08:00:00'), [kept]);
  const whole: Span = { from: at('2026-03-01 08:00:00'), to: at('2026-03-09 08:00:00') };
  expect(book.touchesOf(hall, 'e1', whole).map(({ punch }) => punch.id)).toEqual(['2026-03-04', '2026-03-08']);
  const upTo = { from: whole.from, to: at('2026-03-08 08:00:00') };
  expect(book.touchesOf(hall, 'e1', upTo).map(({ punch }) => punch.id)).toEqual(['2026-03-04']);
});

describe('a clock', () => {
  const during: Span = { from: at('10:00:00'), to: at('11:00:00') };

  test.each<[string, PunchFact, string, boolean]>([
    ['at its beginning', touch('p', '10:00:00'), '12:00:00', true],
    ['at its last instant', touch('p', '10:59:59.999'), '12:00:00', true],
    ['before', touch('p', '09:59:59.999'), '12:00:00', false],
    ['at its end', touch('p', '11:00:00'), '12:00:00', false],
    ['just now', touch('p', '10:30:00'), '10:30:00', true],
    ['not yet', touch('p', '10:30:00'), '10:29:59.999', false],
    ['of another clock', touch('p', '10:30:00', { device: 'k2' }), '12:00:00', false],
    ['a form', touch('p', '10:30:00', { method: 'correction' }), '12:00:00', false],
    ['a sign-in by hand', touch('p', '10:30:00', { method: 'manual' }), '12:00:00', false],
  ])('recorded in a stretch of time: %s', (_, punch, now, wanted) => {
    expect(bookOf(punch).clockRecordedIn('k1', during, at(now))).toBe(wanted);
  });

  test('recorded another than the one that is asked about', () => {
    const recorded = (...known: PunchFact[]): boolean =>
      bookOf(...known).clockRecordedIn('k1', during, at('12:00:00'), 'p');
    expect(recorded(touch('p', '10:30:00'))).toBe(false);
    expect(recorded(touch('p', '10:30:00'), touch('q', '10:20:00'))).toBe(true);
  });

  test('recorded what came in after it had been asked, and no longer what was taken out', () => {
    const book = new Book();
    const recorded = (): boolean => book.clockRecordedIn('k1', during, at('12:00:00'));
    const said = [recorded()];
    book.add(touch('o', '10:15:00', { device: 'k2' }));
    said.push(recorded());
    book.add(touch('p', '10:30:00'));
    said.push(recorded());
    book.remove(touch('p', '10:30:00'));
    said.push(recorded());
    expect(said).toEqual([false, false, true, false]);
  });

  test('recorded a touch once, also where that was delivered again with another time', () => {
    const first = touch('p', '09:00:00');
    const again = touch('q', '10:30:00', { deviceAt: first.at });
    expect(bookOf(again).clockRecordedIn('k1', during, at('12:00:00'))).toBe(true);
    expect(bookOf(first, again).clockRecordedIn('k1', during, at('12:00:00'))).toBe(false);
  });

  const said = (state: 'offline' | 'online', time: string): DeviceFact => {
    return { fact: 'device', id: `${state}${time}`, recordedAt: 0, device: 'k1', state, at: at(time) };
  };

  test.each<[string, readonly DeviceFact[], readonly string[]]>([
    ['to the day’s first instant', [said('offline', '09:00:00'), said('online', '10:00:00')], []],
    [
      'a millisecond into the day',
      [said('offline', '09:00:00'), said('online', '10:00:00.001')],
      ['09:00:00', '10:00:00.001'],
    ],
    [
      'from its last instant on',
      [said('offline', '10:59:59.999'), said('online', '12:00:00')],
      ['10:59:59.999', '12:00:00'],
    ],
    ['from its end on', [said('offline', '11:00:00'), said('online', '12:00:00')], []],
    ['and is not back: nothing that is known proves it', [said('offline', '10:00:00')], []],
  ])('was away: %s', (_, facts, wanted) => {
    const stretches = bookOf(...facts).outagesTouching(during);
    expect(stretches.flatMap(({ from, to }) => [from, to])).toEqual(wanted.map(at));
  });
});

describe('the archive', () => {
  const day: Span = { from: at('00:00:00'), to: at('23:00:00') };

  test.each<[string, Fact, boolean]>([
    ['at the first instant', touch('p', '00:00:00'), true],
    ['at the end', touch('p', '23:00:00'), false],
    ['before', touch('p', '2026-03-01 12:00:00'), false],
    ['before, and said of it', touch('p', '2026-03-01 12:00:00', { deviceAt: day.from }), true],
    ['in it, and said of another', touch('p', '12:00:00', { deviceAt: day.to }), true],
    ['before, and said of a later one', touch('p', '2026-03-01 12:00:00', { deviceAt: day.to }), false],
    ['a device’s word', { fact: 'device', id: 'd', recordedAt: 0, device: 'k1', state: 'online', at: day.from }, false],
    [
      'what was seen later',
      { fact: 'presence', id: 'v', recordedAt: 0, window: 'W', state: 'empty', at: day.to },
      false,
    ],
  ])('finds what lies in a stretch of time: %s', (_, fact, wanted) => expect(liesIn(fact, day)).toBe(wanted));

  test('asks for no instant of the day itself again', () => {
    const asked: Span[] = [];
    const facts = [touch('plain', '10:00:00'), touch('inside', '11:00:00', { deviceAt: at('10:00:00') })];
    const between = (span: Span) => {
      asked.push(span);
      return facts.filter((fact) => liesIn(fact, span));
    };
    expect(idsOf(factsToJudge({ between }, day))).toEqual(['plain', 'inside']);
    expect(asked).toEqual([day]);
  });

  test('gives what judges a day once, and other deliveries of its touches', () => {
    const facts = [
      touch('plain', '10:00:00'),
      touch('inside', '11:00:00', { deviceAt: at('10:00:00') }),
      touch('at-start', '12:00:00', { deviceAt: day.from }),
      touch('first', '00:00:00'),
      touch('at-end', '13:00:00', { deviceAt: day.to }),
      touch('of-the-end', '23:00:00'),
      touch('from-before', '14:00:00', { deviceAt: at('2026-03-01 12:00:00') }),
      touch('before', '2026-03-01 12:00:00'),
      touch('unasked', '2026-03-01 13:00:00'),
    ];
    const archive = { between: (span: Span) => facts.filter((fact) => liesIn(fact, span)) };
    const found = idsOf(factsToJudge(archive, day));
    const today = ['plain', 'inside', 'at-start', 'first', 'at-end', 'from-before'];
    expect(found).toEqual([...today, 'of-the-end', 'before']);
  });
});
