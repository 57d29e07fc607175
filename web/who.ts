/** Who is signed in, at the head of a page, and the way in and out. */
import { asked } from './asked.ts';
import { setText } from './element.ts';
import { rooms } from './rooms.ts';
import type { Strings } from './strings.ts';
import { waitWith } from './waiting-button.ts';

/** What `/api/v1/me` says. */
export interface Me {
  readonly hall: { readonly id: string; readonly name: string };
  readonly actor: {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    /** Who in the hall's plan they are, and the departments that they answer for. */
    readonly employee: string | null;
    readonly departments: readonly string[];
  } | null;
  readonly by: 'cookie' | 'token' | 'proxy' | null;
}

export interface Who {
  /** Asks again: after a lost link, nobody may be signed in any more. */
  check(): void;
}

export interface WhoParts {
  readonly name: HTMLElement;
  readonly signIn: HTMLAnchorElement;
  readonly signOut: HTMLButtonElement;
}

/** `known` is told who it is, each time that was asked. */
export function who(
  { name, signIn, signOut }: WhoParts,
  strings: Strings,
  known: (actor: Me['actor']) => void = () => {},
): Who {
  let was: Me['actor'] = null;
  setText(signIn, strings.signIn);
  setText(signOut, strings.signOut);
  signIn.href = signInAddress();
  signOut.addEventListener('click', () => waitWith(signOut, leave));

  const show = ({ actor, by }: Me): void => {
    // Somebody was signed in, and is not any more: names that are still on the screen have to go.
    if (was !== null && actor === null) location.replace(signInAddress());
    was = actor;
    const isScreen = actor?.roles.some((role) => role === 'screen' || role === 'desk') ?? false;
    setText(name, actor === null || isScreen ? '' : actor.name);
    name.hidden = name.textContent === '';
    signIn.hidden = actor !== null;
    signOut.hidden = by !== 'cookie' || isScreen;
    rooms(actor, strings.code, name);
    known(actor);
  };

  return {
    check() {
      // Without an answer nothing is known that was not: the board says itself that the link is lost.
      void me().then(show, () => {});
    },
  };
}

async function leave(): Promise<void> {
  const response = await fetch('/api/v1/sign-out', { method: 'POST' });
  if (response.ok) location.assign('/sign-in');
}

export async function me(): Promise<Me> {
  const answer = await asked<Me>('/api/v1/me');
  if (!answer.ok) throw new Error(`/api/v1/me: ${answer.code} ${answer.status}`);
  return answer.got;
}

/** Signing in leads back here. */
export function signInAddress(): string {
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
}
