/** The clocks of a hall with all that belongs to them: their connections, the address where they push, what is known of each. */
import type { BrokerReply, ClockMemory, ConnectedClock } from '../../adapters/clock.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { covers, routeOf } from '../../adapters/topics.ts';
import type { ClockConfig, Config } from '../../config/schema.ts';
import { zoneTable } from '../../config/zone-table.ts';
import type { DeviceFact } from '../../rules/facts.ts';
import { hallDay, isWorkedOn } from '../../rules/plan.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { ConfigFile } from '../config-file/config-edit.ts';
import type { HallCore } from '../hall-core.ts';
import { OURSELVES } from '../intake/hearing.ts';
import type { Intake, IntakeOptions } from '../intake/intake.ts';
import { LedgerError } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { Agreement } from './agreement.ts';
import { type ClockPlan, ClockRoom, heardOf } from './clock-room.ts';
import { DeviceBook } from './device-book.ts';
import { type DeviceDoor, deviceDoor, type Stranger } from './device-door.ts';
import { FaultStore } from './device-faults.ts';
import { connectedClock } from './makes.ts';
import { MessageDesk } from './message-desk.ts';
import { Overhearer } from './overhearing.ts';
import { readingPoints } from './reading-points.ts';
import { RecentMessages } from './recent-messages.ts';
import { SessionTopics } from './session-topics.ts';
import { Undated } from './undated.ts';

export interface HallClocksOptions {
  readonly core: HallCore;
  readonly settings: Pick<Config, 'clocks' | 'intake' | 'http' | 'mqtt' | 'employees'>;
  readonly clock: DeviceClock;
  readonly intake: () => Intake;
  readonly publish: (reply: BrokerReply) => Promise<void>;
  /** Whether what the brokers bring comes at once, and was not kept for us. */
  readonly isLive: () => boolean;
  /** Whether devices may push here at all, as they may unless time is simulated. */
  readonly hasDoor: boolean;
  readonly log: Log;
}

export class HallClocks {
  readonly devices: DeviceBook;
  readonly faults: FaultStore;
  readonly recent: RecentMessages;
  readonly overhearer: Overhearer;
  /** What the session at the hall's broker may have. */
  readonly session: SessionTopics;
  readonly #options: HallClocksOptions;
  readonly #room: ClockRoom;
  readonly #undated: Undated;
  readonly #agreement: Agreement;
  #configured: readonly ClockConfig[];
  #door: DeviceDoor | null = null;
  /** Of the timer that writes points at the next whole minute; null where there is nothing to write. */
  #cancelPoints: (() => void) | null = null;
  #isStopped = false;

