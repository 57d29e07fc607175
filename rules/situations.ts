/** Who holds which window, instant by instant (rules.md section 5, Cover). */
import type { Book } from './book.ts';
import type { HeldBy, Holder, Holding } from './cover.ts';
import type { CoverFact, PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, within } from './intervals.ts';
import { assignInOrder } from './matching.ts';
import type { Moment } from './moment.ts';
import { type HallDay, holdersAt, type ServiceInterval } from './plan.ts';
import { differFrom, type SeatDay, type SeatTrack } from './presence.ts';
import type { Ms } from './time.ts';

/** A window of a component, with its service time of a day. */
export interface ServedWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
}

/**
 * Who is there for windows that share candidates, and may hold them, through a day up to a moment: all of the cover that does not ask
 * what is seen of the seats.
 */
export class Situations {
  readonly #situations: readonly Situation[];
  /** How far seats have been followed, and what that came to. */
  #followed: Followed | null = null;

  constructor(
    today: HallDay,
    book: Book,
    windows: readonly ServedWindow[],
    presentOf: ReadonlyMap<string, readonly Span[]>,
    moment: Moment,
  ) {
    const end = Math.min(moment.now, today.to);
    const covers = windows.map(({ window }) => book.coversTouching(window.id, today));
    const situations: Situation[] = [];
    for (const at of turningPoints(book, windows, presentOf, moment)) {
      if (at >= end) break;
      const situation = new Situation(at, book, windows, covers, presentOf);
      // Most who come and go hold nothing, and change nobody else's.
      if (situations.at(-1)?.lastsInto(situation) !== true) situations.push(situation);
    }
    this.#situations = situations;
  }

  /**
   * Who held each of the windows in its service time up to an instant, by what was seen of their seats. Whoever held one last is said to
   * hold it to the end of its service: nothing has ended that yet. The same objects as before where nothing else follows.
   */
  holdings(seats: readonly SeatDay[], end: Ms): readonly (readonly Holding[])[] {
    const followed = this.#followed;
    const from = followed === null ? Number.NEGATIVE_INFINITY : knownUntil(followed.seats, seats);
    if (followed !== null && from === Number.POSITIVE_INFINITY) return followed.holdings;
    const tracks = seats.map(({ track }, i) => new Track(track, followed?.holdings[i] ?? [], from));
    const situations = this.#situations;
    const first = situations.findLastIndex(({ at }) => at <= from);
    for (let i = Math.max(0, first); i < situations.length; i++) {
      const situation = situations[i] as Situation;
      situation.follow(tracks, { from: Math.max(situation.at, from), to: situations[i + 1]?.at ?? end });
    }
    const holdings = tracks.map((track, i) => track.kept(followed?.holdings[i]));
    this.#followed = { seats, holdings };
    return holdings;
  }
}

interface Followed {
  readonly seats: readonly SeatDay[];
  readonly holdings: readonly (readonly Holding[])[];
}

/** Up to when who held what stays as it was, since what a seat is later decides nothing before; infinity where all of it does. */
function knownUntil(before: readonly SeatDay[], seats: readonly SeatDay[]): Ms {
  let from = Number.POSITIVE_INFINITY;
  for (const [i, { track }] of seats.entries()) from = Math.min(from, differFrom((before[i] as SeatDay).track, track));
  return from;
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
  readonly #holdings: { -readonly [K in keyof Holding]: Holding[K] }[];
  seat: PresenceState = 'unknown';
  seatUntil: Ms = Number.NEGATIVE_INFINITY;
  readonly #seen: SeatTrack;
  #place: number;

  /** `known`: who held it before `from`, at least. */
  constructor(seen: SeatTrack, known: readonly Holding[], from: Ms) {
    this.#seen = seen;
    this.#place = Math.max(
      0,
      seen.from.findLastIndex((at) => at <= from),
    );
    this.#holdings = known.filter((holding) => holding.from < from);
    const last = this.#holdings.pop();
    if (last !== undefined) this.#holdings.push({ ...last, to: last.interval.to });
  }

  /** Reads the seat's state at a later instant. */
  moveTo(at: Ms): void {
    const { from, states } = this.#seen;
    while (this.seatUntil <= at) {
      const place = this.#place++;
      this.seat = states[place] ?? 'unknown';
      this.seatUntil = from[place + 1] ?? Number.POSITIVE_INFINITY;
    }
  }

  /** Where the holder changes, ends the last holding and begins one, that lasts to the end of its service if nothing ends it before. */
  hold(from: Ms, interval: ServiceInterval, holder: Holder): void {
    const last = this.#holdings.at(-1);
    if (last?.interval === interval) {
      if (isSameHolder(last, holder)) return;
      last.to = from;
    }
    this.#holdings.push({ ...holder, from, to: interval.to, interval });
  }

  /** Who has held it: what was known before, if that is the same. */
  kept(before: readonly Holding[] | undefined): readonly Holding[] {
    const holdings = this.#holdings;
    const isSame =
      before?.length === holdings.length &&
      before.every((holding, i) => isSameHolding(holding, holdings[i] as Holding));
    return isSame ? before : holdings;
  }
}

