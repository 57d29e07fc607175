/** A terminal on the network that is called, pushes, or both: its roads, and how long it may be silent. */
import { MINUTE, type Ms } from '../rules/time.ts';
import { type Ask, callDevice, deviceAddress, type Wake } from './called-device.ts';
import type {
  ClockListener,
  ClockLoss,
  ClockSurroundings,
  ConnectedClock,
  DeviceAnswer,
  DeviceRequest,
} from './clock.ts';
import type { Part } from './multipart.ts';
import { isPicture } from './pushed.ts';

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
  users(url: string, signal: AbortSignal): ReturnType<NonNullable<ConnectedClock['users']>>;
}

/** A device that is only asked may miss a question. */
const LOOKS_MISSED = 3;

/** `streamMs`: how long its stream may be silent, by its heartbeats. Null of a device that only pushes, which is silent while nobody comes. */
export function terminalSilence({ silence, url, listen, every }: TerminalRoads, streamMs: Ms): Ms | null {
  if (silence !== null) return silence;
  if (url === null) return null;
  return listen === 'stream' ? streamMs : Math.max(MINUTE, LOOKS_MISSED * every);
}

/** It pushes to `path` at the devices' address. */
export function terminalClock(
  terminal: Terminal,
  url: string | null,
  path: string,
  silenceMs: Ms | null,
): ConnectedClock {
  return {
    silenceMs,
    http: {
      isMine: (request) => request.path === path || request.path === `${path}/`,
      handle: (request, listener) => terminal.pushed(request, listener),
    },
    ...(url !== null && { listen: (listener, signal) => terminal.listen(url, listener, signal) }),
    ...(url !== null && { users: (signal) => terminal.users(url, signal) }),
  };
}

/** How a terminal is called, whatever its make. */
export interface TerminalCall {
  readonly around: ClockSurroundings;
  readonly url: string;
  readonly options: Omit<TerminalRoads, 'url'> & { readonly username: string | null; readonly password: string | null };
  /** Its stream of events, and how long that may be silent by its heartbeats. */
  readonly target: string;
  readonly streamMs: Ms;
  /** Brings the next look forward. */
  readonly wake: Wake;
  /** Keeps an event of the stream; pictures do not come here. */
  readonly take: (event: Uint8Array) => Promise<unknown>;
  /** Asks it what it is and what time it shows; `isFirst` since it was reached. */
  readonly meet: (ask: Ask, isFirst: boolean) => Promise<void>;
  readonly log: {
    readonly newest: number | null;
    readonly noSearch: string | null;
    connected(): void;
    look(ask: Ask, signal: AbortSignal): Promise<void>;
  };
}

/** Listens to its stream, if that is wanted, and looks into its log every now and then; until it ends. */
export async function callTerminal(
  { around, url, options, target, streamMs, wake, take, meet, log }: TerminalCall,
  listener: ClockListener,
  signal: AbortSignal,
): Promise<ClockLoss> {
  const { username, password, listen, every, silence } = options;
  log.connected();
  let isFirst = true;
  const stream = {
    target,
    silenceMs: silence ?? streamMs,
    onPart: async ({ headers, body }: Part) => {
      if (isPicture(headers.get('content-type') ?? '', body)) listener.heard();
      else await take(body);
    },
  };
  const look = async (ask: Ask, looking: AbortSignal): Promise<void> => {
    await meet(ask, isFirst);
    isFirst = false;
    await log.look(ask, looking);
    const search = log.noSearch === null ? 'works' : `refused (${log.noSearch})`;
    listener.heard({ about: { search }, ...(log.newest !== null && { newestSeq: log.newest }) });
  };
  const address = deviceAddress(url, username, password);
  const call = { around, address, stream: listen === 'stream' ? stream : null, look, everyMs: every, wake };
  return await callDevice(call, listener, signal);
}
