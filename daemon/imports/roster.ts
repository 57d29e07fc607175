/** Rosters: duties, cover arrangements, and who holds a window's roles. */
import type { AssignFact, CoverFact, DutyFact } from '../../rules/facts.ts';
import type { Window } from '../../rules/hall.ts';
import { BEGINNING } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import type { Reading, TableReader } from './reading.ts';
import type { Row } from './row.ts';
import { readStretch } from './stretches.ts';

export const readRoster: TableReader = (rows, reading) => {
  const duties: Said<DutyFact>[] = [];
  const covers: Said<CoverFact>[] = [];
  const assigns: Said<AssignFact>[] = [];
  for (const row of rows) {
    const what = whatOf(row);
    if (what === 'duty') add(duties, row, dutyOf(row, reading));
    if (what === 'cover') add(covers, row, coverOf(row, reading));
    if (what === 'assign') add(assigns, row, assignOf(row, reading));
  }
  noteTwoPlaces(covers, reading);
  return [...duties, ...covers, ...joinedRoles(assigns, reading)].sort((a, b) => a.row.line - b.row.line);
};

interface Said<F> {
  readonly row: Row;
  readonly fact: F;
}

function add<F>(said: Said<F>[], row: Row, fact: F | null): void {
  if (fact !== null) said.push({ row, fact });
}

type What = 'duty' | 'cover' | 'assign';

const WHATS: Readonly<Record<string, What>> = {
  值班: 'duty',
  值守: 'duty',
  加班: 'duty',
  duty: 'duty',
  顶岗: 'cover',
  替岗: 'cover',
  cover: 'cover',
  定岗: 'assign',
  任岗: 'assign',
  assign: 'assign',
  assignment: 'assign',
};

/** What a row arranges: its own word for it, or else what its columns can mean. */
function whatOf(row: Row): What | null {
  const word = row.text('what').normalize('NFKC').toLowerCase();
  const said = WHATS[word];
  if (said !== undefined) return said;
  if (word !== '' && roleOf(word) !== null) return 'assign';
  if (word !== '' || (row.has('what') && row.has('window'))) {
    return row.bad(
      'what',
      `“${row.text('what')}”不是排班的类型；请写 值班、顶岗 或 A岗、B岗`,
      `"${row.text('what')}" is no kind of arrangement; write duty, cover, or A, B`,
    );
  }
  if (row.has('role')) return 'assign';
  return row.has('window') ? 'cover' : 'duty';
}

function roleOf(text: string): 'A' | 'B' | null {
  const role = /^([ab])[岗角]?$/i.exec(text.normalize('NFKC').trim())?.[1]?.toUpperCase();
  return role === 'A' || role === 'B' ? role : null;
}

function dutyOf(row: Row, reading: Reading): DutyFact | null {
  const { hall } = reading.knowledge;
  const employee = reading.subjects.employee(row);
  const span = readStretch(row, {
    zone: hall.zone,
    sessionsOn: employee === null ? null : (day) => reading.knowledge.sessionsOfPerson(employee, day),
    wholeDays: false,
    openEnd: false,
  });
  if (employee === null || span === null || span.to === null) return null;
  const { from, to } = span;
  const id = factId('duty', from, hall.id, employee.id, to);
  return { fact: 'duty', id, recordedAt: BEGINNING, employee: employee.id, from, to };
}

function coverOf(row: Row, reading: Reading): CoverFact | null {
  const { hall } = reading.knowledge;
  const [window, employee] = [reading.subjects.window(row), reading.subjects.employee(row)];
  const span = readStretch(row, ofWindow(window, false, reading));
  if (window === null || employee === null || span === null || span.to === null) return null;
  const { from, to } = span;
  const id = factId('cover', from, hall.id, window.id, employee.id, to);
  return { fact: 'cover', id, recordedAt: BEGINNING, window: window.id, employee: employee.id, from, to };
}

function assignOf(row: Row, reading: Reading): AssignFact | null {
  const { hall } = reading.knowledge;
  const [window, employees] = [reading.subjects.window(row), reading.subjects.employees(row)];
  const role = roleOf(row.text('role')) ?? roleOf(row.text('what'));
  if (role === null) {
    const text = row.text('role');
    row.bad('role', `“${text}”不是岗位；请写 A 或 B`, `"${text}" is no role; write A or B`);
  }
  const span = readStretch(row, ofWindow(window, true, reading));
  if (window === null || employees === null || role === null || span === null) return null;
  const fact = { fact: 'assign', recordedAt: BEGINNING, window: window.id, role, ...span } as const;
  return identified({ ...fact, id: '', employees: employees.map(({ id }) => id) }, hall.id);
}

function identified(assign: AssignFact, hall: string): AssignFact {
  const { window, role, employees, from, to } = assign;
  return { ...assign, id: factId('assign', from, hall, window, role, to ?? '', ...employees) };
}

function ofWindow(window: Window | null, openEnd: boolean, { knowledge }: Reading): Parameters<typeof readStretch>[1] {
  return {
    zone: knowledge.hall.zone,
    sessionsOn: window === null ? null : (day) => knowledge.sessionsOfWindow(window, day),
    wholeDays: true,
    openEnd,
  };
}

/** A role has its holders together: rows of one window, role and time are one list, in the order of the rows. */
function joinedRoles(assigns: readonly Said<AssignFact>[], { knowledge }: Reading): Said<AssignFact>[] {
  const groups = Map.groupBy(assigns, ({ fact }) => [fact.window, fact.role, fact.from, fact.to].join('\u0000'));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const rowOf = new Map<string, Row>();
    for (const { row, fact } of group) {
      for (const employee of fact.employees) {
        const before = rowOf.get(employee);
        if (before !== undefined) {
          row.bad(
            null,
            `与第 ${before.line} 行重复；请删去一处`,
            `says the same as row ${before.line}; remove one of them`,
          );
        } else rowOf.set(employee, row);
      }
    }
    return [{ row: first.row, fact: identified({ ...first.fact, employees: [...rowOf.keys()] }, knowledge.hall.id) }];
  });
}

/** One person covers one window at a time: which, is decided by the rules, so it is said and no more. */
function noteTwoPlaces(covers: readonly Said<CoverFact>[], reading: Reading): void {
  for (const theirs of Map.groupBy(covers, ({ fact }) => fact.employee).values()) {
    const sorted = [...theirs].sort((a, b) => a.fact.from - b.fact.from);
    for (const [i, { row, fact }] of sorted.entries()) {
      const before = sorted[i - 1]?.fact;
      if (before === undefined || before.window === fact.window || fact.from >= before.to) continue;
      reading.note(
        row,
        reading.say(
          '同一人同时顶两个窗口，只能算一个',
          'somebody is to cover two windows at once, and can hold one only',
        ),
      );
    }
  }
}
