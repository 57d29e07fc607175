/** What a camera shows, for whoever sets it up: as a picture, and with who looked at it noted before. */
import { pictureOf, type View } from '../../adapters/cameras/developed.ts';
import { encodeJpeg, type NotMade } from '../../adapters/cameras/jpeg.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import { cutOut, veiledBut } from '../../adapters/vision/veil.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Books, By } from '../access/books.ts';

/** Of a page that shows a camera a picture is fetched every other second: one row says of all of them that somebody looks. */
const NOTED_EVERY_MS: Ms = 10 * MINUTE;

/** Pictures that are kept for whoever asks next; each is some ten kilobytes. */
const MOST_MADE = 64;

export interface Wanted {
  /** The camera, or the trial with the address of what it looks at. */
  readonly of: Readonly<Record<string, string | boolean>>;
  readonly at: Ms;
  readonly view: View;
  /** Nothing is shown but this part of it; null = all of it. */
  readonly part?: Part | null;
  /** null = all of it is shown, as whoever draws a seat has to see it. */
  readonly seats: readonly Part[] | null;
}

export class Stills {
  readonly #books: Books;
  readonly #ffmpegPath: string;
  readonly #noted = new Map<string, Ms>();
  /** The last of each, so that several who look cost one picture. */
  readonly #made = new Map<string, { readonly at: Ms; readonly jpeg: Promise<Uint8Array<ArrayBuffer> | null> }>();

  #encoding: Promise<unknown> = Promise.resolve();

  constructor(books: Books, ffmpegPath: string) {
    this.#books = books;
    this.#ffmpegPath = ffmpegPath;
  }

  /** Null = it could not be made. Rejects where it cannot be noted who looks: then nobody does. */
  async show(wanted: Wanted, by: By): Promise<Uint8Array<ArrayBuffer> | null> {
    const { of, at, seats } = wanted;
    const key = JSON.stringify([of, seats]);
    this.#note(`${by.who} ${key}`, by, { whole: seats === null, ...of });
    const made = this.#made.get(key);
    if (made?.at === at) return await made.jpeg;
    const jpeg = this.#encoded(wanted);
    this.#made.delete(key);
    this.#made.set(key, { at, jpeg });
    const [oldest] = this.#made.keys();
    if (this.#made.size > MOST_MADE && oldest !== undefined) this.#made.delete(oldest);
    return await jpeg;
  }

  /** One after the other: each takes an ffmpeg some tenths of a second. */
  #encoded(wanted: Wanted): Promise<Uint8Array<ArrayBuffer> | null> {
    const jpeg = this.#encoding.then(() => this.#jpeg(wanted));
    this.#encoding = jpeg.catch(() => {});
    return jpeg.then((one) => ('because' in one ? null : new Uint8Array(one)));
  }

  async #jpeg({ view, part = null, seats }: Wanted): Promise<Buffer | NotMade> {
    const picture = await pictureOf(this.#ffmpegPath, view);
    if ('because' in picture) return picture;
    const cut = part === null ? picture : cutOut(picture, part);
    return await encodeJpeg(this.#ffmpegPath, seats === null ? cut : veiledBut(cut, seats));
  }

  #note(key: string, by: By, detail: Readonly<Record<string, unknown>>): void {
    const now = this.#books.now();
    for (const [one, at] of [...this.#noted]) if (now - at >= NOTED_EVERY_MS) this.#noted.delete(one);
    if (this.#noted.has(key)) return;
    this.#books.write(() => this.#books.record('camera-viewed', by, null, detail));
    this.#noted.set(key, now);
  }
}
