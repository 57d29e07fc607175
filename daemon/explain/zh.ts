/** Explanations in Chinese: conclusion, regulation and arithmetic. Nobody is blamed before there is proof. */
import { DAEMON } from '../../rules/book.ts';
import type { Doubt, ExplainedOutage, Explanation, LeaveDays } from '../../rules/explanation.ts';
import type { Ms } from '../../rules/time.ts';
import { ruleName } from '../alerts/words.ts';
import { daysOf, lengthOf, type Phrases, type Section, shortHash, type Terms } from './terms.ts';
import {
  asideLines,
  deviceLines,
  deviceName,
  factText,
  leaveLines,
  outageText,
  parameterLines,
  planLines,
  punchLines,
  seatLines,
  weekdayName,
} from './zh-records.ts';

const NUMERALS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'] as const;

const HEADINGS: Readonly<Record<Section, string>> = {
  conclusion: '结论',
  regulation: '依据的规定',
  plan: '班次',
  punches: '打卡',
  seat: '在岗检测',
  leave: '请假外出',
  devices: '设备',
  parameters: '参数',
  arithmetic: '计算',
  aside: '未采用的记录',
};

export const CHINESE_UNITS = { h: '小时', min: '分', lastMin: '分钟', s: '秒', ms: '毫秒' };
export const namedInChinese = (name: string, id: string): string => `${name}（${id}）`;

export const CHINESE: Phrases = {
  title: (id) => `结论说明 ${id}`,
  heading: (number, section) => `${NUMERALS[number] ?? number}、${HEADINGS[section]}`,
  sections: {
    conclusion: tidy(conclusionLines),
    regulation: tidy(regulationLines),
    plan: tidy(planLines),
    punches: tidy(punchLines),
    seat: tidy(seatLines),
    leave: tidy(leaveLines),
    devices: tidy(deviceLines),
    parameters: tidy(parameterLines),
    arithmetic: tidy(arithmeticLines),
    aside: tidy((e, t) => (e.aside.length === 0 ? ['没有。'] : asideLines(e, t))),
  },
  leftOut: '其他人员的打卡、请假和安排不在此列出。',
  withdrawn: ({ id, rule, at, because, near, terms }) => [
    `结论 ${id}（${ruleName(rule, 'zh')}）已于 ${at} 撤销。`,
    ...withdrawnBecause(because, terms),
    ...nearLines(near),
  ],
  unknown: (id, near) => [`没有编号为 ${id} 的结论。`, ...nearLines(near)],
};

type Lines = Phrases['sections'][Section];

/** Figures and ids stand apart from Chinese by a space, but not where a full-width sign or Chinese follows Chinese. */
function tidy(lines: Lines): Lines {
  const tight = (line: string): string =>
    line.replace(/ ?([（）：，。；、—“”]) ?/g, '$1').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
  return (e, t) => lines(e, t).map(tight);
}

function withdrawnBecause(because: Parameters<Phrases['withdrawn']>[0]['because'], t: Terms): string[] {
  if (because === 'deadline') return ['撤销原因：随时间推移，情况已不符合该项规定，或者已改列其他结论。'];
  if (because === 'upgrade') return ['撤销原因：程序升级后，依据原有记录重新判定，不再成立。'];
  return ['撤销原因：以下记录入账后，原结论不再成立。', ...because.map((fact) => `  ${factText(fact, t)}。`)];
}

function nearLines(near: readonly string[]): string[] {
  return near.length === 0 ? [] : ['同一对象当日现有的结论：', ...near.map((id) => `  ${id}`)];
}

// ---- 结论 ----------------------------------------------------------------------------------------------------

function conclusionLines(e: Explanation, t: Terms): string[] {
  const [year, month, day] = e.day.date.split('-').map(Number);
  const date = `${year}年${month}月${day}日（${weekdayName(e.day.weekday)}），${subjectText(e, t)}。`;
  const asOf = `本说明依据截至 ${t.dateTime(e.now)} 已入账的记录。`;
  if (e.verdict.state !== 'pending') {
    const state = e.verdict.state === 'open' ? '状态：进行中。' : '状态：已结束。';
    return [date, firmText(e, t), ...notes(e, t), state, asOf];
  }
  const rule = ruleName(e.verdict.rule, 'zh');
  return [
    date,
    `状态：待定。现有证据不足，不能认定为${rule}。`,
    `已知情况：${knownText(e, t)}`,
    ...e.doubts.flatMap((doubt) => doubtLines(doubt, e, t)),
    asOf,
  ];
}

