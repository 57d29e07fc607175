/**
 * A window of a hall as its camera sees it, drawn: wall, shelf, counter, a chair, and who or what is on it. Everything
 * depends on the time and a seed alone, so that a film of it is the same on every machine.
 */
import type { GrayPicture } from '../../adapters/camera.ts';
import { Dice } from './dice.ts';

/** What is to be seen at one moment. */
export interface SceneMoment {
  /** A clerk on the chair: how lively (0 = asleep, breathing; 1 = at work). */
  readonly clerk?: number;
  readonly coat?: boolean;
  /** How far a customer leans over the counter into the seat's picture, 0–1. */
  readonly customer?: number;
  /** Somebody walks past behind the chair: where, 0 (left of the picture) to 1 (right of it). */
  readonly passer?: number;
  /** The chair stands this many pixels aside. */
  readonly chairAside?: number;
  readonly gain?: number;
  readonly offset?: number;
  /** A patch of sun on the chair and the wall behind it: how bright, grey levels. */
  readonly sun?: number;
  /** The camera: pixels it was nudged, or another direction altogether, or a cap on it, or a lens out of focus. */
  readonly nudge?: readonly [x: number, y: number];
  readonly turned?: boolean;
  readonly covered?: boolean;
  readonly defocused?: boolean;
}

export interface SceneLook {
  readonly seed: number;
  /** Grey level of the clerk's clothes, the chair and the wall. */
  readonly cloth: number;
  readonly chair: number;
  readonly wall: number;
  /** Standard deviation of the sensor's noise, grey levels. */
  readonly noise: number;
}

export const SCENE = { width: 320, height: 180 } as const;
/** Where the seat is, in fractions of the picture. */
export const SCENE_SEAT = { x: 0.36, y: 0.2, width: 0.28, height: 0.6 } as const;

/** The scenes of a seed: dark and bright clothes, walls and chairs. */
export function sceneLook(seed: number): SceneLook {
  const dice = diceOf(seed * 7919 + 1);
  return {
    seed,
    cloth: 25 + Math.round(dice() * 190),
    chair: 30 + Math.round(dice() * 90),
    wall: 110 + Math.round(dice() * 90),
    noise: 1.5 + dice() * 2.5,
  };
}

/** A number from 0 to 1 at each call, always the same ones for a seed. */
function diceOf(seed: number): () => number {
  const dice = new Dice(seed);
  return () => dice.next();
}

type Brush = (x: number, y: number) => number | null;

class Canvas {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array<ArrayBuffer>;
  readonly #left: number;
  readonly #top: number;
  readonly #shrink: number;

  /** Everything is drawn so many pixels aside, and of each so many pixels one, both ways. */
  constructor(left: number, top: number, shrink: number, values?: Float32Array<ArrayBuffer>) {
    this.#left = left;
    this.#top = top;
    this.#shrink = shrink;
    this.width = Math.floor(SCENE.width / shrink);
    this.height = Math.floor(SCENE.height / shrink);
    this.values = values ?? new Float32Array(this.width * this.height);
  }

