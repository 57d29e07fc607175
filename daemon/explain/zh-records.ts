/** Explanations in Chinese: the records, that is plan, punches, seats, leave, devices, parameters and what was set aside. */
import { DAEMON } from '../../rules/book.ts';
import type {
  AsideFact,
  Candidate,
  ExplainedDay,
  ExplainedOutage,
  ExplainedPerson,
  ExplainedSchedule,
  ExplainedWindow,
  Explanation,
  HeldStretch,
  PlannedSession,
  RoleHolders,
  UsedFact,
} from '../../rules/explanation.ts';
import type { Fact, PresenceState, PunchFact } from '../../rules/facts.ts';
import type { Origin, Parameter } from '../../rules/parameters.ts';
import type { Thresholds } from '../../rules/thresholds.ts';
import { type Terms, usedIn } from './terms.ts';

const WEEKDAYS = ['星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日'] as const;
export const weekdayName = (weekday: number): string => WEEKDAYS[weekday - 1] ?? '';

const SEAT: Readonly<Record<PresenceState, string>> = { occupied: '有人', empty: '无人', unknown: '状态未知' };
export const seatName = (state: PresenceState): string => SEAT[state];

export const deviceName = (id: string): string => (id === DAEMON ? '本系统' : `设备 ${id} `);

// ---- 班次 ----------------------------------------------------------------------------------------------------

export function planLines(e: Explanation, t: Terms): string[] {
  const { day, subject } = e;
  const entered = usedIn(e, 'employee').map(({ fact }) => `依据${factText(fact, t)}。`);
  if (subject.of === 'leave') return [dayText(day), ...entered];
  const lines = [dayText(day), ...entered, scheduleText(subject.schedule)];
  return subject.of === 'person'
    ? [...lines, ...personLines(subject, t)]
    : [
        ...lines,
        ...subject.planned.map((session) => serviceText(session, t)),
        ...subject.roles.map((one) => roleText(one, subject, t)),
      ];
}

function dayText({ weekday, kind, by, publishedUntil }: ExplainedDay): string {
  const is = kind === 'rest' ? '休息' : '上班';
  if (typeof by === 'object') return `日期记录 ${by.fact} 指定当日${is}。`;
  if (by === 'config') return `配置的日历指定当日${is}。`;
  if (by === 'national') return `国家放假调休安排：当日${is}。`;
  if (kind === 'unconfirmed')
    return `国家放假调休安排公布至 ${publishedUntil}，当日尚未公布，暂按${weekdayName(weekday)}对待。`;
  return `当日为${weekdayName(weekday)}，没有另行规定。`;
}

function scheduleText(schedule: ExplainedSchedule | null): string {
  if (schedule === null) return '本人没有固定作息，班次只有值班安排。';
  const version = schedule.versionFrom === null ? '' : `（${schedule.versionFrom} 起的版本）`;
  if (schedule.weekday === null) return `作息 ${schedule.id}${version}：当日没有班次。`;
  return `作息 ${schedule.id}${version}：适用${weekdayName(schedule.weekday)}的班次。`;
}

const POLICIES: Readonly<Record<ExplainedPerson['policy'], string>> = {
  session: '打卡方式：每场到岗、离岗各打一次。',
  day: '打卡方式：全日首次为到岗，末次为离岗。',
  in: '打卡方式：每场只打到岗。',
};

function personLines(person: ExplainedPerson, t: Terms): string[] {
  const lines = person.planned.map((session) => {
    const owed = person.owed.some(({ number }) => number === session.number);
    const excused = person.policy === 'day' || owed ? '' : '；全部在请假或者暂停服务时间内，免予考勤';
    return `第${session.number}场：${t.span(session)}${dutiesText(session)}${excused}。`;
  });
  const owed = person.owed.map(({ number, a, z, e, outDeadlineAt }) => {
    const which = person.policy === 'day' ? '全日合为一场' : `第${number}场`;
    const leaving =
      person.policy === 'in' ? '' : `，${t.time(e)} 起可以离岗，离岗打卡认定至 ${t.time(outDeadlineAt)} 为止`;
    const judged = number === person.session ? '（本结论所涉的一场）' : '';
    return `${which}应到 ${t.time(a)}，应至 ${t.time(z)}${leaving}${judged}。`;
  });
  return [POLICIES[person.policy], ...lines, ...owed];
}

function dutiesText({ duties }: PlannedSession): string {
  return duties.length === 0 ? '' : `（含值班 ${duties.join('、')}）`;
}

function serviceText(session: PlannedSession, t: Terms): string {
  const cuts = session.cuts.map((cut) => `${t.span(cut)} 暂停服务（${cut.fact}）`);
  return `第${session.number}场服务时间：${t.span(session)}${cuts.length === 0 ? '' : `，其中 ${cuts.join('，')}`}。`;
}

