/** What comes in through the brokers, made into facts or rejects. */
import { hash } from 'node:crypto';
import type { InboundMessage } from '../../adapters/broker.ts';
import { decodePresence } from '../../adapters/cameras/mqtt-presence.ts';
import {
  type ClockDelivery,
  type ClockRecord,
  DecodeError,
  type PunchReading,
  type Refused,
} from '../../adapters/clock.ts';
import { decodePunch, decodeStatus } from '../../adapters/clocks/mqtt-json.ts';
import { punchTopic, type Route, routeOf } from '../../adapters/topics.ts';
import { DAEMON } from '../../rules/book.ts';
import type { DeviceFact, Fact, PresenceFact, PunchFact } from '../../rules/facts.ts';
import { BEGINNING, type Ms } from '../../rules/time.ts';
import type { DeviceBook } from '../clocks/device-book.ts';
import type { RecentMessages } from '../clocks/recent-messages.ts';
import type { Undated } from '../clocks/undated.ts';
import type { Entry } from '../ledger/facts.ts';
import type { Reject } from '../ledger/rejects.ts';
import type { Offer, Outcome } from '../live/offer.ts';
import type { Log } from '../log.ts';

export interface IntakeOptions {
  readonly hall: string;
  readonly now: () => Ms;
  /** Windows that presence may speak of. */
  readonly knowsWindow: (window: string) => boolean;
  /** How far ahead of us a device's time may be: a clock that says "tomorrow" is wrong. */
  readonly aheadMs: Ms;
  /** By how much the true time may be ahead of `now`, where that is doubted; 0 = it is not. */
  readonly behindByMs: () => Ms;
  /** How old a punch may be: one from 2000-01-01 comes from a clock that lost its time. */
  readonly oldestMs: Ms;
  /** When the first day that is judged begins, as far as anything is known. */
  readonly firstDayAt: () => Ms;
  readonly offer: (offer: Offer) => void;
  /** What is kept under an id; asked only where something else came by it. */
  readonly find: (id: string) => Fact | null;
  /** What is known of each device, as it is heard. */
  readonly devices: DeviceBook;
  /** Whoever follows which clocks' touches can be dated. */
  readonly undated?: Pick<Undated, 'undated' | 'dated'>;
  /** Somebody touched a clock that stamped a time of its own. */
  readonly touched?: (device: string, person: string, deviceAt: Ms) => void;
  /** Whoever looks at messages as they come. */
  readonly recent?: Pick<RecentMessages, 'came' | 'refused' | 'noted'>;
  /** Takes a message that is on none of our own topics; false where no clock is heard there either. */
  readonly foreign: (message: InboundMessage, committed: () => void) => boolean;
  /** Has a clock read what it had set aside once more; resolves when that is over. Null = it cannot. */
  readonly again: (device: string, refused: Pick<Refused, 'about' | 'payload'>) => Promise<void> | null;
  /** Whose punch it is; null while nobody is known by its credential. */
  readonly ownerOf: (punch: PunchFact) => string | null;
  readonly log: Log;
}

/** Figures for `/metrics`. */
export interface IntakeCounts {
  messages: number;
  rejected: number;
  repeated: number;
  /** Punches by a credential that nobody is known by: they wait, and count once it is mapped. */
  unmatched: number;
  /** A device's numbers began anew: it was reset or replaced. Its punches count. */
  sequenceResets: number;
}

const DOOR = 'mqtt';
/** It waits, and counts once its credential is mapped. */
const NOBODYS = 'nobody is known by this credential yet';
const TOO_LITTLE =
  'too little of it is kept to be read again, or nobody is heard there any more; the device may send it once more';
const FROM = { by: null, via: DOOR, claimedAt: null } as const;

/** What came, as it is kept where it cannot be taken. */
type Source = Pick<Reject, 'topic' | 'payload' | 'device'>;

