/**
 * Pictures for cases: as soon as a case of a window opens or closes, what its cameras remember of the moments that count is
 * made unrecognisable but for the seat, written, and noted in the ledger; or it is noted why there is none.
 */
import { hash } from 'node:crypto';
import type { CameraFrame } from '../../adapters/camera.ts';
import { boxOf, VIEW } from '../../adapters/cameras/frame-graph.ts';
import { encodeJpeg, type NotMade } from '../../adapters/cameras/jpeg.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { surroundingsOf } from '../../adapters/vision/veil.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { CameraConfig, EvidenceConfig } from '../../config/schema.ts';
import type { Change } from '../../rules/changes.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { dateOf, formatInstant, HOUR, type Ms } from '../../rules/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { faultOf, type Log } from '../log.ts';
import { CameraMemory, type Shot } from './camera-memory.ts';
import type { EvidenceBook, Missing, Noted, Subject, Taken } from './evidence-book.ts';
import { EvidenceDesk } from './evidence-desk.ts';
import type { EvidenceFolder } from './evidence-folder.ts';
import { imageOf } from './evidence-image.ts';
import { type Found, hasReturn, latest, type Moment, momentsOf, type NoPicture, shotsOf } from './moments.ts';
import { type Cases, keptUntil, restOf, sweep } from './retention.ts';

export interface EvidenceOptions {
  readonly hall: Hall;
  readonly config: EvidenceConfig;
  readonly ledger: Ledger;
  readonly cases: Cases;
  /** null = there is none that works, and no picture is made. */
  readonly ffmpegPath: string | null;
  readonly clock: DeviceClock;
  readonly log: Log;
}

/** The evidence of a hall. */
export function evidenceOf(
  { config, hall }: LoadedConfig,
  { ledger, desk }: { readonly ledger: Ledger; readonly desk: Cases },
  around: Pick<EvidenceOptions, 'ffmpegPath' | 'clock' | 'log'>,
): Evidence {
  return new Evidence({ hall, config: config.evidence, ledger, cases: desk, ...around });
}

/** What became of a picture that was asked for. */
export type Outcome = Subject & { readonly picture: string; readonly because: NoPicture | null };

interface Watched {
  readonly config: CameraConfig;
  readonly memory: CameraMemory;
}

/** A seat: its camera, and its place among the seats of it. */
type SeatOf = Watched & { readonly place: number };

interface Job {
  readonly picture: string;
  readonly subject: Subject;
  readonly seat: Part;
  readonly others: readonly Part[];
  /** The seat's place among those of its camera. */
  readonly place: number;
  readonly found: Found;
}

type Done = (outcome: Outcome) => void;

/** Pictures that wait to be made; each is held in memory. More at once say so instead. */
const MOST_WAITING = 400;
const SWEEP_EVERY_MS: Ms = HOUR;
const SWEPT_ON = 'evidence-swept-on';
/** Whatever the configuration says: fewer pictures than this would remember nothing. */
const LEAST_MEMORY = 4 * VIEW.width * VIEW.height;

export class Evidence {
  /** Where pictures are found again. */
  readonly desk: EvidenceDesk;
  readonly #book: EvidenceBook;
  readonly #folder: EvidenceFolder;
  readonly #options: EvidenceOptions;
  #cameras: ReadonlyMap<string, Watched> = new Map();
  /** What the ledger would not take yet. */
  #unsaid: { readonly picture: string; readonly noted: Noted }[] = [];
  #waiting = 0;
  #working: Promise<void> = Promise.resolve();
  #cancel: () => void = () => {};
  #isStopped = false;
  /** The date of the last sweep, as far as this life knows. */
  #sweptOn: string | null = null;

  constructor(options: EvidenceOptions) {
    const { ledger, hall, clock } = options;
    this.#options = options;
    this.desk = new EvidenceDesk(ledger, hall.id, () => clock.now());
    this.#book = this.desk.book;
    this.#folder = this.desk.folder;
  }

  start(): void {
    this.#cancel();
    this.#tick();
  }

  /** Resolves when what was begun is written; pictures that still wait are noted as not taken. Nothing is taken after this. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#working;
  }

  /** Resolves when everything that was asked for until now is written, or could not be. */
  async settle(): Promise<void> {
    await this.#working;
  }

  /** Whether cameras are to deliver views. */
  get isOn(): boolean {
    return this.#options.config.pictures;
  }

  // ---- what cameras show ---------------------------------------------------------------------------------------

  /** Takes on other cameras; of those that are the same objects as before, what they showed stays known. */
  watch(cameras: readonly CameraConfig[]): void {
    const before = this.#cameras;
    const bytes = Math.max(this.#options.config.memory, LEAST_MEMORY);
    this.#cameras = new Map(
      cameras.map((config) => {
        const known = before.get(config.id);
        const memory = known?.config === config ? known.memory : new CameraMemory(config.seats.length, bytes);
        return [config.id, { config, memory }];
      }),
    );
  }

