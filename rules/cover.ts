/** Who holds which window, instant by instant (rules.md section 5, Cover). */
import type { Book } from './book.ts';
import type { CoverFact, PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, within } from './intervals.ts';
import { assignInOrder } from './matching.ts';
import type { Moment } from './moment.ts';
import { type HallDay, holdersAt, type ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';
import type { Ms } from './time.ts';

export type HeldBy = 'a' | 'b' | 'cover';

/** Who holds a window. */
interface Holder {
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
  /** Who answers for an empty seat: the holder, and nobody where more than one A was present. */
  readonly answerable: string | null;
}

/** A stretch of a window's service time in which its holder stays the same. */
export interface Holding extends Span, Holder {
  readonly interval: ServiceInterval;
}

/** A part of it in which its seat's state does not change either. */
export interface CoverStretch extends Holding {
  readonly seat: PresenceState;
}

/** Who held a window through its service time up to now. */
export class WindowCover {
  readonly holdings: readonly Holding[];
  readonly seat: SeatDay;

  constructor(holdings: readonly Holding[], seat: SeatDay) {
    this.holdings = holdings;
    this.seat = seat;
  }

  /** The whole of it, cut where holder or seat change. */
  get stretches(): CoverStretch[] {
    return this.within({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  }

  /** The parts of a stretch of time, cut where holder or seat change. */
  within(span: Span): CoverStretch[] {
    const { track } = this.seat;
    const stretches: CoverStretch[] = [];
    let i = 0;
    for (const holding of this.holdings) {
      const end = Math.min(holding.to, span.to);
      for (let from = Math.max(holding.from, span.from); from < end; ) {
        while (i + 1 < track.from.length && (track.from[i + 1] as Ms) <= from) i++;
        const to = Math.min(track.endOf(i), end);
        stretches.push({ ...holding, from, to, seat: track.states[i] as PresenceState });
        from = to;
      }
    }
    return stretches;
  }
}

/** A window of a component, with what is known of its day. */
export interface ServedWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
  readonly seat: SeatDay;
}

/** The cover of windows that share candidates, each for its service time up to now. */
export function coverOf(
  today: HallDay,
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): WindowCover[] {
  const turns = turningPoints(book, windows, presentOf, moment);
  const tracks = windows.map((served) => new Track(served, book.coversTouching(served.window.id, today)));
  const end = Math.min(moment.now, today.to);
  for (let i = 0; i < turns.length; i++) {
    const turn = turns[i] as Ms;
    const until = Math.min(turns[i + 1] ?? end, end);
    if (turn < until) new Situation(book, tracks, presentOf, turn).follow({ from: turn, to: until }, end);
  }
  return tracks.map(({ served, holdings }) => new WindowCover(holdings, served.seat));
}

/**
 * The instants, in order, at which somebody else may, or can, hold a window; those of people have been noted where they come from,
 * and count while any window is in service.
 */
function turningPoints(
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): Ms[] {
  const services = servicesOf(windows);
  if (services.length === 0) return [];
  const points: Ms[] = [];
  const add = ({ from, to }: { readonly from: Ms; readonly to: Ms | null }): void => {
    points.push(from);
    if (to !== null) points.push(to);
  };
  for (const service of services) add(service);
  for (const { window } of windows) {
    for (const cover of book.coversOf(window.id)) add(cover);
    for (const assign of book.assignsOf(window.id)) add(assign);
  }
  for (const at of points) moment.passes(at);
  for (const spans of presentOf.values()) for (const span of spans) add(span);
  points.sort((x, y) => x - y);
  return points.filter((at, i) => at !== points[i - 1] && services.some(({ from, to }) => from <= at && at <= to));
}

/** When some window is in service; most have the same hours, and those count once. */
function servicesOf(windows: readonly ServedWindow[]): Span[] {
  const services: Span[] = [];
  for (const { service } of windows) {
    for (const { from, to } of service) {
      if (!services.some((known) => known.from === from && known.to === to)) services.push({ from, to });
    }
  }
  return services;
}

/** A window on its way through the day: what is seen of its seat, and who has held it so far. */
class Track {
  readonly served: ServedWindow;
  readonly holdings: { -readonly [K in keyof Holding]: Holding[K] }[] = [];
  seat: PresenceState = 'unknown';
  seatUntil: Ms = Number.NEGATIVE_INFINITY;
  /** Cover facts of the day. */
  readonly #covers: readonly CoverFact[];
  #place = 0;

  constructor(served: ServedWindow, covers: readonly CoverFact[]) {
    this.served = served;
    this.#covers = covers;
  }

  /** Reads the seat's state at a later instant. */
  moveTo(at: Ms): void {
    const { track } = this.served.seat;
    while (this.seatUntil <= at) {
      const place = this.#place++;
      const isKnown = place < track.states.length;
      this.seat = isKnown ? (track.states[place] as PresenceState) : 'unknown';
      this.seatUntil = isKnown ? track.endOf(place) : Number.POSITIVE_INFINITY;
    }
  }

  /** The people of the cover facts valid at an instant, by `from`, then id. */
  coverPeople(at: Ms): readonly string[] {
    if (this.#covers.length === 0) return NO_PEOPLE;
    return this.#covers.filter(({ from, to }) => from <= at && at < to).map(({ employee }) => employee);
  }

  /** Where the holder changes, ends the last holding and begins one, that lasts up to `to` if nothing ends it before. */
  hold(from: Ms, to: Ms, interval: ServiceInterval, { holder, heldBy, answerable }: Holder): void {
    const last = this.holdings.at(-1);
    if (last?.interval === interval) {
      if (last.holder === holder && last.heldBy === heldBy && last.answerable === answerable) return;
      last.to = from;
    }
    this.holdings.push({ from, to, interval, holder, heldBy, answerable });
  }
}

/** A window in service, and who may hold it. */
interface Served {
  readonly track: Track;
  readonly interval: ServiceInterval;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly cover: readonly string[];
}

const NO_PEOPLE: readonly string[] = [];

const NOBODY: Holder = { holder: null, heldBy: null, answerable: null };

/** What was decided for the states of the first seat, of the second, and so on: they come again and again. */
type Decided = { [State in PresenceState]?: Decided } & { holders?: readonly Holder[] };

/** From one turning point to the next only seats change: who is there and may hold what stays as it is. */
class Situation {
  /** The windows in service, in the configuration's order. */
  readonly served: readonly Served[];
  readonly #present: ReadonlySet<string>;
  readonly #decided: Decided = {};

  constructor(book: Book, tracks: readonly Track[], presentOf: ReadonlyMap<string, readonly Span[]>, at: Ms) {
    const served: Served[] = [];
    for (const track of tracks) {
      const { window, service } = track.served;
      const interval = service.find((part) => part.from <= at && at < part.to);
      if (interval === undefined) continue;
      const [a, b] = [holdersAt(book, window, 'A', at), holdersAt(book, window, 'B', at)];
      served.push({ track, interval, a, b, cover: track.coverPeople(at) });
    }
    const present = new Set<string>();
    if (served.length > 0) for (const [person, spans] of presentOf) if (within(spans, at)) present.add(person);
    this.served = served;
    this.#present = present;
  }

  /** Follows the seats to the next turning point; a stretch that nothing ends lasts to `end`, or to the end of its service. */
  follow({ from, to }: Span, end: Ms): void {
    const settled = this.#holdersOfAnySeats();
    if (settled === null) return this.#followTogether({ from, to }, end);
    for (const [k, { track, interval }] of this.served.entries()) {
      track.hold(from, Math.min(interval.to, end), interval, settled[k] as Holder);
    }
  }

  #followTogether(span: Span, end: Ms): void {
    for (let { from } = span; from < span.to; ) {
      const seen: PresenceState[] = [];
      let next = span.to;
      for (const { track } of this.served) {
        track.moveTo(from);
        seen.push(track.seat);
        next = Math.min(next, track.seatUntil);
      }
      const holders = this.#holders(seen);
      for (const [k, { track, interval }] of this.served.entries()) {
        track.hold(from, Math.min(interval.to, end), interval, holders[k] as Holder);
      }
      from = next;
    }
  }

  /** Who holds each of the windows in service, where that does not depend on the states of their seats; null where it may. */
  #holdersOfAnySeats(): readonly Holder[] | null {
    const holders = this.#holders(this.served.map(() => 'empty'));
    // Steps 2 and 4, which alone ask what is seen, are for windows that the others have left without a holder.
    return this.#present.size === 0 || !holders.includes(NOBODY) ? holders : null;
  }

  /** Who holds each of the windows in service while their seats are in these states. */
  #holders(seats: readonly PresenceState[]): readonly Holder[] {
    let decided = this.#decided;
    for (const seat of seats) {
      decided[seat] ??= {};
      decided = decided[seat];
    }
    decided.holders ??= this.#decide(seats);
    return decided.holders;
  }

  /** The four steps. */
  #decide(seats: readonly PresenceState[]): Holder[] {
    const present = this.#present;
    const served = this.served;
    const holders: Holder[] = seats.map(() => NOBODY);
    if (present.size === 0) return holders;
    const presentAs = served.map(({ a }) => a.filter((person) => present.has(person)));
    const busy = new Set<string>();
    const hold = (k: number, person: string | undefined, heldBy: HeldBy): void => {
      if (person === undefined) return;
      const answerable = (presentAs[k]?.length ?? 0) > 1 ? null : person;
      holders[k] = { holder: person, heldBy, answerable };
      busy.add(person);
    };
    const free = (person: string): boolean => present.has(person) && !busy.has(person);
    const withoutA = presentAs.map((people) => people.length === 0);

    for (const [k, { cover }] of served.entries()) if (withoutA[k]) hold(k, cover.find(free), 'cover');
    for (const [k, { b }] of served.entries()) {
      if (seats[k] !== 'occupied' || !withoutA[k] || holders[k] !== NOBODY) continue;
      const leftAnEmptySeat = (person: string): boolean =>
        served.every(({ a }, j) => !a.includes(person) || seats[j] === 'empty');
      const person = b.find((candidate) => free(candidate) && leftAnEmptySeat(candidate));
      hold(k, person, 'b');
    }
    for (const [k, { a }] of served.entries()) if (holders[k] === NOBODY) hold(k, a.find(free), 'a');

    const rest = [...served.entries()].filter(([k]) => holders[k] === NOBODY && seats[k] !== 'empty');
    if (rest.length === 0) return holders;
    const matched = assignInOrder(rest.map(([, { b }]) => b.filter(free)));
    for (const [i, [k]] of rest.entries()) hold(k, matched[i] ?? undefined, 'b');
    return holders;
  }
}
