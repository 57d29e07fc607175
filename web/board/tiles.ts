/** One tile for each state: its sign, its word, its pattern and how many windows are in it. Legend and filter in one. */
import { element } from '../element.ts';
import { icon } from '../icons.ts';
import { inAddress } from '../page-address.ts';
import { knownState, STATES, type WindowNow, type WindowState } from '../snapshot.ts';
import type { Strings } from '../strings.ts';

export interface Tiles {
  show(windows: readonly WindowNow[]): void;
}

/** `choose` is told which states are pressed, at first those named by `?state=`. */
export function tiles(group: HTMLElement, strings: Strings, choose: (states: ReadonlySet<WindowState>) => void): Tiles {
  group.setAttribute('aria-label', strings.filter);
  const asked = new URLSearchParams(location.search).get('state')?.split(',') ?? [];
  const chosen = new Set<WindowState>(STATES.filter((state) => asked.includes(state)));
  const counts = new Map<WindowState, HTMLElement>();
  for (const state of STATES) {
    const count = element('b', 'tile-count', '–');
    const swatch = element('i', 'tile-swatch stretch');
    swatch.dataset['state'] = state;
    const word = element('span', 'tile-word', icon(state), element('span', '', strings.states[state]));
    const tile = element('button', 'tile', word, count, swatch);
    tile.type = 'button';
    tile.dataset['state'] = state;
    tile.setAttribute('aria-pressed', String(chosen.has(state)));
    tile.addEventListener('click', () => {
      if (!chosen.delete(state)) chosen.add(state);
      tile.setAttribute('aria-pressed', String(chosen.has(state)));
      remember(chosen);
      choose(chosen);
    });
    counts.set(state, count);
    group.append(tile);
  }
  choose(chosen);
  return {
    show(windows) {
      const numbers = new Map<WindowState, number>();
      for (const window of windows) {
        const state = knownState(window.state);
        numbers.set(state, (numbers.get(state) ?? 0) + 1);
      }
      for (const [state, count] of counts) {
        const number = String(numbers.get(state) ?? 0);
        if (count.textContent === number) continue;
        count.textContent = number;
        count.parentElement?.classList.toggle('tile-none', number === '0');
      }
    },
  };
}

/** The address says what is shown, so that it can be bookmarked and survives a reload. */
function remember(chosen: ReadonlySet<WindowState>): void {
  inAddress('state', [...chosen].join(','));
}
