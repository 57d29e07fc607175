/** What is done about who may: accounts, links, tokens and screens are made, changed and taken back, and each is recorded. */
import type { Ms } from '../../rules/time.ts';
import type { Account, AccountDraft } from './accounts.ts';
import { DEVICE_ROLES, type Role } from './actor.ts';
import type { Books, By } from './books.ts';
import { accountName, displayName } from './names.ts';
import { hashPassword, weaknessOf } from './password.ts';
import { Refusal } from './refusal.ts';
import type { Screen } from './screens.ts';
import { digestOfSecret, mintSecret } from './secret.ts';
import type { TokenDraft } from './tokens.ts';

/** Whom the hall's plan knows. */
export interface Plan {
  knowsEmployee(id: string): boolean;
  knowsDepartment(id: string): boolean;
  knowsWindow(id: string): boolean;
}

/** What a link is for, said without using it up. */
export type LinkPurpose =
  | { readonly kind: 'first-administrator' }
  | { readonly kind: 'password'; readonly account: Account }
  | { readonly kind: 'screen'; readonly screen: Screen };

export interface FirstAdministrator {
  readonly name: string;
  readonly display: string;
  readonly password: string;
}

export interface OfficeOptions {
  readonly books: Books;
  readonly plan: Plan;
  /** Called when the first account has been made. */
  readonly firstMade: () => void;
}

type Rights = Pick<AccountDraft, 'roles' | 'employee' | 'departments'>;

export class Office {
  readonly #books: Books;
  readonly #plan: Plan;
  readonly #firstMade: () => void;

  constructor({ books, plan, firstMade }: OfficeOptions) {
    this.#books = books;
    this.#plan = plan;
    this.#firstMade = firstMade;
  }

  // ---- accounts ------------------------------------------------------------------------------------------------

