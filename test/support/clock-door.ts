/** An HTTP door for one clock that pushes, as the daemon's: takes a request whole or not at all. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { ClockListener, ConnectedClock, DeviceRequest } from '../../adapters/clock.ts';

export interface ClockDoor {
  readonly port: number;
  /** Faults of the clock itself. */
  readonly errors: unknown[];
  /** Requests that came whole. */
  readonly requests: DeviceRequest[];
  close(): Promise<void>;
}

/** `port`: null = any that is free. */
export async function openClockDoor(
  clock: ConnectedClock,
  listener: ClockListener,
  port: number | null = null,
): Promise<ClockDoor> {
  const errors: unknown[] = [];
  const requests: DeviceRequest[] = [];
  const server: Server = createServer(async (asked, answer) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of asked) chunks.push(chunk as Buffer);
      const url = new URL(asked.url ?? '/', 'http://door');
      const request: DeviceRequest = {
        method: asked.method ?? 'GET',
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        headers: new Headers(Object.entries(asked.headers).map(([name, value]) => [name, String(value)])),
        body: Buffer.concat(chunks),
        from: asked.headers['x-test-from']?.toString() ?? asked.socket.remoteAddress ?? '',
      };
      requests.push(request);
      if (clock.http === undefined || !clock.http.isMine(request)) return void answer.writeHead(404).end('nobody');
      const { status, body, headers } = await clock.http.handle(request, listener);
      answer.writeHead(status, headers).end(body);
    } catch (error) {
      // The device broke off: nothing has come.
      if (!asked.complete) return;
      errors.push(error);
      answer.writeHead(500).end();
    }
  });
  server.listen(port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    errors,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
