/** Accounts, tokens, screens and the access log, and asking for them. */
import { type Answer, asked, bringing } from '../asked.ts';

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

const send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer<T>> =>
  asked<T>(`/api/v1${path}`, body === undefined ? { method } : bringing(body, method));
const get = <T>(path: string): Promise<Answer<T>> => asked<T>(`/api/v1${path}`);

export const adminApi = {
  users: () => get<{ users: readonly User[]; plan: Plan }>('/users'),
  addUser: (draft: Rights & { readonly name: string; readonly display: string }) =>
    send<{ user: User; link: string }>('POST', '/users', draft),
  changeUser: (name: string, change: Partial<Rights> & { readonly display?: string; readonly disabled?: boolean }) =>
    send<{ user: User }>('PATCH', `/users/${encodeURIComponent(name)}`, change),
  removeUser: (name: string) => send<null>('DELETE', `/users/${encodeURIComponent(name)}`),
  link: (name: string) => send<{ link: string }>('POST', `/users/${encodeURIComponent(name)}/link`),
  signOut: (name: string) => send<null>('POST', `/users/${encodeURIComponent(name)}/sign-out-everywhere`),
  tokens: () => get<{ tokens: readonly Token[] }>('/tokens'),
  addToken: (draft: Rights & { readonly name: string; readonly expiresAt: string | null }) =>
    send<{ number: number; token: string }>('POST', '/tokens', draft),
  revokeToken: (number: number) => send<null>('DELETE', `/tokens/${number}`),
  screens: () => get<{ screens: readonly Screen[] }>('/screens'),
  addScreen: (draft: { readonly name: string; readonly window: string | null }) =>
    send<{ number: number; link: string }>('POST', '/screens', draft),
  revokeScreen: (number: number) => send<null>('DELETE', `/screens/${number}`),
  channels: () => get<{ channels: readonly Channel[] }>('/channels'),
  testChannel: (id: string, employee: string | null) =>
    send<null>('POST', `/channels/${encodeURIComponent(id)}/test`, { employee }),
  log: (limit: number) => get<{ rows: readonly LogRow[] }>(`/access-log?limit=${limit}`),
};
