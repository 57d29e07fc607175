/**
 * Who may log in, host by host. Cameras and recorders lock an address out for half an hour after a handful of wrong
 * passwords, and then refuse the right one too; a recorder has many cameras, and all of them come back at once.
 *
 * So a login that has not worked yet is tried by one camera of its host alone while the others wait; a refusal is tried
 * once more after a minute, because cameras sometimes refuse for no reason, and then every half hour. Another login of
 * the same host may be tried at once, as long as the host has not refused too often lately.
 */
import { MINUTE, type Ms } from '../rules/time.ts';
import type { DeviceClock } from './device-clock.ts';

export interface GateLimits {
  /** After the first refusal of a login. */
  readonly firstRetryMs: Ms;
  /** After every further one, and after being locked out. */
  readonly retryMs: Ms;
  /** Refusals of one host, whatever the login, within `retryMs`: then nobody tries. */
  readonly refusals: number;
}

export const GATE_LIMITS: GateLimits = { firstRetryMs: MINUTE, retryMs: 30 * MINUTE, refusals: 4 };

/** The right to try one login; `leave` must be called when the connection is over. */
export interface Pass {
  /** The camera sent a picture: the login works. */
  accepted(): void;
  /** The camera refused it. The answer: when to try again, in elapsed time. */
  refused(kind: 'wrong-login' | 'locked-out'): Ms;
  leave(): void;
}

export interface Entry {
  readonly host: string;
  /** Null = nobody logs in. */
  readonly login: string | null;
  readonly signal: AbortSignal;
  readonly onClosed: (until: Ms) => void;
}

interface Host {
  readonly waiting: Set<() => void>;
  /** How many connections each login holds open. */
  readonly open: Map<string, number>;
  /** Until when a login is not tried. */
  readonly closedUntil: Map<string, Ms>;
  /** Logins that were refused since they last worked. */
  readonly doubted: Set<string>;
  refusedAt: Ms[];
  isTried: boolean;
}

export class LoginGate {
  readonly #clock: DeviceClock;
  readonly #limits: GateLimits;
  readonly #hosts = new Map<string, Host>();

  constructor(clock: DeviceClock, limits: GateLimits = GATE_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Waits until this login may be tried at this host. Null = aborted while waiting. `onClosed` is told when it has to wait
   * for more than somebody else's trial, and until when.
   */
  async enter({ host: name, login, signal, onClosed }: Entry): Promise<Pass | null> {
    const host = this.#host(name);
    const key = login ?? '';
    for (;;) {
      if (signal.aborted) return null;
      const mayAt = this.#mayAt(host, key);
      const works = (host.open.get(key) ?? 0) > 0 || login === null;
      if (mayAt <= this.#clock.elapsed() && (works || !host.isTried)) return this.#pass(host, key, !works);
      if (mayAt > this.#clock.elapsed()) onClosed(mayAt);
      await this.#news(host, mayAt, signal);
    }
  }

  #mayAt(host: Host, key: string): Ms {
    const { refusals, retryMs } = this.#limits;
    const worn = host.refusedAt.at(-refusals);
    return Math.max(host.closedUntil.get(key) ?? 0, worn === undefined ? 0 : worn + retryMs);
  }

  #pass(host: Host, key: string, isTrial: boolean): Pass {
    let [isTrying, isOpen, isOver] = [isTrial, false, false];
    if (isTrial) host.isTried = true;
    const tried = (): void => {
      if (isTrying) host.isTried = false;
      isTrying = false;
    };
    return {
      accepted: () => {
        if (isOpen || isOver) return;
        isOpen = true;
        host.open.set(key, (host.open.get(key) ?? 0) + 1);
        host.doubted.delete(key);
        host.closedUntil.delete(key);
        tried();
        wake(host);
      },
      refused: (kind) => {
        this.#refuse(host, key, kind);
        return this.#mayAt(host, key);
      },
      leave: () => {
        if (isOver) return;
        isOver = true;
        if (isOpen) host.open.set(key, (host.open.get(key) ?? 1) - 1);
        tried();
        wake(host);
      },
    };
  }

  #refuse(host: Host, key: string, kind: 'wrong-login' | 'locked-out'): void {
    const { firstRetryMs, retryMs, refusals } = this.#limits;
    const now = this.#clock.elapsed();
    const isFirst = kind === 'wrong-login' && !host.doubted.has(key);
    const closedUntil = host.closedUntil.get(key) ?? 0;
    host.doubted.add(key);
    host.refusedAt = [...host.refusedAt.filter((at) => at > now - retryMs), now].slice(-refusals);
    // Cameras that were connecting side by side are all refused for the one reason: that is no second refusal.
    if (kind === 'wrong-login' && closedUntil > now) return;
    host.closedUntil.set(key, now + (isFirst ? firstRetryMs : retryMs));
  }

  #news(host: Host, at: Ms, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const now = this.#clock.elapsed();
      let cancel = (): void => {};
      const done = (): void => {
        cancel();
        host.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      host.waiting.add(done);
      signal.addEventListener('abort', done);
      if (at > now) cancel = this.#clock.after(at - now, done);
    });
  }

  #host(name: string): Host {
    const known = this.#hosts.get(name);
    if (known !== undefined) return known;
    const host: Host = {
      waiting: new Set(),
      open: new Map(),
      closedUntil: new Map(),
      doubted: new Set(),
      refusedAt: [],
      isTried: false,
    };
    this.#hosts.set(name, host);
    return host;
  }
}

function wake(host: Host): void {
  for (const done of [...host.waiting]) done();
}
