/**
 * One string for all that are equal. A fact that is read brings its own copy of each name, and comparing copies means going through them
 * letter by letter, wherever in the memory they lie.
 */
const known = new Map<string, string>();

/** Beyond so many, texts are not names any more; what is kept here is kept for good. */
const MANY = 100_000;

export function oneString(text: string): string {
  const one = known.get(text);
  if (one !== undefined) return one;
  if (known.size < MANY) known.set(text, text);
  return text;
}
