/** Who listens to a clock in a test: keeps what is delivered as the ledger does, each touch once, and can hold back or die. */
import type {
  ClockDelivery,
  ClockListener,
  ClockMemory,
  ClockRecord,
  ClockSign,
  ClockSurroundings,
  PunchReading,
  Refused,
} from '../../adapters/clock.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { zoneTable } from '../../config/zone-table.ts';
import type { Ms } from '../../rules/time.ts';
import { cameraAround } from './camera-around.ts';

/** Of whom and when, which is what makes a touch the same one. */
export const touchOf = ({ punch }: { readonly punch: Pick<PunchReading, 'credential' | 'deviceAt'> }): string =>
  `${punch.credential}@${punch.deviceAt}`;

export interface ClockEar {
  readonly listener: ClockListener;
  /** By touch; survives `kill`. */
  readonly kept: Map<string, ClockRecord>;
  readonly refused: Refused[];
  readonly signs: ClockSign[];
  readonly completes: Ms[];
  readonly gaps: { readonly from: number; readonly to: number; readonly isAskedFor: boolean }[];
  /** How many records were delivered, the same ones counted each time. */
  delivered: number;
  /** All that the device said of itself, the latest of each. */
  about(): Readonly<Record<string, string>>;
  /** From now on nothing becomes durable, until `release`. */
  hold(): void;
  release(): void;
  /** What was delivered and not yet durable is lost, and whoever waits for it waits for ever. */
  kill(): void;
}

export function clockEar(kept = new Map<string, ClockRecord>()): ClockEar {
  let waiting: (() => void)[] = [];
  let isHeld = false;
  const ear: ClockEar = {
    kept,
    refused: [],
    signs: [],
    completes: [],
    gaps: [],
    delivered: 0,
    about: () => Object.assign({}, ...ear.signs.map(({ about }) => about ?? {})),
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      for (const commit of waiting.splice(0)) commit();
    },
    kill: () => {
      waiting = [];
      isHeld = true;
    },
    listener: {
      deliver: (delivery: ClockDelivery) =>
        new Promise<void>((resolve) => {
          const commit = (): void => {
            ear.delivered += delivery.records.length;
            for (const record of delivery.records) if (!kept.has(touchOf(record))) kept.set(touchOf(record), record);
            ear.refused.push(...(delivery.refused ?? []));
            resolve();
          };
          if (isHeld) waiting.push(commit);
          else commit();
        }),
      heard: (sign) => void (sign !== undefined && ear.signs.push(sign)),
      complete: (at) => void ear.completes.push(at),
      gap: (gap) => void ear.gaps.push(gap),
    },
  };
  return ear;
}

/** As the ledger keeps it: what was set is there after a restart. */
export function clockMemory(
  values = new Map<string, string>(),
): ClockMemory & { readonly values: Map<string, string> } {
  return { values, get: (name) => values.get(name) ?? null, set: (name, value) => void values.set(name, value) };
}

export interface PassingTime {
  readonly clock: DeviceClock;
  /** Lets so much time pass; what was to happen meanwhile happens. */
  pass(lengthMs: Ms): void;
}

/** Time that passes when told, from an instant on. */
export function passingTime(from: Ms): PassingTime {
  let [now, elapsed] = [from, 0];
  let timers: { readonly at: Ms; readonly wake: () => void }[] = [];
  return {
    clock: {
      now: () => now,
      elapsed: () => elapsed,
      after: (delayMs, wake) => {
        const timer = { at: elapsed + delayMs, wake };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    pass: (lengthMs) => {
      [now, elapsed] = [now + lengthMs, elapsed + lengthMs];
      const due = timers.filter(({ at }) => at <= elapsed);
      timers = timers.filter(({ at }) => at > elapsed);
      for (const { wake } of due) wake();
    },
  };
}

/** What a clock of a test lives in: in Shanghai, in real time unless told otherwise. */
export function clockAround({
  clock = cameraAround().clock,
  ...rest
}: Partial<ClockSurroundings> = {}): ClockSurroundings {
  return {
    hall: 'h1',
    device: 'clock-1',
    zone: zoneTable('Asia/Shanghai'),
    clock,
    random: () => 0.5,
    gate: new LoginGate(clock),
    memory: clockMemory(),
    tellsTime: () => true,
    ...rest,
  };
}
