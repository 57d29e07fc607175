/**
 * The events that a camera's or recorder's web server sends for as long as one listens: one GET with a digest login, answered
 * with `multipart/mixed` (Hikvision) or `multipart/x-mixed-replace` (Dahua) that does not end.
 */
import type { Part } from '../multipart.ts';
import { partStream } from '../part-stream.ts';
import { type CameraAddress, readAddress } from './camera-address.ts';
import type { Witness } from './witness.ts';
import { type WitnessCall, type WitnessSurroundings, witnessLife } from './witness-life.ts';

export interface EventStreamOptions {
  readonly around: WitnessSurroundings;
  /** `http://user:password@host`, or https; with a path of its own it is asked for that instead of `path`. */
  readonly url: string;
  /** Where the device has its events, with the query. */
  readonly path: string;
  readonly silenceMs: number;
  /** A part that came; it is a sign of life whatever it says. */
  readonly onPart: (part: Part, call: WitnessCall) => void;
}

/** Throws for a `url` that is no address. */
export function eventStream({ around, url, path, silenceMs, onPart }: EventStreamOptions): Witness {
  const address = httpAddress(url);
  const place = placeOf(address, path);
  return witnessLife({
    around,
    host: address.host,
    login: address.login,
    silenceMs,
    unanswered: 'no answer in time',
    listen: (call) =>
      partStream({
        ...place,
        signal: call.signal,
        onOpen: () => call.connected(),
        onPart: (part) => {
          call.heartbeat();
          onPart(part, call);
        },
      }),
  });
}

function httpAddress(url: string): CameraAddress {
  const address = readAddress(url);
  if ('because' in address) throw new Error(`the url of a witness ${address.because}`);
  return address;
}

/** Where to ask, and as whom. */
function placeOf({ url: href, login }: CameraAddress, path: string) {
  const url = new URL(href);
  const [user = '', password = ''] = login?.split('\n') ?? [];
  const hasPath = url.pathname !== '/' || url.search !== '';
  return {
    url,
    target: hasPath ? `${url.pathname}${url.search}` : path,
    login: login === null ? null : { user, password },
  };
}
