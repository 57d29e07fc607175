/**
 * The acceptance of a clock (验收): somebody touches it and sees that the touch comes through, with the right time; then somebody says that
 * it is as it should be. That is kept with who said it, and with what was known of the clock then.
 */
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { By } from '../access/books.ts';
import type { HallCore } from '../hall-core.ts';
import type { DeviceReading } from './device-book.ts';
import type { HallClocks } from './hall-clocks.ts';

/**
 * - `waiting`: nothing has come yet
 * - `seen`: a touch came in time
 * - `other-time`: one came, and its time is not that of the test
 * - `none`: none came in the time for it
 */
export type TouchState = 'waiting' | 'seen' | 'other-time' | 'none';

export interface TouchTest {
  readonly beganAt: Ms;
  readonly state: TouchState;
  /** When it came, and when it was by the clock's time as it is judged; null = none came. */
  readonly cameAt: Ms | null;
  readonly touchedAt: Ms | null;
}

export interface Accepted {
  readonly at: Ms;
  readonly by: string;
  readonly test: TouchTest | null;
  readonly offsetMs: Ms | null;
  readonly taken: number;
  readonly says: number | null;
}

/** So long somebody may take to get to the clock and touch it; one that only pushes now and then sends within a minute or so. */
const WITHIN_MS: Ms = 2 * MINUTE;
/** A touch of the test has a time of the test. */
const SLACK_MS: Ms = MINUTE;

export class ClockAcceptance {
  readonly #core: HallCore;
  readonly #clocks: HallClocks;
  readonly #books: Access['books'];
  readonly #now: () => Ms;
  /** With how many touches had come before. */
  readonly #tests = new Map<string, { readonly test: TouchTest; readonly takenBefore: number }>();

  constructor(core: HallCore, clocks: HallClocks, { books }: Pick<Access, 'books'>, now: () => Ms) {
    this.#core = core;
    this.#clocks = clocks;
    this.#books = books;
    this.#now = now;
  }

  /** Whoever begins another test ends the one before. Null = there is no such clock. */
  begin(clock: string): TouchTest | null {
    if (!this.#clocks.configured.has(clock)) return null;
    const test: TouchTest = { beganAt: this.#now(), state: 'waiting', cameAt: null, touchedAt: null };
    this.#tests.set(clock, { test, takenBefore: this.#clocks.devices.reading(clock).taken });
    return test;
  }

  /** As it is by now; null = none was begun since the daemon was. */
  test(clock: string): TouchTest | null {
    const known = this.#tests.get(clock);
    if (known === undefined) return null;
    const { test, takenBefore } = known;
    if (test.state === 'seen' || test.state === 'none') return test;
    const reading = this.#clocks.devices.reading(clock);
    const next = withReading(test, reading.taken > takenBefore ? reading : null, this.#now());
    this.#tests.set(clock, { test: next, takenBefore });
    return next;
  }

  /** Null = it never was. */
  accepted(clock: string): Accepted | null {
    const kept = this.#core.ledger.setting(this.#setting(clock));
    return kept === null ? null : (JSON.parse(kept) as Accepted);
  }

  /** Somebody says that the clock is as it should be. False = there is no such clock. */
  accept(clock: string, by: By): boolean {
    const config = this.#clocks.configured.get(clock);
    if (config === undefined) return false;
    const { offsetMs, taken, says, state, about } = this.#clocks.devices.reading(clock);
    const test = this.test(clock);
    const accepted: Accepted = { at: this.#now(), by: by.who ?? '', test, offsetMs, taken, says };
    const { serial = about['serialNumber'] ?? null, firmware = about['firmwareVersion'] ?? null } = about;
    const detail = { clock, make: config.profile.kind, state, serial, firmware, ...accepted };
    this.#core.ledger.commit(() => this.#core.ledger.set(this.#setting(clock), JSON.stringify(accepted)));
    this.#books.write(() => this.#books.record('clock-accepted', by, null, detail));
    return true;
  }

  #setting(clock: string): string {
    return `clock-accepted ${this.#core.hall.id} ${clock}`;
  }
}

/** `reading`: of the last touch that came since; null = none has. */
function withReading(test: TouchTest, reading: DeviceReading | null, now: Ms): TouchTest {
  const isOver = now - test.beganAt > WITHIN_MS;
  const { takenAt, lagMs } = reading ?? { takenAt: null, lagMs: null };
  if (takenAt === null || lagMs === null) return isOver ? { ...test, state: 'none' } : test;
  const touchedAt = takenAt - lagMs;
  const isOfTest = touchedAt >= test.beganAt - SLACK_MS && touchedAt <= takenAt + SLACK_MS;
  // What the clock had kept may come first.
  if (!isOfTest && isOver && test.state === 'waiting') return { ...test, state: 'none' };
  return { ...test, state: isOfTest ? 'seen' : 'other-time', cameAt: takenAt, touchedAt };
}
