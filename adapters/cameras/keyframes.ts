/**
 * Keyframes as the camera sent them, beside the small pictures that ffmpeg makes of them. They come by a pipe of their own, each
 * with the tables that make it a stream (MPEG-TS), some ten kilobytes; both carry the stream's time, by which they are paired.
 * That a keyframe is the picture that was looked at is proved when it is decoded (`developed`).
 */
import type { Roi } from '../../config/fields.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import type { Keyframe } from '../camera.ts';

const PACKET = 188;
const SYNC = 0x47;
/** Of packets that begin a keyframe: the program's table comes first. */
const PAT_PID = 0;
/** In a packet's second byte: a picture, or what else is carried, begins in it. */
const STARTS_UNIT = 0x40;
/** What ffmpeg gives the first program. */
const PMT_PID = 0x1000;
/** Below it are the standard's own tables. */
const FIRST_PID = 0x20;
/** H.264 and H.265: what else is copied cannot be read back from such a stream. */
const STREAM_TYPES: ReadonlySet<number> = new Set([0x1b, 0x24]);
/** The stream's time is counted in 33 bits, 90 for a millisecond: it begins anew after a day. */
const ROUND_MS: Ms = 2 ** 33 / 90;
/** Pictures that are looked at are further apart; the first one's two times differ by a picture (80 ms, seen). */
const SAME_MS: Ms = 150;
/** Keyframes that wait for their small picture. */
const MOST_WAITING = 6;
/** A decoded view takes a quarter of that. */
const LARGEST = 1 << 20;
/** So many pictures in a row without their keyframe: their times do not fit. */
const MOST_MISSED = 5;
/** Where many more keyframes come than are looked at, to copy them all is more work than to scale a few. */
const MANY = 20;

/** A keyframe that has begun to come. */
interface Coded {
  readonly stampMs: Ms;
  readonly parts: Uint8Array[];
  bytes: number;
}

class PairedKeyframe implements Keyframe {
  readonly stampMs: Ms;
  readonly digest: string;
  readonly rois: readonly Roi[];
  coded: Coded | null = null;

  constructor(stampMs: Ms, digest: string, rois: readonly Roi[]) {
    this.stampMs = stampMs;
    this.digest = digest;
    this.rois = rois;
  }

  get bytes(): number {
    return this.coded?.bytes ?? 0;
  }

  get stream(): readonly Uint8Array[] {
    return this.coded?.parts ?? [];
  }
}

/** Those of one connection. */
export class Keyframes {
  readonly #rois: readonly Roi[];
  readonly #cutter = new StreamCutter();
  #waiting: readonly Coded[] = [];
  #wanted: readonly PairedKeyframe[] = [];
  #last: Coded | null = null;
  #came = 0;
  #looked = 0;
  #missed = 0;
  #astray = 0;
  #isTooLarge = false;

  constructor(rois: readonly Roi[]) {
    this.#rois = rois;
  }

  /** What came through their pipe. The chunk may be reused afterwards. */
  push(chunk: Buffer): void {
    for (const { bytes, stampMs } of this.#cutter.push(chunk)) {
      if (stampMs !== null) this.#begin(stampMs);
      const last = this.#last;
      if (last === null) continue;
      this.#isTooLarge ||= last.bytes + bytes.length > LARGEST;
      if (this.#isTooLarge) continue;
      last.parts.push(bytes);
      last.bytes += bytes.length;
    }
  }

  #begin(stampMs: Ms): void {
    const coded: Coded = { stampMs, parts: [], bytes: 0 };
    this.#last = coded;
    this.#came++;
    const wanted = this.#wanted.find((one) => isSame(one.stampMs, stampMs));
    if (wanted === undefined) this.#waiting = [...this.#waiting, coded].slice(-MOST_WAITING);
    else this.#pair(wanted, coded);
  }

