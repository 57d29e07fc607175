/**
 * A model that somebody brings as an ONNX file, run by `onnxruntime-web` (MIT) in WebAssembly. What it may look like is
 * told by the shapes of its input and its output; docs/vision.md lists them.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { GrayPicture } from '../camera.ts';
import { type PersonModel, PersonModelError } from '../person-model.ts';
import type { Part } from '../vision/scene.ts';
import { PACKAGES, PackageFolder } from './packages.ts';
import { fitted } from './seat-cut.ts';

/** Where the model takes pictures of any size. */
const USUAL_SIDE = 320;
/** Of people among the classes of COCO, in whose order detectors count. */
const PERSON_CLASS = 0;
/** Somebody is at the seat where so much of the smaller of both, the person's box and the seat, is in the other. */
const OVERLAP = 0.5;

interface Tensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}
interface Metadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}
interface Session {
  readonly inputMetadata: readonly Metadata[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
}
interface Runtime {
  readonly env: { logLevel: string; readonly wasm: { numThreads: number } };
  readonly Tensor: new (type: string, data: Float32Array | Uint8Array, dims: readonly number[]) => Tensor;
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: readonly string[]; logSeverityLevel: number },
    ): Promise<Session>;
  };
}

interface Input {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Whether the channels come after the pixels' places. */
  readonly isLast: boolean;
}

/** Boxes in pixels of the input, each with how sure the model is that it is a person's. */
interface Found extends Part {
  readonly score: number;
}

export async function onnxModel(file: string, folder: string): Promise<PersonModel> {
  const bytes = read(file);
  const runtime = new PackageFolder(folder, PACKAGES.onnx).load('onnxruntime-web') as Runtime;
  runtime.env.logLevel = 'error';
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 3,
  }).catch((error) => {
    throw new PersonModelError('unfit', `${file} cannot be used: ${messageOf(error)}`, { cause: error });
  });
  const input = inputOf(session, file);
  const output = session.outputNames[0] as string;
  const model: PersonModel = {
    name: basename(file),
    async score(cut) {
      const { picture, seat } = fitted(cut, input.width, input.height);
      const dims = input.isLast
        ? [1, input.height, input.width, input.channels]
        : [1, input.channels, input.height, input.width];
      const feeds = { [input.name]: new runtime.Tensor(input.type, valuesOf(picture, input), dims) };
      const found = (await session.run(feeds))[output];
      const score = found === undefined ? null : scoreOf(found, seat, input);
      if (score === null)
        throw new PersonModelError('unfit', `${file} answers in a way that is not known: [${found?.dims}]`);
      return score;
    },
  };
  // What it answers shows only when it is asked.
  const gray = { width: 2, height: 2, pixels: new Uint8Array(4).fill(128) };
  await model.score({ picture: gray, seat: { x: 0, y: 0, width: 1, height: 1 } });
  return model;
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new PersonModelError('unreadable', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function inputOf({ inputMetadata }: Session, file: string): Input {
  const [input, ...more] = inputMetadata;
  const type = input?.type;
  const shape = input?.isTensor === true ? input.shape : [];
  const wrong = new PersonModelError(
    'unfit',
    `${file} wants [${shape}] of ${type}; known are one picture as float32 or uint8, [1, 1 or 3, height, width] or [1, height, width, 1 or 3]`,
  );
  if (input === undefined || more.length > 0 || shape.length !== 4) throw wrong;
  if (type !== 'float32' && type !== 'uint8') throw wrong;
  const sized = shape.map((size) => (typeof size === 'number' && size > 0 ? size : null));
  const isLast = isChannels(sized[3]) && !isChannels(sized[1]);
  const [channels, height, width] = isLast ? [sized[3], sized[1], sized[2]] : [sized[1], sized[2], sized[3]];
  if (!isChannels(channels)) throw wrong;
  return { name: input.name, type, channels, isLast, height: height ?? USUAL_SIDE, width: width ?? USUAL_SIDE };
}

const isChannels = (size: number | null | undefined): size is 1 | 3 => size === 1 || size === 3;

/** The picture's grey in each channel: 0–1 where the model takes fractions, 0–255 where it takes bytes. */
function valuesOf({ pixels }: GrayPicture, { type, channels, isLast }: Input): Float32Array | Uint8Array {
  const length = pixels.length * channels;
  const gray = (i: number): number => pixels[isLast ? Math.floor(i / channels) : i % pixels.length] ?? 0;
  return type === 'uint8'
    ? Uint8Array.from({ length }, (_, i) => gray(i))
    : Float32Array.from({ length }, (_, i) => gray(i) / 255);
}

/** null = no output that is known. */
function scoreOf({ dims, data }: Tensor, seat: Part, input: Input): number | null {
  if (data.length === 1) return Math.min(1, Math.max(0, data[0] ?? 0));
  const [, rows, columns] = dims;
  if (dims.length !== 3 || dims[0] !== 1 || rows === undefined || columns === undefined) return null;
  const at = (i: number): number => data[i] ?? 0;
  let found: Found[];
  if (columns === 6) {
    // Boxes that are ready: left, top, right, bottom, how sure, of which class.
    found = Array.from({ length: rows }, (_, row) => {
      const [x, y, right, bottom, score, kind] = Array.from({ length: 6 }, (_, i) => at(row * 6 + i)) as Six;
      return { x, y, width: right - x, height: bottom - y, score: Math.round(kind) === PERSON_CLASS ? score : 0 };
    });
  } else if (rows > 4 && columns > rows) {
    // A column for each guess: the box's middle and size, then how sure of each class.
    found = Array.from({ length: columns }, (_, column) => {
      const of = (row: number): number => at(row * columns + column);
      const [width, height] = [of(2), of(3)];
      return { x: of(0) - width / 2, y: of(1) - height / 2, width, height, score: of(4 + PERSON_CLASS) };
    });
  } else return null;
  const place = {
    x: seat.x * input.width,
    y: seat.y * input.height,
    width: seat.width * input.width,
    height: seat.height * input.height,
  };
  return Math.min(
    1,
    found.reduce((most, one) => (isAt(one, place) ? Math.max(most, one.score) : most), 0),
  );
}

type Six = [number, number, number, number, number, number];

function isAt(box: Part, seat: Part): boolean {
  const width = Math.min(box.x + box.width, seat.x + seat.width) - Math.max(box.x, seat.x);
  const height = Math.min(box.y + box.height, seat.y + seat.height) - Math.max(box.y, seat.y);
  const smaller = Math.min(box.width * box.height, seat.width * seat.height);
  return width > 0 && height > 0 && width * height >= OVERLAP * smaller;
}
