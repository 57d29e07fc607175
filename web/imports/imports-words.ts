/** Every word of the page on which tables are imported, in the users' two languages. */
import type { Language } from '../strings.ts';
import type { ImportKind, Outcome } from './imports-api.ts';

type Op = NonNullable<Outcome['preview']>['changes'][number]['op'];

export interface ImportWords {
  readonly title: string;
  readonly back: string;
  readonly choose: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<ImportKind, string>>;
  readonly columns: Readonly<Record<ImportKind, string>>;
  readonly file: string;
  readonly sheet: string;
  readonly clock: string;
  readonly inTable: string;
  readonly look: string;
  readonly looking: string;
  readonly chooseFile: string;
  readonly cannotRead: string;
  readonly found: string;
  readonly readAs: (format: string, rows: number) => string;
  readonly wouldAdd: (added: number, known: number) => string;
  readonly nothingNew: string;
  readonly problems: (count: number) => string;
  readonly leftOut: (count: number) => string;
  readonly place: (line: number, cell: string | null, column: string | null) => string;
  readonly more: (count: number) => string;
  readonly notes: string;
  readonly changes: (count: number) => string;
  readonly noChanges: string;
  readonly ops: Readonly<Record<Op, string>>;
  readonly skip: string;
  readonly take: (added: number) => string;
  readonly taking: string;
  readonly taken: (added: number, known: number) => string;
  readonly troubles: Readonly<Record<string, string>>;
}

const zh: ImportWords = {
  title: '导入表格',
  back: '看板',
  choose: '选表格',
  kind: '导入什么',
  kinds: { leave: '请假', roster: '排班、值班和顶岗', punches: '补录打卡', people: '人员和考勤号' },
  columns: {
    leave: '列：工号或姓名、开始、结束（或 日期、时段）、类型、请假条。',
    roster: '列：类型（值班、顶岗、A岗、B岗）、窗口、工号、日期、时段。',
    punches: '列：考勤号码（或 工号、姓名）、日期时间、机器号；也可以是考勤机导出到 U 盘的文件。',
    people: '列：工号、姓名、部门、班次、开始、离职日期；有“卡号”一列的同时登记考勤号。',
  },
  file: '文件（CSV、XLSX）',
  sheet: '工作表（可不写）',
  clock: '考勤机',
  inTable: '表格里写明',
  look: '先看看',
  looking: '正在核对，什么都还没有导入…',
  chooseFile: '请先选一个文件。',
  cannotRead: '这个文件读不出来，请重新选择。',
  found: '核对结果',
  readAs: (format, rows) => `读作 ${format}，${rows} 行。`,
  wouldAdd: (added, known) => `会新增 ${added} 条${known === 0 ? '' : `，另有 ${known} 条已经在账上`}。`,
  nothingNew: '没有新的内容：都已经在账上。',
  problems: (count) => `${count} 处有错，什么都没有导入。改好后重新选择文件，或跳过有错的行：`,
  leftOut: (count) => `${count} 处有错，所在的行不导入：`,
  place: (line, cell, column) =>
    `第 ${line} 行${cell === null ? '' : ` ${cell}`}${column === null ? '' : `（${column}）`}：`,
  more: (count) => `还有 ${count} 条，没有列出。`,
  notes: '请注意',
  changes: (count) => `会改变 ${count} 条结论`,
  noChanges: '不改变任何已有结论。',
  ops: { open: '新出现：', revise: '改变：', close: '结束：', retract: '撤销：' },
  skip: '跳过有错的行，再看看',
  take: (added) => `确认导入 ${added} 条`,
  taking: '正在导入…',
  taken: (added, known) => `已导入 ${added} 条${known === 0 ? '' : `，另有 ${known} 条原来就有`}。`,
  troubles: {
    'import-under-way': '有人正在导入另一个文件，请稍后再试。',
    'upload-stalled': '文件没有传完就停了，什么都没有导入，请再试一次。',
    'too-large': '文件超过 64 MB，请分成几个。',
    'signed-out': '登录已失效，请重新登录。',
    forbidden: '您的账号不能导入。',
    unreachable: '连不上服务器，什么都没有导入。',
    refused: '没有导入：',
  },
};

const en: ImportWords = {
  title: 'Import a table',
  back: 'Board',
  choose: 'The table',
  kind: 'What',
  kinds: {
    leave: 'Leave',
    roster: 'Rosters, duties and cover',
    punches: 'Punches',
    people: 'People and their numbers',
  },
  columns: {
    leave: 'Columns: employee or name, from, to (or date, time), kind, slip.',
    roster: 'Columns: kind (duty, cover, a role), window, employee, date, time.',
    punches: 'Columns: credential (or employee, name), time, device; or what a clock writes to a USB stick.',
    people: 'Columns: employee, name, department, schedule, from, left; a credential column also says numbers.',
  },
  file: 'File (CSV, XLSX)',
  sheet: 'Sheet (optional)',
  clock: 'Clock',
  inTable: 'As the table says',
  look: 'Check first',
  looking: 'Checking; nothing is imported yet…',
  chooseFile: 'Choose a file first.',
  cannotRead: 'This file cannot be read; choose it again.',
  found: 'What was found',
  readAs: (format, rows) => `Read as ${format}, ${rows} row${rows === 1 ? '' : 's'}.`,
  wouldAdd: (added, known) =>
    `${added} would be added${known === 0 ? '' : `; ${known} ${known === 1 ? 'is' : 'are'} known already`}.`,
  nothingNew: 'Nothing new: all of it is known already.',
  problems: (count) =>
    `${count} place${count === 1 ? ' is' : 's are'} wrong, and nothing was imported. Mend the file and choose it again, or leave the wrong rows out:`,
  leftOut: (count) => `${count} place${count === 1 ? ' is' : 's are'} wrong; those rows are left out:`,
  place: (line, cell, column) =>
    `Row ${line}${cell === null ? '' : ` ${cell}`}${column === null ? '' : ` (${column})`}: `,
  more: (count) => `${count} more, not listed.`,
  notes: 'Mind',
  changes: (count) => `${count} verdict${count === 1 ? '' : 's'} would change`,
  noChanges: 'No verdict would change.',
  ops: { open: 'new: ', revise: 'changed: ', close: 'ended: ', retract: 'withdrawn: ' },
  skip: 'Leave the wrong rows out and check again',
  take: (added) => `Import ${added}`,
  taking: 'Importing…',
  taken: (added, known) => `${added} imported${known === 0 ? '' : `; ${known} known already`}.`,
  troubles: {
    'import-under-way': 'Another file is being imported; try again in a moment.',
    'upload-stalled': 'The file stopped coming before all of it was here, and nothing was imported; try again.',
    'too-large': 'The file is larger than 64 MB: split it.',
    'signed-out': 'You are signed out; sign in again.',
    forbidden: 'Your account may not import.',
    unreachable: 'The server cannot be reached; nothing was imported.',
    refused: 'Not imported: ',
  },
};

export const importWords = (language: Language): ImportWords => (language === 'zh' ? zh : en);
