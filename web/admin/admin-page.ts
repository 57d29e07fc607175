/** Accounts, tokens and screens, for administrators. */
import type { Answer, Refused } from '../asked.ts';
import { caseStrings } from '../cases/case-words.ts';
import { element, part, setText } from '../element.ts';
import { latest } from '../latest.ts';
import { pageFrame } from '../page-frame.ts';
import { chooseStrings } from '../strings.ts';
import { wallText } from '../wall-time.ts';
import {
  adminApi as api,
  type Channel,
  type LogRow,
  type Plan,
  type Screen,
  type Token,
  type User,
} from './admin-data.ts';
import { askScreen, askTest, askToken, askUser, askWhether, type GivenUser } from './admin-forms.ts';
import {
  channelItem,
  type Deed,
  type ListSaying,
  listPanel,
  listSearch,
  logPanel,
  screenItem,
  tokenItem,
  userItem,
} from './admin-lists.ts';
import { adminStrings } from './admin-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = adminStrings(strings.code);
const { board, loading } = caseStrings(strings.code);
const main = part('main', HTMLElement);
const said = part('said', HTMLParagraphElement);
const LOGGED = 50;
const search = listSearch(words.searchUsers);

/** What is shown once: a link, or a token. */
interface Secret {
  readonly title: string;
  readonly text: string;
  readonly means: string;
}

let secret: Secret | null = null;
const looks = latest();

document.title = words.title;
setText(said, loading);
pageFrame(strings, board, () => void load());

async function load(): Promise<void> {
  const answers = await looks.answerTo(
    Promise.all([
      ...([api.users(), api.tokens(), api.screens()] as const),
      ...([api.channels(), api.log(LOGGED)] as const),
    ]),
  );
  if (answers === null) return;
  const [users, tokens, screens, channels, log] = answers;
  for (const one of [users, tokens, screens, channels, log]) if (!one.ok) return tell(refusal(one), true);
  if (!users.ok || !tokens.ok || !screens.ok || !channels.ok || !log.ok) return;
  const { plan } = users.got;
  show({ users: users.got.users, plan, ...tokens.got, ...screens.got, ...channels.got, log: log.got.rows });
}

interface Shown {
  readonly users: readonly User[];
  readonly plan: Plan;
  readonly tokens: readonly Token[];
  readonly screens: readonly Screen[];
  readonly channels: readonly Channel[];
  readonly log: readonly LogRow[];
}

// ---- showing -----------------------------------------------------------------------------------------------------

function show({ users, plan, tokens, screens, channels, log }: Shown): void {
  if (said.textContent === loading) tell('');
  const say = (at: string): string => wallText(Date.parse(at), plan.timezone).slice(0, 16).replace('T', ' ');
  const saying: ListSaying = { words, plan, say };
  const good = tokens.filter(({ revokedAt }) => revokedAt === null);
  const shownScreens = screens.filter(({ revokedAt }) => revokedAt === null);
  const isSearching = document.activeElement === search.root;
  main.replaceChildren(
    element('h1', '', words.title),
    ...(secret === null ? [] : [secretPanel(secret)]),
    listPanel(
      words.users,
      { id: 'add-user', text: words.addUser, act: () => addUser(plan) },
      users.map((user) => userItem(user, userDeeds(user, plan), saying)),
      '',
      search,
    ),
    listPanel(
      words.tokens,
      { id: 'add-token', text: words.addToken, act: () => addToken(plan) },
      [...good.map((token) => tokenItem(token, [revokeToken(token)], saying)), ...gone(tokens.length - good.length)],
      words.noTokens,
    ),
    listPanel(
      words.screens,
      { id: 'add-screen', text: words.addScreen, act: () => addScreen(plan) },
      [
        ...shownScreens.map((screen) => screenItem(screen, [revokeScreen(screen)], saying)),
        ...gone(screens.length - shownScreens.length),
      ],
      words.noScreens,
    ),
    listPanel(
      words.channels,
      null,
      channels.map((channel) => channelItem(channel, testOf(channel, plan), saying)),
      words.noChannels,
    ),
    logPanel(words.log, log, saying),
  );
  if (isSearching) search.root.focus();
}

const gone = (count: number): HTMLElement[] => (count === 0 ? [] : [element('li', 'dim', words.revoked(count))]);

/** Shown until the page is left, or something else is made. */
function secretPanel({ title, text, means }: Secret): HTMLElement {
  const shown = element('input', '');
  shown.type = 'text';
  shown.readOnly = true;
  shown.value = text;
  shown.id = 'secret';
  shown.addEventListener('focus', () => shown.select());
  const label = element('label', '', title);
  label.htmlFor = shown.id;
  const copy = element('button', 'button', words.copy);
  copy.type = 'button';
  copy.addEventListener('click', () => {
    shown.select();
    // The clipboard is only there over TLS; over plain HTTP the browser copies what is selected.
    const copied = navigator.clipboard === undefined ? document.execCommand('copy') : true;
    if (navigator.clipboard !== undefined) void navigator.clipboard.writeText(text);
    if (copied) copy.textContent = words.copied;
  });
  return element('section', 'admin-secret', label, shown, element('p', 'hint', means), copy);
}

