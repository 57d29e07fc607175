/** A hall that hears its clocks over a broker in this process, on a clock that is moved by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import type { BrokerListener } from '../../adapters/broker.ts';
import { punchTopic, statusTopic } from '../../adapters/topics.ts';
import { parseConfig } from '../../config/load.ts';
import { type Clock, trustedClock } from '../../daemon/clock.ts';
import type { HallCore } from '../../daemon/hall-core.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import { formatInstant, type Ms, parseInstant } from '../../rules/time.ts';
import { on } from './small-hall.ts';

/** Mornings only, arrivals only; of five people the last one uses a clock of their own. */
const HALL = {
  hall: { id: 'h1', name: '大厅', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  schedules: { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'], tue: ['09:00-12:00'] } } },
  employees: ['e1', 'e2', 'e3', 'e4', 'e5'].map((id, i) => ({
    ...{ id, schedule: 'standard', credentials: [`100${i + 1}`] },
  })),
  clocks: [
    { id: 'clock-1', serves: ['e1', 'e2', 'e3', 'e4'] },
    { id: 'clock-2', serves: ['e5'] },
  ],
  data: './data',
  diskReserve: '0MB',
};

export class HeardHall implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'zaigang-heard-'));
  readonly #config: object;
  #wall: Ms;
  #elapsed: Ms = 0;
  #clock: Clock;
  #listener: BrokerListener | null = null;
  #daemon: HallDaemon;

  /** `more`: of hall.yaml. */
  constructor(startsAt: string, more: object = {}) {
    this.#config = { ...HALL, ...more };
    this.#wall = parseInstant(on(startsAt)) as Ms;
    [this.#clock, this.#daemon] = this.#made();
  }

  #made(): [Clock, HallDaemon] {
    const clock = trustedClock(
      () => this.#wall,
      () => this.#elapsed,
    );
    const silent = (): void => {};
    const daemon = new HallDaemon({
      loaded: parseConfig(JSON.stringify(this.#config), join(this.#folder, 'hall.yaml'), { env: {}, lang: 'en' }),
      clock,
      log: { error: silent, warn: silent, info: silent, debug: silent },
      language: 'en',
      pages: false,
      brokers: [
        {
          name: 'mqtt',
          start: async (listener) => {
            this.#listener = listener;
            listener.connected({ sessionPresent: true });
            listener.drained();
          },
          publish: async () => {},
          stop: async () => {},
        },
      ],
    });
    return [clock, daemon];
  }

  async start(): Promise<this> {
    await this.#daemon.start();
    await tick();
    return this;
  }

  async restart(): Promise<void> {
    await this.#daemon.stop();
    [this.#clock, this.#daemon] = this.#made();
    await this.start();
  }

  pass(to: string): void {
    const at = parseInstant(on(to)) as Ms;
    this.#elapsed += at - this.#wall;
    this.#wall = at;
    this.#daemon.core.live.wake();
  }

  setWall(byMs: Ms): void {
    this.#wall += byMs;
  }

  /** A message on one of the hall's topics. */
  async published(topic: string, said: object, { retained = false } = {}): Promise<void> {
    const payload = Buffer.from(JSON.stringify(said));
    await new Promise<void>((kept) => this.#listener?.message({ topic, payload, retained }, kept));
    // What the daemon says because of it is taken in with the next transaction.
    this.#daemon.core.live.settle();
  }

  /** Somebody touches a clock that shows `shows`. */
  touch(employee: number, shows: string, clock = 'clock-1'): Promise<void> {
    return this.published(punchTopic('h1', clock), { credential: `100${employee}`, at: on(shows) });
  }

  status(state: string, clock = 'clock-1'): Promise<void> {
    return this.published(statusTopic('h1', clock), {
      state,
      at: formatInstant(this.#daemon.core.hall.zone, this.#clock.now()),
    });
  }

  /** What is said, person by person. */
  get said(): string[] {
    const verdicts = this.#daemon.core.live.engine?.verdicts() ?? [];
    return verdicts.map(({ rule, employee, state }) => `${employee} ${rule} ${state}`);
  }

  get isDoubted(): boolean {
    return this.#daemon.core.live.time.futureStart !== null;
  }

  /** Until which day pictures are kept no longer than allowed. */
  get sweptOn(): string | null {
    return this.#daemon.core.ledger.setting('evidence-swept-on');
  }

  get core(): HallCore {
    return this.#daemon.core;
  }

  get rejects(): number {
    return this.#daemon.core.rejects.count().kinds;
  }

  get faults(): string[] {
    return this.#daemon.clocks.devices.reading('clock-1').faults.map(({ code }) => code);
  }

  async replayWhatWasKept(correctByMs: Ms | null): Promise<void> {
    const { intake, core } = this.#daemon;
    for (const reject of core.rejects.newest(10)) {
      const because = await intake.again(reject, correctByMs, 'x');
      if (because !== null) throw new Error(because);
    }
    core.live.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