function subjectText({ subject, verdict }: Explanation, t: Terms): string {
  if (subject.of === 'window') return `窗口 ${t.window(subject.window)}，第${verdict.session}场`;
  if (subject.of === 'leave') return `${t.person(subject.employee)}，请假 ${subject.leave}`;
  return `${t.person(subject.employee)}，${subject.policy === 'day' ? '全日' : `第${subject.session}场`}`;
}

function firmText(e: Explanation, t: Terms): string {
  const { verdict, minutes, arithmetic } = e;
  const rule = ruleName(verdict.rule, 'zh');
  const lasts = verdict.state === 'open';
  switch (arithmetic.of) {
    case 'delay':
      return `${rule}${lasts ? '，截至目前' : ''} ${minutes} 分钟：${knownText(e, t)}`;
    case 'early':
    case 'run':
      return `${rule}${lasts ? '，截至目前' : ''} ${minutes} 分钟：${knownText(e, t)}`;
    case 'total':
      return `${rule} ${minutes} 分钟：${knownText(e, t)}`;
    case 'missing-in':
      return `${rule}（到岗）：${knownText(e, t)}`;
    case 'missing-out':
      return `${rule}（离岗）：${knownText(e, t)}`;
    case 'slip':
      return `${rule}：该次请假应当有请假条，截至目前没有。`;
  }
}

function runWords(rule: string): string {
  if (rule === 'missing-cover') return '没有已知的在岗人员负责，也未检测到座位有人，';
  if (rule === 'left-post') return '有在岗人员负责而座位检测为无人，';
  return rule === 'unverified-occupant' ? '座位有人而没有打卡说明是谁，' : '';
}

/** What is known, without calling it anything. */
function knownText({ arithmetic, verdict }: Explanation, t: Terms): string {
  switch (arithmetic.of) {
    case 'delay':
      if (arithmetic.ended === 'arrived')
        return `应于 ${t.time(arithmetic.a)} 到岗，到岗打卡为 ${t.time(arithmetic.at)}。`;
      return `应于 ${t.time(arithmetic.a)} 到岗，至 ${t.time(arithmetic.at)} 没有到岗打卡。`;
    case 'early':
      return `最后一次打卡为 ${t.time(arithmetic.at)}，应至 ${t.time(arithmetic.z)}。`;
    case 'missing-in':
      return `${t.time(arithmetic.departureAt)} 有离岗打卡，没有到岗打卡。`;
    case 'missing-out':
      return `${t.time(arithmetic.arrivalAt)} 有到岗打卡，至 ${t.time(arithmetic.outDeadlineAt)} 没有离岗打卡。`;
    case 'run':
      return `${runWords(verdict.rule)}自 ${t.time(arithmetic.from)} 至 ${t.time(arithmetic.to)}。`;
    case 'total': {
      const counted = arithmetic.absences.filter(({ counts }) => counts === 'counts');
      return `短时离座 ${counted.length} 次，合计 ${t.length(arithmetic.totalMs)}。`;
    }
    case 'slip':
      return '该次请假没有请假条记录。';
  }
}

function notes({ verdict, subject }: Explanation, t: Terms): string[] {
  const lines: string[] = [];
  if (verdict.atOpening === true) lines.push('该段自本场开始时起算，属于窗口未按时开窗。');
  if (verdict.rule === 'unverified-occupant') lines.push('本条仅供核实，不属于违规。');
  if (subject.of === 'window' && verdict.rule.startsWith('left-post')) {
    const began = verdict.rule === 'left-post' ? '离座开始时' : '首次离座时';
    lines.push(
      verdict.employee === null
        ? `${began}在岗的A岗不止一人，不指明个人。`
        : `${began}由 ${t.person(verdict.employee)} 负责。`,
    );
  }
  return lines;
}

function doubtLines(doubt: Doubt, e: Explanation, t: Terms): string[] {
  switch (doubt.reason) {
    case 'uncovered':
      return doubt.outages.map((outage) => `待定原因：${outageText(outage, t)}。${decidedBy(outage, e, t)}`);
    case 'seat-occupied':
      return doubt.seats.map(({ window, from, to }) => {
        const when = to === null ? `${t.time(from)} 起` : t.span({ from, to });
        return `待定原因：本人所在窗口 ${t.window(window)} ${when} 座位有人，可能是忘记打卡。核实后补卡，或者登记实际顶岗人员的，重新判定。`;
      });
    case 'ambiguous-punch':
      return [
        `待定原因：${t.time(doubt.touch.at)} 的打卡 ${doubt.touch.id} 早于两场的中点 ${t.time(doubt.middleAt)}，按规定计为上一场的离岗；但已晚于上一场结束（${t.time(doubt.z)}）超过 ${t.length(doubt.lunchNearMs)}，也可能是本场的到岗。核实后补卡的，重新判定。`,
      ];
    case 'unconfirmed':
      return [
        `待定原因：国家放假调休安排公布至 ${doubt.publishedUntil}，当日尚未公布。公布后更新日历，或者在配置、日期记录中明确当日上班或者休息的，重新判定。`,
      ];
    case 'blind':
      return [
        `待定原因：${doubt.unknown.map((span) => t.span(span)).join('、')} 座位状态未知，不能确定是否无人。收到该段时间的检测记录，或者登记实际顶岗人员的，重新判定。`,
      ];
  }
}