function roleText({ role, from, people, assign }: RoleHolders, { run }: ExplainedWindow, t: Terms): string {
  const when = from === run.from ? '' : `自 ${t.time(from)} 起，`;
  if (people.length === 0) return `${when}${role}岗：未设。`;
  const who = people.map((id) => t.person(id)).join('、');
  return `${when}${role}岗：${who}，依据${assign === null ? '配置' : `岗位安排 ${assign}`}。`;
}

// ---- 打卡 ----------------------------------------------------------------------------------------------------

const ROLES: Readonly<Partial<Record<UsedFact['role'], string>>> = {
  arrival: '到岗',
  departure: '离岗',
  'ambiguous-touch': '计为上一场离岗',
};

export function punchLines(e: Explanation, t: Terms): string[] {
  if (e.subject.of === 'leave') return [];
  const punches = usedIn(e, 'arrival', 'departure', 'ambiguous-touch');
  if (e.subject.of === 'window') {
    const { candidates, held, next, run } = e.subject;
    const people = candidates.map((one) => candidateText(one, punches, t));
    const nobody = people.length === 0 ? ['没有可以负责本窗口的人员。'] : [];
    const after = next === null ? [] : [`${t.time(next.from)} 起：${holderText(next, t)}。`];
    const ended = next === null && !run.lasts ? [`${t.time(run.to)} 该段服务时间结束。`] : [];
    return [...people, ...nobody, ...mappingLines(e, t), ...held.map((one) => heldText(one, t)), ...after, ...ended];
  }
  if (punches.length === 0) return ['本场没有可以采用的打卡。'];
  const lines = punches.map(({ fact, role }) => `${punchText(fact as PunchFact, t)}：${ROLES[role]}。`);
  return [...lines, ...mappingLines(e, t)];
}

/** Whose a credential is, where a fact says it. */
function mappingLines(e: Explanation, t: Terms): string[] {
  return usedIn(e, 'credential').map(({ fact }) => `依据${factText(fact, t)}。`);
}

export function punchText(punch: PunchFact, t: Terms): string {
  const marks = [
    ...(punch.method === 'correction' ? ['补卡'] : []),
    ...(punch.method === 'manual' ? ['临时签到'] : []),
    ...(punch.device === undefined ? [] : [`设备 ${punch.device}`]),
    ...(punch.credential === undefined ? [] : [`卡号 ${punch.credential}`]),
    ...(punch.deviceAt === undefined || punch.deviceAt === punch.at ? [] : [`设备时间 ${t.time(punch.deviceAt)}`]),
  ];
  return `${t.time(punch.at)} 打卡 ${punch.id}${marks.length === 0 ? '' : `（${marks.join('，')}）`}`;
}

function candidateText(
  { employee, roles, present, elsewhere }: Candidate,
  punches: readonly UsedFact[],
  t: Terms,
): string {
  const names = roles.map((role) => (role === 'cover' ? '临时顶岗' : `${role}岗`));
  const theirs = punches.filter((one) => one.employee === employee);
  const said = theirs.map(({ fact, role }) => `${t.time((fact as PunchFact).at)} ${ROLES[role]}（${fact.id}）`);
  const there =
    present.length === 0 ? '本段时间不在岗' : `本段时间按打卡在岗：${present.map((span) => t.span(span)).join('、')}`;
  const busy = elsewhere.map((one) => `${t.span(one)} 负责 ${t.window(one.window)}`);
  const parts = [said.length === 0 ? '当日没有可以采用的打卡' : `打卡 ${said.join('、')}`, there, ...busy];
  return `${t.person(employee)}${names.length === 0 ? '' : `，${names.join('、')}`}：${parts.join('；')}。`;
}

const STEPS = { 1: '按临时顶岗安排', 2: '到该座位就座的B岗', 3: 'A岗', 4: '按B岗次序' } as const;

function holderText({ holder, step, seat }: HeldStretch, t: Terms): string {
  const who = holder === null || step === null ? '无在岗人员负责' : `由 ${t.person(holder)} 负责（${STEPS[step]}）`;
  return `${who}，座位${SEAT[seat]}`;
}

function heldText(stretch: HeldStretch, t: Terms): string {
  return `${t.span(stretch)}：${holderText(stretch, t)}。`;
}

// ---- 在岗检测、请假外出 ----------------------------------------------------------------------------------------

