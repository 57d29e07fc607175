/** `zaigang watch`: any video in, presence facts out, as people and scripts use it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Exit, type Io } from '../../daemon/commands/io.ts';
import { emptyOption, fromOption, seatsOption } from '../../daemon/commands/watch-options.ts';
import { SCENE_SEAT, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { FactLineReader } from '../../daemon/lines/fact-lines.ts';
import { parseInstant, SECOND } from '../../rules/time.ts';
import { type CommandOutcome, MAIN, zaigang } from '../support/daemon.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { clip, ffmpegPath } from '../support/rtsp-clips.ts';
import { greyJpeg, jpegs } from '../support/rtsp-web.ts';
import { type Phase, writeFilm } from '../support/seat-film.ts';

const FROM = '2026-03-02T09:00:00+08:00';
const { x, y, width, height } = SCENE_SEAT;
const SEAT = `${x},${y},${width},${height}`;
/** A part of the counter where nobody ever is. */
const COUNTER = '0.02,0.5,0.25,0.45';
const PHASES: readonly Phase[] = [
  { seconds: 16, truth: 'empty', shows: {} },
  { seconds: 28, truth: 'occupied', shows: { clerk: 1 } },
  { seconds: 16, truth: 'empty', shows: {} },
];

let folder = '';
let server: Server;
const at = (name: string): string => join(folder, name);
const address = (name: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
const ffmpeg = (...args: string[]): void => {
  const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  if (status !== 0) throw new Error(stderr.toString());
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-watch-'));
  writeFilm({ look: sceneLook(31), fps: 1, phases: PHASES }, at('film.mp4'));
  writeFilm({ look: sceneLook(31), fps: 0.5, phases: PHASES }, at('slow.mp4'));
  ffmpeg('-i', at('film.mp4'), at('film.gif'));
  ffmpeg('-ss', '6', '-i', at('film.mp4'), '-frames:v', '1', at('empty.png'));
  ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', at('sound.wav'));
  mkdirSync(at('folder'));
  writeFileSync(at('notes.txt'), 'This is no video, only words.\n'.repeat(100));
  const [picture = Buffer.alloc(0)] = jpegs(await ffmpegPath(), 1);
  writeFileSync(at('huge.jpg'), greyJpeg(picture, 16_000, 12_500));
  server = createServer((request, response) => {
    if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    const bytes = readFileSync(at((request.url ?? '').slice(1)));
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const part = bytes.subarray(from);
    response.writeHead(206, {
      'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      'Content-Length': part.length,
    });
    response.end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface PresenceLine {
  readonly id: string;
  readonly at: string;
  readonly window: string;
  readonly state: string;
}

const factsOf = (text: string): PresenceLine[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const watch = (source: string, ...args: string[]): Promise<CommandOutcome> =>
  zaigang(['watch', source, '--from', FROM, ...args], '', folder);

/** What was said of a window at each second of the film. */
function statesOf(facts: readonly PresenceLine[], window: string): string[] {
  const start = parseInstant(FROM) ?? 0;
  const own = facts.filter((fact) => fact.window === window);
  return Array.from({ length: 60 }, (_, second) => {
    const until = start + second * SECOND;
    return own.findLast((fact) => (parseInstant(fact.at) ?? 0) <= until)?.state ?? 'none';
  });
}

function expectTruth(states: readonly string[]): void {
  const truths = PHASES.flatMap(({ seconds, truth }) => Array.from({ length: seconds }, () => truth));
  const wrong = states.filter((state, second) => state === 'empty' && truths[second] === 'occupied');
  expect(wrong, 'false empty').toEqual([]);
  const right = states.filter((state, second) => state === truths[second]).length;
  expect(right, 'right seconds of 60').toBeGreaterThanOrEqual(38);
}

describe('a film', () => {
  test.each(['film.mp4', 'slow.mp4', 'film.gif'])('%s becomes facts', async (name) => {
    const { code, out, err } = await watch(at(name), '--seat', SEAT, '--empty', '6s');
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('60 s; 1 seats') });
    expect(err).toMatch(/seat-1: occupied [\d.]+ s, empty [\d.]+ s, unknown [\d.]+ s \(.+\)/);
    const facts = factsOf(out);
    expectTruth(statesOf(facts, 'seat-1'));
    expect(facts.at(-1)).toMatchObject({ at: '2026-03-02T09:01:00+08:00', state: 'unknown' });
  });

  test('of several seats tells them apart, in their order', async () => {
    const [first, second] = await Promise.all([
      watch(at('film.mp4'), '--seat', `${SEAT};${COUNTER}`, '--empty', '6s'),
      watch(at('film.mp4'), '--seat', COUNTER, '--seat', SEAT, '--empty', '6s'),
    ]);
    const [facts, turned] = [factsOf(first.out), factsOf(second.out)];
    expect(statesOf(facts, 'seat-2').filter((state) => state === 'empty').length).toBeGreaterThan(50);
    expect(statesOf(turned, 'seat-1')).toEqual(statesOf(facts, 'seat-2'));
    expect(statesOf(turned, 'seat-2')).toEqual(statesOf(facts, 'seat-1'));
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
  });

  test('gives facts that an import takes, each once, and the same every time', async () => {
    const [one, other] = await Promise.all([0, 1].map(() => watch(at('film.mp4'), '--seat', SEAT, '--empty', '6')));
    expect(one?.out).toBe(other?.out);
    const [none, windows] = [new Set<string>(), new Set(['seat-1'])];
    const hall = { id: 'h', employees: none, windows, departments: none, schedules: none };
    const reader = new FactLineReader({ hall, find: () => null });
    const lines = (one?.out ?? '').trim().split('\n');
    for (const [number, line] of lines.entries()) reader.read(line, number + 1);
    const { facts, problems } = reader.finish();
    expect(problems).toEqual([]);
    expect(facts).toHaveLength(lines.length);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      fact: 'presence',
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      at: FROM,
      window: 'seat-1',
      state: 'unknown',
      source: 'watch',
    });
  });

  test('is known empty by a moment, an instant or a picture, and never without', async () => {
    const seat = ['--seat', SEAT];
    const [moment, instant, picture, nothing] = await Promise.all([
      watch(at('film.mp4'), ...seat, '--empty', '0:06'),
      watch(at('film.mp4'), ...seat, '--empty', '2026-03-02T01:00:06Z'),
      watch(at('film.mp4'), ...seat, '--empty', at('empty.png')),
      watch(at('film.mp4'), ...seat),
    ]);
    expect(instant?.out).toBe(moment?.out);
    for (const { out } of [moment, picture]) expectTruth(statesOf(factsOf(out), 'seat-1'));
    const states = statesOf(factsOf(nothing.out), 'seat-1');
    expect(states).not.toContain('empty');
    expect(states).toContain('occupied');
    expect(nothing.err).toContain('no picture of the empty seat is known');
  });

  test('from a web server is the same', async () => {
    const [file, web] = await Promise.all([
      watch(at('film.mp4'), '--seat', SEAT, '--empty', at('empty.png')),
      watch(address('film.mp4'), '--seat', SEAT, '--empty', at('empty.png')),
    ]);
    const told = ({ out }: CommandOutcome) => factsOf(out).map((fact) => `${fact.at} ${fact.state}`);
    expect(told(web)).toEqual(told(file));
  });

  test('is not learnt as empty where something moves', async () => {
    const { code, out, err } = await watch(at('film.mp4'), '--seat', SEAT, '--empty', '30s');
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('was not learnt as empty') });
    expect(statesOf(factsOf(out), 'seat-1')).not.toContain('empty');
  });

  test('goes to a file, and its summary is Chinese where people are', async () => {
    const { code, out, err } = await watch(at('film.mp4'), '--seat', SEAT, '--out', at('facts.jsonl'), '--lang', 'zh');
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).toMatch(/60 帧，60 秒；1 个座位/);
    expect(err).toMatch(/seat-1：有人 [\d.]+ 秒，无人 0 秒，无法判定 [\d.]+ 秒（.*没有空座画面可比/);
    expect(factsOf(readFileSync(at('facts.jsonl'), 'utf8')).length).toBeGreaterThan(2);
  });
});

