/** What a reader chooses for any page: light or dark (the system's choice until somebody presses the button), and the language. */
import { setText } from './element.ts';
import type { Strings } from './strings.ts';

type Theme = 'system' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
/** `dark.css` is on when its media query holds, so a choice is a change of that query. */
const MEDIA: Readonly<Record<Theme, string>> = {
  system: '(prefers-color-scheme: dark)',
  light: 'not all',
  dark: 'all',
};
const KEY = 'zaigang.theme';

export function themeButton(button: HTMLButtonElement, sheet: HTMLLinkElement, strings: Strings): void {
  let theme = asTheme(new URLSearchParams(location.search).get('theme')) ?? asTheme(remembered()) ?? 'system';
  const apply = (): void => {
    sheet.media = MEDIA[theme];
    setText(button, strings.theme(strings.themes[theme]));
  };
  button.addEventListener('click', () => {
    theme = NEXT[theme];
    remember(theme);
    apply();
  });
  apply();
}

function asTheme(text: string | null): Theme | null {
  return text === 'system' || text === 'light' || text === 'dark' ? text : null;
}

/** Null as well where the browser forbids storage: then the choice lasts as long as the page. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A browser that forbids storage still shows the chosen theme, until the page is closed.
  }
}

/** The same page in the other language. */
export function languageLink(link: HTMLAnchorElement, strings: Strings): void {
  const { code, lang, name } = strings.otherLanguage;
  const url = new URL(location.href);
  url.searchParams.set('lang', code);
  link.href = url.href;
  link.lang = lang;
  link.hreflang = lang;
  link.textContent = name;
}
