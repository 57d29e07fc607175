/** A hall without its doors: the ledger, the engine on top of it, and what follows from each commit. */
import { hallOf } from '../config/judging.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { Book, DAEMON } from '../rules/book.ts';
import type { Change } from '../rules/changes.ts';
import { Engine } from '../rules/engine.ts';
import type { ConfigFact, DeviceFact } from '../rules/facts.ts';
import { dayAt, type Hall, type Judging, startOfDay } from '../rules/hall.ts';
import { type Holders, hallDay, holdersAt, isWorkedOn } from '../rules/plan.ts';
import { BEGINNING, type Day, dateOf, type Ms } from '../rules/time.ts';
import { verdictId } from '../rules/verdict.ts';
import { Announcer } from './alerts/announcer.ts';
import { type Audience, readershipsOf } from './alerts/audiences.ts';
import { CaseStore } from './alerts/cases.ts';
import { Mailroom, type MailroomOptions } from './alerts/mailroom.ts';
import { Outbox } from './alerts/outbox.ts';
import { Silences } from './alerts/silences.ts';
import { Telling } from './alerts/telling.ts';
import type { Language } from './alerts/words.ts';
import { lostUntil, noteLossSaid, toldUntil, vouchedAt } from './backup/amends.ts';
import { CaseDesk } from './cases/case-desk.ts';
import { CaseNews } from './cases/case-news.ts';
import { type Clock, systemElapsed } from './clock.ts';
import { inForce } from './config-file/reloading.ts';
import { WindowDesk } from './desk/window-desk.ts';
import { OURSELVES } from './intake/hearing.ts';
import { factId } from './intake/intake.ts';
import { tornEnd } from './ledger/chain-end.ts';
import { DayTouches } from './ledger/day-touches.ts';
import { FactStore } from './ledger/facts.ts';
import { HistoryStore } from './ledger/history.ts';
import { Ledger } from './ledger/ledger.ts';
import { RejectStore } from './ledger/rejects.ts';
import { SeriesStore } from './ledger/series.ts';
import { Live } from './live/live.ts';
import type { Log } from './log.ts';
import type { ReportSource } from './reports/make.ts';
import { DayFigures } from './series/day-figures.ts';
import { Projection } from './series/projection.ts';

export interface HallCoreOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly audiences: readonly Audience[];
  /** Punches marked as simulated count: in the demonstration only. */
  readonly countSimulated?: boolean;
  readonly committed?: (changes: readonly Change[]) => void;
  /** Called when nothing was taken in for a while and it has been recorded since when. */
  readonly stoodStill?: (from: Ms) => void;
}

/** Whether every verdict that stands has its case. */
const ALL_FILED = 'all-filed';

/** Days before today that stay in memory; older ones are read again when a late fact touches them. */
const HOT_DAYS = 3;

/** Verdicts that a line of the log names; their number is said beside. */
const MOST_LOGGED = 100;

const BY_CONFIG = { ...OURSELVES, via: 'config' } as const;

export class HallCore {
  readonly ledger: Ledger;
  readonly facts: FactStore;
  readonly history: HistoryStore;
  readonly rejects: RejectStore;
  readonly series: SeriesStore;
  readonly outbox: Outbox;
  readonly cases: CaseStore;
  readonly silences: Silences;
  readonly caseNews = new CaseNews();
  readonly live: Live;
  readonly desk: CaseDesk;
  readonly windowDesk: WindowDesk;
  readonly #options: HallCoreOptions;
  /** The newest that was accepted. */
  #accepted: LoadedConfig;
  /** As far as it is in force. */
  readonly config: Config;
  readonly #projection: Projection;
  readonly #dayFigures: DayFigures;
  #writes = false;
  #differing = 0;

