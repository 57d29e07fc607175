/**
 * The contract of attendance clocks: what every make of clock is decoded to, and how one is connected.
 *
 * A clock is told that a record is taken only when it is durable in the ledger: by the broker's acknowledgement, by the answer
 * of its protocol, or by a place in its log that is remembered after that. What it says twice is known by its identity.
 */
import type { Ms, Zone } from '../rules/time.ts';
import type { InboundMessage } from './broker.ts';
import type { DeviceClock } from './device-clock.ts';
import type { LoginGate } from './login-gate.ts';

/** One touch of a clock. */
export interface PunchReading {
  readonly credential: string;
  /** What the device's own clock said; never changed. */
  readonly deviceAt: Ms;
  readonly seq: number | null;
  /** finger, face, card …; null where the device does not say. */
  readonly method: string | null;
}

/** A device said that it is there, or its last will said that it is not. */
export interface StatusReading {
  readonly state: 'online' | 'offline';
  /** null = the payload carried no time (a last will often cannot). */
  readonly at: Ms | null;
  /** How many punches the device says it has recorded. */
  readonly count: number | null;
}

/** A payload that cannot be understood; the message is a sentence for the installer that names the key at fault. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

// ---- what comes from clocks that do not speak our own topics ----------------------------------------------------

/** What a record was made of. Pictures, templates and names are dropped before anything gets here. */
export interface Original {
  /** SHA-256, in base 16, of the bytes as they came: of the record, where it can be cut out, else of the message. */
  readonly digest: string;
  /** The record's keys that are on its make's list of what may be kept, as the device wrote them. */
  readonly kept: Readonly<Record<string, string | number | boolean>>;
}

export interface ClockRecord {
  readonly punch: PunchReading;
  readonly original: Original;
}

/** A record or message that cannot be understood: it is kept aside with its reason, and lost to nobody. */
export interface Refused {
  /** Topic, address or file it came by, without credentials. */
  readonly about: string;
  /** A sentence for the installer. */
  readonly because: string;
  /** What came, without pictures and templates. */
  readonly payload: Uint8Array;
}

/** What one message, request or page of a log holds; kept as a whole. */
export interface ClockDelivery {
  readonly records: readonly ClockRecord[];
  readonly refused?: readonly Refused[];
}

/** What a device says of itself; each part only where it said so just now. */
export interface ClockSign {
  /** The time its clock showed when it sent this; the difference to ours is its offset. Never of a message that was kept anywhere. */
  readonly deviceAt?: Ms;
  /** How many punches it has recorded. */
  readonly count?: number;
  /** The number of its newest record. */
  readonly newestSeq?: number;
  /** It, or its last will, says that it goes: whatever else stands here is no sign of life. */
  readonly isLeaving?: true;
  /** Firmware, model, serial number … for pages; no secrets. */
  readonly about?: Readonly<Record<string, string>>;
}

/**
 * Why a clock is not heard:
 * - `offline`: nobody answers, or not in time
 * - `ended`: the device closed the connection
 * - `silent`: neither record nor heartbeat for longer than allowed
 * - `wrong-login`: user name, password or communication key refused
 * - `locked-out`: refused whatever the password
 * - `not-found`: the device answers and has nothing of the kind
 * - `unfit`: something answers that is not what was asked for
 */
export type ClockLossReason = 'offline' | 'ended' | 'silent' | 'wrong-login' | 'locked-out' | 'not-found' | 'unfit';

export interface ClockLoss {
  readonly reason: ClockLossReason;
  /** In plain words, without credentials; may be empty. */
  readonly detail: string;
}

/** Whom a connected clock tells what it hears. */
export interface ClockListener {
  /**
   * Resolves when all of it is durable. May take as long as the ledger cannot be written: where a device waits for an answer,
   * give it a refusal after a while (`within`), and it sends again.
   */
  deliver(delivery: ClockDelivery): Promise<void>;
  /** A sign of life; a delivery is one as well. */
  heard(sign?: ClockSign): void;
  /** Everything that the device recorded up to `at` has been delivered, by proof of its protocol (counts, a whole log read). */
  complete(at: Ms): void;
  /** Records are missing between two numbers of the device and are being asked for, or cannot be had again. */
  gap(gap: { readonly from: number; readonly to: number; readonly isAskedFor: boolean }): void;
}

