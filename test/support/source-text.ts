/** What TypeScript source says once comments, or comments and texts, are taken out: enough to check laws about words. */

export interface SourceText {
  /** Without comments; texts stand. */
  readonly code: string;
  /** Without comments and without what stands in quotes, templates and regular expressions; `${…}` stands. */
  readonly words: string;
}

/** A character that ends a value, so that `/` after it divides; after anything else `/` begins a regular expression. */
const ENDS_VALUE = /[\w$)\]}"'`]$/;
const ASKS_FOR_VALUE = /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|await|yield|delete|throw|else|do)$/;

/** Lines stay where they are: what is taken out becomes white space of the same shape. */
export function readSource(source: string): SourceText {
  let code = '';
  let words = '';
  let at = 0;
  /** For each `${` that we are in: how many braces are open inside it. */
  const holes: number[] = [];

  const keep = (text: string): void => {
    code += text;
    words += text;
    at += text.length;
  };
  const blank = (text: string) => text.replaceAll(/[^\n]/g, ' ');
  const drop = (text: string): void => {
    code += blank(text);
    words += blank(text);
    at += text.length;
  };
  const hide = (text: string): void => {
    code += text;
    words += blank(text);
    at += text.length;
  };
  const rest = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? '';
  };
  /** What stands in a template up to its end or the next hole. */
  const template = (): void => {
    hide(rest(/(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y));
    if (source.startsWith('${', at)) {
      keep('${');
      holes.push(0);
    } else keep(source[at] ?? '');
  };

  while (at < source.length) {
    const char = source[at] as string;
    if (source.startsWith('//', at)) drop(rest(/[^\n]*/y));
    else if (source.startsWith('/*', at)) drop(rest(/\/\*[\s\S]*?(?:\*\/|$)/y));
    else if (char === "'" || char === '"') {
      keep(char);
      hide(rest(char === "'" ? /(?:[^'\\\n]|\\[\s\S])*/y : /(?:[^"\\\n]|\\[\s\S])*/y));
      if (source[at] === char) keep(char);
    } else if (char === '`') {
      keep(char);
      template();
    } else if (char === '/' && beginsExpression(words)) {
      const found = rest(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y);
      if (found === '') keep(char);
      else hide(found);
    } else if (holes.length > 0 && char === '{') {
      holes[holes.length - 1] = (holes.at(-1) ?? 0) + 1;
      keep(char);
    } else if (holes.length > 0 && char === '}') {
      const open = holes.pop() ?? 0;
      keep(char);
      if (open === 0) template();
      else holes.push(open - 1);
    } else keep(char);
  }
  return { code, words };
}

function beginsExpression(before: string): boolean {
  const text = before.slice(-200).trimEnd();
  return !ENDS_VALUE.test(text) || ASKS_FOR_VALUE.test(text);
}

const IMPORTS = [
  /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
  /\bimport\s*['"]([^'"]+)['"]/g,
  /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  // A worker's file.
  /\bnew\s+URL\(\s*['"](\.[^'"]+\.tsx?)['"]\s*,\s*import\.meta\.url/g,
];

/** What a file imports, as it writes it, types included, each once. */
export function importsOf(source: string): string[] {
  const { code, words } = readSource(source);
  const found = IMPORTS.flatMap((pattern) => [...code.matchAll(pattern)]);
  // What stands in a text is no import.
  const real = found.filter((match) => words.startsWith(match[0].slice(0, 3), match.index));
  return [...new Set(real.map((match) => match[1] as string))];
}
