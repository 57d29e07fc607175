import { closeSync, openSync, readSync } from 'node:fs';

/** A file that is no text; `line`: on it, or after it. */
export class NoText extends Error {
  override readonly name = 'NoText';
  readonly retry = false;
  readonly line: number;

  constructor(line: number, cause: unknown) {
    super(`not UTF-8, on line ${line} or after it`, { cause });
    this.line = line;
  }
}

const PIECE = 1 << 20;

/** The lines of a file of any size, a piece of it at a time; throws `NoText`, and what the system says of the file. */
export function* linesOfFile(path: string): Iterable<string> {
  // Whatever is not UTF-8 would come out as other characters; the mark at the start is for whoever reads the first line.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const file = openSync(path, 'r');
  try {
    const piece = new Uint8Array(PIECE);
    let [rest, line] = ['', 1];
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
      const lines = (rest + decoded(decoder, piece.subarray(0, length), line)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      line += lines.length;
    }
    rest += decoded(decoder, undefined, line);
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

/** `bytes` undefined = there are no more. */
function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return decoder.decode(bytes, { stream: bytes !== undefined });
  } catch (cause) {
    throw new NoText(line, cause);
  }
}
