/** Who may come to the broker of our own, and what each may publish and read. */
import { createHash } from 'node:crypto';
import { BrokerError } from '../broker.ts';
import { clockTopics, presenceTopic } from '../topics.ts';

/** Whoever is let in. */
export interface Guests {
  readonly hall: string;
  /** Their ids are their user names. A clock publishes and reads under its own topics, nothing else. */
  readonly clocks: readonly {
    readonly id: string;
    readonly password: string;
    /** Where it publishes besides, in the words of its make: messages there lead to a door as well. */
    readonly topics?: readonly string[];
    /** What it reads besides. */
    readonly reads?: readonly string[];
  }[];
  /** Presence sources: each publishes the presence of its windows and reads nothing. */
  readonly sources?: readonly { readonly id: string; readonly password: string; readonly windows: readonly string[] }[];
  /** People and programs, with the topic filters that they may publish and subscribe to. */
  readonly users?: readonly {
    readonly id: string;
    readonly password: string;
    readonly publish: readonly string[];
    readonly subscribe: readonly string[];
  }[];
  /** Lets in whoever gives no user name, through every door and to read everything: for demonstrations only. */
  readonly anonymous?: boolean;
}

export interface Account {
  readonly id: string;
  readonly digest: Buffer;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Devices have nothing kept for them but the last word on what they are or see. */
  readonly isDevice: boolean;
}

export const digestOf = (password: string | Buffer): Buffer => createHash('sha256').update(password).digest();
/** The digest of no password. */
export const NO_DIGEST = Buffer.alloc(32);

/** By their ids. Throws a `BrokerError` for ids that are not fit or not unique. */
export function accountsOf(options: Guests): ReadonlyMap<string, Account> {
  const { hall, clocks, sources = [], users = [], anonymous = false } = options;
  const accounts = new Map<string, Account>();
  function add({ password, ...account }: Omit<Account, 'digest'> & { readonly password: string }): void {
    if (accounts.has(account.id)) throw unfit(`two of its accounts are called ${quoted(account.id)}`);
    accounts.set(account.id, { ...account, digest: digestOf(password) });
  }
  for (const { id, password, topics = [], reads = [] } of clocks) {
    const own = clockTopics(hall, level(id));
    add({ id, password, publish: [own, ...topics], subscribe: [own, ...reads], isDevice: true });
  }
  for (const { id, password, windows } of sources) {
    const publish = windows.map((window) => presenceTopic(hall, level(window)));
    add({ id, password, publish, subscribe: [], isDevice: true });
  }
  for (const user of users) add({ ...user, isDevice: false });
  const doors = [clockTopics(hall, '+'), presenceTopic(hall, '+')];
  if (anonymous) add({ id: '', password: '', publish: doors, subscribe: ['#'], isDevice: true });
  return accounts;
}

/** Whether whoever is connected as the one may go on as the other. */
export function isSameAccount(before: Account, after: Account): boolean {
  return before.digest.equals(after.digest) && before.subscribe.every((grant) => after.subscribe.includes(grant));
}

/** An id within a topic filter; a wildcard in it would open the doors of others. */
function level(id: string): string {
  if (id === '' || /[+#/]/.test(id)) throw unfit(`${quoted(id)} cannot be part of a topic`);
  return id;
}

const unfit = (because: string): BrokerError => new BrokerError(`the embedded broker: ${because}`, { retry: false });

/** What a stranger chose, fit for a line of a log. */
export const printable = (text: string): string => text.slice(0, 100).replace(/[\p{Cc}\p{Cs}]/gu, '·');
export const quoted = (text: string): string => `"${printable(text)}"`;
