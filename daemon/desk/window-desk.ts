/**
 * What the people at a window can say by its own PC, and what is asked of others: that they are away, that somebody takes over, that
 * they are there whatever a picture says. Whether somebody's role allows it is asked before.
 */
import type { CoverFact, Fact, OtherFact } from '../../rules/facts.ts';
import { dayAt, type Hall, startOfDay, type Window } from '../../rules/hall.ts';
import { type Span, within } from '../../rules/intervals.ts';
import { Moment } from '../../rules/moment.ts';
import { hallDay, holdersAt, serviceIntervals } from '../../rules/plan.ts';
import { presentSpans } from '../../rules/punches.ts';
import { BEGINNING, MINUTE, type Ms } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import type { FactStore } from '../ledger/facts.ts';
import type { Live } from '../live/live.ts';
import { awayAmong, isAsked, type Note, type NoteKind, notesOf } from './notes.ts';

export interface WindowDeskOptions {
  readonly facts: FactStore;
  readonly live: Live;
  /** The newest configuration. */
  readonly hall: () => Hall;
  /** Differs from what it was before whenever people have said something. */
  readonly said: () => number;
  readonly now: () => Ms;
}

/** Somebody who could take over a window. */
export interface Colleague {
  readonly employee: string;
  readonly name: string;
  /** Whether the plan names them as B of this window. */
  readonly isB: boolean;
  /** Windows in the plan that are their own, and that somebody else has to hold meanwhile. */
  readonly own: readonly string[];
}

/** Who has taken over, and until when. */
export interface Takeover {
  readonly employee: string;
  readonly name: string;
  readonly from: Ms;
  readonly to: Ms;
}

export interface DeskLook {
  readonly window: Window;
  readonly department: string | null;
  /** Null = they have not said so. */
  readonly away: Note | null;
  /** The last time today that they asked somebody to look. */
  readonly asked: Note | null;
  readonly colleagues: readonly Colleague[];
  readonly takeovers: readonly Takeover[];
  /** When the session ends that is going on; null outside of service. */
  readonly sessionTo: Ms | null;
}

/** Why something was not done. */
export type NotDone =
  | 'unavailable'
  | 'unknown-window'
  | 'unknown-colleague'
  | 'not-open'
  | 'not-away'
  | 'asked-already'
  | 'not-asked'
  | 'own-window';

/** Who does it; `employee`: whom the account belongs to. */
export interface Doer {
  readonly by: string;
  readonly employee: string | null;
}

/** Through which door all of it comes. */
const VIA = 'desk';

export class WindowDesk {
  readonly #options: WindowDeskOptions;
  #today: { readonly from: Ms; readonly said: number; readonly notes: readonly Note[] } | null = null;

  constructor(options: WindowDeskOptions) {
    this.#options = options;
  }

