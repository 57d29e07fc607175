/** Pictures for a case: from a camera's stream, through the daemon as people run it, to files that prove what they are. */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { GrayPicture } from '../../adapters/camera.ts';
import { decodeJpeg } from '../../adapters/cameras/jpeg.ts';
import { toneOf } from '../../adapters/vision/light.ts';
import { ReferenceStore } from '../../daemon/cameras/reference-store.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook } from '../../daemon/demo/seat-scene.ts';
import type { Outcome } from '../../daemon/evidence/evidence.ts';
import type { Entry, Missing, Taken } from '../../daemon/evidence/evidence-book.ts';
import type { Listed } from '../../daemon/evidence/evidence-desk.ts';
import type { Moment } from '../../daemon/evidence/moments.ts';
import { systemLog } from '../../daemon/log.ts';
import { parseInstant } from '../../rules/time.ts';
import { type Daemon, daemonOf, type Line, zaigang } from '../support/daemon.ts';
import { everyDay, noonAt } from '../support/noon.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { sceneStream } from '../support/seat-stream.ts';
import { until } from '../support/until.ts';

const LOOK = sceneLook(4);
const CLERK: SceneMoment = { clerk: 1 };
const { x, y, width, height } = SCENE_SEAT;
/** A part of what is drawn far from the seat, within one block of the veil. */
const NOTICE = { x: 42 / 640, y: 42 / 360, width: 36 / 640, height: 36 / 360 } as const;

function hallWith(source: string): Line {
  const noon = noonAt(Date.now());
  const rules = { coverGrace: '6s', minReturn: '1s', bridge: '2s' };
  return {
    hall: { id: 'suixian', name: '随县政务服务中心', timezone: noon.timezone },
    calendar: { country: 'none' },
    schedules: { standard: { punches: 'in', weekly: everyDay('08:00-17:00') } },
    employees: [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }],
    windows: [{ id: 'W1', name: '出入境', schedule: 'standard', a: 'e1', rules }],
    mqtt: { embedded: { listen: '127.0.0.1:0' } },
    cameras: [{ id: 'cam-1', source, seats: [{ window: 'W1', roi: [x, y, width, height] }] }],
  };
}

/** What the daemon finds at its start of how the seat looks when empty. */
async function teach(folder: string, source: string): Promise<void> {
  const seats = [{ window: 'W1', roi: { kind: 'box', ...SCENE_SEAT } as const }];
  const store = new ReferenceStore(folder, systemLog('silent'));
  const picture = cutOut(drawScene(LOOK, 999, {}), SCENE_SEAT, 48, 60);
  store.save({ id: 'cam-1', source, seats }, [[{ picture, at: 1_772_413_200_000, origin: 'given' }]]);
  await store.flush();
}

const evidence = (daemon: Daemon, ...args: string[]) => zaigang(['evidence', ...args, '--config', daemon.configFile]);

async function listed(daemon: Daemon, ...args: string[]): Promise<Listed[]> {
  const { code, out, err } = await evidence(daemon, 'list', '--json', ...args);
  if (code !== 0) throw new Error(`evidence list ended with ${code}: ${err}`);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Listed);
}

const isTaken = (entry: Entry<Taken | Missing>): entry is Entry<Taken> => entry.what === 'taken';

/** How far the seat in a picture is from what is drawn, in grey levels. */
function distance(picture: GrayPicture, shows: SceneMoment): number {
  const seat = cutOut(picture, SCENE_SEAT, 48, 60);
  const drawn = cutOut(drawScene(LOOK, 5, shows), SCENE_SEAT, 48, 60);
  return seat.pixels.reduce((sum, value, i) => sum + Math.abs(value - (drawn.pixels[i] ?? 0)), 0) / seat.pixels.length;
}

