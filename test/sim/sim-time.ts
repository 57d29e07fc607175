/**
 * Time that only moves when it is told to. While one of these lives, the process's own timers are its: what the shell waits for
 * comes when the simulation has got there, in the order of its due time, and never by itself.
 */
import type { Ms } from '../../rules/time.ts';

/** Something that waits for its time. */
interface Waiting {
  readonly dueAt: Ms;
  readonly delayMs: Ms;
  readonly order: number;
  readonly everyMs: Ms | null;
  /** The daemon's dies with it, the world's does not. */
  readonly isWorld: boolean;
  readonly run: () => void;
}

/** The shell looks around once a second whether or not there is anything: those looks are taken together in quiet times. */
const LOOK_AROUND_MS: Ms = 1_000;
/** More at one instant is a loop that feeds itself. */
const MOST_AT_ONCE = 200_000;

const REAL = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };

/** Lets everything that waits for a promise run. */
export function drained(): Promise<void> {
  return new Promise((resolve) => void REAL.setImmediate(resolve));
}

export class SimTime implements Disposable {
  readonly startsAt: Ms;
  #now: Ms;
  #waiting: Waiting[] = [];
  #order = 0;
  #stoodMs: Ms = 0;
  #stoodFrom: Ms | null = null;
  /** How far the machine's clock is off. */
  wallOffMs: Ms = 0;
  /** False between a daemon's death and the next start: whoever is dead waits for nothing. */
  takesTimers = true;

  constructor(startsAt: Ms) {
    this.startsAt = startsAt;
    this.#now = startsAt;
    const handle = (waiting: Waiting) => ({ waiting, unref: () => handle(waiting), ref: () => handle(waiting) });
    const clear = (given: unknown): void => {
      const { waiting } = (given ?? {}) as { waiting?: Waiting };
      if (waiting !== undefined) this.#waiting = this.#waiting.filter((other) => other !== waiting);
    };
    const later =
      (repeats: boolean) =>
      (run: () => void, ms?: Ms, ...args: readonly unknown[]) =>
        handle(this.#add(false, Math.max(0, ms ?? 0), () => run.apply(null, args as []), repeats));
    Object.assign(globalThis, {
      setTimeout: later(false),
      setInterval: later(true),
      setImmediate: (run: () => void, ...args: readonly unknown[]) => later(false)(run, 0, ...args),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    });
    // Only what passes while the process stands still is missed by the shell: in between it looked around, as it always does.
    Object.assign(performance, { now: () => this.#stoodMs });
  }

  get now(): Ms {
    return this.#now;
  }

  /** Real time since the start. */
  get elapsed(): Ms {
    return this.#now - this.startsAt;
  }

  /** What the machine's clock says. */
  get wall(): Ms {
    return this.#now + this.wallOffMs;
  }

  /** Something of the world happens at an instant. */
  at(dueAt: Ms, run: () => void): void {
    this.#add(true, dueAt - this.#now, run, false);
  }

  #add(isWorld: boolean, delayMs: Ms, run: () => void, repeats: boolean): Waiting {
    const order = this.#order++;
    const dueAt = this.#now + delayMs;
    const waiting = { dueAt, delayMs, order, everyMs: repeats ? delayMs : null, isWorld, run };
    if (isWorld || this.takesTimers) this.#waiting.push(waiting);
    return waiting;
  }

  /** The daemon is dead: nothing that it waited for comes. */
  forgetDaemon(): void {
    this.takesTimers = false;
    this.#waiting = this.#waiting.filter((waiting) => waiting.isWorld);
  }

  /** The next instant at which more than a look around is due. */
  get nextAt(): Ms {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt, delayMs, isWorld } of this.#waiting) {
      if (isWorld || (delayMs !== LOOK_AROUND_MS && !this.isFrozen)) next = Math.min(next, dueAt);
    }
    return next;
  }

  /** Time passes, and nobody notices yet. */
  moveTo(at: Ms): void {
    if (at > this.#now) this.#now = at;
  }

  /** The process does nothing any more: it is suspended, or the machine is. */
  freeze(): void {
    this.#stoodFrom ??= this.#now;
  }

  /** It goes on, or another one has taken its place. */
  thaw(): void {
    if (this.#stoodFrom !== null) this.#stoodMs += this.#now - this.#stoodFrom;
    this.#stoodFrom = null;
  }

  get isFrozen(): boolean {
    return this.#stoodFrom !== null;
  }

  /** Everything that is due by now comes, one after the other, with all that follows at once. */
  async fire(): Promise<void> {
    for (let count = 0; count < MOST_AT_ONCE; count++) {
      await drained();
      const due = this.#waiting.filter(({ dueAt, isWorld }) => dueAt <= this.#now && (isWorld || !this.isFrozen));
      const [next] = due.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
      if (next === undefined) return;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
      if (next.everyMs !== null) {
        this.#waiting.push({ ...next, dueAt: this.#now + Math.max(1, next.everyMs), order: this.#order++ });
      }
      next.run();
    }
    throw new Error('the daemon does not come to rest');
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, REAL);
    Reflect.deleteProperty(performance, 'now');
  }
}
