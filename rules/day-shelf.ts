import { type Archive, factsToJudge, PUNCHES } from './archive.ts';
import type { Book } from './book.ts';
import type { Configs } from './configs.ts';
import type { PunchFact } from './facts.ts';
import { dayAt, type Hall, startOfDay } from './hall.ts';
import type { Span } from './intervals.ts';
import { OpenedDay } from './opened-day.ts';
import type { Day, Ms } from './time.ts';

/**
 * So many facts of old days that were read again stay in memory, some 30 MB: corrections come to the same days again and again, and to
 * read one takes ten times as long as to judge what one of them changes.
 */
const SPARE_FACTS = 60_000;

export interface DayShelfOptions {
  readonly book: Book;
  readonly configs: Configs;
  readonly archive: Archive;
  /** How many days before the newest stay in memory; null = all do, and nothing is read from the archive. */
  readonly hotDays: number | null;
  /** How many facts of old days stay in memory; without it as many as above. */
  readonly spareFacts?: number;
}

/** What of a day has been read from the archive. */
interface Read {
  /** Its own stretch, and as far as its outages reached. */
  readonly span: Span;
  /** Whether it was old by then. */
  readonly isOld: boolean;
  /** How many facts that were. */
  facts: number;
}

/** The days that are being judged. Old ones are put away when nothing but a new fact can change them, and read again when one does. */
export class DayShelf {
  readonly #options: DayShelfOptions;
  readonly #days = new Map<Day, OpenedDay>();
  /** What has been read from the archive for a day in memory; the day that was needed last comes last. */
  readonly #read = new Map<Day, Read>();
  /** Of the days that have been read, the windows whose seats have. */
  readonly #seats = new Map<Day, Set<string>>();
  /** The days that were needed since old ones were last put away. */
  readonly #needed = new Set<Day>();
  /** Of the days that nothing new has to touch, the first in memory when old ones were last put away. */
  #keptFrom: Day | null = null;
  /** Whether something old has been read since then. */
  #hasReadOld = false;
  /** The days that have been opened, both included, in memory or not. */
  #opened: { readonly from: Day; readonly to: Day } | null = null;

  constructor(options: DayShelfOptions) {
    this.#options = options;
  }

  get opened(): { readonly from: Day; readonly to: Day } | null {
    return this.#opened;
  }

  /** The days in memory. */
  inMemory(): Iterable<OpenedDay> {
    return this.#days.values();
  }

  /** Takes days as opened that a former engine opened. */
  resume(from: Day, to: Day): void {
    this.#opened = { from, to };
  }

  /** Opens a day; null while no configuration is known. */
  open(day: Day): OpenedDay | null {
    // Who looked at it before it was opened saw it as of then: what has become known since has told nobody.
    this.#forget(day);
    const before = this.#opened ?? { from: day, to: day };
    this.#opened = { from: Math.min(before.from, day), to: Math.max(before.to, day) };
    return this.warm(day);
  }

