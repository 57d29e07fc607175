/**
 * Somebody says that seats are empty now. The picture of a moment would do if it were of a moment: but who says so may still be in
 * it, or on the way out. So three pictures are looked at, and the one in the middle is learnt where it differs from both others by no
 * more than stillness explains.
 */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { isRestless } from './motion.ts';

/** `restless`: something moved in the seat, so nothing was learnt of it. */
export type LessonOutcome = 'learnt' | 'restless';

export interface Taught {
  readonly seat: number;
  readonly outcome: LessonOutcome;
}

/** What a lesson ends with: what became of each seat, or that there were no three good pictures in time. */
export type LessonEnd = { readonly seats: readonly Taught[] } | { readonly because: 'no-picture' };

/** Longer than three keyframes of a camera that has few; what comes later is not what was meant. */
export const LESSON_MS: Ms = 30_000;

interface Looked {
  readonly at: Ms;
  readonly seats: readonly GrayPicture[];
}

export class EmptyLesson {
  readonly #seats: readonly number[];
  readonly #beganAt: Ms;
  #looks: readonly Looked[] = [];

  constructor(seats: readonly number[], beganAt: Ms) {
    this.#seats = seats;
    this.#beganAt = beganAt;
  }

  /** A further picture of every seat, or null = it cannot be believed. Null until it has ended. */
  see(
    at: Ms,
    pictures: readonly GrayPicture[] | null,
    learn: (seat: number, at: Ms, picture: GrayPicture) => void,
  ): LessonEnd | null {
    if (at - this.#beganAt > LESSON_MS) return { because: 'no-picture' };
    this.#looks = pictures === null ? [] : [...this.#looks, { at, seats: pictures }];
    const [before, now, after] = this.#looks;
    if (before !== undefined && now !== undefined && after !== undefined) {
      return { seats: this.#seats.map((seat) => this.#learn(seat, before, now, after, learn)) };
    }
    return null;
  }

  #learn(
    seat: number,
    before: Looked,
    now: Looked,
    after: Looked,
    learn: (seat: number, at: Ms, picture: GrayPicture) => void,
  ): Taught {
    const picture = now.seats[seat] as GrayPicture;
    const neighbours = [before.seats[seat], after.seats[seat]] as GrayPicture[];
    if (neighbours.some((one) => isRestless(one, picture))) return { seat, outcome: 'restless' };
    learn(seat, now.at, picture);
    return { seat, outcome: 'learnt' };
  }
}
