/** A camera that somebody sets up: tested, looked at and taught before anything of it is written. It says nothing to the rules. */
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import type { Loss } from '../../adapters/cameras/loss.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import type { Roi } from '../../config/fields.ts';
import type { Ms } from '../../rules/time.ts';
import type { SeatReferences } from '../cameras/vision-thread.ts';
import type { ProbeSubject } from '../probing/camera.ts';
import type { StepTold } from '../probing/steps.ts';
import { type CheckReading, SeatCheck } from './seat-check.ts';

export interface TrialSeat {
  readonly window: string;
  readonly roi: Roi;
}

/** `testing`: step by step · `failed`: a step did not do · `watching`: it is read, as far as it delivers. */
export type TrialState = 'testing' | 'failed' | 'watching';

/** What somebody wants to try. */
export interface TrialWish {
  readonly subject: ProbeSubject;
  /** The camera of hall.yaml that it is; null = a new one. */
  readonly camera: string | null;
  readonly seats: readonly TrialSeat[];
  readonly known: SeatReferences;
  /** As in `Actor.id`. */
  readonly by: string;
}

/** That a seat was taught, for the acceptance sheet. */
export interface SeatTaught {
  readonly seat: number;
  readonly at: Ms;
  readonly by: string;
}

export class Trial {
  readonly id: string;
  readonly subject: ProbeSubject;
  readonly camera: string | null;
  readonly by: string;
  readonly beganAt: Ms;
  readonly stopping = new AbortController();
  state: TrialState = 'testing';
  steps: readonly StepTold[] = [];
  /** What to do about the step that failed. */
  remedy: string | null = null;
  /** What is read: of a camera that was asked by ONVIF, the video that it named. */
  stream: CameraAddress | null = null;
  loss: Loss | null = null;
  picture: { readonly at: Ms; readonly view: GrayPicture } | null = null;
  look: { readonly at: Ms; readonly look: CameraLook } | null = null;
  /** When somebody last asked for it: forgotten ones end. */
  askedAt: Ms;
  known: SeatReferences;
  taught: readonly SeatTaught[] = [];
  /** As what, when and by whom it was written into hall.yaml last. */
  saved: { readonly camera: string; readonly at: Ms; readonly by: string } | null = null;
  #seats: readonly TrialSeat[];
  #checks: ReadonlyMap<number, SeatCheck> = new Map();

  constructor(id: string, { subject, camera, seats, known, by }: TrialWish, beganAt: Ms) {
    this.id = id;
    this.subject = subject;
    this.camera = camera;
    this.by = by;
    this.beganAt = beganAt;
    this.askedAt = beganAt;
    this.known = known;
    this.#seats = seats;
  }

  get seats(): readonly TrialSeat[] {
    return this.#seats;
  }

  get places(): readonly Part[] {
    return this.#seats.map(({ roi }) => boxOf(roi));
  }

  /** Other seats. What is known of one stays known where its region is the same; so does its check. */
  draw(seats: readonly TrialSeat[]): void {
    const before = this.#seats.map(({ window, roi }) => JSON.stringify([window, roi]));
    const was = seats.map(({ window, roi }) => before.indexOf(JSON.stringify([window, roi])));
    const stays = <T>(of: (seat: number) => T | undefined): (T | undefined)[] =>
      was.map((seat) => (seat < 0 ? undefined : of(seat)));
    this.known = stays((seat) => this.known[seat]).map((one) => one ?? []);
    const checks = stays((seat) => this.#checks.get(seat));
    this.#checks = new Map(checks.flatMap((check, seat) => (check === undefined ? [] : [[seat, check] as const])));
    this.taught = this.taught.flatMap((one) => {
      const seat = was.indexOf(one.seat);
      return seat < 0 ? [] : [{ ...one, seat }];
    });
    this.#seats = seats;
    this.look = null;
  }

  check(seat: number, at: Ms): void {
    this.#checks = new Map([...this.#checks, [seat, new SeatCheck(at)]]);
  }

  checkOf(seat: number): CheckReading | null {
    return this.#checks.get(seat)?.reading() ?? null;
  }

  /** A frame, before its small pictures are given away. */
  frame({ at, view }: CameraFrame): void {
    if (view !== undefined) this.picture = { at, view };
    this.loss = null;
  }

  looked(at: Ms, look: CameraLook): void {
    this.look = { at, look };
    for (const [seat, check] of this.#checks) {
      const verdict = look.seats[seat];
      if (verdict !== undefined) check.see(at, verdict);
    }
  }

  wait(at: Ms): void {
    for (const check of this.#checks.values()) check.wait(at);
  }

  /** There is no picture: what was seen says nothing of now. */
  lost(loss: Loss): void {
    this.loss = loss;
    this.look = null;
  }
}
