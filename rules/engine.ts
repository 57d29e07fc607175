/**
 * The engine: facts in, changes of verdicts out. It keeps one deadline for each subject's day, recomputes whole days
 * when something touches them, and says only what differs from what it said before. It has no clock: `record` and `advance`
 * are told the instant, and a deadline speaks at its own instant however late the engine is woken (rules.md section 1).
 */
import type { Archive } from './archive.ts';
import { Book } from './book.ts';
import type { Change } from './changes.ts';
import { Configs } from './configs.ts';
import { DayShelf } from './day-shelf.ts';
import { type Dirty, mark, markDay, markSubjects } from './dirty.ts';
import { inApplicationOrder, listOf } from './fact-order.ts';
import type { ConfigFact, Fact, PunchFact } from './facts.ts';
import { dayAt, type Employee, type Hall, judgedFrom, lastJudged, peopleOf } from './hall.ts';
import { Deadlines } from './heap.ts';
import type { JudgedPart } from './judged-parts.ts';
import { KeptDays, type TouchedSubjects } from './kept-days.ts';
import { type CountedDay, countedDay } from './measures.ts';
import { Moment } from './moment.ts';
import type { Job, OpenedDay, WindowGroup } from './opened-day.ts';
import { hallDay } from './plan.ts';
import type { Attendance } from './punches.ts';
import type { WindowDay } from './rule.ts';
import { Settling } from './settling.ts';
import type { Day, Ms } from './time.ts';
import { civilDayOf, type Touched, touchedBy } from './touched.ts';
import { type DaySpan, TouchedDays } from './touched-days.ts';
import { compareVerdicts, type Verdict } from './verdict.ts';

export interface EngineOptions {
  /** Compiles an accepted configuration. */
  readonly compile: (config: ConfigFact) => Hall;
  readonly archive: Archive;
  /** The configuration where no `config` fact says otherwise. */
  readonly hall?: Hall;
  /** First day that is judged; without it, the civil date of the earliest fact known. */
  readonly from?: Day;
  readonly countSimulated?: boolean;
  /** How many days before today stay in memory; without it all do. */
  readonly hotDays?: number;
}

