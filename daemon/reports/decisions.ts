/** What people had decided about verdicts, and which case each belongs to, as known at an instant. */
import type { DatabaseSync } from 'node:sqlite';
import type { Done } from '../../rules/case-life.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { type Verdict, verdictKey } from '../../rules/verdict.ts';
import { CaseStore } from '../alerts/cases.ts';
import { type CaseFile, caseFile, type Desk } from '../cases/case-file.ts';
import { verdictsByCase } from '../cases/case-members.ts';

/**
 * How a verdict stands with people: `none` nobody judged it yet · `confirmed` or `upheld`, but not final · `final` confirmed,
 * delivered, and past any appeal: only these may be named outside · the others as in rules/case-life.ts.
 */
export const STANDINGS = [
  'none',
  'confirmed',
  'appealed',
  'upheld',
  'final',
  'excused',
  'false-alarm',
  'overturned',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** What people set aside counts against nobody. */
const WAIVED: ReadonlySet<Standing> = new Set(['excused', 'false-alarm', 'overturned']);

export interface DecidedVerdict {
  /** The case's id; null of a verdict without one. */
  readonly caseId: string | null;
  readonly standing: Standing;
  /** It was decided on something else: the case has changed since. */
  readonly review: boolean;
  readonly finalAt: Ms | null;
}

const UNDECIDED = { standing: 'none', review: false, finalAt: null } as const;

export interface DecisionOptions {
  readonly database: DatabaseSync;
  readonly hall: string;
  /** What people had done by then, by the case. */
  readonly deeds: ReadonlyMap<string, Done[]>;
  /** The verdicts that held then. */
  readonly verdicts: readonly Verdict[];
  readonly desk: () => Desk;
}

export class Decisions {
  readonly #hall: string;
  readonly #caseOf = new Map<string, string>();
  readonly #files = new Map<string, CaseFile>();

  /** Of the days from `from` to `to`, both included. */
  constructor({ database, hall, deeds, verdicts, desk }: DecisionOptions, from: Day, to: Day) {
    this.#hall = hall;
    const cases = new CaseStore(database);
    const rows = cases.between(hall, from, to);
    const members = verdictsByCase(cases, hall, rows, verdicts);
    for (const [id, of] of members) for (const verdict of of) this.#caseOf.set(verdictKey(hall, verdict), id);
    const done = rows.filter(({ id }) => deeds.has(id));
    if (done.length === 0) return;
    const at = desk();
    for (const row of done)
      this.#files.set(row.id, caseFile(row, members.get(row.id) ?? [], deeds.get(row.id) ?? [], at));
  }

  of(verdict: Verdict): DecidedVerdict {
    const caseId = this.#caseOf.get(verdictKey(this.#hall, verdict)) ?? null;
    const file = caseId === null ? undefined : this.#files.get(caseId);
    if (file === undefined) return { caseId, ...UNDECIDED };
    const { life, finalAt } = file;
    return { caseId, standing: finalAt === null ? life.decision : 'final', review: life.review, finalAt };
  }

  /** Whether it counts against nobody because people set it aside. */
  readonly isWaived = (verdict: Verdict): boolean => this.#files.size > 0 && WAIVED.has(this.of(verdict).standing);
}

/** Whether what stands so is held against somebody. */
export function isSetAside(standing: Standing): boolean {
  return WAIVED.has(standing);
}
