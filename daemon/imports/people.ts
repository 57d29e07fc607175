/** Who is of the hall, since when and until when, and which number a person has on which clock. */
import { id as idText } from '../../config/fields.ts';
import type { EmployeeFact } from '../../rules/facts.ts';
import { type Employee, LAST_DAY } from '../../rules/hall.ts';
import { BEGINNING, civilDay, type Day, dateOf, instantOf } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import { Enrolments } from './enrolments.ts';
import type { Reading, SaidFact, TableReader } from './reading.ts';
import type { Row } from './row.ts';
import { ENDLESS, readMoment } from './stretches.ts';

/** Rows about people, about their numbers, or both: what is known already is passed over. */
export const readPeople: TableReader = (rows, reading) => {
  const [people, enrolments] = [new People(reading), new Enrolments(reading)];
  return rows.flatMap((row) => {
    const isAboutNumbers = row.has('credential') && !row.has('schedule');
    const entered = people.read(row, isAboutNumbers);
    if (entered === null) return [];
    if (row.text('credential') === '' && !isAboutNumbers) return entered.facts;
    const numbered = enrolments.read(
      row,
      entered.id,
      isAboutNumbers && entered.facts.length === 0 ? null : entered.from,
    );
    return numbered === null ? entered.facts : [...entered.facts, { row, fact: numbered }];
  });
};

interface Entered {
  readonly id: string;
  /** What the row says of the person that was not known. */
  readonly facts: readonly SaidFact[];
  /** The first day of what it says. */
  readonly from: Day;
}

/** What a row says of somebody; undefined of what it does not speak of. */
interface Said {
  readonly department: string | null | undefined;
  readonly schedule: string | null | undefined;
  /** Null where it is not said, as for the dates below. */
  readonly from: Day | null;
  readonly hired: Day | null;
  /** The last day on which somebody is expected. */
  readonly until: Day | null;
}

class People {
  readonly #reading: Reading;
  /** What earlier rows say, by id. */
  readonly #earlier = new Map<string, { readonly row: Row; readonly fact: EmployeeFact }[]>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  read(row: Row, isAboutNumbers: boolean): Entered | null {
    const { subjects } = this.#reading;
    const id = subjects.newId(row);
    if (id !== null) return this.#comer(row, id);
    const employee = subjects.employee(row);
    if (employee === null) return null;
    const known = { id: employee.id, facts: [], from: this.#tomorrow };
    if (!isAboutNumbers) return this.#changed(row, employee);
    this.#noteOther(row, employee);
    return known;
  }

