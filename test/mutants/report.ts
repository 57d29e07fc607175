/** What came of it, for people. */
import type { Equivalent } from './equivalents.ts';
import type { Remembered } from './memory.ts';
import type { Mutant } from './mutation.ts';

export interface Judged {
  readonly mutant: Mutant;
  readonly answer: Pick<Remembered, 'noticedBy'>;
  /** Why it cannot be noticed, if it is listed. */
  readonly equivalent: Equivalent | null;
  /** Whether any trial gets to its place. */
  readonly isReached: boolean;
}

/** So many of a hundred have to be noticed. */
export const ENOUGH_PERCENT = 95;

/** Files that say why: what they get wrong changes no verdict. */
const EXPLAINS = /^rules\/(?:explain|explanation|reopened-day|parameters)/;

export function whereOf({ file, line, column }: Mutant): string {
  return `${file}:${line}:${column}`;
}

interface Count {
  readonly mutants: number;
  readonly noticed: number;
  readonly survived: number;
  readonly equivalent: number;
}

function countOf(judged: readonly Judged[]): Count {
  const noticed = judged.filter(({ answer }) => answer.noticedBy !== null).length;
  const equivalent = judged.filter((one) => one.equivalent !== null && one.answer.noticedBy === null).length;
  return { mutants: judged.length, noticed, equivalent, survived: judged.length - noticed - equivalent };
}

/** Of those that could be noticed. */
function percentOf({ mutants, noticed, equivalent }: Count): number {
  return mutants === equivalent ? 100 : (100 * noticed) / (mutants - equivalent);
}

function row(name: string, count: Count): string {
  const figures = [count.mutants, count.noticed, count.survived, count.equivalent].map((n) => String(n).padStart(10));
  return `${name.padEnd(30)}${figures.join('')}${percentOf(count).toFixed(1).padStart(8)} %`;
}

function table(judged: readonly Judged[], total: string): string[] {
  const byFile = Map.groupBy(judged, ({ mutant }) => mutant.file);
  return [...[...byFile].map(([file, list]) => row(file, countOf(list))), row(total, countOf(judged))];
}

/** The table, the survivors, and what is wrong with the list of equivalents. */
export function summaryOf(
  judged: readonly Judged[],
  stale: readonly Equivalent[],
): { readonly text: string; readonly isEnough: boolean } {
  const [explaining, judging] = [true, false].map((explains) =>
    judged.filter(({ mutant }) => EXPLAINS.test(mutant.file) === explains),
  ) as [Judged[], Judged[]];
  const head = `${''.padEnd(30)}${['mutants', 'noticed', 'survived', 'equivalent'].map((one) => one.padStart(10)).join('')}`;
  const wrong = judged.flatMap(({ mutant, answer, equivalent }) =>
    answer.noticedBy !== null && equivalent !== null
      ? [`listed as equivalent, and noticed by ${answer.noticedBy}: ${whereOf(mutant)}  ${mutant.change}`]
      : [],
  );
  const gone = stale.map(({ file, source, change }) => `listed as equivalent, and gone: ${file}: ${source}  ${change}`);
  const survivors = judged.filter(({ answer, equivalent }) => answer.noticedBy === null && equivalent === null);
  const told = survivors.flatMap(({ mutant, isReached }) => [
    `${whereOf(mutant)}  ${mutant.source}`,
    `    ${mutant.change}${isReached ? '' : '   (no trial gets here)'}`,
  ]);
  const lines = [
    ...(told.length === 0 ? [] : ['Survivors:', ...told, '']),
    head,
    ...(judging.length === 0 ? [] : table(judging, 'judging')),
    ...(explaining.length === 0 ? [] : table(explaining, 'explaining')),
    ...wrong,
    ...gone,
  ];
  const isEnough =
    wrong.length + gone.length === 0 &&
    [judging, explaining].every((part) => percentOf(countOf(part)) >= ENOUGH_PERCENT);
  return { text: lines.join('\n'), isEnough };
}
