/** The demonstration's camera: what it draws comes back through a real ffmpeg as what the vision code says of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { dialectOf, type FfmpegDialect } from '../../adapters/cameras/ffmpeg-command.ts';
import { parseConfig } from '../../config/load.ts';
import { openSeatFilm, PICTURE_EVERY_MS, type SeatFilmOptions } from '../../daemon/demo/seat-film.ts';
import type { PresenceFact } from '../../rules/facts.ts';
import { MINUTE, SECOND } from '../../rules/time.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { processesWith } from '../support/rtsp-hall.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

const HALL = parseConfig(SMALL_HALL, '/nowhere/hall.yaml', { env: {}, lang: 'en' }).hall;
const FROM = 1_772_410_200_000;
const at = (minutes: number) => FROM + minutes * MINUTE;
/** Somebody comes, goes for some minutes, is back, holds a hand before the lens, and goes. */
const SCRIPT: SeatFilmOptions['script'] = [
  [at(3), 'occupied'],
  [at(12), 'empty'],
  [at(19), 'occupied'],
  [at(26), 'unknown'],
  [at(29), 'occupied'],
  [at(36), 'empty'],
];
const SHOWINGS = [
  { from: at(0), to: at(14) },
  { from: at(18), to: at(40) },
];

let ffmpeg: string;
let dialect: FfmpegDialect;
beforeAll(async () => {
  ffmpeg = await ffmpegPath();
  dialect = await dialectOf(ffmpeg);
});

const options = (more: Partial<SeatFilmOptions> = {}): SeatFilmOptions => ({
  ...{ ffmpegPath: ffmpeg, dialect, hall: HALL, window: 'W1', source: 'cam-1', script: SCRIPT },
  showings: SHOWINGS,
  ...more,
});

async function wholeFilm(): Promise<PresenceFact[]> {
  await using film = await openSeatFilm(options());
  const facts: PresenceFact[] = [];
  for (let now = FROM; now <= at(41); now += 20 * SECOND) {
    for (let fact = await film.upTo(now); fact !== null; fact = await film.upTo(now)) {
      // Neither before its time, nor long after it.
      expect(now - fact.at).toBeGreaterThanOrEqual(0);
      expect(now - fact.at).toBeLessThan(20 * SECOND);
      facts.push(fact);
    }
  }
  return facts;
}

test('what happens at the seat is seen within half a minute, never otherwise, and the same every time', async () => {
  const facts = await wholeFilm();
  expect(facts.map(({ window, source }) => `${window} ${source}`)).toEqual(facts.map(() => 'W1 cam-1'));
  const seen = facts.map(({ at: when, state }) => ({ seconds: (when - FROM) / SECOND, state }));
  const isSeen = (state: string, minutes: number) =>
    seen.some((one) => one.state === state && one.seconds >= 60 * minutes && one.seconds <= 60 * minutes + 30);
  expect(['occupied', 'empty'].flatMap((state) => seen.filter((one) => one.state === state)).length).toBe(7);
  expect([isSeen('empty', 0), isSeen('occupied', 3), isSeen('empty', 12)]).toEqual([true, true, true]);
  // Where no pictures come, nothing is known; nor with a hand before the lens.
  expect([isSeen('unknown', 14), isSeen('empty', 18), isSeen('unknown', 26)]).toEqual([true, true, true]);
  expect([isSeen('occupied', 19), isSeen('occupied', 29), isSeen('empty', 36)]).toEqual([true, true, true]);
  expect(seen.filter(({ seconds }) => (1000 * seconds) % PICTURE_EVERY_MS !== 0)).toEqual([]);
  expect(await wholeFilm()).toEqual(facts);
}, 60_000);

test('nothing is left of it when it is closed', async () => {
  const film = await openSeatFilm(options());
  const mine = () => processesWith('-tune\0zerolatency').filter((pid) => parentOf(pid) === process.pid);
  expect(mine().length).toBe(1);
  await film[Symbol.asyncDispose]();
  expect(mine()).toEqual([]);
});

const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(statusOf(pid))?.[1]);
const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');

test.each([
  ['that is not there', null, /ENOENT/],
  ['that cannot encode', 'echo "Unknown encoder libx264" >&2; exit 1', /Unknown encoder libx264/],
  ['that ends without a word', 'exit 3', /exit code 3/],
])('an ffmpeg %s is told by its reason', async (_, script, reason) => {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-film-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'ffmpeg');
  if (script !== null) writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await expect(openSeatFilm(options({ ffmpegPath: program }))).rejects.toMatchObject({
    name: 'FilmError',
    message: expect.stringMatching(reason),
  });
});
