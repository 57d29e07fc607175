/** The day in figures, from what the ledger and the engine hold at its end. */
import type { Notice } from '../../adapters/notifier.ts';
import type { Op } from '../../rules/changes.ts';
import type { CoverStretch } from '../../rules/cover.ts';
import type { PresenceState } from '../../rules/facts.ts';
import type { WindowDay } from '../../rules/rule.ts';
import type { Ms } from '../../rules/time.ts';
import type { VerdictState } from '../../rules/verdict.ts';
import { type WindowMinutes, windowMinutes } from '../../rules/window-measures.ts';
import { type Language, ruleName } from '../alerts/words.ts';
import type { HallDaemon } from '../hall-daemon.ts';
import { exportLines } from '../lines/ledger-lines.ts';
import { type ReplayOutcome, replayLedger } from './replayed.ts';

export interface DaySummary {
  readonly punches: number;
  /** Punches whose credential is nobody's. */
  readonly unmatched: number;
  /** Messages that said what was known already. */
  readonly repeated: number;
  /** Messages in the reject list. */
  readonly rejected: number;
  readonly sightings: number;
  /** Verdicts that hold, by rule and state. */
  readonly verdicts: ReadonlyMap<string, Readonly<Record<VerdictState, number>>>;
  /** How verdicts changed through the day. */
  readonly ops: Readonly<Record<Op, number>>;
  /** Of all windows together; what is seen, of those with a watcher. */
  readonly minutes: WindowMinutes;
  readonly watched: number;
  readonly cover: CoverInTime;
  readonly notices: { readonly messages: number; readonly alerts: number; readonly corrections: number };
  readonly replay: ReplayOutcome;
}

/** 顶岗及时: how often a window was without its A, and how often somebody was there before `coverGrace` had passed. */
export interface CoverInTime {
  readonly needed: number;
  readonly inTime: number;
}

export function summarise(daemon: HallDaemon, windows: readonly WindowDay[], notices: readonly Notice[]): DaySummary {
  const { core, intake } = daemon;
  const kinds = new Map<string, number>();
  let unmatched = 0;
  for (const { fact } of core.facts.after(0, Number.MAX_SAFE_INTEGER)) {
    kinds.set(fact.fact, (kinds.get(fact.fact) ?? 0) + 1);
    if (fact.fact === 'punch' && core.engine.ownerOf(fact) === null) unmatched++;
  }
  const verdicts = new Map<string, Record<VerdictState, number>>();
  for (const line of exportLines(core, 'verdicts', null)) {
    const { rule, state } = JSON.parse(line) as { rule: string; state: VerdictState };
    const counts = verdicts.get(rule) ?? { pending: 0, open: 0, closed: 0 };
    counts[state]++;
    verdicts.set(rule, counts);
  }
  const ops: Record<Op, number> = { open: 0, revise: 0, close: 0, retract: 0 };
  for (const { op } of core.history.changes()) ops[op]++;
  return {
    punches: kinds.get('punch') ?? 0,
    unmatched,
    repeated: intake.counts.repeated,
    rejected: core.rejects.count().times,
    sightings: kinds.get('presence') ?? 0,
    verdicts,
    ops,
    minutes: { ...windows.map(windowMinutes).reduce(added), ...seenMinutes(windows) },
    watched: windows.filter(({ seat }) => seat.watched).length,
    cover: coverInTime(windows),
    notices: {
      messages: notices.length,
      alerts: new Set(notices.map(({ alert }) => alert)).size,
      corrections: notices.filter(({ op }) => op === 'retract').length,
    },
    replay: replayLedger(core),
  };
}

function added(sum: WindowMinutes, more: WindowMinutes): WindowMinutes {
  const names = Object.keys(sum) as (keyof WindowMinutes)[];
  return Object.fromEntries(names.map((name) => [name, sum[name] + more[name]])) as unknown as WindowMinutes;
}

function seenMinutes(windows: readonly WindowDay[]): Record<PresenceState, number> {
  const { occupied, empty, unknown } = windows
    .filter(({ seat }) => seat.watched)
    .map(windowMinutes)
    .reduce(added);
  return { occupied, empty, unknown };
}

function coverInTime(windows: readonly WindowDay[]): CoverInTime {
  const spells = windows.flatMap(spellsWithoutA);
  return { needed: spells.length, inTime: spells.filter((inTime) => inTime).length };
}

