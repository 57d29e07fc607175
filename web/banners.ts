/** What the reader must know before trusting the board: a lost link, unreadable data, the daemon's own warnings. */
import { element, setText } from './element.ts';
import type { Strings } from './strings.ts';

export interface Banners {
  warnings(texts: readonly string[]): void;
  /** Before the first data, and after each loss until the link is back (`null`). */
  link(text: { readonly text: string; readonly length: string } | null): void;
  unreadable(): void;
  readable(): void;
}

export function banners(place: HTMLElement, strings: Strings): Banners {
  // How long it has been changes each second; a screen reader is told of the loss once and left in peace.
  const length = element('span', 'banner-length');
  length.setAttribute('aria-live', 'off');
  const text = element('span', '');
  const link = element('p', 'banner banner-stale', text, length);
  link.dataset['banner'] = 'link';
  const unreadable = element('p', 'banner banner-fault', strings.unreadable);
  unreadable.dataset['banner'] = 'unreadable';
  const warnings = element('ul', 'banner banner-warning');
  warnings.dataset['banner'] = 'warnings';
  warnings.setAttribute('aria-label', strings.warning);
  for (const banner of [link, unreadable, warnings]) banner.hidden = true;
  place.append(link, unreadable, warnings);
  let shown = '';
  return {
    warnings(texts) {
      if (texts.join('\n') === shown) return;
      shown = texts.join('\n');
      warnings.replaceChildren(...texts.map((warning) => element('li', '', warning)));
      warnings.hidden = texts.length === 0;
    },
    link(state) {
      link.hidden = state === null;
      setText(text, state?.text ?? '');
      setText(length, state?.length ?? '');
    },
    unreadable() {
      unreadable.hidden = false;
    },
    readable() {
      unreadable.hidden = true;
    },
  };
}
