/**
 * What is told of which verdict, and when. A verdict that rests on a punch not yet seen waits for `deliveryLag`, the end of a run
 * for `max(bridge, minReturn)`; then what holds is compared with what was told, and only a difference is a message. So nobody
 * hears of a flicker, and whoever was told of something is told of its retraction.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Change, Op } from '../../rules/changes.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Holders } from '../../rules/plan.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { sameVerdict, type Verdict } from '../../rules/verdict.ts';
import { Query } from '../ledger/query.ts';
import { type CaseStore, familyOf } from './cases.ts';
import { withoutName } from './masking.ts';

/** A verdict's change that is to be told. */
export interface Told {
  readonly key: string;
  /** Counts the messages of this verdict from 1. */
  readonly times: number;
  readonly caseId: string;
  readonly alert: string;
  readonly op: Op;
  /** As it holds, or as it was last told where it is retracted. */
  readonly verdict: Verdict;
}

interface Row {
  readonly key: string;
  readonly case_id: string;
  readonly alert: string;
  readonly told: string | null;
  readonly holds: string | null;
  readonly times: number;
  readonly due_at: number | null;
}

export interface TellingOptions {
  readonly hallOn: (day: Day) => Hall;
  readonly holders: Holders;
  /** Verdicts that began longer ago when they open are shown, not told: nobody is to be called about last month. */
  readonly tellWithinMs: Ms;
  /** Verdicts that began before may have been told already, though nothing is known of it: the ledger was restored. */
  readonly toldUntil: Ms;
  /** Until when those who know nothing of a verdict are not to be told of it; null = they may be, infinity = never. */
  readonly silencedUntil: (hall: Hall, verdict: Verdict, now: Ms) => Ms | null;
}

/** A silence may be ended early: what it holds back is looked at this often. */
const SILENCED_LOOK_MS: Ms = 30_000;

const SELECT =
  'select t.key, t.case_id, c.alert, t.told, t.holds, t.times, t.due_at from telling t join alert_case c on c.id = t.case_id';

export class Telling {
  readonly #hall: string;
  readonly #cases: CaseStore;
  readonly #options: TellingOptions;
  readonly #find: Query<Row>;
  readonly #save: StatementSync;
  /** The same for one of a case that stays: its index need not be written. */
  readonly #change: StatementSync;
  readonly #due: Query<Row>;
  readonly #waiting: StatementSync;
  readonly #next: Query<{ at: number | null }>;
  readonly #toldOfCase: StatementSync;

  constructor(database: DatabaseSync, hall: string, cases: CaseStore, options: TellingOptions) {
    this.#hall = hall;
    this.#cases = cases;
    this.#options = options;
    this.#find = new Query(database, `${SELECT} where t.hall = ? and t.key = ?`);
    this.#save = database.prepare(
      'insert or replace into telling (hall, key, case_id, told, holds, times, due_at) values (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#change = database.prepare(
      'update telling set told = ?, holds = ?, times = ?, due_at = ? where hall = ? and key = ?',
    );
    this.#due = new Query(database, `${SELECT} where t.hall = ? and t.due_at <= ? order by t.due_at, t.key`);
    this.#waiting = database.prepare(
      `${SELECT} where t.hall = ? and t.due_at is not null and t.due_at <= ? and c.alert = ?`,
    );
    this.#next = new Query(database, 'select min(due_at) as at from telling where hall = ? and due_at is not null');
    this.#toldOfCase = database.prepare('select 1 from telling where case_id = ? and told is not null limit 1');
  }

  /** Notes a change of a verdict: from when on it is to be compared with what was told. */
  note(change: Change): void {
    const { verdict, key, at } = change;
    const known = this.#find.get(this.#hall, key);
    if (known === undefined && change.op === 'retract') return;
    const hall = this.#options.hallOn(verdict.day);
    const { id } = this.#cases.caseOf(hall, this.#options.holders, verdict);
    // Nobody is told of it; but it can be found, and decided on.
    if (known === undefined && this.#tooOld(verdict, at)) return;
    const isKnown = known === undefined && this.#toldOfCase.get(id) !== undefined;
    // People know of this case: that lateness has become absence is the same news, and waits for nothing.
    const dueAt = isKnown ? at : dueOf(hall, change, known);
    const holds = change.op === 'retract' ? null : JSON.stringify(verdict);
    if (known?.case_id === id) this.#change.run(known.told, holds, known.times, dueAt, this.#hall, key);
    else this.#save.run(this.#hall, key, id, known?.told ?? null, holds, known?.times ?? 0, dueAt);
  }

  #tooOld(verdict: Verdict, at: Ms): boolean {
    const { tellWithinMs, toldUntil } = this.#options;
    return at - verdict.from > tellWithinMs || verdict.from < toldUntil;
  }

  /** When the next comparison is due. */
  get nextAt(): Ms {
    const row = this.#next.one(this.#hall);
    return row.at ?? Number.POSITIVE_INFINITY;
  }

  /** Whether something else of an alert is about to be told by `until`. */
  waits(alert: string, until: Ms): boolean {
    return this.#waiting.all(this.#hall, until, alert).length > 0;
  }

  #silencedUntil(verdict: Verdict, now: Ms): Ms | null {
    const { silencedUntil, hallOn } = this.#options;
    return silencedUntil(hallOn(verdict.day), verdict, now);
  }

  /** When the end of a run that is to be told has lasted long enough to be no flicker; long ago where it tells of none. */
  #lastsAt({ op, verdict }: Told): Ms {
    const ends = op === 'open' || op === 'close' ? endLastsAt(this.#options.hallOn(verdict.day), verdict) : null;
    return ends ?? Number.NEGATIVE_INFINITY;
  }

  /** Compares what is due, notes it as told, and returns what is to be said. */
  tell(now: Ms): Told[] {
    const messages: Told[] = [];
    for (const row of this.#due.all(this.#hall, now)) {
      const message = compare(row);
      const lastsAt = message === null ? now : this.#lastsAt(message);
      if (lastsAt > now) {
        this.#change.run(row.told, row.holds, row.times, lastsAt, this.#hall, row.key);
        continue;
      }
      const silentUntil = message?.op === 'open' ? this.#silencedUntil(message.verdict, now) : null;
      if (silentUntil !== null) {
        const lookAt = silentUntil === Number.POSITIVE_INFINITY ? null : Math.min(silentUntil, now + SILENCED_LOOK_MS);
        this.#change.run(null, row.holds, row.times, lookAt, this.#hall, row.key);
        continue;
      }
      const told = message === null ? row.told : message.op === 'retract' ? null : row.holds;
      const times = message?.times ?? row.times;
      this.#change.run(told, row.holds, times, null, this.#hall, row.key);
      if (message !== null) messages.push(message);
    }
    return messages;
  }
}

