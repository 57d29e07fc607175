/** The life of a witness, whatever it speaks: connected, listened to, given up when silent, and tried again after a while. */
import type { PresenceState } from '../../rules/facts.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { type DeviceClock, pause } from '../device-clock.ts';
import type { LoginGate, Pass } from '../login-gate.ts';
import type { Witness, WitnessListener, WitnessLoss } from './witness.ts';

export interface WitnessLimits {
  /** From the first attempt to connect until what was asked for is there. */
  readonly connectMs: Ms;
  /** Pauses between attempts; the last one repeats. */
  readonly backOffMs: readonly Ms[];
  /** The share by which pauses are longer or shorter by chance, so that witnesses do not come back together. */
  readonly jitter: number;
  /** So long a connection must have lasted for the pauses to begin anew. */
  readonly steadyMs: Ms;
  /** Where the device has nothing of the kind. */
  readonly misconfiguredMs: Ms;
  /** A device's time counts if it is no more than this before ours; otherwise what it said began when it came. */
  readonly toleranceMs: Ms;
}

export const WITNESS_LIMITS: WitnessLimits = {
  connectMs: 15 * SECOND,
  backOffMs: [1, 1, 2, 5, 10, 30, 60].map((seconds) => seconds * SECOND),
  jitter: 0.2,
  steadyMs: MINUTE,
  misconfiguredMs: 5 * MINUTE,
  toleranceMs: 10 * SECOND,
};

/** What all witnesses of a hall share. */
export interface WitnessSurroundings {
  readonly clock: DeviceClock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Shared with whatever else logs in to the same devices. */
  readonly gate: LoginGate;
  readonly limits?: Partial<WitnessLimits>;
}

/** What came of a zone. */
export interface Word {
  readonly zone: string;
  readonly state: PresenceState;
  /** How long it holds if it is not said again; null = until something else is said. */
  readonly holdMs: Ms | null;
  /** When it was, by the device's clock; null = it did not say. */
  readonly deviceAt?: Ms | null;
}

/** One connection, as the one who listens sees it. */
export interface WitnessCall {
  /** Aborted when the connection shall end. */
  readonly signal: AbortSignal;
  /** The login works, though nothing else is known yet. */
  loggedIn(): void;
  /** What was asked for is there, the login with it: words may come. */
  connected(): void;
  /** A sign of life, such as a heartbeat. */
  heartbeat(): void;
  /** Something said of a zone, which is a sign of life as well. */
  say(word: Word): void;
  misheard(because: string): void;
}

export interface WitnessLifeOptions {
  readonly around: WitnessSurroundings;
  /** Whose logins are counted together. */
  readonly host: string;
  /** Who logs in, as one text to compare; null = nobody. Never shown. */
  readonly login: string | null;
  /** Without a sign of life for longer than this it is given up. */
  readonly silenceMs: Ms;
  /** What it means that nothing of what was asked for came in time, in plain words. */
  readonly unanswered: string;
  /** Connects and listens until the connection has ended or `signal` is aborted; the answer: why it ended. */
  readonly listen: (call: WitnessCall) => Promise<WitnessLoss>;
}

/** What is known of a zone. */
interface Known {
  state: PresenceState;
  at: Ms;
  forget: () => void;
}

const NOTHING = (): void => {};

export function witnessLife(options: WitnessLifeOptions): Witness {
  let life: { readonly ended: Promise<void>; readonly stopping: AbortController } | null = null;
  return {
    start(listener) {
      const stopping = new AbortController();
      life ??= { ended: new WitnessLife(options, listener).live(stopping.signal), stopping };
    },
    async stop() {
      life?.stopping.abort();
      await life?.ended;
    },
  };
}

class WitnessLife {
  readonly #options: WitnessLifeOptions;
  readonly #listener: WitnessListener;
  readonly #limits: WitnessLimits;
  readonly #zones = new Map<string, Known>();
  #failures = 0;
  /** What was told last; null = that it is heard, or nothing. */
  #told: WitnessLoss['reason'] | null = null;

  constructor(options: WitnessLifeOptions, listener: WitnessListener) {
    this.#options = options;
    this.#listener = listener;
    this.#limits = { ...WITNESS_LIMITS, ...options.around.limits };
  }