function tell(text: string, isTrouble = false): void {
  setText(said, text);
  said.classList.toggle('said-trouble', isTrouble);
}

function refusal(answer: Refused): string {
  const own = words.refused[answer.code];
  return own ?? (answer.detail === '' || strings.code === 'zh' ? words.failed : answer.detail);
}

// ---- doing -------------------------------------------------------------------------------------------------------

/** What was asked has been answered: shows it, or says what is wrong. */
async function after<T>(answer: Answer<T>, made?: (got: T) => Secret): Promise<string | null> {
  if (!answer.ok) return refusal(answer);
  secret = made?.(answer.got) ?? null;
  tell(words.done);
  await load();
  // The question that was answered goes first, and gives the focus back.
  if (secret !== null) setTimeout(() => document.getElementById('secret')?.focus());
  return null;
}

/** Where there was no question. */
async function atOnce<T>(answer: Promise<Answer<T>>, made?: (got: T) => Secret): Promise<void> {
  const wrong = await after(await answer, made);
  if (wrong !== null) tell(wrong, true);
}

const linkSecret =
  (title: string, means: string) =>
  ({ link }: { readonly link: string }): Secret => ({
    ...{ title, means },
    text: new URL(link, location.origin).href,
  });

function userDeeds(user: User, plan: Plan): Deed[] {
  const { name, display } = user;
  const isOn = user.disabledAt === null;
  const change = async ({ display: called, roles, employee, departments }: GivenUser): Promise<string | null> =>
    after(await api.changeUser(name, { display: called, roles, employee, departments }));
  const ask = (title: string, means: string, submit: () => Promise<Answer<unknown>>) => (): void =>
    askWhether(words.of(title, display), means, words, title, async () => after(await submit()));
  return [
    { id: 'change', text: words.change, act: () => askUser(plan, words, user, change) },
    {
      id: 'link',
      text: words.newLink,
      act: () => atOnce(api.link(name), linkSecret(words.linkMade(display), words.linkMeans)),
    },
    { id: 'sign-out', text: words.signOut, act: () => atOnce(api.signOut(name)) },
    isOn
      ? {
          id: 'disable',
          text: words.disable,
          act: ask(words.disable, words.disableMeans(display), () => api.changeUser(name, { disabled: true })),
        }
      : { id: 'enable', text: words.enable, act: () => atOnce(api.changeUser(name, { disabled: false })) },
    {
      id: 'remove',
      text: words.remove,
      act: ask(words.remove, words.removeMeans(display), () => api.removeUser(name)),
    },
  ];
}

function addUser(plan: Plan): void {
  askUser(plan, words, null, async (draft) => {
    const display = draft.display === '' ? draft.name : draft.display;
    return after(await api.addUser({ ...draft, display }), linkSecret(words.linkMade(display), words.linkMeans));
  });
}

function addToken(plan: Plan): void {
  askToken(plan, words, async ({ lastDate, ...draft }) => {
    // The end of that date, where whoever chooses it is.
    const expiresAt = lastDate === null ? null : new Date(`${lastDate}T23:59:59`).toISOString();
    return after(await api.addToken({ ...draft, expiresAt }), ({ token }) => ({
      ...{ title: words.tokenMade, text: token, means: words.tokenMeans },
    }));
  });
}

function addScreen(plan: Plan): void {
  askScreen(plan, words, async (draft) =>
    after(await api.addScreen(draft), linkSecret(words.screenMade, words.screenMeans)),
  );
}

function testOf(channel: Channel, plan: Plan): Deed[] {
  if (!channel.isTestable || channel.people?.length === 0) return [];
  const send = async (employee: string | null): Promise<string | null> => {
    const answer = await api.testChannel(channel.id, employee);
    if (!answer.ok && answer.code === 'not-taken') return answer.detail;
    const wrong = await after(answer);
    if (wrong === null) tell(words.testTaken);
    return wrong;
  };
  const title = words.of(words.test, channel.id);
  const act = (): void =>
    channel.people === null
      ? askWhether(title, words.testMeans, words, words.test, () => send(null))
      : askTest(plan, words, channel, send);
  return [{ id: 'test', text: words.test, act }];
}

const revoking = (name: string, submit: () => Promise<Answer<null>>): Deed => ({
  id: 'revoke',
  text: words.revoke,
  act: () =>
    askWhether(words.of(words.revoke, name), words.revokeMeans(name), words, words.revoke, async () =>
      after(await submit()),
    ),
});
const revokeToken = ({ name, number }: Token): Deed => revoking(name, () => api.revokeToken(number));
const revokeScreen = ({ name, number }: Screen): Deed => revoking(name, () => api.revokeScreen(number));
