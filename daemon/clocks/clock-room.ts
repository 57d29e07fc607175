/** The clocks of a hall that do not speak our own topics: opened by the configuration, listened to, given up when silent. */
import type { InboundMessage } from '../../adapters/broker.ts';
import type {
  BrokerReply,
  ClockListener,
  ClockLoss,
  ClockMemory,
  ClockSurroundings,
  ConnectedClock,
  Refused,
} from '../../adapters/clock.ts';
import { pause } from '../../adapters/device-clock.ts';
import { scrubbedBytes } from '../../adapters/scrubbed.ts';
import { covers } from '../../adapters/topics.ts';
import type { ClockConfig, ClockProfile } from '../../config/schema.ts';
import { MINUTE, type Ms, SECOND, type Zone } from '../../rules/time.ts';
import type { Intake } from '../intake/intake.ts';
import { faultOf, type Log } from '../log.ts';
import type { DeviceBook } from './device-book.ts';

export interface ClockRoomOptions {
  readonly hall: string;
  readonly clocks: readonly ClockConfig[];
  /** Opens a clock by its make; null = it needs no connection of its own. */
  readonly connect: (profile: ClockProfile, around: ClockSurroundings) => ConnectedClock | null;
  /** The zone of a name, or the hall's. */
  readonly zoneOf: (name: string | null) => Zone;
  readonly around: Pick<ClockSurroundings, 'clock' | 'random' | 'gate' | 'tellsTime'>;
  readonly memory: (device: string) => ClockMemory;
  readonly intake: Pick<Intake, 'deliver' | 'state' | 'refuse'>;
  /** Whether the last that was recorded of a clock is that it went away. */
  readonly isAway: (device: string) => boolean;
  /** Since when the silence of a clock that says nothing of itself is unusual; null = it is not. */
  readonly unusualSince: (device: string, silentFrom: Ms) => Ms | null;
  readonly devices: DeviceBook;
  /** To every broker of the hall. */
  readonly publish: (reply: BrokerReply) => Promise<void>;
  /** Whether what the brokers bring comes at once, and was not kept for us. */
  readonly isLive: () => boolean;
  /** The clock that used to be heard on a topic and is no longer; null = none was. */
  readonly formerOf: (topic: string) => string | null;
  readonly log: Log;
}

/** Other clocks that are ready to be taken on. */
export interface ClockPlan {
  /** Those that are heard through brokers, by their ids. */
  readonly heard: ReadonlyMap<string, NonNullable<ConnectedClock['mqtt']>>;
  /** Takes them on; what is the same in both goes on undisturbed. Resolves when those that are gone have been let go. */
  take(): Promise<void>;
}

/** A clock that is open. */
export interface OpenClock {
  readonly id: string;
  /** What it is, as the configuration names it. */
  readonly make: string;
  readonly clock: ConnectedClock;
  /** For requests and connections of its own roads. */
  readonly listener: ClockListener;
}

interface Kept extends OpenClock {
  /** Everything that it was made of, to compare. */
  readonly made: string;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
  /** Since when it counts as heard, or has been waited for; in elapsed time. */
  heardAt: Ms;
  /** Where it was not heard yet: since when nobody listened. */
  awayFrom: Ms | null;
  state: 'online' | 'offline' | 'unheard';
  /** It could not be called when that was tried last. */
  isLost: boolean;
  /** When it was called last, in elapsed time. */
  calledAt: Ms;
}

/** How often it is looked for silent clocks. */
const LOOK_EVERY_MS: Ms = SECOND;
/** Before our own absence counts as heard of (rules.md section 3: `settle`), a clock must have been heard, or it counts as away. */
const FIRST_SILENCE_MS: Ms = 4 * MINUTE;
const BACK_OFF_MS: readonly Ms[] = [1, 2, 5, 10, 30, 60].map((seconds) => seconds * SECOND);
/** Where somebody has to change something first; a wrong login is kept from repeating by its gate as well. */
const HOPELESS_MS: Ms = 5 * MINUTE;
/** So long a connection must have lasted for the pauses to begin anew. */
const STEADY_MS: Ms = MINUTE;
/** And so long until what was wrong before is over. */
const GOES_ON_MS: Ms = 5 * SECOND;
const LEFT_BEFORE_MS: Ms = 15 * MINUTE;
const JITTER = 0.2;

