/** Checks JSON Lines of facts as an import would, and says what they would add. Nothing is written. */
import { checkFactLines } from '../fact-lines.ts';
import type { CheckedTable } from './check-table.ts';
import type { Knowledge } from './knowledge.ts';

export function checkFacts(text: string, knowledge: Knowledge): CheckedTable {
  const { hall } = knowledge;
  const { good, problems } = checkFactLines(text, hall, (id) => knowledge.find(id));
  const fresh = good.filter(({ id }) => knowledge.find(id) === null);
  return {
    rows: text.split('\n').filter((line) => line.trim() !== '').length,
    fresh,
    known: good.length - fresh.length,
    problems: problems.map(({ line, key, problem }) => ({ line, cell: null, column: key, problem })),
    notes: [],
  };
}
