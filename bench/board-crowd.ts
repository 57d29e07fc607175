/** How soon many boards that lie open see a punch, and what it costs the server, beside a bare server with as many streams. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../rules/time.ts';
import type { SeenFrame } from './board-readers.ts';
import { Stage, WINDOWS } from './board-stage.ts';
import { WrongOutput } from './check.ts';
import { median } from './figures.ts';
import { credentialOf, windowId } from './hall.ts';
import { processorSeconds } from './processes.ts';

export interface Crowd {
  /** Milliseconds, one for each window and reader. */
  readonly took: readonly number[];
  /** Processor time of the server for each message, in milliseconds. */
  readonly processorMs: number;
  /** What is sent of a message to each reader: the median. */
  readonly bytes: number;
}

export interface Crowds {
  readonly bare: Crowd;
  readonly board: Crowd;
}

/** How long is waited after the last message. */
const SETTLE_MS = 2 * SECOND;

export async function crowds(readers: number): Promise<Crowds> {
  await using stage = await Stage.open();
  await stage.othersCome();
  const bare = await crowd(readers, {
    address: `${stage.bareUrl}/events`,
    pid: stage.barePid,
    pause: () => stage.pause(),
    send: (w) => stage.bare(w),
    nameOf: credentialOf,
    news: ({ data }) => [(JSON.parse(data) as { credential: string }).credential],
  });
  const board = await crowd(readers, {
    address: `${stage.boardUrl}/api/v1/events?changes`,
    pid: stage.daemon.pid,
    pause: () => stage.pause(),
    send: (w) => stage.punch(w),
    nameOf: windowId,
    news: ({ data }) => {
      const { windows } = JSON.parse(data) as { windows: readonly { id: string; state: string }[] };
      return windows.filter(({ state }) => state === 'held-a').map(({ id }) => id);
    },
  });
  stage.daemon.mustRun();
  return { bare, board };
}

interface Watched {
  readonly address: string;
  readonly pid: number;
  readonly pause: () => Promise<void>;
  readonly send: (window: number) => number;
  readonly nameOf: (window: number) => string;
  /** What a frame tells, of what was sent. */
  readonly news: (frame: SeenFrame) => readonly string[];
}

async function crowd(readers: number, watched: Watched): Promise<Crowd> {
  const script = new URL('board-readers.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, watched.address, String(readers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new WrongOutput('the readers have ended');
    return value;
  };
  const closed = once(child, 'close');
  try {
    await line();
    const sent = new Map<string, number>();
    const before = processorSeconds(watched.pid);
    for (let w = 0; w < WINDOWS; w++) {
      await watched.pause();
      sent.set(watched.nameOf(w), watched.send(w));
    }
    await sleep(SETTLE_MS);
    const processorMs = ((processorSeconds(watched.pid) - before) * SECOND) / WINDOWS;
    child.stdin.end();
    const frames = JSON.parse(await line()) as SeenFrame[];
    return { took: tookOf(sent, frames, readers, watched.news), processorMs, bytes: bytesOf(frames) };
  } finally {
    child.kill();
    await closed;
  }
}

/** Each reader must have heard of everything, either in the frame that said it first or in a later one that it got instead. */
function tookOf(
  sent: ReadonlyMap<string, number>,
  frames: readonly SeenFrame[],
  readers: number,
  news: Watched['news'],
): number[] {
  const inOrder = [...frames].sort((x, y) => Number.parseInt(x.id, 10) - Number.parseInt(y.id, 10));
  const firstSaid = new Map<string, number>();
  for (const [place, frame] of inOrder.entries()) {
    for (const name of news(frame)) if (!firstSaid.has(name)) firstSaid.set(name, place);
  }
  return [...sent].flatMap(([name, sentAt]) => {
    const place = firstSaid.get(name);
    if (place === undefined) throw new WrongOutput(`no board was told of ${name}`);
    return Array.from({ length: readers }, (_, reader) => {
      const got = inOrder.slice(place).find(({ at }) => at[reader] != null)?.at[reader];
      if (got == null) throw new WrongOutput(`board ${reader} was never told of ${name}`);
      return got - sentAt;
    });
  });
}

function bytesOf(frames: readonly SeenFrame[]): number {
  return median(frames.map(({ data }) => Buffer.byteLength(data)));
}
