/** A daemon that was killed is started again on the ledger of a year: how long until the first verdict that it had not said before. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { Query } from '../daemon/ledger/query.ts';
import { DAY_LENGTH, type Day, HOUR, MINUTE } from '../rules/time.ts';
import type { Verdict } from '../rules/verdict.ts';
import { WrongOutput } from './check.ts';
import { CityYear } from './city-year.ts';
import { hallOfYear } from './engine-facts.ts';
import { figure, type PartOptions, print, say, whole } from './engine-part.ts';
import { median } from './figures.ts';
import { fillLedger } from './filled-ledger.ts';
import { credentialOf, employeeId, PEOPLE } from './hall.ts';
import { DAEMON_FLAGS } from './shipped.ts';
import { yearYaml } from './year-files.ts';

/** What is wanted, in milliseconds. */
const AT_MOST = 3000;
const GOES = 5;
const RESTARTED = new URL('engine-restarted.ts', import.meta.url).pathname;

/** What the daemon says of its start; instants are of the wall clock. */
export interface Restarted {
  /** When what lies in the ledger had been judged again, and when all doors were open, the pages last. */
  readonly readAt: number;
  readonly openedAt: number;
  readonly judgedAt: number;
  /** Processor time up to that verdict. */
  readonly cpu: number;
  /** What it says of who came; null = nothing by the time that it was open. */
  readonly verdict: Verdict | null;
}

export async function benchRestart({ seed, days }: PartOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    const year = new CityYear(seed, days);
    const config = join(folder, 'hall.yaml');
    writeFileSync(config, yearYaml(year, folder));
    // Twenty past nine of its last day, in Shanghai.
    const diedAt = (year.workdays.at(-1) as Day) * DAY_LENGTH + HOUR + 20 * MINUTE;
    const startedAt = performance.now();
    fillLedger(hallOfYear(year, folder), year.lines(), year.from, diedAt);
    const ledger = join(folder, 'data', 'ledger.db');
    const size = statSync(ledger).size / 2 ** 20;
    say(`filled in ${whole(performance.now() - startedAt)} ms`);
    print(`\nA daemon that was killed starts again, with ${days} days in ${whole(size)} MiB of ledger`);
    const starts: Started[] = [];
    for (let go = 0; go < GOES; go++) starts.push(await start(config, diedAt + (go + 1) * MINUTE, lateOn(ledger, go)));
    const since = (of: (start: Started) => number): number => median(starts.map((one) => of(one) - one.startedAt));
    figure(
      'until the hall is judged again',
      since(({ readAt }) => readAt),
      'ms',
    );
    figure(
      'until a new punch has changed a verdict',
      since(({ judgedAt }) => judgedAt),
      'ms',
      AT_MOST,
    );
    figure('the same', median(starts.map(({ cpu }) => cpu)), 'ms CPU');
    figure(
      'until its pages are open as well',
      since(({ openedAt }) => openedAt),
      'ms',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Late {
  readonly employee: string;
  readonly credential: string;
}

/** Somebody who has not come yet; of several another one each time. */
function lateOn(ledger: string, go: number): Late {
  const database = new DatabaseSync(ledger, { readOnly: true });
  const rows = new Query<{ verdict: string }>(database, 'select verdict from standing').all();
  database.close();
  const late = rows
    .map(({ verdict }) => JSON.parse(verdict) as Verdict)
    .filter(({ rule, to, state }) => rule === 'late' && to === null && state !== 'closed');
  const employee = late[go]?.employee;
  const person = Array.from({ length: PEOPLE }, (_, i) => i).find((i) => employeeId(i) === employee);
  if (employee == null || person === undefined)
    throw new WrongOutput(`of ${rows.length} verdicts none is of somebody late`);
  return { employee, credential: credentialOf(person) };
}

interface Started extends Restarted {
  readonly startedAt: number;
}

async function start(config: string, now: number, late: Late): Promise<Started> {
  const startedAt = Date.now();
  const args = [...DAEMON_FLAGS, RESTARTED, config, String(now), late.credential];
  // As the command does; the first time what Node makes of the sources is not there yet.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(dirname(config), 'cache') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const restarted = await firstLine(child);
    if (restarted.verdict?.employee !== late.employee)
      throw new WrongOutput(`${late.employee} came, and is not said to have been late`);
    return { ...restarted, startedAt };
  } finally {
    // As a power cut ends it: nothing is closed.
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

async function firstLine(child: ChildProcess): Promise<Restarted> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    return JSON.parse(line) as Restarted;
  }
  throw new WrongOutput('the daemon ended before it said anything');
}
