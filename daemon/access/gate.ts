/** Who asks: by a cookie, a token or a proxy's word; and how one signs in and out. */
import type { Ms } from '../../rules/time.ts';
import { actorOfAccount } from './accounts.ts';
import type { Actor } from './actor.ts';
import type { Books } from './books.ts';
import { Failures } from './failures.ts';
import { accountName } from './names.ts';
import { BusyError, hashPassword, isCurrent, isPassword } from './password.ts';
import { actorOfScreen } from './screens.ts';
import { digestOfSecret, mintSecret } from './secret.ts';
import { Throttle } from './throttle.ts';
import { actorOfToken } from './tokens.ts';

export type SignIn =
  | { readonly kind: 'in'; readonly actor: Actor; readonly cookie: string; readonly lastsMs: Ms }
  /** The same whatever was wrong. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly forMs: Ms }
  | { readonly kind: 'busy' };

/** Who it is, or why that is not known. */
export type Proof = { readonly kind: 'proved'; readonly actor: Actor } | Exclude<SignIn, { readonly kind: 'in' }>;

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Accounts and addresses that failed, as many as are remembered. */
const MOST_THROTTLED = 20_000;
/** Addresses from which an account last signed in: a stranger's guesses elsewhere do not keep it out. */
const KNOWN_ADDRESSES = 8;
const MOST_KNOWN = 5_000;

export class Gate {
  readonly #books: Books;
  readonly #elapsed: () => Ms;
  readonly #failures: Failures;
  readonly #byAccount: Throttle;
  readonly #byAddress: Throttle;
  readonly #known = new Map<string, readonly string[]>();
  /** When each account that a proxy vouches for was last seen. */
  readonly #vouched = new Map<string, Ms>();

  constructor(books: Books, elapsed: () => Ms) {
    const { tries, addressTries, firstPause, longestPause } = books.settings;
    const pauses = { firstPauseMs: firstPause, longestPauseMs: longestPause, most: MOST_THROTTLED };
    this.#books = books;
    this.#elapsed = elapsed;
    this.#failures = new Failures(books);
    this.#byAccount = new Throttle({ ...pauses, free: tries });
    this.#byAddress = new Throttle({ ...pauses, free: addressTries });
  }

  // ---- who asks ------------------------------------------------------------------------------------------------

  /** `isUse` false = looking only: that keeps no session awake. */
  byCookie(secret: string, isUse: boolean): Actor | null {
    const digest = digestOfSecret(secret);
    if (digest === null) return null;
    const { sessions, screens, accounts, now } = this.#books;
    const session = sessions.find(digest, now());
    if (session !== null) {
      const account = accounts.find(session.account)?.account ?? null;
      if (account === null || account.disabledAt !== null) return null;
      if (isUse) this.#books.note(session.seenAt, (at) => sessions.see(digest, at));
      return actorOfAccount(account);
    }
    const screen = screens.byCookie(digest);
    if (screen === null) return null;
    this.#books.note(screen.seenAt, (at) => screens.see(screen.number, at));
    return actorOfScreen(screen);
  }

  byToken(secret: string): Actor | null {
    const digest = digestOfSecret(secret);
    const { tokens, now } = this.#books;
    const token = digest === null ? null : tokens.find(digest, now());
    if (token === null) return null;
    this.#books.note(token.usedAt, (at) => tokens.use(token.number, at));
    return actorOfToken(token);
  }