function decidedBy({ device, state, settledAt, proof }: ExplainedOutage, e: Explanation, t: Terms): string {
  const settle = t.length(lengthOf(e, 'settle'));
  if (state === 'lost') return '须待该设备报告补传完毕，方可判定；核实后补卡的，按补卡重新判定。';
  if (device === DAEMON) {
    return state === 'offline' || settledAt === null
      ? `${deviceName(device)}恢复满 ${settle}后判定。`
      : `${t.time(settledAt)} 后判定。`;
  }
  const proved = '该设备离线期间的打卡补传到账或者设备报告补传完毕';
  if (state === 'offline' || settledAt === null) return `须待设备恢复满 ${settle}，并且${proved}，方可判定。`;
  if (state === 'unproved') return `${proved}后，方可判定；核实后补卡的，按补卡重新判定。`;
  return proof === null ? `须待 ${t.time(settledAt)} 之后，并且${proved}，方可判定。` : `${t.time(settledAt)} 后判定。`;
}

// ---- 依据的规定 ------------------------------------------------------------------------------------------------

function regulationLines(e: Explanation, t: Terms): string[] {
  const { hash, effectiveFromAt } = e.config;
  const since =
    effectiveFromAt === null
      ? '由配置文件给出'
      : `自 ${t.dateTime(effectiveFromAt)} 起施行${effectiveFromAt > e.day.from ? '，此前没有其他配置，当日同样适用' : ''}`;
  return [ruleText(e, t), `当日适用的配置：${shortHash(hash)}，${since}。`];
}

function ruleText(e: Explanation, t: Terms): string {
  const of = (name: Parameters<typeof lengthOf>[1]): string => t.length(lengthOf(e, name));
  const { arithmetic } = e;
  switch (e.verdict.rule) {
    case 'late':
      return `到岗打卡晚于应到时间，超过 ${of('lateGrace')}而未超过 ${of('absentAfter')}的，为迟到；恰好等于限度的不计。自应到时间起算，不足 1 分钟的按 1 分钟计。`;
    case 'absent':
      return `到岗打卡晚于应到时间超过 ${of('absentAfter')}，或者整场没有到岗打卡的，为缺勤。自应到时间起算，不足 1 分钟的按 1 分钟计。`;
    case 'early-leave':
      return `离岗打卡认定时间已过，本场最后一次打卡在可以离岗的时间（应至时间前 ${of('earlyGrace')}）之前的，为早退。自该次打卡起算至应至时间，不足 1 分钟的按 1 分钟计。`;
    case 'missing-punch':
      return arithmetic.of === 'missing-in'
        ? '有离岗打卡而没有到岗打卡的，为缺卡，不再列为迟到或者缺勤；不计分钟。'
        : `有到岗打卡，至应至时间后 ${of('outWindow')}（下一场先到的，至下一场应到之时）仍没有离岗打卡的，为缺卡；不计分钟。因请假提前结束的场次不需要离岗打卡。`;
    case 'missing-cover':
      return `服务时间内，窗口没有在岗人员负责，也未检测到座位有人，持续达到 ${of('coverGrace')}的，为无人顶岗。`;
    case 'left-post':
      return `服务时间内，窗口有在岗人员负责而座位检测为无人，持续达到 ${of('leftPostAfter')}的，为脱岗；中途更换负责人的，连续计算。`;
    case 'left-post-total':
      return `同一场内，每次达到 ${of('minAway')}而不足 ${of('leftPostAfter')}的离座，合计达到 ${of('leftPostTotal')}的，为累计离岗。`;
    case 'unverified-occupant':
      return `服务时间内，窗口没有在岗人员负责而座位检测为有人，持续达到 ${of('coverGrace')}的，列为有人未登记，仅供核实。`;
    default:
      return slipRule(e);
  }
}

function slipRule({ arithmetic, parameters }: Explanation): string {
  if (arithmetic.of !== 'slip') throw new Error('no other rule is left');
  const kinds = parameters.flatMap((one) => (one.unit === 'kinds' ? one.value : [])).join('、');
  return `${kinds}一次超过 ${arithmetic.slipDays} 天，或者当月累计超过 ${arithmetic.slipMonthDays} 天的，应当有请假条；请假已经开始而没有请假条的，为请假条缺失。`;
}

