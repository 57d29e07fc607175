/** Whom a clock knows, beside the people of the hall: read when somebody asks, shown to them, and kept nowhere. */
import type { ClockLoss } from '../../adapters/clock.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { By } from '../access/books.ts';
import type { HallCore } from '../hall-core.ts';
import { credentialFact } from './device-desk.ts';
import { type EnrolledRow, enrolledRows, type Person } from './enrolled.ts';
import type { HallClocks } from './hall-clocks.ts';

export type Read =
  | { readonly rows: readonly EnrolledRow[]; readonly people: readonly Person[] }
  /** `unknown`: there is no such clock · `cannot`: its make does not tell. */
  | { readonly because: 'unknown' | 'cannot' }
  | { readonly loss: ClockLoss };

/** Whose a number is to be. */
export interface Enrolment {
  readonly credential: string;
  readonly employee: string;
}

/** Why nothing was accepted: `unknown` nobody of the hall has this id · `taken` the number is somebody else's already. */
export type NotAccepted = { readonly because: 'unknown' | 'taken'; readonly of: Enrolment };

/** A device that pushes is asked when it comes, and asks for commands about every ten seconds. */
const WITHIN_MS: Ms = 150 * SECOND;

export class EnrolmentDesk {
  readonly #core: HallCore;
  readonly #clocks: HallClocks;
  readonly #books: Access['books'];
  readonly #now: () => Ms;

  constructor(core: HallCore, clocks: HallClocks, { books }: Pick<Access, 'books'>, now: () => Ms) {
    this.#core = core;
    this.#clocks = clocks;
    this.#books = books;
    this.#now = now;
  }

  /** Reads them from the device, which changes nothing there. That it was done is kept, and no name. */
  async read(clock: string, by: By): Promise<Read> {
    if (!this.#clocks.configured.has(clock)) return { because: 'unknown' };
    const asking = this.#clocks.usersOf(clock, AbortSignal.timeout(WITHIN_MS));
    if (asking === null) return { because: 'cannot' };
    const answer = await asking;
    if ('reason' in answer) return { loss: answer };
    this.#books.write(() => this.#books.record('clock-users-read', by, null, { clock, users: answer.length }));
    const people = this.#people();
    return { rows: enrolledRows(answer, people, (credential) => this.#ownerOf(clock, credential)), people };
  }

  /** From then on these numbers of the clock are these people's, all of them or none; touches that waited are judged. */
  async accept(clock: string, from: Ms, enrolments: readonly Enrolment[], by: By): Promise<NotAccepted | null> {
    const ids = new Set(this.#people().map(({ id }) => id));
    for (const of of enrolments) {
      if (!ids.has(of.employee)) return { because: 'unknown', of };
      // Neither now nor then: what was judged as another's must not become theirs by a list.
      const owners = [this.#now(), from].map((at) => this.#ownerOf(clock, of.credential, at));
      if (owners.some((owner) => owner !== null && owner !== of.employee)) return { because: 'taken', of };
    }
    const { hall, live } = this.#core;
    const now = this.#now();
    const facts = enrolments.map((one) => credentialFact(hall.id, { ...one, device: clock, from }, now));
    await live.record(facts, { by: by.who, via: 'devices', claimedAt: null });
    const detail = { clock, from, enrolments: facts.length };
    this.#books.write(() => this.#books.record('clock-users-mapped', by, null, detail));
    return null;
  }

  #ownerOf(device: string, credential: string, at: Ms = this.#now()): string | null {
    const touch = { fact: 'punch', id: '', recordedAt: at, at, credential, device } as const;
    return this.#core.live.engine?.ownerOf(touch) ?? null;
  }

  #people(): readonly Person[] {
    const hall = this.#core.live.engine?.hallAt(this.#now()) ?? this.#core.hall;
    return [...hall.employees.values()].map(({ id, name }) => ({ id, name }));
  }
}
