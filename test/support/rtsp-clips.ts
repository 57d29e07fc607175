/** Small videos of a scene that never stands still, made by the ffmpeg that is there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { readAnnexB, type VideoCodec, type VideoStream } from './rtsp-packets.ts';

export interface ClipOptions {
  readonly codec?: VideoCodec;
  readonly fps?: number;
  readonly seconds?: number;
  /** Pictures from one keyframe to the next. */
  readonly gop?: number;
  readonly width?: number;
  readonly height?: number;
  /** No keyframe after the first one; the picture is renewed stripe by stripe instead. */
  readonly intraRefresh?: boolean;
  readonly bFrames?: number;
}

export async function ffmpegPath(): Promise<string> {
  const found = await locateFfmpeg(process.env);
  if (!('path' in found)) throw new Error(`${found.missing} ${found.remedy}`);
  return found.path;
}

export function clip(ffmpeg: string, options: ClipOptions = {}): VideoStream {
  const { codec = 'h264', fps = 10, seconds = 4, gop = fps, width = 640, height = 360 } = options;
  const { intraRefresh = false, bFrames = 0 } = options;
  const dir = mkdtempSync(join(tmpdir(), 'zaigang-clip-'));
  const file = join(dir, `clip.${codec}`);
  const source = `testsrc2=s=${width}x${height}:r=${fps}:d=${seconds},noise=alls=6:allf=t`;
  const coded = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=${bFrames}:aud=1`;
  const x264 = ['-c:v', 'libx264', '-x264-params', `${coded}:intra-refresh=${intraRefresh ? 1 : 0}:threads=1`];
  const x265 = ['-c:v', 'libx265', '-x265-params', `${coded}:log-level=error:pools=1:frame-threads=1:open-gop=0`];
  try {
    const encoder = codec === 'h264' ? x264 : x265;
    const speed = ['-preset', 'ultrafast', '-crf', '30', '-pix_fmt', 'yuv420p'];
    const format = ['-f', codec === 'h264' ? 'h264' : 'hevc', file];
    execFileSync(ffmpeg, [
      '-nostdin',
      '-loglevel',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      ...encoder,
      ...speed,
      ...format,
    ]);
    return readAnnexB(readFileSync(file), codec);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
