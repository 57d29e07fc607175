/** What is written of the shots of a moment: one picture in which a seat is shown, and nothing else. */
import { setImmediate as turn } from 'node:timers/promises';
import type { GrayPicture } from '../../adapters/camera.ts';
import { developed, NOT_THE_SAME } from '../../adapters/cameras/developed.ts';
import type { NotMade } from '../../adapters/cameras/jpeg.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { cutOut, filmStrip, surroundingsOf, veiled } from '../../adapters/vision/veil.ts';
import type { Shot } from './camera-memory.ts';
import type { Shots } from './moments.ts';

export interface SeatShown {
  readonly seat: Part;
  /** Seats of other windows: they are not shown. */
  readonly others: readonly Part[];
  /** Of a strip the seat and what is around it, once for each shot. */
  readonly isStrip: boolean;
}

/** The veiled picture, and the shots that it shows: of a strip those of which there is a picture. */
export async function imageOf(
  ffmpegPath: string,
  { seat, others, isStrip }: SeatShown,
  shots: Shots,
): Promise<{ readonly image: GrayPicture; readonly shots: readonly Shot[] } | NotMade> {
  const views = shots.map(({ view }) => view);
  const pictures = await developed(ffmpegPath, views);
  if ('because' in pictures) return pictures;
  const shown: Shot[] = [];
  const cuts: GrayPicture[] = [];
  for (const [i, shot] of shots.entries()) {
    const picture = pictures[i] ?? null;
    if (picture === null) continue;
    // Punches go first: a strip at once would take some ten milliseconds.
    if (shown.length > 0) await turn();
    shown.push(shot);
    const covered = veiled(picture, seat, others);
    cuts.push(isStrip ? cutOut(covered, surroundingsOf(seat)) : covered);
  }
  const [first, ...more] = cuts;
  if (first === undefined) return NOT_THE_SAME;
  return { image: isStrip ? filmStrip([first, ...more]) : first, shots: shown };
}
