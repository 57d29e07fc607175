import { describe, expect, test } from 'vitest';
import type { CutFrame } from '../../../adapters/cameras/frame-graph.ts';
import { FrameWatch, StillWatch } from '../../../adapters/cameras/frame-watch.ts';
import { READER_LIMITS } from '../../../adapters/cameras/reader-limits.ts';

/** Feeds frames at these seconds after the start, asking when it wants to be asked; the answer and when it came. */
function judge(decoding: 'keyframes' | 'sampled', seconds: readonly number[], untilSecond: number): string {
  const watch = new FrameWatch(0, decoding, READER_LIMITS);
  const frames = seconds.map((second) => second * 1000);
  for (;;) {
    const dueAt = watch.dueAt();
    if (dueAt > untilSecond * 1000 && frames.every((at) => at > untilSecond * 1000)) return 'fine';
    if (frames[0] !== undefined && frames[0] < dueAt) watch.frame(frames.shift() as number);
    else {
      const reason = watch.check(dueAt);
      if (reason !== null) return `${reason} at ${dueAt / 1000}`;
    }
  }
}

const every = (seconds: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / seconds) + 1 }, (_, i) => from + i * seconds);

describe('a stream', () => {
  test.each([
    ['without a picture', [], 'no-picture at 20'],
    ['with a picture every 2 s', every(2, 1, 300), 'fine'],
    ['with a picture every 5 s', every(5, 19, 300), 'fine'],
    ['that is silent after 30 s of pictures every 2 s', every(2, 1, 31), 'stalled at 41'],
    ['that is silent after 100 s of pictures every 5 s', every(5, 1, 101), 'stalled at 116'],
    ['that is silent at once, after pictures every second', [1, 2, 3, 4], 'stalled at 14'],
    ['with a single keyframe', [1], 'few-keyframes at 11'],
    ['with keyframes every 8 s', every(8, 1, 300), 'few-keyframes at 21'],
    ['with keyframes every 20 s', every(20, 1, 300), 'few-keyframes at 11'],
    ['with one pause of 9 s', [...every(2, 1, 61), ...every(2, 70, 300)], 'fine'],
  ])('%s: %s', (_, seconds, said) => expect(judge('keyframes', seconds, 280)).toBe(said));

  test('of which everything is decoded has longer for its first picture, and is not judged by keyframes', () => {
    expect(judge('sampled', [], 280)).toBe('no-picture at 60');
    expect(judge('sampled', [50, 52], 280)).toBe('stalled at 62');
    expect(judge('sampled', every(2, 50, 300), 280)).toBe('fine');
  });
});

describe('pictures', () => {
  const frame = (whole: number, seat: number): CutFrame => ({
    whole: { width: 2, height: 1, pixels: new Uint8Array([whole, 7]) },
    seats: [{ width: 1, height: 1, pixels: new Uint8Array([seat]) }],
  });

  test('are frozen from the sixth identical one to the first that differs anywhere', () => {
    const still = new StillWatch(6);
    const said = [
      ...[1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2].map((value) => still.frame(frame(value, 0))),
      still.frame(frame(2, 1)),
      still.frame(frame(3, 1)),
    ];
    expect(said.join(' ')).toBe(
      'changed same same same changed same same same same frozen same same moving-again changed',
    );
  });
});
