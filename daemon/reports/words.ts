/** What tables, columns, marks and terms of a report are called. */
import type { DayMark } from '../../rules/measures.ts';
import { type Language, NAMED_RULES, ruleName } from '../alerts/words.ts';
import type { Standing } from './decisions.ts';
import type { PeriodKind } from './period.ts';
import type { Report, SheetId } from './report.ts';

type Pair = readonly [zh: string, en: string];

const said = ([zh, en]: Pair, lang: Language): string => (lang === 'zh' ? zh : en);

const SHEETS: Readonly<Record<SheetId, Pair>> = {
  departments: ['部门汇总', 'Departments'],
  matrix: ['考勤表', 'Attendance'],
  months: ['分月考勤表', 'Attendance by month'],
  people: ['人员汇总', 'People'],
  course: ['考勤走势', 'Attendance over time'],
  sessions: ['逐场明细', 'Sessions'],
  verdicts: ['结论清单', 'Verdicts'],
  handling: ['办理情况', 'How far decided'],
  final: ['已生效名单', 'Final, may be named'],
  leave: ['请假与外出', 'Leave and errands'],
  service: ['部门窗口服务', 'Service by department'],
  windows: ['窗口服务', 'Window service'],
  cover: ['AB岗顶岗', 'AB cover'],
  serviceCourse: ['窗口服务走势', 'Service over time'],
  devices: ['设备在线', 'Devices'],
  changes: ['此后的变化', 'Changes since'],
};

const COLUMNS: Readonly<Record<string, Pair>> = {
  department: ['部门编号', 'Department id'],
  departmentName: ['部门', 'Department'],
  name: ['姓名', 'Name'],
  employee: ['人员编号', 'Employee id'],
  window: ['窗口编号', 'Window id'],
  windowName: ['窗口', 'Window'],
  people: ['人数', 'People'],
  windows: ['窗口数', 'Windows'],
  sessions: ['计划场次', 'Sessions'],
  excused: ['请假外出暂停', 'Excused'],
  attended: ['实到', 'Attended'],
  missed: ['未到', 'Missed'],
  exempt: ['免计', 'Set aside'],
  pending: ['待定', 'Pending'],
  ahead: ['未到时', 'Not over'],
  attendanceRate: ['出勤率', 'Attendance'],
  punctualRate: ['准点率', 'Faultless'],
  late: ['迟到', 'Late'],
  lateMinutes: ['迟到分钟', 'Late min'],
  early: ['早退', 'Left early'],
  earlyMinutes: ['早退分钟', 'Early min'],
  absent: ['缺勤', 'Absent'],
  absentMinutes: ['缺勤分钟', 'Absent min'],
  missing: ['缺卡', 'Missing punch'],
  waived: ['免责', 'Waived'],
  leaveDays: ['请假天数', 'Leave days'],
  errandDays: ['外出天数', 'Errand days'],
  service: ['服务分钟', 'Service min'],
  a: ['A岗分钟', 'By A min'],
  b: ['B岗分钟', 'By B min'],
  cover: ['临时顶岗分钟', 'Cover min'],
  bare: ['无人负责分钟', 'Uncovered min'],
  coverRate: ['有人负责率', 'Covered'],
  unverified: ['有人未登记分钟', 'Unregistered min'],
  doubtful: ['待定分钟', 'In doubt min'],
  occupied: ['座位有人分钟', 'Occupied min'],
  empty: ['座位无人分钟', 'Empty min'],
  seatRate: ['座位在岗率', 'Seat occupied'],
  unknown: ['看不到分钟', 'Unseen min'],
  openings: ['应开窗', 'Openings'],
  opened: ['按时开窗', 'On time'],
  openingRate: ['按时开窗率', 'Opened on time'],
  openingsPending: ['开窗待定', 'Openings pending'],
  extended: ['延时服务分钟', 'Extended min'],
  missingCover: ['空岗', 'Not covered'],
  missingCoverMinutes: ['空岗分钟', 'Not covered min'],
  leftPost: ['脱岗', 'Left post'],
  leftPostMinutes: ['脱岗分钟', 'Left post min'],
  asked: ['需顶岗', 'Cover needed'],
  filled: ['及时顶上', 'Filled in time'],
  fillRate: ['顶岗及时率', 'Filled'],
  asksPending: ['顶岗待定', 'Pending'],
  device: ['设备', 'Device'],
  deviceKind: ['种类', 'Kind'],
  elapsed: ['总分钟', 'Total min'],
  online: ['在线分钟', 'Online min'],
  offline: ['离线分钟', 'Offline min'],
  onlineRate: ['在线率', 'Online'],
  unheard: ['未曾报告分钟', 'Never heard min'],
  outages: ['离线次数', 'Outages'],
  unproved: ['无补传凭证分钟', 'Unproved min'],
  until: ['至', 'Until'],
  date: ['日期', 'Date'],
  rule: ['情形', 'Rule'],
  state: ['状态', 'State'],
  because: ['待定原因', 'Pending because'],
  session: ['场', 'Session'],
  side: ['方向', 'Side'],
  from: ['起', 'From'],
  to: ['止', 'To'],
  minutes: ['分钟', 'Minutes'],
  atOpening: ['未按时开窗', 'At opening'],
  id: ['结论编号', 'Verdict id'],
  decision: ['办理', 'Decision'],
  review: ['须复核', 'To be reviewed'],
  finalAt: ['生效时间', 'Final since'],
  case: ['事项编号', 'Case id'],
  said: ['结论', 'Verdicts'],
  undecidable: ['待定或进行中', 'Pending or open'],
  undecided: ['待核实', 'To be decided'],
  confirmed: ['已核实未生效', 'Confirmed, not final'],
  appealed: ['申诉中', 'Under appeal'],
  final: ['已生效', 'Final'],
  excusal: ['免责', 'Excused'],
  falseAlarm: ['误报', 'False alarm'],
  overturned: ['申诉撤销', 'Overturned'],
  kind: ['类别', 'Kind'],
  errand: ['外出', 'Errand'],
  days: ['天数', 'Days'],
  slip: ['请假条', 'Slip'],
  arrival: ['到岗', 'Arrival'],
  departure: ['离岗', 'Departure'],
  mark: ['标记', 'Mark'],
  changedAt: ['变化时间', 'Changed at'],
  op: ['变化', 'Change'],
  cause: ['原因', 'Cause'],
  facts: ['相关记录', 'Records'],
};