// ---- 计算 ----------------------------------------------------------------------------------------------------

function arithmeticLines(e: Explanation, t: Terms): string[] {
  const { arithmetic, minutes, verdict } = e;
  const isPending = verdict.state === 'pending';
  const rule = ruleName(verdict.rule, 'zh');
  const firm = verdict.rule === 'unverified-occupant' ? '列为' : '为';
  const name = isPending ? `符合${rule}的时间条件，是否成立待定` : `${firm}${rule}`;
  const difference = (to: Ms, from: Ms, lengthMs: Ms): string =>
    `${t.time(to)} − ${t.time(from)} = ${t.length(lengthMs)}`;
  const counted = (lengthMs: Ms): string =>
    `${t.length(lengthMs)}，${isPending ? '如果成立，' : ''}计 ${minutes} 分钟。`;
  switch (arithmetic.of) {
    case 'delay': {
      const { a, at, ended, lengthMs, lateGraceMs, absentAfterMs } = arithmetic;
      const length = t.length(lengthMs);
      const isAbsent = verdict.rule === 'absent';
      const never = isAbsent && lengthMs <= absentAfterMs;
      const compared = never
        ? `至本场结束没有到岗打卡`
        : isAbsent
          ? `${length} > ${t.length(absentAfterMs)}（缺勤界限）`
          : `${t.length(lateGraceMs)}（迟到宽限） < ${length} ≤ ${t.length(absentAfterMs)}（缺勤界限）`;
      const lasts = ended === 'lasts' ? '（截至目前）' : '';
      return [`${difference(at, a, lengthMs)}${lasts}。`, `${compared}，${name}。`, counted(lengthMs)];
    }
    case 'early': {
      const { at, z, e: free, lengthMs, earlyGraceMs, outDeadlineAt } = arithmetic;
      return [
        `${t.time(at)} 早于可以离岗的 ${t.time(free)}（应至 ${t.time(z)}，宽限 ${t.length(earlyGraceMs)}）；至 ${t.time(outDeadlineAt)} 没有更晚的打卡，${name}。`,
        `${difference(z, at, lengthMs)}。`,
        counted(lengthMs),
      ];
    }
    case 'missing-in':
      return [`${t.span(arithmetic.searched)} 之间没有可以作为到岗的打卡，${name}。`, '不计分钟。'];
    case 'missing-out':
      return [
        `应至时间 ${t.time(arithmetic.z)} 后 ${t.length(arithmetic.outDeadlineAt - arithmetic.z)}，即至 ${t.time(arithmetic.outDeadlineAt)}，没有可以作为离岗的打卡，${name}。`,
        '不计分钟。',
      ];
    case 'run': {
      const { from, to, lengthMs, thresholdMs } = arithmetic;
      return [
        `${difference(to, from, lengthMs)}。`,
        `${t.length(lengthMs)} ≥ ${t.length(thresholdMs)}，${name}。`,
        counted(lengthMs),
      ];
    }
    case 'total': {
      const { absences, totalMs, thresholdMs } = arithmetic;
      const lines = absences.map(
        ({ from, to, lengthMs, counts }) => `${t.span({ from, to })}：${t.length(lengthMs)}，${COUNTS[counts]}。`,
      );
      return [...lines, `合计 ${t.length(totalMs)} ≥ ${t.length(thresholdMs)}，${name}。`, counted(totalMs)];
    }
    case 'slip': {
      const { own, slipDays, month, slipMonthDays, fires } = arithmetic;
      if (fires === 'own') return [...leaveDaysLines(own), `${daysText([own])} > ${slipDays} 天，${name}。`];
      return [...month.flatMap(leaveDaysLines), `当月合计 ${daysText(month)} > ${slipMonthDays} 天，${name}。`];
    }
  }
}

const COUNTS = {
  counts: '计入',
  short: '过短，不计',
  long: '已达脱岗时限，另列脱岗',
  lasts: '尚未结束，不计',
} as const;

function leaveDaysLines({ leave, dates }: LeaveDays): string[] {
  if (dates.length === 0) return [`${leave}：没有占用班次。`];
  const text = dates
    .map(({ date, coveredMs, ofMs }) => `${date} 占 ${daysOf([{ coveredMs, ofMs }]).text} 天`)
    .join('，');
  return [`${leave}：${text}。`];
}

function daysText(leaves: readonly LeaveDays[]): string {
  const { text, exact } = daysOf(leaves.flatMap(({ dates }) => dates));
  return `${exact ? '' : '约 '}${text} 天`;
}
