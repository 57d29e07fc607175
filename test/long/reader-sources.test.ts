/** Addresses behind which there is no camera, and what an attacker or a mistake may put there. */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Cameras } from '../../adapters/cameras/cameras.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { type Hall, hall, jumpingClock, processesWith, settingsOf } from '../support/rtsp-hall.ts';
import { greyJpeg, jpegs, sendPictures, type WebSource, webSource } from '../support/rtsp-web.ts';
import { until } from '../support/until.ts';

let ffmpeg: string;
let pictures: Buffer[];
beforeAll(async () => {
  ffmpeg = await ffmpegPath();
  pictures = jpegs(ffmpeg, 20);
});

type Finish = (clean: () => Promise<void>) => void;

async function web(onTestFinished: Finish): Promise<{ web: WebSource; open(path: string): Promise<Hall> }> {
  const halls: Hall[] = [];
  const source = await webSource({
    '/text': (response) => response.end(`${'not a picture in sight\n'.repeat(500)}`),
    '/page': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
    '/nothing': (response) => response.end(),
    '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
    '/elsewhere': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/list': (response) => response.end(`ffconcat version 1.0\nfile http://127.0.0.1:${source.port}/private\n`),
    '/playlist.m3u8': (response) =>
      response.end('#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n'),
    '/private': (response) => sendPictures(response, pictures, 10),
    '/huge': (response) => sendPictures(response, [greyJpeg(pictures[0] as Buffer, 16_000, 12_500)], 5),
    '/half': (response) => {
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
      const half = (pictures[0] as Buffer).subarray(0, 1000);
      response.write(
        `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${(pictures[0] as Buffer).length}\r\n\r\n`,
      );
      response.write(half);
    },
    '/large': (response) => sendPictures(response, [greyJpeg(pictures[0] as Buffer, 4000, 3000)], 5),
    '/stream': (response) => sendPictures(response, pictures, 20),
    '/refused': (response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end(),
    '/starting': (response) => response.writeHead(503).end(),
  });
  onTestFinished(async () => {
    for (const one of halls) await one.close();
    await source.close();
    expect(processesWith(`127.0.0.1:${source.port}/`)).toEqual([]);
  });
  return {
    web: source,
    async open(path) {
      const opened = await hall({ ffmpegPath: ffmpeg, sources: { cam: source.url(path) } });
      halls.push(opened);
      return opened;
    },
  };
}

describe.concurrent('behind an address', () => {
  test.for([
    { path: '/text', reason: 'no-video' },
    { path: '/page', reason: 'no-video' },
    { path: '/list', reason: 'no-video' },
    { path: '/missing', reason: 'not-found' },
    { path: '/refused', reason: 'wrong-login' },
    { path: '/starting', reason: 'offline' },
  ] as const)('$path is $reason', async ({ path, reason }, { onTestFinished }) => {
    const { web: source, open } = await web(onTestFinished);
    const seen = await open(path);
    await seen.happened([reason], 15_000);
    expect(source.asked.get('/private')).toBeUndefined();
  });

  test.for(['/nothing', '/loop', '/elsewhere', '/playlist.m3u8'])(
    '%s gives no picture, and ends',
    async (path, { onTestFinished }) => {
      const { open } = await web(onTestFinished);
      const seen = await open(path);
      await until(() => seen.story()[0], { timeoutMs: 15_000, what: 'its loss' });
      expect(['no-video', 'offline', 'bad-command']).toContain(seen.story()[0]);
      expect(seen.frames).toEqual([]);
    },
  );

  test('half a picture and then silence is given up', async ({ onTestFinished }) => {
    const { open } = await web(onTestFinished);
    const seen = await open('/half');
    await seen.happened(['no-picture'], 20_000);
    expect(seen.frames).toEqual([]);
  });

  test('a picture of 200 megapixels is refused before it is decoded', async ({ onTestFinished }) => {
    const { open } = await web(onTestFinished);
    const seen = await open('/huge');
    await seen.happened(['too-large'], 15_000);
    expect(seen.frames).toEqual([]);
    // It is for its size: the like of it that a camera may send is read.
    const large = await open('/large');
    await large.happened(['back'], 15_000);
    expect(Math.min(...(large.frames[0]?.frame.whole.pixels ?? []))).toBeGreaterThan(120);
  });

  test('a stream of JPEG pictures is read, twice a second of twenty', async ({ onTestFinished }) => {
    const { open } = await web(onTestFinished);
    const seen = await open('/stream');
    await until(() => seen.frames.length >= 5, { timeoutMs: 15_000, what: 'five pictures' });
    expect(seen.story()).toEqual(['back']);
    expect(seen.reading().intervalMs).toBeGreaterThan(300);
  });
});

describe('the program', () => {
  test('that vanishes and comes back ends nothing', async ({ onTestFinished }) => {
    const camera = await rtspCamera({ videos: { cam: { stream: clip(ffmpeg, { gop: 5, seconds: 2 }), fps: 10 } } });
    const folder = mkdtempSync(join(tmpdir(), 'zaigang-program-'));
    const link = join(folder, 'ffmpeg');
    symlinkSync(ffmpeg, link);
    const seen = await hall({ ffmpegPath: link, sources: { cam: camera.url() } });
    onTestFinished(async () => {
      await seen.close();
      await camera.close();
      rmSync(folder, { recursive: true });
    });
    await seen.happened(['back']);
    unlinkSync(link);
    camera.drop();
    await seen.happened(['back', 'ended', 'no-ffmpeg'], 10_000);
    symlinkSync(ffmpeg, link);
    await seen.happened(['no-ffmpeg', 'back'], 15_000);
  });

  test('that is not there is said at the start', async () => {
    await expect(hall({ ffmpegPath: '/nowhere/ffmpeg', sources: {} })).rejects.toThrow('ENOENT');
  });

  test('is not started for what is no address', async () => {
    for (const source of ['/etc/passwd', 'file:///etc/passwd', 'concat:a|b', 'rtp://127.0.0.1:5004', 'rtsp://', '-i']) {
      await expect(hall({ ffmpegPath: ffmpeg, sources: { cam: source } }), source).rejects.toThrow(
        'the source of camera cam',
      );
    }
  });
});

describe('a daemon that is killed', () => {
  test('leaves an ffmpeg at a silent camera, which the next one ends; and nothing else of that number', async ({
    onTestFinished,
  }) => {
    const camera = await rtspCamera({ videos: { cam: { stream: clip(ffmpeg, { gop: 5, seconds: 2 }), fps: 10 } } });
    const dataFolder = mkdtempSync(join(tmpdir(), 'zaigang-killed-'));
    const modules = join(import.meta.dirname, '../support/rtsp-hall.ts');
    const program = `import { hall } from ${JSON.stringify(modules)};
      await hall({ ffmpegPath: ${JSON.stringify(ffmpeg)}, sources: { cam: ${JSON.stringify(camera.url())} },
        dataFolder: ${JSON.stringify(dataFolder)}, limits: { gapMs: 600000, probeMs: 600000 } });`;
    const daemon = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: 'inherit' });
    const bystander = spawn('sleep', ['600']);
    onTestFinished(async () => {
      bystander.kill();
      daemon.kill('SIGKILL');
      await camera.close();
      rmSync(dataFolder, { recursive: true });
    });
    const readers = () => processesWith(`127.0.0.1:${camera.port}/`).filter((pid) => pid !== daemon.pid);
    await until(() => camera.played.get('cam') === 1, { timeoutMs: 15_000, what: 'the camera being watched' });
    camera.setFault('stall-rtcp');
    daemon.kill('SIGKILL');
    const [orphan] = readers();
    expect(readdirSync(join(dataFolder, 'camera-readers'))).toEqual([String(orphan)]);
    // A number that was ours and is another program's now, one that is nobody's, and what is no number at all.
    const folder = join(dataFolder, 'camera-readers');
    mkdirSync(folder, { recursive: true });
    for (const name of [String(bystander.pid), '4194303', 'notes.txt']) writeFileSync(join(folder, name), '12345');

    const listener = { frame: () => {}, event: () => {} };
    const clock = jumpingClock();
    const next = new Cameras({
      cameras: settingsOf({}),
      listener,
      ffmpegPath: ffmpeg,
      dataFolder,
      clock,
      random: Math.random,
    });
    expect(await next.start()).toEqual({ orphans: 1 });
    await until(() => readers().length === 0, { timeoutMs: 5000, what: 'the end of the orphan' });
    expect(bystander.exitCode === null && existsSync(`/proc/${bystander.pid}`)).toBe(true);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    await next.stop();
    expect(execFileSync('ps', ['-o', 'stat=', '-p', String(bystander.pid)], { encoding: 'utf8' })).toMatch(/^S/);
  });
});
