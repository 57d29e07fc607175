/** What every part of `bench:engine` is given, and how its figures are printed. */
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../rules/changes.ts';
import { RULES } from '../rules/table.ts';
import { compareVerdicts, type Verdict } from '../rules/verdict.ts';
import { WrongOutput } from './check.ts';
import { quantile } from './figures.ts';
import { verdictSort } from './habits.ts';

export interface PartOptions {
  readonly seed: number;
  /** Working days of a year. */
  readonly days: number;
  /** Halls of a province. */
  readonly halls: number;
  /** How long what is live is measured. */
  readonly seconds: number;
}

export const say = (text: string): void => void process.stderr.write(`${text}\n`);
export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');

/** A line of the table: what, how much of what unit, and what is wanted of it; null = nothing is. */
export function figure(what: string, measured: number, unit: string, atMost: number | null = null, more = ''): void {
  const shown = measured < 10 ? measured.toFixed(3) : measured < 100 ? measured.toFixed(1) : whole(measured);
  const wanted = atMost === null ? '' : `  wanted ${atMost}: ${measured <= atMost ? 'met' : 'missed'}`;
  print(`  ${what.padEnd(58)}${shown.padStart(9)} ${unit}${wanted}${more === '' ? '' : `  (${more})`}`);
}

/** The median and the 99th percentile of milliseconds. */
export function latencyFigures(what: string, took: readonly number[], atMostMs: number | null): void {
  figure(`${what}, p50`, quantile(took, 0.5), 'ms');
  figure(`${what}, p99`, quantile(took, 0.99), 'ms', atMostMs, `${whole(took.length)} times`);
}

/** Collects all garbage there is, so that the next part does not pay for it. */
export function collect(): void {
  if (globalThis.gc === undefined) throw new Error('Node was started without --expose-gc');
  globalThis.gc();
}

/** Throws `WrongOutput` unless the rules said what was planted, of each rule in each state as often. */
export function mustBePlanted(verdicts: Iterable<Verdict>, planted: ReadonlyMap<string, number>): void {
  const judged = new Set(RULES.map(({ name }) => name));
  const wanted = [...planted].filter(([sort]) => judged.has(sort.split(' ')[0] ?? '')).sort();
  const found = new Map<string, number>();
  for (const verdict of verdicts) found.set(verdictSort(verdict), (found.get(verdictSort(verdict)) ?? 0) + 1);
  mustBeSame([...found].sort(), wanted, 'planted');
}

/** Throws `WrongOutput` unless changes lead to those verdicts. */
export function mustLeadTo(changes: Iterable<Change>, verdicts: readonly Verdict[]): void {
  const held = new Map<string, Verdict>();
  for (const { op, key, verdict } of changes) {
    if (op === 'retract') held.delete(key);
    else held.set(key, verdict);
  }
  mustBeSame([...held.values()].sort(compareVerdicts), verdicts, 'judged at once');
}

/** Throws `WrongOutput` unless both are the same, and says where they are not. */
export function mustBeSame(found: readonly unknown[], wanted: readonly unknown[], what: string): void {
  if (isDeepStrictEqual(found, wanted)) return;
  const differing = found.findIndex((one, i) => !isDeepStrictEqual(one, wanted[i]));
  const example = JSON.stringify([found[differing], wanted[differing]]);
  throw new WrongOutput(`${found.length} found, ${wanted.length} ${what}; the first that differ: ${example}`);
}
