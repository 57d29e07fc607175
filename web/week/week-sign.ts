/** Signing a week off, who did, and what has changed since. */
import { textArea, textOf } from '../cases/case-deeds.ts';
import type { CaseTime } from '../cases/case-time.ts';
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { field } from '../form-parts.ts';
import { panel } from '../panel.ts';
import type { SignOff, Week } from './week-data.ts';
import { nameOf } from './week-remark.ts';
import type { WeekStrings } from './week-words.ts';

export interface SignSaying {
  readonly words: WeekStrings;
  readonly time: CaseTime;
  readonly cases: number;
  readonly undecided: number;
  /** Answers what is wrong, or null where it is done. */
  readonly sign: (note: string | null) => Promise<string | null>;
}

export function signPanel(week: Week, saying: SignSaying): HTMLElement {
  const { words, time, undecided } = saying;
  const root = panel(week.maySign ? 'do' : 'say', words.signing);
  root.id = 'signing';
  for (const one of week.signOffs) root.append(signedLine(one, saying));
  if (week.isChanged) root.append(changes(week, saying));
  else if (week.signOffs.length > 0) root.append(element('p', 'turn', words.unchanged));
  if (!week.isOver) root.append(element('p', 'turn', words.notOver));
  else if (week.maySign) root.append(element('p', 'turn', words.signLead(undecided)), signButton(week, saying));
  else if (week.signOffs.length === 0) root.append(element('p', 'turn', words.mayNotSign));
  root.dataset['signed'] = week.signOffs.length === 0 ? 'no' : week.isChanged ? 'changed' : 'yes';
  root.title = `${week.checksum} · ${time.say(week.asOf, '')}`;
  return root;
}

function signedLine(one: SignOff, { words, time }: SignSaying): HTMLElement {
  const line = element(
    'div',
    'week-signed',
    element('p', '', element('b', '', words.signedBy(nameOf(one), time.say(one.at, '')))),
  );
  if (one.note !== null) line.append(element('p', 'entry-why', one.note));
  return line;
}

function changes(week: Week, { words, time }: SignSaying): HTMLElement {
  const lines = week.changes.map(({ at, op, date, rule, name, employee, window }) => {
    const of = [time.day(date), rule, name ?? employee ?? window ?? ''].filter((text) => text !== '').join(' ');
    return element('li', '', element('span', 'dim', `${time.say(at, '')} `), words.change(op, of));
  });
  const root = element(
    'div',
    'week-changed',
    element('p', '', element('b', '', words.changedSince)),
    element('ul', '', ...(lines.length > 0 ? lines : [element('li', '', words.changedUnlisted)])),
  );
  root.setAttribute('role', 'note');
  return root;
}

function signButton(week: Week, saying: SignSaying): HTMLElement {
  const { words } = saying;
  const text = week.signOffs.length > 0 ? words.signAgain : words.sign;
  const button = element('button', 'button button-main', text);
  button.type = 'button';
  button.id = 'sign-off';
  button.addEventListener('click', () => {
    const note = textArea('sign-note', 2);
    openDialog({
      title: words.signTitle,
      body: [
        element('p', 'dialog-lead', words.signMeans(week.people.length, saying.cases)),
        field(words.note, note, words.noteHint),
      ],
      ...{ go: text, cancel: words.cancel, working: words.working },
      submit: () => saying.sign(textOf(note)),
    });
  });
  return button;
}
