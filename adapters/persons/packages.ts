/** Packages that do not come with the program: npm put them into a folder of their own, because somebody wanted them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { PersonModelError } from '../person-model.ts';

/** What each kind of model needs; docs/decisions/0019-person-model.md says why these, and how large they are. */
export const PACKAGES = {
  human: [
    '@vladmandic/human@3.3.6',
    '@tensorflow/tfjs-core@4.22.0',
    '@tensorflow/tfjs-converter@4.22.0',
    '@tensorflow/tfjs-backend-wasm@4.22.0',
  ],
  onnx: ['onnxruntime-web@1.30.0'],
} as const;

type Packages = readonly string[];

/** What to run to have them. None of them needs a script that npm runs while it installs. */
const installLine = (folder: string, packages: Packages): string =>
  `npm install --ignore-scripts --no-audit --no-fund --prefix ${folder} ${packages.join(' ')}`;

export class PackageFolder {
  readonly #folder: string;
  readonly #packages: Packages;
  readonly #require: NodeJS.Require;

  constructor(folder: string, packages: Packages) {
    this.#folder = resolve(folder);
    this.#packages = packages;
    this.#require = createRequire(join(this.#folder, 'package.json'));
  }

  /** What a package exports. Throws a `PersonModelError` where it is not there, or does not start. */
  load(name: string): unknown {
    try {
      return this.#require(name);
    } catch (error) {
      throw this.#failed(name, error);
    }
  }

  /** A file of a package, whatever it exports. Throws as `load` does. */
  read(name: string, file: string): Buffer {
    try {
      return readFileSync(join(this.#folder, 'node_modules', name, file));
    } catch (error) {
      throw this.#failed(name, error);
    }
  }

  #failed(name: string, error: unknown): PersonModelError {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ENOENT';
    const remedy = installLine(this.#folder, this.#packages);
    return isMissing
      ? new PersonModelError('not-installed', `${name} is not installed in ${this.#folder}`, { cause: error, remedy })
      : new PersonModelError('broken', `${name} does not work: ${String(error)}`, { cause: error, remedy });
  }
}
