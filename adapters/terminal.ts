/** A terminal on the network that is called, pushes, or both: its roads, and how long it may be silent. */
import { DAY_LENGTH, MINUTE, type Ms } from '../rules/time.ts';
import type { ClockListener, ConnectedClock, DeviceAnswer, DeviceRequest } from './clock.ts';

/** What of its options says how it is reached. */
export interface TerminalRoads {
  /** Null = it only pushes. */
  readonly url: string | null;
  readonly listen: 'stream' | 'log';
  readonly every: Ms;
  /** As the hall wants it; null = as fits its roads. */
  readonly silence: Ms | null;
}

export interface Terminal {
  listen(url: string, listener: ClockListener, signal: AbortSignal): ReturnType<NonNullable<ConnectedClock['listen']>>;
  pushed(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer>;
}

/** A device that only pushes is silent while nobody comes. */
const PUSH_SILENCE_MS = DAY_LENGTH;
/** A device that is only asked may miss a question. */
const LOOKS_MISSED = 3;

/** `streamMs`: how long its stream may be silent, by its heartbeats. */
export function terminalSilence({ silence, url, listen, every }: TerminalRoads, streamMs: Ms): Ms {
  if (silence !== null) return silence;
  if (url === null) return PUSH_SILENCE_MS;
  return listen === 'stream' ? streamMs : Math.max(MINUTE, LOOKS_MISSED * every);
}

/** It pushes to `path` at the devices' address. */
export function terminalClock(terminal: Terminal, url: string | null, path: string, silenceMs: Ms): ConnectedClock {
  return {
    silenceMs,
    http: {
      isMine: (request) => request.path === path || request.path === `${path}/`,
      handle: (request, listener) => terminal.pushed(request, listener),
    },
    ...(url !== null && { listen: (listener, signal) => terminal.listen(url, listener, signal) }),
  };
}