  /** Adds an account that nobody can use before a password is set. Throws a `Refusal`, as all of these do. */
  add(draft: AccountDraft, by: By): Account {
    const { accounts } = this.#books;
    const account = { ...this.#checked(draft), disabledAt: null, madeAt: this.#books.now() };
    if (accounts.find(account.name) !== null) throw new Refusal('name-taken');
    const isFirst = accounts.isEmpty;
    this.#books.write(() => {
      accounts.put(account);
      accounts.voidInvitations(null);
      this.#books.record('account-added', by, idOf(account.name), rightsOf(account));
    });
    if (isFirst) this.#firstMade();
    return account;
  }

  /** Changes an account; what it may do changes with its next request. */
  change(name: string, change: Partial<Omit<AccountDraft, 'name'>> & { readonly disabled?: boolean }, by: By): Account {
    const { accounts, sessions, now } = this.#books;
    const { disabled, ...rest } = change;
    const before = this.#account(name);
    const draft = this.#checked({ ...before, ...rest });
    const disabledAt = disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now()) : null;
    const account = { ...draft, disabledAt, madeAt: before.madeAt };
    if (isAdmin(before) && !isAdmin(account)) this.#requireOtherAdmin(name);
    this.#books.write(() => {
      accounts.put(account);
      if (disabledAt !== null) {
        sessions.endAll(account.name);
        accounts.voidInvitations(account.name);
      }
      const detail = { ...rightsOf(account), disabled: disabledAt !== null };
      this.#books.record('account-changed', by, idOf(account.name), detail);
    });
    return account;
  }

  remove(name: string, by: By): void {
    const account = this.#account(name);
    if (isAdmin(account)) this.#requireOtherAdmin(account.name);
    this.#books.write(() => {
      this.#books.accounts.remove(account.name);
      this.#books.record('account-removed', by, idOf(account.name), rightsOf(account));
    });
  }

  /** Sets a password without a link, and ends the account's sessions. */
  async setPassword(name: string, password: string, by: By): Promise<void> {
    const account = this.#account(name);
    this.requireStrong(password, account.name);
    const hash = await hashPassword(password);
    this.#books.write(() => this.#keepPassword(account.name, hash, by));
  }

  /** Changes one's own. */
  signOutEverywhere(name: string, by: By): void {
    const account = this.#account(name);
    this.#books.write(() => {
      const sessions = this.#books.sessions.endAll(account.name);
      this.#books.record('signed-out-everywhere', by, idOf(account.name), { sessions });
    });
  }

  // ---- links ---------------------------------------------------------------------------------------------------

  /** A one-time link with which somebody sets their password: its secret. */
  invite(name: string, by: By): string {
    const account = this.#account(name);
    const { secret, digest } = mintSecret();
    this.#books.write(() => {
      this.#books.accounts.invite(digest, { account: account.name, expiresAt: this.#linkUntil() });
      this.#books.record('link-made', by, idOf(account.name));
    });
    return secret;
  }

  /** The one for the first administrator; null where there are accounts, and then none is good any more. */
  inviteFirst(): string | null {
    const { accounts } = this.#books;
    if (!accounts.isEmpty) return null;
    const { secret, digest } = mintSecret();
    this.#books.write(() => {
      accounts.invite(digest, { account: null, expiresAt: this.#linkUntil() });
      this.#books.record('link-made', { who: 'daemon', address: null }, null, { for: 'first-administrator' });
    });
    return secret;
  }

  look(secret: string): LinkPurpose {
    const { accounts, screens, now } = this.#books;
    const digest = digestOfSecret(secret);
    if (digest === null) throw new Refusal('bad-link');
    const screen = screens.byLink(digest, now());
    if (screen !== null) return { kind: 'screen', screen };
    const invitation = accounts.invitation(digest);
    if (invitation === null || now() >= invitation.expiresAt) throw new Refusal('bad-link');
    if (invitation.account !== null) return { kind: 'password', account: this.#account(invitation.account) };
    if (!accounts.isEmpty) throw new Refusal('bad-link');
    return { kind: 'first-administrator' };
  }

  /** Uses a link up: the password is set, or the first administrator made. Returns the account's name. */
  async follow(secret: string, given: Partial<FirstAdministrator>, address: string): Promise<string> {
    const purpose = this.look(secret);
    if (purpose.kind === 'screen') throw new Refusal('bad-link');
    const first = purpose.kind === 'first-administrator' ? this.#checked(firstOf(given)) : null;
    const name = first?.name ?? (purpose.kind === 'password' ? purpose.account.name : '');
    const password = given.password ?? '';
    this.requireStrong(password, name);
    const hash = await hashPassword(password);
    const by = { who: idOf(name), address };
    this.#books.write(() => {
      // While the password was hashed, somebody else may have followed it.
      this.look(secret);
      if (first !== null) {
        this.#books.accounts.put({ ...first, disabledAt: null, madeAt: this.#books.now() });
        this.#books.record('account-added', by, idOf(name), rightsOf(first));
      }
      this.#keepPassword(name, hash, by);
      this.#books.accounts.voidInvitations(null);
    });
    if (first !== null) this.#firstMade();
    return name;
  }

  // ---- tokens and screens --------------------------------------------------------------------------------------

  /** A token for a machine: its number, and what the machine sends, which is shown this once. */
  addToken(draft: TokenDraft, by: By): { readonly number: number; readonly secret: string } {
    const name = displayName(draft.name);
    if (name === null) throw new Refusal('bad-display');
    const now = this.#books.now();
    if (draft.expiresAt !== null && draft.expiresAt <= now) throw new Refusal('expired-already');
    const token = { ...draft, ...this.#checkedRights(draft), name };
    const { secret, digest } = mintSecret();
    const number = this.#books.write(() => {
      const made = this.#books.tokens.add(digest, token, by.who ?? 'command', now);
      const detail = { ...rightsOf(token), name, expiresAt: token.expiresAt };
      this.#books.record('token-made', by, `token:${made}`, detail);
      return made;
    });
    return { number, secret };
  }

  revokeToken(number: number, by: By): void {
    this.#books.write(() => {
      if (!this.#books.tokens.revoke(number, this.#books.now())) throw new Refusal('unknown-token');
      this.#books.record('token-revoked', by, `token:${number}`);
    });
  }

  /** A screen on a wall, or a window's PC: its number, and the secret of the link that is followed there. */
  addScreen(
    { name, window }: Pick<Screen, 'name' | 'window'>,
    by: By,
  ): { readonly number: number; readonly secret: string } {
    const shown = displayName(name);
    if (shown === null) throw new Refusal('bad-display');
    if (window !== null && !this.#plan.knowsWindow(window)) throw new Refusal('unknown-window');
    const { secret, digest } = mintSecret();
    const number = this.#books.write(() => {
      const until = this.#linkUntil();
      const screen = { name: shown, window };
      const made = this.#books.screens.add(screen, digest, until, by.who ?? 'command', this.#books.now());
      this.#books.record('screen-made', by, `screen:${made}`, screen);
      return made;
    });
    return { number, secret };
  }

  /** Follows a screen's link: the screen, and its cookie. */
  takeScreen(secret: string, address: string): { readonly screen: Screen; readonly cookie: string } {
    const { secret: cookie, digest } = mintSecret();
    const purpose = this.look(secret);
    if (purpose.kind !== 'screen') throw new Refusal('bad-link');
    const { number } = purpose.screen;
    this.#books.write(() => {
      this.#books.screens.take(number, digest, this.#books.now());
      this.#books.record('screen-taken', { who: `screen:${number}`, address }, `screen:${number}`);
    });
    return { screen: purpose.screen, cookie };
  }

  revokeScreen(number: number, by: By): void {
    this.#books.write(() => {
      if (!this.#books.screens.revoke(number, this.#books.now())) throw new Refusal('unknown-screen');
      this.#books.record('screen-revoked', by, `screen:${number}`);
    });
  }

  // ---- what holds for all --------------------------------------------------------------------------------------

  /** Throws where a password would not be accepted. */
  requireStrong(password: string, account: string): void {
    const weakness = weaknessOf(password, accountName(account) ?? '');
    if (weakness !== null) throw new Refusal(weakness);
  }

  #linkUntil(): Ms {
    return this.#books.now() + this.#books.settings.link;
  }

  #account(typed: string): Account {
    const name = accountName(typed);
    const kept = name === null ? null : this.#books.accounts.find(name);
    if (kept === null) throw new Refusal('unknown-account');
    return kept.account;
  }

  #keepPassword(name: string, hash: string, by: By): void {
    const { accounts, sessions } = this.#books;
    accounts.setHash(name, hash);
    accounts.voidInvitations(name);
    sessions.endAll(name);
    this.#books.record('password-set', by, idOf(name));
  }

  #requireOtherAdmin(name: string): void {
    const others = this.#books.accounts.all().filter((account) => account.name !== name && isAdmin(account));
    if (others.length === 0) throw new Refusal('last-admin');
  }

  #checked(draft: AccountDraft): AccountDraft {
    const name = accountName(draft.name);
    if (name === null) throw new Refusal('bad-name');
    const display = displayName(draft.display);
    if (display === null) throw new Refusal('bad-display');
    return { name, display, ...this.#checkedRights(draft) };
  }

  #checkedRights({ roles, employee, departments }: Rights): Rights {
    if (roles.length === 0) throw new Refusal('no-role');
    if (roles.some((role) => DEVICE_ROLES.includes(role))) throw new Refusal('bad-role');
    if (roles.includes('chief') && departments.length === 0) throw new Refusal('chief-of-nothing');
    if (roles.includes('employee') && employee === null) throw new Refusal('employee-of-nobody');
    if (employee !== null && !this.#plan.knowsEmployee(employee)) throw new Refusal('unknown-employee');
    if (!departments.every((one) => this.#plan.knowsDepartment(one))) throw new Refusal('unknown-department');
    return { roles: [...new Set<Role>(roles)], employee, departments: [...new Set(departments)] };
  }
}

const idOf = (name: string): string => `user:${name}`;

const rightsOf = ({ roles, employee, departments }: Rights): Rights => ({ roles, employee, departments });

const isAdmin = ({ roles, disabledAt }: Account): boolean => roles.includes('admin') && disabledAt === null;

function firstOf({ name = '', display }: Partial<FirstAdministrator>): AccountDraft {
  return { name, display: display?.trim() || name, roles: ['admin'], employee: null, departments: [] };
}
