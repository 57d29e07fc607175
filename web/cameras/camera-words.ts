/** The words of the pages about cameras, as they are chosen. */
import type { Language } from '../strings.ts';
import type { CameraWords } from './camera-strings.ts';
import { en } from './camera-words-en.ts';
import { zh } from './camera-words-zh.ts';

export const cameraWords = (language: Language): CameraWords => (language === 'zh' ? zh : en);

/** Why something was not done, for people. */
export function troubleText(
  words: CameraWords,
  { code, detail }: { readonly code: string; readonly detail: string },
): string {
  const said = words.troubles[code] ?? words.troubles['refused'] ?? '';
  return code === 'invalid' || code === 'not-written' || words.troubles[code] === undefined
    ? `${said} ${detail}`
    : said;
}
