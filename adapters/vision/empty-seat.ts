/**
 * Learning by itself how an empty seat looks. An occupied seat that is learnt as empty would accuse its holder every day, so
 * nothing is learnt from one look, nor from stillness alone: a picture must come back, each time unmoved for ten minutes,
 * over a working day and its night, with somebody at the seat in between who looked otherwise. What is known to be empty, though, may follow the daylight.
 */
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { unlikeness } from './likeness.ts';
import { LEARNING, REFERENCE } from './occupancy-limits.ts';
import type { Comparison, ReferenceBank } from './reference-bank.ts';

export interface SeatLook {
  readonly at: Ms;
  readonly picture: GrayPicture;
  readonly state: PresenceState;
  readonly moved: boolean;
  readonly comparison: Comparison | null;
}

/** A hall's night and the day around it have fewer of them. */
const MOST_EPISODES = 12;

interface StillTime {
  readonly picture: GrayPicture;
  readonly from: Ms;
}

export class EmptySeatLearner {
  readonly #bank: ReferenceBank;
  /** Earlier still times of one and the same picture, by when they had lasted. */
  #episodes: readonly StillTime[] = [];
  #still: StillTime | null = null;
  #isCounted = false;
  /** How long somebody was seen at the seat since the last counted still time, looking otherwise than it. */
  #livedMs: Ms = 0;
  #lastAt: Ms | null = null;
  #emptySince: Ms | null = null;

  constructor(bank: ReferenceBank) {
    this.#bank = bank;
  }

  see(look: SeatLook): void {
    const passedMs = this.#lastAt === null ? Number.POSITIVE_INFINITY : look.at - this.#lastAt;
    const isBroken = passedMs > LEARNING.gapMs;
    this.#lastAt = look.at;
    if (look.comparison !== null) this.#follow(look, isBroken);
    else this.#discover(look, isBroken, passedMs);
  }

  /** The camera was blind: what went on is not known. */
  forget(): void {
    this.#still = null;
    this.#emptySince = null;
    this.#lastAt = null;
  }

  /** The seat has been empty without a break, and the light wanders: its picture joins those that say so. */
  #follow({ at, picture, state, moved, comparison }: SeatLook, isBroken: boolean): void {
    if (state !== 'empty' || moved || isBroken) {
      this.#emptySince = null;
      return;
    }
    this.#emptySince ??= at;
    if (comparison === null || comparison.says !== 'same' || at - this.#emptySince < LEARNING.keptMs) return;
    const isFar = comparison.share >= LEARNING.keptShare && comparison.share < REFERENCE.sameShare;
    if (isFar) this.#bank.add({ picture, at, origin: 'learnt' });
  }

  #discover({ at, picture, state, moved }: SeatLook, isBroken: boolean, passedMs: Ms): void {
    const known = this.#episodes.at(-1);
    if (state === 'occupied' && !isBroken && known !== undefined && isOther(known.picture, picture))
      this.#livedMs += passedMs;
    const still = this.#still;
    if (
      still === null ||
      moved ||
      isBroken ||
      unlikeness(still.picture, picture, LEARNING.stillShare).share > LEARNING.stillShare
    ) {
      this.#still = moved || state === 'occupied' ? null : { picture, from: at };
      this.#isCounted = false;
      return;
    }
    if (this.#isCounted || at - still.from < LEARNING.stillMs) return;
    this.#isCounted = true;
    this.#count(at, picture);
  }

  #count(at: Ms, picture: GrayPicture): void {
    const isBack = this.#episodes.every(
      (one) => unlikeness(one.picture, picture, LEARNING.alikeShare).share <= LEARNING.alikeShare,
    );
    const isLived = this.#episodes.length === 0 || this.#livedMs >= LEARNING.livedMs;
    // The same still thing, with nobody seen in between, is no further evidence; another picture is a new beginning.
    if (isBack && !isLived) return;
    const episode = { picture, from: at };
    this.#episodes = isBack ? [...this.#episodes, episode].slice(-MOST_EPISODES) : [episode];
    this.#livedMs = 0;
    const first = this.#episodes[0] ?? episode;
    if (this.#episodes.length < LEARNING.episodes || at - first.from < LEARNING.spanMs) return;
    for (const one of this.#episodes.slice(-LEARNING.episodes))
      this.#bank.add({ picture: one.picture, at, origin: 'learnt' });
    this.#episodes = [];
  }
}

const isOther = (known: GrayPicture, picture: GrayPicture): boolean =>
  unlikeness(known, picture, REFERENCE.otherShare).share >= REFERENCE.otherShare;
