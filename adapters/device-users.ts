/** Whom a device knows, as makes tell it: numbers and names made fit to be shown, and questions that wait for a device to come. */
import type { Ms } from '../rules/time.ts';
import type { ClockLoss, DeviceUser } from './clock.ts';
import type { DeviceClock } from './device-clock.ts';

const LONGEST_NAME = 64;
const GBK = new TextDecoder('gb18030');

/** A name as it stands on a device; null = nothing that can be read. */
export function shownName(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  const text = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\ufffd]/gu, '').trim();
  return text === '' ? null : text.slice(0, LONGEST_NAME);
}

/** Devices write UTF-8 or GBK, and say nowhere which; up to the first zero byte. */
export function nameIn(bytes: Uint8Array): string | null {
  const end = bytes.indexOf(0);
  const written = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return shownName(new TextDecoder('utf-8', { fatal: true }).decode(written));
  } catch {
    return shownName(GBK.decode(written));
  }
}

/** Each number once, as it was told last, in order. */
export function eachOnce(users: readonly DeviceUser[]): readonly DeviceUser[] {
  const byCredential = new Map(users.map((user) => [user.credential, user]));
  const byNumber = (one: DeviceUser, other: DeviceUser): number =>
    one.credential.localeCompare(other.credential, 'en', { numeric: true });
  return [...byCredential.values()].sort(byNumber);
}

export type UsersAnswer = readonly DeviceUser[] | ClockLoss;

/** Somebody who wants to know, and waits until the device is there to be asked. */
export class UsersQuestion {
  readonly #waiting = new Set<(answer: UsersAnswer) => void>();

  get isOpen(): boolean {
    return this.#waiting.size > 0;
  }

  /** Resolves with the answer, or after a while with the word that none came. */
  async wait(
    clock: Pick<DeviceClock, 'after'>,
    withinMs: Ms,
    signal: AbortSignal,
    late: ClockLoss,
  ): Promise<UsersAnswer> {
    const { promise, resolve } = Promise.withResolvers<UsersAnswer>();
    this.#waiting.add(resolve);
    const cancel = clock.after(withinMs, () => resolve(late));
    const stop = (): void => resolve({ reason: 'ended', detail: 'stopped' });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await promise;
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(resolve);
    }
  }

  answer(answer: UsersAnswer): void {
    for (const resolve of this.#waiting) resolve(answer);
    this.#waiting.clear();
  }
}
