/** JSON Lines as they are made: a year's facts are sent without being held. */

/** Some hundred lines at a time. */
const CHUNK_CHARS = 65_536;

/** An answer of lines without their ends, made while they are sent. */
export function linesResponse(lines: Iterable<string>, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(streamOf(encoded(lines)), { headers: { ...headers, 'Content-Type': 'application/jsonl' } });
}

function* encoded(lines: Iterable<string>): Iterable<Uint8Array> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < CHUNK_CHARS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
