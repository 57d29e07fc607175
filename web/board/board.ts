/** The board: what the stream says, on the screen. Everything is wired here; each part lives in a file of its own. */
import { banners } from '../banners.ts';
import { caseWork } from '../cases/case-work.ts';
import { dataClock } from '../data-clock.ts';
import { element, part, setText } from '../element.ts';
import { openLive } from '../live.ts';
import { instant, type Snapshot, type WindowNow } from '../snapshot.ts';
import { chooseStrings } from '../strings.ts';
import { languageLink, themeButton } from '../theme.ts';
import { type WallTime, wallTime } from '../wall-time.ts';
import { who } from '../who.ts';
import { cardLayout } from './card-layout.ts';
import { cards } from './cards.ts';
import { tiles } from './tiles.ts';
import { watchPanel } from './watch-panel.ts';

let time: WallTime | null = null;
let snapshot: Snapshot | null = null;
/** What the head of the page was made of. */
let head = '';
/** The second that the clock shows. */
let shownSecond: number | null = null;
/** When the last sign of life came, on the monotonic clock, and the same while the link is lost, else null. */
let signMark = performance.now();
let lostMark: number | null = null;
/** Signs of life carry the time; if not, the snapshots' own instants have to serve. */
let serverTellsTime = false;
/** Whether what has come will be finished before the next picture of the page, and whether the cards have to be laid out anew with it. */
let finishing = false;
let recounted = false;

const strings = chooseStrings(location.search, navigator.language);
const clock = dataClock(() => performance.now());
const announcements = part('announcements', HTMLDivElement);
const list = part('cards', HTMLUListElement);
const nothing = part('nothing', HTMLParagraphElement);
const notes = banners(part('banners', HTMLDivElement), strings);
const reader = who(
  {
    name: part('who', HTMLSpanElement),
    signIn: part('sign-in', HTMLAnchorElement),
    signOut: part('sign-out', HTMLButtonElement),
  },
  strings,
  (actor) => {
    work.show(actor);
    watch.show(actor);
  },
);
const work = caseWork(strings, arrange);
const watch = watchPanel(strings);
const board = cards(list, strings, announceEmpty);
const counters = tiles(part('tiles', HTMLFieldSetElement), strings, (states) => {
  board.only(states);
  sayIfNothing();
});

start();

function start(): void {
  document.documentElement.lang = strings.locale;
  document.title = strings.board;
  list.setAttribute('aria-label', strings.windows);
  themeButton(part('theme', HTMLButtonElement), part('dark', HTMLLinkElement), strings);
  languageLink(part('language', HTMLAnchorElement), strings);
  notes.link({ text: strings.connecting, length: '' });
  openLive(strings.code, {
    snapshot(next, said) {
      board.say(said);
      show(next);
      notes.readable();
    },
    alive({ at }) {
      serverTellsTime = at !== null;
      if (at === null) clock.confirm();
      else clock.set(instant(at));
      found();
    },
    opened: () => reader.check(),
    lost() {
      reader.check();
      clock.hold();
      lostMark = signMark;
      document.body.classList.add('stale');
      tick();
    },
    unreadable(error) {
      console.error('data from the daemon was not understood', error);
      notes.unreadable();
    },
  });
  new ResizeObserver(arrange).observe(part('banners', HTMLDivElement));
  window.addEventListener('resize', arrange);
  tickForEver();
}

function show(next: Snapshot): void {
  if (time === null || snapshot?.hall.timezone !== next.hall.timezone) {
    time = wallTime(strings.locale, next.hall.timezone);
  }
  recounted ||= snapshot?.windows.length !== next.windows.length;
  snapshot = next;
  if (!serverTellsTime) clock.set(instant(next.at));
  work.heard(next.cases);
  watch.heard(next);
  found();
}

/** The head's words stay the same for a day; each change of a window comes with them. */
function showHead({ hall, date, service }: Snapshot, of: WallTime): void {
  const content = JSON.stringify([hall, date, service]);
  if (content === head) return;
  head = content;
  setText(part('title', HTMLSpanElement), hall.name);
  setText(part('title-what', HTMLSpanElement), ` · ${strings.board}`);
  document.title = `${hall.name} · ${strings.board}`;
  setText(part('date', HTMLSpanElement), of.date(date));
  const hours = service && strings.service(of.minute(instant(service.from)), of.minute(instant(service.to)));
  setText(part('service', HTMLSpanElement), hours ?? strings.noService);
}

/** The link lives. */
function found(): void {
  signMark = performance.now();
  lostMark = null;
  document.body.classList.remove('stale');
  finish();
}

/** What a window is now has been said; all else is shown once for all that has come before the page is painted. */
function finish(): void {
  if (finishing) return;
  finishing = true;
  requestAnimationFrame(() => {
    finishing = false;
    if (snapshot !== null && time !== null) showRest(snapshot, time);
    tick();
    if (recounted) arrange();
    recounted = false;
  });
}

function showRest(of: Snapshot, time: WallTime): void {
  showHead(of, time);
  board.show(of, time);
  counters.show(of.windows);
  notes.warnings(of.warnings);
  if (lostMark === null) notes.link(null);
  sayIfNothing();
}

function tick(): void {
  const now = clock.now();
  if (time === null || now === null) return;
  if (shownSecond !== Math.floor(now / 1000)) {
    shownSecond = Math.floor(now / 1000);
    const [hour, minute, second] = time.second(now).split(':');
    part('clock', HTMLParagraphElement).replaceChildren(`${hour}:${minute}`, element('small', '', `:${second}`));
  }
  board.tick(now);
  if (lostMark === null) return;
  const seconds = Math.floor((performance.now() - lostMark) / 1000);
  notes.link({ text: strings.stale(time.minute(now)), length: strings.staleFor(strings.length(seconds)) });
}

/** On the second of the data's clock, so that all timers on the screen turn together. */
function tickForEver(): void {
  tick();
  const now = clock.now() ?? 0;
  window.setTimeout(tickForEver, lostMark === null ? 1000 - (((now % 1000) + 1000) % 1000) : 1000);
}

/** Gives the cards the space that is there. */
function arrange(): void {
  const style = getComputedStyle(document.documentElement);
  const below = Number.parseFloat(getComputedStyle(document.body).paddingBottom);
  const box = list.getBoundingClientRect();
  const bottomPx = window.innerHeight - below;
  const heightPx = bottomPx - work.arrange(bottomPx) - (box.top + window.scrollY);
  const textPx = Number.parseFloat(style.fontSize);
  const chosen = cardLayout(snapshot?.windows.length ?? 0, box.width, heightPx, textPx);
  list.dataset['density'] = chosen.density;
  list.style.gridTemplateColumns = `repeat(${chosen.columns}, minmax(0, 1fr))`;
  list.style.gridAutoRows = chosen.rowPx === null ? '' : `${chosen.rowPx}px`;
}

function sayIfNothing(): void {
  const none = snapshot !== null && list.querySelector('li:not([hidden])') === null;
  nothing.hidden = !none;
  if (none) setText(nothing, snapshot?.windows.length === 0 ? strings.noWindows : strings.noneInState);
}

/** For people who do not see the card turn red. Old announcements go, so that the list does not grow for weeks. */
function announceEmpty(window: WindowNow): void {
  const name = [window.id, window.departmentName, window.name].filter((text) => text !== null).join(' ');
  const from = window.since === null || time === null ? '' : time.minute(instant(window.since));
  announcements.append(element('p', '', strings.announceEmpty(name, from)));
  while (announcements.childElementCount > 5) announcements.firstElementChild?.remove();
}
