/** What is heard of a camera that is read: its pictures, what happens to it, and how it does. */
import type { Ms } from '../../rules/time.ts';
import type { CameraFrame } from '../camera.ts';
import type { Decoding } from './ffmpeg-command.ts';
import type { Loss } from './loss.ts';
import type { Quality } from './quality.ts';

/** `decoded`: frames have a view; `as-sent`: they have the camera's keyframe instead, wherever that is cheaper. */
export type ViewWanted = 'none' | 'decoded' | 'as-sent';

/** What happened to a camera, at the trusted time `at`. */
export type CameraEvent =
  /** There is a picture: the first of all, or after it was lost. */
  | { readonly kind: 'back'; readonly at: Ms; readonly decoding: Decoding }
  /** There is none, or still none for another reason than before. */
  | {
      readonly kind: 'lost';
      readonly at: Ms;
      readonly lastFrameAt: Ms | null;
      readonly loss: Loss;
      readonly retryMs: Ms | null;
    }
  /** The same picture again and again since `since`: frames go on being delivered, and what they show is not now. */
  | { readonly kind: 'frozen'; readonly at: Ms; readonly since: Ms }
  | { readonly kind: 'moving-again'; readonly at: Ms }
  /** Its keyframes are of no use as they come; from now on frames have a view. */
  | { readonly kind: 'not-copied'; readonly at: Ms; readonly because: string }
  /** Its process could not be noted on disk, or struck out: if the daemon is killed now, it may be left behind. */
  | { readonly kind: 'untracked'; readonly at: Ms; readonly because: string };

export interface ReaderListener {
  /** The pictures are the listener's own. */
  frame(frame: CameraFrame): void;
  event(event: CameraEvent): void;
}

/** `failed`: it will not be tried again with this configuration. */
export type ReaderState = 'starting' | 'live' | 'lost' | 'failed' | 'stopped';

/** What a camera's reader is doing, and has done since it started. */
export interface ReaderReading {
  readonly state: ReaderState;
  /** Why there is no picture; null while there is one, or before the first attempt has ended. */
  readonly loss: Loss | null;
  /** Until the next attempt; null if none is waited for. */
  readonly retryMs: Ms | null;
  readonly decoding: Decoding;
  readonly frames: number;
  readonly lastFrameAt: Ms | null;
  /** The usual time between the last pictures of this connection. */
  readonly intervalMs: Ms | null;
  /** How many pictures in a row are the same; 1 = the last one differed. */
  readonly sameFrames: number;
  /** Starts of ffmpeg after the first one. */
  readonly reconnects: number;
  /** How often ffmpeg was killed for want of pictures. */
  readonly stalls: number;
  readonly lastHour: { readonly reconnects: number; readonly stalls: number; readonly seenShare: number };
  readonly quality: Quality;
}
