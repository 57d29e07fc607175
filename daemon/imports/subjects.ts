/** Whom and what a row speaks of: people, and what the configuration has, by id or by name. */
import { suggest } from '../../config/suggest.ts';
import type { Employee, Hall, Window } from '../../rules/hall.ts';
import type { Row } from './row.ts';

/** A person's name is written without blanks, or with: `徐 敏`. */
const bare = (name: string): string => name.normalize('NFKC').replace(/\s/g, '').toLowerCase();

export class Subjects {
  readonly #hall: Hall;
  readonly #byName: ReadonlyMap<string, readonly Employee[]>;
  readonly #windowsByName: ReadonlyMap<string, readonly Window[]>;

  constructor(hall: Hall) {
    this.#hall = hall;
    this.#byName = Map.groupBy(hall.employees.values(), ({ name }) => bare(name));
    this.#windowsByName = Map.groupBy(hall.windows.values(), ({ name }) => bare(name));
  }

  /** The person of a row, by id, name or both; null where that is not certain. */
  employee(row: Row): Employee | null {
    return this.#byWords(row, row.text('employee'), row.text('name'));
  }

  /** The id of somebody whom a row enters: nobody has it, not even as an enrolment number, and there is a name to it. */
  newId(row: Row): string | null {
    const [id, name] = [row.text('employee'), row.text('name')];
    const { employees } = this.#hall;
    if (id === '' || name === '' || employees.has(id)) return null;
    return [...employees.values()].some(({ credentials }) => credentials.includes(id)) ? null : id;
  }

  /** Everybody of a name. */
  called(name: string): readonly Employee[] {
    return this.#byName.get(bare(name)) ?? [];
  }

  /** The department of a row, null of none; undefined where it is not said, or wrong. */
  department(row: Row): string | null | undefined {
    const { departments } = this.#hall;
    const word = row.text('department');
    if (word === '' || departments.has(word)) return word === '' ? undefined : word;
    const [found] = [...departments].find(([, title]) => bare(title) === bare(word)) ?? [];
    if (found !== undefined || NONE.test(word)) return found ?? null;
    this.#noSuch(row, 'department', word, [...departments].flat());
    return undefined;
  }

  /** The schedule of a row, null of somebody who need not punch; undefined where it is not said, or wrong. */
  schedule(row: Row): string | null | undefined {
    const { schedules } = this.#hall;
    const word = row.text('schedule');
    if (word === '' || schedules.has(word)) return word === '' ? undefined : word;
    if (NONE.test(word)) return null;
    this.#noSuch(row, 'schedule', word, schedules.keys());
    return undefined;
  }

  /** The people of a row: one cell may name several, in their order. */
  employees(row: Row): readonly Employee[] | null {
    const listOf = (text: string): string[] =>
      text
        .split(/[、,，;；/]/)
        .map((one) => one.trim())
        .filter((one) => one !== '');
    const [ids, names] = [listOf(row.text('employee')), listOf(row.text('name'))];
    if (ids.length > 1 && names.length > 1 && ids.length !== names.length) {
      return row.bad(
        'employee',
        `有 ${ids.length} 个工号，但有 ${names.length} 个姓名；请使两列一致`,
        `${ids.length} ids, but ${names.length} names; make the two agree`,
      );
    }
    const count = Math.max(ids.length, names.length, 1);
    const found = Array.from({ length: count }, (_, i) => this.#byWords(row, ids[i] ?? '', names[i] ?? ''));
    return found.some((one) => one === null) ? null : (found as Employee[]);
  }

  #byWords(row: Row, id: string, name: string): Employee | null {
    if (id === '' && name === '') {
      const column = row.has('employee') ? 'employee' : 'name';
      return row.bad(
        column,
        '没有写是谁（合并的单元格只有第一行有内容）',
        'nobody is named (of merged cells only the first row has a text)',
      );
    }
    if (id === '') return this.#byNameAlone(row, name);
    const found = this.#hall.employees.get(id);
    if (found === undefined) return this.#unknown(row, 'employee', id, name);
    if (name !== '' && bare(found.name) !== bare(name)) {
      return row.bad(
        'name',
        `${id} 是 ${found.name}，不是 ${name}；请改正其一`,
        `${id} is ${found.name}, not ${name}; correct one of them`,
      );
    }
    return found;
  }

