/** The daemon as shipped, open whenever the benchmark runs, in a folder of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '../rules/time.ts';
import { until } from '../test/support/until.ts';
import { Program } from './consumer.ts';
import { hallYaml, OFFICE_WEEK } from './hall.ts';
import { ZAIGANG } from './shipped.ts';

/** The environment variable with the password of every clock, and the password. */
const PASSWORD_ENV = 'BENCH_CLOCK_PASSWORD';
export const PASSWORD = 'bench';
const START_MS = 60_000;

export class RunningDaemon implements AsyncDisposable {
  readonly data: string;
  readonly #program: Program;
  readonly #directory: string;

  private constructor(program: Program, directory: string) {
    this.#program = program;
    this.#directory = directory;
    this.data = join(directory, 'data');
  }

  /** Resolves when `hears` does. */
  static async start(mqtt: object, hears: () => Promise<void>): Promise<RunningDaemon> {
    const directory = await mkdtemp(join(tmpdir(), 'zaigang-bench-'));
    const config = join(directory, 'hall.yaml');
    const yaml = hallYaml({
      timezone: zoneWhereItIsTen(),
      weekly: EVERY_DAY,
      rest: [],
      data: join(directory, 'data'),
      mqtt,
      passwordEnv: PASSWORD_ENV,
    });
    await writeFile(config, yaml);
    const args = ['run', '--config', config];
    const program = new Program('zaigang', ZAIGANG, args, directory, { env: { [PASSWORD_ENV]: PASSWORD } });
    const daemon = new RunningDaemon(program, directory);
    try {
      await hears();
    } catch (error) {
      await daemon[Symbol.asyncDispose]();
      throw error;
    }
    return daemon;
  }

  /** The wrapper becomes the daemon itself. */
  get pid(): number {
    return this.#program.child.pid as number;
  }

  /** Where its pages are. */
  url(): Promise<string> {
    const opened = (): string | undefined => /"url":"(http:[^"]+)".*"hall was opened"/.exec(this.#program.said())?.[1];
    return until(opened, { timeoutMs: START_MS, what: 'the pages to open' });
  }

  mustRun(): void {
    this.#program.mustRun();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

const EVERY_DAY = { ...OFFICE_WEEK, sat: OFFICE_WEEK['mon'] ?? [], sun: OFFICE_WEEK['mon'] ?? [] };

/** A zone in which the hall is open whenever the benchmark runs. (`Etc/GMT-8` is eight hours ahead of UTC.) */
function zoneWhereItIsTen(): string {
  const hour = Math.floor((Date.now() / HOUR) % 24);
  const ahead = hour <= 22 ? 10 - hour : 34 - hour;
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
