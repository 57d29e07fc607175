/**
 * `npm run bench:cameras`: what a camera costs, beside ffmpeg decoding the same keyframes to nowhere and Debian's `motion` on
 * the same streams in the same run; and a hall of 100 cameras with 200 seats: processor time, memory, and whether anything
 * grows. Every figure is of all processes together, those too that make pictures for evidence and are gone within a second, and is
 * printed only after what was said of each seat was checked.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MINUTE, type Ms, SECOND } from '../rules/time.ts';
import { ffmpegPath } from '../test/support/rtsp-clips.ts';
import { bareFfmpeg, motion, motionVersion, type Reader, zaigang } from './camera-readers.ts';
import { WrongOutput } from './check.ts';
import { median } from './figures.ts';
import { familySeconds, megabytes, openFiles, processorSeconds, whileThere } from './processes.ts';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '20' },
    size: { type: 'string', default: '640x360' },
    seconds: { type: 'string', default: '120' },
    warm: { type: 'string', default: '60' },
    repetitions: { type: 'string', default: '3' },
    hall: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
/** What is wanted of the hall: all its cameras and their seats within one core. */
const MOST_CORES = 1;
/** Of all its cameras; with more of them lost there is no figure. */
const MOST_LOST = 0.1;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const figure = (value: number, digits = 2): string => value.toFixed(digits);
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

/** Serves so many cameras until it is called off. */
async function served<T>(count: number, use: (urls: string[]) => Promise<T>): Promise<T> {
  const script = join(import.meta.dirname, 'cameras-server.ts');
  const server = spawn(process.execPath, [script, '--cameras', String(count), '--size', values.size], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(server, 'close');
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const { port, kilobits } = JSON.parse(line) as { port: number; kilobits: number };
    print(
      `\n${count} cameras, ${values.size}, 12.5 pictures and ${kilobits} kbit a second, a keyframe every 2 s, 2 seats each`,
    );
    return await use(Array.from({ length: count }, (_, i) => `rtsp://127.0.0.1:${port}/cam${i}`));
  } finally {
    server.stdin.end();
    await ended;
  }
}

// ---- beside others ---------------------------------------------------------------------------------------------------

interface Cost {
  /** Processor seconds for a minute of one camera. */
  readonly seconds: number;
  /** For a camera. */
  readonly megabytes: number;
  /** Made for evidence meanwhile, of all cameras. */
  readonly pictures: number;
}

/** Of readers that read at the same time, so that whatever the machine does meanwhile falls on all of them. */
async function costs(open: readonly (() => Promise<Reader>)[], cameras: number): Promise<Cost[]> {
  await using opened = new AsyncDisposableStack();
  const readers: Reader[] = [];
  for (const one of open) readers.push(opened.use(await one()));
  // What runs for years is not measured in its first minute, in which Node still compiles what it does again and again. Nobody else
  // has anything to compile, but everybody waits alike.
  await sleep(Number(values.warm) * SECOND);
  const used = ({ roots }: Reader): number => roots.reduce((sum, pid) => sum + familySeconds(pid), 0);
  const before = readers.map((reader) => ({ used: used(reader), began: performance.now(), had: reader.pictures() }));
  await sleep(Number(values.seconds) * SECOND);
  const found = readers.map((reader, i): Cost & { readonly lengthMs: Ms } => {
    const then = before[i] as (typeof before)[number];
    const lengthMs = performance.now() - then.began;
    const seconds = (used(reader) - then.used) / (lengthMs / MINUTE) / cameras;
    const each = reader.pids().map((pid) => whileThere(() => megabytes(pid)) ?? 0);
    const memory = each.reduce((sum, one) => sum + one, 0) / cameras;
    return { seconds, megabytes: memory, pictures: reader.pictures() - then.had, lengthMs };
  });
  for (const [i, reader] of readers.entries()) await reader.check(found[i]?.lengthMs ?? 0);
  return found;
}