  /** A frame of a camera; what is seen in it is told to `seen`. Null where it has no view. */
  keep(camera: string, { at, view, keyframe }: CameraFrame): Shot | null {
    const shown = view ?? keyframe;
    return shown === undefined ? null : (this.#cameras.get(camera)?.memory.keep(at, shown) ?? null);
  }

  seen(camera: string, shot: Shot, look: CameraLook): void {
    this.#cameras.get(camera)?.memory.seen(shot, look);
  }

  // ---- cases ---------------------------------------------------------------------------------------------------

  /** Takes the pictures that changes of verdicts ask for. Nothing is waited for. */
  follow(changes: readonly Change[]): void {
    if (!this.isOn || this.#isStopped) return;
    const now = this.#options.clock.now();
    for (const { op, key, verdict } of changes) {
      const moments: Moment[] = op === 'open' ? [...momentsOf(verdict)] : [];
      // A pending verdict that has come to its end is revised, not closed.
      if (op !== 'retract' && hasReturn(verdict)) moments.push('return');
      if (moments.length === 0 || verdict.window === null) continue;
      const about = this.#book.caseOf(key);
      for (const seat of this.#seatsOf(verdict.window)) {
        for (const moment of moments) {
          const subject = { moment, camera: seat.config.id, window: verdict.window, key, case: about, by: null };
          if (this.#book.has(subject, verdict)) continue;
          this.#queue(subject, seat, shotsOf(moment, verdict, seat.memory, seat.place, now), () => {});
        }
      }
    }
  }

  /**
   * Keeps what the cameras of a window, or the seats of a camera, show now; with a case it belongs to that. Null = there is no such
   * window or camera.
   */
  async freeze(target: string, by: string, about: string | null = null): Promise<Outcome[] | null> {
    const now = this.#options.clock.now();
    const camera = this.#cameras.get(target);
    const seats = camera === undefined ? this.#seatsOf(target) : seatsOf(camera);
    if (seats.length === 0) return null;
    const outcomes = seats.flatMap((seat) =>
      (['frozen', 'strip'] as const).map(
        (moment) =>
          new Promise<Outcome>((resolve) => {
            const { config, memory, place } = seat;
            const window = config.seats[place]?.window ?? '';
            const subject = { moment, camera: config.id, window, key: null, case: about, by };
            this.#queue(subject, seat, latest(moment, memory, now), resolve);
          }),
      ),
    );
    return await Promise.all(outcomes);
  }

  /** Whether a camera sees a seat of the window, so that something could be kept. */
  sees(window: string): boolean {
    return this.isOn && this.#seatsOf(window).length > 0;
  }

  /** Until when a picture is kept; null while what it belongs to has not come to rest. */
  keptUntil(picture: Pick<Taken, 'key' | 'case' | 'takenAt'>): Ms | null {
    const { ledger, hall, cases, config } = this.#options;
    return keptUntil(picture, restOf(picture, { database: ledger.database, hall: hall.id, cases }), config);
  }

  /** The seats of a window, of all cameras. */
  #seatsOf(window: string): SeatOf[] {
    return [...this.#cameras.values()]
      .flatMap(seatsOf)
      .filter(({ config, place }) => config.seats[place]?.window === window);
  }

  // ---- making pictures, one after the other ----------------------------------------------------------------------

  #queue(subject: Subject, { config, place }: SeatOf, found: Found, done: Done): void {
    const now = this.#options.clock.now();
    const places = config.seats.map(({ roi }) => boxOf(roi));
    const { moment, window, key, by } = subject;
    const name = [this.#options.hall.id, config.id, window, moment, key ?? by, place, now].join('|');
    const job: Job = {
      picture: `E-${hash('sha256', name).slice(0, 12)}`,
      subject,
      seat: places[place] as Part,
      others: places.filter((_, i) => i !== place && config.seats[i]?.window !== window),
      place,
      found: this.#possible(found),
    };
    this.#waiting++;
    this.#working = this.#working.then(async () => {
      const outcome = await this.#make(job);
      this.#waiting--;
      done(outcome);
    });
  }

  #possible(found: Found): Found {
    if (!this.isOn) return { because: 'switched-off' };
    if (this.#options.ffmpegPath === null) return { because: 'no-ffmpeg' };
    if (this.#waiting >= MOST_WAITING && 'shots' in found) return { because: 'busy' };
    return found;
  }

  async #make(job: Job): Promise<Outcome> {
    const { picture, subject, found } = job;
    const noted = await this.#take(job, this.#isStopped ? { because: 'stopped' } : found);
    const isNoted = this.#note(picture, noted);
    const because = noted.what === 'missing' ? noted.because : isNoted ? null : 'not-written';
    return { ...subject, picture, because };
  }

  async #take(job: Job, found: Found): Promise<Taken | Missing> {
    if ('because' in found) return missing(job.subject, found.because);
    const { hall, ffmpegPath, ledger } = this.#options;
    const { subject, picture } = job;
    const shown = await imageOf(ffmpegPath ?? '', { ...job, isStrip: subject.moment === 'strip' }, found.shots);
    if ('because' in shown) return notMade(subject, shown);
    const { image, shots } = shown;
    const jpeg = await encodeJpeg(ffmpegPath ?? '', image);
    if ('because' in jpeg) return notMade(subject, jpeg);
    const takenAt = (shots.at(-1) as Shot).at;
    try {
      ledger.requireSpace();
      const explanation = `${JSON.stringify(explanationOf(job, shots, hall), null, 2)}\n`;
      const files = await this.#folder.write(dateOf(dayAt(hall, takenAt)), picture, jpeg, explanation);
      return { what: 'taken', ...subject, takenAt, width: image.width, height: image.height, ...files };
    } catch (error) {
      return missing(subject, 'not-written', error instanceof Error ? error.message : String(error));
    }
  }

