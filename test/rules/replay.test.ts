/** From which day on is judged, and by what that is known. Times are of Monday 2026-03-02. */
import { describe, expect, test } from 'vitest';
import type { CancelFact, ConfigFact, Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { firstDayOf, historyUntil, verdictsAt } from '../../rules/replay.ts';
import { BEGINNING, DAY_LENGTH, dateOf, dayOfDate, HOUR, MINUTE } from '../../rules/time.ts';
import { at, device, hallWith, instantAt, lasting, punch, saidAt, seen, toldUntil } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>> & { readonly fact?: unknown };

const HALL = hallWith();
const NEW_YORK = hallWith({ hall: { id: 'h', name: 'H', timezone: 'America/New_York' } });

/** Compiles configurations and nothing else. */
function compile({ fact, hash }: ConfigFact): Hall {
  if (fact !== 'config') throw new Error(`${fact} is no configuration`);
  return { ...(hash === 'NY' ? NEW_YORK : HALL), config: hash };
}

const config = (hash: string, time: string, known = time): ConfigFact => {
  const instants = { at: instantAt(time), effectiveFrom: instantAt(time), recordedAt: instantAt(known) };
  return { fact: 'config', id: `${hash}${time}`, hash, judging: {}, ...instants };
};
/** Some are facts already. */
const inputOf = (time: string, ...lines: readonly (Line | ConfigFact | CancelFact)[]) => {
  const facts = lines.flatMap((line): Fact[] => {
    if (line.fact === 'config') return [line as ConfigFact];
    return line.fact === 'cancel' ? [line as CancelFact] : [...readWorldFacts(HALL, [line as Line])];
  });
  return { facts, compile, hall: HALL, now: instantAt(time) };
};

test('of nothing nothing is said', () => {
  const input = inputOf('18:00:00');
  expect([verdictsAt(input), historyUntil(input), firstDayOf(input)]).toEqual([[], [], null]);
});

describe('the first day', () => {
  const early = punch('2026-03-04 09:00:00');
  const first = (...lines: readonly (Line | ConfigFact)[]): string =>
    dateOf(firstDayOf(inputOf('2026-03-20 18:00:00', ...lines)) ?? Number.NaN);

  test.each<[what: string, lines: readonly (Line | ConfigFact)[], wanted: string]>([
    ['of one fact is its date', [early], '2026-03-04'],
    ['of several is the earliest', [punch('2026-03-05 09:00:00'), early, punch('2026-03-09 09:00:00')], '2026-03-04'],
    [
      'is the start of what lasts',
      [early, lasting('leave', '2026-02-27 09:00:00', '2026-03-06 09:00:00', { employee: 'e1', kind: '年假' })],
      '2026-02-27',
    ],
    [
      'is not earlier for somebody who was hired long ago',
      [
        early,
        lasting('employee', '2020-01-01 00:00:00', null, {
          employee: 'e1',
          name: 'E1',
          department: null,
          schedule: 's',
        }),
      ],
      '2026-03-04',
    ],
    ['is the date of a configuration in its own zone', [early, config('NY', '2026-03-04 12:00:00')], '2026-03-03'],
    [
      'is told by the zone that is in force by now',
      [punch('2026-03-04 09:00:00'), config('NY', '2026-03-05 12:00:00')],
      '2026-03-03',
    ],
    [
      'is not told by a zone that nobody knows yet',
      [
        punch('2026-03-04 09:00:00'),
        config('SH', '2026-03-05 12:00:00'),
        config('NY', '2026-03-06 12:00:00', '2026-03-20 18:00:00.001'),
      ],
      '2026-03-04',
    ],
    [
      'is told by one that is known this instant',
      [punch('2026-03-04 09:00:00'), config('NY', '2026-03-06 12:00:00', '2026-03-20 18:00:00')],
      '2026-03-03',
    ],
  ])('%s', (_, lines, wanted) => expect(first(...lines)).toBe(wanted));

  test('is that of a later fact, where clocks are put back over midnight', () => {
    // At half past midnight it is half past eleven again.
    const half = 100 * DAY_LENGTH + 30 * MINUTE;
    const zone = { id: 'Nowhere', starts: [BEGINNING, half], offsets: [0, -HOUR] };
    const facts = [half - 1, half + 1].map((time): Fact => {
      return { fact: 'slip', id: `s${time}`, at: time, recordedAt: time, leave: 'l' };
    });
    expect(firstDayOf({ facts, compile, hall: { ...HALL, zone }, now: half + DAY_LENGTH })).toBe(99);
  });

  test('is what is asked for, whatever is known', () => {
    const from = dayOfDate('2026-03-10') ?? 0;
    expect(firstDayOf({ ...inputOf('2026-03-20 18:00:00', early), from })).toBe(from);
  });
});

describe('what becomes known', () => {
  const STARTED = device('08:00:00', 'k1', 'online');
  const late = (recordedAt: string) => punch('09:20:00', 'e1', { recordedAt: at(recordedAt) });

  test('later than now has happened to nobody yet', () => {
    expect(toldUntil(HALL, [STARTED, late('09:25:00')], '09:24:59.999')).toEqual([
      '09:05:00.001 open late open e1/1 09:00:00–',
    ]);
    expect(toldUntil(HALL, [STARTED, late('09:25:00')], '09:25:00').at(-1)).toBe(
      '09:25:00 close late closed e1/1 09:00:00–09:20:00',
    );
  });

  test('as taken back, though nobody knows what it was, takes nothing back', () => {
    const then = instantAt('09:06:00');
    const cancel: CancelFact = { fact: 'cancel', id: 'q', at: then, recordedAt: then, target: 'gone' };
    const told = historyUntil(inputOf('09:10:00', STARTED, cancel)).map(({ op, verdict }) => `${op} ${verdict.rule}`);
    expect(told).toEqual(['open late']);
  });

  test('before any configuration is judged by none', () => {
    const facts = [STARTED, config('SH', '08:00:00', '09:15:00')];
    expect(historyUntil(inputOf('09:20:00', ...facts)).map(({ at: when }) => when)).toEqual([instantAt('09:15:00')]);
  });
});

test.each([
  ['the next day', '2026-03-03'],
  ['the day after the next one', '2026-03-04'],
])('somebody unverified makes an absence doubtful, also on %s, into which a duty lasts', (_, end) => {
  const schedules = { s: { weekly: {} }, w: { weekly: everyDay('04:00-08:00') } };
  const hall = hallWith({ schedules, windows: [{ id: 'W', name: 'W', schedule: 'w', a: 'e1' }] });
  const duty = lasting('duty', '22:00:00', `${end} 08:00:00`, { employee: 'e1' });
  const sat = [seen(`${end} 05:00:00`, 'occupied'), seen(`${end} 06:00:00`, 'empty')];
  const absences = (...lines: readonly Line[]): string[] =>
    saidAt(hall, lines, `${end} 12:00:00`).filter((line) => line.startsWith('absent'));
  expect(absences(duty)).toEqual([`absent closed e1/1 22:00:00–${end} 08:00:00`]);
  expect(absences(duty, ...sat)).toEqual([`absent pending (seat-occupied) e1/1 22:00:00–${end} 08:00:00`]);
});
