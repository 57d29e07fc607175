/** Which column of a table is what: by the names that people give them, in Chinese and English. Others are named, never guessed. */
import { suggest } from '../../config/suggest.ts';
import { cellName, type Say, type TableKind, type TableRow } from './table.ts';

export type ColumnId =
  | 'employee'
  | 'name'
  | 'department'
  | 'credential'
  | 'device'
  | 'window'
  | 'role'
  | 'what'
  | 'date'
  | 'hours'
  | 'from'
  | 'to'
  | 'at'
  | 'kind'
  | 'slip'
  | 'slipAt'
  | 'seq'
  | 'method'
  | 'schedule'
  | 'hired'
  | 'left'
  | 'camera'
  | 'address'
  | 'user'
  | 'password'
  | 'roi';

/** What is read by named columns: what can be imported, and cameras to be set up. */
export type ColumnKind = TableKind | 'cameras';

type Names = Readonly<Partial<Record<ColumnId, readonly string[]>>>;

const PERSON: Names = {
  employee: ['工号', '员工号', '员工工号', '职工号', '人员编号', 'employee', 'employee id', 'staff no', 'staff id'],
  name: ['姓名', '员工姓名', '人员姓名', '名字', 'name', 'employee name'],
  department: ['部门', '单位', '科室', '部门名称', '所属部门', '窗口单位', 'department', 'unit'],
};

const STRETCH: Names = {
  date: ['日期', 'date', 'day'],
  hours: ['时段', '时间段', '半天', '场次', 'hours', 'half', 'half day'],
  from: [
    '开始',
    '开始时间',
    '开始日期',
    '起始时间',
    '起始日期',
    '起',
    '自',
    'from',
    'start',
    'begin',
    'start time',
    'start date',
  ],
  to: [
    '结束',
    '结束时间',
    '结束日期',
    '截止时间',
    '截止日期',
    '止',
    '至',
    'to',
    'end',
    'until',
    'end time',
    'end date',
  ],
};

const CREDENTIAL: Names = {
  credential: [
    '卡号',
    '考勤号',
    '考勤号码',
    '考勤卡号',
    '登记号',
    '登记号码',
    '指纹号',
    'credential',
    'card',
    'card no',
    'enrolment',
    'enrolment number',
    'enrollment number',
    'ac-no',
    'pin',
  ],
  device: ['考勤机', '考勤设备', '设备', '设备编号', '设备号', '机器号', '机号', 'device', 'clock', 'terminal'],
};

const COLUMNS: Readonly<Record<ColumnKind, Names>> = {
  roster: {
    ...PERSON,
    ...STRETCH,
    what: ['类型', '安排', '排班类型', 'kind', 'type', 'what'],
    window: ['窗口', '窗口号', '窗口编号', '窗口名称', 'window', 'window id'],
    role: ['岗位', '角色', 'ab岗', 'a/b岗', 'role'],
  },
  leave: {
    ...PERSON,
    ...STRETCH,
    kind: ['类型', '假别', '请假类型', '请假类别', '类别', '假种', 'kind', 'type', 'leave type', 'leave kind'],
    slip: ['请假条', '假条', '有无请假条', '有无假条', '是否有请假条', 'slip', 'leave slip'],
    slipAt: ['请假条日期', '假条日期', '交条日期', '交条时间', '补交日期', 'slip date', 'slip at'],
  },
  punches: {
    ...PERSON,
    ...CREDENTIAL,
    date: STRETCH.date ?? [],
    at: [
      '时间',
      '打卡时间',
      '日期时间',
      '刷卡时间',
      '签到时间',
      '考勤时间',
      '出勤时间',
      'time',
      'datetime',
      'date time',
      'punch time',
      'at',
    ],
    seq: ['记录号', '流水号', 'seq', 'sequence', 'record no'],
    method: ['比对方式', '验证方式', '打卡方式', '识别方式', 'method', 'verify mode', 'verifycode'],
  },
  people: {
    ...PERSON,
    ...CREDENTIAL,
    employee: [...(PERSON.employee ?? []), '编号', 'id'],
    credential: [...(CREDENTIAL.credential ?? []), '打卡编号'],
    schedule: ['班次', '作息', '考勤班次', 'schedule', 'shift'],
    from: [...(STRETCH.from ?? []), '生效日期', '启用日期', '启用'],
    hired: ['入职日期', '入职时间', '到岗日期', 'hired', 'hire date', 'joined'],
    left: ['离职日期', '离岗日期', '离开日期', 'left', 'leaving date'],
    to: [...(STRETCH.to ?? []), '失效日期', '停用日期', '停用'],
  },
  cameras: {
    camera: ['编号', '摄像头', '摄像头编号', '摄像机', '摄像机编号', 'id', 'camera', 'camera id'],
    address: ['地址', 'ip', 'ip地址', '视频地址', '摄像头地址', '码流地址', 'address', 'ip address', 'source', 'url'],
    user: ['用户名', '账号', '帐号', '登录名', 'user', 'username', 'user name', 'login'],
    password: ['密码', '口令', 'password'],
    window: ['窗口', '窗口号', '窗口编号', '窗口名称', 'window', 'windows', 'window id'],
    roi: ['座位', '座位区域', '座位位置', 'seat', 'seats', 'roi'],
  },
};

