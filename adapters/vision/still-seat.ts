/**
 * Choosing a picture of a seat in which nothing has moved for minutes. That nobody is in it is not known by this: whoever sleeps
 * there is still, too. It is for a person to say.
 */
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { isRestless } from './motion.ts';
import { lightOf, type SeatLight } from './reference-bank.ts';

export const STILL = {
  /** A seat must have looked the same for so long before its picture is chosen. */
  leastMs: 3 * MINUTE,
  /** What happened in a longer pause is not known. */
  pauseMs: MINUTE,
  /** How often pictures are compared; more often tells no more. */
  everyMs: 15 * SECOND,
} as const satisfies Record<string, Ms>;

export interface StillPicture<Shown = GrayPicture> {
  /** What would be learnt. */
  readonly picture: GrayPicture;
  /** The same moment, as large as there is. */
  readonly shown: Shown;
  readonly at: Ms;
  readonly light: SeatLight;
  /** For how long nothing moved. */
  readonly stillMs: Ms;
}

interface Stretch<Shown> {
  readonly first: GrayPicture;
  readonly from: Ms;
  readonly lastAt: Ms;
  readonly chosen: Omit<StillPicture<Shown>, 'stillMs'> | null;
}

/** `Shown`: what of a picture is kept to be shown. */
export class StillSeat<Shown = GrayPicture> {
  #stretch: Stretch<Shown> | null = null;
  #best: StillPicture<Shown> | null = null;

  /** By daylight before by night, and then whichever was still the longest. */
  get best(): StillPicture<Shown> | null {
    return this.#best;
  }

  /** Something moves, or is not known: what was seen until now is no part of a still time. */
  disturb(): void {
    this.#stretch = null;
  }

  /** A further picture; its pixels are copied, as they may be given away. False = it is not as the ones before. */
  see(at: Ms, picture: GrayPicture, shown: () => Shown): boolean {
    const stretch = this.#stretch;
    const isBroken = stretch === null || at - stretch.lastAt > STILL.pauseMs;
    if (isBroken || isRestless(stretch.first, picture)) {
      this.#stretch = { first: copied(picture), from: at, lastAt: at, chosen: null };
      return isBroken;
    }
    const stillMs = at - stretch.from;
    const isLong = stillMs >= STILL.leastMs;
    const chosen =
      stretch.chosen ?? (isLong ? { picture: copied(picture), shown: shown(), at, light: lightOf(picture) } : null);
    this.#stretch = { ...stretch, lastAt: at, chosen };
    if (chosen !== null) this.#offer({ ...chosen, stillMs });
    return true;
  }

  #offer(one: StillPicture<Shown>): void {
    const best = this.#best;
    const isBetter = best === null || (one.light === best.light ? one.stillMs > best.stillMs : one.light === 'day');
    if (isBetter) this.#best = one;
  }
}

const copied = ({ width, height, pixels }: GrayPicture): GrayPicture => ({
  width,
  height,
  pixels: Uint8Array.from(pixels),
});
