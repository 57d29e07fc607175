/** Words below a picture, never on it: a copy with a band in which time, camera and digest stand. */
import type { GrayPicture } from '../../adapters/camera.ts';

/** Five rows of three pixels for each sign, an octal digit a row. */
const SIGNS: Readonly<Record<string, number>> = {
  ...{ 0: 0o75557, 1: 0o26227, 2: 0o71747, 3: 0o71717, 4: 0o55711, 5: 0o74717, 6: 0o74757, 7: 0o71122, 8: 0o75757 },
  ...{ 9: 0o75717, A: 0o25755, B: 0o65656, C: 0o34443, D: 0o65556, E: 0o74647, F: 0o74644, G: 0o34553, H: 0o55755 },
  ...{ I: 0o72227, J: 0o11152, K: 0o55655, L: 0o44447, M: 0o57755, N: 0o65555, O: 0o25552, P: 0o65644, Q: 0o25563 },
  ...{ R: 0o65655, S: 0o34216, T: 0o72222, U: 0o55557, V: 0o55552, W: 0o55775, X: 0o55255, Y: 0o55222, Z: 0o71247 },
  ...{ ' ': 0, '-': 0o00700, ':': 0o02020, '.': 0o00002, ',': 0o00024, '/': 0o11244, '#': 0o57575, _: 0o00007 },
  ...{ '+': 0o02720, '%': 0o51245, '(': 0o12221, ')': 0o42224 },
};
/** For signs that are not drawn, such as Chinese ones. */
const UNKNOWN = 0o71202;

/** Pixels of the picture for each pixel of a sign. */
const SCALE = 2;
const ADVANCE = 4 * SCALE;
const LINE = 7 * SCALE;
const MARGIN = 2 * SCALE;
/** A picture narrower than this gets a wider band, so that a digest has not a dozen lines. */
const LEAST_WIDTH = 320;

/** A copy of the picture with the lines below it, broken where they are too long. Small letters become capitals. */
export function captioned(picture: GrayPicture, lines: readonly string[]): GrayPicture {
  const width = Math.max(LEAST_WIDTH, picture.width);
  const signs = Math.floor((width - 2 * MARGIN) / ADVANCE);
  const broken = lines.flatMap((line) => line.toUpperCase().match(new RegExp(`.{1,${signs}}`, 'gu')) ?? []);
  const height = picture.height + 2 * MARGIN + broken.length * LINE;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < picture.height; y++) {
    pixels.set(picture.pixels.subarray(y * picture.width, (y + 1) * picture.width), y * width);
  }
  for (const [row, line] of broken.entries()) {
    const top = picture.height + MARGIN + row * LINE;
    for (const [column, sign] of [...line].entries()) draw(pixels, width, MARGIN + column * ADVANCE, top, sign);
  }
  return { width, height, pixels };
}

function draw(pixels: Uint8Array, width: number, left: number, top: number, sign: string): void {
  const rows = SIGNS[sign] ?? UNKNOWN;
  for (let y = 0; y < 5 * SCALE; y++) {
    const row = (rows >> (3 * (4 - Math.floor(y / SCALE)))) & 7;
    for (let x = 0; x < 3 * SCALE; x++) {
      if (((row >> (2 - Math.floor(x / SCALE))) & 1) === 1) pixels[(top + y) * width + left + x] = 255;
    }
  }
}
