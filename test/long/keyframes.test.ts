/** Keyframes copied beside the small pictures: by a real ffmpeg, from a camera of our own. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Keyframe } from '../../adapters/camera.ts';
import { developed, NOT_THE_SAME, pictureOf } from '../../adapters/cameras/developed.ts';
import { VIEW } from '../../adapters/cameras/frame-graph.ts';
import { Keyframes, STAMP_FILTER, stampIn } from '../../adapters/cameras/keyframes.ts';
import { copyFailureOf } from '../../adapters/cameras/loss.ts';
import { type RtspVideo, rtspCamera } from '../support/rtsp-camera.ts';
import { type ClipOptions, clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { type Hall, type HallOptions, hall } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

let ffmpeg: string;
beforeAll(async () => {
  ffmpeg = await ffmpegPath();
});

type Finished = (clean: () => Promise<void>) => void;

/** Reads a camera that shows this, with its keyframes. */
async function read(
  onTestFinished: Finished,
  shown: ClipOptions & Omit<RtspVideo, 'stream' | 'fps'>,
  options: Partial<HallOptions> = {},
): Promise<Hall> {
  const { startsLate = false, describesSets = true, ...made } = shown;
  const video: RtspVideo = { stream: clip(ffmpeg, { gop: 5, ...made }), fps: 10, startsLate, describesSets };
  const camera = await rtspCamera({ videos: { cam: video } });
  const opened = await hall({ ffmpegPath: ffmpeg, sources: { cam: camera.url('cam') }, view: 'as-sent', ...options });
  onTestFinished(async () => {
    await opened.close();
    await camera.close();
  });
  return opened;
}

async function keyframesOf(seen: Hall, count: number): Promise<Keyframe[]> {
  const come = (): Keyframe[] => seen.frames.flatMap(({ frame }) => frame.keyframe ?? []);
  const arrived = (): Keyframe[] => come().filter(({ bytes }) => bytes > 0);
  await until(() => arrived().length >= count, { timeoutMs: 30_000, what: `${count} keyframes` });
  return come();
}

/** What is known of one, as a value. */
const keptOf = ({ stream, bytes, digest, rois }: Keyframe): Keyframe => ({ stream, bytes, digest, rois });

describe.concurrent('keyframes', { timeout: 120_000 }, () => {
  test.for([
    ['H.264', {}],
    ['H.265', { codec: 'h265' }],
    ['H.264 whose parameters come within the stream only', { describesSets: false }],
    ['H.264 joined between two of them', { startsLate: true }],
  ] as const)('of %s are each the picture that was looked at', async ([, shown], { onTestFinished }) => {
    const seen = await read(onTestFinished, shown);
    const keyframes = await keyframesOf(seen, 4);
    await seen.close();
    expect(seen.frames.some(({ frame }) => frame.view !== undefined)).toBe(false);
    expect(keyframes.length).toBe(seen.frames.length);
    const views = await developed(ffmpeg, keyframes);
    if ('because' in views) throw new Error(views.detail);
    expect(views.map((view) => view?.pixels.length)).toEqual(keyframes.map(() => VIEW.width * VIEW.height));
    // Nor are they all one.
    expect(new Set(views.map((view) => view?.pixels.toString())).size).toBe(keyframes.length);
    // In any order, and each by itself.
    const [last, first] = [keyframes.at(-1), keyframes[0]] as [Keyframe, Keyframe];
    expect(await developed(ffmpeg, [last, first])).toEqual([views.at(-1), views[0]]);
    expect(await pictureOf(ffmpeg, first)).toEqual(views[0]);
  });

  test('of another moment are not taken for it, nor half of one', async ({ onTestFinished }) => {
    const [first, second] = (await keyframesOf(await read(onTestFinished, {}), 2)) as [Keyframe, Keyframe];
    const wrong: Keyframe = { ...keptOf(first), stream: second.stream };
    expect(await pictureOf(ffmpeg, wrong)).toBe(NOT_THE_SAME);
    const gray = { width: 1, height: 1, pixels: Uint8Array.of(7) };
    expect(await developed(ffmpeg, [gray, wrong, second])).toEqual([gray, null, await pictureOf(ffmpeg, second)]);
    const half = first.stream.map((part) => part.subarray(0, 188 * Math.floor(part.length / 376)));
    expect(await pictureOf(ffmpeg, { ...keptOf(first), stream: half })).toMatchObject({ because: 'failed' });
  });

  test.for([
    ['that come too quickly', { gop: 1 }, ['back', 'not-copied', 'back']],
    ['whose time is not told, of a stream with B-frames,', { bFrames: 2, gop: 6 }, ['not-copied', 'back']],
    ['that are rare, so that everything is decoded,', { gop: 40 }, ['few-keyframes', 'back']],
  ] as const)('%s are left: frames have a view then', async ([, shown, story], { onTestFinished }) => {
    const seen = await read(onTestFinished, shown);
    await seen.happened(story, 60_000);
    const last = () => seen.frames.at(-1)?.frame;
    await until(() => last()?.view !== undefined, { timeoutMs: 30_000, what: 'a view' });
    expect(last()?.keyframe).toBeUndefined();
  });
});

test('keyframes that are no stream, or never come, are found out', () => {
  const broken = new Keyframes([]);
  broken.push(Buffer.alloc(3 * 188));
  broken.push(Buffer.alloc(100));
  expect(broken.fault).toBe('they cannot be read');
  const none = new Keyframes([]);
  const faults = Array.from({ length: 6 }, (_, i) => [none.of(2000 * i, '').bytes, none.fault]);
  expect(faults.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => [0, null]));
  expect(faults[5]).toEqual([0, 'their times are not those of the pictures']);
});

test('a picture’s time is told by its pixels', () => {
  expect(STAMP_FILTER).toContain('T*1000');
  expect(stampIn(Uint8Array.of(9, 0x97, 0x07, 0, 0, 0, 0, 1), 1)).toBe(1943);
  expect(stampIn(Uint8Array.of(0, 0, 0, 0, 1, 0), 0)).toBe(2 ** 32);
});

test.each([
  [1, '[mpegts @ 0x1] H.264 bitstream malformed, no startcode found', true],
  [1, '[out#1/mpegts @ 0x1] Error muxing a packet', true],
  [1, 'av_interleaved_write_frame(): Invalid data found when processing input', true],
  [1, 'rtsp://cam/1: Connection timed out', false],
  [0, '[mpegts @ 0x1] Application provided invalid, non monotonically increasing dts to muxer', false],
])('a run that ended with %i and “%s” could not copy: %s', (code, line, failed) => {
  expect(copyFailureOf({ code, signal: null, lines: [line], notStarted: null })).toBe(failed ? line : null);
});
