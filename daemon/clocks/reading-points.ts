/** The points of clocks minute by minute: what was measured of those of which something came. */
import type { Point } from '../../adapters/metrics.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { DeviceReading } from './device-book.ts';

export type Measured = Pick<DeviceReading, 'device' | 'state' | 'offsetMs' | 'measuredAt' | 'lagMs' | 'takenAt'>;

/** Of the minute up to `at`; a clock of which nothing came in it has no point. */
export function readingPoints(readings: readonly Measured[], kindOf: (device: string) => string, at: Ms): Point[] {
  const isFresh = (when: Ms | null): boolean => when !== null && when > at - MINUTE;
  return readings.flatMap(({ device, state, offsetMs, measuredAt, lagMs, takenAt }): Point[] => {
    const measured = {
      ...(isFresh(measuredAt) && offsetMs !== null ? { clock_offset_ms: offsetMs } : {}),
      ...(isFresh(takenAt) && lagMs !== null ? { lag_ms: lagMs } : {}),
    };
    if (Object.keys(measured).length === 0) return [];
    // Facts say it only of clocks that come and go: one that has always been there would never be.
    const fields = state === 'unheard' ? measured : { online: state === 'online' ? 1 : 0, ...measured };
    return [{ measurement: 'device', tags: { device, kind: kindOf(device) }, fields, at }];
  });
}
