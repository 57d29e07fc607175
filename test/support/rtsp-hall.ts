/** A hall's cameras as a test reads them: what they said, time that can be jumped, and which processes are left. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraFrame } from '../../adapters/camera.ts';
import type { CameraEvent, ViewWanted } from '../../adapters/cameras/camera-reading.ts';
import { type CameraReading, type CameraSettings, Cameras } from '../../adapters/cameras/cameras.ts';
import type { ReaderLimits } from '../../adapters/cameras/reader-limits.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { Roi } from '../../config/fields.ts';
import { until } from './until.ts';

/** Time that passes as it does, and jumps when told; timers that are due after a jump ring at once. */
export interface JumpingClock extends DeviceClock {
  jump(ms: number): void;
}

export function jumpingClock(): JumpingClock {
  let jumped = 0;
  const timers = new Set<{ dueAt: number; ring: () => void }>();
  const elapsed = (): number => performance.now() + jumped;
  return {
    elapsed,
    now: () => 1_772_413_200_000 + elapsed(),
    after(delayMs, wake) {
      let handle: NodeJS.Timeout | null = null;
      const timer = {
        dueAt: elapsed() + delayMs,
        ring: () => {
          cancel();
          wake();
        },
      };
      const cancel = (): void => {
        if (handle !== null) clearTimeout(handle);
        timers.delete(timer);
      };
      // Beyond 24.8 days Node's timers ring at once; no test waits a day.
      handle = setTimeout(timer.ring, Math.min(delayMs, 86_400_000));
      timers.add(timer);
      return cancel;
    },
    jump(ms) {
      jumped += ms;
      const due = [...timers].filter(({ dueAt }) => dueAt <= elapsed()).sort((x, y) => x.dueAt - y.dueAt);
      for (const timer of due) if (timers.has(timer)) timer.ring();
    },
  };
}

export interface Hall {
  readonly cameras: Cameras;
  readonly clock: JumpingClock;
  readonly dataFolder: string;
  readonly frames: { readonly camera: string; readonly frame: CameraFrame }[];
  readonly events: { readonly camera: string; readonly event: CameraEvent }[];
  /** The reasons, or kinds where there is none, of one camera's events. */
  story(camera?: string): string[];
  reading(camera?: string): CameraReading;
  /** Waits until the story of a camera ends with this. */
  happened(end: readonly string[], timeoutMs?: number, camera?: string): Promise<void>;
  close(): Promise<void>;
}

export const SEAT_BOX: Roi = { kind: 'box', x: 0.25, y: 0.25, width: 0.25, height: 0.5 };

/** Limits with which every fault shows within seconds; the pauses stay what they are. */
export const QUICK: Partial<ReaderLimits> = {
  firstFrameMs: 8000,
  firstSampleMs: 10_000,
  gapMs: 2000,
  confirmMs: 1000,
  probeMs: 4000,
  keyframesApartMs: 1500,
  sampleEveryMs: 500,
  startSpreadMs: 10,
  farewellMs: 1000,
};

export interface HallOptions {
  readonly ffmpegPath: string;
  /** By id; each sees one seat. */
  readonly sources: Readonly<Record<string, string>>;
  readonly limits?: Partial<ReaderLimits>;
  readonly dataFolder?: string;
  readonly startsAtOnce?: number;
  readonly view?: ViewWanted;
}

export const settingsOf = (sources: Readonly<Record<string, string>>): CameraSettings[] =>
  Object.entries(sources).map(([id, source]) => ({ id, source, seats: [{ roi: SEAT_BOX }] }));

/** Rejects as the cameras' start does. */
export async function hall(options: HallOptions): Promise<Hall> {
  const own = options.dataFolder === undefined;
  const dataFolder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'zaigang-cameras-'));
  const clean = (): void => {
    if (own) rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    return await openHall(options, dataFolder, clean);
  } catch (error) {
    clean();
    throw error;
  }
}

async function openHall(options: HallOptions, dataFolder: string, clean: () => void): Promise<Hall> {
  const clock = jumpingClock();
  const frames: Hall['frames'] = [];
  const events: Hall['events'] = [];
  const first = Object.keys(options.sources)[0] ?? '';
  const cameras = new Cameras({
    cameras: settingsOf(options.sources),
    listener: {
      frame: (camera, frame) => void frames.push({ camera, frame }),
      event: (camera, event) => void events.push({ camera, event }),
    },
    ffmpegPath: options.ffmpegPath,
    dataFolder,
    clock,
    random: () => 0.5,
    limits: { ...QUICK, ...options.limits },
    ...(options.startsAtOnce === undefined ? {} : { startsAtOnce: options.startsAtOnce }),
    ...(options.view === undefined ? {} : { view: options.view }),
  });
  const story = (camera = first): string[] =>
    events
      .filter((said) => said.camera === camera)
      .map(({ event }) => (event.kind === 'lost' ? event.loss.reason : event.kind));
  await cameras.start();
  return {
    cameras,
    clock,
    dataFolder,
    frames,
    events,
    story,
    reading(camera = first) {
      const found = cameras.readings().find(({ id }) => id === camera);
      if (found === undefined) throw new Error(`there is no camera ${camera}`);
      return found;
    },
    async happened(end, timeoutMs = 10_000, camera = first) {
      const ended = () => JSON.stringify(story(camera).slice(-end.length)) === JSON.stringify(end);
      const what = () => `${end.join(', ')} of ${camera}; it was ${story(camera).join(', ')}`;
      await until(ended, { timeoutMs, what: end.join(', ') }).catch((cause: unknown) => {
        throw new Error(`waited ${timeoutMs} ms for ${what()}: ${JSON.stringify(cameras.readings())}`, { cause });
      });
    },
    async close() {
      await cameras.stop();
      clean();
    },
  };
}

/** The processes that have this text in their command, such as a camera's port. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandOf(pid).includes(text));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // Gone in the meantime.
    return '';
  }
}
