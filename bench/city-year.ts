/** A year of a hall as it comes to be known: facts in the order in which they were recorded, and the verdicts they must give. */
import { factId } from '../daemon/intake/intake.ts';
import {
  DAY_LENGTH,
  type Day,
  dayOfDate,
  formatInstant,
  HOUR,
  MINUTE,
  type Ms,
  SECOND,
  weekdayOf,
} from '../rules/time.ts';
import { type Dice, diceOf } from '../test/oracle/dice.ts';
import { type DayWriter, DepartmentDay } from './department-day.ts';
import { Planted, secondIn } from './habits.ts';
import { clockIds, credentialOf, DEPARTMENTS, employeeId, HALL, SHANGHAI, staffOf } from './hall.ts';

const FIRST_MONDAY = dayOfDate('2026-01-05') as Day;
/** Of so many weekdays one is a holiday: 250 working days make a year. */
const HOLIDAY_EVERY = 24;
/** The longest that anything is on its way. */
const LONGEST_DELAY = 3 * DAY_LENGTH;

interface Line {
  readonly recordedAt: Ms;
  readonly text: string;
}

export class CityYear implements DayWriter {
  readonly planted = new Planted();
  /** Lines written so far, those of them that repeat one to the letter, and days of a person with any punch. */
  readonly counts = { lines: 0, repeated: 0, punches: 0, presence: 0, attended: 0 };
  readonly #dice: Dice;
  readonly #workdays: readonly Day[];
  readonly #sequence = new Map<string, number>();
  /** Who came on the day that is being written. */
  readonly #came = new Set<number>();
  /** What is not recorded before a later day. */
  #waiting: Line[] = [];
  #midnight: Ms = 0;
  #silent: string | null = null;
  /** A clock that keeps what it recorded until it is back. */
  #storing: { readonly clock: string; readonly from: Ms; readonly to: Ms } | null = null;

  constructor(seed: number, workdays: number) {
    this.#dice = diceOf(seed);
    const days: Day[] = [];
    for (let day = FIRST_MONDAY, weekday = 1; days.length < workdays; day++) {
      if (weekdayOf(day) <= 5 && weekday++ % HOLIDAY_EVERY !== 0) days.push(day);
    }
    this.#workdays = days;
  }

