/** One camera: whether its picture can be believed, and who sits at each of its seats. */
import type { Ms } from '../../rules/time.ts';
import type { CameraFrame, GrayPicture } from '../camera.ts';
import { SeatOccupancy, type SeatVerdict } from './occupancy.ts';
import { LOOK_EVERY_MS } from './occupancy-limits.ts';
import type { PersonOpinion } from './person.ts';
import { PictureHealth, type PictureState } from './picture-health.ts';
import type { Reference } from './reference-bank.ts';
import type { Part } from './scene.ts';

export interface CameraLook {
  readonly picture: PictureState;
  /** In the order of the seats. */
  readonly seats: readonly SeatVerdict[];
}

export interface CameraSeats {
  /** Where the seats are in the whole picture, in their order: what changes there says nothing of the camera. */
  readonly places: readonly Part[];
  /** For each seat, what `references` gave before a restart. */
  readonly references?: readonly (readonly Reference[])[];
}

/** Frames must come in the order of their time; nothing here asks what time it is. */
export class CameraOccupancy {
  readonly #health: PictureHealth;
  readonly #seats: readonly SeatOccupancy[];
  #lookedAt: Ms | null = null;

  constructor({ places, references }: CameraSeats) {
    this.#health = new PictureHealth(places);
    this.#seats = places.map((_, seat) => new SeatOccupancy(references?.[seat]));
  }

  /** A frame; null if it came too soon after the last one to tell more. `persons`: a model's opinions, by seat. */
  see(frame: CameraFrame, persons: readonly (PersonOpinion | null)[] = []): CameraLook | null {
    if (this.#lookedAt !== null && frame.at - this.#lookedAt < LOOK_EVERY_MS) return null;
    const gap = this.#health.wait(frame.at);
    // A long silence that ends with this frame: what is remembered is of another time.
    if (gap !== null) for (const seat of this.#seats) seat.blind(frame.at, gap);
    this.#lookedAt = frame.at;
    const picture = this.#health.see(frame.at, frame.whole);
    const seats = this.#seats.map((seat, i) =>
      picture.fault === null
        ? seat.look(frame.at, frame.seats[i] as GrayPicture, picture.stir, persons[i] ?? null)
        : seat.blind(frame.at, picture),
    );
    return { picture, seats };
  }

  /** No frame has come; null while that is nothing unusual. */
  wait(at: Ms): CameraLook | null {
    const picture = this.#health.wait(at);
    return picture === null ? null : { picture, seats: this.#seats.map((seat) => seat.blind(at, picture)) };
  }

  /** Somebody says that a seat is empty in this picture of it. */
  learnEmpty(seat: number, at: Ms, picture: GrayPicture): void {
    this.#seats[seat]?.learnEmpty(at, picture);
  }

  /** What is known of each seat's emptiness, for `CameraSeats.references` after a restart. */
  get references(): readonly (readonly Reference[])[] {
    return this.#seats.map((seat) => seat.references);
  }
}
