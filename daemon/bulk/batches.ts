/** The batches of cameras that are being set up: a few, each kept for as long as somebody looks at it. */
import { randomBytes } from 'node:crypto';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { LoginGate } from '../../adapters/login-gate.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import { faultOf, type Log } from '../log.ts';
import { Batch, type BatchWish } from './batch.ts';

export interface BatchesOptions {
  readonly ffmpegPath: string | null;
  readonly clock: DeviceClock;
  /** Shared with whatever else logs in to the same cameras. */
  readonly gate: LoginGate;
  readonly log: Log;
}

/** Each keeps a picture of every camera in memory, and has passwords in it. */
const MOST_BATCHES = 2;
/** Whoever draws seats in the pictures of a hundred cameras looks away for longer than at a single one. */
const FORGOTTEN_MS: Ms = 60 * MINUTE;
const TICK_MS: Ms = MINUTE;

/** Why there is none: `busy` as many as may be are there · `no-ffmpeg` there is none that works. */
export type NoBatch = 'busy' | 'no-ffmpeg';

export class Batches {
  readonly #options: BatchesOptions;
  #batches: ReadonlyMap<string, Batch> = new Map();
  #cancel: (() => void) | null = null;
  #isStopped = false;

  constructor(options: BatchesOptions) {
    this.#options = options;
  }

  list(): readonly Batch[] {
    return [...this.#batches.values()];
  }

  /** One that is there; asking for it keeps it so. */
  find(id: string): Batch | null {
    const batch = this.#batches.get(id) ?? null;
    if (batch !== null) batch.askedAt = this.#options.clock.now();
    return batch;
  }

  /** Nothing of it is tried yet. */
  begin(wish: BatchWish): Batch | NoBatch {
    const { ffmpegPath, clock, gate, log } = this.#options;
    if (ffmpegPath === null) return 'no-ffmpeg';
    if (this.#batches.size >= MOST_BATCHES || this.#isStopped) return 'busy';
    const id = `B-${randomBytes(6).toString('hex')}`;
    const failed = (_: unknown, error: unknown): void =>
      log.error({ batch: id, ...faultOf(error) }, 'camera of a batch could not be tested');
    const batch = new Batch(id, wish, { clock, gate, ffmpegPath, failed });
    this.#batches = new Map([...this.#batches, [id, batch]]);
    if (this.#cancel === null) this.#tick();
    return batch;
  }

  /** Resolves when nothing of it is open any more. */
  async end(batch: Batch): Promise<void> {
    this.#batches = new Map([...this.#batches].filter(([id]) => id !== batch.id));
    await batch.end();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    const all = this.list();
    this.#batches = new Map();
    await Promise.all(all.map((batch) => batch.end()));
  }

  #tick(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    for (const batch of this.list()) {
      if (now - batch.askedAt <= FORGOTTEN_MS) continue;
      this.end(batch).catch((error: unknown) =>
        log.error({ batch: batch.id, ...faultOf(error) }, 'batch of cameras could not be ended'),
      );
    }
    this.#cancel = this.#batches.size === 0 ? null : clock.after(TICK_MS, () => this.#tick());
  }
}
