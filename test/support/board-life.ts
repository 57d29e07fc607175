/** A board lived through a world: what it shows, looking again only at what may have changed, and what one shows that looks at everything. */
import { type Board, isSameButForTime } from '../../daemon/board/board.ts';
import { LiveBoard } from '../../daemon/board/live-board.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { Drive, firstDayOf, groupsOf } from './engine-drive.ts';
import { type ReadWorld, readWorld } from './world-check.ts';

/** A world that is lived through in small steps, and the instant at which it is. */
class Life {
  readonly drive: Drive;
  readonly #world: ReadWorld;
  now: Ms;

  constructor(world: ReadWorld) {
    this.#world = world;
    this.drive = new Drive({ hall: world.hall, from: firstDayOf(world.facts, world.hall) });
    this.now = 0;
  }

  board(): LiveBoard {
    return new LiveBoard({
      hall: this.#world.hall,
      engine: () => this.drive.engine,
      now: () => this.now,
      warnings: () => [],
      cases: () => 0,
      away: () => new Map(),
    });
  }

  /** Every commit, and some instants before the next one: at which something comes due, around it, or any. */
  *steps(dice: Dice): Iterable<void> {
    const groups = groupsOf(this.#world.facts);
    for (const [i, [at, facts]] of groups.entries()) {
      this.now = at;
      this.drive.record(facts, at);
      yield;
      const nextAt = groups[i + 1]?.[0] ?? this.#world.end;
      for (const later of this.#between(nextAt, dice)) {
        this.now = later;
        // The daemon is woken when something is due, and may be a little late.
        if (dice.chance(0.8)) this.drive.advance(later);
        yield;
      }
      this.drive.advance(nextAt - 1);
    }
  }

  #between(nextAt: Ms, dice: Dice): Ms[] {
    const due = this.drive.engine.nextAt;
    const some = [
      this.now + 1,
      this.now + 20 * SECOND,
      due - 1,
      due,
      due + 1,
      this.now + dice.between(1, 300) * MINUTE,
    ];
    return [...new Set(some)].filter((at) => at > this.now && at < nextAt).sort((x, y) => x - y);
  }
}

/** What differs, but for the time that has passed. */
function difference(quick: Board, full: Board): unknown {
  const { at: _, windows: quickWindows, ...quickHead } = quick.snapshot;
  const { at: _at, windows, ...head } = full.snapshot;
  const others = windows.filter((window, i) => {
    const shown = quickWindows[i];
    return shown === undefined || !isSameButForTime(shown, window);
  });
  if (others.length > 0 || quickWindows.length !== windows.length) return { quickWindows, others };
  const said = (board: Board, of: object): string => JSON.stringify([of, windows.map(({ id }) => board.holderAt(id))]);
  return said(quick, quickHead) === said(full, head) ? null : [said(quick, quickHead), said(full, head)];
}

/** The first difference that there is on the way through a world, null if there is none; and how often it was looked for. */
export function boardDifference(seed: number): { readonly found: unknown; readonly looks: number } {
  const life = new Life(readWorld(seed));
  const board = life.board();
  let looks = 0;
  for (const _ of life.steps(diceOf(seed))) {
    board.stir();
    looks++;
    const differing = difference(board.snapshot(), life.board().snapshot());
    if (differing !== null) return { found: { at: new Date(life.now).toISOString(), differing }, looks };
  }
  return { found: null, looks };
}
