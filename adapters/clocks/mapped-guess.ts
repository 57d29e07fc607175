/**
 * A first mapping for a message that nobody has mapped, by the names of its keys and the looks of its values. It is only a proposal:
 * somebody looks at what it makes of real messages before it counts.
 */
import type { Zone } from '../../rules/time.ts';
import { escaped, valueAt } from './mapped-pointer.ts';
import { formatOf } from './mapped-reading.ts';

/** A mapping as it is written in hall.yaml, as far as it is guessed and as pages change it. */
export interface MappingDraft {
  readonly topics?: readonly string[];
  readonly path?: string;
  readonly when?: readonly { readonly ptr: string; readonly equals: string | number | boolean }[];
  readonly items?: string;
  readonly fields: {
    readonly credential?: string | { readonly ptr: string; readonly dropZeros?: boolean };
    readonly time?: { readonly ptr: string; readonly format: string };
    readonly seq?: string;
    readonly method?: { readonly ptr: string; readonly map?: Readonly<Record<string, string>> };
    readonly direction?: { readonly ptr: string; readonly map?: Readonly<Record<string, string>> };
    readonly ok?: { readonly ptr: string; readonly in: readonly (string | number | boolean)[] };
  };
}

/** Names of keys, the surest first. */
const NAMES: Readonly<Record<'credential' | 'time' | 'seq' | 'method' | 'direction' | 'ok', readonly RegExp[]>> = {
  credential: [
    /^(custom|enroll|employee|emp|staff|person|user|job|work|student)_?-?(id|no|num|number|code)$/i,
    /^(uid|pin|eno|credential|badge|工号|编号)$/i,
    /^(card)_?(id|no|num|number)?$/i,
    /^(user|person|employee|code|id)$/i,
  ],
  time: [
    /^(punch|record|rec|check|clock|event|capture|cap|sign|att|log|swipe)_?(in|out)?_?(time|date|at|dt|ts)$/i,
    /^(time|timestamp|datetime|date_time|ts|dt|at|时间)$/i,
    /time|date/i,
  ],
  seq: [
    /^(record|rec|log|event|serial|seq|msg)_?(id|no|num|number|index)?$/i,
    /^(sequence(_?no)?|flowid|index|no|nr)$/i,
  ],
  method: [/^(verify|open|check|pass|auth|punch)_?(mode|type|method|way)$/i, /^(mode|method|vm|vt)$/i],
  direction: [/^(direction|dir|in_?out|inout|io|entry|st|attendancestatus)$/i],
  ok: [/^(verify|pass|auth|check)_?(status|result|state)$/i, /^(success|result|ok|passed)$/i],
};

/** Which kind of message it is, beside what it holds. */
const KIND = /^(operator|cmd|command|action|event|kind|type|msg_?type|message_?type|func|method)$/i;
const DEEPEST = 6;
const MOST_LEAVES = 300;

interface Leaf {
  readonly pointer: string;
  readonly key: string;
  readonly value: string | number | boolean;
}

/** What a message might mean. Fields that nothing looks like are left out. */
export function guessedMapping(message: unknown, zone: Zone): Omit<MappingDraft, 'topics' | 'path'> {
  const items = itemsIn(message, zone);
  const item = items === null ? message : first(valueAt(message, items));
  const leaves = leavesOf(item);
  const time = best(leaves, 'time', ({ value }) => formatOf(value, zone) !== null);
  const rest = leaves.filter((leaf) => leaf !== time);
  const credential = best(
    rest,
    'credential',
    ({ value }) => typeof value !== 'boolean' && /^[\w-]{1,32}$/.test(String(value)),
  );
  const others = rest.filter((leaf) => leaf !== credential);
  const seq = best(others, 'seq', ({ value }) => /^\d{1,16}$/.test(String(value)));
  const method = best(others, 'method', () => true);
  const direction = best(others, 'direction', () => true);
  const kind =
    items === null
      ? undefined
      : leavesOf(message, 1).find(({ key, value }) => KIND.test(key) && typeof value === 'string');
  return {
    ...(kind === undefined ? {} : { when: [{ ptr: kind.pointer, equals: kind.value }] }),
    ...(items === null ? {} : { items }),
    fields: {
      ...(credential === undefined ? {} : { credential: credential.pointer }),
      ...(time === undefined ? {} : { time: { ptr: time.pointer, format: formatOf(time.value, zone) ?? '' } }),
      ...(seq === undefined ? {} : { seq: seq.pointer }),
      ...(method === undefined ? {} : { method: { ptr: method.pointer } }),
      ...(direction === undefined ? {} : { direction: { ptr: direction.pointer } }),
    },
  };
}

function best(
  leaves: readonly Leaf[],
  field: keyof typeof NAMES,
  looksRight: (leaf: Leaf) => boolean,
): Leaf | undefined {
  const fit = leaves.filter(looksRight);
  for (const name of NAMES[field]) {
    const found = fit.find(({ key }) => name.test(key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where the records are: the outermost object or list of objects that has a time in it; null = the message is one itself. */
function itemsIn(message: unknown, zone: Zone): string | null {
  const hasTime = (value: unknown): boolean =>
    leavesOf(value, 1).some(
      ({ key, value: one }) => NAMES.time.some((name) => name.test(key)) && formatOf(one, zone) !== null,
    );
  const look = (value: unknown, pointer: string, depth: number): string | null => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return null;
    if (hasTime(first(value))) return pointer;
    if (Array.isArray(value)) return null;
    for (const [key, inner] of Object.entries(value).slice(0, MOST_LEAVES)) {
      const found = look(inner, `${pointer}/${escaped(key)}`, depth + 1);
      if (found !== null) return found;
    }
    return null;
  };
  const found = look(message, '', 0);
  return found === '' && !Array.isArray(message) ? null : found;
}

const first = (value: unknown): unknown => (Array.isArray(value) ? (value as readonly unknown[])[0] : value);

function leavesOf(value: unknown, deepest = DEEPEST): Leaf[] {
  const found: Leaf[] = [];
  const walk = (inner: unknown, pointer: string, key: string, depth: number): void => {
    if (found.length >= MOST_LEAVES) return;
    if (typeof inner === 'string' || typeof inner === 'number' || typeof inner === 'boolean') {
      if (depth > 0) found.push({ pointer, key, value: inner });
    } else if (typeof inner === 'object' && inner !== null && depth < deepest) {
      for (const [name, one] of Object.entries(inner)) walk(one, `${pointer}/${escaped(name)}`, name, depth + 1);
    }
  };
  walk(value, '', '', 0);
  return found;
}