  /** That of a small picture with this time and digest. It may still be on its way. */
  of(stampMs: Ms, digest: string): Keyframe {
    const keyframe = new PairedKeyframe(stampMs, digest, this.#rois);
    const coded = this.#waiting.find((one) => isSame(one.stampMs, stampMs));
    this.#looked++;
    this.#missed++;
    if (coded === undefined) {
      this.#wanted = [...this.#wanted, keyframe].slice(-MOST_MISSED);
      // One that came is not it; then the one that will come is not it either, for it cannot have been decoded yet.
      if (this.#waiting.length > 0) this.#astray++;
      return keyframe;
    }
    this.#pair(keyframe, coded);
    this.#astray = 0;
    return keyframe;
  }

  #pair(keyframe: PairedKeyframe, coded: Coded): void {
    keyframe.coded = coded;
    this.#missed = 0;
    this.#wanted = this.#wanted.filter((one) => one !== keyframe);
    // Those before it were not looked at: they came too soon after another, or could not be decoded.
    this.#waiting = this.#waiting.slice(this.#waiting.indexOf(coded) + 1);
  }

  /** Why this stream's keyframes are of no use; null = they are, as far as it is known. */
  get fault(): string | null {
    const { streamType, isBroken } = this.#cutter;
    if (isBroken) return 'they cannot be read';
    if (streamType !== null && !STREAM_TYPES.has(streamType)) return 'they are neither H.264 nor H.265';
    if (this.#isTooLarge) return 'they are too large';
    if (Math.max(this.#missed, this.#astray) > MOST_MISSED) return 'their times are not those of the pictures';
    if (this.#came > MANY && this.#came > 2 * this.#looked) return 'they come too quickly';
    return null;
  }
}

function isSame(one: Ms, other: Ms): boolean {
  const apart = Math.abs(one - other) % ROUND_MS;
  return Math.min(apart, ROUND_MS - apart) < SAME_MS;
}

/** A part of the stream; `stampMs` where it begins a keyframe. Its bytes are a copy. */
interface StreamPart {
  readonly bytes: Uint8Array;
  readonly stampMs: Ms | null;
}

/** Finds where keyframes begin, wherever the pipe cut the stream. */
class StreamCutter {
  #rest: Buffer = Buffer.alloc(0);
  /** The tables before a keyframe. */
  #tables: Uint8Array[] = [];
  streamType: number | null = null;
  /** What came is no such stream; nothing is read of it any more. */
  isBroken = false;

  push(chunk: Buffer): StreamPart[] {
    if (this.isBroken) return [];
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const parts: StreamPart[] = [];
    let from = 0;
    let at = 0;
    const take = (): void => {
      if (at > from) parts.push({ bytes: Uint8Array.from(all.subarray(from, at)), stampMs: null });
    };
    for (; at + PACKET <= all.length; at += PACKET) {
      const begins = all[at + 1] as number;
      const pid = ((begins << 8) | (all[at + 2] as number)) & 0x1fff;
      this.isBroken ||= all[at] !== SYNC;
      if (pid < FIRST_PID || pid === PMT_PID) {
        take();
        from = at + PACKET;
        this.#table(pid, all.subarray(at, from));
      } else if ((begins & STARTS_UNIT) !== 0) {
        take();
        from = at;
        const stampMs = stampOf(all.subarray(at, at + PACKET));
        parts.push({ bytes: Uint8Array.from(Buffer.concat(this.#tables)), stampMs });
      }
    }
    take();
    this.#rest = Buffer.from(all.subarray(at));
    return parts;
  }

  #table(pid: number, packet: Buffer): void {
    if (pid === PAT_PID) this.#tables = [];
    if (pid !== PAT_PID && pid !== PMT_PID) return;
    this.#tables.push(Uint8Array.from(packet));
    if (pid === PMT_PID) this.streamType = streamTypeOf(packet);
  }
}

/** Where what a packet carries begins. */
function payloadAt(packet: Buffer): number {
  const hasAdaptation = ((packet[3] as number) & 0x20) !== 0;
  return hasAdaptation ? 5 + (packet[4] as number) : 4;
}

/** ISO 13818-1, 2.4.3.7: the time at which it is shown, in 33 bits with marks between them. Null = it has none. */
function stampOf(packet: Buffer): Ms | null {
  const at = payloadAt(packet) + 9;
  if (at + 5 > PACKET) return null;
  const high = ((packet[at] as number) >> 1) & 7;
  const middle = packet.readUInt16BE(at + 1) >> 1;
  const low = packet.readUInt16BE(at + 3) >> 1;
  return (high * 2 ** 30 + middle * 2 ** 15 + low) / 90;
}

/** ISO 13818-1, 2.4.4.8: of the program's first stream. */
function streamTypeOf(packet: Buffer): number | null {
  const at = payloadAt(packet);
  const section = at + 1 + (packet[at] ?? 0);
  if (section + 12 > PACKET) return null;
  const first = section + 12 + (packet.readUInt16BE(section + 10) & 0xfff);
  return packet[first] ?? null;
}

/** So many bytes tell the time. */
const STAMP_BYTES = 6;

/** For ffmpeg's `geq`: pixel x is the x-th byte of the picture's time in milliseconds, the lowest first. */
export const STAMP_FILTER = `geq=lum='mod(floor(T*${SECOND}/pow(256,X)),256)'`;

/** Its pixels as a time. */
export function stampIn(pixels: Uint8Array, at: number): Ms {
  let ms = 0;
  for (let i = STAMP_BYTES - 1; i >= 0; i--) ms = ms * 256 + (pixels[at + i] ?? 0);
  return ms;
}
