/** What was said in a period: the verdicts one by one where they can be listed, and how far people have got with them. */
import type { Day } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { Handling } from './decision-sheets.ts';
import type { Known } from './known.ts';
import { decidedRows, decidedSheet, type Writing } from './list-sheets.ts';
import type { Cell, LeftOut, Sheet } from './report.ts';

/** A longer list is read by nobody, and does not fit into memory with all that is made of it. */
export const MOST_LISTED = 50_000;

/** Of so many days verdicts are gone through at once: those of a year do not fit into memory either. */
const DAYS_AT_ONCE = 31;

export interface SaidOptions {
  readonly known: Known;
  readonly from: Day;
  readonly to: Day;
  /** Which of them the report is about; null = all. */
  readonly isAbout: ((verdict: Verdict) => boolean) | null;
  readonly writing: Omit<Writing, 'decisions'>;
}

export interface Said {
  readonly sheets: readonly Sheet[];
  /** Nothing is pending or still going on. */
  readonly areClosed: boolean;
  readonly leftOut: readonly LeftOut[];
}

export function saidIn({ known, from, to, isAbout, writing }: SaidOptions): Said {
  const handling = new Handling();
  const isListed = isAbout !== null || known.countOfVerdicts(from, to) <= MOST_LISTED;
  const rows: { readonly verdicts: Cell[][]; readonly final: Cell[][] } = { verdicts: [], final: [] };
  for (let first = from; first <= to; first += DAYS_AT_ONCE) {
    const last = Math.min(first + DAYS_AT_ONCE - 1, to);
    if (!isListed && !known.isDecidedOn(first, last)) {
      for (const { rule, state, count } of known.countsOfVerdicts(first, last))
        handling.addUndecided(rule, state, count);
      continue;
    }
    const verdicts = known.verdicts(first, last).filter(isAbout ?? (() => true));
    const decisions = known.decisions(first, last);
    handling.add(verdicts, decisions);
    if (!isListed) continue;
    const isFinal = (verdict: Verdict): boolean => decisions.of(verdict).standing === 'final';
    for (const row of decidedRows(verdicts, { ...writing, decisions })) rows.verdicts.push(row);
    for (const row of decidedRows(verdicts.filter(isFinal), { ...writing, decisions })) rows.final.push(row);
  }
  const { areClosed, sheet } = handling;
  const leftOut = [
    { sheet: 'verdicts', rows: handling.count } as const,
    { sheet: 'final', rows: handling.final } as const,
  ];
  return isListed
    ? {
        sheets: [decidedSheet('verdicts', rows.verdicts), sheet, decidedSheet('final', rows.final)],
        areClosed,
        leftOut: [],
      }
    : { sheets: [sheet], areClosed, leftOut: leftOut.filter(({ rows }) => rows > 0) };
}
