/** Alerts in words. Whatever is pending names nobody. */

import type { Op } from '../../rules/changes.ts';
import type { Hall } from '../../rules/hall.ts';
import { dateOf, formatInstant } from '../../rules/time.ts';
import { minutesOf, type Verdict } from '../../rules/verdict.ts';

export type Language = 'zh' | 'en';

const RULES_ZH: Readonly<Record<string, string>> = {
  late: '迟到',
  absent: '缺勤',
  'early-leave': '早退',
  'missing-punch': '缺卡',
  'missing-cover': '无人顶岗',
  'left-post': '脱岗',
  'left-post-total': '累计离岗',
  'unverified-occupant': '有人未登记',
  'leave-slip': '请假条缺失',
};
const RULES_EN: Readonly<Record<string, string>> = {
  late: 'late',
  absent: 'absent',
  'early-leave': 'left early',
  'missing-punch': 'missing punch',
  'missing-cover': 'not covered',
  'left-post': 'left post',
  'left-post-total': 'left post in all',
  'unverified-occupant': 'unregistered occupant',
  'leave-slip': 'missing leave slip',
};
const BECAUSE_ZH: Readonly<Record<string, string>> = {
  uncovered: '打卡设备或系统曾离线，记录可能还没有到',
  'seat-occupied': '座位上有人，可能是忘记打卡',
  'ambiguous-punch': '午间一次打卡可能是返岗',
  unconfirmed: '当日日历尚未公布',
  blind: '看不清座位',
};
const BECAUSE_EN: Readonly<Record<string, string>> = {
  uncovered: 'a clock or the system was offline, punches may still come',
  'seat-occupied': 'somebody sat there, a punch may have been forgotten',
  'ambiguous-punch': 'one touch at noon may have been the return',
  unconfirmed: 'the calendar of that date is not published yet',
  blind: 'the seat could not be seen',
};

const clockTime = (hall: Hall, at: number): string => formatInstant(hall.zone, at).slice(11, 16);

/** What people call a rule. */
export function ruleName(rule: string, language: Language): string {
  return (language === 'zh' ? RULES_ZH : RULES_EN)[rule] ?? rule;
}

/** Every rule that has a name. */
export const NAMED_RULES: readonly string[] = Object.keys(RULES_ZH);

/** Above every message. */
export function heading(hall: string, language: Language): string {
  return language === 'zh' ? `${hall} 在岗` : `${hall} Zaigang`;
}

/** What stands for lines that found no room in a message. */
export function linesMore(count: number, language: Language): string {
  return language === 'zh' ? `…另有 ${count} 条` : `…and ${count} more`;
}

/** What a mail says of a file that does not go with it. */
export function notAttached(name: string, because: 'too-large' | 'gone', language: Language): string {
  if (language === 'zh')
    return `未附 ${name}：${because === 'gone' ? '文件已不在原处或已改动' : '超过邮件附件的大小限制'}`;
  return `${name} is not attached: ${because === 'gone' ? 'it is gone or was changed' : 'larger than mails may be'}`;
}

/** Asked of the person themself: nothing has been decided, and there may be a good reason. */
export function question(hall: Hall, verdict: Verdict, language: Language): string {
  const from = clockTime(hall, verdict.from);
  return language === 'zh'
    ? `${from} 的班还没有收到您的打卡。如已到岗或另有安排，请告知首席代表。`
    : `Your punch for ${from} has not arrived. If you are there, or elsewhere on purpose, please tell your chief.`;
}

/** One sentence for people about a change of a verdict, as seen at `now`. */
export function sentence(hall: Hall, op: Op, verdict: Verdict, now: number, language: Language): string {
  return language === 'zh' ? inChinese(hall, op, verdict, now) : inEnglish(hall, op, verdict, now);
}

