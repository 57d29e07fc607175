/** Many cameras that somebody sets up at once: the rows of a table, or the channels of a recorder. Nothing of them is written. */
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import type { Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { CellProblem } from '../imports/row.ts';
import { recorderChannels } from '../probing/recorder.ts';
import { StepFailure, Steps, type StepTold } from '../probing/steps.ts';
import { BatchQueue, type QueueSurroundings } from './batch-queue.ts';
import { BatchRow, type RowState, type RowWish } from './batch-row.ts';
import { MOST_CAMERAS } from './camera-table.ts';
import { templateOf } from './channel-template.ts';

/** A recorder that is being set up. */
export interface RecorderWish {
  readonly id: string;
  /** Its web service, where it is to be asked for its channels; null = they are known. */
  readonly ask: CameraAddress | null;
  /** The address of a channel, with `{n}`; null = not known, or there is none for all of them. */
  readonly template: CameraAddress | null;
}

export interface BatchWish {
  readonly recorder: RecorderWish | null;
  readonly rows: readonly RowWish[];
  /** Rows of the table that cannot be tried. */
  readonly problems: readonly CellProblem[];
  readonly notes: readonly string[];
  /** How the table was read. */
  readonly format: string | null;
  /** As in `Actor.id`. */
  readonly by: string;
}

/** Rows that may be tried; what goes on is not begun twice, and what has passed stays so. */
const TRIABLE: ReadonlySet<RowState> = new Set(['new', 'failed', 'not-tried', 'cancelled']);

export class Batch {
  readonly id: string;
  readonly beganAt: Ms;
  readonly by: string;
  readonly format: string | null;
  readonly problems: readonly CellProblem[];
  readonly notes: readonly string[];
  /** When somebody last asked for it: forgotten ones end. */
  askedAt: Ms;
  rows: readonly BatchRow[];
  recorder: RecorderWish | null;
  /** What asking the recorder for its channels has come to. */
  steps: readonly StepTold[] = [];
  remedy: string | null = null;
  #asking: Promise<void> | null = null;
  #queue: BatchQueue | null = null;
  readonly #stopping = new AbortController();
  readonly #around: QueueSurroundings;

  constructor(id: string, wish: BatchWish, around: QueueSurroundings) {
    this.id = id;
    this.#around = around;
    this.beganAt = around.clock.now();
    this.askedAt = this.beganAt;
    this.by = wish.by;
    this.format = wish.format;
    this.problems = wish.problems;
    this.notes = wish.notes;
    this.recorder = wish.recorder;
    this.rows = wish.rows.map((row) => new BatchRow(row));
  }

  /** `asking` a recorder for its channels · `testing` rows · `idle`: nothing goes on. */
  get state(): 'asking' | 'testing' | 'idle' {
    if (this.#asking !== null) return 'asking';
    return this.#queue?.isRunning === true ? 'testing' : 'idle';
  }

  row(line: number): BatchRow | null {
    return this.rows.find((row) => row.line === line) ?? null;
  }

  /** The rows of these lines that may be tried. */
  triable(lines: readonly number[] | null): readonly BatchRow[] {
    return this.rows.filter(({ line, state }) => TRIABLE.has(state) && (lines === null || lines.includes(line)));
  }

  /** Tries these; nothing is waited for. Only where nothing goes on. */
  try(rows: readonly BatchRow[], lang: Language): void {
    if (this.#stopping.signal.aborted || rows.length === 0) return;
    this.#queue = new BatchQueue(rows, this.#around, lang);
  }

  /** Asks the recorder for its channels, then tries them, `tried` being told of each before. Nothing is waited for. */
  ask(address: CameraAddress, lang: Language, tried: (rows: readonly BatchRow[]) => void): void {
    this.#asking = this.#ask(address, lang, tried).finally(() => {
      this.#asking = null;
    });
  }

  async #ask(address: CameraAddress, lang: Language, tried: (rows: readonly BatchRow[]) => void): Promise<void> {
    const { clock, gate, ffmpegPath, failed } = this.#around;
    const { signal } = this.#stopping;
    const steps = new Steps((told) => {
      this.steps = [...this.steps, told];
    });
    try {
      const around = { clock, gate, steps, reader: { lang }, ffmpegPath, withSnapshot: false, signal };
      const streams = (await recorderChannels(address, around, MOST_CAMERAS)).map(({ stream }) => stream);
      this.rows = this.#channels(streams);
      tried(this.rows);
      this.try(this.rows, lang);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof StepFailure) this.remedy = error.remedy;
      else failed(null, error);
    }
  }

  /** A row for each channel; what their addresses have in common becomes the recorder's. */
  #channels(streams: readonly CameraAddress[]): readonly BatchRow[] {
    const { recorder } = this;
    const found = templateOf(streams.map(({ url }) => url));
    const template = found === null ? null : readAddress(found.template);
    if (recorder !== null && template !== null && !('because' in template)) this.recorder = { ...recorder, template };
    return streams.map((address, i) => {
      const channel = found?.channels[i] ?? null;
      const id = `${recorder?.id ?? 'camera'}-${channel ?? i + 1}`;
      return new BatchRow({ line: i + 1, id, subject: { address, isOnvif: false }, channel, windows: [], seats: [] });
    });
  }

  /** Ends what goes on; what has been found stays. */
  async cancel(): Promise<void> {
    await this.#queue?.cancel();
  }

  /** Resolves when nothing of it is open any more. */
  async end(): Promise<void> {
    this.#stopping.abort();
    await this.#asking;
    await this.#queue?.cancel();
  }
}
