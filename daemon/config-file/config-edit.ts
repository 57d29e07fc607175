/**
 * Changing hall.yaml from a page: what would change is shown first, and is written only if the file and what is to be
 * written are still what was shown, and only if the result would be accepted. Then it is taken up at once.
 */
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Edit, editedText, LayoutError } from '../../config/edited-text.ts';
import type { Language, Problem } from '../../config/explain.ts';
import { reveal } from '../../config/hidden.ts';
import { ConfigError, type LoadedConfig, parseConfig } from '../../config/load.ts';
import { hiddenIn } from '../../config/places.ts';
import { type Sides, textDifference } from '../../config/text-difference.ts';
import { readTree } from '../../config/tree.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { Log } from '../log.ts';

/** What an edit would do. Nothing has been written. */
export interface Proposal {
  /** Names the text that it was made from and what becomes of it: whoever applies it hands it back. */
  readonly base: string;
  /** As `diff -u` has it, secrets as `***`; empty = nothing would change. */
  readonly diff: string;
  /** Of the file as it would be: with an error among them it is not written. */
  readonly problems: readonly Problem[];
  readonly isAccepted: boolean;
}

/**
 * Why nothing was written: `unreadable` the file cannot be read · `layout` it is laid out in a way that only a person can change ·
 * `changed` it, or what it would become, is not what was shown · `invalid` the result would not be accepted · `not-written` the disk did not take it.
 */
export type EditRefusal = 'unreadable' | 'layout' | 'changed' | 'invalid' | 'not-written';

export class ConfigEditError extends Error {
  override readonly name = 'ConfigEditError';
  readonly reason: EditRefusal;
  readonly problems: readonly Problem[];
  /** Whether the same may work later: `changed` after another look, `not-written` once the disk does. */
  readonly retry: boolean;

  constructor(reason: EditRefusal, message: string, problems: readonly Problem[] = [], cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
    this.problems = problems;
    this.retry = reason === 'changed' || reason === 'not-written';
  }
}

/** What became of the file: it is written; `notTaken`: why the daemon goes on with the former one for now, or null. */
export interface Applied {
  readonly proposal: Proposal;
  readonly notTaken: string | null;
}

export interface ConfigFileOptions {
  readonly path: string;
  /** Where `${NAME}` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes up what has been written. */
  readonly reload: (loaded: LoadedConfig) => Promise<void>;
  readonly log: Log;
}

/** What is to be edited, where it depends on what the file says. */
export type Edits = readonly Edit[] | ((text: string, env: ConfigFileOptions['env']) => readonly Edit[]);

type Accepted = (loaded: LoadedConfig) => Promise<void>;

interface Drafted extends Proposal {
  readonly text: string;
  readonly loaded: LoadedConfig | null;
}

/** Where a configuration was read from. */
export type ConfigSource = Pick<ConfigFileOptions, 'path' | 'env'>;

/** That of a daemon; null where it was not told where its configuration came from. */
export function configFileOf(
  { source, log }: { readonly source?: ConfigSource; readonly log: Log },
  reload: ConfigFileOptions['reload'],
): ConfigFile | null {
  return source === undefined ? null : new ConfigFile({ ...source, reload, log });
}

export class ConfigFile {
  readonly #options: ConfigFileOptions;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: ConfigFileOptions) {
    this.#options = options;
  }

  /** The text of the file as it lies there. Rejects with a `ConfigEditError`. */
  async text(): Promise<string> {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(this.#options.path));
    } catch (cause) {
      throw new ConfigEditError('unreadable', codeOf(cause), [], cause);
    }
  }

  /** What these edits would change. Rejects with a `ConfigEditError` (`unreadable`, `layout`). */
  async propose(edits: Edits, lang: Language): Promise<Proposal> {
    const { text: _, loaded: __, ...proposal } = await this.#draft(edits, lang);
    return proposal;
  }

  /**
   * Writes them, if that is still the `base` of the proposal that was shown. `accepted` is waited for once it is known that they
   * will be, and before anything is written. Rejects with a `ConfigEditError`, or as `accepted` does.
   */
  async apply(edits: Edits, base: string, lang: Language, accepted?: Accepted): Promise<Applied> {
    // One after the other: two at once would both find the file as it was shown.
    const applied = this.#writing.then(() => this.#apply(edits, base, lang, accepted));
    this.#writing = applied.catch(() => {});
    return await applied;
  }

  async #apply(edits: Edits, base: string, lang: Language, accepted?: Accepted): Promise<Applied> {
    const { reload, log } = this.#options;
    const { text, loaded, ...proposal } = await this.#draft(edits, lang);
    if (proposal.base !== base)
      throw new ConfigEditError('changed', 'the file, or what is to be written, has changed since it was shown');
    if (loaded === null) throw new ConfigEditError('invalid', 'the result would not be accepted', proposal.problems);
    if (proposal.diff === '') return { proposal, notTaken: null };
    await accepted?.(loaded);
    // What a link leads to is written, not the link.
    const path = await realpath(this.#options.path);
    try {
      const { mode } = await stat(path);
      await writeWhole(path, Buffer.from(text), mode & 0o777);
    } catch (cause) {
      throw new ConfigEditError('not-written', codeOf(cause), [], cause);
    }
    try {
      await reload(loaded);
      return { proposal, notTaken: null };
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      log.error({ file: path, because }, 'configuration was written, and could not be taken up');
      return { proposal, notTaken: because };
    }
  }

  async #draft(edits: Edits, lang: Language): Promise<Drafted> {
    const { path, env } = this.#options;
    const before = await this.text();
    const text = edit(before, typeof edits === 'function' ? edits(before, env) : edits);
    const name = basename(path);
    const diff = textDifference(sidesOf(name, before), sidesOf(name, text), name);
    const base = createHash('sha256').update(`${before.length} ${before}${text}`).digest('hex');
    try {
      const loaded = parseConfig(text, path, { env, lang });
      return { text, base, diff, loaded, problems: loaded.warnings, isAccepted: true };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return { text, base, diff, loaded: null, problems: error.problems, isAccepted: false };
    }
  }
}

function edit(text: string, edits: readonly Edit[]): string {
  try {
    return editedText(text, edits);
  } catch (error) {
    if (error instanceof LayoutError) throw new ConfigEditError('layout', error.message, [], error);
    throw error;
  }
}

/** Lines as they are, and as they may be seen. */
function sidesOf(name: string, text: string): Sides {
  const { source } = readTree(name, text, { env: {}, folder: '', offline: true });
  const compared = linesOf(text);
  const shown = linesOf(reveal(text, 0, text.length, hiddenIn(source)));
  // A secret over several lines is hidden as one: then no line stands where it stood.
  return { compared, shown: shown.length === compared.length ? shown : compared.map(() => '***') };
}

const linesOf = (text: string): readonly string[] => text.replace(/\r?\n$/, '').split(/\r?\n/);

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : String(cause);
}
