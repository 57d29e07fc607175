/** Who reads the cameras of the benchmark: ffmpeg alone, Debian's `motion`, and the daemon as shipped. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GrayPicture } from '../adapters/camera.ts';
import { ReferenceStore } from '../daemon/cameras/reference-store.ts';
import { systemLog } from '../daemon/log.ts';
import { type Ms, SECOND } from '../rules/time.ts';
import { type Daemon, daemonOf, type Line } from '../test/support/daemon.ts';
import { processesWith } from '../test/support/rtsp-hall.ts';
import { until } from '../test/support/until.ts';
import { checkStates, firstFrame, SEATS } from './camera-film.ts';
import { WrongOutput } from './check.ts';
import { childrenOf } from './processes.ts';
import { DAEMON_FLAGS } from './shipped.ts';

/** One who reads all cameras, from its first picture on. */
export interface Reader extends AsyncDisposable {
  /** The processes that were started; their children work for them. */
  readonly roots: readonly number[];
  /** All that there are now. */
  pids(): readonly number[];
  /** How many pictures for evidence there are. */
  pictures(): number;
  /** Throws a `WrongOutput` where it did not do its work in the last so long. */
  check(lengthMs: Ms): Promise<void>;
}

const START_MS: Ms = 120 * SECOND;

async function ended(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }),
  );
}

/** Decodes the keyframes and throws them away. */
export async function bareFfmpeg(ffmpeg: string, urls: readonly string[]): Promise<Reader> {
  const quick = ['-fpsprobesize', '0', '-analyzeduration', '1000000'];
  const children = urls.map((url) => {
    const input = ['-rtsp_transport', 'tcp', ...quick, '-threads', '1', '-skip_frame', 'nokey', '-i', url];
    return spawn(ffmpeg, ['-nostdin', '-loglevel', 'error', ...input, '-f', 'null', '-'], { stdio: 'ignore' });
  });
  // As long as a start takes; nothing tells when frames come to nowhere.
  await sleep(5 * SECOND);
  const roots = children.map(({ pid }) => pid as number);
  return {
    roots,
    pids: () => roots,
    pictures: () => 0,
    async check() {
      const gone = children.filter(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null).length;
      if (gone > 0) throw new WrongOutput(`${gone} of the bare ffmpegs have ended`);
    },
    [Symbol.asyncDispose]: () => ended(children),
  };
}

/** Its version; null = it is not installed. */
export function motionVersion(): string | null {
  try {
    return (
      /motion Version (\S+?),?\s/i.exec(execFileSync('motion', ['-h'], { encoding: 'utf8', stdio: 'pipe' }))?.[1] ??
      null
    );
  } catch (error) {
    // It ends its help with 1, and says it all the same.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    return /motion Version (\S+?),?\s/i.exec(said)?.[1] ?? null;
  }
}

/** As Debian configures it, without films, pictures and pages; what it notices is a line in a file. */
export async function motion(urls: readonly string[], size: string): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-motion-'));
  const events = join(folder, 'events');
  const [width, height] = size.split('x');
  writeFileSync(events, '');
  for (const [i, url] of urls.entries()) {
    const lines = [`camera_id ${i + 1}`, `netcam_url ${url}`, 'netcam_params keepalive=on,rtsp_transport=tcp', ''];
    writeFileSync(join(folder, `cam${i}.conf`), lines.join('\n'));
  }
  writeFileSync(
    join(folder, 'motion.conf'),
    [
      ...['daemon off', 'setup_mode off', 'log_level 4', `target_dir ${folder}`, `width ${width}`, `height ${height}`],
      ...['framerate 15', 'threshold 1500', 'despeckle_filter EedDl', 'minimum_motion_frames 1', 'event_gap 5'],
      ...['picture_output off', 'movie_output off', 'webcontrol_port 0', 'stream_port 0'],
      ...[`on_event_start /bin/echo started %t >> ${events}`, `on_event_end /bin/echo ended %t >> ${events}`],
      ...urls.map((_, i) => `camera ${join(folder, `cam${i}.conf`)}`),
    ].join('\n'),
  );
  const child = spawn('motion', ['-n', '-c', join(folder, 'motion.conf')], { stdio: 'ignore' });
  const started = () => new Set(readFileSync(events, 'utf8').match(/^started \d+$/gm) ?? []).size;
  const dispose = async (): Promise<void> => {
    await ended([child]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(() => child.exitCode !== null || started() === urls.length, {
      timeoutMs: START_MS,
      what: 'motion to notice something at every camera',
    });
    if (child.exitCode !== null) throw new Error(`motion ended with ${child.exitCode}`);
  } catch (error) {
    await dispose();
    throw error;
  }
  writeFileSync(events, '');
  const roots = [child.pid as number];
  return {
    roots,
    pids: () => roots,
    pictures: () => 0,
    async check() {
      const seen = started();
      if (seen < urls.length) throw new WrongOutput(`motion noticed something at ${seen} of ${urls.length} cameras`);
    },
    [Symbol.asyncDispose]: dispose,
  };
}

