/** The head that the pages about cases have in common: the way back, theme, language, and who is signed in. */
import { configState } from './config-state.ts';
import { part, setText } from './element.ts';
import { withLanguage } from './page-address.ts';
import type { Strings } from './strings.ts';
import { languageLink, themeButton } from './theme.ts';
import { type Me, who } from './who.ts';

/** `known` is told once who is signed in. */
export function pageFrame(strings: Strings, back: string, known: (actor: NonNullable<Me['actor']>) => void): void {
  document.documentElement.lang = strings.locale;
  themeButton(part('theme', HTMLButtonElement), part('dark', HTMLLinkElement), strings);
  languageLink(part('language', HTMLAnchorElement), strings);
  const home = part('home', HTMLAnchorElement);
  home.href = withLanguage('/');
  setText(home, back);
  let told = false;
  const parts = {
    name: part('who', HTMLSpanElement),
    signIn: part('sign-in', HTMLAnchorElement),
    signOut: part('sign-out', HTMLButtonElement),
  };
  who(parts, strings, (actor) => {
    if (told || actor === null) return;
    told = true;
    configState(strings.code, actor);
    known(actor);
  }).check();
}
