/** One still picture of a camera, from the address it names for it. */
import type { Ms } from '../../rules/time.ts';
import { DeviceFault } from '../device-fault.ts';
import { askDevice, type HttpSurroundings } from '../device-http.ts';
import type { HttpLogin } from '../digest-auth.ts';
import { MOST_PIXELS } from './ffmpeg-command.ts';

export interface SnapshotOptions {
  /** http or https, without credentials. */
  readonly url: string;
  readonly login: HttpLogin | null;
  readonly timeoutMs: Ms;
}

export interface Snapshot {
  /** As the camera sent it. */
  readonly jpeg: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A picture of 50 megapixels takes some 20 MB at its best quality. */
const MOST_BYTES = 24 << 20;

/** Rejects with a `DeviceFault`. */
export async function fetchSnapshot(
  around: HttpSurroundings,
  { url, login, timeoutMs }: SnapshotOptions,
): Promise<Snapshot> {
  const question = { url, login, post: null, timeoutMs, mostBytes: MOST_BYTES };
  const { status, type, body, offered } = await askDevice(around, question);
  if (offered.includes('basic'))
    throw new DeviceFault('refused', 'wants the password in clear; turn on digest in the camera, or use https');
  if (offered.length > 0)
    throw new DeviceFault('refused', `asks for a way of logging in that is not known here (${offered.join(', ')})`);
  if (status === 404) throw new DeviceFault('not-found', 'has no picture there (404)');
  if (status === 403) throw new DeviceFault('locked-out', 'lets nobody in (403): locked, or this user may not');
  if (status !== 200) throw new DeviceFault('refused', `answered ${status}`);
  const size = jpegSize(body);
  if (size === null)
    throw new DeviceFault('no-picture', `sends no JPEG picture but ${type === '' ? 'something' : type}`);
  if (size.widthPx * size.heightPx > MOST_PIXELS)
    throw new DeviceFault('too-large', `sends ${size.widthPx}×${size.heightPx} pixels`);
  if (body.lastIndexOf(END) < size.dataAt) throw new DeviceFault('broken-off', 'sent only a part of the picture');
  return { jpeg: body, widthPx: size.widthPx, heightPx: size.heightPx };
}

const END = Buffer.from('ffd9', 'hex');

/** From the frame header; null = it is no JPEG picture. `dataAt`: where the header ends. */
function jpegSize(
  bytes: Buffer,
): { readonly widthPx: number; readonly heightPx: number; readonly dataAt: number } | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    // Bytes to fill, and markers without anything behind them.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { heightPx: bytes.readUInt16BE(at + 5), widthPx: bytes.readUInt16BE(at + 7), dataAt: at + 9 };
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
