/**
 * Pictures of empty seats, taken while the hall rests because somebody asked for them. Nothing is learnt of them here: a person looks at
 * each and says whether nobody is in it. They are in memory only; whatever was asked for is forgotten at a restart.
 */
import { hash } from 'node:crypto';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import type { View } from '../../adapters/cameras/developed.ts';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { PictureFault } from '../../adapters/vision/picture-health.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { STILL, type StillPicture, StillSeat } from '../../adapters/vision/still-seat.ts';
import { cutOut, surroundingsOf } from '../../adapters/vision/veil.ts';
import type { CameraConfig } from '../../config/schema.ts';
import { HOUR, MINUTE, type Ms } from '../../rules/time.ts';
import { bindingOf } from './reference-store.ts';

/** Whoever is on the way out still sits there, and whoever tidies up. */
const INTO_MS: Ms = 5 * MINUTE;
/** Every working day has a break within it. */
const LASTS_MS: Ms = 24 * HOUR;
/** Whoever asked before a weekend looks after it; later than that nobody's picture is kept. */
const KEPT_MS: Ms = 48 * HOUR;
/** A look that is older says nothing of now; nor does a camera that has shown nothing for as long. */
const STALE_MS: Ms = STILL.pauseMs;

/**
 * Why there is no picture: what is wrong with the camera's, something moved, no break came, the seat is another one now, or nobody looked
 * at what was taken.
 */
export type NoBreakPicture = PictureFault | 'restless' | 'no-break' | 'changed' | 'unseen';

/** What is shown of a seat: this part of the view, or all of it. */
export interface ShownSeat {
  readonly view: View;
  readonly part: Part | null;
}

type SeatPicture = StillPicture<ShownSeat>;

/** `waiting`: for a break; `watching`: there is one now; `none`: it is over without a picture. */
export interface BreakReading {
  readonly state: 'waiting' | 'watching' | 'ready' | 'taught' | 'denied' | 'none';
  readonly because: NoBreakPicture | null;
  /** What somebody is to look at; `id` names it. */
  readonly picture: (SeatPicture & { readonly id: string }) | null;
  readonly decided: { readonly at: Ms; readonly by: string } | null;
}

interface AskedSeat {
  /** What a picture of the seat is of; another one's says nothing of it. */
  readonly key: string;
  readonly window: string;
  readonly endsAt: Ms;
  still: StillSeat<ShownSeat>;
  lookedAt: Ms;
  frameAt: Ms | null;
  inBreak: boolean;
  hadBreak: boolean;
  trouble: PictureFault | 'restless' | null;
  end: { readonly state: 'taught' | 'denied'; readonly at: Ms; readonly by: string } | 'changed' | 'unseen' | null;
}

export interface BreakPicturesOptions {
  readonly clock: Pick<DeviceClock, 'now'>;
  /** Whether a window has no session at an instant. */
  readonly isBreak: (window: string, at: Ms) => boolean;
}

export class BreakPictures {
  readonly #options: BreakPicturesOptions;
  #cameras: ReadonlyMap<string, CameraConfig> = new Map();
  readonly #asked = new Map<string, readonly (AskedSeat | null)[]>();

  constructor(options: BreakPicturesOptions) {
    this.#options = options;
  }

  /** Takes on other cameras. Of seats that are elsewhere now, what was taken is dropped. */
  watch(cameras: readonly CameraConfig[]): void {
    this.#cameras = new Map(cameras.map((camera) => [camera.id, camera]));
    for (const [id, before] of [...this.#asked]) {
      const camera = this.#cameras.get(id);
      if (camera === undefined) this.#asked.delete(id);
      else
        this.#asked.set(
          id,
          camera.seats.map(({ window }, seat) => {
            const same = before.find((one) => one?.key === keyOf(camera, seat));
            const moved = before.find((one) => one?.window === window);
            return same ?? (moved == null ? null : { ...moved, still: new StillSeat(), end: 'changed' as const });
          }),
        );
    }
  }

  /** Asks for pictures of the seats of a camera; those that still have to be looked at stay. False = it has none, or is not read. */
  ask(id: string): boolean {
    const camera = this.#cameras.get(id);
    if (camera === undefined || camera.seats.length === 0) return false;
    const endsAt = this.#options.clock.now() + LASTS_MS;
    const none = { lookedAt: 0, frameAt: null, inBreak: false, hadBreak: false, trouble: null, end: null };
    const before = this.#asked.get(id) ?? [];
    const asked = camera.seats.map(({ window }, seat): AskedSeat => {
      const known = before[seat] ?? null;
      if (known !== null && this.reading(id, seat)?.state === 'ready') return known;
      return { key: keyOf(camera, seat), window, endsAt, still: new StillSeat(), ...none };
    });
    this.#asked.set(id, asked);
    return true;
  }

