import { zoneTable } from '../../config/zone-table.ts';
import { MessageDesk } from '../../daemon/clocks/message-desk.ts';
import { Overhearer } from '../../daemon/clocks/overhearing.ts';
import { RecentMessages } from '../../daemon/clocks/recent-messages.ts';
import type { DevicesOptions } from '../../daemon/http/devices-api.ts';

/** A hall without clocks. */
export function noDevices(): DevicesOptions {
  return {
    desk: {
      devices: () => [],
      device: () => null,
      strangers: [],
      rejects: () => [],
      takeAgain: async () => undefined,
      unmatched: () => [],
      map: async () => false,
    },
    zone: () => zoneTable('Asia/Shanghai'),
    now: () => 0,
  };
}

/** Nothing comes in, and nothing can be written. */
export function noMessages(): MessageDesk {
  const clock = { now: () => 0, after: () => () => {} };
  const recent = new RecentMessages(clock.now);
  return new MessageDesk({
    recent,
    overhearer: new Overhearer({ mqtt: null, recent, isHeard: () => true, clock }),
    clocks: () => new Map(),
    employees: () => [],
    zone: () => zoneTable('Asia/Shanghai'),
    file: null,
    written: () => {},
  });
}
