/** Which cases want somebody, in which order they are told, and which of them somebody looks for. */
import { instant } from '../snapshot.ts';
import type { CaseRow } from './case-data.ts';

/** Cases with one cause, told together: the one that began first leads. */
export interface CaseGroup {
  readonly alert: string;
  readonly cases: readonly CaseRow[];
}

/** Whether somebody has to do something about it: not decided, appealed, changed since, or still going on today. */
export function wantsSomebody(row: CaseRow, today: string): boolean {
  if (row.review || row.decision === 'appealed') return true;
  if (row.state === 'withdrawn') return false;
  return row.decision === 'none' || (row.date === today && row.state === 'open');
}

/** Newest first; a group is as new as the newest of its cases. */
export function inGroups(rows: readonly CaseRow[]): CaseGroup[] {
  const groups = new Map<string, CaseRow[]>();
  for (const row of rows) {
    const group = groups.get(row.alert);
    if (group === undefined) groups.set(row.alert, [row]);
    else group.push(row);
  }
  return [...groups]
    .map(([alert, cases]) => ({ alert, cases: cases.sort((a, b) => begun(a) - begun(b) || byId(a, b)) }))
    .sort((a, b) => newest(b) - newest(a) || (a.alert < b.alert ? -1 : 1));
}

/** As text of a page: every word of the search must occur in what is said of the case. */
export function isSought(row: CaseRow, sought: string): boolean {
  const said = [
    row.case,
    row.date,
    row.window,
    row.windowName,
    row.employee,
    row.employeeName,
    row.departmentName,
    row.text,
  ]
    .filter((text) => text !== null)
    .join(' ')
    .toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

const begun = (row: CaseRow): number => instant(row.from);
const newest = ({ cases }: CaseGroup): number => Math.max(...cases.map(begun));
const byId = (a: CaseRow, b: CaseRow): number => (a.case < b.case ? -1 : 1);