export function seatLines({ subject, doubts }: Explanation, t: Terms): string[] {
  if (subject.of === 'leave') return [];
  if (subject.of === 'window') {
    const { watched, stretches, sources, samples } = subject.seat;
    if (!watched) return ['该窗口当日没有在岗检测记录。'];
    const from = sources.length === 0 ? '' : `，来源 ${sources.join('、')}`;
    return [
      ...stretches.map((stretch) => `${t.span(stretch)}：${SEAT[stretch.state]}。`),
      samples === 0
        ? `本段时间内没有新的检测记录，沿用此前的状态${from}。`
        : `本段时间内有检测记录 ${samples} 条${from}；短时中断和瞬时有人已按规定归并。`,
    ];
  }
  const seats = doubts.flatMap((doubt) => (doubt.reason === 'seat-occupied' ? doubt.seats : []));
  if (seats.length === 0) return ['没有影响本结论的在岗检测情况。'];
  return seats.map(({ window, from, to }) => {
    const until = to === null ? `${t.time(from)} 起` : t.span({ from, to });
    return `${t.window(window)}：${until} 座位有人，没有打卡说明是谁。`;
  });
}

export function leaveLines(e: Explanation, t: Terms): string[] {
  const facts = usedIn(e, 'leave', 'leave-of-month', 'pause', 'duty', 'cover', 'assign');
  if (facts.length === 0) return ['没有影响本结论的请假、暂停服务、值班或者顶岗安排。'];
  return facts.map(({ fact }) => `${factText(fact, t)}。`);
}

// ---- 设备 ----------------------------------------------------------------------------------------------------

export function deviceLines({ coverage }: Explanation, t: Terms): string[] {
  if (coverage === null) return [];
  const { searched, devices, outages, awaited } = coverage;
  const names = devices.map((id) => deviceName(id).trim()).join('、');
  const lines = [`如有尚未收到的打卡，应在 ${t.span(searched)} 之间；可能由下列设备记录或者接收：${names}。`];
  if (!awaited) lines.push('本段座位全程检测为无人，按规定不等候打卡设备。');
  if (outages.length === 0) return [...lines, '该段时间内没有离线记录。'];
  return [...lines, ...outages.map((outage) => `${outageText(outage, t)}。`)];
}

export function outageText({ device, from, to, state, settledAt, proof }: ExplainedOutage, t: Terms): string {
  const name = deviceName(device);
  const away = device === DAEMON ? '停止运行' : '离线';
  if (to === null || settledAt === null) return `${name}自 ${t.time(from)} 起${away}，至今没有恢复`;
  if (state === 'lost') return `${name}在 ${t.span({ from, to })} 上报的记录已随旧账本丢失，尚未证明全部重新收齐`;
  const when = `${name}在 ${t.span({ from, to })} ${away}`;
  if (state === 'settling') return `${when}，刚刚恢复，补传等候至 ${t.time(settledAt)}`;
  if (state === 'unproved') return `${when}，恢复后没有记录能够证明其离线期间仍在正常记录`;
  return proof === null ? `${when}，恢复后积压的记录已经收齐` : `${when}，记录 ${proof} 证明离线期间的打卡没有丢失`;
}

// ---- 参数 ----------------------------------------------------------------------------------------------------

const PARAMETERS: Readonly<Record<keyof Thresholds, string>> = {
  dedupe: '重复打卡间隔',
  lateGrace: '迟到宽限',
  earlyGrace: '早退宽限',
  absentAfter: '缺勤界限',
  outWindow: '离岗打卡认定时间',
  settle: '设备恢复后的补传等候',
  joinGap: '相邻班次合并间隔',
  minBreak: '场间两次打卡的最短间隔',
  lunchNear: '场间打卡临近上一场的界限',
  coverGrace: '顶岗时限',
  leftPostAfter: '脱岗时限',
  minAway: '计入累计的最短离座',
  leftPostTotal: '累计离岗限度',
  bridge: '检测中断归并',
  minReturn: '最短有效返座',
  offlineAfter: '设备失联判定',
  deliveryLag: '打卡送达等候',
  forecastDays: '缺岗预警天数',
  slipKinds: '须有请假条的假别',
  slipDays: '单次请假限度',
  slipMonthDays: '当月累计请假限度',
};

export function parameterLines({ parameters }: Explanation, t: Terms): string[] {
  return parameters.map(
    (one) => `${PARAMETERS[one.name]}（${one.name}）：${valueText(one, t)}，${originText(one.origin)}。`,
  );
}

function valueText(parameter: Parameter, t: Terms): string {
  if (parameter.unit === 'ms') return t.length(parameter.value);
  return parameter.unit === 'days' ? `${parameter.value} 天` : parameter.value.join('、') || '无';
}

function originText(origin: Origin): string {
  if (origin.level === 'default') return '默认值';
  if (origin.level === 'hall') return '大厅规定';
  return origin.level === 'schedule' ? `作息 ${origin.id} 规定` : `窗口 ${origin.id} 规定`;
}

