/** The reader that the daemon uses, for as long as a probe takes. */
import type { GrayPicture } from '../../adapters/camera.ts';
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import type { CameraEvent } from '../../adapters/cameras/camera-reading.ts';
import { Cameras } from '../../adapters/cameras/cameras.ts';
import type { Loss } from '../../adapters/cameras/loss.ts';
import type { Quality } from '../../adapters/cameras/quality.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import type { LoginGate } from '../../adapters/login-gate.ts';
import { toneOf } from '../../adapters/vision/light.ts';
import { type PictureFault, PictureHealth } from '../../adapters/vision/picture-health.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { systemElapsed } from '../clock.ts';

export interface ProbeReaderOptions {
  readonly address: CameraAddress;
  readonly ffmpegPath: string;
  /** Of its own, and thrown away afterwards. */
  readonly dataFolder: string;
  readonly clock: DeviceClock;
  /** Shared with whatever else logs in to the same hosts. */
  readonly gate: LoginGate;
  /** Is shown each picture, large enough for people. */
  readonly seen?: (view: GrayPicture) => void;
}

/** So many frames tell the usual time between them. */
const ENOUGH_FRAMES = 4;
/** Frames are waited for as long as this, from the first one on. */
const WATCH_MS: Ms = 12 * SECOND;

export class ProbeReader {
  readonly #cameras: Cameras;
  readonly #clock: DeviceClock;
  readonly #picture = new PictureHealth();
  #frames = 0;
  #health: { readonly fault: PictureFault | null; readonly brightness: number; readonly contrast: number } | null =
    null;
  #loss: Loss | null = null;
  #wake: () => void = () => {};

  constructor({ address, ffmpegPath, dataFolder, clock, gate, seen }: ProbeReaderOptions) {
    this.#clock = clock;
    this.#cameras = new Cameras({
      cameras: [{ id: 'probe', source: address.url, seats: [] }],
      ffmpegPath,
      dataFolder,
      clock,
      random: () => 0,
      view: seen === undefined ? 'none' : 'decoded',
      gate,
      listener: {
        frame: (_, { at, whole, view }) => {
          this.#frames++;
          const { mean, spread } = toneOf(whole);
          this.#health = { fault: this.#picture.see(at, whole).fault, brightness: mean, contrast: spread };
          if (view !== undefined) seen?.(view);
          this.#wake();
        },
        event: (_, event) => this.#event(event),
      },
    });
  }

  /** Starts, and waits for the first picture or for why there is none. */
  async first(): Promise<Loss | { readonly frames: number }> {
    await this.#cameras.start();
    await this.#until(() => this.#frames > 0 || this.#loss !== null, null);
    return this.#loss ?? { frames: this.#frames };
  }

  /** Waits for some more pictures. `intervalMs` null = no second one came. */
  async several(): Promise<Loss | { readonly intervalMs: Ms | null; readonly quality: Quality }> {
    await this.#until(() => this.#frames >= ENOUGH_FRAMES || this.#loss !== null, WATCH_MS);
    const [reading] = this.#cameras.readings();
    if (this.#loss !== null || reading === undefined) return this.#loss ?? { reason: 'ended', detail: '' };
    return { intervalMs: reading.intervalMs, quality: reading.quality };
  }

  /** Of the last picture. */
  health(): { readonly fault: PictureFault | null; readonly brightness: number; readonly contrast: number } {
    return this.#health ?? { fault: 'lost', brightness: 0, contrast: 0 };
  }

  /** Whoever waits is answered that it ended. */
  async stop(): Promise<void> {
    this.#loss ??= { reason: 'ended', detail: '' };
    this.#wake();
    await this.#cameras.stop();
  }

  #event(event: CameraEvent): void {
    // The one attempt is all there is: what it ends with is the answer.
    if (event.kind === 'lost') this.#loss ??= event.loss;
    this.#wake();
  }

  async #until(isDone: () => boolean, limitMs: Ms | null): Promise<void> {
    const endsAt = limitMs === null ? Number.POSITIVE_INFINITY : systemElapsed() + limitMs;
    while (!isDone() && systemElapsed() < endsAt) {
      await new Promise<void>((resolve) => {
        const cancel = limitMs === null ? () => {} : this.#clock.after(endsAt - systemElapsed(), resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
  }
}
