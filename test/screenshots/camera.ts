/** Takes the pictures: a page in a size, a language and a theme, as small a file as its colours allow. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ffmpegPath } from '../support/rtsp-clips.ts';

/** `1366-zh-light`: width, language, theme. */
export type Look = `${390 | 1366 | 1920}-${'zh' | 'en'}-${'light' | 'dark'}`;

const HEIGHTS: Readonly<Record<string, number>> = { 390: 844, 1366: 768, 1920: 1080 };
/** What is longer is cut: the rest is more of the same. */
const MOST_HIGH = 1600;

export interface Wish {
  /** The page; `lang` is added. */
  readonly url: string;
  /** What has to be there. */
  readonly there: string;
  /** Done before the picture is taken. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** No more than the screen shows. */
  readonly isScreen?: boolean;
}

export class Camera {
  readonly #folder: string;
  /** Parts of names; none = all are wanted. */
  readonly #parts: readonly string[];
  readonly #ffmpeg: string;
  readonly taken: string[] = [];

  private constructor(folder: string, parts: readonly string[], ffmpeg: string) {
    this.#folder = folder;
    this.#parts = parts;
    this.#ffmpeg = ffmpeg;
  }

  static async into(folder: string, parts: readonly string[]): Promise<Camera> {
    return new Camera(folder, parts, await ffmpegPath());
  }

  /** Whether one of these scenes' pictures is wanted: others need not be set up. */
  wants(...names: readonly string[]): boolean {
    return this.#parts.length === 0 || this.#parts.some((part) => names.some((name) => part.startsWith(name)));
  }

  async take(page: Page, name: string, looks: readonly Look[], wish: Wish): Promise<void> {
    for (const look of looks) if (this.#isWanted(`${name}-${look}`)) await this.#take(page, name, look, wish);
  }

  #isWanted(name: string): boolean {
    return this.#parts.length === 0 || this.#parts.some((part) => name.includes(part));
  }

  async #take(page: Page, name: string, look: Look, { url, there: place, act, isScreen = false }: Wish): Promise<void> {
    const [width = '', lang = '', theme] = look.split('-');
    const height = HEIGHTS[width] ?? 0;
    await page.setViewportSize({ width: Number(width), height });
    await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light', reducedMotion: 'reduce' });
    const address = new URL(url);
    address.searchParams.set('lang', lang);
    await page.goto(address.href);
    await page.locator(place).first().waitFor({ timeout: 60_000 });
    await act?.(page);
    await page.mouse.move(0, 0);
    // Those of cameras are renewed all the time, and on a busy machine never all there at once.
    const there = () => [...document.images].every((one) => one.naturalWidth > 0 || one.loading === 'lazy');
    await page.waitForFunction(there, null, { timeout: 15_000, polling: 100 }).catch(() => {});
    const full = await page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width: Number(width), height: isScreen ? height : Math.min(full, MOST_HIGH) };
    const shot = await page.screenshot(isScreen ? {} : { fullPage: true, clip });
    writeFileSync(join(this.#folder, `${name}-${look}.png`), this.#smaller(shot));
    this.taken.push(`${name}-${look}`);
  }

  /** With a palette of its own colours: a page has few. */
  #smaller(png: Buffer): Buffer {
    const filter = 'split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none';
    const coded = ['-f', 'image2pipe', '-c:v', 'png', '-compression_level', '9', '-'];
    const { status, stdout, stderr } = spawnSync(
      this.#ffmpeg,
      ['-nostdin', '-v', 'error', '-f', 'png_pipe', '-i', '-', '-vf', filter, ...coded],
      { input: png, maxBuffer: 1 << 26 },
    );
    if (status !== 0) throw new Error(`ffmpeg: ${stderr.toString()}`);
    return stdout;
  }
}
