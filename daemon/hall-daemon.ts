/** A hall with its doors open: brokers in, alerts and time series out, pages and commands. */
import { rm } from 'node:fs/promises';
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
import { brokersOf } from './brokers.ts';
import { HallCameras } from './cameras/hall-cameras.ts';
import { type Clock, systemAfter, systemElapsed } from './clock.ts';
import { DeviceDesk } from './clocks/device-desk.ts';
import { HallClocks } from './clocks/hall-clocks.ts';
import { type ConfigFile, type ConfigSource, configFileOf } from './config-edit.ts';
import { controlApp, controlSocket, type RunningHall } from './control.ts';
import { Ears } from './ears.ts';
import { type Evidence, evidenceOf } from './evidence/evidence.ts';
import { HallCore, type HallCoreOptions } from './hall-core.ts';
import { hallChecks, hallMetrics } from './hall-metrics.ts';
import { alertsOf } from './http/alerts-api.ts';
import { httpApp } from './http/app.ts';
import { bundleAssets } from './http/assets.ts';
import { deskAndSilencesOf } from './http/desk-and-silences.ts';
import { caseEvidenceOf } from './http/evidence-api.ts';
import { importsOf } from './http/imports-api.ts';
import { reportsOf } from './http/reports-api.ts';
import { type Listening, listen } from './http/server.ts';
import { weeksOf } from './http/week-api.ts';
import { Intake } from './intake.ts';
import { LiveBoard } from './live-board.ts';
import type { Log } from './log.ts';
import { type MetricFamily, metricsText } from './metrics.ts';
import { connectionsChanged, type Reloaded, reloadFrom } from './reloading.ts';
import type { ReportSchedule } from './reports/schedule.ts';
import { reportScheduleOf } from './reports/scheduling.ts';
import { type Shipping, shippingOf } from './series/shipping.ts';
import { cameraDeskOf } from './trials/camera-desk.ts';

