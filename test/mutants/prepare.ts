/** What all mutants need, made once from the sound code: its snapshot, and random worlds with what the oracle says of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { RULES } from '../../rules/table.ts';
import { oracle } from '../oracle/oracle.ts';
import { world } from '../oracle/worlds.ts';
import { COMPARED } from '../support/world-check.ts';
import { judgingOfWorld } from '../support/world-run.ts';
import { readSource, type Source } from './mutation.ts';
import { hashOf, type Snapshot, snapshotOf } from './snapshot.ts';
import type { PreparedWorld } from './trial.ts';
import { textOf } from './world-trial.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const WORLD_TRIAL = 'test/mutants/world-trial.ts';

/** A folder that is gone when this is disposed of. */
export interface Prepared extends Disposable {
  readonly folder: string;
  readonly sources: readonly Source[];
  readonly snapshot: Snapshot;
  /** By seed, what tells a world, with what the oracle says of it, from another. */
  readonly worlds: ReadonlyMap<number, string>;
}

/** Takes a snapshot of the rules, of the worlds of these seeds, and of these test files. */
export function prepare(seeds: readonly number[], files: readonly string[] = []): Prepared {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-mutants-'));
  const names = readdirSync(join(ROOT, 'rules')).filter((name) => name.endsWith('.ts'));
  const rules = names.sort().map((name) => `rules/${name}`);
  const snapshot = snapshotOf(ROOT, [WORLD_TRIAL, ...rules, ...files]);
  writeFileSync(join(folder, 'snapshot.json'), JSON.stringify(snapshot));
  const sources = rules.map((file) => readSource(file, readFileSync(join(ROOT, file), 'utf8')));
  const worlds = new Map<number, string>();
  for (const seed of seeds) {
    const bytes = serialize(prepareWorld(seed));
    writeFileSync(join(folder, `world-${seed}`), bytes);
    worlds.set(seed, hashOf([bytes]));
  }
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, sources, snapshot, worlds, [Symbol.dispose]: dispose };
}

function prepareWorld(seed: number): PreparedWorld {
  const { config, facts, instants } = world(seed);
  const judged: ReadonlySet<string> = new Set(RULES.map(({ name }) => name));
  const wanted = (at: string): string =>
    oracle(config, facts, at)
      .filter(({ rule }) => judged.has(rule))
      .map((verdict) => textOf({ ...verdict }, COMPARED))
      .join('\n');
  return {
    ...judgingOfWorld(config),
    facts,
    instants: instants.map((at) => [at, wanted(at)] as const),
    compared: COMPARED,
  };
}
