/** Accounts, tokens, screens and the access log, and asking for them. */
export const ROLES = ['admin', 'supervisor', 'manager', 'chief', 'installer', 'employee'] as const;
export type Role = (typeof ROLES)[number];

export interface Rights {
  readonly roles: readonly string[];
  readonly employee: string | null;
  readonly departments: readonly string[];
}

export interface User extends Rights {
  readonly name: string;
  readonly display: string;
  readonly hasPassword: boolean;
  readonly disabledAt: string | null;
}

export interface Token extends Rights {
  readonly number: number;
  readonly name: string;
  readonly madeAt: string;
  readonly expiresAt: string | null;
  readonly usedAt: string | null;
  readonly revokedAt: string | null;
}

export interface Screen {
  readonly number: number;
  readonly name: string;
  /** The window whose PC it is; null = on a wall. */
  readonly window: string | null;
  readonly linkUntil: string;
  readonly takenAt: string | null;
  readonly seenAt: string | null;
  readonly revokedAt: string | null;
}

export interface LogRow {
  readonly seq: number;
  readonly at: string;
  readonly who: string | null;
  readonly what: string;
  readonly about: string | null;
  readonly address: string | null;
}

export interface Channel {
  readonly id: string;
  readonly kind: string;
  readonly to: string | null;
  /** Whom it reaches, where it is for persons. */
  readonly people: readonly string[] | null;
  readonly isTestable: boolean;
  readonly trouble: { readonly attempts: number; readonly because: string } | null;
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** What can be chosen from. */
export interface Plan {
  readonly timezone: string;
  readonly departments: readonly Named[];
  readonly employees: readonly Named[];
  readonly windows: readonly Named[];
}

/** `code` says why not, where the server has a word for it; `detail` in English. */
export type Answer<T> =
  | { readonly ok: true; readonly got: T }
  | { readonly ok: false; readonly code: string; readonly detail: string };

export const adminApi = {
  users: () => asked<{ users: readonly User[]; plan: Plan }>('GET', '/users'),
  addUser: (draft: Rights & { readonly name: string; readonly display: string }) =>
    asked<{ user: User; link: string }>('POST', '/users', draft),
  changeUser: (name: string, change: Partial<Rights> & { readonly display?: string; readonly disabled?: boolean }) =>
    asked<{ user: User }>('PATCH', `/users/${encodeURIComponent(name)}`, change),
  removeUser: (name: string) => asked<null>('DELETE', `/users/${encodeURIComponent(name)}`),
  link: (name: string) => asked<{ link: string }>('POST', `/users/${encodeURIComponent(name)}/link`),
  signOut: (name: string) => asked<null>('POST', `/users/${encodeURIComponent(name)}/sign-out-everywhere`),
  tokens: () => asked<{ tokens: readonly Token[] }>('GET', '/tokens'),
  addToken: (draft: Rights & { readonly name: string; readonly expiresAt: string | null }) =>
    asked<{ number: number; token: string }>('POST', '/tokens', draft),
  revokeToken: (number: number) => asked<null>('DELETE', `/tokens/${number}`),
  screens: () => asked<{ screens: readonly Screen[] }>('GET', '/screens'),
  addScreen: (draft: { readonly name: string; readonly window: string | null }) =>
    asked<{ number: number; link: string }>('POST', '/screens', draft),
  revokeScreen: (number: number) => asked<null>('DELETE', `/screens/${number}`),
  channels: () => asked<{ channels: readonly Channel[] }>('GET', '/channels'),
  testChannel: (id: string, employee: string | null) =>
    asked<null>('POST', `/channels/${encodeURIComponent(id)}/test`, { employee }),
  log: (limit: number) => asked<{ rows: readonly LogRow[] }>('GET', `/access-log?limit=${limit}`),
};

async function asked<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  const sent =
    body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const response = await fetch(`/api/v1${path}`, { method, cache: 'no-store', ...sent });
    const said: unknown = response.status === 204 ? null : await response.json();
    if (response.ok) return { ok: true, got: said as T };
    if (response.status === 401) return { ok: false, code: 'signed-out', detail: '' };
    const { code = '', detail = '' } = said as { readonly code?: string; readonly detail?: string };
    return { ok: false, code, detail };
  } catch {
    return { ok: false, code: 'unreachable', detail: '' };
  }
}