export interface HallDaemonOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  /** Where the configuration was read from; without it pages cannot change it. */
  readonly source?: ConfigSource;
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
  #control: Listening | null = null;
  #boardTimer: NodeJS.Timeout | null = null;

  constructor(options: HallDaemonOptions) {
    const { loaded, clock, log, committed } = options;
    this.#options = options;
    this.#loaded = loaded;
    this.core = buildCore(options, {
      committed: (changes) => {
        this.#delivery.kick();
        this.#shipping?.kick();
        this.#evidence.follow(changes);
        committed?.(changes);
      },
      stoodStill: () => this.#ears.hearsAgain(),
    });
    const { core } = this;
    const ofDevices = { now: () => clock.now(), elapsed: systemElapsed, after: systemAfter };
    this.clocks = new HallClocks({
      core,
      settings: loaded.config,
      clock: ofDevices,
      intake: () => this.intake,
      publish: ({ topic, payload }) => this.#ears.publish(topic, payload),
      isLive: () => this.#ears.isLive,
      hasDoor: options.pages ?? true,
      log,
    });
    this.intake = new Intake({
      hall: core.hall.id,
      now: () => clock.now(),
      knowsWindow: (window) =>
        core.live.engine?.hallAt(clock.now())?.windows.has(window) ?? core.hall.windows.has(window),
      aheadMs: loaded.config.intake.ahead,
      oldestMs: loaded.config.intake.oldest,
      offer: (offer) => core.live.offer(offer),
      ownerOf: (punch) => core.live.engine?.ownerOf(punch) ?? null,
      ...this.clocks.forIntake,
      log,
    });
    const { heard, overhearer } = this.clocks;
    const onStray = overhearer.stray.bind(overhearer);
    const brokers =
      options.brokers ?? brokersOf(loaded, { log, heard, onStray, anonymous: options.demonstration ?? false });
    this.#ears = new Ears({ core, brokers, intake: () => this.intake, now: () => clock.now(), log });
    this.#delivery = new Delivery({
      outbox: core.outbox,
      ledger: core.ledger,
      channels: this.#channels(),
      now: () => clock.now(),
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
      log,
    });
    this.config = configFileOf(options, (next) => this.reload(next).then(() => {}));
    this.access = new HallAccess({ ledger: core.ledger, settings: loaded.config.http, hall: () => core.hall, log });
    this.#board = new LiveBoard({
      hall: core.hall,
      engine: () => core.live.engine,
      now: () => clock.now(),
      warnings: () => this.#warnings(),
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
    const awayFrom = core.aliveAt;
    this.#ears.prepare(awayFrom !== null);
    core.begin();
    core.live.start();
    this.#ears.resume();
    this.#board.refresh();
    this.#delivery.start();
    this.#shipping?.start();
    if (this.#options.pages ?? true) await this.#openPages();
    await this.clocks.start(awayFrom);
    await this.#ears.open();
    await this.#cameras.start();
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
      evidence: caseEvidenceOf(this.core, this.#evidence),
      weeks: weeksOf(
        this.core,
        () => clock.now(),
        (by) => this.access.access.nameOf(by),
      ),
      reports: reportsOf(this.core, this.access.access, log),
      imports: importsOf(this.core),
      ...deskAndSilencesOf(this.core, this.access.access, loaded.config, () => clock.now()),
      cameras: cameraDeskOf(this.#options, {
        ...{ cameras: this.#cameras, hall: () => this.core.hall, access: this.access.access, config: this.config },
      }),
      devices: {
        desk: new DeviceDesk(this.core, this.clocks, this.intake, () => clock.now()),
        zone: () => this.core.hall.zone,
        now: () => clock.now(),
      },
      messages: this.clocks.messages(this.config, this.access.access),
      settings: http,
      checks: () =>
        hallChecks(this.core, {
          deaf: this.#ears.deaf,
          clock,
          shipping: this.#shipping,
          cameras: this.#cameras.readings(),
          witnesses: this.#cameras.witnesses(),
        }),
      metrics: () => this.#metrics(),
      assets: await bundleAssets(),
      onError: (error) => log.error({ because: String(error) }, 'request failed'),
      now: () => clock.now(),
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    });
    this.#listening = await listen(app, http.listen);
    this.access.announce(this.#listening.url);
    const socketPath = controlSocket(data);
    await rm(socketPath, { force: true });
    this.#control = await listen(controlApp(this.core, this.#evidence, this.access, this.#running()), { socketPath });
  }

  /** For commands. */
  #running(): RunningHall {
    const { source } = this.#options;
    return {
      reload: async (lang) =>
        source === undefined
          ? { refused: 'the daemon was not told where its configuration came from', lines: [] }
          : await reloadFrom(source, lang, (loaded) => this.reload(loaded)),
      state: () => ({
        devices: this.clocks.devices.readings(),
        strangers: this.clocks.strangers,
        cameras: this.#cameras.readings(),
        witnesses: this.#cameras.witnesses(),
        warnings: this.#warnings(),
        intake: this.intake.counts,
        metrics: metricsText(this.#metrics()),
      }),
    };
  }

  /** Takes another configuration of the same hall; the answer says what changes when. */
  async reload(loaded: LoadedConfig): Promise<Reloaded> {
    const { hall } = this.core;
    if (loaded.hall.id !== hall.id) throw new Error(`the file is of hall ${loaded.hall.id}, not ${hall.id}`);
    const changed = connectionsChanged(this.#loaded, loaded);
    this.#loaded = loaded;
    const judgedFrom = this.core.accept(loaded);
    await Promise.all([this.#cameras.replace(loaded.config), this.clocks.replace(loaded.config)]);
    this.#options.log.info({ hall: hall.id, ...changed }, 'configuration was taken up');
    return { judgedFrom, ...changed };
  }

  /** Takes in what has arrived, tells the brokers that it goes, and lets go of the ledger. */
  async stop(): Promise<void> {
    if (this.#boardTimer !== null) clearInterval(this.#boardTimer);
    await this.#reports.stop();
    await Promise.all([this.#cameras.stop(), this.clocks.stop()]);
    await this.#control?.close();
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
    const { loaded, clock, log, language } = this.#options;
    const topic: Send = (message) => this.#ears.publish(alertTopic(this.core.hall.id), message.body);
    const { config } = loaded;
    return new Map([...sendersOf({ config, language, now: () => clock.now() }, log), [TOPIC_CHANNEL, topic]]);
  }

  // ---- showing -------------------------------------------------------------------------------------------------

  #metrics(): MetricFamily[] {
    return [...hallMetrics(this.core, this.intake.counts, this.#shipping), ...this.#cameras.metrics()];
  }

  #warnings(): string[] {
    const { live } = this.core;
    const { clock, language } = this.#options;
    const zh = language === 'zh';
    const warnings: string[] = [];
    if (live.stuck !== null)
      warnings.push(zh ? `账本写不进去：${live.stuck}` : `the ledger cannot be written: ${live.stuck}`);
    if (this.#ears.deaf.length > 0)
      warnings.push(zh ? '消息服务未连接，打卡可能尚未收到' : 'a broker is not connected; punches may be missing');
    if (clock.jump !== null)
      warnings.push(zh ? '系统时钟被拨动，暂停判定' : 'the system clock stepped; judging is suspended');
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
