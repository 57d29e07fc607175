/** What a mutant is put through, in another process, and what comes back. */
import type { HallData, Judging } from '../../rules/hall.ts';
import type { Fault } from './fault.ts';

/** A random world, by its seed; or a test, by its place in its file. */
export type Trial = { readonly world: number } | { readonly file: string; readonly test: number };

/** A mutant, and what it is put through in this order, up to the first trial that notices the fault. */
export interface Case {
  readonly fault: Fault;
  /** Each with the processor time after which it counts as endless. */
  readonly trials: readonly { readonly trial: Trial; readonly limitMs: number }[];
  /** Processor time after which no further trial is begun. */
  readonly patienceMs: number;
}

export interface Answer {
  /** The trial that noticed the fault, or what ended it; null = none did. */
  readonly noticedBy: string | null;
  readonly because: string;
  /** How many trials were begun. */
  readonly begun: number;
  /** Whether the process ends with this answer. */
  readonly isLast: boolean;
}

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

/** The survey of the worlds, or of a test file: how the sound code does, and which trial gets where. */
export interface SurveyJob {
  /** Where what was prepared for all mutants lies. */
  readonly folder: string;
  readonly unit: { readonly worlds: readonly number[] } | { readonly file: string };
  /** Processor time for the tests of a file; what is left over is not tried: it is the same with other dice. */
  readonly fileMs: number;
  /** By source file, the places that are asked about. */
  readonly places: Readonly<Record<string, readonly number[]>>;
}

export interface Surveyed {
  /** Null for what is no trial: loading. */
  readonly trial: Trial | null;
  readonly name: string;
  readonly cpuMs: number;
  /** Null where all is well with the sound code. */
  readonly failure: string | null;
  /** By source file, which of its places the trial got to, by their position in the list. */
  readonly reached: Readonly<Record<string, readonly number[]>>;
}
