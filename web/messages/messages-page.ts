/** Live messages: what devices send, what becomes of it, and a mapping for a clock that nobody knows yet. */
import { asked, bringing } from '../asked.ts';
import { element, part, setText } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import { listenToKeys } from '../keys.ts';
import { latest } from '../latest.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import { afterPress } from '../press.ts';
import { chooseStrings } from '../strings.ts';
import { clockOf } from '../wall-time.ts';
import { mappingWork } from './mapping-work.ts';
import type { Message, MessageList } from './message-data.ts';
import { messageWords } from './message-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = messageWords(strings.code);
const said = part('said', HTMLParagraphElement);
const EVERY_MS = 1000;
/** Older ones go from the page as well. */
const MOST_SHOWN = 300;

document.title = words.title;
document.body.classList.add('messages');
pageFrame(strings, words.back, (actor) => begin(actor.roles.includes('admin')));

function begin(isAdmin: boolean): void {
  const messages = new Map<number, Message>();
  let [revision, isPaused, chosen, timer] = [0, false, 0, 0];
  let listening: MessageList['listening'] = null;
  const looks = latest();

  const say = (text: string, isTrouble = false): void => {
    setText(said, text);
    said.classList.toggle('said-trouble', isTrouble);
  };
  const state = element('span', 'chip', words.receiving);
  const pause = button(words.pause, 'quiet', () => setPaused(!isPaused));
  const filter = textInput('', 'search');
  const topic = textInput('#');
  const heard = element('p', 'hint');
  heard.setAttribute('role', 'status');
  const list = element('ol', 'message-list');
  list.setAttribute('aria-label', words.live);
  const nothing = element('p', 'turn', words.nothing);
  const work = mappingWork({ words, language: strings.code, isAdmin, say });

  function setPaused(next: boolean): void {
    isPaused = next;
    // Held still is held still, whatever is on its way.
    looks.overtake();
    setText(state, next ? words.paused : words.receiving);
    state.dataset['paused'] = String(next);
    setText(pause, next ? words.goOn : words.pause);
    pause.append(element('kbd', '', 'P'));
    if (!next) void look();
  }

  const listen = button(words.listen, 'main', () => hear(topic.value.trim()));
  const stop = button(words.stop, 'quiet', () => hear(null));

  async function hear(wanted: string | null): Promise<void> {
    const answer = await asked<MessageList>(
      `/api/v1/messages/listen?lang=${strings.code}`,
      bringing({ topic: wanted }),
    );
    if (!answer.ok)
      return say(`${words.troubles[answer.code] ?? words.troubles['refused'] ?? ''} ${answer.detail}`, true);
    say('');
    showListening(answer.got.listening);
  }

  function showListening(next: MessageList['listening']): void {
    listening = next;
    stop.hidden = next === null;
    const text =
      next === null
        ? ''
        : next.trouble === null
          ? words.listening(next.topic, clockOf(next.until))
          : words.trouble(next.trouble);
    setText(heard, text === '' ? words.topicHint : text);
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    if (isPaused) return;
    const answer = await looks.answerTo(asked<MessageList>(`/api/v1/messages?lang=${strings.code}&after=${revision}`));
    if (answer === null) return;
    if (answer.ok) take(answer.got);
    else say(words.troubles[answer.code] ?? words.troubles['unreachable'] ?? '', true);
    timer = window.setTimeout(() => void look(), EVERY_MS);
  }

  function take(got: MessageList): void {
    // The daemon began anew, and its numbers with it: all of them are asked for with the next look.
    if (got.revision < revision) {
      messages.clear();
      revision = 0;
      return;
    }
    if (said.classList.contains('said-trouble') && said.textContent === words.troubles['unreachable']) say('');
    revision = got.revision;
    for (const message of got.messages) messages.set(message.number, message);
    for (const number of [...messages.keys()].sort((a, b) => a - b).slice(0, -MOST_SHOWN)) messages.delete(number);
    if (JSON.stringify(got.listening) !== JSON.stringify(listening)) showListening(got.listening);
    work.knows(got);
    if (got.messages.length > 0) afterPress(show);
    if (got.messages.some((message) => message.number !== chosen)) work.refresh();
  }

  function show(): void {
    const wanted = filter.value.trim().toLowerCase();
    const fitting = [...messages.values()]
      .filter((message) => wanted === '' || textOf(message).toLowerCase().includes(wanted))
      .sort((a, b) => b.number - a.number);
    nothing.hidden = fitting.length > 0;
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset['number'] : undefined;
    list.replaceChildren(...fitting.map(lineOf));
    if (focused !== undefined) list.querySelector<HTMLElement>(`[data-number="${focused}"]`)?.focus();
  }

  function lineOf(message: Message): HTMLElement {
    const line = element(
      'button',
      'message',
      element('span', 'message-head', element('time', '', clockOf(message.at)), element('b', '', message.about)),
      element('code', '', payloadOf(message).slice(0, 160)),
      element('span', 'message-fate', words.fate(message.fate, message.because)),
    );
    line.type = 'button';
    line.dataset['number'] = String(message.number);
    line.dataset['fate'] = message.fate;
    line.setAttribute('aria-pressed', String(message.number === chosen));
    line.addEventListener('click', () => {
      chosen = message.number;
      show();
      work.choose(message);
    });
    return element('li', '', line);
  }

  filter.addEventListener('input', show);
  listenToKeys(() => ({ p: () => setPaused(!isPaused) }));
  const head = element('div', 'live-head', state, pause);
  const ear = element('div', 'ear', field(words.topic, topic), listen, stop);
  const live = panel('say', words.live, head, ear, heard, field(words.filter, filter), nothing, list);
  live.classList.add('live');
  part('main', HTMLElement).replaceChildren(
    element('h1', '', words.title),
    element('p', 'lead', words.lead),
    element('div', 'three', live, work.chosen, work.mapping),
  );
  showListening(null);
  setPaused(false);
}

const payloadOf = ({ json, text }: Message): string => (json === null ? (text ?? '') : JSON.stringify(json.value));
const textOf = (message: Message): string => `${message.about} ${payloadOf(message)}`;
