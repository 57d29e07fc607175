/** The runs of a window, followed from where something differs: the same as from the beginning. */
import { expect, test } from 'vitest';
import type { Holding } from '../../rules/cover.ts';
import type { PresenceState } from '../../rules/facts.ts';
import type { ServiceInterval } from '../../rules/plan.ts';
import { SeatTrack } from '../../rules/presence.ts';
import { type RunColumns, RunTrack } from '../../rules/run-track.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';

const SERVICE: readonly ServiceInterval[] = [
  { from: 10, to: 50, session: 1, sessionFrom: 10 },
  { from: 50, to: 80, session: 2, sessionFrom: 50 },
];
const SEATS: readonly PresenceState[] = ['occupied', 'empty', 'unknown'];

function someTrack(dice: Dice, to: number): SeatTrack {
  const track = new SeatTrack(to);
  for (let at = 0; at < to; at += dice.between(1, 12)) track.turn(at, SEATS[dice.between(0, 2)] as PresenceState);
  return track;
}

/** Whoever held it last is said to hold it to the end of its service. */
function someHoldings(dice: Dice, now: number): Holding[] {
  return SERVICE.filter(({ from }) => from < now).flatMap((interval) => {
    const turns = Array.from({ length: dice.between(0, 4) }, () => dice.between(interval.from, interval.to - 1));
    const begins = [...new Set([interval.from, ...turns.filter((at) => at < now)])].sort((x, y) => x - y);
    return begins.map((from, i): Holding => {
      const holder = dice.pick([null, 'p1', 'p2'] as const);
      const by = { holder, heldBy: holder === null ? null : 'a', answerable: holder } as const;
      return { ...by, from, to: begins[i + 1] ?? interval.to, interval };
    });
  });
}

/** The same up to an instant, and from then on others. */
function changedFrom(before: readonly Holding[], now: readonly Holding[], at: number): Holding[] {
  const kept = before.filter(({ from }) => from < at).map((one) => (one.to > at ? { ...one, to: at } : one));
  const added = now.filter(({ to }) => to > at).map((one) => (one.from < at ? { ...one, from: at } : one));
  return [...kept, ...added];
}

const shown = (runs: RunColumns) => Array.from({ length: runs.length }, (_, i) => runs.run(i));
const allOf = ({ left, missing, unverified }: RunTrack) => [left, missing, unverified].map(shown);

test('after any number of changes of seat, of holders and of time', () => {
  const dice = diceOf(4);
  for (let world = 0; world < 400; world++) {
    const runs = new RunTrack();
    let now = dice.between(1, 90);
    let track = someTrack(dice, now);
    let holdings = someHoldings(dice, now);
    for (let step = 0; step < 8; step++) {
      const anew = new RunTrack().follow(holdings, track);
      expect([world, step, ...allOf(runs.follow(holdings, track))]).toEqual([world, step, ...allOf(anew)]);
      const at = dice.between(0, now);
      now = Math.min(90, Math.max(1, now + dice.between(-5, 20)));
      const other = someTrack(dice, now);
      const turned = track.until(now);
      const next = new SeatTrack(now);
      for (const [one, isOld] of [
        [turned, true],
        [other, false],
      ] as const) {
        for (const [i, state] of one.states.entries()) {
          const from = Math.max(one.from[i] as number, isOld ? 0 : at);
          if (from < now && (isOld ? from < at : one.endOf(i) > at)) next.turn(from, state);
        }
      }
      if (dice.chance(0.7)) track = next;
      else track = now < track.to ? someTrack(dice, now) : track.until(now);
      holdings = dice.chance(0.5) ? changedFrom(holdings, someHoldings(dice, now), at) : someHoldings(dice, now);
    }
  }
});

test('one run is of one service interval, however long its condition holds', () => {
  const holdings = SERVICE.map((interval): Holding => {
    return { holder: null, heldBy: null, answerable: null, from: interval.from, to: interval.to, interval };
  });
  const runs = new RunTrack().follow(holdings, new SeatTrack(70, [0, 30], ['unknown', 'empty']));
  expect(shown(runs.missing)).toMatchObject([
    { from: 10, to: 50, isBlind: true },
    { from: 50, to: 70, isBlind: false },
  ]);
});
