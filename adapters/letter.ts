/** A message as it is written for people: a heading, lines, and where there is more to read; cut to what a channel takes. */

/** What all messages of a hall have in common. */
export interface Letterhead {
  /** Above every message, such as the hall's name. */
  readonly heading: string;
  /** Where everything can be read; null = nowhere. */
  readonly link: string | null;
  /** What stands for lines that found no room. */
  readonly andMore: (count: number) => string;
}

export interface LetterLimits {
  readonly maxBytes: number;
  /** How lines are told apart; a line break unless a markup wants something else. */
  readonly between?: string;
}

/**
 * As many whole lines as fit into so many bytes of UTF-8, and how many did not. A line that is too long by itself ends with a
 * sentence, and never within a character.
 */
export function fittedLines(lines: readonly string[], limits: LetterLimits, letter: Letterhead): string {
  const { maxBytes, between = '\n' } = limits;
  const whole = lines.join(between);
  if (bytesOf(whole) <= maxBytes) return whole;
  for (let taken = lines.length - 1; taken > 0; taken--) {
    const text = [...lines.slice(0, taken), letter.andMore(lines.length - taken)].join(between);
    if (bytesOf(text) <= maxBytes) return text;
  }
  const more = lines.length > 1 ? `${between}${letter.andMore(lines.length - 1)}` : '';
  return fittedSentence(lines[0] ?? '', maxBytes - bytesOf(more)) + more;
}

const ELLIPSIS = '…';
const SENTENCE_END = /[。！？；!?;]|\.(?=\s)|[，,](?=\s|\p{Script=Han})/gu;

/** The text up to the last end of a sentence that fits, or else to the last character that does. */
export function fittedSentence(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  const room = maxBytes - bytesOf(ELLIPSIS);
  let fits = '';
  let used = 0;
  // What people see as one character may be several code points: an accent, a flag, a rare form of a Han character.
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += bytesOf(segment);
    if (used > room) break;
    fits += segment;
  }
  const end = [...fits.matchAll(SENTENCE_END)].at(-1);
  // A sentence that ends in the first half would leave out too much.
  const cut = end !== undefined && end.index + 1 > fits.length / 2 ? fits.slice(0, end.index + 1) : fits;
  return room <= 0 ? '' : cut + ELLIPSIS;
}

export const bytesOf = (text: string): number => Buffer.byteLength(text);
