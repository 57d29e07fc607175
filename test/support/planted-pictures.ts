/** Pictures of a case, put into a ledger and onto its disk as the daemon would have, without waiting for a camera. */
import { encodeJpeg } from '../../adapters/cameras/jpeg.ts';
import { drawScene, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { EvidenceBook, type Subject } from '../../daemon/evidence/evidence-book.ts';
import { EvidenceFolder } from '../../daemon/evidence/evidence-folder.ts';
import type { NoPicture } from '../../daemon/evidence/moments.ts';
import type { Ledger } from '../../daemon/ledger/ledger.ts';
import type { Ms } from '../../rules/time.ts';
import { ffmpegPath } from './rtsp-clips.ts';

export interface Planted extends Pick<Subject, 'moment' | 'window' | 'case'> {
  readonly picture: string;
  readonly at: Ms;
  /** Why there is none. */
  readonly missing?: NoPicture;
}

export async function plantPictures(ledger: Ledger, hall: string, planted: readonly Planted[]): Promise<void> {
  const book = new EvidenceBook(ledger, hall);
  const folder = new EvidenceFolder(ledger.directory);
  const scene = drawScene(sceneLook(5), 1, { clerk: 1 });
  const jpeg = await encodeJpeg((await ffmpegPath()) ?? '', scene);
  if ('because' in jpeg) throw new Error(jpeg.detail);
  for (const { picture, at, moment, window, case: about, missing } of planted) {
    const subject = { moment, camera: 'cam-1', window, key: `key-of-${picture}`, case: about, by: null };
    if (missing !== undefined) {
      book.note(picture, at, { what: 'missing', ...subject, because: missing, detail: null });
      continue;
    }
    const files = await folder.write('2026-01-01', picture, jpeg, `{"picture":"${picture}"}\n`);
    const { width, height } = scene;
    book.note(picture, at, { what: 'taken', ...subject, takenAt: at, width, height, ...files });
  }
}