export interface HallReader extends Reader {
  readonly daemonPid: number;
  /**
   * As of a `Reader`, but so many cameras may have been lost meanwhile: where others use the machine, too, a fixture that cannot
   * keep up is no fault of who reads it. The answer: which, and why.
   */
  checkBut(mostLost: number, lengthMs: Ms): Promise<readonly string[]>;
}

interface SeatCamera {
  readonly id: string;
  readonly source: string;
  readonly seats: readonly { readonly window: string; readonly roi: (typeof SEATS)[number] }[];
}

/** The daemon with a window for each seat, told how the seats look when empty. `pictures`: whether it remembers some for evidence. */
export async function zaigang(ffmpeg: string, urls: readonly string[], pictures = true): Promise<HallReader> {
  const cameras: SeatCamera[] = urls.map((source, i) => ({
    id: `cam${i}`,
    source,
    seats: SEATS.map((roi, seat) => ({ window: `cam${i}-${seat + 1}`, roi })),
  }));
  const daemon = daemonOf({ config: { ...hallOf(cameras), evidence: { pictures } }, nodeFlags: DAEMON_FLAGS });
  try {
    await learnEmpty(daemon.data, firstFrame(ffmpeg, urls[0] as string).seats, cameras);
    await daemon.start();
    const isSeen = (facts: readonly Line[]) => facts.filter(({ state }) => state === 'empty').length >= 2 * urls.length;
    await until(async () => isSeen(await daemon.facts()), { timeoutMs: START_MS, what: 'every seat to be seen empty' });
    await firstCases(daemon, urls.length);
    const [daemonPid] = processesWith(daemon.configFile);
    if (daemonPid === undefined) throw new Error(`the daemon has ended: ${daemon.stray}`);
    return readerOf(daemon, daemonPid, cameras);
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
}

/** The windows of a daemon that starts stand empty, and somebody comes to each within a minute: these cases and their pictures come once. */
async function firstCases(daemon: Daemon, cameras: number): Promise<void> {
  const taken = (facts: readonly Line[]) =>
    new Set(facts.flatMap((fact) => (fact['state'] === 'occupied' ? fact['window'] : [])));
  const isTaken = async () => taken(await daemon.facts()).size >= cameras;
  await until(isTaken, { timeoutMs: START_MS, what: 'somebody at every camera' });
  let [count, since] = [-1, 0];
  const isQuiet = (): boolean => {
    const now = picturesIn(daemon);
    if (now !== count) [count, since] = [now, performance.now()];
    return performance.now() - since > 5 * SECOND;
  };
  await until(isQuiet, { timeoutMs: START_MS, what: 'the first cases’ pictures' });
}

const picturesIn = ({ data }: Daemon): number =>
  readdirSync(data, { recursive: true }).filter((name) => String(name).endsWith('.jpg')).length;

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function hallOf(cameras: readonly SeatCamera[]): Readonly<Record<string, unknown>> {
  return {
    hall: { id: 'bench', name: '基准大厅', timezone: 'Asia/Shanghai', dayStart: '00:00' },
    calendar: { country: 'none' },
    // Open by day and night, so that whoever is seen or not is judged.
    schedules: { always: { punches: 'in', weekly: Object.fromEntries(DAYS.map((day) => [day, ['00:00-23:59']])) } },
    employees: [{ id: 'e1', name: '某人', schedule: 'always', credentials: ['1'] }],
    windows: cameras.flatMap(({ seats }) =>
      seats.map(({ window }) => ({ id: window, name: window, schedule: 'always', a: 'e1' })),
    ),
    clocks: [],
    cameras: cameras.map(({ seats, ...camera }) => ({
      ...camera,
      seats: seats.map(({ window, roi: { x, y, width, height } }) => ({ window, roi: [x, y, width, height] })),
    })),
  };
}

async function learnEmpty(data: string, seats: readonly GrayPicture[], cameras: readonly SeatCamera[]): Promise<void> {
  const store = new ReferenceStore(data, systemLog('warn'));
  const known = seats.map((picture) => [{ picture, at: 0, origin: 'given' as const }]);
  for (const camera of cameras) store.save(camera, known);
  await store.flush();
}

function readerOf(daemon: Daemon, daemonPid: number, cameras: readonly SeatCamera[]): HallReader {
  return {
    daemonPid,
    roots: [daemonPid],
    pids: () => [daemonPid, ...childrenOf(daemonPid)],
    pictures: () => picturesIn(daemon),
    async check(lengthMs) {
      await this.checkBut(0, lengthMs);
    },
    async checkBut(mostLost, lengthMs) {
      const losses = daemon.log.filter(({ msg }) => msg === 'camera was lost');
      const lost = new Set(losses.map(({ camera }) => camera));
      const said = losses.map(({ camera, because }) => `${camera} ${because}`);
      if (lost.size > mostLost) throw new WrongOutput(`cameras were lost: ${said.join(', ')}`);
      const facts = await daemon.facts();
      for (const { id, seats } of cameras.filter((camera) => !lost.has(camera.id))) {
        const windows = seats.map(({ window }) => window);
        checkStates(
          facts.filter(({ source }) => source === id),
          id,
          windows,
          lengthMs,
        );
      }
      return said;
    },
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      await daemon[Symbol.asyncDispose]();
    },
  };
}
