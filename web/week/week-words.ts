/** What the week's page says. */
import type { Language } from '../strings.ts';
import type { Proposal, WeekTrouble } from './week-data.ts';

export type CaseFilter = 'undecided' | 'missing' | 'all';

export interface WeekStrings {
  readonly title: string;
  readonly heading: (department: string, from: string, to: string) => string;
  readonly department: string;
  readonly previous: string;
  readonly next: string;
  readonly noDepartment: string;
  readonly grid: string;
  readonly person: string;
  readonly noPeople: string;
  readonly cell: (who: string, day: string, marks: string, cases: number) => string;
  readonly marks: Readonly<Record<string, string>>;
  readonly nothing: string;
  readonly cases: string;
  readonly filters: Readonly<Record<CaseFilter, string>>;
  readonly show: string;
  readonly only: (who: string, day: string) => string;
  readonly showAll: string;
  readonly noCases: string;
  readonly propose: string;
  readonly proposeTitle: string;
  readonly proposeLead: string;
  readonly proposals: Readonly<Record<Proposal, string>>;
  readonly noProposal: string;
  readonly remarkText: string;
  readonly remarkHint: string;
  readonly remarkGo: string;
  readonly remarkMissing: string;
  readonly remarked: string;
  readonly remarks: string;
  readonly remark: string;
  readonly unslipped: string;
  readonly unslippedLine: (name: string, kind: string, from: string, to: string, days: number) => string;
  readonly signing: string;
  readonly notOver: string;
  readonly mayNotSign: string;
  readonly signLead: (undecided: number) => string;
  readonly note: string;
  readonly noteHint: string;
  readonly sign: string;
  readonly signAgain: string;
  readonly signTitle: string;
  readonly signMeans: (people: number, cases: number) => string;
  readonly signedBy: (who: string, when: string) => string;
  readonly unchanged: string;
  readonly changedSince: string;
  readonly changedUnlisted: string;
  readonly change: (what: string, of: string) => string;
  readonly signed: string;
  readonly cancel: string;
  readonly working: string;
  readonly troubles: Readonly<Record<WeekTrouble, string>>;
}

const zh: WeekStrings = {
  title: '本部门一周',
  heading: (department, from, to) => `${department} ${from}—${to}`,
  department: '部门',
  previous: '上一周',
  next: '下一周',
  noDepartment: '没有您负责的部门。请管理员在账号里写明部门。',
  grid: '每人每天',
  person: '姓名',
  noPeople: '这一周此部门没有在册人员。',
  cell: (who, day, marks, cases) => `${who} ${day} ${marks}${cases > 0 ? `，${cases} 件，按下只看这些` : ''}`,
  marks: {
    present: '出勤',
    late: '迟到',
    early: '早退',
    absent: '缺勤',
    missing: '缺卡',
    pending: '待定',
    waived: '免责',
    leave: '请假',
    errand: '外出',
    pause: '暂停服务',
    ahead: '未结束',
    rest: '休息',
    commissioning: '试运行',
    none: '不在册',
  },
  nothing: '还没有记录',
  cases: '事项',
  filters: { undecided: '未裁定', missing: '缺卡', all: '全部' },
  show: '显示',
  only: (who, day) => `只看 ${who} ${day}`,
  showAll: '看全部',
  noCases: '没有这样的事项。',
  propose: '说明或建议',
  proposeTitle: '说明或建议',
  proposeLead: '督查裁定时会看到。建议不改变任何结论。',
  proposals: { confirm: '建议确认属实', excuse: '建议免责', 'false-alarm': '建议按误报处理' },
  noProposal: '只作说明',
  remarkText: '内容',
  remarkHint: '督查和本部门的首席代表能看到',
  remarkGo: '提交',
  remarkMissing: '请写明内容。',
  remarked: '已提交。',
  remarks: '说明与建议',
  remark: '写说明',
  unslipped: '请假没有请假条',
  unslippedLine: (name, kind, from, to, days) => `${name} ${kind} ${from}—${to}，${days} 天`,
  signing: '签认',
  notOver: '这一周还没有结束。周日过后可以签认。',
  mayNotSign: '由本部门的首席代表签认。',
  signLead: (undecided) =>
    undecided > 0 ? `还有 ${undecided} 件未裁定。可以先签认，以后裁定会列为签认后的变化。` : '没有未裁定的事项。',
  note: '附言',
  noteHint: '可不写',
  sign: '签认这一周',
  signAgain: '按现在的内容重新签认',
  signTitle: '签认这一周？',
  signMeans: (people, cases) =>
    `您签认已核对 ${people} 人一周的考勤和 ${cases} 件事项。以后有变化，会在这里标明，不会悄悄改掉。`,
  signedBy: (who, when) => `${who} ${when} 签认`,
  unchanged: '签认后没有变化。',
  changedSince: '签认后有变化：',
  changedUnlisted: '考勤或请假的数字有变化。',
  change: (what, of) => `${what}：${of}`,
  signed: '已签认。',
  cancel: '取消',
  working: '请稍候…',
  troubles: {
    'not-over': '这一周还没有结束。',
    'signed-already': '已经签认，此后没有变化。',
    changed: '您查看之后内容有变化。已显示最新内容，请再看一遍。',
    unavailable: '此刻不能记录：账本写不进去，或时间没有确认，看板上有说明。',
    'not-theirs': '这由本部门的首席代表来做，并且要本人登录。',
    'no-case': '这一周没有这件事项。',
    future: '这一周还没有开始。',
    commissioning: '这一周还在试运行，不计考勤。',
    'before-records': '这一周还没有记录。',
    'signed-out': '登录已失效，请重新登录。',
    unreachable: '没有取到，请稍后再试。',
  },
};