/** What a clock remembers over restarts, such as a place in the device's log; written when the call returns. */
export interface ClockMemory {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/** What a clock is given to live in. */
export interface ClockSurroundings {
  readonly hall: string;
  /** The clock's id in the configuration, and in facts. */
  readonly device: string;
  /** The zone of the device's local times. */
  readonly zone: Zone;
  readonly clock: DeviceClock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Shared with whatever else logs in to the same hosts. */
  readonly gate: LoginGate;
  readonly memory: ClockMemory;
  /** Whether devices may be set by our time: one that is doubted goes no further. */
  readonly tellsTime: () => boolean;
}

/** Asked over HTTP at the devices' address. */
export interface DeviceRequest {
  readonly method: string;
  /** Without the query, decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Who asks, by the connection. */
  readonly from: string;
}

export interface DeviceAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A WebSocket that a device opened; text messages. */
export interface DeviceSocket {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly from: string;
  /** The next message; null when the device has closed. Messages wait meanwhile, and the device is held back when they are many. */
  next(): Promise<string | null>;
  send(text: string): void;
  close(because: string): void;
}

/** Somebody whom a device knows; nothing else of them is read. */
export interface DeviceUser {
  /** The number under which it records them. */
  readonly credential: string;
  /** As it stands on the device; null = none does. */
  readonly name: string | null;
}

/** What a clock wants to say by the broker. */
export interface BrokerReply {
  readonly topic: string;
  readonly payload: string;
}

/**
 * A clock of some make, by the roads it has. Opening never fails for an absent device.
 *
 * Handlers are only called between `open` and the end of `signal` of the room that holds them, and throw only what is a bug.
 */
export interface ConnectedClock {
  /** How long without any sign of life until it counts as offline; null = it speaks only when somebody touches it, and is silent otherwise. */
  readonly silenceMs: Ms | null;
  /** Heard through the hall's broker: on these topic filters, which no other clock has, unless `isMine` tells them apart. */
  readonly mqtt?: {
    readonly topics: readonly string[];
    /** What the device itself reads, such as its answers: it may, at the embedded broker. */
    readonly reads?: readonly string[];
    /** Whether a message on these topics is from this clock; left out = all are. */
    isMine?(message: InboundMessage): boolean;
    /** Resolves once what it says is durable, with what is to be answered; only then is the message acknowledged. */
    message(message: InboundMessage, listener: ClockListener): Promise<readonly BrokerReply[]>;
  };
  /** Pushes over HTTP. */
  readonly http?: {
    /** Whether this request is from this clock; by address and query, such as a serial number, and quickly. */
    isMine(request: Pick<DeviceRequest, 'method' | 'path' | 'query'>): boolean;
    handle(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer>;
  };
  /** Pushes over a WebSocket: one whose first message says who it is. */
  readonly socket?: {
    readonly paths: readonly string[];
    /** Whether the device that said this first is this clock. */
    isMine(first: string): boolean;
    /** Talks until the device has gone; `first` has been taken from it already. */
    talk(socket: DeviceSocket, first: string, listener: ClockListener): Promise<void>;
  };
  /**
   * Is called, or listened to, by us: connects, takes what there is, and goes on until it has ended or `signal` is aborted; the answer
   * says why it ended, or after how long to come again where it is only visited now and then. Called again after growing pauses.
   */
  listen?(listener: ClockListener, signal: AbortSignal): Promise<ClockLoss | { readonly againAfterMs: Ms }>;
  /**
   * Whom the device knows, by reading alone, or why it cannot be had. Names are for the eyes of whoever asks: they are kept nowhere and
   * logged nowhere. Left out = its make does not tell.
   */
  users?(signal: AbortSignal): Promise<readonly DeviceUser[] | ClockLoss>;
  /**
   * Reads once more what it had set aside of what was pushed, by a configuration that may be right by now; resolves once that is durable,
   * or set aside anew. Null = it did not come that way, and left out = too little of it is kept to be read again.
   */
  again?(refused: Pick<Refused, 'about' | 'payload'>, listener: ClockListener): Promise<void> | null;
}
