/**
 * How far the log of a Hikvision terminal has been taken, and the taking of what is behind that.
 *
 * The place is the number of an entry (`serialNo`) with its time: all entries up to it are kept. It moves when a search has been
 * read and kept as a whole, or when what is heard follows on it without a gap. Numbers that begin anew later than the place are
 * those of a log that was cleared.
 */
import { randomUUID } from 'node:crypto';
import { BEGINNING, DAY_LENGTH, HOUR, type Ms } from '../../rules/time.ts';
import { type Ask, kept } from '../called-device.ts';
import type { ClockListener, ClockSurroundings } from '../clock.ts';
import { toKeep } from '../outcome.ts';
import { scrubbedBytes } from '../scrubbed.ts';
import type { AccessEvent, EventContext } from './hikvision-events.ts';
import { type NoSearch, type Page, type Range, searchPage } from './hikvision-search.ts';

export interface LogOptions {
  readonly around: ClockSurroundings;
  readonly context: EventContext;
  /** How far back a log is taken that was never taken before. */
  readonly backfillMs: Ms;
  /** Whether the device can be asked at all. */
  readonly hasSearch: boolean;
}

/** All entries up to it are kept; without a number, up to its time. */
interface Place {
  readonly serial: number | null;
  readonly at: Ms;
}

/** How far a search has come. */
interface End {
  readonly serial: number | null;
  readonly at: Ms | null;
  /** Each entry had a greater number than those before it. */
  readonly isInOrder: boolean;
}

/** Of entries whose number cannot be asked for: so much is asked for twice, since clocks of devices are set back. */
const OVERLAP_MS = HOUR;
/** A time further ahead of ours says nothing of what comes later. */
const MOST_AHEAD_MS = HOUR;
const PLACE = 'place';

export class HikvisionLog {
  readonly #options: LogOptions;
  readonly #listener: ClockListener;
  #place: Place | null;
  /** Every entry up to this number is kept, or says nothing of a person; null = nothing is known. */
  #reach: number | null;
  /** Numbers beyond the place that were kept as they were heard. */
  readonly #heard = new Set<number>();
  /** Numbers began anew. */
  #isReset = false;
  /** Whether the place is to be compared with the log before it is relied upon. */
  #isDoubted = true;
  #knowsSerials = true;
  /** The greatest number heard. */
  #seen = 0;
  /** That all is here has been told since the device was reached; more often says nothing more. */
  #isToldComplete = false;
  /** Why the log cannot be asked; null = it can, or was not asked yet. */
  #noSearch: string | null;

  constructor(options: LogOptions, listener: ClockListener) {
    this.#options = options;
    this.#listener = listener;
    this.#noSearch = options.hasSearch ? null : 'it is not called';
    this.#place = placeIn(options.around.memory.get(PLACE));
    this.#reach = this.#place?.serial ?? null;
  }

  /** The number of the newest entry that is kept; null = there is none. */
  get newest(): number | null {
    return this.#place?.serial ?? null;
  }

  /** Why the device does not say what was missed; null = it does, as far as is known. */
  get noSearch(): string | null {
    return this.#noSearch;
  }

  /** Whether an entry is certain to be kept already. */
  isTaken({ serial, isReplay }: AccessEvent): boolean {
    const place = this.#place?.serial ?? null;
    return (
      isReplay && !this.#isDoubted && this.#noSearch === null && serial !== null && place !== null && serial <= place
    );
  }

  /** The device was reached anew. */
  connected(): void {
    this.#isToldComplete = false;
    this.#isDoubted = true;
  }

