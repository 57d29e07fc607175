/** A table of things that something can be done with: below each head a column, and one more for the deeds. */
import { element } from '../element.ts';

/** `rows`: the cells of each. */
export function table(heads: readonly string[], rows: readonly (readonly HTMLElement[])[]): HTMLElement {
  const headCells = heads.map((name) => {
    const cell = element('th', '', name);
    cell.scope = 'col';
    return cell;
  });
  return element(
    'div',
    'table-room',
    element(
      'table',
      'table',
      element('thead', '', element('tr', '', ...headCells, element('td', ''))),
      element('tbody', '', ...rows.map((cells) => element('tr', '', ...cells))),
    ),
  );
}
