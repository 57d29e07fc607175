/** The board's snapshots, made from the engine: states of windows, without names. */
import type { CoverStretch } from '../../rules/cover.ts';
import type { Engine } from '../../rules/engine.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { overlaps, type Span, within } from '../../rules/intervals.ts';
import type { WindowGroup } from '../../rules/opened-day.ts';
import { scheduledSessions } from '../../rules/plan.ts';
import type { WindowDay } from '../../rules/rule.ts';
import { dateOf, formatInstant, MINUTE, type Ms, type Zone } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { Language } from '../alerts/words.ts';
import {
  type Board,
  type BoardSource,
  type BoardState,
  type BoardWindow,
  type Holder,
  isSameButForTime,
} from './board.ts';

export interface LiveBoardOptions {
  readonly hall: Hall;
  readonly engine: () => Engine | null;
  readonly now: () => Ms;
  readonly warnings: (language: Language) => readonly string[];
  readonly cases: () => number;
  /** By window, since when and why its people say that they are away. */
  readonly away: () => ReadonlyMap<string, { readonly at: Ms; readonly reason: string | null }>;
}

interface Look {
  readonly board: Omit<Board, 'id'>;
  readonly rows: readonly Row[];
  /** What else than windows is shown, as text, but for the instant. */
  readonly head: string;
}

/** As what and as of when it is looked. */
interface Seeing {
  readonly hall: Hall;
  readonly at: Ms;
  /** An instant as it is written. */
  readonly stamp: (instant: Ms) => string;
}

/** What is shown of a window. */
interface Row {
  readonly window: BoardWindow;
  readonly order: number;
  readonly holder: Holder | null;
}

/** What is shown of windows that are judged together, and until when it is the same if nothing of them becomes known. */
interface Group {
  /** Another object once they have been judged again. */
  readonly judged: object;
  readonly at: Ms;
  readonly until: Ms;
  /** From the first to the last service of the day; null = there is none. */
  readonly service: Span | null;
  readonly rows: readonly Row[];
}

/** The windows as they were last looked at: the same object while none of them has been looked at again. */
interface Picture {
  readonly groups: readonly Group[];
  readonly hall: Hall | null;
  /** In the configuration's order. */
  readonly rows: readonly Row[];
  /** Where in them a window is. */
  readonly places: ReadonlyMap<string, number>;
  readonly windows: readonly BoardWindow[];
  readonly service: Span | null;
}

const NOTHING: Picture = { groups: [], hall: null, rows: [], places: new Map(), windows: [], service: null };

/** Looked at when somebody wants to know: thousands of punches a second come in, and most of them while nobody watches. */
export class LiveBoard implements BoardSource {
  readonly #options: LiveBoardOptions;
  readonly #listeners = new Set<() => void>();
  /** Instants as they are written: a day has thousands of them, the same ones at every look. */
  readonly #stamps = new Map<Ms, string>();
  #zone: Zone | null = null;
  #id = 0;
  #look: Look;
  #picture: Picture = NOTHING;
  #stale = false;

  constructor(options: LiveBoardOptions) {
    this.#options = options;
    this.#look = this.#lookNow();
  }

