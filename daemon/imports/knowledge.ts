/** What a table is checked against: the configuration, and what the ledger knows. Nothing is written. */
import type { DatabaseSync } from 'node:sqlite';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact, PunchFact } from '../../rules/facts.ts';
import type { Employee, Hall, Window } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { type HallDay, hallDay, scheduledSessions, sessionsOf } from '../../rules/plan.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { FactStore } from '../ledger/facts.ts';
import { Known } from '../reports/known.ts';

export interface KnowledgeOptions {
  /** The ledger, as of one commit; null = there is none yet. */
  readonly database: DatabaseSync | null;
  /** The newest configuration: what may be spoken of. */
  readonly hall: Hall;
  readonly countSimulated: boolean;
}

export class Knowledge {
  readonly hall: Hall;
  readonly book: Book;
  /** The ledger's last instant; null = nothing has been judged yet. */
  readonly now: Ms | null;
  /** The first day that was judged; null = none was. */
  readonly from: Day | null;
  readonly #facts: FactStore | null;
  readonly #configs: Configs;
  readonly #days = new Map<Day, HallDay>();

  constructor({ database, hall, countSimulated }: KnowledgeOptions) {
    const known =
      database === null ? null : Known.in({ database, hall: hall.id, at: null, countSimulated, appealDays: 0 });
    this.#facts = database === null ? null : new FactStore(database, hall.id);
    this.#configs = known?.configs ?? new Configs(() => hall, hall);
    this.book = known?.lastingBook() ?? new Book({ countSimulated });
    this.now = known?.now ?? null;
    this.from = known?.from ?? null;
    this.hall = known === null ? hall : known.configs.withPeople(hall, known.now);
  }

  find(id: string): Fact | null {
    return this.#facts?.find(id) ?? null;
  }

  /** The punches of which a clock, or we, say that they happened at an instant. */
  punchesAt(at: Ms): PunchFact[] {
    const facts = this.#facts === null ? [] : [...this.#facts.between({ from: at, to: at + 1 })];
    return facts.filter((fact) => fact.fact === 'punch');
  }

  /** Whose punch it is; null while nobody is known by its credential. */
  ownerOf(punch: PunchFact): string | null {
    return this.book.ownerOf(this.#configs.at(punch.at) ?? this.hall, punch) ?? this.book.ownerOf(this.hall, punch);
  }

  /** Who somebody is on a day; null of whom it does not know. */
  personOn(id: string, day: Day): Employee | null {
    return (this.#configs.on(day) ?? this.hall).employees.get(id) ?? null;
  }

  /** A person's sessions of a date, before any leave. */
  sessionsOfPerson(employee: Employee, day: Day): readonly Span[] {
    const today = this.#today(day);
    return sessionsOf(today, this.book, today.hall.employees.get(employee.id) ?? employee);
  }

  /** A window's sessions of a date. */
  sessionsOfWindow(window: Window, day: Day): readonly Span[] {
    const today = this.#today(day);
    return scheduledSessions(today, (today.hall.windows.get(window.id) ?? window).schedule);
  }

  #today(day: Day): HallDay {
    let today = this.#days.get(day);
    if (today === undefined) {
      today = hallDay(this.#configs.on(day) ?? this.hall, this.book, day);
      this.#days.set(day, today);
    }
    return today;
  }
}
