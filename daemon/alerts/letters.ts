/** What a message to people says: of several alerts at once, a line each, the urgent ones first. */
import { hash } from 'node:crypto';
import type { Op } from '../../rules/changes.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import { type Verdict, verdictLine } from '../../rules/verdict.ts';
import { type Language, question, ruleName, sentence } from './words.ts';

/** One thing that a message says, as its readers may see it. */
export interface Item {
  /** The verdict's key: never said, it holds the person's id. */
  readonly about: string;
  readonly alert: string;
  readonly op: Op;
  readonly live: boolean;
  readonly verdict: Verdict;
  /** Whether it is asked of the person themself. */
  readonly asks: boolean;
}

/** One change within a message to people. */
export interface NoticePart {
  readonly op: Op;
  readonly text: string;
  readonly verdict: object;
}

/** A message on its way to people, as the outbox keeps it. */
export interface Letter {
  readonly text: string;
  readonly parts: readonly (NoticePart & { readonly key: string; readonly alert: string })[];
}

/** Above so many lines stands how many there are of each rule. */
const LINES_WITHOUT_COUNTS = 6;

export function letterOf(hallOn: (day: number) => Hall, items: readonly Item[], now: Ms, language: Language): Letter {
  const parts = ordered(items).map((item) => partOf(hallOn(item.verdict.day), item, now, language));
  // One verdict in place of another, such as absence of lateness: what is now is said.
  const opened = new Set(parts.filter(({ op }) => op === 'open').map(({ alert }) => alert));
  const said = parts.filter(({ op, alert }) => op !== 'retract' || !opened.has(alert));
  const lines = said.map(({ text }) => text);
  if (lines.length > LINES_WITHOUT_COUNTS) lines.unshift(counts(items, language));
  return { text: lines.join('\n'), parts };
}

/** The same for every attempt, and for the same items whenever they are put together anew at that instant. */
export function letterKey(channel: string, items: readonly Item[], now: Ms): string {
  const about = items.map((item) => `${item.about} ${item.op}`).join('\n');
  return `L-${hash('sha256', `${channel}\n${now}\n${about}`).slice(0, 24)}`;
}

function ordered(items: readonly Item[]): Item[] {
  const rank = ({ live, op }: Item): number => (live ? (op === 'open' ? 0 : 1) : 2);
  return [...items].sort(
    (x, y) => rank(x) - rank(y) || x.verdict.from - y.verdict.from || (x.about < y.about ? -1 : 1),
  );
}

function partOf(hall: Hall, item: Item, now: Ms, language: Language): Letter['parts'][number] {
  const { about, alert, op, verdict, asks } = item;
  const text = asks ? question(hall, verdict, language) : sentence(hall, op, verdict, now, language);
  const key = `P-${hash('sha256', `${about}|${op}|${verdict.state}|${verdict.from}|${verdict.to}`).slice(0, 24)}`;
  return { op, text, key, alert, verdict: { ...verdictLine(hall, verdict, now), op, alert } };
}

function counts(items: readonly Item[], language: Language): string {
  const rules = Map.groupBy(items, ({ verdict }) => verdict.rule);
  const each = [...rules].map(([rule, { length }]) => `${ruleName(rule, language)} ${length}`);
  return language === 'zh' ? `共 ${items.length} 条：${each.join('，')}` : `${items.length} in all: ${each.join(', ')}`;
}
