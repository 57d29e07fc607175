/** What earlier runs found, so that slices add up: an answer holds for as long as nothing has changed that it rests on. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, nameOfMutant } from './mutation.ts';
import { hashOf } from './snapshot.ts';
import type { Known, SurveyStore } from './survey-of.ts';
import type { Surveyed } from './trial.ts';

/** What came of a mutant. */
export interface Remembered {
  readonly name: string;
  /** Null = nothing noticed it. */
  readonly noticedBy: string | null;
  /** The trial at which it was noticed, also where that did not end; null where nobody knows. */
  readonly trial: string | null;
  readonly because: string;
  /** Of what it rests on. */
  readonly digest: string;
  /** Processor time that was spent at most before it counted as not noticed; infinite as null. */
  readonly patienceMs: number | null;
}

export class Memory {
  readonly #answers = new Map<string, Remembered>();
  readonly #file: string;
  readonly #folder: string;

  constructor(folder: string) {
    mkdirSync(join(folder, 'surveys'), { recursive: true });
    this.#folder = folder;
    this.#file = join(folder, 'answers.jsonl');
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      if (line === '') continue;
      const answer = JSON.parse(line) as Remembered;
      this.#answers.set(answer.name, answer);
    }
  }

  /** What is known of a mutant, if only of how it once was. */
  of(mutant: Mutant): Remembered | null {
    return this.#answers.get(nameOfMutant(mutant)) ?? null;
  }

  keep(answer: Remembered): void {
    this.#answers.set(answer.name, answer);
    appendFileSync(this.#file, `${JSON.stringify(answer)}\n`);
  }

  get surveys(): SurveyStore {
    const path = (digest: string): string => join(this.#folder, 'surveys', `${digest}.json`);
    return {
      get: (digest) =>
        existsSync(path(digest)) ? (JSON.parse(readFileSync(path(digest), 'utf8')) as Surveyed[]) : null,
      keep: (digest, surveyed) => writeFileSync(path(digest), JSON.stringify(surveyed)),
    };
  }
}

/** What an answer rests on: the trial that noticed, or all that might have. */
export function restsOn(trial: string | null, reaching: readonly Known[]): string {
  const one = reaching.find(({ name }) => name === trial);
  return one?.digest ?? hashOf(reaching.map(({ name, digest }) => `${name} ${digest}`).sort());
}

/** Whether an answer holds now. */
export function holds(answer: Remembered, reaching: readonly Known[], patienceMs: number): boolean {
  const isTrialGone = answer.trial !== null && reaching.every(({ name }) => name !== answer.trial);
  const isPatient = answer.noticedBy !== null || answer.patienceMs === null || answer.patienceMs >= patienceMs;
  return !isTrialGone && isPatient && answer.digest === restsOn(answer.trial, reaching);
}
