/** What the cameras of the benchmark show, and whether what was said of it is true. */
import { spawnSync } from 'node:child_process';
import type { CameraFrame } from '../adapters/camera.ts';
import { FrameCutter, layoutOf } from '../adapters/cameras/frame-graph.ts';
import type { Roi } from '../config/fields.ts';
import { SCENE_SEAT } from '../daemon/demo/seat-scene.ts';
import { type Ms, SECOND } from '../rules/time.ts';
import type { Line } from '../test/support/daemon.ts';
import { WrongOutput } from './check.ts';
import { median } from './figures.ts';

/** The seat that is drawn, and a part of the counter at which nobody ever is. */
export const SEATS: readonly Extract<Roi, { readonly kind: 'box' }>[] = [
  { kind: 'box', ...SCENE_SEAT },
  { kind: 'box', x: 0.02, y: 0.5, width: 0.25, height: 0.45 },
];
/** The film goes round: so long nobody, so long somebody. */
const TRUTH_MS: Ms = 30 * SECOND;
/**
 * Empty is said 2 s, five keyframes and a look after it is; occupied goes on until the first look that differs. A state that lasts
 * longer than that is wrong. One that is shorter may come of pictures that were late on a busy machine, for what they show is dated by
 * when they came; it is wrong only where most of them are.
 */
const LATE_MS: Ms = 16 * SECOND;

export function ffmpegOutput(ffmpeg: string, args: readonly string[], input?: Buffer): Buffer {
  const run = spawnSync(ffmpeg, ['-nostdin', '-v', 'error', ...args], {
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
  if (run.status !== 0) throw new Error(`ffmpeg: ${run.stderr?.toString() ?? run.error}`);
  return run.stdout;
}

/** The first picture of a camera's stream; nobody sits there. */
export function firstFrame(ffmpeg: string, url: string): Omit<CameraFrame, 'at'> {
  const layout = layoutOf(SEATS);
  const input = ['-rtsp_transport', 'tcp', '-i', url, '-filter_complex', layout.filter, '-map', '[o]'];
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const [frame] = new FrameCutter(layout).push(ffmpegOutput(ffmpeg, [...input, ...output]));
  if (frame === undefined) throw new Error(`${url} gave no picture`);
  return frame;
}

interface Stretch {
  readonly state: string;
  readonly lengthMs: Ms;
}

/** Throws a `WrongOutput` unless a camera's presence facts are what its film shows, for `lengthMs` of it. */
export function checkStates(facts: readonly Line[], camera: string, windows: readonly string[], lengthMs: Ms): void {
  const wrong = (what: string) => new WrongOutput(`camera ${camera}: ${what}`);
  const [said = [], counter = []] = windows.map((window) => saidOf(facts, window));
  const seat = stretches(said);
  if (counter.some(({ state }) => state === 'occupied')) throw wrong('somebody was seen where nobody ever is');
  if (!counter.some(({ state }) => state === 'empty')) throw wrong('the place where nobody is was never seen empty');
  const rounds = Math.floor((lengthMs - TRUTH_MS) / (2 * TRUTH_MS));
  for (const state of ['occupied', 'empty']) {
    const lengths = seat.filter((stretch) => stretch.state === state).map((stretch) => stretch.lengthMs);
    const told = `${state} for ${lengths.map((length) => (length / SECOND).toFixed(1)).join(', ')} s`;
    const truth = `instead of ${TRUTH_MS / SECOND} s each time`;
    if (lengths.length < rounds) throw wrong(`the seat was ${told} in ${lengthMs / SECOND} s, ${truth}`);
    if (lengths.some((length) => length > TRUTH_MS + LATE_MS)) throw wrong(`the seat was ${told}, ${truth}`);
    if (lengths.length > 0 && median(lengths) < TRUTH_MS - LATE_MS) throw wrong(`the seat was ${told}, ${truth}`);
  }
}

interface Said {
  readonly at: Ms;
  readonly state: string;
}

function saidOf(facts: readonly Line[], window: string): Said[] {
  return facts
    .filter((fact) => fact['fact'] === 'presence' && fact['window'] === window)
    .map((fact) => ({ at: Date.parse(String(fact['at'])), state: String(fact['state']) }))
    .sort((x, y) => x.at - y.at);
}

/** Those that have begun and ended while it was looked at; a doubt in between divides nothing. */
function stretches(said: readonly Said[]): Stretch[] {
  const runs: { state: string; from: Ms; to: Ms }[] = [];
  said.forEach(({ at, state }, i) => {
    const to = said[i + 1]?.at;
    if (state === 'unknown' || to === undefined) return;
    const last = runs.at(-1);
    if (last?.state === state) last.to = to;
    else runs.push({ state, from: at, to });
  });
  return runs.map(({ state, from, to }) => ({ state, lengthMs: to - from })).slice(1);
}
