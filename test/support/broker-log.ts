/** A listener that writes down what a broker connection tells. */
import type { BrokerListener, InboundMessage } from '../../adapters/broker.ts';

export interface Heard extends InboundMessage {
  readonly text: string;
  readonly committed: () => void;
}

export interface BrokerLog extends BrokerListener {
  readonly messages: Heard[];
  readonly texts: readonly string[];
  /** `sessionPresent` of each connection. */
  readonly connections: boolean[];
  /** How many messages had been heard at each `drained`. */
  readonly drains: number[];
  readonly losses: string[];
}

/** With `commit`, every message is committed as soon as it is heard; else the test calls `committed` itself. */
export function brokerLog({ commit }: { readonly commit: boolean }): BrokerLog {
  const messages: Heard[] = [];
  const connections: boolean[] = [];
  const drains: number[] = [];
  const losses: string[] = [];
  return {
    messages,
    connections,
    drains,
    losses,
    get texts() {
      return messages.map(({ text }) => text);
    },
    message(message, committed) {
      messages.push({ ...message, text: Buffer.from(message.payload).toString(), committed });
      if (commit) committed();
    },
    connected: ({ sessionPresent }) => void connections.push(sessionPresent),
    drained: () => void drains.push(messages.length),
    lost: (because) => void losses.push(because),
  };
}
