/** Only windows whose holder may depend on what is seen are decided again: the same as the four steps for all of them at once. */
import { expect, test } from 'vitest';
import type { HeldBy, Holder } from '../../rules/cover.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { HoldingTrack } from '../../rules/holding-track.ts';
import { assignInOrder } from '../../rules/matching.ts';
import { SeatTrack } from '../../rules/presence.ts';
import { type AttendedWindow, Situation } from '../../rules/situation.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';

const SEATS: readonly PresenceState[] = ['occupied', 'empty', 'unknown'];
const NOBODY: Holder = { holder: null, heldBy: null, answerable: null };

type People = Partial<Pick<AttendedWindow, 'a' | 'b' | 'cover'>>;

function attended(windows: readonly People[]): AttendedWindow[] {
  return windows.map((people, place) => ({
    place,
    interval: { from: 0, to: 100, session: 1, sessionFrom: 0 },
    a: [],
    b: [],
    cover: [],
    ...people,
  }));
}

/** The four steps of rules.md section 5, for all windows together. */
function stepByStep(windows: readonly AttendedWindow[], seats: readonly PresenceState[]): Holder[] {
  const holders = windows.map(() => NOBODY);
  const busy = new Set<string>();
  const free = (person: string): boolean => !busy.has(person);
  const hold = (k: number, person: string | null | undefined, heldBy: HeldBy): void => {
    if (person == null || holders[k] !== NOBODY) return;
    const several = (windows[k]?.a.length ?? 0) > 1;
    holders[k] = { holder: person, heldBy, answerable: several ? null : person };
    busy.add(person);
  };
  for (const [k, { a, cover }] of windows.entries()) if (a.length === 0) hold(k, cover.find(free), 'cover');
  for (const [k, { a, b }] of windows.entries()) {
    if (a.length > 0 || seats[k] !== 'occupied' || holders[k] !== NOBODY) continue;
    const seatIsEmpty = (person: string): boolean =>
      windows.every((own, j) => !own.a.includes(person) || seats[j] === 'empty');
    hold(
      k,
      b.find((person) => free(person) && seatIsEmpty(person)),
      'b',
    );
  }
  for (const [k, { a }] of windows.entries()) if (holders[k] === NOBODY) hold(k, a.find(free), 'a');
  const rest = [...windows.keys()].filter((k) => holders[k] === NOBODY && seats[k] !== 'empty');
  const matched = assignInOrder(rest.map((k) => windows[k]?.b.filter(free) ?? []));
  for (const [i, k] of rest.entries()) hold(k, matched[i], 'b');
  return holders;
}

/** Who holds each window while the seats are like that. */
function heldIn(situation: Situation, seats: readonly PresenceState[]): Holder[] {
  const tracks = seats.map((seat) => new HoldingTrack(new SeatTrack(100, [0], [seat]), [], 0));
  situation.follow(tracks, { from: 0, to: 100 });
  return tracks.map((track) => {
    const [{ holder, heldBy, answerable } = NOBODY] = track.kept([]);
    return { holder, heldBy, answerable };
  });
}

function someWindows(dice: Dice): AttendedWindow[] {
  const people = dice.between(2, 9);
  const some = (most: number): string[] => [
    ...new Set(Array.from({ length: dice.between(0, most) }, () => `p${dice.between(0, people)}`)),
  ];
  const windows = Array.from({ length: dice.between(1, 7) }, () => ({
    a: some(2),
    b: some(3),
    cover: dice.chance(0.2) ? some(2) : [],
  }));
  return attended(windows);
}

test('what is seen decides for each window what the four steps say of all of them', () => {
  const dice = diceOf(1);
  for (let i = 0; i < 4000; i++) {
    const windows = someWindows(dice);
    const situation = new Situation(0, windows);
    for (let again = 0; again < 3; again++) {
      const seats = windows.map(() => SEATS[dice.between(0, 2)] as PresenceState);
      expect({ windows, seats, held: heldIn(situation, seats) }).toEqual({
        windows,
        seats,
        held: stepByStep(windows, seats),
      });
    }
  }
});

test('one lasts into a later one where the same hold the same windows whatever is seen', () => {
  const [one, same] = [attended([{ a: ['p1'] }, {}]), [{ a: ['p1'], b: ['p2'] }, {}]];
  const before = new Situation(0, one);
  const later = (people: readonly People[]): Situation =>
    new Situation(
      1,
      attended(people).map((window, k) => ({ ...window, interval: one[k]?.interval ?? window.interval })),
    );
  expect(before.lastsInto(later(same))).toBe(true);
  expect(before.lastsInto(later([{ a: ['p2'] }, {}]))).toBe(false);
  const two = later([{ a: ['p1', 'p2'] }, {}]);
  expect(two.lastsInto(later([{ a: ['p1', 'p3'] }, {}]))).toBe(true);
  expect(two.lastsInto(later([{ a: ['p2', 'p1'] }, {}]))).toBe(false);
  // Somebody may hold the second by what is seen of it.
  expect(before.lastsInto(later([{ a: ['p1'] }, { b: ['p2'] }]))).toBe(false);
  expect(later([{ a: ['p1'] }, { b: ['p2'] }]).lastsInto(before)).toBe(false);
  expect(before.lastsInto(later([{ a: ['p1'] }]))).toBe(false);
  expect(before.lastsInto(new Situation(1, attended(same)))).toBe(false);
});

test('who answers is whoever holds it, and nobody where more than one A is there', () => {
  const windows = attended([{ a: ['p1'] }, { a: ['p2', 'p3'] }, { b: ['p4'] }, { cover: ['p5'] }]);
  const seats: PresenceState[] = ['empty', 'empty', 'unknown', 'empty'];
  expect(heldIn(new Situation(0, windows), seats).map(({ answerable }) => answerable)).toEqual([
    'p1',
    null,
    'p4',
    'p5',
  ]);
});
