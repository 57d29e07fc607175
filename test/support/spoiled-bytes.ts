/** Bodies of any form that are not quite right: cut, doubled, with bytes and values that nobody expects. The same for the same seed. */
import { Dice } from '../../daemon/demo/dice.ts';

export interface Spoiled {
  readonly body: Buffer;
  /** Which of the payloads it was made of. */
  readonly of: number;
}

const VALUES = [
  'null',
  '-1',
  '1e400',
  '""',
  '[]',
  '{}',
  'true',
  '"\\u0000"',
  '"2026-02-30T25:61:00+08:00"',
  '99999999999999999999',
];

export function* spoiledBytes(count: number, seed: number, payloads: readonly Buffer[]): Generator<Spoiled> {
  const dice = new Dice(seed);
  const below = (limit: number): number => Math.floor(dice.next() * limit);
  for (let i = 0; i < count; i++) {
    const of = i % payloads.length;
    let body = payloads[of] ?? Buffer.alloc(0);
    for (let times = 1 + below(3); times > 0; times--) body = mutated(body, below);
    yield { body, of };
  }
}

function mutated(body: Buffer, below: (limit: number) => number): Buffer {
  const at = below(body.length + 1);
  const splice = (removed: number, added: Buffer): Buffer =>
    Buffer.concat([body.subarray(0, at), added, body.subarray(at + removed)]);
  switch (below(6)) {
    case 0:
      return body.subarray(0, at);
    case 1:
      return splice(1, Buffer.from([below(256)]));
    case 2:
      return splice(below(20), Buffer.alloc(0));
    case 3:
      return splice(0, body.subarray(below(body.length + 1)).subarray(0, 60));
    case 4:
      return Buffer.from(replaced(body.toString('utf8'), below));
    default:
      return splice(0, Buffer.from([0, 0xff, 0xd8, 0x7b, 0x22].slice(below(5))));
  }
}

/** Another value behind one of the colons. */
function replaced(text: string, below: (limit: number) => number): string {
  const values = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|[\w.+-]+)/g)];
  const chosen = values[below(values.length)];
  if (chosen === undefined) return text;
  const value = VALUES[below(VALUES.length)] ?? '';
  return `${text.slice(0, chosen.index)}:${value}${text.slice(chosen.index + chosen[0].length)}`;
}
