/**
 * MoveNet Lightning, which finds the joints of one person, as `@vladmandic/human` ships it (MIT; the model is Google's,
 * Apache-2.0). Only that one file of the package is read: what it has for faces, ages and moods is never loaded.
 */
import { type PersonModel, PersonModelError } from '../person-model.ts';
import type { Part } from '../vision/scene.ts';
import { PACKAGES, PackageFolder } from './packages.ts';
import { fitted } from './seat-cut.ts';

/** The model's input, pixels. */
const SIDE = 192;
/** Nose, eyes, ears, shoulders, elbows, wrists; hips and below are behind the counter. */
const UPPER_JOINTS = 11;
/** So many of them make a person; the model guesses one anywhere. */
const JOINTS = 3;
/** Somebody near the seat, but not in it, is no evidence for anybody, nor for nobody: between the limits of `PERSON`. */
const NEARBY = 0.3;

interface Joint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/** What is used of TensorFlow.js. */
interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}
interface Core {
  setBackend(name: string): Promise<boolean>;
  tensor(values: Int32Array, shape: readonly number[], type: 'int32'): Tensor;
}
interface Graph {
  execute(input: Tensor): Tensor;
}
interface Converter {
  loadGraphModel(from: { load(): Promise<object> }): Promise<Graph>;
}

export async function humanModel(folder: string): Promise<PersonModel> {
  const packages = new PackageFolder(folder, PACKAGES.human);
  const text = (file: string): string => packages.read('@vladmandic/human', file).toString();
  const { version } = JSON.parse(text('package.json')) as { version: string };
  const topology = JSON.parse(text('models/movenet-lightning.json'));
  const weights = packages.read('@vladmandic/human', 'models/movenet-lightning.bin');
  const core = packages.load('@tensorflow/tfjs-core') as Core;
  const { loadGraphModel } = packages.load('@tensorflow/tfjs-converter') as Converter;
  packages.load('@tensorflow/tfjs-backend-wasm');
  if (!(await core.setBackend('wasm')))
    throw new PersonModelError('broken', 'TensorFlow.js cannot use WebAssembly here');
  const graph = await loadGraphModel({
    load: async () => ({
      ...topology,
      weightSpecs: topology.weightsManifest.flatMap(({ weights: specs }: { weights: object[] }) => specs),
      weightData: Uint8Array.from(weights).buffer,
    }),
  });
  // The first look takes several times as long as the others.
  jointsOf(core, graph, new Uint8Array(SIDE * SIDE));
  return {
    name: `MoveNet Lightning (@vladmandic/human ${version})`,
    async score(cut) {
      const { picture, seat } = fitted(cut, SIDE, SIDE);
      return scoreOf(jointsOf(core, graph, picture.pixels), seat);
    },
  };
}

function jointsOf(core: Core, graph: Graph, gray: Uint8Array): Joint[] {
  const input = core.tensor(
    Int32Array.from({ length: gray.length * 3 }, (_, i) => gray[Math.floor(i / 3)] ?? 0),
    [1, SIDE, SIDE, 3],
    'int32',
  );
  const output = graph.execute(input);
  const values = output.dataSync();
  input.dispose();
  output.dispose();
  // Each joint: from the top, from the left, how sure.
  return Array.from({ length: UPPER_JOINTS }, (_, i) => {
    const [y = 0, x = 0, score = 0] = values.subarray(3 * i, 3 * i + 3);
    return { x, y, score };
  });
}

function scoreOf(joints: readonly Joint[], seat: Part): number {
  const isInside = ({ x, y }: Joint): boolean =>
    x >= seat.x && x <= seat.x + seat.width && y >= seat.y && y <= seat.y + seat.height;
  const inside = surest(joints.filter(isInside));
  return Math.max(inside, Math.min(NEARBY, surest(joints)));
}

/** How sure the model is of a person's surest joints. */
function surest(joints: readonly Joint[]): number {
  const scores = joints.map(({ score }) => score).sort((one, other) => other - one);
  return scores.slice(0, JOINTS).reduce((sum, score) => sum + score, 0) / JOINTS;
}
