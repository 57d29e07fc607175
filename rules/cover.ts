/** Who holds which window, instant by instant (rules.md section 5, Cover). */
import type { Book } from './book.ts';
import type { PresenceState } from './facts.ts';
import type { Window } from './hall.ts';
import { type Span, within } from './intervals.ts';
import { assignInOrder } from './matching.ts';
import type { Moment } from './moment.ts';
import { type HallDay, holdersAt, type ServiceInterval } from './plan.ts';
import type { SeatDay } from './presence.ts';
import type { Ms } from './time.ts';

export type HeldBy = 'a' | 'b' | 'cover';

/** A stretch of a window's service time in which neither its holder nor its seat's state changes. */
export interface CoverStretch extends Span {
  readonly interval: ServiceInterval;
  readonly holder: string | null;
  readonly heldBy: HeldBy | null;
  /** Who answers for an empty seat: the holder, and nobody where more than one A was present. */
  readonly answerable: string | null;
  readonly seat: PresenceState;
}

/** A window of a component, with what is known of its day. */
export interface ServedWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
  readonly seat: SeatDay;
}

/** The cover of windows that share candidates, for their service time up to now. */
export function coverOf(
  today: HallDay,
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): CoverStretch[][] {
  const turns = turningPoints(book, windows, presentOf, moment);
  const tracks = windows.map((window) => new Track(window));
  const end = Math.min(moment.now, today.to);
  for (const [i, turn] of turns.entries()) {
    const until = Math.min(turns[i + 1] ?? end, end);
    const situation = new Situation(book, tracks, presentOf, turn);
    const { served } = situation;
    for (let from = turn; served.length > 0 && from < until; ) {
      const seen: PresenceState[] = [];
      let next = until;
      for (const { track } of served) {
        track.moveTo(from);
        seen.push(track.seat);
        next = Math.min(next, track.seatUntil);
      }
      const holders = situation.holders(seen);
      for (let k = 0; k < served.length; k++) {
        const { track, interval } = served[k] as Served;
        track.hold(from, Math.min(interval.to, end), interval, holders[k] as Holder);
      }
      from = next;
    }
  }
  return tracks.map(({ stretches }) => stretches);
}

/** The instants at which somebody else may, or can, hold a window; those of people have been noted where they come from. */
function turningPoints(
  book: Book,
  windows: readonly ServedWindow[],
  presentOf: ReadonlyMap<string, readonly Span[]>,
  moment: Moment,
): Ms[] {
  const points = new Set<Ms>();
  const add = ({ from, to }: { readonly from: Ms; readonly to: Ms | null }): void => {
    points.add(from);
    if (to !== null) points.add(to);
  };
  for (const { window, service } of windows) {
    for (const interval of service) add(interval);
    for (const cover of book.coversOf(window.id)) add(cover);
    for (const assign of book.assignsOf(window.id)) add(assign);
  }
  for (const at of points) moment.passes(at);
  for (const spans of presentOf.values()) for (const span of spans) add(span);
  return [...points].sort((x, y) => x - y);
}

/** A window on its way through the day: what is seen of its seat, and who has held it so far. */
class Track {
  readonly served: ServedWindow;
  readonly stretches: { -readonly [K in keyof CoverStretch]: CoverStretch[K] }[] = [];
  seat: PresenceState = 'unknown';
  seatUntil: Ms = Number.NEGATIVE_INFINITY;
  #place = 0;

  constructor(served: ServedWindow) {
    this.served = served;
  }

  /** Reads the seat's state at a later instant. */
  moveTo(at: Ms): void {
    const { stretches } = this.served.seat;
    while (this.seatUntil <= at) {
      const next = stretches[this.#place++];
      this.seat = next?.state ?? 'unknown';
      this.seatUntil = next?.to ?? Number.POSITIVE_INFINITY;
    }
  }

  /** Where something has changed, ends the last stretch and begins one, that lasts up to `to` if nothing ends it before. */
  hold(from: Ms, to: Ms, interval: ServiceInterval, { holder, heldBy, answerable }: Holder): void {
    const { seat } = this;
    const last = this.stretches.at(-1);
    if (last?.interval === interval) {
      const isSame =
        last.seat === seat && last.holder === holder && last.heldBy === heldBy && last.answerable === answerable;
      if (isSame) return;
      last.to = from;
    }
    this.stretches.push({ from, to, interval, holder, heldBy, answerable, seat });
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

type Holder = Pick<CoverStretch, 'holder' | 'heldBy' | 'answerable'>;

const NOBODY: Holder = { holder: null, heldBy: null, answerable: null };

/** What was decided for the states of the first seat, of the second, and so on: they come again and again. */
type Decided = { [State in PresenceState]?: Decided } & { holders?: readonly Holder[] };

/** From one turning point to the next only seats change: who is there and may hold what stays as it is. */
class Situation {
  /** The windows in service, in the configuration's order. */
  readonly served: readonly Served[];
  readonly #present = new Set<string>();
  readonly #decided: Decided = {};

  constructor(book: Book, tracks: readonly Track[], presentOf: ReadonlyMap<string, readonly Span[]>, at: Ms) {
    const served: Served[] = [];
    for (const track of tracks) {
      const { window, service } = track.served;
      const interval = service.find((part) => part.from <= at && at < part.to);
      if (interval === undefined) continue;
      const [a, b] = [holdersAt(book, window, 'A', at), holdersAt(book, window, 'B', at)];
      served.push({ track, interval, a, b, cover: coverPeople(book, window, at) });
    }
    this.served = served;
    if (served.length === 0) return;
    for (const [person, spans] of presentOf) if (within(spans, at)) this.#present.add(person);
  }

  /** Who holds each of the windows in service while their seats are in these states. */
  holders(seats: readonly PresenceState[]): readonly Holder[] {
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

/** The people of a window's cover facts valid at an instant, by `from`, then id. */
function coverPeople(book: Book, window: Window, at: Ms): string[] {
  return book
    .coversOf(window.id)
    .filter((cover) => cover.from <= at && at < cover.to)
    .map((cover) => cover.employee);
}
