/** Figures of a window's day, counted by hand, and in which order a day is looked at. The hall is served from 09:00 to 12:00. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Hall } from '../../rules/hall.ts';
import { lookAtDay } from '../../rules/looked-day.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { dayOfDate, HOUR } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { NO_WINDOW_FIGURES, seatRate, type WindowFigures, windowFigures } from '../../rules/window-measures.ts';
import { hallWith, instantAt, MONDAY, punch, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { readWorldFacts } from '../support/world-run.ts';

const DAY = dayOfDate(MONDAY) ?? 0;
const MORNING = { schedules: { s: { weekly: everyDay('09:00-12:00') } } };
const people = (...ids: readonly string[]) => ids.map((id) => ({ id, name: id, schedule: 's' }));

describe('the figures of a window', () => {
  const HALL = hallWith({ ...MORNING, windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const figuresOf = (
    hall: Hall,
    lines: readonly Readonly<Record<string, unknown>>[],
    { time = '15:00:00', isWaived = (_: Verdict) => false as boolean } = {},
  ): WindowFigures => {
    const now = instantAt(time);
    const facts = readWorldFacts(hall, lines);
    const book = new Book();
    for (const fact of facts) book.add(fact);
    const said = verdictsAt({ facts, compile: () => hall, hall, now, from: DAY });
    const looked = lookAtDay(DAY, {
      book,
      configs: new Configs(() => hall, hall),
      verdictsOn: () => said,
      isWaived,
      now,
    });
    const [window] = looked?.windows ?? [];
    return window === undefined ? NO_WINDOW_FIGURES : windowFigures(window);
  };
  const counts = ({ openings, opened, asked, filled, asksPending, missingCover, waived }: WindowFigures) => {
    return { openings, opened, asked, filled, asksPending, missingCover, waived };
  };

  test('count what was set aside nowhere else', () => {
    const none = { openings: 0, opened: 0, asked: 0, filled: 0, asksPending: 0, missingCover: 0, waived: 0 };
    const isWaived = ({ rule }: Verdict): boolean => rule === 'missing-cover';
    expect(counts(figuresOf(HALL, []))).toEqual({ ...none, openings: 1, asked: 1, missingCover: 1 });
    expect(counts(figuresOf(HALL, [], { isWaived }))).toEqual({ ...none, waived: 1 });
  });

  test('count somebody unverified as no fault that could be set aside', () => {
    const sat = [seen('08:50:00', 'occupied')];
    const isWaived = ({ rule }: Verdict): boolean => rule === 'unverified-occupant';
    expect(counts(figuresOf(HALL, sat, { isWaived }))).toMatchObject({ missingCover: 0, waived: 0 });
  });

  test('know whether it was opened once that could not be late any more', () => {
    const facts = [punch('08:50:00')];
    expect(figuresOf(HALL, facts, { time: '09:09:59.999' })).toMatchObject({ openings: 0, opened: 0 });
    expect(figuresOf(HALL, facts, { time: '09:10:00' })).toMatchObject({ openings: 1, opened: 1 });
  });

  test('are in doubt on a date that nobody has published, also where the seat was seen empty', () => {
    const facts = [seen('08:50:00', 'empty')];
    const until = DAY - 1;
    const unpublished: Hall = { ...HALL, national: { from: until - 300, until, days: new Map() } };
    expect(figuresOf(HALL, facts)).toMatchObject({ bare: 3 * HOUR, doubtful: 0 });
    expect(figuresOf(unpublished, facts)).toMatchObject({ bare: 0, doubtful: 3 * HOUR });
  });

  test('say how much of the time that could be seen somebody sat there', () => {
    expect(seatRate({ ...NO_WINDOW_FIGURES, occupied: 3, empty: 1, unknown: 4 })).toBe(0.75);
    expect(seatRate({ ...NO_WINDOW_FIGURES, unknown: 4 })).toBeNull();
  });
});

test('a day is looked at in the order of the configuration, and not at all while none is known', () => {
  const windows = ['W', 'V', 'U'].map((id) => ({ id, name: id, schedule: 's', a: id === 'V' ? 'e2' : 'e1' }));
  const hall = hallWith({ ...MORNING, employees: people('e1', 'e2'), windows });
  const options = { book: new Book(), verdictsOn: () => [], now: instantAt('10:00:00') };
  const looked = lookAtDay(DAY, { ...options, configs: new Configs(() => hall, hall) });
  expect(looked?.windows.map(({ day }) => day.window.id)).toEqual(['W', 'V', 'U']);
  expect(lookAtDay(DAY, { ...options, configs: new Configs(() => hall, null) })).toBeNull();
});