test('a case of an empty seat has pictures that show what they say, and are proved', async () => {
  const ffmpeg = await ffmpegPath();
  const acts = [
    { seconds: 14, shows: CLERK },
    { seconds: 14, shows: {} },
    { seconds: 60, shows: CLERK },
  ];
  const { stream, fps } = sceneStream(ffmpeg, LOOK, acts);
  const camera = await rtspCamera({ videos: { live: { stream, fps } } });
  onTestFinished(() => camera.close());
  const source = camera.url('live');
  await using daemon = daemonOf({ config: hallWith(source) });
  mkdirSync(daemon.data, { recursive: true });
  await teach(daemon.data, source);
  await daemon.startHearing();

  const back = await until(
    async () => (await listed(daemon)).map(({ entry }) => entry).find((one) => isTaken(one) && one.moment === 'return'),
    { timeoutMs: 90_000, what: 'somebody back, and a picture of it' },
  );
  const about = back.case ?? '';
  const ofCase = (await listed(daemon, '--case', about)).map(({ entry }) => entry).filter(isTaken);
  const moments: Moment[] = ['last-seen', 'left', 'alarm', 'strip', 'return'];
  expect(ofCase.map(({ moment }) => moment)).toEqual(moments);
  const taken = (moment: Moment): Entry<Taken> => ofCase.find((one) => one.moment === moment) as Entry<Taken>;

  expect(toneOf(cutOut(drawScene(LOOK, 5, {}), NOTICE, 18, 18)).spread).toBeGreaterThan(5);
  // The files are what the ledger says, and show the moment.
  const shows = new Map<Moment, SceneMoment>([
    ['last-seen', CLERK],
    ['left', {}],
    ['alarm', {}],
    ['return', CLERK],
  ]);
  for (const entry of ofCase) {
    const jpeg = readFileSync(join(daemon.data, entry.file));
    expect(createHash('sha256').update(jpeg).digest('hex')).toBe(entry.sha256);
    const explanation = readFileSync(join(daemon.data, entry.file.replace(/jpg$/, 'json')));
    expect(createHash('sha256').update(explanation).digest('hex')).toBe(entry.explanationSha256);
    const picture = await decodeJpeg(ffmpeg, jpeg, entry);
    if ('because' in picture) throw new Error(picture.detail);
    const shown = shows.get(entry.moment);
    if (shown === undefined) continue;
    const other = shown === CLERK ? {} : CLERK;
    expect(distance(picture, shown), entry.moment).toBeLessThan(0.5 * distance(picture, other));
    // Of the striped notice at the left no stripe is left.
    expect(toneOf(cutOut(picture, NOTICE, 36, 36)).spread).toBeLessThan(2);
  }

  // They were taken when the daemon said what it saw.
  const said = (await daemon.facts()).filter(({ fact }) => fact === 'presence');
  const saidAt = (state: string, after: number): number | undefined =>
    said.map((one) => (one['state'] === state ? (parseInstant(String(one['at'])) ?? 0) : 0)).find((at) => at >= after);
  expect(saidAt('empty', taken('last-seen').takenAt)).toBe(taken('left').takenAt);
  expect(saidAt('occupied', taken('left').takenAt)).toBe(taken('return').takenAt);
  // The moment in which somebody goes is no doubt: it would leave all that follows pending.
  const states = said.map((one) => one['state']);
  expect(states.slice(states.indexOf('occupied'), states.indexOf('empty') + 1)).toEqual(['occupied', 'empty']);
  expect((await daemon.verdicts()).map(({ rule, because = null }) => [rule, because])).toContainEqual([
    'missing-cover',
    null,
  ]);
  expect(taken('alarm').takenAt).toBeGreaterThanOrEqual(taken('left').takenAt);
  const seen = JSON.parse(readFileSync(join(daemon.data, taken('left').file.replace(/jpg$/, 'json')), 'utf8')) as {
    frames: { seat: { state: string; votes: { witness: string }[] } }[];
  };
  expect(seen.frames[0]?.seat.state).toBe('empty');
  expect(seen.frames[0]?.seat.votes.map(({ witness }) => witness)).toContain('reference');

  // A look is recorded; the copy with words has a band below.
  const copy = join(daemon.folder, 'copy.jpg');
  expect((await evidence(daemon, 'show', taken('left').picture, '--out', copy, '--overlay')).code).toBe(0);
  expect(readFileSync(copy).length).toBeGreaterThan(1000);
  const viewed = (await listed(daemon, '--case', about)).find(({ entry }) => entry.picture === taken('left').picture);
  expect(viewed?.views).toBe(1);

  const frozen = await evidence(daemon, 'freeze', 'W1', '--json');
  expect(frozen.code, frozen.err).toBe(0);
  const outcomes = frozen.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
  expect(outcomes.map(({ moment, because }) => [moment, because])).toEqual([
    ['frozen', null],
    ['strip', null],
  ]);
  expect((await evidence(daemon, 'freeze', 'W9')).code).toBe(66);

  expect((await evidence(daemon, 'verify')).code).toBe(0);
  expect(await daemon.stop()).toBe(0);
  // Nobody runs: the command reads the ledger itself.
  appendFileSync(join(daemon.data, taken('alarm').file), 'x');
  const verified = await evidence(daemon, 'verify');
  expect(verified.code).toBe(65);
  expect(verified.out).toContain(`${taken('alarm').picture} was changed`);
  expect((await evidence(daemon, 'show', taken('alarm').picture, '--out', copy)).code).toBe(65);
  expect((await evidence(daemon, 'freeze', 'W1')).code).toBe(69);
  expect(daemon.stray).toBe('');
}, 150_000);