async function compare(ffmpeg: string, urls: readonly string[]): Promise<void> {
  const version = motionVersion();
  const light: [name: string, open: () => Promise<Reader>][] = [
    ['zaigang', () => zaigang(ffmpeg, urls)],
    ['zaigang, no pictures for evidence', () => zaigang(ffmpeg, urls, false)],
    ['ffmpeg alone, keyframes to nowhere', () => bareFfmpeg(ffmpeg, urls)],
  ];
  // It takes so much that the others would be read late beside it.
  const heavy: typeof light =
    version === null ? [] : [[`motion ${version}, every picture`, () => motion(urls, values.size)]];
  const all = new Map<string, Cost[]>([...light, ...heavy].map(([name]) => [name, []]));
  for (let i = 0; i < Number(values.repetitions); i++) {
    for (const together of [light, heavy]) {
      const found = await costs(
        together.map(([, open]) => open),
        urls.length,
      );
      for (const [k, [name]] of together.entries()) all.get(name)?.push(found[k] as Cost);
    }
  }
  print(
    `  ${values.repetitions} × ${values.seconds} s, begun ${values.warm} s after the start, ${load()} at the end; median; all but motion at the same time`,
  );
  print(
    '                                       processor s a camera-minute   MB a camera   zaigang / it   without pictures / it',
  );
  for (const [name, costs] of all) {
    const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
    const ratio = (ours: string): string =>
      figure(median(costs.map(({ seconds }, i) => (all.get(ours)?.[i]?.seconds ?? Number.NaN) / seconds)));
    const [seconds, memory] = [of((one) => one.seconds), of((one) => one.megabytes)];
    const ratios = `${ratio('zaigang').padStart(15)}${ratio('zaigang, no pictures for evidence').padStart(24)}`;
    print(`  ${name.padEnd(37)}${figure(seconds, 3).padStart(27)}${figure(memory, 1).padStart(14)}${ratios}`);
  }
  const made = all.get('zaigang')?.map(({ pictures }) => pictures) ?? [];
  print(`  in zaigang’s figure, besides reading and judging: ${made.join(', ')} pictures made for evidence`);
  if (version === null)
    print('  motion is not installed: no ratio to it (sh test/setup.sh cameras installs it, where apt has it)');
  print('  checked: the states of every seat are those of its film');
}

// ---- a hall ----------------------------------------------------------------------------------------------------------

interface Sample {
  readonly daemonMb: number;
  readonly readersMb: number;
  readonly files: number;
  readonly processes: number;
}

/** How often the hall is looked at. */
const SAMPLE_EVERY_MS: Ms = 5 * SECOND;

async function hall(ffmpeg: string, urls: readonly string[]): Promise<void> {
  await using reader = await zaigang(ffmpeg, urls);
  const { daemonPid } = reader;
  const sample = (): Sample => {
    const pids = reader.pids().filter((pid) => pid !== daemonPid);
    const readers = pids.flatMap((pid) => whileThere(() => megabytes(pid)) ?? []);
    const readersMb = readers.reduce((sum, one) => sum + one, 0);
    return { daemonMb: megabytes(daemonPid), readersMb, files: openFiles(daemonPid), processes: readers.length };
  };
  const used = (): [all: number, own: number] => [familySeconds(daemonPid), processorSeconds(daemonPid)];
  const [before, began] = [used(), performance.now()];
  const samples: Sample[] = [];
  while (performance.now() - began < Number(values.minutes) * MINUTE) {
    await sleep(SAMPLE_EVERY_MS);
    samples.push(sample());
  }
  const lengthMs = performance.now() - began;
  const [cores, daemonCores] = used().map((seconds, i) => (seconds - (before[i] ?? 0)) / (lengthMs / SECOND));
  const lost = await reader.checkBut(Math.floor(urls.length * MOST_LOST), lengthMs);
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const grown = (pick: (sample: Sample) => number): string => {
    const part = (from: number): number => median(samples.slice(from, from + quarter).map(pick));
    return `${figure(part(0), 0)} → ${figure(part(samples.length - quarter), 0)}`;
  };
  const last = samples.at(-1);
  const perCamera = ((last?.daemonMb ?? 0) + (last?.readersMb ?? 0)) / urls.length;
  const verdict = (cores ?? 0) <= MOST_CORES ? 'met' : 'missed';
  print(`  ${values.minutes} min from when every seat was seen, ${load()} at the end`);
  print(
    `  processor              ${figure(cores ?? 0)} cores (wanted ≤ ${MOST_CORES}: ${verdict}), ${figure(daemonCores ?? 0)} of it the daemon`,
  );
  const oneReader = (last?.readersMb ?? 0) / urls.length;
  print(`  memory                 ${figure(perCamera, 1)} MB a camera, ${figure(oneReader, 1)} of it ffmpeg`);
  print('  from the first to the last quarter of the run, medians:');
  print(`    daemon               ${grown(({ daemonMb }) => daemonMb)} MB`);
  print(`    ffmpegs together     ${grown(({ readersMb }) => readersMb)} MB`);
  print(`    its open files       ${grown(({ files }) => files)}`);
  print(`    its processes        ${grown(({ processes }) => processes)}`);
  const losses = lost.length === 0 ? 'no camera was lost' : `lost meanwhile: ${lost.join(', ')}`;
  print(`  checked: ${losses}; the states of every ${lost.length === 0 ? '' : 'other '}seat are those of its film`);
}

async function main(): Promise<number> {
  const ffmpeg = await ffmpegPath();
  print(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${load()} at the start`);
  try {
    if (values.only !== 'hall') await served(Number(values.cameras), (urls) => compare(ffmpeg, urls));
    if (values.only !== 'compare') await served(Number(values.hall), (urls) => hall(ffmpeg, urls));
    return 0;
  } catch (error) {
    if (!(error instanceof WrongOutput)) throw error;
    process.stderr.write(`No figures: ${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main();