  /** The brush is asked for each pixel of a part; null leaves what is there. */
  fill(brush: Brush, left = -50, top = -50, right = SCENE.width + 50, bottom = SCENE.height + 50): void {
    const shrink = this.#shrink;
    const fromX = Math.max(0, Math.ceil((Math.floor(left) + this.#left) / shrink));
    const toX = Math.min(this.width, Math.ceil((Math.ceil(right) + this.#left) / shrink));
    const fromY = Math.max(0, Math.ceil((Math.floor(top) + this.#top) / shrink));
    const toY = Math.min(this.height, Math.ceil((Math.ceil(bottom) + this.#top) / shrink));
    for (let y = fromY; y < toY; y++)
      for (let x = fromX; x < toX; x++) {
        const value = brush(x * shrink - this.#left, y * shrink - this.#top);
        if (value !== null) this.values[y * this.width + x] = value;
      }
  }

  at(x: number, y: number): number {
    const row = Math.floor((y + this.#top) / this.#shrink);
    return this.values[row * this.width + Math.floor((x + this.#left) / this.#shrink)] ?? 0;
  }

  box(left: number, top: number, width: number, height: number, value: number, stripe = 0): void {
    const brush: Brush = (x) => value + (stripe > 0 && Math.floor((x - left) / stripe) % 2 === 0 ? 18 : 0);
    this.fill(brush, left, top, left + width, top + height);
  }

  oval(x0: number, y0: number, rx: number, ry: number, value: number): void {
    const brush: Brush = (x, y) => {
      const far = ((x - x0) / rx) ** 2 + ((y - y0) / ry) ** 2;
      return far <= 1 ? value - 30 * far + 12 * Math.sin((x - x0) * 0.7) * Math.cos((y - y0) * 0.5) : null;
    };
    this.fill(brush, x0 - rx, y0 - ry, x0 + rx + 1, y0 + ry + 1);
  }
}

/** The picture at `seconds`; the noise is of that moment. `shrink`: only one of so many pixels is drawn, both ways. */
export function drawScene(look: SceneLook, seconds: number, moment: SceneMoment, shrink = 1): GrayPicture {
  const [left, top] = moment.nudge ?? [0, 0];
  const canvas = moment.turned ? otherRoom(shrink) : room(look, left, top, shrink);
  if (!moment.turned) drawWindow(canvas, look, seconds, moment);
  const { width, height } = canvas;
  const values = moment.defocused ? defocused(canvas) : canvas.values;
  return { width, height, pixels: exposed(values, look, seconds, moment) };
}

/** What never changes, by seed, nudge and size: most of the work of a picture. */
const ROOMS = new Map<string, Float32Array>();

function room(look: SceneLook, left: number, top: number, shrink: number): Canvas {
  const key = `${look.seed} ${look.wall} ${left} ${top} ${shrink}`;
  let known = ROOMS.get(key);
  if (known === undefined) {
    const canvas = new Canvas(left, top, shrink);
    drawRoom(canvas, look);
    known = canvas.values;
    ROOMS.set(key, known);
  }
  return new Canvas(left, top, shrink, Float32Array.from(known));
}

function drawRoom(canvas: Canvas, look: SceneLook): void {
  canvas.fill((x, y) => look.wall + 10 * Math.sin(x / 37) + (y % 45 < 2 ? -25 : 0));
  for (const [x, y] of [
    [18, 20],
    [66, 34],
    [236, 18],
    [276, 52],
  ] as const)
    canvas.box(x, y, 30, 38, look.wall - 70, 5);
  canvas.box(8, 96, 90, 10, 60);
  canvas.box(222, 100, 90, 8, 75, 9);
  // On the wall behind the chair: a notice board, its edge within the seat's picture.
  canvas.box(126, 40, 34, 26, look.wall - 45, 4);
}

function drawWindow(canvas: Canvas, look: SceneLook, seconds: number, moment: SceneMoment): void {
  if (moment.passer !== undefined) drawPerson(canvas, -40 + 400 * moment.passer, 84, 150, 18);
  const chair = 160 + (moment.chairAside ?? 0);
  canvas.box(chair - 24, 78, 48, 52, look.chair, 6);
  canvas.box(chair - 4, 130, 8, 20, 40);
  if (moment.coat) {
    const coat: Brush = (x, y) => (Math.abs(x - chair) < 20 + (y - 78) / 6 ? 55 + 14 * Math.sin(x / 3 + y / 9) : null);
    canvas.fill(coat, chair - 40, 74, chair + 40, 134);
  }
  const { sun = 0 } = moment;
  if (sun > 0) {
    const patch: Brush = (x, y) => (x + y / 2 > 170 && x + y / 2 < 215 ? canvas.at(x, y) * 1.15 + sun : null);
    canvas.fill(patch, 90, 31, 220, 140);
  }
  if (moment.clerk !== undefined) drawClerk(canvas, look, seconds, moment.clerk);
  const counter: Brush = (x, y) => (y >= 146 && y < 149 ? 95 : y > 152 && (x + 3 * y) % 41 < 3 ? 135 : 150);
  canvas.fill(counter, -20, 140);
  if (moment.customer !== undefined && moment.customer > 0) drawPerson(canvas, 208 - 34 * moment.customer, 92, 70, 26);
}

/** Sitting: breathing always, and as lively as told a turn of the head, a hand, a shift of the whole body. */
function drawClerk(canvas: Canvas, look: SceneLook, seconds: number, lively: number): void {
  const dice = diceOf(look.seed * 104_729 + Math.floor(seconds / 7));
  const moves = dice() < lively;
  const sway = lively * 3 * Math.sin(seconds / 5.3) + (moves ? 4 * (dice() - 0.5) : 0);
  const breath = 0.6 * Math.sin(seconds * 1.6);
  const x = 160 + sway;
  const body: Brush = (px, py) => {
    const half = 20 + Math.min(10, (py - 84) / 2);
    if (py < 84 - breath || py >= 142 || Math.abs(px - x) > half) return null;
    return look.cloth + 12 * Math.sin((px - x) / 4) + (Math.abs(px - x) < 2 ? 35 : 0);
  };
  canvas.fill(body, x - 32, 82, x + 32, 142);
  canvas.oval(x + sway * 0.6, 66 + breath * 0.5, 13, 16, 165);
  const hair: Brush = (px, py) => (((px - x - sway * 0.6) / 14) ** 2 + ((py - 58) / 11) ** 2 <= 1 ? 40 : null);
  canvas.fill(hair, x - 20, 46, x + 20, 60);
  if (lively > 0) canvas.oval(x + 24 + lively * 9 * Math.sin(seconds * 2.1), 136 - lively * 4 * dice(), 9, 5, 170);
}

function drawPerson(canvas: Canvas, x: number, top: number, height: number, half: number): void {
  canvas.box(x - half, top, 2 * half, height, 62, 7);
  canvas.oval(x, top - 14, 12, 15, 150);
}

function otherRoom(shrink: number): Canvas {
  const canvas = new Canvas(0, 0, shrink);
  canvas.fill((x, y) => 120 + 40 * Math.sin(x / 11) * Math.cos(y / 17) + (Math.floor(x / 23 + y / 31) % 2) * 35);
  return canvas;
}

function defocused({ values, width, height }: Canvas): Float32Array {
  const reach = 6;
  const line = (from: Float32Array, step: (at: number, by: number) => number) => {
    const to = new Float32Array(from.length);
    for (let at = 0; at < to.length; at++) {
      let sum = 0;
      for (let by = -reach; by <= reach; by++) sum += from[step(at, by)] as number;
      to[at] = sum / (2 * reach + 1);
    }
    return to;
  };
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  const across = line(values, (at, by) => at - (at % width) + clamp((at % width) + by, width - 1));
  return line(across, (at, by) => clamp(Math.floor(at / width) + by, height - 1) * width + (at % width));
}

/** Noise of a standard deviation of one, to begin anywhere in. */
const NOISE = (() => {
  const dice = diceOf(20_260_302);
  return Float32Array.from({ length: 1 << 17 }, () => (dice() + dice() + dice() - 1.5) * 2);
})();

/** Light, noise, and the eight bits of a sensor. */
function exposed(values: Float32Array, look: SceneLook, seconds: number, moment: SceneMoment): Uint8Array {
  const start = Math.floor(diceOf(look.seed * 15_485_863 + Math.round(seconds * 1000))() * NOISE.length);
  const { gain = 1, offset = 0 } = moment;
  const pixels = new Uint8Array(values.length);
  for (let i = 0; i < pixels.length; i++) {
    const noise = (NOISE[(start + i) & (NOISE.length - 1)] as number) * look.noise;
    const value = moment.covered ? 48 : (values[i] as number) * gain + offset;
    pixels[i] = Math.max(0, Math.min(255, Math.round(value + noise)));
  }
  return pixels;
}

/** A part of a picture (fractions), scaled by area, as ffmpeg does it for a seat. */
export function cutOut(
  picture: GrayPicture,
  part: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  width: number,
  height: number,
): GrayPicture {
  const pixels = new Uint8Array(width * height);
  const [left, top] = [part.x * picture.width, part.y * picture.height];
  const [stepX, stepY] = [(part.width * picture.width) / width, (part.height * picture.height) / height];
  const end = (from: number, step: number): number => Math.max(Math.floor(from) + 1, Math.floor(from + step));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [sum, count] = [0, 0];
      const [fromX, fromY] = [left + x * stepX, top + y * stepY];
      for (let py = Math.floor(fromY); py < end(fromY, stepY); py++)
        for (let px = Math.floor(fromX); px < end(fromX, stepX); px++, count++)
          sum += picture.pixels[py * picture.width + px] ?? 0;
      pixels[y * width + x] = Math.round(sum / count);
    }
  }
  return { width, height, pixels };
}

export const shrunk = (picture: GrayPicture, width: number, height: number): GrayPicture =>
  cutOut(picture, { x: 0, y: 0, width: 1, height: 1 }, width, height);