function isSameHolding(a: Holding, b: Holding): boolean {
  return a.from === b.from && a.interval === b.interval && isSameHolder(a, b);
}

function isSameHolder(a: Holder, b: Holder): boolean {
  return a.holder === b.holder && a.heldBy === b.heldBy && a.answerable === b.answerable;
}

/** A window in service, and who may hold it. */
interface Served {
  /** Its place among the windows of its component. */
  readonly place: number;
  readonly interval: ServiceInterval;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly cover: readonly string[];
}

const NO_PEOPLE: readonly string[] = [];

/** The people of the cover facts valid at an instant, by `from`, then id. */
function peopleAt(covers: readonly CoverFact[], at: Ms): readonly string[] {
  if (covers.length === 0) return NO_PEOPLE;
  return covers.filter(({ from, to }) => from <= at && at < to).map(({ employee }) => employee);
}

const NOBODY: Holder = { holder: null, heldBy: null, answerable: null };

/** What was decided for the states of the first seat, of the second, and so on: they come again and again. */
type Decided = { [State in PresenceState]?: Decided } & { holders?: readonly Holder[] };

/** From one turning point to the next only seats change: who is there and may hold what stays as it is. */
class Situation {
  readonly at: Ms;
  /** The windows in service, in the configuration's order. */
  readonly #served: readonly Served[];
  readonly #present: ReadonlySet<string>;
  readonly #decided: Decided = {};
  readonly #settled: readonly Holder[] | null;

  constructor(
    at: Ms,
    book: Book,
    windows: readonly ServedWindow[],
    covers: readonly (readonly CoverFact[])[],
    presentOf: ReadonlyMap<string, readonly Span[]>,
  ) {
    const served: Served[] = [];
    for (const [place, { window, service }] of windows.entries()) {
      const interval = service.find((part) => part.from <= at && at < part.to);
      if (interval === undefined) continue;
      const [a, b] = [holdersAt(book, window, 'A', at), holdersAt(book, window, 'B', at)];
      served.push({ place, interval, a, b, cover: peopleAt(covers[place] ?? [], at) });
    }
    const present = new Set<string>();
    if (served.length > 0) for (const [person, spans] of presentOf) if (within(spans, at)) present.add(person);
    this.at = at;
    this.#served = served;
    this.#present = present;
    this.#settled = this.#holdersOfAnySeats();
  }

  /** Whether the same hold the same windows in a later one, whatever is seen of the seats. */
  lastsInto(later: Situation): boolean {
    const [before, after] = [this.#settled, later.#settled];
    if (before === null || after === null || before.length !== after.length) return false;
    return this.#served.every(({ interval }, k) => {
      const is = later.#served[k] as Served;
      return interval === is.interval && isSameHolder(before[k] as Holder, after[k] as Holder);
    });
  }

  /** Follows the seats through a stretch of time before the next turning point. */
  follow(tracks: readonly Track[], { from: start, to }: Span): void {
    for (let from = start; from < to; ) {
      let next = to;
      let holders = this.#settled;
      if (holders === null) {
        const seen: PresenceState[] = [];
        for (const { place } of this.#served) {
          const track = tracks[place] as Track;
          track.moveTo(from);
          seen.push(track.seat);
          next = Math.min(next, track.seatUntil);
        }
        holders = this.#holders(seen);
      }
      for (const [k, { place, interval }] of this.#served.entries()) {
        (tracks[place] as Track).hold(from, interval, holders[k] as Holder);
      }
      from = next;
    }
  }

  /** Who holds each of the windows in service, where that does not depend on the states of their seats; null where it may. */
  #holdersOfAnySeats(): readonly Holder[] | null {
    const holders = this.#decide(this.#served.map(() => 'empty'));
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
    const served = this.#served;
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
