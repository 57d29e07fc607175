/**
 * Sentences in Chinese whose English is said far from people, and stands in the log as well. `{}` stands for what differs, which is
 * translated too where it is one of them.
 */

/** English and Chinese; the more particular before the more general. */
export type Sentences = readonly (readonly [en: string, zh: string])[];

const MOST_DEEP = 4;
const LONGEST = 2000;

/** Gives the Chinese of a sentence, or of several with something in `between`; what none is known of stays as it is. */
export function inChinese(sentences: Sentences, between: readonly string[] = []): (text: string) => string {
  const patterns = sentences.map(([en, zh]) => [patternOf(en), zh] as const);
  const find = (text: string, depth: number): string | null => {
    if (depth > MOST_DEEP || text.length > LONGEST) return null;
    for (const [pattern, zh] of patterns) {
      const found = pattern.exec(text);
      if (found === null) continue;
      let i = 0;
      return zh.replaceAll('{}', () => {
        const part = found[++i] ?? '';
        return find(part, depth + 1) ?? part;
      });
    }
    for (const mark of between) {
      const parts = text.split(mark);
      if (parts.length > 1) return parts.map((part) => find(part, depth + 1) ?? part).join('；');
    }
    return null;
  };
  return (text) => find(text, 0) ?? text;
}

function patternOf(en: string): RegExp {
  const parts = en.split('{}').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 's');
}
