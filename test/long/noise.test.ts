/** A working day of 104 windows and 320 people leaves supervision time for something else. */
import { expect, test } from 'vitest';
import { noiseOfDay } from '../../bench/noise.ts';

/** Live messages a day that supervision can be asked to read. */
const MOST_LIVE = 30;

test.each([2, 5])(
  'of seed %i, supervision gets few live messages, digests tell the rest, and groups are left in peace',
  (seed) => {
    const { supervision, hall, management } = noiseOfDay(seed);
    expect(supervision.live).toBeGreaterThan(0);
    expect(supervision.live).toBeLessThanOrEqual(MOST_LIVE);
    expect(supervision.digests).toBeGreaterThan(0);
    expect(supervision.digests).toBeLessThanOrEqual(3);
    expect(hall.live).toBeLessThanOrEqual(MOST_LIVE);
    expect(management.live).toBeLessThanOrEqual(supervision.live);
  },
  120_000,
);
