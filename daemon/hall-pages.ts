/** The doors for people: the pages of a hall, and the socket for commands. Loaded once the hall hears, being a sixth of the program. */
import { rm } from 'node:fs/promises';
import type { LoadedConfig } from '../config/load.ts';
import type { Ms } from '../rules/time.ts';
import type { HallAccess } from './access/hall-access.ts';
import type { Language } from './alerts/words.ts';
import type { LiveBoard } from './board/live-board.ts';
import type { HallCameras } from './cameras/hall-cameras.ts';
import type { Clock } from './clock.ts';
import { clockDesksOf } from './clocks/clock-desks.ts';
import type { HallClocks } from './clocks/hall-clocks.ts';
import type { ConfigFile } from './config-file/config-edit.ts';
import type { ConfigStanding } from './config-file/config-standing.ts';
import { controlApp, controlSocket, type RunningHall } from './control.ts';
import type { Evidence } from './evidence/evidence.ts';
import type { HallCore } from './hall-core.ts';
import { hallChecks, hallMetrics } from './hall-metrics.ts';
import { alertsOf } from './http/alerts-api.ts';
import { httpApp } from './http/app.ts';
import type { Assets } from './http/assets.ts';
import { deskAndSilencesOf } from './http/desk-and-silences.ts';
import { caseEvidenceOf } from './http/evidence-api.ts';
import { importsOf } from './http/imports-api.ts';
import { ledgerApiOf } from './http/ledger-api.ts';
import { reportsOf } from './http/reports-api.ts';
import { type Listening, listen } from './http/server.ts';
import { weeksOf } from './http/week-api.ts';
import type { Ears } from './intake/ears.ts';
import type { Intake } from './intake/intake.ts';
import { faultOf, type Log } from './log.ts';
import { type MetricFamily, metricsText } from './metrics.ts';
import type { Shipping } from './series/shipping.ts';
import { cameraDeskOf } from './trials/camera-desk.ts';

/** What of a daemon's options the pages need; `heartbeatMs`: how often they get a sign of life. */
export interface PagesOptions {
  readonly loaded: LoadedConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
  readonly heartbeatMs?: Ms;
  readonly ffmpegPath?: string | null;
  readonly demonstration?: boolean;
}

/** What pages and commands show of a hall, and what they can do with it. */
export interface HallParts {
  readonly options: PagesOptions;
  /** Begun before the ledger was read: other processes and threads make them. */
  readonly assets: Promise<Assets>;
  readonly core: HallCore;
  readonly intake: Intake;
  readonly ears: Ears;
  readonly clocks: HallClocks;
  readonly cameras: HallCameras;
  readonly evidence: Evidence;
  readonly shipping: Shipping | null;
  readonly board: LiveBoard;
  readonly access: HallAccess;
  readonly config: ConfigFile | null;
  readonly standing: ConfigStanding;
  readonly warnings: () => string[];
  readonly reload: RunningHall['reload'];
}

/** Rejects with a `ListenError` where an address cannot be had, and if the pages do not compile. */
export async function openPages(parts: HallParts): Promise<Listening> {
  const { options, core, evidence, access } = parts;
  const { http, data } = options.loaded.config;
  const pages = await listen(pagesApp(parts, await parts.assets), http.listen);
  try {
    access.announce(pages.url);
    const socketPath = controlSocket(data);
    await rm(socketPath, { force: true });
    const control = await listen(controlApp(core, evidence, access, running(parts)), { socketPath });
    const close = async (): Promise<void> => {
      await control.close();
      await pages.close();
    };
    return { ...pages, close };
  } catch (error) {
    await pages.close();
    throw error;
  }
}

function pagesApp(parts: HallParts, assets: Assets): ReturnType<typeof httpApp> {
  const { options, core, evidence, cameras, clocks, config, standing, shipping, board, ears } = parts;
  const { loaded, clock, log, language, heartbeatMs } = options;
  const { access } = parts.access;
  const now = (): Ms => core.live.time.now;
  const nameOf = (by: string): string | null => access.nameOf(by);
  return httpApp({
    hall: core.hall.id,
    board,
    access,
    alerts: alertsOf(core, now, nameOf),
    evidence: caseEvidenceOf(core, evidence),
    weeks: weeksOf(core, now, nameOf),
    reports: reportsOf(core, access, log),
    imports: importsOf(core),
    ledger: ledgerApiOf(core),
    ...deskAndSilencesOf(core, access, now, language),
    cameras: cameraDeskOf(options, { cameras, hall: () => core.hall, access, config }),
    devices: clockDesksOf(core, clocks, parts.intake, access, now),
    config: { standing, zone: () => core.hall.zone },
    messages: clocks.messages(config, access),
    settings: loaded.config.http,
    checks: () =>
      hallChecks(core, {
        deaf: ears.deaf,
        clock,
        shipping,
        cameras: cameras.readings(),
        witnesses: cameras.witnesses(),
        standing,
      }),
    metrics: () => metricsOf(parts),
    assets,
    onError: (error) => log.error(faultOf(error), 'request failed'),
    now,
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  });
}

/** For commands. */
function running(parts: HallParts): RunningHall {
  const { clocks, cameras, intake, warnings, reload } = parts;
  return {
    reload,
    state: () => ({
      devices: clocks.devices.readings(),
      strangers: clocks.strangers,
      cameras: cameras.readings(),
      witnesses: cameras.witnesses(),
      warnings: warnings(),
      intake: intake.counts,
      metrics: metricsText(metricsOf(parts)),
    }),
  };
}

function metricsOf({ core, intake, shipping, standing, cameras }: HallParts): MetricFamily[] {
  return [...hallMetrics(core, intake.counts, shipping, standing), ...cameras.metrics()];
}
