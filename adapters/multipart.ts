/** The parts of a `multipart/…` answer that never ends, as cameras send their events (RFC 2046, section 5.1, loosely kept). */

export interface Part {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface MultipartOptions {
  /** Without the two dashes before it; null = whatever the first line says that begins with them. */
  readonly boundary: string | null;
  readonly onPart: (part: Part) => void;
  /** More than this without an end of the part is none: the stream is not what it should be. */
  readonly maxPartBytes: number;
}

/** A stream that is no multipart one, or has a part beyond all measure. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError';
}

/** An empty line; at the very beginning there are no headers before it. */
const EMPTY_LINE = /(?:^|\r?\n)\r?\n/;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const HEADERS_MOST = 16_384;

/** The boundary that a `Content-Type` names; null where it names none. */
export function boundaryOf(contentType: string): string | null {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain ?? '';
  // Some devices write the dashes of the delimiter into the header as well.
  return boundary === '' ? null : boundary.replace(/^--/, '');
}

/**
 * Takes bytes as they come and hands out whole parts. Where a part says how long it is and that is true, it is whole at
 * once, and otherwise when the next one begins: devices say anything of the length of what they send.
 */
export class MultipartReader {
  readonly #options: MultipartOptions;
  #boundary: string | null;
  #rest: Buffer = Buffer.alloc(0);
  /** Where the search for the next delimiter goes on. */
  #searched = 0;
  #isInside = false;

  constructor(options: MultipartOptions) {
    this.#options = options;
    this.#boundary = options.boundary;
  }

  /** Throws `MultipartError`. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#isInside ? this.#part() : this.#begin());
    if (this.#rest.length > this.#options.maxPartBytes) {
      throw new MultipartError(`a part is longer than ${this.#options.maxPartBytes} bytes`);
    }
  }

  /** Goes on behind the next delimiter; false = more must come. */
  #begin(): boolean {
    const found = this.#delimiter(0);
    if (found === null) {
      if (this.#rest.length > HEADERS_MOST && this.#boundary === null) {
        throw new MultipartError('what was sent does not begin with a boundary');
      }
      return false;
    }
    this.#take(found.end);
    this.#isInside = true;
    return true;
  }

  /** Hands out the part that has begun; false = more must come. */
  #part(): boolean {
    const head = this.#rest.subarray(0, HEADERS_MOST).toString('latin1');
    const end = EMPTY_LINE.exec(head);
    const next = this.#delimiter(this.#searched);
    if (end === null && next === null) {
      if (this.#rest.length > HEADERS_MOST) throw new MultipartError('the headers of a part do not end');
      return false;
    }
    // Without an empty line, or with one of the next part, there are no headers.
    const isHeaded = end !== null && (next === null || end.index < next.start);
    const from = isHeaded ? end.index + end[0].length : 0;
    const headers = headersOf(isHeaded ? head.slice(0, end.index) : '');
    const length = Number(headers.get('content-length') ?? Number.NaN);
    const isTold = Number.isSafeInteger(length) && length >= 0 && this.#mayEndAt(from + length);
    if (isTold && (next === null || from + length <= next.start)) {
      this.#options.onPart({ headers, body: this.#rest.subarray(from, from + length) });
      this.#take(from + length);
      this.#isInside = false;
      return true;
    }
    if (next === null) {
      this.#searched = Math.max(from, this.#rest.length - (this.#boundary ?? '').length - 8);
      return false;
    }
    this.#options.onPart({ headers, body: this.#rest.subarray(from, next.start) });
    this.#take(next.end);
    return true;
  }

  /** Whether a part that is said to end there can do so: nothing comes there yet, or the next delimiter, or its beginning. */
  #mayEndAt(at: number): boolean {
    if (at > this.#rest.length) return false;
    const delimiter = `--${this.#boundary ?? ''}`;
    const after = this.#rest
      .subarray(at, at + delimiter.length + 4)
      .toString('latin1')
      .replace(/^[\r\n]+/, '');
    return after.startsWith(delimiter) || delimiter.startsWith(after);
  }

  /** The next delimiter at or after a place: its line with the line break before it; null = none, or not whole yet. */
  #delimiter(from: number): { readonly start: number; readonly end: number } | null {
    if (this.#boundary === null) this.#boundary = boundaryLine(this.#rest);
    if (this.#boundary === null) return null;
    const delimiter = `--${this.#boundary}`;
    for (let at = from; ; at++) {
      at = this.#rest.indexOf(delimiter, at, 'latin1');
      if (at < 0) return null;
      // In the middle of a line it is text that happens to look like it.
      if (at > 0 && this.#rest[at - 1] !== NEW_LINE) continue;
      const newLine = this.#rest.indexOf(NEW_LINE, at + delimiter.length);
      if (newLine < 0) return null;
      const isBefore = (back: number, byte: number): boolean => this.#rest[at - back] === byte;
      const breakLength = isBefore(1, NEW_LINE) ? (isBefore(2, CARRIAGE_RETURN) ? 2 : 1) : 0;
      return { start: Math.max(0, at - breakLength), end: newLine + 1 };
    }
  }

  #take(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.#searched = 0;
  }
}

function boundaryLine(bytes: Buffer): string | null {
  const line = /^(?:\r?\n)*--([^\r\n]+)\r?\n/.exec(bytes.subarray(0, HEADERS_MOST).toString('latin1'));
  return line?.[1]?.trimEnd() ?? null;
}

function headersOf(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^([^:]+):\s*(.*?)\s*$/.exec(line));
  return new Map(
    lines.flatMap((line) => (line === null ? [] : [[(line[1] ?? '').toLowerCase(), line[2] ?? ''] as const])),
  );
}
