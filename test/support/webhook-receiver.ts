/** A program that takes alerts by webhook, as docs/alerts.md tells its author to write it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface ReceivedNotice {
  /** The `Idempotency-Key` header. */
  readonly key: string;
  /** Whether the signature is that of the shared secret over these bytes, and not old. */
  readonly genuine: boolean;
  readonly notice: {
    readonly key: string;
    readonly hall: string;
    readonly alert: string;
    readonly op: string;
    readonly text: string;
    readonly verdicts: readonly Readonly<Record<string, unknown>>[];
  };
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  /** Everything that came, repeats included. */
  readonly received: ReceivedNotice[];
  /** What it answers; 204 at once unless a test says otherwise. */
  answer: (response: ServerResponse) => void;
  /** Nobody listens any more, and nobody gets an answer. */
  down(): Promise<void>;
  /** Listens again at the same address. */
  up(): Promise<void>;
}

export const takes = (response: ServerResponse): void => void response.writeHead(204).end();

export async function webhookReceiver(secret: string): Promise<WebhookReceiver> {
  const received: ReceivedNotice[] = [];
  let server: Server | null = null;
  let port = 0;

  async function read(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    received.push({
      key: String(request.headers['idempotency-key']),
      genuine: isGenuine(secret, String(request.headers['x-zaigang-signature']), body),
      notice: JSON.parse(body.toString()) as ReceivedNotice['notice'],
    });
    receiver.answer(response);
  }

  async function up(): Promise<void> {
    // A sender that is killed breaks its connection off.
    server = createServer((request, response) => void read(request, response).catch(() => response.destroy()));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  async function down(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    closing.close();
    closing.closeAllConnections();
    await once(closing, 'close');
  }

  await up();
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/zaigang`,
    received,
    answer: takes,
    up,
    down,
    [Symbol.asyncDispose]: down,
  };
  return receiver;
}

const OLDEST_SECONDS = 300;

function isGenuine(secret: string, header: string, body: Buffer): boolean {
  const pairs = Object.fromEntries(header.split(',').map((pair) => pair.split('=')));
  const { t, v1 } = pairs as Readonly<Record<string, string>>;
  if (!(Math.abs(Date.now() / 1000 - Number(t)) <= OLDEST_SECONDS)) return false;
  const ours = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
  const theirs = Buffer.from(v1 ?? '', 'hex');
  return theirs.length === ours.length && timingSafeEqual(theirs, ours);
}
