/**
 * Cameras to be read, in a process of their own so that their work is not counted: one port, a path for each. All show a
 * drawn seat on which somebody sits half of each minute, as the second stream of a camera: 12.5 pictures a second, a keyframe
 * every 2 s.
 */
import { parseArgs } from 'node:util';
import { drawScene, SCENE, sceneLook } from '../daemon/demo/seat-scene.ts';
import { type RtspVideo, rtspCamera } from '../test/support/rtsp-camera.ts';
import { ffmpegPath } from '../test/support/rtsp-clips.ts';
import { readAnnexB } from '../test/support/rtsp-packets.ts';
import { ffmpegOutput } from './camera-film.ts';

const { values } = parseArgs({
  options: { cameras: { type: 'string', default: '20' }, size: { type: 'string', default: '640x360' } },
});
const FPS = 12.5;
/** As many as cameras send of 640×360, and of larger pictures as many more. */
const KILOBITS = Math.round((400 * pixelsOf(values.size)) / pixelsOf('640x360'));
const EMPTY_S = 30;
const FILM_S = 60;

function pixelsOf(size: string): number {
  const [width, height] = size.split('x').map(Number);
  return (width ?? 0) * (height ?? 0);
}

const look = { ...sceneLook(31), noise: 2 };
const pictures = Array.from({ length: FPS * FILM_S }, (_, i) => {
  const second = i / FPS;
  return drawScene(look, second, second < EMPTY_S ? {} : { clerk: 1 }).pixels;
});
const raw = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${SCENE.width}x${SCENE.height}`, '-r', String(FPS)];
const coded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-s', values.size];
const rate = ['-b:v', `${KILOBITS}k`, '-maxrate', `${KILOBITS}k`, '-bufsize', `${2 * KILOBITS}k`];
const shape = ['-x264-params', 'keyint=25:min-keyint=25:scenecut=0:bframes=0:aud=1:threads=1'];
const bytes = ffmpegOutput(
  await ffmpegPath(),
  [...raw, '-i', 'pipe:0', ...coded, ...rate, ...shape, '-f', 'h264', 'pipe:1'],
  Buffer.concat(pictures),
);
const video: RtspVideo = { stream: readAnnexB(bytes, 'h264'), fps: FPS };
const videos = Object.fromEntries(Array.from({ length: Number(values.cameras) }, (_, i) => [`cam${i}`, video]));
const server = await rtspCamera({ videos });
const kilobits = Math.round((bytes.length * 8) / FILM_S / 1000);
process.stdout.write(`${JSON.stringify({ port: server.port, kilobits })}\n`);
// Whoever started it closes its input when it is done, or is killed.
process.stdin.resume();
process.stdin.on('end', () => process.exit());
