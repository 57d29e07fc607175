/**
 * Asking a ZKTeco device that pushes for what it recorded meanwhile: `DATA QUERY ATTLOG` between two times, given as the answer to
 * its question for commands. It uploads the records like others and says by `devicecmd` that it is done ("PUSH SDK User Manual"
 * 3.2.0, data query). What it recorded until then has then been delivered, which nothing else in the protocol proves: that
 * a device asks for commands does not say that it has nothing left.
 *
 * Which of the two comes first, the word that it is done or the last upload, no source says; so it counts once the device has been
 * quiet for a while after both.
 */
import { DAY_LENGTH, HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { ClockMemory, ClockSurroundings } from '../clock.ts';
import { localText } from '../local-time.ts';

/** After the word that it is done and the last upload, before it is taken for true: some of its polls. */
const SETTLE_MS: Ms = 25 * SECOND;
/** A command without an answer was lost, as by a restart of the device. */
const UNANSWERED_MS: Ms = 10 * MINUTE;
/** So often without an answer, and the device does not know the command. */
const MOST_UNANSWERED = 3;
/** Some firmware asks for its options again and again, as if it had started anew. */
const APART_MS: Ms = 10 * MINUTE;
/** A device may show another time than ours. */
const MARGIN_MS: Ms = HOUR;
/** Even of one that was never away: to be sure of the day. */
const EVERY_MS: Ms = DAY_LENGTH;

const PROVEN = 'complete-at';
const COMMAND = 'command-id';

/** Of the next command; never the same twice, also after a restart. */
export function commandId(memory: ClockMemory): string {
  const id = String(Number(memory.get(COMMAND) ?? 0) + 1);
  memory.set(COMMAND, id);
  return id;
}

interface Asked {
  readonly id: string;
  /** When it was asked, in trusted time: until here it has delivered everything once it is done. */
  readonly at: Ms;
  readonly elapsed: Ms;
  isDone: boolean;
  /** Something that it uploaded since was not taken, so that it proves nothing. */
  isBroken: boolean;
  /** When anything of it last came, in elapsed time. */
  lastElapsed: Ms;
}

export class Backfill {
  readonly #around: ClockSurroundings;
  readonly #memory: ClockMemory;
  readonly #reachMs: Ms;
  #isWanted = true;
  #asked: Asked | null = null;
  #askedElapsed: Ms = Number.NEGATIVE_INFINITY;
  #unanswered = 0;
  #unable: string | null = null;

  /** `reachMs`: how far back the first question goes; 0 = none is ever asked. */
  constructor(around: ClockSurroundings, reachMs: Ms) {
    this.#around = around;
    this.#memory = around.memory;
    this.#reachMs = reachMs;
    if (reachMs === 0) this.#unable = 'off';
  }

  /** Why there is none, for people; null = there is. */
  get unable(): string | null {
    return this.#unable;
  }

  /** What it is asked for is on its way. */
  get isAsking(): boolean {
    return this.#asked !== null;
  }

  /** The device was away, or has started. */
  want(): void {
    this.#isWanted = true;
  }

  /** It may know the command although it did not: it has started anew, perhaps with other firmware. */
  restart(): void {
    if (this.#reachMs > 0) this.#unable = null;
    this.#unanswered = 0;
    this.want();
  }

  /** Something of its log came, and was taken or not. */
  uploaded(isTaken: boolean): void {
    if (this.#asked === null) return;
    this.#asked.lastElapsed = this.#around.clock.elapsed();
    if (!isTaken) this.#asked.isBroken = true;
  }

  /** The device says what came of a command; whether it was this one. */
  answered(id: string, code: number): boolean {
    const asked = this.#asked;
    if (asked?.id !== id) return false;
    asked.lastElapsed = this.#around.clock.elapsed();
    if (code < 0) {
      this.#asked = null;
      this.#unable = `refused by the device (Return=${code})`;
    } else asked.isDone = true;
    return true;
  }

  /** At each question for commands: until when it is now proven that everything was delivered, or null. */
  proven(): Ms | null {
    const asked = this.#asked;
    const { clock } = this.#around;
    if (asked === null) return null;
    if (!asked.isDone) {
      if (clock.elapsed() - asked.elapsed >= UNANSWERED_MS) this.#giveUp();
      return null;
    }
    if (clock.elapsed() - asked.lastElapsed < SETTLE_MS) return null;
    this.#asked = null;
    this.#unanswered = 0;
    if (asked.isBroken) {
      this.want();
      return null;
    }
    this.#memory.set(PROVEN, String(asked.at));
    return asked.at;
  }

  /** What to answer to its question for commands; null = nothing to do. */
  command(): string | null {
    if (this.#unable !== null || this.#asked !== null) return null;
    const { clock, zone } = this.#around;
    const now = clock.now();
    const proven = this.#provenAt(now);
    if (proven !== null && now - proven >= EVERY_MS) this.want();
    const elapsed = clock.elapsed();
    if (!this.#isWanted || elapsed - this.#askedElapsed < APART_MS) return null;
    const id = commandId(this.#memory);
    this.#askedElapsed = elapsed;
    this.#asked = { id, at: now, elapsed, isDone: false, isBroken: false, lastElapsed: elapsed };
    this.#isWanted = false;
    const from = (proven ?? now - this.#reachMs) - MARGIN_MS;
    return `C:${id}:DATA QUERY ATTLOG StartTime=${localText(zone, from)}\tEndTime=${localText(zone, now + DAY_LENGTH)}`;
  }

  #provenAt(now: Ms): Ms | null {
    const proven = Number(this.#memory.get(PROVEN) ?? Number.NaN);
    // Our own clock may have been ahead.
    return Number.isFinite(proven) && proven <= now ? proven : null;
  }

  #giveUp(): void {
    this.#asked = null;
    this.#unanswered++;
    if (this.#unanswered < MOST_UNANSWERED) this.want();
    else this.#unable = `never answered by the device (asked ${MOST_UNANSWERED} times)`;
  }
}
