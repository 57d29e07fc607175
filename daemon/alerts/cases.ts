/** Cases: what people deal with. Overlapping verdicts of one family are one case, and cases with one cause share an alert. */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Hall } from '../../rules/hall.ts';
import { overlaps } from '../../rules/intervals.ts';
import { leftPostTotal } from '../../rules/left-post-total.ts';
import type { Holders } from '../../rules/plan.ts';
import { type Day, dateOf, type Ms } from '../../rules/time.ts';
import { type Verdict, verdictKey } from '../../rules/verdict.ts';
import { Query } from '../ledger/query.ts';

export type Family = 'arrival' | 'departure' | 'cover' | 'post' | 'leave';

const FAMILIES: Readonly<Record<string, Family>> = {
  late: 'arrival',
  absent: 'arrival',
  'early-leave': 'departure',
  'missing-cover': 'cover',
  'unverified-occupant': 'cover',
  'left-post': 'post',
  'left-post-total': 'post',
  'leave-slip': 'leave',
};

/** The family of a verdict (rules.md section 7). */
export function familyOf(verdict: Verdict): Family {
  if (verdict.rule === 'missing-punch') return verdict.side === 'in' ? 'arrival' : 'departure';
  const family = FAMILIES[verdict.rule];
  if (family === undefined) throw new Error(`rule ${verdict.rule} belongs to no family`);
  return family;
}

export interface Case {
  readonly id: string;
  readonly alert: string;
}

/** A case as it is kept: of whom or which window, and from when to when. */
export interface CaseRow extends Case {
  readonly family: Family;
  readonly subject: string;
  readonly day: Day;
  readonly session: number | null;
  readonly from_at: Ms;
  /** null = it lasts. */
  readonly to_at: Ms | null;
}

const SELECT = 'select id, alert, family, subject, day, session, from_at, to_at from alert_case';

export class CaseStore {
  readonly #find: Query<CaseRow>;
  readonly #insert: StatementSync;
  readonly #stretch: StatementSync;
  readonly #byId: Query<CaseRow>;
  readonly #between: Query<CaseRow>;
  readonly #members: Query<{ key: string; case_id: string }>;
  readonly #others: Query<{ to_at: Ms | null }>;

  constructor(database: DatabaseSync) {
    this.#find = new Query(
      database,
      `${SELECT} where hall = ? and day = ? and family = ? and subject = ? order by from_at, id`,
    );
    this.#byId = new Query(database, `${SELECT} where hall = ? and id = ?`);
    this.#between = new Query(database, `${SELECT} where hall = ? and day >= ? and day <= ? order by day, from_at, id`);
    this.#members = new Query(
      database,
      'select key, case_id from telling where case_id in (select value from json_each(?)) order by key',
    );
    this.#others = new Query(
      database,
      "select holds ->> '$.to' as to_at from telling where case_id = ? and key <> ? and holds is not null",
    );
    this.#insert = database.prepare(
      'insert into alert_case (id, hall, alert, family, subject, day, session, from_at, to_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#stretch = database.prepare('update alert_case set from_at = ?, to_at = ? where id = ?');
  }

  /** The case that a verdict belongs to; made if there is none. */
  caseOf(hall: Hall, holders: Holders, verdict: Verdict): Case {
    const family = familyOf(verdict);
    const subject = subjectOf(verdict);
    const known = ownCase(this.#of(hall.id, verdict, family, subject), hall.id, verdict);
    if (known !== null) {
      const from = Math.min(known.from_at, verdict.from);
      const to = this.#endOf(hall, known, verdict);
      if (from !== known.from_at || to !== known.to_at) this.#stretch.run(from, to, known.id);
      return { id: known.id, alert: known.alert };
    }
    const id = idOf(hall.id, verdict);
    const alert = this.#linked(hall, holders, verdict, family) ?? id;
    const { day, session, from, to } = verdict;
    this.#insert.run(id, hall.id, alert, family, subject, day, session, from, to);
    return { id, alert };
  }

  /** The end of what holds of a case, with a verdict that has just changed; null = it lasts. */
  #endOf(hall: Hall, { id }: CaseRow, verdict: Verdict): Ms | null {
    const others = this.#others.all(id, verdictKey(hall.id, verdict));
    return others.reduce(
      (end: Ms | null, { to_at }) => (end === null || to_at === null ? null : Math.max(end, to_at)),
      verdict.to,
    );
  }

  find(hall: string, id: string): CaseRow | null {
    return this.#byId.get(hall, id) ?? null;
  }

  /** The cases of some days, both included, withdrawn ones among them, in the order of time. */
  between(hall: string, from: Day, to: Day): CaseRow[] {
    return this.#between.all(hall, from, to);
  }

  /** Of which case a verdict is, by its key, for those that people were or may be told of; of the others see `caseAmong`. */
  membersOf(cases: readonly string[]): Map<string, string> {
    const rows = this.#members.all(JSON.stringify(cases));
    return new Map(rows.map(({ key, case_id }) => [key, case_id]));
  }

  #of(hall: string, verdict: Verdict, family: Family, subject: string): CaseRow[] {
    return this.#find.all(hall, verdict.day, family, subject);
  }

  /** A's late arrival, and her window that was not opened for it, have one cause and are told as one. */
  #linked(hall: Hall, holders: Holders, verdict: Verdict, family: Family): string | null {
    const window = verdict.window === null ? undefined : hall.windows.get(verdict.window);
    if (family === 'cover' && verdict.atOpening === true && window !== undefined) {
      return this.#alertOf(hall, verdict, 'arrival', holders(window, 'A', verdict.from));
    }
    if (family === 'arrival' && verdict.employee !== null) {
      const { employee } = verdict;
      const own = [...hall.windows.values()].filter((one) => holders(one, 'A', verdict.from).includes(employee));
      return this.#alertOf(
        hall,
        verdict,
        'cover',
        own.map(({ id: window }) => window),
      );
    }
    return null;
  }

  /** The alert of the earliest case of these subjects that overlaps the verdict. */
  #alertOf(hall: Hall, verdict: Verdict, family: Family, subjects: readonly string[]): string | null {
    const span = spanOf(verdict);
    const cases = subjects.flatMap((subject) => this.#of(hall.id, verdict, family, subject));
    const overlapping = cases.filter((row) => overlaps(spanOfRow(row), span));
    return overlapping.sort((x, y) => x.from_at - y.from_at || (x.id < y.id ? -1 : 1))[0]?.alert ?? null;
  }
}

