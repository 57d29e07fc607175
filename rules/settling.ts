/** Judging what is marked: windows first, since what was seen at a window can make its A's absence doubtful. */
import type { Book } from './book.ts';
import { type Cause, type Change, compareChanges, diffVerdicts } from './changes.ts';
import type { Component } from './day-plan.ts';
import type { DayShelf } from './day-shelf.ts';
import { type Dirty, mark, type Why } from './dirty.ts';
import { firstDutyDay, lastDutyDay } from './duty-days.ts';
import { employeeDay, verdictsOf } from './employee-day.ts';
import type { Deadlines } from './heap.ts';
import type { Span } from './intervals.ts';
import { type JudgedPart, JudgedParts } from './judged-parts.ts';
import type { KeptDays } from './kept-days.ts';
import { Moment } from './moment.ts';
import type { Job, OpenedDay, PersonSaid, Said } from './opened-day.ts';
import type { Day, Ms } from './time.ts';
import type { Verdict } from './verdict.ts';

export interface SettlingOptions {
  readonly book: Book;
  readonly shelf: DayShelf;
  readonly kept: KeptDays;
  /** When what has been judged is looked at again. */
  readonly deadlines: Deadlines<Job>;
}

/** That of a hundred thousand changes at once, perhaps. */
const BY_DEADLINE: Cause = { deadline: true };

/** Finds out what holds of subjects' days, and says what differs from what was said before. */
export class Settling {
  readonly #book: Book;
  readonly #shelf: DayShelf;
  readonly #kept: KeptDays;
  readonly #deadlines: Deadlines<Job>;
  readonly #judgedParts = new JudgedParts();
  #now: Ms = Number.NEGATIVE_INFINITY;

  constructor({ book, shelf, kept, deadlines }: SettlingOptions) {
    this.#book = book;
    this.#shelf = shelf;
    this.#kept = kept;
    this.#deadlines = deadlines;
  }

  /** What has been judged since this was asked of days that were over. */
  takeJudged(): ReadonlyMap<Day, JudgedPart> {
    return this.#judgedParts.take();
  }

  /** Judges what is marked as of `at`; by now it is `to`. */
  settle(dirty: Dirty, at: Ms, to: Ms): Change[] {
    this.#now = to;
    const changes: Change[] = [];
    // People who are marked on the way come after all windows.
    for (const [job, causes] of dirty) {
      if ('component' in job.of) this.#judgeComponent(job, job.of.component, { causes, at }, dirty, changes);
      if ('gone' in job.of) this.#say(job.day, job.of.gone, [], { causes, at }, changes);
    }
    for (const [job, causes] of dirty) {
      if ('employee' in job.of) this.#judgePerson(job, job.of, { causes, at }, changes);
    }
    return changes.sort(compareChanges);
  }

  #judgeComponent(job: Job, component: Component, why: Why, dirty: Dirty, changes: Change[]): void {
    const opened = job.day;
    const { today } = opened.plan;
    const moment = new Moment(why.at);
    opened.noteJudged(component);
    const part = this.#judgedOf(opened);
    if (part !== null) for (const { id } of component.windows) part.windows.add(id);
    for (const { window, verdicts, unverified } of this.#kept.windows(opened.plan, component).judge(moment)) {
      this.#say(opened, opened.saidOf(window.id), verdicts, why, changes);
      for (const person of opened.noteUnverified(window.id, unverified)) {
        for (const day of this.#shelf.warmed(firstDutyDay(today.hall, today.from, this.#book), opened.day)) {
          const theirs = day.jobOfEmployee(person);
          mark(theirs, dirty, null);
          for (const cause of why.causes) mark(theirs, dirty, cause);
        }
      }
    }
    this.#deadlines.set(job, moment.nextAt);
  }

  #judgePerson(job: Job, said: PersonSaid, why: Why, changes: Change[]): void {
    const opened = job.day;
    const { employee } = said;
    const moment = new Moment(why.at);
    const attendances = this.#kept.attendances(opened.plan.today);
    const day = employeeDay(opened.plan, this.#book, employee, moment, this.#unverified(opened), attendances);
    this.#judgedOf(opened)?.people.add(employee);
    this.#say(opened, said, verdictsOf(day), why, changes);
    this.#deadlines.set(job, moment.nextAt);
  }

  #judgedOf({ day, plan }: OpenedDay): JudgedPart | null {
    return this.#now < plan.today.to ? null : this.#judgedParts.of(day);
  }

  /** What was seen at windows while somebody's day, or a duty of it, lasted. */
  #unverified(opened: OpenedDay): (window: string) => readonly Span[] {
    if (this.#book.longestDuty === 0) return (window) => opened.unverifiedAt(window);
    const days = this.#shelf.warmed(opened.day, lastDutyDay(opened.plan.today, this.#book));
    return (window) => days.flatMap((day) => day.unverifiedAt(window));
  }

  /** Notes what holds of a subject now, and adds what differs from before. */
  #say(opened: OpenedDay, said: Said, verdicts: readonly Verdict[], why: Why, changes: Change[]): void {
    if (said.holding.length === 0 && verdicts.length === 0) return;
    const cause: Cause = why.causes.size === 0 ? BY_DEADLINE : { facts: [...why.causes].sort() };
    const diff = diffVerdicts(opened.plan.today.hall.id, said.holding, verdicts, { at: why.at, cause });
    said.holding = diff.holding;
    for (const change of diff.changes) changes.push(change);
  }
}
