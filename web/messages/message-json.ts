/** A message as JSON whose values can be pressed. */
import { element } from '../element.ts';
import { stepOf } from './mapping-draft.ts';
import type { FieldName } from './message-data.ts';

export interface JsonListener {
  readonly meaningOf: (pointer: string) => FieldName | null;
  readonly label: (pointer: string) => string;
  readonly press: (pointer: string, button: HTMLButtonElement) => void;
}

const DEEPEST = 12;
const MOST_ITEMS = 50;

export function jsonView(value: unknown, listener: JsonListener): HTMLElement {
  const view = element('pre', 'json');
  view.append(...partsOf(value, '', 0, listener));
  return view;
}

function partsOf(value: unknown, pointer: string, depth: number, listener: JsonListener): (Node | string)[] {
  if (typeof value !== 'object' || value === null) return [leaf(value, pointer, listener)];
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return [`${open}${close}`];
  if (depth >= DEEPEST) return [`${open}…${close}`];
  const indent = '  '.repeat(depth + 1);
  const lines = entries.slice(0, MOST_ITEMS).flatMap(([key, inner], i) => {
    const name = isList ? [] : [element('span', 'json-key', JSON.stringify(key)), ': '];
    const comma = i < entries.length - 1 ? ',' : '';
    return ['\n', indent, ...name, ...partsOf(inner, `${pointer}${stepOf(key)}`, depth + 1, listener), comma];
  });
  const more = entries.length > MOST_ITEMS ? ['\n', indent, '…'] : [];
  return [open, ...lines, ...more, '\n', '  '.repeat(depth), close];
}

function leaf(value: unknown, pointer: string, { meaningOf, label, press }: JsonListener): Node {
  const text = JSON.stringify(value) ?? 'null';
  if (value === null || pointer === '') return element('span', '', text);
  const button = element('button', 'json-value', text);
  button.type = 'button';
  button.dataset['pointer'] = pointer;
  const meaning = meaningOf(pointer);
  if (meaning !== null) {
    button.dataset['field'] = meaning;
    button.title = label(pointer);
  }
  button.addEventListener('click', () => press(pointer, button));
  return button;
}
