/** What comes in through the brokers, made into facts or rejects. */
import { hash } from 'node:crypto';
import type { InboundMessage } from '../adapters/broker.ts';
import { decodePresence } from '../adapters/cameras/mqtt-presence.ts';
import { DecodeError } from '../adapters/clock.ts';
import { decodePunch, decodeStatus } from '../adapters/clocks/mqtt-json.ts';
import { routeOf } from '../adapters/topics.ts';
import type { DeviceFact, Fact, PresenceFact, PunchFact } from '../rules/facts.ts';
import { BEGINNING, type Ms } from '../rules/time.ts';
import type { Offer, Outcome } from './live.ts';
import type { Log } from './log.ts';

export interface IntakeOptions {
  readonly hall: string;
  readonly now: () => Ms;
  /** Windows that presence may speak of. */
  readonly knowsWindow: (window: string) => boolean;
  /** How far ahead of us a device's time may be: a clock that says "tomorrow" is wrong. */
  readonly aheadMs: Ms;
  /** How old a punch may be: one from 2000-01-01 comes from a clock that lost its time. */
  readonly oldestMs: Ms;
  readonly offer: (offer: Offer) => void;
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
const FROM = { by: null, via: DOOR, claimedAt: null } as const;

export class Intake {
  readonly counts: IntakeCounts = { messages: 0, rejected: 0, repeated: 0, unmatched: 0, sequenceResets: 0 };
  readonly #options: IntakeOptions;
  /** When each device was last heard: a last will was written when the device connected, and cannot know when it died. */
  readonly #heardAt = new Map<string, Ms>();
  /** The latest punch of each device, to see whether its numbers begin anew. */
  readonly #newest = new Map<string, { readonly seq: number; readonly at: Ms }>();
  readonly #saidLast = new Map<string, DeviceFact['state']>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Takes a message in; `committed` is called when what it says, or that it says nothing, is durable. */
  message(message: InboundMessage, committed: () => void): void {
    this.counts.messages++;
    try {
      const fact = this.#read(message);
      if (fact === null) committed();
      else
        this.#options.offer({
          what: { fact, from: FROM },
          kept: (outcome) => this.#kept(fact, outcome, message, committed),
        });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#reject(message, error.message, committed);
    }
  }

  #kept(fact: Fact, outcome: Outcome, message: InboundMessage, committed: () => void): void {
    if (outcome === 'known') this.counts.repeated++;
    if (outcome === 'new' && fact.fact === 'punch') this.#flag(fact);
    if (outcome === 'conflict')
      this.#reject(message, 'another fact with the same identity says something else', committed);
    else committed();
  }

  /** What installers want to know of a punch that counts all the same. */
  #flag(punch: PunchFact): void {
    if (this.#options.ownerOf(punch) === null) this.counts.unmatched++;
    const { device, seq, at } = punch;
    if (device === undefined || seq === undefined) return;
    const before = this.#newest.get(device);
    if (before !== undefined && at <= before.at) return;
    this.#newest.set(device, { seq, at });
    if (before === undefined || seq > before.seq) return;
    this.counts.sequenceResets++;
    this.#options.log.warn({ device, seq, before: before.seq }, 'sequence of a device began anew');
  }

  #reject({ topic, payload }: InboundMessage, because: string, committed: () => void): void {
    this.counts.rejected++;
    this.#options.offer({ what: { reject: { door: DOOR, topic, because, payload } }, kept: committed });
  }

  #read({ topic, payload, retained }: InboundMessage): PunchFact | DeviceFact | PresenceFact | null {
    const route = routeOf(this.#options.hall, topic);
    if (route === null) throw new DecodeError('no door has this topic');
    if (route.kind === 'punch') return this.#punch(route.device, payload);
    return route.kind === 'status'
      ? this.#status(route.device, payload, retained)
      : this.#presence(route.window, payload);
  }

  #punch(device: string, payload: Uint8Array): PunchFact {
    const { credential, deviceAt, seq, method } = decodePunch(payload);
    this.#plausible(deviceAt, 'punch');
    this.#heardAt.set(device, this.#options.now());
    // The same wherever the punch comes from, so that redelivery, import and back-fill agree.
    const id = factId('punch', deviceAt, this.#options.hall, device, credential, seq ?? '');
    return {
      fact: 'punch',
      id,
      recordedAt: BEGINNING,
      at: deviceAt,
      deviceAt,
      device,
      credential,
      ...(seq === null ? {} : { seq }),
      ...(method === null ? {} : { method }),
    };
  }

  #status(device: string, payload: Uint8Array, retained: boolean): DeviceFact | null {
    const { state, at } = decodeStatus(payload);
    const now = this.#options.now();
    const said = this.#saidLast.get(device);
    this.#saidLast.set(device, state);
    // A retained word without a time comes back on every connection and says nothing new.
    if (retained && at === null && said === state) return null;
    if (at !== null) this.#plausible(at, 'status');
    const heardAt = this.#heardAt.get(device) ?? at ?? now;
    if (state === 'online') this.#heardAt.set(device, now);
    const since = state === 'offline' ? Math.max(at ?? heardAt, Math.min(heardAt, now)) : (at ?? now);
    const id = factId('device', since, this.#options.hall, device, state);
    return { fact: 'device', id, recordedAt: BEGINNING, at: since, device, state };
  }

  #presence(window: string, payload: Uint8Array): PresenceFact {
    const { state, at, source } = decodePresence(payload);
    if (!this.#options.knowsWindow(window)) throw new DecodeError(`no window is called "${window.slice(0, 40)}"`);
    this.#plausible(at, 'presence');
    const id = factId('presence', at, this.#options.hall, window, source ?? '', state);
    return { fact: 'presence', id, recordedAt: BEGINNING, at, window, state, ...(source === null ? {} : { source }) };
  }

  /** A device whose clock is wrong accuses people: what it says is kept aside until somebody has looked. */
  #plausible(at: Ms, what: string): void {
    const { aheadMs, oldestMs, now } = this.#options;
    const current = now();
    if (at > current + aheadMs) {
      throw new DecodeError(`${what} from the future: the device's clock is ${minutes(at - current)} min ahead`);
    }
    if (at < current - oldestMs) throw new DecodeError(`${what} too old: the device's clock may have lost its time`);
  }
}

function minutes(length: Ms): number {
  return Math.round(length / 60_000);
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