/** A pending verdict is told only to those who were told something firmer before; it then takes that back. */
function compare(row: Row): Told | null {
  const told = row.told === null ? null : (JSON.parse(row.told) as Verdict);
  const holds = row.holds === null ? null : (JSON.parse(row.holds) as Verdict);
  const about = { key: row.key, times: row.times + 1, caseId: row.case_id, alert: row.alert };
  if (told === null) {
    if (holds === null || holds.state === 'pending') return null;
    return { ...about, op: 'open', verdict: holds };
  }
  if (holds === null) return { ...about, op: 'retract', verdict: told };
  // What people would not see is no news to them.
  if (sameVerdict(unnamedIfPending(told), unnamedIfPending(holds))) return null;
  const closes = holds.state === 'closed' && told.state !== 'closed';
  return { ...about, op: closes ? 'close' : 'revise', verdict: holds };
}

/** When a change is to be compared with what was told. */
function dueOf(hall: Hall, { at, op, verdict }: Change, known: Row | undefined): Ms {
  const waiting = known?.due_at ?? null;
  const held = known?.holds == null ? null : (JSON.parse(known.holds) as Verdict);
  if (known?.told == null) {
    if (waiting === null) return at + (restsOnPunch(verdict) ? lagOf(hall, verdict) : 0);
    // What has not been told yet keeps its time: a revision does not put the news off, nor does an end that was none.
    return held !== null && waiting === endLastsAt(hall, held) ? at : Math.max(waiting, at);
  }
  const { bridge } = thresholdsOf(hall, verdict);
  if (verdict.run && op === 'close') return at + flickerOf(hall, verdict);
  if (verdict.run && verdict.state === 'closed' && waiting !== null) return Math.max(waiting, at);
  const isBlind = op !== 'retract' && (verdict.because === 'blind' || held?.because === 'blind');
  return at + (isBlind ? bridge : 0);
}

/** When the end of a run has lasted long enough to be no flicker; null where there is none. */
function endLastsAt(hall: Hall, verdict: Verdict): Ms | null {
  const { run, state, to } = verdict;
  return run && state === 'closed' && to !== null ? to + flickerOf(hall, verdict) : null;
}

function flickerOf(hall: Hall, verdict: Verdict): Ms {
  const { bridge, minReturn } = thresholdsOf(hall, verdict);
  return Math.max(bridge, minReturn);
}

/** A punch not yet seen would change it: it may be on its way. */
function restsOnPunch(verdict: Verdict): boolean {
  const family = familyOf(verdict);
  return family !== 'leave' && !(family === 'arrival' && verdict.evidence.length > 0);
}

function lagOf(hall: Hall, verdict: Verdict): Ms {
  return thresholdsOf(hall, verdict).deliveryLag;
}

function thresholdsOf(hall: Hall, verdict: Verdict) {
  const window = verdict.window === null ? undefined : hall.windows.get(verdict.window);
  const employee = verdict.employee === null ? undefined : hall.employees.get(verdict.employee);
  return window?.thresholds ?? employee?.thresholds ?? hall.thresholds;
}

/** A pending verdict is nobody's in a message. */
export function unnamedIfPending(verdict: Verdict): Verdict {
  return verdict.state === 'pending' ? withoutName(verdict) : verdict;
}
