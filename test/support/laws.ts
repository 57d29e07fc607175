/** The laws of the house (docs/architecture.md), each as a function from files to what is wrong with them. */
import { basename, posix } from 'node:path';
import { importsOf, readSource } from './source-text.ts';

/** Files by path from the root of the repository, with `/`. */
export type Files = ReadonlyMap<string, string>;

/** The rooms where the product lives. */
export const ROOMS = ['rules', 'config', 'adapters', 'daemon', 'web', 'bench'] as const;

export const isSource = (path: string): boolean =>
  /\.tsx?$/.test(path) && (ROOMS as readonly string[]).includes(roomOf(path));
const roomOf = (path: string): string => path.slice(0, path.indexOf('/'));
const sources = (files: Files) => [...files].filter(([path]) => isSource(path));
const perFile = (files: Files, law: (path: string, text: string) => readonly string[]): string[] =>
  sources(files).flatMap(([path, text]) => law(path, text).map((problem) => `${path}: ${problem}`));

/** Which other rooms a room may import from; `bench` and the daemon may import from all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  rules: ['rules'],
  config: ['config', 'rules'],
  adapters: ['adapters', 'config', 'rules'],
  web: ['web'],
};

/** Pure pieces that stand between adapters and their pictures and are no kind of device themselves. */
const SHARED_FOLDERS = ['vision'];

/** Where an import of a file of ours leads; null for a package. */
function target(path: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null;
}

export function importLaws(files: Files): string[] {
  return perFile(files, (path, text) => {
    const room = roomOf(path);
    return importsOf(text).flatMap((specifier) => {
      const to = target(path, specifier);
      if (to === null) return room === 'rules' ? [`imports ${specifier}; the rules import nothing but themselves`] : [];
      if (!files.has(to)) return [`imports ${specifier}, which does not exist`];
      if (!(MAY_IMPORT[room] ?? [roomOf(to)]).includes(roomOf(to))) return [`imports ${to}; ${room} may not`];
      return room === 'adapters' && roomOf(to) === 'adapters' ? adapterLaw(path, to) : [];
    });
  });
}

/** One file knows one vendor: what two of them share is a contract beside the folders. */
function adapterLaw(path: string, to: string): string[] {
  const [, kind = ''] = path.split('/');
  const [, otherKind = ''] = to.split('/');
  const inFolder = path.split('/').length > 2;
  if (path === 'adapters/registry.ts') return [];
  if (to === 'adapters/registry.ts') return ['imports the registry, which imports it'];
  if (to.split('/').length === 2) return [];
  if (!inFolder) return [`imports ${to}; a contract knows no vendor`];
  return kind === otherKind || SHARED_FOLDERS.includes(otherKind) ? [] : [`imports ${to}, another kind of adapter`];
}

export function cycles(files: Files): string[] {
  const edges = new Map(
    sources(files).map(([path, text]) => [
      path,
      importsOf(text)
        .flatMap((specifier) => target(path, specifier) ?? [])
        .filter((to) => files.has(to)),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const begin = trail.indexOf(path);
    if (begin >= 0) found.push(`${[...trail.slice(begin), path].join(' → ')}`);
    if (begin >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

const IMPURE =
  /(?<![\w$.])(?:Date|Intl|Math\.random|setTimeout|setInterval|setImmediate|queueMicrotask|Promise|async|await|process|console|performance|crypto|fetch|globalThis)\b(?!\s*:)/g;

/** The rules are functions of their arguments: no clock, no chance, no waiting, no surroundings. */
export function purity(files: Files): string[] {
  return perFile(files, (path, text) => {
    if (roomOf(path) !== 'rules') return [];
    return [...readSource(text).words.matchAll(IMPURE)].map(([word]) => `uses ${word}`);
  });
}

/** The only file that asks what time it is; everybody else is told. An adapter joins it when its protocol demands so. */
const ASKS_THE_TIME = ['daemon/clock.ts'];

export function clocks(files: Files): string[] {
  return perFile(files, (path, text) => {
    // A benchmark measures, and is no part of the product.
    if (ASKS_THE_TIME.includes(path) || roomOf(path) === 'bench') return [];
    const asks = readSource(text).words.matchAll(
      /\bDate\.now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w$.]))|(?<!new\s+)\bDate\(/g,
    );
    return [...asks].map(([word]) => `asks what time it is: ${word}`);
  });
}

const LONGEST = 400;

export function size(files: Files): string[] {
  return perFile(files, (_, text) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > LONGEST ? [`${lines} lines: which two nouns live there?`] : [];
  });
}

export function names(files: Files): string[] {
  return perFile(files, (path) => {
    const problems: string[] = [];
    const name = basename(path).replace(/(?:\.d)?\.tsx?$/, '');
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)?$/.test(name)) problems.push('is not named in kebab-case');
    if (/(?:^|[/-])(?:utils?|helpers?)(?:[/.-]|$)/.test(path)) problems.push('is named after nothing');
    if (name === 'index') problems.push('is a barrel by name');
    return problems;
  });
}

