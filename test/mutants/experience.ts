/** What notices most for its time comes first: learnt from the mutants that were noticed before, the nearest most of all. */
import type { Mutant } from './mutation.ts';
import type { Known } from './survey-of.ts';

interface Tries {
  readonly line: number;
  tried: number;
  noticed: number;
}

/** How much what was learnt elsewhere says. */
const WEIGHT = { line: 8, near: 3, file: 0.6, elsewhere: 0.05 };
const NEAR_LINES = 6;

/** What it takes to begin with a file, or a world; of what a file loads most is shared, and loaded already. */
const BEGINNING_MS = 25;
const LOADED_ANEW = 0.25;

export class Experience {
  /** By the name of a trial and a file. */
  readonly #inFile = new Map<string, Map<string, Map<number, Tries>>>();
  readonly #overall = new Map<string, Tries>();

  /** A mutant was noticed by a trial, and by none of those before it. */
  learn({ file, line }: Pick<Mutant, 'file' | 'line'>, missedBy: readonly string[], noticedBy: string): void {
    for (const name of [...missedBy, noticedBy]) {
      const hit = name === noticedBy ? 1 : 0;
      for (const tries of [this.#triesAt(name, file, line), this.#triesOverall(name)]) {
        tries.tried += 1;
        tries.noticed += hit;
      }
    }
  }

  #triesAt(name: string, file: string, line: number): Tries {
    const files = this.#inFile.get(name) ?? new Map<string, Map<number, Tries>>();
    this.#inFile.set(name, files);
    const lines = files.get(file) ?? new Map<number, Tries>();
    files.set(file, lines);
    const tries = lines.get(line) ?? { line, tried: 0, noticed: 0 };
    lines.set(line, tries);
    return tries;
  }

  #triesOverall(name: string): Tries {
    const tries = this.#overall.get(name) ?? { line: 0, tried: 0, noticed: 0 };
    this.#overall.set(name, tries);
    return tries;
  }

  /** The trials in the order in which they are worth trying. */
  order(mutant: Pick<Mutant, 'file' | 'line'>, trials: readonly Known[]): Known[] {
    const inFile = Map.groupBy(trials, ({ trial }) => ('file' in trial ? trial.file : trial));
    const costOf = ({ trial, cpuMs, loadMs }: Known): number => {
      const sharing = inFile.get('file' in trial ? trial.file : trial)?.length ?? 1;
      return cpuMs + (BEGINNING_MS + LOADED_ANEW * loadMs) / sharing;
    };
    const worth = new Map(trials.map((one) => [one, this.#chance(mutant, one) / costOf(one)]));
    return [...trials].sort((a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0));
  }

  #chance({ file, line }: Pick<Mutant, 'file' | 'line'>, { name, trial }: Known): number {
    let noticed = 'world' in trial ? 0.2 : 0.1;
    let tried = 1;
    const add = (tries: Tries, weight: number): void => {
      noticed += weight * tries.noticed;
      tried += weight * tries.tried;
    };
    const overall = this.#overall.get(name);
    if (overall !== undefined) add(overall, WEIGHT.elsewhere);
    for (const tries of this.#inFile.get(name)?.get(file)?.values() ?? []) {
      const away = Math.abs(tries.line - line);
      add(tries, away === 0 ? WEIGHT.line : away <= NEAR_LINES ? WEIGHT.near : WEIGHT.file);
    }
    return noticed / tried;
  }
}
