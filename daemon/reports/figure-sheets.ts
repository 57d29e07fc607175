/** Tables of figures: a row a department, person, window or device, and what they add up to. */
import { type DeviceFigures, onlineRate } from '../../rules/device-measures.ts';
import {
  attendanceRate,
  type DayMark,
  NO_PERSON_FIGURES,
  type PersonFigures,
  punctualRate,
} from '../../rules/measures.ts';
import { type Day, dateOf, MINUTE, type Ms } from '../../rules/time.ts';
import { coverRate, fillRate, openingRate, seatRate, type WindowFigures } from '../../rules/window-measures.ts';
import type { Step } from './course.ts';
import type { Cell, Column, ColumnKind, Sheet, SheetId } from './report.ts';

/** Columns from `id:kind` words. */
export function columnsOf(words: string): Column[] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [id = '', kind = 'text'] = word.split(':');
      return { id, kind: kind as ColumnKind };
    });
}

/** Hundredths of a minute. */
export function minutesIn(length: Ms): number {
  return rounded(length / MINUTE, 2);
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** Days and rates to a ten-thousandth. */
export const inTenThousandths = (value: number): number => rounded(value, 4);
const rateIn = (rate: number | null): number | null => (rate === null ? null : inTenThousandths(rate));

/** Whose figures a row has. */
export interface Counted<F> {
  readonly key: readonly Cell[];
  readonly figures: F;
}

const PERSON_COLUMNS = columnsOf(`
  sessions:count excused:count attended:count missed:count exempt:count pending:count ahead:count attendanceRate:rate punctualRate:rate
  late:count lateMinutes:minutes early:count earlyMinutes:minutes absent:count absentMinutes:minutes missing:count
  waived:count leaveDays:days errandDays:days`);

function personCells(figures: PersonFigures): Cell[] {
  const { sessions, excused, attended, missed, exempt, pending, ahead } = figures;
  const { late, lateMinutes, early, earlyMinutes, absent, absentMinutes } = figures;
  const { missing, waived, leaveDays, errandDays } = figures;
  return [
    ...[sessions, excused, attended, missed, exempt, pending, ahead],
    rateIn(attendanceRate(figures)),
    rateIn(punctualRate(figures)),
    ...[late, lateMinutes, early, earlyMinutes, absent, absentMinutes, missing, waived],
    inTenThousandths(leaveDays),
    inTenThousandths(errandDays),
  ];
}

const WINDOW_COLUMNS = columnsOf(`
  service:minutes a:minutes b:minutes cover:minutes bare:minutes coverRate:rate unverified:minutes doubtful:minutes
  occupied:minutes empty:minutes seatRate:rate unknown:minutes openings:count opened:count openingRate:rate
  openingsPending:count extended:minutes missingCover:count missingCoverMinutes:minutes leftPost:count
  leftPostMinutes:minutes waived:count`);

function windowCells(figures: WindowFigures): Cell[] {
  const { a, b, cover, uncovered, bare, unverified, doubtful, occupied, empty, unknown, extended } = figures;
  return [
    ...[a + b + cover + uncovered, a, b, cover, bare].map(minutesIn),
    rateIn(coverRate(figures)),
    ...[unverified, doubtful, occupied, empty].map(minutesIn),
    rateIn(seatRate(figures)),
    minutesIn(unknown),
    ...[figures.openings, figures.opened],
    rateIn(openingRate(figures)),
    figures.openingsPending,
    minutesIn(extended),
    ...[figures.missingCover, figures.missingCoverMinutes, figures.leftPost, figures.leftPostMinutes],
    figures.waived,
  ];
}

const COVER_COLUMNS = columnsOf(`
  asked:count filled:count fillRate:rate asksPending:count b:minutes cover:minutes missingCover:count
  missingCoverMinutes:minutes`);

function coverCells(figures: WindowFigures): Cell[] {
  const { asked, filled, asksPending, b, cover, missingCover, missingCoverMinutes } = figures;
  return [
    asked,
    filled,
    rateIn(fillRate(figures)),
    asksPending,
    ...[b, cover].map(minutesIn),
    missingCover,
    missingCoverMinutes,
  ];
}

const DEVICE_COLUMNS = columnsOf(`
  elapsed:minutes online:minutes offline:minutes onlineRate:rate unheard:minutes outages:count unproved:minutes`);

function deviceCells(figures: DeviceFigures): Cell[] {
  const { elapsed, online, offline, unheard, outages, unproved } = figures;
  const [all, on, off] = [elapsed, online, offline].map(minutesIn) as [number, number, number];
  return [all, on, off, rateIn(onlineRate(figures)), minutesIn(unheard), outages, minutesIn(unproved)];
}

/** A table of figures: the columns of its keys, those of the figures, and a total without a key. */
function tableOf<F>(
  id: SheetId,
  key: readonly Column[],
  [columns, cells]: readonly [readonly Column[], (figures: F) => Cell[]],
  rows: readonly Counted<F>[],
  total: F | null,
): Sheet {
  return {
    id,
    columns: [...key, ...columns],
    rows: rows.map((row) => [...row.key, ...cells(row.figures)]),
    totals: total === null ? null : [...key.map(() => null), ...cells(total)],
  };
}

export const DEPARTMENT_KEY = columnsOf('department departmentName people:count');
export const PERSON_KEY = columnsOf('employee name departmentName');
export const SERVICE_KEY = columnsOf('department departmentName windows:count');
export const WINDOW_KEY = columnsOf('window windowName departmentName');
export const STEP_KEY = columnsOf('date:date until:date');
export const DEVICE_KEY = columnsOf('device deviceKind:term');

export function personSheet(
  id: SheetId,
  key: readonly Column[],
  rows: readonly Counted<PersonFigures>[],
  total: PersonFigures,
) {
  return tableOf(id, key, [PERSON_COLUMNS, personCells], rows, total);
}

export function windowSheet(
  id: SheetId,
  key: readonly Column[],
  rows: readonly Counted<WindowFigures>[],
  total: WindowFigures,
) {
  return tableOf(id, key, [WINDOW_COLUMNS, windowCells], rows, total);
}

export function coverSheet(rows: Counted<WindowFigures>[], total: WindowFigures): Sheet {
  return tableOf('cover', WINDOW_KEY, [COVER_COLUMNS, coverCells], rows, total);
}

export function deviceSheet(rows: Counted<DeviceFigures>[]): Sheet {
  return tableOf('devices', DEVICE_KEY, [DEVICE_COLUMNS, deviceCells], rows, null);
}

const stepKey = ({ from, to }: Step): Cell[] => [dateOf(from), dateOf(to)];

/** The attendance of a period, step by step. */
export function courseSheet(steps: readonly Step[], total: PersonFigures): Sheet {
  const rows = steps.map((step) => ({ key: stepKey(step), figures: step.people }));
  return personSheet('course', STEP_KEY, rows, total);
}

/** And its service. */
export function serviceCourseSheet(steps: readonly Step[], total: WindowFigures): Sheet {
  const rows = steps.map((step) => ({ key: stepKey(step), figures: step.windows }));
  return windowSheet('serviceCourse', STEP_KEY, rows, total);
}

/** A person's row of the month matrix. */
export interface MarkedPerson extends Counted<PersonFigures> {
  readonly marks: ReadonlyMap<Day, readonly DayMark[]>;
}

/** What the month matrix sums up of a person. */
const MATRIX_COLUMNS = [
  'attended',
  'attendanceRate',
  'late',
  'early',
  'absent',
  'missing',
  'pending',
  'waived',
  'leaveDays',
  'errandDays',
];

const MATRIX_PLACES = MATRIX_COLUMNS.map((id) => PERSON_COLUMNS.findIndex((column) => column.id === id));

function matrixSums(figures: PersonFigures): Cell[] {
  const cells = personCells(figures);
  return MATRIX_PLACES.map((place) => cells[place] as Cell);
}

/** Everybody with marks under each heading, and what those add up to. */
function markedSheet(
  id: SheetId,
  headings: readonly Column[],
  rows: readonly (Counted<PersonFigures> & { readonly marks: readonly Cell[] })[],
  total: PersonFigures,
): Sheet {
  return {
    id,
    columns: [...PERSON_KEY, ...headings, ...MATRIX_PLACES.map((place) => PERSON_COLUMNS[place] as Column)],
    rows: rows.map(({ key, marks, figures }) => [...key, ...marks, ...matrixSums(figures)]),
    totals: [...PERSON_KEY.map(() => null), ...headings.map(() => null), ...matrixSums(total)],
  };
}

/** 考勤表: every person and day with its marks. */
export function matrixSheet(days: readonly Day[], people: readonly MarkedPerson[], total: PersonFigures): Sheet {
  const headings = days.map((day): Column => ({ id: dateOf(day), kind: 'marks', date: dateOf(day) }));
  const rows = people.map(({ marks, ...one }) => ({
    ...one,
    marks: days.map((day) => marks.get(day)?.join(' ') ?? null),
  }));
  return markedSheet('matrix', headings, rows, total);
}

/** What a month is marked with, worst first, and the figure that says how often. */
const TALLIES: readonly (readonly [mark: DayMark, figure: keyof PersonFigures])[] = [
  ['absent', 'absent'],
  ['late', 'late'],
  ['early', 'early'],
  ['missing', 'missing'],
  ['pending', 'pending'],
  ['waived', 'waived'],
  ['leave', 'leaveDays'],
  ['errand', 'errandDays'],
  ['ahead', 'ahead'],
];

/** `late:2 leave:1.5`; `present` where nothing was wrong with any session that was owed, null where none was planned. */
function tallyOf(figures: PersonFigures): Cell {
  if (figures.sessions === 0) return null;
  const found = TALLIES.flatMap(([mark, figure]) =>
    figures[figure] === 0 ? [] : [`${mark}:${inTenThousandths(figures[figure])}`],
  );
  if (found.length > 0) return found.join(' ');
  return figures.attended > 0 ? 'present' : 'pause';
}

/** A person's row of a year: what each of its months, by name, adds up to. */
export interface PersonOfMonths extends Counted<PersonFigures> {
  readonly months: ReadonlyMap<string, PersonFigures>;
}

/** 分月考勤表: every person and month with its marks, and how often. */
export function monthsSheet(months: readonly string[], people: readonly PersonOfMonths[], total: PersonFigures): Sheet {
  const headings = months.map((month): Column => ({ id: month, kind: 'marks' }));
  const rows = people.map(({ months: of, ...one }) => ({
    ...one,
    marks: months.map((month) => tallyOf(of.get(month) ?? NO_PERSON_FIGURES)),
  }));
  return markedSheet('months', headings, rows, total);
}
