/**
 * `npm run mutants`: puts one small fault after the other into the rules and asks whether the tests notice. Exit code 0 where at least
 * 95 of a hundred are noticed. What was found is kept (`--state FOLDER`) and holds for as long as nothing changes that it rests on, so
 * a run may be broken off, or done in parts: `--slice 3/8`, `--file rules/late.ts` (repeatable), `--only 50` (so many, evenly spread).
 * `--patience 6` (seconds of processor time for a mutant that nothing notices), `--thorough` (all trials that get to it, and all the
 * tests of files that take long), `--worlds 150`, `--list` (names the mutants and judges none).
 */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEquivalents } from './equivalents.ts';
import { Experience } from './experience.ts';
import { Judges } from './judges.ts';
import { holds, Memory, type Remembered, restsOn } from './memory.ts';
import { type Mutant, mutantsOf, nameOfMutant } from './mutation.ts';
import { prepare } from './prepare.ts';
import { type Judged, summaryOf, whereOf } from './report.ts';
import { type Known, reaching, type Survey, surveyOf } from './survey-of.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What exercises the rules in its own process, without servers and files of its own. */
const TESTS = [
  'test/rules/*.test.ts',
  'test/config/{load,calendar,zone-table}.test.ts',
  'test/daemon/{fact-lines,projection,live-board}.test.ts',
];
/** The same worlds, once more. */
const DOUBLED = ['test/rules/worlds.test.ts'];

/** Processor time that is spent on surveying the tests of one file, unless everything is asked for. */
const FILE_MS = 20_000;
/** For what is known to survive: enough to see that it is listed wrongly, where that is easily seen. */
const LISTED_PATIENCE_MS = 1000;

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    slice: { type: 'string', default: '1/1' },
    state: { type: 'string', default: join(tmpdir(), 'zaigang-mutants-state') },
    list: { type: 'boolean', default: false },
    worlds: { type: 'string', default: '150' },
    patience: { type: 'string', default: '6' },
    thorough: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function chosen(mutants: readonly Mutant[]): Mutant[] {
  const wanted = mutants.filter(({ file }) => options.file.length === 0 || options.file.includes(file));
  const count = Math.min(Number(options.only ?? wanted.length), wanted.length);
  const some = Array.from({ length: count }, (_, i) => wanted[Math.floor((i * wanted.length) / count)] as Mutant);
  const [part = 1, parts = 1] = options.slice.split('/').map(Number);
  if (!(part >= 1 && part <= parts)) throw new Error(`no such slice: ${options.slice}`);
  return some.slice(Math.floor(((part - 1) * count) / parts), Math.floor((part * count) / parts));
}

async function testFiles(): Promise<string[]> {
  const found = (await Array.fromAsync(glob(TESTS, { cwd: ROOT }))).map((path) => path.replaceAll('\\', '/'));
  return found.filter((path) => !DOUBLED.includes(path)).sort();
}

/** Counting blocks makes the sound code slow already; a mutant that is several times as slow as that will not end. */
function limitOf({ cpuMs, loadMs }: Known): number {
  return 2000 + 5 * (cpuMs + loadMs);
}

class Run {
  readonly #survey: Survey;
  readonly #memory: Memory;
  readonly #judges: Judges;
  readonly #experience = new Experience();

  constructor(survey: Survey, memory: Memory, judges: Judges) {
    this.#survey = survey;
    this.#memory = memory;
    this.#judges = judges;
    for (const mutant of [...survey.mutants.values()].flat()) {
      const { trial = null } = memory.of(mutant) ?? {};
      if (trial !== null) this.#experience.learn(mutant, [], trial);
    }
  }

