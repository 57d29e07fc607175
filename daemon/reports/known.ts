/** What a ledger knew at an instant, for the days of a period: its facts, its verdicts, and what has changed since. */
import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { hallOf } from '../../config/judging.ts';
import { Book } from '../../rules/book.ts';
import type { Done } from '../../rules/case-life.ts';
import type { Change } from '../../rules/changes.ts';
import { Configs } from '../../rules/configs.ts';
import type { Fact, OtherFact, PresenceFact, PunchFact } from '../../rules/facts.ts';
import { type Hall, type Judging, startOfDay } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { type LookedDay, lookAtDay } from '../../rules/looked-day.ts';
import { type Day, HOUR, type Ms } from '../../rules/time.ts';
import { compareVerdicts, type Verdict } from '../../rules/verdict.ts';
import { isSaidInPerson } from '../access/doors.ts';
import { CaseStore } from '../alerts/cases.ts';
import type { Desk } from '../cases/case-file.ts';
import { deedsByCase, verdictsByCase } from '../cases/case-members.ts';
import { touchesIn } from '../ledger/day-touches.ts';
import { FactStore } from '../ledger/facts.ts';
import { Decisions } from './decisions.ts';

/** A touch may be delivered again with another correction of its time. */
const AROUND: Ms = 2 * HOUR;

/** So many days are looked at with one book: a year of seats does not fit into memory, and what is let go of early is collected soonest. */
const DAYS_AT_ONCE = 4;

export interface KnownOptions {
  readonly database: DatabaseSync;
  readonly hall: string;
  /** As known at this instant; null = by now. */
  readonly at: Ms | null;
  readonly countSimulated: boolean;
  /** Working days for an appeal, until whose end nothing is final; any number where nobody asks for that. */
  readonly appealDays: number;
}

export class Known {
  /** The data's time: everything is as seen at this instant. */
  readonly now: Ms;
  /** The last instant of which the ledger knows. */
  readonly latest: Ms;
  /** The first day that was ever judged. */
  readonly from: Day;
  readonly configs: Configs;
  readonly #options: KnownOptions;
  readonly #facts: FactStore;
  #stretches: readonly Fact[] | null = null;
  #devices: ReadonlySet<string> | null = null;
  #deedsOf: ReadonlyMap<string, Done[]> | null = null;
  #deedDays: readonly Day[] | null = null;
  #desk: Desk | null = null;
  #actions: readonly OtherFact[] | null = null;
  #decided: { readonly from: Day; readonly to: Day; readonly decisions: Decisions } | null = null;

  private constructor(options: KnownOptions, facts: FactStore, { latest, from }: { latest: Ms; from: Day }) {
    this.#options = options;
    this.#facts = facts;
    this.latest = latest;
    this.from = from;
    this.now = Math.min(options.at ?? latest, latest);
    this.configs = new Configs(compiler(), null);
    this.configs.learn(this.#known(facts.stretchesOf(['config', 'employee', 'cancel'])));
  }

  /** Null where nothing has been judged yet. */
  static in(options: KnownOptions): Known | null {
    const { database, hall } = options;
    const setting = database.prepare('select value from setting where name = ?');
    const [latest, from] = ['alive', 'judged-from'].map((name) => setting.get(name)?.['value'] ?? '');
    if (latest === '' || from === '') return null;
    return new Known(options, new FactStore(database, hall), { latest: Number(latest), from: Number(from) });
  }

  /** The configuration in force at the data's time; null where none was known. */
  get hall(): Hall | null {
    return this.configs.at(this.now);
  }

  /** What is no punch and no presence, and was known: of a year, more than anybody should read in vain. */
  get stretches(): readonly Fact[] {
    this.#stretches ??= this.#known(this.#facts.stretches());
    return this.#stretches;
  }

  #known(facts: Iterable<Fact>): Fact[] {
    return [...facts].filter(({ recordedAt }) => recordedAt <= this.now);
  }

