import { createReadStream } from 'node:fs';
import { EXIT, Exit } from './io.ts';

/** The lines of a file, or of standard input where it is `-`; ends the command if there is no such file. */
export async function* linesOf(file: string): AsyncIterable<string> {
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 });
  stream.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Exit(code === 'ENOENT' ? EXIT.noInput : EXIT.badInput, message);
  }
  if (rest !== '') yield rest;
}
