/** Reading a Dockerfile and a .dockerignore, as far as ours use them; anything else is an error rather than a guess. */

export interface Instruction {
  /** In capitals. */
  readonly name: string;
  /** What follows it, with continued lines joined. */
  readonly rest: string;
}

const KNOWN = new Set('FROM ARG ENV WORKDIR COPY RUN USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' '));

/** Throws for an instruction that we do not know. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join('\n').replaceAll(/\\\n\s*/g, '');
  return joined.split('\n').map((line) => {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (!KNOWN.has(name)) throw new Error(`an instruction that the replay does not know: ${line}`);
    return { name, rest };
  });
}

/** The words of an instruction in JSON form (`["node", "-e"]`), as the ENTRYPOINT and CMD of ours are. */
export function execForm(rest: string): string[] {
  const words: unknown = JSON.parse(rest);
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new Error(`not in the form of a list of words: ${rest}`);
}

/** The packages that a RUN installs from Debian; null if it does not use apt-get. */
export function debianPackages(rest: string): string[] | null {
  if (!/\bapt-get\b/.test(rest)) return null;
  const [, words = ''] = /\bapt-get install\b([^&|;]*)/.exec(rest) ?? [];
  return words.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
}

/** Whether Docker leaves a path of the build's folder out. The last pattern that fits decides, as in Docker. */
export function dockerignore(text: string): (path: string) => boolean {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ ignores: !line.startsWith('!'), expression: expressionOf(line.replace(/^!/, '')) }));
  return (path) => patterns.findLast(({ expression }) => expression.test(path))?.ignores ?? false;
}

/** A pattern fits a path and everything under it. */
function expressionOf(pattern: string): RegExp {
  const source = pattern
    .replace(/^\/|\/$/g, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (glob) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[glob] ?? '[^/]');
  return new RegExp(`^${source}(?:/.*)?$`);
}
