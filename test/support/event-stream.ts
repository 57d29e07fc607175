/** Reads server-sent events off the wire as they are, comments included, which a browser would hide. */

export interface SentEvent {
  readonly id: string | null;
  readonly event: string | null;
  readonly data: string | null;
  readonly comments: readonly string[];
  /** Milliseconds, if this block set the pause before reconnecting. */
  readonly retry: number | null;
}

export interface EventReader {
  /** The next block; rejects after `withinMs`, or if the stream ends first. */
  next(withinMs?: number): Promise<SentEvent>;
  /** The next event of this name, whatever comes before it. */
  nextOf(event: string, withinMs?: number): Promise<SentEvent>;
  /** Resolves when the other end has ended the stream. */
  ended(withinMs?: number): Promise<void>;
  close(): void;
}

const DEADLINE_MS = 5000;

export async function readEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`no stream: ${response.status}`);
  }
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const blocks: SentEvent[] = [];
  let rest = '';

  const more = async (withinMs: number): Promise<boolean> => {
    const { done, value } = await within(chunks.read(), withinMs);
    if (done) return false;
    rest += value;
    // Most chunks end in the middle of a block; looking only at their end keeps long blocks cheap.
    if (!rest.includes('\n\n', Math.max(0, rest.length - value.length - 1))) return true;
    const parts = rest.split('\n\n');
    rest = parts.pop() ?? '';
    blocks.push(...parts.map(parseBlock));
    return true;
  };
  const next = async (withinMs = DEADLINE_MS): Promise<SentEvent> => {
    for (;;) {
      const block = blocks.shift();
      if (block !== undefined) return block;
      if (!(await more(withinMs))) throw new Error('the stream ended');
    }
  };
  return {
    next,
    async nextOf(event, withinMs = DEADLINE_MS) {
      for (;;) {
        const block = await next(withinMs);
        if (block.event === event) return block;
      }
    },
    async ended(withinMs = DEADLINE_MS) {
      while (await more(withinMs)) blocks.length = 0;
    },
    close: () => abort.abort(),
  };
}

export function parseBlock(block: string): SentEvent {
  const fields = new Map<string, string>();
  const comments: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) comments.push(line.slice(1).trim());
    else fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const retry = fields.get('retry');
  return {
    id: fields.get('id') ?? null,
    event: fields.get('event') ?? null,
    data: fields.get('data') ?? null,
    comments,
    retry: retry === undefined ? null : Number(retry),
  };
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing within ${ms} ms`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
