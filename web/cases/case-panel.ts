/** The cases beside the windows: what wants somebody, newest first, worked through by keys or by mouse. */
import { dialogIsOpen, focusInstead, type Wrong } from '../dialog.ts';
import { element, setText } from '../element.ts';
import { listenToKeys } from '../keys.ts';
import { inAddress } from '../page-address.ts';
import { afterPress, keepUnderPointer } from '../press.ts';
import type { CaseApi } from './case-api.ts';
import { handlingBadges, stateBadge } from './case-badges.ts';
import { type CaseList, type CaseRow, type Deed, knownCaseState } from './case-data.ts';
import { askAndDo, showKeys, signInAgain } from './case-deeds.ts';
import { gistOf, subjectOf } from './case-names.ts';
import { inGroups, isSought, wantsSomebody } from './case-order.ts';
import type { CaseStrings, Trouble } from './case-strings.ts';
import { type CaseTime, caseTime } from './case-time.ts';
import { type Filter, panelParts } from './panel-parts.ts';

export interface CasePanel {
  readonly root: HTMLElement;
  /** Something was said or done: looks again. */
  refresh(): void;
  /** The height of its head, with what stands above it. */
  headPx(): number;
  /** Gives it the height of the screen that is left; null = as high as it needs to be. */
  setHeight(px: number | null): void;
}

export interface CasePanelOptions {
  readonly api: CaseApi;
  readonly words: CaseStrings;
  readonly locale: string;
  /** The page of a case. */
  readonly address: (id: string) => string;
  /** How many want somebody, each time that is known. */
  readonly counted: (count: number) => void;
}

/** Days that are looked back. */
const DAYS = 7;
/** Minutes of what still goes on grow; whatever else changes is told by the board's stream. */
const GROWING_EVERY_MS = 60_000;
const RETRY_MS = 5_000;
/** What asking again may mend. */
const MAY_PASS: ReadonlySet<Trouble> = new Set<Trouble>(['unreachable', 'unavailable']);
/** What can be done with several at once. That something is true is confirmed one by one, having read it. */
const FOR_SEVERAL: readonly Deed[] = ['acknowledge', 'excuse', 'false-alarm'];
const ON_AN_ITEM: readonly Deed[] = ['acknowledge', 'confirm', 'excuse', 'false-alarm', 'clear'];

/** Of what has left a list the next that is still there, or the one before it: work goes on where it was. */
function neighbour(before: readonly string[], left: string | null, now: readonly string[]): string | null {
  const at = left === null ? -1 : before.indexOf(left);
  const near = [...before.slice(at + 1), ...before.slice(0, Math.max(at, 0)).reverse()];
  return near.find((id) => now.includes(id)) ?? now[0] ?? null;
}

interface Item {
  readonly root: HTMLElement;
  readonly box: HTMLInputElement;
  row: CaseRow;
  shown: string;
}

