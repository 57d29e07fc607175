/** A real server with a hand-made board behind it. */
import { type HttpApp, type HttpOptions, httpApp } from '../../daemon/http/app.ts';
import { bundleAssets } from '../../daemon/http/assets.ts';
import { type Listening, listen } from '../../daemon/http/server.ts';
import { type HandBoard, handBoard, morning } from './board-source.ts';

export interface TestServer extends Listening {
  readonly board: HandBoard;
  readonly app: HttpApp;
  /** What the server reported as faults of its own. */
  readonly errors: unknown[];
}

export type TestServerOptions = Partial<Omit<HttpOptions, 'board' | 'assets'>> & {
  readonly board?: HandBoard;
  /** Default 0: any free port. */
  readonly port?: number;
};

export async function startServer({
  board = handBoard(morning(24)),
  port = 0,
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const errors: unknown[] = [];
  const app = httpApp({
    checks: () => [],
    metrics: () => [],
    onError: (error) => errors.push(error),
    ...options,
    board,
    assets: await bundleAssets(),
  });
  const listening = await listen(app, { host: '127.0.0.1', port });
  return { ...listening, board, app, errors };
}