/** One character each, so that a day's marks can be read from its cell again. */
const MARKS: Readonly<Record<DayMark, { readonly sign: Pair; readonly name: Pair }>> = {
  present: { sign: ['√', '√'], name: ['出勤', 'present'] },
  late: { sign: ['▲', '▲'], name: ['迟到', 'late'] },
  early: { sign: ['▼', '▼'], name: ['早退', 'left early'] },
  absent: { sign: ['×', '×'], name: ['缺勤', 'absent'] },
  missing: { sign: ['◇', '◇'], name: ['缺卡', 'missing punch'] },
  pending: { sign: ['?', '?'], name: ['待定', 'pending'] },
  waived: { sign: ['免', 'W'], name: ['免责', 'waived'] },
  leave: { sign: ['假', 'L'], name: ['请假', 'leave'] },
  errand: { sign: ['○', '○'], name: ['外出', 'errand'] },
  pause: { sign: ['停', 'P'], name: ['暂停服务', 'pause'] },
  ahead: { sign: ['…', '…'], name: ['未结束', 'not over'] },
  rest: { sign: ['休', 'R'], name: ['休息', 'rest'] },
  commissioning: { sign: ['试', 'C'], name: ['试运行', 'commissioning'] },
  none: { sign: ['·', '·'], name: ['不在册', 'not employed'] },
};

const TERMS: Readonly<Record<string, Pair>> = {
  pending: ['待定', 'pending'],
  open: ['进行中', 'open'],
  closed: ['已结束', 'closed'],
  uncovered: ['设备曾离线', 'a device was offline'],
  'seat-occupied': ['座位有人', 'somebody sat there'],
  'ambiguous-punch': ['午间打卡不明', 'a touch at noon is ambiguous'],
  unconfirmed: ['日历未公布', 'calendar not published'],
  blind: ['看不清座位', 'seat not seen'],
  in: ['上班', 'in'],
  out: ['下班', 'out'],
  yes: ['是', 'yes'],
  no: ['否', 'no'],
  daemon: ['本程序', 'this program'],
  attendance: ['考勤机', 'clock'],
  door: ['门禁', 'door'],
  presence: ['在岗检测', 'presence'],
  facts: ['新的记录', 'records'],
  deadline: ['时间到', 'time'],
  upgrade: ['程序升级', 'release'],
  person: ['有人办理', 'a person'],
};

