/** The board as it happens: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { Context } from 'hono';
import type { Ms } from '../../rules/time.ts';
import { type Sight, sightOf } from '../access/sight.ts';
import type { BoardFeed, EncodedBoard } from './board-feed.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

export interface EventsOptions {
  /** How long a stream may be silent before a sign of life, so that the other end can tell quiet from dead. */
  readonly heartbeatMs: number;
  /** Streams open at once; one more gets a 503. */
  readonly maxStreams: number;
  /** What time it is on the data's clock; without it a page counts on from the snapshot's own instant. */
  readonly now?: () => Ms;
  readonly onError: (error: unknown) => void;
}

/** How soon a page tries again after a lost connection. */
const RETRY_MS = 1000;

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // nginx would hold events back until its buffer is full.
  'X-Accel-Buffering': 'no',
};

/**
 * `windows` events carry the snapshot, with its tag as event id. A client that comes back with the id of the current
 * snapshot gets no second copy; any other id (older, from before a restart, or no id at all) gets the current one.
 * Whoever asks with `?changes` and has the snapshot before gets `changes` in its place: only those windows that say something else.
 */
export function events(feed: BoardFeed, options: EventsOptions): (c: Context<HttpEnv>) => Response {
  let open = 0;
  return (c) => {
    // Hono answers HEAD with this handler and drops the body, which would leave a stream that nobody ends.
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    if (open >= options.maxStreams) {
      return problem(c, {
        status: 503,
        title: 'Service Unavailable',
        detail: `${options.maxStreams} event streams are open, and that is as many as are served.`,
        headers: { 'Retry-After': '10' },
      });
    }
    open += 1;
    const ended = (): void => {
      open -= 1;
    };
    const seen = c.req.header('Last-Event-ID') ?? null;
    const reader = {
      seen,
      news: c.req.query('changes') !== undefined,
      sight: sightNow(c),
      closing: c.env.closing,
      ended,
    };
    return c.body(eventStream(feed, options, reader), 200, HEADERS);
  };
}

interface Reader {
  /** The tag of the last snapshot that it has. */
  readonly seen: string | null;
  /** Whether it understands `changes`. */
  readonly news: boolean;
  /** What it may see by now; null = it may not listen any longer. */
  readonly sight: () => Sight | null;
  readonly closing: AbortSignal | undefined;
  readonly ended: () => void;
}

/** Asked for every frame: whoever signs out, or is shut out, hears no more names from that moment on. */
function sightNow(c: Context<HttpEnv>): () => Sight | null {
  if (c.get('actor') === null) return () => sightOf(null);
  const again = c.get('again');
  return () => {
    const actor = again();
    return actor === null ? null : sightOf(actor);
  };
}

/**
 * Pulled, never pushed: nothing is made before the socket has room for it, and then it is the latest. A reader who does
 * not read holds back one frame, however many snapshots pass.
 */
function eventStream(feed: BoardFeed, options: EventsOptions, reader: Reader): ReadableStream<Uint8Array> {
  const { closing, ended } = reader;
  let { seen } = reader;
  let greeted = false;
  let beatDue = false;
  let over = closing?.aborted ?? false;
  let wake: (() => void) | null = null;
  const stir = (): void => wake?.();
  const unsubscribe = feed.subscribe(stir);
  const heart = setInterval(() => {
    beatDue = true;
    stir();
  }, options.heartbeatMs);

  let finished = false;
  const finish = (): void => {
    if (finished) return;
    finished = true;
    over = true;
    clearInterval(heart);
    unsubscribe();
    closing?.removeEventListener('abort', end);
    ended();
  };
  const end = (): void => {
    over = true;
    stir();
  };
  closing?.addEventListener('abort', end);

  /** What is to be sent: `NOTHING` just now, null = nothing any more. */
  const nextFrames = (): Uint8Array | null => {
    const sight = reader.sight();
    if (sight === null) return null;
    const board = feed.latest(sight);
    const parts: Uint8Array[] = [];
    if (!greeted) parts.push(encoder.encode(`retry: ${RETRY_MS}\n\n`));
    if (board.tag !== seen) parts.push(boardFrame(board, reader.news ? seen : null));
    if (parts.length === 0 && !beatDue) return NOTHING;
    greeted = true;
    beatDue = false;
    seen = board.tag;
    parts.push(encoder.encode(aliveFrame(options)));
    return Buffer.concat(parts);
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          while (!over) {
            const due = nextFrames();
            if (due === null) break;
            if (due !== NOTHING) {
              controller.enqueue(due);
              return;
            }
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            wake = null;
          }
        } catch (error) {
          // The status line is long gone; ending the stream makes the page reconnect, and then it sees a proper error.
          options.onError(error);
        }
        if (!finished) controller.close();
        finish();
      },
      cancel() {
        finish();
        stir();
      },
    },
    { highWaterMark: 0 },
  );
}

/** `known`: the tag of the snapshot that need not be sent again; null where only all of it is understood. */
function boardFrame(board: EncodedBoard, known: string | null): Uint8Array {
  const { tag, news } = board;
  return news !== null && news.since === known ? frame('changes', tag, news) : frame('windows', tag, board);
}

const NOTHING = new Uint8Array();
const encoder = new TextEncoder();
const frames = new WeakMap<object, Uint8Array>();

/** Made once, however many it goes to. */
function frame(event: string, tag: string, said: { readonly json: string }): Uint8Array {
  const bytes = frames.get(said) ?? encoder.encode(`id: ${tag}\nevent: ${event}\ndata: ${said.json}\n\n`);
  frames.set(said, bytes);
  return bytes;
}

/**
 * The sign of life: a comment for whoever reads the wire, and an event because a browser's `EventSource` hides comments
 * from the page. It has no id, so it does not move `Last-Event-ID`.
 */
function aliveFrame(options: EventsOptions): string {
  const at = options.now === undefined ? null : new Date(options.now()).toISOString();
  return `: alive\nevent: alive\ndata: ${JSON.stringify({ at, everyMs: options.heartbeatMs })}\n\n`;
}