export function casePanel({ api, words, locale, address, counted }: CasePanelOptions): CasePanel {
  // Whoever comes back from a case finds the list as it was: what is looked for stands in the address.
  const asked = new URLSearchParams(location.search);
  let filter: Filter = asked.get('cases') === 'all' ? 'all' : 'wanting';
  let sought = asked.get('find') ?? '';
  const parts = panelParts(
    words,
    { filter, sought },
    {
      filter: (next) => {
        filter = next;
        inAddress('cases', next === 'wanting' ? '' : next);
        drawOther();
      },
      search: (next) => {
        sought = next;
        inAddress('find', next);
        drawOther();
      },
      act: (deed) => act(deed),
      unselect: () => unselect(),
    },
  );
  const items = new Map<string, Item>();
  const selected = new Set<string>();
  let list: CaseList | null = null;
  let time: CaseTime | null = null;
  let current: string | null = null;
  let order: readonly string[] = [];
  let timer: number | null = null;
  let asking: Promise<void> | null = null;
  let askingNext: Promise<void> | null = null;
  /** A press has begun: what is under it must not move before it has ended, and so the current one does not change with the focus. */
  let pointing = false;
  /** Of what a deed was asked for and is not shown yet. */
  let beingDone: ReadonlySet<string> = new Set();

  // ---- what there is -------------------------------------------------------------------------------------------

  /** Done when what there was at the call is shown: an answer that was asked for before may lack it. */
  const look = (): Promise<void> => {
    if (asking !== null) {
      askingNext ??= asking
        .finally(() => {
          askingNext = null;
        })
        .then(look);
      return askingNext;
    }
    asking = ask().finally(() => {
      asking = null;
    });
    return asking;
  };

  const ask = async (): Promise<void> => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
    const answer = await api.list(DAYS);
    if (answer.ok) show(answer.got);
    else setText(parts.trouble, answer.trouble === 'unreachable' ? words.stale : words.troubles[answer.trouble]);
    const everyMs = answer.ok ? GROWING_EVERY_MS : RETRY_MS;
    const isDue = answer.ok ? answer.got.alerts.some(({ state }) => state === 'open') : MAY_PASS.has(answer.trouble);
    if (isDue) timer = window.setTimeout(() => void look(), everyMs);
  };

  const show = (next: CaseList): void => {
    setText(parts.trouble, '');
    list = next;
    time = caseTime(locale, next.timezone, words);
    const known = new Set(next.alerts.map((row) => row.case));
    for (const id of [...selected]) if (!known.has(id)) selected.delete(id);
    afterPress(draw);
  };

  /** Another list begins at its top. */
  const drawOther = (): void => {
    order = [];
    draw();
  };

  const draw = (): void => {
    if (list === null) return;
    const { alerts, date } = list;
    const wanting = alerts.filter((row) => wantsSomebody(row, date));
    counted(wanting.length);
    setText(parts.count, String(wanting.length));
    const shown = (filter === 'wanting' ? wanting : alerts).filter((row) => sought === '' || isSought(row, sought));
    const groups = inGroups(shown);
    const before = order;
    const left = current;
    order = groups.flatMap(({ cases }) => cases.map((row) => row.case));
    for (const id of [...selected]) if (!order.includes(id)) selected.delete(id);
    if (current === null || !order.includes(current)) current = neighbour(before, current, order);
    const focused = document.activeElement;
    const around = focused?.closest('.case') ?? null;
    const doing = focused instanceof HTMLElement ? focused.dataset['do'] : undefined;
    const isAtWork = dialogIsOpen() || parts.list.contains(focused) || (left !== null && beingDone.has(left));
    keepUnderPointer(parts.list, '.case', () =>
      parts.list.replaceChildren(
        ...groups.map(({ cases }) => {
          const several = cases.length > 1 ? [element('p', 'case-group-title', words.oneCause)] : [];
          return element('li', 'case-group', ...several, ...cases.map((row) => itemOf(row).root));
        }),
      ),
    );
    for (const id of items.keys()) if (!order.includes(id)) items.delete(id);
    mark();
    // Of a case that is told anew the keys stay on the same button.
    const held = focused?.isConnected === true ? focused : (around?.querySelector(`[data-do="${doing}"]`) ?? around);
    if (held instanceof HTMLElement) held.focus({ preventScroll: true });
    // Keys do nothing to a case that nobody sees: the next one is brought into view with the focus.
    const next = current === left || left === null || current === null ? undefined : items.get(current);
    if (next !== undefined && isAtWork) focusInstead(next.root);
    parts.nothing.hidden = order.length > 0;
    setText(parts.nothing, sought === '' && filter === 'wanting' ? words.nothingWanting : words.nothingFound);
  };

  // ---- one of them ---------------------------------------------------------------------------------------------

  const itemOf = (row: CaseRow): Item => {
    const known = items.get(row.case) ?? newItem(row);
    items.set(row.case, known);
    const content = JSON.stringify([row, list?.date]);
    if (known.shown !== content) {
      known.row = row;
      known.shown = content;
      fill(known);
    }
    return known;
  };

  const newItem = (row: CaseRow): Item => {
    const box = element('input', 'case-select');
    box.type = 'checkbox';
    const root = element('article', 'case');
    root.tabIndex = -1;
    root.dataset['id'] = row.case;
    box.addEventListener('change', () => {
      toggle(row.case, box.checked);
      goTo(row.case, false);
    });
    root.addEventListener('focusin', () => {
      if (!pointing) goTo(row.case, false);
    });
    root.addEventListener('click', (event) => {
      const pressed = event.target instanceof Element ? event.target.closest('a, button, input') : null;
      // A box is about to say what it has become.
      if (!(pressed instanceof HTMLInputElement)) goTo(row.case, pressed === null);
    });
    return { root, box, row, shown: '' };
  };

  const fill = ({ root, box, row }: Item): void => {
    const said = `${subjectOf(row, words)}${words.colon}${gistOf(row, words)}`;
    box.setAttribute('aria-label', words.select(said));
    const link = element('a', 'case-title', element('b', '', subjectOf(row, words)), ` ${gistOf(row, words)}`);
    link.href = address(row.case);
    if (row.window !== null && row.employeeName !== null) link.append(element('span', 'case-who', row.employeeName));
    const since = element('time', 'case-since', time?.say(row.from, list?.date ?? '') ?? '');
    const buttons = ON_AN_ITEM.filter((deed) => row.may.includes(deed)).map((deed) => deedButton(deed, [row.case]));
    const more = element('a', 'button button-quiet', words.details);
    more.href = address(row.case);
    const department = row.departmentName ?? row.department;
    root.dataset['case'] = knownCaseState(row.state);
    root.replaceChildren(
      element('div', 'case-line', box, link, since),
      ...row.text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => element('p', 'case-text', line)),
      element(
        'p',
        'case-badges',
        stateBadge(row.state, words),
        ...handlingBadges(row, words),
        ...(department === null ? [] : [element('span', 'case-department', department)]),
      ),
      element('div', 'case-deeds', ...buttons, more),
    );
  };

  const deedButton = (deed: Deed, ids: readonly string[]): HTMLButtonElement => {
    const button = element('button', 'button', words.deeds[deed]);
    button.type = 'button';
    button.dataset['do'] = deed;
    if (words.means[deed] !== undefined) button.title = words.means[deed];
    button.addEventListener('click', () => act(deed, ids));
    return button;
  };

  // ---- going through them --------------------------------------------------------------------------------------

  const goTo = (id: string, takesFocus: boolean): void => {
    current = id;
    mark();
    if (takesFocus) items.get(id)?.root.focus();
  };

  const move = (by: 1 | -1): void => {
    if (order.length === 0) return;
    const at = current === null ? -1 : order.indexOf(current);
    const isThere = at >= 0 && items.get(order[at] ?? '')?.root.contains(document.activeElement);
    // The first key shows where one is.
    const next = order[isThere ? Math.min(Math.max(at + by, 0), order.length - 1) : Math.max(at, 0)];
    if (next === undefined) return;
    goTo(next, true);
    items.get(next)?.root.scrollIntoView({ block: 'nearest' });
  };

  const mark = (): void => {
    for (const [id, { root, box }] of items) {
      const isCurrent = id === current;
      root.classList.toggle('case-current', isCurrent);
      if (isCurrent) root.setAttribute('aria-current', 'true');
      else root.removeAttribute('aria-current');
      root.tabIndex = isCurrent ? 0 : -1;
      box.checked = selected.has(id);
    }
    parts.selection(
      selected.size,
      FOR_SEVERAL.filter((deed) => chosen(deed).length > 0),
    );
  };

  const toggle = (id: string, isOn: boolean): void => {
    if (isOn) selected.add(id);
    else selected.delete(id);
    mark();
  };

  const unselect = (): void => {
    selected.clear();
    mark();
  };

  // ---- doing something -----------------------------------------------------------------------------------------

  const rowsOf = (ids: readonly string[]): CaseRow[] => ids.flatMap((id) => items.get(id)?.row ?? []);

  /** Of the selected ones those with which this may be done; without any selected, the current one. */
  const chosen = (deed: Deed): CaseRow[] => {
    const several = FOR_SEVERAL.includes(deed) && selected.size > 0;
    const ids = several ? order.filter((id) => selected.has(id)) : current === null ? [] : [current];
    return rowsOf(ids).filter((row) => row.may.includes(deed));
  };

  const act = (deed: Deed, ids?: readonly string[]): void => {
    askAndDo(deed, ids === undefined ? chosen(deed) : rowsOf(ids), words, perform);
  };

  const perform = async (deed: Deed, rows: readonly CaseRow[], reason: string | null): Promise<Wrong> => {
    const failed: string[] = [];
    let isSignedOut = false;
    beingDone = new Set(rows.map((row) => row.case));
    for (const { case: id, revision, ...row } of rows) {
      const answer = await api.do(id, { deed, reason, revision });
      if (answer.ok) selected.delete(id);
      else failed.push(words.notDone(subjectOf({ case: id, revision, ...row }, words), words.troubles[answer.trouble]));
      isSignedOut ||= !answer.ok && answer.trouble === 'signed-out';
    }
    await look();
    beingDone = new Set();
    const done = rows.length - failed.length;
    const said = [...(done > 0 ? [words.doneTo(words.did[deed], done)] : []), ...failed];
    setText(parts.said, said.join(' '));
    if (done > 0 || failed.length === 0) return null;
    return element('span', '', failed.join(' '), ...(isSignedOut ? [' ', signInAgain(words)] : []));
  };

  listenToKeys(() => (dialogIsOpen() ? {} : KEYS));
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    a: () => act('acknowledge'),
    c: () => act('confirm'),
    w: () => act('excuse'),
    x: () => current !== null && toggle(current, !selected.has(current)),
    Enter: () => current !== null && location.assign(address(current)),
    '/': () => parts.search.focus(),
    '?': () => showKeys(words),
    Escape: () => unselect(),
  } as const;

  parts.list.addEventListener('mousedown', () => {
    pointing = true;
  });
  window.addEventListener('mouseup', () => {
    pointing = false;
  });

  void look();
  return {
    root: parts.root,
    refresh: () => void look(),
    setHeight: (px) => {
      parts.root.style.height = px === null ? '' : `${px}px`;
    },
    headPx: () => parts.head.offsetHeight + Number.parseFloat(getComputedStyle(parts.root).marginTop),
  };
}
