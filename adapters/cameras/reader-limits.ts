/** How long a camera's reader waits, and for what. */
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';

export interface ReaderLimits {
  /** From the start of ffmpeg to its first picture. */
  readonly firstFrameMs: Ms;
  /** The same where everything is decoded: that too begins with a keyframe, and is done where those are rare. */
  readonly firstSampleMs: Ms;
  /** Without a picture the stream has stalled; for streams with rare keyframes, three times what lies between them. */
  readonly gapMs: Ms;
  readonly gapKeyframes: number;
  /** So long a limit must have been passed before it is acted on. */
  readonly confirmMs: Ms;
  /** For so long keyframes are counted before they are found too few. */
  readonly probeMs: Ms;
  /** Keyframes that are usually further apart are too few: a seat must be seen at least this often. */
  readonly keyframesApartMs: Ms;
  /** Pictures closer together are dropped: of streams in which every picture stands by itself, or that repeat one. */
  readonly leastApartMs: Ms;
  /** Of the pictures that are kept where everything is decoded. */
  readonly sampleEveryMs: Ms;
  /** How long everything is decoded before keyframes are tried again, at the next reconnection. */
  readonly sampleForMs: Ms;
  /** So many identical pictures in a row are a frozen one. */
  readonly frozenFrames: number;
  /** Pauses between attempts; the last one repeats. */
  readonly backOffMs: readonly Ms[];
  /** The share by which pauses are longer or shorter by chance, so that cameras do not come back together. */
  readonly jitter: number;
  /** So long a stream must have delivered for the pauses to begin anew. */
  readonly steadyMs: Ms;
  /** The longest pause before a start, by chance, and how long a start keeps its place if no picture comes. */
  readonly startSpreadMs: Ms;
  readonly slotMs: Ms;
  /** Where the camera has no such stream, or sends what no camera may. */
  readonly misconfiguredMs: Ms;
  /** How long ffmpeg may take to say good-bye when asked to end. */
  readonly farewellMs: Ms;
  /** For ffmpeg's own waiting for the network. */
  readonly networkMs: Ms;
}

export const READER_LIMITS: ReaderLimits = {
  firstFrameMs: 20 * SECOND,
  firstSampleMs: MINUTE,
  gapMs: 10 * SECOND,
  gapKeyframes: 3,
  confirmMs: SECOND,
  probeMs: 20 * SECOND,
  keyframesApartMs: 6 * SECOND,
  leastApartMs: 400,
  sampleEveryMs: 2 * SECOND,
  sampleForMs: HOUR,
  frozenFrames: 6,
  backOffMs: [1, 1, 2, 5, 10, 30, 60].map((seconds) => seconds * SECOND),
  jitter: 0.2,
  steadyMs: MINUTE,
  startSpreadMs: 250,
  slotMs: 3 * SECOND,
  misconfiguredMs: 5 * MINUTE,
  farewellMs: 2 * SECOND,
  networkMs: 10 * SECOND,
};
