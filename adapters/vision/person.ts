/** What a model that knows people says of a seat; it is asked only in doubt, and one opinion of it is no evidence of absence. */
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import { PERSON } from './occupancy-limits.ts';

export interface PersonOpinion {
  /** When the picture was taken that it is about. */
  readonly at: Ms;
  /** 0 = surely nobody, 1 = surely a person. */
  readonly score: number;
}

export class PersonWitness {
  #last: PersonOpinion | null = null;
  #nobodySince: Ms | null = null;
  #nobodyLooks = 0;

  /** `opinion`: a new one, or null. Motion takes back that nobody was there. */
  see(at: Ms, opinion: PersonOpinion | null, moved: boolean): void {
    if (moved) this.#forgetNobody();
    if (opinion === null || at - opinion.at > PERSON.freshMs) return;
    this.#last = opinion;
    if (opinion.score > PERSON.absent) return this.#forgetNobody();
    this.#nobodySince ??= opinion.at;
    this.#nobodyLooks += 1;
  }

  /** The last score, while it is not too old. */
  score(at: Ms): number | null {
    return this.#last === null || at - this.#last.at > PERSON.everyMs + PERSON.freshMs ? null : this.#last.score;
  }

  says(at: Ms): Exclude<PresenceState, 'unknown'> | null {
    const score = this.score(at);
    if (score === null) return null;
    if (score >= PERSON.present) return 'occupied';
    const isLong = this.#nobodySince !== null && at - this.#nobodySince >= PERSON.absentSpanMs;
    return isLong && this.#nobodyLooks >= PERSON.absentLooks ? 'empty' : null;
  }

  mayAsk(at: Ms): boolean {
    return this.#last === null || at - this.#last.at >= PERSON.everyMs;
  }

  forget(): void {
    this.#last = null;
    this.#forgetNobody();
  }

  #forgetNobody(): void {
    this.#nobodySince = null;
    this.#nobodyLooks = 0;
  }
}
