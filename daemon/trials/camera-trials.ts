/** The cameras that are being set up: a few at a time, read beside those of the hall and with the same care for their logins. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { CameraEvent } from '../../adapters/cameras/camera-reading.ts';
import { type CameraSettings, Cameras } from '../../adapters/cameras/cameras.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { LoginGate } from '../../adapters/login-gate.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { type TaughtHow, Vision } from '../cameras/vision.ts';
import { faultOf, type Log } from '../log.ts';
import { probeCamera } from '../probing/camera.ts';
import { StepFailure, Steps } from '../probing/steps.ts';
import { Trial, type TrialSeat, type TrialWish } from './trial.ts';

export interface CameraTrialsOptions {
  /** The folder of the ledger. */
  readonly dataFolder: string;
  readonly ffmpegPath: string | null;
  readonly clock: DeviceClock;
  /** Shared with whatever else logs in to the same cameras. */
  readonly gate: LoginGate;
  readonly log: Log;
}

/** Each is an ffmpeg and a connection of the camera, and is looked at by one thread. */
const MOST_TRIALS = 6;
const MOST_TESTS = 3;
/** A page that is open asks every other second; nobody comes back to one that was closed so long ago. */
const FORGOTTEN_MS: Ms = 20 * MINUTE;
const TICK_MS: Ms = SECOND;
const FOLDER = 'camera-trials';

/** Why none was begun: `busy` as many as may are under way · `no-ffmpeg` there is none that works. */
export type NoTrial = 'busy' | 'no-ffmpeg';

export class CameraTrials {
  readonly #options: CameraTrialsOptions;
  #trials: ReadonlyMap<string, Trial> = new Map();
  /** Which seats are looked at, by trial. */
  readonly #looking = new Map<string, readonly TrialSeat[]>();
  #cameras: Promise<Cameras> | null = null;
  #vision: Vision | null = null;
  #cancel: (() => void) | null = null;
  #reading: Promise<void> = Promise.resolve();
  /** Tests that go on: each has an ffmpeg of its own. */
  readonly #tests = new Set<Promise<void>>();
  #isStopped = false;

  constructor(options: CameraTrialsOptions) {
    this.#options = options;
  }

