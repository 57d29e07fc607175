/** What installers see of the devices of a hall, and what they can put right. */
import type { ClockProfile } from '../../config/schema.ts';
import type { CredentialFact } from '../../rules/facts.ts';
import { DAY_LENGTH, type Ms } from '../../rules/time.ts';
import type { HallCore } from '../hall-core.ts';
import { factId, type Intake } from '../intake/intake.ts';
import type { UnnamedTouches } from '../ledger/facts.ts';
import type { KeptReject, RejectPlace } from '../ledger/rejects.ts';
import type { DeviceReading } from './device-book.ts';
import type { Stranger } from './device-door.ts';
import type { DeviceFault } from './device-faults.ts';
import type { HallClocks } from './hall-clocks.ts';

/** A clock of the configuration, and what is known of it. */
export interface DeviceView extends DeviceReading {
  readonly kind: 'attendance' | 'door' | null;
  /** Null = it is heard and stands in no configuration. */
  readonly make: string | null;
  /** Whether it can be asked whom it knows. */
  readonly tellsUsers: boolean;
  /** Where it is called, without a login; null = it comes to us. */
  readonly address: string | null;
}

export interface Mapping {
  readonly credential: string;
  /** Null = on every clock. */
  readonly device: string | null;
  readonly employee: string;
  readonly from: Ms;
}

/** How far back touches of nobody are looked for. */
const UNMATCHED_MS: Ms = 14 * DAY_LENGTH;
const MOST_UNMATCHED = 500;

export class DeviceDesk {
  readonly #core: HallCore;
  readonly #clocks: HallClocks;
  readonly #intake: Intake;
  readonly #now: () => Ms;

  constructor(core: HallCore, clocks: HallClocks, intake: Intake, now: () => Ms) {
    this.#core = core;
    this.#clocks = clocks;
    this.#intake = intake;
    this.#now = now;
  }

  /** Every clock that is configured, and whatever else was heard. */
  devices(): DeviceView[] {
    const { configured, devices } = this.#clocks;
    const ids = new Set([...configured.keys(), ...devices.readings().map(({ device }) => device)]);
    return [...ids].map((id) => this.#view(id));
  }

  /** Null = there is none. */
  device(id: string): (DeviceView & { readonly history: readonly DeviceFault[] }) | null {
    const { configured, devices, faults } = this.#clocks;
    if (!configured.has(id) && !devices.knows(id)) return null;
    return { ...this.#view(id), history: faults.newest(id, 200) };
  }

  get strangers(): readonly Stranger[] {
    return this.#clocks.strangers;
  }

  /** Newest first, from a place in the list on. */
  rejects(limit: number, from?: RejectPlace): KeptReject[] {
    return this.#core.rejects.newest(limit, from);
  }

  /** Null = it is taken in; a text = why not; `undefined` = there is no such reject. */
  async takeAgain(digest: string, correctByMs: Ms | null, by: string): Promise<string | null | undefined> {
    const { rejects, ledger } = this.#core;
    const reject = rejects.find(digest);
    if (reject === null) return undefined;
    const because = await this.#intake.again(reject, correctByMs, by);
    if (because !== null) return because;
    // Its make may have set it aside again.
    const kept = rejects.find(digest);
    if (kept !== null && kept.times > reject.times) return kept.because;
    ledger.commit(() => rejects.remove(digest));
    return null;
  }

  /** Most frequent first. */
  unmatched(): UnnamedTouches[] {
    const engine = this.#core.live.engine;
    const rows = this.#core.facts.unnamedSince(this.#now() - UNMATCHED_MS, MOST_UNMATCHED);
    return rows.filter(({ device, credential, lastAt }) => {
      const at = { fact: 'punch', id: '', recordedAt: lastAt, at: lastAt, credential } as const;
      return engine?.ownerOf(device === null ? at : { ...at, device }) === null;
    });
  }

  /** From then on the credential is this person's; touches that waited are judged. False = nobody is called so. */
  async map({ credential, device, employee, from }: Mapping, by: string): Promise<boolean> {
    const { hall, live } = this.#core;
    if (!hall.employees.has(employee)) return false;
    const fact = credentialFact(hall.id, { credential, device, employee, from }, this.#now());
    await live.record([fact], { by, via: 'devices', claimedAt: null });
    return true;
  }

  #view(id: string): DeviceView {
    const { configured, devices } = this.#clocks;
    const config = configured.get(id);
    return {
      ...devices.reading(id),
      ...{ kind: config?.kind ?? null, make: config?.profile.kind ?? null, tellsUsers: this.#clocks.tellsUsers(id) },
      address: config === undefined ? null : addressOf(config.profile),
    };
  }
}

function addressOf(profile: ClockProfile): string | null {
  if ('host' in profile) return `${profile.host}:${profile.port}`;
  return 'url' in profile && profile.url !== null ? new URL(profile.url).host : null;
}

/** From then on a credential is this person's. */
export function credentialFact(
  hall: string,
  { credential, device, employee, from }: Mapping,
  recordedAt: Ms,
): CredentialFact {
  return {
    fact: 'credential',
    id: factId('credential', recordedAt, hall, device ?? '', credential, employee),
    ...{ recordedAt, employee, credential, from, to: null },
    ...(device === null ? {} : { device }),
  };
}