export class ClockRoom {
  readonly #options: ClockRoomOptions;
  #kept = new Map<string, Kept>();
  #cancel: (() => void) | null = null;
  #isOpen = false;

  constructor(options: ClockRoomOptions) {
    this.#options = options;
  }

  get open(): readonly OpenClock[] {
    return [...this.#kept.values()];
  }

  /** Makes the clocks, so that their doors are known; nothing is connected yet. */
  prepare(): void {
    this.#kept = this.#planned(this.#options.clocks);
  }

  /** Begins to listen. `awayFrom`: since when nobody did, null the first time. A device that is not there is tried for as long as it takes. */
  start(awayFrom: Ms | null): void {
    this.#isOpen = true;
    for (const kept of this.#kept.values()) {
      kept.awayFrom = awayFrom;
      this.#begin(kept);
    }
    if (this.#kept.size > 0) this.#look();
  }

  /** Makes ready for other clocks; nothing is changed before they are taken on. */
  plan(clocks: readonly ClockConfig[]): ClockPlan {
    const planned = this.#planned(clocks);
    return { heard: heardOf([...planned.values()]), take: () => this.#take(planned) };
  }

  /** Resolves when nothing is open any more. */
  async stop(): Promise<void> {
    this.#isOpen = false;
    this.#cancel?.();
    this.#cancel = null;
    for (const { stopping } of this.#kept.values()) stopping.abort();
    await Promise.all([...this.#kept.values()].map(({ ended }) => ended));
  }

  /** Takes a message that is on none of our own topics; false where no clock is heard there. */
  message(message: InboundMessage, committed: () => void): boolean {
    const { publish, log } = this.#options;
    const isOf = ({ clock: { mqtt } }: OpenClock): boolean =>
      mqtt?.topics.some((topic) => covers(topic, message.topic)) === true && (mqtt.isMine?.(message) ?? true);
    const kept = this.open.find(isOf);
    if (kept?.clock.mqtt === undefined) return this.#ofFormer(message, committed);
    kept.clock.mqtt
      .message(message, this.#options.isLive() ? kept.listener : untimed(kept.listener))
      .then(async (replies) => {
        committed();
        for (const reply of replies) await publish(reply);
      })
      // An answer that is lost is asked for again: the device sends the same once more.
      .catch((cause: unknown) => log.warn({ device: kept.id, because: String(cause) }, 'answer to a clock was lost'));
    return true;
  }

  /** Has what a clock pushed and set aside read again by its own make; null = there is no such clock, or its make cannot. */
  again(device: string, refused: Pick<Refused, 'about' | 'payload'>): Promise<void> | null {
    const kept = this.#kept.get(device);
    if (kept?.clock.again === undefined) return null;
    const deliver: ClockListener['deliver'] = (delivery) => this.#options.intake.deliver(device, kept.make, delivery);
    // That it is read again is no sign of life.
    return kept.clock.again(refused, { ...kept.listener, deliver, heard: () => {} });
  }

  /** What a clock said before it was taken out of the configuration is lost to nobody. */
  #ofFormer({ topic, payload }: InboundMessage, committed: () => void): boolean {
    const clock = this.#options.formerOf(topic);
    if (clock === null) return false;
    const because = `the clock ${clock}, which used this topic, was taken out of the configuration`;
    void this.#options.intake.refuse('mqtt', { topic, payload: scrubbedBytes(payload) }, because).then(committed);
    return true;
  }

  #planned(clocks: readonly ClockConfig[]): Map<string, Kept> {
    const planned = new Map<string, Kept>();
    for (const config of clocks) {
      const known = this.#kept.get(config.id);
      const made = JSON.stringify([config.profile, config.timezone]);
      const kept = known?.made === made ? known : this.#open(config, made);
      if (kept !== null) planned.set(config.id, kept);
    }
    return planned;
  }

  async #take(planned: Map<string, Kept>): Promise<void> {
    const before = this.#kept;
    this.#kept = planned;
    const gone = [...before.values()].filter((kept) => planned.get(kept.id) !== kept);
    for (const { stopping } of gone) stopping.abort();
    if (this.#isOpen) {
      for (const kept of planned.values()) if (before.get(kept.id) !== kept) this.#begin(kept);
      if (this.#cancel === null && planned.size > 0) this.#look();
    }
    await Promise.all(gone.map(({ ended }) => ended));
  }

  #open({ id, profile, timezone }: ClockConfig, made: string): Kept | null {
    const { hall, zoneOf, around, memory } = this.#options;
    const surroundings: ClockSurroundings = { hall, device: id, zone: zoneOf(timezone), memory: memory(id), ...around };
    const clock = this.#options.connect(profile, surroundings);
    if (clock === null) return null;
    const make = profile.kind;
    return {
      ...{ id, make, clock, made, stopping: new AbortController(), state: 'unheard', awayFrom: null, isLost: false },
      ...{ heardAt: around.clock.elapsed(), calledAt: around.clock.elapsed() },
      listener: this.#listener(id, make),
      ended: Promise.resolve(),
    };
  }

  #begin(kept: Kept): void {
    kept.heardAt = this.#options.around.clock.elapsed();
    if (kept.clock.listen === undefined) return;
    Object.assign(kept, { ended: this.#live(kept) });
  }

  #listener(device: string, make: string): ClockListener {
    const { intake, devices, log } = this.#options;
    return {
      deliver: async (delivery) => {
        this.#heard(device);
        await intake.deliver(device, make, delivery);
      },
      heard: (sign = {}) => {
        if (sign.isLeaving === true) return this.#leaves(device);
        this.#heard(device);
        devices.said(device, sign);
      },
      complete: (at) => {
        devices.complete(device);
        void intake.state(device, make, 'complete', at);
      },
      gap: (gap) => {
        devices.gap(device, gap);
        log.warn({ device, ...gap }, 'records of a clock are missing');
      },
    };
  }

  // ---- there or not ----------------------------------------------------------------------------------------------

  #heard(device: string): void {
    const kept = this.#kept.get(device);
    if (kept === undefined || !this.#isOpen) return;
    kept.heardAt = this.#options.around.clock.elapsed();
    const { intake, devices, around, isAway } = this.#options;
    // A call that ends at once, such as one whose stream is refused and whose log is not, is none that goes on.
    const goesOn = kept.state !== 'online' || kept.heardAt - kept.calledAt >= GOES_ON_MS;
    if (kept.isLost && goesOn) {
      kept.isLost = false;
      devices.lost(device, null);
    }
    if (kept.state === 'online') return;
    // It may have gone away before we did, or while it was connected in another way.
    const wasOffline = kept.state === 'offline' || isAway(device);
    kept.state = 'online';
    if (wasOffline) void intake.state(device, kept.make, 'online', around.clock.now());
    else devices.is(device, 'online');
  }

  #look(): void {
    const { clock } = this.#options.around;
    for (const kept of this.#kept.values()) {
      if (kept.state === 'offline') continue;
      const silentMs = clock.elapsed() - kept.heardAt;
      const { silenceMs } = kept.clock;
      if (silenceMs === null) {
        const since = this.#options.unusualSince(kept.id, clock.now() - silentMs);
        if (since !== null) this.#silent(kept, clock.now() - since);
        continue;
      }
      const limitMs = kept.state === 'unheard' ? Math.min(silenceMs, FIRST_SILENCE_MS) : silenceMs;
      if (silentMs > limitMs) this.#silent(kept, silentMs);
    }
    this.#cancel = clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** A broker tells of a line that broke within one and a half keep-alives; until shortly before, it was there. */
  #leaves(device: string): void {
    const kept = this.#kept.get(device);
    if (kept === undefined || !this.#isOpen || kept.state === 'offline') return;
    const silentMs = this.#options.around.clock.elapsed() - kept.heardAt;
    this.#silent(kept, Math.min(silentMs, LEFT_BEFORE_MS));
  }

  /** Not heard from the last sign on; where it was not heard at all, from when we went away. */
  #silent(kept: Kept, silentMs: Ms): void {
    const { intake, devices, around, isAway, log } = this.#options;
    const heardAt = around.clock.now() - silentMs;
    const since = kept.state === 'unheard' ? Math.min(kept.awayFrom ?? heardAt, heardAt) : heardAt;
    const isKnown = kept.state === 'unheard' && isAway(kept.id);
    kept.state = 'offline';
    if (isKnown) return devices.is(kept.id, 'offline');
    log.warn({ device: kept.id, since }, 'clock was not heard any more');
    void intake.state(kept.id, kept.make, 'offline', since);
  }

  // ---- clocks that we call -----------------------------------------------------------------------------------------

  async #live(kept: Kept): Promise<void> {
    const { devices, log, around } = this.#options;
    const { clock } = around;
    const { signal } = kept.stopping;
    for (let tries = 0; !signal.aborted; tries++) {
      const begunAt = clock.elapsed();
      kept.calledAt = begunAt;
      const ended = await this.#listen(kept);
      if (signal.aborted) return;
      if ('againAfterMs' in ended) {
        tries = -1;
        kept.calledAt = Number.NEGATIVE_INFINITY;
        this.#heard(kept.id);
        await pause(clock, ended.againAfterMs, signal);
        continue;
      }
      if (clock.elapsed() - begunAt > STEADY_MS) tries = 0;
      const retryMs = this.#retryMs(ended, tries);
      kept.isLost = true;
      devices.lost(kept.id, ended);
      log.warn({ device: kept.id, because: ended.reason, detail: ended.detail, retryMs }, 'clock was lost');
      await pause(clock, retryMs, signal);
    }
  }

  /** A fault of ours in a make must not end the others, nor this one for good. */
  async #listen(kept: Kept): Promise<ClockLoss | { readonly againAfterMs: Ms }> {
    try {
      return (await kept.clock.listen?.(kept.listener, kept.stopping.signal)) as ClockLoss;
    } catch (cause) {
      this.#options.log.error({ device: kept.id, ...faultOf(cause) }, 'reading a clock failed');
      return { reason: 'unfit', detail: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  #retryMs({ reason }: ClockLoss, tries: number): Ms {
    const isHopeless =
      reason === 'wrong-login' || reason === 'locked-out' || reason === 'not-found' || reason === 'unfit';
    const base = isHopeless ? HOPELESS_MS : (BACK_OFF_MS[Math.min(tries, BACK_OFF_MS.length - 1)] as Ms);
    return base * (1 + JITTER * (2 * this.#options.around.random() - 1));
  }
}

/** Those that are heard through brokers. */
export const heardOf = (open: readonly OpenClock[]): ReadonlyMap<string, NonNullable<ConnectedClock['mqtt']>> =>
  new Map(open.flatMap(({ id, clock }) => (clock.mqtt === undefined ? [] : [[id, clock.mqtt]])));

/** What was kept for us says nothing of what a clock shows now. */
function untimed(listener: ClockListener): ClockListener {
  return { ...listener, heard: ({ deviceAt: _then, ...sign } = {}) => listener.heard(sign) };
}
