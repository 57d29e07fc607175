/** What comes with a request besides itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../access/actor.ts';

export interface HttpEnv {
  /** From the listener: `closing` aborts when the server shuts down; `outgoing` is for answers that do not end. */
  Bindings: {
    readonly closing?: AbortSignal;
    readonly incoming?: IncomingMessage;
    readonly outgoing?: ServerResponse;
  };
  /** From `caller.ts`. */
  Variables: {
    /** Null = nobody known. */
    actor: Actor | null;
    /** How they proved it. */
    by: 'cookie' | 'token' | 'proxy' | null;
    /** Who asks by now, without counting as use: for answers that take long. */
    again: () => Actor | null;
    /** The client's address, as far as it can be known. */
    address: string;
    /** Whether the browser speaks TLS with us, or with a proxy that says so. */
    secure: boolean;
    /** The secret of the cookie that came, whatever it is worth. */
    cookie: string | null;
  };
}
