/** What forms are made of: controls, each with its label, and buttons. */
import { element } from './element.ts';
import { waitWith } from './waiting-button.ts';

let fields = 0;

/** A control under its label; a text below describes it. */
export function field(label: string, control: HTMLElement, ...below: readonly (string | HTMLElement)[]): HTMLElement {
  fields += 1;
  if (control.id === '') control.id = `field-${fields}`;
  const named = element('label', '', label);
  named.htmlFor = control.id;
  const more = below.map((part) => (typeof part === 'string' ? describing(control, part) : part));
  return element('div', 'field', named, control, ...more);
}

function describing(control: HTMLElement, text: string): HTMLElement {
  const hint = element('span', 'hint', text);
  hint.id = `${control.id}-hint`;
  control.setAttribute('aria-describedby', hint.id);
  return hint;
}

export function textField(maxLength: number): HTMLInputElement {
  const made = element('input', '');
  made.type = 'text';
  made.maxLength = maxLength;
  return made;
}

/** For what machines read: addresses, names, numbers. */
export function textInput(value = '', type = 'text'): HTMLInputElement {
  const input = element('input', '');
  input.type = type;
  input.value = value;
  input.autocomplete = 'off';
  input.spellcheck = false;
  return input;
}

export function select(options: readonly (readonly [value: string, text: string])[]): HTMLSelectElement {
  const made = element('select', '');
  for (const [value, text] of options) {
    const option = element('option', '', text);
    option.value = value;
    made.append(option);
  }
  return made;
}

/** A button that is pressed once at a time; while it works it cannot be pressed. */
export function button(label: string, kind: 'main' | 'quiet', press: () => Promise<void> | void): HTMLButtonElement {
  const made = element('button', `button ${kind === 'main' ? 'button-main' : 'button-quiet'}`, label);
  made.type = 'button';
  made.addEventListener('click', () => waitWith(made, press));
  return made;
}
