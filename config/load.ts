/** hall.yaml from file to hall: read, checked as a whole, normalised, hashed and compiled. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Hall, Judging } from '../rules/hall.ts';
import { checkConnections } from './checks/connections.ts';
import { checkCredentials } from './checks/credentials.ts';
import { checkLimits } from './checks/limits.ts';
import { checkMappings } from './checks/mappings.ts';
import { checkPeople } from './checks/people.ts';
import { checkReports } from './checks/reports.ts';
import { checkSchedules } from './checks/sessions.ts';
import type { Draft } from './draft.ts';
import { fileProblem, formatProblems, type Language, type Problem, toProblems } from './explain.ts';
import type { Finding } from './finding.ts';
import { issueFindings } from './issues.ts';
import { canonicalJson, hallOf, hashOf, judgingOf } from './judging.ts';
import { stretchOf } from './places.ts';
import { withRecorders } from './recorders.ts';
import { type Config, configSchema } from './schema.ts';
import type { Told } from './terms.ts';
import { nameOfType } from './terms.ts';
import { readTree, type Source, type Tree } from './tree.ts';
import type { Words } from './words-zh.ts';

export interface LoadOptions {
  /** Where `${NAME}` is looked up: the daemon passes `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The language of problems. */
  readonly lang: Language;
  /** Nothing will be connected to, so secrets that are not set here are not missed. */
  readonly offline?: boolean;
}

/** A configuration that has been accepted. */
export interface LoadedConfig {
  readonly config: Config;
  /** What verdicts depend on; the fact that the ledger keeps. */
  readonly judging: Judging;
  /** `judging` as canonical JSON, and `sha256:` with its hash in hex. */
  readonly canonical: string;
  readonly hash: string;
  readonly hall: Hall;
  /** What is allowed but hardly meant. */
  readonly warnings: readonly Problem[];
  /** Of the file; secrets may be in it. */
  readonly text: string;
}

/** A configuration file that cannot be used, with everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Reading the same file again finds the same. */
  readonly retry = false;
  /** `absent`: there is no such file; `invalid`: there is, and it cannot be used. */
  readonly reason: 'absent' | 'invalid';
  readonly problems: readonly Problem[];

  /** The message is the problems as text, for people. */
  constructor(reason: 'absent' | 'invalid', problems: readonly Problem[], lang: Language) {
    super(formatProblems(problems, lang));
    this.reason = reason;
    this.problems = problems;
  }
}

const LARGEST_BYTES = 5 * 1024 * 1024;

/** Reads a configuration file; throws a `ConfigError` that names every problem. */
export async function loadConfig(file: string, options: LoadOptions): Promise<LoadedConfig> {
  return parseConfig(await readText(file, options.lang), file, options);
}

/** Everything that is wrong with a configuration file, warnings included; none if it can be used as it is. */
export async function checkConfig(file: string, options: LoadOptions): Promise<readonly Problem[]> {
  try {
    return (await loadConfig(file, options)).warnings;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** As `loadConfig`, of a text; `file` names it in problems, and relative paths are relative to its folder. */
export function parseConfig(text: string, file: string, options: LoadOptions): LoadedConfig {
  const folder = dirname(resolve(file));
  const tree = readTree(file, text, { env: options.env, folder, offline: options.offline ?? false });
  if (tree.value === null && tree.findings.length === 0)
    fail('invalid', file, options.lang, (words) => words.fileEmpty());
  const parsed = configSchema.safeParse(tree.value);
  const root: Draft = { path: [], value: tree.value };
  const meaning = [
    ...(parsed.success ? [] : issueFindings(parsed.error.issues, tree.value)),
    ...checks(root, tree.source, folder),
  ];
  const problems = toProblems(
    [...tree.findings, ...meaning.filter((one) => isResolved(one, tree))],
    tree.source,
    options.lang,
  );
  const bad = problems.some((problem) => problem.severity === 'error');
  if (bad || !parsed.success) throw new ConfigError('invalid', problems, options.lang);
  const config = withAbsolutePaths(withRecorders(parsed.data), folder);
  const judging = judgingOf(config);
  const canonical = canonicalJson(judging);
  const hash = hashOf(canonical);
  return { config, judging, canonical, hash, hall: hallOf(judging, hash), warnings: problems, text };
}

function checks(root: Draft, source: Source, folder: string): Finding[] {
  if (nameOfType(root.value) !== 'map') return [];
  const lineOf = (path: Draft['path']): number =>
    source.lines.linePos(stretchOf(source, { path, part: 'value' }).from).line;
  return [
    ...checkPeople(root, lineOf),
    ...checkCredentials(root, lineOf),
    ...checkSchedules(root),
    ...checkLimits(root),
    ...checkConnections(root, lineOf, folder),
    ...checkMappings(root, lineOf),
    ...checkReports(root, lineOf),
  ];
}

/** What could not be resolved has been reported; that it is then also wrong or missing is no news. */
function isResolved(finding: Finding, tree: Tree): boolean {
  return !('path' in finding.place) || !tree.unresolved.has(JSON.stringify(finding.place.path));
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const { mqtt } = config;
  const { person } = config;
  const caFile = mqtt?.caFile == null ? null : resolve(folder, mqtt.caFile);
  return {
    ...config,
    data: resolve(folder, config.data),
    mqtt: mqtt === null ? null : { ...mqtt, caFile },
    person:
      person === null
        ? null
        : {
            model: person.model === 'human' ? person.model : resolve(folder, person.model),
            packages: resolve(folder, person.packages),
          },
    reports: config.reports.map((report) => ({ ...report, folder: resolve(folder, report.folder) })),
  };
}

async function readText(file: string, lang: Language): Promise<string> {
  try {
    const about = await stat(file);
    if (about.isDirectory()) fail('invalid', file, lang, (words) => words.fileIsFolder());
    if (about.size > LARGEST_BYTES) fail('invalid', file, lang, (words) => words.fileTooLarge({ limit: '5 MB' }));
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') fail('invalid', file, lang, (words) => words.notUtf8());
    if (code === 'ENOENT') fail('absent', file, lang, (words) => words.fileMissing());
    if (code === null) throw error;
    return fail('invalid', file, lang, (words) => words.fileNotReadable({ because: code }));
  }
}

function fail(reason: 'absent' | 'invalid', file: string, lang: Language, tell: (words: Words) => Told): never {
  throw new ConfigError(reason, [fileProblem(file, lang, tell)], lang);
}
