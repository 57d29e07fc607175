/** Where the demonstration's alerts arrive: a program of somebody else's, as docs/alerts.md describes one. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Notice } from '../../adapters/notifier.ts';
import { webhookSignature } from '../../adapters/notifiers/webhook.ts';
import { SECOND } from '../../rules/time.ts';

export interface DutyRoom {
  readonly url: string;
  /** The notices that have come since the last call, in order, each once. */
  take(): Notice[];
  close(): Promise<void>;
}

/** Listens on a free port of this machine; refuses what is not signed with the secret. */
export async function openDutyRoom(secret: string): Promise<DutyRoom> {
  const known = new Set<string>();
  let fresh: Notice[] = [];
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (!isGenuine(request, body, secret)) return void response.writeHead(401).end();
    const notice = JSON.parse(body) as Notice;
    if (!known.has(notice.key)) fresh.push(notice);
    known.add(notice.key);
    return void response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The sender's clock is the simulated one, so the age of a message says nothing here. */
function isGenuine(request: IncomingMessage, body: string, secret: string): boolean {
  const header = request.headers['x-zaigang-signature'];
  const seconds = /^t=(\d+),/.exec(String(header))?.[1];
  return seconds !== undefined && header === webhookSignature(secret, body, Number(seconds) * SECOND);
}
