/** A world against what the oracle says of it, and its history against its end. Imports the rules as they are served. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { readFact } from '../../rules/facts.ts';
import { compileHall } from '../../rules/hall.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { parseInstant } from '../../rules/time.ts';
import { compareVerdicts, type Verdict, verdictLine } from '../../rules/verdict.ts';
import type { PreparedWorld } from './trial.ts';

/** Throws where the rules and the oracle differ, or the history does not lead to what holds. */
export function tryWorld(folder: string, seed: number): void {
  const {
    judging,
    data,
    facts: lines,
    instants,
    compared,
  } = deserialize(readFileSync(join(folder, `world-${seed}`))) as PreparedWorld;
  const hall = compileHall(judging, data);
  const facts = lines.map((line) => {
    const fact = readFact(line);
    if (!('fact' in fact)) throw new Error(`not read: ${JSON.stringify(fact)}`);
    return fact;
  });
  const input = { facts, compile: () => hall, hall };
  const nowOf = (at: string) => parseInstant(at) ?? Number.NaN;
  const holdingAt = new Map<number, readonly Verdict[]>();
  for (const [at, wanted] of instants) {
    const now = nowOf(at);
    const holding = verdictsAt({ ...input, now });
    holdingAt.set(now, holding);
    const got = holding.map((verdict) => textOf({ ...verdictLine(hall, verdict, now) }, compared));
    if (got.join('\n') !== wanted) throw new Error(`differs from the oracle at ${at}`);
  }
  const changes = historyUntil({ ...input, now: nowOf(instants.at(-1)?.[0] ?? '') });
  const told = new Map<string, Verdict>();
  for (const [now, holding] of holdingAt) {
    while (changes[0] !== undefined && changes[0].at <= now) {
      const [change] = changes.splice(0, 1);
      if (change?.op === 'retract') told.delete(change.key);
      else if (change !== undefined) told.set(change.key, change.verdict);
    }
    const folded = [...told.values()].sort(compareVerdicts);
    if (JSON.stringify(folded) !== JSON.stringify(holding)) throw new Error(`the history does not lead to ${now}`);
  }
}

export function textOf(line: Readonly<Record<string, unknown>>, compared: readonly string[]): string {
  return JSON.stringify(compared.map((key) => line[key] ?? null));
}