  /** Opens the ledger; throws `LockedError` while another process has it. */
  constructor(options: HallCoreOptions) {
    const { config, hall } = options.loaded;
    this.#options = options;
    this.#accepted = options.loaded;
    this.config = inForce(config, () => this.#accepted.config);
    this.ledger = Ledger.open({ directory: config.data, diskReserveBytes: config.diskReserve });
    const { database } = this.ledger;
    const torn = tornEnd(database, hall.id);
    if (torn !== null) options.log.error({ because: torn }, 'ledger did not end where its chain does');
    this.facts = new FactStore(database, hall.id);
    this.history = new HistoryStore(database, hall.id);
    this.rejects = new RejectStore(database, hall.id);
    this.series = new SeriesStore(database, hall.id);
    this.outbox = new Outbox(database, hall.id);
    this.cases = new CaseStore(database);
    this.silences = new Silences({ facts: this.facts, config: this.config, holders: this.holders });
    this.#projection = new Projection({
      ...{ series: this.series, facts: this.facts, ledger: this.ledger, engine: () => this.engine },
      severities: config.notify.severities,
    });
    this.#dayFigures = this.#figures();
    this.live = this.#live();
    const now = (): Ms => options.clock.now();
    this.windowDesk = new WindowDesk({
      facts: this.facts,
      live: this.live,
      hall: () => this.hall,
      said: () => this.caseNews.said,
      now,
    });
    this.desk = new CaseDesk({
      hall: hall.id,
      cases: this.cases,
      facts: this.facts,
      history: this.history,
      live: this.live,
      hallOn: this.hallOn,
      appealDays: config.cases.appealDays,
      now: () => options.clock.now(),
    });
  }

  /** The newest configuration, with its people: what may be spoken of, though it may not be judged by before tomorrow. */
  get hall(): Hall {
    // Asked for already while what follows is put together.
    const live = this.live as Live | undefined;
    const { hall } = this.#accepted;
    return live?.engine?.withPeople(hall) ?? hall;
  }

  /** What reports are made of. */
  get reportSource(): ReportSource {
    const { appealDays } = this.#options.loaded.config.cases;
    return { directory: this.ledger.directory, hall: this.hall.id, countSimulated: this.countsSimulated, appealDays };
  }

  /** The configuration by which a day is judged, or what there is of one while nothing can be. */
  readonly hallOn = (day: Day): Hall => this.live.engine?.hallOn(day) ?? this.hall;

  /** Who holds a role of a window at an instant; while nothing can be judged, as the configuration has it. */
  readonly holders: Holders = (...asked) => holdersAt(this.live.engine?.book ?? new Book(), ...asked);

  #live(): Live {
    const { loaded, clock, log, audiences, language, committed, stoodStill } = this.#options;
    const { notify } = loaded.config;
    const { hallOn } = this;
    const telling = new Telling(this.ledger.database, this.hall.id, this.cases, {
      hallOn,
      holders: this.holders,
      tellWithinMs: notify.tellWithin,
      toldUntil: toldUntil(this.ledger),
      silencedUntil: (hall, verdict, now) => this.silences.until(hall, verdict, now),
    });
    const mailroom = this.#mailroom(hallOn);
    const announcer = new Announcer({
      telling,
      mailroom,
      outbox: this.outbox,
      hallOn,
      audiences,
      language,
      gatherMs: notify.gather,
    });
    return new Live(
      {
        ledger: this.ledger,
        facts: this.facts,
        history: this.history,
        rejects: this.rejects,
        rebuild: () => this.#rebuild(),
        consequences: [announcer, this.#projection, this.#dayFigures, this.caseNews, this.#dayTouches()],
        clock,
        log,
        committed: committed ?? (() => {}),
        elapsed: systemElapsed,
        longestOffMs: loaded.config.intake.longestOff,
        stoodStill: (from) => {
          this.live.recordAt([this.daemonFact('offline', from)], OURSELVES, from);
          stoodStill?.(from);
        },
      },
      this.aliveAt ?? Number.NEGATIVE_INFINITY,
      vouchedAt(this.ledger) ?? undefined,
    );
  }

  #mailroom(hallOn: (day: Day) => Hall): Mailroom {
    const { language } = this.#options;
    const { ledger, outbox, cases, facts } = this;
    const { notify } = this.config;
    const readerships = readershipsOf(this.config, this.holders);
    const isWorkday = (day: Day): boolean => {
      const book = this.live.engine?.book;
      return book === undefined || isWorkedOn(hallDay(hallOn(day), book, day));
    };
    const silencedUntil: MailroomOptions['silencedUntil'] = (...of) => this.silences.until(...of);
    const about = { hall: () => this.hall, timetable: notify, hallOn, isWorkday, silencedUntil, language };
    return new Mailroom({ ...about, ledger, outbox, cases, facts, readerships });
  }

  #dayTouches(): DayTouches {
    return new DayTouches(this.ledger.database, this.hall.id, () => this.engine);
  }

  #figures(): DayFigures {
    const load = () => ({
      queue: this.live.queued,
      outbox: this.outbox.waiting,
      rejects: this.rejects.count().kinds,
      commit_ms: Math.round(this.live.takeLongest()),
    });
    return new DayFigures({ series: this.series, ledger: this.ledger, engine: () => this.engine, load });
  }

  /** The engine; throws while the ledger cannot be written. */
  get engine(): Engine {
    const { engine } = this.live;
    if (engine === null) throw new Error('the ledger cannot be written at present');
    return engine;
  }

  /** When the first day that is judged begins; minus infinity while none is. */
  get firstDayAt(): Ms {
    const from = this.live.engine?.from ?? this.#daySetting('judged-from');
    return from === null ? Number.NEGATIVE_INFINITY : startOfDay(this.hallOn(from), from);
  }

  /** Whether punches marked as simulated count. */
  get countsSimulated(): boolean {
    return this.#options.countSimulated ?? false;
  }

  /** The last instant at which a daemon is known to have run on this ledger; null = never. */
  get aliveAt(): Ms | null {
    const alive = this.ledger.setting('alive');
    return alive === null ? null : Number(alive);
  }

  /** The engine as far as the ledger has it: at the start, and after a commit that failed. */
  #rebuild(): Engine {
    const engine = new Engine({
      compile: (fact: ConfigFact) => hallOf(fact.judging as Judging, fact.hash),
      archive: {
        find: (id) => this.facts.find(id),
        between: (span, sought) => this.facts.between(span, sought),
        standing: (day) => this.history.standing(day),
      },
      hotDays: HOT_DAYS,
      countSimulated: this.countsSimulated,
    });
    const { aliveAt } = this;
    if (aliveAt === null) return engine;
    const from = this.#daySetting('judged-from');
    // Also the days that nothing but a new fact can change, as far as they stay in memory: they are compared with what is stored.
    const hotFrom = Math.min(this.#daySetting('hot-from') ?? 0, dayAt(this.hall, aliveAt) - HOT_DAYS);
    const differing = engine.restore(this.facts.stretches(), aliveAt, from, hotFrom);
    if (differing.length > 0) this.#noteDiffering(engine, differing);
    return engine;
  }

  #daySetting(name: string): Day | null {
    const text = this.ledger.setting(name);
    return text === null || text === '' ? null : Number(text);
  }

  /** How many verdicts have been judged otherwise than they were stored, since this was opened. */
  get differing(): number {
    return this.#differing;
  }

  /** This release judges what was known already otherwise than the one before: visibly, never by itself. */
  #noteDiffering(engine: Engine, changes: readonly Change[]): void {
    const byDay = Map.groupBy(changes, ({ verdict }) => verdict.day);
    for (const [day, ofDay] of byDay) {
      const { zone } = engine.hallOn(day) ?? this.hall;
      const verdicts = ofDay.slice(0, MOST_LOGGED).map(({ key, verdict }) => verdictId(zone, verdict) ?? key);
      const fields = { day: dateOf(day), changes: ofDay.length, verdicts };
      this.#options.log.error(fields, 'stored verdicts differed from recomputed ones');
    }
    this.#differing += changes.length;
    this.ledger.commit(() => {
      for (const change of changes) this.history.append({ ...change, cause: { upgrade: true } });
      // Nobody is told anew; what is drawn and counted follows what holds.
      this.#projection.rejudged(changes, engine);
      this.#dayFigures.rejudged(byDay.keys());
    });
  }

  /** Takes up the work of a daemon: it counts as away until `online` is recorded, and judges by the configuration given. */
  begin(): void {
    this.noteAway();
    this.accept(this.#options.loaded);
    this.#fileAll();
  }

  /** Earlier releases made cases of what people were told only; whatever stands can be decided on. */
  #fileAll(): void {
    if (this.ledger.setting(ALL_FILED) !== null) return;
    this.ledger.commit(() => {
      for (const verdict of this.history.standingSince(BEGINNING)) {
        this.cases.caseOf(this.hallOn(verdict.day), this.holders, verdict);
      }
      this.ledger.set(ALL_FILED, 'yes');
    });
  }

  /** Notes since when nobody ran; a new ledger begins with the configuration. Whoever writes to the ledger does this first. */
  noteAway(): void {
    this.#writes = true;
    const { loaded, clock, log } = this.#options;
    const { aliveAt } = this;
    if (aliveAt === null) {
      const now = clock.now();
      this.live.recordAt([this.#configFact(loaded, now, now)], BY_CONFIG, now);
      log.info({ config: loaded.hash }, 'first configuration was accepted');
      return;
    }
    const { futureStart } = this.live.time;
    if (futureStart !== null) log.warn({ ...futureStart }, 'clock was doubted: no hall is off for so long');
    // Recorded as of the last sign of life: what came due while nobody listened is doubtful from the start.
    const lost = lostUntil(this.ledger);
    this.live.recordAt([this.#awayFact(aliveAt, lost)], OURSELVES, aliveAt);
    if (lost !== null) noteLossSaid(this.ledger);
  }

  /** `until`: up to when what had become known since is lost; null = nothing is. */
  #awayFact(from: Ms, until: Ms | null): DeviceFact {
    const away = this.daemonFact('offline', from);
    if (until === null) return away;
    this.#options.log.warn({ from, until }, 'ledger was restored; what was taken in meanwhile is lost');
    return { ...away, id: factId('device', from, this.hall.id, DAEMON, 'lost', until), lostUntil: until };
  }

  /** Accepts a configuration, from the next day on; the one that is in force, or about to be, changes nothing. */
  accept(loaded: LoadedConfig): Ms | null {
    const { hall } = loaded;
    if (this.#newestConfig()?.hash === loaded.hash) {
      this.#accepted = loaded;
      return null;
    }
    const { log } = this.#options;
    const { now } = this.live.time;
    const effectiveFrom = startOfDay(hall, dayAt(hall, now) + 1);
    this.live.recordAt([this.#configFact(loaded, now, effectiveFrom)], BY_CONFIG, now);
    this.#accepted = loaded;
    log.info({ config: loaded.hash, effectiveFrom }, 'configuration was accepted');
    return effectiveFrom;
  }

  #newestConfig(): ConfigFact | null {
    let newest: ConfigFact | null = null;
    for (const fact of this.facts.stretchesOf(['config'])) if (fact.fact === 'config') newest = fact;
    return newest;
  }

  #configFact({ hash, judging }: LoadedConfig, at: Ms, effectiveFrom: Ms): ConfigFact {
    const id = factId('config', at, this.hall.id, hash);
    return { fact: 'config', id, recordedAt: at, at, hash, effectiveFrom, judging };
  }

  /** The daemon's own coming and going, as a device's. */
  daemonFact(state: 'offline' | 'online', at: Ms): DeviceFact {
    const id = factId('device', at, this.hall.id, DAEMON, state);
    return { fact: 'device', id, recordedAt: at, at, device: DAEMON, state };
  }

  close(): void {
    // Who only read has not been there in a daemon's place: the time since the last one is still to be accounted for.
    if (this.#writes) this.live.stop();
    this.ledger.close();
  }
}
