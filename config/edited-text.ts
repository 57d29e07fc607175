/**
 * Changing the text of a configuration as a careful person would: only what is concerned is written anew, and every comment,
 * blank line and alignment elsewhere stays as it was. The parser's own way of writing a document back would lay out the whole
 * file again.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { pathText } from './explain.ts';
import type { Path } from './finding.ts';

/** A value as JSON has them. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** `set`: the value at a path whose parent is there, new or not · `append`: one more in a list, which may not be there yet. */
export type Edit =
  | { readonly do: 'set'; readonly path: Path; readonly value: Plain }
  | { readonly do: 'append'; readonly path: Path; readonly value: Plain }
  | { readonly do: 'remove'; readonly path: Path };

/** The text is written in a way that this cannot change without touching more than it should: a person has to. */
export class LayoutError extends Error {
  override readonly name = 'LayoutError';
  readonly retry = false;
  /** Where, as `cameras[1].seats`. */
  readonly path: string;

  constructor(path: Path, because: string) {
    super(`${pathText(path)} ${because}`);
    this.path = pathText(path);
  }
}

/** The text after all edits, one after the other. Throws a `LayoutError` where one cannot be made. */
export function editedText(text: string, edits: readonly Edit[]): string {
  return edits.reduce(edited, text);
}

interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function edited(text: string, edit: Edit): string {
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) throw new LayoutError(edit.path, 'is in a file whose YAML is broken');
  const { from, to, text: written } = spliceOf(text, document, edit);
  const instead = text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
  const after = text.slice(0, from) + instead + text.slice(to);
  const parsed = parseDocument(after, { prettyErrors: false, uniqueKeys: false });
  // What was meant is compared with what the new text says: a slip here would be somebody's configuration.
  const isMeant = parsed.errors.length === 0 && isDeepStrictEqual(parsed.toJS(), meant(document.toJS(), edit));
  if (!isMeant) throw new LayoutError(edit.path, 'cannot be changed as it is written; change it by hand');
  return after;
}

function spliceOf(text: string, document: Document, edit: Edit): Splice {
  const { path } = edit;
  const node = nodeAt(document, path);
  if (edit.do === 'remove') return removal(text, document, path);
  if (edit.do === 'append') {
    if (isSeq(node) && node.items.length > 0)
      return isFlow(node) ? flowItem(node, flow(edit.value)) : blockItem(text, node, edit);
    if (node != null && !isNull(node) && !isSeq(node)) throw new LayoutError(path, 'is no list');
    const list = `\n${' '.repeat(indentOf(text, document, path) + 2)}- ${flow(edit.value)}`;
    if (node !== undefined) return { ...valueRange(text, document, path), text: list };
    return newKey(text, document, path, list);
  }
  if (node !== undefined) return { ...valueRange(text, document, path), text: ` ${flow(edit.value)}` };
  return newKey(text, document, path, ` ${flow(edit.value)}`);
}

/** The node at a path; undefined where there is none. */
function nodeAt(document: Document, path: Path): Node | null | undefined {
  let node: Node | null | undefined = document.contents as Node | null;
  for (const step of path) {
    if (isAlias(node))
      throw new LayoutError(path, 'is written once for several places (a YAML alias); change it by hand');
    if (isSeq(node)) node = node.items[Number(step)] as Node | undefined;
    else if (isMap(node)) {
      const pair = pairOf(node.items, step);
      if (pair === undefined) return undefined;
      node = (pair.value ?? null) as Node | null;
    } else return undefined;
  }
  return node;
}

const pairOf = (pairs: readonly Pair<unknown, unknown>[], key: string | number): Pair<unknown, unknown> | undefined =>
  pairs.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));

const isNull = (node: Node): boolean => isScalar(node) && node.value === null;
const isFlow = (node: Node): boolean => isCollection(node) && node.flow === true;

/** From after the colon or dash to the end of the value, so that an empty one can be filled; a space is part of it. */
function valueRange(text: string, document: Document, path: Path): Omit<Splice, 'text'> {
  const node = nodeAt(document, path);
  const isInList = typeof path.at(-1) === 'number';
  const key = isInList ? null : keyAt(document, path);
  const [start, valueEnd] = node?.range ?? [0, 0];
  const end = isCollection(node) && !isFlow(node) ? contentEnd(text, node) : valueEnd;
  if (key === null) return { from: text[start - 1] === ' ' ? start - 1 : start, to: end };
  const colon = text.indexOf(':', key.range?.[1] ?? 0) + 1;
  const isEmpty = node == null || (isNull(node) && !(isScalar(node) && node.source));
  // A comment behind the colon of a block stays where it is only if the value begins after it: so it is written anew there.
  return isEmpty ? { from: colon, to: colon } : { from: hasOnlySpace(text, colon, start) ? colon : start - 1, to: end };
}

const hasOnlySpace = (text: string, from: number, to: number): boolean => /^\s*$/.test(text.slice(from, to));

function keyAt(document: Document, path: Path): Node {
  const parent = nodeAt(document, path.slice(0, -1));
  const key = isMap(parent) ? pairOf(parent.items, path.at(-1) ?? '')?.key : undefined;
  if (key === undefined) throw new LayoutError(path, 'is not there');
  return key as Node;
}

