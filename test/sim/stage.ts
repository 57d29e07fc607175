/** The simulated world that a script plays on: time, disk, broker, receivers and devices, and the daemon among them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { HallCore } from '../../daemon/hall-core.ts';
import { LedgerError } from '../../daemon/ledger/ledger.ts';
import { importFacts } from '../../daemon/lines/ledger-lines.ts';
import type { Log } from '../../daemon/log.ts';
import { dayAt, startOfDay } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { FactLine } from '../support/core-hall.ts';
import type { Fault } from './faults.ts';
import { Life } from './life.ts';
import { isOfNobody } from './nobody.ts';
import { SimBroker } from './sim-broker.ts';
import { type CrashPoint, SimDisk } from './sim-disk.ts';
import { SimStore, SimWebhook } from './sim-receivers.ts';
import { drained, SimTime } from './sim-time.ts';

export interface StageOptions {
  readonly loaded: LoadedConfig;
  readonly startsAt: Ms;
  readonly window: number;
  readonly repeatsRetained: boolean;
}

/** How soon a daemon that could not start is started again. */
const AGAIN: Ms = 10 * SECOND;

interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

/** Facts that a person enters, again and again until they are told that it is done. */
interface Entering {
  readonly lines: readonly FactLine[];
  readonly text: string;
  readonly faults: readonly Fault[];
  state: 'waits' | 'under way' | 'done';
  problem: string | null;
}

export class Stage implements Disposable {
  readonly time: SimTime;
  readonly disk: SimDisk;
  readonly broker: SimBroker;
  readonly webhook: SimWebhook;
  readonly store = new SimStore();
  /** When nobody listened: no daemon ran, or it stood still. */
  readonly deaf: Span[] = [];
  /** What happened, line by line. */
  readonly trace: string[] = [];
  /** How often each kind of fault struck. */
  readonly struck = new Map<Fault, number>();
  /** What the daemon said that somebody must act on. */
  readonly alarms: string[] = [];
  readonly #root = mkdtempSync(join(tmpdir(), 'zaigang-sim-'));
  readonly #held = new Map<string, Message[]>();
  readonly #unlinked = new Set<string>();
  readonly #entering: Entering[] = [];
  #loaded: LoadedConfig;
  #life: Life | null = null;
  #downMs: Ms = SECOND;
  #deafFrom: Ms | null = null;
  /** How many messages were lost with the broker, and with them what people speak of. */
  #forgotten = 0;

