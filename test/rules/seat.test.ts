/** A seat that is followed as more is said of it: at every instant it is what it would be found to be anew. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { PresenceFact } from '../../rules/facts.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay } from '../../rules/plan.ts';
import { Seat } from '../../rules/seat.ts';
import { dayOfDate, HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { hallWith, instantAt, MONDAY } from '../support/hand-hall.ts';

const HALL = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
const WINDOW = [...HALL.windows.values()][0] as NonNullable<ReturnType<typeof HALL.windows.get>>;
const TODAY = hallDay(HALL, new Book(), dayOfDate(MONDAY) ?? 0);
const STATES = ['occupied', 'empty', 'unknown'] as const;

const said = (id: string, at: Ms, state: PresenceFact['state'], source = 'c1'): PresenceFact => {
  return { fact: 'presence', id, recordedAt: at, at, window: 'W', state, source };
};

/** What is known of a seat, and when it is to be looked at again. */
function lookAt(seat: Seat, now: Ms) {
  const moment = new Moment(now);
  const { watched, track } = seat.at(moment);
  return {
    watched,
    stretches: seat.at(moment).until(Math.min(now, TODAY.to)).stretches,
    states: track.states,
    nextAt: moment.nextAt,
  };
}

/** Mostly what has just been seen; sometimes of long ago, of the same instant, of what is still to come, or by somebody else. */
function somethingSaid(dice: Dice, id: string, now: Ms, sources: number): PresenceFact {
  const at = dice.chance(0.7) ? now : now + dice.between(-40, 20) * 10 * SECOND;
  const source = `c${dice.chance(0.1) ? dice.between(1, sources) : 1}`;
  return said(id, at, STATES[dice.between(0, 2)] as PresenceFact['state'], source);
}

test.each([1, 2])('of %d sources, whatever is said when, or taken back', (sources) => {
  const dice = diceOf(sources);
  for (let world = 0; world < 60; world++) {
    const book = new Book();
    const seat = new Seat(TODAY, book, WINDOW);
    const known: PresenceFact[] = [];
    // The day begins, goes from one UTC day to the next, or ends.
    let now = instantAt(['04:00:00', '07:58:00', '03:50:00'][world % 3] as string) + (world % 3 === 2 ? 24 * HOUR : 0);
    for (let step = 0; step < 40; step++) {
      now += dice.pick([0, 1, 5 * SECOND, 19 * SECOND, MINUTE, 2 * MINUTE]);
      if (dice.chance(0.6)) {
        const fact = somethingSaid(dice, `f${step}`, now, sources);
        known.push(fact);
        book.add(fact);
        seat.forget();
      }
      if (dice.chance(0.1) && known.length > 0) {
        const [fact] = known.splice(dice.between(0, known.length - 1), 1);
        book.remove(fact as PresenceFact);
        seat.forget();
      }
      // What is taken back need not be known yet.
      if (dice.chance(0.05)) {
        book.remove(said(`g${step}`, now, 'empty', `c${sources}`));
        seat.forget();
      }
      // Whoever looks ahead, or back, leaves it as it is.
      for (const at of dice.chance(0.1) ? [now + dice.between(-5, 5) * MINUTE, now] : [now]) {
        expect({ world, step, at, ...lookAt(seat, at) }).toEqual({
          world,
          step,
          at,
          ...lookAt(new Seat(TODAY, book, WINDOW), at),
        });
      }
    }
  }
});

describe('one word more', () => {
  const at = instantAt('09:00:00');
  const seatOf = (...facts: readonly PresenceFact[]) => {
    const book = new Book();
    for (const fact of facts) book.add(fact);
    const seat = new Seat(TODAY, book, WINDOW);
    seat.at(new Moment(at));
    return { book, seat };
  };
  const first = said('f1', at - MINUTE, 'empty');

  test('of the only source, later than the others, changes nothing before', () => {
    const { book, seat } = seatOf(first);
    const more = said('f2', at, 'occupied');
    book.add(more);
    expect(seat.isAsBefore(more)).toBe(true);
  });

  test('of another source may: where one of two has not spoken yet, nothing is known', () => {
    const { book, seat } = seatOf(first);
    const more = said('f2', at, 'occupied', 'c2');
    book.add(more);
    expect(seat.isAsBefore(more)).toBe(false);
  });

  test('may where it is the first: somebody watches', () => {
    const { book, seat } = seatOf();
    book.add(first);
    expect(seat.isAsBefore(first)).toBe(false);
  });

  test('may where it is not the last, or is taken back', () => {
    for (const change of ['earlier', 'taken back'] as const) {
      const { book, seat } = seatOf(first, said('f3', at, 'occupied'));
      const more = said('f2', at - SECOND, 'unknown');
      if (change === 'earlier') book.add(more);
      else book.remove(first);
      expect([change, seat.isAsBefore(more)]).toEqual([change, false]);
    }
  });
});
