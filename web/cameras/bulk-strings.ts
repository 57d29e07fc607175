/** Every word of the pages on which many cameras are added, in the users' two languages. */
import type { Language } from '../strings.ts';
import type { RowState } from './bulk-data.ts';

type Phrase = (what: string) => string;

export type RecorderKind = 'onvif' | 'hikvision' | 'dahua' | 'own';

export interface BulkWords {
  readonly bulk: string;
  readonly underWay: string;
  readonly goOn: string;
  readonly rowsOf: (count: number) => string;
  readonly fromTable: string;
  readonly tableHint: string;
  readonly tableColumns: string;
  readonly file: string;
  readonly sheet: string;
  readonly read: string;
  readonly reading: string;
  readonly chooseFile: string;
  readonly recorder: string;
  readonly recorderHint: string;
  readonly recorderId: string;
  readonly kind: string;
  readonly kinds: Readonly<Record<RecorderKind, string>>;
  readonly host: string;
  readonly template: string;
  readonly templateHint: string;
  readonly user: string;
  readonly password: string;
  readonly channels: string;
  readonly channelsHint: string;
  readonly askOnce: string;
  readonly ask: string;

  readonly table: string;
  readonly readAs: Phrase;
  readonly recorderTitle: Phrase;
  readonly asking: string;
  readonly askFailed: string;
  readonly noTemplate: string;
  readonly templateIs: Phrase;
  readonly badRows: (count: number) => string;
  readonly badRow: (line: number, cell: string | null, problem: string) => string;
  readonly noRows: string;
  readonly start: (count: number) => string;
  readonly again: (count: number) => string;
  readonly stop: string;
  readonly progress: (tried: number, all: number, passed: number, rest: number) => string;
  readonly states: Readonly<Record<RowState, string>>;
  readonly notTried: (line: number) => string;
  readonly rowsTitle: string;
  readonly take: Phrase;
  readonly line: (line: number) => string;
  readonly channel: (channel: number) => string;
  readonly id: Phrase;
  readonly windows: string;
  readonly addWindow: Phrase;
  readonly addWindowShort: string;
  readonly removeWindow: Phrase;
  readonly drawSeats: string;
  readonly closeDrawing: string;
  readonly seatsDrawn: (count: number) => string;
  readonly pictureOf: Phrase;
  readonly written: Phrase;
  readonly save: string;
  readonly chosen: (count: number, undrawn: number) => string;
  readonly showChange: string;
  readonly saved: (count: number) => string;
  readonly end: string;
  readonly troubles: Readonly<Record<string, string>>;
}

const zh: BulkWords = {
  bulk: '成批添加',
  underWay: '正在成批添加',
  goOn: '继续',
  rowsOf: (count) => `${count} 路`,
  fromTable: '从表格添加',
  tableHint: 'CSV 或 XLSX，一行一路。先读出来给您看，按“开始测试”才连接摄像头。',
  tableColumns:
    '列名：编号、地址（必填）、用户名、密码、窗口、座位。地址只写 IP 时按 ONVIF 连接；窗口写编号或名称，几个用“、”隔开。',
  file: '表格文件',
  sheet: '工作表（可不写）',
  read: '读取',
  reading: '正在读…',
  chooseFile: '请先选一个文件。',
  recorder: '录像机（NVR）',
  recorderHint: '一台录像机写一次地址和密码，它的各路分别对应窗口。',
  recorderId: '录像机编号',
  kind: '怎样找到各路',
  kinds: {
    onvif: 'ONVIF：由录像机列出',
    hikvision: '海康威视：/Streaming/Channels/{n}02',
    dahua: '大华：channel={n}&subtype=1',
    own: '其他：自己写地址',
  },
  host: '地址（IP，可带端口）',
  template: '各路子码流的地址',
  templateHint: 'rtsp:// 开头，通道号处写 {n}',
  user: '用户名',
  password: '密码',
  channels: '有哪几路',
  channelsHint: '如 1-8 或 1-4,7',
  askOnce: '密码只试一次：第一路被拒后，其余各路不再试，以免锁定。',
  ask: '查找各路并测试',

  table: '表格',
  readAs: (what) => `读作 ${what}`,
  recorderTitle: (what) => `录像机 ${what}`,
  asking: '正在向录像机询问…',
  askFailed: '录像机没有通过',
  noTemplate: '各路地址没有共同的写法，将逐路写入各自的地址。',
  templateIs: (what) => `各路地址：${what}`,
  badRows: (count) => `有 ${count} 处读不懂，所在的行不测试；改好表格后可再读一次`,
  badRow: (line, cell, problem) => `第 ${line} 行${cell === null ? '' : `（${cell}）`}：${problem}`,
  noRows: '没有可以测试的摄像头。',
  start: (count) => `开始测试（${count} 路）`,
  again: (count) => `再试没有通过的（${count} 路）`,
  stop: '停止',
  progress: (tried, all, passed, rest) => `已试 ${tried} / ${all} 路：通过 ${passed}，没有通过 ${rest}`,
  states: {
    new: '未测试',
    waiting: '排队',
    testing: '正在测试',
    passed: '通过',
    failed: '没有通过',
    'not-tried': '没有试',
    cancelled: '已停止',
  },
  notTried: (line) => `第 ${line} 行已被这台主机拒绝登录，为免锁定，这一路没有试。改对密码后重新开始一批。`,
  rowsTitle: '各路',
  take: (what) => `写入 ${what}`,
  line: (line) => `第 ${line} 行`,
  channel: (channel) => `第 ${channel} 路`,
  id: (what) => `${what} 的摄像头编号`,
  windows: '看的窗口',
  addWindow: (what) => `给 ${what} 加窗口`,
  addWindowShort: '加窗口…',
  removeWindow: (what) => `去掉 ${what}`,
  drawSeats: '画座位',
  closeDrawing: '收起',
  seatsDrawn: (count) => (count === 0 ? '还没有画座位' : `已画 ${count} 个座位`),
  pictureOf: (what) => `${what} 测试时的画面`,
  written: (what) => `已写入 hall.yaml：${what}`,
  save: '写入 hall.yaml',
  chosen: (count, undrawn) =>
    `选了 ${count} 路${undrawn === 0 ? '' : `，其中 ${undrawn} 路还没有画座位，写入后不判定，可以以后再画`}。`,
  showChange: '看看会改什么',
  saved: (count) => `已写入并生效：${count} 路`,
  end: '结束',
  troubles: {
    'bad-table': '表格读不出来：',
    'bad-channels': '路数应如 1-8 或 1-4,7。',
    'no-mark': '地址里要有 {n}，表示第几路。',
    'bad-source': '地址不能用，请检查。',
    busy: '同时最多成批添加两次，请先结束一次。',
    'nothing-to-try': '正在测试，或没有要试的。',
    'not-ready': '选的里面有没有通过或已经写入的，请重新选。',
    gone: '这一批已经结束（一小时无人查看即结束），请重新开始。',
  },
};

