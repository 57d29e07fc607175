/**
 * What waits to be said to people until it is their time. Until then it can change, or come to nothing; what is due for a channel
 * leaves as one message, at most as fast as the channel takes them, and while one is on its way the next ones wait and merge.
 */
import type { StatementSync } from 'node:sqlite';
import type { Op } from '../../rules/changes.ts';
import type { Fact, OtherFact } from '../../rules/facts.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { sameVerdict, type Verdict } from '../../rules/verdict.ts';
import { isSaidInPerson } from '../access/doors.ts';
import type { FactStore } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Query } from '../ledger/query.ts';
import type { Readership } from './audiences.ts';
import type { CaseStore } from './cases.ts';
import { type Item, letterKey, letterOf } from './letters.ts';
import { asSeenBy } from './masking.ts';
import type { Outbox } from './outbox.ts';
import type { Told } from './telling.ts';
import { digestAt, type Timetable, type Today, tellAt } from './timing.ts';
import { type Bucket, filled, nextTokenAt, taken } from './token-bucket.ts';
import type { Language } from './words.ts';

export interface MailroomOptions {
  readonly ledger: Ledger;
  /** The hall as it is at present. */
  readonly hall: () => Hall;
  readonly outbox: Outbox;
  readonly cases: CaseStore;
  readonly facts: FactStore;
  readonly readerships: readonly Readership[];
  readonly timetable: Timetable;
  readonly hallOn: (day: Day) => Hall;
  readonly isWorkday: (day: Day) => boolean;
  /** As `Telling` is told. */
  readonly silencedUntil: (hall: Hall, verdict: Verdict, now: Ms) => Ms | null;
  readonly language: Language;
}

interface Row {
  readonly channel: string;
  readonly verdict: string;
  readonly alert: string;
  readonly told: string | null;
  readonly op: Op | null;
  readonly holds: string | null;
  readonly due_at: Ms | null;
  readonly live: 0 | 1;
}

/** What answers a case: from then on nobody further up has to be called. */
const ANSWERS: ReadonlySet<unknown> = new Set(['acknowledge', 'confirm', 'excuse', 'false-alarm']);
const SELECT = 'select channel, verdict, alert, told, op, holds, due_at, live from errand';

export class Mailroom {
  readonly #options: MailroomOptions;
  readonly #readerships: ReadonlyMap<string, Readership>;
  readonly #find: Query<Row>;
  readonly #knowing: Query<{ channel: string }>;
  readonly #save: StatementSync;
  readonly #due: Query<Row>;
  readonly #next: Query<{ channel: string; at: Ms }>;
  readonly #ofAlert: Query<Row>;
  readonly #unheard: Query<Row>;
  readonly #forget: StatementSync;
  readonly #hall: string;
  /** As the ledger has them; a commit that failed costs a message at most. */
  readonly #buckets = new Map<string, Bucket | null>();
  /** Before then nothing can leave: it is asked after every commit. `nextAt`, which is asked every second, sets it right. */
  #nothingBefore: Ms = Number.NEGATIVE_INFINITY;

