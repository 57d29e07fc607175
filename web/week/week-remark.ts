/** What somebody said of a case or a week, as a line. */
import type { CaseTime } from '../cases/case-time.ts';
import { element } from '../element.ts';
import type { Remark } from './week-data.ts';
import type { WeekStrings } from './week-words.ts';

/** What people call whoever signed or said something. */
export const nameOf = ({ by, byName }: { readonly by: string; readonly byName: string | null }): string =>
  byName ?? by.replace(/^(?:user|token):/, '');

export function remarkLine(
  one: Remark,
  { words, time }: { readonly words: WeekStrings; readonly time: CaseTime },
): HTMLElement {
  const proposes = one.proposes === null ? [] : [element('b', '', `${words.proposals[one.proposes]} `)];
  const by = element('span', 'dim', ` — ${nameOf(one)} ${time.say(one.at, '')}`);
  return element('p', 'week-remark', ...proposes, one.text, by);
}
