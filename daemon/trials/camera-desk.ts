/** Where installers set up cameras: those of the hall as they are, trials of others, and what of them goes into hall.yaml. */
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import { boxOf } from '../../adapters/cameras/frame-graph.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { Taught } from '../../adapters/vision/empty-lesson.ts';
import type { CameraConfig, CameraEntry } from '../../config/schema.ts';
import type { Hall } from '../../rules/hall.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { By } from '../access/books.ts';
import type { Language } from '../alerts/words.ts';
import { BulkDesk } from '../bulk/bulk-desk.ts';
import { type HallCameras, isRead } from '../cameras/hall-cameras.ts';
import type { TaughtHow } from '../cameras/vision.ts';
import { type Clock, systemAfter, systemElapsed } from '../clock.ts';
import type { Applied, ConfigFile, Edits, Proposal } from '../config-file/config-edit.ts';
import type { Log } from '../log.ts';
import { probeSubject } from '../probing/camera.ts';
import { hostsOf, idsOf } from '../probing/search.ts';
import { cameraEdits, roiText } from './camera-entry.ts';
import { type Around, type CameraState, cameraJson, personModelJson, proposedJson, trialJson } from './camera-json.ts';
import { CameraSearch } from './camera-search.ts';
import type { CameraTrials, NoTrial } from './camera-trials.ts';
import { Stills } from './stills.ts';
import type { Trial, TrialSeat } from './trial.ts';

/** What of a hall's cameras is needed here. */
export type DeskCameras = Pick<
  HallCameras,
  | 'gate'
  | 'trials'
  | 'person'
  | 'batches'
  | 'surveys'
  | 'breaks'
  | 'entries'
  | 'readings'
  | 'lastSeen'
  | 'known'
  | 'teach'
  | 'show'
  | 'bequeath'
>;

export interface CameraDeskOptions {
  readonly cameras: DeskCameras;
  readonly hall: () => Hall;
  readonly access: Access;
  /** null = the file that the daemon runs by is not known, and cannot be changed from here. */
  readonly config: ConfigFile | null;
  readonly ffmpegPath: string | null;
  /** A demonstration: what its seats show is played, and no camera is read. */
  readonly isSimulated: boolean;
  readonly clock: DeviceClock;
  readonly log: Log;
}

/** A camera to be tried: an address with a login in it or beside it, or one of hall.yaml. */
export type TrialAsked =
  | {
      readonly source: string;
      readonly login: { readonly user: string; readonly password: string } | null;
      /** The camera of hall.yaml whose login it has, too. */
      readonly loginOf: string | null;
    }
  | { readonly camera: string };

/** `bad-source`: `because` says what is wrong with it, as the end of a sentence · `unknown-camera`: none of that id has a picture. */
export type NotTried =
  | { readonly because: NoTrial | 'unknown-camera' }
  | { readonly because: 'bad-source'; readonly detail: string };

export interface CamerasOfHall {
  readonly ffmpegPath?: string | null;
  readonly demonstration?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** That of a hall. */
export function cameraDeskOf(
  { ffmpegPath = null, demonstration = false, clock, log }: CamerasOfHall,
  of: Pick<CameraDeskOptions, 'cameras' | 'hall' | 'access' | 'config'>,
): CameraDesk {
  const ofCameras = { now: () => clock.now(), elapsed: systemElapsed, after: systemAfter };
  return new CameraDesk({ ...of, ffmpegPath, isSimulated: demonstration, clock: ofCameras, log });
}

export class CameraDesk {
  readonly trials: CameraTrials;
  readonly search: CameraSearch;
  /** Many at once. */
  readonly bulk: BulkDesk;
  readonly #options: CameraDeskOptions;
  readonly #stills: Stills;

