/** What a stream says of itself when it is opened, and why it does not open. */
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { readAddress } from '../../../adapters/cameras/camera-address.ts';
import { dialectOf, type FfmpegDialect } from '../../../adapters/cameras/ffmpeg-command.ts';
import { streamInfo } from '../../../adapters/cameras/stream-info.ts';
import { cameraAround } from '../../support/camera-around.ts';
import { rtspCamera } from '../../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../../support/rtsp-clips.ts';
import { processesWith } from '../../support/rtsp-hall.ts';
import { jpegs, sendPictures, webSource } from '../../support/rtsp-web.ts';

let ffmpeg: { readonly path: string; readonly dialect: FfmpegDialect };
beforeAll(async () => {
  const path = await ffmpegPath();
  ffmpeg = { path, dialect: await dialectOf(path) };
});

async function info(url: string, timeoutMs = 15_000) {
  const address = readAddress(url);
  if ('because' in address) throw new Error(address.because);
  const answer = await streamInfo({ ffmpeg, address, clock: cameraAround().clock, timeoutMs });
  expect(processesWith(new URL(url).host)).toEqual([]);
  return answer;
}

test('of a stream that opens its codec and size are known, with one login', async () => {
  const h264 = clip(ffmpeg.path, { seconds: 2 });
  const hevc = clip(ffmpeg.path, { codec: 'h265', seconds: 2, width: 320, height: 180 });
  const login = { user: 'admin', password: 'Right:1' };
  const camera = await rtspCamera({
    videos: { h264: { stream: h264, fps: 10 }, hevc: { stream: hevc, fps: 10 } },
    login,
  });
  onTestFinished(() => camera.close());
  expect(await info(camera.url('h264', 'admin:Right:1'))).toMatchObject({ codec: 'h264', widthPx: 640, heightPx: 360 });
  expect(await info(camera.url('hevc', 'admin:Right:1'))).toMatchObject({ codec: 'hevc', widthPx: 320, heightPx: 180 });
  expect([camera.rightLogins, camera.wrongLogins]).toEqual([2, 0]);
  expect(await info(camera.url('h264', 'admin:Wrong'))).toMatchObject({ reason: 'wrong-login' });
  expect(camera.wrongLogins).toBe(1);
  expect(await info(camera.url('other', 'admin:Right:1'))).toMatchObject({ reason: 'not-found' });
  camera.setFault('mute');
  expect(await info(camera.url('h264', 'admin:Right:1'), 1_000)).toMatchObject({ reason: 'offline' });
});

test('of pictures over HTTP as well, and a page is no video', async () => {
  const pictures = jpegs(ffmpeg.path, 5);
  const web = await webSource({
    '/mjpeg': (response) => sendPictures(response, pictures, 10),
    '/page': (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello</html>'),
  });
  onTestFinished(() => web.close());
  expect(await info(web.url('/mjpeg'))).toMatchObject({ codec: 'mjpeg', widthPx: 320, heightPx: 180 });
  expect(await info(web.url('/page'))).toMatchObject({ reason: 'no-video' });
});
