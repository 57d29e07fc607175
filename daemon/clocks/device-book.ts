/** What is known of every clock of a hall: when it was heard, what it says of itself, by how much its clock is off, what is wrong. */
import type { ClockLoss, ClockMemory, ClockSign } from '../../adapters/clock.ts';
import { civilDay, type Day, HOUR, MINUTE, type Ms, SECOND, type Zone } from '../../rules/time.ts';
import type { DeviceFault, FaultCode } from './device-faults.ts';
import { NumberFalls, Numbering } from './numbering.ts';
import { ClockOffsets, type OffsetLimits, type OffsetStretch } from './offsets.ts';
import { ClockRhythm } from './rhythm.ts';

export interface DeviceBookOptions {
  readonly now: () => Ms;
  readonly limits: OffsetLimits;
  /** A device shows a time just now; whether ours is known, so that it can be measured, as it is unless this says otherwise. */
  readonly shows?: (device: string, deviceAt: Ms) => boolean;
  /** More messages a second than this, for ten seconds, are a flood. */
  readonly floodPerSecond: number;
  readonly memory: (device: string) => ClockMemory;
  readonly zone: () => Zone;
  /** Whether anybody is to come on a day. */
  readonly isWorkday: (day: Day) => boolean;
  /** Something is wrong from now on. */
  readonly began: (fault: Omit<DeviceFault, 'until'>) => void;
  /** And is no longer. */
  readonly ended: (device: string, code: FaultCode, at: Ms) => void;
  /** A touch came, or a clock was measured: there is something for the time series. */
  readonly stirred: () => void;
}

/** Records that are missing between two numbers of a device, both of which are known. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly isAskedFor: boolean;
}

/** A clock as pages show it. */
export interface DeviceReading {
  readonly device: string;
  /** `unheard`: never since the daemon began. */
  readonly state: 'online' | 'offline' | 'unheard';
  readonly heardAt: Ms | null;
  /** The latest time that it stamped. */
  readonly punchAt: Ms | null;
  /** Messages and records since the daemon began. */
  readonly taken: number;
  readonly repeated: number;
  readonly setAside: number;
  /** By a credential that nobody is known by. */
  readonly unmatched: number;
  /** How long its last touch was on its way, and when it came; null = none has. */
  readonly lagMs: Ms | null;
  readonly takenAt: Ms | null;
  /** When its clock was measured last. */
  readonly measuredAt: Ms | null;
  /** How many it says it has recorded; null where it does not say. */
  readonly says: number | null;
  readonly offsetMs: Ms | null;
  readonly offsets: readonly OffsetStretch[];
  readonly gaps: readonly Gap[];
  readonly loss: ClockLoss | null;
  readonly about: Readonly<Record<string, string>>;
  readonly faults: readonly DeviceFault[];
}

/** From so much on an installer is told that a clock is off. */
const TOLD_FROM_MS: Ms = 30 * SECOND;
/** A device that is off by as much as another, and not less than this, makes us doubt our own clock. */
const AGREEING_MS: Ms = 5 * SECOND;
/** Measurements older than this say nothing of who is right now. */
const FRESH_MS: Ms = HOUR;
const FLOOD_MS: Ms = 10 * SECOND;
/** A stretch that only gets longer is written no more often than this. */
const NOTE_EVERY_MS: Ms = 10 * MINUTE;
const OFFSETS = 'offsets';

interface Entry {
  readonly device: string;
  readonly memory: ClockMemory;
  readonly offsets: ClockOffsets;
  readonly rhythm: ClockRhythm;
  state: DeviceReading['state'];
  heardAt: Ms | null;
  punchAt: Ms | null;
  taken: number;
  repeated: number;
  setAside: number;
  setAsideAt: Ms;
  unmatched: number;
  lagMs: Ms | null;
  takenAt: Ms | null;
  says: number | null;
  /** What it had counted beyond what had come, when it first said so. */
  countBase: number;
  /** What was missing when it counted last. */
  missing: number;
  measuredAt: Ms | null;
  notedAt: Ms;
  gaps: Gap[];
  loss: ClockLoss | null;
  about: Record<string, string>;
  readonly faults: Map<FaultCode, DeviceFault>;
  /** The second that is being counted, and since when each one was too full. */
  second: number;
  inSecond: number;
  floodsSince: number | null;
  readonly falls: NumberFalls;
  newest: { readonly seq: number; readonly at: Ms } | null;
  readonly numbering: Numbering;
}