  /** Nothing that is imported accuses anybody of the days before, unless it says so. */
  get #tomorrow(): Day {
    const { now, knowledge } = this.#reading;
    return civilDay(knowledge.hall.zone, now) + 1;
  }

  #comer(row: Row, id: string): Entered | null {
    const said = this.#said(row);
    const name = row.text('name');
    if (!idText.safeParse(id).success) {
      row.bad(
        'employee',
        `“${id}”不能作工号：最多 64 个字符，不能有空格和 / + #`,
        `"${id}" cannot be an id: at most 64 characters, without blanks and / + #`,
      );
    }
    if (said === null) return null;
    const department = said.department === undefined ? this.#missingDepartment(row) : said.department;
    const schedule = said.schedule === undefined ? this.#usualSchedule(row) : said.schedule;
    if (department === undefined || schedule === undefined || row.problems.length > 0) return null;
    if (!this.#isAnother(row, name, department)) return null;
    const from = said.from ?? Math.max(said.hired ?? 0, this.#tomorrow);
    this.#noteStart(row, said, from);
    return this.#entered(row, { employee: id, name, department, schedule }, { from, until: said.until });
  }

  #changed(row: Row, employee: Employee): Entered | null {
    const { knowledge, say, note } = this.#reading;
    const said = this.#said(row);
    if (said === null) return null;
    const { until } = said;
    const from = said.from ?? Math.max(said.hired ?? 0, this.#tomorrow);
    const then = knowledge.personOn(employee.id, from) ?? employee;
    const department = said.department === undefined ? then.department : said.department;
    const schedule = said.schedule === undefined ? (then.schedule?.id ?? null) : said.schedule;
    const isOther = department !== then.department || schedule !== (then.schedule?.id ?? null) || isAway(then, from);
    const endsOtherwise = until !== null && until !== then.until;
    const content = { employee: employee.id, name: employee.name, department, schedule };
    const known = knowledge.find(this.#factOf(content, { from, until }).id) !== null;
    const isToCome = until === null || until >= from;
    if (isAway(then, from) && said.from === null && isToCome) return this.#hasLeft(row, then);
    if (known || (isOther && (said.from !== null || isToCome))) {
      if (!known) this.#noteStart(row, said, from);
      return this.#entered(row, content, { from, until });
    }
    if (endsOtherwise) return this.#departed(row, employee, until);
    note(row, say('与已有的一致', 'known already'));
    return { id: employee.id, facts: [], from };
  }

  #hasLeft(row: Row, { name, until }: Employee): null {
    const last = dateOf(until);
    return row.bad(
      'employee',
      `${name} 只到 ${last}；重新来的请写“开始”，已离开的请写“离职日期”`,
      `${name} was there until ${last}; write since when they are back, or when they left`,
    );
  }

  /** Whoever leaves is on the last day what they were, and that is dated then. */
  #departed(row: Row, employee: Employee, until: Day): Entered | null {
    const then = this.#reading.knowledge.personOn(employee.id, until);
    if (then === null || isAway(then, until)) {
      return row.bad(
        endColumn(row),
        `${employee.name} 在 ${dateOf(until)} 不在册；请核对日期，重新来的请写“开始”`,
        `${employee.name} is not of the hall on ${dateOf(until)}; check the date, or write since when they are back`,
      );
    }
    const { id, name, department, schedule } = then;
    const content = { employee: id, name, department, schedule: schedule?.id ?? null };
    return this.#entered(row, content, { from: until, until });
  }

  #entered(
    row: Row,
    content: Pick<EmployeeFact, 'employee' | 'name' | 'department' | 'schedule'>,
    days: { readonly from: Day; readonly until: Day | null },
  ): Entered | null {
    const { from, until } = days;
    if (until !== null && until < from) {
      return row.bad(
        endColumn(row),
        `最后一天 ${dateOf(until)} 早于第一天 ${dateOf(from)}；请改正日期`,
        `the last day, ${dateOf(until)}, is before the first, ${dateOf(from)}; correct the dates`,
      );
    }
    const fact = this.#factOf(content, days);
    const same = this.#earlier.get(fact.employee) ?? [];
    this.#earlier.set(fact.employee, same);
    const other = same.find((one) => one.fact.from === fact.from || one.fact.name !== fact.name);
    // Of somebody with two numbers there are two rows.
    if (other?.fact.id === fact.id && row.has('credential')) return { id: fact.employee, facts: [], from };
    if (other !== undefined) {
      return row.bad(
        'employee',
        `与第 ${other.row.line} 行是同一个工号 ${fact.employee}；请删去或改正其一`,
        `row ${other.row.line} has the same id, ${fact.employee}; remove or correct one of them`,
      );
    }
    same.push({ row, fact });
    return { id: fact.employee, facts: [{ row, fact }], from };
  }

  #factOf(
    content: Pick<EmployeeFact, 'employee' | 'name' | 'department' | 'schedule'>,
    days: { readonly from: Day; readonly until: Day | null },
  ): EmployeeFact {
    const { id: hall, zone } = this.#reading.knowledge.hall;
    const from = instantOf(zone, days.from, 0);
    const to = days.until === null ? null : instantOf(zone, days.until + 1, 0);
    const { employee, name, department, schedule } = content;
    const id = factId('employee', from, hall, employee, name, department ?? '', schedule ?? '', to ?? '');
    return { fact: 'employee', id, recordedAt: BEGINNING, ...content, from, to };
  }

  #said(row: Row): Said | null {
    const { subjects } = this.#reading;
    const [department, schedule] = [subjects.department(row), subjects.schedule(row)];
    const [from, hired, to, left] = (['from', 'hired', 'to', 'left'] as const).map((column) => dayOf(row, column));
    const isRead = [from, hired, to, left].every((day) => day !== undefined);
    if (row.problems.length > 0 || !isRead) return null;
    const until = to ?? (left == null ? null : left - 1);
    return { department, schedule, from: from ?? null, hired: hired ?? null, until };
  }

  #missingDepartment(row: Row): string | null | undefined {
    const { departments } = this.#reading.knowledge.hall;
    if (departments.size === 0) return null;
    const some = [...departments.values()].slice(0, 8).join('、');
    row.bad(
      'department',
      `新人要写部门（有：${some}；不属于任何部门的写“无”）`,
      `somebody new needs a department (there are: ${some}; "none" for none of them)`,
    );
    return undefined;
  }

  /** Where all people have one schedule, that is meant. */
  #usualSchedule(row: Row): string | null | undefined {
    const { employees, schedules } = this.#reading.knowledge.hall;
    const used = new Set([...employees.values()].flatMap(({ schedule }) => schedule?.id ?? []));
    const [only, ...more] = used.size > 0 ? used : schedules.keys();
    if (only !== undefined && more.length === 0) return only;
    const some = [...schedules.keys()].slice(0, 8).join('、');
    row.bad(
      'schedule',
      `新人要写班次（有：${some}；不用打卡的写“无”）`,
      `somebody new needs a schedule (there are: ${some}; "none" for who need not punch)`,
    );
    return undefined;
  }

  /** A mistyped id must not make a second person of somebody, who would be missed every day. */
  #isAnother(row: Row, name: string, department: string | null): boolean {
    const { subjects, say, note } = this.#reading;
    const namesakes = subjects.called(name);
    const same = namesakes.find((one) => one.department === department);
    if (same !== undefined) {
      row.bad(
        'employee',
        `同部门已有 ${name}（${same.id}）；同一个人请写这个工号，确是另一人请在姓名里区别`,
        `the department has a ${name} (${same.id}) already; if it is the same person write that id, if not tell them apart by name`,
      );
      return false;
    }
    if (namesakes.length > 0)
      note(row, say('新人与别的部门的人同名', 'somebody new has the name of somebody elsewhere'));
    note(row, say('新人', 'somebody new'));
    return true;
  }

  #noteStart(row: Row, { from: wanted }: Said, from: Day): void {
    const { say, note } = this.#reading;
    if (wanted === null) {
      const date = dateOf(from);
      note(row, say(`没有写“开始”，从 ${date} 起算`, `without a start: counts from ${date} on`));
    } else if (from < this.#tomorrow) {
      note(
        row,
        say('从已过去的日期起算，那些天会重新判定', 'begins in the past: the days since then are judged again'),
      );
    }
  }

  #noteOther(row: Row, employee: Employee): void {
    const { say, note, subjects } = this.#reading;
    if (row.text('department') === '' || subjects.isOf(employee, row.text('department'))) return;
    note(
      row,
      say(
        '部门与已有的不同，没有改动；要改部门，请用没有卡号列或者有班次列的表',
        'has another department, which is not changed: use a table without numbers, or with schedules',
      ),
    );
  }
}

function isAway({ from, until }: Employee, day: Day): boolean {
  return day < from || (day > until && until < LAST_DAY);
}

function endColumn(row: Row): 'to' | 'left' {
  return row.text('to') === '' ? 'left' : 'to';
}

/** Null where nothing is said, undefined where the cell is wrong. */
function dayOf(row: Row, column: 'from' | 'hired' | 'to' | 'left'): Day | null | undefined {
  const text = row.text(column);
  if (text === '' || ENDLESS.test(text)) return null;
  // Whoever came in another century begins no day that is judged.
  if (column === 'hired' && /^19\d\d(?!\d)/.test(text)) return null;
  const said = readMoment(row, column, text);
  if (said === null) return undefined;
  if (said.day !== null && (said.time === null || said.time === 0) && said.half === null) return said.day;
  row.bad(column, `“${text}”不是日期；请写成 2026-03-02`, `"${text}" is no date; write it as 2026-03-02`);
  return undefined;
}
