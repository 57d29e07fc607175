/** What a case, and whoever did something with it, are called. */
import type { CaseRow, Done } from './case-data.ts';
import type { CaseStrings } from './case-strings.ts';

/** What people call whoever did something. */
export function doerOf(done: Done): string {
  return done.byName ?? done.by.replace(/^(?:user|token|screen):/, '');
}

/** `B07 取水许可` of a window, else whom it is about. */
export function subjectOf(row: CaseRow, words: CaseStrings): string {
  if (row.window !== null) return [row.window, row.windowName].filter((text) => text !== null).join(' ');
  return row.employeeName ?? row.employee ?? words.noName;
}

/** `脱岗 21 分钟`, one for each verdict; of what is undecided or was withdrawn no more than what kind of thing it is. */
export function gistOf(row: CaseRow, words: CaseStrings): string {
  if (row.state === 'pending' || row.state === 'withdrawn') return words.families[row.family] ?? row.family;
  return row.verdicts
    .map(({ name, minutes }) => (minutes > 0 ? `${name} ${words.minutes(minutes)}` : name))
    .join(words.comma);
}
