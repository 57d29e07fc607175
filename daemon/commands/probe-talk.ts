/** What `probe` prints of the steps it does, and how it ends. */
import { type StepFailure, Steps, type StepTold, stepName } from '../probing/steps.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

const NAME_WIDTH = { zh: 8, en: 11 } as const;

export class ProbeTalk {
  readonly steps = new Steps((told) => this.#tell(told));
  readonly #io: Io;
  readonly #json: boolean;
  readonly #told: StepTold[] = [];

  constructor(io: Io, json: boolean) {
    this.#io = io;
    this.#json = json;
  }

  /** Ends the command: with its JSON, and with the code and remedy of the step that failed. */
  end(source: string, failure: StepFailure | null): void {
    if (this.#json) {
      const remedy = failure?.remedy ?? null;
      this.#io.out(`${JSON.stringify({ source, ok: failure === null, remedy, steps: this.#told })}\n`);
    }
    if (failure === null) this.#io.say(tell(this.#io, '全部通过。', 'Everything is fine.'));
    else
      throw new Exit(EXIT[failure.kind], tell(this.#io, `怎么办：${failure.remedy}`, `What to do: ${failure.remedy}`));
  }

  #tell(told: StepTold): void {
    this.#told.push(told);
    if (this.#json) return;
    const name = stepName(told.step, this.#io);
    const width =
      this.#io.lang === 'zh' ? [...name].reduce((sum, char) => sum + (char > '\xff' ? 2 : 1), 0) : name.length;
    const padded = name + ' '.repeat(Math.max(0, NAME_WIDTH[this.#io.lang] - width));
    const seconds = (told.ms / 1000).toFixed(2).padStart(6);
    this.#io.out(`${told.ok ? '✓' : '✗'} ${padded} ${seconds} s  ${told.said}\n`);
  }
}
