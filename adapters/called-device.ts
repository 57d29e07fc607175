/**
 * A device that we call: its events are listened to for as long as it sends any, and between them it is asked from time to time
 * for what was not heard.
 */
import { type Ms, SECOND } from '../rules/time.ts';
import type { ClockDelivery, ClockListener, ClockLoss, ClockLossReason, ClockSurroundings } from './clock.ts';
import { pause } from './device-clock.ts';
import { DeviceFault, type FaultReason } from './device-fault.ts';
import { askDevice, type HttpAnswer, withPass } from './device-http.ts';
import type { HttpLogin } from './digest-auth.ts';
import type { Pass } from './login-gate.ts';
import type { Part } from './multipart.ts';
import { partStream } from './part-stream.ts';

export interface DeviceAddress {
  /** http or https, its host and port. */
  readonly url: URL;
  /** Null = it asks for none. */
  readonly login: HttpLogin | null;
}

/** Where a device is, by its configured address; a login written into the address is taken from there. */
export function deviceAddress(url: string, username: string | null, password: string | null): DeviceAddress {
  const at = new URL(url);
  const user = username ?? decodeURIComponent(at.username);
  const login = user === '' ? null : { user, password: password ?? decodeURIComponent(at.password) };
  return { url: new URL(at.origin), login };
}

export interface DeviceQuestion {
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly post?: { readonly body: string; readonly type: string; readonly method?: 'PUT' };
  readonly isLoginProven?: boolean;
}

/** Asks, and answers whatever the device says. Rejects with a `DeviceFault`. */
export type Ask = (question: DeviceQuestion) => Promise<HttpAnswer>;

/** Asks once, beside whatever else goes on with the device; answers why not where it cannot be asked. */
export async function askBeside<T>(
  around: ClockSurroundings,
  address: DeviceAddress,
  signal: AbortSignal,
  work: (ask: Ask) => Promise<T>,
): Promise<T | ClockLoss> {
  try {
    return await work((question) => askAt(around, address, question, signal));
  } catch (error) {
    if (!(error instanceof DeviceFault)) throw error;
    return lossOf(error);
  }
}

function askAt(
  around: ClockSurroundings,
  { url, login }: DeviceAddress,
  { target, post, isLoginProven = false }: DeviceQuestion,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return askDevice(around, {
    ...{ url: `${url.origin}${target}`, login, post: post ?? null, signal, isLoginProven },
    ...{ timeoutMs: ANSWER_MS, mostBytes: MOST_ANSWER_BYTES },
  });
}

/** Wakes whoever waits before its time. */
export class Wake {
  #wake: () => void = () => {};
  #isWoken = false;

  now(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Resolves after the time, when woken, or when `signal` is aborted. */
  async wait(around: ClockSurroundings, delayMs: Ms, signal: AbortSignal): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    if (this.#isWoken) waking.abort();
    await pause(around.clock, delayMs, AbortSignal.any([signal, waking.signal]));
    this.#isWoken = false;
  }
}

export interface CallOptions {
  readonly around: ClockSurroundings;
  readonly address: DeviceAddress;
  /** Null = it is only asked. */
  readonly stream: {
    readonly target: string;
    /** Without a part for longer it is given up. */
    readonly silenceMs: Ms;
    readonly onPart: (part: Part) => Promise<void>;
  } | null;
  /** Asks for what there is; begins when the login is known to work, and never runs twice at once. */
  readonly look: (ask: Ask, signal: AbortSignal) => Promise<void>;
  readonly everyMs: Ms;
  /** Brings the next look forward. */
  readonly wake: Wake;
}

const CONNECT_MS = 15 * SECOND;
const ANSWER_MS = 30 * SECOND;
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;
/** Between two looks, however much there is to look for. */
const LEAST_PAUSE_MS = 250;

/** Until the device, a fault, or `signal` ends it. */
export async function callDevice(
  options: CallOptions,
  listener: ClockListener,
  signal: AbortSignal,
): Promise<ClockLoss> {
  return await new Call(options, listener, signal).life();
}

class Call {
  readonly #options: CallOptions;
  readonly #listener: ClockListener;
  readonly #ending = new AbortController();
  readonly #signal: AbortSignal;
  #loss: ClockLoss | null = null;
  #isOpen = false;
  /** When something was heard last, in elapsed time; null while what came is being kept. */
  #heardAt: Ms | null;

  constructor(options: CallOptions, listener: ClockListener, signal: AbortSignal) {
    this.#options = options;
    this.#listener = listener;
    this.#signal = AbortSignal.any([signal, this.#ending.signal]);
    this.#heardAt = options.around.clock.elapsed();
  }

