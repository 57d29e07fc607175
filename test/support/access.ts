/** Access without a hall around it: in memory, with hands on both clocks. */
import { DatabaseSync } from 'node:sqlite';
import { Access, type AccessOptions } from '../../daemon/access/access.ts';
import type { Role } from '../../daemon/access/actor.ts';
import type { AccessSettings } from '../../daemon/access/books.ts';
import { migrate } from '../../daemon/ledger/migrate.ts';
import type { LogFields } from '../../daemon/log.ts';

export interface TestAccess {
  readonly access: Access;
  readonly database: DatabaseSync;
  /** Lets time pass, on the wall and on the stop watch. */
  pass(ms: number): void;
  readonly now: () => number;
  readonly logged: readonly (readonly [fields: LogFields, phrase: string])[];
}

export const SETTINGS: AccessSettings = {
  idle: 7_200_000,
  longest: 43_200_000,
  link: 86_400_000,
  tries: 5,
  addressTries: 30,
  firstPause: 5_000,
  longestPause: 900_000,
};

/** Employees e001 to e999 and the departments gaj and ybj are in the plan. */
export function testAccess(
  settings: Partial<AccessSettings> = {},
  at = Date.parse('2026-03-02T08:00:00Z'),
  plan: Partial<AccessOptions['plan']> = {},
): TestAccess {
  const database = new DatabaseSync(':memory:');
  database.exec('pragma foreign_keys = on');
  migrate(database);
  let now = at;
  const logged: [LogFields, string][] = [];
  const note = (fields: LogFields, phrase: string): void => void logged.push([fields, phrase]);
  const access = new Access({
    database,
    settings: { ...SETTINGS, ...settings },
    now: () => now,
    elapsed: () => now - at,
    log: { error: note, warn: note, info: note, debug: note },
    plan: {
      knowsEmployee: (id) => /^e\d{3}$/.test(id),
      knowsDepartment: (id) => id === 'gaj' || id === 'ybj',
      knowsWindow: (id) => /^W\d{2}$/.test(id),
      ...plan,
    },
    firstMade: () => {},
  });
  return {
    access,
    database,
    pass(ms) {
      now += ms;
    },
    now: () => now,
    logged,
  };
}

export interface TokenRights {
  readonly employee?: string;
  readonly departments?: readonly string[];
}

/** A token of its own for whoever is asked for, by its rights. */
export const tokensOf =
  ({ office }: Access) =>
  (roles: readonly Role[], { employee, departments = [] }: TokenRights = {}): string => {
    const rights = { roles: [...roles], employee: employee ?? null, departments: [...departments] };
    return office.addToken({ name: 't', expiresAt: null, ...rights }, { who: 'user:admin', address: '' }).secret;
  };
