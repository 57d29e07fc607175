/** What happens in the run of a seed, and when: all of it is decided before anything is played. */
import { stringify } from 'yaml';
import { type LoadedConfig, parseConfig } from '../../config/load.ts';
import { HOUR, type Ms } from '../../rules/time.ts';
import { diceOf } from '../oracle/dice.ts';
import type { OracleConfig } from '../oracle/oracle.ts';
import { world } from '../oracle/worlds.ts';
import { factOf } from '../support/core-hall.ts';
import { FIRST_HABITUAL, habitualWorld } from './habits.ts';
import { mishaps } from './mishaps.ts';
import { ownCredential, sendings } from './sendings.ts';
import { WEBHOOK_URL } from './sim-receivers.ts';
import type { StageOptions } from './stage.ts';
import type { Step } from './step.ts';

export interface Script {
  readonly config: OracleConfig;
  readonly stage: StageOptions;
  readonly steps: readonly Step[];
  /** An instant on the way, to look at. */
  readonly midwayAt: Ms;
  /** Whether one configuration judges all of it. */
  readonly isOneConfig: boolean;
}

export function scriptOf(seed: number): Script {
  const dice = diceOf(seed ^ 0x51ab1e);
  const isHabitual = seed >= FIRST_HABITUAL;
  const made = isHabitual ? habitualWorld(seed) : world(seed);
  const { nationalDays: _, ...config } = made.config;
  giveCredentials(config);
  // Short absences seldom add up to the usual half hour, and still more seldom while something is in doubt.
  if (dice.chance(0.3)) config.rules = { ...config.rules, leftPostTotal: '5m' };
  const settings = {
    gather: dice.pick(['1s', '60s']),
    tellWithin: dice.pick(['7d', '7d', '1d']),
  };
  const load = (judged: OracleConfig): LoadedConfig => loadedFrom(judged, settings);
  const loaded = load(config);
  const times = made.facts.map((line) => factOf(line).recordedAt).filter((at) => at > 0);
  const startsAt = (times.length === 0 ? Date.UTC(2026, 11, 1) : Math.min(...times)) - HOUR;
  const endsAt = Math.max(...times, startsAt + HOUR) + HOUR;
  const sent = sendings(dice, config, made.facts, startsAt);
  const busyAt = sent.map(({ at }) => at);
  const wrong = mishaps({ dice, config, load, startsAt, endsAt, busyAt, turn: isHabitual ? seed : null });
  const steps = [...sent, ...wrong.steps].map((step, order) => ({ step, order }));
  steps.sort((a, b) => a.step.at - b.step.at || a.order - b.order);
  return {
    config,
    stage: { loaded, startsAt, window: dice.pick([1, 20, 1000]), repeatsRetained: dice.chance(0.4) },
    steps: steps.map(({ step }) => step),
    midwayAt: dice.between(startsAt, endsAt),
    isOneConfig: !wrong.reconfigures,
  };
}

/** Everybody can be known at a clock by a number of their own. */
function giveCredentials(config: OracleConfig): void {
  for (const employee of config.employees) {
    employee.credentials = [...(employee.credentials ?? []), ownCredential(employee.id)];
  }
}

function loadedFrom(config: OracleConfig, { gather, tellWithin }: Readonly<Record<string, string>>): LoadedConfig {
  const written = {
    ...config,
    notify: { channels: [{ id: 'room', kind: 'webhook', url: WEBHOOK_URL, secret: 's3cret' }], gather, tellWithin },
    diskReserve: '1MB',
  };
  const text = stringify(written, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  return parseConfig(text, 'hall.yaml', { env: {}, lang: 'en' });
}
