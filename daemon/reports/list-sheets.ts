/** Lists: verdicts, leave, sessions, and what has changed since. */
import type { Book } from '../../rules/book.ts';
import type { Change } from '../../rules/changes.ts';
import type { LeaveFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { sharesOfLeave } from '../../rules/leave-slip.ts';
import { type CountedDay, isErrand, marksOfSession } from '../../rules/measures.ts';
import { type Day, dateOf, formatInstant, type Ms } from '../../rules/time.ts';
import { minutesOf, type Verdict, verdictId } from '../../rules/verdict.ts';
import type { Decisions } from './decisions.ts';
import { columnsOf, inTenThousandths } from './figure-sheets.ts';
import type { DeedSince } from './known.ts';
import type { Names } from './names.ts';
import type { Cell, Sheet } from './report.ts';

/** How a list is written. */
export interface Writing {
  /** By its zone instants are written. */
  readonly hall: Hall;
  readonly names: Names;
  readonly now: Ms;
  /** Whoever reads it is the person judged: what is pending need not hide them. */
  readonly isTheirOwn: boolean;
  /** What people had decided by then. */
  readonly decisions: Decisions;
}

const VERDICT_COLUMNS = columnsOf(`
  date:date rule:term state:term because:term employee name window windowName department departmentName session:count
  side:term from:instant to:instant minutes:minutes atOpening:term id`);

const DECISION_COLUMNS = columnsOf('decision:term review:term finalAt:instant case');

/** `final`: of those that are final, and only of these may anybody outside be told who it was. */
export function decidedSheet(id: 'verdicts' | 'final', rows: readonly (readonly Cell[])[]): Sheet {
  return { id, columns: [...VERDICT_COLUMNS, ...DECISION_COLUMNS], rows, totals: null };
}

/** A row a verdict, with what people decided about it. */
export function decidedRows(verdicts: readonly Verdict[], writing: Writing): Cell[][] {
  return verdicts.map((verdict) => [...verdictCells(verdict, writing), ...decisionCells(verdict, writing)]);
}

function decisionCells(verdict: Verdict, writing: Writing): Cell[] {
  const { standing, review, finalAt, caseId } = writing.decisions.of(verdict);
  const final = finalAt === null ? null : formatInstant(writing.hall.zone, finalAt);
  // The case's id is made of whose it is: who is not named is not to be found by it.
  return [standing, review ? 'yes' : 'no', final, isNamed(verdict, writing) ? caseId : null];
}

function verdictCells(verdict: Verdict, writing: Writing): Cell[] {
  const { hall, names, now } = writing;
  const { rule, state, because, window, session, side, from, to, atOpening } = verdict;
  const { employee, id } = whoIsNamed(verdict, writing);
  const opening = atOpening === undefined ? null : atOpening ? 'yes' : 'no';
  return [
    ...[dateOf(verdict.day), rule, state, because],
    ...[employee, names.person(employee), window, names.window(window)],
    ...[verdict.department, names.department(verdict.department)],
    ...[session, side, formatInstant(hall.zone, from), to === null ? null : formatInstant(hall.zone, to)],
    ...[minutesOf(verdict, now), opening, id],
  ];
}

function whoIsNamed(verdict: Verdict, writing: Writing): { employee: string | null; id: string | null } {
  if (!isNamed(verdict, writing)) return { employee: null, id: null };
  return { employee: verdict.employee, id: verdictId(writing.hall.zone, verdict) };
}

/** Whatever is pending names nobody, nor does what was found to be none. */
function isNamed(verdict: Verdict, { isTheirOwn, decisions }: Writing): boolean {
  if (verdict.employee === null || isTheirOwn) return true;
  const { standing } = decisions.of(verdict);
  return verdict.state !== 'pending' && standing !== 'false-alarm' && standing !== 'overturned';
}

const CHANGE_COLUMNS = columnsOf('changedAt:instant op:term cause:term facts');

/** What has been said of the period's verdicts, and done with them, since the instant that the report is of. */
export function changeSheet(changes: readonly Change[], deeds: readonly DeedSince[], writing: Writing): Sheet {
  const row = (at: Ms, said: readonly Cell[], verdict: Verdict): [Ms, Cell[]] => [
    at,
    [formatInstant(writing.hall.zone, at), ...said, ...verdictCells(verdict, { ...writing, now: at })],
  ];
  const said = changes.map(({ at, op, cause, verdict }) => {
    const why = 'upgrade' in cause ? 'upgrade' : 'facts' in cause ? 'facts' : 'deadline';
    return row(at, [op, why, 'facts' in cause ? cause.facts.join(' ') : null], verdict);
  });
  const done = deeds.map(({ at, deed, verdict }) => row(at, [deed, 'person', null], verdict));
  const rows = [...said, ...done].sort(([x], [y]) => x - y).map(([, cells]) => cells);
  return { id: 'changes', columns: [...CHANGE_COLUMNS, ...VERDICT_COLUMNS], rows, totals: null };
}

const LEAVE_COLUMNS = columnsOf(
  'employee name departmentName kind errand:term from:instant to:instant days:days slip:term',
);

export interface LeaveDays {
  readonly from: Day;
  readonly to: Day;
  /** Whose leave is listed. */
  readonly of: (employee: string, department: string | null) => boolean;
}

/** Leave and errands with days in a period; each counts its own days, also where two overlap. */
export function leaveSheet(
  book: Book,
  { from, to, of }: LeaveDays,
  { hall, names, now }: Omit<Writing, 'decisions'>,
): Sheet {
  let total = 0;
  const rows = [...hall.employees.values()].flatMap((employee) => {
    if (!of(employee.id, employee.department)) return [];
    return book.leavesOf(employee.id).flatMap((leave) => {
      const shares = sharesOfLeave(hall, book, employee, leave, { from, to });
      const days = shares.reduce((sum, share) => sum + share.covered / share.of, 0);
      if (days === 0) return [];
      total += days;
      return [
        [
          ...[employee.id, names.person(employee.id), names.department(employee.department), leave.kind],
          ...[isErrand(leave) ? 'yes' : 'no', formatInstant(hall.zone, leave.from), formatInstant(hall.zone, leave.to)],
          ...[inTenThousandths(days), hasSlip(book, leave, now) ? 'yes' : 'no'],
        ],
      ];
    });
  });
  const totals = LEAVE_COLUMNS.map(({ id }) => (id === 'days' ? inTenThousandths(total) : null));
  return { id: 'leave', columns: LEAVE_COLUMNS, rows, totals };
}

function hasSlip(book: Book, leave: LeaveFact, now: Ms): boolean {
  return leave.slip === true || book.slipsOf(leave.id).some(({ at }) => at <= now);
}

const SESSION_COLUMNS = columnsOf(
  'date:date employee name departmentName session:count from:instant to:instant arrival:instant departure:instant mark:marks',
);

export function sessionSheet(rows: readonly (readonly Cell[])[]): Sheet {
  return { id: 'sessions', columns: SESSION_COLUMNS, rows, totals: null };
}

/** A row for each session that a person owes on a day, with the punches that were taken for their coming and going. */
export function sessionRows(day: CountedDay, { hall, names }: Pick<Writing, 'hall' | 'names'>): Cell[][] {
  const { employee, today, sessions } = day.attendance;
  const instant = (at: Ms | undefined): string | null => (at === undefined ? null : formatInstant(hall.zone, at));
  return sessions.map((session) => [
    ...[dateOf(today.day), employee.id, names.person(employee.id), names.department(employee.department)],
    ...[session.number, instant(session.a), instant(session.z), instant(session.arrival?.at)],
    ...[instant(session.departure?.at), marksOfSession(day, session).join(' ')],
  ]);
}
