/** Words of the report page; what is in the tables is called as the daemon calls it. */
import type { Language } from '../strings.ts';

export interface ReportStrings {
  readonly title: string;
  readonly back: string;
  readonly choose: string;
  readonly kind: string;
  readonly period: string;
  readonly before: string;
  readonly after: string;
  readonly department: string;
  readonly wholeHall: string;
  readonly employee: string;
  readonly everybody: string;
  readonly asKnownAt: string;
  readonly now: string;
  readonly masked: string;
  readonly show: string;
  readonly download: string;
  readonly print: string;
  readonly making: string;
  readonly waiting: string;
  readonly days: (done: number, of: number) => string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly draft: string;
  readonly settled: string;
  readonly leftOut: (lists: string) => string;
  readonly knownThen: (at: string) => string;
  readonly toDecide: (undecided: number, appealed: number) => string;
  readonly decide: string;
  readonly inShort: string;
  readonly charts: string;
  readonly numbers: (table: string) => string;
  readonly serviceChart: string;
  readonly faultChart: string;
  readonly departmentChart: string;
  readonly coverageChart: string;
  readonly onlineChart: string;
  readonly nothingToDraw: string;
  readonly tables: string;
  readonly none: string;
  readonly more: (count: number) => string;
  readonly behind: (what: string) => string;
  readonly nothingBehind: string;
  readonly namesNobody: string;
  readonly open: string;
  readonly close: string;
  readonly about: string;
  readonly facts: {
    readonly hall: string;
    readonly scope: string;
    readonly period: string;
    readonly counted: string;
    readonly nothing: string;
    readonly judgeFrom: string;
    readonly knownAt: string;
    readonly standing: string;
    readonly names: string;
    readonly areMasked: string;
    readonly definitions: string;
    readonly marks: string;
    readonly rules: string;
    readonly config: string;
    readonly checksum: string;
  };
  readonly troubles: Readonly<Record<string, string>>;
  readonly trouble: string;
}

const zh: ReportStrings = {
  title: '报表',
  back: '看板',
  choose: '选择报表',
  kind: '种类',
  period: '期间',
  before: '上一期',
  after: '下一期',
  department: '部门',
  wholeHall: '全厅',
  employee: '人员',
  everybody: '所有人',
  asKnownAt: '以何时所知为准',
  now: '现在',
  masked: '姓名脱敏',
  show: '查看',
  download: '下载',
  print: '打印',
  making: '正在生成…',
  waiting: '排队中…',
  days: (done, of) => `已看 ${done} / ${of} 天`,
  cancel: '取消',
  cancelled: '已取消。',
  draft: '未定稿：期间未结束，或尚有待定、进行中的结论。',
  settled: '已结束',
  leftOut: (lists) => `未列明细（条数太多）：${lists}；请看较短期间或单个部门的报表。`,
  knownThen: (at) => `以 ${at} 所知为准；此后的变化列在最后一张表。`,
  toDecide: (undecided, appealed) => `还有 ${undecided} 条待核实、${appealed} 条申诉中。对外点名只限“已生效名单”。`,
  decide: '去办理',
  inShort: '概况',
  charts: '图',
  numbers: (table) => `数字见“${table}”`,
  serviceChart: '窗口服务时间由谁承担（分钟）',
  faultChart: '迟到、早退、缺勤的走势（次）',
  departmentChart: '各部门迟到、早退、缺勤（次）',
  coverageChart: '有人负责率的走势',
  onlineChart: '设备在线率',
  nothingToDraw: '没有可画的数字。',
  tables: '表',
  none: '没有。',
  more: (count) => `再显示（还有 ${count} 行）`,
  behind: (what) => `“${what}”的由来`,
  nothingBehind: '没有对应的结论。',
  namesNobody: '待定的、误报的和申诉撤销的结论不列姓名，因此不在下面；本人的报表里有。',
  open: '看事项',
  close: '关闭',
  about: '说明',
  facts: {
    hall: '大厅',
    scope: '范围',
    period: '期间',
    counted: '计入',
    nothing: '没有',
    judgeFrom: '正式判定自',
    knownAt: '数据时间',
    standing: '性质',
    names: '姓名',
    areMasked: '已脱敏',
    definitions: '口径',
    marks: '标记',
    rules: '规则',
    config: '配置',
    checksum: '校验',
  },
  troubles: {
    'signed-out': '登录已过期，请重新登录。',
    forbidden: '这份报表不在您的权限内。',
    'too-many': '您已有三份报表在生成：等其中一份完成，或取消一份。',
    'no-job': '这份报表已被取消或过期，请再查看一次。',
    failed: '报表没有做成，守护程序的日志里有原因。',
    unreachable: '连不上服务，请稍后再试。',
    'no-chromium': '服务器上没有 Chromium，不能输出 PDF；请用浏览器打印本页。',
    'not-printed': '没有打印成 PDF；请用浏览器打印本页。',
    cancelled: '已取消。',
  },
  trouble: '报表没有做成。',
};