  /** Dates on which nobody works although the week says so, up to `now`. */
  get holidays(): Day[] {
    const worked = new Set(this.#workdays);
    const last = Math.ceil(this.now / DAY_LENGTH);
    return Array.from({ length: last - FIRST_MONDAY }, (_, i) => FIRST_MONDAY + i).filter((day) => !worked.has(day));
  }

  get workdays(): readonly Day[] {
    return this.#workdays;
  }

  /** When the first of its days begins. */
  get from(): Ms {
    return FIRST_MONDAY * DAY_LENGTH - (SHANGHAI.offsets[0] as Ms);
  }

  /** When everything has come in. */
  get now(): Ms {
    return (this.#workdays.at(-1) as Day) * DAY_LENGTH + DAY_LENGTH + LONGEST_DELAY;
  }

  /** The lines in the order in which they were recorded. */
  *lines(): Iterable<string> {
    const staffs = Array.from({ length: DEPARTMENTS }, (_, department) => staffOf(department));
    for (const [i, day] of this.#workdays.entries()) {
      this.#midnight = day * DAY_LENGTH - (SHANGHAI.offsets[0] as Ms);
      this.#devices(i);
      this.planted.beginDay(this.#silent !== null);
      for (const staff of staffs) new DepartmentDay(staff, this.#dice, this, this.planted).write();
      this.counts.attended += this.#came.size;
      this.#came.clear();
      yield* this.#recordedBefore(this.#midnight + DAY_LENGTH);
    }
    yield* this.#recordedBefore(Number.POSITIVE_INFINITY);
  }

  // ---- what a department writes ------------------------------------------------------------------------------------

  touch(person: number, at: Ms, how: 'face' | 'correction' = 'face'): void {
    this.#came.add(person);
    if (how === 'correction') {
      const id = factId('punch', this.#midnight + at, HALL, employeeId(person), how);
      const fact = { fact: 'punch', id, at: this.#instant(at), employee: employeeId(person), method: how };
      this.counts.punches++;
      return this.#put(fact, this.#at(at) + secondIn(this.#dice, [HOUR, LONGEST_DELAY]));
    }
    this.#punch(person, at);
    // An impatient finger.
    if (this.#dice.chance(0.0025)) this.#punch(person, at + secondIn(this.#dice, [2 * SECOND, 50 * SECOND]));
  }

  leave(person: number, from: Ms, to: Ms, isWithdrawn = false): void {
    const id = factId('leave', this.#at(from), HALL, employeeId(person), isWithdrawn ? 'withdrawn' : '');
    const recordedAt =
      this.#at(from) + (this.#dice.chance(0.3) ? secondIn(this.#dice, [DAY_LENGTH, LONGEST_DELAY]) : -MINUTE);
    const stretch = { from: this.#instant(from), to: this.#instant(to) };
    this.#put({ fact: 'leave', id, employee: employeeId(person), kind: '事假', ...stretch, slip: true }, recordedAt);
    if (!isWithdrawn) return;
    const at = recordedAt + HOUR;
    this.#put({ fact: 'cancel', id: `cancel-${id}`, at: formatInstant(SHANGHAI, at), target: id }, at);
  }

  cover(window: string, person: number, from: Ms, to: Ms): void {
    const id = factId('cover', this.#at(from), HALL, window);
    const stretch = { from: this.#instant(from), to: this.#instant(to) };
    this.#put({ fact: 'cover', id, window, employee: employeeId(person), ...stretch }, this.#at(from));
  }

  see: DayWriter['see'] = (window, seen) => {
    const source = `camera-${window}`;
    let last = Number.NEGATIVE_INFINITY;
    for (const { at, state } of seen) {
      if (at <= last) throw new Error(`${window} is seen twice at ${this.#instant(at)}`);
      last = at;
      const id = factId('presence', this.#at(at), HALL, window, source, state);
      const delay = this.#dice.chance(0.002) ? secondIn(this.#dice, [MINUTE, 2 * HOUR]) : 0;
      this.counts.presence++;
      this.#put({ fact: 'presence', id, at: this.#instant(at), window, state, source }, this.#at(at) + delay);
    }
  };

  #punch(person: number, at: Ms): void {
    const clock = this.#clockOf(person);
    const seq = (this.#sequence.get(clock) ?? 0) + 1;
    this.#sequence.set(clock, seq);
    const credential = credentialOf(person);
    const id = factId('punch', this.#at(at), HALL, clock, credential, seq);
    const fact = { fact: 'punch', id, at: this.#instant(at), device: clock, credential, seq, method: 'face' };
    this.counts.punches++;
    this.#put(fact, this.#punchKnownAt(clock, at));
  }

  #punchKnownAt(clock: string, at: Ms): Ms {
    const storing = this.#storing;
    if (storing?.clock === clock && storing.from <= at && at < storing.to) return this.#at(storing.to) + MINUTE;
    return this.#at(at) + (this.#dice.chance(0.01) ? secondIn(this.#dice, [10 * MINUTE, LONGEST_DELAY]) : 0);
  }

  /** Who finds their clock dead goes to the next one. */
  #clockOf(person: number): string {
    const clock = clockIds[person % clockIds.length] as string;
    return clock === this.#silent ? (clockIds[0] as string) : clock;
  }

  // ---- devices -----------------------------------------------------------------------------------------------------

  /** Which clocks fail: one goes on recording, so nothing is in doubt; another does not, and never says that it has. */
  #devices(day: number): void {
    const last = clockIds.length - 1;
    this.#silent = day % 25 === 7 ? (clockIds[last] as string) : null;
    if (this.#silent !== null) this.#outage(this.#silent, 5 * HOUR, 20 * HOUR);
    this.#storing = null;
    if (day % 10 === 3) {
      const clock = clockIds[Math.floor(day / 10) % last] as string;
      this.#storing = { clock, from: 8 * HOUR, to: 10 * HOUR + 30 * MINUTE };
      this.#outage(clock, this.#storing.from, this.#storing.to);
      if (day % 20 === 3) this.#device(clock, 'complete', this.#storing.to + 3 * MINUTE);
    }
    // The daemon restarts at night.
    if (day % 20 === 11) this.#outage('daemon', 2 * HOUR, 2 * HOUR + 5 * MINUTE);
  }

  #outage(device: string, from: Ms, to: Ms): void {
    this.#device(device, 'offline', from);
    this.#device(device, 'online', to);
  }

  #device(device: string, state: 'offline' | 'online' | 'complete', at: Ms): void {
    const id = factId('device', this.#at(at), HALL, device, state);
    this.#put({ fact: 'device', id, at: this.#instant(at), device, state }, this.#at(at));
  }

  // ---- lines -------------------------------------------------------------------------------------------------------

  #at(timeOfDay: Ms): Ms {
    return this.#midnight + timeOfDay;
  }

  #instant(timeOfDay: Ms): string {
    return formatInstant(SHANGHAI, this.#at(timeOfDay));
  }

  /** A fact that became known when it happened need not say so. */
  #put(fact: { readonly at?: string; readonly [key: string]: unknown }, knownAt: Ms): void {
    const recordedAt = formatInstant(SHANGHAI, knownAt);
    const text = JSON.stringify(fact.at === recordedAt ? fact : { ...fact, recordedAt });
    this.#waiting.push({ recordedAt: knownAt, text });
    if (!this.#dice.chance(0.0025)) return;
    this.#waiting.push({ recordedAt: knownAt, text });
    this.counts.repeated++;
  }

  *#recordedBefore(at: Ms): Iterable<string> {
    const ready = this.#waiting.filter((line) => line.recordedAt < at).sort((x, y) => x.recordedAt - y.recordedAt);
    this.#waiting = this.#waiting.filter((line) => line.recordedAt >= at);
    this.counts.lines += ready.length;
    for (const { text } of ready) yield text;
  }
}
