/** A window's own page, on the PC there: how its state is seen, how long is left, and what its people can say. */
import { banners } from '../banners.ts';
import { dataClock } from '../data-clock.ts';
import { element, part, setText } from '../element.ts';
import { icon } from '../icons.ts';
import { latest } from '../latest.ts';
import { openLive } from '../live.ts';
import { instant, knownState, type Snapshot, type WindowNow } from '../snapshot.ts';
import { chooseStrings } from '../strings.ts';
import { strip } from '../strip.ts';
import { languageLink, themeButton } from '../theme.ts';
import { waitWith } from '../waiting-button.ts';
import { stopwatch, type WallTime, wallTime } from '../wall-time.ts';
import { type Level, levelOf, sounder, titleOf } from './desk-alarm.ts';
import { askDesk, type Desk, type DeskAnswer } from './desk-api.ts';
import { askAway, askGiveBack, askHere, askTakeOver } from './desk-dialogs.ts';
import { DESK } from './desk-strings.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = DESK[strings.code];
const clock = dataClock(() => performance.now());
const notes = banners(part('banners', HTMLDivElement), strings);
const day = strip(strings);
const said = part('said', HTMLParagraphElement);
const sound = part('sound', HTMLButtonElement);
const sounds = sounder(showSound);
let time: WallTime | null = null;
let snapshot: Snapshot | null = null;
let desk: Desk | null = null;
let heard: number | null = null;
let serverTellsTime = false;
let signMark = performance.now();
let lostMark: number | null = null;
let level: Level = 'none';
let deedsShown = '';
let saidTimer = 0;
const looks = latest();

start();

