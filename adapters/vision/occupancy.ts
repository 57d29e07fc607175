/**
 * Whether somebody sits at one seat. Three witnesses are heard at each look, each with its numbers: pictures of the empty
 * seat, motion, and (where there is one) a model that knows people. Only a seat that looks like its empty self is empty;
 * that it looks otherwise, or that nothing moves in it, says nothing by itself. What they say together must last a
 * moment before it is believed, except a doubt, which counts at once.
 */
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { EmptySeatLearner } from './empty-seat.ts';
import { LifeSigns } from './life-signs.ts';
import { type Motion, SeatMotion } from './motion.ts';
import { MOTION, PERSON, REFERENCE, SETTLING } from './occupancy-limits.ts';
import { type PersonOpinion, PersonWitness } from './person.ts';
import type { PictureFault, PictureState } from './picture-health.ts';
import { type Comparison, type Reference, ReferenceBank } from './reference-bank.ts';

/**
 * Why a seat is unknown, beyond what is wrong with the picture: `starting` · `no-reference` nothing moves, and nobody said
 * how the seat looks when empty · `still` something is there and does not move · `unlike` not quite the empty seat ·
 * `moving` like the empty seat, but something moves · `settling` not yet for long enough · `conflict` the witnesses
 * contradict each other.
 */
export type Doubt = 'starting' | 'no-reference' | 'still' | 'unlike' | 'moving' | 'settling' | 'conflict';

/** What one witness says, and by which number. */
export interface Vote {
  readonly witness: 'picture' | 'reference' | 'patch' | 'motion' | 'person' | 'time';
  readonly says: PresenceState;
  readonly value: number;
  /** What the value was held against. */
  readonly limit: number;
}

export interface SeatVerdict {
  readonly at: Ms;
  readonly state: PresenceState;
  /** Since when the state holds. */
  readonly since: Ms;
  /** Null unless the state is unknown. */
  readonly reason: PictureFault | Doubt | null;
  readonly because: readonly Vote[];
  /** A person model's opinion on this picture would settle a doubt, or show how far its opinions can be trusted here. */
  readonly wantsPerson: boolean;
}

interface Opinion {
  readonly state: PresenceState;
  readonly reason: Doubt | null;
  /** What it will be if nothing contradicts. */
  readonly leans: PresenceState;
}

const doubt = (reason: Doubt, leans: PresenceState = 'unknown'): Opinion => ({ state: 'unknown', reason, leans });
const OCCUPIED: Opinion = { state: 'occupied', reason: null, leans: 'occupied' };
const EMPTY: Opinion = { state: 'empty', reason: null, leans: 'empty' };

export class SeatOccupancy {
  readonly #bank: ReferenceBank;
  readonly #motion = new SeatMotion();
  readonly #life = new LifeSigns();
  /** Of a seat that looks empty: what stirs in it again and again is somebody whom the reference was taken of. */
  readonly #lifeInEmpty = new LifeSigns();
  readonly #person = new PersonWitness();
  readonly #learner: EmptySeatLearner;
  #said: Opinion = doubt('starting');
  #saidSince: Ms | null = null;
  #leaning: { state: PresenceState; since: Ms; looks: number } | null = null;
  #movedAt: Ms | null = null;
  #sameSince: Ms | null = null;
  #isAliveInEmpty = false;

  /** `references`: what `references` gave before a restart. */
  constructor(references: readonly Reference[] = []) {
    this.#bank = new ReferenceBank(references);
    this.#learner = new EmptySeatLearner(this.#bank);
  }

  get references(): readonly Reference[] {
    return this.#bank.references;
  }

  /** Somebody says that nobody sits in this picture. */
  learnEmpty(at: Ms, picture: GrayPicture): void {
    this.#bank.add({ picture, at, origin: 'given' });
  }

  /** The camera's picture cannot be believed, or there is none. */
  blind(at: Ms, { fault, value, limit }: PictureState): SeatVerdict {
    this.#motion.forget();
    this.#life.forget();
    this.#lifeInEmpty.forget();
    this.#person.forget(at);
    this.#learner.forget();
    this.#leaning = null;
    this.#movedAt = null;
    this.#sameSince = null;
    this.#say(at, doubt('starting'));
    const because: Vote[] = [{ witness: 'picture', says: 'unknown', value, limit }];
    return {
      at,
      state: 'unknown',
      since: this.#saidSince ?? at,
      reason: fault ?? 'starting',
      because,
      wantsPerson: false,
    };
  }

