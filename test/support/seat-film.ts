/** Films of drawn scenes: encoded and decoded by ffmpeg as a camera's would be, watched, and held against the truth. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import { FrameCutter, layoutOf } from '../../adapters/cameras/frame-graph.ts';
import { CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import type { SeatVerdict } from '../../adapters/vision/occupancy.ts';
import { drawScene, SCENE, SCENE_SEAT, type SceneLook, type SceneMoment } from '../../daemon/demo/seat-scene.ts';

/** What a stretch of a film shows, and what is true of the seat; `either`: even a person could not say, or nobody cares. */
export interface Phase {
  readonly seconds: number;
  readonly truth: 'occupied' | 'empty' | 'blind' | 'either';
  /** `part`: how much of the stretch has passed, 0–1; `second`: since its beginning. */
  readonly shows: SceneMoment | ((part: number, second: number) => SceneMoment);
  /** The camera sends its last picture again and again. */
  readonly frozen?: boolean;
}

export interface Film {
  readonly look: SceneLook;
  readonly fps: number;
  readonly phases: readonly Phase[];
}

interface Shot {
  readonly picture: GrayPicture;
  readonly truth: Phase['truth'];
}

function shotsOf({ look, fps, phases }: Film): Shot[] {
  const shots: Shot[] = [];
  let start = 0;
  let last: GrayPicture | null = null;
  for (const { seconds, truth, shows, frozen } of phases) {
    for (let second = 0; second < seconds; second += 1 / fps) {
      const moment = typeof shows === 'function' ? shows(second / seconds, second) : shows;
      const picture: GrayPicture = frozen && last !== null ? last : drawScene(look, start + second, moment);
      last = picture;
      shots.push({ picture, truth });
    }
    start += seconds;
  }
  return shots;
}

function ffmpeg(args: readonly string[], input?: Buffer): Buffer {
  const run = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-threads', '1', ...args], {
    maxBuffer: 1 << 29,
    ...(input === undefined ? {} : { input }),
  });
  if (run.status !== 0) throw new Error(`ffmpeg: ${run.stderr?.toString() ?? run.error}`);
  return run.stdout;
}

/** Writes the film as H.264, as small as a camera's second stream. */
export function writeFilm(film: Film, file: string): readonly Phase['truth'][] {
  const shots = shotsOf(film);
  const { width, height } = SCENE;
  ffmpeg(
    [
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', String(film.fps), '-i', 'pipe:0'],
      // Without B-frames and with a keyframe every few pictures, as cameras do it. A frozen picture must not be smoothed on.
      ...[
        '-pix_fmt',
        'yuv420p',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-crf',
        '24',
        '-g',
        '10',
        '-bf',
        '0',
        '-y',
        file,
      ],
    ],
    Buffer.concat(shots.map(({ picture }) => picture.pixels)),
  );
  return shots.map(({ truth }) => truth);
}

/** Decodes the film's frames as a camera's are. */
export function readFilm(
  file: string,
  fps: number,
  seats: readonly (typeof SCENE_SEAT)[] = [SCENE_SEAT],
): CameraFrame[] {
  const layout = layoutOf(seats.map((seat) => ({ kind: 'box', ...seat })));
  const pixels = ffmpeg([
    ...['-i', file, '-vsync', 'passthrough', '-filter_complex', layout.filter, '-map', '[o]'],
    ...['-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'],
  ]);
  return new FrameCutter(layout).push(pixels).map((frame, i) => ({ at: Math.round((1000 * i) / fps), ...frame }));
}

/** The film's frames, through ffmpeg and back, with what is true in each. */
export function filmed(film: Film): {
  readonly frames: readonly CameraFrame[];
  readonly truths: readonly Phase['truth'][];
} {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-film-'));
  try {
    const file = join(folder, 'film.mp4');
    const truths = writeFilm(film, file);
    return { frames: readFilm(file, film.fps), truths };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds by truth and what was said: `occupied→empty` accuses somebody. */
export type Shares = Readonly<Record<string, number>>;

export interface Watched {
  readonly shares: Shares;
  readonly verdicts: readonly SeatVerdict[];
}

export type Filmed = ReturnType<typeof filmed>;

/** The seat of a film, once with a frame (by its number) in which it is said to be empty, and once without any. */
export function watched({ frames, truths }: Filmed, fps: number, emptyAt: number): Record<'known' | 'alone', Watched> {
  const camera = new CameraOccupancy({ places: [SCENE_SEAT, SCENE_SEAT] });
  const empty = frames[emptyAt]?.seats[0];
  if (empty === undefined) throw new Error(`there is no frame ${emptyAt}`);
  camera.learnEmpty(0, 0, empty);
  const looks = frames.map((frame) => camera.see({ ...frame, seats: [...frame.seats, ...frame.seats] })?.seats ?? []);
  const seat = (place: number): Watched => {
    const verdicts = looks.flatMap((seats) => seats[place] ?? []);
    const shares: Record<string, number> = {};
    verdicts.forEach(({ state }, i) => {
      const key = `${truths[i]}→${state}`;
      shares[key] = (shares[key] ?? 0) + 1 / fps;
    });
    return { shares, verdicts };
  };
  return { known: seat(0), alone: seat(1) };
}
