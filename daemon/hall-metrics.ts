/** Figures and checks of a running hall, for `/metrics` and `/-/ready`. */
import type { CameraReading } from '../adapters/cameras/cameras.ts';
import { formatInstant } from '../rules/time.ts';
import type { WitnessReading } from './cameras/witness-watch.ts';
import { type Clock, futureText } from './clock.ts';
import type { ConfigStanding } from './config-file/config-standing.ts';
import type { HallCore } from './hall-core.ts';
import type { Check } from './http/health.ts';
import type { IntakeCounts } from './intake/intake.ts';
import { linksOf } from './ledger/chain-end.ts';
import type { MetricFamily } from './metrics.ts';
import type { Shipping } from './series/shipping.ts';

export interface HallState {
  readonly deaf: readonly string[];
  readonly clock: Clock;
  readonly shipping: Shipping | null;
  readonly cameras: readonly CameraReading[];
  readonly witnesses: readonly WitnessReading[];
  readonly standing: Pick<ConfigStanding, 'warning'>;
}

export function hallChecks(
  core: HallCore,
  { deaf, clock, shipping, cameras, witnesses, standing }: HallState,
): Check[] {
  const { stuck } = core.live;
  const lag = shipping?.lag() ?? null;
  return [
    // One that could not be accepted is told, and nothing waits for it: the hall is judged by the one that was.
    { name: 'config', ok: true, detail: standing.warning(core.hall.zone, 'en') ?? core.hall.config },
    {
      name: 'ledger',
      ok: stuck === null,
      detail: stuck ?? `${Math.floor(core.ledger.freeBytes() / 1_048_576)} MB free`,
    },
    {
      name: 'broker',
      ok: deaf.length === 0,
      detail: deaf.length === 0 ? 'connected' : `not connected: ${deaf.join(', ')}`,
    },
    clockCheck(core, clock),
    // A store that is away is told, but nothing waits for it: the ledger keeps the series.
    // Nor for cameras: what they do not see is unknown, and accuses nobody.
    ...(cameras.length === 0 ? [] : [{ name: 'cameras', ok: true, detail: camerasInWords(cameras) }]),
    ...(witnesses.length === 0 ? [] : [{ name: 'witnesses', ok: true, detail: witnessesInWords(witnesses) }]),
    {
      name: 'series',
      ok: true,
      detail: lag === null ? 'kept in the ledger' : (lag.because ?? `${core.series.lag()} rows behind`),
    },
  ];
}

function clockCheck({ live, hall }: HallCore, { jump }: Clock): Check {
  const detail = jump === null ? 'steady' : `stepped by ${jump.byMs} ms`;
  const { aheadOfUs, futureStart } = live.time;
  if (futureStart !== null) return { name: 'clock', ok: false, detail: futureText(futureStart, hall.zone, 'en') };
  if (aheadOfUs === null) return { name: 'clock', ok: jump === null, detail };
  return { name: 'clock', ok: false, detail: `${detail}, behind the ledger: ${formatInstant(hall.zone, aheadOfUs)}` };
}

function camerasInWords(cameras: readonly CameraReading[]): string {
  const silent = cameras.filter(({ state }) => state !== 'live');
  const because = silent.map(({ id, loss, state }) => `${id} (${loss?.reason ?? state})`);
  return silent.length === 0 ? `${cameras.length} deliver` : `without a picture: ${because.join(', ')}`;
}

function witnessesInWords(witnesses: readonly WitnessReading[]): string {
  const silent = witnesses.filter(({ isHeard }) => !isHeard);
  const because = silent.map(({ id, loss }) => `${id} (${loss?.reason ?? 'starting'})`);
  return silent.length === 0 ? `${witnesses.length} are heard` : `not heard: ${because.join(', ')}`;
}

export function hallMetrics(
  core: HallCore,
  counts: IntakeCounts,
  shipping: Shipping | null,
  { reading }: ConfigStanding,
): MetricFamily[] {
  const labels = { hall: core.hall.id };
  const rejects = core.rejects.count();
  const one = (name: string, help: string, type: 'counter' | 'gauge', value: number): MetricFamily => ({
    name: `zaigang_${name}`,
    help,
    type,
    samples: [{ labels, value }],
  });
  return [
    one('messages_total', 'Messages taken in since the start.', 'counter', counts.messages),
    one('messages_repeated_total', 'Messages whose fact was known already.', 'counter', counts.repeated),
    one('messages_rejected_total', 'Messages that could not be understood.', 'counter', counts.rejected),
    one(
      'punches_unmatched_total',
      'Punches by a credential that nobody was known by when they came.',
      'counter',
      counts.unmatched,
    ),
    one('sequence_resets_total', 'Times that the numbers of a device began anew.', 'counter', counts.sequenceResets),
    one('rejects', 'Different messages in the reject list.', 'gauge', rejects.kinds),
    one('queue', 'Offers that wait for the next commit.', 'gauge', core.live.queued),
    one('outbox_waiting', 'Messages to people that have not been delivered.', 'gauge', core.outbox.waiting),
    one(
      'series_lag',
      'Rows of the time series that have not been shipped, at most.',
      'gauge',
      shipping === null ? 0 : core.series.lag(),
    ),
    one('series_parked', 'Points that the store refused since the start.', 'gauge', shipping?.lag().parked ?? 0),
    one('ledger_free_bytes', 'Free space on the disk of the ledger.', 'gauge', core.ledger.freeBytes()),
    one(
      'chain_links',
      'Links of the chain that proves the history.',
      'gauge',
      linksOf(core.ledger.database, core.hall.id),
    ),
    one(
      'verdicts_differing_total',
      'Verdicts judged otherwise than they were stored, when the ledger was read again since the start.',
      'counter',
      core.differing,
    ),
    one(
      'config_refused',
      'Whether the configuration file cannot be used, so that an earlier one is in force.',
      'gauge',
      reading.refused === null ? 0 : 1,
    ),
    one(
      'config_accepted_seconds',
      'Since when the configuration in force is accepted, in seconds of the epoch.',
      'gauge',
      Math.round(reading.acceptedAt / 1000),
    ),
    one('taking_in', 'Whether messages can be taken in.', 'gauge', core.live.stuck === null ? 1 : 0),
  ];
}
