/** Tells the day as it goes: what happens, what the rules make of it, and what people are told. */
import type { Notice } from '../../adapters/notifier.ts';
import type { Change } from '../../rules/changes.ts';
import type { CoverStretch } from '../../rules/cover.ts';
import type { Hall } from '../../rules/hall.ts';
import type { WindowDay } from '../../rules/rule.ts';
import { formatInstant, MINUTE, type Ms } from '../../rules/time.ts';
import type { PendingReason, Verdict } from '../../rules/verdict.ts';
import type { Note } from './day.ts';
import type { Text } from './hall.ts';
import type { Paper } from './paper.ts';

const NOTICES: Readonly<Record<Notice['op'], { readonly sign: string; readonly label: Text }>> = {
  open: { sign: '⚠', label: { zh: '告警', en: 'alert' } },
  revise: { sign: '⚠', label: { zh: '更新', en: 'update' } },
  close: { sign: '✓', label: { zh: '结束', en: 'over' } },
  retract: { sign: '↩', label: { zh: '撤销', en: 'withdrawn' } },
  report: { sign: '✓', label: { zh: '报表', en: 'report' } },
};

const BECAUSE: Readonly<Record<PendingReason, Text>> = {
  uncovered: { zh: '考勤机离线，打卡可能还没到', en: 'a clock is offline, punches may be on their way' },
  'seat-occupied': { zh: '座位上有人，可能忘了打卡', en: 'somebody sits there, a punch may have been forgotten' },
  'ambiguous-punch': { zh: '午间只打了一次卡', en: 'only one touch at noon' },
  unconfirmed: { zh: '当日日历尚未公布', en: 'the calendar of this date is not published' },
  blind: { zh: '看不清座位', en: 'the seat cannot be seen' },
};

const OPENING: Text = { zh: '开窗', en: 'opening' };
const CLOSING: Text = { zh: '收窗', en: 'closing' };
const COVER: Text = { zh: '顶岗', en: 'cover' };
const PENDING: Text = { zh: '待定', en: 'undecided' };
const SETTLED: Text = { zh: '补齐', en: 'settled' };

export class Narrator {
  readonly #paper: Paper;
  readonly #hall: Hall;
  /** What holds, by the verdict's key. */
  readonly #standing = new Map<string, Verdict>();
  /** Of whom something was undecided at the last minute, and why. */
  #undecided: ReadonlyMap<string, PendingReason> = new Map();
  readonly #holders = new Map<string, string | null>();

  constructor(paper: Paper, hall: Hall) {
    this.#paper = paper;
    this.#hall = hall;
  }

  /** What happened. */
  tell(at: Ms, { sign, label, text }: Note): void {
    this.#paper.line(this.#time(at), sign, label, text);
  }

  /** What the engine said; told by the minute, because one cause has many effects. */
  hear(changes: readonly Change[]): void {
    for (const { op, key, verdict } of changes) {
      if (op === 'retract') this.#standing.delete(key);
      else this.#standing.set(key, verdict);
    }
  }

