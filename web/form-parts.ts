/** Fields of a question: each with its label, and a hint where one helps. */
import { element } from './element.ts';

let fields = 0;

/** A control under its label; what stands below it may say more. */
export function field(label: string, control: HTMLElement, ...more: readonly HTMLElement[]): HTMLElement {
  fields += 1;
  control.id = `field-${fields}`;
  const named = element('label', '', label);
  named.htmlFor = control.id;
  return element('div', 'field', named, control, ...more);
}

export function textField(maxLength: number): HTMLInputElement {
  const made = element('input', '');
  made.type = 'text';
  made.maxLength = maxLength;
  return made;
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