const en: ReportStrings = {
  title: 'Reports',
  back: 'Board',
  choose: 'Choose a report',
  kind: 'Kind',
  period: 'Period',
  before: 'Previous',
  after: 'Next',
  department: 'Department',
  wholeHall: 'Whole hall',
  employee: 'Person',
  everybody: 'Everybody',
  asKnownAt: 'As known at',
  now: 'Now',
  masked: 'Mask names',
  show: 'Show',
  download: 'Download',
  print: 'Print',
  making: 'Being made…',
  waiting: 'Waiting for others…',
  days: (done, of) => `${done} of ${of} days`,
  cancel: 'Cancel',
  cancelled: 'Cancelled.',
  draft: 'A draft: the period is not over, or something is pending or open.',
  settled: 'Settled',
  leftOut: (lists) => `Too many rows to be listed: ${lists}; ask for a shorter period, or for one department.`,
  knownThen: (at) => `As known at ${at}; what changed since is in the last table.`,
  toDecide: (undecided, appealed) =>
    `${undecided} to be decided, ${appealed} under appeal. Only who is on the list of final ones may be named outside.`,
  decide: 'Decide',
  inShort: 'In short',
  charts: 'Charts',
  numbers: (table) => `Numbers: ${table}`,
  serviceChart: 'Who served the windows (minutes)',
  faultChart: 'Late, left early, absent over time (count)',
  departmentChart: 'Late, left early, absent by department (count)',
  coverageChart: 'Covered, over time',
  onlineChart: 'Devices online',
  nothingToDraw: 'There are no figures to draw.',
  tables: 'Tables',
  none: 'None.',
  more: (count) => `Show more (${count} rows left)`,
  behind: (what) => `Behind “${what}”`,
  nothingBehind: 'No verdict belongs to it.',
  namesNobody:
    'Pending verdicts, false alarms and overturned ones name nobody, and are therefore not below; a person’s own report has them.',
  open: 'Case',
  close: 'Close',
  about: 'About',
  facts: {
    hall: 'Hall',
    scope: 'Scope',
    period: 'Period',
    counted: 'Counted',
    nothing: 'nothing',
    judgeFrom: 'Judged from',
    knownAt: 'Data as of',
    standing: 'Standing',
    names: 'Names',
    areMasked: 'masked',
    definitions: 'Definitions',
    marks: 'Marks',
    rules: 'Rules',
    config: 'Configuration',
    checksum: 'Checksum',
  },
  troubles: {
    'signed-out': 'Your sign-in has ended; please sign in again.',
    forbidden: 'This report is not yours to read.',
    'too-many': 'Three reports of yours are being made: wait for one, or cancel it.',
    'no-job': 'This report was cancelled or has expired; please show it again.',
    failed: 'The report was not made; the log of the daemon says why.',
    unreachable: 'The service cannot be reached; please try again later.',
    'no-chromium': 'The server has no Chromium and makes no PDF; print this page instead.',
    'not-printed': 'The PDF was not printed; print this page instead.',
    cancelled: 'Cancelled.',
  },
  trouble: 'The report was not made.',
};

export function reportStrings(code: Language): ReportStrings {
  return code === 'zh' ? zh : en;
}
