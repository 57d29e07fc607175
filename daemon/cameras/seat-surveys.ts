/** Looking for an hour where it keeps moving in the pictures of cameras without seats: proposals, which only a person makes seats of. */
import type { CameraFrame } from '../../adapters/camera.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { type SeatProposal, SeatSurvey } from '../../adapters/vision/seat-proposal.ts';
import type { Ms } from '../../rules/time.ts';

export interface SurveyReading {
  readonly beganAt: Ms;
  readonly endsAt: Ms;
  readonly state: 'watching' | 'done';
  /** From left to right; so far, while it is being watched. */
  readonly seats: readonly SeatProposal[];
}

interface Survey {
  readonly beganAt: Ms;
  readonly endsAt: Ms;
  readonly motion: SeatSurvey;
}

/** Each picture costs the main thread some milliseconds. */
const MOST_AT_ONCE = 16;

export class SeatSurveys {
  readonly #clock: Pick<DeviceClock, 'now'>;
  readonly #surveys = new Map<string, Survey>();

  constructor(clock: Pick<DeviceClock, 'now'>) {
    this.#clock = clock;
  }

  /** Watches a camera from now on, forgetting what an earlier survey of it found. False = as many are watched as can be. */
  begin(camera: string, ms: Ms): boolean {
    const now = this.#clock.now();
    const others = [...this.#surveys].filter(([id, { endsAt }]) => id !== camera && endsAt > now);
    if (others.length >= MOST_AT_ONCE) return false;
    this.#surveys.set(camera, { beganAt: now, endsAt: now + ms, motion: new SeatSurvey() });
    return true;
  }

  /** A frame, before its pictures are given away. */
  see(camera: string, { at, whole }: CameraFrame): void {
    const survey = this.#surveys.get(camera);
    if (survey !== undefined && at < survey.endsAt) survey.motion.see(at, whole);
  }

  /** Null = nobody has asked for one since the start. */
  reading(camera: string): SurveyReading | null {
    const survey = this.#surveys.get(camera);
    if (survey === undefined) return null;
    const { beganAt, endsAt, motion } = survey;
    return { beganAt, endsAt, state: this.#clock.now() < endsAt ? 'watching' : 'done', seats: motion.propose() };
  }
}