/** What a table of each kind cannot do without: of each group one. */
const NEEDED: Readonly<Record<ColumnKind, readonly (readonly ColumnId[])[]>> = {
  roster: [
    ['employee', 'name'],
    ['from', 'date'],
  ],
  leave: [['employee', 'name'], ['kind'], ['from', 'date']],
  punches: [['credential', 'employee', 'name'], ['at']],
  people: [
    ['employee', 'name'],
    ['credential', 'department', 'schedule', 'to', 'left'],
  ],
  cameras: [['camera'], ['address']],
};

export interface Columns {
  /** The row that holds their names. */
  readonly line: number;
  readonly placeOf: ReadonlyMap<ColumnId, number>;
  readonly titles: readonly string[];
}

export interface ColumnProblem {
  readonly line: number;
  readonly cell: string | null;
  readonly column: string | null;
  readonly problem: string;
}

export interface FoundColumns {
  /** Null where there are none to read by. */
  readonly columns: Columns | null;
  readonly problems: readonly ColumnProblem[];
  /** What people should know although nothing is wrong with it. */
  readonly notes: readonly string[];
}

/** Titles and dates may stand above the names of the columns. */
const LOOKED_AT = 10;

/** Finds the columns of a table: the first row that names two of them or more. */
export function findColumns(kind: ColumnKind, rows: readonly TableRow[], say: Say): FoundColumns {
  const known = idsOf(kind);
  const head = rows
    .slice(0, LOOKED_AT)
    .find(
      ({ cells }) => new Set(cells.map((cell) => known.get(plain(cell)) ?? null).filter((id) => id !== null)).size > 1,
    );
  if (head === undefined) return { columns: null, problems: [noHead(kind, rows[0], say)], notes: [] };
  const placeOf = new Map<ColumnId, number>();
  const problems: ColumnProblem[] = [];
  const unused: string[] = [];
  for (const [place, title] of head.cells.entries()) {
    const id = known.get(plain(title));
    const cell = cellName(place, head.line);
    if (id === undefined) {
      if (title !== '') unused.push(unusedText(title, cell, known, placeOf, say));
    } else if (placeOf.has(id)) {
      const first = cellName(placeOf.get(id) ?? 0, head.line);
      problems.push({ line: head.line, cell, column: title, problem: doubledText(first, say) });
    } else placeOf.set(id, place);
  }
  for (const group of NEEDED[kind]) {
    if (group.some((id) => placeOf.has(id))) continue;
    const wanted = group.map((id) => say(`“${namesOf(kind, id)[0]}”`, `"${englishOf(namesOf(kind, id))}"`));
    const problem = say(`缺少 ${wanted.join('或')} 列`, `there is no column ${wanted.join(' or ')}`);
    problems.push({ line: head.line, cell: null, column: null, problem });
  }
  const columns = problems.length > 0 ? null : { line: head.line, placeOf, titles: head.cells };
  const notes =
    unused.length === 0 ? [] : [say(`没有使用的列：${unused.join('、')}`, `columns not used: ${unused.join(', ')}`)];
  return { columns, problems, notes };
}

function noHead(kind: ColumnKind, first: TableRow | undefined, say: Say): ColumnProblem {
  const all = NEEDED[kind].map((group) => namesOf(kind, group[0] as ColumnId));
  return {
    line: first?.line ?? 1,
    cell: null,
    column: null,
    problem: say(
      `前 ${LOOKED_AT} 行里没有列名；至少要有：${all.map((names) => names[0]).join('、')}`,
      `no names of columns in the first ${LOOKED_AT} rows; there must be at least: ${all.map(englishOf).join(', ')}`,
    ),
  };
}

function doubledText(first: string, say: Say): string {
  return say(`与 ${first} 是同一列；请删去一列`, `is the same column as ${first}; remove one of them`);
}

function unusedText(
  title: string,
  cell: string,
  known: ReadonlyMap<string, ColumnId>,
  found: ReadonlyMap<ColumnId, number>,
  say: Say,
): string {
  const missing = [...known].filter(([, id]) => !found.has(id)).map(([name]) => name);
  const near = suggest(plain(title), missing);
  const meant = near === null ? '' : say(`，是不是“${near}”？`, `, did you mean "${near}"?`);
  return `${title} (${cell}${meant})`;
}

function namesOf(kind: ColumnKind, id: ColumnId): readonly string[] {
  return COLUMNS[kind][id] ?? [];
}

function englishOf(names: readonly string[]): string {
  return names.find((name) => /^[a-z]/.test(name)) ?? '';
}

function idsOf(kind: ColumnKind): ReadonlyMap<string, ColumnId> {
  const ids = new Map<string, ColumnId>();
  for (const [id, names] of Object.entries(COLUMNS[kind])) {
    for (const name of names) ids.set(plain(name), id as ColumnId);
  }
  return ids;
}

/** `开始时间（必填）*` and `Start_Time` as they are looked up. */
function plain(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(.*?\)/g, '')
    .replace(/[\s_\-*:.]/g, '');
}
