/** On the board, for supervision and chiefs: windows that ask somebody to come and see, and what is silenced. */
import { asked, bringing } from '../asked.ts';
import { openDialog } from '../dialog.ts';
import { element, part } from '../element.ts';
import { field, select, textField } from '../form-parts.ts';
import { latest } from '../latest.ts';
import { afterPress } from '../press.ts';
import { instant, type Snapshot } from '../snapshot.ts';
import type { Strings } from '../strings.ts';
import { waitWith } from '../waiting-button.ts';
import { wallTime } from '../wall-time.ts';
import type { Me } from '../who.ts';
import { WATCH, type WatchStrings } from './watch-strings.ts';

export interface WatchPanel {
  /** Who is signed in decides what is shown, and what may be done. */
  show(actor: Me['actor']): void;
  /** The board's picture, with its word that there is news, which differs from the last one if so. */
  heard(snapshot: Snapshot): void;
}

interface Request {
  readonly request: string;
  readonly at: string;
  readonly until: string;
  readonly reason: string | null;
  readonly window: string;
  readonly windowName: string | null;
}

interface Silence {
  readonly silence: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly byName: string | null;
  readonly state: string;
  readonly windows: readonly string[] | null;
  readonly departments: readonly string[] | null;
  readonly rules: readonly string[] | null;
  readonly devices: readonly string[] | null;
}

interface SilenceList {
  readonly longestMinutes: number;
  readonly silences: readonly Silence[];
}

/** Whose board has it. */
const WATCHERS: readonly string[] = ['supervisor', 'manager', 'chief', 'admin'];
const WITNESSES: readonly string[] = ['supervisor', 'chief'];
const SILENCERS: readonly string[] = ['supervisor', 'manager'];
/** What ends by itself is noticed so often. */
const LOOK_EVERY_MS = 30_000;
const LENGTHS_MIN: readonly number[] = [30, 60, 120, 240, 480, 1440];

export function watchPanel(strings: Strings): WatchPanel {
  const words = WATCH[strings.code];
  const root = element('section', 'watch');
  root.setAttribute('aria-label', words.title);
  root.hidden = true;
  const list = element('ul', 'watch-list');
  const trouble = element('p', 'watch-trouble');
  root.append(list, trouble);
  part('banners', HTMLDivElement).append(root);
  const button = silenceButton(words);
  let roles: readonly string[] = [];
  let snapshot: Snapshot | null = null;
  let longestMinutes = 0;
  let shown = '';
  let timer = 0;
  const looks = latest();

  const may = (those: readonly string[]): boolean => roles.some((role) => those.includes(role));

  const look = async (): Promise<void> => {
    if (!may(WATCHERS)) return;
    const answers = await looks.answerTo(
      Promise.all([
        got<{ readonly requests: readonly Request[] }>('/api/v1/witness-requests'),
        got<SilenceList>('/api/v1/silences'),
      ]),
    );
    const [asked, silenced] = answers ?? [null, null];
    if (asked === null || silenced === null) return;
    longestMinutes = silenced.longestMinutes;
    const lasting = silenced.silences.filter(({ state }) => state !== 'over');
    afterPress(() => draw(asked.requests, lasting));
  };

  const draw = (requests: readonly Request[], silences: readonly Silence[]): void => {
    const content = JSON.stringify([requests, silences, roles]);
    if (content === shown) return;
    shown = content;
    trouble.textContent = '';
    list.replaceChildren(...requests.map(requestItem), ...silences.map(silenceItem));
    root.hidden = requests.length + silences.length === 0;
  };

  const minute = (at: string): string =>
    snapshot === null ? '' : wallTime(strings.locale, snapshot.hall.timezone).minute(instant(at));

  const requestItem = ({ request, at, until, reason, window, windowName }: Request): HTMLElement => {
    const name = [window, windowName].filter((text) => text !== null).join(' ');
    const text = words.asks(name, minute(at), minute(until));
    const answer = (seen: boolean) => () => act(`/api/v1/witness-requests/${encodeURIComponent(request)}`, { seen });
    const buttons = may(WITNESSES)
      ? [deed('seen', words.seen, answer(true)), deed('not-seen', words.notSeen, answer(false))]
      : [];
    return item('request', text, reason, buttons);
  };

  const silenceItem = (silence: Silence): HTMLElement => {
    const { from, to, reason, byName, state } = silence;
    const text = (state === 'active' ? words.silenced : words.planned)(whatOf(silence), minute(from), minute(to));
    const end = () => act(`/api/v1/silences/${encodeURIComponent(silence.silence)}/end`, {});
    const buttons = may(SILENCERS) ? [deed('end-silence', words.end, end)] : [];
    return item('silence', text, words.because(reason, byName ?? words.somebody), buttons);
  };

  const whatOf = ({ windows, departments, rules, devices }: Silence): string => {
    const names = new Map(snapshot?.windows.map(({ department, departmentName }) => [department, departmentName]));
    return [
      ...(windows ?? []),
      ...(departments ?? []).map((one) => names.get(one) ?? one),
      ...(rules ?? []).map((one) => words.rules[one] ?? one),
      ...(devices ?? []),
    ].join(words.comma);
  };

  const act = async (path: string, body: object): Promise<string | null> => {
    const wrong = await sent(path, body, words);
    trouble.textContent = wrong ?? '';
    await look();
    return wrong;
  };

  button.addEventListener('click', () => {
    if (snapshot !== null) askSilence(words, snapshot, longestMinutes, (body) => act('/api/v1/silences', body));
  });

  return {
    show(actor) {
      roles = actor?.roles ?? [];
      button.hidden = !may(SILENCERS);
      window.clearInterval(timer);
      if (may(WATCHERS)) timer = window.setInterval(() => void look(), LOOK_EVERY_MS);
      else draw([], []);
      void look();
    },
    heard(next) {
      const isNews = snapshot?.cases !== next.cases;
      snapshot = next;
      if (isNews) void look();
    },
  };
}

