/** The message that is looked at and the mapping that is made of it: values that are pressed, a preview, and what goes into hall.yaml. */
import { type Answer, asked, bringing } from '../asked.ts';
import type { Proposal, Saved } from '../cameras/camera-data.ts';
import { element, renew, setText } from '../element.ts';
import { button } from '../form-parts.ts';
import { latest } from '../latest.ts';
import { panel } from '../panel.ts';
import { afterPress } from '../press.ts';
import type { Language } from '../strings.ts';
import { clockOf } from '../wall-time.ts';
import { meaningOf, pointed } from './mapping-draft.ts';
import { mappingForm } from './mapping-form.ts';
import { type Draft, FIELDS, type Message, type MessageList, type Preview, type PreviewRow } from './message-data.ts';
import { jsonView } from './message-json.ts';
import type { MessageWords } from './message-words.ts';

export interface WorkOptions {
  readonly words: MessageWords;
  readonly language: Language;
  readonly isAdmin: boolean;
  readonly say: (text: string, isTrouble?: boolean) => void;
}

export function mappingWork({ words, language, isAdmin, say }: WorkOptions) {
  let message: Message | null = null;
  let draft: Draft | null = null;
  let clock = '';
  let known: Pick<MessageList, 'clocks' | 'isWritable'> = { clocks: [], isWritable: false };
  const looks = latest();
  let isProposed = false;

  const about = element('p', 'hint');
  const json = element('div', 'json-box', element('p', 'turn', words.choose));
  const meaning = element('div', 'meaning');
  const rows = element('div', 'preview');
  const form = element('div', '');
  const change = element('div', 'change');
  const previewed = element('div', '', element('h3', '', words.preview), rows);
  const chosen = panel('say', words.chosen, about, json, meaning, previewed);
  const mapping = panel('say', words.mapping, form, change);
  // There is nothing to map before a message is chosen that can be.
  previewed.hidden = true;
  mapping.hidden = true;

  const send = <T>(path: string, more: object = {}): Promise<Answer<T>> =>
    asked<T>(
      `/api/v1/messages/${path}?lang=${language}`,
      bringing({ message: message?.number ?? 0, clock, draft, ...more }),
    );
  const trouble = ({ code, detail }: { readonly code: string; readonly detail: string }): void => {
    const text = words.troubles[code] ?? words.troubles['refused'] ?? '';
    say(text.endsWith('：') || text.endsWith(':') ? `${text} ${detail}` : text, true);
  };

  function choose(next: Message): void {
    looks.overtake();
    message = next;
    draft = null;
    clock =
      clock === ''
        ? suggestedId(
            next,
            known.clocks.map(({ id }) => id),
          )
        : clock;
    meaning.replaceChildren();
    change.replaceChildren();
    setText(about, words.about(clockOf(next.at), next.bytes));
    previewed.hidden = next.json === null;
    mapping.hidden = next.json === null;
    if (next.json === null) {
      json.replaceChildren(element('p', 'turn', words.noJson), element('pre', 'json', next.text ?? ''));
      form.replaceChildren();
      rows.replaceChildren();
      return;
    }
    void preview();
  }

  /** Asks what the mapping makes of the latest messages. */
  async function preview(): Promise<void> {
    if (message === null || message.json === null) return;
    // What was proposed was proposed of something else: it must not be pressed any more.
    if (isProposed) change.replaceChildren();
    isProposed = false;
    const answer = await looks.answerTo(send<Preview>('preview'));
    if (answer === null) return;
    if (!answer.ok) return trouble(answer);
    const isNew = draft === null || JSON.stringify(draft) !== JSON.stringify(answer.got.draft);
    draft = answer.got.draft;
    if (isNew) afterPress(showForm);
    showJson();
    renew(rows, ...previewOf(answer.got, words));
    showChange(answer.got);
  }

  function changed(change: (draft: Draft) => Draft): void {
    if (draft === null) return;
    draft = change(draft);
    // The keys, or a press, are still on their way to what stands beside it.
    setTimeout(() => afterPress(showForm));
    void preview();
  }

  function showForm(): void {
    if (draft === null) return;
    const focused = controlsIn(form).find((control) => control === document.activeElement) ?? null;
    // Taken out of the page it has no label any more.
    const name = focused === null ? '' : nameOf(focused);
    const ids = known.clocks.map(({ id }) => id);
    form.replaceChildren(
      mappingForm(draft, clock, ids, words, {
        changed,
        named(next) {
          clock = next;
          void preview();
        },
      }),
      button(words.guess, 'quiet', () => {
        draft = null;
        return preview();
      }),
    );
    if (focused === null) return;
    const again = controlsIn(form).find((control) => nameOf(control) === name);
    again?.focus();
    // Somebody may have begun to type.
    if (again instanceof HTMLInputElement && again.type === 'text') again.value = focused.value;
  }

  function showJson(): void {
    const value = message?.json?.value;
    const present = draft;
    if (present === null) return;
    const label = (pointer: string): string => {
      const name = meaningOf(present, pointer);
      return name === null ? '' : words.fields[name];
    };
    renew(
      json,
      jsonView(value, {
        meaningOf: (pointer) => meaningOf(present, pointer),
        label,
        press: (pointer, at) => ask(pointer, at),
      }),
    );
  }

  /** What is it? */
  function ask(pointer: string, at: HTMLButtonElement): void {
    const choice = (name: (typeof FIELDS)[number] | null, text: string): HTMLElement => {
      const one = button(text, 'quiet', () => {
        meaning.replaceChildren();
        changed((now) => pointed(now, name, pointer));
        at.focus();
      });
      if (draft !== null && name !== null && name === meaningOf(draft, pointer))
        one.setAttribute('aria-pressed', 'true');
      return one;
    };
    const choices = FIELDS.map((name) => choice(name, words.fields[name]));
    meaning.replaceChildren(element('p', '', words.meaning(pointer)), ...choices, choice(null, words.unused));
    meaning.querySelector('button')?.focus();
  }

  function showChange({ yaml, isComplete }: Preview): void {
    const parts: HTMLElement[] = [];
    const text = element('pre', 'yaml', yaml);
    const copy = button(words.copy, 'quiet', () => {
      // Pages without TLS have no clipboard of their own; what is selected can be copied everywhere.
      getSelection()?.selectAllChildren(text);
      if (document.execCommand('copy')) say(words.copied);
    });
    parts.push(element('h3', '', words.yaml), text, copy);
    if (!known.isWritable) parts.push(element('p', 'hint', words.notWritable));
    else if (isComplete && clock !== '') parts.push(button(words.propose, 'main', () => propose()));
    renew(change, ...parts);
  }

  /** Takes the place of a preview that is still under way: its answer must not take away what is proposed. */
  async function propose(): Promise<void> {
    isProposed = true;
    const answer = await looks.answerTo(send<Proposal>('proposal'));
    if (answer === null) return;
    if (!answer.ok) {
      isProposed = false;
      return trouble(answer);
    }
    say('');
    change.replaceChildren(...proposalOf(answer.got, words, isAdmin, () => save(answer.got.base)));
  }

  async function save(base: string): Promise<void> {
    const answer = await send<Saved>('save', { base });
    if (!answer.ok) return trouble(answer);
    isProposed = false;
    change.replaceChildren();
    say(
      answer.got.notTaken === null ? words.written : words.notTaken(answer.got.notTaken),
      answer.got.notTaken !== null,
    );
  }

  return {
    chosen,
    mapping,
    choose,
    /** Something else came: what is shown of it is looked at again. */
    refresh: () => {
      if (draft !== null && !isProposed) void preview();
    },
    knows: (list: MessageList) => {
      known = list;
    },
  };
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLButtonElement;

const controlsIn = (form: HTMLElement): Control[] => [...form.querySelectorAll<Control>('input, select, button')];

/** What a control is called, and in which row: the same when the form is made anew. */
function nameOf(control: Control): string {
  const row = control.closest<HTMLElement>('.pair')?.dataset['field'] ?? '';
  return `${row} ${control.labels?.[0]?.textContent ?? control.textContent}`;
}

function proposalOf(
  proposal: Proposal,
  words: MessageWords,
  isAdmin: boolean,
  write: () => Promise<void>,
): HTMLElement[] {
  if (proposal.diff === '') return [element('p', 'turn', words.noChange)];
  const diff = element('pre', 'diff', proposal.diff);
  if (!proposal.isAccepted) {
    const problems = proposal.problems.map(({ line, message }) => element('li', '', `${line}: ${message}`));
    return [diff, element('p', 'said-trouble', words.notAccepted), element('ul', '', ...problems)];
  }
  return [diff, isAdmin ? button(words.write, 'main', write) : element('p', 'hint', words.needsAdmin)];
}

function previewOf({ rows, isComplete, faults }: Preview, words: MessageWords): HTMLElement[] {
  if (!isComplete) return [element('p', 'turn', words.incomplete(namesOf(faults, words)))];
  const punches = rows.flatMap(({ records }) => records).filter(({ kind }) => kind === 'punch').length;
  const others = rows.reduce(
    (sum, { kind, records }) => sum + (kind === 'punches' ? records.filter((one) => one.kind !== 'punch').length : 1),
    0,
  );
  const table = element(
    'table',
    'table',
    element('thead', '', element('tr', '', ...words.columns.map((title) => cell('th', title)))),
    element('tbody', '', ...rows.flatMap((row) => linesOf(row, words))),
  );
  return [element('p', 'hint', words.counts(punches, others)), element('div', 'table-room', table)];
}

/** `fields.time` is called by what it is for people. */
function namesOf(faults: readonly string[], words: MessageWords): string {
  const named = faults.map((fault) => {
    const name = FIELDS.find((one) => fault.startsWith(`fields.${one}`));
    return name === undefined ? fault : words.fields[name];
  });
  return [...new Set(named)].join('、');
}

function cell(tag: 'td' | 'th', text: string, columns = 1): HTMLTableCellElement {
  const made = element(tag, '', text);
  made.colSpan = columns;
  if (tag === 'th') made.scope = 'col';
  return made;
}

function linesOf({ at, kind, because, records }: PreviewRow, words: MessageWords): HTMLElement[] {
  const time = clockOf(at);
  const told = (text: string, outcome: string): HTMLElement => {
    const line = element('tr', '', cell('td', time), cell('td', text, 4));
    line.dataset['outcome'] = outcome;
    return line;
  };
  if (kind !== 'punches') return [told(because ?? words.other, kind === 'other' ? 'other' : 'unfit')];
  return records.map(({ kind: outcome, punch, because: why, kept }) => {
    if (punch === null) return told(why ?? words.notPassed, outcome);
    const who = punch.employee === null ? punch.credential : `${punch.credential} → ${punch.employee}`;
    const more = [
      ...(punch.employee === null ? [words.nobody] : []),
      ...(punch.seq === null ? [] : [`#${punch.seq}`]),
      ...Object.entries(kept).map(([name, value]) => `${name}=${value}`),
    ];
    const when = punch.at.slice(0, 19).replace('T', ' ');
    const line = element(
      'tr',
      '',
      ...[time, who, when, punch.method ?? '—', more.join(' ')].map((text) => cell('td', text)),
    );
    line.dataset['outcome'] = 'punch';
    return line;
  });
}

/** A clock of the configuration that the topic names, or else the first free number. */
function suggestedId({ about }: Message, taken: readonly string[]): string {
  const named = about.split('/').find((level) => taken.includes(level));
  if (named !== undefined) return named;
  for (let number = 1; ; number++) if (!taken.includes(`clock-${number}`)) return `clock-${number}`;
}
