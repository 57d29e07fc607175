/** What is asked before something is said by a window's PC. */
import { openDialog } from '../dialog.ts';
import { element, setText } from '../element.ts';
import { field, select, textField } from '../form-parts.ts';
import type { Colleague, Desk } from './desk-api.ts';
import type { DeskStrings } from './desk-strings.ts';

/** Tells the daemon; answers what is wrong, or null. */
export type Tell = (path: string, body: object) => Promise<string | null>;

const OTHER = 'other';
const LENGTHS_MIN = [30, 60, 120] as const;

export function askAway(words: DeskStrings, tell: Tell): void {
  const choices = [...words.awayReasons, words.otherReason].map((text, i) => {
    const input = element('input', '');
    input.type = 'radio';
    input.name = 'reason';
    input.value = i < words.awayReasons.length ? text : OTHER;
    return { input, root: element('label', 'choice', input, element('span', '', text)) };
  });
  const more = textField(200);
  more.setAttribute('aria-label', words.otherReason);
  const list = element(
    'fieldset',
    'choices',
    element('legend', '', words.reasonTitle),
    ...choices.map(({ root }) => root),
  );
  openDialog({
    title: words.away,
    body: [element('p', 'dialog-lead', words.awayLead), list, element('p', 'field', more)],
    ...buttons(words, words.awayGo),
    async submit() {
      const chosen =
        choices.find(({ input }) => input.checked)?.input.value ?? (more.value.trim() === '' ? null : OTHER);
      const reason = chosen === OTHER ? more.value.trim() : chosen;
      if (reason === null || reason === '') return words.chooseReason;
      return tell('/away', { reason });
    },
  });
}

/** `minuteOf` writes an instant as the hall reads it. */
export function askTakeOver(words: DeskStrings, desk: Desk, minuteOf: (at: string) => string, tell: Tell): void {
  if (desk.colleagues.length === 0) {
    return openDialog({
      title: words.take,
      body: [element('p', 'dialog-lead', words.nobodyThere)],
      ...buttons(words, null),
    });
  }
  const whom = select(desk.colleagues.map((one) => [one.employee, nameOf(one, words)]));
  const { sessionTo } = desk;
  const session = sessionTo === null ? [] : [['', words.session(minuteOf(sessionTo))] as const];
  const length = select([...session, ...LENGTHS_MIN.map((count) => [String(count), words.minutes(count)] as const)]);
  const own = element('p', 'hint');
  const follow = (): void => {
    const windows = desk.colleagues.find(({ employee }) => employee === whom.value)?.own ?? [];
    setText(own, windows.length === 0 ? '' : words.own(windows.join(' ')));
  };
  whom.addEventListener('change', follow);
  follow();
  const { name, password, root } = proof(words);
  openDialog({
    title: words.take,
    body: [
      element('p', 'dialog-lead', words.takeLead),
      field(words.whom, whom, own),
      field(words.forHow, length),
      element('h3', 'dialog-part', words.takeWho),
      element('p', 'summary', words.takeNote(desk.window)),
      ...root,
    ],
    ...buttons(words, words.takeGo),
    submit: () =>
      tell('/take-over', {
        employee: whom.value,
        minutes: length.value === '' ? null : Number(length.value),
        ...{ name: name.value, password: password.value },
      }),
  });
}

export function askGiveBack(words: DeskStrings, tell: Tell): void {
  const { name, password, root } = proof(words);
  openDialog({
    title: words.give,
    body: [element('p', 'dialog-lead', words.giveLead), ...root],
    ...buttons(words, words.giveGo),
    submit: () => tell('/give-back', { name: name.value, password: password.value }),
  });
}

export function askHere(words: DeskStrings, tell: Tell): void {
  const more = textField(200);
  openDialog({
    title: words.here,
    body: [element('p', 'dialog-lead', words.hereLead), field(words.hereText, more)],
    ...buttons(words, words.hereGo),
    submit: () => tell('/here', more.value.trim() === '' ? {} : { reason: more.value.trim() }),
  });
}

const buttons = (words: DeskStrings, go: string | null) => ({ go, cancel: words.cancel, working: words.working });

const nameOf = ({ name, isB }: Colleague, words: DeskStrings): string => (isB ? `${name}（${words.isB}）` : name);

/** Who somebody is, for this once: the browser is not to keep it on a PC that others use. */
function proof(words: DeskStrings) {
  const name = textField(64);
  name.autocomplete = 'off';
  name.setAttribute('autocapitalize', 'none');
  name.spellcheck = false;
  const password = element('input', '');
  password.type = 'password';
  password.maxLength = 512;
  password.autocomplete = 'new-password';
  const hint = element('p', 'hint', words.proofHint);
  return { name, password, root: [field(words.name, name), field(words.password, password, hint)] };
}
