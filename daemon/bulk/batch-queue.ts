/**
 * Trying many cameras, a few at a time, and no password twice at a host that has refused one: recorders and cameras lock everybody
 * out after a handful of wrong ones. So of one host one row goes first; the others follow once its login has worked, and stay
 * untried, with the reason, once it has not.
 */
import type { GrayPicture } from '../../adapters/camera.ts';
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { Language } from '../alerts/words.ts';
import { type ProbeSurroundings, probeCamera } from '../probing/camera.ts';
import { StepFailure, Steps } from '../probing/steps.ts';
import type { BatchRow } from './batch-row.ts';

export interface QueueSurroundings extends Pick<ProbeSurroundings, 'gate' | 'ffmpegPath'> {
  readonly clock: DeviceClock;
  /** Something went wrong that is no camera's fault. */
  readonly failed: (row: BatchRow | null, error: unknown) => void;
}

/** Each is an ffmpeg that decodes, beside those of the hall. */
const MOST_AT_ONCE = 3;

/** A refusal that says something of the host's passwords, and not of this row alone. */
const REFUSALS: ReadonlySet<string> = new Set(['wrong-login', 'locked-out', 'login-closed']);

export class BatchQueue {
  readonly #around: QueueSurroundings;
  readonly #lang: Language;
  readonly #rows: readonly BatchRow[];
  readonly #stopping = new AbortController();
  readonly #running = new Map<BatchRow, Promise<void>>();
  /** Logins that have worked, by host. */
  readonly #proven = new Set<string>();
  /** Hosts that have refused a login, and the row at which they did. */
  readonly #refused = new Map<string, number>();

  constructor(rows: readonly BatchRow[], around: QueueSurroundings, lang: Language) {
    this.#rows = rows;
    this.#around = around;
    this.#lang = lang;
    for (const row of rows) row.await();
    this.#next();
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Ends what goes on and begins nothing more; resolves when nothing is open. */
  async cancel(): Promise<void> {
    this.#stopping.abort();
    for (const row of this.#rows) if (row.state === 'waiting') row.state = 'cancelled';
    await this.done();
  }

  /** Resolves when all of them have been tried. */
  async done(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  #next(): void {
    for (const row of this.#rows) {
      if (row.state !== 'waiting') continue;
      const { address } = row.subject;
      const refusedLine = this.#refused.get(address.host);
      if (refusedLine !== undefined && address.login !== null) {
        row.state = 'not-tried';
        row.refusedLine = refusedLine;
      } else if (this.#running.size < MOST_AT_ONCE && this.#mayBegin(address)) this.#begin(row);
    }
  }

  #mayBegin(address: CameraAddress): boolean {
    if (address.login === null || this.#proven.has(loginOf(address))) return true;
    return [...this.#running.keys()].every((row) => row.subject.address.host !== address.host);
  }

  #begin(row: BatchRow): void {
    row.state = 'testing';
    const test = this.#test(row).finally(() => {
      this.#running.delete(row);
      if (!this.#stopping.signal.aborted) this.#next();
    });
    this.#running.set(row, test);
  }

  async #test(row: BatchRow): Promise<void> {
    const { clock, gate, ffmpegPath, failed } = this.#around;
    const { signal } = this.#stopping;
    const { address } = row.subject;
    const steps = new Steps((told) => {
      row.steps = [...row.steps, told];
      if (!told.ok || !(told.step === 'login' || told.step === 'stream') || address.login === null) return;
      // From here on the others of its host need not wait for all of its test.
      this.#proven.add(loginOf(address));
      this.#next();
    });
    const seen = (view: GrayPicture): void => {
      row.picture = { at: clock.now(), view };
    };
    const around = { clock, gate, steps, reader: { lang: this.#lang }, ffmpegPath, withSnapshot: false, signal, seen };
    try {
      row.stream = await probeCamera(row.subject, around);
      row.state = 'passed';
    } catch (error) {
      if (signal.aborted) {
        row.state = 'cancelled';
        return;
      }
      row.state = 'failed';
      if (!(error instanceof StepFailure)) return failed(row, error);
      row.remedy = error.remedy;
      // Where nobody logged in, no password was refused.
      if (address.login !== null && REFUSALS.has(error.reason)) this.#refused.set(address.host, row.line);
    }
  }
}

const loginOf = ({ host, login }: CameraAddress): string => `${host}\n${login}`;