describe('a camera', () => {
  test('is watched until it goes, and nothing is known afterwards', async () => {
    const stream = clip(await ffmpegPath(), { seconds: 4 });
    const camera = await rtspCamera({
      videos: { one: { stream, fps: 10 } },
      login: { user: 'u', password: 'hunter2' },
    });
    try {
      const source = `rtsp://u:hunter2@127.0.0.1:${camera.port}/one`;
      const child = spawn(process.execPath, [MAIN, 'watch', source, '--seat', SEAT, '--lang', 'en'], { stdio: 'pipe' });
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        err += text;
      });
      const [first] = (await once(child.stdout, 'data')) as [Buffer];
      expect(factsOf(first.toString())[0]).toMatchObject({ window: 'seat-1', state: 'unknown' });
      await camera.close();
      const [code] = (await once(child, 'close')) as [number];
      expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/[1-9]\d* frames.*1 seats/) });
      expect(err).not.toContain('hunter2');
    } finally {
      await camera.close();
    }
  });
});

describe('what cannot be watched', () => {
  test.each<[string, number, RegExp, () => string[]]>([
    ['a sound', 65, /is not a video \(there are no pictures/, () => [at('sound.wav'), '--seat', SEAT]],
    ['a text', 65, /is not a video/, () => [at('notes.txt'), '--seat', SEAT]],
    ['a folder', 65, /is a folder/, () => [at('folder'), '--seat', SEAT]],
    [
      'a picture of 200 megapixels',
      65,
      /huge\.jpg: is not a video \(.*(?:max pixel count|is invalid)/,
      () => [at('huge.jpg'), '--seat', SEAT],
    ],
    ['an address that leads to itself', 69, /loop: could not be read/, () => [address('loop'), '--seat', SEAT]],
    ['no file', 66, /nowhere\.mp4: no such file/, () => ['nowhere.mp4', '--seat', SEAT]],
    ['no seat', 64, /--seat/, () => [at('film.mp4')]],
    ['pixels', 64, /fractions, not pixels/, () => [at('film.mp4'), '--seat', '120,40,90,100']],
    ['an --empty after the end', 65, /is outside the source/, () => [at('film.mp4'), '--seat', SEAT, '--empty', '61']],
    [
      'an --empty before the start',
      65,
      /before the first frame/,
      () => [at('film.mp4'), '--seat', SEAT, '--empty', '2026-03-02T08:59:59+08:00'],
    ],
    [
      'an --empty that is no picture',
      65,
      /notes\.txt: is not a video/,
      () => [at('film.mp4'), '--seat', SEAT, '--empty', at('notes.txt')],
    ],
    [
      'a server that is not there',
      69,
      /could not be read/,
      () => ['rtsp://user:hunter2@127.0.0.1:1/cam', '--seat', SEAT],
    ],
    [
      'a place where nothing can be written',
      73,
      /ENOENT/,
      () => [at('film.mp4'), '--seat', SEAT, '--out', at('no/facts')],
    ],
  ])('%s', async (_, code, said, args) => {
    const [source = '', ...rest] = args();
    const outcome = await watch(source, ...rest);
    expect(outcome).toMatchObject({ code, out: '', err: expect.stringMatching(said) });
    expect(outcome.err).not.toMatch(/hunter2|\n\s+at /);
  });
});

describe('the options', () => {
  const io: Io = { out: () => {}, say: () => {}, env: {}, lang: 'en' };
  const refused = (read: () => unknown): string => {
    try {
      return `read ${JSON.stringify(read())}`;
    } catch (error) {
      return error instanceof Exit ? `${error.code} ${error.message}` : String(error);
    }
  };

  test.each<[string, RegExp]>([
    [`${SEAT};0.1,0.2,0.3`, /^64 .*got "0\.1,0\.2,0\.3"/],
    ['left', /^64 .*got "left"/],
    ['0.1,0.2,0.3,0.4,0.5', /^64 .*got/],
    ['-0.1,0.2,0.3,0.4', /^64 .*got/],
    ['0.8,0.1,0.3,0.2', /^64 .*outside the picture/],
    ['0.1,0.8,0.3,0.3', /^64 .*outside the picture/],
    ['0.8,0.1,0,0.2', /^64 .*no area/],
    [' ; ', /^64 .*names no seat/],
    ['0,0,1,1', /^read \[{"kind":"box","x":0,"y":0,"width":1,"height":1}\]/],
    ['0.5, .1, .5, .2 ;0,0,.5,.5;', /^read \[{.*"x":0\.5.*},{.*}\]$/],
  ])('--seat %s', (text, answer) => expect(refused(() => seatsOption([text], io))).toMatch(answer));

  const from = fromOption(FROM, 0, io);
  test.each<[string, RegExp]>([
    ['12', /^read {"offsetMs":12000}/],
    ['12.5s', /^read {"offsetMs":12500}/],
    ['2m', /^read {"offsetMs":120000}/],
    ['1:02:03', /^read {"offsetMs":3723000}/],
    ['2026-03-02T01:00:12Z', /^read {"offsetMs":12000}/],
    ['-3s', /^65 .*before the first frame/],
    ['noon', /^66 .*neither a time/],
  ])('--empty %s', (text, answer) => expect(refused(() => emptyOption(text, from, io))).toMatch(answer));

  test('--from keeps the offset that it was written with', () => {
    expect(from.zone.offsets).toEqual([8 * 3_600_000]);
    expect(refused(() => fromOption('yesterday', 0, io))).toMatch(/^64 .*got "yesterday"/);
  });
});
