/** Cameras and trials as `/api/v1/cameras` and `/api/v1/camera-trials` say them. */

export type Roi = readonly [number, number, number, number] | readonly (readonly [number, number])[];

/** Why something is as it is, in the reader's language, and what to do about it. */
export interface Said {
  readonly reason: string;
  readonly said: string;
  readonly remedy: string | null;
}

export type SeatState = 'occupied' | 'empty' | 'unknown';

export interface Vote {
  readonly witness: 'picture' | 'reference' | 'patch' | 'motion' | 'person' | 'time';
  readonly says: SeatState;
  readonly value: number;
  readonly limit: number;
}

export interface Seat {
  readonly window: string;
  readonly windowName: string | null;
  readonly roi: Roi;
  readonly state: SeatState;
  readonly since: string | null;
  readonly doubt: Said | null;
  readonly votes: readonly Vote[];
  readonly pictures: { readonly given: number; readonly learnt: number };
}

/** A seat of the hall, with what was taken of it at a break. */
export interface HallSeat extends Seat {
  readonly atBreak: {
    readonly state: 'waiting' | 'watching' | 'ready' | 'taught' | 'denied' | 'none';
    readonly because: Said | null;
    readonly picture: {
      readonly id: string;
      readonly at: string;
      readonly light: 'day' | 'night';
      readonly stillMinutes: number;
    } | null;
    readonly decided: { readonly at: string; readonly by: string; readonly byName: string | null } | null;
  } | null;
}

interface Picture {
  readonly fault: Said | null;
  readonly value: number;
  readonly limit: number;
}

/** Where people seem to sit. */
export interface Proposed {
  readonly roi: Roi;
  readonly share: number;
}

export interface Camera {
  readonly id: string;
  readonly read: boolean;
  readonly address: string | null;
  readonly state: 'starting' | 'live' | 'lost' | 'failed' | 'stopped' | null;
  readonly loss: Said | null;
  readonly retryMs: number | null;
  readonly quality: 'excellent' | 'fair' | 'poor' | 'unusable' | null;
  readonly frames: number | null;
  readonly lastFrameAt: string | null;
  readonly intervalMs: number | null;
  readonly reconnects: number | null;
  readonly stalls: number | null;
  readonly witness: string | null;
  readonly pictureAt: string | null;
  readonly picture: Picture | null;
  readonly seats: readonly HallSeat[];
  readonly survey: {
    readonly state: 'watching' | 'done';
    readonly endsAt: string;
    readonly seats: readonly Proposed[];
  } | null;
}

export type CheckStep = 'sit' | 'leave' | 'return';

export interface Check {
  readonly state: CheckStep | 'passed' | 'failed';
  readonly beganAt: string;
  readonly steps: readonly {
    readonly step: CheckStep;
    readonly askedAt: string;
    readonly seenAt: string | null;
    readonly ms: number | null;
  }[];
  readonly last: { readonly state: SeatState; readonly doubt: Said | null } | null;
}

export interface TrialSeat extends Seat {
  readonly taught: readonly { readonly at: string; readonly by: string; readonly byName: string | null }[];
  readonly check: Check | null;
}

export interface Trial {
  readonly id: string;
  readonly camera: string | null;
  readonly by: string;
  readonly byName: string | null;
  readonly beganAt: string;
  /** The release that it was set up with. */
  readonly version: string;
  readonly state: 'testing' | 'failed' | 'watching';
  readonly address: string;
  readonly stream: string | null;
  readonly steps: readonly {
    readonly step: string;
    readonly name: string;
    readonly ok: boolean;
    readonly ms: number;
    readonly said: string;
  }[];
  readonly remedy: string | null;
  readonly loss: Said | null;
  readonly pictureAt: string | null;
  readonly picture: Picture | null;
  readonly seats: readonly TrialSeat[];
  readonly proposed: readonly Proposed[];
  readonly saved: {
    readonly camera: string;
    readonly at: string;
    readonly by: string;
    readonly byName: string | null;
  } | null;
}

export interface CameraList {
  readonly windows: readonly { readonly id: string; readonly name: string }[];
  /** Whether there is an ffmpeg with which cameras are read. */
  readonly ffmpeg: boolean;
  /** A demonstration: what seats show is played, and no camera is read. */
  readonly simulated: boolean;
  /** Whether hall.yaml can be written from here. */
  readonly writable: boolean;
  /** The model that knows people; null = none is configured. */
  readonly personModel: {
    readonly model: string;
    readonly state: 'loading' | 'ready' | 'failed';
    readonly name: string | null;
    readonly trouble: Said | null;
  } | null;
  readonly cameras: readonly Camera[];
  readonly trials: readonly Trial[];
}

export interface Found {
  readonly state: 'idle' | 'running' | 'done';
  readonly news: readonly { readonly news: string; readonly address?: string; readonly addresses?: number }[];
  readonly devices: readonly {
    readonly url: string;
    readonly host: string;
    readonly name: string | null;
    readonly maker: string | null;
    readonly model: string | null;
    readonly location: string | null;
    readonly configured: readonly string[];
  }[];
}

export interface Proposal {
  readonly base: string;
  readonly diff: string;
  readonly isAccepted: boolean;
  readonly problems: readonly {
    readonly line: number;
    readonly message: string;
    readonly hint: string | null;
    readonly severity: 'error' | 'warning';
  }[];
}

export interface Saved {
  readonly proposal: Proposal;
  readonly notTaken: string | null;
}

export interface Taught {
  readonly seats: readonly {
    readonly seat: number;
    readonly window: string;
    readonly outcome: 'learnt' | 'restless';
  }[];
}
