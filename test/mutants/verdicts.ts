/** Which mutants the tests notice. */
import { runChild } from './child.ts';
import type { Mutant } from './mutation.ts';
import { mutantsOf, type Source } from './mutation.ts';
import type { Answer, Case, Job, Surveyed, SurveyJob } from './trial.ts';

/** What is known of the trials: what they cost, and by mutant which of them get to its place. */
export interface Survey {
  readonly trials: readonly Surveyed[];
  /** Tests that fail without any fault, and so notice none. */
  readonly broken: readonly Surveyed[];
  /** By file, its mutants in order. */
  readonly mutants: ReadonlyMap<string, readonly Mutant[]>;
}

/** What V8 has optimised it counts no longer. */
const COUNTING = ['--no-opt', '--no-maglev'];

export async function surveyOf(
  folder: string,
  sources: readonly Source[],
  worlds: readonly number[],
  files: readonly string[],
  fileMs: number,
): Promise<Survey> {
  const mutants = new Map(sources.map((source) => [source.file, mutantsOf(source)]));
  const places = Object.fromEntries([...mutants].map(([file, list]) => [file, list.map(({ start }) => start)]));
  const job: SurveyJob = { folder, worlds, files, fileMs, places };
  const { lines, code, signal, complaint } = await runChild('survey.ts', job, folder, COUNTING);
  if (code !== 0) throw new Error(`the survey ended with ${code ?? signal}: ${complaint}`);
  const trials = lines.map((line) => JSON.parse(line) as Surveyed);
  return { trials, broken: trials.filter(({ failure }) => failure !== null), mutants };
}

/** The shortest way to notice most: some worlds, cheap tests, all the worlds, and then what takes long. */
const FIRST_WORLDS = 8;
const CHEAP_MS = 1500;
/** A file that takes so long to load is left to what no world gets to. */
const LONG_MS = 5000;

/** The trials that get to a mutant, in the order in which they are tried; `quick`: only the first, for what is known to survive. */
export function trialsFor(survey: Survey, mutant: Mutant, { quick }: { readonly quick: boolean }): Case['trials'] {
  const index = survey.mutants.get(mutant.file)?.indexOf(mutant) ?? -1;
  const gets = ({ reached }: Surveyed): boolean => reached[mutant.file]?.includes(index) ?? false;
  const [loading, ...trials] = survey.trials.filter(({ failure }) => failure === null);
  const always = loading !== undefined && gets(loading);
  const reaching = trials.filter((one) => always || gets(one));
  const worlds = reaching.filter(({ trial }) => 'world' in trial).map(({ trial, cpuMs }) => ({ trial, cpuMs }));
  const files = testFiles(reaching, trials).filter(({ loadMs }) => worlds.length === 0 || loadMs < LONG_MS);
  const cheap = files.filter(({ cpuMs }) => cpuMs < CHEAP_MS);
  const first = [...worlds.slice(0, FIRST_WORLDS), ...cheap];
  const rest = [...worlds.slice(FIRST_WORLDS), ...files.filter((file) => !cheap.includes(file))];
  return [...first, ...(quick ? [] : rest)].map(({ trial, cpuMs }) => ({ trial, limitMs: limitOf(cpuMs) }));
}

/** Counting blocks makes the sound code slow already; a mutant that is ten times as slow as that will not end. */
function limitOf(cpuMs: number): number {
  return 3000 + 10 * cpuMs;
}

/** The tests of a file that get to a mutant. */
interface FileTrial {
  readonly trial: { readonly file: string; readonly tests: readonly number[] };
  readonly loadMs: number;
  readonly cpuMs: number;
}

/** The tests of one file together: it is loaded once. */
function testFiles(reaching: readonly Surveyed[], all: readonly Surveyed[]): FileTrial[] {
  const byFile = Map.groupBy(reaching, ({ trial }) => ('file' in trial ? trial.file : ''));
  return [...byFile]
    .filter(([file]) => file !== '')
    .map(([file, surveyed]) => {
      const tests = surveyed.flatMap(({ trial }) => ('file' in trial ? trial.tests : []));
      const loadMs = all.find(({ name }) => name === file)?.cpuMs ?? 0;
      const running = surveyed.reduce((sum, { name, cpuMs }) => sum + (name === file ? 0 : cpuMs), 0);
      return { trial: { file, tests }, loadMs, cpuMs: loadMs + running };
    })
    .sort((a, b) => a.cpuMs - b.cpuMs);
}

/** So many mutants share a process: starting one takes longer than noticing most faults, and old modules stay in memory. */
const TOGETHER = 25;

/** Tries mutants one after the other, in as few processes as that takes; `done` is told of each. */
export async function judgeMutants(
  folder: string,
  cases: readonly Case[],
  done: (answer: Answer, place: number) => void = () => {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < cases.length) {
    const first = answers.length;
    for (const answer of await judgeSome({ folder, cases: cases.slice(first, first + TOGETHER) })) {
      done(answer, answers.length);
      answers.push(answer);
    }
  }
  return answers;
}

/** The answers for the first cases of a job, at least one: what loops for ever ends the process. */
async function judgeSome(job: Job): Promise<Answer[]> {
  const { lines, code, signal, complaint } = await runChild('judge.ts', job, job.folder);
  const answers = lines.map((line) => JSON.parse(line) as Answer);
  // Some faults end the process, too; if something else does, it does so again at the first of the cases that are left.
  if (answers.length === job.cases.length || (answers.at(-1)?.noticedBy ?? null) !== null) return answers;
  if (complaint.includes('heap out of memory'))
    return [...answers, { noticedBy: 'memory', because: 'it does not end' }];
  // Nothing left to wait for, and no answer: a promise that is never kept.
  if (code === 13) return [...answers, { noticedBy: 'waiting', because: 'it does not end' }];
  throw new Error(`the judge ended with ${code ?? signal}: ${complaint}`);
}
