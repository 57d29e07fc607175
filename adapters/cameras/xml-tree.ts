/** What an XML parser made of a camera's answer, by names without prefixes: nothing of it is certain to be there. */

/** A text, or what has children (a list where several have one name), or nothing. Attributes are under `$`, text beside them under `_`. */
export type XmlTree = unknown;

/** What is behind these names, the first where there are several; undefined = nothing. */
export function inside(tree: XmlTree, ...names: readonly string[]): XmlTree {
  let at: XmlTree = first(tree);
  for (const name of names) at = first(own(at, name));
  return at;
}

/** All children of this name, in their order. */
export function each(tree: XmlTree, name: string): readonly XmlTree[] {
  const found = own(first(tree), name);
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** The text behind these names, printable, without the space around it; null = there is none. */
export function textIn(tree: XmlTree, ...names: readonly string[]): string | null {
  const found = inside(tree, ...names);
  const text = typeof found === 'object' && found !== null ? own(found, '_') : found;
  const plain = typeof text === 'string' ? printable(text) : '';
  return plain === '' ? null : plain;
}

/** Without what could steer a terminal or turn the direction of writing: it comes from anybody in the network. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ').trim();

/** The number behind these names; null = there is none. */
export function numberIn(tree: XmlTree, ...names: readonly string[]): number | null {
  const text = textIn(tree, ...names);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

export const attribute = (tree: XmlTree, name: string): string | null => textIn(tree, '$', name);

const first = (tree: XmlTree): XmlTree => (Array.isArray(tree) ? tree[0] : tree);

function own(tree: XmlTree, name: string): XmlTree {
  if (typeof tree !== 'object' || tree === null) return undefined;
  return Object.getOwnPropertyDescriptor(tree, name)?.value;
}
