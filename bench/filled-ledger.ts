/** A ledger as a daemon would have filled it: facts in the order in which they became known, judged as they came. */
import type { LoadedConfig } from '../config/load.ts';
import { trustedClock } from '../daemon/clock.ts';
import { HallCore } from '../daemon/hall-core.ts';
import { type Fact, readFact } from '../rules/facts.ts';
import { HOUR, type Ms } from '../rules/time.ts';

const IMPORTED = { by: null, via: 'import', claimedAt: null } as const;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/**
 * Fills the ledger of a configuration from lines in the order of `recordedAt`; it is alive until `until`. What became known within
 * `together` is taken in at once.
 */
export function fillLedger(
  loaded: LoadedConfig,
  lines: Iterable<string>,
  startsAt: Ms,
  until: Ms,
  together: Ms = HOUR,
): void {
  let now = startsAt;
  const clock = trustedClock(
    () => now,
    () => now,
  );
  const core = new HallCore({ loaded, clock, log: SILENT, language: 'en', audiences: [] });
  // It is to be read, not to survive.
  core.ledger.database.exec('pragma synchronous = off');
  core.begin();
  let group: Fact[] = [];
  const takeIn = (): void => {
    now = Math.max(now, group.at(-1)?.recordedAt ?? now);
    core.live.recordAt(group, IMPORTED, now);
    group = [];
    // Filling a month takes longer than a process may seem to stand still.
    core.live.wake();
  };
  for (const line of lines) {
    const fact = readFact(JSON.parse(line));
    if (!('fact' in fact)) throw new Error(`${line}: ${fact[0]?.problem}`);
    if (group[0] !== undefined && fact.recordedAt - group[0].recordedAt > together) takeIn();
    group.push(fact);
  }
  takeIn();
  now = until;
  core.live.recordAt([], IMPORTED, now);
  core.close();
}
