/** Reports that somebody is waiting for: how far each is, what became of it, and an end to it before it is done. */
import { randomUUID } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import type { ReportFile } from './files.ts';
import { NoReport, type ReportRequest } from './report.ts';
import type { ThreadOptions } from './report-thread.ts';

/** `none`: there is no such report. */
export type JobState = 'waiting' | 'running' | 'done' | 'none' | 'failed' | 'cancelled';

export interface ReportJob<Wish> {
  readonly id: string;
  readonly owner: string;
  readonly request: ReportRequest;
  /** As what it is wanted. */
  readonly wish: Wish;
  readonly askedAt: Ms;
  readonly state: JobState;
  /** Days looked at, of how many; null before the first. */
  readonly progress: { readonly done: number; readonly of: number } | null;
  /** Once it is done. */
  readonly file: ReportFile | null;
  /** Why there is no such report, or what went wrong. */
  readonly error: unknown;
  readonly endedAt: Ms | null;
  /** Settles once it has ended, however it did. */
  readonly ended: Promise<void>;
}

export interface ReportJobsOptions<Wish> {
  /** Makes it; throws `NoReport`, and ends at the signal. */
  readonly make: (request: ReportRequest, wish: Wish, options: Required<ThreadOptions>) => Promise<ReportFile>;
  readonly now: () => Ms;
  /** Told of every one that was neither cancelled nor asked for in vain, and yet not made. */
  readonly failed: (error: unknown) => void;
}

/** Each holds a core, and for a large hall some hundred megabytes. */
export const MOST_RUNNING = 2;
/** Of one person, those that wait among them. */
export const MOST_UNFINISHED_EACH = 3;
/** So many of one person's can still be fetched, and for so long. */
const MOST_KEPT_EACH = 3;
const KEPT_MS: Ms = 10 * 60_000;

type Entry<Wish> = { -readonly [K in keyof ReportJob<Wish>]: ReportJob<Wish>[K] };

export class ReportJobs<Wish> {
  readonly #options: ReportJobsOptions<Wish>;
  /** In the order in which they were asked for. */
  readonly #jobs = new Map<string, Entry<Wish>>();
  readonly #cancelling = new WeakMap<ReportJob<Wish>, AbortController>();
  #running = 0;
  readonly #queue = new Set<() => void>();

  constructor(options: ReportJobsOptions<Wish>) {
    this.#options = options;
  }

  /** Begins one as soon as the others let it; null where this owner has too many that have not ended. */
  start(owner: string, request: ReportRequest, wish: Wish): ReportJob<Wish> | null {
    this.#forget();
    const unfinished = this.#jobs.values().filter((job) => job.owner === owner && job.endedAt === null);
    if ([...unfinished].length >= MOST_UNFINISHED_EACH) return null;
    const job: Entry<Wish> = {
      ...{ id: randomUUID(), owner, request, wish, askedAt: this.#options.now() },
      ...{ state: 'waiting', progress: null, file: null, error: null, endedAt: null, ended: Promise.resolve() },
    };
    this.#jobs.set(job.id, job);
    const cancelling = new AbortController();
    this.#cancelling.set(job, cancelling);
    job.ended = this.#work(job, cancelling.signal);
    return job;
  }

  /** One of the owner's; of others' nothing is known. */
  find(owner: string, id: string): ReportJob<Wish> | null {
    this.#forget();
    const job = this.#jobs.get(id);
    return job?.owner === owner ? job : null;
  }

  /** Ends it; one that has ended is forgotten. */
  cancel(job: ReportJob<Wish>): void {
    if (job.endedAt === null) this.#cancelling.get(job)?.abort();
    else this.#jobs.delete(job.id);
  }

  async #work(job: Entry<Wish>, signal: AbortSignal): Promise<void> {
    try {
      await this.#turn(signal);
      try {
        job.state = 'running';
        const onDay = (done: number, of: number): void => {
          job.progress = { done, of };
        };
        job.file = await this.#options.make(job.request, job.wish, { signal, onDay });
      } finally {
        this.#leave();
      }
      job.state = 'done';
    } catch (error) {
      job.error = error;
      job.state = signal.aborted ? 'cancelled' : error instanceof NoReport ? 'none' : 'failed';
      if (job.state === 'failed') this.#options.failed(error);
    }
    job.endedAt = this.#options.now();
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#running < MOST_RUNNING) {
      this.#running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#queue.delete(go);
        reject(signal.reason);
      };
      this.#queue.add(go);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Whoever waits longest takes the place. */
  #leave(): void {
    const [next] = this.#queue;
    if (next === undefined) this.#running--;
    else {
      this.#queue.delete(next);
      next();
    }
  }

  #forget(): void {
    const oldest = this.#options.now() - KEPT_MS;
    const kept = new Map<string, number>();
    for (const job of [...this.#jobs.values()].reverse()) {
      if (job.endedAt === null) continue;
      const count = (kept.get(job.owner) ?? 0) + 1;
      kept.set(job.owner, count);
      if (count > MOST_KEPT_EACH || job.endedAt < oldest) this.#jobs.delete(job.id);
    }
  }
}
