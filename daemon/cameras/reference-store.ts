/** How seats look when empty, kept over restarts: a small file for each camera, seat and light. */
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readAddress } from '../../adapters/cameras/camera-address.ts';
import { SEAT } from '../../adapters/cameras/frame-graph.ts';
import { lightOf, type Reference, type SeatLight } from '../../adapters/vision/reference-bank.ts';
import type { CameraConfig } from '../../config/schema.ts';
import { idPart } from '../../rules/verdict.ts';
import { writeWhole } from '../files/whole-file.ts';
import type { Log } from '../log.ts';
import { readReferences, referenceBytes, type SeatBinding } from './reference-file.ts';
import type { SeatReferences } from './vision-thread.ts';

/** What of a camera's configuration says what its seats' pictures are of. */
export type SeenSeats = Pick<CameraConfig, 'id' | 'source'> & {
  readonly seats: readonly Pick<CameraConfig['seats'][number], 'window' | 'roi'>[];
};

const LIGHTS: readonly SeatLight[] = ['day', 'night'];
export const REFERENCE_FOLDER = 'empty-seats';

export class ReferenceStore {
  readonly #folder: string;
  readonly #log: Log;
  /** What is to be written, by path; a later one takes the place of an earlier. */
  readonly #waiting = new Map<string, Buffer>();
  readonly #kept = new Map<string, Buffer>();
  #writing: Promise<void> | null = null;

  /** `dataFolder`: the folder of the ledger. */
  constructor(dataFolder: string, log: Log) {
    this.#folder = join(dataFolder, REFERENCE_FOLDER);
    this.#log = log;
  }

  /** What is known of a camera's seats. A file that cannot be used is set aside, one of another seat removed; both are said. */
  load(camera: SeenSeats): SeatReferences {
    return camera.seats.map((_, seat) => LIGHTS.flatMap((light) => this.#load(camera, seat, light)));
  }

  #load(camera: SeenSeats, seat: number, light: SeatLight): readonly Reference[] {
    const path = this.#path(camera, seat, light);
    const binding = bindingOf(camera, seat);
    const about = { camera: camera.id, window: binding.window, light };
    try {
      const bytes = readFileSync(path);
      const read = readReferences(bytes, binding);
      if ('references' in read) {
        this.#kept.set(path, bytes);
        return read.references;
      }
      if (read.because === 'other-seat') {
        rmSync(path);
        this.#log.warn({ ...about, because: read.detail }, 'pictures of the empty seat were discarded');
      } else {
        renameSync(path, `${path}.unusable`);
        const fields = { ...about, because: read.detail, kept: `${path}.unusable` };
        this.#log.warn(fields, 'pictures of the empty seat could not be used');
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#log.error({ ...about, because: String(error) }, 'pictures of the empty seat could not be read');
      }
    }
    return [];
  }

  /** Keeps what has been learnt of a camera's seats, as soon as the disk allows. */
  save(camera: SeenSeats, known: SeatReferences): void {
    for (const [seat, references] of known.entries()) {
      for (const light of LIGHTS) {
        const ofLight = references.filter(({ picture }) => lightOf(picture) === light);
        const path = this.#path(camera, seat, light);
        const bytes = referenceBytes(bindingOf(camera, seat), ofLight);
        const isKnown = this.#kept.get(path)?.equals(bytes) ?? ofLight.length === 0;
        if (!isKnown) this.#waiting.set(path, bytes);
      }
    }
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /** Resolves when everything is written, or could not be. */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#waiting.size > 0) await this.#write();
  }

  async #write(): Promise<void> {
    for (const [path, bytes] of [...this.#waiting]) {
      try {
        await writeWhole(path, bytes);
        this.#kept.set(path, bytes);
        if (this.#waiting.get(path) === bytes) this.#waiting.delete(path);
      } catch (error) {
        // It stays among what waits, and is tried again with the next that is learnt, and at the end.
        this.#log.error({ path, because: String(error) }, 'pictures of the empty seat were not kept');
      }
    }
  }

  #path(camera: SeenSeats, seat: number, light: SeatLight): string {
    const { window } = bindingOf(camera, seat);
    const twin = camera.seats.slice(0, seat).filter((one) => one.window === window).length;
    const name = [camera.id, window, ...(twin === 0 ? [] : [String(twin + 1)]), light].map(idPart).join('~');
    return join(this.#folder, `${name}.seat`);
  }
}

/** What the pictures of a seat are of. */
export function bindingOf(camera: SeenSeats, seat: number): SeatBinding {
  const { window, roi } = camera.seats[seat] as SeenSeats['seats'][number];
  return { camera: camera.id, window, source: placeOf(camera.source), roi: JSON.stringify(roi), ...SEAT };
}

/** An address without who logs in: a new password is no other camera. */
function placeOf(source: string): string {
  const address = readAddress(source);
  if ('because' in address) return '';
  const url = new URL(address.url);
  url.username = '';
  url.password = '';
  return address.mask(url.href);
}
