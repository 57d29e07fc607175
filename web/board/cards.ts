/** The windows, one card each. A card is made once and changed in place, so nothing flickers and nothing moves. */
import { element, setText } from '../element.ts';
import { icon } from '../icons.ts';
import { instant, knownState, type Snapshot, type WindowNow, type WindowState } from '../snapshot.ts';
import type { Strings } from '../strings.ts';
import { strip } from '../strip.ts';
import { stopwatch, type WallTime } from '../wall-time.ts';

export interface Cards {
  /** What windows that are shown already are now: at once, whatever the page is busy with. */
  say(windows: readonly WindowNow[]): void;
  show(snapshot: Snapshot, time: WallTime): void;
  /** Each second, and when something was shown: what is new is drawn, timers and strips follow the data's clock. */
  tick(now: number): void;
  /** Shows only the windows in these states; none chosen = all. */
  only(states: ReadonlySet<WindowState>): void;
}

interface Card {
  readonly root: HTMLElement;
  say(state: WindowState): void;
  /** Drawn with the next `tick`. Answers what the window was when it was shown before; null = it never was. */
  show(window: WindowNow, service: Snapshot['service'], time: WallTime): WindowState | null;
  tick(now: number): void;
  state(): WindowState;
}

/** States in which every second counts. */
const TIMED: ReadonlySet<WindowState> = new Set<WindowState>(['counting', 'empty']);
/** Strips move by a pixel or so a minute. */
const STRIP_EVERY_MS = 10_000;

/** `becameEmpty` is told of each window that was held, or counted, and is now empty. */
export function cards(list: HTMLElement, strings: Strings, becameEmpty: (window: WindowNow) => void): Cards {
  const byId = new Map<string, Card>();
  /** The same objects stand for windows that say the same as before: a change concerns one of a hundred. */
  let shown: readonly WindowNow[] = [];
  let hours = '';
  let chosen: ReadonlySet<WindowState> = new Set();
  const filter = (card: Card): void => {
    card.root.hidden = chosen.size > 0 && !chosen.has(card.state());
  };
  const removeBut = (windows: readonly WindowNow[]): void => {
    const there = new Set(windows.map(({ id }) => id));
    for (const [id, card] of byId) {
      if (there.has(id)) continue;
      card.root.remove();
      byId.delete(id);
    }
  };
  return {
    say(windows) {
      for (const { id, state } of windows) byId.get(id)?.say(knownState(state));
    },
    show({ windows, service }, time) {
      const before = shown;
      const hoursNow = JSON.stringify(service);
      const isOtherDay = hours !== hoursNow;
      shown = windows;
      hours = hoursNow;
      for (const [index, window] of windows.entries()) {
        if (window === before[index] && !isOtherDay) continue;
        const known = byId.get(window.id);
        const card = known ?? newCard(window.id, strings);
        byId.set(window.id, card);
        const was = card.show(window, service, time);
        filter(card);
        if (was !== null && was !== 'empty' && card.state() === 'empty') becameEmpty(window);
        if (list.children[index] !== card.root) list.insertBefore(card.root, list.children[index] ?? null);
      }
      if (byId.size > windows.length) removeBut(windows);
    },
    tick(now) {
      for (const card of byId.values()) card.tick(now);
    },
    only(states) {
      chosen = states;
      for (const card of byId.values()) filter(card);
    },
  };
}

function newCard(id: string, strings: Strings): Card {
  const service = element('span', 'card-service');
  const unit = element('h2', 'card-unit');
  const word = element('span', 'chip-word');
  const chip = element('span', 'chip', word);
  const timer = element('span', 'card-timer');
  const holder = element('span', 'card-who');
  const since = element('span', 'card-since');
  const limit = element('span', 'card-limit');
  const away = element('p', 'card-away');
  const day = strip(strings);
  const root = element(
    'li',
    'card',
    element('div', 'card-top', element('span', 'card-id', id), service),
    unit,
    element('div', 'card-state', chip, timer),
    away,
    element('div', 'card-detail', holder, since, limit),
    day.root,
  );
  root.dataset['window'] = id;
  let shown = '';
  let shownState: WindowState | null = null;
  /** What it says now, which may be ahead of what was shown. */
  let state: WindowState | null = null;
  let sinceAt: number | null = null;
  let timedS: number | null = null;
  let stripAt = Number.NEGATIVE_INFINITY;
  let undrawn: { readonly window: WindowNow; readonly hours: Snapshot['service']; readonly time: WallTime } | null =
    null;
  let signed: WindowState | null = null;
  const say = (now: WindowState): void => {
    if (state === now) return;
    state = now;
    root.dataset['state'] = now;
  };
  const draw = ({ window, hours, time }: NonNullable<typeof undrawn>): void => {
    undrawn = null;
    setText(unit, window.departmentName ?? window.name);
    setText(service, window.departmentName === null ? '' : window.name);
    setText(holder, window.holder?.name ?? '');
    setText(since, sinceAt === null ? '' : strings.since(time.minute(sinceAt)));
    setText(limit, limitText(window, strings, time));
    const said = awayText(window, strings, time);
    setText(away, said);
    if (away.title !== said) away.title = said;
    day.draw(window, hours);
    if (state === null || state === signed) return;
    signed = state;
    setText(word, strings.states[state]);
    if (chip.firstChild === word) chip.prepend(icon(state));
    else chip.firstChild?.replaceWith(icon(state));
  };
  return {
    root,
    state: () => state ?? 'unknown',
    say,
    show(window, hours, time) {
      const was = shownState;
      const content = JSON.stringify([window, hours]);
      if (content === shown) return was;
      shown = content;
      shownState = knownState(window.state);
      say(shownState);
      sinceAt = window.since === null ? null : instant(window.since);
      if (!TIMED.has(shownState) || sinceAt === null) setText(timer, '');
      timedS = null;
      undrawn = { window, hours, time };
      return was;
    },
    tick(now) {
      if (TIMED.has(state ?? 'unknown') && sinceAt !== null) {
        const passedS = Math.floor((now - sinceAt) / 1000);
        if (passedS !== timedS) setText(timer, stopwatch(now - sinceAt));
        timedS = passedS;
      }
      if (undrawn === null && Math.abs(now - stripAt) < STRIP_EVERY_MS) return;
      if (undrawn !== null) draw(undrawn);
      stripAt = now;
      day.follow(now);
    },
  };
}

/** What its people said themselves; it changes nothing of the state. */
function awayText({ away }: WindowNow, strings: Strings, time: WallTime): string {
  return away === undefined ? '' : strings.away(time.minute(instant(away.since)), away.reason ?? '');
}

/** How long a count may run; where its beginning is not known, when it ends. */
function limitText(window: WindowNow, strings: Strings, time: WallTime): string {
  if (window.limitAt === null) return '';
  const limitAt = instant(window.limitAt);
  if (window.since === null) return strings.until(time.minute(limitAt));
  return strings.limit(Math.round((limitAt - instant(window.since)) / 60_000));
}
