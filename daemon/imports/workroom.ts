import { createWriteStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DAY_LENGTH } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';

const NAME = 'import-';

/** A folder for what is about to be imported, beside the ledger where there is one; gone with whatever is in it afterwards. */
export class Workroom implements Disposable {
  readonly #folder: string;

  constructor(dataDirectory: string) {
    const beside = existsSync(dataDirectory);
    if (beside) sweep(dataDirectory);
    this.#folder = mkdtempSync(join(beside ? dataDirectory : tmpdir(), NAME));
  }

  /** Where facts wait while the rest is read. */
  get pile(): string {
    return join(this.#folder, 'pile.db');
  }

  /** Puts aside what is sent; resolves with the file that it is in. */
  async keep(sent: Readable | ReadableStream): Promise<string> {
    const file = join(this.#folder, 'sent');
    await pipeline(sent, createWriteStream(file, { mode: 0o600 }));
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Removes what processes left behind that died at it. */
function sweep(directory: string): void {
  const longAgo = systemClock().now() - DAY_LENGTH;
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(NAME)) continue;
    const folder = join(directory, name);
    if (statSync(folder).mtimeMs < longAgo) rmSync(folder, { recursive: true, force: true });
  }
}
