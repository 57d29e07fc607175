import { byAtAndId, type Known } from './known.ts';
import type { OracleClock, OracleConfig, OracleEmployee } from './shape.ts';
import { MINUTE, type Ms, overlaps, type Span } from './time.ts';

interface Outage extends Span {
  /** `null` while the device is still offline: then the span ends at `now`. */
  onlineAt: Ms | null;
}

/** Section 4, coverage: `[offline, online)`, or `[offline, now)` while nothing says it is back; facts up to `now`. */
export function outages(known: Known, device: string, now: Ms): Outage[] {
  const facts = known.devices.filter((fact) => fact.device === device && fact.at <= now).sort(byAtAndId);
  const found: Outage[] = [];
  let offlineAt: Ms | null = null;
  for (const fact of facts) {
    if (fact.state === 'offline') offlineAt ??= fact.at;
    if (fact.state === 'online' && offlineAt !== null) {
      found.push({ from: offlineAt, to: fact.at, onlineAt: fact.at });
      offlineAt = null;
    }
  }
  if (offlineAt !== null) found.push({ from: offlineAt, to: now, onlineAt: null });
  return found;
}

/** Section 4, coverage: uncovered until settled, and after that unless the clock is proved to have kept recording. */
function isUncovered(known: Known, device: string, outage: Outage, settle: Ms, now: Ms): boolean {
  const { onlineAt } = outage;
  if (onlineAt === null || now < onlineAt + settle) return true;
  if (device === 'daemon') return false;
  const isAroundLoss = losses(known).some((loss) => overlaps(loss, outage));
  const hasPunch = known.punches.some(
    (punch) =>
      punch.device === device &&
      punch.method !== 'correction' &&
      punch.method !== 'manual' &&
      outage.from <= punch.at &&
      punch.at < outage.to,
  );
  const isComplete = known.devices.some(
    (fact) => fact.device === device && fact.state === 'complete' && onlineAt <= fact.at && fact.at <= now,
  );
  return (!hasPunch || isAroundLoss) && !isComplete;
}

/** Section 4, coverage: the clocks that serve any of these people (by default all), and the daemon. */
function devicesServing(config: OracleConfig, people: readonly OracleEmployee[]): string[] {
  const serves = (clock: OracleClock) =>
    people.some(
      (person) =>
        clock.serves === undefined ||
        clock.serves.includes(person.id) ||
        (person.department !== undefined && clock.serves.includes(person.department)),
    );
  return [...(config.clocks ?? []).filter(serves).map((clock) => clock.id), 'daemon'];
}

/** Does an uncovered interval of a device that counts for these people overlap the stretch? */
export function isBlindFor(
  config: OracleConfig,
  known: Known,
  people: readonly OracleEmployee[],
  stretch: Span,
  settle: Ms,
  now: Ms,
): boolean {
  const devices = devicesServing(config, people);
  return (
    isLost(known, devices, stretch, now) ||
    devices.some((device) =>
      outages(known, device, now).some(
        (outage) => overlaps(outage, stretch) && isUncovered(known, device, outage, settle, now),
      ),
    )
  );
}

/** What the daemon says was lost, from ten minutes before on. */
function losses(known: Known): Span[] {
  const said = known.devices.filter(({ at, lostUntil }) => lostUntil !== undefined && lostUntil > at);
  return said.map(({ at, lostUntil = at }) => ({ from: at - 10 * MINUTE, to: lostUntil }));
}

/** What was lost with a ledger is there again only when each clock that counts has said since that everything is in. */
function isLost(known: Known, devices: readonly string[], stretch: Span, now: Ms): boolean {
  const clocks = devices.filter((device) => device !== 'daemon');
  const isIn = (clock: string, from: Ms) =>
    known.devices.some(({ device, state, at }) => device === clock && state === 'complete' && from <= at && at <= now);
  return losses(known).some(
    (loss) => overlaps(loss, stretch) && (clocks.length === 0 || clocks.some((clock) => !isIn(clock, loss.to))),
  );
}
