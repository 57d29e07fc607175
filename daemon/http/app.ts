/** What is served where. Handlers are plain functions in files of their own; who may ask is in access/routes.ts. */
import { type Handler, Hono } from 'hono';
import type { HttpConfig } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import { Refusal } from '../access/refusal.ts';
import { ROUTES, type RouteName, type RouteRule } from '../access/routes.ts';
import type { BoardSource } from '../board/board.ts';
import type { MessageDesk } from '../clocks/message-desk.ts';
import type { MetricFamily } from '../metrics.ts';
import type { CameraDesk } from '../trials/camera-desk.ts';
import { type AlertsOptions, alertsHandlers } from './alerts-api.ts';
import type { Assets } from './assets.ts';
import { batchesHandlers } from './batches-api.ts';
import { hall, windows } from './board-api.ts';
import { boardFeed } from './board-feed.ts';
import { UnreadableBody, unreadableBody } from './body.ts';
import { caller } from './caller.ts';
import { camerasHandlers } from './cameras-api.ts';
import { type ChannelsOptions, channelsHandlers } from './channels-api.ts';
import { type ClockDeskOptions, clockDeskHandlers } from './clock-desk-api.ts';
import { type ConfigApiOptions, configHandlers } from './config-api.ts';
import { type DeskOptions, deskHandlers } from './desk-api.ts';
import { type DevicesOptions, devicesHandlers } from './devices-api.ts';
import type { HttpEnv } from './env.ts';
import { events } from './events.ts';
import { type EvidenceOptions, evidenceHandlers } from './evidence-api.ts';
import { type GuardOptions, guard } from './guard.ts';
import { type Check, healthy, metrics, ready } from './health.ts';
import { type ImportsOptions, importsHandlers } from './imports-api.ts';
import { type LedgerApiOptions, ledgerHandlers } from './ledger-api.ts';
import { messagesHandlers } from './messages-api.ts';
import { openapi } from './openapi.ts';
import { internalError, methodNotAllowed, notFound } from './problem.ts';
import { type ReportsOptions, reportsHandlers } from './reports-api.ts';
import { secureHeaders } from './secure-headers.ts';
import { refused, signInHandlers } from './sign-in-api.ts';
import { type SilencesApiOptions, silencesHandlers } from './silences-api.ts';
import { asset, page } from './static.ts';
import { usersHandlers } from './users-api.ts';
import { type WeekOptions, weekHandlers } from './week-api.ts';

export type HttpApp = Hono<HttpEnv>;

export interface HttpOptions {
  /** The hall's id. */
  readonly hall: string;
  readonly board: BoardSource;
  readonly access: Access;
  readonly alerts: AlertsOptions;
  readonly evidence: EvidenceOptions;
  readonly reports: ReportsOptions;
  readonly imports: ImportsOptions;
  readonly ledger: LedgerApiOptions;
  readonly weeks: WeekOptions;
  readonly desk: DeskOptions;
  readonly silences: SilencesApiOptions;
  readonly channels: ChannelsOptions;
  readonly cameras: CameraDesk;
  readonly devices: DevicesOptions & ClockDeskOptions;
  readonly config: ConfigApiOptions;
  readonly messages: Pick<MessageDesk, keyof MessageDesk>;
  readonly settings: Pick<HttpConfig, 'listen' | 'proxy' | 'openBoard' | 'address'>;
  readonly checks: () => readonly Check[];
  readonly metrics: () => readonly MetricFamily[];
  readonly assets: Assets;
  /** Told of every request that failed through a fault of ours. */
  readonly onError: (error: unknown) => void;
  /**
   * What time it is on the data's clock. With it a page shows the right time even when the last snapshot is old;
   * without it the page counts on from the snapshot's own instant.
   */
  readonly now?: () => Ms;
  /** Default 15 000: proxies commonly drop what is silent for a minute. */
  readonly heartbeatMs?: number;
  /** Default 100. */
  readonly minGapMs?: number;
  /** Default 256. */
  readonly maxStreams?: number;
}

