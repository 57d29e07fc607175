import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './folders.ts';

/**
 * Writes a file that is there as a whole, and on the disk, or not at all; only its owner may read it unless `mode` says
 * otherwise. The folder is made if there is none. Rejects with what the system says; then nothing is left of it, and a former file
 * of that name stays.
 */
export async function writeWhole(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder, 0o700);
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, 'w', mode);
    try {
      // The mask of the process takes away from what is asked for at opening.
      await file.chmod(mode);
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
