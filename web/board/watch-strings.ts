/** Words of what supervision keeps an eye on besides cases: windows that ask to be seen, and silences. */
import type { Language } from '../strings.ts';

export interface WatchStrings {
  readonly title: string;
  readonly asks: (window: string, time: string, until: string) => string;
  readonly seen: string;
  readonly notSeen: string;
  readonly silence: string;
  readonly silenced: (what: string, from: string, to: string) => string;
  readonly planned: (what: string, from: string, to: string) => string;
  readonly because: (reason: string, by: string) => string;
  readonly end: string;
  readonly lead: string;
  readonly windows: string;
  readonly windowsHint: string;
  readonly department: string;
  readonly rule: string;
  readonly device: string;
  readonly deviceHint: string;
  readonly any: string;
  readonly length: string;
  readonly minutes: (count: number) => string;
  readonly reason: string;
  readonly go: string;
  readonly cancel: string;
  readonly working: string;
  readonly comma: string;
  readonly somebody: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly troubles: Readonly<Record<string, string>>;
  readonly failed: string;
}

const zh: WatchStrings = {
  title: '值守',
  asks: (window, time, until) => `${window} 请求见证：${time} 称座位上有人，请到窗口看一看（到 ${until} 为止）`,
  seen: '看到有人在岗',
  notSeen: '没有看到人',
  silence: '静默…',
  silenced: (what, from, to) => `静默中 ${from}–${to}：${what}`,
  planned: (what, from, to) => `将静默 ${from}–${to}：${what}`,
  because: (reason, by) => `${reason}（${by}）`,
  end: '提前结束',
  lead: '静默期间不再通知符合以下各项的告警；案件、统计照常。此前已通知过的，其结束和更正照发。结束时仍在持续的会补发。',
  windows: '窗口',
  windowsHint: '窗口编号，多个用空格隔开；不填则不限',
  department: '部门',
  rule: '规则',
  device: '设备',
  deviceHint: '摄像头或考勤机的编号，指它所看的窗口、在它上打卡的人；不填则不限',
  any: '不限',
  length: '多久',
  minutes: (count) => (count % 60 === 0 ? `${count / 60} 小时` : `${count} 分钟`),
  reason: '原因（必填）',
  go: '开始静默',
  cancel: '取消',
  working: '正在提交…',
  comma: '，',
  somebody: '未署名',
  rules: {
    late: '迟到',
    absent: '缺勤',
    'early-leave': '早退',
    'missing-punch': '缺卡',
    'missing-cover': '无人顶岗',
    'left-post': '脱岗',
    'left-post-total': '累计离岗',
    'unverified-occupant': '有人未登记',
    'leave-slip': '请假条缺失',
  },
  troubles: {
    'of-nothing': '请至少写明窗口、部门、规则、设备中的一项。',
    unknown: '所写的窗口或设备不在大厅的配置里，请核对编号。',
    'too-long': '超过了一次静默允许的最长时间。',
    over: '这条静默已经结束。',
    'not-asked': '这条请求已经有人答复，或已过期。',
    'own-window': '不能为自己所在的窗口见证。',
    unavailable: '此刻不能记录：账本写不进去，或时间没有确认，看板上有说明。',
    reason: '请写明原因。',
  },
  failed: '没有成功，请稍后再试。',
};

const en: WatchStrings = {
  title: 'Watch',
  asks: (window, time, until) =>
    `${window} asks to be seen: said at ${time} that somebody is there. Please go and look (until ${until})`,
  seen: 'Somebody is there',
  notSeen: 'Nobody seen',
  silence: 'Silence…',
  silenced: (what, from, to) => `Silenced ${from}–${to}: ${what}`,
  planned: (what, from, to) => `To be silenced ${from}–${to}: ${what}`,
  because: (reason, by) => `${reason} (${by})`,
  end: 'End now',
  lead: 'Nobody is told of alerts that fit all of this; cases and figures go on. Whoever was told before hears of the end and of corrections. What still lasts at the end is told then.',
  windows: 'Windows',
  windowsHint: 'Their ids with spaces between; left empty, any',
  department: 'Department',
  rule: 'Rule',
  device: 'Device',
  deviceHint: 'The id of a camera or clock: the windows it sees, the people who punch there; left empty, any',
  any: 'any',
  length: 'For how long',
  minutes: (count) => (count % 60 === 0 ? `${count / 60} h` : `${count} min`),
  reason: 'Reason (required)',
  go: 'Silence',
  cancel: 'Cancel',
  working: 'One moment…',
  comma: ', ',
  somebody: 'unsigned',
  rules: {
    late: 'late',
    absent: 'absent',
    'early-leave': 'left early',
    'missing-punch': 'missing punch',
    'missing-cover': 'not covered',
    'left-post': 'left post',
    'left-post-total': 'left post in all',
    'unverified-occupant': 'unregistered occupant',
    'leave-slip': 'missing leave slip',
  },
  troubles: {
    'of-nothing': 'Name a window, department, rule or device at least.',
    unknown: 'The hall knows no such window or device; check the ids.',
    'too-long': 'That is longer than a silence may be.',
    over: 'This silence is over.',
    'not-asked': 'Somebody has answered, or it is too late.',
    'own-window': 'Nobody sees for the window at which they sit.',
    unavailable:
      'Nothing can be noted at present: the ledger cannot be written, or the time is in doubt; the board says which.',
    reason: 'Write down why.',
  },
  failed: 'That did not work; try again later.',
};

export const WATCH: Readonly<Record<Language, WatchStrings>> = { zh, en };