export class Intake {
  readonly counts: IntakeCounts = { messages: 0, rejected: 0, repeated: 0, unmatched: 0, sequenceResets: 0 };
  readonly #options: IntakeOptions;
  readonly #saidLast = new Map<string, DeviceFact['state']>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Takes a message in; `committed` is called when what it says, or that it says nothing, is durable. */
  message(message: InboundMessage, committed: () => void): void {
    this.counts.messages++;
    const { hall, foreign, recent } = this.#options;
    const seen = recent?.came('mqtt', message.topic, message.payload) ?? null;
    const route = routeOf(hall, message.topic);
    if (route === null && foreign(message, committed)) return;
    try {
      const fact = this.#read(route, message);
      if (fact === null) committed();
      else this.#offer({ fact, from: FROM }, DOOR, message, committed, seen);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (route?.kind === 'punch') this.#options.devices.setAside(route.device, error.message);
      this.#reject(DOOR, message, error.message, committed);
    }
  }

  /** Takes in what a clock of some make sent by a door of its own; resolves when all of it is durable. */
  async deliver(device: string, door: string, { records, refused = [] }: ClockDelivery): Promise<void> {
    await Promise.all([
      ...records.map((record) => this.#record(device, door, record)),
      ...refused.map(({ about, because, payload }) => {
        this.#options.devices.setAside(device, because);
        return this.refuse(door, { topic: about, payload, device }, because);
      }),
    ]);
  }

  /** Keeps aside what nobody can understand; resolves when it is durable. */
  refuse(door: string, source: Source, because: string): Promise<void> {
    return new Promise((kept) => this.#reject(door, source, because, kept));
  }

  /**
   * Takes in once more what was kept aside; `correctByMs` = what its clock was ahead, by the word of `by`. The answer: null once it is
   * durable, or why it cannot be taken this time either.
   */
  again({ topic, payload, device = null }: Source, correctByMs: Ms | null, by: string): Promise<string | null> {
    const { hall, foreign, again } = this.#options;
    const message = { topic, payload, retained: false };
    const route = routeOf(hall, topic);
    return new Promise((done) => {
      // What a clock of some make said is for its own make to read, by a mapping that is right by now.
      const reading = device === null ? null : again(device, { about: topic, payload });
      if (reading !== null) return void reading.then(() => done(null));
      if (route === null && foreign(message, () => done(null))) return;
      if (route === null && device !== null) return done(TOO_LITTLE);
      try {
        const fact = this.#read(route, message, correctByMs);
        if (fact === null) return done(null);
        const from = { by, via: 'rejects', claimedAt: null };
        const kept = (outcome: Outcome): void => {
          if (outcome === 'new' && fact.fact === 'punch') this.#flag(fact);
          done(outcome === 'conflict' ? 'another fact with the same identity says something else' : null);
        };
        this.#options.offer({ what: { fact, from }, kept });
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        done(error.message);
      }
    });
  }

  /** A clock is there or not, or has delivered everything up to then; resolves when that is durable. */
  state(device: string, door: string, state: DeviceFact['state'], at: Ms): Promise<void> {
    const { offer, devices } = this.#options;
    if (state !== 'complete') devices.is(device, state);
    const fact = this.#deviceFact(device, state, at);
    return new Promise((kept) => {
      offer({ what: { fact, from: { by: null, via: door, claimedAt: null } }, kept: () => kept() });
    });
  }

  #record(device: string, door: string, { punch, original }: ClockRecord): Promise<void> {
    const { hall, devices } = this.#options;
    this.counts.messages++;
    devices.came(device);
    // Kept aside it looks as if it had come on our own topic: so it can be taken in again from there.
    const source = { topic: punchTopic(hall, device), payload: Buffer.from(ownPayload(punch)) };
    return new Promise((kept) => {
      try {
        const fact = this.#punchFact(device, punch);
        this.#offer({ fact, from: { by: null, via: door, claimedAt: null }, original }, door, source, kept);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        devices.setAside(device, error.message);
        this.#reject(door, source, error.message, kept);
      }
    });
  }

  /** `seen`: by which number whoever looks at messages knows it. */
  #offer(what: Entry, door: string, source: Source, committed: () => void, seen: number | null = null): void {
    const { fact } = what;
    this.#options.offer({
      what,
      kept: (outcome) => {
        if (outcome === 'new' && fact.fact === 'punch') {
          const isMatched = this.#flag(fact);
          if (!isMatched && seen !== null) this.#options.recent?.noted(seen, NOBODYS);
          // On our own topics a clock numbers its touches; other makes count what else they record as well, or ask for it themselves.
          if (door === DOOR) this.#numbered(fact);
        }
        if (outcome === 'conflict' && !this.#isSameTouch(fact))
          return this.#reject(door, source, 'another fact with the same identity says something else', committed);
        if (outcome !== 'new') this.#repeated(fact);
        committed();
      },
    });
  }

  /** Delivered again, and judged otherwise meanwhile since the device's clock was measured: what was kept first holds. */
  #isSameTouch(fact: Fact): boolean {
    const known = this.#options.find(fact.id);
    if (fact.fact !== 'punch' || known?.fact !== 'punch') return false;
    return (['deviceAt', 'device', 'credential', 'seq', 'method'] as const).every((key) => known[key] === fact[key]);
  }

  #repeated(fact: Fact): void {
    this.counts.repeated++;
    if (fact.fact === 'punch' && fact.device !== undefined) this.#options.devices.repeated(fact.device);
  }

  /** Notes what installers want to know of a punch that counts all the same; whether somebody is known by its credential. */
  #flag(punch: PunchFact): boolean {
    const { ownerOf, devices, undated, touched, log } = this.#options;
    const owner = ownerOf(punch);
    const isMatched = owner !== null;
    if (!isMatched) this.counts.unmatched++;
    const { device, seq, at } = punch;
    if (device === undefined) return isMatched;
    if (isMatched) touched?.(device, owner, punch.deviceAt ?? at);
    undated?.dated(device, at);
    if (devices.punched(device, { at, isMatched, ...(seq === undefined ? {} : { seq }) })) {
      this.counts.sequenceResets++;
      log.warn({ device, seq }, 'sequence of a device began anew');
    }
    return isMatched;
  }

  #numbered({ device, seq }: PunchFact): void {
    if (device !== undefined && seq !== undefined) this.#options.devices.numbered(device, seq);
  }

  #reject(door: string, { topic, payload, device = null }: Source, because: string, committed: () => void): void {
    this.counts.rejected++;
    this.#options.recent?.refused(topic, payload, because);
    this.#options.offer({ what: { reject: { door, device, topic, because, payload } }, kept: committed });
  }

  #read(
    route: Route | null,
    { payload, retained }: InboundMessage,
    correctByMs: Ms | null = null,
  ): PunchFact | DeviceFact | PresenceFact | null {
    if (route === null) throw new DecodeError('no door has this topic');
    if (route.kind === 'presence') return this.#presence(route.window, payload);
    // Whether we were there excuses or accuses everybody; only we know.
    if (route.device === DAEMON) throw new DecodeError('no device is called daemon: that is the program itself');
    if (route.kind === 'status') return this.#status(route.device, payload, retained);
    this.#options.devices.came(route.device);
    return this.#punchFact(route.device, decodePunch(payload), correctByMs);
  }

  /** `correctByMs`: what somebody says the clock was ahead; null = what was measured. */
  #punchFact(device: string, punch: PunchReading, correctByMs: Ms | null = null): PunchFact {
    const { credential, deviceAt, seq, method } = punch;
    const at = this.#touchedAt(device, punch, correctByMs);
    // The same wherever the punch comes from, so that redelivery, import and back-fill agree.
    const id = factId('punch', deviceAt, this.#options.hall, device, credential, seq ?? '');
    return {
      fact: 'punch',
      id,
      recordedAt: BEGINNING,
      at,
      deviceAt,
      device,
      credential,
      ...(seq === null ? {} : { seq }),
      ...(method === null ? {} : { method }),
    };
  }

  /** When somebody touched a device; throws a `DecodeError` where nobody can tell, or it cannot be. */
  #touchedAt(device: string, { credential, deviceAt }: PunchReading, correctByMs: Ms | null): Ms {
    const { devices, undated, ownerOf, now } = this.#options;
    try {
      const at = correctByMs === null ? devices.trueTime(device, deviceAt) : deviceAt - correctByMs;
      if (at === null)
        throw new DecodeError('the device’s clock was set around then, and nobody can tell which time it stamped');
      this.#plausible(at, 'punch');
      return at;
    } catch (error) {
      const today: PunchFact = { fact: 'punch', id: '', recordedAt: BEGINNING, at: now(), device, credential };
      const person = correctByMs === null ? ownerOf(today) : null;
      if (person !== null) undated?.undated(device, person);
      throw error;
    }
  }

  #status(device: string, payload: Uint8Array, retained: boolean): DeviceFact | null {
    const { state, at, count } = decodeStatus(payload);
    const { devices, now: clock, firstDayAt } = this.#options;
    const now = clock();
    const said = this.#saidLast.get(device);
    this.#saidLast.set(device, state);
    // A retained word without a time comes back on every connection and says nothing new.
    if (retained && at === null && said === state) return null;
    if (at !== null) this.#plausible(at, 'status');
    const heardAt = devices.heardAt(device) ?? at ?? now;
    // Its time is no measurement of its clock: the message may have waited in the broker, or on the device.
    if (state === 'online') devices.said(device, count === null ? {} : { count });
    devices.is(device, state);
    const since = state === 'offline' ? Math.max(at ?? heardAt, Math.min(heardAt, now)) : (at ?? now);
    // What a broker has kept since before anybody was there would have every day since then judged, for everybody.
    return this.#deviceFact(device, state, retained ? Math.max(since, firstDayAt()) : since);
  }

  #deviceFact(device: string, state: DeviceFact['state'], at: Ms): DeviceFact {
    const id = factId('device', at, this.#options.hall, device, state);
    return { fact: 'device', id, recordedAt: BEGINNING, at, device, state };
  }

  #presence(window: string, payload: Uint8Array): PresenceFact {
    const { state, at, source } = decodePresence(payload);
    if (!this.#options.knowsWindow(window)) throw new DecodeError(`no window is called "${window.slice(0, 40)}"`);
    this.#plausible(at, 'presence');
    const id = factId('presence', at, this.#options.hall, window, source ?? '', state);
    return { fact: 'presence', id, recordedAt: BEGINNING, at, window, state, ...(source === null ? {} : { source }) };
  }

  /** A device whose clock is wrong accuses people: what it says is kept aside until somebody has looked. Our own may be wrong as well. */
  #plausible(at: Ms, what: string): void {
    const { aheadMs, oldestMs, now, behindByMs } = this.#options;
    const current = now();
    if (at > current + aheadMs && at > current + aheadMs + behindByMs()) {
      throw new DecodeError(`${what} from the future: the device's clock is ${minutes(at - current)} min ahead`);
    }
    if (at < current - oldestMs) throw new DecodeError(`${what} too old: the device's clock may have lost its time`);
  }
}

function minutes(length: Ms): number {
  return Math.round(length / 60_000);
}

/** A touch in our own words, as a clock would publish it. */
function ownPayload({ credential, deviceAt, seq, method }: PunchReading): string {
  return JSON.stringify({ credential, at: new Date(deviceAt).toISOString(), ...(seq === null ? {} : { seq }), method });
}

/**
 * An id made of what makes a fact the same fact. It begins with the fact's time, so that what comes in order of time goes to
 * one place of the ledger's index; ids in no order would touch another page of it each (measured: three times the time).
 */
export function factId(kind: string, at: Ms, ...parts: readonly (string | number)[]): string {
  let content = String(at);
  for (const part of parts) content += `\u0000${part}`;
  return `${kind}-${timeDigits(Math.max(0, at))}${hash('sha256', content).slice(0, 20)}`;
}

/** Twelve digits in base 16, made of two numbers of six: a number of more than 32 bits is slow to write (measured: three times). */
function timeDigits(at: Ms): string {
  const high = Math.floor(at / 0x1000000);
  const low = at - high * 0x1000000;
  return high.toString(16).padStart(6, '0') + low.toString(16).padStart(6, '0');
}
