/** The right side of the page: where each field of a touch comes from, and how its values are to be read. */
import { element } from '../element.ts';
import { field, textInput } from '../form-parts.ts';
import { fieldOf, mapOf, textOfMap, withField } from './mapping-draft.ts';
import { type Draft, FIELDS, type FieldDraft, type FieldName } from './message-data.ts';
import type { MessageWords } from './message-words.ts';

const NEEDED: readonly FieldName[] = ['credential', 'time'];
const FORMATS = [
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd HH:mm',
  'yyyy/MM/dd HH:mm:ss',
  'yyyy-MM-ddTHH:mm:ss',
  'yyyyMMddHHmmss',
  'rfc3339',
  'unix',
  'unix-ms',
];

export interface FormListener {
  /** Somebody changed the mapping, as it is by now. */
  changed(change: (draft: Draft) => Draft): void;
  named(clock: string): void;
}

export function mappingForm(
  draft: Draft,
  clock: string,
  clocks: readonly string[],
  words: MessageWords,
  listener: FormListener,
): HTMLElement {
  const form = element('div', 'mapping-form');
  const name = textInput(clock);
  name.setAttribute('list', 'clock-ids');
  name.addEventListener('change', () => listener.named(name.value.trim()));
  const known = element('datalist', '', ...clocks.map((id) => optionOf(id)));
  known.id = 'clock-ids';
  form.append(field(words.clock, name, words.clockHint), known, ...addressOf(draft, words, listener));
  const items = textInput(draft.items ?? '');
  items.addEventListener('change', () => {
    listener.changed(({ items: _, ...others }) => (items.value === '' ? others : { ...others, items: items.value }));
  });
  form.append(conditionOf(draft, words, listener), field(words.items, items, words.itemsHint));
  for (const one of FIELDS) form.append(fieldRow(draft, one, words, listener));
  return form;
}

function optionOf(value: string): HTMLOptionElement {
  const option = element('option', '');
  option.value = value;
  return option;
}

function addressOf(draft: Draft, words: MessageWords, listener: FormListener): HTMLElement[] {
  const isHttp = draft.path !== undefined;
  const input = textInput(isHttp ? draft.path : (draft.topics ?? []).join(' '));
  input.addEventListener('change', () => {
    const topics = input.value.split(/\s+/).filter((topic) => topic !== '');
    listener.changed((now) => (isHttp ? { ...now, path: input.value.trim() } : { ...now, topics }));
  });
  return [field(isHttp ? words.path : words.topics, input)];
}

function conditionOf(draft: Draft, words: MessageWords, listener: FormListener): HTMLElement {
  const [condition] = draft.when ?? [];
  const [ptr, equals] = [textInput(condition?.ptr ?? ''), textInput(String(condition?.equals ?? ''))];
  const change = (): void => {
    const isWritten = ptr.value !== '' && equals.value !== '';
    listener.changed(({ when: _, ...others }) =>
      isWritten ? { ...others, when: [{ ptr: ptr.value, equals: equals.value }] } : others,
    );
  };
  for (const input of [ptr, equals]) input.addEventListener('change', change);
  return element('div', 'pair', field(words.whenPtr, ptr), field(words.whenEquals, equals));
}

function fieldRow(draft: Draft, name: FieldName, words: MessageWords, listener: FormListener): HTMLElement {
  const present = fieldOf(draft, name);
  const ptr = textInput(present?.ptr ?? '');
  ptr.dataset['field'] = name;
  const set = (more: Partial<FieldDraft>): void => {
    listener.changed((now) => withField(now, name, { ...(fieldOf(now, name) ?? { ptr: ptr.value }), ...more }));
  };
  ptr.addEventListener('change', () => {
    if (ptr.value === '') listener.changed((now) => withField(now, name, null));
    else set({ ptr: ptr.value, ...(name === 'ok' && present?.in === undefined ? { in: ['1'] } : {}) });
  });
  const label = NEEDED.includes(name) ? `${words.fields[name]}（${words.needed}）` : words.fields[name];
  const row = element('div', 'pair', field(label, ptr));
  row.dataset['field'] = name;
  const extra = present === null ? null : extraOf(name, present, words, set);
  if (extra !== null) row.append(extra);
  return row;
}

/** How the value is to be read. */
function extraOf(
  name: FieldName,
  present: FieldDraft,
  words: MessageWords,
  set: (more: Partial<FieldDraft>) => void,
): HTMLElement | null {
  switch (name) {
    case 'time': {
      const format = element('select', '', ...formatOptions(present.format ?? ''));
      format.value = present.format ?? FORMATS[0] ?? '';
      format.addEventListener('change', () => set({ format: format.value }));
      return field(words.format, format);
    }
    case 'credential': {
      const zeros = element('input', '');
      zeros.type = 'checkbox';
      zeros.checked = present.dropZeros ?? false;
      zeros.addEventListener('change', () => set({ dropZeros: zeros.checked }));
      return field(words.dropZeros, zeros);
    }
    case 'method':
    case 'direction': {
      const map = textInput(textOfMap(present.map));
      map.addEventListener('change', () => set({ map: mapOf(map.value) ?? {} }));
      return field(words.map, map);
    }
    case 'ok': {
      const values = textInput((present.in ?? []).join(' '));
      values.addEventListener('change', () => set({ in: values.value.split(/[\s,，]+/).filter((one) => one !== '') }));
      return field(words.values, values);
    }
    case 'seq':
      return null;
  }
}

function formatOptions(chosen: string): HTMLOptionElement[] {
  const formats = FORMATS.includes(chosen) || chosen === '' ? FORMATS : [chosen, ...FORMATS];
  return formats.map((format) => {
    const option = element('option', '', format);
    option.value = format;
    return option;
  });
}
