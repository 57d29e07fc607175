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
import type { PreparedWorld } from './trial.ts';
import { textOf } from './world-trial.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A folder that is gone when this is disposed of. */
export interface Prepared extends Disposable {
  readonly folder: string;
  readonly sources: readonly Source[];
}

/** Takes a snapshot of the rules and prepares the worlds of these seeds. */
export function prepare(seeds: readonly number[]): Prepared {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-mutants-'));
  const names = readdirSync(join(ROOT, 'rules')).filter((name) => name.endsWith('.ts'));
  const sources = names
    .sort()
    .map((name) => readSource(`rules/${name}`, readFileSync(join(ROOT, 'rules', name), 'utf8')));
  const js = Object.fromEntries(sources.map((source) => [source.file, source.js]));
  writeFileSync(join(folder, 'sources.json'), JSON.stringify(js));
  for (const seed of seeds) writeFileSync(join(folder, `world-${seed}`), serialize(prepareWorld(seed)));
  return { folder, sources, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
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
