/**
 * Looking at pictures beside the daemon's main thread: one thread for all cameras, which is watched, and begun anew when it
 * fails. A camera has one frame in it at a time; what comes meanwhile is not looked at, so nothing ever queues. Frames of
 * several cameras are looked at together: a look that follows another takes a quarter less.
 */
import { Worker } from 'node:worker_threads';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import { LESSON_MS, type LessonEnd } from '../../adapters/vision/empty-lesson.ts';
import type { PersonOpinion } from '../../adapters/vision/person.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import type { Answered, Asked, SeatReferences } from './vision-thread.ts';

export interface VisionListener {
  /** A camera has been silent for so long that nothing is known of its seats. */
  silent(camera: string, look: CameraLook, at: Ms): void;
  /** How the seats of a camera look when empty, whenever something was learnt. */
  learnt(camera: string, known: SeatReferences): void;
  /** The thread failed: nothing is known of any seat until it has begun anew, `retryMs` from now. */
  failed(because: string, retryMs: Ms): void;
}

export interface WatchedCamera {
  readonly id: string;
  readonly places: readonly Part[];
  readonly known: SeatReferences;
}

export interface VisionOptions {
  readonly clock: DeviceClock;
  readonly listener: VisionListener;
  /** A look takes some milliseconds; a thread that has not answered for so long never will. */
  readonly stuckMs?: Ms;
  /** How long a frame waits for those of other cameras; less than lies between two of one camera. */
  readonly gatherMs?: Ms;
}

/** What the thread has done since the start. */
export interface VisionReading {
  readonly looks: number;
  /** Frames that were not looked at: the one before was not done, or the thread was not there. */
  readonly dropped: number;
  readonly failures: number;
  /** The time that the looks took. */
  readonly tookMs: Ms;
}

interface Seen {
  readonly number: number;
  readonly since: Ms;
  readonly told: (look: CameraLook | null) => void;
}

/** What became of a lesson; `interrupted`: the camera or the thread was begun anew meanwhile. */
export type TaughtHow = LessonEnd | { readonly because: 'interrupted' };

interface Lesson {
  readonly camera: string;
  readonly since: Ms;
  readonly told: (end: TaughtHow) => void;
}

const STUCK_MS: Ms = 10 * SECOND;
const GATHER_MS: Ms = 300;
/** Pauses before it begins anew; the last one repeats. After a minute of work they begin from the first. */
const BACK_OFF_MS: readonly Ms[] = [1, 2, 5, 10, 30].map((seconds) => seconds * SECOND);
const STEADY_MS: Ms = 60 * SECOND;
/** The pictures of a thousand cameras need less; what grows beyond ends the thread and not the daemon. */
const MOST_HEAP_MB = 512;

export class Vision {
  readonly #options: VisionOptions;
  readonly #cameras = new Map<string, WatchedCamera>();
  readonly #open = new Map<string, Seen>();
  readonly #lessons = new Map<number, Lesson>();
  #thread: Worker | null = null;
  #startedAt: Ms = 0;
  #next = 1;
  #failuresInARow = 0;
  #suspect: number | null = null;
  #cancel: () => void = () => {};
  /** What the thread is going to be asked, in order, and what it is given with that. */
  #gathered: Asked[] = [];
  #given: ArrayBuffer[] = [];
  #cancelAsking: (() => void) | null = null;
  #isStopped = false;
  #reading: VisionReading = { looks: 0, dropped: 0, failures: 0, tookMs: 0 };

  constructor(options: VisionOptions) {
    this.#options = options;
  }