  /** What the duty room was told. */
  told(at: Ms, notices: readonly Notice[]): void {
    for (const { op, text } of notices) {
      const { sign, label } = NOTICES[op];
      const parts = text.split('\n').map((part) => part.replace(/[。.]$/, ''));
      this.#paper.line(this.#time(at), sign, label, {
        zh: `${parts.join('；')}${parts.length > 1 ? `（${parts.length} 件合为 1 条）` : ''} → 值班室`,
        en: `${parts.join('; ')}${parts.length > 1 ? ` (${parts.length} in one message)` : ''} → duty room`,
      });
    }
  }

  /** The end of a minute: who holds the windows now, and what has become, or is no longer, undecided. */
  minute(at: Ms, windows: readonly WindowDay[]): void {
    this.#sessions(at, windows);
    for (const window of windows) this.#cover(at, window);
    this.#doubts(at);
  }

  #time(at: Ms): string {
    return formatInstant(this.#hall.zone, at).slice(11, 16);
  }

  #sessions(at: Ms, windows: readonly WindowDay[]): void {
    const minute = at - (at % MINUTE);
    const opening = windows.filter(({ service }) => service.some((part) => part.from === minute));
    const closing = windows.filter(({ service }) => service.some((part) => part.to === minute));
    if (opening.length > 0) this.#opening(minute, opening);
    if (closing.length > 0) this.#closing(minute, closing);
  }

  #opening(at: Ms, windows: readonly WindowDay[]): void {
    const last = (day: WindowDay) => day.cover.stretches.at(-1);
    const open = windows.filter((day) => last(day)?.holder != null || last(day)?.seat === 'occupied');
    const silent = windows.filter((day) => !open.includes(day) && isDoubtful(day));
    const empty = windows.length - open.length - silent.length;
    this.#paper.line(this.#time(at), '▣', OPENING, {
      zh: [
        `应开窗 ${windows.length}，已有人 ${open.length}`,
        ...(empty > 0 ? [`没有人 ${empty}`] : []),
        ...(silent.length > 0 ? [`尚无消息 ${silent.length}`] : []),
      ].join('，'),
      en: [
        `${open.length} of ${windows.length} windows staffed`,
        ...(empty > 0 ? [`${empty} without anybody`] : []),
        ...(silent.length > 0 ? [`${silent.length} not heard of`] : []),
      ].join(', '),
    });
  }

  #closing(at: Ms, windows: readonly WindowDay[]): void {
    const stretches = windows.flatMap((day) => day.cover.stretches.filter((stretch) => stretch.interval.to === at));
    const minutes = (wanted: (stretch: CoverStretch) => boolean): number =>
      Math.round(sum(stretches.filter(wanted).map((stretch) => stretch.to - stretch.from)) / MINUTE);
    const all = minutes(() => true);
    const without = minutes((stretch) => stretch.holder === null);
    this.#paper.line(this.#time(at), '▣', CLOSING, {
      zh: `${windows.length} 个窗口共服务 ${all} 分钟，其中无人负责 ${without} 分钟`,
      en: `${windows.length} windows, ${all} minutes of service, ${without} of them held by nobody`,
    });
  }

  #cover(at: Ms, day: WindowDay): void {
    const { window } = day;
    const run = currentRun(day, at);
    if (run === null || isDoubtful(day)) {
      this.#holders.delete(window.id);
      return;
    }
    const before = this.#holders.get(window.id);
    this.#holders.set(window.id, run.holder);
    if (run.holder === null || run.heldBy === 'a' || run.holder === before) return;
    const name = this.#hall.employees.get(run.holder)?.name ?? run.holder;
    const role: Text = run.heldBy === 'b' ? { zh: 'B岗', en: 'B' } : { zh: '临时', en: 'stand-in' };
    const gap = Math.round(run.gapMs / MINUTE);
    const how: Text = run.atOpening
      ? { zh: '按时开窗 ✓', en: 'opened on time ✓' }
      : gap === 0
        ? { zh: '没有空档 ✓', en: 'without a gap ✓' }
        : { zh: `空档 ${gap} 分`, en: `after a gap of ${gap} min` };
    this.#paper.line(this.#time(run.from), '↔', COVER, {
      zh: `${window.id} ${window.name}：${name}（${role.zh}）接岗，${how.zh}`,
      en: `${window.id} ${window.name}: ${name} (${role.en}) takes over, ${how.en}`,
    });
  }

  #doubts(at: Ms): void {
    const undecided = new Map<string, PendingReason>();
    const subjects = new Set<string>();
    for (const verdict of this.#standing.values()) {
      const subject = subjectOf(verdict);
      subjects.add(subject);
      if (verdict.state === 'pending' && verdict.because !== null) undecided.set(subject, verdict.because);
    }
    for (const because of Object.keys(BECAUSE) as PendingReason[]) {
      const fresh = [...undecided].filter(([subject, why]) => why === because && !this.#undecided.has(subject));
      if (fresh.length > 0)
        this.#becameDoubtful(
          at,
          because,
          fresh.map(([subject]) => subject),
        );
    }
    const healed = [...this.#undecided.keys()].filter((subject) => !subjects.has(subject));
    this.#undecided = undecided;
    if (healed.length === 0) return;
    const count = counted(healed);
    this.#paper.line(this.#time(at), '↩', SETTLED, {
      zh: `打卡到齐后，${count.zh}的待定撤销：没有迟到，也没有空岗`,
      en: `with the punches in, ${count.en} are no longer in doubt: nothing was wrong`,
    });
  }

  #becameDoubtful(at: Ms, because: PendingReason, subjects: readonly string[]): void {
    const count = counted(subjects);
    this.#paper.line(this.#time(at), '?', PENDING, {
      zh: `${BECAUSE[because].zh}：${count.zh}先不下结论，不点名，不通知`,
      en: `${BECAUSE[because].en}: no verdict on ${count.en} yet, nobody is named or told`,
    });
  }
}

/** Whether a punch that has not come yet could change who holds the window. */
function isDoubtful(day: WindowDay): boolean {
  return day.coverage.hides({ from: day.today.from, to: day.moment.now });
}

interface HolderRun {
  readonly from: Ms;
  readonly holder: string | null;
  readonly heldBy: CoverStretch['heldBy'];
  /** It began with the session. */
  readonly atOpening: boolean;
  /** How long nobody held the window right before. */
  readonly gapMs: Ms;
}

/** Who holds a window in service now, and since when; null out of service. */
function currentRun({ cover: { stretches } }: WindowDay, at: Ms): HolderRun | null {
  const last = stretches.at(-1);
  if (last === undefined || last.to < at) return null;
  const { interval, holder, heldBy } = last;
  const inSession = stretches.filter((stretch) => stretch.interval === interval);
  let from = last.from;
  let gapFrom: Ms | null = null;
  for (const stretch of inSession.toReversed()) {
    if (gapFrom === null && stretch.holder === holder) from = stretch.from;
    else if (stretch.holder === null) gapFrom = stretch.from;
    else break;
  }
  return {
    from,
    holder,
    heldBy,
    atOpening: from === interval.sessionFrom,
    gapMs: gapFrom === null ? 0 : from - gapFrom,
  };
}

function subjectOf(verdict: Verdict): string {
  return verdict.window === null ? `employee ${verdict.employee}` : `window ${verdict.window}`;
}

/** Windows may be named, people may not. */
function counted(subjects: readonly string[]): Text {
  const windows = subjects.filter((subject) => subject.startsWith('window ')).map((subject) => subject.slice(7));
  const people = subjects.length - windows.length;
  const named = windows.length > 0 && windows.length <= 3;
  const zh = [
    ...(people > 0 ? [`${people} 名窗口人员`] : []),
    ...(windows.length > 0 ? [named ? `${windows.join('、')} 窗口` : `${windows.length} 个窗口`] : []),
  ];
  const en = [
    ...(people > 0 ? [`${people} employees`] : []),
    ...(windows.length > 0 ? [named ? `window ${windows.join(', ')}` : `${windows.length} windows`] : []),
  ];
  return { zh: zh.join('、'), en: en.join(' and ') };
}

const sum = (lengths: readonly Ms[]): Ms => lengths.reduce((total, length) => total + length, 0);
