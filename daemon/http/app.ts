/** What is served where. Handlers are plain functions in files of their own; this is the list. */
import { type Handler, Hono } from 'hono';
import type { Ms } from '../../rules/time.ts';
import type { BoardSource } from '../board.ts';
import type { MetricFamily } from '../metrics.ts';
import type { Assets } from './assets.ts';
import { hall, windows } from './board-api.ts';
import { boardFeed } from './board-feed.ts';
import { events, type HttpEnv } from './events.ts';
import { type Check, healthy, metrics, ready } from './health.ts';
import { openapi } from './openapi.ts';
import { internalError, methodNotAllowed, notFound, signInMissing } from './problem.ts';
import { secureHeaders } from './secure-headers.ts';
import { asset, page } from './static.ts';

export type HttpApp = Hono<HttpEnv>;

export interface HttpOptions {
  readonly board: BoardSource;
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
  /** Default 200. */
  readonly minGapMs?: number;
  /** Default 256. */
  readonly maxStreams?: number;
}

/** Served once there is sign-in; until then a 401 that says so. */
const BEHIND_SIGN_IN = [
  'verdicts',
  'facts',
  'alerts',
  'employees',
  'leave',
  'roster',
  'reports',
  'devices',
  'rejects',
  'me',
] as const;

/** The whole HTTP side of the daemon; `listen` opens the door. */
export function httpApp(options: HttpOptions): HttpApp {
  const feed = boardFeed(options.board, options.minGapMs ?? 200);
  const stream = events(feed, {
    heartbeatMs: options.heartbeatMs ?? 15_000,
    maxStreams: options.maxStreams ?? 256,
    onError: options.onError,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const app: HttpApp = new Hono<HttpEnv>();
  app.use(secureHeaders);
  const get = (path: string, handler: Handler<HttpEnv>): void => {
    app.get(path, handler);
    app.all(path, methodNotAllowed(['GET', 'HEAD']));
  };

  get('/', page(options.assets));
  get('/assets/*', asset(options.assets));
  get('/-/healthy', healthy);
  get('/-/ready', ready(options.checks));
  get('/metrics', metrics(options.metrics));
  get('/api/openapi.json', openapi());
  get('/api/v1/hall', hall(feed));
  get('/api/v1/windows', windows(feed));
  get('/api/v1/events', stream);
  for (const name of BEHIND_SIGN_IN) {
    app.all(`/api/v1/${name}`, signInMissing);
    app.all(`/api/v1/${name}/*`, signInMissing);
  }

  app.notFound(notFound);
  app.onError((error, c) => {
    options.onError(error);
    return internalError(c);
  });
  return app;
}
