/** Puts mutants through trials, one after the other, in processes that stay warm for as long as they last. */
import { type Child, startChild } from './child.ts';
import type { Answer, Case } from './trial.ts';

/** So many mutants share a process: starting one takes a while, and old modules stay in memory. */
const TOGETHER = 60;

export class Judges implements AsyncDisposable {
  readonly #folder: string;
  #child: Child | null = null;
  #judged = 0;
  #hear: (answer: Answer) => void = () => {};

  /** In the folder lies what was prepared. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async judge(one: Case): Promise<Answer> {
    const child = this.#child ?? this.#start();
    const { promise: heard, resolve } = Promise.withResolvers<Answer>();
    this.#hear = resolve;
    child.tell(one);
    // What it has answered is heard before its end is.
    const answer = await Promise.race([heard, this.#endOf(child)]);
    this.#judged += 1;
    if (answer.isLast || this.#judged >= TOGETHER) await this.#end();
    return answer;
  }

  #start(): Child {
    const child = startChild('judge.ts', this.#folder, (line) => this.#hear(JSON.parse(line) as Answer));
    child.tell({ folder: this.#folder });
    this.#child = child;
    this.#judged = 0;
    return child;
  }

  /** What it means that a process ended without an answer: some faults do that. */
  async #endOf(child: Child): Promise<Answer> {
    const { code, signal, complaint } = await child.ended;
    const ended = { because: 'it does not end', begun: 0, isLast: true };
    if (complaint.includes('heap out of memory')) return { ...ended, noticedBy: 'memory' };
    // Nothing left to wait for, and no answer: a promise that is never kept.
    if (code === 13) return { ...ended, noticedBy: 'waiting' };
    throw new Error(`the judge ended with ${code ?? signal}: ${complaint}`);
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    child?.finish();
    await child?.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
  }
}