const en: WeekStrings = {
  title: 'The department’s week',
  heading: (department, from, to) => `${department}, ${from} – ${to}`,
  department: 'Department',
  previous: 'Week before',
  next: 'Week after',
  noDepartment: 'You answer for no department. An administrator can name it in your account.',
  grid: 'People and days',
  person: 'Name',
  noPeople: 'The department has nobody this week.',
  cell: (who, day, marks, cases) =>
    `${who}, ${day}: ${marks}${cases > 0 ? `; ${cases} ${cases === 1 ? 'case' : 'cases'}, press to see only these` : ''}`,
  marks: {
    present: 'present',
    late: 'late',
    early: 'left early',
    absent: 'absent',
    missing: 'missing punch',
    pending: 'pending',
    waived: 'waived',
    leave: 'leave',
    errand: 'errand',
    pause: 'pause',
    ahead: 'not over',
    rest: 'rest',
    commissioning: 'commissioning',
    none: 'not employed',
  },
  nothing: 'nothing recorded yet',
  cases: 'Cases',
  filters: { undecided: 'Not decided', missing: 'Missing punches', all: 'All' },
  show: 'Show',
  only: (who, day) => `Only ${who}, ${day}`,
  showAll: 'Show all',
  noCases: 'There are no such cases.',
  propose: 'Remark or propose',
  proposeTitle: 'Remark or proposal',
  proposeLead: 'Supervision sees it when they decide. A proposal changes nothing by itself.',
  proposals: { confirm: 'Propose to confirm', excuse: 'Propose to excuse', 'false-alarm': 'Propose a false alarm' },
  noProposal: 'Remark only',
  remarkText: 'What is to be said',
  remarkHint: 'Seen by supervision and the department’s chief',
  remarkGo: 'Send',
  remarkMissing: 'Say what it is.',
  remarked: 'Sent.',
  remarks: 'Remarks and proposals',
  remark: 'Write a remark',
  unslipped: 'Leave without a slip',
  unslippedLine: (name, kind, from, to, days) =>
    `${name}: ${kind}, ${from} – ${to}, ${days} ${days === 1 ? 'day' : 'days'}`,
  signing: 'Sign-off',
  notOver: 'The week is not over. It can be signed off after Sunday.',
  mayNotSign: 'The department’s chief signs it off.',
  signLead: (undecided) =>
    undecided > 0
      ? `${undecided} cases are not decided. It can be signed already: what is decided later is listed as a change.`
      : 'Nothing is undecided.',
  note: 'Note',
  noteHint: 'If you like',
  sign: 'Sign this week off',
  signAgain: 'Sign again as it is now',
  signTitle: 'Sign this week off?',
  signMeans: (people, cases) =>
    `You sign that you have gone through a week of ${people} people and ${cases} cases. What changes later is said here, never silently.`,
  signedBy: (who, when) => `Signed off by ${who}, ${when}`,
  unchanged: 'Nothing has changed since.',
  changedSince: 'Changed since it was signed:',
  changedUnlisted: 'Figures of attendance or leave have changed.',
  change: (what, of) => `${what}: ${of}`,
  signed: 'Signed off.',
  cancel: 'Cancel',
  working: 'One moment…',
  troubles: {
    'not-over': 'The week is not over.',
    'signed-already': 'It has been signed, and nothing has changed since.',
    changed: 'It has changed since you looked. This is what it is now; please look again.',
    unavailable:
      'Nothing can be noted at present: the ledger cannot be written, or the time is in doubt; the board says which.',
    'not-theirs': 'The department’s chief does this, signed in as a person.',
    'no-case': 'There is no such case in this week.',
    future: 'The week has not begun.',
    commissioning: 'The week was before commissioning: nothing is counted.',
    'before-records': 'There are no records of this week.',
    'signed-out': 'You are not signed in any more.',
    unreachable: 'It could not be had; try again later.',
  },
};

export function weekStrings(language: Language): WeekStrings {
  return language === 'en' ? en : zh;
}
