/** What a run works on, as it was when the run began: every file that the trials load, without its types, and what imports what. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';

/** By file, from the root of the repository. As data: judges read it from a file. */
export interface Snapshot {
  readonly js: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

/** What remains of imports and exports without types. Files that are imported while running are not found, and not needed. */
const IMPORTED = /^(?:import|export|\}).*?'(\.[^']+\.ts)'/gm;

/** The files that some files import, they themselves included. */
export function snapshotOf(root: string, entries: readonly string[]): Snapshot {
  const js: Record<string, string> = {};
  const imports: Record<string, readonly string[]> = {};
  const left = [...entries];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (js[file] !== undefined) continue;
    const folder = posix.dirname(file);
    const text = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'));
    const found = [...text.matchAll(IMPORTED)].map(([, path = '']) => posix.join(folder, path));
    const existing = found.filter((path) => existsSync(join(root, path)));
    js[file] = text;
    imports[file] = existing;
    left.push(...existing);
  }
  return { js, imports };
}

/** A file and everything that it imports, in order. */
function importedBy({ imports }: Snapshot, file: string): string[] {
  const found = new Set([file]);
  for (const one of found) for (const imported of imports[one] ?? []) found.add(imported);
  return [...found].sort();
}

/** The files that load a file, it itself included: what has to be loaded anew to see another in its place. */
export function loadersOf(snapshot: Snapshot, file: string): Set<string> {
  const importers = new Map<string, string[]>();
  for (const [importer, imported] of Object.entries(snapshot.imports)) {
    for (const one of imported) importers.set(one, [...(importers.get(one) ?? []), importer]);
  }
  const found = new Set([file]);
  for (const one of found) for (const importer of importers.get(one) ?? []) found.add(importer);
  return found;
}

/** Says whether anything that a file does can have changed, but for data that it reads itself. */
export function digestOf(snapshot: Snapshot, file: string): string {
  return hashOf(importedBy(snapshot, file).map((one) => `${one}\n${snapshot.js[one] ?? ''}`));
}

export function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64url').slice(0, 22);
}