  constructor(options: CameraDeskOptions) {
    const { cameras, ffmpegPath, clock, log, access } = options;
    this.#options = options;
    this.trials = cameras.trials;
    this.search = new CameraSearch({ clock, gate: cameras.gate }, log);
    this.#stills = new Stills(access.books, ffmpegPath ?? '');
    this.bulk = new BulkDesk(options, this.#stills);
  }

  // ---- the hall's own --------------------------------------------------------------------------------------------

  /** Everything that the page of cameras shows. */
  list(lang: Language) {
    const { cameras, hall, config, ffmpegPath, isSimulated } = this.#options;
    const around = this.#around(lang);
    const readings = new Map(cameras.readings().map((reading) => [reading.id, reading]));
    return {
      windows: [...hall().windows.values()].map(({ id, name }) => ({ id, name })),
      ffmpeg: ffmpegPath !== null,
      simulated: isSimulated,
      writable: config !== null,
      personModel: personModelJson(cameras.person(), around.reader),
      cameras: cameras.entries().map((entry) => {
        const state: CameraState = {
          entry,
          reading: readings.get(entry.id) ?? null,
          last: cameras.lastSeen(entry.id),
          known: cameras.known(entry.id),
          survey: cameras.surveys.reading(entry.id),
          breaks: entry.seats.map((_, seat) => cameras.breaks.reading(entry.id, seat)),
        };
        return cameraJson(state, around);
      }),
      trials: this.trials.list().map((trial) => trialJson(trial, around)),
    };
  }

  /** A camera of hall.yaml; null = there is no such one. */
  entry(id: string): CameraEntry | null {
    return this.#options.cameras.entries().find((entry) => entry.id === id) ?? null;
  }

  /** Whether its pictures are being looked at. */
  isSeen(entry: CameraEntry): boolean {
    return (this.#options.cameras.lastSeen(entry.id)?.look ?? null) !== null;
  }

  /** What it shows now, all of it or its seats; null = it shows nothing, or no picture can be made. */
  async picture(entry: CameraEntry, whole: boolean, by: By): Promise<Uint8Array<ArrayBuffer> | null> {
    const last = this.#options.cameras.lastSeen(entry.id);
    if (last === null || this.#options.ffmpegPath === null) return null;
    const seats = whole ? null : entry.seats.map(({ roi }) => boxOf(roi));
    return await this.#stills.show({ of: { camera: entry.id }, at: last.at, view: last.view, seats }, by);
  }

  /** Somebody says that these seats are empty now. That they did is kept first: it is their word that seats are judged by. */
  async teach(entry: CameraEntry, seats: readonly number[], by: By): Promise<TaughtHow> {
    const windows = seats.map((seat) => entry.seats[seat]?.window);
    this.#record('seat-taught', by, { camera: entry.id, windows });
    return await this.#options.cameras.teach(entry.id, seats);
  }

  /** Watches these cameras, or all that have no seats, for where it moves. The answer: those that are watched now. */
  survey(ids: readonly string[] | null, ms: Ms): readonly string[] {
    const { cameras } = this.#options;
    const wanted = cameras
      .entries()
      .filter(isRead)
      .filter(({ id, seats }) => ids?.includes(id) ?? seats.length === 0);
    return wanted.flatMap(({ id }) => (cameras.surveys.begin(id, ms) ? [id] : []));
  }

  /** Asks these cameras, or all that have seats, for pictures of them at the next break. The answer: those that were asked. */
  askAtBreak(ids: readonly string[] | null): readonly string[] {
    const { cameras } = this.#options;
    const wanted = cameras.entries().filter(({ id }) => ids?.includes(id) ?? true);
    return wanted.flatMap(({ id }) => (cameras.breaks.ask(id) ? [id] : []));
  }

  /** What was taken of a seat at a break; null = that picture is there no more, or cannot be made. */
  async breakPicture(
    entry: CameraEntry,
    seat: number,
    picture: string,
    by: By,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const found = this.#options.cameras.breaks.find(entry.id, seat, picture);
    if (found === null || this.#options.ffmpegPath === null) return null;
    const of = { camera: entry.id, window: found.window, picture, whole: false };
    return await this.#stills.show({ of, at: found.at, ...found.shown, seats: null }, by);
  }

  /**
   * Somebody has looked at a picture of a break. Where they say that nobody is in it, exactly that picture is learnt, and that
   * they said so is kept first. Null = it is there no more: the seat was changed, or another picture took its place.
   */
  async decideBreak(
    entry: CameraEntry,
    seat: number,
    picture: string,
    isEmpty: boolean,
    by: By,
  ): Promise<TaughtHow | null> {
    const { cameras } = this.#options;
    const found = cameras.breaks.find(entry.id, seat, picture);
    if (found === null) return null;
    const who = by.who ?? '';
    if (!isEmpty) {
      cameras.breaks.decide(entry.id, seat, false, who);
      return { seats: [] };
    }
    const takenAt = formatInstant(this.#options.hall().zone, found.at);
    this.#record('seat-taught', by, { camera: entry.id, windows: [found.window], picture, takenAt });
    const end = await cameras.show(entry.id, seat, found.at, found.picture);
    if ('seats' in end) cameras.breaks.decide(entry.id, seat, true, who);
    return end;
  }

  // ---- trials ----------------------------------------------------------------------------------------------------

  trialJson(trial: Trial, lang: Language): object {
    const survey = this.#options.cameras.surveys.reading(trial.saved?.camera ?? trial.camera ?? '');
    return { ...trialJson(trial, this.#around(lang)), proposed: proposedJson(survey) };
  }

  try(asked: TrialAsked, by: By, lang: Language): Trial | NotTried {
    const { cameras } = this.#options;
    const entry = 'camera' in asked ? this.entry(asked.camera) : null;
    const source = 'camera' in asked ? (entry?.source ?? null) : this.#sourceOf(asked);
    if (source === null) return { because: 'unknown-camera' };
    const subject = probeSubject(source);
    if ('because' in subject) return { because: 'bad-source', detail: subject.because };
    this.#record('camera-tried', by, { address: subject.address.shown, camera: entry?.id ?? null });
    const seats = entry?.seats ?? [];
    const known = entry === null ? [] : cameras.known(entry.id);
    const trial = this.trials.begin({ subject, camera: entry?.id ?? null, seats, known, by: by.who ?? '' }, lang);
    return typeof trial === 'string' ? { because: trial } : trial;
  }

  #sourceOf({ source, login, loginOf }: Extract<TrialAsked, { source: string }>): string | null {
    const other = loginOf === null ? null : readAddress(this.entry(loginOf)?.source ?? '');
    if (other !== null && 'because' in other) return null;
    const [user, password] = login === null ? (other?.login?.split('\n') ?? []) : [login.user, login.password];
    if (user === undefined || password === undefined) return source;
    return source.replace('://', `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
  }

  /** What it shows now, all of it or its seats. */
  async trialPicture(trial: Trial, whole: boolean, by: By): Promise<Uint8Array<ArrayBuffer> | null> {
    if (trial.picture === null) return null;
    const { at, view } = trial.picture;
    const of = { trial: trial.id, address: trial.subject.address.shown };
    return await this.#stills.show({ of, at, view, seats: whole ? null : trial.places }, by);
  }

  /** Taught at the trial, and where the hall's own camera has the same seat, there as well: it is learnt only if both have learnt it. */
  async teachTrial(trial: Trial, seats: readonly number[], by: By): Promise<TaughtHow> {
    const windows = seats.map((seat) => trial.seats[seat]?.window);
    this.#record('seat-taught', by, { trial: trial.id, address: trial.subject.address.shown, windows });
    const [end, inHall] = await Promise.all([
      this.trials.teach(trial, seats, by.who ?? ''),
      this.#teachSame(trial, seats),
    ]);
    if ('because' in end) return end;
    return {
      seats: end.seats.map((one) => (inHall.get(one.seat) === 'restless' ? { ...one, outcome: 'restless' } : one)),
    };
  }

  /** By the trial's seat, what became of the hall's own. */
  async #teachSame(trial: Trial, seats: readonly number[]): Promise<ReadonlyMap<number, Taught['outcome']>> {
    const { cameras } = this.#options;
    const entry = this.entry(trial.saved?.camera ?? trial.camera ?? '');
    if (entry === null || !this.isSeen(entry)) return new Map();
    const key = ({ window, roi }: TrialSeat): string => JSON.stringify([window, roiText(roi)]);
    const own = entry.seats.map(key);
    const same = seats.flatMap((seat) => {
      const at = own.indexOf(key(trial.seats[seat] as TrialSeat));
      return at < 0 ? [] : [{ seat, at }];
    });
    if (same.length === 0) return new Map();
    const end = await cameras.teach(
      entry.id,
      same.map(({ at }) => at),
    );
    const outcomes = 'seats' in end ? end.seats : [];
    return new Map(
      same.flatMap(({ seat, at }) => {
        const taught = outcomes.find((one) => one.seat === at);
        return taught === undefined ? [] : [[seat, taught.outcome] as const];
      }),
    );
  }

  async draw(trial: Trial, seats: readonly TrialSeat[]): Promise<void> {
    await this.trials.draw(trial, seats);
  }

  async end(trial: Trial): Promise<void> {
    await this.trials.end(trial);
  }

  // ---- hall.yaml -------------------------------------------------------------------------------------------------

  /** What would be written; null = it cannot be written from here. Rejects with a `ConfigEditError`. */
  async propose(trial: Trial, id: string, lang: Language): Promise<Proposal | null> {
    return (await this.#options.config?.propose(editsOf(trial, id), lang)) ?? null;
  }

  /** Writes it, with what was learnt of the seats. Rejects with a `ConfigEditError`. */
  async save(trial: Trial, id: string, base: string, by: By, lang: Language): Promise<Applied | null> {
    const { config, cameras, clock } = this.#options;
    if (config === null) return null;
    const applied = await config.apply(editsOf(trial, id), base, lang, async (loaded) => {
      this.#record('config-written', by, { file: 'hall.yaml', camera: id });
      const camera = loaded.config.cameras.filter(isRead).find((one): one is CameraConfig => one.id === id);
      if (camera !== undefined) await cameras.bequeath(camera, trial.known);
    });
    trial.saved = { camera: id, at: clock.now(), by: by.who ?? '' };
    return applied;
  }

  /** What was found in the network, with the cameras of hall.yaml that it is already. */
  found(): object {
    const { state, beganAt, news, devices } = this.search.reading();
    const hosts = hostsOf(this.#options.cameras.entries());
    return {
      state,
      beganAt,
      news,
      devices: devices.map((device) => ({ ...device, configured: idsOf(device, hosts) })),
    };
  }

  #around(lang: Language): Around {
    const { hall, access } = this.#options;
    return { hall: hall(), reader: { lang }, nameOf: (by) => access.nameOf(by) };
  }

  #record(
    what: 'seat-taught' | 'camera-tried' | 'config-written',
    by: By,
    detail: Readonly<Record<string, unknown>>,
  ): void {
    const { books } = this.#options.access;
    books.write(() => books.record(what, by, null, detail));
  }
}

/** A camera that is in the file keeps the address that it has there; a new one under the id of another is one too many. */
function editsOf({ camera, stream, seats, saved }: Trial, id: string): Edits {
  const isWritten = camera === id || saved?.camera === id;
  const wanted = { id, stream: isWritten ? null : stream, seats };
  return (text, env) => cameraEdits(wanted, text, env);
}
