/** The devices of a hall that say by themselves whether somebody is at a window: what they say becomes presence facts. */
import { readFileSync } from 'node:fs';
import { DAHUA_EVENTS, dahuaWitness } from '../../adapters/cameras/dahua-events.ts';
import type { EventMeaning } from '../../adapters/cameras/event-states.ts';
import { frigateWitness } from '../../adapters/cameras/frigate.ts';
import { HIKVISION_EVENTS, hikvisionWitness } from '../../adapters/cameras/hikvision-events.ts';
import { onvifWitness } from '../../adapters/cameras/onvif-events.ts';
import type { Witness, WitnessLoss } from '../../adapters/cameras/witness.ts';
import type { WitnessSurroundings } from '../../adapters/cameras/witness-life.ts';
import type { CameraEntry, MqttConfig, WitnessConfig } from '../../config/schema.ts';
import type { PresenceFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Log } from '../log.ts';
import { Testimony } from './testimony.ts';

/** What of the configuration concerns witnesses. */
export interface WitnessSettings {
  readonly cameras: readonly CameraEntry[];
  readonly mqtt: MqttConfig | null;
}

export interface WitnessWatchOptions {
  readonly hall: Hall;
  readonly settings: WitnessSettings;
  readonly around: WitnessSurroundings;
  readonly offer: (fact: PresenceFact) => void;
  readonly log: Log;
}

/** What is known of a witness, for pages and metrics. */
export interface WitnessReading {
  readonly id: string;
  readonly kind: WitnessConfig['kind'];
  readonly isHeard: boolean;
  /** Why it is not; null while it is, or before the first attempt has ended. */
  readonly loss: WitnessLoss | null;
  /** How often it was lost. */
  readonly losses: number;
  /** How often something came that could not be understood. */
  readonly misheard: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Kept {
  /** Everything that it was made of, to compare. */
  readonly made: string;
  readonly witness: Witness;
  readonly testimony: Testimony;
  readonly reading: Mutable<WitnessReading>;
}

/** What holds is looked at for a new day so often. */
const DAY_EVERY_MS: Ms = 1_000;
/** A device that sends what nobody understands sends it often; the log hears of it no more than this. */
const MISHEARD_EVERY_MS: Ms = 10 * MINUTE;

export class WitnessWatch {
  readonly #options: WitnessWatchOptions;
  #kept = new Map<string, Kept>();
  #cancel: (() => void) | null = null;
  #isStopped = false;

  constructor(options: WitnessWatchOptions) {
    this.#options = options;
  }

  /** Begins to listen. Devices that cannot be reached are tried again for as long as it takes. */
  start(): void {
    this.#take(this.#options.settings);
  }

  /** Takes on another configuration; witnesses that are the same in both are not disturbed. */
  async replace(settings: WitnessSettings): Promise<void> {
    const gone = this.#take(settings);
    await Promise.all(gone.map(({ witness }) => witness.stop()));
  }

