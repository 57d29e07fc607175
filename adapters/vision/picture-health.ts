/**
 * Whether a camera's picture can be believed at all. What is wrong with it makes every seat `unknown`, never `empty`: a
 * camera that sees nothing has not seen that nobody is there.
 */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { middle, toneOf } from './light.ts';
import { changedPlaces, type PreparedPicture, prepared } from './motion.ts';
import { HEALTH } from './occupancy-limits.ts';
import { type Part, Scene, type ScenePicture } from './scene.ts';
import { smoothed } from './smooth.ts';

/**
 * `lost` no pictures · `frozen` the same picture again and again · `dark` · `covered` one surface, or the scene's edges are
 * gone · `blurred` · `moved` another scene · `nudged` the scene, shifted.
 */
export type PictureFault = 'lost' | 'frozen' | 'dark' | 'covered' | 'blurred' | 'moved' | 'nudged';

export interface PictureState {
  readonly at: Ms;
  /** Null = the picture can be believed. */
  readonly fault: PictureFault | null;
  /** The measured value that decided, and what it was held against, in the unit of the limit's name in `HEALTH`. */
  readonly value: number;
  readonly limit: number;
  /** How far a nudged picture was shifted, in fractions of its width and height. */
  readonly shift: { readonly dx: number; readonly dy: number } | null;
  /** Share of the pixels that moved in the middle one of the picture's fields: people move in few fields, cameras in all. */
  readonly stir: number;
}

/** The picture is divided into so many fields for `stir`. */
const FIELDS = { columns: 8, rows: 5 } as const;
/** So many pauses between pictures tell what is usual. */
const MOST_PAUSES = 15;

export class PictureHealth {
  readonly #scene: Scene;
  #last: { readonly at: Ms; readonly picture: GrayPicture; readonly ready: PreparedPicture } | null = null;
  /** Of the picture before the last one. */
  #room: PreparedPicture | null = null;
  #sameSince: Ms | null = null;
  #sameLooks = 0;
  #pauses: number[] = [];

  /** `seats`: the parts of the picture where people sit; what changes there says nothing of the camera. */
  constructor(seats: readonly Part[] = []) {
    this.#scene = new Scene(seats);
  }

  /** A new small whole picture. */
  see(at: Ms, picture: GrayPicture): PictureState {
    const last = this.#last;
    const seen = { picture, smooth: smoothed(picture), tone: toneOf(picture) };
    const ready = prepared(picture, seen.smooth, this.#room);
    this.#room = last?.ready ?? null;
    const isSame = last !== null && isRepeated(last.picture, picture);
    this.#sameLooks = isSame ? this.#sameLooks + 1 : 0;
    this.#sameSince = isSame ? (this.#sameSince ?? last.at) : null;
    if (last !== null) {
      this.#pauses.push(at - last.at);
      if (this.#pauses.length > MOST_PAUSES) this.#pauses.shift();
    }
    this.#last = { at, picture, ready };
    const stir = last === null || isSame ? 0 : stirOf(changedPlaces(last.ready, ready), picture);
    const found = this.#fault(at, seen);
    if (found.fault === null) this.#scene.learn(at, seen);
    return { at, stir, ...found };
  }

  /** No new picture has come: whether the camera counts as lost by now. */
  wait(at: Ms): PictureState | null {
    if (this.#last === null) return null;
    const value = at - this.#last.at;
    // Asked every second of every camera, and mostly answered by this.
    if (value <= HEALTH.lostMs) return null;
    const limit = Math.max(HEALTH.lostMs, HEALTH.lostTimes * middle(Float64Array.from(this.#pauses)));
    return value <= limit ? null : { at, fault: 'lost', value, limit, shift: null, stir: 0 };
  }

  #fault(at: Ms, seen: ScenePicture): Omit<PictureState, 'at' | 'stir'> {
    const fault = (name: PictureFault | null, value: number, limit: number, shift: PictureState['shift'] = null) => ({
      fault: name,
      value,
      limit,
      shift,
    });
    const sameMs = this.#sameSince === null ? 0 : at - this.#sameSince;
    if (sameMs >= HEALTH.frozenMs && this.#sameLooks >= HEALTH.frozenLooks)
      return fault('frozen', sameMs, HEALTH.frozenMs);
    const { mean, spread } = seen.tone;
    if (mean < HEALTH.darkMean) return fault('dark', mean, HEALTH.darkMean);
    if (spread < HEALTH.plainSpread) return fault('covered', spread, HEALTH.plainSpread);
    const look = this.#scene.look(seen);
    if (look === null) return fault(null, spread, HEALTH.plainSpread);
    const { agreement, astray, sharpness } = look;
    if (sharpness < HEALTH.blurredShare) return fault('blurred', sharpness, HEALTH.blurredShare);
    if (agreement === null || astray === null)
      return fault(null, agreement ?? sharpness, agreement === null ? HEALTH.blurredShare : HEALTH.nudgedBelow);
    const { shifted, edges } = astray;
    if (shifted.agreement >= agreement + HEALTH.nudgedGain && (shifted.dx !== 0 || shifted.dy !== 0))
      return fault('nudged', agreement, HEALTH.nudgedBelow, {
        dx: shifted.dx / seen.picture.width,
        dy: shifted.dy / seen.picture.height,
      });
    if (agreement >= HEALTH.sceneLeast) return fault(null, agreement, HEALTH.sceneLeast);
    return fault(edges < HEALTH.coveredEdges ? 'covered' : 'moved', agreement, HEALTH.sceneLeast);
  }
}

/** Live pictures differ by their noise; a picture sent again differs, at most, by what the codec makes of it. */
function isRepeated(one: GrayPicture, other: GrayPicture): boolean {
  const [before, now] = [one.pixels, other.pixels];
  const count = before.length;
  if (count !== now.length) return false;
  let unlike = 0;
  for (let i = 0; i < count; i++) {
    const distance = Math.abs((before[i] as number) - (now[i] as number));
    if (distance > HEALTH.repeatedMost) return false;
    if (distance >= HEALTH.repeatedFrom) unlike += 1;
  }
  return unlike <= HEALTH.repeatedShare * count;
}

interface Fields {
  /** Of each pixel. */
  readonly of: Uint8Array;
  /** In pixels. */
  readonly sizes: Float64Array;
}

const FIELDS_BY_SIZE = new Map<string, Fields>();

function fieldsOf({ width, height }: GrayPicture): Fields {
  const size = `${width} ${height}`;
  const known = FIELDS_BY_SIZE.get(size);
  if (known !== undefined) return known;
  const fields = { of: new Uint8Array(width * height), sizes: new Float64Array(FIELDS.columns * FIELDS.rows) };
  for (let i = 0; i < fields.of.length; i++) {
    const row = Math.floor((Math.floor(i / width) * FIELDS.rows) / height);
    const field = row * FIELDS.columns + Math.floor(((i % width) * FIELDS.columns) / width);
    fields.of[i] = field;
    fields.sizes[field] = (fields.sizes[field] as number) + 1;
  }
  FIELDS_BY_SIZE.set(size, fields);
  return fields;
}

/** `changed`: the pixels that did. */
function stirOf(changed: Int32Array, picture: GrayPicture): number {
  const { of, sizes } = fieldsOf(picture);
  const moved = new Float64Array(sizes.length);
  const count = changed.length;
  for (let i = 0; i < count; i++) {
    const field = of[changed[i] as number] as number;
    moved[field] = (moved[field] as number) + 1;
  }
  return middle(moved.map((sum, field) => sum / (sizes[field] as number)));
}
