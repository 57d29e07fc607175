/** Words below a picture: they are there, and touch nothing of it. */
import { expect, test } from 'vitest';
import type { GrayPicture } from '../../adapters/camera.ts';
import { captioned } from '../../daemon/evidence/caption.ts';

const grey = (width: number, height: number): GrayPicture => ({
  width,
  height,
  pixels: new Uint8Array(width * height).fill(90),
});

/** A band as text: a line each two rows of pixels. */
function drawn({ width, height, pixels }: GrayPicture, from: number, columns: number): string[] {
  const lines: string[] = [];
  for (let y = from; y < height; y += 2) {
    const row = Array.from({ length: columns }, (_, x) => (pixels[y * width + 2 * x] === 255 ? '#' : '.'));
    lines.push(row.join(''));
  }
  return lines;
}

test('a caption stands below the picture, in capitals', () => {
  const copy = captioned(grey(640, 10), ['a1:']);
  expect(copy.width).toBe(640);
  expect(copy.pixels.subarray(0, 6400)).toEqual(grey(640, 10).pixels);
  expect(drawn(copy, 10, 14)).toEqual([
    '..............',
    '..............',
    '...#...#......',
    '..#.#.##...#..',
    '..###..#......',
    '..#.#..#...#..',
    '..#.#.###.....',
    '..............',
    '..............',
    '..............',
    '..............',
  ]);
});

test('lines that are too long are broken, and a narrow picture gets a wider band', () => {
  const digest = 'f'.repeat(64);
  expect(captioned(grey(640, 10), [digest]).height).toBe(10 + 8 + 14);
  const narrow = captioned(grey(100, 10), [digest]);
  expect([narrow.width, narrow.height]).toEqual([320, 10 + 8 + 2 * 14]);
  expect(narrow.pixels.subarray(0, 100)).toEqual(grey(100, 1).pixels);
});

test('a sign that is not drawn is a question mark, and takes one place', () => {
  const [chinese, question] = [captioned(grey(640, 2), ['窗']), captioned(grey(640, 2), ['?'])];
  expect(chinese).toEqual(question);
});
