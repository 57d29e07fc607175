/** Which verdicts and which deeds belong to which case. */
import { DEEDS, type Done } from '../../rules/case-life.ts';
import type { OtherFact } from '../../rules/facts.ts';
import { type Verdict, verdictKey } from '../../rules/verdict.ts';
import { isSaidInPerson } from '../access/doors.ts';
import { type CaseRow, type CaseStore, caseAmong } from '../alerts/cases.ts';

/** Verdicts by the id of the case that they belong to; those of no case among `rows` are left out. */
export function verdictsByCase(
  cases: CaseStore,
  hall: string,
  rows: readonly CaseRow[],
  verdicts: readonly Verdict[],
): Map<string, Verdict[]> {
  const told = cases.membersOf(rows.map(({ id }) => id));
  const alike = Map.groupBy(rows, ({ day, subject }) => `${day} ${subject}`);
  const found = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const among = alike.get(`${verdict.day} ${verdict.window ?? verdict.employee ?? ''}`) ?? [];
    add(found, told.get(verdictKey(hall, verdict)) ?? caseAmong(among, hall, verdict)?.id, verdict);
  }
  return found;
}

/** Deeds by the id of the case that they were done with, in the order in which they were recorded. */
export function deedsByCase(actions: Iterable<OtherFact>): Map<string, Done[]> {
  const found = new Map<string, Done[]>();
  for (const fact of actions) {
    const done = doneOf(fact);
    if (done !== null) add(found, String(fact['case']), done);
  }
  return found;
}

function add<T>(lists: Map<string, T[]>, id: string | undefined, one: T): void {
  if (id === undefined) return;
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [one]);
  else list.push(one);
}

/** null of what nobody did here themself, and of an action of a kind that this release does not know: both are kept. */
function doneOf(fact: OtherFact): Done | null {
  const deed = DEEDS.find((one) => one === fact['do']);
  if (deed === undefined || !isSaidInPerson(fact)) return null;
  const { at, by = '' } = fact;
  const said = (key: string): string | null => (typeof fact[key] === 'string' ? fact[key] : null);
  return { deed, by, employee: said('doer'), at, reason: said('reason'), revision: said('revision') };
}
