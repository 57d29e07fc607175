/** A terminal on the network that is called, pushes, or both: its roads, how long it may be silent, and its clock. */
import { MINUTE, type Ms, SECOND } from '../rules/time.ts';
import { type Ask, askBeside, callDevice, deviceAddress, type Wake } from './called-device.ts';
import type { ClockListener, ClockLoss, ClockSurroundings, ConnectedClock, DeviceUser } from './clock.ts';
import type { Part } from './multipart.ts';
import { isPicture, takePushed } from './pushed.ts';

/** What the options of every make say of it. */
export interface TerminalOptions {
  /** Null = it only pushes. */
  readonly url: string | null;
  readonly listen: 'stream' | 'log';
  readonly every: Ms;
  /** As the hall wants it; null = as fits its roads. */
  readonly silence: Ms | null;
  /** Null = in the address, or none. */
  readonly username: string | null;
  readonly password: string | null;
  /** Whether its clock may be set. */
  readonly setTime: boolean;
}

export interface Terminal {
  listen(url: string, listener: ClockListener, signal: AbortSignal): ReturnType<NonNullable<ConnectedClock['listen']>>;
  /** Keeps what documents say that it streamed or pushed. `about`: by which way they came. */
  take(documents: readonly Uint8Array[], about: string, listener: ClockListener, signal: AbortSignal): Promise<unknown>;
  /** Whom it knows. Rejects with a `DeviceFault`. */
  users(ask: Ask): Promise<readonly DeviceUser[]>;
}

/** A device that is only asked may miss a question. */
const LOOKS_MISSED = 3;
/** Its clock is set if it is off by more. */
const OFF_MS = 5 * SECOND;

/** `streamMs`: how long its stream may be silent, by its heartbeats. Null of a device that only pushes, which is silent while nobody comes. */
function silenceOf({ silence, url, listen, every }: TerminalOptions, streamMs: Ms): Ms | null {
  if (silence !== null) return silence;
  if (url === null) return null;
  return listen === 'stream' ? streamMs : Math.max(MINUTE, LOOKS_MISSED * every);
}

export interface TerminalSetting {
  readonly around: ClockSurroundings;
  readonly options: TerminalOptions;
  /** Where it pushes to, at the devices' address. */
  readonly path: string;
  /** How long its stream may be silent, by its heartbeats. */
  readonly streamMs: Ms;
}

export function terminalClock(
  terminal: Terminal,
  { around, options, path, streamMs }: TerminalSetting,
): ConnectedClock {
  const { url, username, password } = options;
  return {
    silenceMs: silenceOf(options, streamMs),
    http: {
      isMine: (request) => request.path === path || request.path === `${path}/`,
      handle: (request, listener) =>
        takePushed(around, request, (documents, about, signal) => terminal.take(documents, about, listener, signal)),
    },
    ...(url !== null && {
      listen: (listener, signal) => terminal.listen(url, listener, signal),
      users: (signal) =>
        askBeside(around, deviceAddress(url, username, password), signal, (ask) => terminal.users(ask)),
    }),
  };
}

/** The clock of a terminal, whatever else the terminal says with its time. */
export interface TerminalTime<T extends { readonly at: Ms }> {
  /** What it shows; null where it does not tell. Proves the login. */
  readonly read: (ask: Ask) => Promise<T | null>;
  /** Whether it took ours. */
  readonly set: (ask: Ask, now: Ms, shown: T) => Promise<boolean>;
}

/** How a terminal is called, whatever its make. */
export interface TerminalCall<T extends { readonly at: Ms }> {
  readonly around: ClockSurroundings;
  readonly url: string;
  readonly options: TerminalOptions;
  /** Its stream of events, and how long that may be silent by its heartbeats. */
  readonly target: string;
  readonly streamMs: Ms;
  /** Brings the next look forward. */
  readonly wake: Wake;
  /** Keeps an event of the stream; pictures do not come here. */
  readonly take: (event: Uint8Array) => Promise<unknown>;
  readonly time: TerminalTime<T>;
  /** Asks it what it is, once when it was reached. */
  readonly meet: (ask: Ask) => Promise<void>;
  readonly log: {
    readonly newest: number | null;
    readonly noSearch: string | null;
    connected(): void;
    look(ask: Ask, signal: AbortSignal): Promise<void>;
  };
}

/** Listens to its stream, if that is wanted, and looks into its log every now and then; until it ends. */
export async function callTerminal<T extends { readonly at: Ms }>(
  { around, url, options, target, streamMs, wake, take, time, meet, log }: TerminalCall<T>,
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
    await compareTimes(ask, time, { around, isSet: options.setTime }, listener);
    if (isFirst) await meet(ask);
    isFirst = false;
    await log.look(ask, looking);
    const search = log.noSearch === null ? 'works' : `refused (${log.noSearch})`;
    listener.heard({ about: { search }, ...(log.newest !== null && { newestSeq: log.newest }) });
  };
  const address = deviceAddress(url, username, password);
  const call = { around, address, stream: listen === 'stream' ? stream : null, look, everyMs: every, wake };
  return await callDevice(call, listener, signal);
}

/** Tells what time it shows; sets it if that is wanted, ours is not doubted, and it is off. */
async function compareTimes<T extends { readonly at: Ms }>(
  ask: Ask,
  { read, set }: TerminalTime<T>,
  { around: { clock, tellsTime }, isSet }: { readonly around: ClockSurroundings; readonly isSet: boolean },
  listener: ClockListener,
): Promise<void> {
  const shown = await read(ask);
  listener.heard(shown === null ? {} : { deviceAt: shown.at });
  if (shown === null || !isSet || !tellsTime() || Math.abs(shown.at - clock.now()) <= OFF_MS) return;
  const now = (await set(ask, clock.now(), shown)) ? await read(ask) : null;
  if (now !== null) listener.heard({ deviceAt: now.at });
}