  constructor(options: HallClocksOptions) {
    const { core, settings, clock, intake, publish, isLive, log } = options;
    this.#options = options;
    this.#configured = settings.clocks;
    const { mqtt } = settings;
    this.session = new SessionTopics(core.ledger, core.hall.id, log);
    this.recent = new RecentMessages(() => clock.now());
    this.overhearer = new Overhearer({ mqtt, recent: this.recent, isHeard: (topic) => this.#isHeard(topic), clock });
    this.faults = new FaultStore(core.ledger.database, core.hall.id);
    const { live } = core;
    this.#agreement = new Agreement({
      doubted: () => live.time.futureStart,
      clockOf: (device) => this.configured.get(device) ?? null,
      agreed: () => {
        const jump = live.time.trust();
        if (jump !== null)
          log.warn({ byMs: jump.byMs }, 'clock that was doubted is trusted: clocks of the hall agree with it');
      },
    });
    this.devices = new DeviceBook({
      now: () => clock.now(),
      shows: (device, deviceAt) => {
        this.#agreement.shows(device, deviceAt);
        return !live.time.isUnknown;
      },
      limits: {
        correctFromMs: settings.intake.correctFrom,
        steppedMs: settings.intake.stepped,
        mostMs: MOST_OFFSET_MS,
      },
      floodPerSecond: settings.intake.flood,
      memory: (device) => forgiving(this.#memory(device), log),
      zone: () => core.hall.zone,
      isWorkday: (day) => {
        const book = core.live.engine?.book;
        return book === undefined || isWorkedOn(hallDay(core.hall, book, day));
      },
      stirred: () => this.#stirred(),
      began: (fault) => {
        const { device, code, detail } = fault;
        log.warn({ device, code, detail }, 'fault of a device began');
        this.#note(() => this.faults.begin(fault));
      },
      ended: (device, code, at) => {
        log.info({ device, code }, 'fault of a device ended');
        this.#note(() => this.faults.end(device, code, at));
      },
    });
    this.#undated = new Undated({
      hall: () => core.hall,
      now: () => clock.now(),
      lastSaid: (device) => this.#lastSaid(device),
      isDoubted: () => live.time.futureStart !== null,
      say: (fact, kept) => {
        this.devices.isDated(fact.device, fact.state === 'online');
        core.live.offer({ what: { fact, from: OURSELVES }, kept });
      },
    });
    this.#room = new ClockRoom({
      hall: core.hall.id,
      clocks: settings.clocks,
      connect: connectedClock,
      zoneOf: (name) => (name === null ? core.hall.zone : zoneTable(name)),
      around: {
        ...{ clock, random: Math.random, gate: new LoginGate(clock) },
        tellsTime: () => live.time.behindByMs === 0,
      },
      memory: (device) => this.#memory(device),
      intake: {
        deliver: (...delivery) => intake().deliver(...delivery),
        state: (...state) => intake().state(...state),
        refuse: (...refused) => intake().refuse(...refused),
      },
      formerOf: (topic) => this.session.formerOf(topic),
      isAway: (device) => this.#lastSaid(device)?.state === 'offline',
      unusualSince: (device, silentFrom) => this.devices.unusualSince(device, silentFrom),
      devices: this.devices,
      publish,
      isLive,
      log,
    });
    this.#room.prepare();
  }

  /** What taking in needs of the clocks. */
  get forIntake(): Pick<
    IntakeOptions,
    'again' | 'behindByMs' | 'devices' | 'foreign' | 'find' | 'recent' | 'touched' | 'undated'
  > {
    const { live } = this.#options.core;
    return {
      behindByMs: () => Math.max(live.time.behindByMs, this.devices.isHostDoubted ? MOST_OFFSET_MS : 0),
      devices: this.devices,
      recent: this.recent,
      undated: this.#undated,
      touched: (...touch) => this.#agreement.touched(...touch),
      foreign: (message, committed) => this.#room.message(message, committed),
      again: (device, refused) => this.#room.again(device, refused),
      find: (id) => this.#options.core.facts.find(id),
    };
  }

  /** The clocks that are heard through brokers, by their ids. */
  get heard(): ReadonlyMap<string, NonNullable<ConnectedClock['mqtt']>> {
    return heardOf(this.#room.open);
  }

  /** Whether a clock can be asked whom it knows. */
  tellsUsers(clock: string): boolean {
    return this.#room.open.find(({ id }) => id === clock)?.clock.users !== undefined;
  }

  /** Whom a clock knows; null = its make does not tell. */
  usersOf(clock: string, signal: AbortSignal): ReturnType<NonNullable<ConnectedClock['users']>> | null {
    return this.#room.open.find(({ id }) => id === clock)?.clock.users?.(signal) ?? null;
  }

  /** By their ids, also those that speak our own topics. */
  get configured(): ReadonlyMap<string, ClockConfig> {
    return new Map(this.#configured.map((clock) => [clock.id, clock]));
  }

  /** Devices that came to our address and that nobody has configured. */
  get strangers(): readonly Stranger[] {
    return this.#door?.strangers ?? [];
  }

  /** Where devices push; null where nobody listens. */
  get port(): number | null {
    return this.#door?.port ?? null;
  }

  /** `awayFrom`: since when nobody listened; null the first time. Rejects with a `ListenError` if the address cannot be had. */
  async start(awayFrom: Ms | null): Promise<void> {
    const { clock, settings, hasDoor, log } = this.#options;
    this.#note(() => this.faults.endAll(awayFrom ?? clock.now()));
    for (const device of this.#undated.resume()) this.devices.isDated(device, false);
    if (awayFrom !== null) this.noteMisdated(awayFrom);
    this.#room.start(awayFrom);
    if (settings.http.devices !== null && hasDoor) {
      const clocks = () => this.#room.open;
      this.#door = await deviceDoor(settings.http.devices, {
        clocks,
        recent: this.recent,
        now: () => clock.now(),
        log,
      });
    }
  }

  /** While our time was wrong, clocks may have had theirs from us. `from`: since when nobody listened by a time that is known. */
  noteMisdated(from: Ms): void {
    const { core, clock, settings, log } = this.#options;
    if (core.live.time.isUnknown) return;
    const notYet = clock.now() + settings.intake.ahead + 1;
    const keptAt = new Map<string, Ms>();
    for (const fact of core.facts.between(
      { from: notYet, to: Number.MAX_SAFE_INTEGER },
      { punches: true, windows: [] },
    )) {
      if (fact.fact !== 'punch' || fact.device === undefined || fact.at < notYet) continue;
      keptAt.set(fact.device, Math.max(fact.recordedAt, keptAt.get(fact.device) ?? fact.recordedAt));
    }
    for (const [device, newestAt] of keptAt) {
      const memory = forgiving(this.#memory(device), log);
      if (memory.get(MISDATED) === String(newestAt)) continue;
      this.#undated.misdated(device, from, () => memory.set(MISDATED, String(newestAt)));
    }
  }

  /** Makes ready for other clocks; nothing is changed before they are taken on. */
  plan({ clocks }: Pick<Config, 'clocks'>): ClockPlan {
    const { heard, take } = this.#room.plan(clocks);
    return {
      heard,
      take: () => {
        this.#configured = clocks;
        return take();
      },
    };
  }

  /** Resolves when nothing is open any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelPoints?.();
    await Promise.all([this.#door?.close(), this.#room.stop(), this.overhearer.stop()]);
  }

  /** Where messages are looked at, and mappings made of them; `file` null = pages cannot change the configuration. */
  messages(file: ConfigFile | null, { books }: Pick<Access, 'books'>): MessageDesk {
    const { core, settings } = this.#options;
    return new MessageDesk({
      ...{ recent: this.recent, overhearer: this.overhearer, file },
      clocks: () => this.configured,
      employees: () => settings.employees,
      zone: () => core.hall.zone,
      written: (clock, by) => books.write(() => books.record('config-written', by, null, { file: 'hall.yaml', clock })),
    });
  }

  /** What was last recorded of a clock's being there; null = nothing. */
  #lastSaid(device: string): DeviceFact | null {
    const said = this.#options.core.live.engine?.book.deviceFacts(device) ?? [];
    return said.findLast(({ state }) => state !== 'complete') ?? null;
  }

  #isHeard(topic: string): boolean {
    return (
      routeOf(this.#options.core.hall.id, topic) !== null ||
      [...this.heard.values()].some(({ topics }) => topics.some((one) => covers(one, topic)))
    );
  }

  #memory(device: string): ClockMemory {
    const { core } = this.#options;
    const named = (name: string): string => `clock ${core.hall.id} ${device} ${name}`;
    return {
      get: (name) => core.ledger.setting(named(name)),
      set: (name, value) => core.ledger.commit(() => core.ledger.set(named(name), value)),
    };
  }

  /** Once a minute at most, at the whole minute, and only where something came. */
  #stirred(): void {
    // Brokers still bring what is under way when the clocks have been let go.
    if (this.#isStopped) return;
    const { clock } = this.#options;
    this.#cancelPoints ??= clock.after(MINUTE - (clock.now() % MINUTE), () => {
      this.#cancelPoints = null;
      this.#writePoints();
    });
  }

  #writePoints(): void {
    const { core, clock } = this.#options;
    const at = Math.round(clock.now() / MINUTE) * MINUTE;
    const kindOf = (device: string): string => core.hall.clocks.get(device)?.kind ?? 'other';
    const points = readingPoints(this.devices.readings(), kindOf, at);
    if (points.length > 0) this.#note(() => core.ledger.commit(() => core.series.put(points)));
  }

  /** What helps installers and proves nothing may be missing while the ledger cannot be written; the daemon says that it cannot. */
  #note(write: () => void): void {
    unlessFull(write, this.#options.log);
  }
}

/** When the newest touch of a time that had not come was kept, as far as something was said of it. */
const MISDATED = 'misdated';

/** Off by more, a clock has lost its time (2000-01-01) rather than gone wrong. */
const MOST_OFFSET_MS: Ms = 24 * 60 * MINUTE;

function forgiving(memory: ClockMemory, log: Log): ClockMemory {
  return { ...memory, set: (name, value) => unlessFull(() => memory.set(name, value), log) };
}

function unlessFull(write: () => void, log: Log): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    log.warn({ because: error.message }, 'what is known of a device was not kept');
  }
}
