/**
 * What a camera showed of late, in memory only: its last pictures, and for each seat those of somebody's last leaving. Nothing
 * of it is written unless there is a case, or somebody asks. Its size is bounded whatever happens at the seats.
 */
import { memoryOf, type View } from '../../adapters/cameras/developed.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { type Ms, SECOND } from '../../rules/time.ts';

export interface Shot {
  readonly at: Ms;
  readonly view: View;
  /** What was seen in it; null = it was not looked at, or not yet. */
  look: CameraLook | null;
}

/** A stretch in which nobody was seen at a seat. A picture that had to go is null again. */
export interface Absence {
  /** When it was first seen to be empty. */
  readonly emptyAt: Ms;
  /** The last picture before it with somebody in it; null = nobody had been seen. */
  lastSeen: Shot | null;
  /** The first picture of the empty seat, where it follows that one closely. */
  left: Shot | null;
  /** The first picture with somebody in it again. */
  returned: Shot | null;
  /** Whether pictures had to make room for others. */
  isThinned: boolean;
}

/** Further apart, the picture of the empty seat is not one of somebody's leaving: the camera did not see that. */
const LEAVING_MS: Ms = 60 * SECOND;
/** Absences that are remembered of a seat, with the one that lasts. */
const MOST_ABSENCES = 4;
/** Pictures nearer to each other than this are thinned: of three the middle one goes. */
const APART_MS: Ms = 2 * SECOND;
/** Half a minute: somebody who passes is not remembered for longer, however small the pictures. */
const MOST_RECENT = 18;
/** The share of the memory that pictures of absences may take, beside the last ones. */
const ABSENCES_SHARE = 0.5;

export class CameraMemory {
  readonly #bytes: number;
  readonly #seats: readonly SeatMemory[];
  #recent: Shot[] = [];

  /** `bytes`: of all pictures together. */
  constructor(seats: number, bytes: number) {
    this.#bytes = bytes;
    this.#seats = Array.from({ length: seats }, () => new SeatMemory());
  }

  /** Takes a picture. What is seen in it follows with `seen`. */
  keep(at: Ms, view: View): Shot {
    const shot: Shot = { at, view, look: null };
    const beforeLast = this.#recent.at(-2);
    // The last one made no great difference: where pictures come quickly, half a minute would be a few seconds.
    if (beforeLast !== undefined && at - beforeLast.at < APART_MS) this.#recent.pop();
    this.#recent.push(shot);
    this.#makeRoom();
    return shot;
  }

  seen(shot: Shot, look: CameraLook): void {
    shot.look = look;
    for (const [seat, { state }] of look.seats.entries()) this.#seats[seat]?.see(shot, state);
    this.#makeRoom();
  }

  /** The last pictures, the oldest first. */
  get recent(): readonly Shot[] {
    return this.#recent;
  }

  /** Of a seat, the oldest first. */
  absences(seat: number): readonly Absence[] {
    return this.#seats[seat]?.absences ?? [];
  }

  /** The last picture in which somebody was at the seat. */
  lastSeen(seat: number): Shot | null {
    return this.#seats[seat]?.lastSeen ?? null;
  }

  /** What the pictures take now. */
  get bytes(): number {
    return sizeOf(new Set([...this.#recent, ...this.#kept()]));
  }

  #kept(): Shot[] {
    return this.#seats.flatMap((seat) => seat.kept());
  }

  #makeRoom(): void {
    // Mostly there is room, even if what stands in several places took up as many.
    const most = this.#seats.reduce((sum, seat) => sum + seat.mostBytes, 0);
    const isEnough = most <= ABSENCES_SHARE * this.#bytes && most + sizeOf(this.#recent) <= this.#bytes;
    if (isEnough) {
      this.#recent.splice(0, this.#recent.length - MOST_RECENT);
      return;
    }
    while (sizeOf(new Set(this.#kept())) > ABSENCES_SHARE * this.#bytes) {
      const [first, ...others] = this.#seats;
      if (first === undefined) return;
      others.reduce((oldest, seat) => (seat.oldestAt < oldest.oldestAt ? seat : oldest), first).thin();
    }
    while (this.#recent.length > MOST_RECENT || (this.#recent.length > 0 && this.bytes > this.#bytes))
      this.#recent.shift();
  }
}

class SeatMemory {
  absences: readonly Absence[] = [];
  lastSeen: Shot | null = null;

  see(shot: Shot, state: PresenceState): void {
    const last = this.absences.at(-1);
    const isAway = last !== undefined && last.returned === null;
    if (state === 'occupied') {
      if (isAway) last.returned = shot;
      this.lastSeen = shot;
    } else if (state === 'empty' && !isAway) {
      const { lastSeen } = this;
      const left = lastSeen !== null && shot.at - lastSeen.at <= LEAVING_MS ? shot : null;
      const absence: Absence = { emptyAt: shot.at, lastSeen, left, returned: null, isThinned: false };
      this.absences = [...this.absences, absence].slice(-MOST_ABSENCES);
    }
  }

  kept(): Shot[] {
    const shots = [this.lastSeen, ...this.absences.flatMap((one) => [one.lastSeen, one.left, one.returned])];
    return shots.filter((shot) => shot !== null);
  }

  /** What its pictures take at most. */
  get mostBytes(): number {
    return this.absences.reduce(
      (sum, { lastSeen, left, returned }) => sum + bytesOf(lastSeen) + bytesOf(left) + bytesOf(returned),
      bytesOf(this.lastSeen),
    );
  }

  get oldestAt(): Ms {
    return Math.min(...this.kept().map(({ at }) => at));
  }

  /** Lets its oldest picture go, wherever it stands. That somebody came back is not forgotten without the absence itself. */
  thin(): void {
    const { oldestAt } = this;
    const isOldest = (shot: Shot | null): boolean => shot?.at === oldestAt;
    if (isOldest(this.lastSeen)) this.lastSeen = null;
    this.absences = this.absences.filter(({ returned }) => !isOldest(returned));
    for (const absence of this.absences) {
      for (const which of ['lastSeen', 'left'] as const) {
        if (!isOldest(absence[which])) continue;
        absence[which] = null;
        absence.isThinned = true;
      }
    }
  }
}

const bytesOf = (shot: Shot | null): number => (shot === null ? 0 : memoryOf(shot.view));

function sizeOf(shots: Iterable<Shot>): number {
  let bytes = 0;
  for (const { view } of shots) bytes += memoryOf(view);
  return bytes;
}
