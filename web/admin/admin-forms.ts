/** Questions of the page of accounts: who somebody is, what they may, and whether it is meant. */
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { field, select, textField } from '../form-parts.ts';
import { type Channel, type Plan, type Rights, ROLES } from './admin-data.ts';
import type { AdminStrings } from './admin-words.ts';

/** Does it; answers what is wrong, or null where it is done. */
export type Submit<T> = (given: T) => Promise<string | null>;

/** Asks before something that cannot be taken back. */
export function askWhether(title: string, means: string, words: AdminStrings, go: string, submit: Submit<void>): void {
  openDialog({
    title,
    body: [element('p', 'dialog-lead', means)],
    ...{ go, cancel: words.cancel, working: words.working, submit },
  });
}

export interface GivenUser extends Rights {
  readonly name: string;
  readonly display: string;
}

/** Of a new account, or with `user` of one that there is. */
export function askUser(plan: Plan, words: AdminStrings, user: GivenUser | null, submit: Submit<GivenUser>): void {
  const name = textField(32);
  const display = textField(60);
  if (user !== null) display.value = user.display;
  name.autocomplete = 'off';
  const rights = rightsFields(plan, words, user);
  openDialog({
    title: user === null ? words.addUser : words.of(words.change, user.name),
    body: [
      ...(user === null ? [field(words.name, name, words.nameHint)] : []),
      field(words.display, display),
      ...rights.nodes,
    ],
    ...{ go: words.save, cancel: words.cancel, working: words.working },
    submit: () => submit({ name: user?.name ?? name.value.trim(), display: display.value.trim(), ...rights.read() }),
  });
}

export interface GivenToken extends Rights {
  readonly name: string;
  /** The last date on which it is good; null = for good. */
  readonly lastDate: string | null;
}

export function askToken(plan: Plan, words: AdminStrings, submit: Submit<GivenToken>): void {
  const name = textField(60);
  const until = element('input', '');
  until.type = 'date';
  const rights = rightsFields(plan, words, null);
  openDialog({
    title: words.addToken,
    body: [field(words.tokenName, name), ...rights.nodes, field(words.expires, until, words.expiresHint)],
    ...{ go: words.save, cancel: words.cancel, working: words.working },
    submit: () =>
      submit({ name: name.value.trim(), ...rights.read(), lastDate: until.value === '' ? null : until.value }),
  });
}

export interface GivenScreen {
  readonly name: string;
  readonly window: string | null;
}

export function askScreen(plan: Plan, words: AdminStrings, submit: Submit<GivenScreen>): void {
  const name = textField(60);
  const window = select([
    ['', words.onWall],
    ...plan.windows.map(({ id, name: called }) => [id, words.atWindow(`${id} ${called}`)] as const),
  ]);
  openDialog({
    title: words.addScreen,
    body: [field(words.screenName, name), field(words.window, window)],
    ...{ go: words.save, cancel: words.cancel, working: words.working },
    submit: () => submit({ name: name.value.trim(), window: window.value === '' ? null : window.value }),
  });
}

/** To whom, of those whom a channel for persons reaches. */
export function askTest(
  plan: Plan,
  words: AdminStrings,
  channel: Channel,
  submit: (employee: string) => Promise<string | null>,
): void {
  const known = new Map(plan.employees.map(({ id, name }) => [id, name]));
  const person = select((channel.people ?? []).map((id) => [id, `${known.get(id) ?? ''} ${id}`.trim()] as const));
  openDialog({
    title: words.of(words.test, channel.id),
    body: [field(words.testWhom, person), hint(words.testMeans)],
    ...{ go: words.test, cancel: words.cancel, working: words.working },
    submit: () => submit(person.value),
  });
}

function hint(text: string): HTMLElement {
  return element('span', 'hint', text);
}

function rightsFields(plan: Plan, words: AdminStrings, had: Rights | null) {
  const roles = checks(
    words.roles,
    ROLES.map((role) => [role, words.roleNames[role] ?? role]),
    had?.roles ?? [],
  );
  const departments = checks(
    words.departments,
    plan.departments.map(({ id, name }) => [id, name]),
    had?.departments ?? [],
  );
  const employee = select([
    ['', words.noEmployee],
    ...plan.employees.map(({ id, name }) => [id, `${name} ${id}`] as const),
  ]);
  employee.value = had?.employee ?? '';
  return {
    nodes: [
      roles.root,
      field(words.employee, employee, words.employeeHint),
      ...(plan.departments.length === 0 ? [] : [departments.root, hint(words.departmentsHint)]),
    ],
    read: (): Rights => ({
      roles: roles.read(),
      employee: employee.value === '' ? null : employee.value,
      departments: departments.read(),
    }),
  };
}

function checks(title: string, options: readonly (readonly [value: string, text: string])[], had: readonly string[]) {
  const boxes = options.map(([value, text]) => {
    const input = element('input', '');
    input.type = 'checkbox';
    input.value = value;
    input.checked = had.includes(value);
    return { input, label: element('label', 'choice', input, element('span', '', text)) };
  });
  const list = element('div', 'admin-checks', ...boxes.map(({ label }) => label));
  return {
    root: element('fieldset', 'choices', element('legend', '', title), list),
    read: (): string[] => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value),
  };
}
