/** Keys that a JSON text gives twice in one object: `JSON.parse` takes the last of them without a word. */

/** The first key that stands twice in one object, at any depth; null = none does. `value` is what the text was parsed to. */
export function keyGivenTwice(text: string, value: unknown): string | null {
  return hasNoMoreThan(text, value) ? null : firstTwice(text);
}

/**
 * Without looking at every character, whether the text has just the keys of a flat object: each is followed by a colon at once, unless
 * there is a blank before one; and a quote and a colon within a text only make them more.
 */
function hasNoMoreThan(text: string, value: unknown): boolean {
  let left = 0;
  for (const _ in value as object) left += 1;
  for (let at = text.indexOf('":'); at >= 0 && left >= 0; at = text.indexOf('":', at + 2)) left -= 1;
  return left === 0 && !text.includes(' :') && !text.includes('\t:') && !text.includes('\r:');
}

function firstTwice(text: string): string | null {
  const open: Set<string>[] = [];
  let string = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') open.push(new Set());
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      string = text.slice(at, end + 1);
      at = end;
    } else if (char === ':') {
      const key = JSON.parse(string) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return null;
}

/** Where the quote is that closes the one at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