  /** A frame, before its pictures are given away, and what was seen in the one before it. */
  see(id: string, frame: CameraFrame, look: CameraLook | null): void {
    const camera = this.#cameras.get(id);
    if (camera === undefined) return;
    for (const [place, seat] of (this.#asked.get(id) ?? []).entries()) {
      if (seat === null || seat.end !== null) continue;
      if (frame.at >= seat.endsAt + KEPT_MS && seat.still.best !== null) {
        seat.still = new StillSeat();
        seat.end = 'unseen';
      }
      if (frame.at < seat.endsAt) this.#see(seat, camera, place, frame, look);
    }
  }

  #see(seat: AskedSeat, camera: CameraConfig, place: number, frame: CameraFrame, look: CameraLook | null): void {
    const { at } = frame;
    const [picture, roi] = [frame.seats[place], camera.seats[place]?.roi];
    if (picture === undefined || roi === undefined) return;
    seat.frameAt = at;
    const trouble = troubleOf(look, place, at);
    if (trouble !== null) {
      seat.still.disturb();
      if (seat.inBreak) seat.trouble = trouble;
    }
    if (at - seat.lookedAt < STILL.everyMs) return;
    seat.lookedAt = at;
    seat.inBreak = this.#isBreak(seat.window, at);
    if (!seat.inBreak) return seat.still.disturb();
    seat.hadBreak = true;
    if (trouble !== null) return;
    if (!seat.still.see(at, picture, () => shownOf(frame, picture, surroundingsOf(boxOf(roi)))))
      seat.trouble = 'restless';
  }

  #isBreak(window: string, at: Ms): boolean {
    const { isBreak } = this.#options;
    return isBreak(window, at) && isBreak(window, at - INTO_MS);
  }

  /** Of a camera's seat; null = nobody has asked since the start. */
  reading(id: string, place: number): BreakReading | null {
    const seat = this.#asked.get(id)?.[place] ?? null;
    if (seat === null) return null;
    const none = { because: null, picture: null, decided: null };
    if (seat.end === 'changed' || seat.end === 'unseen') return { ...none, state: 'none', because: seat.end };
    if (seat.end !== null) return { ...none, state: seat.end.state, decided: { at: seat.end.at, by: seat.end.by } };
    const { best } = seat.still;
    const now = this.#options.clock.now();
    if (best !== null) {
      if (now >= seat.endsAt + KEPT_MS) return { ...none, state: 'none', because: 'unseen' };
      return { ...none, state: 'ready', picture: { ...best, id: idOf(best) } };
    }
    const isOver = now >= seat.endsAt;
    const inBreak = !isOver && this.#isBreak(seat.window, now);
    const isSilent = seat.frameAt === null || Math.min(now, seat.endsAt) - seat.frameAt > STALE_MS;
    const trouble = isSilent && (isOver || inBreak) ? 'lost' : seat.trouble;
    if (isOver) return { ...none, state: 'none', because: trouble ?? (seat.hadBreak ? 'restless' : 'no-break') };
    return { ...none, state: inBreak ? 'watching' : 'waiting', because: trouble };
  }

  /** The picture of that name, and of which window it is; null = it is not, or no longer, the one of this seat. */
  find(id: string, place: number, picture: string): (SeatPicture & { readonly window: string }) | null {
    const seat = this.#asked.get(id)?.[place] ?? null;
    const found = this.reading(id, place)?.picture ?? null;
    return seat === null || found?.id !== picture ? null : { ...found, window: seat.window };
  }

  /** Somebody has looked at it. The picture is dropped. */
  decide(id: string, place: number, isEmpty: boolean, by: string): void {
    const asked = this.#asked.get(id) ?? [];
    const end = { state: isEmpty ? ('taught' as const) : ('denied' as const), at: this.#options.clock.now(), by };
    this.#asked.set(
      id,
      asked.map((seat, i) => (i === place && seat !== null ? { ...seat, still: new StillSeat(), end } : seat)),
    );
  }
}

/** As large as there is. Nothing of it is given away with the frame. */
function shownOf({ view, keyframe }: CameraFrame, picture: GrayPicture, part: Part): ShownSeat {
  if (view !== undefined) return { view: cutOut(view, part), part: null };
  if (keyframe !== undefined) return { view: keyframe, part };
  return { view: { ...picture, pixels: Uint8Array.from(picture.pixels) }, part: null };
}

/** What keeps this from being a still time; null = nothing. */
function troubleOf(look: CameraLook | null, place: number, at: Ms): PictureFault | 'restless' | null {
  const verdict = look?.seats[place];
  if (look === null || verdict === undefined || at - look.picture.at > STALE_MS) return 'lost';
  if (look.picture.fault !== null) return look.picture.fault;
  const isSomebody = verdict.state === 'occupied' || verdict.because.some(({ says }) => says === 'occupied');
  const isMoving = verdict.because.some(({ witness, value, limit }) => witness === 'motion' && value > limit);
  return isSomebody || isMoving ? 'restless' : null;
}

const keyOf = (camera: CameraConfig, seat: number): string => JSON.stringify(bindingOf(camera, seat));
const idOf = ({ picture }: SeatPicture): string => hash('sha256', picture.pixels);
