/** A page as PDF, by a Chromium that is on the machine: it has fonts and line breaks for Chinese, and nothing is installed for it. */
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Ms } from '../../rules/time.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome.exe'];
const TIMEOUT_MS: Ms = 120_000;

const run = promisify(execFile);

/** There is no Chromium, or it did not print. */
export class PdfError extends Error {
  override readonly name = 'PdfError';
  readonly reason: 'no-chromium' | 'not-printed';

  constructor(reason: PdfError['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** Prints a page that needs nothing else; throws `PdfError`. */
export async function pdfOf(html: string, searchPath: string, signal?: AbortSignal): Promise<Uint8Array> {
  const chromium = await findChromium(searchPath);
  if (chromium === null) throw new PdfError('no-chromium', 'no Chromium was found');
  const folder = await mkdtemp(join(tmpdir(), 'zaigang-pdf-'));
  try {
    const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    await writeFile(page, html);
    const options = [
      '--headless',
      '--disable-gpu',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--no-pdf-header-footer',
    ];
    // Its sandbox does not start for root; the page is ours, and it runs no scripts.
    if (process.getuid?.() === 0) options.push('--no-sandbox');
    await run(chromium, [...options, `--print-to-pdf=${pdf}`, `file://${page}`], {
      timeout: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return await readFile(pdf);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new PdfError('not-printed', `${chromium} printed nothing: ${(cause as Error).message.split('\n')[0]}`, cause);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Where one is, by its first name that is found; null = none is on the machine. */
export async function findChromium(searchPath: string): Promise<string | null> {
  for (const folder of searchPath.split(delimiter).filter((one) => one !== '')) {
    for (const name of NAMES) {
      const file = join(folder, name);
      if (
        await access(file).then(
          () => true,
          () => false,
        )
      )
        return file;
    }
  }
  return null;
}
