/** Opening a port or a local socket, with a clear answer where that cannot be. */
import type { Server } from 'node:http';

export interface ListenTcp {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/** The door could not be opened; `retry` says whether it can open later without anything being changed. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly retry: boolean;

  constructor(message: string, options: { readonly retry: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retry = options.retry;
  }
}

/** Rejects with a `ListenError` if the address is taken, not ours or not allowed. */
export function open(server: Server, target: ListenTcp | { readonly path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => reject(listenError(cause, target));
    server.once('error', refuse);
    server.listen(target, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/** Of a local socket: what fits into `sun_path` (unix(7)) with its end. */
const LONGEST_PATH_BYTES = 107;

function listenError(cause: NodeJS.ErrnoException, target: ListenTcp | { readonly path: string }): ListenError {
  const where = 'path' in target ? target.path : `port ${target.port} on ${target.host}`;
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ListenError(`${where} is already in use`, { retry: true, cause });
    case 'EACCES':
      // libuv says this of a local socket's missing folder too (uv_pipe_bind turns ENOENT into EACCES).
      return new ListenError(
        'path' in target
          ? `${where} cannot be opened: its folder is missing or not this user's to write`
          : `${where} may not be opened by this user`,
        { retry: false, cause },
      );
    case 'EADDRNOTAVAIL':
      return new ListenError(`${where} cannot be opened: this machine has no such address`, { retry: true, cause });
    case 'EINVAL':
    case 'ENAMETOOLONG': {
      const bytes = 'path' in target ? Buffer.byteLength(target.path) : 0;
      const because =
        bytes > LONGEST_PATH_BYTES
          ? `its path has ${bytes} bytes and may have ${LONGEST_PATH_BYTES}; give \`data\` a shorter one`
          : cause.message;
      return new ListenError(`${where} cannot be opened: ${because}`, { retry: false, cause });
    }
    default:
      return new ListenError(`${where} cannot be opened: ${cause.message}`, { retry: false, cause });
  }
}
