/** Leave, and the slips that were handed in for it. */
import type { Fact, LeaveFact, SlipFact } from '../../rules/facts.ts';
import type { Employee } from '../../rules/hall.ts';
import { BEGINNING, formatInstant, instantOf, type Ms } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import type { Reading, SaidFact, TableReader } from './reading.ts';
import type { Row } from './row.ts';
import { readMoment, readStretch } from './stretches.ts';

export const readLeave: TableReader = (rows, reading) => {
  const earlier = new Map<string, { readonly row: Row; readonly fact: LeaveFact }[]>();
  const facts: SaidFact[] = [];
  for (const row of rows) {
    const read = leaveOf(row, reading);
    if (read === null) continue;
    const { leave, slip } = read;
    const theirs = earlier.get(leave.employee) ?? [];
    earlier.set(leave.employee, theirs);
    if (overlaps(row, leave, theirs, reading)) continue;
    theirs.push({ row, fact: leave });
    for (const fact of factsOf(row, leave, slip, reading)) facts.push(fact);
  }
  return facts;
};

/** Whether there is a slip, and when it was handed in, as far as the table says it. */
interface Slip {
  readonly has: boolean;
  readonly at: Ms | null;
}

interface ReadLeave {
  /** Without its slip. */
  readonly leave: LeaveFact;
  readonly slip: Slip;
}

function leaveOf(row: Row, reading: Reading): ReadLeave | null {
  const { hall } = reading.knowledge;
  const employee = reading.subjects.employee(row);
  const kind = row.text('kind');
  if (kind === '')
    row.bad('kind', '没有写假别，例如 事假、病假、公休', 'there is no kind of leave, such as 事假, 病假, 公休');
  const span = readStretch(row, stretchOf(employee, reading));
  const slip = readSlip(row, reading);
  if (employee === null || span === null || span.to === null || slip === null || kind === '') return null;
  const { from, to } = span;
  const id = factId('leave', from, hall.id, employee.id, kind, to);
  const leave: LeaveFact = { fact: 'leave', id, recordedAt: BEGINNING, employee: employee.id, kind, from, to };
  return { leave, slip };
}

function stretchOf(employee: Employee | null, { knowledge }: Reading): Parameters<typeof readStretch>[1] {
  return {
    zone: knowledge.hall.zone,
    sessionsOn: employee === null ? null : (day) => knowledge.sessionsOfPerson(employee, day),
    wholeDays: true,
    openEnd: false,
  };
}

const YES = /^(?:是|有|已交|已有|√|✓|y|yes|true|1)$/i;
const NO = /^(?:否|无|没有|未交|×|✗|n|no|false|0|)$/i;

function readSlip(row: Row, { knowledge, now }: Reading): Slip | null {
  const [text, date] = [row.text('slip'), row.text('slipAt')];
  const column = date === '' ? 'slip' : 'slipAt';
  const when = date === '' ? text : date;
  if (date === '' && NO.test(text)) return { has: false, at: null };
  if (date === '' && YES.test(text)) return { has: true, at: null };
  const said = readMoment(row, column, when);
  if (said === null) return null;
  const at = said.at ?? (said.day === null ? null : instantOf(knowledge.hall.zone, said.day, said.time ?? 0));
  if (at === null) {
    return row.bad(
      column,
      `“${when}”没有日期；请写 有、无 或交来的日期`,
      `"${when}" has no date; write yes, no, or the date on which it was handed in`,
    );
  }
  if (at > now) return row.bad(column, `${when} 还没有到；请核对日期`, `${when} is yet to come; check the date`);
  return { has: false, at };
}

/** Two leaves of one person at one time are a mistake, in this table or with what was known before. */
function overlaps(
  row: Row,
  leave: LeaveFact,
  earlier: readonly { row: Row; fact: LeaveFact }[],
  reading: Reading,
): boolean {
  const { hall, book } = reading.knowledge;
  const inTable = earlier.find(({ fact }) => fact.from < leave.to && leave.from < fact.to);
  if (inTable !== undefined) {
    const line = inTable.row.line;
    const isSame = inTable.fact.id === leave.id;
    row.bad(
      null,
      isSame ? `与第 ${line} 行重复；请删去一行` : `与第 ${line} 行同一人的请假时间重叠；请改正其一`,
      isSame
        ? `says the same as row ${line}; remove one of them`
        : `overlaps the leave of the same person in row ${line}; correct one of them`,
    );
    return true;
  }
  const known = book.leavesTouching(leave.employee, leave).find((one) => !isSameLeave(one, leave));
  if (known === undefined) return false;
  const [from, to] = [formatInstant(hall.zone, known.from), formatInstant(hall.zone, known.to)];
  row.bad(
    null,
    `与已有的请假重叠：${known.kind} ${from} 至 ${to}（${known.id}）；要改的请先撤销那一条`,
    `overlaps leave that is known: ${known.kind} ${from} to ${to} (${known.id}); to change it, cancel that one first`,
  );
  return true;
}

function isSameLeave(known: LeaveFact, { kind, from, to }: LeaveFact): boolean {
  return known.kind === kind && known.from === from && known.to === to;
}

/** A leave that is known stays as it is, whatever door it came through; a slip that it lacks comes as a fact of its own. */
function factsOf(row: Row, leave: LeaveFact, { has, at }: Slip, { knowledge, now }: Reading): SaidFact[] {
  const { book, hall } = knowledge;
  const before =
    book.leavesTouching(leave.employee, leave).find((one) => isSameLeave(one, leave)) ?? knowledge.find(leave.id);
  const said = before?.fact === 'leave' ? before : { ...leave, ...(has ? { slip: true } : {}) };
  const isMissing = has && said.slip !== true && book.slipsOf(said.id).length === 0;
  const handedInAt = at ?? (isMissing ? now : null);
  if (handedInAt === null) return [{ row, fact: said }];
  const id = factId('slip', said.from, hall.id, said.id);
  const slip = knowledge.find(id);
  const fact: Fact =
    slip ?? ({ fact: 'slip', id, recordedAt: BEGINNING, at: handedInAt, leave: said.id } satisfies SlipFact);
  return [
    { row, fact: said },
    { row, fact },
  ];
}
