/** The frame of the panel: its head with figures, filter and search, the list, what was done, and the keys. */
import { element, setText } from '../element.ts';
import type { Deed } from './case-data.ts';
import type { CaseStrings } from './case-strings.ts';

/** What is shown: what wants somebody, or all of the last days. */
export type Filter = 'wanting' | 'all';

/** What is shown and looked for at first. */
export interface PanelChoice {
  readonly filter: Filter;
  readonly sought: string;
}

export interface PanelListener {
  filter(next: Filter): void;
  search(text: string): void;
  act(deed: Deed): void;
  unselect(): void;
}

export interface PanelParts {
  readonly root: HTMLElement;
  readonly head: HTMLElement;
  readonly count: HTMLElement;
  readonly search: HTMLInputElement;
  readonly list: HTMLElement;
  readonly nothing: HTMLElement;
  /** What was done last. */
  readonly said: HTMLElement;
  /** What keeps the list from being right. */
  readonly trouble: HTMLElement;
  /** How many are selected, and what may be done with them. */
  selection(count: number, deeds: readonly Deed[]): void;
}

export function panelParts(words: CaseStrings, choice: PanelChoice, listener: PanelListener): PanelParts {
  const count = element('b', 'cases-count', '–');
  const heading = element('h2', 'cases-title', `${words.panel} `, count);
  heading.id = 'cases-title';
  const search = element('input', 'cases-search');
  search.type = 'search';
  search.value = choice.sought;
  search.placeholder = `${words.search}  /`;
  search.setAttribute('aria-label', words.search);
  search.addEventListener('input', () => listener.search(search.value.trim()));
  const list = element('ol', 'cases-list');
  const nothing = element('p', 'cases-nothing');
  const said = element('p', 'cases-said');
  said.setAttribute('role', 'status');
  const trouble = element('p', 'cases-trouble');
  trouble.setAttribute('role', 'status');
  const bulk = selectionBar(words, listener);
  const keys = words.keys.map(([key, what]) =>
    element('span', '', ...key.split(' ').map((one) => element('kbd', '', one)), ` ${what}`),
  );
  const head = element('header', 'cases-head', heading, filterButtons(words, choice.filter, listener), search);
  const root = element(
    'section',
    'cases',
    head,
    trouble,
    said,
    list,
    nothing,
    bulk.root,
    element('footer', 'cases-keys', ...keys),
  );
  root.id = 'cases';
  root.setAttribute('aria-labelledby', heading.id);
  return { root, head, count, search, list, nothing, said, trouble, selection: bulk.show };
}

function filterButtons(words: CaseStrings, chosen: Filter, listener: PanelListener): HTMLElement {
  const group = element('div', 'cases-filter');
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', words.show);
  const buttons = (['wanting', 'all'] as const).map((name) => {
    const button = element('button', 'filter', words[name]);
    button.type = 'button';
    button.setAttribute('aria-pressed', String(name === chosen));
    button.addEventListener('click', () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      listener.filter(name);
    });
    return button;
  });
  group.append(...buttons);
  return group;
}

function selectionBar(
  words: CaseStrings,
  listener: PanelListener,
): { root: HTMLElement; show: PanelParts['selection'] } {
  const count = element('span', 'bulk-count');
  const deeds = element('span', 'bulk-deeds');
  const none = element('button', 'button button-quiet', words.unselect);
  none.type = 'button';
  none.addEventListener('click', () => listener.unselect());
  const root = element('div', 'cases-bulk', count, deeds, none);
  root.hidden = true;
  let shown = '';
  return {
    root,
    show(many, able) {
      root.hidden = many === 0;
      setText(count, words.selected(many));
      if (able.join() === shown) return;
      shown = able.join();
      deeds.replaceChildren(
        ...able.map((deed) => {
          const button = element('button', 'button', words.deeds[deed]);
          button.type = 'button';
          button.dataset['do'] = deed;
          button.addEventListener('click', () => listener.act(deed));
          return button;
        }),
      );
    },
  };
}
