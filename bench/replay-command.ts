/** The shipped `replay`, from file to file, in a process of its own; and what it wrote, held against what was planted. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RULES } from '../rules/table.ts';
import { WrongOutput } from './check.ts';
import { verdictSort } from './habits.ts';
import { ZAIGANG } from './shipped.ts';

const run = promisify(execFile);
const USAGE = new URL('usage.ts', import.meta.url).href;

export interface Replayed {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of the processor, all threads. */
  readonly cpu: number;
  readonly peakRssBytes: number;
  readonly verdicts: readonly string[];
  readonly sha256: string;
}

export async function replay(directory: string, config: string, facts: string, now: string): Promise<Replayed> {
  const out = join(directory, 'verdicts.jsonl');
  const usage = join(directory, 'usage.json');
  const startedAt = performance.now();
  await run(ZAIGANG, ['replay', '--config', config, '--facts', facts, '--now', now, '--out', out], {
    env: { ...process.env, NODE_OPTIONS: `--import=${USAGE}`, ZAIGANG_BENCH_USAGE: usage },
  });
  const wall = performance.now() - startedAt;
  const text = await readFile(out, 'utf8');
  const used = JSON.parse(await readFile(usage, 'utf8')) as { cpu: number; peakRssBytes: number };
  return {
    wall,
    ...used,
    verdicts: text.split('\n').filter((line) => line !== ''),
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/** Throws `WrongOutput` unless the rules said exactly what was planted, of each rule in each state as often. */
export function checkVerdicts(lines: readonly string[], planted: ReadonlyMap<string, number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) {
    const sort = verdictSort(JSON.parse(line) as { rule: string; state: string; because?: string });
    found.set(sort, (found.get(sort) ?? 0) + 1);
  }
  const judged = new Set(RULES.map(({ name }) => name));
  const wanted = new Map([...planted].filter(([sort]) => judged.has(sort.split(' ')[0] as string)));
  const differing = [...new Set([...found.keys(), ...wanted.keys()])].filter((s) => found.get(s) !== wanted.get(s));
  if (differing.length > 0) {
    const each = differing.map((sort) => `${sort}: ${wanted.get(sort) ?? 0} planted, ${found.get(sort) ?? 0} found`);
    throw new WrongOutput(each.join('; '));
  }
  return found;
}
