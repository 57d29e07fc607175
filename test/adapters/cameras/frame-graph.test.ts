import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { locateFfmpeg } from '../../../adapters/cameras/ffmpeg-locate.ts';
import { FrameCutter, type FrameLayout, layoutOf, SEAT, VIEW, WHOLE } from '../../../adapters/cameras/frame-graph.ts';
import type { Roi } from '../../../config/fields.ts';

const box = (x: number, y: number, width: number, height: number): Roi => ({ kind: 'box', x, y, width, height });

let ffmpeg: string;
let dir: string;
beforeAll(async () => {
  const found = await locateFfmpeg(process.env);
  if (!('path' in found)) throw new Error(found.missing);
  ffmpeg = found.path;
  dir = mkdtempSync(join(tmpdir(), 'zaigang-frames-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A grey picture file whose pixel at x, y is `shade(x, y)`. */
function pictureFile(width: number, height: number, shade: (x: number, y: number) => number): string {
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = shade(x, y);
  const path = join(dir, `${width}x${height}.pgm`);
  writeFileSync(path, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), pixels]));
  return path;
}

function run(layout: FrameLayout, input: readonly string[]): Buffer {
  const output = ['-filter_complex', layout.filter, '-map', '[o]', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  return execFileSync(ffmpeg, ['-nostdin', '-loglevel', 'error', ...input, ...output], { maxBuffer: 1e9 });
}

const mean = ({ pixels }: GrayPicture): number => pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;

describe('the layout', () => {
  /** Ten columns and ten rows of flat shades: 0, 2, 4 … 198. */
  const shade = (x: number, y: number): number => 2 * (Math.floor(y / 36) * 10 + Math.floor(x / 64));
  const seatAt = (column: number, row: number): Roi => box(column / 10, row / 10, 0.1, 0.1);

  test.each([0, 1, 2, 3, 4, 7, 12])('of %i seats delivers each of them in its place', (count) => {
    const places = Array.from({ length: count }, (_, i) => [(i * 7) % 10, (i * 3) % 10] as const);
    const layout = layoutOf(places.map(([column, row]) => seatAt(column, row)));
    const bytes = run(layout, ['-i', pictureFile(640, 360, shade)]);
    expect(bytes.length).toBe(layout.bytes);
    expect(layout.bytes).toBe(layout.width * layout.height);
    const [frame] = new FrameCutter(layout).push(bytes);
    expect(frame?.whole).toMatchObject(WHOLE);
    expect(frame?.whole.pixels[89 * 160 + 159]).toBe(198);
    expect(frame?.seats.map(({ width, height }) => ({ width, height }))).toEqual(places.map(() => SEAT));
    places.forEach(([column, row], i) => {
      const seat = frame?.seats[i] as GrayPicture;
      expect(new Set(seat.pixels), `seat ${i}`).toEqual(new Set([shade(column * 64, row * 36)]));
    });
  });

  test.each([0, 1, 2, 10, 11, 23])('of %i seats has the view beside them where it is wanted', (count) => {
    const places = Array.from({ length: count }, (_, i) => [(i * 7) % 10, (i * 3) % 10] as const);
    const layout = layoutOf(
      places.map(([column, row]) => seatAt(column, row)),
      { view: true },
    );
    const bytes = run(layout, ['-i', pictureFile(640, 360, shade)]);
    expect(bytes.length).toBe(layout.bytes);
    const [frame] = new FrameCutter(layout).push(bytes);
    expect(frame?.whole).toMatchObject(WHOLE);
    expect(frame?.whole.pixels[89 * 160 + 159]).toBe(198);
    places.forEach(([column, row], i) => {
      const seat = frame?.seats[i] as GrayPicture;
      expect(new Set(seat.pixels), `seat ${i}`).toEqual(new Set([shade(column * 64, row * 36)]));
    });
    const view = frame?.view as GrayPicture;
    expect(view).toMatchObject(VIEW);
    expect(view.pixels).toEqual(new Uint8Array(640 * 360).map((_, i) => shade(i % 640, Math.floor(i / 640))));
  });

  test('cuts a polygon out as the box around it', () => {
    const rois: Roi[] = [
      {
        kind: 'polygon',
        points: [
          [0.2, 0.45],
          [0.25, 0.4],
          [0.3, 0.5],
        ],
      },
      box(0.2, 0.4, 0.1, 0.1),
    ];
    const layout = layoutOf(rois);
    const [frame] = new FrameCutter(layout).push(
      run(layout, ['-i', pictureFile(640, 360, (x, y) => (x * 3 + y * 5) % 251)]),
    );
    expect(frame?.seats[0]).toEqual(frame?.seats[1]);
    expect(mean(frame?.seats[0] as GrayPicture)).toBeGreaterThan(50);
  });

  test.each([
    { what: 'at the right and lower edge', roi: box(0.7, 0.9, 0.3, 0.1) },
    { what: 'that adds up to a hair over 1', roi: box(0.9, 0.8, 0.1 + 1e-10, 0.2 + 1e-10) },
    { what: 'smaller than a pixel', roi: box(0.9999, 0.9999, 0.00001, 0.00001) },
    {
      what: 'that is a line',
      roi: {
        kind: 'polygon',
        points: [
          [0.5, 0.1],
          [0.5, 0.2],
          [0.5, 0.9],
        ],
      } satisfies Roi,
    },
    { what: 'of everything', roi: box(0, 0, 1, 1) },
    { what: 'that no configuration may have, across the edges', roi: box(-0.5, 0.6, 2, 2) },
    { what: 'that no configuration may have, beside the picture', roi: box(1.5, 1.5, 0.5, 0.5) },
  ])('takes a region $what', ({ roi }) => {
    const layout = layoutOf([roi]);
    const coloured = ['-f', 'lavfi', '-i', 'testsrc2=s=322x182:d=0.04,format=yuv420p'];
    expect(run(layout, coloured).length).toBe(layout.bytes);
    for (const [width, height] of [
      [641, 361],
      [176, 144],
      [2, 2],
    ] as const) {
      expect(run(layout, ['-i', pictureFile(width, height, shade)]).length).toBe(layout.bytes);
    }
  });

  test('takes every frame, or as many as it is told: the k-th is what was to be seen at k / fps', () => {
    // 3 s at 10 frames a second; the n-th frame has the shade 8n.
    const source = ['-f', 'lavfi', '-i', "nullsrc=s=64x36:r=10:d=3,geq=lum='8*N':cb=128:cr=128,format=gray"];
    const shades = (layout: FrameLayout) =>
      new FrameCutter(layout).push(run(layout, source)).map(({ whole }) => Math.round(mean(whole) / 8));
    expect(shades(layoutOf([box(0, 0, 1, 1)]))).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(shades(layoutOf([], { fps: 1 })).slice(0, 3)).toEqual([0, 10, 20]);
    expect(shades(layoutOf([box(0, 0, 1, 1)], { fps: 2.5 })).slice(0, 7)).toEqual([0, 4, 8, 12, 16, 20, 24]);
  });
});

describe('the cutter', () => {
  const layout = layoutOf([box(0, 0, 0.5, 0.5), box(0.5, 0.5, 0.5, 0.5)]);
  const bytes = Buffer.from(Array.from({ length: layout.bytes * 5 }, (_, i) => (i * 31 + Math.floor(i / 977)) % 256));

  test.each([1000, 4096, layout.bytes - 1, layout.bytes, layout.bytes + 1, 65_536, layout.bytes * 5])(
    'finds the same frames in chunks of %i bytes, and keeps none of the chunk',
    (size) => {
      const all = new FrameCutter(layout).push(bytes);
      expect(all).toHaveLength(5);
      const cutter = new FrameCutter(layout);
      const chunk = Buffer.alloc(size);
      const found = [];
      for (let from = 0; from < bytes.length; from += size) {
        const copied = bytes.copy(chunk, 0, from, from + size);
        found.push(...cutter.push(chunk.subarray(0, copied)));
        chunk.fill(0);
      }
      expect(found).toEqual(all);
    },
  );

  test('gives nothing for part of a frame', () => {
    expect(new FrameCutter(layout).push(bytes.subarray(0, layout.bytes - 1))).toEqual([]);
    expect(new FrameCutter(layout).push(Buffer.alloc(0))).toEqual([]);
  });
});
