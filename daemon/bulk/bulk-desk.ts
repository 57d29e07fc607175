/** Where installers add many cameras at once: from a table, or as the channels of a recorder; and what of them goes into hall.yaml. */
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { channelSource, hasChannels } from '../../config/recorders.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Access } from '../access/access.ts';
import type { By } from '../access/books.ts';
import type { Language } from '../alerts/words.ts';
import type { HallCameras } from '../cameras/hall-cameras.ts';
import type { Applied, ConfigFile, Edits, Proposal } from '../config-file/config-edit.ts';
import { sayIn } from '../imports/table.ts';
import { probeSubject } from '../probing/camera.ts';
import type { Stills } from '../trials/stills.ts';
import type { TrialSeat } from '../trials/trial.ts';
import type { Batch, RecorderWish } from './batch.ts';
import { batchEdits } from './batch-edits.ts';
import { batchJson } from './batch-json.ts';
import type { BatchRow, RowWish } from './batch-row.ts';
import type { Batches, NoBatch } from './batches.ts';
import { MOST_CAMERAS, readCameraTable, withLogin } from './camera-table.ts';
import { channelList } from './channel-template.ts';
import { tableInThread } from './table-thread.ts';

export interface BulkDeskOptions {
  readonly cameras: Pick<HallCameras, 'batches' | 'entries'>;
  readonly hall: () => Hall;
  readonly access: Access;
  /** null = the file that the daemon runs by is not known, and cannot be changed from here. */
  readonly config: ConfigFile | null;
  readonly clock: DeviceClock;
}

/** A recorder: an ONVIF address that is asked for its channels, or the address of a channel with `{n}` and which there are. */
export interface RecorderAsked {
  readonly id: string;
  readonly source: string;
  readonly user: string;
  readonly password: string;
  /** Such as `1-8,11`; of an ONVIF address nothing. */
  readonly channels: string;
}

/** `bad-table`, `bad-source`: `detail` is a sentence, or the end of one. */
export type NotBegun =
  | { readonly because: NoBatch | 'bad-channels' | 'no-mark' }
  | { readonly because: 'bad-table' | 'bad-source'; readonly detail: string };

/** Rows that can be written, and what they make of the file. */
export interface Ready {
  readonly rows: readonly BatchRow[];
  readonly recorder: string | null;
  readonly edits: Edits;
}

/** Rows of a batch that cannot be written: they have not passed, or are written. */
export interface NotReady {
  readonly because: 'not-ready';
  readonly lines: readonly number[];
}

export class BulkDesk {
  readonly batches: Batches;
  readonly #options: BulkDeskOptions;
  readonly #stills: Stills;

  constructor(options: BulkDeskOptions, stills: Stills) {
    this.#options = options;
    this.#stills = stills;
    this.batches = options.cameras.batches;
  }

  json(batch: Batch, lang: Language): object {
    const { hall, access } = this.#options;
    return batchJson(batch, { hall: hall(), reader: { lang }, nameOf: (by) => access.nameOf(by) });
  }

  /** Reads a table. Nothing of it is tried before somebody has seen how it was read. */
  async readTable(bytes: Uint8Array, sheet: string | null, by: By, lang: Language): Promise<Batch | NotBegun> {
    const read = await tableInThread({ bytes, sheet, lang });
    if ('because' in read) return { because: 'bad-table', detail: read.because };
    const { hall, cameras } = this.#options;
    const { format, rows, otherSheets } = read.table;
    const say = sayIn(lang);
    const ground = { hall: hall(), entries: cameras.entries() };
    const { cameras: wanted, problems, notes } = readCameraTable(rows, ground, say);
    const unread = otherSheets.join('、');
    const sheets =
      unread === '' ? [] : [say(`没有读的工作表：${unread}`, `sheets not read: ${otherSheets.join(', ')}`)];
    const wish = { recorder: null, problems, notes: [...notes, ...sheets], format, by: by.who ?? '' };
    const begun = this.batches.begin({ ...wish, rows: wanted.map((one): RowWish => ({ ...one, channel: null })) });
    return typeof begun === 'string' ? { because: begun } : begun;
  }