  /** What comes of a mutant, if it was not known already. */
  async judge(mutant: Mutant, patienceMs: number): Promise<Remembered & { readonly isNew: boolean }> {
    const trials = reaching(this.#survey, mutant);
    const known = this.#memory.of(mutant);
    if (known !== null && holds(known, trials, patienceMs)) return { ...known, isNew: false };
    const ordered = this.#ordered(mutant, trials, known);
    const { file, start, end, replacement } = mutant;
    const { noticedBy, because, begun } = await this.#judges.judge({
      fault: { file, start, end, replacement },
      trials: ordered.map((one) => ({ trial: one.trial, limitMs: limitOf(one) })),
      patienceMs,
    });
    const tried = ordered.slice(0, begun).map(({ name }) => name);
    const trial = noticedBy === null ? null : (tried.at(-1) ?? null);
    if (trial !== null) this.#experience.learn(mutant, tried.slice(0, -1), trial);
    const isWhole = noticedBy === null && begun === ordered.length;
    const answer: Remembered = {
      name: nameOfMutant(mutant),
      noticedBy,
      trial,
      because: because.slice(0, 200),
      digest: restsOn(trial, trials),
      patienceMs: isWhole ? null : patienceMs,
    };
    this.#memory.keep(answer);
    return { ...answer, isNew: true };
  }

  /** What noticed it when it was last looked at comes first. */
  #ordered(mutant: Mutant, trials: readonly Known[], known: Remembered | null): Known[] {
    const ordered = this.#experience.order(mutant, trials);
    const last = ordered.find(({ name }) => name === known?.trial);
    return last === undefined ? ordered : [last, ...ordered.filter((one) => one !== last)];
  }
}

async function main(): Promise<number> {
  const seeds = Array.from({ length: options.list ? 0 : Number(options.worlds) }, (_, seed) => seed);
  const files = await testFiles();
  using prepared = prepare(seeds, options.list ? [] : files);
  const { folder, sources } = prepared;
  const unknown = options.file.filter((file) => sources.every((source) => source.file !== file));
  if (unknown.length > 0) throw new Error(`no such file: ${unknown.join(', ')}`);
  if (options.list) {
    const mutants = chosen(sources.flatMap(mutantsOf));
    for (const mutant of mutants) console.log(`${whereOf(mutant)}  ${mutant.change}`);
    return 0;
  }
  const equivalents = readEquivalents(readFileSync(join(import.meta.dirname, 'equivalent.txt'), 'utf8'));
  const memory = new Memory(options.state);
  const fileMs = options.thorough ? Number.MAX_SAFE_INTEGER : FILE_MS;
  const survey = await surveyOf({ prepared, files, fileMs, store: memory.surveys, say });
  for (const { name, failure } of survey.broken)
    say(`fails without any fault, and so notices none: ${name}: ${failure}`);
  const all = [...survey.mutants.values()].flat();
  const names = new Set(all.map(nameOfMutant));
  const stale = [...equivalents].flatMap(([name, entry]) => (names.has(name) ? [] : [entry]));
  const mutants = chosen(all);
  const patienceMs = options.thorough ? Number.MAX_SAFE_INTEGER : Number(options.patience) * 1000;
  await using judges = new Judges(folder);
  const run = new Run(survey, memory, judges);
  const judged: Judged[] = [];
  const began = performance.now();
  for (const mutant of mutants) {
    const equivalent = equivalents.get(nameOfMutant(mutant)) ?? null;
    const { isNew, ...answer } = await run.judge(mutant, equivalent === null ? patienceMs : LISTED_PATIENCE_MS);
    judged.push({ mutant, answer, equivalent, isReached: reaching(survey, mutant).length > 0 });
    if (isNew && answer.noticedBy === null && equivalent === null)
      say(`survived ${whereOf(mutant)}  ${mutant.source}\n    ${mutant.change}`);
    if (judged.length % 100 === 0)
      say(`${judged.length} of ${mutants.length} judged, ${Math.round((performance.now() - began) / 1000)} s`);
  }
  const { text, isEnough } = summaryOf(judged, stale);
  console.log(text);
  return isEnough && survey.broken.length === 0 ? 0 : 1;
}

process.exitCode = await main();
