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
  /** Pictures up to then are of another time: something has moved since, or the camera was blind. */
  #changedAt: Ms = Number.NEGATIVE_INFINITY;
  /** How often in a row it saw somebody who surely was there. */
  #proofs = 0;

  /** `opinion`: a new one, or null. Motion takes back that nobody was there. */
  see(at: Ms, opinion: PersonOpinion | null, moved: boolean): void {
    if (opinion !== null) this.#hear(at, opinion);
    if (moved) this.#change(at);
  }

  /** What the other witnesses are sure of, whatever the model says: somebody was there, at the time of its last opinion. */
  prove(opinion: PersonOpinion): void {
    if (opinion.score >= PERSON.present) this.#proofs += 1;
    else if (opinion.score <= PERSON.absent) this.#proofs = 0;
  }

  /** The last score, while it is not too old. */
  score(at: Ms): number | null {
    return this.#last === null || at - this.#last.at > PERSON.everyMs + PERSON.freshMs ? null : this.#last.score;
  }

  /** What it says now, by pictures from `since` on. */
  says(at: Ms, since: Ms = Number.NEGATIVE_INFINITY): Exclude<PresenceState, 'unknown'> | null {
    const score = this.score(at);
    if (score === null || (this.#last !== null && this.#last.at < since)) return null;
    if (score >= PERSON.present) return 'occupied';
    const isLong = this.#nobodySince !== null && at - this.#nobodySince >= PERSON.absentSpanMs;
    return isLong && this.#nobodyLooks >= PERSON.absentLooks && this.#isProven ? 'empty' : null;
  }

  mayAsk(at: Ms): boolean {
    return this.#isOlder(at, PERSON.everyMs);
  }

  /** Somebody surely is there: whether the model should show that it sees them. */
  mayProve(at: Ms): boolean {
    return this.#isOlder(at, this.#isProven ? PERSON.provenAgainMs : PERSON.provingMs);
  }

  forget(at: Ms): void {
    this.#last = null;
    this.#change(at);
  }

  get #isProven(): boolean {
    return this.#proofs >= PERSON.provenLooks;
  }

  #isOlder(at: Ms, thanMs: Ms): boolean {
    return this.#last === null || at - this.#last.at >= thanMs;
  }

  #hear(at: Ms, opinion: PersonOpinion): void {
    if (at - opinion.at > PERSON.freshMs) return;
    this.#last = opinion;
    if (opinion.score > PERSON.absent || opinion.at <= this.#changedAt) return this.#forgetNobody();
    this.#nobodySince ??= opinion.at;
    this.#nobodyLooks += 1;
  }

  #change(at: Ms): void {
    this.#changedAt = at;
    this.#forgetNobody();
  }

  #forgetNobody(): void {
    this.#nobodySince = null;
    this.#nobodyLooks = 0;
  }
}
