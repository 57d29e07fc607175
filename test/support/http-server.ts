/** A real server with a hand-made board behind it. */
import { type HttpApp, type HttpOptions, httpApp } from '../../daemon/http/app.ts';
import { bundleAssets } from '../../daemon/http/assets.ts';
import { type Listening, listen } from '../../daemon/http/server.ts';
import { testAccess } from './access.ts';
import { type HandBoard, handBoard, morning } from './board-source.ts';
import { noCameras } from './no-cameras.ts';
import { noCases, noEvidence, noWeeks } from './no-cases.ts';
import { noDesk } from './no-desk.ts';
import { noConfig, noDevices, noMessages } from './no-devices.ts';
import { noImports } from './no-imports.ts';
import { noLedger } from './no-ledger.ts';
import { noReports } from './no-reports.ts';

export interface TestServer extends Listening {
  readonly board: HandBoard;
  readonly app: HttpApp;
  /** What the server reported as faults of its own. */
  readonly errors: unknown[];
}

export type TestServerOptions = Partial<Omit<HttpOptions, 'board' | 'settings'>> & {
  readonly board?: HandBoard;
  readonly settings?: Partial<HttpOptions['settings']>;
  /** Default 0: any free port. */
  readonly port?: number;
};

/** For those who ask for no page. */
export const NO_ASSETS: HttpOptions['assets'] = { pages: {} as never, byPath: new Map() };

export async function startServer({
  board = handBoard(morning(24)),
  port = 0,
  settings = {},
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const errors: unknown[] = [];
  const app = httpApp({
    hall: 'test',
    access: testAccess().access,
    alerts: noCases(),
    cameras: noCameras(),
    devices: noDevices(),
    config: noConfig(),
    messages: noMessages(),
    evidence: noEvidence(),
    weeks: noWeeks(),
    ...noDesk(),
    reports: noReports(),
    imports: noImports(),
    ledger: noLedger(),
    checks: () => [],
    metrics: () => [],
    onError: (error) => errors.push(error),
    ...options,
    settings: { listen: { host: '127.0.0.1', port }, proxy: null, openBoard: null, address: null, ...settings },
    board,
    assets: options.assets ?? (await bundleAssets()),
  });
  const listening = await listen(app, { host: '127.0.0.1', port });
  return { ...listening, board, app, errors };
}