// ---- 未采用的记录 ----------------------------------------------------------------------------------------------

export function asideLines(e: Explanation, t: Terms): string[] {
  return e.aside.map((one) => {
    const whose =
      e.subject.of === 'window' && one.employee !== null && one.fact.fact === 'punch'
        ? `${t.person(one.employee)} `
        : '';
    return `${whose}${factText(one.fact, t)}：${asideText(one, t)}。`;
  });
}

function asideText({ why, fact, session, by, limitMs }: AsideFact, t: Terms): string {
  const other = by === null ? '另一条记录' : `记录 ${by} `;
  const limit = t.length(limitMs ?? 0);
  switch (why) {
    case 'cancelled':
      return `已由${other}取消`;
    case 'simulated':
      return '模拟打卡，不计';
    case 'not-yet-known':
      return `${t.dateTime(fact.recordedAt)} 才入账，晚于本说明的截止时间`;
    case 'after-now':
      return '晚于本说明的截止时间';
    case 'repeat':
      return `与${other}是同一次打卡，重复上传只计一次`;
    case 'dedupe':
      return `与${other}相隔不超过 ${limit}，计为一次`;
    case 'other-session':
      return `已计为第${session}场的到岗或者离岗`;
    case 'not-earliest':
      return `场次开始前以最早一次为到岗，已取${other.trim()}`;
    case 'one-touch':
      return `场间首末两次相隔不足 ${limit}，合为一次，已取${other.trim()}`;
    case 'gap-middle':
      return '场间只取首次和末次';
    case 'not-last':
      return `场间只取末次，已取${other.trim()}`;
    case 'door':
      return '门禁记录，在场次之内不能作为离岗';
    case 'undecided':
      return `第${session}场的离岗尚未到认定时间`;
    case 'inside':
      return `在第${session}场之内，既不是到岗也不是最后一次`;
    case 'arrivals-only':
      return '本作息只计到岗';
    case 'not-latest':
      return `最后一场结束后以最后一次为离岗，已取${other.trim()}`;
    case 'no-session':
      return '本人当日没有应到的班次';
    case 'not-judged':
      return '本人当日不在考勤范围之内';
    case 'outranked':
      return `以${other}为准`;
  }
}

/** A fact in a few words. */
export function factText(fact: Fact, t: Terms): string {
  switch (fact.fact) {
    case 'punch':
      return punchText(fact, t);
    case 'presence':
      return `${t.time(fact.at)} 在岗检测 ${fact.id}（${SEAT[fact.state]}）`;
    case 'leave':
      return `${t.person(fact.employee)} 的${fact.kind} ${fact.id}（${t.dateTime(fact.from)} 至 ${t.dateTime(fact.to)}）`;
    case 'slip':
      return `${t.time(fact.at)} 请假条 ${fact.id}（请假 ${fact.leave}）`;
    case 'cover':
      return `${t.person(fact.employee)} 的临时顶岗 ${fact.id}（${t.span(fact)}）`;
    case 'duty':
      return `${t.person(fact.employee)} 的值班 ${fact.id}（${t.span(fact)}）`;
    case 'pause':
      return `${fact.window === undefined ? '全厅' : t.window(fact.window)}暂停服务 ${fact.id}（${t.span(fact)}${fact.reason ? `，${fact.reason}` : ''}）`;
    case 'assign':
      return `${t.window(fact.window)}的${fact.role}岗安排 ${fact.id}（${fact.employees.map((id) => t.person(id)).join('、')}，自 ${t.dateTime(fact.from)} 起）`;
    case 'day':
      return `日期记录 ${fact.id}（${fact.date} ${fact.kind === 'rest' ? '休息' : '上班'}）`;
    case 'device':
      return `${t.time(fact.at)} ${deviceName(fact.device)}${{ offline: '离线', online: '恢复在线', complete: '报告补传完毕' }[fact.state]}（${fact.id}）`;
    case 'cancel':
      return `${t.time(fact.at)} 取消 ${fact.id}（针对 ${fact.target}）`;
    case 'credential':
      return `卡号对应记录 ${fact.id}（卡号 ${fact.credential} 属于 ${t.person(fact.employee)}）`;
    case 'employee':
      return `人员记录 ${fact.id}（${t.person(fact.employee)}，${fact.department ?? '不属于任何部门'}，${t.dateTime(fact.from)} ${fact.to === null ? '起' : `至 ${t.dateTime(fact.to)}`}）`;
    case 'config':
      return `配置 ${fact.id}`;
    default:
      return `记录 ${fact.id}`;
  }
}
