/** What is behind a figure: the verdicts that it counts, or the leave, by the row and the column that it stands in. */
import { type Cell, type Column, cellOf, type Report, type Sheet, sheetOf } from './report-data.ts';

/** Rows of one table of the report. */
export interface Behind {
  readonly sheet: Sheet;
  readonly rows: readonly (readonly Cell[])[];
  /** Verdicts that name nobody may belong here as well. */
  readonly isPartial: boolean;
}

type Test = (value: (column: string) => Cell) => boolean;

const WAIVED: readonly Cell[] = ['excused', 'false-alarm', 'overturned'];
const rule =
  (...rules: readonly string[]): Test =>
  (value) =>
    rules.includes(String(value('rule'))) && value('state') !== 'pending' && !WAIVED.includes(value('decision'));

/** Of a column, which verdicts it counts. */
const COUNTED: Readonly<Record<string, Test>> = {
  late: rule('late'),
  lateMinutes: rule('late'),
  early: rule('early-leave'),
  earlyMinutes: rule('early-leave'),
  absent: rule('absent'),
  absentMinutes: rule('absent'),
  missed: rule('absent'),
  missing: rule('missing-punch'),
  missingCover: rule('missing-cover'),
  missingCoverMinutes: rule('missing-cover'),
  leftPost: rule('left-post', 'left-post-total'),
  leftPostMinutes: rule('left-post', 'left-post-total'),
  openingsPending: (value) => value('state') === 'pending' && value('atOpening') === 'yes',
  asksPending: (value) => value('state') === 'pending',
  pending: (value) => value('state') === 'pending',
  exempt: (value) => value('rule') === 'absent' && WAIVED.includes(value('decision')),
  waived: (value) => WAIVED.includes(value('decision')),
};

const DECIDED: Readonly<Record<string, Test>> = {
  said: () => true,
  undecidable: (value) => value('decision') === 'none' && value('state') !== 'closed',
  undecided: (value) => value('decision') === 'none' && value('state') === 'closed',
  confirmed: (value) => value('decision') === 'confirmed' || value('decision') === 'upheld',
  appealed: (value) => value('decision') === 'appealed',
  final: (value) => value('decision') === 'final',
  excusal: (value) => value('decision') === 'excused',
  falseAlarm: (value) => value('decision') === 'false-alarm',
  overturned: (value) => value('decision') === 'overturned',
  review: (value) => value('review') === 'yes',
};

const OF_PEOPLE: ReadonlySet<string> = new Set(['departments', 'people', 'matrix', 'course']);
const OF_WINDOWS: ReadonlySet<string> = new Set(['service', 'windows', 'cover', 'serviceCourse']);

/** null where a figure counts no verdicts and no leave; `row` null = the total. */
export function behind(report: Report, sheet: Sheet, row: readonly Cell[] | null, column: Column): Behind | null {
  const verdicts = sheetOf(report, 'verdicts');
  if (verdicts === null) return null;
  if (sheet.id === 'handling') {
    const test = DECIDED[column.id];
    const wanted = row === null ? null : cellOf(sheet, row, 'rule');
    const isInformation = (value: (column: string) => Cell): boolean => value('rule') === 'unverified-occupant';
    const isOfRule: Test = (value) => (wanted === null ? !isInformation(value) : value('rule') === wanted);
    return test === undefined ? null : found(verdicts, [test, isOfRule]);
  }
  if (column.id === 'leaveDays' || column.id === 'errandDays') return leaveBehind(report, sheet, row, column.id);
  const isOfPeople = OF_PEOPLE.has(sheet.id);
  if (!isOfPeople && !OF_WINDOWS.has(sheet.id)) return null;
  const counted = column.date === undefined ? COUNTED[column.id] : (): boolean => true;
  if (counted === undefined) return null;
  const about: Test = (value) => (value('window') === null) === isOfPeople;
  const rows = found(verdicts, [counted, about, sameSubject(sheet, row), sameDays(sheet, row, column)]);
  // Nobody is named by what is pending or was found to be nothing: a person's figure may count more than their rows.
  const mayHide = isOfPeople && row !== null && cellOf(sheet, row, 'employee') !== null && report.employee === null;
  const counts = column.date === undefined ? ['pending', 'exempt', 'waived'].includes(column.id) : true;
  return { ...rows, isPartial: mayHide && counts && hidesSome(row, column, sheet) };
}

function found(sheet: Sheet, tests: readonly Test[]): Behind {
  const rows = sheet.rows.filter((row) => tests.every((test) => test((column) => cellOf(sheet, row, column))));
  return { sheet, rows, isPartial: false };
}

/** Whether a person's day, or their figure, has something that names nobody. */
function hidesSome(row: readonly Cell[] | null, column: Column, sheet: Sheet): boolean {
  const cell = row === null ? null : cellOf(sheet, row, column.id);
  return typeof cell === 'number' ? cell > 0 : /pending|waived/.test(String(cell));
}

function sameSubject(sheet: Sheet, row: readonly Cell[] | null): Test {
  const key = ['employee', 'window', 'department'].find((id) => sheet.columns[0]?.id === id);
  if (key === undefined || row === null) return () => true;
  return (value) => value(key) === cellOf(sheet, row, key);
}

function sameDays(sheet: Sheet, row: readonly Cell[] | null, { date }: Column): Test {
  if (date !== undefined) return (value) => value('date') === date;
  if (row === null || sheet.columns[0]?.id !== 'date') return () => true;
  const [from, until] = [String(cellOf(sheet, row, 'date')), String(cellOf(sheet, row, 'until'))];
  return (value) => from <= String(value('date')) && String(value('date')) <= until;
}

function leaveBehind(report: Report, sheet: Sheet, row: readonly Cell[] | null, column: string): Behind | null {
  const leave = sheetOf(report, 'leave');
  if (leave === null || sheet.columns[0]?.id === 'date') return null;
  const isErrand: Test = (value) => (value('errand') === 'yes') === (column === 'errandDays');
  const key = sheet.columns[0]?.id === 'employee' ? 'employee' : 'departmentName';
  const isSame: Test = (value) => row === null || value(key) === cellOf(sheet, row, key);
  return found(leave, [isErrand, isSame]);
}