function inChinese(hall: Hall, op: Op, verdict: Verdict, now: number): string {
  const rule = ruleName(verdict.rule, 'zh');
  const from = clockTime(hall, verdict.from);
  const subject = subjectOf(hall, verdict, (window) => `${window}窗口`, '一名窗口人员');
  if (op === 'retract') return `更正：${dateOf(verdict.day)} ${subject} ${from} 的“${rule}”已撤销。`;
  if (verdict.state === 'pending') {
    return `待定：${dateOf(verdict.day)} ${subject} ${from} 起的情况暂不下结论（${BECAUSE_ZH[verdict.because ?? ''] ?? ''}）。`;
  }
  return `${subject} ${rule}：${whatInChinese(hall, verdict, minutesOf(verdict, now))}。`;
}

function whatInChinese(hall: Hall, verdict: Verdict, minutes: number): string {
  const [from, to] = [clockTime(hall, verdict.from), verdict.to === null ? null : clockTime(hall, verdict.to)];
  switch (verdict.rule) {
    case 'early-leave':
      return `${from} 离开，应值守至 ${to}，早 ${minutes} 分钟`;
    case 'missing-punch':
      return verdict.side === 'in' ? `${from} 上班没有打卡` : `${from} 下班没有打卡`;
    case 'left-post-total':
      return `${from}—${to} 之间多次离座，合计 ${minutes} 分钟${atPost(hall, verdict, '，当时负责的是')}`;
    case 'leave-slip':
      return `${dateOf(verdict.day)} ${from} 起的请假还没有请假条`;
  }
  const opening = verdict.atOpening === true ? '，未按时开窗' : '';
  const length = to === null ? `${from} 起，已 ${minutes} 分钟` : `${from}—${to}，共 ${minutes} 分钟`;
  return `${length}${opening}${atPost(hall, verdict, '，当时负责的是')}`;
}

function inEnglish(hall: Hall, op: Op, verdict: Verdict, now: number): string {
  const rule = ruleName(verdict.rule, 'en');
  const from = clockTime(hall, verdict.from);
  const subject = subjectOf(hall, verdict, (window) => `window ${window}`, 'an employee');
  if (op === 'retract')
    return `Correction: "${rule}" of ${subject}, ${dateOf(verdict.day)} ${from}, has been withdrawn.`;
  if (verdict.state === 'pending') {
    return `Undecided: ${subject}, ${dateOf(verdict.day)} from ${from} (${BECAUSE_EN[verdict.because ?? ''] ?? ''}).`;
  }
  return `${subject} ${rule}: ${whatInEnglish(hall, verdict, minutesOf(verdict, now))}.`;
}

function whatInEnglish(hall: Hall, verdict: Verdict, minutes: number): string {
  const [from, to] = [clockTime(hall, verdict.from), verdict.to === null ? null : clockTime(hall, verdict.to)];
  switch (verdict.rule) {
    case 'early-leave':
      return `gone at ${from}, due to stay until ${to}, ${minutes} min early`;
    case 'missing-punch':
      return verdict.side === 'in' ? `no punch for coming at ${from}` : `no punch for going at ${from}`;
    case 'left-post-total':
      return `away several times between ${from} and ${to}, ${minutes} min in all${atPost(hall, verdict, ', in charge then')}`;
    case 'leave-slip':
      return `the leave from ${dateOf(verdict.day)} ${from} on has no slip yet`;
  }
  const opening = verdict.atOpening === true ? ', not opened on time' : '';
  const length = to === null ? `since ${from}, ${minutes} min so far` : `${from}–${to}, ${minutes} min`;
  return `${length}${opening}${atPost(hall, verdict, ', in charge then')}`;
}

/** Who held the window when its seat was left; nobody where that cannot be said. */
function atPost(hall: Hall, { window, employee }: Verdict, words: string): string {
  if (window === null || employee === null) return '';
  return `${words} ${hall.employees.get(employee)?.name ?? employee}`;
}

function subjectOf(hall: Hall, verdict: Verdict, ofWindow: (name: string) => string, someone: string): string {
  if (verdict.window !== null)
    return ofWindow(`${verdict.window} ${hall.windows.get(verdict.window)?.name ?? ''}`.trim());
  if (verdict.state === 'pending') return someone;
  if (verdict.employee === null) return `${hall.departments.get(verdict.department ?? '') ?? ''} ${someone}`.trim();
  return hall.employees.get(verdict.employee)?.name ?? verdict.employee;
}
