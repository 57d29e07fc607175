/** The files of evidence: a folder for each day, a picture and what was seen in it beside each other. */
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { writeWhole } from '../files/whole-file.ts';
import type { Taken } from './evidence-book.ts';

export const EVIDENCE_FOLDER = 'evidence';

/** A file of a picture against what was noted of it. */
export type FileState = 'whole' | 'absent' | 'changed';

type Files = Pick<Taken, 'file' | 'sha256' | 'explanationSha256'>;

export class EvidenceFolder {
  readonly #data: string;

  constructor(dataFolder: string) {
    this.#data = dataFolder;
  }

  /** Writes a picture and its explanation. Rejects if the disk does not take both; then neither is there. */
  async write(date: string, picture: string, jpeg: Uint8Array, explanation: string): Promise<Files> {
    const file = `${EVIDENCE_FOLDER}/${date}/${picture}.jpg`;
    const text = Buffer.from(explanation);
    const files = { file, sha256: hash('sha256', jpeg), explanationSha256: hash('sha256', text) };
    try {
      await writeWhole(join(this.#data, explanationOf(file)), text);
      await writeWhole(join(this.#data, file), jpeg);
    } catch (error) {
      this.remove(files);
      throw error;
    }
    return files;
  }

  /** The bytes of a picture, if they are those that were noted. */
  read({ file, sha256 }: Files): Buffer | Exclude<FileState, 'whole'> {
    const bytes = bytesOf(join(this.#data, file));
    if (bytes === null) return 'absent';
    return hash('sha256', bytes) === sha256 ? bytes : 'changed';
  }

  /** The explanation beside it: what was seen in it, and by which votes. */
  explanation({ file, explanationSha256 }: Files): Buffer | Exclude<FileState, 'whole'> {
    const bytes = bytesOf(join(this.#data, explanationOf(file)));
    if (bytes === null) return 'absent';
    return hash('sha256', bytes) === explanationSha256 ? bytes : 'changed';
  }

  state(files: Files): FileState {
    const picture = this.read(files);
    if (typeof picture === 'string') return picture;
    const explanation = this.explanation(files);
    return typeof explanation === 'string' ? explanation : 'whole';
  }

  remove({ file }: Pick<Files, 'file'>): void {
    for (const one of [file, explanationOf(file)]) rmSync(join(this.#data, one), { force: true });
    const folder = join(this.#data, dirname(file));
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }

  /** Every file there is, whether anything was noted of it or not. */
  list(): { readonly path: string; readonly picture: string }[] {
    const root = join(this.#data, EVIDENCE_FOLDER);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => ({
        path: join(parentPath, name),
        picture: name.slice(0, name.length - extname(name).length),
      }));
  }
}

const explanationOf = (file: string): string => `${file.slice(0, -extname(file).length)}.json`;

function bytesOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
