/** The same facts under other rules: who would be judged differently. */
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import { compareVerdicts, sameVerdict, type Verdict, verdictId, verdictKey, verdictLine } from '../../rules/verdict.ts';
import { type Language, ruleName, sentence } from '../alerts/words.ts';

/** One verdict as it is and as it would be; null where there is none. */
export interface Difference {
  readonly is: Verdict | null;
  readonly would: Verdict | null;
}

/** What differs, in the order in which verdicts are printed. The hash of the configuration, which always does, is no difference. */
export function differencesOf(hall: Hall, is: readonly Verdict[], would: readonly Verdict[]): Difference[] {
  const held = new Map(is.map((verdict) => [verdictKey(hall.id, verdict), verdict]));
  const found: Difference[] = [];
  for (const verdict of would) {
    const key = verdictKey(hall.id, verdict);
    const before = held.get(key) ?? null;
    held.delete(key);
    if (before !== null && sameVerdict(before, { ...verdict, config: before.config })) continue;
    found.push({ is: before, would: verdict });
  }
  for (const gone of held.values()) found.push({ is: gone, would: null });
  return found.sort((a, b) => compareVerdicts(verdictOf(a), verdictOf(b)));
}

function verdictOf({ is, would }: Difference): Verdict {
  return (would ?? is) as Verdict;
}

/** A difference as a line: `is` and `would` as `replay` prints verdicts. */
export function differenceLine(hall: Hall, { is, would }: Difference, now: Ms): string {
  const line = (verdict: Verdict | null) => (verdict === null ? null : verdictLine(hall, verdict, now));
  return JSON.stringify({ is: line(is), would: line(would) });
}

export interface WhatIf {
  /** By the other rules. */
  readonly hall: Hall;
  readonly now: Ms;
  readonly is: readonly Verdict[];
  readonly would: readonly Verdict[];
  readonly differences: readonly Difference[];
}

const MOST_SHOWN = 50;

/** What a person would want to know before these rules are put in force. */
export function whatIfText({ hall, now, is, would, differences }: WhatIf, language: Language): string {
  const zh = language === 'zh';
  const count = (wanted: (one: Difference) => boolean): number => differences.filter(wanted).length;
  const [fresh, gone] = [count((one) => one.is === null), count((one) => one.would === null)];
  const changed = differences.length - fresh - gone;
  const people = new Set(differences.flatMap((one) => verdictOf(one).employee ?? []));
  const windows = new Set(differences.flatMap((one) => verdictOf(one).window ?? []));
  const rules = [...new Set([...is, ...would].map(({ rule }) => rule))].sort();
  const tally = (verdicts: readonly Verdict[], rule: string) => verdicts.filter((one) => one.rule === rule).length;
  const shown = differences.slice(0, MOST_SHOWN).map((one) => {
    const mark = one.is === null ? '+' : one.would === null ? '-' : '~';
    const verdict = verdictOf(one);
    return `${mark} ${verdictId(hall.zone, verdict)}  ${sentence(hall, 'open', verdict, now, language)}`;
  });
  const rest = differences.length - shown.length;
  return [
    zh
      ? `现有结论 ${is.length} 条，按新规则 ${would.length} 条：新增 ${fresh}，不再成立 ${gone}，有变化 ${changed}；涉及 ${people.size} 人、${windows.size} 个窗口。`
      : `${is.length} verdicts as it is, ${would.length} under the other rules: ${fresh} new, ${gone} gone, ${changed} changed; ${people.size} people and ${windows.size} windows concerned.`,
    ...rules.map((rule) => `  ${ruleName(rule, language)} ${tally(is, rule)} → ${tally(would, rule)}`),
    ...shown,
    ...(rest > 0 ? [zh ? `……另有 ${rest} 条，见 --difference 的文件` : `… and ${rest} more, see --difference`] : []),
  ].join('\n');
}