  async life(): Promise<ClockLoss> {
    const { around, address, stream } = this.#options;
    try {
      if (stream === null) await this.#looks();
      else if (address.login === null) await this.#listen(null);
      else {
        const entrant = { host: address.url.hostname, login: address.login, signal: this.#signal };
        await withPass(around.gate, entrant, (pass) => this.#listen(pass));
      }
    } catch (error) {
      if (!(error instanceof DeviceFault)) throw error;
      this.#end(lossOf(error));
    }
    return this.#loss ?? { reason: 'ended', detail: '' };
  }

  async #listen(pass: Pass | null): Promise<void> {
    const { address, stream } = this.#options;
    if (stream === null) return;
    let cancel = this.#watch(stream.silenceMs);
    let looking: Promise<void> | null = null;
    try {
      const end = await partStream({
        ...address,
        target: stream.target,
        signal: this.#signal,
        onOpen: () => {
          this.#isOpen = true;
          pass?.accepted();
          this.#hear();
          cancel();
          cancel = this.#watch(stream.silenceMs);
          looking = this.#looks();
          // The stream must not go on meanwhile; what is no fault of the device is thrown below.
          looking.catch((error: unknown) => {
            if (error instanceof DeviceFault) this.#end(lossOf(error));
            this.#ending.abort();
          });
        },
        onPart: async (part) => {
          this.#heardAt = null;
          await stream.onPart(part);
          this.#hear();
        },
      });
      if (end.reason === 'wrong-login' || end.reason === 'locked-out') pass?.refused(end.reason);
      // Whoever is refused as one too many has been let in.
      else if (end.reason === 'unfit' || end.reason === 'not-found') pass?.accepted();
      this.#end(end);
      // A stream that cannot be had leaves the log, which is asked at least once.
      if (!this.#isOpen && (end.reason === 'unfit' || end.reason === 'not-found')) await this.#lookOnce();
    } finally {
      cancel();
      this.#ending.abort();
      await looking;
    }
  }

  #end(loss: ClockLoss): void {
    this.#loss ??= loss;
  }

  #hear(): void {
    this.#heardAt = this.#options.around.clock.elapsed();
    this.#listener.heard();
  }

  /** Gives up a stream that does not begin, or that is silent though nothing of it waits here. */
  #watch(silenceMs: Ms): () => void {
    const { clock } = this.#options.around;
    let cancel = (): void => {};
    const watch = (): void => {
      const limitMs = this.#isOpen ? silenceMs : CONNECT_MS;
      const leftMs = (this.#heardAt ?? clock.elapsed()) + limitMs - clock.elapsed();
      if (leftMs > 0) cancel = clock.after(Math.max(1, Math.min(leftMs, limitMs)), watch);
      else {
        const detail = this.#isOpen ? `neither record nor heartbeat for ${limitMs} ms` : 'no answer in time';
        this.#end({ reason: this.#isOpen ? 'silent' : 'offline', detail });
        this.#ending.abort();
      }
    };
    watch();
    return () => cancel();
  }

  async #looks(): Promise<void> {
    const { around, everyMs, wake } = this.#options;
    while (!this.#signal.aborted) {
      await this.#lookOnce();
      await pause(around.clock, LEAST_PAUSE_MS, this.#signal);
      await wake.wait(around, everyMs - LEAST_PAUSE_MS, this.#signal);
    }
  }

  async #lookOnce(): Promise<void> {
    const signal = this.#signal;
    const { around, address } = this.#options;
    try {
      await this.#options.look((question) => askAt(around, address, question, signal), signal);
      if (!signal.aborted) this.#listener.heard();
    } catch (error) {
      if (!signal.aborted) throw error;
      if (!(error instanceof DeviceFault)) throw error;
    }
  }
}

const REASONS: Readonly<Record<FaultReason, ClockLossReason>> = {
  offline: 'offline',
  timeout: 'offline',
  'broken-off': 'ended',
  'login-needed': 'wrong-login',
  'wrong-login': 'wrong-login',
  'locked-out': 'locked-out',
  'login-closed': 'wrong-login',
  'not-found': 'not-found',
  elsewhere: 'unfit',
  'too-large': 'unfit',
  'not-onvif': 'unfit',
  'no-picture': 'unfit',
  refused: 'unfit',
};

/** Why a clock is not heard, by what was wrong with a question to it. */
export function lossOf(fault: DeviceFault): ClockLoss {
  return { reason: REASONS[fault.reason], detail: `the device ${fault.message}` };
}

/** Whether it is durable; false = `signal` was aborted first, and nobody may rely on it. */
export async function kept(listener: ClockListener, delivery: ClockDelivery, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const aborted = Promise.withResolvers<false>();
  const end = (): void => aborted.resolve(false);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([listener.deliver(delivery).then(() => true as const), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
