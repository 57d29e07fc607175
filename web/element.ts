/** Building and changing the page, without a framework and without HTML in strings. */

/** A new element with a class and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** The element of the page with this id, of this kind. Throws if the page has none: then page and script do not match. */
export function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** Sets a text only if it differs, so that selections and screen readers are not disturbed each second. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Puts nodes in the place of others only where something differs, so that what is being read or pressed is not disturbed. */
export function renew(into: HTMLElement, ...nodes: readonly Node[]): void {
  const next = element('div', '', ...nodes);
  if (next.innerHTML !== into.innerHTML) into.replaceChildren(...next.childNodes);
}