  /** The opened days of a stretch of days, oldest first; all of them are in memory afterwards. */
  warmed(from: Day, to: Day): OpenedDay[] {
    if (this.#opened === null) return [];
    const days: OpenedDay[] = [];
    const last = Math.min(this.#opened.to, to);
    for (let day = Math.max(this.#opened.from, from); day <= last; day++) {
      const opened = this.warm(day);
      if (opened !== null) days.push(opened);
    }
    return days;
  }

  /** Other deliveries of a touch are known once the days are in memory on which it happened, and on which its clock said that it did. */
  warmTouch({ at, deviceAt = at }: PunchFact, hall: Hall | null): void {
    if (hall === null) return;
    const [day, said] = [dayAt(hall, at), dayAt(hall, deviceAt)];
    this.warmed(day, day);
    if (said !== day) this.warmed(said, said);
  }

  /** A day, from memory or from the archive; one that is not open is planned anew. Null while no configuration is known. */
  warm(day: Day): OpenedDay | null {
    this.#need(day);
    const known = this.#days.get(day);
    if (known !== undefined && this.#isOpened(day)) return known;
    const { configs, book, archive, hotDays } = this.#options;
    const hall = configs.on(day);
    if (hall === null) return null;
    if (hotDays !== null && known === undefined) this.#load(hall, day);
    const opened = new OpenedDay(hall, book, day, archive.standing(day));
    this.#days.set(day, opened);
    return opened;
  }

  #need(day: Day): void {
    if (this.#needed.has(day)) return;
    this.#needed.add(day);
    const read = this.#read.get(day);
    if (read === undefined) return;
    this.#read.delete(day);
    this.#read.set(day, read);
  }

  #isOpened(day: Day): boolean {
    return this.#opened !== null && this.#opened.from <= day && day <= this.#opened.to;
  }

  #load(hall: Hall, day: Day): void {
    const { book, archive } = this.#options;
    const span = this.#reach(spanOf(hall, day));
    let facts = 0;
    for (const fact of factsToJudge(archive, span, PUNCHES)) {
      book.add(fact);
      facts++;
    }
    const isOld =
      this.#opened !== null && this.#options.hotDays !== null && day < this.#opened.to - this.#options.hotDays;
    this.#hasReadOld ||= isOld;
    this.#read.set(day, { span, isOld, facts });
    this.#seats.set(day, new Set());
  }

  /**
   * Sees to it that what was seen of some windows on a day is known. Most of what an old day holds are seats, and one late punch asks for
   * few of them.
   */
  see(day: Day, windows: readonly string[]): void {
    const { configs, book, archive } = this.#options;
    const seen = this.#seats.get(day);
    const hall = configs.on(day);
    const unseen = windows.filter((id) => seen?.has(id) === false);
    if (seen === undefined || hall === null || unseen.length === 0) return;
    const read = this.#read.get(day);
    for (const fact of archive.between(spanOf(hall, day), { punches: false, windows: unseen })) {
      book.add(fact);
      if (read !== undefined) read.facts++;
    }
    for (const id of unseen) seen.add(id);
  }

  /** A stretch of days, and as far as an outage that touches it reaches: its proof may lie on another day. */
  #reach(days: Span): Span {
    return this.#options.book
      .outagesTouching(days)
      .reduce((span, outage) => ({ from: Math.min(span.from, outage.from), to: Math.max(span.to, outage.to) }), days);
  }

  /** The earliest day that can still change without new facts; null = none has been opened. */
  get earliestDue(): Day | null {
    let earliest = this.#opened?.to ?? null;
    for (const opened of this.#days.values()) {
      if (opened.due > 0 && (earliest === null || opened.day < earliest)) earliest = opened.day;
    }
    return earliest;
  }

  /**
   * Lets go of days that nothing but a new fact can change, unless one just has: a backlog comes in the order of its days. Of those that
   * one has made be read again, the last ones stay.
   */
  evict(now: Ms): void {
    const { configs, book, hotDays } = this.#options;
    const hall = configs.at(now);
    if (hotDays === null || hall === null || this.#opened === null) return;
    const newest = this.#opened.to;
    let earliest = newest - hotDays;
    const old: Day[] = [];
    for (const opened of this.#days.values()) {
      if (opened.day >= newest - hotDays) continue;
      if (opened.due > 0) earliest = Math.min(earliest, opened.day);
      else old.push(opened.day);
    }
    const kept = this.#spared(old);
    const hasForgotten = kept.size < old.length;
    for (const day of old) if (!kept.has(day)) this.#forget(day);
    this.#needed.clear();
    if (!hasForgotten && !this.#hasReadOld && earliest === this.#keptFrom) return;
    this.#keptFrom = earliest;
    this.#hasReadOld = false;
    // Also what proves that a clock kept recording, for as long as a day is in memory that is judged by it.
    const { from } = this.#reach({ from: startOfDay(hall, earliest), to: startOfDay(hall, newest + 1) });
    book.forgetBefore(from, [...kept.values()]);
  }

  /** Of old days those that stay in memory, with what was read for them: what was needed just now, and what there is room for. */
  #spared(old: readonly Day[]): ReadonlyMap<Day, Span> {
    const among = new Set(old);
    const spared = new Map<Day, Span>();
    let room = this.#options.spareFacts ?? SPARE_FACTS;
    for (const [day, { span, isOld, facts }] of [...this.#read].reverse()) {
      if (!among.has(day)) continue;
      const isNeeded = this.#needed.has(day);
      room -= isOld ? facts : 0;
      if (isNeeded ? this.#isReadInFull(day, span) : isOld && room >= 0) spared.set(day, span);
    }
    return spared;
  }

  /** Whether all was read for a day: it would be more by now where an outage that reaches further touches it, which needs the day. */
  #isReadInFull(day: Day, read: Span): boolean {
    const hall = this.#options.configs.on(day);
    if (hall === null) return false;
    const reach = this.#reach(spanOf(hall, day));
    return read.from <= reach.from && reach.to <= read.to;
  }

  #forget(day: Day): void {
    for (const known of [this.#days, this.#read, this.#seats]) known.delete(day);
  }
}

function spanOf(hall: Hall, day: Day): Span {
  return { from: startOfDay(hall, day), to: startOfDay(hall, day + 1) };
}