  /** Notes it with all that could not be noted before. A picture that the ledger does not know of must not be there. */
  #note(picture: string, noted: Taken | Missing): boolean {
    const { clock, log } = this.#options;
    if (noted.what === 'missing') {
      const { camera, window, moment, because, detail } = noted;
      log.warn({ picture, camera, window, moment, because, detail }, 'evidence picture was not taken');
    }
    this.#unsaid.push({ picture, noted });
    try {
      this.#book.noteAll(this.#unsaid, clock.now());
      this.#unsaid = [];
      return true;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      log.error({ picture, because: detail }, 'evidence was not noted in the ledger');
      if (noted.what !== 'taken') return false;
      this.#folder.remove(noted);
      const { camera, window, moment, key, case: about, by } = noted;
      const subject = { camera, window, moment, key, case: about, by };
      this.#unsaid = this.#unsaid.with(-1, { picture, noted: missing(subject, 'not-written', detail) });
      return false;
    }
  }

  // ---- keeping them no longer than allowed -----------------------------------------------------------------------

  #tick(): void {
    const { hall, clock } = this.#options;
    const today = dateOf(dayAt(hall, clock.now()));
    if (today !== this.#sweptOn) this.#working = this.#working.then(() => this.#sweep(today));
    this.#cancel = clock.after(SWEEP_EVERY_MS, () => this.#tick());
  }

  #sweep(today: string): void {
    const { config, hall, ledger, cases, clock, log } = this.#options;
    try {
      // An earlier life may have done it.
      if (ledger.setting(SWEPT_ON) === today) {
        this.#sweptOn = today;
        return;
      }
      const { database } = ledger;
      const done = sweep(this.#book, this.#folder, {
        database,
        hall: hall.id,
        cases,
        retention: config,
        now: clock.now(),
      });
      ledger.set(SWEPT_ON, today);
      this.#sweptOn = today;
      if (done.removed + done.strays > 0) log.info({ ...done }, 'evidence was swept');
    } catch (error) {
      // Tried again in a minute: the day is not noted.
      log.error(faultOf(error), 'evidence was not swept');
    }
  }
}

const seatsOf = (watched: Watched): SeatOf[] => watched.config.seats.map((_, place) => ({ ...watched, place }));

const missing = (subject: Subject, because: NoPicture, detail: string | null = null): Missing => ({
  what: 'missing',
  ...subject,
  because,
  detail,
});

const notMade = (subject: Subject, { because, detail }: NotMade): Missing =>
  missing(subject, because === 'no-ffmpeg' ? 'no-ffmpeg' : 'not-made', detail);

/** What was seen in it and why, for people and programs; instants in the hall's zone. */
function explanationOf({ picture, subject, seat, place }: Job, shots: readonly Shot[], hall: Hall): object {
  const instant = (at: Ms): string => formatInstant(hall.zone, at);
  const frames = shots.map(({ at, look }) => {
    const seen = look?.seats[place] ?? null;
    return {
      at: instant(at),
      picture:
        look === null ? null : { fault: look.picture.fault, value: look.picture.value, limit: look.picture.limit },
      seat:
        seen === null
          ? null
          : { state: seen.state, since: instant(seen.since), reason: seen.reason, votes: seen.because },
    };
  });
  const { by, ...about } = subject;
  return { form: 1, picture, hall: hall.id, ...about, askedBy: by, seat, shown: surroundingsOf(seat), frames };
}
