/** A mapping while somebody works on it: pointers of values, and fields that are set by them. */
import { type Draft, FIELDS, type FieldDraft, type FieldName } from './message-data.ts';

/** A key as a step of a JSON Pointer. */
export const stepOf = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const fieldOf = (draft: Draft, name: FieldName): FieldDraft | null => {
  const field = draft.fields[name];
  return field === undefined ? null : typeof field === 'string' ? { ptr: field } : field;
};

/** The draft with a field set, or without it. */
export function withField(draft: Draft, name: FieldName, field: FieldDraft | null): Draft {
  const { [name]: _, ...others } = draft.fields;
  return { ...draft, fields: field === null ? others : { ...others, [name]: field } };
}

/** What of the draft a value of the message is; null where it is nothing. */
export function meaningOf(draft: Draft, pointer: string): FieldName | null {
  return FIELDS.find((name) => absolute(draft, fieldOf(draft, name)).includes(pointer)) ?? null;
}

/** The places in the message that a field points at: of a list of records, in the first. */
function absolute({ items = '' }: Draft, field: FieldDraft | null): readonly string[] {
  if (field === null) return [];
  return field.of === 'message' ? [field.ptr] : [`${items}${field.ptr}`, `${items}/0${field.ptr}`];
}

/** The draft in which a value is this, and nothing else. */
export function pointed(draft: Draft, name: FieldName | null, pointer: string): Draft {
  const was = meaningOf(draft, pointer);
  const without = was === null ? draft : withField(draft, was, null);
  if (name === null) return without;
  return withField(without, name, { ...placeOf(draft, pointer), ...extras(name) });
}

/** From the record on where the value is in one, else from the message. */
function placeOf({ items = '' }: Draft, pointer: string): FieldDraft {
  if (items === '') return { ptr: pointer };
  if (!pointer.startsWith(`${items}/`)) return { ptr: pointer, of: 'message' };
  const rest = pointer.slice(items.length);
  const inList = /^\/\d+(\/.*)$/.exec(rest)?.[1];
  return { ptr: inList ?? rest };
}

const extras = (name: FieldName): Partial<FieldDraft> => (name === 'ok' ? { in: ['1'] } : {});

/** `1=finger 15=face` as a map; null where there is none. */
export function mapOf(text: string): Readonly<Record<string, string>> | null {
  const pairs = text.split(/[\s,，;；]+/).flatMap((pair) => {
    const [, from, to] = /^([^=＝]+)[=＝](.+)$/.exec(pair) ?? [];
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

export const textOfMap = (map: FieldDraft['map']): string =>
  Object.entries(map ?? {})
    .map(([from, to]) => `${from}=${to}`)
    .join(' ');
