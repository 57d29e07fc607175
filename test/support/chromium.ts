/** A real browser for the pages' tests: the system's Chromium, a fresh profile each time, nothing fetched from outside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // For all that, the browser itself still asks its maker for updates and accounts; no name but our own is found.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--no-proxy-server',
];

export interface Browser {
  readonly context: BrowserContext;
  /** Every URL that a page of this browser asked for. */
  readonly requested: readonly string[];
  /** What pages wrote as errors or warnings to their consoles, and errors that nobody caught. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** `options` as for a browser context: viewport, locale, colour scheme … */
export async function openChromium(options: BrowserContextOptions = {}): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'zaigang-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    locale: 'zh-CN',
    viewport: { width: 1920, height: 1080 },
    ...options,
    executablePath: EXECUTABLE,
    headless: true,
    args: FLAGS,
  });
  // A busy machine takes its time; what never comes is said before the test's own time is up.
  context.setDefaultTimeout(50_000);
  const requested: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => requested.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  return {
    context,
    requested,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