/** For each spell of at least `coverGrace` in which no A held the window: whether it was left alone for less than that. */
function spellsWithoutA({ cover: { stretches }, window }: WindowDay): boolean[] {
  const { coverGrace } = window.thresholds;
  const spells: { length: Ms; alone: Ms; longestAlone: Ms }[] = [];
  let before: CoverStretch | undefined;
  for (const stretch of stretches) {
    const { interval, from, to, heldBy, holder, seat } = stretch;
    const continues = before?.interval === interval && before.heldBy !== 'a';
    before = stretch;
    if (heldBy === 'a') continue;
    if (!continues) spells.push({ length: 0, alone: 0, longestAlone: 0 });
    const spell = spells.at(-1);
    if (spell === undefined) continue;
    spell.length += to - from;
    spell.alone = holder === null && seat !== 'occupied' ? spell.alone + to - from : 0;
    spell.longestAlone = Math.max(spell.longestAlone, spell.alone);
  }
  return spells.filter(({ length }) => length >= coverGrace).map(({ longestAlone }) => longestAlone < coverGrace);
}

/** The summary as lines. */
export function summaryLines(summary: DaySummary, date: string, lang: Language): string[] {
  return lang === 'zh' ? inChinese(summary, date) : inEnglish(summary, date);
}

const round = (minutes: number): number => Math.round(minutes);
const seats = ({ occupied, empty, unknown }: Record<PresenceState, number>) => [occupied, empty, unknown].map(round);

function inChinese(summary: DaySummary, date: string): string[] {
  const { minutes, cover, notices, ops, replay } = summary;
  const states = { pending: '待定', open: '进行中', closed: '已结束' };
  const [occupied, empty, unknown] = seats(minutes);
  return [
    `日终 ${date}`,
    `  打卡  ${summary.punches} 次，其中 ${summary.unmatched} 次编号无主；另有重复 ${summary.repeated} 次未计，拒收 ${summary.rejected} 条`,
    `  结论  ${verdictText(summary, 'zh', states, '，')}`,
    `        变化 ${ops.open + ops.revise + ops.close + ops.retract} 次：新开 ${ops.open}，修订 ${ops.revise}，结束 ${ops.close}，撤销 ${ops.retract}`,
    `  窗口  负责（分钟）：A岗 ${round(minutes.a)}，B岗 ${round(minutes.b)}，临时 ${round(minutes.cover)}，无人 ${round(minutes.uncovered)}`,
    `  座位  ${summary.watched} 个有检测（分钟）：有人 ${occupied}，空 ${empty}，未知 ${unknown}；检测 ${summary.sightings} 条`,
    `  顶岗  A岗不在 ${cover.needed} 次，及时顶上 ${cover.inTime} 次`,
    `  告警  ${notices.alerts} 件，发出 ${notices.messages} 条，其中更正 ${notices.corrections} 条`,
    replay.difference === null
      ? `  重算  由 ${replay.facts} 条事实重新判定：结论 ${replay.verdicts} 条、变化 ${replay.changes} 次，与现场逐字节一致 ✓`
      : `  重算  ✗ 与现场不一致`,
  ];
}

function inEnglish(summary: DaySummary, date: string): string[] {
  const { minutes, cover, notices, ops, replay } = summary;
  const states = { pending: 'undecided', open: 'open', closed: 'closed' };
  const [occupied, empty, unknown] = seats(minutes);
  return [
    `The day ${date}`,
    `  punches   ${summary.punches}, ${summary.unmatched} of them nobody's; ${summary.repeated} repeats not counted, ${summary.rejected} rejected`,
    `  verdicts  ${verdictText(summary, 'en', states, ', ')}`,
    `            ${ops.open + ops.revise + ops.close + ops.retract} changes: ${ops.open} opened, ${ops.revise} revised, ${ops.close} closed, ${ops.retract} withdrawn`,
    `  windows   held, in minutes: A ${round(minutes.a)}, B ${round(minutes.b)}, stand-in ${round(minutes.cover)}, nobody ${round(minutes.uncovered)}`,
    `  seats     ${summary.watched} watched, in minutes: occupied ${occupied}, empty ${empty}, unknown ${unknown}; ${summary.sightings} sightings`,
    `  cover     A away ${cover.needed} times, covered in time ${cover.inTime} times`,
    `  alerts    ${notices.alerts}, in ${notices.messages} messages, ${notices.corrections} of them corrections`,
    replay.difference === null
      ? `  replay    ${replay.facts} facts judged again: ${replay.verdicts} verdicts and ${replay.changes} changes, the same byte for byte ✓`
      : `  replay    ✗ differs`,
  ];
}

function verdictText(
  { verdicts }: DaySummary,
  lang: Language,
  states: Readonly<Record<VerdictState, string>>,
  comma: string,
): string {
  if (verdicts.size === 0) return lang === 'zh' ? '没有' : 'none';
  return [...verdicts]
    .map(([rule, counts]) => {
      const parts = STATES.filter((state) => counts[state] > 0).map((state) => `${states[state]} ${counts[state]}`);
      const total = counts.closed + counts.open + counts.pending;
      const inBrackets = parts.join(comma);
      return `${ruleName(rule, lang)} ${total}${lang === 'zh' ? `（${inBrackets}）` : ` (${inBrackets})`}`;
    })
    .join(comma);
}

const STATES: readonly VerdictState[] = ['closed', 'open', 'pending'];
