/** What the machine's owner can order about who may, by commands: carried out by the running daemon, or on the ledger itself. */
import { Hono } from 'hono';
import type { HttpEnv } from '../http/env.ts';
import type { Account, AccountDraft } from './accounts.ts';
import type { By } from './books.ts';
import type { HallAccess } from './hall-access.ts';
import { Refusal, type RefusalCode } from './refusal.ts';
import type { Screen } from './screens.ts';
import type { Token, TokenDraft } from './tokens.ts';

export type Order =
  | { readonly do: 'user-add'; readonly draft: AccountDraft; readonly password: string | null }
  | { readonly do: 'user-list' }
  | { readonly do: 'user-link' | 'user-remove'; readonly name: string }
  | { readonly do: 'token-add'; readonly draft: TokenDraft }
  | { readonly do: 'token-list' }
  | { readonly do: 'token-remove'; readonly number: number }
  | { readonly do: 'screen-add'; readonly name: string; readonly window: string | null }
  | { readonly do: 'screen-list' }
  | { readonly do: 'screen-remove'; readonly number: number };

export interface Done {
  /** Of an account or a screen. */
  readonly link?: string;
  /** Shown this once. */
  readonly token?: string;
  readonly number?: number;
  readonly users?: readonly (Account & { readonly hasPassword: boolean })[];
  readonly tokens?: readonly Token[];
  readonly screens?: readonly Screen[];
}

export type Outcome = { readonly done: Done } | { readonly refused: RefusalCode; readonly because: string };

/** Whoever may use the data directory may do all of it. */
export const COMMAND: By = { who: 'command', address: null };

export async function carryOut(hall: HallAccess, order: Order): Promise<Outcome> {
  try {
    return { done: await done(hall, order) };
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.code, because: error.message };
    throw error;
  }
}

async function done(hall: HallAccess, order: Order): Promise<Done> {
  const { office, books } = hall.access;
  switch (order.do) {
    case 'user-add':
      return await addUser(hall, order.draft, order.password);
    case 'user-list':
      return { users: books.accounts.all() };
    case 'user-link':
      return { link: hall.linkOf(office.invite(order.name, COMMAND)) };
    case 'user-remove':
      office.remove(order.name, COMMAND);
      return {};
    case 'token-add': {
      const { number, secret } = office.addToken(order.draft, COMMAND);
      return { number, token: secret };
    }
    case 'token-list':
      return { tokens: books.tokens.all() };
    case 'token-remove':
      office.revokeToken(order.number, COMMAND);
      return {};
    case 'screen-add': {
      const { number, secret } = office.addScreen(order, COMMAND);
      return { number, link: hall.linkOf(secret) };
    }
    case 'screen-list':
      return { screens: books.screens.all() };
    case 'screen-remove':
      office.revokeScreen(order.number, COMMAND);
      return {};
  }
}

async function addUser(hall: HallAccess, draft: AccountDraft, password: string | null): Promise<Done> {
  const { office } = hall.access;
  if (password === null) {
    const { name } = office.add(draft, COMMAND);
    return { link: hall.linkOf(office.invite(name, COMMAND)) };
  }
  office.requireStrong(password, draft.name);
  const { name } = office.add(draft, COMMAND);
  await office.setPassword(name, password, COMMAND);
  return {};
}

/** Where commands bring their orders to the running daemon. */
export function accessDoor(hall: HallAccess): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.post('/', async (c) => c.json((await carryOut(hall, (await c.req.json()) as Order)) satisfies Outcome));
  return app;
}