  start(): void {
    const thread = new Worker(new URL('./vision-thread.ts', import.meta.url), {
      name: 'vision',
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    this.#thread = thread;
    this.#startedAt = this.#options.clock.elapsed();
    thread.on('message', (answers: readonly Answered[]) => {
      for (const answered of answers) if (thread === this.#thread) this.#hear(answered);
    });
    thread.once('error', (error) => this.#fail(thread, String(error)));
    thread.once('exit', (code) => this.#fail(thread, `the thread ended with ${code}`));
    for (const camera of this.#cameras.values()) this.#begin(camera);
  }

  /** Looks at a camera from now on, with a memory of nothing but how its seats look when empty. */
  watch(camera: WatchedCamera): void {
    this.#open.delete(camera.id);
    this.#interrupt(({ camera: of }) => of === camera.id);
    this.#cameras.set(camera.id, camera);
    this.#begin(camera);
  }

  forget(camera: string): void {
    this.#open.delete(camera);
    this.#interrupt(({ camera: of }) => of === camera);
    this.#cameras.delete(camera);
    this.#ask({ ask: 'forget', camera });
  }

  #begin({ id, places, known }: WatchedCamera): void {
    this.#ask({ ask: 'watch', camera: id, places, known });
  }

  /** Nothing is heard of any frame after this. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    this.#dropGathered();
    this.#open.clear();
    this.#interrupt(() => true);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  /**
   * Looks at a frame, whose small pictures are given away, and calls back with what it says, in the order of the frames;
   * null = it came too soon after the last one. False = it is not looked at, and nothing is called. `persons`: what a model
   * says of earlier pictures of the seats, by seat.
   */
  see(
    camera: string,
    { at, whole, seats }: CameraFrame,
    told: Seen['told'],
    persons: readonly (PersonOpinion | null)[] = [],
  ): boolean {
    if (this.#thread === null || !this.#cameras.has(camera) || this.#open.has(camera)) {
      this.#count({ dropped: 1 });
      return false;
    }
    const number = this.#next++;
    this.#open.set(camera, { number, since: this.#options.clock.elapsed(), told });
    // They may lie in one.
    const buffers = new Set([whole, ...seats].map(({ pixels }) => pixels.buffer as ArrayBuffer));
    this.#gathered.push({ ask: 'see', camera, number, frame: { at, whole, seats }, persons });
    for (const buffer of buffers) this.#given.push(buffer);
    const { clock, gatherMs = GATHER_MS } = this.#options;
    this.#cancelAsking ??= clock.after(gatherMs, () => this.#askGathered());
    return true;
  }

  /** Somebody says that these seats are empty in the next pictures. `told` is called once. */
  teach(camera: string, seats: readonly number[], told: Lesson['told']): void {
    const lesson = this.#lesson(camera, told);
    if (lesson !== null) this.#ask({ ask: 'teach', camera, lesson, seats, at: this.#options.clock.now() });
  }

  /** Somebody says that a seat is empty in this picture of it, which was taken at `at`. `told` is called once. */
  show(camera: string, seat: number, at: Ms, picture: GrayPicture, told: Lesson['told']): void {
    const lesson = this.#lesson(camera, told);
    if (lesson !== null) this.#ask({ ask: 'show', camera, lesson, seat, at, picture });
  }

  /** Null = there is nobody to teach, and that is told. */
  #lesson(camera: string, told: Lesson['told']): number | null {
    if (this.#thread === null || !this.#cameras.has(camera)) {
      told({ because: 'interrupted' });
      return null;
    }
    const lesson = this.#next++;
    this.#lessons.set(lesson, { camera, since: this.#options.clock.elapsed(), told });
    return lesson;
  }

  /** Lessons that nothing will be heard of any more. */
  #interrupt(which: (lesson: Lesson) => boolean, because: 'interrupted' | 'no-picture' = 'interrupted'): void {
    for (const [number, lesson] of [...this.#lessons]) {
      if (!which(lesson)) continue;
      this.#lessons.delete(number);
      lesson.told({ because });
    }
  }

  /** Whatever a frame of this camera says that was handed over before is not of interest any more. */
  lookAway(camera: string): void {
    this.#open.delete(camera);
  }

  /** Asks for silent cameras, and whether the thread still answers: to be called about every second. */
  wait(at: Ms): void {
    this.#ask({ ask: 'wait', at });
    const now = this.#options.clock.elapsed();
    // Where no picture comes, nothing would ever end them.
    this.#interrupt(({ since }) => now - since > LESSON_MS + STUCK_MS, 'no-picture');
    const stuckMs = this.#options.stuckMs ?? STUCK_MS;
    const stuck = [...this.#open.values()].find(({ since }) => now - since >= stuckMs) ?? null;
    // Where this thread stood still, the answer may be waiting to be heard: it gets one more turn.
    const isConfirmed = stuck !== null && stuck.number === this.#suspect;
    this.#suspect = stuck?.number ?? null;
    if (!isConfirmed || this.#thread === null) return;
    const thread = this.#thread;
    this.#fail(thread, `a look has taken more than ${stuckMs / SECOND} s`);
    void thread.terminate();
  }

  /** How the seats of a camera look when empty, as far as it is known. */
  known(camera: string): SeatReferences {
    return this.#cameras.get(camera)?.known ?? [];
  }

  reading(): VisionReading {
    return this.#reading;
  }

  /** At once, after what has been gathered. */
  #ask(asked: Asked): void {
    this.#gathered.push(asked);
    this.#askGathered();
  }

  #askGathered(): void {
    this.#thread?.postMessage(this.#gathered, this.#given);
    this.#dropGathered();
  }

  #dropGathered(): void {
    this.#cancelAsking?.();
    this.#cancelAsking = null;
    this.#gathered = [];
    this.#given = [];
  }

  #hear(answered: Answered): void {
    const { listener } = this.#options;
    const watched = this.#cameras.get(answered.camera);
    // What it says of a camera that is not watched any more is of no interest.
    if (watched === undefined) return;
    if (answered.answer === 'silent') return listener.silent(answered.camera, answered.look, answered.at);
    if (answered.answer === 'learnt') {
      this.#cameras.set(answered.camera, { ...watched, known: answered.known });
      return listener.learnt(answered.camera, answered.known);
    }
    if (answered.answer === 'taught') {
      const { lesson, end } = answered;
      const known = this.#lessons.get(lesson);
      this.#lessons.delete(lesson);
      return known?.told(end);
    }
    const { camera, number, look, tookMs } = answered;
    const open = this.#open.get(camera);
    this.#count({ looks: look === null ? 0 : 1, tookMs });
    if (open?.number !== number) return;
    this.#open.delete(camera);
    open.told(look);
  }

  #fail(thread: Worker, because: string): void {
    if (thread !== this.#thread || this.#isStopped) return;
    const { clock, listener } = this.#options;
    this.#thread = null;
    this.#dropGathered();
    this.#open.clear();
    this.#interrupt(() => true);
    this.#count({ failures: 1 });
    if (clock.elapsed() - this.#startedAt >= STEADY_MS) this.#failuresInARow = 0;
    const retryMs = BACK_OFF_MS[Math.min(this.#failuresInARow++, BACK_OFF_MS.length - 1)] ?? 0;
    this.#cancel = clock.after(retryMs, () => this.start());
    listener.failed(because, retryMs);
  }

  #count(more: Partial<VisionReading>): void {
    const { looks, dropped, failures, tookMs } = this.#reading;
    this.#reading = {
      looks: looks + (more.looks ?? 0),
      dropped: dropped + (more.dropped ?? 0),
      failures: failures + (more.failures ?? 0),
      tookMs: tookMs + (more.tookMs ?? 0),
    };
  }
}