const en: BulkWords = {
  bulk: 'Add many',
  underWay: 'Many being added',
  goOn: 'Go on',
  rowsOf: (count) => `${count} camera${count === 1 ? '' : 's'}`,
  fromTable: 'From a table',
  tableHint: 'CSV or XLSX, a camera in each row. It is read and shown first; “Start” connects.',
  tableColumns:
    'Columns: id, address (both needed), user, password, window, seat. An IP address alone is asked by ONVIF; windows by id or name, “;” between several.',
  file: 'Table',
  sheet: 'Sheet (optional)',
  read: 'Read',
  reading: 'Reading…',
  chooseFile: 'Choose a file first.',
  recorder: 'Recorder (NVR)',
  recorderHint: 'The address and password of a recorder are written once; each of its channels looks at windows.',
  recorderId: 'Recorder’s id',
  kind: 'How its channels are found',
  kinds: {
    onvif: 'ONVIF: the recorder lists them',
    hikvision: 'Hikvision: /Streaming/Channels/{n}02',
    dahua: 'Dahua: channel={n}&subtype=1',
    own: 'Another: write the address',
  },
  host: 'Address (IP, with a port if need be)',
  template: 'Address of a channel’s sub-stream',
  templateHint: 'Begins with rtsp://; {n} where the channel’s number stands',
  user: 'User name',
  password: 'Password',
  channels: 'Which channels',
  channelsHint: 'Such as 1-8 or 1-4,7',
  askOnce: 'The password is tried once: where the first channel refuses it the others are not tried, lest it locks.',
  ask: 'Find and test its channels',

  table: 'Table',
  readAs: (what) => `Read as ${what}`,
  recorderTitle: (what) => `Recorder ${what}`,
  asking: 'Asking the recorder…',
  askFailed: 'The recorder did not pass',
  noTemplate: 'The addresses of its channels have no common form; each is written by itself.',
  templateIs: (what) => `Addresses: ${what}`,
  badRows: (count) =>
    `${count} place${count === 1 ? '' : 's'} cannot be read; those rows are not tested. Mend the table and read it again`,
  badRow: (line, cell, problem) => `Row ${line}${cell === null ? '' : ` (${cell})`}: ${problem}`,
  noRows: 'There is no camera to test.',
  start: (count) => `Start (${count})`,
  again: (count) => `Try again what has not passed (${count})`,
  stop: 'Stop',
  progress: (tried, all, passed, rest) => `${tried} of ${all} tried: ${passed} passed, ${rest} did not`,
  states: {
    new: 'not tested',
    waiting: 'waiting',
    testing: 'testing',
    passed: 'passed',
    failed: 'failed',
    'not-tried': 'not tried',
    cancelled: 'stopped',
  },
  notTried: (line) =>
    `Row ${line} was refused by this host; lest it locks itself this one was not tried. Begin anew with the right password.`,
  rowsTitle: 'Cameras',
  take: (what) => `Write ${what}`,
  line: (line) => `row ${line}`,
  channel: (channel) => `channel ${channel}`,
  id: (what) => `Camera id of ${what}`,
  windows: 'Windows',
  addWindow: (what) => `Add a window to ${what}`,
  addWindowShort: 'Add a window…',
  removeWindow: (what) => `Remove ${what}`,
  drawSeats: 'Draw seats',
  closeDrawing: 'Close',
  seatsDrawn: (count) => (count === 0 ? 'no seats drawn' : `${count} seat${count === 1 ? '' : 's'} drawn`),
  pictureOf: (what) => `What ${what} showed when it was tested`,
  written: (what) => `Written into hall.yaml: ${what}`,
  save: 'Write hall.yaml',
  chosen: (count, undrawn) =>
    `${count} chosen${undrawn === 0 ? '' : `, ${undrawn} of them without seats: written, but not judged until seats are drawn`}.`,
  showChange: 'Show what would change',
  saved: (count) => `Written and taken up: ${count}`,
  end: 'End',
  troubles: {
    'bad-table': 'The table cannot be read: ',
    'bad-channels': 'Channels are such as 1-8 or 1-4,7.',
    'no-mark': 'The address needs {n} for the number of the channel.',
    'bad-source': 'The address cannot be used.',
    busy: 'Two batches at most; end one first.',
    'nothing-to-try': 'Something goes on, or there is nothing to try.',
    'not-ready': 'Some of these have not passed, or are written; choose again.',
    gone: 'This batch has ended (an hour after the last look); begin anew.',
  },
};

export const bulkWords = (language: Language): BulkWords => (language === 'zh' ? zh : en);
