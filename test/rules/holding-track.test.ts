/** A window on its way through the day, followed by hand. One service interval lasts to 100, the next from there to 200. */
import { describe, expect, test } from 'vitest';
import type { Holder, Holding } from '../../rules/cover.ts';
import { HoldingTrack } from '../../rules/holding-track.ts';
import type { ServiceInterval } from '../../rules/plan.ts';
import { SeatTrack } from '../../rules/presence.ts';

const FIRST: ServiceInterval = { from: 0, to: 100, session: 1, sessionFrom: 0 };
const SECOND: ServiceInterval = { from: 100, to: 200, session: 2, sessionFrom: 100 };
const UNSEEN = new SeatTrack(200);

const by = (person: string): Holder => ({ holder: person, heldBy: 'a', answerable: person });
const held = (person: string, from: number, to: number, interval = FIRST): Holding => ({
  ...by(person),
  from,
  to,
  interval,
});

test.each([
  [-Infinity, 0, 'empty', 10],
  [5, 9, 'empty', 10],
  [10, 10, 'occupied', 20],
  [15, 15, 'occupied', 20],
  [0, 20, 'empty', Number.POSITIVE_INFINITY],
])('begun at %d it reads the seat at %d', (from, at, seat, until) => {
  const track = new HoldingTrack(new SeatTrack(200, [0, 10, 20], ['empty', 'occupied', 'empty']), [], from);
  track.moveTo(at);
  expect([track.seat, track.seatUntil]).toEqual([seat, until]);
});

test('a seat of which nothing was seen is unknown', () => {
  const track = new HoldingTrack(UNSEEN, [], 0);
  track.moveTo(5);
  expect([track.seat, track.seatUntil]).toEqual(['unknown', Number.POSITIVE_INFINITY]);
});

test('what begins where it is followed again is found out again', () => {
  const track = new HoldingTrack(UNSEEN, [held('p1', 0, 50), held('p2', 50, 100)], 50);
  track.hold(50, FIRST, by('p3'));
  expect(track.kept([])).toEqual([held('p1', 0, 50), held('p3', 50, 100)]);
});

test('what ends where it goes on as before has no part of that', () => {
  const track = new HoldingTrack(UNSEEN, [], 0);
  track.hold(0, FIRST, by('p3'));
  track.goOnAs([held('p1', 0, 50), held('p2', 50, 100)], 50);
  expect(track.kept([])).toEqual([held('p3', 0, 50), held('p2', 50, 100)]);
});

describe('who has held it', () => {
  const track = new HoldingTrack(UNSEEN, [], 0);
  track.hold(0, FIRST, by('p1'));
  track.hold(100, SECOND, by('p2'));
  const same = [held('p1', 0, 100), held('p2', 100, 200, SECOND)];

  test('is the same object where it is what was known', () => expect(track.kept(same)).toBe(same));

  test.each([
    ['begins at another instant', [held('p1', 1, 100), same[1] as Holding]],
    ['is in another service', [held('p1', 0, 100, { ...FIRST }), same[1] as Holding]],
    ['is somebody else', [held('p3', 0, 100), same[1] as Holding]],
    ['is known in part', same.slice(0, 1)],
  ])('is another where it %s', (_, before) => expect(track.kept(before)).toEqual(same));
});
