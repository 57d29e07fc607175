/** A disk so small that it can be filled: a tmpfs of a test's own. Mounting one takes root, which the tests have in CI. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk extends Disposable {
  readonly path: string;
  freeBytes(): number;
  /** Fills it with a file until at most so many bytes are free. */
  fill(leaveBytes: number): void;
  /** Removes that file. */
  clear(): void;
}

export function smallDisk(megabytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'zaigang-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'zaigang-test', path], {
      stdio: 'pipe',
    });
  } catch (cause) {
    rmdirSync(path);
    throw new Error('this test fills a disk, and needs root and the right to mount a tmpfs for it', { cause });
  }
  const filler = join(path, 'filler');
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill(leaveBytes) {
      const file = openSync(filler, 'a');
      const block = Buffer.alloc(64 * 1024);
      for (let left = freeBytes() - leaveBytes; left > 0; left = freeBytes() - leaveBytes) {
        writeSync(file, block, 0, Math.min(left, block.length));
      }
      closeSync(file);
    },
    clear: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}