  /** Resolves when nothing is open any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await Promise.all([...this.#kept.values()].map(({ witness }) => witness.stop()));
  }

  /** In the order of the configuration. */
  readings(): readonly WitnessReading[] {
    return [...this.#kept.values()].map(({ reading }) => reading);
  }

  /** The answer: those that are no longer listened to. */
  #take(settings: WitnessSettings): readonly Kept[] {
    if (this.#isStopped) return [];
    const before = this.#kept;
    const wanted = settings.cameras.flatMap(({ id, witness: config }) =>
      config === null ? [] : [{ id, config, made: madeOf(config, settings) }],
    );
    const gone = [...before].flatMap(([id, kept]) =>
      wanted.some((one) => one.id === id && one.made === kept.made) ? [] : [kept],
    );
    // What they have said holds no longer, and is taken back before another one speaks by the same name.
    const now = this.#options.around.clock.now();
    for (const { testimony } of gone) testimony.sayNothingKnown(now);
    const keep = ({ id, config, made }: (typeof wanted)[number]): Kept => {
      const known = before.get(id);
      return known?.made === made ? known : this.#open(id, config, settings, now);
    };
    this.#kept = new Map(wanted.map((one) => [one.id, keep(one)]));
    if (this.#kept.size > 0 && this.#cancel === null) this.#tick();
    return gone;
  }

  #open(id: string, config: WitnessConfig, settings: WitnessSettings, now: Ms): Kept {
    const { hall, around, offer } = this.#options;
    const { kind } = config;
    const windows = config.zones.map(({ window }) => window);
    const kept: Kept = {
      made: madeOf(config, settings),
      witness: witnessOf(config, settings.mqtt, around),
      // Not by the camera's id alone: that is what is seen in its picture.
      testimony: new Testimony({ hall, source: `${id}/${kind}`, windows, offer }),
      reading: { id, kind, isHeard: false, loss: null, losses: 0, misheard: 0 },
    };
    kept.testimony.sayAgain(now);
    this.#listen(kept);
    return kept;
  }

  #listen({ witness, testimony, reading }: Kept): void {
    const { log, around } = this.#options;
    const { id, kind } = reading;
    let mayLogFrom = Number.NEGATIVE_INFINITY;
    witness.start({
      says: (window, state, at) => {
        log.debug({ camera: id, kind, window, state }, 'witness spoke');
        testimony.say(window, state, at);
      },
      lost: (loss, at, retryMs) => {
        reading.isHeard = false;
        reading.loss = loss;
        reading.losses++;
        log.warn({ camera: id, kind, because: loss.reason, detail: loss.detail, retryMs }, 'witness was lost');
        testimony.sayNothingKnown(at);
      },
      back: () => {
        reading.isHeard = true;
        reading.loss = null;
        log.info({ camera: id, kind }, 'witness was heard');
      },
      misheard: (because) => {
        reading.misheard++;
        if (around.clock.elapsed() < mayLogFrom) return;
        mayLogFrom = around.clock.elapsed() + MISHEARD_EVERY_MS;
        log.warn({ camera: id, kind, because, times: reading.misheard }, 'witness was not understood');
      },
    });
  }

  #tick(): void {
    const { clock } = this.#options.around;
    for (const { testimony } of this.#kept.values()) testimony.sayAgain(clock.now());
    this.#cancel = clock.after(DAY_EVERY_MS, () => this.#tick());
  }
}

/** Everything that a witness is made of, as one text. */
const madeOf = (config: WitnessConfig, { mqtt }: WitnessSettings): string =>
  JSON.stringify([config, config.kind === 'frigate' && config.broker === null ? mqtt : null]);

function witnessOf(config: WitnessConfig, mqtt: MqttConfig | null, around: WitnessSurroundings): Witness {
  switch (config.kind) {
    case 'frigate': {
      const { prefix, silence: silenceMs } = config;
      const broker = brokerOf(config.broker, mqtt);
      return frigateWitness({ around, broker, prefix, silenceMs, zones: config.zones.map(keyed) });
    }
    case 'hikvision':
      return hikvisionWitness({ ...heardOf(config, HIKVISION_EVENTS), around, zones: config.zones.map(keyed) });
    case 'dahua':
      return dahuaWitness({ ...heardOf(config, DAHUA_EVENTS), around, zones: config.zones.map(keyed) });
    case 'onvif':
      return onvifWitness({ around, url: config.url, holdMs: config.hold, zones: config.zones.map(keyed) });
  }
}

/** A zone goes by the name of its window: each is there once. */
const keyed = <T extends { readonly window: string }>({ window, ...zone }: T) => ({ key: window, ...zone });

type EventConfig = Extract<WitnessConfig, { kind: 'hikvision' | 'dahua' }>;

function heardOf(config: EventConfig, standard: readonly EventMeaning[]) {
  const events = config.events?.map(({ hold, ...meaning }) => ({ ...meaning, holdMs: hold })) ?? standard;
  return { url: config.url, silenceMs: config.silence, holdMs: config.hold, events };
}

/** Its own broker, or the hall's; the check of the configuration has seen to it that there is one. */
function brokerOf(
  own: { readonly url: string; readonly username: string | null; readonly password: string | null } | null,
  mqtt: MqttConfig | null,
) {
  if (own !== null) return { ...own, ca: null };
  const { url = null, username = null, password = null, caFile = null } = mqtt ?? {};
  if (url === null) throw new Error('there is no broker where Frigate could be heard');
  return { url, username, password, ca: caFile === null ? null : readFileSync(caFile, 'utf8') };
}
