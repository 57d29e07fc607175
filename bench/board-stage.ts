/** What `bench:board` measures on: a broker, the daemon as shipped, and a bare server beside it, all in the same run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { SECOND } from '../rules/time.ts';
import { diceOf } from '../test/oracle/dice.ts';
import { BARE_TOPIC } from './bare-board.ts';
import { BenchBroker } from './broker.ts';
import { DEPARTMENTS, HALL, Numbering, PEOPLE, WINDOWS_OF_DEPARTMENT } from './hall.ts';
import { paced, publish } from './publish.ts';
import { RunningDaemon } from './running-daemon.ts';
import { DAEMON_FLAGS } from './shipped.ts';

export const WINDOWS = DEPARTMENTS * WINDOWS_OF_DEPARTMENT;
/** One at a time, each judged and shown before the next. */
const OTHERS_PER_SECOND = 20;
/** Between two messages, at random: they come at any moment of whatever the daemon does regularly. */
const PAUSE_MS = [150, 350] as const;

/** Milliseconds since the epoch with their parts: one clock for all processes of a machine. */
export const epochNow = (): number => performance.timeOrigin + performance.now();

export class Stage implements AsyncDisposable {
  readonly broker: BenchBroker;
  readonly daemon: RunningDaemon;
  readonly boardUrl: string;
  readonly bareUrl: string;
  readonly #bare: ChildProcess;
  readonly #clocks: MqttClient;
  readonly #numbering = new Numbering();
  readonly #dice = diceOf(1);

  private constructor(parts: Parts) {
    this.broker = parts.broker;
    this.daemon = parts.daemon;
    this.boardUrl = parts.boardUrl;
    this.bareUrl = parts.bareUrl;
    this.#bare = parts.bare;
    this.#clocks = parts.clocks;
  }

  static async open(): Promise<Stage> {
    await using opened = new AsyncDisposableStack();
    const broker = opened.use(await BenchBroker.start());
    const hears = (): Promise<void> => broker.subscribed(`zaigang-${HALL}`);
    const daemon = opened.use(await RunningDaemon.start({ url: broker.url }, hears));
    const script = new URL('bare-board.ts', import.meta.url).pathname;
    const bare = spawn(process.execPath, [...DAEMON_FLAGS, script, broker.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    opened.defer(() => ended(bare));
    const [port] = (await once(createInterface(bare.stdout), 'line')) as [string];
    const clocks = await connectAsync(broker.url, { clientId: 'clocks', protocolVersion: 4 });
    const stage = new Stage({
      broker,
      daemon,
      boardUrl: await daemon.url(),
      bareUrl: `http://127.0.0.1:${port}`,
      bare,
      clocks,
    });
    opened.move();
    return stage;
  }

  /**
   * The first seconds of processes that run for weeks are not measured: everybody who is no window's A comes, and those among them who
   * stand in take windows; the same bytes go to those who know no daemon.
   */
  async othersCome(): Promise<void> {
    await paced(PEOPLE - WINDOWS, OTHERS_PER_SECOND, (i) => {
      const punch = this.#numbering.punch(WINDOWS + i, stamp());
      publish(this.#clocks, punch, mustBeTaken);
      this.#clocks.publish(`${BARE_TOPIC}/${punch.clock}`, punch.payload, { qos: 1 }, mustBeTaken);
    });
    await sleep(SECOND);
  }

  get barePid(): number {
    return this.#bare.pid as number;
  }

  async pause(): Promise<void> {
    await sleep(this.#dice.between(...PAUSE_MS));
  }

  /** The first punch of the A of a window; when it was published. */
  punch(window: number): number {
    const punch = this.#numbering.punch(window, stamp());
    const at = epochNow();
    publish(this.#clocks, punch, mustBeTaken);
    return at;
  }

  /** The same bytes to those who know no daemon. */
  bare(window: number): number {
    const { clock, payload } = this.#numbering.punch(window, stamp());
    const at = epochNow();
    this.#clocks.publish(`${BARE_TOPIC}/${clock}`, payload, { qos: 1 }, mustBeTaken);
    return at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clocks.endAsync();
    await ended(this.#bare);
    await this.daemon[Symbol.asyncDispose]();
    await this.broker[Symbol.asyncDispose]();
  }
}

interface Parts {
  readonly broker: BenchBroker;
  readonly daemon: RunningDaemon;
  readonly boardUrl: string;
  readonly bareUrl: string;
  readonly bare: ChildProcess;
  readonly clocks: MqttClient;
}

function mustBeTaken(error?: Error | null): void {
  if (error) throw error;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill();
  await closed;
}

/** Clocks stamp whole seconds. */
function stamp(): string {
  return new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
}
