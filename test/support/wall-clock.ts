/** Real time in the shape in which the daemon's parts take it. */
import type { ShipperClock } from '../../daemon/series/shipper.ts';

export const wallClock: ShipperClock = {
  now: Date.now,
  after(delayMs, wake) {
    const timer = setTimeout(wake, delayMs);
    return () => clearTimeout(timer);
  },
};
