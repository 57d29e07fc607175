import { createReadStream } from 'node:fs';
import { EXIT, Exit, type Io, tell } from './io.ts';

/**
 * The lines of a file, or of standard input where it is `-`, many at a time: to wait for each takes about as long as to read it. Ends
 * the command if there is no such file, or it is no text.
 */
export async function* linesTogether(file: string, io: Io): AsyncIterable<readonly string[]> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  // Whatever is not UTF-8 would come out as other characters; the mark at the start is for whoever reads the first line.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  let line = 1;
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      line += lines.length;
      yield lines;
    }
    rest += decoder.decode();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new Exit(
        EXIT.badInput,
        tell(io, `${file}：第 ${line} 行或其后不是 UTF-8`, `${file}: not UTF-8, on line ${line} or after it`),
      );
    }
    throw unreadable(code, message, file, io);
  }
  if (rest !== '') yield [rest];
}

/** How a command ends that cannot read what it was given: there is no such file, or it may not be read, or it is none. */
export function unreadable(code: string | undefined, because: string, file: string, io: Io): Exit {
  const exit = code === 'ENOENT' ? EXIT.noInput : code === 'EACCES' ? EXIT.notPermitted : EXIT.badInput;
  return new Exit(exit, tell(io, `读不了 ${file}：${because}`, `cannot read ${file}: ${because}`));
}