const DECISIONS: Readonly<Record<Standing, Pair>> = {
  none: ['未办', 'not decided'],
  confirmed: ['已核实（未生效）', 'confirmed, not final'],
  appealed: ['申诉中', 'under appeal'],
  upheld: ['申诉维持（未生效）', 'upheld, not final'],
  final: ['已生效', 'final'],
  excused: ['免责', 'excused'],
  'false-alarm': ['误报', 'false alarm'],
  overturned: ['申诉撤销', 'overturned'],
};

/** What a change did, or a person; `open` and `closed` are states of verdicts besides. */
const OPS: Readonly<Record<string, Pair>> = {
  open: ['新增', 'new'],
  revise: ['修改', 'revised'],
  close: ['结束', 'closed'],
  retract: ['撤销', 'withdrawn'],
  acknowledge: ['签收', 'acknowledged'],
  clear: ['了结', 'cleared'],
  confirm: ['核实', 'confirmed'],
  excuse: ['免责', 'excused'],
  'false-alarm': ['认定误报', 'found to be a false alarm'],
  deliver: ['送达本人', 'told to the person'],
  appeal: ['申诉', 'appealed'],
  uphold: ['申诉维持', 'upheld'],
  overturn: ['申诉撤销', 'overturned'],
};

const KINDS: Readonly<Record<PeriodKind, Pair>> = {
  day: ['日报', 'Daily report'],
  week: ['周报', 'Weekly report'],
  month: ['月报', 'Monthly report'],
  quarter: ['季报', 'Quarterly report'],
  year: ['年报', 'Annual report'],
};

/** What a page needs to say what is in a report. */
export function reportWords(lang: Language) {
  const all = <K extends string>(pairs: Readonly<Record<K, Pair>>): Record<K, string> =>
    Object.fromEntries(Object.entries<Pair>(pairs).map(([id, pair]) => [id, said(pair, lang)])) as Record<K, string>;
  const marks = Object.entries(MARKS).map(([id, { sign, name }]) => [
    id,
    { sign: said(sign, lang), name: said(name, lang) },
  ]);
  return {
    kinds: all(KINDS),
    sheets: all(SHEETS),
    columns: all(COLUMNS),
    marks: Object.fromEntries(marks) as Record<DayMark, { sign: string; name: string }>,
    terms: {
      rule: Object.fromEntries(NAMED_RULES.map((rule) => [rule, ruleName(rule, lang)])),
      op: all(OPS),
      decision: all(DECISIONS),
      other: all(TERMS),
    },
    weekdays: [1, 2, 3, 4, 5, 6, 7].map((weekday) => weekdayText(weekday, lang)),
    total: totalText(lang),
    definitions: lang === 'zh' ? DEFINITIONS_ZH : DEFINITIONS_EN,
  };
}

export function sheetTitle(id: SheetId, lang: Language): string {
  return said(SHEETS[id], lang);
}

export function columnTitle(id: string, lang: Language): string {
  const words = COLUMNS[id];
  return words === undefined ? id : said(words, lang);
}

export function termText(column: string, code: string, lang: Language): string {
  if (column === 'rule') return ruleName(code, lang);
  const words = column === 'op' ? OPS[code] : column === 'decision' ? DECISIONS[code as Standing] : TERMS[code];
  return words === undefined ? code : said(words, lang);
}

/** `late early` → `▲▼`; `late:2 leave:1.5` → `▲2 假1.5`. */
export function markText(marks: string, lang: Language): string {
  const texts = marks.split(' ').map((one) => {
    const [mark, times = ''] = one.split(':');
    return said(MARKS[mark as DayMark].sign, lang) + times;
  });
  return texts.join(marks.includes(':') ? ' ' : '');
}

/** What the marks mean. */
export function legend(lang: Language): string {
  const all = Object.values(MARKS).map(({ sign, name }) => `${said(sign, lang)} ${said(name, lang)}`);
  return all.join(lang === 'zh' ? '　' : '   ');
}

export function kindTitle(kind: PeriodKind, lang: Language): string {
  return said(KINDS[kind], lang);
}

export function reportTitle({ hall, kind, period }: Report, lang: Language): string {
  return `${hall.name} ${period} ${kindTitle(kind, lang)}`;
}

/** 一 … 日 of an ISO weekday, or Mo … Su. */
export function weekdayText(weekday: number, lang: Language): string {
  return lang === 'zh' ? ('一二三四五六日'[weekday - 1] ?? '') : ('Mo Tu We Th Fr Sa Su'.split(' ')[weekday - 1] ?? '');
}

