/** What the board says of a window through a morning: never more than is known. */
import { expect, test } from 'vitest';
import type { BoardWindow } from '../../daemon/board/board.ts';
import { LiveBoard } from '../../daemon/board/live-board.ts';
import { boardDifference } from '../support/board-life.ts';
import { CoreHall } from '../support/core-hall.ts';
import { on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';

const hallAt = (time: string): CoreHall => new CoreHall({ yaml: SMALL_HALL, startsAt: on(time) });

const boardOf = ({ core, clock }: CoreHall): LiveBoard =>
  new LiveBoard({
    hall: core.hall,
    engine: () => core.live.engine,
    now: () => clock.now(),
    warnings: () => [],
    cases: () => 0,
    away: () => new Map(),
  });

function windowOf(hall: CoreHall): BoardWindow {
  const [window] = boardOf(hall).snapshot().snapshot.windows;
  if (window === undefined) throw new Error('the hall has a window');
  return window;
}

test('a seat that its holder has left is counted, and after the limit it is empty', async () => {
  using hall = hallAt('08:50:00');
  await hall.record(punchOf('p1', 'e1', '08:50:00'), seenAt('v1', 'W1', '08:50:00', 'occupied'));
  hall.pass(on('10:00:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'held-a', since: on('09:00:00'), limitAt: null });
  await hall.record(seenAt('v2', 'W1', '10:00:00', 'empty'));
  hall.pass(on('10:14:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'counting', since: on('10:00:00'), limitAt: on('10:15:00') });
  hall.pass(on('10:16:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'empty', since: on('10:00:00'), limitAt: null });
  await hall.record(seenAt('v3', 'W1', '10:16:00', 'occupied'));
  hall.pass(on('10:17:00'));
  const { state, strip } = windowOf(hall);
  expect(state).toBe('held-a');
  expect(strip.map((piece) => piece.state)).toEqual(['held-a', 'empty', 'held-a']);
});

test('a window that nobody holds is counted, then empty; with somebody in its seat nobody can say', async () => {
  using hall = hallAt('08:50:00');
  hall.pass(on('09:09:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'counting', limitAt: on('09:10:00') });
  hall.pass(on('09:11:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'empty' });
  await hall.record(seenAt('v1', 'W1', '09:11:00', 'occupied'));
  hall.pass(on('09:30:00'));
  // Its seat turns out to be watched, and was not seen before: neither can that be said to have been nobody.
  expect(windowOf(hall)).toMatchObject({ state: 'unknown', since: on('09:00:00') });
});

test('what a hidden punch could explain is not shown as nobody there', async () => {
  using hall = hallAt('08:20:00');
  await hall.record({ fact: 'device', id: 'o1', at: on('08:20:00'), device: 'clock-1', state: 'offline' });
  hall.pass(on('09:30:00'));
  expect(windowOf(hall)).toMatchObject({ state: 'unknown' });
});

test('whoever watches is told of what came in at once, of what time has changed, and not that time has passed', async () => {
  using hall = hallAt('08:50:00');
  const board = boardOf(hall);
  let told = 0;
  const leave = board.subscribe(() => told++);
  hall.pass(on('09:05:00'));
  board.refresh();
  const before = board.snapshot();
  expect(before.snapshot.windows[0]).toMatchObject({ state: 'counting' });
  told = 0;
  hall.pass(on('09:05:30'));
  board.refresh();
  expect([told, board.snapshot().id]).toEqual([0, before.id]);
  hall.pass(on('09:06:00'));
  board.refresh();
  // Nothing that is asked for speaks of more than a minute ago.
  expect(board.snapshot()).toMatchObject({ id: before.id + 1, snapshot: { at: on('09:06:00') } });
  expect(board.snapshot().snapshot.windows[0]?.strip.at(-1)?.to).toBe(on('09:06:00'));
  told = 0;
  await hall.record(punchOf('p1', 'e1', '09:05:40'));
  board.stir();
  expect([told, board.snapshot().id]).toEqual([1, before.id + 2]);
  expect(board.snapshot().snapshot.windows[0]).toMatchObject({ state: 'held-a' });
  leave();
});

test.each([7001, 7006, 7009])(
  'looking again only at what may have changed, it says what a full look says (seed %i)',
  (seed) => {
    const { found, looks } = boardDifference(seed);
    expect(found).toBeNull();
    expect(looks).toBeGreaterThan(20);
  },
);
