/** The week's cases, each with what may be done with it here, and what was remarked on it. */
import { handlingBadges, stateBadge } from '../cases/case-badges.ts';
import type { CaseRow, Deed } from '../cases/case-data.ts';
import { textArea, textOf } from '../cases/case-deeds.ts';
import { gistOf, subjectOf } from '../cases/case-names.ts';
import type { CaseStrings } from '../cases/case-strings.ts';
import type { CaseTime } from '../cases/case-time.ts';
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { field } from '../form-parts.ts';
import { withLanguage } from '../page-address.ts';
import type { Proposal, Week } from './week-data.ts';
import { remarkLine } from './week-remark.ts';
import type { CaseFilter, WeekStrings } from './week-words.ts';

/** What can be done here; everything else has the case's own page. */
const HERE: readonly Deed[] = ['acknowledge', 'deliver', 'appeal'];

export interface CaseListSaying {
  readonly week: Week;
  readonly words: WeekStrings;
  readonly caseWords: CaseStrings;
  readonly time: CaseTime;
  readonly act: (deed: Deed, row: CaseRow) => void;
  readonly remark: Remarking;
}

/** Sends a remark; answers what is wrong, or null. */
export type Remarking = (text: string, about: string | null, proposes: Proposal | null) => Promise<string | null>;

export function passes(filter: CaseFilter, row: CaseRow): boolean {
  if (filter === 'undecided') return isUndecided(row);
  if (filter === 'missing') return row.verdicts.some(({ rule }) => rule === 'missing-punch');
  return true;
}

/** It was judged by nobody yet, is under appeal, or has changed since. */
export function isUndecided({ state, decision, review }: CaseRow): boolean {
  return state !== 'withdrawn' && (decision === 'none' || decision === 'appealed' || review);
}

export function caseList(rows: readonly CaseRow[], saying: CaseListSaying): HTMLElement {
  if (rows.length === 0) return element('p', 'turn', saying.words.noCases);
  return element('ol', 'week-cases', ...rows.map((row) => caseLine(row, saying)));
}

function caseLine(row: CaseRow, saying: CaseListSaying): HTMLElement {
  const { week, words, caseWords, time, act } = saying;
  const link = element('a', 'case-title', element('b', '', gistOf(row, caseWords)), ` ${subjectOf(row, caseWords)}`);
  link.href = withLanguage(`/cases/${encodeURIComponent(row.case)}`);
  const name = row.window !== null && row.employeeName !== null ? element('span', 'dim', ` ${row.employeeName}`) : '';
  const buttons = HERE.filter((deed) => row.may.includes(deed)).map((deed) => {
    const button = element('button', 'button button-quiet', caseWords.deeds[deed]);
    button.type = 'button';
    button.dataset['do'] = deed;
    button.addEventListener('click', () => act(deed, row));
    return button;
  });
  if (week.mayRemark) {
    const button = element('button', 'button button-quiet', words.propose);
    button.type = 'button';
    button.dataset['do'] = 'remark';
    button.addEventListener('click', () => askRemark(row, saying));
    buttons.push(button);
  }
  const remarks = week.remarks.filter((one) => one.case === row.case);
  const node = element(
    'li',
    'my-case',
    element('p', 'case-line', link, name, element('time', 'case-since', time.say(row.from, ''))),
    element('p', 'case-badges', stateBadge(row.state, caseWords), ...handlingBadges(row, caseWords)),
    ...remarks.map((one) => remarkLine(one, saying)),
    element('div', 'deeds', ...buttons),
  );
  node.dataset['case'] = row.state;
  node.dataset['id'] = row.case;
  return node;
}

/** Asks what is to be said; of a case also what is proposed, of the week as a whole (null) nothing. */
export function askRemark(
  row: CaseRow | null,
  { words, caseWords, remark }: Pick<CaseListSaying, 'words' | 'caseWords' | 'remark'>,
): void {
  const choices = ([null, 'excuse', 'false-alarm', 'confirm'] as const).map((proposes) => {
    const input = element('input', '');
    input.type = 'radio';
    input.name = 'proposes';
    input.id = `proposes-${proposes ?? 'none'}`;
    input.checked = proposes === null;
    const label = element(
      'label',
      'choice',
      input,
      element('span', '', proposes === null ? words.noProposal : words.proposals[proposes]),
    );
    label.htmlFor = input.id;
    return { input, label, proposes };
  });
  const text = textArea('remark', 3);
  const list = element(
    'fieldset',
    'choices',
    element('legend', '', words.proposeTitle),
    ...choices.map(({ label }) => label),
  );
  openDialog({
    title: row === null ? words.remark : `${subjectOf(row, caseWords)}${caseWords.colon}${gistOf(row, caseWords)}`,
    body: [
      element('p', 'dialog-lead', words.proposeLead),
      ...(row === null ? [] : [list]),
      field(words.remarkText, text, words.remarkHint),
    ],
    ...{ go: words.remarkGo, cancel: words.cancel, working: words.working },
    async submit() {
      const said = textOf(text);
      if (said === null) return words.remarkMissing;
      const proposes = row === null ? null : (choices.find(({ input }) => input.checked)?.proposes ?? null);
      return remark(said, row?.case ?? null, proposes);
    },
  });
}
