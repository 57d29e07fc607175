/** Runs of a condition, where a seat turns exactly when its holder changes. */
import { expect, test } from 'vitest';
import { Moment } from '../../rules/moment.ts';
import { SeatTrack } from '../../rules/presence.ts';
import { RunTrack } from '../../rules/run-track.ts';
import { runsOf } from '../../rules/runs.ts';

const interval = { from: 0, to: 100, session: 1, sessionFrom: 0 };

test('a state that ends where somebody comes is no run of theirs, however short a run may be', () => {
  const nobody = { holder: null, heldBy: null, answerable: null, interval };
  const somebody = { holder: 'p1', heldBy: 'a', answerable: 'p1', interval } as const;
  const holdings = [
    { ...nobody, from: 0, to: 10 },
    { ...somebody, from: 10, to: 100 },
  ];
  const track = new SeatTrack(100, [0, 10, 30], ['empty', 'occupied', 'empty']);
  const day = { runs: new RunTrack().follow(holdings, track), moment: new Moment(100) };
  const found = runsOf(day, 0, 'left');
  expect(found.map(({ from, to }) => [from, to])).toEqual([[30, 100]]);
});
