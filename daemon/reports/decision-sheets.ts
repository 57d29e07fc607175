/** How far people have got with what was said. */
import { unverifiedOccupant } from '../../rules/unverified-occupant.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { Decisions, Standing } from './decisions.ts';
import { columnsOf } from './figure-sheets.ts';
import type { Cell, Sheet } from './report.ts';

/**
 * Verdicts by rule and by how they stand: `said` = `undecidable` + `undecided` + `confirmed` + `appealed` + `final` + `excused` +
 * `falseAlarm` + `overturned`. `review` = those of them that changed after they were decided.
 */
const COLUMNS = columnsOf(`
  rule:term said:count undecidable:count undecided:count confirmed:count appealed:count final:count excusal:count
  falseAlarm:count overturned:count review:count`);

const COLUMN_OF: Readonly<Record<Standing, string>> = {
  none: 'undecided',
  confirmed: 'confirmed',
  upheld: 'confirmed',
  appealed: 'appealed',
  final: 'final',
  excused: 'excusal',
  'false-alarm': 'falseAlarm',
  overturned: 'overturned',
};

type Counts = Record<string, number>;

/** How far people have got with verdicts that are added one lot after the other. */
export class Handling {
  readonly #rules = new Map<string, Counts>();
  readonly #all: Counts = none();
  /** All of them, what is for information alone among them. */
  count = 0;
  areClosed = true;

  add(verdicts: readonly Verdict[], decisions: Decisions): void {
    for (const verdict of verdicts) {
      const { rule, state } = verdict;
      const { standing, review } = decisions.of(verdict);
      if (standing === 'none') this.addUndecided(rule, state, 1, review);
      else this.#add(rule, state, 1, [COLUMN_OF[standing], ...(review ? ['review'] : [])]);
    }
  }

  /** So many of a rule that nobody has decided about. */
  addUndecided(rule: string, state: Verdict['state'], count: number, isReviewed = false): void {
    // Nobody can be held to what is still pending or going on.
    const place = state === 'closed' ? COLUMN_OF.none : 'undecidable';
    this.#add(rule, state, count, [place, ...(isReviewed ? ['review'] : [])]);
  }

  #add(rule: string, state: Verdict['state'], count: number, columns: readonly string[]): void {
    this.count += count;
    this.areClosed &&= state === 'closed';
    // It needs no decision.
    if (rule === unverifiedOccupant.name) return;
    const ofRule = this.#rules.get(rule) ?? none();
    this.#rules.set(rule, ofRule);
    for (const counts of [ofRule, this.#all]) {
      for (const column of ['said', ...columns]) counts[column] = (counts[column] ?? 0) + count;
    }
  }

  get final(): number {
    return this.#all['final'] ?? 0;
  }

  /** A row a rule. */
  get sheet(): Sheet {
    const cells = (counts: Counts): Cell[] => COLUMNS.slice(1).map(({ id }) => counts[id] ?? 0);
    const rules = [...this.#rules].sort(([x], [y]) => (x < y ? -1 : 1));
    return {
      id: 'handling',
      columns: COLUMNS,
      rows: rules.map(([rule, counts]) => [rule, ...cells(counts)]),
      totals: [null, ...cells(this.#all)],
    };
  }
}

function none(): Counts {
  return Object.fromEntries(COLUMNS.slice(1).map(({ id }) => [id, 0]));
}
