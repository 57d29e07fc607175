/** Problems of a configuration as data and as text for people. */
import { type Excerpt, excerptOf } from './excerpt.ts';
import type { Finding, Path, Severity } from './finding.ts';
import { hiddenIn, shownAt, stretchOf, withoutSecrets } from './places.ts';
import type { Source } from './tree.ts';
import { en } from './words-en.ts';
import { type Words, zh } from './words-zh.ts';

export type Language = 'zh' | 'en';

/** One thing that is wrong with a configuration file. No secret is in any of its texts. */
export interface Problem {
  readonly file: string;
  /** From 1; 0 where the problem is with the file as a whole. */
  readonly line: number;
  /** From 1, in characters (UTF-16 code units, as editors count). */
  readonly column: number;
  /** `windows[1].a`; empty where the problem is with the text itself. */
  readonly path: string;
  readonly message: string;
  readonly hint: string | null;
  readonly severity: Severity;
  readonly excerpt: Excerpt | null;
}

const WORDS: Readonly<Record<Language, Words>> = { zh, en };

/** Findings about a text, in the order of its lines; what is said twice of one place is said once. */
export function toProblems(findings: readonly Finding[], source: Source, language: Language): Problem[] {
  if (findings.length === 0) return [];
  const hidden = hiddenIn(source);
  const problems = findings
    .map((finding) => {
      const { from, to } = stretchOf(source, finding.place);
      const told = finding.tell(WORDS[language], shownAt(source, finding.place));
      const { line, col } = source.lines.linePos(from);
      const path = 'path' in finding.place ? pathText(finding.place.path) : '';
      const excerpt = excerptOf(source.text, from, to, hidden);
      return {
        finding,
        problem: { file: source.file, line, column: col, path, ...told, severity: finding.severity, excerpt },
      };
    })
    .filter(({ finding, problem }) => isTrustworthy(source, finding, problem.line))
    .map(({ problem }) => problem)
    .sort((a, b) => a.line - b.line || a.column - b.column);
  const said = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.line}:${problem.column}:${problem.message}`;
    return !said.has(key) && said.add(key);
  });
}

/** Of a file with broken YAML only the lines above the break mean what they say. */
function isTrustworthy(source: Source, finding: Finding, line: number): boolean {
  if (source.brokenAt === null || 'from' in finding.place) return true;
  return !finding.needsWholeFile && line < source.lines.linePos(source.brokenAt).line;
}

/** A problem with the file as a whole. */
export function fileProblem(
  file: string,
  language: Language,
  tell: (words: Words) => { message: string; hint: string | null },
): Problem {
  return { file, line: 0, column: 0, path: '', ...tell(WORDS[language]), severity: 'error', excerpt: null };
}

/** `windows[1].a`, `calendar.days["2026-05-20"]`. */
export function pathText(path: Path): string {
  return path
    .map((key, i) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key)) return `[${JSON.stringify(withoutSecrets(key))}]`;
      return i === 0 ? key : `.${key}`;
    })
    .join('');
}

const SEVERITIES: Readonly<Record<Language, Readonly<Record<Severity, string>>>> = {
  zh: { error: '错误', warning: '提醒' },
  en: { error: 'error', warning: 'warning' },
};

/** One problem as text: `file:line:column`, what is wrong, the line, a caret, what to do. */
export function formatProblem(problem: Problem, language: Language): string {
  const { file, line, column, excerpt, hint } = problem;
  const where = line === 0 ? file : `${file}:${line}:${column}`;
  const severity = SEVERITIES[language][problem.severity];
  const at = problem.path === '' ? '' : language === 'zh' ? `（${problem.path}）` : ` (${problem.path})`;
  const head =
    language === 'zh'
      ? `${where}: ${severity}：${problem.message}${at}`
      : `${where}: ${severity}: ${problem.message}${at}`;
  if (excerpt === null) return hint === null ? head : `${head}\n  ${hint}`;
  const number = `${line}`;
  const gutter = ' '.repeat(number.length);
  const caret = `${' '.repeat(excerpt.indent)}${'^'.repeat(excerpt.width)}`;
  return `${head}\n  ${number} │ ${excerpt.line}\n  ${gutter} │ ${caret}${hint === null ? '' : ` ${hint}`}`;
}

/** All problems as text, with a last line that counts them. */
export function formatProblems(problems: readonly Problem[], language: Language): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  const counts =
    language === 'zh'
      ? `${errors} 处错误，${warnings} 处提醒`
      : `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return [...problems.map((problem) => formatProblem(problem, language)), counts].join('\n\n');
}
