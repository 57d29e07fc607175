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

/** How likely each is to notice something before anything was learnt; `own`: the tests that are called as the file is. */
const BEFOREHAND = { world: 0.2, own: 0.9, test: 0.1 };

/** What it takes to begin with a file, or a world; of what a file loads most is shared, and loaded already. */
const BEGINNING_MS = 25;
const LOADED_ANEW = 0.25;

interface Candidate {
  readonly known: Known;
  /** That it notices the mutant. */
  readonly chance: number;
}

/** The tests of a file, or a world. */
interface Queue {
  /** The one that is most worth trying comes last. */
  readonly waiting: Candidate[];
  /** What each has to bear of what it takes to begin; nothing once one of them was tried. */
  sharedMs: number;
}

/** Whether a test is of the file with the same name: `rules/late.ts`, `test/rules/late.test.ts`. */
function isOf(file: string, trial: Known['trial']): boolean {
  return 'file' in trial && trial.file === `test/${file.replace(/\.ts$/, '.test.ts')}`;
}

function unitOf({ trial }: Known): string | number {
  return 'file' in trial ? trial.file : trial.world;
}

function worthOf({ waiting, sharedMs }: Queue): number {
  const next = waiting.at(-1);
  return next === undefined ? 0 : next.chance / (next.known.cpuMs + sharedMs);
}

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

  /** The trials in the order in which they are worth trying: once a file is loaded, the rest of it costs little. */
  order(mutant: Pick<Mutant, 'file' | 'line'>, trials: readonly Known[]): Known[] {
    const ordered: Known[] = [];
    const left = [...Map.groupBy(trials, unitOf).values()].map((group) => this.#queue(mutant, group));
    while (left.length > 0) {
      const best = left.reduce((one, other) => (worthOf(other) > worthOf(one) ? other : one));
      ordered.push((best.waiting.pop() as Candidate).known);
      best.sharedMs = 0;
      if (best.waiting.length === 0) left.splice(left.indexOf(best), 1);
    }
    return ordered;
  }

  #queue(mutant: Pick<Mutant, 'file' | 'line'>, group: readonly Known[]): Queue {
    const waiting = group.map((known) => ({ known, chance: this.#chance(mutant, known) }));
    const loadMs = group[0]?.loadMs ?? 0;
    return {
      waiting: waiting.sort((a, b) => a.chance / a.known.cpuMs - b.chance / b.known.cpuMs),
      sharedMs: (BEGINNING_MS + LOADED_ANEW * loadMs) / group.length,
    };
  }

  #chance({ file, line }: Pick<Mutant, 'file' | 'line'>, { name, trial }: Known): number {
    let noticed = 'world' in trial ? BEFOREHAND.world : isOf(file, trial) ? BEFOREHAND.own : BEFOREHAND.test;
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
