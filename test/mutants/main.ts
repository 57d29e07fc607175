/**
 * `npm run mutants`: puts one small fault after the other into the rules and asks whether the tests notice. Exit code 0 where at least
 * 95 of a hundred are noticed. `--file rules/late.ts` (repeatable), `--only 50` (so many, evenly spread), `--list` (names them and
 * judges none), `--worlds 150`, `--thorough` (all the tests of files that take long).
 */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEquivalents } from './equivalents.ts';
import { type Mutant, mutantsOf, nameOfMutant } from './mutation.ts';
import { prepare } from './prepare.ts';
import { type Judged, summaryOf, whereOf } from './report.ts';
import { judgeMutants, surveyOf, trialsFor } from './verdicts.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What exercises the rules in its own process, without servers and files of its own. */
const TESTS = [
  'test/rules/*.test.ts',
  'test/config/{load,calendar,zone-table}.test.ts',
  'test/daemon/{fact-lines,projection,live-board}.test.ts',
];
/** The same worlds, once more. */
const DOUBLED = ['test/rules/worlds.test.ts'];

/** Processor time that is spent on the tests of one file, unless everything is asked for. */
const FILE_MS = 20_000;

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    worlds: { type: 'string', default: '150' },
    thorough: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function chosen(mutants: readonly Mutant[]): Mutant[] {
  const wanted = mutants.filter(({ file }) => options.file.length === 0 || options.file.includes(file));
  const count = Math.min(Number(options.only ?? wanted.length), wanted.length);
  return Array.from({ length: count }, (_, i) => wanted[Math.floor((i * wanted.length) / count)] as Mutant);
}

async function testFiles(): Promise<string[]> {
  const found = (await Array.fromAsync(glob(TESTS, { cwd: ROOT }))).map((path) => path.replaceAll('\\', '/'));
  return found.filter((path) => !DOUBLED.includes(path)).sort();
}

async function main(): Promise<number> {
  const seeds = Array.from({ length: options.list ? 0 : Number(options.worlds) }, (_, seed) => seed);
  using prepared = prepare(seeds);
  const { folder, sources } = prepared;
  const unknown = options.file.filter((file) => sources.every((source) => source.file !== file));
  if (unknown.length > 0) throw new Error(`no such file: ${unknown.join(', ')}`);
  if (options.list) {
    const mutants = chosen(sources.flatMap(mutantsOf));
    for (const mutant of mutants) console.log(`${whereOf(mutant)}  ${mutant.change}`);
    return 0;
  }
  const equivalents = readEquivalents(readFileSync(join(import.meta.dirname, 'equivalent.txt'), 'utf8'));
  say('Running every trial on the sound code…');
  const survey = await surveyOf(
    folder,
    sources,
    seeds,
    await testFiles(),
    options.thorough ? Number.MAX_SAFE_INTEGER : FILE_MS,
  );
  for (const { name, failure } of survey.broken)
    say(`fails without any fault, and so notices none: ${name}: ${failure}`);
  const all = [...survey.mutants.values()].flat();
  const names = new Set(all.map(nameOfMutant));
  const stale = [...equivalents].flatMap(([name, entry]) => (names.has(name) ? [] : [entry]));
  const mutants = chosen(all);
  const listed = (mutant: Mutant) => equivalents.get(nameOfMutant(mutant)) ?? null;
  const cases = mutants.map((mutant) => {
    const { file, start, end, replacement } = mutant;
    const trials = trialsFor(survey, mutant, { quick: listed(mutant) !== null });
    return { fault: { file, start, end, replacement }, trials };
  });
  const answers = await judgeMutants(folder, cases, ({ noticedBy }, place) => {
    const mutant = mutants[place] as Mutant;
    if (noticedBy !== null || listed(mutant) !== null) return;
    say(`survived ${place + 1}/${mutants.length} ${whereOf(mutant)}  ${mutant.change}`);
  });
  const judged = mutants.map((mutant, i): Judged => {
    const isReached = (cases[i]?.trials.length ?? 0) > 0;
    return { mutant, answer: answers[i] ?? { noticedBy: null }, equivalent: listed(mutant), isReached };
  });
  const { text, isEnough } = summaryOf(judged, stale);
  console.log(text);
  return isEnough && survey.broken.length === 0 ? 0 : 1;
}

process.exitCode = await main();
