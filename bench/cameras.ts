/**
 * `npm run bench:cameras`: what a camera costs, beside ffmpeg decoding the same keyframes to nowhere in the same run:
 * processor time of all processes together, memory, and that every keyframe arrived.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Cameras } from '../adapters/cameras/cameras.ts';
import { ffmpegPath } from '../test/support/rtsp-clips.ts';
import { SEAT_BOX } from '../test/support/rtsp-hall.ts';
import { until } from '../test/support/until.ts';
import { median } from './figures.ts';

const { values } = parseArgs({
  options: {
    cameras: { type: 'string', default: '20' },
    size: { type: 'string', default: '640x360' },
    seconds: { type: 'string', default: '20' },
    repetitions: { type: 'string', default: '3' },
  },
});
const count = Number(values.cameras);
const seconds = Number(values.seconds);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

interface Cost {
  /** Processor seconds for a minute of one camera, of its ffmpeg and of this process. */
  readonly ffmpeg: number;
  readonly node: number;
  /** Of one ffmpeg, shared pages in proportion. */
  readonly megabytes: number;
}

const CLOCK_TICKS = 100;

/** Fields 14 and 15 of proc(5)'s stat, in seconds. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

function megabytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(pss) / 1024;
}

async function measure(pids: readonly number[]): Promise<Cost> {
  const used = (): number => pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
  const [before, own, began] = [used(), process.cpuUsage(), performance.now()];
  await sleep(seconds * 1000);
  const { user, system } = process.cpuUsage(own);
  const minutes = ((performance.now() - began) / 60_000) * count;
  return {
    ffmpeg: (used() - before) / minutes,
    node: (user + system) / 1e6 / minutes,
    megabytes: median(pids.map(megabytes)),
  };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

async function bare(ffmpeg: string, urls: readonly string[]): Promise<Cost> {
  const quick = ['-fpsprobesize', '0', '-analyzeduration', '1000000'];
  const children: ChildProcess[] = urls.map((url) => {
    const input = ['-rtsp_transport', 'tcp', ...quick, '-threads', '1', '-skip_frame', 'nokey', '-i', url];
    return spawn(ffmpeg, ['-nostdin', '-loglevel', 'error', ...input, '-f', 'null', '-'], { stdio: 'ignore' });
  });
  try {
    // As long as a start takes; nothing tells when frames come to nowhere.
    await sleep(5000);
    return await measure(children.map(({ pid }) => pid as number));
  } finally {
    await Promise.all(children.map((child) => [child.kill('SIGKILL'), once(child, 'close')][1]));
  }
}

async function ours(ffmpeg: string, urls: readonly string[], server: number): Promise<Cost> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  const frames = new Map<string, number>();
  const lost: string[] = [];
  const cameras = new Cameras({
    cameras: urls.map((source, i) => ({ id: `cam${i}`, source, seats: [{ roi: SEAT_BOX }, { roi: SEAT_BOX }] })),
    listener: {
      frame: (camera) => void frames.set(camera, (frames.get(camera) ?? 0) + 1),
      event: (camera, event) => event.kind === 'lost' && lost.push(`${camera}: ${event.loss.reason}`),
    },
    ffmpegPath: ffmpeg,
    dataFolder,
    clock: {
      now: () => Date.now(),
      elapsed: () => performance.now(),
      after(delayMs, wake) {
        const timer = setTimeout(wake, delayMs);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
  });
  try {
    await cameras.start();
    await until(() => frames.size === count, { timeoutMs: 60_000, what: 'a picture of every camera' });
    frames.clear();
    const cost = await measure(childrenOf(process.pid).filter((pid) => pid !== server));
    const fewest = Math.min(...urls.map((_, i) => frames.get(`cam${i}`) ?? 0));
    if (lost.length > 0) throw new Error(`cameras were lost: ${lost.join(', ')}`);
    if (fewest < Math.floor(seconds / 2) - 1) throw new Error(`a camera gave ${fewest} pictures in ${seconds} s`);
    return cost;
  } finally {
    await cameras.stop();
    rmSync(dataFolder, { recursive: true });
  }
}

const ffmpeg = await ffmpegPath();
const script = join(import.meta.dirname, 'cameras-server.ts');
const server = spawn(process.execPath, [script, '--cameras', String(count), '--size', values.size], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
const { port, kilobits } = JSON.parse(line) as { port: number; kilobits: number };
const urls = Array.from({ length: count }, (_, i) => `rtsp://127.0.0.1:${port}/cam${i}`);
print(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the start`);
print(
  `${count} cameras, ${values.size}, 12.5 pictures and ${kilobits} kbit a second, a keyframe every 2 s, 2 seats each`,
);
const runs: { bare: Cost; ours: Cost }[] = [];
try {
  for (let i = 0; i < Number(values.repetitions); i++) {
    runs.push({ bare: await bare(ffmpeg, urls), ours: await ours(ffmpeg, urls, server.pid as number) });
  }
} finally {
  server.stdin.end();
}
const of = (pick: (run: (typeof runs)[number]) => number): string => median(runs.map(pick)).toFixed(3);
print('\nProcessor seconds for a minute of one camera, median');
print(`  ffmpeg alone, keyframes to nowhere   ${of(({ bare }) => bare.ffmpeg)}`);
print(`  zaigang                              ${of(({ ours }) => ours.ffmpeg + ours.node)}`);
print(`    of that ffmpeg                     ${of(({ ours }) => ours.ffmpeg)}`);
print(`    of that Node                       ${of(({ ours }) => ours.node)}`);
print(`  ratio                                ${of(({ bare, ours }) => (ours.ffmpeg + ours.node) / bare.ffmpeg)}`);
print(`Megabytes of one ffmpeg: ${of(({ bare }) => bare.megabytes)} alone, ${of(({ ours }) => ours.megabytes)} here`);
