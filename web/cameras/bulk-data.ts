/** Batches of cameras as `/api/v1/camera-batches` says them. */
import type { Roi, Trial } from './camera-data.ts';

export type RowState = 'new' | 'waiting' | 'testing' | 'passed' | 'failed' | 'not-tried' | 'cancelled';

export interface BatchRow {
  readonly line: number;
  readonly id: string;
  readonly channel: number | null;
  readonly address: string;
  readonly windows: readonly { readonly id: string; readonly name: string | null }[];
  readonly seats: readonly { readonly window: string; readonly windowName: string | null; readonly roi: Roi }[];
  readonly state: RowState;
  readonly steps: Trial['steps'];
  readonly remedy: string | null;
  readonly refusedLine: number | null;
  readonly pictureAt: string | null;
  readonly saved: { readonly camera: string; readonly at: string } | null;
}

export interface Batch {
  readonly id: string;
  readonly by: string;
  readonly byName: string | null;
  readonly beganAt: string;
  readonly state: 'asking' | 'testing' | 'idle';
  readonly format: string | null;
  readonly notes: readonly string[];
  readonly problems: readonly {
    readonly line: number;
    readonly cell: string | null;
    readonly column: string | null;
    readonly problem: string;
  }[];
  readonly recorder: {
    readonly id: string;
    readonly address: string | null;
    readonly template: string | null;
    readonly steps: Trial['steps'];
    readonly remedy: string | null;
  } | null;
  readonly rows: readonly BatchRow[];
}
