/**
 * The latest messages of devices, in memory alone: for whoever stands before a clock and wants to see what it says and what becomes of
 * it. Pictures are dropped before anything stays here; names and the like when it is shown.
 */
import { pictureless } from '../../adapters/scrubbed.ts';
import { type Ms, SECOND } from '../../rules/time.ts';

export type Road = 'mqtt' | 'http' | 'websocket';

/**
 * What became of a message: `taken` it was understood · `refused` it was kept aside, or nobody may send it · `overheard` it is on no
 * topic that anybody is configured for.
 */
export type Fate = 'taken' | 'refused' | 'overheard';

export interface RecentMessage {
  /** Counts from 1 since the daemon started. */
  readonly number: number;
  /** Grows with every change of any message: what is newer than this has not been seen. */
  readonly revision: number;
  readonly at: Ms;
  readonly road: Road;
  /** The topic or path. */
  readonly about: string;
  /** Without long texts. */
  readonly payload: Uint8Array;
  /** Its length as it came. */
  readonly bytes: number;
  readonly fate: Fate;
  /** Why it was refused, or what there is to say of it. */
  readonly because: string | null;
}

const MOST = 300;
/** Of one topic; so that a device that beats every second does not drive out all others. */
const MOST_OF_ONE = 60;
/** More in a second nobody can read; a flood costs no more than this. */
const MOST_PER_SECOND = 50;
/** Larger messages hold pictures, and are made smaller at once. */
const SMALL_BYTES = 8_192;
const LONGEST_ABOUT = 200;

export class RecentMessages {
  readonly #now: () => Ms;
  #messages: RecentMessage[] = [];
  /** How many there are of each topic or path. */
  readonly #ofOne = new Map<string, number>();
  #number = 0;
  #revision = 0;
  #second = { from: 0, count: 0 };
  /** How many came and are not here because there were too many at once. */
  leftOut = 0;

  constructor(now: () => Ms) {
    this.#now = now;
  }

  /** That of the latest change; smaller than one that was seen = the daemon began anew. */
  get revision(): number {
    return this.#revision;
  }

  /** What has changed after a revision, the oldest message first. */
  after(revision: number): readonly RecentMessage[] {
    return this.#messages.filter((message) => message.revision > revision);
  }

  find(number: number): RecentMessage | null {
    return this.#messages.find((message) => message.number === number) ?? null;
  }

  /** Answers by which number it is known here; null = it was left out. */
  came(
    road: Road,
    about: string,
    payload: Uint8Array,
    fate: Fate = 'taken',
    because: string | null = null,
  ): number | null {
    const at = this.#now();
    if (Math.abs(at - this.#second.from) >= SECOND) this.#second = { from: at, count: 0 };
    this.#second.count += 1;
    if (this.#second.count > MOST_PER_SECOND) {
      this.leftOut += 1;
      return null;
    }
    this.#number += 1;
    this.#revision += 1;
    this.#messages.push({
      ...{ number: this.#number, revision: this.#revision, at, road, about: about.slice(0, LONGEST_ABOUT) },
      ...{ payload: small(payload), bytes: payload.length, fate, because },
    });
    this.#forget();
    return this.#number;
  }

  /** What there is to say of a message that was taken. */
  noted(number: number, because: string): void {
    this.#change(
      this.#messages.findIndex((one) => one.number === number),
      { because },
    );
  }

  /** What came on a topic or path was kept aside: it is the latest from there that was taken, or else something of its own. */
  refused(about: string, payload: Uint8Array, because: string): void {
    const name = about.slice(0, LONGEST_ABOUT);
    const at = this.#messages.findLastIndex((one) => one.about === name && one.fate === 'taken');
    if (at < 0) this.came('mqtt', about, payload, 'refused', because);
    else this.#change(at, { fate: 'refused', because });
  }

  #change(at: number, change: Partial<Pick<RecentMessage, 'fate' | 'because'>>): void {
    const message = this.#messages[at];
    if (message === undefined) return;
    this.#revision += 1;
    this.#messages[at] = { ...message, revision: this.#revision, ...change };
  }

  /** One has come: another may have to go. */
  #forget(): void {
    const last = this.#messages.at(-1)?.about ?? '';
    const ofOne = (this.#ofOne.get(last) ?? 0) + 1;
    this.#ofOne.set(last, ofOne);
    const place = ofOne > MOST_OF_ONE ? this.#messages.findIndex(({ about }) => about === last) : 0;
    if (ofOne <= MOST_OF_ONE && this.#messages.length <= MOST) return;
    for (const { about } of this.#messages.splice(place, 1)) this.#leave(about);
  }

  #leave(about: string): void {
    const left = (this.#ofOne.get(about) ?? 1) - 1;
    if (left === 0) this.#ofOne.delete(about);
    else this.#ofOne.set(about, left);
  }
}

/** A copy, for what came is part of a larger piece of memory. */
function small(payload: Uint8Array): Uint8Array {
  if (payload.length <= SMALL_BYTES) return Buffer.from(payload);
  return Buffer.from(pictureless(payload)).subarray(0, 2 * SMALL_BYTES);
}
