/** JSON Lines as they are made: a year's facts are sent without being held, and others have their turn between two pieces. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from 'hono';
import type { HttpEnv } from './env.ts';

/** An answer of lines without their ends, made while they are sent. */
export function linesResponse(
  { env: { outgoing } }: Context<HttpEnv>,
  pieces: Iterable<readonly string[]>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const iterator = pieces[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const lines = await nextOf(iterator);
        if (lines === null) controller.close();
        else controller.enqueue(Buffer.from(`${lines.join('\n')}\n`));
      } catch (cause) {
        // An answer that ends where the fault was would look complete.
        outgoing?.destroy();
        throw cause;
      }
    },
    cancel: () => void iterator.return?.(),
  });
  return new Response(body, { headers: { ...headers, 'Content-Type': 'application/jsonl' } });
}

/** The next piece that has any lines; null = there is none. */
async function nextOf(pieces: Iterator<readonly string[]>): Promise<readonly string[] | null> {
  for (;;) {
    await turn();
    const next = pieces.next();
    if (next.done === true) return null;
    if (next.value.length > 0) return next.value;
  }
}