function silenceButton(words: WatchStrings): HTMLButtonElement {
  const button = element('button', 'tool', words.silence);
  button.type = 'button';
  button.id = 'silence';
  button.hidden = true;
  part('cases-link', HTMLAnchorElement).after(button);
  return button;
}

function item(kind: string, text: string, more: string | null, buttons: readonly HTMLButtonElement[]): HTMLElement {
  const made = element('li', 'watch-item', element('span', 'watch-text', text), ...buttons);
  if (more !== null) made.insertBefore(element('span', 'watch-why', more), buttons[0] ?? null);
  made.dataset['kind'] = kind;
  return made;
}

/** Does it at once; of a double press only the first, for under the second there may be another line by then. */
function deed(id: string, text: string, act: () => Promise<unknown>): HTMLButtonElement {
  const button = element('button', 'button', text);
  button.type = 'button';
  button.dataset['do'] = id;
  button.addEventListener('click', ({ detail }) => {
    if (detail <= 1) waitWith(button, act);
  });
  return button;
}

function askSilence(
  words: WatchStrings,
  { windows }: Snapshot,
  longestMinutes: number,
  make: (body: object) => Promise<string | null>,
): void {
  const [which, device, reason] = [textField(500), textField(500), textField(500)];
  const departments = new Map(
    windows.flatMap(({ department, departmentName }) =>
      department === null ? [] : [[department, departmentName ?? department] as const],
    ),
  );
  const department = select([['', words.any], ...departments]);
  const rule = select([['', words.any], ...Object.entries(words.rules)]);
  const lengths = LENGTHS_MIN.filter((count) => count <= longestMinutes);
  const length = select(
    (lengths.length === 0 ? [longestMinutes] : lengths).map((count) => [String(count), words.minutes(count)]),
  );
  openDialog({
    title: words.silence,
    body: [
      element('p', 'dialog-lead', words.lead),
      field(words.windows, which, words.windowsHint),
      field(words.department, department),
      field(words.rule, rule),
      field(words.device, device, words.deviceHint),
      field(words.length, length),
      field(words.reason, reason),
    ],
    ...{ go: words.go, cancel: words.cancel, working: words.working },
    async submit() {
      if (reason.value.trim() === '') return words.troubles['reason'] ?? words.failed;
      return make({
        ...listed('windows', which.value),
        ...listed('departments', department.value),
        ...listed('rules', rule.value),
        ...listed('devices', device.value),
        ...{ minutes: Number(length.value), reason: reason.value.trim() },
      });
    },
  });
}

/** What was written with spaces or commas between, under its key; nothing where nothing was. */
function listed(key: string, text: string): object {
  const list = text.split(/[\s,，、;；]+/).filter((one) => one !== '');
  return list.length === 0 ? {} : { [key]: list };
}

/** Null where there was no answer, or none for us: the board says itself that the link is lost. */
async function got<T>(path: string): Promise<T | null> {
  const answer = await asked<T>(path);
  return answer.ok ? answer.got : null;
}

/** What is wrong, or null where it is done. */
async function sent(path: string, body: object, words: WatchStrings): Promise<string | null> {
  const answer = await asked<null>(path, bringing(body));
  return answer.ok ? null : (words.troubles[answer.code] ?? words.failed);
}
