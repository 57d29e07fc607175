/** Serves the repository from a snapshot, with or without a fault in a file of it: no file of the tree is touched. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { type Fault, withFault } from './fault.ts';
import { loadersOf, type Snapshot } from './snapshot.ts';

const ROOT = new URL('../../', import.meta.url).href;
const QUICK_VITEST = new URL('quick-vitest.ts', import.meta.url).href;
/** Marks the modules of one case: none of them is shared with another. */
const MARK = '?case=';

export interface Serving {
  /** From now on a file has a fault, and whatever loads it is loaded anew; everything else is shared, and stays warm. */
  begin(fault: Fault): void;
  /** Where to import a file from. */
  urlOf(file: string): string;
}

/** From now on modules are loaded so. `snapshot.json` in the folder is the snapshot. */
export function serve(folder: string): Serving {
  const snapshot = JSON.parse(readFileSync(join(folder, 'snapshot.json'), 'utf8')) as Snapshot;
  const loaders = new Map<string, Set<string>>();
  let fault: Fault | null = null;
  let own: ReadonlySet<string> = new Set();
  let place = 0;
  const fileOf = (url: string): string | null => (url.startsWith(ROOT) ? url.slice(ROOT.length) : null);
  const urlOf = (file: string): string => ROOT + file + (own.has(file) ? MARK + place : '');
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'vitest') return { url: QUICK_VITEST, shortCircuit: true };
      const found = next(specifier, context);
      const file = fileOf(found.url);
      return file !== null && snapshot.js[file] !== undefined ? { ...found, url: urlOf(file) } : found;
    },
    load(url, context, next) {
      const [path = '', mark] = url.split(MARK);
      const file = fileOf(path) ?? '';
      const js = snapshot.js[file];
      if (js === undefined) return next(url, context);
      const isFaulty = mark !== undefined && fault?.file === file;
      return { format: 'module', source: isFaulty ? withFault(js, fault as Fault) : js, shortCircuit: true };
    },
  });
  return {
    begin(next) {
      fault = next;
      place += 1;
      own = loaders.get(next.file) ?? loadersOf(snapshot, next.file);
      loaders.set(next.file, own as Set<string>);
    },
    urlOf,
  };
}
