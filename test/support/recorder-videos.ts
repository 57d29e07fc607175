/** What a recorder sends on each of its paths: a window with nobody in it. */
import { sceneLook } from '../../daemon/demo/seat-scene.ts';
import type { RtspCameraOptions } from './rtsp-camera.ts';
import { ffmpegPath } from './rtsp-clips.ts';
import { sceneStream } from './seat-stream.ts';

export async function recorderVideos(paths: readonly string[]): Promise<RtspCameraOptions['videos']> {
  const ffmpeg = await ffmpegPath();
  const video = (seed: number) => sceneStream(ffmpeg, sceneLook(seed), [{ seconds: 10, shows: {} }]);
  return Object.fromEntries(paths.map((path, i) => [path, video(5 + i)]));
}