  async live(signal: AbortSignal): Promise<void> {
    const { host, login, around } = this.#options;
    const { clock, gate } = around;
    while (!signal.aborted) {
      const pass = await gate.enter({ host, login, signal, onClosed: (until) => this.#refusedAlready(until) });
      if (pass === null) return;
      const { loss, lastedMs } = await this.#connect(pass, signal);
      if (!signal.aborted) {
        if (lastedMs >= this.#limits.steadyMs) this.#failures = 0;
        const retryMs = this.#retryMs(loss, pass);
        pass.leave();
        this.#lost(loss, retryMs);
        await pause(clock, retryMs, signal);
      } else pass.leave();
    }
    this.#forget();
  }

  /** One connection, from its beginning to its end. */
  async #connect(pass: Pass, stopping: AbortSignal): Promise<{ readonly loss: WitnessLoss; readonly lastedMs: Ms }> {
    const { around, silenceMs, unanswered, listen } = this.#options;
    const { clock } = around;
    const { connectMs } = this.#limits;
    const ending = new AbortController();
    const end = (): void => ending.abort();
    stopping.addEventListener('abort', end, { once: true });
    let [connectedAt, givenUp]: [Ms | null, WitnessLoss | null] = [null, null];
    let heardAt = clock.elapsed();
    let cancel = NOTHING;
    const watch = (): void => {
      const limitMs = connectedAt === null ? connectMs : silenceMs;
      const leftMs = heardAt + limitMs - clock.elapsed();
      if (leftMs > 0) {
        cancel = clock.after(Math.max(1, leftMs), watch);
        return;
      }
      givenUp = connectedAt === null ? { reason: 'offline', detail: unanswered } : silent(limitMs);
      end();
    };
    watch();
    const live = (): boolean => !ending.signal.aborted;
    const heartbeat = (): void => {
      heardAt = clock.elapsed();
    };
    const loss = await listen({
      signal: ending.signal,
      loggedIn: () => pass.accepted(),
      connected: () => {
        if (connectedAt !== null || !live()) return;
        heartbeat();
        connectedAt = heardAt;
        cancel();
        watch();
        pass.accepted();
        this.#told = null;
        this.#listener.back(clock.now());
      },
      heartbeat,
      say: (word) => {
        heartbeat();
        if (live()) this.#say(word);
      },
      misheard: (because) => {
        if (live()) this.#listener.misheard(because);
      },
    });
    cancel();
    stopping.removeEventListener('abort', end);
    return { loss: givenUp ?? loss, lastedMs: connectedAt === null ? 0 : clock.elapsed() - connectedAt };
  }

  #say({ zone, state, holdMs, deviceAt = null }: Word): void {
    const { clock } = this.#options.around;
    const before = this.#zones.get(zone);
    before?.forget();
    const at = Math.max(this.#begunAt(deviceAt), before?.at ?? Number.NEGATIVE_INFINITY);
    const isNews = before?.state !== state;
    const known: Known = { state, at: isNews ? at : (before?.at ?? at), forget: NOTHING };
    if (holdMs !== null) known.forget = clock.after(holdMs, () => this.#say({ zone, state: 'unknown', holdMs: null }));
    this.#zones.set(zone, known);
    // Nothing was known of it before, and that is no news.
    if (isNews && !(before === undefined && state === 'unknown')) this.#listener.says(zone, state, at);
  }

  /** Clocks of cameras are often wrong by hours: what they say counts only where it agrees with ours. */
  #begunAt(deviceAt: Ms | null): Ms {
    const now = this.#options.around.clock.now();
    if (deviceAt === null) return now;
    return deviceAt <= now && deviceAt >= now - this.#limits.toleranceMs ? deviceAt : now;
  }

  #retryMs({ reason }: WitnessLoss, pass: Pass): Ms {
    const { clock, random } = this.#options.around;
    const { backOffMs, jitter, misconfiguredMs } = this.#limits;
    if (reason === 'wrong-login' || reason === 'locked-out')
      return Math.max(0, Math.round(pass.refused(reason) - clock.elapsed()));
    const pauseMs =
      reason === 'not-found' ? misconfiguredMs : (backOffMs[Math.min(this.#failures++, backOffMs.length - 1)] ?? 0);
    return Math.round(pauseMs * (1 + jitter * (2 * random() - 1)));
  }

  /** Somebody else was refused with the same login, or this one was. */
  #refusedAlready(until: Ms): void {
    if (this.#told === 'wrong-login' || this.#told === 'locked-out') return;
    const detail = 'this login was refused at the same host';
    this.#lost({ reason: 'wrong-login', detail }, Math.round(until - this.#options.around.clock.elapsed()));
  }

  #lost(loss: WitnessLoss, retryMs: Ms): void {
    this.#forget();
    if (this.#told === loss.reason) return;
    this.#told = loss.reason;
    this.#listener.lost(loss, this.#options.around.clock.now(), retryMs);
  }

  #forget(): void {
    for (const { forget } of this.#zones.values()) forget();
    this.#zones.clear();
  }
}

const silent = (limitMs: Ms): WitnessLoss => ({
  reason: 'silent',
  detail: `neither word nor heartbeat for ${limitMs} ms`,
});