/** One more item behind the last of a list in lines. */
function blockItem(
  text: string,
  { items }: { readonly items: readonly unknown[] },
  { path, value }: Edit & { do: 'append' },
): Splice {
  const last = items.at(-1) as Node | null;
  const [start, end] = last?.range ?? [0, 0];
  const dash = text.lastIndexOf('-', start - 1);
  const indent = dash - lineStart(text, dash);
  if (last === null || dash < 0 || text.slice(lineStart(text, dash), dash).trim() !== '') {
    throw new LayoutError(path, 'is a list in another one’s line; add to it by hand');
  }
  const at = lineEnd(text, end - (text[end - 1] === '\n' ? 1 : 0));
  return { from: at, to: at, text: `\n${' '.repeat(indent)}- ${flow(value)}` };
}

/** One more behind the last of `[…]` or `{…}`. */
function flowItem(node: Node & { readonly items: readonly unknown[] }, item: string): Splice {
  const last = node.items.at(-1);
  const value = isPair(last) ? ((last.value ?? last.key) as Node) : (last as Node);
  const at = value.range?.[1] ?? 0;
  return { from: at, to: at, text: `, ${item}` };
}

/** A key that is not there yet, behind the last of its map. `value` begins with the space or line break after the colon. */
function newKey(text: string, document: Document, path: Path, value: string): Splice {
  const parent = path.length === 1 ? document.contents : nodeAt(document, path.slice(0, -1));
  const key = flow(String(path.at(-1)));
  if (!isMap(parent) || parent.items.length === 0)
    throw new LayoutError(path.slice(0, -1), 'is no map that could take a key');
  if (isFlow(parent))
    return flowItem(parent, `${key}: ${value.trim().startsWith('- ') ? `[${value.trim().slice(2)}]` : value.trim()}`);
  const first = parent.items[0]?.key as Node;
  const from = first.range?.[0] ?? 0;
  const indent = ' '.repeat(from - lineStart(text, from));
  const end = contentEnd(text, parent);
  const at = lineEnd(text, end);
  return { from: at, to: at, text: `\n${indent}${key}:${value}` };
}

/** Where the last thing of a node ends, without comments and blank lines that follow. */
function contentEnd(text: string, node: Node): number {
  let end = 0;
  visit(node, {
    Scalar(_, scalar) {
      end = Math.max(end, scalar.range?.[1] ?? 0);
    },
    Collection(_, collection) {
      if (collection.flow === true) end = Math.max(end, collection.range?.[1] ?? 0);
    },
    Alias(_, alias) {
      end = Math.max(end, alias.range?.[1] ?? 0);
    },
  });
  return end - (text[end - 1] === '\n' ? 1 : 0);
}

function removal(text: string, document: Document, path: Path): Splice {
  const parent = nodeAt(document, path.slice(0, -1));
  const node = nodeAt(document, path);
  if (!isSeq(parent) || node == null) throw new LayoutError(path, 'is no item of a list');
  const at = Number(path.at(-1));
  const [start, end] = node.range ?? [0, 0];
  if (isFlow(parent)) {
    const next = parent.items[at + 1] as Node | undefined;
    if (next?.range != null) return { from: start, to: next.range[0], text: '' };
    const before = parent.items[at - 1] as Node | undefined;
    return { from: before?.range?.[1] ?? start, to: end, text: '' };
  }
  const dash = text.lastIndexOf('-', start - 1);
  const from = lineStart(text, dash);
  if (text.slice(from, dash).trim() !== '')
    throw new LayoutError(path, 'stands in the line of another; remove it by hand');
  // A list without items would be nothing at all.
  if (parent.items.length === 1) return { ...valueRange(text, document, path.slice(0, -1)), text: ' []' };
  const to = lineEnd(text, contentEnd(text, node));
  return { from, to: Math.min(text.length, to + 1), text: '' };
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const to = end < 0 ? text.length : end;
  return text[to - 1] === '\r' ? to - 1 : to;
}

/** How far the line of a key is from the left. */
function indentOf(text: string, document: Document, path: Path): number {
  if (path.length === 1) return 0;
  const parent = nodeAt(document, path.slice(0, -1));
  const key = isMap(parent) ? (parent.items[0]?.key as Node | undefined) : undefined;
  const from = key?.range?.[0] ?? 0;
  return from - lineStart(text, from);
}

/** A value in one line. */
function flow(value: Plain): string {
  const document = new Document(value);
  visit(document, {
    Collection(_, collection) {
      collection.flow = true;
    },
  });
  // A top scalar is written as it would be inside brackets, where `,` and `{` mean something.
  const isScalarValue = typeof value !== 'object' || value === null;
  const written = document.toString({ lineWidth: 0, defaultStringType: 'PLAIN', directives: false }).trim();
  if (!isScalarValue) return written;
  const inBrackets = flow([value]);
  return inBrackets.slice(1, -1).trim();
}

function meant(value: unknown, edit: Edit): unknown {
  const [step, ...rest] = edit.path;
  if (step === undefined) {
    if (edit.do === 'append') return [...(Array.isArray(value) ? value : []), edit.value];
    return edit.do === 'set' ? edit.value : undefined;
  }
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    if (rest.length === 0 && edit.do === 'remove') return items.toSpliced(Number(step), 1);
    return items.with(Number(step), meant(items[Number(step)], { ...edit, path: rest }));
  }
  const map = (value ?? {}) as Record<string, unknown>;
  return { ...map, [step]: meant(map[step], { ...edit, path: rest }) };
}
