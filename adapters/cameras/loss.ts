/** Why there is no picture, and what may be done about it. */
import type { FfmpegEnd } from './ffmpeg-process.ts';

/**
 * - `offline`: nobody answers, or not in time
 * - `ended`: the camera closed the connection
 * - `stalled`: connected, but no more pictures come
 * - `no-picture`: connected, but the first one never came
 * - `few-keyframes`: pictures that stand by themselves are too rare; everything is decoded from now on
 * - `wrong-login`: user name or password refused (401)
 * - `locked-out`: refused whatever the password (403), as cameras do after some wrong ones
 * - `not-found`: the camera answers and has no such stream
 * - `no-video`: something answers that sends no video, or the connection broke before it was understood
 * - `too-large`: pictures beyond any camera's size
 * - `bad-command`: this ffmpeg does not understand its command
 * - `no-ffmpeg`: it could not be started
 */
export type LossReason =
  | 'offline'
  | 'ended'
  | 'stalled'
  | 'no-picture'
  | 'few-keyframes'
  | 'wrong-login'
  | 'locked-out'
  | 'not-found'
  | 'no-video'
  | 'too-large'
  | 'bad-command'
  | 'no-ffmpeg';

export interface Loss {
  readonly reason: LossReason;
  /** What ffmpeg or the watch said, without credentials; may be empty. */
  readonly detail: string;
}

/** In this order: a later line is often only the consequence of an earlier one. */
const SAID: readonly (readonly [reason: LossReason, pattern: RegExp])[] = [
  ['wrong-login', /\b401\b.*(?:unauthorized|authorization)|\b407\b.*proxy|authorization failed/i],
  ['locked-out', /\b403\b.*forbidden|access denied/i],
  ['not-found', /\b404\b.*not found|\b454\b|\b410\b.*gone|no such file or directory/i],
  ['too-large', /exceeds specified max pixel count|picture size \d+x\d+ is invalid/i],
  // From the beginning of the line: further on there may be words that the camera chose.
  ['bad-command', /^(?:unrecognized option|option \S+ not found|error splitting the argument list)/i],
  ['bad-command', /^(?:\[AVFilterGraph[^\]]*\] )?no such filter/i],
  [
    'offline',
    /connection (?:refused|timed out|reset)|no route to host|(?:network|host) is (?:unreachable|down)|failed to resolve|name or service not known|temporary failure in name|operation timed out|i\/o error|input\/output error|\b5\d\d\b.*(?:server error|unavailable|timeout|bad gateway)|\b453\b|broken pipe|end of file|immediate exit requested/i,
  ],
  [
    'no-video',
    /invalid data found|not on whitelist|protocol not found|matches no streams|could not find codec|does not contain any stream/i,
  ],
  ['no-video', /server returned 4\d\d|\b4\d\d\b/i],
];

/**
 * What the end of a run means. With pictures it was a connection that ended: what ffmpeg said before may be hours old
 * or about a single damaged frame.
 */
export function lossOf(end: FfmpegEnd, frames: number): Loss {
  if (end.notStarted !== null) return { reason: 'no-ffmpeg', detail: `could not be started: ${end.notStarted}` };
  const detail = end.lines.slice(-3).join(' | ');
  if (frames > 0) return { reason: 'ended', detail };
  for (const [reason, pattern] of SAID) {
    const line = end.lines.find((text) => pattern.test(text));
    if (line !== undefined) return { reason, detail: line };
  }
  return { reason: 'offline', detail: detail === '' ? `ffmpeg ended (${end.signal ?? end.code})` : detail };
}

/** What it means that a run had to be killed for `reason`: it may have said why there was no picture. */
export function lossOfSilence(reason: LossReason, end: FfmpegEnd): Loss {
  const said = reason === 'no-picture' ? lossOf(end, 0) : null;
  return said?.reason === 'too-large' ? said : { reason, detail: end.lines.at(-1) ?? '' };
}

/** Of ffmpeg's second output, to which keyframes are copied. */
const COPY_FAILED =
  /\[(?:mpegts|noise|out#1|vost#1)\b|error (?:muxing|submitting a packet to the muxer)|interleaved_write_frame/i;

/** Why a run ended that could not copy keyframes; null = it did not end for that. */
export function copyFailureOf({ code, lines }: FfmpegEnd): string | null {
  return code === null || code === 0 ? null : (lines.find((line) => COPY_FAILED.test(line)) ?? null);
}
