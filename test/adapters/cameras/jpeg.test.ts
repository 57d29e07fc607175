/** Pictures as files, by the real ffmpeg; and what is said where there is none. */
import { expect, test } from 'vitest';
import type { GrayPicture } from '../../../adapters/camera.ts';
import { decodeJpeg, encodeJpeg } from '../../../adapters/cameras/jpeg.ts';
import { drawScene, sceneLook } from '../../../daemon/demo/seat-scene.ts';
import { ffmpegPath } from '../../support/rtsp-clips.ts';

const PICTURE = drawScene(sceneLook(1), 3, { clerk: 1 });

test('a picture comes back as it was, within some grey levels', async () => {
  const path = await ffmpegPath();
  // An odd size, and every grey there is.
  const ramp: GrayPicture = { width: 511, height: 33, pixels: new Uint8Array(511 * 33).map((_, i) => (i % 511) / 2) };
  for (const picture of [PICTURE, ramp]) {
    const jpeg = await encodeJpeg(path, picture);
    if ('because' in jpeg) throw new Error(jpeg.detail);
    const back = await decodeJpeg(path, jpeg, picture);
    if ('because' in back) throw new Error(back.detail);
    const differences = back.pixels.map((value, i) => Math.abs(value - (picture.pixels[i] ?? 0)));
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(3);
  }
});

test('what cannot be made says why, within its time', async () => {
  const path = await ffmpegPath();
  expect(await encodeJpeg('/nowhere/ffmpeg', PICTURE)).toEqual({ because: 'no-ffmpeg', detail: 'ENOENT' });
  expect(await encodeJpeg(path, PICTURE, 1)).toMatchObject({ because: 'failed' });
  expect(await encodeJpeg(path, { ...PICTURE, pixels: PICTURE.pixels.subarray(0, 100) })).toMatchObject({
    because: 'failed',
  });
  expect(await decodeJpeg(path, Buffer.from('no picture'), PICTURE)).toMatchObject({ because: 'failed' });
  const jpeg = await encodeJpeg(path, PICTURE);
  if ('because' in jpeg) throw new Error(jpeg.detail);
  expect(await decodeJpeg(path, jpeg, { width: 10, height: 10 })).toMatchObject({ because: 'failed' });
});
