/**
 * `npm run bench:engine [-- --only NAME]`: how fast days are judged, live and again, in processor time beside the simplest loop over the
 * same facts in the same process. Each part is a process of its own; no figure is printed before what was judged has been checked.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { WrongOutput } from './check.ts';
import { type PartOptions, print, say } from './engine-part.ts';
import { DAEMON_FLAGS, NODE_FLAGS } from './shipped.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '250' },
    halls: { type: 'string', default: '250' },
    seconds: { type: 'string', default: '20' },
  },
});

type Part = (options: PartOptions) => void | Promise<void>;

/** In the order in which they are printed. */
const PARTS: Readonly<Record<string, () => Promise<Part>>> = {
  year: async () => (await import('./engine-replay.ts')).benchYear,
  province: async () => (await import('./engine-replay.ts')).benchProvince,
  herd: async () => (await import('./engine-herd.ts')).benchHerd,
  restart: async () => (await import('./engine-restart.ts')).benchRestart,
  deadlines: async () => (await import('./engine-deadlines.ts')).benchDeadlines,
  growth: async () => (await import('./engine-growth.ts')).benchGrowth,
  late: async () => (await import('./engine-late.ts')).benchLate,
  peers: async () => (await import('./engine-peers.ts')).benchPeers,
};

/** What a daemon does, as it does it. */
const LIVE: ReadonlySet<string> = new Set(['deadlines', 'late']);

async function one(name: string): Promise<number> {
  const part = Object.hasOwn(PARTS, name) ? await PARTS[name]?.() : undefined;
  if (part === undefined) {
    say(`--only ${name}: there are ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  const { seed, days, halls, seconds } = values;
  try {
    await part({ seed: Number(seed), days: Number(days), halls: Number(halls), seconds: Number(seconds) });
    return 0;
  } catch (error) {
    if (!(error instanceof WrongOutput)) throw error;
    say(`No figures: ${error.message}`);
    return 1;
  }
}

/** A process for each part: none pays for what another left behind. */
async function inProcesses(names: readonly string[]): Promise<number> {
  print(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`);
  let worst = 0;
  for (const name of names) {
    const flags = [...(LIVE.has(name) ? DAEMON_FLAGS : NODE_FLAGS), '--expose-gc', '--max-old-space-size=8192'];
    const args = [...flags, new URL(import.meta.url).pathname, ...process.argv.slice(2), '--only', name];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    worst = Math.max(worst, code ?? 1);
    print(`  load ${loadavg()[0]?.toFixed(1)}`);
  }
  return worst;
}

const isPart = process.execArgv.includes('--expose-gc');
const names = values.only === undefined ? Object.keys(PARTS) : [values.only];
process.exitCode = isPart && values.only !== undefined ? await one(values.only) : await inProcesses(names);
