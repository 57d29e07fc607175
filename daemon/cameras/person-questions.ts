/**
 * Questions to the model that knows people: one thread for all cameras, which answers one after the other and is never
 * waited for. A question that comes too late is dropped, and the doubt stays; a thread that fails or hangs is begun anew.
 */
import { Worker } from 'node:worker_threads';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { PersonSource, SeatCut } from '../../adapters/person-model.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Log } from '../log.ts';
import type { PersonAnswered, PersonAsked, PersonTrouble } from './person-thread.ts';

export interface PersonQuestionsOptions {
  readonly source: PersonSource;
  readonly clock: DeviceClock;
  readonly log: Log;
  /** A look takes a tenth of a second; a thread that has not answered for so long never will. */
  readonly stuckMs?: Ms;
  /** A question that waited for so long is dropped: the answer would be of another picture than the next one. */
  readonly lateMs?: Ms;
}

export interface PersonQuestion {
  readonly camera: string;
  readonly seat: number;
  /** The seat's picture, when its turn has come; the pixels are given away. */
  readonly cut: () => SeatCut;
  /** Called if there is an answer in time. */
  readonly told: (score: number) => void;
}

export interface PersonReading {
  /** As the configuration has it: `human`, or the path of an ONNX file. */
  readonly model: string;
  /** `loading` it is not there yet · `failed` it is not there, `trouble` says why; doubts stay unknown. */
  readonly state: 'loading' | 'ready' | 'failed';
  /** The model's own name and version, once it was loaded. */
  readonly name: string | null;
  readonly trouble: PersonTrouble | null;
  /** Since the start: answers, and questions that nobody had time for. */
  readonly answers: number;
  readonly late: number;
  readonly failures: number;
  /** The time that the answers took. */
  readonly tookMs: Ms;
}

interface Asked extends PersonQuestion {
  readonly number: number;
  readonly since: Ms;
}

const LATE_MS: Ms = 3 * SECOND;
const STUCK_MS: Ms = 10 * SECOND;
/** Reading a model of some megabytes from a slow disk. */
const LOAD_MS: Ms = MINUTE;
const BACK_OFF_MS: readonly Ms[] = [1, 2, 5, 10, 30, 60].map((seconds) => seconds * SECOND);
const STEADY_MS: Ms = MINUTE;
/** Somebody may install what is missing meanwhile. */
const REFUSED_MS: Ms = 10 * MINUTE;

export class PersonQuestions {
  readonly #options: PersonQuestionsOptions;
  #thread: Worker | null = null;
  #startedAt: Ms = 0;
  #waiting: readonly Asked[] = [];
  #underWay: Asked | null = null;
  #isResting = false;
  #next = 1;
  #suspect: number | null = null;
  #failuresInARow = 0;
  #cancelStart: () => void = () => {};
  #cancelRest: () => void = () => {};
  #isBegun = false;
  #isStopped = false;
  #reading: PersonReading;

  constructor(options: PersonQuestionsOptions) {
    this.#options = options;
    const counts = { answers: 0, late: 0, failures: 0, tookMs: 0 };
    this.#reading = { model: options.source.model, state: 'loading', name: null, trouble: null, ...counts };
  }

