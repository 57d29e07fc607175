/** What the time series has of clocks, minute by minute. */
import { expect, test } from 'vitest';
import { type Measured, readingPoints } from '../../../daemon/clocks/reading-points.ts';
import { MINUTE, SECOND } from '../../../rules/time.ts';

const AT = Date.UTC(2026, 2, 2, 1);
const AGO = { lately: AT - 20 * SECOND, earlier: AT - 2 * MINUTE };

/** A clock of which a punch came lately, three seconds after it was made. */
const PUNCHES: Measured = {
  device: 'clock-1',
  state: 'online',
  offsetMs: null,
  measuredAt: null,
  lagMs: 3000,
  takenAt: AGO.lately,
};

test.each<[string, Partial<Measured>, Record<string, number> | null]>([
  ['that punches is online, though it never said so', {}, { online: 1, lag_ms: 3000 }],
  ['of which a kept punch comes while it is away is not', { state: 'offline' }, { online: 0, lag_ms: 3000 }],
  [
    'whose clock was measured says by how much it is off',
    { takenAt: AGO.earlier, offsetMs: -1500, measuredAt: AGO.lately },
    { online: 1, clock_offset_ms: -1500 },
  ],
  ['that was measured and not heard says no more', { state: 'unheard' }, { lag_ms: 3000 }],
  ['of which nothing came says nothing', { takenAt: AGO.earlier }, null],
])('a clock %s', (_, about, fields) => {
  const points = readingPoints([{ ...PUNCHES, ...about }], () => 'attendance', AT);
  const tags = { device: 'clock-1', kind: 'attendance' };
  expect(points).toEqual(fields === null ? [] : [{ measurement: 'device', tags, fields, at: AT }]);
});