/** The whole HTTP side of the daemon; `listen` opens the door. */
export function httpApp(options: HttpOptions): HttpApp {
  const { access, assets, settings } = options;
  const feed = boardFeed(options.board, options.minGapMs ?? 100);
  const handlers: Readonly<Record<RouteName, Handler<HttpEnv>>> = {
    'GET /': page(assets, 'board'),
    'GET /cases/:id': page(assets, 'case'),
    'GET /me': page(assets, 'me'),
    'GET /week': page(assets, 'week'),
    'GET /admin': page(assets, 'admin'),
    'GET /devices': page(assets, 'devices'),
    'GET /devices/:id/sheet': page(assets, 'devices'),
    'GET /devices/:id/people': page(assets, 'devices'),
    'GET /messages': page(assets, 'messages'),
    'GET /imports': page(assets, 'imports'),
    'GET /reports': page(assets, 'report'),
    'GET /reports/:kind/:period': page(assets, 'report'),
    'GET /desk': page(assets, 'desk'),
    'GET /cameras': page(assets, 'cameras'),
    'GET /cameras/new': page(assets, 'cameras'),
    'GET /cameras/bulk': page(assets, 'cameras'),
    'GET /cameras/batches/:id': page(assets, 'cameras'),
    'GET /cameras/trials/:id': page(assets, 'cameras'),
    'GET /cameras/trials/:id/sheet': page(assets, 'cameras'),
    'GET /sign-in': page(assets, 'sign-in'),
    'GET /link': page(assets, 'sign-in'),
    'GET /assets/*': asset(assets),
    'GET /-/healthy': healthy,
    'GET /-/ready': ready(options.checks),
    'GET /metrics': metrics(options.metrics),
    'GET /api/openapi.json': openapi(),
    'GET /api/v1/hall': hall(feed),
    'GET /api/v1/windows': windows(feed),
    'GET /api/v1/events': events(feed, {
      heartbeatMs: options.heartbeatMs ?? 15_000,
      maxStreams: options.maxStreams ?? 256,
      onError: options.onError,
      ...(options.now === undefined ? {} : { now: options.now }),
    }),
    ...signInHandlers(access, options.hall, () => feed.latest({ of: 'nobody' }, 'zh').hall),
    ...usersHandlers(access, options.alerts.hall),
    ...alertsHandlers(options.alerts),
    ...weekHandlers(options.weeks, options.alerts),
    ...evidenceHandlers(options.alerts, options.evidence, access),
    ...reportsHandlers(options.reports),
    ...importsHandlers(options.imports),
    ...ledgerHandlers(options.ledger),
    ...camerasHandlers(options.cameras),
    ...batchesHandlers(options.cameras.bulk),
    ...devicesHandlers(options.devices),
    ...clockDeskHandlers(options.devices),
    ...configHandlers(options.config),
    ...messagesHandlers(options.messages),
    ...deskHandlers(options.desk),
    ...silencesHandlers(options.silences),
    ...channelsHandlers(options.channels, access),
  };

  const app: HttpApp = new Hono<HttpEnv>();
  app.use(secureHeaders);
  app.use(caller(access, options.hall, settings.proxy));
  serve(app, handlers, {
    openBoard: settings.openBoard ?? (settings.proxy === null && isLoopback(settings.listen.host)),
    origin: settings.address === null ? null : new URL(settings.address).origin,
  });
  app.notFound(notFound);
  app.onError((error, c) => {
    if (error instanceof Refusal) return refused(c, error);
    if (error instanceof UnreadableBody) return unreadableBody(c, error);
    options.onError(error);
    return internalError(c);
  });
  return app;
}

/** Every route behind its rule; a path asked by another method says which it answers. */
function serve(app: HttpApp, handlers: Readonly<Record<RouteName, Handler<HttpEnv>>>, options: GuardOptions): void {
  const methods = new Map<string, string[]>();
  for (const [name, rule] of Object.entries<RouteRule>(ROUTES)) {
    const [method = '', path = ''] = name.split(' ');
    app.on(method, path, guard(rule, options), handlers[name as RouteName]);
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
  }
  for (const [path, allowed] of methods) app.all(path, methodNotAllowed(allowed));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
