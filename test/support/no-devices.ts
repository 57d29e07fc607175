import { zoneTable } from '../../config/zone-table.ts';
import { MessageDesk } from '../../daemon/clocks/message-desk.ts';
import { Overhearer } from '../../daemon/clocks/overhearing.ts';
import { RecentMessages } from '../../daemon/clocks/recent-messages.ts';
import type { HttpOptions } from '../../daemon/http/app.ts';

/** A hall without clocks. */
export function noDevices(): HttpOptions['devices'] {
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
    enrolments: { read: async () => ({ because: 'unknown' }), accept: async () => null },
    acceptance: { begin: () => null, test: () => null, accepted: () => null, accept: () => false },
    nameOf: () => null,
    ...{ zone: () => zoneTable('Asia/Shanghai'), now: () => 0, version: '0' },
  };
}

/** One that was accepted once and never changed. */
export function noConfig(): HttpOptions['config'] {
  const reading = { acceptedAt: 0, changes: [], refused: null };
  return {
    standing: { readingIn: () => reading, reload: async () => ({ refused: null, lines: [] }) },
    zone: () => zoneTable('Asia/Shanghai'),
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