  /** What a window's PC shows besides what the board knows; null of a window that the plan does not have. */
  look(id: string): DeskLook | null {
    const { now } = this.#options;
    const hall = this.#hallNow();
    const window = hall.windows.get(id);
    if (window === undefined) return null;
    const notes = this.#notesToday().filter((note) => note.window === id);
    return {
      window,
      department: window.department === null ? null : (hall.departments.get(window.department) ?? null),
      away: awayAmong(notes).get(id) ?? null,
      asked: notes.findLast(({ kind }) => kind === 'here') ?? null,
      colleagues: this.#colleaguesOf(hall, window),
      takeovers: this.#coversOf(id).map(({ employee, from, to }) => {
        return { employee, name: hall.employees.get(employee)?.name ?? employee, from, to };
      }),
      sessionTo: this.#sessionAt(hall, window, now())?.to ?? null,
    };
  }

  /** Of each window since when its people are away today, and why. */
  get away(): ReadonlyMap<string, Note> {
    return awayAmong(this.#notesToday());
  }

  /** What a window's PC said in a stretch of time. */
  notesOf(window: string, { from, to }: Span): Note[] {
    const notes = notesOf(this.#options.facts.notesSince(from));
    return notes.filter((note) => note.window === window && note.at < to);
  }

  /** Who asks to be seen at present, the first first. */
  get asked(): Note[] {
    const now = this.#options.now();
    return this.#notesToday().filter((note) => isAsked(note, now));
  }

  /** Notes that they are away, are back, or ask to be seen. */
  async say(window: string, kind: NoteKind, reason: string | null, by: string): Promise<NotDone | null> {
    const { live, now } = this.#options;
    if (!live.readyToNote()) return 'unavailable';
    if (!this.#hallNow().windows.has(window)) return 'unknown-window';
    if (kind === 'back' && !this.away.has(window)) return 'not-away';
    if (kind === 'here' && this.asked.some((note) => note.window === window)) return 'asked-already';
    const at = now();
    const id = factId('note', at, window, kind, by);
    const about = { id, recordedAt: BEGINNING, at, window, kind };
    const fact: OtherFact = { fact: 'note', ...about, ...(reason === null ? {} : { reason }) };
    await live.record([fact], { by, via: VIA, claimedAt: null });
    return null;
  }

  /** The answer of somebody who went to look. Nobody sees for themself. */
  async witness(id: string, seen: boolean, reason: string | null, { by, employee }: Doer): Promise<NotDone | null> {
    const { live, now } = this.#options;
    if (!live.readyToNote()) return 'unavailable';
    const asked = this.asked.find((note) => note.id === id);
    if (asked === undefined) return 'not-asked';
    if (employee !== null && this.#sitsAt(asked.window, employee)) return 'own-window';
    const at = now();
    const about = { id: factId('witness', at, id, by), recordedAt: BEGINNING, at, note: id, seen };
    const fact: OtherFact = { fact: 'witness', ...about, ...(reason === null ? {} : { reason }) };
    await live.record([fact], { by, via: 'web', claimedAt: null });
    return null;
  }

  /**
   * Somebody who has proved who they are takes over a window: from now on, for some minutes or, with null, to the end of the session.
   * Whoever took over before by the same PC is relieved.
   */
  async takeOver(id: string, minutes: number | null, { by, employee }: Doer): Promise<NotDone | null> {
    const { live, now } = this.#options;
    if (!live.readyToNote()) return 'unavailable';
    const hall = this.#hallNow();
    const window = hall.windows.get(id);
    if (window === undefined) return 'unknown-window';
    const isAble = this.#colleaguesOf(hall, window).some((one) => one.employee === employee);
    if (employee === null || !isAble) return 'unknown-colleague';
    const at = now();
    const session = this.#sessionAt(hall, window, at);
    const endOfDay = startOfDay(hall, dayAt(hall, at) + 1);
    const to = minutes === null ? session?.to : Math.min(at + minutes * MINUTE, endOfDay);
    if (to === undefined) return 'not-open';
    const cover: CoverFact = { fact: 'cover', ...coverOf(id, employee, at, to) };
    await live.record([...this.#relieved(id, at), cover], { by, via: VIA, claimedAt: null });
    return null;
  }

  /** Whoever took over by this PC does so no longer: said by one of them, or by an A of the window. */
  async giveBack(id: string, { by, employee }: Doer): Promise<NotDone | null> {
    const { live, now, facts } = this.#options;
    if (!live.readyToNote()) return 'unavailable';
    const covers = this.#coversOf(id).filter((cover) => facts.find(cover.id)?.via === VIA);
    if (covers.length === 0) return 'not-away';
    const isTheirs = covers.some((cover) => cover.employee === employee);
    if (employee === null || !(isTheirs || this.#sitsAt(id, employee))) return 'unknown-colleague';
    await live.record(this.#relieved(id, now()), { by, via: VIA, claimedAt: null });
    return null;
  }

  /** Whether somebody's touches of today say that they are there. */
  isPresent(employee: string): boolean {
    const { live, now } = this.#options;
    const { engine } = live;
    const attendance = engine?.attendance(employee, now()) ?? null;
    if (engine === null || attendance === null) return false;
    return within(presentSpans(attendance, engine.book, new Moment(now())), now());
  }

  /**
   * Facts after which those who took over by this PC hold the window up to an instant, and as before until then. A cancel takes away
   * the whole, so what has been goes in again: recorded together, nothing of the past changes.
   */
  #relieved(window: string, at: Ms): Fact[] {
    const { facts } = this.#options;
    return this.#coversOf(window)
      .filter((cover) => facts.find(cover.id)?.via === VIA)
      .flatMap((cover): Fact[] => {
        const id = factId('cancel', at, cover.id);
        const cancel: Fact = { fact: 'cancel', id, recordedAt: BEGINNING, at, target: cover.id };
        if (cover.from >= at) return [cancel];
        return [cancel, { fact: 'cover', ...coverOf(window, cover.employee, cover.from, at) }];
      });
  }

  /** Those in force. */
  #coversOf(window: string): CoverFact[] {
    const { live, now } = this.#options;
    const at = now();
    return (live.engine?.book.coversOf(window) ?? []).filter(({ from, to }) => from <= at && at < to);
  }

  /** Its B's first, then whoever has a post in its department. */
  #colleaguesOf(hall: Hall, window: Window): Colleague[] {
    const { engine } = this.#options.live;
    if (engine === null) return [];
    const at = this.#options.now();
    const holders = (one: Window, role: 'A' | 'B'): readonly string[] => holdersAt(engine.book, one, role, at);
    const own = new Set(holders(window, 'A'));
    const b = new Set(holders(window, 'B'));
    const all = [...hall.windows.values()];
    const beside = all.filter(({ department }) => department !== null && department === window.department);
    const people = new Set([...b, ...beside.flatMap((one) => [...holders(one, 'A'), ...holders(one, 'B')])]);
    return [...people].flatMap((employee) => {
      const known = hall.employees.get(employee);
      if (known === undefined || own.has(employee)) return [];
      const posts = all.filter((one) => holders(one, 'A').includes(employee)).map(({ id }) => id);
      return [{ employee, name: known.name, isB: b.has(employee), own: posts }];
    });
  }

  #sitsAt(id: string, employee: string): boolean {
    const { engine } = this.#options.live;
    const window = this.#hallNow().windows.get(id);
    if (engine === null || window === undefined) return false;
    const at = this.#options.now();
    const holder = engine
      .windowsAt(at)
      .find((day) => day.window.id === id)
      ?.cover.stretches.at(-1)?.holder;
    return holdersAt(engine.book, window, 'A', at).includes(employee) || holder === employee;
  }

  #sessionAt(hall: Hall, window: Window, at: Ms): Span | null {
    const { engine } = this.#options.live;
    if (engine === null) return null;
    const today = hallDay(hall, engine.book, dayAt(hall, at));
    return serviceIntervals(today, engine.book, window).find(({ from, to }) => from <= at && at < to) ?? null;
  }

  /** Read again where people have said something since: the board asks for them at each change of a window. */
  #notesToday(): readonly Note[] {
    const { facts, now, said } = this.#options;
    const hall = this.#hallNow();
    const [from, count] = [startOfDay(hall, dayAt(hall, now())), said()];
    if (this.#today?.from !== from || this.#today.said !== count)
      this.#today = { from, said: count, notes: notesOf(facts.notesSince(from)) };
    return this.#today.notes;
  }

  /** The one in force. */
  #hallNow(): Hall {
    const { live, hall, now } = this.#options;
    return live.engine?.hallAt(now()) ?? hall();
  }
}

function coverOf(window: string, employee: string, from: Ms, to: Ms): Omit<CoverFact, 'fact'> {
  return { id: factId('cover', from, window, employee, to), recordedAt: BEGINNING, window, employee, from, to };
}
