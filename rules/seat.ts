/** A window's seat, followed through a day (rules.md section 5, Presence). */
import { type Book, DAEMON } from './book.ts';
import type { Bucket, Sightings } from './buckets.ts';
import { offlineSpans } from './evidence.ts';
import type { PresenceFact, PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { NOWHERE } from './instants.ts';
import { type Span, subtract } from './intervals.ts';
import { Kept, type Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import { isSameSeat, SeatDay, SeatTrack, SteadyStates, unseen } from './presence.ts';
import type { Ms } from './time.ts';

const NEVER: readonly Span[] = [];

/** What was seen of a window's seat. */
export type SeatSighting = Pick<PresenceFact, 'window' | 'at' | 'source'>;

/** A window's seat through a day: sources merged, short gaps bridged, flickers dropped. */
export class Seat {
  readonly #today: HallDay;
  readonly #book: Book;
  readonly #window: Window;
  readonly #kept = new Kept<SeatDay>();
  #said: readonly Sightings[] | null = null;
  /** By whom it was spoken of when that was found. */
  #witnesses = 0;
  /** Where one source alone speaks of it. */
  #followed: FollowedSource | null = null;
  /** Whether that one is all that it was found out by. */
  #isAlone = false;

  constructor(today: HallDay, book: Book, window: Window) {
    this.#today = today;
    this.#book = book;
    this.#window = window;
  }

  /** What is known of it up to a moment; the same object where nothing else is known than before. */
  at(moment: Moment): SeatDay {
    return this.#kept.at(moment, this.#find);
  }

  /** Whether somebody's word, new or taken back, changes nothing of what has been found out up to when it was said. */
  isAsBefore({ source = '' }: SeatSighting): boolean {
    return this.#isAlone && this.#followed?.goesOn(source) === true;
  }

  /** Something has become known of what was seen of it. */
  forget(): void {
    this.#kept.forget();
  }

  readonly #find = (moment: Moment, before: SeatDay | null): SeatDay => {
    const { from, to: end } = this.#today;
    const to = Math.min(moment.now, end);
    // Before the day there is nothing to be seen, and on it there is.
    moment.due(from + 1);
    const said = this.#sightings();
    const one = said.length === 1 ? said[0] : undefined;
    const followed = one === undefined ? null : this.#follow(one, to, moment);
    this.#isAlone = followed?.watched === true;
    const found = followed ?? this.#merge(said, to, moment);
    return before !== null && isSameSeat(before, found) ? before : found;
  };

  /** Who speaks of it, and where that stands. */
  #sightings(): readonly Sightings[] {
    const { witnesses } = this.#book;
    if (this.#said === null || this.#witnesses !== witnesses) {
      this.#said = this.#book.sightingsOf(this.#window.id, this.#today);
      this.#witnesses = witnesses;
    }
    return this.#said;
  }

  /** Reads on what the only source says; null where that does not hold all the time, since it could not be heard. */
  #follow(said: Sightings, to: Ms, moment: Moment): SeatDay | null {
    const { from } = this.#today;
    if (this.#followed?.readOn(said, to, moment) !== true) {
      this.#followed = new FollowedSource(said.source, this.#today, this.#window.thresholds);
      this.#followed.readOn(said, to, moment);
    }
    if (!this.#followed.saidAnything) return unseen({ from, to });
    const isDeaf = deafSpans(said.source, this.#today, this.#book, moment).length > 0;
    return isDeaf ? null : this.#followed.seat(to);
  }

  #merge(said: readonly Sightings[], to: Ms, moment: Moment): SeatDay {
    const { from } = this.#today;
    let track: SeatTrack | null = null;
    for (const one of said) {
      const told = trackOf(one, this.#today, to, moment);
      if (told === null) continue;
      const heard = deafened(told, deafSpans(one.source, this.#today, this.#book, moment));
      track = track === null ? heard : merged(track, heard);
    }
    if (track === null) return unseen({ from, to });
    const steady = new SteadyStates(this.#window.thresholds);
    for (const [i, state] of track.states.entries()) steady.turn(track.from[i] as Ms, state);
    return new SeatDay(true, steady.upTo(to));
  }
}

/** When what a source says does not hold: it could not be heard, or nobody heard it. */
function deafSpans(source: string, today: HallDay, book: Book, moment: Moment): readonly Span[] {
  const daemonDown = offlineSpans(DAEMON, today, book, moment);
  const down = source === '' ? NEVER : offlineSpans(source, today, book, moment);
  return down.length === 0 ? daemonDown : [...daemonDown, ...down];
}

/** How far a chain of what was said has been read. */
interface Reading {
  readonly bucket: Bucket;
  readonly chain: number;
  readonly upsets: number;
  /** The last place that was read. */
  place: number;
}

/** What one source says of a seat through a day, read on as more is said. */
class FollowedSource {
  readonly #source: string;
  readonly #today: Span;
  readonly #states: SteadyStates;
  readonly #readings: Reading[] = [];
  /** Up to and with what instant it is known what the seat was. */
  #knownTo: Ms = Number.NEGATIVE_INFINITY;
  #hasSpoken = false;
  #speaks = false;
  /** What was read comes to; null = not worked out. */
  #seat: SeatDay | null = null;

  constructor(source: string, today: Span, limits: Window['thresholds']) {
    this.#source = source;
    this.#today = today;
    this.#states = new SteadyStates(limits);
  }

  /** Whether it had said anything by the moment up to which it was read. */
  get saidAnything(): boolean {
    return this.#hasSpoken || this.#speaks;
  }

  /** Whether a source is this one, and what it said has only grown at its end since it was read. */
  goesOn(source: string): boolean {
    for (const { bucket, chain, upsets } of this.#readings) {
      if (bucket.presence.upsets(chain) !== upsets) return false;
    }
    return this.#hasSpoken && source === this.#source;
  }

  /** What is known of the seat up to `to`, as far as this has been read. */
  seat(to: Ms): SeatDay {
    this.#seat ??= new SeatDay(true, this.#states.upTo(to));
    return this.#seat;
  }

  /** Reads what it had said by a moment; false where that is not what was read, and more. When there is more to come, it is read again. */
  readOn({ source, parts }: Sightings, to: Ms, moment: Moment): boolean {
    if (source !== this.#source || this.#knownTo >= to || !this.#isAsRead(parts)) return false;
    this.#speaks = false;
    for (const reading of this.#readings) if (!this.#readChain(reading, to, moment)) return false;
    if (this.#knownTo < this.#today.from && this.#today.from < to) this.#turn(this.#today.from, 'unknown');
    return true;
  }

  #readChain(reading: Reading, to: Ms, moment: Moment): boolean {
    const { presence } = reading.bucket;
    let { place } = reading;
    place = place === NOWHERE ? presence.firstFrom(reading.chain, this.#today.from) : presence.next(place);
    for (; place !== NOWHERE; place = presence.next(place)) {
      const at = presence.at(place);
      if (at >= this.#today.to || !moment.due(at)) break;
      this.#speaks = true;
      if (at >= to) {
        // A state that begins at this instant has no length yet, but what came before it is between two from the next one on.
        moment.due(at + 1);
        break;
      }
      if (at <= this.#knownTo) return false;
      this.#hasSpoken = true;
      reading.place = place;
      const next = presence.next(place);
      if (next === NOWHERE || presence.at(next) > at) this.#turn(at, reading.bucket.seenAt(place));
    }
    return true;
  }

  #turn(at: Ms, state: PresenceState): void {
    if (this.#states.isEmpty && at > this.#today.from) this.#states.turn(this.#today.from, 'unknown');
    if (this.#states.turn(at, state)) this.#seat = null;
    this.#knownTo = at;
  }

  /** Takes up the chains of what is said, if those that have been read have only grown at their ends. */
  #isAsRead(parts: Sightings['parts']): boolean {
    for (let i = 0; i < parts.length; i++) {
      const { bucket, chain } = parts[i] as Sightings['parts'][number];
      const upsets = bucket.presence.upsets(chain);
      const reading = this.#readings[i];
      if (reading === undefined) this.#readings.push({ bucket, chain, upsets, place: NOWHERE });
      else if (reading.bucket !== bucket || reading.chain !== chain || reading.upsets !== upsets) return false;
    }
    return parts.length === this.#readings.length;
  }
}

/**
 * What a source had said by now: each state until its next one, and nothing before the first; null where it had said nothing. Where
 * there is more to come, the day is looked at again then.
 */
function trackOf(said: Sightings, today: Span, to: Ms, moment: Moment): SeatTrack | null {
  const track = new SeatTrack(to);
  if (today.from < to) track.turn(today.from, 'unknown');
  let saidAnything = false;
  for (const { bucket, chain } of said.parts) {
    const { presence } = bucket;
    for (let place = presence.firstFrom(chain, today.from); place !== NOWHERE; place = presence.next(place)) {
      const at = presence.at(place);
      if (at >= today.to || !moment.due(at)) break;
      saidAnything = true;
      // A state that begins at this instant has no length yet, but what came before it is between two from the next one on.
      if (at === moment.now) moment.due(at + 1);
      if (at < to) track.turn(at, bucket.seenAt(place));
    }
  }
  return saidAnything ? track : null;
}

/** The track of a source that could not hear for some of the time: what it said does not hold then. */
function deafened(track: SeatTrack, deaf: readonly Span[]): SeatTrack {
  if (deaf.length === 0) return track;
  const result = new SeatTrack(track.to);
  for (const [i, state] of track.states.entries()) {
    const stretch = { from: track.from[i] as Ms, to: track.endOf(i) };
    let at = stretch.from;
    for (const { from, to } of subtract(stretch, deaf)) {
      if (at < from) result.turn(at, 'unknown');
      result.turn(from, state);
      at = to;
    }
    if (at < stretch.to) result.turn(at, 'unknown');
  }
  return result;
}

/** Two sources, each through the same time: occupied if either says so, else unknown if either does. */
function merged(a: SeatTrack, b: SeatTrack): SeatTrack {
  const track = new SeatTrack(a.to);
  for (let i = 0, k = 0; i < a.states.length; ) {
    const from = Math.max(a.from[i] as Ms, b.from[k] as Ms);
    track.turn(from, either(a.states[i] as PresenceState, b.states[k] as PresenceState));
    const [endOfA, endOfB] = [a.endOf(i), b.endOf(k)];
    if (endOfA <= endOfB) i++;
    if (endOfB <= endOfA) k++;
  }
  return track;
}

function either(a: PresenceState, b: PresenceState): PresenceState {
  if (a === 'occupied' || b === 'occupied') return 'occupied';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'empty';
}
