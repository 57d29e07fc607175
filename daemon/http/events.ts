/** The board as it happens: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Ms } from '../../rules/time.ts';
import { type Sight, sightOf } from '../access/sight.ts';
import type { Language } from '../alerts/words.ts';
import type { BoardFeed, EncodedBoard } from './board-feed.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { problem } from './problem.ts';
import { SECURE_HEADERS } from './secure-headers.ts';

export interface EventsOptions {
  /** How long a stream may be silent before a sign of life, so that the other end can tell quiet from dead. */
  readonly heartbeatMs: number;
  /** Streams open at once; one more gets a 503, unless somebody known asks: `KEPT_FOR_KNOWN` more are theirs. */
  readonly maxStreams: number;
  /** What time it is on the data's clock; without it a page counts on from the snapshot's own instant. */
  readonly now?: () => Ms;
  readonly onError: (error: unknown) => void;
}

/** Places that strangers, who may look at an open board, cannot take away from those who work with it. */
const KEPT_FOR_KNOWN = 64;

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
  const frames = new Frames(options);
  let open = 0;
  return (c) => {
    // Hono answers HEAD with this handler and drops the body, which would leave a stream that nobody ends.
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    const most = options.maxStreams + (c.get('actor') === null ? 0 : KEPT_FOR_KNOWN);
    if (open >= most) {
      return problem(c, {
        status: 503,
        title: 'Service Unavailable',
        detail: `${most} event streams are open, and that is as many as are served.`,
        headers: { 'Retry-After': '10' },
      });
    }
    const { outgoing, closing } = c.env;
    if (outgoing === undefined) throw new Error('event streams are for connections only');
    open += 1;
    outgoing.once('close', () => {
      open -= 1;
    });
    // Past Hono: a web stream for each of two hundred boards took longer than all else that they need (measured).
    outgoing.writeHead(200, { ...SECURE_HEADERS, ...HEADERS });
    const seen = c.req.header('Last-Event-ID') ?? null;
    const reader = { seen, news: c.req.query('changes') !== undefined, sight: sightNow(c), language: languageOf(c) };
    new EventStream(outgoing, reader, { feed, frames, options, closing });
    return RESPONSE_ALREADY_SENT;
  };
}

interface Reader {
  /** The tag of the last snapshot that it has. */
  readonly seen: string | null;
  /** Whether it understands `changes`. */
  readonly news: boolean;
  readonly language: Language;
  /** What it may see by now; null = it may not listen any longer. */
  readonly sight: () => Sight | null;
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

interface Around {
  readonly feed: BoardFeed;
  readonly frames: Frames;
  readonly options: EventsOptions;
  readonly closing: AbortSignal | undefined;
}

/**
 * Nothing is made before the socket has room for it, and then it is the latest: a reader who does not read holds back one frame,
 * however many snapshots pass.
 */
class EventStream {
  readonly #response: ServerResponse;
  readonly #reader: Reader;
  readonly #around: Around;
  readonly #heart: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  #seen: string | null;
  #isGreeted = false;
  #beatDue = false;

  constructor(response: ServerResponse, reader: Reader, around: Around) {
    this.#response = response;
    this.#reader = reader;
    this.#around = around;
    this.#seen = reader.seen;
    this.#unsubscribe = around.feed.subscribe(this.#send);
    this.#heart = setInterval(() => {
      this.#beatDue = true;
      this.#send();
    }, around.options.heartbeatMs);
    response.on('drain', this.#send);
    response.once('close', this.#end);
    around.closing?.addEventListener('abort', this.#end);
    if (around.closing?.aborted === true) this.#end();
    else this.#send();
  }

  readonly #send = (): void => {
    if (this.#response.writableNeedDrain || this.#response.writableEnded) return;
    try {
      const sight = this.#reader.sight();
      if (sight === null) return this.#end();
      const due = this.#next(this.#around.feed.latest(sight, this.#reader.language));
      if (due === null) return;
      this.#response.write(due);
      // Node keeps it until this turn is over, with all else that the commit has brought.
      this.#response.socket?.uncork();
    } catch (error) {
      // The status line is long gone; ending the stream makes the page reconnect, and then it sees a proper error.
      this.#around.options.onError(error);
      this.#end();
    }
  };

  /** What is to be sent; null = nothing just now. */
  #next(board: EncodedBoard): Uint8Array | null {
    const isNew = board.tag !== this.#seen;
    if (!isNew && this.#isGreeted && !this.#beatDue) return null;
    const { frames } = this.#around;
    const said = isNew ? frames.board(board, this.#reader.news ? this.#seen : null) : frames.alive();
    const due = this.#isGreeted ? said : Buffer.concat([GREETING, said]);
    this.#seen = board.tag;
    this.#isGreeted = true;
    this.#beatDue = false;
    return due;
  }

  readonly #end = (): void => {
    clearInterval(this.#heart);
    this.#unsubscribe();
    this.#around.closing?.removeEventListener('abort', this.#end);
    this.#response.end();
  };
}

const GREETING = Buffer.from(`retry: ${RETRY_MS}\n\n`);

/** What is sent, made once however many it goes to. */
class Frames {
  readonly #options: EventsOptions;
  #alive: { readonly at: Ms | null; readonly text: string } | null = null;
  #last: { readonly said: object | null; readonly alive: string; readonly bytes: Buffer } | null = null;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /** `known`: the tag of the snapshot that need not be sent again; null where only all of it is understood. A sign of life goes with it. */
  board(board: EncodedBoard, known: string | null): Buffer {
    const { tag, news } = board;
    const [event, said] =
      news !== null && news.since === known ? (['changes', news] as const) : (['windows', board] as const);
    return this.#made(said, () => `id: ${tag}\nevent: ${event}\ndata: ${said.json}\n\n`);
  }

  alive(): Buffer {
    return this.#made(null, () => '');
  }

  #made(said: object | null, text: () => string): Buffer {
    const alive = this.#aliveText();
    if (this.#last?.said === said && this.#last.alive === alive) return this.#last.bytes;
    const bytes = Buffer.from(text() + alive);
    this.#last = { said, alive, bytes };
    return bytes;
  }

  /**
   * The sign of life: a comment for whoever reads the wire, and an event because a browser's `EventSource` hides comments
   * from the page. It has no id, so it does not move `Last-Event-ID`.
   */
  #aliveText(): string {
    const { now, heartbeatMs } = this.#options;
    const at = now?.() ?? null;
    if (this.#alive !== null && this.#alive.at === at) return this.#alive.text;
    const data = { at: at === null ? null : new Date(at).toISOString(), everyMs: heartbeatMs };
    const text = `: alive\nevent: alive\ndata: ${JSON.stringify(data)}\n\n`;
    this.#alive = { at, text };
    return text;
  }
}
