/**
 * What ffmpeg is asked to make of a camera's picture, and how its bytes become pictures again. The whole picture, small,
 * lies at the top left of one grey frame; the seats lie below or beside it in rows. So one process and one pipe serve a camera,
 * however many seats it sees, and a frame has the same size whatever the camera sends.
 */
import type { Roi } from '../../config/fields.ts';
import type { Ms } from '../../rules/time.ts';
import type { CameraFrame, GrayPicture } from '../camera.ts';
import { STAMP_FILTER, stampIn } from './keyframes.ts';

/** The size of the whole picture in pixels, whatever the camera's own; its shape is not kept. */
export const WHOLE = { width: 160, height: 90 } as const;
/** The size of each seat's picture in pixels. */
export const SEAT = { width: 48, height: 60 } as const;
/** The size of the view in pixels: about what a sub-stream has, and a quarter of a megabyte a picture. */
export const VIEW = { width: 640, height: 360 } as const;

export interface FrameLayout {
  /** For `-filter_complex`: input `[0:v]`, output `[o]`. */
  readonly filter: string;
  /** Of one frame as `rawvideo` of `gray`. */
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** How many seats' pictures are in it. */
  readonly seats: number;
  /** Whether there is a view below them. */
  readonly view: boolean;
  /** Whether its time is written into it. */
  readonly stamped: boolean;
}

export interface LayoutOptions {
  /**
   * Frames a second of the source's own time; the k-th frame is what was to be seen k / fps seconds after the first
   * one. Left out = every decoded frame, as it comes.
   */
  readonly fps?: number;
  /** Frames that come sooner after the last one are dropped; for when `fps` is left out. */
  readonly leastApartMs?: Ms;
  /** Whether the whole picture is wanted large as well. */
  readonly view?: boolean;
  /** Whether the stream's time is to be told with each frame. */
  readonly stamped?: boolean;
}

/** Where its time is written, beside the seats, in pixels; the height is the least that ffmpeg cuts out of a picture in colours. */
const STAMP = { left: 3 * SEAT.width, top: WHOLE.height, width: 8, height: 2 } as const;

/** The layout for these regions, in their order; a polygon is cut out as the box around it. */
export function layoutOf(rois: readonly Roi[], options: LayoutOptions = {}): FrameLayout {
  const { fps, leastApartMs, view = false, stamped = false } = options;
  const places = rois.map((_, i) => placeOf(i, view));
  const stampEnd = stamped ? STAMP.top + STAMP.height : 0;
  const below = Math.max(WHOLE.height, stampEnd, ...places.map(({ top }) => top + SEAT.height));
  const width = view ? VIEW.width : WHOLE.width;
  const height = view ? below + VIEW.height : below;
  const frame = { bytes: width * height, width, height, seats: rois.length, view, stamped };
  const pace = fps !== undefined ? `fps=${fps}:round=up,` : leastApartMs !== undefined ? apart(leastApartMs) : '';
  // Grey last, in the step that scales: to make a grey copy of the whole picture first takes three to
  // five times as long (640x360 to 1920x1080, measured).
  const scaled = ({ width, height }: Size) => `scale=${width}:${height}:flags=area,format=gray`;
  const whole = scaled(WHOLE);
  if (rois.length === 0 && !view && !stamped) return { filter: `[0:v]${pace}${whole},setsar=1[o]`, ...frame };
  const inputs = ['w', ...rois.map((_, i) => `c${i}`), ...(stamped ? ['t'] : []), ...(view ? ['v'] : [])];
  const seats = rois.map((_, i) => `seat${i}`);
  const outputs = ['whole', ...seats, ...(stamped ? ['stamp'] : []), ...(view ? ['view'] : [])];
  const parts = [
    `[0:v]${pace}split=${inputs.length}${labels(inputs)}`,
    `[w]${whole}[whole]`,
    ...rois.map((roi, i) => `[c${i}]${crop(roi)},${scaled(SEAT)}[seat${i}]`),
    ...(stamped ? [`[t]crop=${STAMP.width}:${STAMP.height}:0:0,format=gray,${STAMP_FILTER}[stamp]`] : []),
    ...(view ? [`[v]${scaled(VIEW)}[view]`] : []),
  ];
  const cornersOfSeats = places.map(({ left, top }) => `${left}_${top}`);
  const stampCorner = stamped ? [`${STAMP.left}_${STAMP.top}`] : [];
  const corners = ['0_0', ...cornersOfSeats, ...stampCorner, ...(view ? [`0_${below}`] : [])];
  const stack = `xstack=inputs=${outputs.length}:layout=${corners.join('|')}`;
  // What xstack makes is as wide as its rightmost input, which a view always is; else this frame's width must not depend on that.
  const padded = view ? '' : `,pad=${width}:${height}:0:0`;
  parts.push(`${labels(outputs)}${stack}${padded},setsar=1[o]`);
  return { filter: parts.join(';'), ...frame };
}

