/**
 * Which configuration is in force: the last one that was accepted, whatever lies on the disk. Its text is kept beside the ledger, so that
 * a daemon that starts with a file that cannot be used goes on by it, and says so wherever people look (docs/decisions/0018).
 */
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, type LoadedConfig, loadConfig, parseConfig } from '../../config/load.ts';
import { readTree } from '../../config/tree.ts';
import { formatInstant, type Ms, type Zone } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { Log } from '../log.ts';
import type { ConfigSource } from './config-edit.ts';
import { type ReloadAnswer, type Reloaded, reloadedText } from './reloading.ts';

export interface Refused {
  readonly at: Ms;
  /** For those who may see the file: places, lines and what is wrong, without secrets. */
  readonly because: string;
}

export interface StandingReading {
  /** Since when the one that is in force is. */
  readonly acceptedAt: Ms;
  /** What it changed, and from when on; empty = nothing was reloaded since the start. */
  readonly changes: readonly string[];
  /** Why what lies on the disk is not in force; null = it is, as far as anybody has looked. */
  readonly refused: Refused | null;
}

/** What a daemon begins with where the file on the disk cannot be used. */
export interface InForce {
  readonly loaded: LoadedConfig;
  readonly acceptedAt: Ms;
}

export interface StandingOptions {
  /** Null = the daemon was not told where its configuration came from. */
  readonly source: ConfigSource | null;
  readonly loaded: LoadedConfig;
  /** Why it is not what lies on the disk; null = it is. */
  readonly refused: string | null;
  /** All of it or nothing. */
  readonly takeUp: (loaded: LoadedConfig) => Promise<Reloaded>;
  readonly now: () => Ms;
  readonly language: Language;
  readonly log: Log;
}

export class ConfigStanding {
  readonly #options: StandingOptions;
  #acceptedAt: Ms;
  #changes: (lang: Language) => readonly string[] = () => [];
  #refused: Refused | null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StandingOptions) {
    const { refused, now } = options;
    this.#options = options;
    this.#acceptedAt = now();
    this.#refused = refused === null ? null : { at: now(), because: refused };
  }

  get reading(): StandingReading {
    return this.readingIn(this.#options.language);
  }

  readingIn(lang: Language): StandingReading {
    return { acceptedAt: this.#acceptedAt, changes: this.#changes(lang), refused: this.#refused };
  }

  /** Once what the daemon begins with is in the ledger. */
  async begin(): Promise<void> {
    await this.#keep(this.#options.loaded);
  }

  /** Takes up another configuration; rejects where it cannot be, and then nothing has changed. */
  async takeUp(loaded: LoadedConfig): Promise<Reloaded> {
    // One after the other: two at once would each undo what the other does.
    const taken = this.#turn.then(() => this.#takeUp(loaded));
    this.#turn = taken.catch(() => {});
    return await taken;
  }

  /** Reads the file again and takes it up. */
  async reload(lang: Language): Promise<ReloadAnswer> {
    const { source } = this.#options;
    if (source === null) {
      return { refused: 'the daemon was not told where its configuration came from', lines: [] };
    }
    try {
      const loaded = await loadConfig(source.path, { env: source.env, lang });
      return { refused: null, lines: reloadedText(await this.takeUp(loaded), loaded, lang) };
    } catch (error) {
      if (error instanceof ConfigError) this.#refuse(error);
      return { refused: messageOf(error), lines: [] };
    }
  }

  /** For the board and the log of warnings; nobody's data is in it. */
  warning(zone: Zone, lang: Language): string | null {
    if (this.#refused === null) return null;
    const at = formatInstant(zone, this.#acceptedAt).slice(0, 16).replace('T', ' ');
    return lang === 'zh'
      ? `配置文件有错，没有采用；仍按 ${at} 采用的配置运行`
      : `the configuration file cannot be used; the one accepted at ${at} is in force`;
  }

  async #takeUp(loaded: LoadedConfig): Promise<Reloaded> {
    const { takeUp, now } = this.#options;
    try {
      const reloaded = await takeUp(loaded);
      this.#refused = null;
      this.#acceptedAt = now();
      this.#changes = (lang) => reloadedText(reloaded, loaded, lang);
      await this.#keep(loaded);
      return reloaded;
    } catch (error) {
      this.#refuse(error);
      throw error;
    }
  }

  #refuse(error: unknown): void {
    const because = messageOf(error);
    this.#refused = { at: this.#options.now(), because };
    this.#options.log.error({ because }, 'configuration was not accepted; the former one stays');
  }

  /** Beside the ledger, wherever another configuration would have it. */
  async #keep({ text }: LoadedConfig): Promise<void> {
    const { source, log, loaded } = this.#options;
    if (source === null) return;
    const { data } = loaded.config;
    const path = resolve(source.path);
    try {
      const known = await keptIn(data);
      if (known?.path === path && known.text === text) this.#acceptedAt = known.acceptedAt;
      else await writeKept(data, { path, acceptedAt: this.#acceptedAt, text });
    } catch (error) {
      // What is accepted is in force all the same; only a start with a bad file could not go on by it.
      log.warn({ because: messageOf(error) }, 'accepted configuration was not kept');
    }
  }
}

// ---- what is kept of it --------------------------------------------------------------------------------------------

interface Kept {
  readonly path: string;
  readonly acceptedAt: Ms;
  /** Of the file, with whatever secrets are written into it: only its owner may read it. */
  readonly text: string;
}

export const ACCEPTED_FILE = 'accepted-config.json';
const keptFile = (data: string): string => join(data, ACCEPTED_FILE);
const writeKept = (data: string, kept: Kept): Promise<void> =>
  writeWhole(keptFile(data), Buffer.from(JSON.stringify(kept)));

async function keptIn(data: string): Promise<Kept | null> {
  try {
    return JSON.parse(await readFile(keptFile(data), 'utf8')) as Kept;
  } catch {
    return null;
  }
}

/** The last configuration that was accepted of a file that cannot be used; null = none was, or it cannot be used any more either. */
export async function lastAccepted({ path, env }: ConfigSource, lang: Language): Promise<InForce | null> {
  const kept = await keptIn(await dataOf(path));
  if (kept === null || kept.path !== resolve(path)) return null;
  try {
    return { loaded: parseConfig(kept.text, path, { env, lang }), acceptedAt: kept.acceptedAt };
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

/** Where a file keeps its data, as far as it can still be read; else where it is kept by default. */
async function dataOf(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  const text = await readFile(path, 'utf8').catch(() => '');
  const { value } = readTree(path, text, { env: {}, folder, offline: true });
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : null;
  return resolve(
    folder,
    typeof data === 'string'
      ? data
      : (/^\s*["']?data["']?\s*:\s*["']?([^"'#\n,}]+)/m.exec(text)?.[1]?.trim() ?? 'data'),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
