/** The questions that come before a deed: what exactly is confirmed, and for which reason something is excused. */
import { openDialog, type Wrong } from '../dialog.ts';
import { element } from '../element.ts';
import { field } from '../form-parts.ts';
import { signInAddress } from '../who.ts';
import type { CaseRow, Deed } from './case-data.ts';
import { gistOf, subjectOf } from './case-names.ts';
import type { CaseStrings, Trouble } from './case-strings.ts';

/** Does it to all of them, with a reason or without; answers what is wrong, or null. */
export type Perform = (deed: Deed, rows: readonly CaseRow[], reason: string | null) => Promise<Wrong>;

/** Why it was not done, with the way in for whoever is signed out. */
export function troubleLine(trouble: Trouble, words: CaseStrings): string | Node {
  const text = words.troubles[trouble];
  return trouble === 'signed-out' ? element('span', '', text, ' ', signInAgain(words)) : text;
}

/** Signs in beside this page, on which what was written stays. */
export function signInAgain(words: CaseStrings): HTMLAnchorElement {
  const link = element('a', '', words.signInAgain);
  link.href = signInAddress();
  link.target = '_blank';
  return link;
}

/** Deeds that cannot be taken back by looking again, or that want a reason, are asked about first. */
const ASKED: ReadonlySet<Deed> = new Set(['confirm', 'excuse', 'false-alarm', 'appeal', 'uphold', 'overturn']);

function needsAsking(deed: Deed): boolean {
  return ASKED.has(deed);
}

/** Of what a deed is under way that was not asked about. */
const underWay = new Set<string>();

/** Asks what has to be asked, and does it. Rows are those that may be dealt with in this way. */
export function askAndDo(deed: Deed, rows: readonly CaseRow[], words: CaseStrings, perform: Perform): void {
  if (rows.length === 0) return;
  if (deed === 'confirm') confirm(rows, words, perform);
  else if (needsAsking(deed)) reason(deed, rows, words, perform);
  else doOnce(deed, rows, perform);
}

/** A second press while the first is under way asks for nothing more. */
function doOnce(deed: Deed, rows: readonly CaseRow[], perform: Perform): void {
  const keyOf = (row: CaseRow): string => `${deed} ${row.case}`;
  const left = rows.filter((row) => !underWay.has(keyOf(row)));
  if (left.length === 0) return;
  for (const row of left) underWay.add(keyOf(row));
  void perform(deed, left, null).finally(() => {
    for (const row of left) underWay.delete(keyOf(row));
  });
}

function confirm(rows: readonly CaseRow[], words: CaseStrings, perform: Perform): void {
  const note = textArea('note', 2);
  openDialog({
    title: words.confirmTitle,
    body: [
      element('p', 'dialog-lead', words.confirmLead),
      summary(rows, words),
      field(words.noteToPerson, note, words.noteHint),
      element('p', 'hint', words.confirmAfter),
    ],
    ...buttons(words, words.confirmGo),
    submit: () => perform('confirm', rows, textOf(note)),
  });
}

function reason(deed: Deed, rows: readonly CaseRow[], words: CaseStrings, perform: Perform): void {
  const ready = words.reasons[deed] ?? [];
  const choices = [...ready, words.reasonOther].map((text, index) => choice(text, index));
  const more = textArea('more', ready.length === 0 ? 4 : 2);
  const label = field(ready.length === 0 ? words.reasonText : words.reasonMore, more, words.noteHint);
  const list = element(
    'fieldset',
    'choices',
    element('legend', '', words.reasonTitle),
    ...choices.map(({ root }) => root),
  );
  openDialog({
    title: words.deeds[deed],
    body: [
      element('p', 'dialog-lead', rows.length > 1 ? words.concerns(rows.length) : (words.means[deed] ?? '')),
      summary(rows, words),
      ...(ready.length === 0 ? [] : [list]),
      label,
    ],
    ...buttons(words, words.deeds[deed]),
    async submit() {
      const given = textOf(more);
      const chosen = choices.find(({ input }) => input.checked)?.text ?? null;
      if (ready.length === 0) return given === null ? words.troubles['reason-missing'] : perform(deed, rows, given);
      if (chosen === null || (chosen === words.reasonOther && given === null)) return words.chooseReason;
      const said = chosen === words.reasonOther ? given : given === null ? chosen : words.reasonAndMore(chosen, given);
      return perform(deed, rows, said);
    },
  });
}

/** The keys that there are. */
export function showKeys(words: CaseStrings): void {
  const rows = words.moreKeys.flatMap(([key, what]) => [
    element('dt', '', element('kbd', '', key)),
    element('dd', '', what),
  ]);
  openDialog({
    title: words.keysTitle,
    body: [element('dl', 'keys-list', ...rows)],
    go: null,
    cancel: words.close,
    working: words.working,
  });
}

const buttons = (words: CaseStrings, go: string) => ({ go, cancel: words.cancel, working: words.working });

function summary(rows: readonly CaseRow[], words: CaseStrings): HTMLElement {
  const items = rows.map((row) => {
    const said = row.text === '' ? [] : row.text.split('\n');
    const title = element('b', '', `${subjectOf(row, words)}${words.colon}${gistOf(row, words)}`);
    return element(
      'li',
      '',
      title,
      ...(rows.length > 1 ? [] : said.map((line) => element('span', 'summary-line', line))),
    );
  });
  return element('ul', 'summary', ...items);
}

function choice(text: string, index: number) {
  const input = element('input', '');
  input.type = 'radio';
  input.name = 'reason';
  input.id = `reason-${index}`;
  const label = element('label', 'choice', input, element('span', '', text));
  label.htmlFor = input.id;
  return { root: label, input, text };
}

/** Reasons of up to a thousand characters are kept. */
const LONGEST_REASON = 900;

export function textArea(id: string, rows: number): HTMLTextAreaElement {
  const area = element('textarea', '');
  area.id = id;
  area.rows = rows;
  area.maxLength = LONGEST_REASON;
  return area;
}

/** What was written, or null. */
export function textOf({ value }: HTMLTextAreaElement): string | null {
  const text = value.trim();
  return text === '' ? null : text;
}
