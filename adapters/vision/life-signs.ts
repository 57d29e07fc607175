/** Whether what moves, or moved, at a seat is somebody who stays there. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { unlikeness } from './likeness.ts';
import { ALIVE } from './occupancy-limits.ts';

interface MovingPicture {
  readonly at: Ms;
  readonly picture: GrayPicture;
}

export class LifeSigns {
  /** Looks with motion, the latest last. */
  #moves: Ms[] = [];
  #pictures: MovingPicture[] = [];
  #isAlive = false;
  /** How the seat looked when nothing moved in it. */
  #still: readonly GrayPicture[] = [];
  #stillFrom: Ms | null = null;
  /** Since then something else than that was seen. */
  #strayed = false;

  /** `isOther`: the seat is known to look other than empty; without that, motion alone has to do. */
  see(at: Ms, picture: GrayPicture, moved: boolean, isOther: boolean): boolean {
    this.#moves = this.#moves.filter((one) => at - one <= ALIVE.longHoldMs);
    if (moved) {
      this.#moves.push(at);
      this.#keep(at, picture);
      this.#stillFrom = null;
      if (!this.#strayed) this.#strayed = this.#still.length > 0 && !this.#isLikeStill(picture, ALIVE.strayedShare);
    } else this.#rest(at, picture);
    this.#isAlive = this.#rises(at, isOther) || (this.#isAlive && this.#holds(at, picture, isOther));
    return this.#isAlive;
  }

  forget(): void {
    this.#moves = [];
    this.#pictures = [];
    this.#isAlive = false;
    this.#still = [];
    this.#stillFrom = null;
    this.#strayed = false;
  }

  /** Nothing moves. If all is again as it was before something came, that something has gone. */
  #rest(at: Ms, picture: GrayPicture): void {
    if (this.#strayed && this.#isLikeStill(picture, ALIVE.returnedShare)) {
      this.#moves = [];
      this.#pictures = [];
      this.#isAlive = false;
      this.#strayed = false;
    }
    this.#stillFrom ??= at;
    if (at - this.#stillFrom < ALIVE.restMs) return;
    this.#strayed = false;
    if (!this.#isLikeStill(picture, ALIVE.returnedShare))
      this.#still = [...this.#still, picture].slice(-ALIVE.mostStill);
  }

  #isLikeStill(picture: GrayPicture, share: number): boolean {
    return this.#still.some((one) => unlikeness(one, picture, share).share <= share);
  }

  #rises(at: Ms, isOther: boolean): boolean {
    const { withinMs, looks, spanMs } = isOther ? ALIVE.other : ALIVE.alone;
    const moves = this.#moves.filter((one) => at - one <= withinMs);
    const last = moves.at(-1);
    if (last === undefined || at - last > ALIVE.alone.holdMs) return false;
    return moves.length >= looks && last - (moves[0] ?? last) >= spanMs;
  }

  #holds(at: Ms, picture: GrayPicture, isOther: boolean): boolean {
    const last = this.#moves.at(-1);
    if (last === undefined) return false;
    const { holdMs, sameHoldMs } = isOther ? ALIVE.other : ALIVE.alone;
    return at - last <= holdMs || (at - last <= sameHoldMs && this.#looksAsWhenMoving(picture));
  }

  #looksAsWhenMoving(picture: GrayPicture): boolean {
    const alike = this.#pictures.filter(
      (one) => unlikeness(one.picture, picture, ALIVE.sameShare).share <= ALIVE.sameShare,
    );
    return (alike.at(-1)?.at ?? 0) - (alike[0]?.at ?? 0) >= ALIVE.sameSpanMs;
  }

  #keep(at: Ms, picture: GrayPicture): void {
    const latest = this.#pictures.at(-1);
    if (latest !== undefined && at - latest.at < ALIVE.pictureEveryMs) return;
    this.#pictures = [...this.#pictures, { at, picture }].slice(-ALIVE.mostPictures);
  }
}
