/** What explanations say of a leave without a slip: its days, those of its month, and slips that do not count; worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Hall } from '../../rules/hall.ts';
import { HOUR } from '../../rules/time.ts';
import { asideOf, explained, usedOf } from '../support/explained.ts';
import { at, hallWith, lasting } from '../support/hand-hall.ts';

type Line = Readonly<Record<string, unknown>>;

const off = (id: string, from: string, to: string, more: Line = {}): Line =>
  lasting('leave', from, to, { id, employee: 'e1', kind: '事假', ...more });
const slipOf = (lines: readonly Line[], hall?: Hall) =>
  explained('leave-slip', lines, { session: null, ...(hall === undefined ? {} : { hall }) });
/** Of the six hours of sessions a day. */
const share = (date: string, hours: number) => ({ date, coveredMs: hours * HOUR, ofMs: 6 * HOUR });

describe('a leave without a slip', () => {
  const long = off('long', '09:00:00', '2026-03-03 12:00:00');

  test('is longer than a day itself', () => {
    const before = off('before', '2026-03-01 09:00:00', '2026-03-01 12:00:00');
    const explanation = slipOf([before, long]);
    const own = { leave: 'long', dates: [share('2026-03-02', 6), share('2026-03-03', 3)] };
    expect(explanation.arithmetic).toEqual({
      of: 'slip',
      own,
      slipDays: 1,
      month: [{ leave: 'before', dates: [share('2026-03-01', 3)] }, own],
      slipMonthDays: 3,
      fires: 'own',
    });
    expect(usedOf(explanation)).toEqual(['leave long']);
    expect(explanation.subject).toEqual({ of: 'leave', employee: 'e1', leave: 'long', kind: '事假' });
    expect(explanation.parameters.map(({ name }) => name)).toEqual(['slipKinds', 'slipDays', 'slipMonthDays']);
    expect(explanation.coverage).toBeNull();
    expect(explanation.doubts).toEqual([]);
  });

  test('brings the month beyond three days, with those before it that have days of their own', () => {
    const explanation = slipOf([
      off('three', '2026-03-01 09:00:00', '2026-03-03 17:00:00', { slip: true }),
      off('lunch', '2026-03-01 12:10:00', '2026-03-01 13:30:00'),
      off('other kind', '2026-03-01 14:00:00', '2026-03-01 15:00:00', { kind: '年假' }),
      off('half', '09:00:00', '12:00:00'),
      off('after', '15:00:00', '15:10:00', { slip: true }),
    ]);
    const dates = ['2026-03-01', '2026-03-02', '2026-03-03'].map((date) => share(date, 6));
    expect(explanation.arithmetic).toMatchObject({
      own: { leave: 'half', dates: [share('2026-03-02', 3)] },
      month: [
        { leave: 'three', dates },
        { leave: 'half', dates: [share('2026-03-02', 3)] },
      ],
      fires: 'month',
    });
    expect(usedOf(explanation)).toEqual(['leave half', 'leave-of-month three']);
  });

  test('has slips that do not count, and none that are another’s', () => {
    const slip = (id: string, time: string, more: Line = {}): Line => {
      return { fact: 'slip', id, at: at(time), leave: 'long', ...more };
    };
    const explanation = slipOf([
      long,
      off('other', '2026-02-02 09:00:00', '2026-02-02 12:00:00'),
      slip('unknown', '12:00:00', { recordedAt: at('20:00:00.001') }),
      slip('gone', '13:00:00'),
      slip('future', '20:00:00.001', { recordedAt: at('12:00:00') }),
      slip('of another', '14:00:00', { leave: 'other' }),
      { fact: 'cancel', id: 'cancel', at: at('13:30:00'), target: 'gone' },
    ]);
    expect(asideOf(explanation)).toEqual(['unknown not-yet-known', 'gone cancelled by cancel', 'future after-now']);
    expect(explanation.aside.map(({ employee }) => employee)).toEqual(['e1', 'e1', 'e1']);
  });

  test('is in doubt on a date that nobody has published', () => {
    const national = { from: 19_700, until: 20_000, days: new Map() };
    const { doubts } = slipOf([long], { ...hallWith(), national });
    expect(doubts).toEqual([{ reason: 'unconfirmed', publishedUntil: '2024-10-04' }]);
  });
});
