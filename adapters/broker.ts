/** The contract of message brokers: where clocks and presence sources publish, and where alerts go out. */

export interface InboundMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker kept it from before we subscribed: true says nothing about when it was published. */
  readonly retained: boolean;
}

/**
 * What a broker connection tells the daemon. `message` must not throw; it calls `committed` once what the message says is
 * durable, and only then is the message acknowledged. If `committed` is never called the broker delivers it again
 * after the next reconnect.
 */
export interface BrokerListener {
  message(message: InboundMessage, committed: () => void): void;
  /** `sessionPresent` false = the broker kept nothing for us while we were away. */
  connected(info: { readonly sessionPresent: boolean }): void;
  /** Everything that the broker had kept for us when we connected has been passed to `message`. */
  drained(): void;
  /** The connection is gone; it is tried again with growing pauses. */
  lost(because: string): void;
}

export interface PublishOptions {
  readonly retain?: boolean;
}

/** Opening never throws for an absent broker: it connects when it can and says so through the listener. */
export interface Broker {
  readonly name: string;
  start(listener: BrokerListener): Promise<void>;
  /** QoS 1; resolves once the broker has acknowledged it, rejects with a `BrokerError`. */
  publish(topic: string, payload: string, options?: PublishOptions): Promise<void>;
  stop(): Promise<void>;
}

/** A broker refused or could not be reached; `retry` says whether trying again can help. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly retry: boolean;

  constructor(message: string, options: { readonly retry: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.retry = options.retry;
  }
}
