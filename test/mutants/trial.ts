/** What a mutant is put through, in another process, and what comes back. */
import type { HallData, Judging } from '../../rules/hall.ts';
import type { Fault } from './fault.ts';

/** A random world, by its seed; or a test file, with the places of the tests in it that are to be run. */
export type Trial = { readonly world: number } | { readonly file: string; readonly tests: readonly number[] };

export interface Job {
  /** Where what was prepared for all mutants lies. */
  readonly folder: string;
  readonly cases: readonly Case[];
}

export interface Case {
  readonly fault: Fault;
  /** In this order, up to the first that notices the fault; each with the processor time after which it counts as endless. */
  readonly trials: readonly { readonly trial: Trial; readonly limitMs: number }[];
}

/** The first trial that noticed the fault, and how; null = none did. One line for each case, in their order. */
export type Answer = { readonly noticedBy: string; readonly because: string } | { readonly noticedBy: null };

/** A world with what the oracle says of it: as data, so that a judge need not load what reads configurations. */
export interface PreparedWorld {
  readonly judging: Judging;
  readonly data: HallData;
  readonly facts: readonly Record<string, unknown>[];
  /** Instants, ascending, with the verdicts that the oracle finds at each, as text. */
  readonly instants: readonly (readonly [at: string, wanted: string])[];
  /** What of a verdict is compared. */
  readonly compared: readonly string[];
}

/** The survey: how the sound code does, and which trial gets where. */
export interface SurveyJob {
  readonly folder: string;
  readonly worlds: readonly number[];
  readonly files: readonly string[];
  /** Processor time for the tests of one file; what is left over is not tried: it is the same with other dice. */
  readonly fileMs: number;
  /** By source file, the places that are asked about. */
  readonly places: Readonly<Record<string, readonly number[]>>;
}

/** A trial with a single test, if it is one of a file. */
export interface Surveyed {
  readonly trial: Trial;
  readonly name: string;
  readonly cpuMs: number;
  /** Null where all is well with the sound code. */
  readonly failure: string | null;
  /** By source file, which of its places the trial got to, by their position in the list. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
}
