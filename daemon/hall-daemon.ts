/** A hall with its doors open: brokers in, alerts and time series out, pages and commands. */
import { rm } from 'node:fs/promises';
import { type Broker, BrokerError, type BrokerListener } from '../adapters/broker.ts';
import { alertTopic, daemonTopic } from '../adapters/topics.ts';
import type { LoadedConfig } from '../config/load.ts';
import { DAEMON } from '../rules/book.ts';
import type { Change } from '../rules/changes.ts';
import { formatInstant, type Ms } from '../rules/time.ts';
import { HallAccess } from './access/hall-access.ts';
import { TOPIC_CHANNEL } from './alerts/announcer.ts';
import { audiencesOf } from './alerts/audiences.ts';
import { channelWarnings, sendersOf } from './alerts/channels.ts';
import { Delivery, type Send } from './alerts/delivery.ts';
import type { Language } from './alerts/words.ts';
import { brokersOf } from './brokers.ts';
import { HallCameras } from './cameras/hall-cameras.ts';
import { type Clock, systemAfter, systemElapsed } from './clock.ts';
import { controlApp, controlSocket } from './control.ts';
import { type Evidence, evidenceOf } from './evidence/evidence.ts';
import { HallCore, type HallCoreOptions } from './hall-core.ts';
import { hallChecks, hallMetrics } from './hall-metrics.ts';
import { deafSince, isOwnWord } from './hearing.ts';
import { alertsOf } from './http/alerts-api.ts';
import { httpApp } from './http/app.ts';
import { bundleAssets } from './http/assets.ts';
import { reportsOf } from './http/reports-api.ts';
import { type Listening, listen } from './http/server.ts';
import { Intake } from './intake.ts';
import { LiveBoard } from './live-board.ts';
import type { Log } from './log.ts';
import type { ReportSchedule } from './reports/schedule.ts';
import { reportScheduleOf } from './reports/scheduling.ts';
import { type Shipping, shippingOf } from './series/shipping.ts';

export interface HallDaemonOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  /** For demonstrations: the embedded broker lets in whoever gives no name, and simulated punches count. */
  readonly demonstration?: boolean;
  /** In place of the configuration's brokers. */
  readonly brokers?: readonly Broker[];
  readonly committed?: (changes: readonly Change[]) => void;
  /** How often the board is looked at again, 1 s by default; more often where the clock runs faster than real time. */
  readonly boardEveryMs?: Ms;
  /** How often pages get a sign of life with the clock's time. */
  readonly heartbeatMs?: Ms;
  /** With what cameras are read; null, as it is unless this says otherwise = with nothing: what they would see is unknown. */
  readonly ffmpegPath?: string | null;
  /** Whether pages and commands are served, as they are unless this is false: where time is simulated there are no sockets. */
  readonly pages?: boolean;
}

/** Where the ledger notes since when clocks have to prove what they sent, until it has the facts that say so. */
const UNPROVED_SINCE = 'unproved-since';

export const OWN_CAMERA = { by: null, via: 'camera', claimedAt: null } as const;

/** How often the board is looked at again although nothing came in: strips grow, and counts become verdicts. */
const BOARD_EVERY_MS: Ms = 1_000;

export class HallDaemon {
  readonly core: HallCore;
  readonly intake: Intake;
  readonly #options: HallDaemonOptions;
  readonly #brokers: readonly Broker[];
  readonly #deaf = new Set<string>();
  /** Brokers that are handing out what they kept for us. */
  readonly #draining = new Set<string>();
  /** What was last recorded of our own hearing; null before anything was. */
  #noted: 'offline' | 'online' | null = null;
  readonly #delivery: Delivery;
  readonly #board: LiveBoard;
  readonly #shipping: Shipping | null;
  readonly #reports: ReportSchedule;
  readonly #cameras: HallCameras;
  readonly #evidence: Evidence;
  readonly access: HallAccess;
  #listening: Listening | null = null;
  #control: Listening | null = null;
  #boardTimer: NodeJS.Timeout | null = null;