/** Syntax that the house does not use. Vite and its like want a default export; they are not in a room. */
export function syntax(files: Files): string[] {
  return perFile(files, (_, text) => {
    const { code, words } = readSource(text);
    const problems: string[] = [];
    if (/^\s*(?:export\s+)?(?:declare\s+)?(?:const\s+)?enum\s+\w/m.test(words)) problems.push('has an enum');
    if (/^\s*export\s+default\b|\bas\s+default\b/m.test(words)) problems.push('has a default export');
    if (/^\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\}\s*from\b)/m.test(code)) problems.push('passes on what others export');
    return problems;
  });
}

/** In brackets, so that these lines do not find themselves. */
const LATER = /\b(?:T[O]DO|F[I]XME)\b/;
const SILENCED = /@ts-[i]gnore|@ts-[e]xpect-error|@ts-[n]ocheck|[b]iome-ignore|[e]slint-disable/;

/** A list that is spread into a call has to fit the stack: V8 refuses some 125 000 arguments, and a year of verdicts is more. */
export function spreads(files: Files): string[] {
  return perFile(files, (_, text) => {
    const { words } = readSource(text);
    const calls = [...words.matchAll(/\.(push|unshift|splice)\(/g)];
    return calls
      .filter(({ 0: call, index }) => /\.\.\.(?!\s*\[)/.test(ownArguments(words, index + call.length)))
      .map(({ 1: name }) => `spreads a list into ${name}`);
  });
}

/** What stands between a call's brackets, without what stands in brackets there. */
function ownArguments(words: string, from: number): string {
  let own = '';
  let depth = 0;
  for (const char of words.slice(from)) {
    if (')]}'.includes(char)) depth--;
    if (depth < 0) break;
    if (depth === 0) own += char;
    if ('([{'.includes(char)) depth++;
  }
  return own;
}

/** Anywhere, comments included: nothing is put off, nothing is silenced. */
export function promises(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    if (!/\.(?:tsx?|sh|ya?ml|css|html|sql)$|\/zaigang$|^Dockerfile$/.test(path)) return [];
    const problems: string[] = [];
    if (LATER.test(text)) problems.push(`${path}: puts something off`);
    if (/\.tsx?$/.test(path) && SILENCED.test(text)) problems.push(`${path}: silences a check`);
    return problems;
  });
}

/** Tests that do not run hide something. */
export function skippedTests(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    if (!path.startsWith('test/') || !path.endsWith('.ts')) return [];
    const found = readSource(text).words.matchAll(
      /\b(?:it|test|describe|suite)(?:\.\w+)*\.(?:skip|only|todo|fails|skipIf|runIf)\b|\.skip\(/g,
    );
    return [...found].map(([word]) => `${path}: ${word}`);
  });
}

/** Every adapter is imported by a test of its own, or belongs to another file of its folder. */
export function untestedAdapters(files: Files): string[] {
  const importers = new Map<string, string[]>();
  for (const [path, text] of files) {
    if (!/\.tsx?$/.test(path)) continue;
    for (const specifier of importsOf(text)) {
      const to = target(path, specifier);
      if (to !== null) importers.set(to, [...(importers.get(to) ?? []), path]);
    }
  }
  const registry = files.get('adapters/registry.ts');
  const registered = new Set(importsOf(registry ?? '').map((specifier) => target('adapters/registry.ts', specifier)));
  return sources(files).flatMap(([path]) => {
    if (!/^adapters\/[^/]+\/./.test(path)) return [];
    const by = importers.get(path) ?? [];
    if (by.some((importer) => importer.startsWith('test/'))) return [];
    const isPart = by.some((importer) => posix.dirname(importer) === posix.dirname(path));
    return isPart && !registered.has(path) ? [] : [`${path}: no test imports it`];
  });
}

/** Relative links and pictures of the manuals that lead nowhere. `exists`: whether there is such a file or folder. */
export function deadLinks(files: Files, exists: (path: string) => boolean): string[] {
  return [...files].flatMap(([path, text]) => {
    if (!path.endsWith('.md')) return [];
    const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)="([^"]+)"/gm)];
    return links.flatMap(([, inline, reference, html]) => {
      const link = inline ?? reference ?? html ?? '';
      const to = link.replace(/[?#].*$/, '');
      if (to === '' || /^[a-z][a-z0-9+.-]*:/i.test(to)) return [];
      const found = to.startsWith('/') ? to.slice(1) : posix.join(posix.dirname(path), decodeURIComponent(to));
      return exists(found) ? [] : [`${path}: ${link} leads nowhere`];
    });
  });
}