  list(): readonly Trial[] {
    return [...this.#trials.values()];
  }

  /** One that is under way; asking for it keeps it so. */
  find(id: string): Trial | null {
    const trial = this.#trials.get(id) ?? null;
    if (trial !== null) trial.askedAt = this.#options.clock.now();
    return trial;
  }

  /** Tests a camera, and reads it from then on. Nothing is waited for. */
  begin(wish: TrialWish, lang: Language): Trial | NoTrial {
    const { ffmpegPath, clock } = this.#options;
    if (ffmpegPath === null) return 'no-ffmpeg';
    const all = this.list();
    const isBusy = all.length >= MOST_TRIALS || all.filter(({ state }) => state === 'testing').length >= MOST_TESTS;
    if (isBusy || this.#isStopped) return 'busy';
    const trial = new Trial(`T-${randomBytes(6).toString('hex')}`, wish, clock.now());
    this.#trials = new Map([...this.#trials, [trial.id, trial]]);
    if (this.#cancel === null) this.#tick();
    const test = this.#test(trial, ffmpegPath, lang).finally(() => this.#tests.delete(test));
    this.#tests.add(test);
    return trial;
  }

  async #test(trial: Trial, ffmpegPath: string, lang: Language): Promise<void> {
    const { clock, gate, log } = this.#options;
    const steps = new Steps((told) => {
      trial.steps = [...trial.steps, told];
    });
    try {
      const { signal } = trial.stopping;
      const around = { clock, gate, steps, reader: { lang }, ffmpegPath, withSnapshot: false, signal };
      trial.stream = await probeCamera(trial.subject, around);
      trial.state = 'watching';
      await this.#read();
    } catch (error) {
      if (trial.stopping.signal.aborted) return;
      trial.state = 'failed';
      if (error instanceof StepFailure) trial.remedy = error.remedy;
      else log.error({ trial: trial.id, ...faultOf(error) }, 'camera could not be tested');
    }
  }

  /** Other seats: the camera is connected to anew, since it is ffmpeg that cuts them out. */
  async draw(trial: Trial, seats: readonly TrialSeat[]): Promise<void> {
    trial.draw(seats);
    await this.#read();
  }

  /** Somebody says that these seats are empty now. */
  async teach(trial: Trial, seats: readonly number[], by: string): Promise<TaughtHow> {
    const vision = this.#vision;
    if (vision === null) return { because: 'interrupted' };
    const end = await new Promise<TaughtHow>((resolve) => vision.teach(trial.id, seats, resolve));
    const learnt = 'seats' in end ? end.seats.filter(({ outcome }) => outcome === 'learnt') : [];
    const at = this.#options.clock.now();
    trial.taught = [...trial.taught, ...learnt.map(({ seat }) => ({ seat, at, by }))];
    return end;
  }

  check(trial: Trial, seat: number): void {
    trial.check(seat, this.#options.clock.now());
  }

  /** Resolves when nothing of it is open any more. */
  async end(trial: Trial): Promise<void> {
    trial.stopping.abort();
    this.#trials = new Map([...this.#trials].filter(([id]) => id !== trial.id));
    await this.#read();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    for (const { stopping } of this.list()) stopping.abort();
    this.#trials = new Map();
    await Promise.all(this.#tests);
    await this.#reading;
    await (await this.#cameras?.catch(() => null))?.stop();
    await this.#vision?.stop();
  }

  /** Reads those that are to be read, one change after the other. */
  async #read(): Promise<void> {
    const read = this.#reading.then(() => this.#change());
    // One change that cannot be made keeps nobody from the next.
    this.#reading = read.catch(() => {});
    await read;
  }

  async #change(): Promise<void> {
    const watched = this.list().filter(({ state }) => state === 'watching');
    if (this.#isStopped || (watched.length === 0 && this.#cameras === null)) return;
    this.#cameras ??= this.#start().catch((error: unknown) => {
      this.#cameras = null;
      throw error;
    });
    this.#vision ??= this.#look();
    const settings = watched.map(({ id, stream, seats }): CameraSettings => ({ id, source: stream?.url ?? '', seats }));
    await (await this.#cameras).replace(settings);
    for (const trial of watched) this.#watch(trial, this.#vision);
    const ids = new Set(watched.map(({ id }) => id));
    for (const id of this.#looking.keys()) if (!ids.has(id)) this.#forget(id, this.#vision);
  }

  #watch(trial: Trial, vision: Vision): void {
    if (this.#looking.get(trial.id) === trial.seats) return;
    this.#looking.set(trial.id, trial.seats);
    vision.watch({ id: trial.id, places: trial.places, known: trial.known });
  }

  #forget(id: string, vision: Vision): void {
    this.#looking.delete(id);
    vision.forget(id);
  }

  async #start(): Promise<Cameras> {
    const { dataFolder, ffmpegPath, clock, gate } = this.#options;
    const cameras = new Cameras({
      cameras: [],
      ffmpegPath: ffmpegPath ?? '',
      // Not that of the hall's own readers: what a former run left behind is ended at the start.
      dataFolder: join(dataFolder, FOLDER),
      clock,
      random: Math.random,
      view: 'decoded',
      gate,
      listener: {
        frame: (id, frame) => {
          const trial = this.#trials.get(id);
          // One that was cut for other seats is on its way out.
          if (trial === undefined || this.#looking.get(id) !== trial.seats) return;
          trial.frame(frame);
          this.#vision?.see(id, frame, (look) => {
            if (look !== null) trial.looked(frame.at, look);
          });
        },
        event: (id, event) => this.#event(id, event),
      },
    });
    await cameras.start();
    return cameras;
  }

  #event(id: string, event: CameraEvent): void {
    if (event.kind !== 'lost') return;
    this.#vision?.lookAway(id);
    this.#trials.get(id)?.lost(event.loss);
  }

  #look(): Vision {
    const { clock, log } = this.#options;
    const vision = new Vision({
      clock,
      listener: {
        silent: (id, look, at) => this.#trials.get(id)?.looked(at, look),
        learnt: (id, known) => {
          const trial = this.#trials.get(id);
          if (trial !== undefined) trial.known = known;
        },
        failed: (because, retryMs) => {
          log.error({ because, retryMs }, 'looking at the pictures of trials failed');
          for (const trial of this.list()) trial.look = null;
        },
      },
    });
    vision.start();
    return vision;
  }

  #forgetTrial(trial: Trial): void {
    const failed = (error: unknown): void =>
      this.#options.log.error({ trial: trial.id, ...faultOf(error) }, 'trial of a camera could not be ended');
    this.end(trial).catch(failed);
  }

  #tick(): void {
    const now = this.#options.clock.now();
    this.#vision?.wait(now);
    for (const trial of this.list()) {
      trial.wait(now);
      if (now - trial.askedAt > FORGOTTEN_MS) this.#forgetTrial(trial);
    }
    this.#cancel = this.#options.clock.after(TICK_MS, () => this.#tick());
  }
}