function start(): void {
  document.documentElement.lang = strings.locale;
  themeButton(part('theme', HTMLButtonElement), part('dark', HTMLLinkElement), strings);
  languageLink(part('language', HTMLAnchorElement), strings);
  part('strip', HTMLDivElement).append(day.root);
  setText(part('small', HTMLParagraphElement), words.small);
  notes.link({ text: strings.connecting, length: '' });
  sound.addEventListener('click', () => {
    sounds.turn(!sounds.wanted);
    showSound();
  });
  showSound();
  openLive(strings.code, {
    snapshot(next) {
      show(next);
      notes.readable();
    },
    alive({ at }) {
      serverTellsTime = at !== null;
      if (at === null) clock.confirm();
      else clock.set(instant(at));
      found();
    },
    opened: () => void look(),
    lost() {
      void look();
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
  tickForEver();
}

/** Our window; null where the hall no longer has it. */
function ours(): WindowNow | null {
  return snapshot?.windows[0] ?? null;
}

function show(next: Snapshot): void {
  if (time === null || snapshot?.hall.timezone !== next.hall.timezone) {
    time = wallTime(strings.locale, next.hall.timezone);
  }
  if (!serverTellsTime) clock.set(instant(next.at));
  snapshot = next;
  notes.warnings(next.warnings);
  if (heard !== next.cases) void look();
  heard = next.cases;
  const window = ours();
  part('deeds', HTMLDivElement).hidden = window === null;
  if (window === null) setText(part('word', HTMLParagraphElement), words.gone);
  else showWindow(window, next);
  found();
}

function showWindow(window: WindowNow, { service }: Snapshot): void {
  const state = knownState(window.state);
  const head = [window.id, window.departmentName, window.name].filter((text) => text !== null).join(' · ');
  setText(part('name', HTMLHeadingElement), head);
  const place = part('state', HTMLElement);
  const word = part('word', HTMLParagraphElement);
  if (place.dataset['state'] !== state || word.childElementCount === 0) {
    place.dataset['state'] = state;
    word.replaceChildren(icon(state), element('span', '', strings.states[state]));
  }
  const isOpen = state !== 'closed' && state !== 'paused';
  const { holder } = window;
  const holds =
    holder === undefined
      ? words.nobody
      : (state === 'counting' || state === 'empty' ? words.holderGone : words.holder)(holder.name);
  setText(part('holder', HTMLParagraphElement), isOpen ? holds : '');
  day.draw(window, service);
}

/** Asks what the board does not say: what was said here, and who could take over. */
async function look(): Promise<void> {
  const answer = await looks.answerTo(askDesk(''));
  if (answer !== null) take(answer);
}

function take(answer: DeskAnswer): void {
  if (answer.ok) {
    desk = answer.desk;
    showNotes(answer.desk);
  } else if (answer.trouble === 'revoked') say(words.troubles.revoked, true);
}

function showNotes({ away, takeovers, asked }: Desk): void {
  const minute = (at: string): string => time?.minute(instant(at)) ?? '';
  const lines = [
    ...(away === null ? [] : [words.awayNow(minute(away.since), away.reason ?? '')]),
    ...takeovers.flatMap(({ name, from, to, present }) => [
      words.taken(name, minute(from), minute(to)),
      ...(present ? [] : [words.notPunched]),
    ]),
    ...(asked === null ? [] : [askedLine(asked, minute)]),
  ];
  part('notes', HTMLUListElement).replaceChildren(...lines.map((line) => element('li', '', line)));
  const isAsked = asked !== null && asked.answer === null && (clock.now() ?? 0) < instant(asked.until);
  showDeeds(away !== null, takeovers.length > 0, isAsked);
}

function askedLine({ at, until, answer }: NonNullable<Desk['asked']>, minute: (at: string) => string): string {
  if (answer !== null) {
    return (answer.seen ? words.seen : words.notSeen)(answer.byName ?? words.somebody, minute(answer.at));
  }
  const now = clock.now();
  return now !== null && now >= instant(until) ? words.unanswered(minute(at)) : words.asked(minute(at), minute(until));
}

function showDeeds(isAway: boolean, isTaken: boolean, isAsked: boolean): void {
  const key = [isAway, isTaken, isAsked].join();
  if (key === deedsShown) return;
  deedsShown = key;
  const deed = (id: string, text: string, act: (button: HTMLButtonElement) => void): HTMLButtonElement => {
    const button = element('button', 'button desk-deed', text);
    button.type = 'button';
    button.dataset['do'] = id;
    button.addEventListener('click', () => act(button));
    return button;
  };
  const away = isAway
    ? deed('back', words.back, (button) => waitWith(button, () => tell('/back', {})))
    : deed('away', words.away, () => askAway(words, tell));
  const take = deed('take', words.take, () => {
    if (desk !== null) askTakeOver(words, desk, (at) => time?.minute(instant(at)) ?? '', tell);
  });
  const give = isTaken ? [deed('give', words.give, () => askGiveBack(words, tell))] : [];
  const here = deed('here', words.here, () => askHere(words, tell));
  here.disabled = isAsked;
  part('deeds', HTMLDivElement).replaceChildren(away, take, ...give, here);
}

async function tell(path: string, body: object): Promise<string | null> {
  const answer = await askDesk(path, body);
  // What was asked for before says what was so before.
  if (answer.ok) looks.overtake();
  take(answer);
  if (answer.ok) say(words.done, false);
  else if (path === '/back') say(words.troubles[answer.trouble], true);
  return answer.ok ? null : words.troubles[answer.trouble];
}

function say(text: string, isTrouble: boolean): void {
  setText(said, text);
  said.classList.toggle('said-trouble', isTrouble);
  window.clearTimeout(saidTimer);
  if (!isTrouble) saidTimer = window.setTimeout(() => setText(said, ''), 8000);
}

function showSound(): void {
  const text = !sounds.wanted ? words.sound.off : sounds.allowed ? words.sound.on : words.sound.press;
  setText(sound, text);
  sound.setAttribute('aria-pressed', String(sounds.wanted));
}

// ---- time ----------------------------------------------------------------------------------------------------------

/** The link lives. */
function found(): void {
  signMark = performance.now();
  lostMark = null;
  document.body.classList.remove('stale');
  if (snapshot !== null) notes.link(null);
  tick();
}

function tick(): void {
  const now = clock.now();
  const window = ours();
  if (time === null || now === null) return;
  setText(part('clock', HTMLParagraphElement), time.second(now));
  day.follow(now);
  if (window !== null) showTimer(window, now, time);
  if (lostMark === null) return;
  const seconds = Math.floor((performance.now() - lostMark) / 1000);
  notes.link({ text: strings.stale(time.minute(now)), length: strings.staleFor(strings.length(seconds)) });
}

function showTimer(window: WindowNow, now: number, wall: WallTime): void {
  const state = knownState(window.state);
  const isTimed = state === 'counting' || state === 'empty';
  const sinceMs = isTimed && window.since !== null ? now - instant(window.since) : null;
  setText(part('timer', HTMLParagraphElement), sinceMs === null ? '' : stopwatch(sinceMs));
  const limitAt = state === 'counting' && window.limitAt !== null ? instant(window.limitAt) : null;
  const next = levelOf(window, now);
  setText(part('left', HTMLParagraphElement), leftText(window, limitAt, sinceMs, now, wall, next));
  const bar = part('bar', HTMLDivElement);
  bar.hidden = limitAt === null || window.since === null;
  if (limitAt !== null && window.since !== null) {
    const share = (now - instant(window.since)) / (limitAt - instant(window.since));
    part('bar-done', HTMLElement).style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  }
  alarm(next, window, sinceMs ?? 0, now);
}

function leftText(
  window: WindowNow,
  limitAt: number | null,
  sinceMs: number | null,
  now: number,
  wall: WallTime,
  next: Level,
): string {
  const length = strings.length(Math.max(0, Math.floor((sinceMs ?? 0) / 1000)));
  if (next === 'over') return words.over(length);
  if (limitAt === null) return window.since === null ? '' : strings.since(wall.minute(instant(window.since)));
  const left = strings.length(Math.max(0, Math.ceil((limitAt - now) / 1000)));
  return (
    words.left(left, wall.minute(limitAt)) + (window.holder === undefined ? words.becomes.unheld : words.becomes.held)
  );
}

/** While the link is lost nothing is claimed but that. */
function alarm(next: Level, { id, name }: WindowNow, sinceMs: number, now: number): void {
  const isLost = lostMark !== null;
  document.body.dataset['level'] = next;
  if (next !== level) setText(part('alarm', HTMLDivElement), next === 'none' ? '' : words.spoken[next]);
  level = next;
  const usual = `${words.title(id)} · ${name}`;
  const second = Math.floor(now / 1000);
  document.title = isLost ? words.alarmLost(id) : titleOf(next, words.alarm(id, stopwatch(sinceMs)), usual, second);
  sounds.tick(isLost ? 'none' : next);
}

/** On the second of the data's clock. */
function tickForEver(): void {
  tick();
  const now = clock.now() ?? 0;
  window.setTimeout(tickForEver, lostMark === null ? 1000 - (((now % 1000) + 1000) % 1000) : 1000);
}