export function totalText(lang: Language): string {
  return lang === 'zh' ? '合计' : 'Total';
}

/** What a rate over nothing is printed as. */
export const NO_RATE = '—';

/** What a reader has to know of a report: a line each. */
export function aboutLines(report: Report, lang: Language): (readonly [name: string, value: string])[] {
  const zh = lang === 'zh';
  const { hall, from, to, knownAt, countedFrom, countedTo, judgeFrom, settled, masked, configs, rules } = report;
  const scope = report.employee ?? report.department;
  const nothing = zh ? '没有' : 'nothing';
  return [
    [zh ? '大厅' : 'Hall', `${hall.name} (${hall.id}, ${hall.timezone})`],
    ...(scope === null ? [] : [[zh ? '范围' : 'Scope', scope] as const]),
    [zh ? '期间' : 'Period', `${from} – ${to}`],
    [zh ? '计入' : 'Counted', countedFrom === null ? nothing : `${countedFrom} – ${countedTo}`],
    ...(judgeFrom === null ? [] : [[zh ? '正式判定自' : 'Judged from', judgeFrom] as const]),
    [zh ? '数据时间' : 'As known at', knownAt],
    [zh ? '性质' : 'Standing', standingText(settled, lang)],
    ...handlingLine(report, lang),
    ...leftOutLines(report, lang),
    ...(masked ? [[zh ? '姓名' : 'Names', zh ? '已脱敏' : 'masked'] as const] : []),
    [zh ? '口径' : 'Definitions', zh ? DEFINITIONS_ZH : DEFINITIONS_EN],
    [zh ? '标记' : 'Marks', legend(lang)],
    [zh ? '规则' : 'Rules', rules],
    ...configs.map((config) => [zh ? '配置' : 'Configuration', `${config.from} ${config.hash}`] as const),
    [zh ? '校验' : 'Checksum', report.checksum],
  ];
}

function standingText(settled: boolean, lang: Language): string {
  if (lang === 'zh')
    return `${settled ? '已结束' : '未定稿：期间未结束，或尚有待定、进行中的结论'}；供内部核对，对外点名只限“已生效名单”`;
  const state = settled ? 'settled' : 'draft: the period is not over, or something is pending or still open';
  return `${state}; for checking within: only who is on the list of final ones may be named outside`;
}

function leftOutLines({ leftOut }: Report, lang: Language): (readonly [name: string, value: string])[] {
  if (leftOut.length === 0) return [];
  const lists = leftOut.map(({ sheet, rows }) => `${sheetTitle(sheet, lang)} ${rows}`);
  return lang === 'zh'
    ? [['未列明细', `${lists.join('，')}：条数太多；请看较短期间或单个部门的报表`]]
    : [['Not listed', `${lists.join(', ')}: too many rows; ask for a shorter period, or for one department`]];
}

/** How far people have got with it; what nobody has to decide on is left out. */
function handlingLine({ sheets }: Report, lang: Language): (readonly [name: string, value: string])[] {
  const handling = sheets.find(({ id }) => id === 'handling');
  const counts = (handling?.columns ?? []).flatMap(({ id }, i) => {
    const count = handling?.totals?.[i] ?? 0;
    return id === 'said' || typeof count !== 'number' || count === 0 ? [] : [`${columnTitle(id, lang)} ${count}`];
  });
  const title = sheetTitle('handling', lang);
  return counts.length === 0 ? [] : [[title, counts.join(lang === 'zh' ? '，' : ', ')]];
}

const DEFINITIONS_ZH =
  '待定、未结束和看不到的，以及经人免责、认定误报或申诉撤销的，不计入任何比率，列在旁边；分母为零时写“—”。出勤率＝实到场次÷（实到＋未到）；有人负责率＝有人负责的时间÷（有人负责＋确定无人负责）；座位在岗率＝有人÷（有人＋无人）；顶岗及时率＝及时顶上÷需顶岗。';
const DEFINITIONS_EN =
  'What is pending, not over or unseen, and what people excused, found false or overturned, is part of no rate and stands beside it; a rate over nothing is “—”. Attendance = attended ÷ (attended + missed) sessions; covered = time held ÷ (held + certainly uncovered); seat occupied = occupied ÷ (occupied + empty); filled = filled in time ÷ cover needed.';
