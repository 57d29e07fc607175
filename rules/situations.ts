/** Who holds which window, instant by instant (rules.md section 5, Cover). */
import type { Book } from './book.ts';
import type { Holding } from './cover.ts';
import { listOf } from './fact-order.ts';
import type { CoverFact } from './facts.ts';
import type { Window } from './hall.ts';
import { HoldingTrack } from './holding-track.ts';
import { type Span, sameSpans, subtract, within } from './intervals.ts';
import type { Moment } from './moment.ts';
import { type HallDay, holdersAt, type ServiceInterval } from './plan.ts';
import { differFrom, type SeatDay } from './presence.ts';
import { type AttendedWindow, Situation } from './situation.ts';
import type { Ms } from './time.ts';

/** A window of a component, with its service time of a day. */
export interface ServedWindow {
  readonly window: Window;
  readonly service: readonly ServiceInterval[];
}

/** When each person is there. */
export type Presence = ReadonlyMap<string, readonly Span[]>;

/** The windows of a component through a day: when they are in service, and who may hold them then. */
export class ServedWindows {
  readonly today: HallDay;
  /** The instants at which somebody else may hold one of them, in order; none where none is in service that day. */
  readonly turns: readonly Ms[];
  readonly #book: Book;
  readonly #windows: readonly ServedWindow[];
  readonly #covers: readonly (readonly CoverFact[])[];
  readonly #services: readonly Span[];
  /** Who may hold them before the first turn, and from each on. */
  readonly #rosters: (readonly AttendedWindow[] | undefined)[] = [];