  #byNameAlone(row: Row, name: string): Employee | null {
    const all = this.#byName.get(bare(name)) ?? [];
    const department = row.text('department');
    const found = department === '' || all.length < 2 ? all : all.filter((one) => this.isOf(one, department));
    const [first] = found;
    if (first === undefined && all.length === 0) return this.#unknown(row, 'name', name, '');
    if (found.length === 1 && first !== undefined) return first;
    const them = all.map((one) => `${one.id}（${this.#departmentOf(one) || '—'}）`).join('、');
    return row.bad(
      'name',
      `有 ${all.length} 人叫 ${name}：${them}；请加一列“工号”`,
      `${all.length} people are called ${name}: ${all.map((one) => `${one.id} (${this.#departmentOf(one) || '–'})`).join(', ')}; add a column "employee" with the id`,
    );
  }

  #departmentOf({ department }: Employee): string {
    return department === null ? '' : (this.#hall.departments.get(department) ?? department);
  }

  /** Whether a word means somebody's department. */
  isOf(employee: Employee, department: string): boolean {
    return employee.department === department || bare(this.#departmentOf(employee)) === bare(department);
  }

  /** Where people may be entered is said, with the line for the configuration. */
  #unknown(row: Row, column: 'employee' | 'name', word: string, name: string): null {
    const { employees } = this.#hall;
    const owner = [...employees.values()].find(({ credentials }) => credentials.includes(word));
    if (column === 'employee' && owner !== undefined) {
      return row.bad(
        column,
        `不是工号；${word} 是 ${owner.name}（${owner.id}）的考勤号，请把列名改为“卡号”`,
        `is no employee's id; ${word} is the enrolment number of ${owner.name} (${owner.id}): call the column "credential"`,
      );
    }
    const words = column === 'employee' ? employees.keys() : [...employees.values()].map((one) => one.name);
    // Somebody else's id is no help where the name is there.
    const near = column === 'employee' && name !== '' ? this.#idOf(name) : suggest(word, words);
    const line = this.#yamlLine(row, column === 'employee' ? word : '', column === 'name' ? word : name);
    return row.bad(
      column,
      `没有 ${word}${near === null ? '' : `；是不是 ${near}？`}${near === null ? '；' : '如果是新人，'}请先用人员表导入（工号、姓名、部门、班次），或者在 hall.yaml 的 employees 下加一行：${line}`,
      `there is no ${word}${near === null ? '' : `; did you mean ${near}?`}${near === null ? ';' : ' If somebody new,'} import them first as people (employee, name, department, schedule), or add under employees in hall.yaml: ${line}`,
    );
  }

  #idOf(name: string): string | null {
    const [one, ...more] = this.#byName.get(bare(name)) ?? [];
    return more.length > 0 ? null : (one?.id ?? null);
  }

  #yamlLine(row: Row, id: string, name: string): string {
    const department = row.text('department');
    const [departmentId] =
      [...this.#hall.departments].find(([key, title]) => key === department || bare(title) === bare(department)) ?? [];
    const schedules = [...new Set([...this.#hall.employees.values()].flatMap(({ schedule }) => schedule?.id ?? []))];
    const parts = [
      `id: ${id === '' ? '…' : yamlText(id)}`,
      `name: ${name === '' ? '…' : yamlText(name)}`,
      ...(departmentId === undefined ? [] : [`department: ${yamlText(departmentId)}`]),
      `schedule: ${schedules.length === 1 ? yamlText(schedules[0] as string) : '…'}`,
      `credentials: [${row.text('credential') === '' ? '' : JSON.stringify(row.text('credential'))}]`,
    ];
    return `- { ${parts.join(', ')} }`;
  }

  /** The window of a row, by id or name. */
  window(row: Row): Window | null {
    const word = row.text('window');
    if (word === '')
      return row.bad(
        'window',
        '没有写窗口（合并的单元格只有第一行有内容）',
        'no window is named (of merged cells only the first row has a text)',
      );
    return this.windowCalled(row, word);
  }

  /** The window that a word of a row means, by id or name. */
  windowCalled(row: Row, word: string): Window | null {
    const { windows } = this.#hall;
    const named = this.#windowsByName.get(bare(word)) ?? [];
    const found = windows.get(word) ?? (named.length === 1 ? named[0] : undefined);
    if (found !== undefined) return found;
    if (named.length > 1) {
      const ids = named.map(({ id }) => id);
      return row.bad(
        'window',
        `有 ${named.length} 个窗口叫 ${word}：${ids.join('、')}；请写编号`,
        `${named.length} windows are called ${word}: ${ids.join(', ')}; write the id`,
      );
    }
    return this.#noSuch(row, 'window', word, [...windows.keys(), ...[...windows.values()].map(({ name }) => name)]);
  }

  /** The clock of a row; `undefined` where none is named. */
  device(row: Row, otherwise: string | null): string | undefined | null {
    const word = row.text('device') || (otherwise ?? '');
    if (word === '') return undefined;
    return this.#hall.clocks.has(word) ? word : this.#noSuch(row, 'device', word, this.#hall.clocks.keys());
  }

  #noSuch(row: Row, column: keyof typeof TABLES, word: string, words: Iterable<string>): null {
    const near = suggest(word, words);
    const { zh, en, of } = TABLES[column];
    const all = this.#hall[of];
    const some = [...all.keys()].slice(0, 8);
    const more = all.size > some.length ? '…' : '';
    return row.bad(
      column,
      `配置里没有${zh} ${word}；${near === null ? `有：${some.join('、')}${more}` : `是不是 ${near}？`}`,
      `the configuration knows no ${en} ${word}; ${near === null ? `there are: ${some.join(', ')}${more}` : `did you mean ${near}?`}`,
    );
  }
}

/** What rows name that only the configuration can have. */
const TABLES = {
  window: { zh: '窗口', en: 'window', of: 'windows' },
  device: { zh: '考勤机', en: 'clock', of: 'clocks' },
  department: { zh: '部门', en: 'department', of: 'departments' },
  schedule: { zh: '班次', en: 'schedule', of: 'schedules' },
} as const;

const NONE = /^(?:无|不打卡|免打卡|none|—|-)$/i;

/** A text that YAML would not take for something else. */
function yamlText(text: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
