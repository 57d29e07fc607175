/** How far people have got with what was said. */
import { unverifiedOccupant } from '../../rules/unverified-occupant.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { DecidedVerdict, Standing } from './decisions.ts';
import { columnsOf } from './figure-sheets.ts';
import type { Writing } from './list-sheets.ts';
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

/** A row a rule; what is for information alone needs no decision, and is left out. */
export function handlingSheet(verdicts: readonly Verdict[], { decisions }: Writing): Sheet {
  const judged = verdicts
    .filter(({ rule }) => rule !== unverifiedOccupant.name)
    .map((verdict) => ({ verdict, decided: decisions.of(verdict) }));
  const rules = Map.groupBy(judged, ({ verdict }) => verdict.rule);
  return {
    id: 'handling',
    columns: COLUMNS,
    rows: [...rules].sort(([x], [y]) => (x < y ? -1 : 1)).map(([rule, of]) => [rule, ...counts(of)]),
    totals: [null, ...counts(judged)],
  };
}

function counts(of: readonly { readonly verdict: Verdict; readonly decided: DecidedVerdict }[]): Cell[] {
  const places = of.map(({ verdict, decided }) => {
    // Nobody can be held to what is still pending or going on.
    if (decided.standing === 'none' && verdict.state !== 'closed') return 'undecidable';
    return COLUMN_OF[decided.standing];
  });
  return COLUMNS.slice(1).map(({ id }) => {
    if (id === 'said') return of.length;
    if (id === 'review') return of.filter(({ decided }) => decided.review).length;
    return places.filter((place) => place === id).length;
  });
}
