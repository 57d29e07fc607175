/**
 * Models small enough to be written by hand, as ONNX files (protocol buffers of onnx.proto3): how bright the picture is,
 * told in the shapes in which detectors answer. From 0.75 on some of them misbehave, as models that somebody brings may.
 */
const TYPE = { float: 1, uint8: 2, int64: 7, bool: 9 } as const;

type Bytes = readonly number[];

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 127n);
    if (rest < 128n) return [...bytes, low];
    bytes.push(low | 128);
  }
}

const number = (field: number, value: number | bigint): Bytes => [
  ...varint(BigInt(field << 3)),
  ...varint(BigInt(value)),
];
const bytes = (field: number, value: Bytes): Bytes => [
  ...varint(BigInt((field << 3) | 2)),
  ...varint(BigInt(value.length)),
  ...value,
];
const text = (field: number, value: string): Bytes => bytes(field, [...Buffer.from(value)]);

/** A ValueInfoProto; a dimension that is a text may be anything. */
function value(field: number, name: string, type: number, dims: readonly (number | string)[]): Bytes {
  const shape = dims.flatMap((dim) => bytes(1, typeof dim === 'string' ? text(2, dim) : number(1, dim)));
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]);
}

/** A TensorProto of floats, as an initializer. */
function floats(name: string, dims: readonly number[], values: readonly number[]): Bytes {
  const data = Buffer.from(Float32Array.from(values).buffer);
  return bytes(5, [
    ...dims.flatMap((dim) => number(1, dim)),
    ...number(2, TYPE.float),
    ...text(8, name),
    ...bytes(9, [...data]),
  ]);
}

const integer = (name: string, value: number): Bytes =>
  bytes(5, [...text(1, name), ...number(3, value), ...number(20, 2)]);
const graph = (name: string, body: Bytes): Bytes => bytes(5, [...text(1, name), ...bytes(6, body), ...number(20, 5)]);

const node = (operator: string, inputs: readonly string[], outputs: readonly string[], attributes: Bytes = []): Bytes =>
  bytes(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, operator),
    ...attributes,
  ]);

export interface BrightnessModel {
  readonly input: { readonly type: 'float32' | 'uint8'; readonly shape: readonly (number | string)[] };
  /** What it answers: each value is its `base`, and where `bright` says 1 the picture's brightness (0–1) more. */
  readonly output: {
    readonly shape: readonly number[];
    readonly base: readonly number[];
    readonly bright: readonly number[];
  };
  /** What it does with pictures brighter than 0.75 instead of answering. */
  readonly fault?: 'hangs' | 'fails';
}

export const BRIGHTNESS: BrightnessModel = {
  input: { type: 'float32', shape: [1, 1, 32, 32] },
  output: { shape: [1], base: [0], bright: [1] },
};

/** The bytes of the file. */
export function onnxFile({ input, output, fault }: BrightnessModel): Uint8Array {
  const scale = input.type === 'uint8' ? 1 / 255 : 1;
  const body = [
    ...node('Cast', ['x'], ['pixels'], integer('to', TYPE.float)),
    ...node('ReduceMean', ['pixels'], ['mean'], integer('keepdims', 0)),
    ...node('Mul', ['mean', 'scale'], ['light']),
    ...faulty(fault ?? null),
    ...node('Mul', ['sure', 'bright'], ['part']),
    ...node('Add', ['base', 'part'], ['y']),
    ...text(2, 'brightness'),
    ...floats('scale', [], [scale]),
    ...floats('limit', [], [0.75]),
    ...floats('huge', [1], [1e13]),
    ...floats('base', output.shape, output.base),
    ...floats('bright', output.shape, output.bright),
    ...value(11, 'x', input.type === 'uint8' ? TYPE.uint8 : TYPE.float, input.shape),
    ...value(12, 'y', TYPE.float, output.shape),
  ];
  const model = [...number(1, 8), ...bytes(7, body), ...bytes(8, number(2, 13))];
  return Uint8Array.from(model);
}

/** From `light` to `sure`, the same number, at a price that grows with what is above the limit. */
function faulty(fault: BrightnessModel['fault'] | null): Bytes {
  if (fault === null) return node('Identity', ['light'], ['sure']);
  const times = [
    ...node('Sub', ['light', 'limit'], ['above']),
    ...node('Relu', ['above'], ['more']),
    ...node('Mul', ['more', 'huge'], ['many']),
    ...node('Cast', ['many'], ['times'], integer('to', TYPE.int64)),
  ];
  // So many zeros are more than there is memory for.
  if (fault === 'fails') {
    const zeros = [
      ...node('ConstantOfShape', ['times'], ['zeros']),
      ...node('ReduceSum', ['zeros'], ['zero'], integer('keepdims', 0)),
    ];
    return [...times, ...zeros, ...node('Add', ['light', 'zero'], ['sure'])];
  }
  const again = [
    ...node('Identity', ['go'], ['goOn']),
    ...node('Identity', ['kept'], ['keptOn']),
    ...text(2, 'again'),
    ...value(11, 'turn', TYPE.int64, []),
    ...value(11, 'go', TYPE.bool, []),
    ...value(11, 'kept', TYPE.float, []),
    ...value(12, 'goOn', TYPE.bool, []),
    ...value(12, 'keptOn', TYPE.float, []),
  ];
  return [...times, ...node('Loop', ['times', '', 'light'], ['sure'], graph('body', again))];
}
