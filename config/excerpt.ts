/** The line of a file that a problem is on, with a caret that stands where it should in a terminal. */
import { type Hidden, reveal } from './hidden.ts';

export interface Excerpt {
  /** The line, or the part of it around the problem; secrets are `***`. */
  readonly line: string;
  /** Columns of a terminal before the caret; Chinese characters fill two. */
  readonly indent: number;
  /** Columns that the caret underlines, at least one. */
  readonly width: number;
}

/** Longer lines are cut around the problem; a hall's longest (a window in one line) are about this long. */
const WIDEST = 160;
const BEFORE_CUT = 60;
/** Characters either side of a problem beyond which a line is not even looked at. */
const FARTHEST = 1000;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NARROWLESS = /[\p{Mn}\p{Me}]/u;

/** Columns that a text fills in a terminal (Unicode Standard Annex 11: wide and full-width characters fill two). */
export function columns(text: string): number {
  let width = 0;
  for (const char of text) width += WIDE.test(char) ? 2 : NARROWLESS.test(char) ? 0 : 1;
  return width;
}

/** Makes text safe to print: nothing in a file may move the cursor, colour the terminal or turn the line around. */
export function printable(text: string): string {
  return text.replace(/\t/g, '→').replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\ufffd');
}

export function excerptOf(text: string, at: number, to: number, hidden: readonly Hidden[]): Excerpt {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  // A caret inside a secret stands under all of it, or it would say how long the secret is.
  const from = Math.max(start, hiddenAround(hidden, at)?.from ?? at);
  const newline = text.indexOf('\n', from);
  const end = (newline < 0 ? text.length : newline) - (text[newline - 1] === '\r' ? 1 : 0);
  const last = hiddenAround(hidden, to)?.to ?? to;
  const stop = Math.max(from, Math.min(last, end, from + FARTHEST));
  const before = printable(reveal(text, Math.max(start, from - FARTHEST), from, hidden));
  const marked = printable(reveal(text, from, stop, hidden));
  const after = printable(reveal(text, stop, Math.max(stop, Math.min(end, stop + FARTHEST)), hidden));
  const cut = columns(before + marked + after) > WIDEST && before.length > BEFORE_CUT;
  const head = cut ? `…${before.slice(-BEFORE_CUT)}` : before;
  const line = clipped(head + marked + after);
  return { line, indent: columns(head), width: Math.max(1, Math.min(columns(marked), columns(line) - columns(head))) };
}

function hiddenAround(hidden: readonly Hidden[], at: number): Hidden | undefined {
  return hidden.find((part) => part.from < at && at < part.to);
}

function clipped(line: string): string {
  if (columns(line) <= WIDEST) return line;
  let kept = '';
  let width = 0;
  for (const char of line) {
    width += columns(char);
    if (width >= WIDEST) break;
    kept += char;
  }
  return `${kept}…`;
}
