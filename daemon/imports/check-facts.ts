/** Checks JSON Lines of facts as a whole, and says what they would add. Nothing is written to the ledger. */
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { refusalOf, type Sender, WORDS_OF_PEOPLE } from '../access/doors.ts';
import { FactLineChecker, saysTheSame } from '../lines/fact-lines.ts';
import type { CheckedTable } from './check-table.ts';
import type { FactPile } from './fact-pile.ts';
import { NoText } from './line-file.ts';

/** Against what facts are checked. */
export interface FactGround {
  readonly hall: Hall;
  readonly sender: Sender;
  /** What the ledger has by an id. */
  readonly find: (id: string) => Fact | null;
}

/** What is good and new stays on the pile, the rest is left out of it. */
export function checkFacts(
  lines: Iterable<string>,
  ground: FactGround,
  pile: FactPile,
): Omit<CheckedTable, 'fresh'> & { readonly added: number } {
  const { sender, find } = ground;
  const checker = new FactLineChecker({ ...ground, refusalOf: (fact) => refusalOf(fact, sender, find) }, pile);
  let [number, rows] = [0, 0];
  try {
    for (const line of lines) {
      number += 1;
      if (line.trim() !== '') rows += 1;
      checker.read(line, number);
    }
  } catch (error) {
    if (!(error instanceof NoText)) throw error;
    const { line, message } = error;
    const problem = { line, cell: null, column: null, problem: message };
    return { rows, added: 0, known: 0, problems: [problem], notes: [] };
  }
  const old: number[] = [];
  let words = 0;
  const problems = checker.finish(({ fact, line }) => {
    const known = find(fact.id);
    if (known === null) {
      if (WORDS_OF_PEOPLE.includes(fact.fact)) words += 1;
      return null;
    }
    if (!saysTheSame(known, fact)) return { key: 'id', problem: `the ledger has "${fact.id}" with other content` };
    old.push(line);
    return null;
  });
  const bad = new Set(problems.map(({ line }) => line));
  pile.leaveOut(bad);
  pile.leaveOut(old);
  const known = old.reduce((count, line) => count + (bad.has(line) ? 0 : 1), 0);
  return {
    rows,
    added: pile.count(),
    known,
    problems: problems.map(({ line, key, problem }) => ({ line, cell: null, column: key, problem })),
    notes: words === 0 ? [] : [keptOnly(words)],
  };
}

const keptOnly = (lines: number): string =>
  `${lines} lines of what people decided or signed are kept and count for nothing here: a backup brings decisions along`;
