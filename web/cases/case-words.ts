/** The words of the cases' pages in the reader's language. */
import type { Language } from '../strings.ts';
import type { CaseStrings } from './case-strings.ts';
import { en } from './case-words-en.ts';
import { zh } from './case-words-zh.ts';

const DICTIONARIES: Readonly<Record<Language, CaseStrings>> = { zh, en };

export function caseStrings(language: Language): CaseStrings {
  return DICTIONARIES[language];
}
