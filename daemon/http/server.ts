/** The door: a TCP port or a local socket, opened with a clear answer and closed without cutting anyone off. */
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { HttpApp } from './app.ts';
import { ListenError, type ListenTcp, open } from './listening.ts';
import { refusedRequest, refuseExpectation, refuseUnreadable } from './unreadable-request.ts';

/** A local socket, for commands that talk to the running daemon; only its owner may connect. */
export interface ListenSocket {
  readonly socketPath: string;
}

export interface Listening {
  /** `http://127.0.0.1:8420`, or `unix:` and the path. */
  readonly url: string;
  /** 0 for a local socket. */
  readonly port: number;
  /** Ends event streams, lets answers under way finish, and resolves when every connection is gone. */
  close(): Promise<void>;
}

/** How long answers under way may take after `close`. */
const GRACE_MS = 3000;
/** Node closes the connections that are idle when `close` is called, but not those that become idle afterwards… */
const SWEEP_MS = 20;

/** Serves the app. Rejects with a `ListenError` if the address is taken, not ours or not allowed. */
export async function listen(app: HttpApp, address: ListenTcp | ListenSocket): Promise<Listening> {
  const closing = new AbortController();
  const fetch = (request: Request, env: object) => app.fetch(request, { ...env, closing: closing.signal });
  const answer = getRequestListener(fetch, {
    overrideGlobalObjects: false,
    // The app says itself what goes wrong within it.
    errorHandler: (error) => {
      if (error instanceof RequestError) return refusedRequest(400);
      throw error;
    },
  });
  // Node refuses without a word who sends no Host; `answer` refuses them too.
  const server = createServer({ requireHostHeader: false }, answer);
  server.on('clientError', refuseUnreadable);
  server.on('checkExpectation', refuseExpectation);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if ('socketPath' in address) await openSocket(server, address.socketPath);
  else await open(server, address);
  const { url, port } = addressOf(server, address);
  let closed: Promise<void> | null = null;
  return {
    url,
    port,
    close() {
      closed ??= shut(server, sockets, closing);
      return closed;
    },
  };
}

/** A daemon that crashed leaves its socket file behind; a file that nobody answers on is cleared away. */
async function openSocket(server: Server, path: string): Promise<void> {
  try {
    await open(server, { path });
  } catch (error) {
    if (!(error instanceof ListenError) || !error.retry || (await answers(path))) throw error;
    await unlink(path);
    await open(server, { path });
  }
  await chmod(path, 0o600);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    // Only a refusal proves that nobody is there; with any other error (no permission, say) the file is left alone.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

function addressOf(server: Server, address: ListenTcp | ListenSocket): { url: string; port: number } {
  if ('socketPath' in address) return { url: `unix:${address.socketPath}`, port: 0 };
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { url: `http://${host}:${port}`, port };
}

/** …nor those on which nothing was ever asked: browsers open some in advance. */
function closeUnused(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}

function shut(server: Server, sockets: ReadonlySet<Socket>, closing: AbortController): Promise<void> {
  return new Promise((resolve, reject) => {
    const force = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      closeUnused(sockets);
    }, SWEEP_MS);
    server.close((error) => {
      clearTimeout(force);
      clearInterval(sweep);
      if (error === undefined) resolve();
      else reject(error);
    });
    closing.abort();
  });
}
