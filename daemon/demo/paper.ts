/** What the story is written on: a line each, in one language, with modest colours where a person watches. */
import type { Language } from '../alerts/words.ts';
import type { Text } from './hall.ts';

export interface Paper {
  readonly lang: Language;
  /** `08:47  ⚠ 告警  …` */
  line(time: string, sign: string, label: Text, text: Text): void;
  /** A line that is no event. */
  plain(text: string): void;
}

export interface PaperOptions {
  readonly lang: Language;
  readonly coloured: boolean;
  readonly write: (text: string) => void;
}

const COLOURS: Readonly<Record<string, number>> = { '⚠': 31, '✗': 31, '✓': 32, '↩': 36, '↔': 34, '?': 35, '✂': 33 };
const DIM = 2;

export function paper({ lang, coloured, write }: PaperOptions): Paper {
  const tinted = (text: string, colour: number | undefined): string =>
    coloured && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
  return {
    lang,
    line(time, sign, label, text) {
      // Chinese labels are two characters wide, English ones are filled up.
      const mark = tinted(`${sign} ${lang === 'zh' ? label.zh : label.en.padEnd(9)}`, COLOURS[sign]);
      write(`${tinted(time, DIM)}  ${mark}  ${text[lang]}\n`);
    },
    plain: (text) => write(`${text}\n`),
  };
}
