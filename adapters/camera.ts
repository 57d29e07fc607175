/** The contract of presence sources: cameras, seat sensors, other programs that watch a window; and of what a camera delivers. */
import type { Roi } from '../config/fields.ts';
import type { PresenceState } from '../rules/facts.ts';
import type { Ms } from '../rules/time.ts';

export interface PresenceReading {
  readonly state: PresenceState;
  readonly at: Ms;
  /** The witness within the window; null = the window's only one. */
  readonly source: string | null;
}

/** A picture of grey values, row by row from the top left, a byte each; 0 = black. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A picture as the camera sent it: it has to be decoded to be seen. */
export interface Keyframe {
  /** A stream by itself, in parts (MPEG-TS); what is still on its way is added. */
  readonly stream: readonly Uint8Array[];
  /** Of the stream. */
  readonly bytes: number;
  /** Of the small pictures that were made of it for these regions. */
  readonly digest: string;
  readonly rois: readonly Roi[];
}

/** One decoded picture of a camera: small and whole, and cut out for each seat, in the order of the configuration. */
export interface CameraFrame {
  readonly at: Ms;
  readonly whole: GrayPicture;
  readonly seats: readonly GrayPicture[];
  /** The whole again, large enough to see what somebody does there; left out where nobody asked for it. */
  readonly view?: GrayPicture;
  /** The same as the camera sent it, where that is cheaper; never beside `view`. */
  readonly keyframe?: Keyframe;
}
