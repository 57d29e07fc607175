/** A standalone ZKTeco device of a test, and what reads it; both end with the test. */
import { onTestFinished } from 'vitest';
import type { ClockLoss, ClockSurroundings, ConnectedClock } from '../../adapters/clock.ts';
import { type ZktecoPullOptions, zktecoPullClock } from '../../adapters/clocks/zkteco-pull.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { DAY_LENGTH, type Ms, parseInstant } from '../../rules/time.ts';
import { cameraAround } from './camera-around.ts';
import { type ClockEar, clockAround, clockEar, clockMemory } from './clock-ear.ts';
import { until } from './until.ts';
import { type PullDeviceOptions, ZktecoPullDevice } from './zkteco-pull-device.ts';

/** 08:00 in Shanghai, which devices of tests show unless told otherwise. */
export const MORNING = parseInstant('2026-03-02T08:00:00+08:00') as Ms;

export async function pullDevice(options: PullDeviceOptions = {}): Promise<ZktecoPullDevice> {
  const device = await new ZktecoPullDevice(options).start();
  onTestFinished(() => device.stop());
  return device;
}

/** Records of forty users; enough of them come in several pieces. */
export function fillLog(device: ZktecoPullDevice, count: number): void {
  for (let i = 0; i < count; i++)
    device.log.push({ id: `${1000 + (i % 40)}`, time: [2026, 3, 1 + (i % 28), i % 24, i % 60, i % 59] });
}

/** Waits until it is proven so often that everything was delivered. */
export const complete = (ear: ClockEar, count = 1): Promise<unknown> =>
  until(() => ear.completes.length >= count, { what: `${count} proofs` });

export interface Reader {
  readonly ear: ClockEar;
  readonly memory: ReturnType<typeof clockMemory>;
  /** How calls ended, where they did not end as they should. */
  readonly losses: readonly ClockLoss[];
  /** The last of them. */
  readonly loss: () => ClockLoss | null;
  readonly clock: ConnectedClock;
  /** Ends it, as the daemon does when it stops or the configuration changes. */
  stop(): Promise<void>;
}

/** What is configured for a device of a test. */
export const pullOptions = (port: number, options: Partial<ZktecoPullOptions> = {}): ZktecoPullOptions => ({
  ...{ host: '127.0.0.1', port, password: null, serial: null, series: 'classic', methods: null },
  ...{ interval: 30, backfill: 366 * DAY_LENGTH, realtime: true, setTime: false, ...options },
});

/** Calls a device again and again, as the daemon does, with short pauses, from MORNING on. */
export function zktecoReader(
  port: number,
  options: Partial<ZktecoPullOptions> = {},
  of: Partial<Pick<Reader, 'ear' | 'memory'> & Pick<ClockSurroundings, 'tellsTime'>> = {},
): Reader {
  const { ear = clockEar(), memory = clockMemory(), tellsTime = () => true } = of;
  const { clock } = cameraAround();
  const from = clock.elapsed();
  const around = clockAround({
    ...{ memory, tellsTime },
    clock: { ...clock, now: () => MORNING + Math.floor(clock.elapsed() - from) },
    gate: new LoginGate(clock, { firstRetryMs: 50, retryMs: 100, refusals: 100 }),
  });
  const made = zktecoPullClock(pullOptions(port, options), around);
  const stopping = new AbortController();
  const losses: ClockLoss[] = [];
  const life = (async () => {
    while (!stopping.signal.aborted) {
      const ended = await made.listen?.(ear.listener, stopping.signal);
      if (ended !== undefined && 'reason' in ended) losses.push(ended);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await life;
  };
  onTestFinished(stop);
  return { ear, memory, losses, loss: () => losses.at(-1) ?? null, clock: made, stop };
}
