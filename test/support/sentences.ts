/** Sentences as they stand in the sources, to be held against their translations. */
import { readFileSync } from 'node:fs';
import type { Sentences } from '../../daemon/sentences.ts';
import { readSource } from './source-text.ts';

const ROOT = new URL('../../', import.meta.url);

const codeOf = (file: string): string => readSource(readFileSync(new URL(file, ROOT), 'utf8')).code;

/** The texts in quotes and templates of a file, with `{}` for each `${…}`. */
export function textsOf(file: string): string[] {
  const found = codeOf(file).matchAll(/'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g);
  return [...found].map(([, plain, template]) => withHoles(plain ?? template ?? '').replaceAll("\\'", "'"));
}

function withHoles(text: string): string {
  let [said, depth] = ['', 0];
  for (let i = 0; i < text.length; i++) {
    if (text.startsWith('${', i)) {
      if (depth++ === 0) said += '{}';
      i++;
    } else if (depth > 0) depth += text[i] === '}' ? -1 : text[i] === '{' ? 1 : 0;
    else said += text[i];
  }
  return said;
}

/** Whether something of a translation is Chinese. */
export const hasChinese = (text: string): boolean => /[\u4e00-\u9fff]/.test(text);

/** The translations of what no source says. */
export function leftOver(sentences: Sentences, files: readonly string[]): Sentences {
  const sources = files.map(codeOf).join('\n');
  return sentences.filter(([en]) => {
    // The longest piece between two holes stands in some source.
    const pieces = en.split('{}').sort((one, other) => other.length - one.length);
    const piece = (pieces[0] ?? '').replace(/^[):; ]+|[()"]+$/g, '').trim();
    return !sources.includes(piece) && !sources.includes(piece.replaceAll("'", "\\'"));
  });
}
