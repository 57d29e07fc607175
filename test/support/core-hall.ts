/** A hall in this process: the real ledger, engine and alerts, without doors, on a clock that is moved by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, parseConfig } from '../../config/load.ts';
import type { Audience } from '../../daemon/alerts/audiences.ts';
import { type Clock, trustedClock } from '../../daemon/clock.ts';
import { HallCore } from '../../daemon/hall-core.ts';
import type { Provenance } from '../../daemon/ledger/facts.ts';
import type { Outcome } from '../../daemon/live/offer.ts';
import type { Change } from '../../rules/changes.ts';
import { type Fact, readFact } from '../../rules/facts.ts';
import { formatInstant, type Ms, parseInstant } from '../../rules/time.ts';
import { verdictLine } from '../../rules/verdict.ts';

export type FactLine = Readonly<Record<string, unknown>>;

export interface CoreHallOptions {
  /** hall.yaml without `data`. */
  readonly yaml: string;
  /** When the daemon starts, such as `2026-03-02T08:00:00+08:00`. */
  readonly startsAt: string;
  readonly audiences?: readonly Audience[];
}

const OURSELVES: Provenance = { by: null, via: 'daemon', claimedAt: null };
const IMPORTED: Provenance = { by: null, via: 'import', claimedAt: null };

export class CoreHall implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'zaigang-core-'));
  readonly loaded: LoadedConfig;
  /** What it said, as `level phrase`. */
  readonly log: string[] = [];
  /** The changes of each commit that was made known. */
  readonly committed: (readonly Change[])[] = [];
  readonly #options: CoreHallOptions;
  /** What the wall clock says, and how much time has really passed. */
  #wall: Ms;
  #elapsed: Ms = 0;
  #clock: Clock;
  #core: HallCore;

  constructor(options: CoreHallOptions) {
    this.#options = options;
    this.loaded = this.#parsed(options.yaml);
    this.#wall = instantOf(options.startsAt);
    this.#clock = this.#newClock();
    this.#core = this.#open();
  }

  #parsed(yaml: string): LoadedConfig {
    const file = join(this.folder, 'hall.yaml');
    return parseConfig(`${yaml}\ndata: ./data\ndiskReserve: 0MB\n`, file, { env: {}, lang: 'en' });
  }

  /** The core of the life that it is in. */
  get core(): HallCore {
    return this.#core;
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** The time that its clock is trusted to say. */
  get now(): string {
    return this.text(this.#clock.now());
  }

  text(at: Ms): string {
    return formatInstant(this.loaded.hall.zone, at);
  }

  #newClock(): Clock {
    return trustedClock(
      () => this.#wall,
      () => this.#elapsed,
    );
  }

  #open(): HallCore {
    const say = (level: string) => (_fields: object, phrase: string) => void this.log.push(`${level} ${phrase}`);
    const core = new HallCore({
      loaded: this.loaded,
      clock: this.#clock,
      log: { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') },
      language: 'en',
      audiences: this.#options.audiences ?? [],
      committed: (changes) => void this.committed.push(changes),
    });
    // What is tested here survives the end of a process, not of a machine; and it is a hundred times as fast.
    core.ledger.database.exec('pragma synchronous = off');
    core.begin();
    return core;
  }

  /** Time passes up to an instant, and whatever comes due on the way speaks. */
  pass(to: string): void {
    const until = instantOf(to);
    for (let nextAt = this.#core.live.nextAt; nextAt <= until; nextAt = this.#core.live.nextAt) {
      this.#moveTo(Math.max(nextAt, this.#wall));
      this.#core.live.wake();
    }
    this.#moveTo(until);
  }

  #moveTo(at: Ms): void {
    this.#elapsed += at - this.#wall;
    this.#wall = at;
  }

  /** Time passes, and the daemon is not woken. */
  sleep(lengthMs: Ms): void {
    this.#moveTo(this.#wall + lengthMs);
  }

  /** Somebody sets the wall clock. */
  setWall(byMs: Ms): void {
    this.#wall += byMs;
  }

  /** Takes facts in, and waits until they are durable. */
  record(...lines: readonly FactLine[]): Promise<Outcome[]> {
    return this.#core.live.record(lines.map(factOf), IMPORTED);
  }

  /** Accepts another configuration; hall.yaml without `data`. */
  accept(yaml: string): void {
    this.#core.accept(this.#parsed(yaml));
  }

  /** Ends it, and starts it again on the same ledger after a time in which nobody ran. */
  restart(awayMs: Ms = 0): void {
    this.#core.close();
    this.#moveTo(this.#wall + awayMs);
    this.#clock = this.#newClock();
    this.#core = this.#open();
  }

  /** Ends it, has something done to its folder, and starts it again at an instant up to which nobody ran. */
  async restartAfter(work: () => Promise<unknown>, at: string): Promise<void> {
    this.#core.close();
    await work();
    this.#moveTo(instantOf(at));
    this.#clock = this.#newClock();
    this.#core = this.#open();
  }

  /** Everything that was kept while nobody listened is in. */
  online(): void {
    const { core } = this;
    core.live.recordAt([core.daemonFact('online', this.#clock.now())], OURSELVES, this.#clock.now());
  }

  /** The verdicts that hold, as printed, without the configuration's hash. */
  verdicts(): object[] {
    const { engine } = this.#core;
    return engine.verdicts().map((verdict) => {
      const { config: _config, ...line } = verdictLine(this.loaded.hall, verdict, engine.now);
      return line;
    });
  }

  /** One line a change in the ledger: `09:05:00.001 open late e1`. */
  history(): string[] {
    return [...this.#core.history.changes()].map(({ at, op, verdict }) => {
      const subject = verdict.window ?? verdict.employee ?? '';
      const state = op === 'retract' ? '' : ` ${verdict.state}`;
      return `${this.text(at).slice(11, -6)} ${op} ${verdict.rule} ${subject}${state}`;
    });
  }

  /** The messages of a channel, oldest first. */
  messages(
    channel: string,
  ): { readonly body: string; readonly key: string; readonly alert: string; readonly at: string }[] {
    const rows = this.#core.ledger.database
      .prepare('select body, key, alert, made_at from outbox where channel = ? order by seq')
      .all(channel);
    return rows.map(({ body, key, alert, made_at }) => {
      return { body: String(body), key: String(key), alert: String(alert), at: this.text(Number(made_at)) };
    });
  }

  [Symbol.dispose](): void {
    this.#core.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function factOf(line: FactLine): Fact {
  const read = readFact(line);
  if ('fact' in read) return read;
  throw new Error(JSON.stringify(read));
}

export function instantOf(text: string): Ms {
  const at = parseInstant(text);
  if (at === null) throw new Error(`${text} is no instant`);
  return at;
}