  /** Whom a proxy says that it is; the caller has made sure that it is the proxy. */
  byProxy(said: string, address: string): Actor | null {
    const name = accountName(said);
    const account = name === null ? null : (this.#books.accounts.find(name)?.account ?? null);
    if (account === null || account.disabledAt !== null) return null;
    const actor = actorOfAccount(account);
    const now = this.#books.now();
    const before = this.#vouched.get(account.name) ?? Number.NEGATIVE_INFINITY;
    this.#vouched.set(account.name, now);
    if (now - before >= this.#books.settings.idle) {
      this.#books.write(() => this.#books.record('signed-in', { who: actor.id, address }, null, { by: 'proxy' }));
    }
    return actor;
  }

  // ---- in and out ----------------------------------------------------------------------------------------------

  /** `former`: the cookie that the browser had; whatever it was, it ends. */
  async signIn(credentials: Credentials, address: string, former: string | null): Promise<SignIn> {
    const proof = await this.prove(credentials, address);
    return proof.kind === 'proved' ? this.open(proof.actor.id.slice('user:'.length), address, former) : proof;
  }

  /** Whether somebody is who they say: for one deed at a device of others, where nobody is to stay signed in. */
  async prove({ name: typed, password }: Credentials, address: string): Promise<Proof> {
    const name = accountName(typed);
    const place = placeOf(address);
    const keys = { account: this.#accountKey(name ?? typed.slice(0, 64), place), place };
    const forMs = Math.max(
      this.#byAccount.pause(keys.account, this.#elapsed()),
      this.#byAddress.pause(keys.place, this.#elapsed()),
    );
    const kept = name === null ? null : this.#books.accounts.find(name);
    const known = kept?.account.name ?? null;
    if (forMs > 0) {
      this.#failures.add(known, address);
      return { kind: 'wait', forMs };
    }
    this.#byAccount.begin(keys.account, this.#elapsed());
    this.#byAddress.begin(keys.place, this.#elapsed());
    const isRight = await isPassword(password, kept?.hash ?? null).catch((error: unknown) => {
      if (error instanceof BusyError) return null;
      throw error;
    });
    if (isRight === null) {
      this.#byAccount.undo(keys.account);
      this.#byAddress.undo(keys.place);
      return { kind: 'busy' };
    }
    // It took a while: the account may have been changed meanwhile.
    const account = known === null ? null : this.#books.accounts.find(known);
    if (!isRight || account === null || account.hash !== kept?.hash || account.account.disabledAt !== null) {
      this.#failures.add(known, address);
      return { kind: 'refused' };
    }
    this.#byAccount.clear(keys.account);
    this.#byAddress.undo(keys.place);
    this.#remember(account.account.name, place);
    if (account.hash !== null && !isCurrent(account.hash))
      await this.#rehash(account.account.name, password, account.hash);
    return { kind: 'proved', actor: actorOfAccount(account.account) };
  }

  /** Opens a session for somebody who has proved who they are, with an id of its own. */
  open(name: string, address: string, former: string | null): SignIn {
    const { accounts, sessions, settings } = this.#books;
    const kept = accounts.find(name);
    if (kept === null) return { kind: 'refused' };
    const actor = actorOfAccount(kept.account);
    const { secret, digest } = mintSecret();
    const now = this.#books.now();
    const formerDigest = former === null ? null : digestOfSecret(former);
    this.#books.write(() => {
      if (formerDigest !== null) sessions.end(formerDigest);
      sessions.begin(digest, name, now, now + settings.longest);
      this.#books.record('signed-in', { who: actor.id, address }, null, { by: 'password' });
    });
    return { kind: 'in', actor, cookie: secret, lastsMs: settings.longest };
  }

  /** Ends a session; a cookie of nobody ends nothing. */
  signOut(secret: string, address: string): void {
    const digest = digestOfSecret(secret);
    const session = digest === null ? null : this.#books.sessions.find(digest, this.#books.now());
    if (digest === null || session === null) return;
    this.#books.write(() => {
      this.#books.sessions.end(digest);
      this.#books.record('signed-out', { who: `user:${session.account}`, address }, null);
    });
  }

  /** Writes down what was only counted so far. */
  close(): void {
    this.#failures.record();
  }

  /** An address from which the account signed in before has tries of its own. */
  #accountKey(name: string, place: string): string {
    return this.#known.get(name)?.includes(place) === true ? JSON.stringify([name, place]) : name;
  }

  #remember(name: string, place: string): void {
    const places = [place, ...(this.#known.get(name) ?? []).filter((one) => one !== place)].slice(0, KNOWN_ADDRESSES);
    this.#known.delete(name);
    this.#known.set(name, places);
    const [oldest] = this.#known.size > MOST_KNOWN ? this.#known.keys() : [];
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  async #rehash(name: string, password: string, former: string): Promise<void> {
    const hash = await hashPassword(password).catch((error: unknown) => {
      // Another sign-in will do.
      if (error instanceof BusyError) return null;
      throw error;
    });
    if (hash === null) return;
    this.#books.write(() => {
      if (this.#books.accounts.find(name)?.hash === former) this.#books.accounts.setHash(name, hash);
    });
  }
}

/** Whoever has one address of an IPv6 network has all of its 2^64. */
function placeOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  while (groups.length + rest.length < 8) groups.push('0');
  return [...groups, ...rest].slice(0, 4).join(':');
}
