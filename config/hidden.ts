/** What must not be shown of a text: passwords, tokens, and what in an address opens the door. */
import { SECRET_KEYS } from './secrets.ts';
import { suggest } from './suggest.ts';

export interface Hidden {
  readonly from: number;
  readonly to: number;
}

/** Keys that are secret or look like somebody's try at writing one. */
const SECRET_LIKE = /pass|pwd|secret|token|api_?key|^key$|^sig(?!nIn$)|密码|口令|密钥|令牌/i;

export const looksSecret = (key: string): boolean =>
  !key.endsWith('_file') && (SECRET_LIKE.test(key) || suggest(key, SECRET_KEYS) !== null);

// They begin with what is rare and are bounded, so that no text makes the search slow.
const USER_INFO = /\/[^/\s@:"']{0,200}:([^/\s"']{1,500})@/dg;
const QUERY = /:\/\/[^\s"'?#]{0,500}\?([^\s"'#]+)/dg;
const ADDRESS_PATH = /:\/\/[^/\s"']{1,300}\/([^\s"',}]+)/dg;
const KEY = /(?<![\w.\u4e00-\u9fff-])([\w.\u4e00-\u9fff-]{1,100})["']?\s{0,20}[:：=]\s{0,20}/g;
const VALUE = /"[^"\n]*"?|'[^'\n]*'?|[^\s#"'][^\n]*/y;
const COMMENT = /#[^\n]*/g;

/** Passwords and keys inside the addresses of a text. */
export const hiddenInAddresses = (text: string): Hidden[] => [...matches(text, USER_INFO), ...matches(text, QUERY)];

/** Whether an address in the text carries a password that is no `${NAME}`. */
export const hasPasswordInAddress = (text: string): boolean => matches(text, USER_INFO).length > 0;

/** What looks like the value of a secret key or opens the door of an address, for text that is no YAML. */
export function hiddenByLooks(text: string, start = 0): Hidden[] {
  const values = [...text.matchAll(KEY)].flatMap((match) => {
    if (!looksSecret(match[1] as string)) return [];
    VALUE.lastIndex = match.index + match[0].length;
    const value = VALUE.exec(text);
    return value === null ? [] : withoutReferences(value[0], value.index);
  });
  const hidden = [...values, ...hiddenInAddresses(text), ...matches(text, ADDRESS_PATH)];
  return hidden.map(({ from, to }) => ({ from: from + start, to: to + start }));
}

/** The same in comments, where the last password is so often kept. */
export function hiddenInComments(text: string): Hidden[] {
  return [...text.matchAll(COMMENT)].flatMap((match) => hiddenByLooks(match[0], match.index));
}

function matches(text: string, pattern: RegExp): Hidden[] {
  return [...text.matchAll(pattern)].flatMap((match) =>
    withoutReferences(match[1] as string, match.indices?.[1]?.[0] ?? match.index),
  );
}

/** A secret's stretch less the `${NAME}` in it: which variable is meant is what the reader needs. */
export function withoutReferences(text: string, start: number): Hidden[] {
  const hidden: Hidden[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$\{[A-Za-z_][A-Za-z0-9_]*(\}|:-)/g)) {
    if (match.index > from) hidden.push({ from: start + from, to: start + match.index });
    from = match.index + match[0].length;
  }
  if (from < text.length) hidden.push({ from: start + from, to: start + text.length });
  return hidden.filter((part) => !/^["'\s]*$/.test(text.slice(part.from - start, part.to - start)));
}

/** The text from one offset to another with what is hidden in it replaced by `***`. */
export function reveal(text: string, from: number, to: number, hidden: readonly Hidden[]): string {
  if (from >= to) return '';
  let shown = '';
  let at = from;
  for (const part of merged(hidden)) {
    if (part.to <= at || part.from >= to) continue;
    shown += `${text.slice(at, Math.max(at, part.from))}***`;
    at = Math.min(part.to, to);
  }
  return shown + text.slice(at, to);
}

/** The same stretches in order, those that overlap as one. */
export function merged(hidden: readonly Hidden[]): Hidden[] {
  const result: Hidden[] = [];
  for (const part of [...hidden].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && part.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, part.to) };
    } else result.push(part);
  }
  return result;
}
