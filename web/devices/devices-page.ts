/** Clocks: what is wrong with each in plain words, whose touches nobody knows, what was kept aside. */
import { refusalText } from '../asked.ts';
import { openDialog } from '../dialog.ts';
import { element, part, setText } from '../element.ts';
import { field, textInput } from '../form-parts.ts';
import { latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import { afterPress } from '../press.ts';
import { chooseStrings } from '../strings.ts';
import { clockApi } from './clock-api.ts';
import { clockPeople } from './clock-people.ts';
import { clockSheet, type SheetPage } from './clock-sheet.ts';
import { clockStrings } from './clock-strings.ts';
import {
  type Answer,
  type Device,
  type Devices,
  deviceApi,
  type Fault,
  type Reject,
  type Rejects,
  type Stranger,
  type Unmatched,
} from './device-api.ts';
import { deviceStrings } from './device-strings.ts';
import { offsetLine } from './offset-line.ts';
import { table } from './table.ts';
import { askWhose } from './whose-number.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = deviceStrings(strings.code);
const ofClock = clockStrings(strings.code);
const api = deviceApi(strings.code);
const main = part('main', HTMLElement);
const said = part('said', HTMLParagraphElement);
/** How often devices are asked about. */
const EVERY_MS = 5_000;
/** Who may say whose a number is, and who may take in what was kept aside. */
const MAPPERS = ['admin', 'manager', 'installer'];
const TAKERS = ['admin', 'installer'];
/** Who is shown what people are called. */
const NAMERS = ['admin', 'manager'];

let roles: readonly string[] = [];
const looks = latest();
/** What is on the screen, as text: the page is only made anew when something else is to be seen, so that nothing loses its focus. */
let shown = '';
/** Whose history is open. */
let opened: string | null = null;
/** From where on the reject list is shown; null = from its newest. */
let before: string | null = null;

document.title = words.title;
document.body.classList.add('narrow');
setText(said, words.loading);
pageFrame(strings, words.board, (actor) => {
  roles = actor.roles;
  const of = /^\/devices\/([^/]+)\/(sheet|people)$/.exec(location.pathname);
  if (of === null) void again();
  else void ofOne(decodeURIComponent(of[1] ?? ''), of[2] === 'sheet');
});

/** A page about one clock. */
async function ofOne(clock: string, isSheet: boolean): Promise<void> {
  const answer = await api.devices();
  if (!answer.ok) return trouble(words.troubles[answer.trouble]);
  say('');
  const mayAccept = roles.some((role) => TAKERS.includes(role));
  const page: SheetPage = {
    ...{
      clock,
      main,
      mayAccept,
      at: answer.got.at,
      words: ofClock,
      devices: words,
      api: clockApi(clock, strings.code),
    },
    say: (text, isTrouble = false) => (isTrouble ? trouble(text) : say(text)),
    device: async () => {
      const got = await api.device(clock);
      if (got.ok) return got.got;
      trouble(words.troubles[got.trouble]);
      return null;
    },
  };
  const way = part('home', HTMLAnchorElement);
  way.href = withLanguage('/devices');
  setText(way, ofClock.back);
  if (isSheet) await clockSheet(page);
  else clockPeople(page);
}

async function again(): Promise<void> {
  // Nobody looks: the ledger need not be read.
  if (!document.hidden) await refresh();
  setTimeout(() => void again(), EVERY_MS);
}

async function refresh(): Promise<void> {
  const mayTake = roles.some((role) => TAKERS.includes(role));
  const none: Answer<Rejects> = { ok: true, got: { rejects: [], next: null } };
  const answers = await looks.answerTo(
    Promise.all([api.warnings(), api.devices(), api.unmatched(), mayTake ? api.rejects(before) : none]),
  );
  if (answers === null) return;
  const [warnings, devices, unmatched, rejects] = answers;
  if (!devices.ok || !unmatched.ok || !rejects.ok) {
    const failed = [devices, unmatched, rejects].find((answer) => !answer.ok);
    trouble(failed?.ok === false ? words.troubles[failed.trouble] : '');
    return;
  }
  if (said.classList.contains('said-trouble') || said.textContent === words.loading) say('');
  const { got } = devices;
  const seen = JSON.stringify([warnings, got.devices, got.strangers, unmatched.got, rejects.got]);
  if (seen === shown) return;
  shown = seen;
  const sections = [
    ...warned(warnings),
    clocks(got),
    ...strangers(got.strangers),
    whose(unmatched.got),
    ...(mayTake ? [aside(rejects.got)] : []),
  ];
  afterPress(() => {
    const held = document.activeElement?.id ?? '';
    main.replaceChildren(element('h1', '', words.title), ...sections);
    if (held !== '') document.getElementById(held)?.focus();
  });
}

function say(text: string): void {
  setText(said, text);
  said.classList.remove('said-trouble');
}

function trouble(text: string): void {
  setText(said, text);
  said.classList.add('said-trouble');
}

// ---- clocks --------------------------------------------------------------------------------------------------------

/** What keeps anything at all from being heard is said on the board as well. */
function warned(warnings: readonly string[]): HTMLElement[] {
  if (warnings.length === 0) return [];
  const banner = element('ul', 'banner banner-warning', ...warnings.map((warning) => element('li', '', warning)));
  banner.dataset['banner'] = 'warnings';
  banner.setAttribute('aria-label', strings.warning);
  return [banner];
}

function clocks({ devices }: Devices): HTMLElement {
  if (devices.length === 0) return panel('say', words.states.title, element('p', 'turn', words.nothing));
  const wrong = devices.filter(({ faults }) => faults.length > 0);
  const right = devices.filter(({ faults }) => faults.length === 0);
  // Of what was never heard nobody knows that it is well.
  const unheard = right.filter(({ state }) => state === 'unheard');
  const sorted = [...wrong, ...unheard, ...right.filter(({ state }) => state !== 'unheard')];
  const gist = words.gist(devices.length, wrong.length, unheard.length);
  return panel('say', words.states.title, element('p', 'turn', gist), element('ul', 'devices', ...sorted.map(clock)));
}

function clock(device: Device): HTMLElement {
  const { faults, state } = device;
  const make = device.make === null ? words.notConfigured : (words.makes[device.make] ?? device.make);
  const kind = device.kind === null || device.kind === 'attendance' ? '' : ` · ${words.kinds[device.kind]}`;
  const history = element('button', 'button button-quiet', words.history);
  history.type = 'button';
  history.id = `history-${device.device}`;
  history.setAttribute('aria-expanded', String(opened === device.device));
  const past = element('div', 'past');
  history.addEventListener('click', () => void toggle(device.device, history, past));
  const node = element(
    'li',
    'device',
    element(
      'p',
      'device-head',
      element('b', 'device-name', device.device),
      element('span', 'dim', `${make}${kind}`),
      element('span', `device-state device-${state}`, words.states[state]),
    ),
    ...faults.map(faultLine),
    element('dl', 'device-facts', ...facts(device)),
    element('div', 'deeds', history, ...moreOf(device)),
    past,
  );
  node.dataset['state'] = faults.length > 0 ? 'empty' : state === 'online' ? 'held-a' : 'unknown';
  node.dataset['device'] = device.device;
  if (opened === device.device) void fill(device.device, past);
  return node;
}

/** What else there is of one clock. */
function moreOf({ device, make, tellsUsers }: Device): HTMLElement[] {
  if (make === null) return [];
  const link = (kind: 'sheet' | 'people', text: string): HTMLAnchorElement => {
    const made = element('a', 'button button-quiet', text);
    made.href = withLanguage(`/devices/${encodeURIComponent(device)}/${kind}`);
    made.id = `${kind}-${device}`;
    return made;
  };
  const mayRead = roles.some((role) => TAKERS.includes(role));
  return [
    link('sheet', ofClock.sheet),
    ...(mayRead && tellsUsers ? [link('people', ofClock.people)] : []),
    ...(mayRead && !tellsUsers ? [element('small', 'dim', ofClock.cannotTell)] : []),
  ];
}

function faultLine({ text, since, until }: Fault): HTMLElement {
  const when = until === null ? words.since(shortTime(since)) : `${shortTime(since)} – ${shortTime(until)}`;
  return element('p', 'device-fault', text, ' ', element('small', 'dim', when));
}

function facts({ heardAt, punchAt, taken, repeated, setAside, offsetMs, offsets, about }: Device): HTMLElement[] {
  const clockWord = offsetMs === null ? words.clockUnknown : words.clockOff(offsetMs / 1000);
  const clockCell = element('dd', '', clockWord);
  if (offsets.length > 1) clockCell.append(' ', offsetLine(offsets));
  const pairs: [string, HTMLElement][] = [
    [words.heard, element('dd', '', heardAt === null ? words.never : shortTime(heardAt))],
    [words.punch, element('dd', '', punchAt === null ? words.never : shortTime(punchAt))],
    [words.taken, element('dd', '', words.counts(taken, repeated, setAside))],
    [words.clock, clockCell],
    ...Object.entries(about).map(([name, value]): [string, HTMLElement] => [
      words.about[name] ?? name,
      element('dd', '', value),
    ]),
  ];
  return pairs.map(([name, value]) => element('div', '', element('dt', '', name), value));
}

async function toggle(device: string, button: HTMLButtonElement, past: HTMLElement): Promise<void> {
  const isOpen = opened === device;
  opened = isOpen ? null : device;
  button.setAttribute('aria-expanded', String(!isOpen));
  past.replaceChildren();
  if (!isOpen) await fill(device, past);
}

async function fill(device: string, past: HTMLElement): Promise<void> {
  const answer = await api.device(device);
  if (opened !== device) return;
  if (!answer.ok) return trouble(words.troubles[answer.trouble]);
  const { history } = answer.got;
  past.replaceChildren(...(history.length === 0 ? [element('p', 'dim', words.noHistory)] : history.map(faultLine)));
}

// ---- what nobody knows -----------------------------------------------------------------------------------------------

function strangers(found: readonly Stranger[]): HTMLElement[] {
  if (found.length === 0) return [];
  const lines = found.map(({ about, from, lastAt, times }) =>
    element(
      'li',
      '',
      element('b', '', `${from} `),
      about,
      element('small', 'dim', ` ×${times} · ${shortTime(lastAt)}`),
    ),
  );
  return [panel('say', words.strangers, element('p', 'hint', words.strangersMean), element('ul', 'plain', ...lines))];
}

function whose(rows: readonly Unmatched[]): HTMLElement {
  if (rows.length === 0) return panel('say', words.unmatched, element('p', 'turn', words.noUnmatched));
  const { columns } = words;
  const head = [columns.credential, columns.device, columns.times, columns.last];
  const mayMap = roles.some((role) => MAPPERS.includes(role));
  const body = rows.map((row) => {
    const cells = [row.credential, row.device ?? '', String(row.times), shortTime(row.lastAt)];
    return [...cells.map((cell) => element('td', '', cell)), element('td', '', ...(mayMap ? [mapButton(row)] : []))];
  });
  return panel('do', words.unmatched, element('p', 'hint', words.unmatchedMeans), table(head, body));
}

function mapButton(row: Unmatched): HTMLButtonElement {
  const button = element('button', 'button', words.map);
  button.type = 'button';
  button.id = `map-${row.device ?? ''}-${row.credential}`;
  button.addEventListener('click', () => {
    const people = roles.some((role) => NAMERS.includes(role)) ? api.people() : Promise.resolve([]);
    const mapped = async (): Promise<void> => {
      await refresh();
      say(words.mapped);
    };
    askWhose(row, { words, map: api.map, people, mapped });
  });
  return button;
}

function aside({ rejects: rows, next }: Rejects): HTMLElement {
  if (rows.length === 0 && before === null) return panel('say', words.rejects, element('p', 'turn', words.noRejects));
  const { columns } = words;
  const body = rows.map((row) => [
    element('td', '', shortTime(row.lastAt), ...(row.times > 1 ? [element('small', 'dim', ` ×${row.times}`)] : [])),
    element('td', 'wrapped', row.because),
    element(
      'td',
      'raw',
      element('small', 'dim', row.topic),
      element('br', ''),
      element('code', '', row.payload.slice(0, 200)),
    ),
    element('td', '', againButton(row)),
  ]);
  const head = [columns.last, columns.because, columns.what];
  const ways = [...(before === null ? [] : [wayTo('newest', null)]), ...(next === null ? [] : [wayTo('older', next)])];
  const hint = element('p', 'hint', words.rejectsMean);
  return panel('do', words.rejects, hint, table(head, body), ...ways);
}

/** To another part of the reject list. */
function wayTo(where: 'older' | 'newest', place: string | null): HTMLButtonElement {
  const button = element('button', 'button', words[where]);
  button.id = `rejects-${where}`;
  button.addEventListener('click', () => {
    before = place;
    void refresh();
  });
  return button;
}

function againButton(row: Reject): HTMLButtonElement {
  const button = element('button', 'button', words.again);
  button.type = 'button';
  button.id = `again-${row.digest}`;
  button.addEventListener('click', () => {
    const ahead = textInput();
    ahead.inputMode = 'numeric';
    openDialog({
      title: words.againTitle,
      body: [element('p', '', row.because), field(words.ahead, ahead, words.aheadMeans)],
      ...{ go: words.again, cancel: words.cancel, working: words.working },
      submit: async () => {
        const text = ahead.value.trim();
        const minutes = Number(text);
        if (!Number.isInteger(minutes)) return words.notMinutes;
        const answer = await api.takeAgain(row.digest, text === '' ? null : minutes * 60_000);
        if (!answer.ok) return refusalText(answer);
        await refresh();
        say(words.takenIn);
        return null;
      },
    });
  });
  return button;
}

// ---- small parts ---------------------------------------------------------------------------------------------------

/** `11-22 09:05` of an instant in the hall's offset. */
const shortTime = (at: string): string => `${at.slice(5, 10)} ${at.slice(11, 16)}`;
