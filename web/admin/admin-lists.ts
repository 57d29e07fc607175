/** The lists of the page of accounts. */
import { element } from '../element.ts';
import { panel } from '../panel.ts';
import { waitWith } from '../waiting-button.ts';
import type { Channel, LogRow, Plan, Rights, Screen, Token, User } from './admin-data.ts';
import type { AdminStrings } from './admin-words.ts';

export interface ListSaying {
  readonly words: AdminStrings;
  readonly plan: Plan;
  /** An instant, as people here write it. */
  readonly say: (at: string) => string;
}

/** What a button does, by its word. */
export interface Deed {
  readonly id: string;
  readonly text: string;
  /** Where it takes a while, the button waits for it. */
  readonly act: () => Promise<void> | void;
}

export function listPanel(
  title: string,
  add: Deed | null,
  items: readonly HTMLElement[],
  nothing: string,
  search: ListSearch | null = null,
): HTMLElement {
  search?.narrow(items);
  const body = items.length === 0 ? element('p', 'turn', nothing) : element('ul', 'admin-list', ...items);
  return panel(
    'say',
    title,
    ...(add === null
      ? []
      : [element('p', 'admin-add', button(add, add.text, 'button'), ...(search === null ? [] : [search.root]))]),
    body,
  );
}

export interface ListSearch {
  readonly root: HTMLInputElement;
  /** Hides what does not hold what is looked for, now and with each letter. */
  narrow(items: readonly HTMLElement[]): void;
}

/** Stays the same when the list is made anew: so does what is written in it. */
export function listSearch(label: string): ListSearch {
  const root = element('input', 'admin-search');
  root.type = 'search';
  root.placeholder = label;
  root.setAttribute('aria-label', label);
  let narrowed: readonly HTMLElement[] = [];
  const look = (): void => {
    const wanted = root.value.trim().toLowerCase();
    for (const item of narrowed) item.hidden = !(item.textContent ?? '').toLowerCase().includes(wanted);
  };
  root.addEventListener('input', look);
  return {
    root,
    narrow(items) {
      narrowed = items;
      look();
    },
  };
}

/** The newest first; it scrolls by itself, by keys as well. */
export function logPanel(title: string, rows: readonly LogRow[], saying: ListSaying): HTMLElement {
  const list = element('ul', 'admin-logs', ...rows.map((row) => logItem(row, saying)));
  list.tabIndex = 0;
  return panel('say', title, list);
}

export function userItem(user: User, deeds: readonly Deed[], saying: ListSaying): HTMLElement {
  const { words } = saying;
  const states = [
    ...(user.disabledAt === null ? [] : [words.disabled]),
    ...(user.hasPassword ? [] : [words.noPassword]),
  ];
  const item = row(
    [element('b', '', user.display), ' ', element('span', 'dim', user.name), ...states.map(badge)],
    [rightsText(user, saying)],
    deeds,
    user.display,
    words,
  );
  item.dataset['user'] = user.name;
  return item;
}

export function tokenItem(token: Token, deeds: readonly Deed[], saying: ListSaying): HTMLElement {
  const { words, say } = saying;
  const item = row(
    [element('b', '', token.name), ' ', element('span', 'dim', String(token.number))],
    [
      rightsText(token, saying),
      token.expiresAt === null ? words.never : words.expiresAt(say(token.expiresAt)),
      token.usedAt === null ? words.unused : words.usedAt(say(token.usedAt)),
    ],
    deeds,
    token.name,
    words,
  );
  item.dataset['token'] = String(token.number);
  return item;
}

export function screenItem(screen: Screen, deeds: readonly Deed[], { words, say }: ListSaying): HTMLElement {
  const { name, number, window, takenAt, seenAt, linkUntil } = screen;
  const life = takenAt !== null ? words.seenAt(say(seenAt ?? takenAt)) : words.notTaken(say(linkUntil));
  const item = row(
    [element('b', '', name), ' ', element('span', 'dim', String(number))],
    [window === null ? words.onWall : words.atWindow(window), life],
    deeds,
    name,
    words,
  );
  item.dataset['screen'] = String(number);
  return item;
}

export function channelItem(channel: Channel, deeds: readonly Deed[], { words }: ListSaying): HTMLElement {
  const { id, kind, to, people, trouble } = channel;
  const readers = words.readers[to ?? ''] ?? words.programs;
  const item = row(
    [
      element('b', '', id),
      ' ',
      element('span', 'dim', words.kinds[kind] ?? kind),
      ...(trouble === null ? [] : [badge(words.down)]),
    ],
    [
      people === null ? readers : `${readers} · ${words.reaches(people.length)}`,
      ...(trouble === null ? [] : [words.trouble(trouble.attempts, trouble.because)]),
    ],
    deeds,
    id,
    words,
  );
  item.dataset['channel'] = id;
  return item;
}

function logItem({ at, who, what, about, address }: LogRow, { words, say }: ListSaying): HTMLElement {
  const by = who === null ? words.nobody : who === 'command' ? words.byCommand : plainId(who);
  const to = about === null || about === who ? '' : ` ${plainId(about)}`;
  const more = address === null || address === '' ? '' : words.from(address);
  return element(
    'li',
    'admin-log',
    element('time', 'dim', say(at)),
    element('span', '', `${by} `, element('b', '', words.events[what] ?? what), to),
    element('span', 'dim', more),
  );
}

/** `user:zhang` → `zhang`; a token or a screen keeps what it is. */
const plainId = (id: string): string => id.replace(/^user:/, '');

const badge = (text: string): HTMLElement => element('span', 'badge admin-badge', element('span', '', text));

function rightsText({ roles, departments, employee }: Rights, { words, plan }: ListSaying): string {
  const said = roles.map((role) => words.roleNames[role] ?? role).join(words.comma);
  const answered = departments.map((id) => plan.departments.find((one) => one.id === id)?.name ?? id).join(words.comma);
  const person = plan.employees.find(({ id }) => id === employee)?.name;
  const self = employee === null ? '' : person === undefined ? employee : `${person} ${employee}`;
  return [said, answered, self].filter((text) => text !== '').join(' · ');
}

function row(
  head: readonly (Node | string)[],
  lines: readonly string[],
  deeds: readonly Deed[],
  name: string,
  words: AdminStrings,
): HTMLElement {
  return element(
    'li',
    'admin-item',
    element('div', '', element('p', 'admin-head', ...head), ...lines.map((line) => element('p', 'admin-line', line))),
    element('div', 'admin-deeds', ...deeds.map((deed) => button(deed, words.of(deed.text, name)))),
  );
}

function button({ id, text, act }: Deed, label: string, className = 'button button-quiet'): HTMLElement {
  const made = element('button', className, text);
  made.type = 'button';
  made.dataset['do'] = id;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', ({ detail }) => {
    // The second of a double press is none: what stands there by then may be another account's.
    if (detail <= 1) waitWith(made, act);
  });
  return made;
}
