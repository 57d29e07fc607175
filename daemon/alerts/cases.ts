/** Cases: what people deal with. Overlapping verdicts of one family are one case, and cases with one cause share an alert. */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Hall } from '../../rules/hall.ts';
import { overlaps } from '../../rules/intervals.ts';
import { dateOf, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';

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

interface Row extends Case {
  readonly session: number | null;
  readonly from_at: number;
  readonly to_at: number | null;
}

export class CaseStore {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #stretch: StatementSync;

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      `select id, alert, session, from_at, to_at from alert_case
       where hall = ? and day = ? and family = ? and subject = ? order by from_at, id`,
    );
    this.#insert = database.prepare(
      'insert into alert_case (id, hall, alert, family, subject, day, session, from_at, to_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#stretch = database.prepare('update alert_case set from_at = ?, to_at = ? where id = ?');
  }

  /** The case that a verdict belongs to; made if there is none. */
  caseOf(hall: Hall, verdict: Verdict): Case {
    const family = familyOf(verdict);
    const subject = verdict.window ?? verdict.employee ?? '';
    const span = spanOf(verdict);
    // A session has one arrival and one departure, but its window may stand empty more than once.
    const recurs = family === 'cover' || family === 'post';
    const start = recurs ? verdict.from : '';
    const id = `C-${hash('sha256', [hall.id, subject, dateOf(verdict.day), verdict.session, family, start].join('|')).slice(0, 12)}`;
    const rows = this.#of(hall.id, verdict, family, subject).filter((row) => row.session === verdict.session);
    // A case may have come to end before its first run began: what was seen late moved it. That run coming back is still its own.
    const known =
      rows.find((row) => !recurs || overlaps(spanOfRow(row), span)) ?? rows.find((row) => row.id === id) ?? null;
    if (known !== null) {
      const from = Math.min(known.from_at, verdict.from);
      if (from !== known.from_at || verdict.to !== known.to_at) this.#stretch.run(from, verdict.to, known.id);
      return { id: known.id, alert: known.alert };
    }
    const alert = this.#linked(hall, verdict, family) ?? id;
    const { day, session, from, to } = verdict;
    this.#insert.run(id, hall.id, alert, family, subject, day, session, from, to);
    return { id, alert };
  }

  #of(hall: string, verdict: Verdict, family: Family, subject: string): Row[] {
    return this.#find.all(hall, verdict.day, family, subject) as unknown as Row[];
  }

  /** A's late arrival, and her window that was not opened for it, have one cause and are told as one. */
  #linked(hall: Hall, verdict: Verdict, family: Family): string | null {
    if (family === 'cover' && verdict.atOpening === true && verdict.window !== null) {
      return this.#alertOf(hall, verdict, 'arrival', hall.windows.get(verdict.window)?.a ?? []);
    }
    if (family === 'arrival' && verdict.employee !== null) {
      const { employee } = verdict;
      const own = [...hall.windows.values()].filter((window) => window.a.includes(employee));
      return this.#alertOf(
        hall,
        verdict,
        'cover',
        own.map((window) => window.id),
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

function spanOf(verdict: Verdict): { from: Ms; to: Ms } {
  return { from: verdict.from, to: verdict.to ?? Number.POSITIVE_INFINITY };
}

function spanOfRow(row: Row): { from: Ms; to: Ms } {
  return { from: row.from_at, to: row.to_at ?? Number.POSITIVE_INFINITY };
}
