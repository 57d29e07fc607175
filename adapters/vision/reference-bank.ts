/** Pictures of one seat without anybody in it, and whether a picture is like one of them. */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { toneOf } from './light.ts';
import { type Unlikeness, unlikeness } from './likeness.ts';
import { REFERENCE } from './occupancy-limits.ts';

/** Who says that the seat is empty in it: a person, or the detector itself. */
export type ReferenceOrigin = 'given' | 'learnt';

export interface Reference {
  readonly picture: GrayPicture;
  readonly at: Ms;
  readonly origin: ReferenceOrigin;
}

export interface Comparison extends Unlikeness {
  readonly reference: Reference;
  /** The seat looks empty, or other than empty, or neither can be said. */
  readonly says: 'same' | 'other' | null;
}

export class ReferenceBank {
  #references: readonly Reference[];

  constructor(references: readonly Reference[] = []) {
    this.#references = references;
  }

  /** All of them, the oldest first: what has to be kept over a restart. */
  get references(): readonly Reference[] {
    return this.#references;
  }

  /** Adds a picture. Day and night, given and learnt do not push each other out. */
  add(reference: Reference): void {
    const all = [...this.#references, reference];
    const shelf = (one: Reference) => `${one.origin} ${lightOf(one.picture)}`;
    const most = reference.origin === 'given' ? REFERENCE.mostGiven : REFERENCE.mostLearnt;
    const full = all.filter((one) => shelf(one) === shelf(reference));
    const gone = full.length > most ? full[0] : undefined;
    this.#references = all.filter((one) => one !== gone);
  }

  /** The nearest of all; null without any. */
  compare(picture: GrayPicture): Comparison | null {
    let nearest: Comparison | null = null;
    for (const reference of this.#references) {
      const most = nearest === null ? Number.POSITIVE_INFINITY : mostOf(nearest);
      const unlike = unlikeness(reference.picture, picture, most);
      if (unlike.share > most) continue;
      const comparison = { ...unlike, reference, says: saysOf(unlike) };
      if (nearest === null || rank(comparison) < rank(nearest)) nearest = comparison;
    }
    return nearest;
  }
}

/** What is the same goes before what is only similar by one of the measures. */
const rank = ({ says, share, patch }: Comparison): number => (says === 'same' ? -1 : 0) + share + patch;

/** What changed by a greater share is not nearer than this. */
const mostOf = (nearest: Comparison): number =>
  nearest.says === 'same'
    ? Math.min(REFERENCE.sameShare, rank(nearest) + 1)
    : Math.max(REFERENCE.sameShare, rank(nearest));

function saysOf({ share, patch, gain }: Unlikeness): Comparison['says'] {
  const isLit = gain >= REFERENCE.leastGain && gain <= 1 / REFERENCE.leastGain;
  if (isLit && share <= REFERENCE.sameShare && patch <= REFERENCE.samePatch) return 'same';
  return share >= REFERENCE.otherShare || patch >= REFERENCE.otherPatch ? 'other' : null;
}

/** In which light a picture of a seat was taken. */
export type SeatLight = 'day' | 'night';

export function lightOf(picture: GrayPicture): SeatLight {
  return toneOf(picture).mean < REFERENCE.nightBelow ? 'night' : 'day';
}
