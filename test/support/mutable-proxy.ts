/** A network between a page and the daemon that can go dead and come back. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface MutableProxy {
  readonly port: number;
  /** From now on nothing passes, and nobody is told. */
  mute(): void;
  letNewOnesThrough(): void;
  close(): Promise<void>;
}

/** A network between page and daemon that can go dead, as a pulled cable or a sleeping switch would make it. */
export async function mutableProxy(target: number): Promise<MutableProxy> {
  const sockets = new Set<Socket>();
  let muted = false;
  const server: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    if (muted) return;
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    mute() {
      muted = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    letNewOnesThrough() {
      muted = false;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
