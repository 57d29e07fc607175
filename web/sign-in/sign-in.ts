/** Signing in, and what one-time links lead to: the first administrator, a new password, a screen on a wall. */
import { element, part, setText } from '../element.ts';
import { withLanguage } from '../page-address.ts';
import { chooseStrings } from '../strings.ts';
import { languageLink, themeButton } from '../theme.ts';
import { me } from '../who.ts';
import { SIGN_IN } from './sign-in-strings.ts';

/** What a link is for, as `/api/v1/link` says. */
interface Purpose {
  readonly kind: 'first-administrator' | 'password' | 'screen';
  readonly name?: string;
  readonly display?: string;
  /** Of a window's PC. */
  readonly window?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** How long to wait before trying again. */
  readonly retryS: number;
}

const strings = chooseStrings(location.search, navigator.language);
const words = SIGN_IN[strings.code];
const form = part('form', HTMLFormElement);
const name = part('name', HTMLInputElement);
const display = part('display', HTMLInputElement);
const password = part('password', HTMLInputElement);
const go = part('go', HTMLButtonElement);
const said = part('said', HTMLParagraphElement);

void start();

async function start(): Promise<void> {
  document.documentElement.lang = strings.locale;
  themeButton(part('theme', HTMLButtonElement), part('dark', HTMLLinkElement), strings);
  languageLink(part('language', HTMLAnchorElement), strings);
  setText(part('name-label', HTMLLabelElement), words.name);
  setText(part('display-label', HTMLLabelElement), words.display);
  revealButton(part('show', HTMLButtonElement));
  const known = await me().catch(() => null);
  setText(part('hall', HTMLParagraphElement), known?.hall.name ?? '');
  if (location.pathname === '/link') await followLink(location.hash.slice(1));
  else if (known !== null && known.actor !== null) location.replace(nextPage());
  else showSignIn();
}

function showSignIn(): void {
  title(words.signIn, '');
  part('display-field', HTMLParagraphElement).hidden = true;
  part('name-hint', HTMLSpanElement).hidden = true;
  setText(part('password-label', HTMLLabelElement), words.password);
  part('password-hint', HTMLSpanElement).hidden = true;
  offer(words.go, name, () => send('/api/v1/sign-in', { name: name.value, password: password.value }));
}

async function followLink(link: string): Promise<void> {
  const { status, body } = await send('/api/v1/link', { link });
  if (status !== 200) {
    title(words.signIn, '');
    say({ status, body, retryS: 0 });
    onward();
    return;
  }
  const purpose = body as unknown as Purpose;
  if (purpose.kind === 'screen') showScreen(link, purpose);
  else showPassword(link, purpose);
}

function showScreen(link: string, { display: screen = '', window: at }: Purpose): void {
  if (at === undefined) title(words.screen, words.screenLead(screen));
  else title(words.desk, words.deskLead(at));
  for (const field of form.querySelectorAll('.field')) field.remove();
  const label = at === undefined ? words.screenGo : words.deskGo;
  offer(label, go, () => send('/api/v1/link/follow', { link }), at === undefined ? nextPage() : withLanguage('/desk'));
}

function showPassword(link: string, purpose: Purpose): void {
  const isFirst = purpose.kind === 'first-administrator';
  if (isFirst) title(words.first, words.firstLead);
  else title(words.setPassword, words.setPasswordLead(purpose.display ?? ''));
  setText(part('password-label', HTMLLabelElement), words.newPassword);
  explain(password, part('password-hint', HTMLSpanElement), words.passwordHint);
  password.autocomplete = 'new-password';
  if (isFirst) explain(name, part('name-hint', HTMLSpanElement), words.nameHint);
  else {
    // There for the browser, which keeps the password under this name.
    name.value = purpose.name ?? '';
    name.readOnly = true;
    part('name-hint', HTMLSpanElement).hidden = true;
    part('display-field', HTMLParagraphElement).hidden = true;
  }
  offer(isFirst ? words.firstGo : words.setPasswordGo, isFirst ? name : password, () =>
    send('/api/v1/link/follow', {
      ...{ link, password: password.value },
      ...(isFirst ? { name: name.value, display: display.value } : {}),
    }),
  );
}

/** Shows the form; `act` is what sending it does, `next` where it leads. */
function offer(label: string, first: HTMLElement, act: () => Promise<Answer>, next = nextPage()): void {
  setText(go, label);
  form.hidden = false;
  first.focus();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (go.disabled) return;
    busy(label, true);
    void act()
      .then((answer) => {
        if (answer.status === 200) return location.replace(next);
        say(answer);
        if (answer.body['code'] === 'bad-link') {
          form.hidden = true;
          onward();
        } else if (password.isConnected) password.select();
        return undefined;
      })
      .finally(() => busy(label, false));
  });
}

function busy(label: string, is: boolean): void {
  go.disabled = is;
  form.setAttribute('aria-busy', String(is));
  setText(go, is ? words.going : label);
  if (is) said.replaceChildren();
}

/** Status 0 = no answer came. */
async function send(path: string, body: object): Promise<Answer> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answered = (await response.json()) as Answer['body'];
    return { status: response.status, body: answered, retryS: Number(response.headers.get('Retry-After') ?? 0) };
  } catch {
    return { status: 0, body: {}, retryS: 0 };
  }
}

function say({ status, body, retryS }: Answer): void {
  const code = String(body['code'] ?? '');
  const text =
    status === 0
      ? words.unreachable
      : code === 'wait'
        ? words.wait(strings.length(retryS))
        : (words.refused[code] ?? words.failed);
  // A new element each time: the same words again are read out again.
  said.replaceChildren(element('span', '', text));
}

function title(text: string, lead: string): void {
  document.title = text;
  setText(part('title', HTMLHeadingElement), text);
  const place = part('lead', HTMLParagraphElement);
  setText(place, lead);
  place.hidden = lead === '';
}

function explain(field: HTMLInputElement, hint: HTMLElement, text: string): void {
  setText(hint, text);
  field.setAttribute('aria-describedby', hint.id);
}

function onward(): void {
  const link = part('onward-link', HTMLAnchorElement);
  setText(link, words.toSignIn);
  link.href = `/sign-in${location.search}`;
  part('onward', HTMLParagraphElement).hidden = false;
}

function revealButton(button: HTMLButtonElement): void {
  const show = (isShown: boolean): void => {
    password.type = isShown ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isShown));
    setText(button, isShown ? words.hide : words.show);
    button.setAttribute('aria-label', `${isShown ? words.hide : words.show} · ${words.password}`);
  };
  button.addEventListener('click', () => show(password.type === 'password'));
  show(false);
}

/** Where one wanted to go; only ever a page of ours. */
function nextPage(): string {
  const asked = new URLSearchParams(location.search).get('next') ?? '/';
  // `//elsewhere` and `/\\elsewhere` are addresses of other hosts.
  if (!/^\/(?![/\\])/.test(asked)) return '/';
  const { origin, pathname, search } = new URL(asked, location.origin);
  return origin === location.origin ? pathname + search : '/';
}
