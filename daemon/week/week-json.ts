/** A week as pages and programs get it: the reports' own marks and figures, a row a person. */
import type { Hall } from '../../rules/hall.ts';
import { dateOf, formatInstant, type Ms, weekdayOf } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { Cell, Report, Sheet, SheetId } from '../reports/report.ts';
import { columnTitle, legend, markText, termText, weekdayText } from '../reports/words.ts';
import type { DepartmentWeek, Remark } from './department-week.ts';

export interface WeekLook {
  readonly hall: Hall;
  /** What the account `by` of a deed is called; null of what has no account. */
  readonly nameOf: (by: string) => string | null;
  readonly lang: Language;
}

/** What of a person's figures stands beside their days. */
const FIGURES = ['attended', 'late', 'early', 'absent', 'missing', 'waived', 'leaveDays', 'errandDays'] as const;

type Row = Readonly<Record<string, Cell>>;

export function weekJson(week: DepartmentWeek, look: WeekLook): Record<string, unknown> {
  const { period, department, report, checksum, isOver, signOffs, isChanged, changes, remarks } = week;
  const { hall, lang } = look;
  const matrix = sheetOf(report, 'matrix');
  const dates = matrix?.columns.flatMap(({ date }) => date ?? []) ?? [];
  return {
    ...{ week: period.name, from: dateOf(period.from), to: dateOf(period.to) },
    ...{ department, departmentName: hall.departments.get(department) ?? null },
    ...{ asOf: report.knownAt, timezone: hall.zone.id, isOver, settled: report.settled, checksum },
    days: dates.map((date, i) => ({ date, weekday: weekdayText(weekdayOf(period.from + i), lang) })),
    figures: FIGURES.map((id) => ({ id, title: columnTitle(id, lang) })),
    people: matrix === null ? [] : matrix.rows.map((cells) => personOf(matrix, cells, lang)),
    legend: legend(lang),
    unslipped: rowsOf(sheetOf(report, 'leave'))
      .filter((row) => row['slip'] === 'no' && row['errand'] === 'no')
      .map(({ employee, name, kind, from, to, days }) => ({ employee, name, kind, from, to, days })),
    signOffs: signOffs.map((one) => ({ ...whoJson(one, look), checksum: one.checksum, note: one.note })),
    isChanged,
    changes: changes === null ? [] : rowsOf(changes).map((row) => changeOf(row, lang)),
    remarks: remarks.map((one) => remarkJson(one, look)),
  };
}

export function remarkJson(one: Remark, look: Omit<WeekLook, 'lang'>): object {
  return { ...whoJson(one, look), case: one.case, text: one.text, proposes: one.proposes };
}

function whoJson(
  { by, at }: { readonly by: string; readonly at: Ms },
  { hall, nameOf }: Omit<WeekLook, 'lang'>,
): object {
  return { by, byName: nameOf(by), at: formatInstant(hall.zone, at) };
}

function personOf({ columns }: Sheet, cells: readonly Cell[], lang: Language): object {
  const at = (id: string): Cell => cells[columns.findIndex((column) => column.id === id)] ?? null;
  const days = columns.flatMap(({ date }, i) => {
    if (date === undefined) return [];
    const marks = typeof cells[i] === 'string' ? cells[i] : '';
    return [
      { date, marks: marks.split(' ').filter((mark) => mark !== ''), text: marks === '' ? '' : markText(marks, lang) },
    ];
  });
  return {
    ...{ employee: at('employee'), name: at('name'), days },
    figures: Object.fromEntries(FIGURES.map((id) => [id, at(id)])),
  };
}

function changeOf(row: Row, lang: Language): object {
  const { changedAt, op, date, rule, employee, name, window, windowName, decision } = row;
  return {
    at: changedAt,
    op: termText('op', String(op), lang),
    ...{ date, employee, name, window, windowName },
    rule: termText('rule', String(rule), lang),
    decision: decision ?? null,
  };
}

const sheetOf = ({ sheets }: Report, id: SheetId): Sheet | null => sheets.find((sheet) => sheet.id === id) ?? null;

/** Rows by their columns' ids. */
function rowsOf(sheet: Sheet | null): Row[] {
  if (sheet === null) return [];
  return sheet.rows.map((cells) => Object.fromEntries(sheet.columns.map(({ id }, i) => [id, cells[i] ?? null])));
}
