/** A ZKTeco device of a test that pushes, with the door that it pushes to. */
import type { ConnectedClock } from '../../adapters/clock.ts';
import { type ZktecoPushOptions, zktecoPushClock } from '../../adapters/clocks/zkteco-push.ts';
import { DAY_LENGTH, type Ms, parseInstant, SECOND } from '../../rules/time.ts';
import { type ClockDoor, openClockDoor } from './clock-door.ts';
import { type ClockEar, clockAround, clockEar, clockMemory, passingTime } from './clock-ear.ts';
import { type PushDeviceOptions, ZktecoPushDevice } from './zkteco-push-device.ts';

export const SERIAL = 'CKUH201260001';
export const MORNING = parseInstant('2026-03-02T08:00:00+08:00') as Ms;
export const PUSH_OPTIONS: ZktecoPushOptions = {
  serial: SERIAL,
  series: 'classic',
  methods: null,
  silence: 180 * SECOND,
  backfill: 7 * DAY_LENGTH,
  relay: null,
};

export interface PushHall {
  readonly ear: ClockEar;
  readonly door: ClockDoor;
  readonly time: ReturnType<typeof passingTime>;
  readonly memory: ReturnType<typeof clockMemory>;
  readonly device: ZktecoPushDevice;
  readonly clock: ConnectedClock;
}

/** Whoever opens it closes its door. */
export async function zktecoPushHall(
  options: Partial<ZktecoPushOptions> = {},
  of: Partial<PushDeviceOptions> & Partial<Pick<PushHall, 'ear' | 'memory' | 'time'>> & { readonly port?: number } = {},
): Promise<PushHall> {
  const { ear = clockEar(), memory = clockMemory(), time = passingTime(MORNING), port = null, ...more } = of;
  const clock = zktecoPushClock({ ...PUSH_OPTIONS, ...options }, clockAround({ clock: time.clock, memory }));
  const door = await openClockDoor(clock, ear.listener, port);
  return { ear, door, time, memory, clock, device: new ZktecoPushDevice({ server: door, serial: SERIAL, ...more }) };
}