const labels = (names: readonly string[]): string => names.map((name) => `[${name}]`).join('');

/** A source whose time goes back begins anew. */
function apart(leastApartMs: Ms): string {
  const seconds = (leastApartMs / 1000).toFixed(3);
  return `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${seconds})+lt(t,prev_selected_t)',`;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a seat's picture lies: in rows below the small whole, or, where a view makes the frame wider, beside it. */
function placeOf(seat: number, view: boolean): { readonly left: number; readonly top: number } {
  const [left, top] = view ? [WHOLE.width, 0] : [0, WHOLE.height];
  const seatsARow = Math.floor(((view ? VIEW.width : WHOLE.width) - left) / SEAT.width);
  return { left: left + (seat % seatsARow) * SEAT.width, top: top + Math.floor(seat / seatsARow) * SEAT.height };
}

/** At least two pixels each way, and no more than there are: otherwise ffmpeg would end. */
function crop(roi: Roi): string {
  const box = boxOf(roi);
  const [x, y] = [inside(box.x), inside(box.y)];
  const [width, height] = [inside(box.x + box.width) - x, inside(box.y + box.height) - y];
  const part = (side: string, share: number): string => `round(${side}*${share.toFixed(6)})`;
  const size = `w='max(2,${part('iw', width)})':h='max(2,${part('ih', height)})'`;
  return `crop=${size}:x='${part('iw', x)}':y='${part('ih', y)}'`;
}

const inside = (share: number): number => Math.min(1, Math.max(0, share));

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box around a region, in fractions of the picture. */
export function boxOf(roi: Roi): Box {
  if (roi.kind === 'box') return roi;
  const [xs, ys] = [roi.points.map(([x]) => x), roi.points.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** The pictures of one frame. Their pixels are copies: whoever gets them may give them away. Small ones lie in one buffer, the view in one of its own. */
export interface CutFrame extends Omit<CameraFrame, 'at' | 'keyframe'> {
  /** The stream's time, where it is told. */
  readonly stampMs?: Ms;
}

/** Puts the chunks of ffmpeg's output together to frames, wherever the pipe cut them. */
export class FrameCutter {
  readonly #layout: FrameLayout;
  /** The small pictures, side by side. */
  readonly #small: Buffer;
  /** What lies below them as it will be given away: nine tenths of a frame are copied once. */
  #view: Uint8Array;
  #filled = 0;

  constructor(layout: FrameLayout) {
    this.#layout = layout;
    this.#small = Buffer.alloc(layout.bytes - viewBytes(layout));
    this.#view = new Uint8Array(viewBytes(layout));
  }

  /** The frames that this chunk completes. The chunk may be reused afterwards. */
  push(chunk: Buffer): CutFrame[] {
    const frames: CutFrame[] = [];
    const { bytes } = this.#layout;
    for (let from = 0; from < chunk.length; ) {
      const isSmall = this.#filled < this.#small.length;
      const copied = isSmall
        ? chunk.copy(this.#small, this.#filled, from)
        : chunk.copy(this.#view, this.#filled - this.#small.length, from);
      from += copied;
      this.#filled += copied;
      if (this.#filled < bytes) continue;
      frames.push(this.#cut());
      this.#filled = 0;
    }
    return frames;
  }

  #cut(): CutFrame {
    const { seats: count, view, stamped } = this.#layout;
    const pixels = new Uint8Array(areaOf(WHOLE) + count * areaOf(SEAT));
    const whole = this.#picture(pixels.subarray(0, areaOf(WHOLE)), 0, 0, WHOLE);
    const seats: GrayPicture[] = [];
    for (let seat = 0; seat < count; seat++) {
      const { left, top } = placeOf(seat, view);
      const from = areaOf(WHOLE) + seat * areaOf(SEAT);
      seats.push(this.#picture(pixels.subarray(from, from + areaOf(SEAT)), left, top, SEAT));
    }
    if (stamped) return { whole, seats, stampMs: stampIn(this.#small, STAMP.top * this.#layout.width + STAMP.left) };
    if (!view) return { whole, seats };
    const large = { ...VIEW, pixels: this.#view };
    this.#view = new Uint8Array(viewBytes(this.#layout));
    return { whole, seats, view: large };
  }

  #picture(pixels: Uint8Array, left: number, top: number, { width, height }: Size): GrayPicture {
    const [small, across] = [this.#small, this.#layout.width];
    // Rows are short: to have each copied by a call takes longer, but for where they are all there is.
    if (across === width) pixels.set(small.subarray(top * across, (top + height) * across));
    else
      for (let row = 0; row < height; row++) {
        const [from, to] = [(top + row) * across + left, row * width];
        for (let x = 0; x < width; x++) pixels[to + x] = small[from + x] as number;
      }
    return { width, height, pixels };
  }
}

const areaOf = ({ width, height }: Size): number => width * height;

/** It is as wide as the frame, and ends it. */
const viewBytes = ({ view }: FrameLayout): number => (view ? VIEW.width * VIEW.height : 0);
