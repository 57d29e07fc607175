/** From a path back to its place in the text. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml';
import { printable } from './excerpt.ts';
import type { Path, Place } from './finding.ts';
import {
  type Hidden,
  hiddenByLooks,
  hiddenInAddresses,
  hiddenInComments,
  looksSecret,
  merged,
  reveal,
  withoutReferences,
} from './hidden.ts';
import { SECRET_KEYS } from './secrets.ts';
import type { Source } from './tree.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const LONGEST_QUOTE = 60;

/** Where a place is in the text; what is not written there is at the start of what it is missing from. */
export function stretchOf(source: Source, place: Place): Stretch {
  if ('from' in place) return place;
  const found = walk(source, place.path);
  if (!found.reached || place.part === 'start') return startOf(found.node ?? found.key);
  if (place.part === 'key' || isNothing(found.node)) return rangeOf(found.key ?? found.node);
  const range = rangeOf(found.node);
  if (place.inside === undefined) return range;
  const at = source.text.slice(range.from, range.to).indexOf(place.inside);
  if (at < 0) return range;
  const close = source.text.indexOf('}', range.from + at);
  return { from: range.from + at, to: close < 0 || close >= range.to ? range.to : close + 1 };
}

/** What stands at a place, quoted and short; numbers as they are written, secrets never. */
export function shownAt(source: Source, place: Place): string {
  if ('from' in place) return '';
  if (place.part === 'key') return quoted(withoutSecrets(String(place.path.at(-1))));
  const { node, reached } = walk(source, place.path);
  if (!reached || !isScalar(node) || SECRET_KEYS.includes(String(place.path.at(-1)))) return '***';
  if (typeof node.value !== 'string') return node.source ?? String(node.value);
  return quoted(reveal(node.value, 0, node.value.length, hiddenInAddresses(node.value)));
}

/** A key as it may be shown: where a quote or a colon is missing, a whole line can be read as a key. */
export function withoutSecrets(key: string): string {
  return reveal(key, 0, key.length, hiddenByLooks(key));
}

function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `"${printable(short)}"`;
}

interface Found {
  readonly key: Node | null;
  readonly node: Node | null;
  /** False: the path leads further than the text. */
  readonly reached: boolean;
}

function walk(source: Source, path: Path): Found {
  let key: Node | null = null;
  let node: Node | null = resolved(source, source.document.contents);
  for (const step of path) {
    const next = isSeq(node)
      ? { key: null, value: node.items[Number(step)] }
      : isMap(node)
        ? pairOf(node.items, String(step))
        : undefined;
    if (next === undefined || (isSeq(node) && next.value === undefined)) return { key, node, reached: false };
    key = next.key as Node | null;
    node = resolved(source, (next.value ?? null) as Node | null);
  }
  return { key, node, reached: true };
}

/** A secret that came from a file is where its file is named. */
function pairOf(pairs: readonly Pair<unknown, unknown>[], key: string): Pair<unknown, unknown> | undefined {
  const named = (name: string) => pairs.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === name);
  return named(key) ?? (SECRET_KEYS.includes(key) ? named(`${key}_file`) : undefined);
}

function resolved(source: Source, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(source.document) ?? node) : node;
}

const isNothing = (node: Node | null): boolean =>
  node === null || (isScalar(node) && node.value === null && !node.source);

function rangeOf(node: Node | null): Stretch {
  const [from, to] = node?.range ?? [0, 1];
  return { from, to: Math.max(to, from + 1) };
}

function startOf(node: Node | null): Stretch {
  const { from } = rangeOf(node);
  return { from, to: from + 1 };
}

/** Every stretch of the text that must not be shown: values of secret keys, passwords in addresses, keys of webhooks. */
export function hiddenIn(source: Source): Hidden[] {
  const { text, document } = source;
  const hidden = [...hiddenInAddresses(text), ...hiddenInComments(text)];
  visit(document, {
    Pair(_, pair) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const range = (pair.value as Node | null)?.range;
      if (!range) return;
      const written = text.slice(range[0], range[1]);
      if (looksSecret(key)) for (const one of withoutReferences(written, range[0])) hidden.push(one);
      // Whoever knows a webhook's address can write to it: only its host is shown.
      else if (key === 'url') for (const one of hiddenByLooks(written, range[0])) hidden.push(one);
    },
  });
  // Where the YAML is broken its nodes cannot be trusted to be where the secrets are.
  if (source.brokenAt !== null) for (const one of hiddenByLooks(text)) hidden.push(one);
  return merged(hidden);
}