  /** Once begun, it goes on by itself. */
  begin(): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    this.#start();
  }

  #start(): void {
    const { source, clock } = this.#options;
    const thread = new Worker(new URL('./person-thread.ts', import.meta.url), {
      name: 'persons',
      execArgv: [],
      env: {},
      workerData: source,
      // What packages say of themselves is not for the daemon's own output.
      stdout: true,
      stderr: true,
    });
    thread.stdout.resume();
    thread.stderr.resume();
    this.#thread = thread;
    this.#startedAt = clock.elapsed();
    this.#reading = { ...this.#reading, state: 'loading' };
    thread.on('message', (answered: PersonAnswered) => {
      if (thread === this.#thread) this.#hear(thread, answered);
    });
    thread.once('error', (error) => this.#fail(thread, String(error)));
    thread.once('exit', (code) => this.#fail(thread, `the thread ended with ${code}`));
  }

  /** No answer is told after this. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelStart();
    this.#drop();
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }

  /** Of a seat that is asked about already, nothing more is asked. */
  ask(question: PersonQuestion): void {
    const isSame = ({ camera, seat }: PersonQuestion): boolean => camera === question.camera && seat === question.seat;
    if (this.#reading.state !== 'ready' || this.#waiting.some(isSame)) return;
    if (this.#underWay !== null && isSame(this.#underWay)) return;
    this.#waiting = [...this.#waiting, { ...question, number: this.#next++, since: this.#options.clock.elapsed() }];
    this.#pump();
  }

  /** What was asked of a camera before is not of interest any more. */
  lookAway(camera: string): void {
    this.#waiting = this.#waiting.filter((one) => one.camera !== camera);
    if (this.#underWay?.camera === camera) this.#underWay = { ...this.#underWay, told: () => {} };
  }

  /** Whether the thread still answers: to be called about every second. */
  wait(): void {
    const thread = this.#thread;
    if (thread === null) return;
    const now = this.#options.clock.elapsed();
    const stuckMs = this.#options.stuckMs ?? STUCK_MS;
    const isSlow =
      this.#reading.state === 'loading'
        ? now - this.#startedAt >= LOAD_MS
        : this.#underWay !== null && now - this.#underWay.since >= stuckMs;
    const suspect = isSlow ? (this.#underWay?.number ?? 0) : null;
    // Where this thread stood still, the answer may be waiting to be heard: it gets one more turn.
    const isConfirmed = suspect !== null && suspect === this.#suspect;
    this.#suspect = suspect;
    if (!isConfirmed) return;
    this.#fail(thread, this.#underWay === null ? 'it did not load' : `no answer for ${stuckMs / SECOND} s`);
    void thread.terminate();
  }

  reading(): PersonReading {
    return this.#reading;
  }

  #pump(): void {
    if (this.#thread === null || this.#underWay !== null || this.#isResting) return;
    const now = this.#options.clock.elapsed();
    const inTime = this.#waiting.filter(({ since }) => now - since < (this.#options.lateMs ?? LATE_MS));
    this.#count({ late: this.#waiting.length - inTime.length });
    const [next, ...waiting] = inTime;
    this.#waiting = waiting;
    if (next === undefined) return;
    this.#underWay = { ...next, since: now };
    const asked: PersonAsked = { number: next.number, cut: next.cut() };
    this.#thread.postMessage(asked, [asked.cut.picture.pixels.buffer as ArrayBuffer]);
  }

  #hear(thread: Worker, answered: PersonAnswered): void {
    const { log, source } = this.#options;
    if (answered.answer === 'refused') {
      const { fault, because, remedy } = answered;
      const fields = { model: source.model, because, ...(remedy === null ? {} : { remedy }) };
      if (this.#isNews(because)) log.warn(fields, 'person model was not loaded; doubts stay unknown');
      this.#end({ fault, because, remedy }, REFUSED_MS);
      void thread.terminate();
    } else if (answered.answer === 'ready') {
      this.#reading = { ...this.#reading, state: 'ready', name: answered.name, trouble: null };
      log.info({ model: answered.name, tookMs: Math.round(answered.tookMs) }, 'person model was loaded');
    } else this.#scored(answered);
  }

  #scored({ number, score, tookMs }: Extract<PersonAnswered, { answer: 'scored' }>): void {
    const question = this.#underWay;
    if (question?.number !== number) return;
    this.#underWay = null;
    this.#count({ answers: 1, tookMs });
    // It rests for as long as it worked: however many seats are in doubt, it takes half a core at the most.
    this.#isResting = true;
    this.#cancelRest = this.#options.clock.after(tookMs, () => {
      this.#isResting = false;
      this.#pump();
    });
    question.told(score);
  }

  #fail(thread: Worker, because: string): void {
    if (thread !== this.#thread || this.#isStopped) return;
    const { clock, log, source } = this.#options;
    if (clock.elapsed() - this.#startedAt >= STEADY_MS) this.#failuresInARow = 0;
    const retryMs = BACK_OFF_MS[Math.min(this.#failuresInARow++, BACK_OFF_MS.length - 1)] ?? 0;
    this.#count({ failures: 1 });
    const fields = { model: source.model, because, retryMs };
    if (this.#isNews(because)) log.error(fields, 'person model failed; doubts stay unknown until it is resumed');
    this.#end({ fault: 'failed', because, remedy: null }, retryMs);
  }

  /** Said once for each reason, however often it is tried. */
  #isNews(because: string): boolean {
    return because !== this.#reading.trouble?.because;
  }

  /** The thread is not there, or of no use, until `retryMs` from now. */
  #end(trouble: PersonTrouble, retryMs: Ms): void {
    this.#thread = null;
    this.#drop();
    this.#reading = { ...this.#reading, state: 'failed', trouble };
    this.#cancelStart = this.#options.clock.after(retryMs, () => this.#start());
  }

  #drop(): void {
    this.#cancelRest();
    this.#isResting = false;
    this.#waiting = [];
    this.#underWay = null;
    this.#suspect = null;
  }

  #count(more: Partial<Pick<PersonReading, 'answers' | 'late' | 'failures' | 'tookMs'>>): void {
    const { answers, late, failures, tookMs } = this.#reading;
    this.#reading = {
      ...this.#reading,
      answers: answers + (more.answers ?? 0),
      late: late + (more.late ?? 0),
      failures: failures + (more.failures ?? 0),
      tookMs: tookMs + (more.tookMs ?? 0),
    };
  }
}