  /** Asks a recorder for its channels, or takes them as told, and tries them at once. */
  addRecorder(asked: RecorderAsked, by: By, lang: Language): Batch | NotBegun {
    const source = withLogin(asked.source, asked.user, asked.password);
    const subject = probeSubject(source);
    if ('because' in subject) return { because: 'bad-source', detail: subject.because };
    const { isOnvif, address } = subject;
    if (!isOnvif && !hasChannels(source)) return { because: 'no-mark' };
    const channels = isOnvif ? [] : channelList(asked.channels, MOST_CAMERAS);
    if (channels === null) return { because: 'bad-channels' };
    const recorder: RecorderWish = {
      id: asked.id,
      ask: isOnvif ? address : null,
      template: isOnvif ? null : address,
    };
    const rows = channels.flatMap((channel): RowWish[] => {
      const stream = readAddress(channelSource(source, channel));
      if ('because' in stream) return [];
      const id = `${asked.id}-${channel}`;
      return [{ line: channel, id, subject: { address: stream, isOnvif: false }, channel, windows: [], seats: [] }];
    });
    const about = { problems: [], notes: [], format: null, by: by.who ?? '' };
    const batch = this.batches.begin({ ...about, recorder, rows });
    if (typeof batch === 'string') return { because: batch };
    this.#record('camera-tried', by, { address: address.shown, recorder: asked.id });
    const tried = (all: readonly BatchRow[]): void => this.#tried(batch, all, by);
    if (isOnvif) batch.ask(address, lang, tried);
    else this.try(batch, null, by, lang);
    return batch;
  }

  /** Tries these rows, or all that have not passed. False = something goes on already, or there is nothing to try. */
  try(batch: Batch, lines: readonly number[] | null, by: By, lang: Language): boolean {
    const rows = batch.triable(lines);
    if (batch.state !== 'idle' || rows.length === 0) return false;
    this.#tried(batch, rows, by);
    batch.try(rows, lang);
    return true;
  }

  #tried(batch: Batch, rows: readonly BatchRow[], by: By): void {
    const { books } = this.#options.access;
    books.write(() => {
      for (const { subject } of rows)
        books.record('camera-tried', by, null, { address: subject.address.shown, batch: batch.id });
    });
  }

  /** Other names, windows or seats for a row. */
  change(
    row: BatchRow,
    to: { readonly id?: string; readonly windows?: readonly string[]; readonly seats?: readonly TrialSeat[] },
  ): void {
    row.id = to.id ?? row.id;
    row.windows = to.windows ?? row.windows;
    row.seats = to.seats ?? row.seats;
  }

  /** What it showed last, all of it: seats are drawn on it. */
  async picture(batch: Batch, row: BatchRow, by: By): Promise<Uint8Array<ArrayBuffer> | null> {
    if (row.picture === null) return null;
    const { at, view } = row.picture;
    const of = { batch: batch.id, line: String(row.line), address: row.subject.address.shown };
    return await this.#stills.show({ of, at, view, seats: null }, by);
  }

  /** Those of these rows, if all of them can be written. */
  ready(batch: Batch, lines: readonly number[]): Ready | NotReady {
    const rows = batch.rows.filter((row) => lines.includes(row.line));
    const unready = rows.filter(({ state, saved, stream }) => state !== 'passed' || stream === null || saved !== null);
    if (rows.length === 0 || unready.length > 0) return { because: 'not-ready', lines: unready.map((row) => row.line) };
    const { id, template = null } = batch.recorder ?? { id: null };
    const cameras = rows.flatMap(({ id: camera, stream, channel, seats }) =>
      stream === null ? [] : [{ id: camera, stream, channel, seats }],
    );
    const wanted = { recorder: id === null || template === null ? null : { id, template }, cameras };
    return { rows, recorder: wanted.recorder?.id ?? null, edits: (text, env) => batchEdits(wanted, text, env) };
  }

  /** What would be written; null = it cannot be written from here. Rejects with a `ConfigEditError`. */
  async propose({ edits }: Ready, lang: Language): Promise<Proposal | null> {
    return (await this.#options.config?.propose(edits, lang)) ?? null;
  }

  /** Writes it, and has it read at once. Rejects with a `ConfigEditError`. */
  async save({ rows, recorder, edits }: Ready, base: string, by: By, lang: Language): Promise<Applied | null> {
    const { config, clock } = this.#options;
    if (config === null) return null;
    const applied = await config.apply(edits, base, lang, async () => {
      const cameras = rows.map(({ id }) => id);
      this.#record('config-written', by, { file: 'hall.yaml', cameras, recorder });
    });
    for (const row of rows) row.saved = { camera: row.id, at: clock.now(), by: by.who ?? '' };
    return applied;
  }

  #record(what: 'camera-tried' | 'config-written', by: By, detail: Readonly<Record<string, unknown>>): void {
    const { books } = this.#options.access;
    books.write(() => books.record(what, by, null, detail));
  }
}
