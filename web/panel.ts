/** A part of a page under a heading. */
import { element } from './element.ts';

/** Of a `kind` that the style knows: to be done something in, or to be read. */
export function panel(kind: 'do' | 'say', title: string | Node, ...body: readonly Node[]): HTMLElement {
  const heading = element('h2', 'panel-title', title);
  return element('section', `panel panel-${kind}`, element('header', 'panel-head', heading), ...body);
}
