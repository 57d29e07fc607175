/** The minutes of cameras and witnesses as points of the real ledger. */
import { describe, expect, test } from 'vitest';
import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import { CameraPoints } from '../../daemon/cameras/camera-points.ts';
import type { WitnessReading } from '../../daemon/cameras/witness-watch.ts';
import { LedgerError } from '../../daemon/ledger/ledger.ts';
import { CoreHall } from '../support/core-hall.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

const START = Date.parse('2026-03-02T08:00:20+08:00');

const CAMERA: CameraReading = {
  id: 'cam-1',
  address: 'rtsp://192.0.2.10/1',
  state: 'live',
  loss: null,
  retryMs: null,
  decoding: 'keyframes',
  frames: 10,
  lastFrameAt: START,
  intervalMs: 2000,
  sameFrames: 1,
  reconnects: 0,
  stalls: 0,
  lastHour: { reconnects: 0, stalls: 0, seenShare: 1 },
  quality: 'excellent',
};
const WITNESS: WitnessReading = { id: 'nvr', kind: 'frigate', isHeard: true, loss: null, losses: 1, misheard: 0 };

class Scene implements Disposable {
  readonly hall = new CoreHall({ yaml: SMALL_HALL, startsAt: '2026-03-02T08:00:20+08:00' });
  readonly points: CameraPoints;
  cameras: CameraReading[] = [CAMERA];
  witnesses: WitnessReading[] = [WITNESS];
  isFull = false;
  now = START;
  #wake: { readonly at: number; readonly call: () => void } | null = null;

  constructor() {
    const { core } = this.hall;
    this.points = new CameraPoints({
      clock: {
        now: () => this.now,
        elapsed: () => this.now,
        after: (delayMs, call) => {
          this.#wake = { at: this.now + delayMs, call };
          return () => {
            this.#wake = null;
          };
        },
      },
      cameras: () => this.cameras,
      witnesses: () => this.witnesses,
      put: (points) => {
        if (this.isFull) throw new LedgerError('the disk is full', { retry: true });
        core.ledger.commit(() => core.series.put(points));
      },
      log: { error() {}, warn: (_, phrase) => void this.said.push(phrase), info() {}, debug() {} },
    });
  }

  readonly said: string[] = [];

  get isWaiting(): boolean {
    return this.#wake !== null;
  }

  /** Time passes up to what is waited for, or a little less, as timers may. */
  tick(earlyMs = 0): void {
    const wake = this.#wake;
    if (wake === null) throw new Error('nothing is waited for');
    this.now = wake.at - earlyMs;
    wake.call();
  }

  found(measurement: string): object[] {
    return this.hall.core.series
      .read(0, 100)
      .filter(({ point }) => point.measurement === measurement)
      .map(({ point: { tags, fields, at } }) => ({ ...tags, ...fields, at: this.hall.text(at).slice(11, 19) }));
  }

  [Symbol.dispose](): void {
    this.points.stop();
    this.hall[Symbol.dispose]();
  }
}

const camera = (more: Partial<CameraReading>): CameraReading => ({ ...CAMERA, ...more });

describe('a minute', () => {
  test('has what came in it, at the whole minute, and how the camera is', () => {
    using scene = new Scene();
    scene.points.start();
    expect(scene.found('camera')).toEqual([]);
    scene.tick();
    scene.cameras = [camera({ frames: 40, reconnects: 2, stalls: 1, state: 'lost', quality: 'unusable' })];
    scene.witnesses = [{ ...WITNESS, isHeard: false, losses: 3, misheard: 5 }];
    scene.tick();
    const tags = { hall: 'suixian', camera: 'cam-1', rev: 0 };
    expect(scene.found('camera')).toEqual([
      { ...tags, live: 1, quality_code: 3, frames: 10, reconnects: 0, stalls: 0, at: '08:01:00' },
      { ...tags, live: 0, quality_code: 0, frames: 30, reconnects: 2, stalls: 1, at: '08:02:00' },
    ]);
    const told = { hall: 'suixian', camera: 'nvr', kind: 'frigate', rev: 0 };
    expect(scene.found('witness')).toEqual([
      { ...told, heard: 1, losses: 1, misheard: 0, at: '08:01:00' },
      { ...told, heard: 0, losses: 2, misheard: 5, at: '08:02:00' },
    ]);
  });

  test('is written once although its timer wakes too early', () => {
    using scene = new Scene();
    scene.points.start();
    scene.tick(2);
    scene.cameras = [camera({ frames: 11 })];
    scene.tick();
    scene.tick();
    expect(scene.found('camera')).toMatchObject([
      { frames: 10, at: '08:01:00', rev: 0 },
      { frames: 1, at: '08:02:00', rev: 0 },
    ]);
  });

  test('that could not be kept is counted in with the next', () => {
    using scene = new Scene();
    scene.points.start();
    scene.tick();
    scene.isFull = true;
    scene.cameras = [camera({ frames: 40 })];
    scene.tick();
    expect(scene.said).toEqual(['camera figures were not kept']);
    scene.isFull = false;
    scene.cameras = [camera({ frames: 70 })];
    scene.tick();
    expect(scene.found('camera')).toMatchObject([
      { frames: 10, at: '08:01:00' },
      { frames: 60, at: '08:03:00' },
    ]);
  });

  test('of a camera that was taken anew by another configuration counts from nothing', () => {
    using scene = new Scene();
    scene.points.start();
    scene.tick();
    scene.cameras = [camera({ frames: 4 }), camera({ id: 'cam-2', frames: 7 })];
    scene.tick();
    expect(scene.found('camera').slice(1)).toMatchObject([
      { camera: 'cam-1', frames: 4 },
      { camera: 'cam-2', frames: 7 },
    ]);
  });

  test('without cameras has no points, and none come after the end', () => {
    using scene = new Scene();
    [scene.cameras, scene.witnesses] = [[], []];
    scene.points.start();
    scene.tick();
    expect([...scene.found('camera'), ...scene.found('witness')]).toEqual([]);
    scene.points.stop();
    expect(scene.isWaiting).toBe(false);
  });
});