  constructor(today: HallDay, book: Book, windows: readonly ServedWindow[]) {
    this.today = today;
    this.#book = book;
    this.#windows = windows;
    this.#covers = windows.map(({ window }) => book.coversTouching(window.id, today));
    this.#services = servicesOf(windows);
    const named = windows.flatMap(({ window: { id } }) => [...book.coversOf(id), ...book.assignsOf(id)]);
    const turns = [...this.#services, ...named].flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
    this.turns = this.#services.length === 0 ? [] : [...new Set(turns)].sort((x, y) => x - y);
  }

  /** Whether a window is in service at an instant, or has just been. */
  areServed(at: Ms): boolean {
    return this.#services.some(({ from, to }) => from <= at && at <= to);
  }

  /** Those in service at an instant, in the configuration's order, with who of their people is there. */
  attendedAt(at: Ms, present: ReadonlySet<string>): AttendedWindow[] {
    return this.#rosterAt(at).map(({ place, interval, a, b, cover }) => ({
      place,
      interval,
      a: thereOf(a, present),
      b: thereOf(b, present),
      cover: thereOf(cover, present),
    }));
  }

  /** Those in service at an instant, with everybody who may hold them then. */
  #rosterAt(at: Ms): readonly AttendedWindow[] {
    const turn = this.turns.findLastIndex((turn) => turn <= at) + 1;
    const known = this.#rosters[turn];
    if (known !== undefined) return known;
    const book = this.#book;
    const roster: AttendedWindow[] = [];
    for (const [place, { window, service }] of this.#windows.entries()) {
      const interval = service.find((part) => part.from <= at && at < part.to);
      if (interval === undefined) continue;
      const [a, b] = [holdersAt(book, window, 'A', at), holdersAt(book, window, 'B', at)];
      roster.push({ place, interval, a, b, cover: peopleAt(this.#covers[place] ?? [], at) });
    }
    this.#rosters[turn] = roster;
    return roster;
  }
}

function thereOf(people: readonly string[], present: ReadonlySet<string>): readonly string[] {
  return people.every((person) => present.has(person)) ? people : people.filter((person) => present.has(person));
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

const NO_PEOPLE: readonly string[] = [];

/** The people of the cover facts valid at an instant, by `from`, then id. */
function peopleAt(covers: readonly CoverFact[], at: Ms): readonly string[] {
  if (covers.length === 0) return NO_PEOPLE;
  return covers.filter(({ from, to }) => from <= at && at < to).map(({ employee }) => employee);
}

const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const NEVER: Span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
const NO_SPANS: readonly Span[] = [];

/**
 * Who is there for windows that share candidates, and may hold them, through a day up to a moment: all of the cover that does not ask
 * what is seen of the seats. Where it was found out before, of other people or of less of the day, only the stretch is looked at again in
 * which somebody is there who was not, or the other way round.
 */
export class Situations {
  readonly #known: Known;
  readonly #until: Ms;
  readonly #situations: readonly Situation[];
  /** How far seats have been followed, and what that came to. */
  #followed: Followed | null = null;

  constructor(windows: ServedWindows, presence: Presence, now: Ms, before: Situations | null = null) {
    const known = { presence, end: Math.min(now, windows.today.to) };
    const anew = before === null ? ALWAYS : differing(before.#known, known);
    const former = before === null ? [] : before.#situations;
    const situations = former.filter(({ at }) => at < anew.from);
    for (const situation of situationsIn(windows, known, anew)) {
      // Most who come and go hold nothing, and change nobody else's.
      if (situations.at(-1)?.lastsInto(situation) !== true) situations.push(situation);
    }
    for (const situation of former) if (situation.at >= anew.from && situation.at > anew.to) situations.push(situation);
    this.#known = known;
    this.#until = windows.today.to;
    this.#situations = situations;
    if (before === null || before.#followed === null) return;
    const { anew: pending } = before.#followed;
    const from = Math.min(pending.from, anew.from);
    this.#followed = { ...before.#followed, anew: { from, to: Math.max(pending.to, anew.to) } };
  }

  /** What is found at a moment; the same object as before where nobody has come or gone since, and nobody else may hold a window. */
  static at(windows: ServedWindows, presence: Presence, moment: Moment, before: Situations | null): Situations {
    for (const at of windows.turns) moment.passes(at);
    const anew = (): Situations => new Situations(windows, presence, moment.now, before);
    return before === null || !before.#holdsTo(moment.now, windows, presence) ? anew() : before;
  }

  /** Whether these are the same people, and none of them comes or goes between the end of what is known and a later instant. */
  #holdsTo(now: Ms, { turns, today }: ServedWindows, presence: Presence): boolean {
    const { presence: known, end: since } = this.#known;
    const end = Math.min(now, today.to);
    if (known !== presence || end < since) return false;
    const isNew = (at: Ms): boolean => since <= at && at < end;
    if (turns.some(isNew)) return false;
    for (const spans of presence.values()) {
      for (const { from, to } of spans) if (isNew(from) || isNew(to)) return false;
    }
    return true;
  }

  /**
   * Who held each of the windows in its service time, by what was seen of their seats. Whoever held one last is said to hold it to the end
   * of its service: nothing has ended that yet. The same objects as before where nothing else follows.
   */
  holdings(seats: readonly SeatDay[]): readonly (readonly Holding[])[] {
    const followed = this.#followed;
    const { from, to } = followed === null ? ALWAYS : this.#anewSince(followed, seats);
    if (followed !== null && from === ALWAYS.to) {
      followed.seats = seats;
      return followed.holdings;
    }
    const tracks = seats.map(({ track }, i) => new HoldingTrack(track, followed?.holdings[i] ?? [], from));
    const situations = this.#situations;
    const until = Math.min(to, this.#until);
    const first = situations.findLastIndex(({ at }) => at <= from);
    for (let i = Math.max(0, first); i < situations.length; i++) {
      const situation = situations[i] as Situation;
      if (situation.at >= until) break;
      const next = situations[i + 1]?.at ?? until;
      situation.follow(tracks, { from: Math.max(situation.at, from), to: Math.min(next, until) });
    }
    const holdings = tracks.map((track, i) => {
      const before = followed?.holdings[i] ?? [];
      if (to < this.#until) track.goOnAs(before, to);
      return track.kept(before);
    });
    this.#followed = { seats, holdings, anew: NEVER };
    return holdings;
  }

  /** When other people may hold windows: what a seat is later decides nothing before, and nothing while nobody asks for it. */
  #anewSince({ seats, anew }: Followed, now: readonly SeatDay[]): Span {
    let asked = ALWAYS.to;
    for (let i = 0; i < now.length; i++) {
      const [was, is] = [seats[i] as SeatDay, now[i] as SeatDay];
      if (was !== is) asked = Math.min(asked, this.#askedSince(i, differFrom(was.track, is.track)));
    }
    return asked === ALWAYS.to ? anew : { from: Math.min(anew.from, asked), to: ALWAYS.to };
  }

  /** From an instant on the first at which it matters what is seen of a window. */
  #askedSince(place: number, from: Ms): Ms {
    let since = ALWAYS.to;
    for (let i = this.#situations.length - 1; i >= 0; i--) {
      const situation = this.#situations[i] as Situation;
      if (situation.asksOf(place)) since = Math.max(situation.at, from);
      if (situation.at <= from) break;
    }
    return since;
  }
}

/** Who is there, as known up to an instant. */
interface Known {
  readonly presence: Presence;
  readonly end: Ms;
}

/** From when until when others are there than before, or as far as it was known; from then on all is the same. */
function differing(before: Known, known: Known): Span {
  let { from, to } = before.end === known.end ? NEVER : { from: Math.min(before.end, known.end), to: ALWAYS.to };
  for (const person of new Set([...before.presence.keys(), ...known.presence.keys()])) {
    const [was, is] = [before.presence.get(person) ?? NO_SPANS, known.presence.get(person) ?? NO_SPANS];
    if (was === is || sameSpans(was, is)) continue;
    for (const part of [...was.flatMap((span) => subtract(span, is)), ...is.flatMap((span) => subtract(span, was))]) {
      from = Math.min(from, part.from);
      to = Math.max(to, part.to);
    }
  }
  // What is not known yet is not the same as before.
  return { from, to: to < known.end ? to : ALWAYS.to };
}

interface Followed {
  seats: readonly SeatDay[];
  readonly holdings: readonly (readonly Holding[])[];
  /** When other people have been found to be there since. */
  readonly anew: Span;
}

/**
 * What is found at each instant of a stretch of time, as far as is known, at which somebody comes or goes, or somebody else may hold a window;
 * at the end of the stretch, too, from which on all is as it was before.
 */
function* situationsIn(windows: ServedWindows, { presence, end }: Known, { from, to }: Span): Iterable<Situation> {
  const isNew = (at: Ms): boolean => from <= at && at <= to && at < end;
  /** Who comes or goes at each. */
  const turns = new Map<Ms, string[]>();
  for (const at of [...windows.turns, to]) if (isNew(at)) turns.set(at, []);
  for (const [person, spans] of presence) {
    for (const span of spans) {
      if (isNew(span.from)) listOf(turns, span.from).push(person);
      if (isNew(span.to)) listOf(turns, span.to).push(person);
    }
  }
  const instants = [...turns.keys()].sort((x, y) => x - y);
  const present = new Set<string>();
  const isThere = (person: string, at: Ms): boolean => within(presence.get(person) ?? NO_SPANS, at);
  for (const [i, at] of instants.entries()) {
    for (const person of (i === 0 ? presence.keys() : turns.get(at)) ?? []) {
      if (isThere(person, at)) present.add(person);
      else present.delete(person);
    }
    if (windows.areServed(at)) yield new Situation(at, windows.attendedAt(at, present));
  }
}