  constructor(options: MailroomOptions) {
    this.#options = options;
    this.#hall = options.hall().id;
    this.#readerships = new Map(options.readerships.map((readership) => [readership.channel, readership]));
    const { database } = options.ledger;
    this.#find = new Query(database, `${SELECT} where hall = ? and channel = ? and verdict = ?`);
    this.#knowing = new Query(database, 'select channel from errand where hall = ? and verdict = ?');
    this.#save = database.prepare(
      'insert or replace into errand (hall, channel, verdict, alert, told, op, holds, due_at, live) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#due = new Query(
      database,
      `${SELECT} where hall = ? and channel = ? and due_at <= ? order by due_at, verdict`,
    );
    this.#next = new Query(
      database,
      'select channel, min(due_at) as at from errand where hall = ? and due_at is not null group by channel',
    );
    // By what waits: SQLite would take the primary key, and go through everything that anybody was ever told.
    this.#ofAlert = new Query(
      database,
      `${SELECT} indexed by errand_of_alert where hall = ? and alert = ? and due_at is not null`,
    );
    this.#unheard = new Query(
      database,
      `${SELECT} indexed by errand_due where hall = ? and due_at > ? and told is null and op = 'open'`,
    );
    this.#forget = database.prepare('delete from errand where hall = ? and channel = ? and verdict = ?');
  }

  /** When something may leave; what waits for a message that is on its way is asked for again and again. */
  get nextAt(): Ms {
    const { outbox } = this.#options;
    const firsts = this.#next.all(this.#hall);
    const free = firsts.filter(({ channel }) => !outbox.holds(channel));
    this.#nothingBefore = Math.min(...free.map(({ channel, at }) => Math.max(at, this.#freeAt(channel))));
    return this.#nothingBefore;
  }

  /** Takes down what people are to be told, for each channel at its time. */
  note(told: Told, now: Ms): void {
    const { hallOn } = this.#options;
    const holds = hallOn(told.verdict.day);
    const channels = new Set(this.#knowing.all(this.#hall, told.key).map(({ channel }) => channel));
    for (const readership of this.#readerships.values()) {
      for (const channel of readership.reaches(holds, told.verdict)) channels.add(channel);
    }
    for (const channel of channels) this.#noteFor(channel, told, now);
  }

  #noteFor(channel: string, told: Told, now: Ms): void {
    const { hallOn, timetable } = this.#options;
    const readership = this.#readershipOf(channel);
    const row = this.#find.get(this.#hall, channel, told.key);
    const known = row?.told == null ? null : (JSON.parse(row.told) as Verdict);
    const { verdict } = told;
    const op = opFor(known, told);
    // Nobody hears of what was taken back, or became doubtful, before they were told.
    if (readership === null || op === null) return void this.#forget.run(this.#hall, channel, told.key);
    const sight = readership.sightOf(channel);
    const seen = asSeenBy(sight, hallOn(verdict.day), verdict);
    const before = known === null ? null : asSeenBy(sight, hallOn(known.day), known);
    const isSame = op !== 'retract' && before !== null && sameVerdict(before, seen);
    const news = {
      op,
      verdict,
      answered: this.#isAnswered(told.alert, told.caseId),
      named: (before?.employee ?? null) !== null,
    };
    const when = isSame ? null : tellAt(readership.stage, news, timetable, this.#today(now), now);
    this.#put(channel, { ...told, told: row?.told ?? null }, when === null ? null : op, when, verdict);
  }

  #put(
    channel: string,
    { key, alert, told }: { readonly key: string; readonly alert: string; readonly told: string | null },
    op: Op | null,
    when: { readonly at: Ms; readonly live: boolean } | null,
    verdict: Verdict,
  ): void {
    const holds = op === null ? null : JSON.stringify(verdict);
    if (when !== null) this.#nothingBefore = Math.min(this.#nothingBefore, when.at);
    this.#save.run(this.#hall, channel, key, alert, told, op, holds, when?.at ?? null, when?.live === true ? 1 : 0);
  }

  /** Somebody answered: who would only have been told because nobody did, reads of it in a digest, or not at all. */
  answer(facts: readonly Fact[], now: Ms): void {
    const { cases, timetable } = this.#options;
    if (facts.some(({ fact }) => fact === 'silence-end')) this.#timeAgain(now);
    for (const fact of facts) {
      if (fact.fact !== 'action' || !isAnswer(fact)) continue;
      const alert = cases.find(this.#hall, String(fact['case']))?.alert;
      const rows = alert === undefined ? [] : this.#ofAlert.all(this.#hall, alert);
      for (const row of rows) {
        const stage = this.#readershipOf(row.channel)?.stage;
        if (row.live === 0 || row.op !== 'open' || row.holds === null) continue;
        if (stage === 'management') this.#forget.run(this.#hall, row.channel, row.verdict);
        if (stage !== 'supervision') continue;
        const verdict = JSON.parse(row.holds) as Verdict;
        const at = digestAt(verdict, timetable, this.#today(now), now);
        this.#put(
          row.channel,
          { key: row.verdict, alert: row.alert, told: row.told },
          row.op,
          { at, live: false },
          verdict,
        );
      }
    }
  }

  /** Puts what is due into the outbox: one message for each channel that can take one. */
  release(now: Ms): void {
    if (this.#nothingBefore > now) return;
    const { outbox } = this.#options;
    for (const { channel } of this.#next.all(this.#hall)) {
      if (outbox.holds(channel) || this.#freeAt(channel) > now) continue;
      const due = this.#due.all(this.#hall, channel, now);
      const rows = due.filter((row) => !this.#isSilenced(row, now));
      if (rows.length > 0) this.#send(channel, rows, now);
    }
  }

  /** Who knows nothing yet hears nothing within a silence; what then still goes on is told as if it were news at its end. */
  #isSilenced(row: Row, now: Ms): boolean {
    if (row.told !== null || row.holds === null) return false;
    const { hallOn, silencedUntil } = this.#options;
    const verdict = JSON.parse(row.holds) as Verdict;
    const until = silencedUntil(hallOn(verdict.day), verdict, now);
    if (until === null) return false;
    if (until === Number.POSITIVE_INFINITY) this.#forget.run(this.#hall, row.channel, row.verdict);
    else this.#schedule(row, verdict, until);
    return true;
  }

  /** A silence was ended early: what it held back comes at the time at which it would have without. */
  #timeAgain(now: Ms): void {
    const rows = this.#unheard.all(this.#hall, now);
    for (const row of rows) if (row.holds !== null) this.#schedule(row, JSON.parse(row.holds) as Verdict, now);
  }

  /** When something that nobody knows of is said, if it is news at an instant. */
  #schedule(row: Row, verdict: Verdict, at: Ms): void {
    const { channel, alert, op } = row;
    const stage = this.#readershipOf(channel)?.stage;
    if (stage === undefined || op === null) return;
    const news = { op, verdict, answered: this.#isAnswered(alert, alert), named: false };
    const when = tellAt(stage, news, this.#options.timetable, this.#today(at), at);
    if (when === null) this.#forget.run(this.#hall, channel, row.verdict);
    else this.#put(channel, { key: row.verdict, alert, told: null }, op, when, verdict);
  }

  #send(channel: string, rows: readonly Row[], now: Ms): void {
    const { outbox, hallOn, language, ledger } = this.#options;
    const readership = this.#readershipOf(channel);
    for (const row of rows) this.#sent(row);
    // It is no longer configured: there is nobody to tell.
    if (readership === null) return;
    const sight = readership.sightOf(channel);
    const items = rows.map((row): Item => {
      const verdict = JSON.parse(row.holds ?? '') as Verdict;
      const op = row.op ?? 'revise';
      const isAsked = readership.stage === 'person' && row.live === 1 && op === 'open' && verdict.window === null;
      const seen = asSeenBy(sight, hallOn(verdict.day), verdict);
      return { about: row.verdict, alert: row.alert, op, live: row.live === 1, verdict: seen, asks: isAsked };
    });
    const letter = letterOf(hallOn, items, now, language);
    const key = letterKey(channel, items, now);
    const alerts = new Set(rows.map(({ alert }) => alert));
    const [alert = key] = alerts.size === 1 ? alerts : [];
    outbox.put({ channel, key, alert, body: JSON.stringify(letter) }, now, now);
    const bucket = taken(filled(this.#stored(readership), readership.perMinute, now));
    this.#buckets.set(readership.channel, bucket);
    ledger.set(bucketName(readership), JSON.stringify(bucket));
  }

  #sent({ channel, verdict, alert, op, holds }: Row): void {
    const told = op === 'retract' ? null : holds;
    this.#save.run(this.#hall, channel, verdict, alert, told, null, null, null, 0);
  }

  /** Persons share the channel that reaches them. */
  #readershipOf(channel: string): Readership | null {
    return this.#readerships.get(channel.split('/', 1)[0] ?? '') ?? null;
  }

  #freeAt(channel: string): Ms {
    const readership = this.#readershipOf(channel);
    const bucket = readership === null ? null : this.#stored(readership);
    if (readership === null || bucket === null) return Number.NEGATIVE_INFINITY;
    return nextTokenAt(bucket, readership.perMinute);
  }

  #stored(readership: Readership): Bucket | null {
    const { channel } = readership;
    const known = this.#buckets.get(channel);
    if (known !== undefined) return known;
    const text = this.#options.ledger.setting(bucketName(readership));
    const stored = text === null ? null : (JSON.parse(text) as Bucket);
    this.#buckets.set(channel, stored);
    return stored;
  }

  #isAnswered(alert: string, caseId: string): boolean {
    const { facts } = this.#options;
    // Linked cases have one cause: the alert is named after the first of them.
    return facts.actionsOn([...new Set([alert, caseId])]).some(isAnswer);
  }

  #today(now: Ms): Today {
    const { hall, isWorkday } = this.#options;
    return { zone: hall().zone, day: dayAt(hall(), now), isWorkday };
  }
}

/** What was imported answers nobody. */
const isAnswer = (action: OtherFact): boolean => ANSWERS.has(action['do']) && isSaidInPerson(action);

const bucketName = ({ channel }: Readership): string => `notify-rate ${channel}`;

/** What a change is to those who know so much of it; null = nothing. */
function opFor(known: Verdict | null, { op, verdict }: Told): Op | null {
  if (known === null) return op === 'retract' || verdict.state === 'pending' ? null : 'open';
  return op === 'open' ? 'revise' : op;
}
