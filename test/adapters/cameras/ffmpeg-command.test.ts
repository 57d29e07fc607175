import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CameraAddress, readAddress } from '../../../adapters/cameras/camera-address.ts';
import { dialectOf, readArguments } from '../../../adapters/cameras/ffmpeg-command.ts';
import { runFfmpeg } from '../../../adapters/cameras/ffmpeg-process.ts';
import { layoutOf } from '../../../adapters/cameras/frame-graph.ts';
import { lossOf } from '../../../adapters/cameras/loss.ts';
import { ffmpegPath } from '../../support/rtsp-clips.ts';

const NEW = { rtspTimeout: '-timeout', frameRateMode: '-fps_mode', copiesKeyframes: false } as const;
const OLD = { rtspTimeout: '-stimeout', frameRateMode: '-vsync', copiesKeyframes: false } as const;
const at = (source: string): CameraAddress => readAddress(source, { files: true }) as CameraAddress;
const command = (
  source: string,
  dialect: typeof NEW | typeof OLD = NEW,
  decoding: 'keyframes' | 'sampled' = 'keyframes',
) => readArguments({ address: at(source), layout: layoutOf([]), decoding, dialect, waitMs: 10_000 });
const given = (args: readonly string[], option: string): string | undefined => args[args.indexOf(option) + 1];

describe('the command', () => {
  test('reads keyframes over one TCP connection', () => {
    const args = command('rtsp://u:a b@cam/1');
    expect(given(args, '-i')).toBe('rtsp://u:a%20b@cam/1');
    expect(given(args, '-rtsp_transport')).toBe('tcp');
    expect(given(args, '-skip_frame')).toBe('nokey');
    expect(given(args, '-timeout')).toBe('10000000');
    expect(args.slice(args.indexOf('-fps_mode')).slice(0, 2)).toEqual(['-fps_mode', 'passthrough']);
    expect(args.at(-1)).toBe('pipe:1');
    expect(args.indexOf('-protocol_whitelist')).toBeLessThan(args.indexOf('-i'));
    // Before the input for the decoder, after it for the encoder.
    expect([args.indexOf('-threads') < args.indexOf('-i'), args.lastIndexOf('-threads') > args.indexOf('-i')]).toEqual([
      true,
      true,
    ]);
  });

  test('speaks as the program does', () => {
    const args = command('rtsp://cam/1', OLD);
    expect(args).toEqual(expect.arrayContaining(['-stimeout', '-vsync']));
    expect(args).not.toEqual(expect.arrayContaining(['-timeout']));
    expect(args).not.toEqual(expect.arrayContaining(['-fps_mode']));
  });

  test('decodes everything where it is told to', () => {
    expect(command('rtsp://cam/1', NEW, 'sampled')).not.toContain('-skip_frame');
  });

  test.each(['rtsp://cam/1', 'rtsps://cam/1', 'http://cam/1', 'https://cam/1'])('lets %s lead to no file', (source) => {
    const protocols = given(command(source), '-protocol_whitelist')?.split(',') ?? [];
    expect(protocols).not.toContain('file');
    expect(protocols).not.toContain('concat');
    expect(protocols).toContain('tcp');
  });

  test('lets a file lead to files only', () => {
    expect(given(command('/a.mp4'), '-protocol_whitelist')).toBe('file');
  });
});

describe('the dialect', () => {
  test('of the program that is there is one that it understands', async () => {
    const path = await ffmpegPath();
    const dialect = await dialectOf(path);
    const args = readArguments({
      address: at('rtsp://127.0.0.1:9/'),
      layout: layoutOf([]),
      decoding: 'keyframes',
      dialect,
      waitMs: 1000,
    });
    const run = runFfmpeg({ path, args, onOutput: () => {}, mask: (line) => line });
    expect(lossOf(await run.ended, 0).reason).toBe('offline');
  });

  test.each([
    ['RTSP demuxer AVOptions:\n  -stimeout <int>', '-vsync  video sync method', OLD],
    ['RTSP demuxer AVOptions:\n  -timeout <int64>', '-vsync  video sync method', { ...NEW, frameRateMode: '-vsync' }],
    ['RTSP demuxer AVOptions:\n  -timeout <int64>', '-fps_mode  set framerate mode\n-vsync  deprecated', NEW],
  ])('is read off what it says of itself', async (rtsp, long, dialect) => {
    const dir = mkdtempSync(join(tmpdir(), 'zaigang-dialect-'));
    const path = join(dir, 'ffmpeg');
    writeFileSync(path, `#!/bin/sh\ncase "$3" in long) cat <<'E'\n${long}\nE\n;; *) cat <<'E'\n${rtsp}\nE\n;; esac\n`);
    chmodSync(path, 0o755);
    expect(await dialectOf(path)).toEqual(dialect);
    rmSync(dir, { recursive: true });
  });
});

describe('what ffmpeg says', () => {
  /** As written by ffmpeg 4.1, 5.1 and 7.0. */
  test.each([
    ['[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized', 'wrong-login'],
    ['rtsp://cam/1: Server returned 401 Unauthorized (authorization failed)', 'wrong-login'],
    ['rtsp://cam/1: Server returned 403 Forbidden (access denied)', 'locked-out'],
    ['rtsp://cam/1: Server returned 404 Not Found', 'not-found'],
    ['[tcp @ 0x1] Connection to tcp://127.0.0.1:9?timeout=10000000 failed: Connection refused', 'offline'],
    ['rtsp://cam/1: Connection timed out', 'offline'],
    ['[tcp @ 0x1] Failed to resolve hostname cam: Name or service not known', 'offline'],
    ['rtsp://cam/1: No route to host', 'offline'],
    ['[in#0 @ 0x1] Error opening input: Server returned 5XX Server Error reply', 'offline'],
    ['rtsp://cam/1: Input/output error', 'offline'],
    ['http://cam/1: Invalid data found when processing input', 'no-video'],
    ["Unrecognized option 'stimeout'.", 'bad-command'],
    ['Option rw_timeout not found.', 'bad-command'],
    ["No such filter: 'xstack'", 'bad-command'],
    ['[mjpeg @ 0x1] Picture size 16000x12500 exceeds specified max pixel count 50000000', 'too-large'],
    ['something that nobody has seen yet', 'offline'],
  ])('%s: %s', (line, reason) => {
    expect(lossOf({ code: 1, signal: null, lines: [line], notStarted: null }, 0).reason).toBe(reason);
  });

  test('counts for nothing once there were pictures', () => {
    const end = { code: 1, signal: null, lines: ['Invalid data found when processing input'], notStarted: null };
    expect(lossOf(end, 7)).toEqual({ reason: 'ended', detail: 'Invalid data found when processing input' });
  });
});
