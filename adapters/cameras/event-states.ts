/** What the events of a device mean for the zones that they are about, as hall.yaml says. */
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { WitnessCall } from './witness-life.ts';

/** What an event says of its zone; null = nothing. */
export interface EventMeaning {
  /** As the device calls it; capitals make no difference. */
  readonly event: string;
  /** When it begins, or is said to go on. */
  readonly begins: PresenceState | null;
  /** When it ends. */
  readonly ends: PresenceState | null;
  /**
   * How long what it says holds if it is not said again. Null = where both its beginning and its end mean something, until
   * the other one comes; otherwise for the witness's `holdMs`, since only that something happened has been said.
   */
  readonly holdMs: Ms | null;
}

/** `happened`: a moment, that neither begins nor ends. */
export type EventPhase = 'began' | 'ended' | 'happened';

/** What came, in no vendor's terms. */
export interface DeviceEvent {
  readonly event: string;
  readonly phase: EventPhase;
  readonly deviceAt: Ms | null;
}

export class EventStates {
  readonly #meanings: ReadonlyMap<string, EventMeaning>;
  readonly #holdMs: Ms;

  constructor(meanings: readonly EventMeaning[], holdMs: Ms) {
    this.#meanings = new Map(meanings.map((meaning) => [meaning.event.toLowerCase(), meaning]));
    this.#holdMs = holdMs;
  }

  /** Whether an event means anything. */
  knows(event: string): boolean {
    return this.#meanings.has(event.toLowerCase());
  }

  /** Says of each of these zones what the event means for it. */
  tell({ event, phase, deviceAt }: DeviceEvent, zones: readonly string[], call: WitnessCall): void {
    const meaning = this.#meanings.get(event.toLowerCase());
    if (meaning === undefined) return;
    const { begins, ends, holdMs } = meaning;
    const state = phase === 'ended' ? ends : begins;
    if (state === null) return;
    const isLasting = phase !== 'happened' && begins !== null && ends !== null;
    const hold = holdMs ?? (isLasting ? null : this.#holdMs);
    for (const zone of zones) call.say({ zone, state, holdMs: hold, deviceAt });
  }
}