  constructor(options: HallDaemonOptions) {
    const { loaded, clock, log, committed } = options;
    this.#options = options;
    this.core = buildCore(options, {
      committed: (changes) => {
        this.#delivery.kick();
        this.#shipping?.kick();
        this.#evidence.follow(changes);
        committed?.(changes);
      },
      // Where a broker was lost meanwhile, it says so itself, and when everything has been taken in.
      stoodStill: () => {
        if (this.#deaf.size === 0) this.#note('online');
      },
    });
    const { core } = this;
    this.intake = new Intake({
      hall: core.hall.id,
      now: () => clock.now(),
      knowsWindow: (window) =>
        core.live.engine?.hallAt(clock.now())?.windows.has(window) ?? core.hall.windows.has(window),
      aheadMs: loaded.config.intake.ahead,
      oldestMs: loaded.config.intake.oldest,
      offer: (offer) => core.live.offer(offer),
      ownerOf: (punch) => core.live.engine?.ownerOf(punch) ?? null,
      log,
    });
    this.#brokers = options.brokers ?? brokersOf(loaded, { log, anonymous: options.demonstration ?? false });
    for (const broker of this.#brokers) this.#deaf.add(broker.name);
    this.#delivery = new Delivery({
      outbox: core.outbox,
      ledger: core.ledger,
      channels: this.#channels(),
      now: () => clock.now(),
      log,
    });
    this.#shipping = shippingOf(loaded.config.metrics, core, { clock, log });
    this.#reports = reportScheduleOf(loaded, core, options);
    const ofCameras = { now: () => clock.now(), elapsed: systemElapsed, after: systemAfter };
    this.#evidence = evidenceOf(loaded, core, { ffmpegPath: options.ffmpegPath ?? null, clock: ofCameras, log });
    this.#cameras = new HallCameras({
      hall: core.hall,
      evidence: this.#evidence,
      settings: loaded.config,
      dataFolder: loaded.config.data,
      ffmpegPath: options.ffmpegPath ?? null,
      clock: ofCameras,
      offer: (fact) => core.live.offer({ what: { fact, from: OWN_CAMERA }, kept: () => {} }),
      put: (points) => core.ledger.commit(() => core.series.put(points)),
      log,
    });
    this.access = new HallAccess({ ledger: core.ledger, settings: loaded.config.http, hall: () => core.hall, log });
    this.#board = new LiveBoard({
      hall: core.hall,
      engine: () => core.live.engine,
      now: () => clock.now(),
      warnings: () => this.#warnings(),
      cases: () => core.caseNews.count,
    });
  }

  /** Where the pages are; null before `start`. */
  get url(): string | null {
    return this.#listening?.url ?? null;
  }

  /** Opens the doors. Absent brokers and stores are tried again for as long as it takes; a port in use is an error. */
  async start(): Promise<void> {
    const { loaded, clock, log } = this.#options;
    const { core } = this;
    // A daemon that has run before counts as away from its last sign of life on.
    if (core.aliveAt !== null) this.#noted = 'offline';
    core.begin();
    core.live.start();
    const unprovedSince = core.ledger.setting(UNPROVED_SINCE) ?? '';
    if (unprovedSince !== '') this.#demandProof(Number(unprovedSince));
    this.#board.refresh();
    this.#delivery.start();
    this.#shipping?.start();
    if (this.#options.pages ?? true) await this.#openPages();
    for (const broker of this.#brokers) await broker.start(this.#listener(broker));
    await this.#cameras.start();
    if (this.#brokers.length === 0) this.#note('online');
    this.#reports.start();
    this.#boardTimer = setInterval(() => this.#board.refresh(), this.#options.boardEveryMs ?? BOARD_EVERY_MS);
    log.info({ hall: core.hall.id, url: this.url, data: loaded.config.data, at: clock.now() }, 'hall was opened');
  }

  async #openPages(): Promise<void> {
    const { loaded, clock, log, heartbeatMs } = this.#options;
    const { http, data } = loaded.config;
    const app = httpApp({
      hall: this.core.hall.id,
      board: this.#board,
      access: this.access.access,
      alerts: alertsOf(
        this.core,
        () => clock.now(),
        (by) => this.access.access.nameOf(by),
      ),
      reports: reportsOf(this.core, this.access.access),
      settings: http,
      checks: () =>
        hallChecks(this.core, {
          deaf: [...this.#deaf],
          clock,
          shipping: this.#shipping,
          cameras: this.#cameras.readings(),
          witnesses: this.#cameras.witnesses(),
        }),
      metrics: () => [...hallMetrics(this.core, this.intake.counts, this.#shipping), ...this.#cameras.metrics()],
      assets: await bundleAssets(),
      onError: (error) => log.error({ because: String(error) }, 'request failed'),
      now: () => clock.now(),
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    });
    this.#listening = await listen(app, http.listen);
    this.access.announce(this.#listening.url);
    const socketPath = controlSocket(data);
    await rm(socketPath, { force: true });
    this.#control = await listen(controlApp(this.core, this.#evidence, this.access), { socketPath });
  }

  /** Takes another configuration of the same hall: judged by from the next day on, its cameras at once; no other connection changes. */
  reload(loaded: LoadedConfig): Promise<void> {
    const { hall } = this.core;
    if (loaded.hall.id !== hall.id) throw new Error(`the file is of hall ${loaded.hall.id}, not ${hall.id}`);
    this.core.accept(loaded);
    return this.#cameras.replace(loaded.config);
  }

  /** Takes in what has arrived, tells the brokers that it goes, and lets go of the ledger. */
  async stop(): Promise<void> {
    if (this.#boardTimer !== null) clearInterval(this.#boardTimer);
    await this.#reports.stop();
    await this.#cameras.stop();
    await this.#control?.close();
    await this.#listening?.close();
    await this.#delivery.stop();
    await this.#shipping?.stop();
    for (const broker of this.#brokers) {
      await this.#sayState(broker, 'offline').catch(unlessGone);
      await broker.stop();
    }
    this.access.close();
    this.core.close();
    this.#options.log.info({ hall: this.core.hall.id }, 'hall was closed');
  }

  // ---- hearing -------------------------------------------------------------------------------------------------

  #listener(broker: Broker): BrokerListener {
    const { log } = this.#options;
    return {
      message: (message, committed) => this.intake.message(message, committed),
      connected: ({ sessionPresent }) => {
        log.info({ broker: broker.name, sessionPresent }, 'broker was connected');
        if (sessionPresent) {
          this.#draining.add(broker.name);
          this.core.live.beginBacklog();
        } else this.#noteForgotten();
      },
      drained: () => {
        this.#deaf.delete(broker.name);
        this.#drained(broker);
        this.#sayState(broker, 'online').catch(unlessGone);
        // Everything that was kept for us is in: from here on a missing punch is missing.
        if (this.#deaf.size === 0) this.#note('online');
      },
      lost: (because) => {
        log.warn({ broker: broker.name, because }, 'broker was lost');
        this.#deaf.add(broker.name);
        // Also where it was never there: who has not been heard of has not been missing.
        if (this.#noted !== 'offline') this.#note('offline');
      },
    };
  }

  #drained(broker: Broker): void {
    if (this.#draining.delete(broker.name) && this.#draining.size === 0) this.core.live.endBacklog();
  }

  #note(state: 'offline' | 'online'): void {
    const { core } = this;
    this.#noted = state;
    const fact = core.daemonFact(state, this.#options.clock.now());
    core.live.offer({ what: { fact, from: { by: null, via: 'daemon', claimedAt: null } }, kept: () => {} });
  }

  /**
   * The broker kept nothing for us although we had been there before: what the clocks sent meanwhile may be lost with it, so they
   * have to prove that they have delivered everything.
   */
  #noteForgotten(): void {
    const { core } = this;
    const awayFrom = this.#lastAway();
    if (awayFrom === null) return;
    this.#options.log.warn({ since: awayFrom }, 'broker kept no session; clocks must prove what they sent meanwhile');
    // By now the broker has a session: should we die before the facts are kept, it will not say again that it had none.
    if (core.hall.clocks.size > 0) this.#noteUnproved(String(awayFrom));
    this.#demandProof(awayFrom);
  }

  /** On a full disk it cannot be noted; neither can punches then, and they stay with the broker. */
  #noteUnproved(since: string): void {
    try {
      this.core.ledger.set(UNPROVED_SINCE, since);
    } catch (cause) {
      this.#options.log.error({ because: String(cause) }, 'what clocks must prove was not noted');
    }
  }

  #demandProof(awayFrom: Ms): void {
    const { core } = this;
    const words = [...core.hall.clocks.keys()].flatMap((clock) => [
      { clock, state: 'offline' as const, at: awayFrom },
      { clock, state: 'online' as const, at: this.#options.clock.now() },
    ]);
    for (const [i, { clock, state, at }] of words.entries()) {
      const fact = { ...core.daemonFact(state, at), device: clock, id: `broker-forgot-${clock}-${state}-${at}` };
      const isLast = i === words.length - 1;
      core.live.offer({
        what: { fact, from: { by: null, via: 'daemon', claimedAt: null } },
        kept: () => {
          if (isLast) this.#noteUnproved('');
        },
      });
    }
  }

  /** Since when the daemon has not heard; null at the very first start, when nothing can have been missed. */
  #lastAway(): Ms | null {
    const { live, facts, aliveAt } = this.core;
    if (live.engine !== null) {
      const said = live.engine.book.deviceFacts(DAEMON);
      return deafSince(said) ?? said.findLast(({ state }) => state === 'offline')?.at ?? null;
    }
    // While nothing can be written nothing is taken in either: we have not heard since the last commit, or longer.
    return deafSince([...facts.stretches()].filter(isOwnWord)) ?? aliveAt;
  }

  async #sayState(broker: Broker, state: 'online' | 'offline'): Promise<void> {
    const { hall } = this.core;
    const payload = JSON.stringify({ state, at: formatInstant(hall.zone, this.#options.clock.now()) });
    await broker.publish(daemonTopic(hall.id), payload, { retain: true });
  }

  // ---- telling -------------------------------------------------------------------------------------------------

  #channels(): Map<string, Send> {
    const { loaded, clock, log, language } = this.#options;
    const topic: Send = (message) => this.#publish(alertTopic(this.core.hall.id), message.body);
    const { config } = loaded;
    return new Map([...sendersOf({ config, language, now: () => clock.now() }, log), [TOPIC_CHANNEL, topic]]);
  }

  /** To every broker: whoever reads alerts reads them where they are. */
  async #publish(topic: string, body: string): Promise<void> {
    if (this.#brokers.length === 0) throw new BrokerError('no broker is configured', { retry: false });
    await Promise.all(this.#brokers.map((broker) => broker.publish(topic, body)));
  }

  // ---- showing -------------------------------------------------------------------------------------------------

  #warnings(): string[] {
    const { live } = this.core;
    const { clock, language } = this.#options;
    const zh = language === 'zh';
    const warnings: string[] = [];
    if (live.stuck !== null)
      warnings.push(zh ? `账本写不进去：${live.stuck}` : `the ledger cannot be written: ${live.stuck}`);
    if (this.#deaf.size > 0)
      warnings.push(zh ? '消息服务未连接，打卡可能尚未收到' : 'a broker is not connected; punches may be missing');
    if (clock.jump !== null)
      warnings.push(zh ? '系统时钟被拨动，暂停判定' : 'the system clock stepped; judging is suspended');
    return [...warnings, ...channelWarnings(this.core.outbox, language)];
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof BrokerError)) throw error;
}

function buildCore(
  options: HallDaemonOptions,
  hooks: Required<Pick<HallCoreOptions, 'committed' | 'stoodStill'>>,
): HallCore {
  const { loaded, clock, log, language, demonstration } = options;
  return new HallCore({
    loaded,
    clock,
    log,
    language,
    audiences: audiencesOf(loaded.config.notify),
    countSimulated: demonstration ?? false,
    ...hooks,
  });
}