  /** A new picture of the seat. `stir` as in `PictureState`; `person`: what a model says of it, if it was asked. */
  look(at: Ms, picture: GrayPicture, stir: number, person: PersonOpinion | null = null): SeatVerdict {
    const motion = this.#motion.see(at, picture, stir);
    if (motion?.moved) this.#movedAt = at;
    const comparison = this.#bank.compare(picture);
    this.#noteNoise(at, picture, comparison, motion);
    const life = this.#life.see(at, picture, motion?.stirs ?? false, comparison?.says === 'other');
    this.#person.see(at, person, motion?.stirs ?? false);
    const isSomebody = life && comparison?.says !== 'same' && this.#said.state === 'occupied';
    // Whoever left their coat there is held to be there for a while yet: only what moves just then is surely somebody.
    if (isSomebody && person !== null && (this.#movedAt ?? 0) >= person.at) this.#person.prove(person);
    const opinion = this.#opinion(at, comparison, motion, life);
    const settled = this.#settle(at, opinion);
    this.#say(at, settled);
    this.#learner.see({ at, picture, state: settled.state, moved: motion?.stirs ?? false, comparison });
    const inDoubt = opinion.state === 'unknown' && opinion.reason !== 'starting' && opinion.reason !== 'moving';
    // What rests on an opinion needs another before that one is too old.
    const restsOnPerson = this.#person.says(at) !== null && comparison?.says !== 'same';
    return {
      at,
      state: settled.state,
      since: this.#saidSince ?? at,
      reason: settled.reason,
      because: this.#because(at, comparison, motion, life || this.#isAliveInEmpty),
      wantsPerson:
        ((inDoubt || restsOnPerson) && this.#person.mayAsk(at)) ||
        (isSomebody && motion?.moved === true && this.#person.mayProve(at)),
    };
  }

  /** What changes between two pictures of the empty seat is noise. */
  #noteNoise(at: Ms, picture: GrayPicture, comparison: Comparison | null, motion: Motion | null): void {
    if (comparison?.says !== 'same') this.#sameSince = null;
    else this.#sameSince ??= at;
    const isSettled = this.#sameSince !== null && at - this.#sameSince >= 2 * MOTION.shortGapMs;
    if (isSettled && motion !== null) this.#motion.noteNoise(motion.share);
    if (comparison?.says !== 'same') this.#lifeInEmpty.forget();
    this.#isAliveInEmpty = isSettled && this.#lifeInEmpty.see(at, picture, motion?.stirs ?? false, false);
  }

  #opinion(at: Ms, comparison: Comparison | null, motion: Motion | null, isAlive: boolean): Opinion {
    // Whom it saw before the seat looked empty has left.
    const person = this.#person.says(at, this.#sameSince ?? undefined);
    const quietMs = this.#movedAt === null ? Number.POSITIVE_INFINITY : at - this.#movedAt;
    if (comparison?.says === 'same') {
      if (person === 'occupied' || this.#isAliveInEmpty) return doubt('conflict');
      return motion === null || quietMs < SETTLING.quietMs ? doubt('moving', 'empty') : EMPTY;
    }
    if (person === 'occupied' || isAlive) return OCCUPIED;
    if (person === 'empty') return EMPTY;
    if (motion === null) return doubt('starting');
    if (comparison === null) return doubt('no-reference');
    return doubt(comparison.says === 'other' ? 'still' : 'unlike');
  }

  /** What is leant to becomes what is said once it has lasted; until then nothing is known. */
  #settle(at: Ms, opinion: Opinion): Opinion {
    if (this.#leaning === null || this.#leaning.state !== opinion.leans)
      this.#leaning = { state: opinion.leans, since: at, looks: 0 };
    this.#leaning.looks += 1;
    if (opinion.state === 'unknown' || opinion.state === this.#said.state) return opinion;
    const { since, looks } = this.#leaning;
    const isOld =
      opinion.state === 'occupied'
        ? at - since >= SETTLING.occupiedMs && looks >= SETTLING.occupiedLooks
        : at - since >= SETTLING.emptyMs && looks >= SETTLING.emptyLooks;
    return isOld ? opinion : doubt('settling');
  }

  #say(at: Ms, opinion: Opinion): void {
    if (this.#saidSince === null || this.#said.state !== opinion.state) this.#saidSince = at;
    this.#said = opinion;
  }

  #because(at: Ms, comparison: Comparison | null, motion: Motion | null, isAlive: boolean): Vote[] {
    const votes: Vote[] = [];
    if (comparison !== null) {
      const { says, share, patch } = comparison;
      const state: PresenceState = says === 'same' ? 'empty' : 'unknown';
      votes.push({ witness: 'reference', says: state, value: share, limit: REFERENCE.sameShare });
      votes.push({ witness: 'patch', says: state, value: patch, limit: REFERENCE.samePatch });
    }
    if (motion !== null)
      votes.push({
        witness: 'motion',
        says: isAlive ? 'occupied' : 'unknown',
        value: Math.max(motion.share, motion.drift),
        limit: motion.limit,
      });
    const score = this.#person.score(at);
    if (score !== null)
      votes.push({
        witness: 'person',
        says: this.#person.says(at) ?? 'unknown',
        value: score,
        limit: score >= PERSON.present ? PERSON.present : PERSON.absent,
      });
    const leaning = this.#leaning;
    if (leaning !== null && leaning.state !== 'unknown')
      votes.push({
        witness: 'time',
        says: leaning.state,
        value: at - leaning.since,
        limit: leaning.state === 'occupied' ? SETTLING.occupiedMs : SETTLING.emptyMs,
      });
    return votes;
  }
}
