/** No figure without a right answer: what the daemon made of the backlog, against a replay of the facts in its ledger. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Round } from './consumer.ts';
import { configOf } from './consumers.ts';
import type { Punch } from './hall.ts';
import { ZAIGANG } from './shipped.ts';

const run = promisify(execFile);
const ROOM = 2 ** 30;

/** What was found to be right. */
export interface Checked {
  /** Verdicts by rule. */
  readonly verdicts: ReadonlyMap<string, number>;
}

/** What is wrong with what the daemon made of the punches; the benchmark prints no figure then. */
export class WrongOutput extends Error {
  override readonly name = 'WrongOutput';
}

/** Throws `WrongOutput` unless every punch is in the ledger exactly once and the verdicts are those that follow. */
export async function check(round: Round, punches: readonly Punch[]): Promise<Checked> {
  const facts = await command(['export', 'facts', '--config', configOf(round)]);
  const held = facts.filter((line) => line.startsWith('{"fact":"punch"'));
  everyPunchOnce(held, punches);
  const said = await command(['export', 'verdicts', '--config', configOf(round)]);
  const file = join(round.directory, 'facts.jsonl');
  await writeFile(file, facts.map((line) => `${line}\n`).join(''));
  const follow = await command(['replay', '--config', configOf(round), '--facts', file]);
  const differing = said.findIndex((line, i) => line !== follow[i]);
  if (said.length !== follow.length || differing >= 0) {
    const example = differing < 0 ? '' : `; the first that differs: ${said[differing]} and ${follow[differing]}`;
    throw new WrongOutput(`${said.length} verdicts held, ${follow.length} follow from the facts${example}`);
  }
  const verdicts = Map.groupBy(said, (line) => (JSON.parse(line) as { rule: string }).rule);
  return { verdicts: new Map([...verdicts].map(([rule, lines]) => [rule, lines.length])) };
}

function everyPunchOnce(lines: readonly string[], punches: readonly Punch[]): void {
  const wanted = new Set(punches.map(({ clock, seq }) => `${clock} ${seq}`));
  if (lines.length !== wanted.size)
    throw new WrongOutput(`${wanted.size} punches were sent, ${lines.length} were kept`);
  for (const line of lines) {
    const { device, seq } = JSON.parse(line) as { device: string; seq: number };
    if (!wanted.delete(`${device} ${seq}`)) throw new WrongOutput(`punch ${seq} of ${device} was kept but not sent`);
  }
}

async function command(args: readonly string[]): Promise<string[]> {
  const { stdout } = await run(ZAIGANG, [...args, '--lang', 'en'], { maxBuffer: ROOM });
  return stdout.split('\n').filter((line) => line !== '');
}
