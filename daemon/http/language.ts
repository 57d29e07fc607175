import type { Context } from 'hono';
import type { Language } from '../alerts/words.ts';
import type { HttpEnv } from './env.ts';

/** The language of the words that are made here, as the page asks for it. */
export const languageOf = (c: Context<HttpEnv>): Language =>
  (c.req.query('lang') ?? 'zh').startsWith('en') ? 'en' : 'zh';
