/** Cameras to be read, in a process of their own so that their work is not counted: one port, a path for each. */
import { parseArgs } from 'node:util';
import { type RtspVideo, rtspCamera } from '../test/support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../test/support/rtsp-clips.ts';

const { values } = parseArgs({
  options: { cameras: { type: 'string', default: '20' }, size: { type: 'string', default: '640x360' } },
});
const [width = 640, height = 360] = values.size.split('x').map(Number);
const fps = 12.5;
const stream = clip(await ffmpegPath(), { fps, gop: 25, seconds: 8, width, height });
const bytes = stream.units.flatMap(({ nals }) => nals).reduce((sum, nal) => sum + nal.length, 0);
const video: RtspVideo = { stream, fps };
const videos = Object.fromEntries(Array.from({ length: Number(values.cameras) }, (_, i) => [`cam${i}`, video]));
const server = await rtspCamera({ videos });
process.stdout.write(`${JSON.stringify({ port: server.port, kilobits: Math.round((bytes * 8) / 8 / 1000) })}\n`);
// Whoever started it closes its input when it is done, or is killed.
process.stdin.resume();
process.stdin.on('end', () => process.exit());
