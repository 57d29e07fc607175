/** Plays a day: the clock is set from instant to instant, and at each one everything is finished before the next. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notice } from '../../adapters/notifier.ts';
import { type Day, instantOf, MINUTE, type Ms } from '../../rules/time.ts';
import { type Happening, SESSIONS } from './day.ts';
import type { Narrator } from './narrator.ts';
import type { Playhouse } from './playhouse.ts';
import type { SeatFilm } from './seat-film.ts';
import type { SteppedClock } from './stepped-clock.ts';

export interface PlayOptions {
  readonly day: Day;
  /** What happens, in order, besides what the film says. */
  readonly happenings: readonly Happening[];
  /** Null where there is none. */
  readonly film: SeatFilm | null;
  /** Simulated time by real time; infinite = as fast as it goes. */
  readonly speed: number;
  readonly narrator: Narrator;
  /** Real time that has passed. */
  readonly elapsed: () => Ms;
  /** Breaks the play off. */
  readonly signal: AbortSignal;
}

/** Minutes are told shortly before they end, when nothing happens: happenings are at whole fifths of seconds. */
const TOLD_AFTER_MS: Ms = MINUTE - 10;

/** Plays the whole day, and returns what the duty room was told. Rejects when it is broken off. */
export async function play(house: Playhouse, options: PlayOptions): Promise<Notice[]> {
  const { daemon, stage, dutyRoom, clock } = house;
  const { narrator, signal, day, happenings, film } = options;
  const { live, outbox } = daemon.core;
  const pace = new Pace(clock, options);
  const notices: Notice[] = [];
  let next = 0;
  let minuteAt = clock.now() + TOLD_AFTER_MS;
  while (next < happenings.length) {
    const planned = happenings[next] as Happening;
    const due = Math.max(clock.now(), Math.min(planned.at, minuteAt, live.nextAt, outbox.nextAt));
    const seen = (await film?.upTo(due)) ?? null;
    const happening: Happening = seen === null ? planned : { at: seen.at, does: 'see', fact: seen };
    const at = Math.max(clock.now(), Math.min(happening.at, due));
    await pace.until(at);
    signal.throwIfAborted();
    if (happening.at <= at) {
      // A note of being alive, where one is due, comes before and not at the instant itself: what is recorded is then
      // dated alike whether or not time passed in between.
      clock.set(at - 1);
      live.wake();
      clock.set(at);
      await stage.perform(happening);
      if (happening.note !== undefined) narrator.tell(at, happening.note);
      if (seen === null) next++;
    } else {
      // Stretches are half-open: what ends at an instant shows at the next one, and both are judged at once.
      clock.set(at + 1);
      if (live.nextAt <= at + 1) live.wake();
    }
    await stage.settled();
    narrator.hear(house.takeChanges());
    const told = dutyRoom.take();
    narrator.told(clock.now(), told);
    for (const notice of told) notices.push(notice);
    if (minuteAt > at) continue;
    narrator.minute(at, isServed(house, day, at) ? daemon.core.engine.windowsAt(at) : []);
    minuteAt += MINUTE;
  }
  return notices;
}

/** Whether windows are open, or have closed within the last minute; looking at them all is work. */
function isServed({ hall }: Playhouse, day: Day, at: Ms): boolean {
  return Object.values(SESSIONS).some(
    ({ from, to }) => instantOf(hall.zone, day, from) <= at && at < instantOf(hall.zone, day, to) + MINUTE,
  );
}

/** The longest real sleep: meanwhile the clock is moved on, so that pages see it go. */
const SLICE_MS: Ms = 200;

/** Makes simulated time pass no faster than it should. */
class Pace {
  readonly #clock: SteppedClock;
  readonly #options: PlayOptions;
  readonly #from: { readonly at: Ms; readonly elapsed: Ms };

  constructor(clock: SteppedClock, options: PlayOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#from = { at: clock.now(), elapsed: options.elapsed() };
  }

  async until(at: Ms): Promise<void> {
    const { speed, elapsed, signal } = this.#options;
    const from = this.#from;
    const dueAt = from.elapsed + (at - from.at) / speed;
    for (let left = dueAt - elapsed(); left > 0; left = dueAt - elapsed()) {
      await sleep(Math.min(left, SLICE_MS), null, { signal });
      // Never up to the instant itself, nor to the one before it, which are the play's.
      const now = from.at + Math.floor((elapsed() - from.elapsed) * speed);
      this.#clock.set(Math.min(now, at - 2));
    }
  }
}