/** The case among some that a verdict belongs to; null if it is none of them. */
export function caseAmong(rows: readonly CaseRow[], hall: string, verdict: Verdict): CaseRow | null {
  const own = ownCase(rows, hall, verdict);
  // Earlier releases made no case of a total where there was one of a run.
  return own ?? (isTotal(verdict) ? ownCase(rows, hall, { ...verdict, rule: 'left-post' }) : null);
}

/**
 * A total is made of none of the runs that lie between its first and its last, and has a case of its own: else which runs are one case
 * would depend on what came first.
 */
function ownCase(rows: readonly CaseRow[], hall: string, verdict: Verdict): CaseRow | null {
  const [family, subject, span] = [familyOf(verdict), subjectOf(verdict), spanOf(verdict)];
  const same = rows.filter(
    (row) =>
      row.family === family && row.subject === subject && row.day === verdict.day && row.session === verdict.session,
  );
  const named = (rule: string): CaseRow | undefined => {
    const id = idOf(hall, { ...verdict, rule });
    return same.find((row) => row.id === id);
  };
  if (isTotal(verdict)) return named(verdict.rule) ?? null;
  const ofTotal = family === 'post' ? named(leftPostTotal.name) : undefined;
  const found = same.find((row) => row !== ofTotal && (!recurs(family) || overlaps(spanOfRow(row), span)));
  // A case may have come to end before its first run began: what was seen late moved it. That run coming back is still its own.
  return found ?? named(verdict.rule) ?? null;
}

const isTotal = ({ rule }: Verdict): boolean => rule === leftPostTotal.name;

/** A session has one arrival and one departure, but its window may stand empty more than once. */
const recurs = (family: Family): boolean => family === 'cover' || family === 'post';

const subjectOf = (verdict: Verdict): string => verdict.window ?? verdict.employee ?? '';

function idOf(hall: string, verdict: Verdict): string {
  const family = familyOf(verdict);
  const start = isTotal(verdict) ? 'total' : recurs(family) ? verdict.from : '';
  const parts = [hall, subjectOf(verdict), dateOf(verdict.day), verdict.session, family, start];
  return `C-${hash('sha256', parts.join('|')).slice(0, 12)}`;
}

function spanOf(verdict: Verdict): { from: Ms; to: Ms } {
  return { from: verdict.from, to: verdict.to ?? Number.POSITIVE_INFINITY };
}

function spanOfRow(row: CaseRow): { from: Ms; to: Ms } {
  return { from: row.from_at, to: row.to_at ?? Number.POSITIVE_INFINITY };
}