  constructor({ loaded, startsAt, window, repeatsRetained }: StageOptions) {
    this.#loaded = loaded;
    const say = (line: string): void => this.say(line);
    this.time = new SimTime(startsAt);
    this.disk = new SimDisk(this.#root, (point) => this.#crashed(point));
    this.broker = new SimBroker({ time: this.time, hall: loaded.hall.id, window, repeatsRetained, say });
    this.webhook = new SimWebhook(say);
  }

  say(line: string): void {
    this.trace.push(`${new Date(this.time.now).toISOString()} ${line}`);
  }

  strike(fault: Fault): void {
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
  }

  get life(): Life | null {
    return this.#life;
  }

  /** The core of the daemon that runs; throws while none does. */
  get core(): HallCore {
    if (this.#life === null) throw new Error('no daemon is running');
    return this.#life.daemon.core;
  }

  // ---- time ----------------------------------------------------------------------------------------------------

  /** Time passes up to an instant; the shell is woken wherever it has something to do. */
  async passTo(at: Ms): Promise<void> {
    for (;;) {
      const next = Math.min(at, Math.max(this.time.now, this.#nextAt()));
      this.time.moveTo(next);
      await this.time.fire();
      if (this.time.now >= at) return;
    }
  }

  /** When anything is due that is more than a look around. */
  #nextAt(): Ms {
    const { life, time } = this;
    const lifeAt = life === null || time.isFrozen ? Number.POSITIVE_INFINITY : life.nextAt;
    return Math.min(time.nextAt, lifeAt, this.#dayEndsAt());
  }

  /** Figures are written once a minute: the last ones of a day are those of its end, however little goes on. */
  #dayEndsAt(): Ms {
    const { hall } = this.#loaded;
    const { now } = this.time;
    const endsAt = startOfDay(hall, dayAt(hall, now + MINUTE / 2) + 1) - MINUTE / 2;
    return endsAt > now ? endsAt : Number.POSITIVE_INFINITY;
  }

  // ---- the daemon ----------------------------------------------------------------------------------------------

  /** Starts the daemon; where it cannot start it is tried again, as whatever supervises it does. */
  async launch(): Promise<void> {
    if (this.#life !== null) return;
    this.time.takesTimers = true;
    this.time.thaw();
    this.broker.thaw();
    this.#hears();
    const { time, disk, broker, store } = this;
    const life = new Life({ time, disk, broker, store, loaded: this.#loaded, log: this.#log() });
    this.#life = life;
    const isUp = await life.start();
    this.say(`launch ${isUp}`);
    if (this.#life !== life) return;
    if (!isUp) return this.kill(AGAIN);
    for (const entering of this.#entering) if (entering.state !== 'done') this.#enter(entering);
  }

  #log(): Log {
    const said =
      (level: string): Log['info'] =>
      ({ data: _data, url: _url, ...fields }, phrase) => {
        this.say(`${level} ${phrase} ${JSON.stringify(fields)}`);
        if (level === 'error') this.alarms.push(`${phrase} ${JSON.stringify(fields)}`);
        if (phrase === 'taking in was suspended') this.#deafFrom ??= this.time.now;
        if (phrase === 'taking in was resumed') this.#hears();
      };
    return { error: said('error'), warn: said('warn'), info: said('info'), debug: said('debug') };
  }

  /** It is told to end, ends, and is started again after a while. */
  async stop(downMs: Ms): Promise<void> {
    const life = this.#life;
    if (life === null || this.time.isFrozen) return;
    this.strike('stopped');
    this.#downMs = downMs;
    await life.stop();
    if (this.#life !== life) return;
    this.#life = null;
    this.disk.release();
    this.time.forgetDaemon();
    this.#breakOff();
    this.#relaunch();
  }

  /** What people entered and heard nothing of ended with the daemon: they enter it again. */
  #breakOff(): void {
    for (const entering of this.#entering) if (entering.state === 'under way') entering.state = 'waits';
  }

  /** It is gone at once. */
  kill(downMs: Ms): void {
    if (this.#life === null) return;
    this.#downMs = downMs;
    this.disk.kill();
    this.#lost();
  }

  /** It is gone at once, and once more as it comes back, in one of the first commits of its next life. */
  killTwice(point: CrashPoint, commitsLeft: number, cut: number, downMs: Ms): void {
    this.kill(downMs);
    this.disk.crashAt(point, commitsLeft, cut);
  }

  /** It will be gone in the middle of a commit to come. */
  crash(point: CrashPoint, commitsLeft: number, cut: number, downMs: Ms): void {
    this.#downMs = downMs;
    this.disk.crashAt(point, commitsLeft, cut);
  }

  #crashed(point: CrashPoint): void {
    this.say(`crash ${point}`);
    this.strike(`crashed ${point}`);
    this.#lost();
  }

  #lost(): void {
    const life = this.#life;
    this.#life = null;
    this.broker.cut();
    this.time.forgetDaemon();
    life?.die();
    this.#breakOff();
    if (life !== null) this.time.at(this.time.now, () => void life.bury());
    this.#relaunch();
  }

  #relaunch(): void {
    this.#deafFrom ??= this.time.now;
    this.time.at(this.time.now + this.#downMs, () => void this.launch());
  }

  /** The process does nothing for a while, and knows nothing of it. */
  freeze(): void {
    if (this.#life === null) return;
    this.strike('stood still');
    this.#deafFrom ??= this.time.now;
    this.time.freeze();
    this.broker.frozen = true;
  }

  thaw(): void {
    if (this.#life !== null) this.#hears();
    this.time.thaw();
    this.broker.thaw();
    for (const entering of this.#entering) if (entering.state === 'waits') this.#enter(entering);
  }

  #hears(): void {
    if (this.#deafFrom !== null) this.deaf.push({ from: this.#deafFrom, to: this.time.now });
    this.#deafFrom = null;
  }

  /** Another configuration: taken up by the daemon that runs, or by the next one. */
  reload(loaded: LoadedConfig): void {
    this.#loaded = loaded;
    const life = this.#life;
    if (life === null || this.time.isFrozen || this.core.live.stuck !== null) return;
    this.strike('configured');
    life.daemon.reload(loaded).catch((error: unknown) => {
      if (life.isDead) return;
      if (!(error instanceof LedgerError) || !error.retry) throw error;
      this.time.at(this.time.now + MINUTE, () => this.reload(loaded));
    });
  }

  // ---- devices and people --------------------------------------------------------------------------------------

  /** A device sends, and sends again once it can. */
  send(device: string, message: Message): void {
    if (this.#unlinked.has(device) || !this.broker.up) this.#heldBy(device).push(message);
    else this.#hand(message);
  }

  #heldBy(device: string): Message[] {
    const held = this.#held.get(device) ?? [];
    this.#held.set(device, held);
    return held;
  }

  #hand({ topic, payload, retain }: Message): void {
    const posted = this.broker.accept(topic, payload, retain);
    if (posted === null) this.#forgotten += 1;
    this.say(`send ${posted?.id ?? 'to nobody'} ${topic} ${payload}`);
  }

  unlink(device: string): void {
    this.#unlinked.add(device);
  }

  /** The broker says for a device what it asked it to say when it vanishes. */
  testament(device: string, payload: string): void {
    if (this.#unlinked.has(device) && this.broker.up) this.#hand(this.#status(device, payload));
  }

  link(device: string, payload: string): void {
    this.#unlinked.delete(device);
    this.send(device, this.#status(device, payload));
    this.#flush(device);
  }

  /** As `link`, of a device that says nothing of itself. */
  relink(device: string): void {
    this.#unlinked.delete(device);
    this.#flush(device);
  }

  #status(device: string, payload: string): Message {
    return { topic: statusTopic(this.#loaded.hall.id, device), payload, retain: true };
  }

  #flush(device: string): void {
    if (this.#unlinked.has(device) || !this.broker.up) return;
    for (const message of this.#heldBy(device).splice(0)) this.#hand(message);
  }

  /** The broker can be reached again, and every device sends what it has kept. */
  brokerBack(): void {
    this.broker.comeBack();
    for (const device of this.#held.keys()) this.#flush(device);
  }

  /** It comes back, and has forgotten who was there and what it kept for them. */
  brokerForgets(): void {
    this.#forgotten += this.broker.forget().length;
  }

  /** Somebody enters facts, all of them or none. */
  enter(lines: readonly FactLine[], faults: readonly Fault[]): void {
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const entering: Entering = { lines, text, faults, state: 'waits', problem: null };
    this.#entering.push(entering);
    this.#enter(entering);
  }

  #enter(entering: Entering): void {
    const life = this.#life;
    if (life === null || this.time.isFrozen || entering.state !== 'waits') return;
    entering.state = 'under way';
    void importFacts(life.daemon.core, entering.text, false).then(({ problems, added, known }) => {
      if (life.isDead) return;
      const [first] = problems;
      this.say(`entered ${added} ${known} ${first?.problem ?? ''} ${entering.text}`);
      entering.state = first === undefined ? 'done' : 'waits';
      entering.problem = first?.problem ?? null;
      if (first === undefined) for (const fault of entering.faults) this.strike(fault);
      else this.time.at(this.time.now + HOUR, () => this.#enter(entering));
    });
  }

  // ---- the end -------------------------------------------------------------------------------------------------

  /** Everything that was broken works again, and everything that waits comes in and goes out. */
  async recover(): Promise<void> {
    const { time, disk, broker, webhook, store } = this;
    this.thaw();
    time.wallOffMs = 0;
    // A daemon that was started by a wrong clock is started again by a right one.
    this.#life?.clock.accept();
    disk.disarm();
    disk.suffer('none');
    broker.publishing = 'answers';
    webhook.manner = 'answers';
    store.manner = 'answers';
    for (const device of [...this.#unlinked]) this.link(device, '{"state":"online"}');
    this.brokerBack();
    await this.passTo(time.now + 20 * MINUTE);
    await this.finish();
  }

  /** Until nothing is under way, or it cannot be waited for any longer. */
  async finish(): Promise<void> {
    const { time } = this;
    const deadline = time.now + 4 * 24 * HOUR;
    while (this.unfinished() !== null && time.now < deadline) await this.passTo(time.now + 20 * MINUTE);
  }

  /** What has not come in or gone out yet. */
  unfinished(): string | null {
    const { life, broker } = this;
    if (life === null || life.daemon.core.live.engine === null) return 'no daemon';
    const { core } = life.daemon;
    if (broker.waiting > 0) return `${broker.waiting} messages`;
    for (const [device, held] of this.#held) if (held.length > 0) return `${held.length} messages of ${device}`;
    const entering = this.#entering.find((one) => one.state !== 'done' && !this.#isMoot(one));
    if (entering !== undefined) return `${entering.text}: ${entering.problem}`;
    if (core.live.queued > 0 || core.live.stuck !== null) return `${core.live.queued} offers`;
    const due = core.ledger.database.prepare('select key from telling where due_at is not null').all();
    if (due.length > 0) return `${due.length} to be told once they have settled`;
    if (core.outbox.waiting > 0) return `${core.outbox.waiting} to be told`;
    if (core.series.lag() > 0) return `${core.series.lag()} points`;
    return null;
  }

  /** It speaks of something that the broker has lost, or that was refused, or taken back. */
  #isMoot({ problem }: Entering): boolean {
    const isGone = this.#forgotten > 0 || this.core.rejects.count().kinds > 0;
    return (isGone && problem?.startsWith('there is no fact') === true) || isOfNobody(problem, this.entered);
  }

  /** What people were told is in. */
  get entered(): readonly FactLine[] {
    return this.#entering.flatMap(({ lines, state }) => (state === 'done' ? lines : []));
  }

  /** Ends it all; the files stay until it is disposed of. */
  async end(): Promise<void> {
    await this.#life?.stop();
    await drained();
  }

  [Symbol.dispose](): void {
    this.time[Symbol.dispose]();
    this.webhook[Symbol.dispose]();
    const { life } = this;
    if (life?.daemon.core.ledger.database.isOpen) life.daemon.core.ledger.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
