/** Drawn scenes as a camera streams them: H.264 in its raw form, with a keyframe every second. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawScene, SCENE, type SceneLook, type SceneMoment } from '../../daemon/demo/seat-scene.ts';
import { readAnnexB, type VideoStream } from './rtsp-packets.ts';

/** What is to be seen for how long. */
export interface Act {
  readonly seconds: number;
  readonly shows: SceneMoment;
}

export interface SceneStream {
  readonly stream: VideoStream;
  readonly fps: number;
  /** From when to when each act is shown, in milliseconds since the beginning of the stream. */
  readonly acts: readonly { readonly fromMs: number; readonly toMs: number }[];
}

export function sceneStream(ffmpeg: string, look: SceneLook, acts: readonly Act[], fps = 4): SceneStream {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-stream-'));
  try {
    const file = join(folder, 'scene.h264');
    const pictures: Uint8Array[] = [];
    const times: { fromMs: number; toMs: number }[] = [];
    for (const { seconds, shows } of acts) {
      const from = pictures.length / fps;
      for (let i = 0; i < seconds * fps; i++) pictures.push(drawScene(look, from + i / fps, shows).pixels);
      times.push({ fromMs: 1000 * from, toMs: 1000 * (from + seconds) });
    }
    const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${SCENE.width}x${SCENE.height}`, '-r', `${fps}`];
    const coded = `keyint=${fps}:min-keyint=${fps}:scenecut=0:bframes=0:aud=1:threads=1`;
    const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '22', '-pix_fmt', 'yuv420p'];
    const run = spawnSync(
      ffmpeg,
      ['-nostdin', '-v', 'error', ...input, '-i', 'pipe:0', ...output, '-x264-params', coded, '-f', 'h264', file],
      { input: Buffer.concat(pictures) },
    );
    if (run.status !== 0) throw new Error(`ffmpeg: ${run.stderr?.toString() ?? run.error}`);
    return { stream: readAnnexB(readFileSync(file), 'h264'), fps, acts: times };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