export class DeviceBook {
  readonly #options: DeviceBookOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: DeviceBookOptions) {
    this.#options = options;
  }

  /** Every device that is configured or was heard, by its id. */
  readings(): DeviceReading[] {
    return [...this.#entries.keys()].sort().map((device) => this.reading(device));
  }

  /** Whether it was heard of. */
  knows(device: string): boolean {
    return this.#entries.has(device);
  }

  reading(device: string): DeviceReading {
    const { offsets, faults, gaps, about, ...entry } = this.#of(device);
    const { heardAt, punchAt, taken, repeated, setAside, unmatched, lagMs, takenAt, measuredAt, says, loss } = entry;
    // Whoever speaks is there, also where it never says so.
    const state = entry.state === 'unheard' && heardAt !== null ? 'online' : entry.state;
    return {
      ...{ device, state, heardAt, punchAt, taken, repeated, setAside, unmatched },
      ...{ lagMs, takenAt, measuredAt, says, loss },
      offsetMs: offsets.newest,
      offsets: offsets.stretches,
      gaps: [...gaps],
      about: { ...about },
      faults: [...faults.values()],
    };
  }

  /** When it was heard last; null = never since the daemon began. */
  heardAt(device: string): Ms | null {
    return this.#of(device).heardAt;
  }

  /** A message or record of it came. */
  came(device: string): void {
    const entry = this.#of(device);
    const now = this.#options.now();
    entry.heardAt = now;
    const second = Math.floor(now / SECOND);
    if (second !== entry.second) this.#nextSecond(entry, second);
    entry.inSecond++;
  }

  /** A punch of it was kept. The answer: its number was not greater than that of an earlier touch, as after a reset, and it is not known to be two devices. */
  punched(device: string, punch: { readonly seq?: number; readonly at: Ms; readonly isMatched: boolean }): boolean {
    const entry = this.#of(device);
    const now = this.#options.now();
    entry.taken++;
    entry.takenAt = now;
    entry.lagMs = Math.round(now - punch.at);
    entry.rhythm.touched(punch.at, now, () => this.#isWorkday());
    this.#options.stirred();
    if (!punch.isMatched) entry.unmatched++;
    entry.punchAt = Math.max(entry.punchAt ?? punch.at, punch.at);
    // Of one delivery some may be taken and some not: it is over when for a while nothing was set aside.
    if (now - entry.setAsideAt > MINUTE) this.#end(entry, 'set-aside');
    const { seq, at } = punch;
    const before = entry.newest;
    if (seq === undefined || (before !== null && at <= before.at)) return false;
    entry.newest = { seq, at };
    if (before === null || seq > before.seq) {
      if (entry.falls.isOver(now)) this.#end(entry, 'two-devices');
      return false;
    }
    entry.numbering.restart();
    if (!entry.falls.fell(now)) return true;
    this.#begin(entry, 'two-devices', `${before.seq} → ${seq}`);
    return false;
  }

  /** A touch of a clock that numbers its touches only, and nobody but us watches: what is missing between them is named. */
  numbered(device: string, seq: number): void {
    const entry = this.#of(device);
    const missing = entry.numbering.came(seq, this.#options.now());
    entry.gaps = missing.map(({ from, to }) => ({ from, to, isAskedFor: false }));
    const last = entry.gaps.at(-1);
    if (last === undefined) this.#end(entry, 'gap-left');
    else this.#begin(entry, 'gap-left', `${last.from}–${last.to}`);
  }

  repeated(device: string): void {
    this.#of(device).repeated++;
  }

  setAside(device: string, because: string): void {
    const entry = this.#of(device);
    entry.setAside++;
    entry.setAsideAt = this.#options.now();
    this.#begin(entry, 'set-aside', because);
  }

  /** Whether its touches can be dated. */
  isDated(device: string, isDated: boolean): void {
    const entry = this.#of(device);
    if (isDated) this.#end(entry, 'undated');
    else this.#begin(entry, 'undated', '');
  }

  /** What it says of itself. */
  said(device: string, { deviceAt, count, about }: ClockSign): void {
    const entry = this.#of(device);
    entry.heardAt = this.#options.now();
    if (about !== undefined) Object.assign(entry.about, about);
    // Its protocol has seen two of them.
    if (about?.['conflict'] !== undefined) this.#begin(entry, 'two-devices', about['conflict']);
    if (count !== undefined) this.#counted(entry, count);
    if (deviceAt !== undefined && this.#options.shows?.(device, deviceAt) !== false) this.#measured(entry, deviceAt);
  }

  /** Its state as facts have it. */
  is(device: string, state: 'online' | 'offline'): void {
    const entry = this.#of(device);
    entry.state = state;
    if (state === 'online') this.#end(entry, 'offline');
    // One sentence: a login that is refused says enough.
    else if (!isLogin(entry.loss)) this.#begin(entry, 'offline', entry.loss?.detail ?? '');
    if (state === 'offline') this.#end(entry, 'unreached');
  }

  /** It cannot be heard, for this reason; null = it can. */
  lost(device: string, loss: ClockLoss | null): void {
    const entry = this.#of(device);
    entry.loss = loss;
    if (loss !== null && isLogin(loss)) this.#begin(entry, 'wrong-login', loss.detail);
    else this.#end(entry, 'wrong-login');
    const isThere = loss === null || isLogin(loss) || loss.reason === 'ended' || loss.reason === 'silent';
    if (!isThere && entry.state === 'offline') this.#begin(entry, 'offline', loss.detail);
    else if (!isThere) this.#begin(entry, 'unreached', loss.detail);
    else this.#end(entry, 'unreached');
  }

  gap(device: string, gap: Gap): void {
    const entry = this.#of(device);
    entry.gaps = [...entry.gaps.filter(({ from, to }) => from !== gap.from || to !== gap.to), gap].slice(-MOST_GAPS);
    this.#begin(entry, gap.isAskedFor ? 'gap' : 'gap-left', `${gap.from}–${gap.to}`);
  }

  /** Everything up to now is in. */
  complete(device: string): void {
    const entry = this.#of(device);
    entry.gaps = [];
    for (const code of ['gap', 'gap-left', 'missing'] as const) this.#end(entry, code);
  }

  /** Since when its silence from an instant on is unusual by now, by its worked days; null = it is not. */
  unusualSince(device: string, silentFrom: Ms): Ms | null {
    return this.#isWorkday() ? this.#of(device).rhythm.unusualSince(silentFrom, this.#options.now()) : null;
  }

  /** When it really was what a clock stamped, as far as is known; null = its clock was set around then. */
  trueTime(device: string, deviceAt: Ms): Ms | null {
    const entry = this.#of(device);
    if (entry.offsets.newest === null || this.isHostDoubted) return deviceAt;
    const correction = entry.offsets.correctionAt(deviceAt);
    if (correction !== null) return deviceAt - correction;
    this.#begin(entry, 'clock-set', '');
    return null;
  }

  /** Where no device agrees with us, and several agree with each other, it is our clock that is wrong: closed networks have no time server. */
  get isHostDoubted(): boolean {
    const now = this.#options.now();
    const measured = [...this.#entries.values()].filter(({ measuredAt }) => now - (measuredAt ?? -FRESH_MS) < FRESH_MS);
    const offsets = measured.map(({ offsets }) => offsets.newest ?? 0);
    const agree = Math.max(...offsets) - Math.min(...offsets) <= AGREEING_MS;
    return offsets.length >= 2 && agree && offsets.every((offset) => Math.abs(offset) >= TOLD_FROM_MS);
  }

  #isWorkday(): boolean {
    const { zone, now, isWorkday } = this.#options;
    return isWorkday(civilDay(zone(), now()));
  }

  // ---- what follows ----------------------------------------------------------------------------------------------

  #of(device: string): Entry {
    let entry = this.#entries.get(device);
    if (entry === undefined) {
      entry = this.#open(device);
      this.#entries.set(device, entry);
    }
    return entry;
  }

  #open(device: string): Entry {
    const memory = this.#options.memory(device);
    const offsets = new ClockOffsets(this.#options.limits, stretchesOf(memory.get(OFFSETS)));
    const rhythm = new ClockRhythm(memory, this.#options.zone);
    return {
      ...{
        device,
        memory,
        offsets,
        rhythm,
        state: 'unheard',
        heardAt: null,
        punchAt: null,
        taken: 0,
        repeated: 0,
        setAside: 0,
        setAsideAt: Number.NEGATIVE_INFINITY,
      },
      ...{
        unmatched: 0,
        lagMs: null,
        takenAt: null,
        says: null,
        countBase: 0,
        missing: 0,
        measuredAt: null,
        notedAt: Number.NEGATIVE_INFINITY,
        gaps: [],
        loss: null,
      },
      ...{ about: {}, faults: new Map(), second: 0, inSecond: 0, floodsSince: null, newest: null },
      ...{ falls: new NumberFalls(), numbering: new Numbering() },
    };
  }

  #nextSecond(entry: Entry, second: number): void {
    const { floodPerSecond, now } = this.#options;
    const isFull = entry.inSecond > floodPerSecond;
    if (!isFull || second !== entry.second + 1) entry.floodsSince = isFull ? entry.second : null;
    else entry.floodsSince ??= entry.second;
    const lasts = entry.floodsSince === null ? 0 : (second - entry.floodsSince) * SECOND;
    if (lasts >= FLOOD_MS) this.#begin(entry, 'flood', String(entry.inSecond));
    else if (!isFull && now() - (entry.faults.get('flood')?.since ?? 0) > MINUTE) this.#end(entry, 'flood');
    entry.second = second;
    entry.inSecond = 0;
  }

  /** Compared from the first count on: what it recorded before is nobody's loss. */
  #counted(entry: Entry, count: number): void {
    const before = entry.says;
    entry.says = count;
    if (before === null || count < before) entry.countBase = count - entry.taken;
    const missing = Math.max(0, count - entry.taken - entry.countBase);
    // What it has just recorded is on its way.
    const lacking = Math.min(missing, entry.missing);
    entry.missing = missing;
    if (lacking > 0) this.#begin(entry, 'missing', String(lacking));
    else this.#end(entry, 'missing');
  }

  #measured(entry: Entry, deviceAt: Ms): void {
    const now = this.#options.now();
    entry.measuredAt = now;
    this.#options.stirred();
    const isOther = entry.offsets.measure(deviceAt, now);
    if (isOther || now - entry.notedAt >= NOTE_EVERY_MS) {
      entry.notedAt = now;
      entry.memory.set(OFFSETS, JSON.stringify(entry.offsets.stretches));
    }
    const offset = entry.offsets.newest ?? 0;
    if (this.isHostDoubted) {
      this.#end(entry, 'clock-off');
      this.#begin(entry, 'host-clock', String(-offset));
    } else if (Math.abs(offset) >= TOLD_FROM_MS) {
      this.#end(entry, 'host-clock');
      this.#begin(entry, 'clock-off', String(offset));
    } else for (const code of ['clock-off', 'clock-set', 'host-clock'] as const) this.#end(entry, code);
  }

  #begin(entry: Entry, code: FaultCode, detail: string): void {
    const known = entry.faults.get(code);
    const since = known?.since ?? this.#options.now();
    entry.faults.set(code, { device: entry.device, code, detail, since, until: null });
    if (known === undefined) this.#options.began({ device: entry.device, code, detail, since });
  }

  #end(entry: Entry, code: FaultCode): void {
    if (entry.faults.delete(code)) this.#options.ended(entry.device, code, this.#options.now());
  }
}

const MOST_GAPS = 20;

const isLogin = (loss: ClockLoss | null): boolean => loss?.reason === 'wrong-login' || loss?.reason === 'locked-out';

function stretchesOf(text: string | null): readonly OffsetStretch[] {
  return text === null ? [] : (JSON.parse(text) as OffsetStretch[]);
}