  /** Another device than before stands there: its numbers are others. */
  replaced(): void {
    if (this.#place !== null) this.#move({ serial: null, at: this.#place.at });
    this.#reach = null;
  }

  /** What was heard has been kept, or needs not be; the answer: whether the log is to be asked for what is missing. */
  heard({ serial, front, at, outcome }: AccessEvent): boolean {
    if (serial === null) return false;
    const place = this.#place?.serial ?? null;
    if (place !== null && serial <= place && this.#isLater(at)) this.#isReset = true;
    if (this.#isReset && this.#noSearch === null) return true;
    if (this.#isReset) this.#beginAnew(serial - 1, this.#latest(at));
    this.#seen = Math.max(this.#seen, serial);
    if (outcome.is !== 'none' && this.#noSearch === null) this.#heard.add(serial);
    const reach = this.#reach;
    if (reach !== null && serial <= reach) return false;
    const follows = reach !== null && (serial === reach + 1 || (front !== null && front <= reach));
    // Whether those in between are of people at all is known to the log alone.
    if (!follows && this.#noSearch === null) return true;
    if (!follows && reach !== null) this.#listener.gap({ from: reach + 1, to: serial - 1, isAskedFor: false });
    this.#reach = serial;
    if (outcome.is !== 'none') this.#move({ serial, at: this.#latest(at) });
    return false;
  }

  /** Takes what is behind the place. What is durable stays so if it is broken off. Rejects with a `DeviceFault`. */
  async look(ask: Ask, signal: AbortSignal): Promise<void> {
    const beganAt = this.#options.around.clock.now();
    const seen = this.#seen;
    if (this.#isDoubted || this.#isReset) await this.#findReset(ask);
    const isWhole = await this.#takeRest(ask, signal);
    if (!isWhole || signal.aborted) return;
    this.#isDoubted = false;
    // What was heard before it and is not in it yet may not be all that is not.
    if (![...this.#heard].some((serial) => serial <= seen)) this.#reach = Math.max(this.#reach ?? 0, seen);
    if (!this.#isToldComplete) this.#listener.complete(beganAt);
    this.#isToldComplete = true;
  }

  /** Begins anew where entries later than the place have numbers that it has passed. */
  async #findReset(ask: Ask): Promise<void> {
    const place = this.#place;
    if (place === null || place.serial === null) return;
    const { serial, at } = place;
    const page = await this.#page(ask, { from: at + 1000, to: this.#farAhead() }, 0, randomUUID());
    const isAnew =
      this.#isReset ||
      ('entries' in page &&
        page.entries.some((entry) => entry.serial !== null && entry.serial <= serial && this.#isLater(entry.at)));
    this.#isReset = false;
    if (isAnew) this.#beginAnew(0, at);
  }

  /** A log whose numbers begin anew is kept up to this one. */
  #beginAnew(serial: number, at: Ms): void {
    this.#isReset = false;
    this.#reach = null;
    this.#seen = 0;
    this.#heard.clear();
    this.#move({ serial, at });
  }

  /** Whether all of it was read and kept. */
  async #takeRest(ask: Ask, signal: AbortSignal): Promise<boolean> {
    const { around, backfillMs } = this.#options;
    const now = around.clock.now();
    const place: Place = this.#place ?? { serial: null, at: now - backfillMs };
    if (place.serial !== null && this.#knowsSerials) {
      const outcome = await this.#take(ask, signal, { fromSerial: place.serial + 1 });
      if (outcome === 'whole' || outcome === 'broken-off') return outcome === 'whole';
      this.#knowsSerials = false;
    }
    const from = Math.min(place.at, now) - OVERLAP_MS;
    const outcome = await this.#take(ask, signal, { from, to: this.#farAhead() });
    return outcome === 'whole';
  }

  async #take(ask: Ask, signal: AbortSignal, range: Range): Promise<'whole' | 'broken-off' | 'refused'> {
    const searchId = randomUUID();
    const taken = this.#place?.serial ?? null;
    let end: End = { serial: taken, at: this.#place?.at ?? null, isInOrder: 'fromSerial' in range };
    let position = 0;
    for (let hasMore = true; hasMore; ) {
      const page = await this.#page(ask, range, position, searchId);
      if (!('entries' in page)) {
        // A device that does not know numbers is asked by time, and one that knows no search is only listened to.
        if (!('fromSerial' in range)) this.#noSearch = page.because;
        return 'refused';
      }
      // Later ones were asked for: the number is not heeded.
      if ('fromSerial' in range && page.entries.some(({ serial }) => serial !== null && serial < range.fromSerial))
        return 'refused';
      if (!(await this.#keep(page, taken, signal))) return 'broken-off';
      end = page.entries.reduce((before, entry) => this.#further(before, entry), end);
      position += page.entries.length + page.unread.length;
      hasMore = page.hasMore;
      // A long search that is broken off goes on from here.
      if (end.isInOrder && hasMore && end.at !== null) this.#move({ serial: end.serial, at: end.at });
    }
    this.#noSearch = null;
    const { around, backfillMs } = this.#options;
    // What was heard meanwhile may be further on.
    const now = this.#place;
    const serial = now?.serial == null || end.serial === null ? end.serial : Math.max(now.serial, end.serial);
    this.#move({ serial, at: Math.max(end.at ?? around.clock.now() - backfillMs, now?.at ?? BEGINNING) });
    return 'whole';
  }

  #further({ serial, at, isInOrder }: End, entry: AccessEvent): End {
    const told = this.#plausible(entry.at);
    return {
      serial: entry.serial === null ? serial : Math.max(serial ?? 0, entry.serial),
      at: told === null ? at : Math.max(at ?? told, told),
      isInOrder: isInOrder && entry.serial !== null && entry.serial > (serial ?? 0),
    };
  }

  async #keep(page: Page, taken: number | null, signal: AbortSignal): Promise<boolean> {
    const about = `AcsEvent ${this.#options.around.device}`;
    const fresh = page.entries.filter(
      ({ serial }) => serial === null || (!this.#heard.has(serial) && serial > (taken ?? 0)),
    );
    const { records, refused } = toKeep(
      fresh.map(({ outcome }) => outcome),
      about,
    );
    for (const { because, entry } of page.unread) {
      refused.push({ about, because, payload: scrubbedBytes(Buffer.from(JSON.stringify(entry) ?? '')) });
    }
    if (records.length === 0 && refused.length === 0) return !signal.aborted;
    return await kept(this.#listener, { records, refused }, signal);
  }

  #page(ask: Ask, range: Range, position: number, searchId: string): Promise<Page | NoSearch> {
    return searchPage(ask, { range, position, searchId }, this.#options.context);
  }

  #move(place: Place): void {
    const { memory } = this.#options.around;
    for (const serial of this.#heard) if (place.serial !== null && serial <= place.serial) this.#heard.delete(serial);
    if (place.serial !== null) this.#reach = Math.max(this.#reach ?? 0, place.serial);
    if (this.#place?.serial === place.serial && this.#place.at === place.at) return;
    this.#place = place;
    memory.set(PLACE, JSON.stringify(place));
  }

  #isLater(at: Ms | null): boolean {
    const told = this.#plausible(at);
    return told !== null && this.#place !== null && told > this.#place.at;
  }

  #latest(at: Ms | null): Ms {
    return Math.max(this.#place?.at ?? Number.NEGATIVE_INFINITY, this.#plausible(at) ?? Number.NEGATIVE_INFINITY);
  }

  #plausible(at: Ms | null): Ms | null {
    return at !== null && at <= this.#options.around.clock.now() + MOST_AHEAD_MS ? at : null;
  }

  #farAhead(): Ms {
    return this.#options.around.clock.now() + DAY_LENGTH;
  }
}

function placeIn(text: string | null): Place | null {
  if (text === null) return null;
  const { serial, at } = JSON.parse(text) as { serial?: unknown; at?: unknown };
  if (typeof at !== 'number') return null;
  return { serial: typeof serial === 'number' ? serial : null, at };
}
