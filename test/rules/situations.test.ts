/** Who held which window, found out from what was found before: the same as from the beginning. */
import { expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import type { PresenceState } from '../../rules/facts.ts';
import type { Span } from '../../rules/intervals.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay, serviceIntervals } from '../../rules/plan.ts';
import { SeatDay, SeatTrack } from '../../rules/presence.ts';
import { ServedWindows, Situations } from '../../rules/situations.ts';
import { dayOfDate, HOUR, MINUTE, type Ms } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { hallWith, instantAt, MONDAY } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';

const PEOPLE = ['a1', 'a2', 'a3', 'b1', 'b2'];
const OWN = ['a1', 'a2', 'a3'];
const HALL = hallWith({
  employees: PEOPLE.map((id) => ({ id, name: id, schedule: 's' })),
  windows: OWN.map((a, i) => ({ id: `W${i}`, name: `W${i}`, schedule: 's', a, b: ['b1', 'b2', 'a1'] })),
});
const TODAY = hallDay(HALL, new Book(), dayOfDate(MONDAY) ?? 0);
const WINDOWS = [...HALL.windows.values()].map((window) => ({
  window,
  service: serviceIntervals(TODAY, new Book(), window),
}));
const SERVED = new ServedWindows(TODAY, new Book(), WINDOWS);
const SEATS: readonly PresenceState[] = ['occupied', 'empty', 'unknown'];

/** About the hours of service, and often enough at the same minute. */
const someInstant = (dice: Dice): Ms => instantAt('08:30:00') + dice.between(0, 54) * 10 * MINUTE;

function someSpans(dice: Dice, now: Ms): Span[] {
  return Array.from({ length: dice.between(0, 2) }, () => {
    const from = someInstant(dice);
    return { from, to: dice.chance(0.3) ? now : from + dice.between(1, 20) * 10 * MINUTE };
  })
    .filter(({ from, to }) => from < to)
    .sort((x, y) => x.from - y.from);
}

function someSeat(dice: Dice, now: Ms): SeatDay {
  const track = new SeatTrack(now);
  let at = TODAY.from;
  while (at < now) {
    track.turn(at, SEATS[dice.between(0, 2)] as PresenceState);
    at += dice.between(1, 300) * MINUTE;
  }
  return new SeatDay(true, track);
}

test('after any number of changes of who is there, of seats and of time', () => {
  const dice = diceOf(1);
  for (let world = 0; world < 150; world++) {
    const until = dice.chance(0.5) ? TODAY.to + HOUR : someInstant(dice);
    let now = until;
    let presence = new Map(PEOPLE.map((person) => [person, someSpans(dice, now)]));
    let seats = WINDOWS.map(() => someSeat(dice, now));
    let found: Situations | null = null;
    for (let step = 0; step < 6; step++) {
      const moment = new Moment(now);
      found = Situations.at(SERVED, presence, moment, found);
      // Not always asked: what has changed twice has changed since it was.
      if (dice.chance(0.2)) continue;
      const [own, fresh] = [new Moment(now), new Moment(now)];
      const anew = Situations.at(SERVED, presence, fresh, null);
      expect({ world, step, holdings: found.holdings(seats) }).toEqual({
        world,
        step,
        holdings: anew.holdings(seats),
      });
      expect(found.holdings(seats)).toBe(found.holdings(seats));
      Situations.at(SERVED, presence, own, found);
      expect([moment.nextAt, own.nextAt]).toEqual([fresh.nextAt, fresh.nextAt]);
      if (dice.chance(0.3)) now = Math.max(TODAY.from, now + dice.between(-60, 60) * MINUTE);
      if (dice.chance(0.5)) {
        const late = PEOPLE[dice.between(0, PEOPLE.length - 1)] ?? '';
        presence = new Map([...presence, [late, someSpans(dice, now)]]);
      }
      if (dice.chance(0.1)) presence = new Map([...presence].slice(1));
      if (dice.chance(0.5)) seats = seats.map((seat) => (dice.chance(0.3) ? someSeat(dice, now) : seat));
    }
  }
});

test('windows that open together and close at different times turn at each of these, and are served in between', () => {
  const hall = hallWith({
    schedules: { s: { weekly: everyDay('09:00-12:00') }, short: { weekly: everyDay('09:00-10:00') } },
    windows: ['s', 'short', 's'].map((schedule, i) => ({ id: `W${i}`, name: `W${i}`, schedule, a: 'e1' })),
  });
  const today = hallDay(hall, new Book(), dayOfDate(MONDAY) ?? 0);
  const windows = [...hall.windows.values()].map((window) => ({
    window,
    service: serviceIntervals(today, new Book(), window),
  }));
  const served = new ServedWindows(today, new Book(), windows);
  expect(served.turns).toEqual(['09:00:00', '10:00:00', '12:00:00'].map(instantAt));
  const times = ['08:59:59', '09:00:00', '10:30:00', '12:00:00', '12:00:01'];
  expect(times.map((time) => served.areServed(instantAt(time)))).toEqual([false, true, true, true, false]);
});
