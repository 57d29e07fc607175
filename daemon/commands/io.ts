/** What a command may use of the world: arguments in, text out, a number at the end. */
import type { Language } from '../alerts/words.ts';

/** Exit codes of contract.md section 1. */
export const EXIT = {
  ok: 0,
  no: 1,
  usage: 64,
  badInput: 65,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  cannotWrite: 73,
  notPermitted: 77,
  config: 78,
  /** By Ctrl-C, as shells have it. */
  interrupted: 130,
} as const;

export interface Io {
  /** Data, on standard output. */
  out(text: string): void;
  /** Talk, on standard error; a line each. */
  say(text: string): void;
  /** A line of talk that takes the place of the one before; left out where nobody looks at a terminal. */
  readonly overwrite?: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly lang: Language;
}

/** A command ends with a code and, where there is something to say, a sentence. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: number;

  constructor(code: number, message = '') {
    super(message);
    this.code = code;
  }
}

/** The language of the locale: Chinese where it is Chinese, English elsewhere. */
export function languageOf(env: Io['env']): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}

/** One of two texts, by language. */
export function tell(io: Io, zh: string, en: string): string {
  return io.lang === 'zh' ? zh : en;
}
