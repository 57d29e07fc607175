/** The year as files: hall.yaml, its facts as they were recorded, and the same lines in no order. */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dateOf } from '../rules/time.ts';
import { diceOf } from '../test/oracle/dice.ts';
import { CityYear } from './city-year.ts';
import { hallYaml, OFFICE_WEEK } from './hall.ts';

export interface YearFiles {
  readonly config: string;
  readonly sorted: string;
  readonly shuffled: string;
  readonly year: CityYear;
}

/** Enough for a write to be worth it. */
const BLOCK = 1 << 20;

export function writeYear(directory: string, seed: number, days: number): YearFiles {
  const year = new CityYear(seed, days);
  const files = { config: join(directory, 'hall.yaml'), sorted: join(directory, 'facts.jsonl') };
  const shuffled = join(directory, 'shuffled.jsonl');
  writeFileSync(files.config, yearYaml(year, directory));
  writeLines(files.sorted, year.lines());
  writeShuffled(files.sorted, shuffled, seed);
  return { ...files, shuffled, year };
}

/** hall.yaml of a year. */
export function yearYaml(year: CityYear, directory: string): string {
  return hallYaml({
    timezone: 'Asia/Shanghai',
    weekly: OFFICE_WEEK,
    rest: year.holidays.map(dateOf),
    data: join(directory, 'data'),
    mqtt: { url: 'mqtt://127.0.0.1:1883' },
    passwordEnv: null,
  });
}

function writeLines(file: string, lines: Iterable<string>): void {
  const descriptor = openSync(file, 'w');
  let block = '';
  for (const line of lines) {
    block += `${line}\n`;
    if (block.length < BLOCK) continue;
    writeSync(descriptor, block);
    block = '';
  }
  writeSync(descriptor, block);
  closeSync(descriptor);
}

/** Lines are moved as bytes, by where they begin: a year of them as strings would not fit. */
function writeShuffled(from: string, to: string, seed: number): void {
  const bytes = readFileSync(from);
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at = bytes.indexOf(10, at) + 1) starts.push(at);
  const dice = diceOf(seed);
  for (let i = starts.length - 1; i > 0; i--) {
    const other = dice.between(0, i);
    [starts[i], starts[other]] = [starts[other] as number, starts[i] as number];
  }
  writeLines(
    to,
    starts.values().map((start) => bytes.toString('utf8', start, bytes.indexOf(10, start))),
  );
}
