/** CSV as it comes out of Excel, WPS and attendance programs: several encodings, several separators. */
import { addRow, cellText, MOST_COLUMNS, type Say, type Table, TableError, type TableRow } from './table.ts';

interface Decoded {
  readonly text: string;
  readonly encoding: string;
}

const MARKS: readonly (readonly [mark: readonly number[], label: string, encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8', 'UTF-8'],
  [[0xff, 0xfe], 'utf-16le', 'UTF-16LE'],
  [[0xfe, 0xff], 'utf-16be', 'UTF-16BE'],
];

/** Throws a `TableError` where it is no text in UTF-8, UTF-16 with its mark, or GBK. */
export function textTable(bytes: Uint8Array, say: Say): Table {
  const { text, encoding } = decoded(bytes, say);
  const separator = separatorOf(text);
  const rows: TableRow[] = [];
  for (const { line, cells } of recordsOf(text, separator, say)) {
    addRow(rows, { line, cells: cells.slice(0, MOST_COLUMNS).map(cellText) }, say);
  }
  const shown = separator === '\t' ? 'TAB' : `"${separator}"`;
  return { format: `CSV, ${encoding}, ${shown}`, otherSheets: [], rows };
}

function decoded(bytes: Uint8Array, say: Say): Decoded {
  const mark = MARKS.find(([start]) => start.every((byte, i) => bytes[i] === byte));
  // What is marked is what it says; GB 18030 holds all of GBK and of GB 2312.
  const tried = mark === undefined ? [TRIED_UTF8, TRIED_GBK] : [{ label: mark[1], encoding: mark[2] }];
  for (const { label, encoding } of tried) {
    try {
      const text = new TextDecoder(label, { fatal: true }).decode(bytes);
      // No text has these; UTF-16 without its mark is full of them.
      if (!text.includes('\0')) return { text, encoding };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    }
  }
  throw new TableError(
    say(
      '不是可以读的文本：只认 UTF-8、带标记的 UTF-16 和 GBK；请在 Excel 或 WPS 里另存为 .xlsx 或“CSV UTF-8”',
      'no text that can be read: neither UTF-8, nor UTF-16 with its mark, nor GBK; save it as .xlsx or "CSV UTF-8" in Excel or WPS',
    ),
  );
}

const TRIED_UTF8 = { label: 'utf-8', encoding: 'UTF-8' };
const TRIED_GBK = { label: 'gb18030', encoding: 'GBK' };

/** So many lines are looked at to find the separator: the first may be a title. */
const LOOKED_AT = 10;

/** The one that stands most often outside of quotes; a comma where there is none. */
function separatorOf(text: string): string {
  const count: Record<string, number> = { ',': 0, ';': 0, '\t': 0 };
  let isQuoted = false;
  let lines = 0;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (char === '\n' && ++lines === LOOKED_AT) break;
    else if (char in count) count[char] = (count[char] ?? 0) + 1;
  }
  return Object.entries(count).reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** Records as RFC 4180 has them; a quoted cell may go over several lines. */
function* recordsOf(text: string, separator: string, say: Say): Iterable<TableRow> {
  let line = 1;
  let place = 0;
  while (place < text.length) {
    const start = line;
    const cells: string[] = [];
    for (;;) {
      const isQuoted = text[place] === '"';
      const end = isQuoted ? endOfQuoted(text, place, start, say) : endOfPlain(text, place, separator);
      const raw = text.slice(place, end);
      line += isQuoted ? raw.split('\n').length - 1 : 0;
      // What stands between a closing quote and the next separator belongs to nothing, and is kept.
      const after = isQuoted ? endOfPlain(text, end, separator) : end;
      cells.push(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') + text.slice(end, after).trim() : raw);
      place = after + 1;
      if (text[after] !== separator) break;
    }
    if (text[place - 1] === '\r' && text[place] === '\n') place += 1;
    line += 1;
    yield { line: start, cells };
  }
}

function endOfPlain(text: string, from: number, separator: string): number {
  let end = from;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

/** The place after the quote that closes the one at `from`. */
function endOfQuoted(text: string, from: number, line: number, say: Say): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] !== '"') return end + 1;
  }
  throw new TableError(
    say(
      `第 ${line} 行的引号没有结束；请补上或去掉`,
      `line ${line}: a quote is opened and never closed; close or remove it`,
    ),
  );
}
