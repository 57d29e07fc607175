/** An explanation as people read it, and as programs do. */
import type { Change } from '../../rules/changes.ts';
import type { Explanation } from '../../rules/explanation.ts';
import { factLine } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { dateOf, formatInstant } from '../../rules/time.ts';
import { verdictLine } from '../../rules/verdict.ts';
import type { Language } from '../alerts/words.ts';
import { ENGLISH, ENGLISH_UNITS, namedInEnglish } from './en.ts';
import { type Phrases, SECTIONS, Terms, type WithdrawnTerms } from './terms.ts';
import { CHINESE, CHINESE_UNITS, namedInChinese } from './zh.ts';

function phrasesIn(lang: Language): Phrases {
  return lang === 'zh' ? CHINESE : ENGLISH;
}

function termsIn(lang: Language, hall: Hall, date: string): Terms {
  return lang === 'zh'
    ? new Terms({ hall, date, units: CHINESE_UNITS, dash: '—', named: namedInChinese, somebodyElse: '其他人员' })
    : new Terms({ hall, date, units: ENGLISH_UNITS, dash: '–', named: namedInEnglish, somebodyElse: 'somebody else' });
}

/** A short document with headings; sections that have nothing to do with the verdict are left out. `isWhole`: nothing of others is. */
export function explanationText(hall: Hall, explanation: Explanation, lang: Language, isWhole = true): string {
  const phrases = phrasesIn(lang);
  const terms = termsIn(lang, hall, explanation.day.date);
  const lines = [phrases.title(explanation.id)];
  let number = 0;
  for (const section of SECTIONS) {
    const said = phrases.sections[section](explanation, terms);
    if (said.length === 0) continue;
    number += 1;
    lines.push('', phrases.heading(number, section));
    for (const line of said) lines.push(`  ${line}`);
  }
  if (!isWhole) lines.push('', phrases.leftOut);
  return `${lines.join('\n')}\n`;
}

/** The same as a structure: instants with an offset, facts and the verdict as everywhere else. */
export function explanationJson(hall: Hall, explanation: Explanation, isWhole = true): object {
  const { verdict, minutes: _, ...rest } = explanation;
  const said = { ...(withInstants(hall, rest) as object), verdict: verdictLine(hall, verdict, explanation.now) };
  return isWhole ? said : { ...said, othersLeftOut: true };
}

const INSTANT = /^(?:at|from|to|a|z|e|now)$|At$/;

function withInstants(hall: Hall, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withInstants(hall, item));
  if (typeof value !== 'object' || value === null) return value;
  if ('recordedAt' in value) return factLine(value as Parameters<typeof factLine>[0], hall.zone);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'number' && INSTANT.test(key) ? formatInstant(hall.zone, item) : withInstants(hall, item),
    ]),
  );
}

/** A verdict that holds no longer: what was said last, and the change that took it back. */
export interface Withdrawal {
  readonly id: string;
  readonly change: Change;
  readonly because: WithdrawnTerms['because'];
  readonly near: readonly string[];
}

export function withdrawalText(hall: Hall, { id, change, because, near }: Withdrawal, lang: Language): string {
  const { verdict } = change;
  const terms = termsIn(lang, hall, dateOf(verdict.day));
  const at = terms.dateTime(change.at);
  return `${phrasesIn(lang).withdrawn({ id, rule: verdict.rule, at, because, near, terms }).join('\n')}\n`;
}

export function withdrawalJson(hall: Hall, { id, change, because, near }: Withdrawal): object {
  return {
    id,
    withdrawnAt: formatInstant(hall.zone, change.at),
    because: typeof because === 'string' ? because : because.map((fact) => factLine(fact, hall.zone)),
    near,
    verdict: verdictLine(hall, change.verdict, change.at),
  };
}

export function unknownText(id: string, near: readonly string[], lang: Language): string {
  return phrasesIn(lang).unknown(id, near).join('\n');
}