  /** What people ever did with cases, whether it was known or not; what was imported nobody did. */
  get #everDone(): readonly OtherFact[] {
    this.#actions ??= [...(this.#facts.stretchesOf(['action']) as Iterable<OtherFact>)].filter(isSaidInPerson);
    return this.#actions;
  }

  /** What people had done by the data's time, by the case. */
  get #deeds(): ReadonlyMap<string, Done[]> {
    this.#deedsOf ??= deedsByCase(this.#known(this.#everDone) as OtherFact[]);
    return this.#deedsOf;
  }

  /** The devices that ever reported something of themselves. */
  get devices(): ReadonlySet<string> {
    this.#devices ??= new Set(
      this.#known(this.#facts.stretchesOf(['device'])).map((fact) => String((fact as OtherFact)['device'])),
    );
    return this.#devices;
  }

  /** Days one after the other, each with the book that knows it. */
  *days(from: Day, to: Day): Iterable<{ readonly looked: LookedDay; readonly book: Book }> {
    const { configs, now } = this;
    for (let first = from; first <= to; first += DAYS_AT_ONCE) {
      const last = Math.min(first + DAYS_AT_ONCE - 1, to);
      const verdicts = Map.groupBy(this.verdicts(first, last), ({ day }) => day);
      const isWaived = this.#isWaivedOn(first, last);
      const book = this.#bookOf(first, last);
      for (let day = first; day <= last; day++) {
        const looked = lookAtDay(day, { book, configs, now, verdictsOn: (of) => verdicts.get(of) ?? [], isWaived });
        if (looked !== null) yield { looked, book };
      }
    }
  }

  /** Whether people set a verdict of some days aside. */
  #isWaivedOn(from: Day, to: Day): (verdict: Verdict) => boolean {
    return this.isDecidedOn(from, to) ? this.#decisionsOn(from, to).isWaived : () => false;
  }

  /** Whether anybody did anything with a case of some days. */
  isDecidedOn(from: Day, to: Day): boolean {
    return this.#daysDecided().some((day) => from <= day && day <= to);
  }

  /** The days of the cases that anybody did anything with. */
  #daysDecided(): readonly Day[] {
    if (this.#deedDays === null) {
      const cases = [...this.#deeds.keys()];
      const { database, hall } = this.#options;
      this.#deedDays = database
        // (`+hall` keeps SQLite from going through all the cases of the hall.)
        .prepare('select distinct day from alert_case where +hall = ? and id in (select value from json_each(?))')
        .all(hall, JSON.stringify(cases))
        .map(({ day }) => Number(day));
    }
    return this.#deedDays;
  }

  /** Of each day what stands for all that is said of it and that people set aside. */
  saidOf(from: Day, to: Day): ReadonlyMap<Day, string> {
    const { database, hall } = this.#options;
    const rows = database.prepare(
      'select day, key, verdict from standing where hall = ? and day between ? and ? order by day, key',
    );
    rows.setReturnArrays(true);
    const said = new Map<Day, string>();
    let texts: string[] = [];
    let of = from;
    const note = (): void => {
      if (texts.length > 0) said.set(of, hash('sha256', texts.join('\n')));
      texts = [];
    };
    for (const row of rows.iterate(hall, from, to)) {
      const [day, key, verdict] = row as unknown as [day: Day, key: string, verdict: string];
      if (day !== of) note();
      of = day;
      texts.push(key, verdict);
    }
    note();
    for (const day of this.#daysDecided()) {
      if (day < from || to < day) continue;
      const { isWaived } = this.#decisionsOn(day, day);
      const waived = this.verdicts(day, day).filter(isWaived);
      said.set(day, `${said.get(day) ?? ''} ${hash('sha256', JSON.stringify(waived))}`);
    }
    return said;
  }

  /** Answers when something last became known of a day; null = never since it has been noted. */
  touches(from: Day, to: Day): (day: Day) => Ms | null {
    return touchesIn(this.#options.database, this.#options.hall, from, to);
  }

  /** How much has been taken out of the ledger for good. */
  get purged(): number {
    const { database, hall } = this.#options;
    return Number(database.prepare('select count(*) as count from purge where hall = ?').get(hall)?.['count']);
  }

  /** Everything that was known of stretches of time, and nothing else. */
  lastingBook(): Book {
    const book = new Book({ countSimulated: this.#options.countSimulated });
    // What is cancelled counts for nothing: what cancels it has to be known first.
    for (const fact of this.stretches) if (fact.fact === 'cancel') book.add(fact);
    for (const fact of this.stretches) if (fact.fact !== 'cancel' && fact.fact !== 'config') book.add(fact);
    return book;
  }

  #bookOf(from: Day, to: Day): Book {
    const book = this.lastingBook();
    const [first, last] = [this.configs.on(from), this.configs.on(to)];
    if (first === null || last === null) return book;
    // A duty may reach into the next day.
    const days = { from: startOfDay(first, from), to: startOfDay(last, to + (book.longestDuty > 0 ? 2 : 1)) };
    const around = { from: days.from - AROUND, to: days.to + AROUND };
    for (const fact of this.#instants(around, null)) book.add(fact);
    // An outage is proved by a punch that may lie on another day.
    for (const { from: since, to: until } of book.outagesTouching(days)) {
      const outside = [
        { from: since, to: Math.min(until, around.from) },
        { from: Math.max(since, around.to), to: until },
      ];
      for (const span of outside) for (const fact of this.#instants(span, 'presence')) book.add(fact);
    }
    return book;
  }

  /**
   * Punches and presence that were known, of a stretch of time. A month of a hall has 170 000: some days' as rows without names, by time,
   * are read three times as fast as one after the other with names (measured).
   */
  *#instants({ from, to }: Span, without: 'presence' | null): Iterable<PunchFact | PresenceFact> {
    if (to <= from) return;
    const { database, hall } = this.#options;
    const rows = database.prepare(
      `select kind, id, at, recorded_at, body from fact
       where hall = ? and kind in ('punch', 'presence') and kind is not ? and at >= ? and at < ? and recorded_at <= ? and +seq < ?`,
    );
    rows.setReturnArrays(true);
    const found = rows.all(hall, without, from, to, this.now, this.#heldBackFrom()) as unknown as InstantRow[];
    for (const row of found) yield factOfRow(row);
  }

  /** From this place on facts have not been judged yet. */
  #heldBackFrom(): number {
    const row = this.#options.database.prepare(`select value from setting where name = 'held-back-from'`).get();
    return row === undefined ? Number.MAX_SAFE_INTEGER : Number(row['value']);
  }

  /** The verdicts of days that held, in the order in which verdicts are printed. */
  verdicts(from: Day, to: Day): Verdict[] {
    const held = this.now < this.latest ? this.#heldThen(from, to) : this.#holding(from, to);
    return held.sort(compareVerdicts);
  }

  countOfVerdicts(from: Day, to: Day): number {
    if (this.now < this.latest) return this.#heldThen(from, to).length;
    const { database, hall } = this.#options;
    const count = database.prepare('select count(*) as count from standing where hall = ? and day between ? and ?');
    return Number(count.get(hall, from, to)?.['count']);
  }

  /** The same by rule and state: where there are too many to be read one by one. */
  countsOfVerdicts(from: Day, to: Day): { rule: string; state: Verdict['state']; count: number }[] {
    if (this.now < this.latest) return this.#heldThen(from, to).map(({ rule, state }) => ({ rule, state, count: 1 }));
    const { database, hall } = this.#options;
    return database
      .prepare(
        `select verdict ->> '$.rule' as rule, verdict ->> '$.state' as state, count(*) as count
         from standing where hall = ? and day between ? and ? group by 1, 2`,
      )
      .all(hall, from, to) as { rule: string; state: Verdict['state']; count: number }[];
  }

  /** How many leaves that begin between two instants were ever filed. */
  countOfLeaves({ from, to }: Span): number {
    const { database, hall } = this.#options;
    const count = database.prepare(
      `select count(*) as count from fact
       where hall = ? and kind not in ('punch', 'presence') and kind = 'leave' and at >= ? and at < ?`,
    );
    return Number(count.get(hall, from, to)?.['count']);
  }

  #holding(from: Day, to: Day): Verdict[] {
    const { database, hall } = this.#options;
    return database
      .prepare('select verdict from standing where hall = ? and day between ? and ?')
      .all(hall, from, to)
      .map((row) => JSON.parse(String(row['verdict'])) as Verdict);
  }

  #heldThen(from: Day, to: Day): Verdict[] {
    const held = new Map<string, Verdict>();
    for (const { op, key, verdict } of this.#changes(from, to, 'at <= ?')) {
      if (op === 'retract') held.delete(key);
      else held.set(key, verdict);
    }
    return [...held.values()];
  }

  /** What people had decided by the data's time about the verdicts of days. */
  decisions(from: Day, to: Day): Decisions {
    if (this.#decided?.from !== from || this.#decided.to !== to)
      this.#decided = { from, to, decisions: this.#decisionsOn(from, to) };
    return this.#decided.decisions;
  }

  #decisionsOn(from: Day, to: Day): Decisions {
    const { database, hall, appealDays } = this.#options;
    const verdicts = this.verdicts(from, to);
    const desk = (): Desk => {
      this.#desk ??= {
        hallOn: (day) => this.configs.on(day) as Hall,
        book: this.lastingBook(),
        appealDays,
        now: this.now,
      };
      return this.#desk;
    };
    return new Decisions({ database, hall, deeds: this.#deeds, verdicts, desk }, from, to);
  }

  /** What was said of days after the data's time, oldest first. */
  changesSince(from: Day, to: Day): Change[] {
    return this.now < this.latest ? this.#changes(from, to, 'at > ?') : [];
  }

  /** What people did after the data's time with the verdicts of days, oldest first. */
  deedsSince(from: Day, to: Day): DeedSince[] {
    const done = this.#everDone.filter(({ recordedAt }) => recordedAt > this.now);
    if (done.length === 0) return [];
    const { database, hall } = this.#options;
    const cases = new CaseStore(database);
    // What was said later outranks what held: of a case that did not exist yet there is nothing else.
    const said = [
      ...this.changesSince(from, to)
        .map(({ verdict }) => verdict)
        .reverse(),
      ...this.verdicts(from, to),
    ];
    const members = verdictsByCase(cases, hall, cases.between(hall, from, to), said);
    return done.flatMap((fact) => {
      const verdict = members.get(String(fact['case']))?.[0];
      return verdict === undefined ? [] : [{ at: fact.recordedAt, deed: String(fact['do']), verdict }];
    });
  }

  #changes(from: Day, to: Day, when: 'at <= ?' | 'at > ?'): Change[] {
    const { database, hall } = this.#options;
    return database
      .prepare(
        `select at, op, key, cause, verdict from change where hall = ? and day between ? and ? and ${when} order by seq`,
      )
      .all(hall, from, to, this.now)
      .map((row) => {
        const { at, op, key, cause, verdict } = row as Record<string, string | number>;
        return { at, op, key, cause: JSON.parse(String(cause)), verdict: JSON.parse(String(verdict)) } as Change;
      });
  }
}

/** What somebody did with a case since, and a verdict of that case. */
export interface DeedSince {
  readonly at: Ms;
  readonly deed: string;
  readonly verdict: Verdict;
}

type InstantRow = readonly [kind: 'punch' | 'presence', id: string, at: Ms, recordedAt: Ms, body: string];

function factOfRow([fact, id, at, recordedAt, body]: InstantRow): PunchFact | PresenceFact {
  const said = JSON.parse(body);
  if (fact === 'punch') return { fact, id, at, recordedAt, ...said };
  // In one go: of these there are most.
  const { window, state, source } = said as PresenceFact;
  return source === undefined
    ? { fact, id, at, recordedAt, window, state }
    : { fact, id, at, recordedAt, window, state, source };
}

/** A configuration may have been accepted again and again. */
function compiler(): (fact: Extract<Fact, { fact: 'config' }>) => Hall {
  const halls = new Map<string, Hall>();
  return (fact) => {
    let hall = halls.get(fact.hash);
    if (hall === undefined) {
      hall = hallOf(fact.judging as Judging, fact.hash);
      halls.set(fact.hash, hall);
    }
    return hall;
  };
}
