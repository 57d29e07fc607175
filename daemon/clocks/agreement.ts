/**
 * Whether what clocks say speaks for our own time, where a start was doubted because it was so long after the ledger's last sign of
 * life: a hall that really was closed for long is judged again without anybody's word. Each clock that has a time of its own is a
 * witness, by the time that it shows or by touches as they come; one that shows another time is against it.
 */
import type { ClockConfig } from '../../config/schema.ts';
import { DAY_LENGTH, MINUTE, type Ms } from '../../rules/time.ts';
import type { ClockJump } from '../clock.ts';

export interface AgreementOptions {
  /** The step that nobody believes; null = nothing is doubted. */
  readonly doubted: () => ClockJump | null;
  /** As they are configured; null = there is none of this id. */
  readonly clockOf: (device: string) => ClockConfig | null;
  /** The time is right. */
  readonly agreed: () => void;
}

/** A touch is on its way for less, and a clock that is left alone is off by less. */
const AGREEING_MS: Ms = 5 * MINUTE;
const DEVICES = 2;
const PEOPLE = 3;
/**
 * A wrong year is the commonest of all errors, and devices may have their time from us in ways that we do not know of (a time server on
 * this machine): whoever was away for so long has to be asked.
 */
const UP_TO_MS: Ms = 300 * DAY_LENGTH;

export class Agreement {
  readonly #options: AgreementOptions;
  readonly #devices = new Set<string>();
  readonly #people = new Set<string>();
  readonly #against = new Set<string>();

  constructor(options: AgreementOptions) {
    this.#options = options;
  }

  /** A clock shows a time just now. */
  shows(device: string, deviceAt: Ms): void {
    const offMs = this.#offBy(device, deviceAt);
    if (offMs === null) return;
    if (offMs > AGREEING_MS) this.#against.add(device);
    else {
      this.#against.delete(device);
      this.#devices.add(device);
    }
    this.#decide();
  }

  /** A touch of somebody came; one that was kept on its way is older, and says nothing. */
  touched(device: string, person: string, at: Ms): void {
    const offMs = this.#offBy(device, at);
    if (offMs === null || offMs > AGREEING_MS) return;
    this.#devices.add(device);
    this.#people.add(person);
    this.#decide();
  }

  /** By how much a clock's time is not ours; null where that says nothing. */
  #offBy(device: string, at: Ms): Ms | null {
    const doubted = this.#options.doubted();
    // Asked for every touch, and there is hardly ever a doubt.
    if (doubted === null) return null;
    const clock = this.#options.clockOf(device);
    if (clock === null || doubted.byMs > UP_TO_MS || isSetByUs(clock)) return null;
    return Math.abs(doubted.noticedAt + doubted.byMs - at);
  }

  #decide(): void {
    if (this.#against.size > 0 || (this.#devices.size < DEVICES && this.#people.size < PEOPLE)) return;
    this.#options.agreed();
  }
}

/** Whether it has its time from us: it would agree whatever we say. */
export function isSetByUs({ profile }: Pick<ClockConfig, 'profile'>): boolean {
  return profile.kind === 'zkteco-push' || ('setTime' in profile && profile.setTime);
}
