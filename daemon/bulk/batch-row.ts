/** One camera of a batch: what is to be tried, how far it is, and what it showed. */
import type { GrayPicture } from '../../adapters/camera.ts';
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import type { Ms } from '../../rules/time.ts';
import type { ProbeSubject } from '../probing/camera.ts';
import type { StepTold } from '../probing/steps.ts';
import type { TrialSeat } from '../trials/trial.ts';

/**
 * `new`: nobody has tried it yet · `waiting` for its turn · `testing` step by step · `passed` · `failed`: a step did not do ·
 * `not-tried`: another row of its host was refused, and its password is not sent · `cancelled` by somebody.
 */
export type RowState = 'new' | 'waiting' | 'testing' | 'passed' | 'failed' | 'not-tried' | 'cancelled';

export interface RowWish {
  readonly line: number;
  readonly id: string;
  readonly subject: ProbeSubject;
  /** Of a recorder; null = a camera by itself. */
  readonly channel: number | null;
  readonly windows: readonly string[];
  readonly seats: readonly TrialSeat[];
}

export class BatchRow {
  /** The row of the table, or the place among a recorder's channels; from 1. */
  readonly line: number;
  readonly subject: ProbeSubject;
  readonly channel: number | null;
  id: string;
  windows: readonly string[];
  seats: readonly TrialSeat[];
  state: RowState = 'new';
  steps: readonly StepTold[] = [];
  /** What to do about the step that failed. */
  remedy: string | null = null;
  /** The row that was refused, where this one was not tried because of it. */
  refusedLine: number | null = null;
  /** The video that was looked at. */
  stream: CameraAddress | null = null;
  picture: { readonly at: Ms; readonly view: GrayPicture } | null = null;
  /** As what, when and by whom it was written into hall.yaml. */
  saved: { readonly camera: string; readonly at: Ms; readonly by: string } | null = null;

  constructor({ line, id, subject, channel, windows, seats }: RowWish) {
    this.line = line;
    this.subject = subject;
    this.channel = channel;
    this.id = id;
    this.windows = windows;
    this.seats = seats;
  }

  /** As if nobody had tried it. */
  await(): void {
    this.state = 'waiting';
    this.steps = [];
    this.remedy = null;
    this.refusedLine = null;
    this.stream = null;
  }
}
