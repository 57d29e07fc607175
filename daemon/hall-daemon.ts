/** A hall with its doors open: brokers in, alerts and time series out, pages and commands. */
import type { Broker } from '../adapters/broker.ts';
import { alertTopic } from '../adapters/topics.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { Change } from '../rules/changes.ts';
import type { Ms } from '../rules/time.ts';
import { HallAccess } from './access/hall-access.ts';
import { TOPIC_CHANNEL } from './alerts/announcer.ts';
import { audiencesOf } from './alerts/audiences.ts';
import { channelWarnings, sendersOf } from './alerts/channels.ts';
import { Delivery, type Send } from './alerts/delivery.ts';
import type { Language } from './alerts/words.ts';
import { LiveBoard } from './board/live-board.ts';
import { isBreak } from './cameras/hall-breaks.ts';
import { HallCameras } from './cameras/hall-cameras.ts';
import { behindText, type Clock, futureText, jumpText, systemAfter, systemElapsed } from './clock.ts';
import { HallClocks } from './clocks/hall-clocks.ts';
import { type ConfigFile, type ConfigSource, configFileOf } from './config-file/config-edit.ts';
import { ConfigStanding } from './config-file/config-standing.ts';
import { acceptedOrUndone, type ReloadAnswer, type Reloaded, whatChanges } from './config-file/reloading.ts';
import { type Evidence, evidenceOf } from './evidence/evidence.ts';
import { HallCore, type HallCoreOptions } from './hall-core.ts';
import { type Assets, bundleAssets } from './http/assets.ts';
import type { Listening } from './http/server.ts';
import { brokersOf, fixedBrokers, type HallBrokers } from './intake/brokers.ts';
import { Ears } from './intake/ears.ts';
import { Intake } from './intake/intake.ts';
import { faultOf, type Log } from './log.ts';
import type { ReportSchedule } from './reports/schedule.ts';
import { reportScheduleOf } from './reports/scheduling.ts';
import { type Shipping, shippingOf } from './series/shipping.ts';

export interface HallDaemonOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  /** Where the configuration was read from; without it pages cannot change it. */
  readonly source?: ConfigSource;
  /** Why `loaded` is the last that was accepted, and not what lies on the disk. */
  readonly refused?: string | null;
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

export const OWN_CAMERA = { by: null, via: 'camera', claimedAt: null } as const;

/** How often the board is looked at again although nothing came in: strips grow, and counts become verdicts. */
const BOARD_EVERY_MS: Ms = 1_000;

export class HallDaemon {
  readonly core: HallCore;
  readonly intake: Intake;
  readonly #options: HallDaemonOptions;
  #loaded: LoadedConfig;
  readonly #brokers: HallBrokers;
  readonly #ears: Ears;
  readonly clocks: HallClocks;
  readonly #delivery: Delivery;
  readonly #board: LiveBoard;
  readonly #shipping: Shipping | null;
  readonly #reports: ReportSchedule;
  readonly #cameras: HallCameras;
  readonly #evidence: Evidence;
  readonly access: HallAccess;
  readonly config: ConfigFile | null;
  #listening: Listening | null = null;
  #boardTimer: NodeJS.Timeout | null = null;
  readonly standing: ConfigStanding;

