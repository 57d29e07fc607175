/** On the board: the panel of cases for those whose work they are, and for everybody else nothing of it. */
import { part, setText } from '../element.ts';
import { withLanguage } from '../page-address.ts';
import type { Strings } from '../strings.ts';
import type { Me } from '../who.ts';
import { caseApi } from './case-api.ts';
import { type CasePanel, casePanel } from './case-panel.ts';
import { caseStrings } from './case-words.ts';

export interface CaseWork {
  show(actor: Me['actor']): void;
  /** The board's word that there is news, which differs from the last one if so. */
  heard(news: number): void;
  /** Where the page ends on the screen: the panel fills what is beside the windows. Answers what it needs below them. */
  arrange(bottomPx: number): number;
}

/** Whose work cases are; everybody else has a page of their own ones. */
const WORKERS: readonly string[] = ['supervisor', 'manager', 'admin', 'chief'];

const LEAST_HEIGHT_PX = 400;

/** `arranged` is called when the windows have more or less room than before. */
export function caseWork(strings: Strings, arranged: () => void): CaseWork {
  const words = caseStrings(strings.code);
  const place = part('work', HTMLDivElement);
  const link = part('cases-link', HTMLAnchorElement);
  const mine = part('mine', HTMLAnchorElement);
  let panel: CasePanel | null = null;
  let heard: number | null = null;
  setText(mine, words.mine);
  mine.href = withLanguage('/me');

  return {
    show(actor) {
      const roles = actor?.roles ?? [];
      mine.hidden = !roles.includes('employee') && !roles.includes('chief');
      if (panel !== null || !roles.some((role) => WORKERS.includes(role))) return;
      panel = casePanel({
        api: caseApi(strings.code),
        words,
        locale: strings.locale,
        address: (id) => withLanguage(`/cases/${encodeURIComponent(id)}`),
        counted: (count) => setText(link, words.linkTo(count)),
      });
      place.append(panel.root);
      link.hidden = false;
      document.body.classList.add('with-cases');
      arranged();
    },
    heard(news) {
      if (heard !== null && heard !== news) panel?.refresh();
      heard = news;
    },
    arrange(bottomPx) {
      if (panel === null) return 0;
      const isBeside = getComputedStyle(place).display === 'grid';
      const marginPx = Number.parseFloat(getComputedStyle(panel.root).marginTop);
      const topPx = place.getBoundingClientRect().top + window.scrollY + marginPx;
      panel.setHeight(isBeside ? Math.max(bottomPx - topPx, LEAST_HEIGHT_PX) : null);
      return isBeside ? 0 : panel.headPx();
    },
  };
}