export class Engine {
  readonly book: Book;
  readonly #options: EngineOptions;
  readonly #configs: Configs;
  readonly #shelf: DayShelf;
  readonly #deadlines = new Deadlines<Job>();
  /** Facts whose date is not known yet, for want of a time zone. */
  readonly #unplaced: Fact[] = [];
  readonly #kept: KeptDays;
  readonly #touchedDays = new TouchedDays();
  readonly #settling: Settling;
  #from: Day | null;
  #now: Ms = Number.NEGATIVE_INFINITY;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#from = options.from ?? null;
    this.#configs = new Configs(options.compile, options.hall ?? null);
    this.book = new Book(options);
    this.#kept = new KeptDays(this.book, (day, windows) => this.#shelf.see(day, windows));
    this.#shelf = new DayShelf({
      book: this.book,
      configs: this.#configs,
      archive: options.archive,
      hotDays: options.hotDays ?? null,
    });
    this.#settling = new Settling({
      book: this.book,
      shelf: this.#shelf,
      kept: this.#kept,
      deadlines: this.#deadlines,
    });
  }

  /** The instant up to which everything has been judged. */
  get now(): Ms {
    return this.#now;
  }

  /** The earliest instant at which something may change without new facts. */
  get nextAt(): Ms {
    return Math.min(this.#deadlines.nextAt, this.#nextDayAt());
  }

  /** First day that is judged, null while nothing is known. */
  get from(): Day | null {
    return this.#from;
  }

  /** The earliest day that can still change without new facts; null = none has been opened. */
  get earliestDue(): Day | null {
    return this.#shelf.earliestDue;
  }

  /** Lets time pass: every deadline up to `to` speaks at its own instant. What was said before is in the archive by now. */
  advance(to: Ms): Change[] {
    // Here and nowhere in between: a day put away is read again from the archive, which has only what was said before.
    if (to > this.#now) this.#shelf.evict(this.#now);
    const changes: Change[] = [];
    while (this.nextAt <= to) {
      const at = this.nextAt;
      const dirty: Dirty = new Map();
      if (this.#deadlines.nextAt === at) for (const job of this.#deadlines.popNext()) mark(job, dirty, null);
      if (this.#nextDayAt() === at) this.#openDay(this.#nextDay() ?? 0, dirty);
      for (const change of this.#settle(dirty, at, to)) changes.push(change);
    }
    if (to > this.#now) this.#now = to;
    return changes;
  }

  /** Takes in facts that became known together at `at`, after all deadlines up to it, and says what they change. */
  record(facts: readonly Fact[], at: Ms): Change[] {
    const changes = this.advance(at);
    const dirty: Dirty = new Map();
    this.#reachBack(facts);
    const ordered = inApplicationOrder(facts);
    for (const fact of ordered) if (fact.fact !== 'employee') this.#apply(fact, dirty);
    this.#applyPeople(ordered, dirty);
    this.#openDaysUpTo(at, dirty, ordered);
    for (const change of this.#settle(dirty, at)) changes.push(change);
    return changes;
  }

  /**
   * Puts the engine where a former one stood at `at`: with the facts that speak of stretches of time, and the days from
   * `hotFrom` on, which are read from the archive. Returns what it would have said differently.
   */
  restore(facts: Iterable<Fact>, at: Ms, from: Day | null, hotFrom: Day): Change[] {
    this.#from = from;
    const known = [...facts];
    // Cancelled facts count for nothing: what cancels them has to be known first.
    for (const fact of known) if (fact.fact === 'cancel') this.#enter(fact);
    for (const fact of known) this.#enter(fact);
    this.#now = at;
    const hall = this.#configs.at(at);
    if (hall === null || from === null) return [];
    const to = lastJudged(hall, at);
    this.#shelf.resume(from, Math.max(to, from - 1));
    const dirty: Dirty = new Map();
    for (const opened of this.#shelf.warmed(hotFrom, to)) for (const job of opened.allJobs()) mark(job, dirty, null);
    const changes = this.#settle(dirty, at);
    // What a former engine judged is no news.
    this.takeJudged();
    return changes;
  }

  /** Every verdict that holds, of the days in memory, in the order in which verdicts are printed. */
  verdicts(): Verdict[] {
    const found: Verdict[] = [];
    for (const opened of this.#shelf.inMemory()) for (const verdict of opened.verdicts()) found.push(verdict);
    return found.sort(compareVerdicts);
  }

  /** The windows through the day that `at` belongs to, as seen then; empty before a configuration is known. */
  windowsAt(at: Ms): WindowDay[] {
    const hall = this.#configs.at(at);
    return hall === null ? [] : this.windowsOn(dayAt(hall, at), at);
  }

  /** The windows through a day as seen at `at`, in the configuration's order. */
  windowsOn(day: Day, at: Ms): WindowDay[] {
    const found = this.groupsOn(day, at).flatMap((group) => group.look());
    return found.sort((x, y) => x.window.order - y.window.order);
  }

  /** The same, in the groups that are judged together. */
  groupsOn(day: Day, at: Ms): WindowGroup[] {
    const opened = this.#shelf.warm(day);
    return opened === null ? [] : opened.groups(at, (component) => this.#kept.windows(opened.plan, component));
  }

  /** What is said of a day's people, or of those that are asked for, in the configuration's order. */
  peopleOn(day: Day, at: Ms, isAsked: (employee: Employee) => boolean = () => true): CountedDay[] {
    const opened = this.#shelf.warm(day);
    if (opened === null) return [];
    const attendances = this.#kept.attendances(opened.plan.today);
    const people = peopleOf(opened.plan.today.hall, day).filter(isAsked);
    return people.map((employee) => {
      const verdicts = opened.verdictsOfEmployee(employee.id);
      return countedDay(attendances.of(employee, new Moment(at)), verdicts, this.book, at);
    });
  }

  /** A person's day around an instant, as known by then, or by now where that is later; null before anything is known, or of nobody. */
  attendance(employee: string, at: Ms): Attendance | null {
    const hall = this.#configs.at(at);
    const known = hall?.employees.get(employee);
    if (hall === null || known === undefined) return null;
    const day = dayAt(hall, at);
    const [opened] = this.#shelf.warmed(day, day);
    const today = opened?.plan.today ?? hallDay(hall, this.book, day);
    // What is asked about may lie after the instant as of which a backlog became known.
    return this.#kept.attendances(today).of(known, new Moment(Math.max(this.#now, at)));
  }

  /** Whose punch it is, null while nobody is known by its credential. */
  ownerOf(punch: PunchFact): string | null {
    const hall = this.#configs.at(punch.at);
    return hall === null ? null : this.book.ownerOf(hall, punch);
  }

  /** The configuration by which a day is judged; null before one is known. */
  hallOn(day: Day): Hall | null {
    return this.#configs.on(day);
  }

  /** The configuration in force at an instant; null before one is known. */
  hallAt(at: Ms): Hall | null {
    return this.#configs.at(at);
  }

  /** A configuration that need not be in force yet, with the people as known now. */
  withPeople(hall: Hall): Hall {
    return this.#configs.withPeople(hall, this.#now);
  }

  /** The days of which something has become known since this was asked: what was counted of them may no longer be right. */
  takeTouched(): readonly DaySpan[] {
    return this.#touchedDays.take();
  }

  /** What has been judged since this was asked of days that were over. */
  takeJudged(): ReadonlyMap<Day, JudgedPart> {
    return this.#settling.takeJudged();
  }

  // ---- facts -------------------------------------------------------------------------------------------------

  #apply(fact: Fact, dirty: Dirty): void {
    if (fact.fact === 'cancel') return this.#cancel(fact, dirty);
    if (this.book.isCancelled(fact.id)) return;
    const touched = this.#touched(fact);
    this.#enter(fact);
    for (const [what, days] of touched) this.#mark(fact, what, days, dirty, fact.id);
  }

  /** All at once: each of them makes the plan of every day from its own on anew. */
  #applyPeople(facts: readonly Fact[], dirty: Dirty): void {
    const people = facts.filter(({ fact, id }) => fact === 'employee' && !this.book.isCancelled(id));
    const causesOf = new Map<OpenedDay, string[]>();
    for (const fact of people) {
      for (const opened of this.#touched(fact).flatMap(([, days]) => days)) listOf(causesOf, opened).push(fact.id);
    }
    for (const fact of people) this.#enter(fact);
    for (const [opened, [first = '', ...more]] of causesOf) {
      this.#replan(opened, dirty, first);
      markDay(opened, [first, ...more], dirty);
    }
  }

  #enter(fact: Fact): void {
    if (fact.fact === 'config' || (fact.fact === 'employee' && !this.book.isCancelled(fact.id)))
      this.#configs.add(fact);
    else this.book.add(fact);
  }

  #cancel(cancel: Extract<Fact, { fact: 'cancel' }>, dirty: Dirty): void {
    const target = this.#options.archive.find(cancel.target);
    if (target !== null && !this.book.isCancelled(target.id)) {
      const touched = this.#touched(target);
      if (target.fact === 'employee') this.#configs.remove(target);
      this.book.remove(target);
      for (const [what, days] of touched) this.#mark(target, what, days, dirty, cancel.id);
    }
    this.book.add(cancel);
  }

  /** What a fact touches, and the opened days of it; they have to be in memory before the book changes. */
  #touched(fact: Fact): (readonly [Touched, readonly OpenedDay[]])[] {
    // Days before the first configuration are judged by it, so one that takes effect earlier touches them all.
    const first = fact.fact === 'config' && this.#configs.wouldBeFirst(fact);
    if (fact.fact === 'punch') this.#shelf.warmTouch(fact, this.#configs.at(this.#now));
    return touchedBy(fact, this.#configs.at(this.#now), this.book).map((touched) => {
      const from = first ? Number.NEGATIVE_INFINITY : touched.from;
      this.#touchedDays.note(from, touched.to);
      return [touched, this.#shelf.warmed(from, touched.to)];
    });
  }

  #mark(fact: Fact, touched: Touched, days: readonly OpenedDay[], dirty: Dirty, cause: string): void {
    for (const opened of days) {
      if (touched.replans) this.#replan(opened, dirty, cause);
      const subjects = touched.replans || touched.everybody ? null : this.#subjectsOf(fact, touched, opened);
      this.#kept.forget(opened.plan, subjects);
      if (subjects === null) markDay(opened, [cause], dirty);
      else markSubjects(opened, subjects, dirty, cause);
    }
  }

  #subjectsOf(fact: Fact, touched: Touched, opened: OpenedDay): TouchedSubjects {
    const owner = fact.fact === 'punch' ? this.book.ownerOf(opened.plan.today.hall, fact) : null;
    return owner === null ? touched : { ...touched, people: [...touched.people, owner] };
  }

  /** Makes a day's plan anew; whoever calls marks the whole day. */
  #replan(opened: OpenedDay, dirty: Dirty, cause: string): void {
    const hall = this.#configs.on(opened.day);
    if (hall === null) return;
    this.#kept.forget(opened.plan, null);
    for (const job of opened.replan(hall, this.book)) {
      dirty.delete(job);
      this.#deadlines.set(job, Number.POSITIVE_INFINITY);
    }
    for (const gone of opened.orphans()) {
      const job: Job = { day: opened, of: { gone }, dueAt: Number.POSITIVE_INFINITY, slot: -1 };
      mark(job, dirty, cause);
    }
  }

  // ---- days --------------------------------------------------------------------------------------------------

  /** The day that is opened next; null while nothing is known. */
  #nextDay(): Day | null {
    return this.#shelf.opened === null ? this.#from : this.#shelf.opened.to + 1;
  }

  #nextDayAt(): Ms {
    const hall = this.#configs.at(this.#now);
    const day = this.#nextDay();
    return hall === null || day === null ? Number.POSITIVE_INFINITY : judgedFrom(hall, day);
  }

  /** An earlier fact than any before moves the first judged day back, also one that was known before any configuration. */
  #reachBack(facts: readonly Fact[]): void {
    if (this.#options.from !== undefined) return;
    for (const fact of facts) this.#unplaced.push(fact);
    const config = facts.find((fact) => fact.fact === 'config');
    const hall = this.#configs.at(this.#now) ?? (config === undefined ? null : this.#configs.compile(config));
    if (hall === null) return;
    for (const fact of this.#unplaced.splice(0)) {
      const day = civilDayOf(fact, fact.fact === 'config' ? this.#configs.compile(fact) : hall);
      if (day !== null && (this.#from === null || day < this.#from)) this.#from = day;
    }
  }

  /** Opens the days up to `at` that have not been: at the first configuration, and where a fact reaches further back. */
  #openDaysUpTo(at: Ms, dirty: Dirty, facts: readonly Fact[]): void {
    const hall = this.#configs.at(at);
    if (hall === null || this.#from === null) return;
    const last = lastJudged(hall, at);
    const before = this.#shelf.opened;
    const fresh: Dirty = new Map();
    for (let day = this.#from; day <= last; day++) {
      if (before === null || day < before.from || day > before.to) this.#openDay(day, fresh);
    }
    if (fresh.size === 0) return;
    // One is reason enough: naming every fact of a backlog at every subject of every day would take hours.
    const dayOf = (fact: Fact): Day => civilDayOf(fact, hall) ?? Number.POSITIVE_INFINITY;
    const furthest = facts.reduce((far, fact) => (dayOf(fact) < dayOf(far) ? fact : far), facts[0] as Fact);
    for (const job of fresh.keys()) mark(job, dirty, furthest.id);
  }

  #openDay(day: Day, dirty: Dirty): void {
    for (const job of this.#shelf.open(day)?.allJobs() ?? []) mark(job, dirty, null);
  }

  /** Judges what is marked as of `at`; by now it is `to`. */
  #settle(dirty: Dirty, at: Ms, to: Ms = at): Change[] {
    if (at > this.#now) this.#now = at;
    return this.#settling.settle(dirty, at, to);
  }
}