  constructor(options: HallDaemonOptions) {
    const { loaded, clock, log, committed } = options;
    this.#options = options;
    this.#loaded = loaded;
    this.core = buildCore(options, {
      committed: (changes) => {
        this.#board.stir();
        this.#delivery.kick();
        this.#shipping?.kick();
        this.#evidence.follow(changes);
        committed?.(changes);
      },
      stoodStill: (from) => {
        this.clocks.noteMisdated(from);
        this.#ears.hearsAgain();
      },
    });
    const { core } = this;
    const now = (): Ms => core.live.time.now;
    const ofDevices = { now, elapsed: systemElapsed, after: systemAfter };
    this.clocks = new HallClocks({
      core,
      settings: core.config,
      clock: ofDevices,
      intake: () => this.intake,
      publish: ({ topic, payload }) => this.#ears.publish(topic, payload),
      isLive: () => this.#ears.isLive,
      hasDoor: options.pages ?? true,
      log,
    });
    this.intake = new Intake({
      hall: core.hall.id,
      now,
      knowsWindow: (window) => core.live.engine?.hallAt(now())?.windows.has(window) ?? core.hall.windows.has(window),
      aheadMs: loaded.config.intake.ahead,
      oldestMs: loaded.config.intake.oldest,
      firstDayAt: () => core.firstDayAt,
      offer: (offer) => core.live.offer(offer),
      ownerOf: (punch) => core.live.engine?.ownerOf(punch) ?? null,
      ...this.clocks.forIntake,
      log,
    });
    const { heard, overhearer, session } = this.clocks;
    const onStray = overhearer.stray.bind(overhearer);
    const anonymous = options.demonstration ?? false;
    const { brokers } = options;
    this.#brokers =
      brokers === undefined ? brokersOf(loaded, { log, heard, session, onStray, anonymous }) : fixedBrokers(brokers);
    this.#ears = new Ears({
      core,
      brokers: this.#brokers.list,
      intake: () => this.intake,
      now,
      log,
    });
    this.#delivery = new Delivery({
      outbox: core.outbox,
      ledger: core.ledger,
      channels: this.#channels(),
      now,
      log,
    });
    this.#shipping = shippingOf(loaded.config.metrics, core, { clock, log });
    this.#reports = reportScheduleOf(loaded, core, options);
    this.#evidence = evidenceOf(loaded, core, { ffmpegPath: options.ffmpegPath ?? null, clock: ofDevices, log });
    this.#cameras = new HallCameras({
      hall: core.hall,
      evidence: this.#evidence,
      settings: loaded.config,
      dataFolder: loaded.config.data,
      ffmpegPath: options.ffmpegPath ?? null,
      clock: ofDevices,
      offer: (fact) => core.live.offer({ what: { fact, from: OWN_CAMERA }, kept: () => {} }),
      put: (points) => core.ledger.commit(() => core.series.put(points)),
      isBreak: (window, at) => isBreak(core.live.engine, window, at),
      log,
    });
    this.standing = new ConfigStanding({
      ...{ loaded, log, language: options.language, source: options.source ?? null, refused: options.refused ?? null },
      ...{ takeUp: (next) => this.#reload(next), now },
    });
    this.config = configFileOf(options, (next) => this.reload(next).then(() => {}));
    this.access = new HallAccess({ ledger: core.ledger, settings: loaded.config.http, hall: () => core.hall, log });
    this.#board = new LiveBoard({
      hall: core.hall,
      engine: () => core.live.engine,
      now,
      warnings: (language) => this.#warnings(language),
      cases: () => core.caseNews.count,
      away: () => core.windowDesk.away,
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
    // Other processes and threads make them while this one reads the ledger.
    const assets = (this.#options.pages ?? true) ? bundleAssets() : null;
    // Waited for below: until then nobody has to know that they do not compile.
    assets?.catch(() => {});
    const awayFrom = core.aliveAt;
    this.#ears.prepare(awayFrom !== null);
    core.begin();
    await this.standing.begin();
    core.live.start();
    this.#ears.resume();
    this.#board.refresh();
    // What came meanwhile is judged first; it takes a while until there are pages to show it.
    await this.clocks.start(awayFrom);
    await this.#ears.open();
    this.#delivery.start();
    this.#shipping?.start();
    if (assets !== null) await this.#openPages(assets);
    await this.#cameras.start();
    this.#reports.start();
    this.#boardTimer = setInterval(() => this.#board.refresh(), this.#options.boardEveryMs ?? BOARD_EVERY_MS);
    log.info({ hall: core.hall.id, url: this.url, data: loaded.config.data, at: clock.now() }, 'hall was opened');
  }

  async #openPages(assets: Promise<Assets>): Promise<void> {
    const { openPages } = await import('./hall-pages.ts');
    this.#listening = await openPages({
      ...{ options: this.#options, core: this.core, intake: this.intake, ears: this.#ears, board: this.#board },
      ...{ clocks: this.clocks, cameras: this.#cameras, evidence: this.#evidence, shipping: this.#shipping },
      ...{ access: this.access, config: this.config, standing: this.standing },
      assets,
      warnings: () => this.#warnings(this.#options.language),
      reload: (lang) => this.reloadFile(lang),
    });
  }

  /** Takes another configuration of the same hall, all of it or nothing; the answer says what changes when. */
  async reload(loaded: LoadedConfig): Promise<Reloaded> {
    return await this.standing.takeUp(loaded);
  }

  /** Reads the file again; one that cannot be used changes nothing, and that is said wherever people look. */
  async reloadFile(lang: Language): Promise<ReloadAnswer> {
    return await this.standing.reload(lang);
  }

  async #reload(loaded: LoadedConfig): Promise<Reloaded> {
    const { core } = this;
    const { log } = this.#options;
    const { id } = core.hall;
    if (loaded.hall.id !== id) {
      const other = loaded.hall.id;
      const isZh = this.#options.language === 'zh';
      throw new Error(isZh ? `文件是大厅 ${other} 的，不是 ${id} 的` : `the file is of hall ${other}, not ${id}`);
    }
    const changed = whatChanges(this.#loaded, loaded, this.#options.loaded);
    const { heard, take } = this.clocks.plan(loaded.config);
    const { judgedFrom, taken } = await this.#ears.changing(async () => {
      const brokers = await this.#brokers.follow(loaded, heard);
      const judgedFrom = await acceptedOrUndone(() => core.accept(loaded), brokers);
      const taken = Promise.all([take(), this.#cameras.replace(loaded.config)]);
      await brokers.keep();
      return { judgedFrom, taken };
    });
    this.#loaded = loaded;
    // It is accepted; what cannot be opened is tried again by those who hold it.
    await taken.catch((error: unknown) =>
      log.error(faultOf(error), 'cameras and clocks of the new configuration could not be taken up'),
    );
    const { atOnce, nextStart } = changed;
    log.info({ hall: id, atOnce, nextStart }, 'configuration was taken up');
    return { judgedFrom, ...changed };
  }

  /** Takes in what has arrived, tells the brokers that it goes, and lets go of the ledger. */
  async stop(): Promise<void> {
    if (this.#boardTimer !== null) clearInterval(this.#boardTimer);
    await this.#reports.stop();
    await Promise.all([this.#cameras.stop(), this.clocks.stop()]);
    await this.#listening?.close();
    await this.#delivery.stop();
    await this.#shipping?.stop();
    await this.#ears.close();
    this.access.close();
    this.core.close();
    this.#options.log.info({ hall: this.core.hall.id }, 'hall was closed');
  }

  // ---- telling -------------------------------------------------------------------------------------------------

  #channels(): Map<string, Send> {
    const { log, language } = this.#options;
    const topic: Send = (message) => this.#ears.publish(alertTopic(this.core.hall.id), message.body);
    const { config } = this.core;
    return new Map([
      ...sendersOf({ config, language, now: () => this.core.live.time.now }, log),
      [TOPIC_CHANNEL, topic],
    ]);
  }

  // ---- showing -------------------------------------------------------------------------------------------------

  #warnings(language: Language): string[] {
    const { live } = this.core;
    const { clock } = this.#options;
    const zh = language === 'zh';
    const warnings: string[] = [];
    if (live.stuck !== null)
      warnings.push(zh ? `账本写不进去：${live.stuck}` : `the ledger cannot be written: ${live.stuck}`);
    if (this.#ears.deaf.length > 0)
      warnings.push(zh ? '消息服务未连接，打卡可能尚未收到' : 'a broker is not connected; punches may be missing');
    const { futureStart } = live.time;
    if (futureStart !== null) warnings.push(futureText(futureStart, this.core.hall.zone, language));
    else if (clock.jump !== null) warnings.push(jumpText(clock.jump, language));
    else if (live.time.aheadOfUs !== null)
      warnings.push(behindText(live.time.aheadOfUs, this.core.hall.zone, language));
    const bad = this.standing.warning(this.core.hall.zone, language);
    if (bad !== null) warnings.push(bad);
    return [...warnings, ...channelWarnings(this.core.outbox, language)];
  }
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
