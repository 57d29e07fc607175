/** How the sound code does, and which trials get to which mutants. */
import { startChild } from './child.ts';
import { type Mutant, mutantsOf } from './mutation.ts';
import { type Prepared, WORLD_TRIAL } from './prepare.ts';
import { digestOf, hashOf } from './snapshot.ts';
import type { Surveyed, SurveyJob, Trial } from './trial.ts';

/** What is known of the trials: what they cost, and by mutant which of them get to its place. */
export interface Survey {
  readonly trials: readonly Known[];
  /** Tests that fail without any fault, and so notice none. */
  readonly broken: readonly Surveyed[];
  /** By file, its mutants in order. */
  readonly mutants: ReadonlyMap<string, readonly Mutant[]>;
}

/** A trial that can notice something. */
export interface Known {
  readonly trial: Trial;
  readonly name: string;
  readonly cpuMs: number;
  /** What it takes to load its file, and to do what comes before all of its tests. */
  readonly loadMs: number;
  /** Changes with whatever can change what the trial says. */
  readonly digest: string;
  readonly reached: Readonly<Record<string, ReadonlySet<number>>>;
}

/** Surveys that were made before, by what they are of. */
export interface SurveyStore {
  get(digest: string): readonly Surveyed[] | null;
  keep(digest: string, surveyed: readonly Surveyed[]): void;
}

/** What V8 has optimised it counts no longer. */
const COUNTING = ['--no-opt', '--no-maglev'];

export interface SurveyOptions {
  readonly prepared: Prepared;
  readonly files: readonly string[];
  readonly fileMs: number;
  readonly store: SurveyStore;
  readonly say: (line: string) => void;
}

export async function surveyOf({ prepared, files, fileMs, store, say }: SurveyOptions): Promise<Survey> {
  const { folder, sources, snapshot, worlds } = prepared;
  const mutants = new Map(sources.map((source) => [source.file, mutantsOf(source)]));
  const places = Object.fromEntries([...mutants].map(([file, list]) => [file, list.map(({ start }) => start)]));
  const ofWorlds = digestOf(snapshot, WORLD_TRIAL);
  const units = [
    { unit: { worlds: [...worlds.keys()] }, digest: hashOf([ofWorlds, ...worlds.values()]) },
    ...files.map((file) => ({ unit: { file }, digest: hashOf([digestOf(snapshot, file), String(fileMs)]) })),
  ];
  const trials: Known[] = [];
  const broken: Surveyed[] = [];
  for (const { unit, digest } of units) {
    let surveyed = store.get(digest);
    if (surveyed === null) {
      say(`surveying ${'file' in unit ? unit.file : 'the worlds'}`);
      surveyed = await run({ folder, unit, fileMs, places });
      store.keep(digest, surveyed);
    }
    broken.push(...surveyed.filter(({ failure }) => failure !== null));
    const loading = surveyed.find(({ trial }) => trial === null);
    const loadMs = loading?.cpuMs ?? 0;
    for (const one of surveyed) {
      if (one.trial === null || one.failure !== null) continue;
      const ownDigest =
        'world' in one.trial
          ? hashOf([ofWorlds, worlds.get(one.trial.world) ?? ''])
          : digestOf(snapshot, one.trial.file);
      const reached = together(one.reached, loading?.reached ?? {});
      trials.push({ ...one, trial: one.trial, loadMs, digest: ownDigest, reached });
    }
  }
  return { trials, broken, mutants };
}

type Places = Readonly<Record<string, readonly number[]>>;

/** What is got to by loading alone, every trial gets to. */
function together(one: Places, other: Places): Known['reached'] {
  const files = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...files].map((file) => [file, new Set([...(one[file] ?? []), ...(other[file] ?? [])])]));
}

async function run(job: SurveyJob): Promise<Surveyed[]> {
  const surveyed: Surveyed[] = [];
  const child = startChild('survey.ts', job.folder, (line) => surveyed.push(JSON.parse(line) as Surveyed), COUNTING);
  child.tell(job);
  child.finish();
  const { code, signal, complaint } = await child.ended;
  if (code !== 0) throw new Error(`the survey ended with ${code ?? signal}: ${complaint}`);
  return surveyed;
}

/** The trials that get to a mutant. */
export function reaching({ trials, mutants }: Survey, mutant: Mutant): Known[] {
  const index = mutants.get(mutant.file)?.indexOf(mutant) ?? -1;
  return trials.filter(({ reached }) => reached[mutant.file]?.has(index) ?? false);
}
