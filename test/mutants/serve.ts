/** Serves the rules from a snapshot, with or without a fault in one of them: no file of the tree is touched. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { type Fault, withFault } from './fault.ts';

const ROOT = new URL('../../', import.meta.url).href;
const QUICK_VITEST = new URL('quick-vitest.ts', import.meta.url).href;
/** Marks the modules of one case: none of them is shared with another. */
const MARK = '?case=';

/** The address of a file of the repository; with `place`, of its own copy for one case. */
export function urlOf(file: string, place?: number): string {
  return ROOT + file + (place === undefined ? '' : MARK + place);
}

/** From now on modules are loaded so. `sources.json` in the folder has the JavaScript of every file of the snapshot. */
export function serve(folder: string, faults: readonly Fault[]): void {
  const snapshot = JSON.parse(readFileSync(join(folder, 'sources.json'), 'utf8')) as Record<string, string>;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'vitest') return { url: QUICK_VITEST, shortCircuit: true };
      const found = next(specifier, context);
      const [, place] = (context.parentURL ?? '').split(MARK);
      const isOurs = found.url.startsWith(ROOT) && !found.url.includes('/node_modules/') && !found.url.includes('?');
      return place !== undefined && isOurs ? { ...found, url: found.url + MARK + place } : found;
    },
    load(url, context, next) {
      const [path = '', place] = url.split(MARK);
      const file = path.slice(ROOT.length);
      const js = path.startsWith(ROOT) ? snapshot[file] : undefined;
      if (js === undefined) return next(url, context);
      const fault = faults[Number(place)];
      return { format: 'module', source: fault?.file === file ? withFault(js, fault) : js, shortCircuit: true };
    },
  });
}