  snapshot(): Board {
    if (this.#stale) this.#lookAgain();
    return { id: this.#id, ...this.#look.board };
  }

  subscribe(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Something has come in: whoever watches looks again as soon as it suits them. */
  stir(): void {
    this.#stale = true;
    this.#tell();
  }

  /** Time has passed, which alone can change what is shown; whoever watches is told if it did. */
  refresh(): void {
    this.#stale = true;
    const before = this.#id;
    if (this.#listeners.size > 0 && this.snapshot().id !== before) this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #lookAgain(): void {
    const look = this.#lookNow();
    if (!isSameLook(this.#look, look)) this.#id++;
    this.#look = look;
    this.#stale = false;
  }

  #stampIn(zone: Zone): (instant: Ms) => string {
    if (zone !== this.#zone || this.#stamps.size > MOST_STAMPS) this.#stamps.clear();
    this.#zone = zone;
    return (instant) => {
      const known = this.#stamps.get(instant) ?? formatInstant(zone, instant);
      this.#stamps.set(instant, known);
      return known;
    };
  }

  #lookNow(): Look {
    const { now, warnings, cases, away } = this.#options;
    const at = now();
    const groups = groupsAt(this.#options.engine(), at);
    const today = groups[0]?.today;
    const hall = today?.hall ?? this.#options.hall;
    const stamp = this.#stampIn(hall.zone);
    const { rows, places, windows, service } = this.#pictureOf(groups, { hall, at, stamp });
    const snapshot = {
      hall: { id: hall.id, name: hall.name, timezone: hall.zone.id },
      at: stamp(at),
      date: today === undefined ? stamp(at).slice(0, 10) : dateOf(today.day),
      service: service === null ? null : { from: stamp(service.from), to: stamp(service.to) },
      windows,
      cases: cases(),
    };
    const said = new Map(
      [...away()].map(([window, { at: since, reason }]) => [window, { since: stamp(since), reason }] as const),
    );
    const warned = { zh: warnings('zh'), en: warnings('en') };
    const head = JSON.stringify([{ ...snapshot, at: null, windows: null }, warned, ...said]);
    const holderAt = (window: string): Holder | null => rows[places.get(window) ?? -1]?.holder ?? null;
    return { board: { snapshot, warnings: warned, holderAt, away: said }, rows, head };
  }

  #pictureOf(groups: readonly WindowGroup[], as: Seeing): Picture {
    const before = this.#picture;
    const seen = groups.map((group, place) => this.#seen(group, before.groups[place], as));
    const isSame =
      as.hall === before.hall &&
      seen.length === before.groups.length &&
      seen.every((group, place) => group === before.groups[place]);
    if (!isSame) this.#picture = pictureOf(seen, as.hall, before);
    return this.#picture;
  }

  /**
   * Looked at again where they have been judged, or time may have changed them; and once a minute, so that nothing that is asked for
   * speaks of long ago.
   */
  #seen(group: WindowGroup, known: Group | undefined, as: Seeing): Group {
    const { judged } = group;
    const { hall, at } = as;
    if (known?.judged === judged && known.at <= at && at < known.until && minute(known.at) === minute(at)) return known;
    const days = group.look();
    const rows = days.map((day) =>
      this.#kept({
        window: boardWindow(day, [...group.verdictsOf(day.window.id)], as),
        order: day.window.order,
        holder: holderOf(hall, day, at),
      }),
    );
    const until = Math.min(...days.map(({ moment }) => moment.nextAt));
    return { judged, at, until, service: around(days.flatMap((day) => day.service)), rows };
  }

  /** The same objects while a window says the same, for a minute at most: what was made of them need not be made again. */
  #kept(row: Row): Row {
    const { window, order, holder } = row;
    const known = this.#picture.rows[this.#picture.places.get(window.id) ?? -1];
    if (known === undefined) return row;
    const isSame =
      isSameButForTime(known.window, window) && minuteOf(knownTo(known.window)) === minuteOf(knownTo(window));
    const isSameHolder = JSON.stringify(known.holder) === JSON.stringify(holder);
    if (isSame && isSameHolder && known.order === order) return known;
    return { window: isSame ? known.window : window, order, holder: isSameHolder ? known.holder : holder };
  }
}

function groupsAt(engine: Engine | null, at: Ms): WindowGroup[] {
  const hall = engine?.hallAt(at) ?? null;
  return engine === null || hall === null ? [] : engine.groupsOn(dayAt(hall, at), at);
}

/** A summer's day of a large hall has some five thousand; with a look a second, the instant of each look comes on top. */
const MOST_STAMPS = 50_000;

/** What says the same is another snapshot once a minute, so that nothing that is asked for speaks of long ago. */
function isSameLook(x: Look, y: Look): boolean {
  return (
    x.head === y.head &&
    minuteOf(x.board.snapshot.at) === minuteOf(y.board.snapshot.at) &&
    x.rows.length === y.rows.length &&
    (x.rows === y.rows || x.rows.every((row, i) => row === y.rows[i]))
  );
}

function pictureOf(groups: readonly Group[], hall: Hall, before: Picture): Picture {
  const service = around(groups.map((group) => group.service));
  const inPlace = hall === before.hall ? rowsAfter(before, groups) : null;
  if (inPlace !== null) return { ...before, ...inPlace, groups, service };
  const rows = groups.flatMap((group) => group.rows).sort((x, y) => x.order - y.order);
  const places = new Map(rows.map(({ window }, place) => [window.id, place]));
  return { groups, hall, rows, places, windows: rows.map(({ window }) => window), service };
}

/** The rows with those in place that were looked at again; null where there are other windows than before. */
function rowsAfter(before: Picture, groups: readonly Group[]): Pick<Picture, 'rows' | 'windows'> | null {
  if (groups.length !== before.groups.length) return null;
  const [rows, windows] = [[...before.rows], [...before.windows]];
  for (const [i, group] of groups.entries()) {
    const known = before.groups[i];
    if (group === known) continue;
    if (group.rows.length !== known?.rows.length) return null;
    for (const [j, row] of group.rows.entries()) {
      const place = before.places.get(row.window.id);
      if (place === undefined || known.rows[j]?.window.id !== row.window.id) return null;
      rows[place] = row;
      windows[place] = row.window;
    }
  }
  return { rows, windows };
}

function around(spans: Iterable<Span | null>): Span | null {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const span of spans) {
    from = Math.min(from, span?.from ?? from);
    to = Math.max(to, span?.to ?? to);
  }
  return from < to ? { from, to } : null;
}

const knownTo = ({ strip }: BoardWindow): string => strip.at(-1)?.to ?? '';
const minuteOf = (stamp: string): string => stamp.slice(0, 'yyyy-mm-ddThh:mm'.length);
const minute = (at: Ms): number => Math.floor(at / MINUTE);

/** Whoever holds a window now; null where nobody does, and outside of service. */
function holderOf(hall: Hall, day: WindowDay, at: Ms): Holder | null {
  const employee = within(day.service, at) ? (day.cover.stretches.at(-1)?.holder ?? null) : null;
  const found = employee === null ? undefined : hall.employees.get(employee);
  if (found === undefined) return null;
  return { employee: found.id, name: found.name, departments: [found.department, day.window.department] };
}

interface Piece {
  readonly from: Ms;
  readonly to: Ms;
  readonly state: BoardState;
}

function boardWindow(day: WindowDay, verdicts: readonly Verdict[], { hall, at, stamp }: Seeing): BoardWindow {
  const { window } = day;
  const pieces = joined(
    day.cover.stretches.map((stretch) => {
      const { from, to } = stretch;
      return { from, to, state: judgedState(stretch, verdicts, at) };
    }),
  );
  const last = pieces.at(-1);
  const inService = within(day.service, at);
  const state = inService ? currentState(last?.state, verdicts) : pausedOrClosed(day, at);
  const counting = state === 'counting' && last !== undefined;
  return {
    id: window.id,
    name: window.name,
    department: window.department,
    departmentName: window.department === null ? null : (hall.departments.get(window.department) ?? null),
    state,
    since: inService && last !== undefined ? stamp(last.from) : null,
    limitAt: counting ? stamp(last.from + limitOf(day)) : null,
    strip: pieces.map((piece) => ({
      from: stamp(piece.from),
      to: stamp(piece.to),
      state: piece.state,
    })),
  };
}

type Seen = Pick<CoverStretch, 'holder' | 'heldBy' | 'seat'>;

function pieceState({ holder, heldBy, seat }: Seen): BoardState {
  if (holder === null) return seat === 'occupied' ? 'unknown' : 'empty';
  if (seat === 'empty') return 'counting';
  return heldBy === 'a' ? 'held-a' : heldBy === 'b' ? 'held-b' : 'held-cover';
}

/** What is not decided is shown as that, not as nobody there; and a seat left for too long as what it has become. */
function judgedState(stretch: CoverStretch, verdicts: readonly Verdict[], at: Ms): BoardState {
  const seen = pieceState(stretch);
  if (seen !== 'empty' && seen !== 'counting') return seen;
  const said = verdicts.filter(({ run, from, to }) => run && overlaps({ from, to: to ?? at }, stretch));
  if (said.some(({ state }) => state === 'pending')) return 'unknown';
  return said.length > 0 ? 'empty' : seen;
}

/** A window that nobody holds is counted until it is a verdict; while that is pending, nobody can say. */
function currentState(seen: BoardState | undefined, verdicts: readonly Verdict[]): BoardState {
  if (seen === undefined) return 'unknown';
  if (seen !== 'empty') return seen;
  return verdicts.some((verdict) => verdict.state === 'open') ? 'empty' : 'counting';
}

function pausedOrClosed({ today, window, moment }: WindowDay, at: Ms): BoardState {
  const sessions = scheduledSessions(today, window.schedule);
  for (const { from, to } of sessions) for (const edge of [from, to]) moment.due(edge);
  return within(sessions, at) ? 'paused' : 'closed';
}

/** How long the present state may last: a held but empty seat has longer than one that nobody holds. */
function limitOf(day: WindowDay): Ms {
  const { coverGrace, leftPostAfter } = day.window.thresholds;
  return day.cover.stretches.at(-1)?.holder === null ? coverGrace : leftPostAfter;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last !== undefined && last.to === piece.from && last.state === piece.state) {
      result[result.length - 1] = { ...last, to: piece.to };
    } else result.push(piece);
  }
  return result;
}
