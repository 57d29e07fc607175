/** Which days are in memory, and what is read again or forgotten for them. Days are counted from Monday 2026-03-02, which is 0. */
import { describe, expect, test } from 'vitest';
import { type Archive, EVERYTHING } from '../../rules/archive.ts';
import { Book, DAEMON } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import { DayShelf } from '../../rules/day-shelf.ts';
import type { DeviceFact, Fact, PunchFact } from '../../rules/facts.ts';
import { type Hall, startOfDay } from '../../rules/hall.ts';
import { Deadlines } from '../../rules/heap.ts';
import type { Span } from '../../rules/intervals.ts';
import type { Job } from '../../rules/opened-day.ts';
import { dayOfDate, HOUR, type Ms } from '../../rules/time.ts';
import { hallWith, MONDAY } from '../support/hand-hall.ts';

const HALL = hallWith();
const FIRST = dayOfDate(MONDAY) ?? 0;
const startOf = (day: number): Ms => startOfDay(HALL, FIRST + day);

/** Notes what it is asked to forget. */
class NotingBook extends Book {
  readonly forgotten: { readonly before: Ms; readonly kept: readonly Span[] }[] = [];

  override forgetBefore(before: Ms, kept: readonly Span[]): void {
    this.forgotten.push({ before, kept });
    super.forgetBefore(before, kept);
  }
}

/** A shelf for a hall, and what is asked of the archive and the book behind it. */
class Room {
  readonly book = new NotingBook();
  readonly read: Span[] = [];
  /** The windows whose seats were asked for, each time; null = all. */
  readonly seats: (readonly string[] | null)[] = [];
  readonly shelf: DayShelf;

  constructor(hotDays: number | null, hall: Hall | null = HALL, spareFacts = 0) {
    // A punch of each day, and of each window that it is occupied.
    const between = (span: Span, { punches, windows } = EVERYTHING): Fact[] => {
      const said = { id: `${span.from}`, recordedAt: span.from, at: span.from };
      if (punches) this.read.push(span);
      if (windows?.length !== 0) this.seats.push(windows);
      const seen = (windows ?? []).map((window) => ({ fact: 'presence', ...said, window, state: 'occupied' }) as const);
      return [...(punches ? [{ fact: 'punch', ...said, employee: 'e1' } as const] : []), ...seen];
    };
    const archive: Archive = { find: () => null, between, standing: () => [] };
    const configs = new Configs(() => HALL, hall);
    this.shelf = new DayShelf({ book: this.book, configs, archive, hotDays, spareFacts });
  }

  /** Late facts come about days, one after the other. */
  need(...days: readonly number[]): this {
    for (const day of days) {
      this.evict();
      this.shelf.warm(FIRST + day);
    }
    return this.evict().evict();
  }

  open(...days: readonly number[]): this {
    for (const day of days) this.shelf.open(FIRST + day);
    return this;
  }

  /** Something of a day is due. */
  setDue(...days: readonly number[]): this {
    for (const opened of this.shelf.inMemory()) {
      if (!days.includes(opened.day - FIRST)) continue;
      const job = opened.jobOfEmployee('e1');
      if (job !== undefined) new Deadlines<Job>().set(job, 1);
    }
    return this;
  }

  evict(): this {
    this.shelf.evict(startOf(0));
    return this;
  }

  get days(): number[] {
    return [...this.shelf.inMemory()].map(({ day }) => day - FIRST).sort((a, b) => a - b);
  }

  isOffline(from: Ms, to: Ms, device = 'k1'): this {
    const said = (state: DeviceFact['state'], at: Ms): DeviceFact => {
      return { fact: 'device', id: `${state}${at}`, recordedAt: at, device, state, at };
    };
    this.book.add(said('offline', from));
    this.book.add(said('online', to));
    return this;
  }
}

const spanOf = (first: number, last = first): Span => ({ from: startOf(first), to: startOf(last + 1) });

describe('a day', () => {
  test('is there once it was opened, and not while it was only looked at', () => {
    const { shelf } = new Room(1);
    expect(shelf.warmed(FIRST, FIRST)).toEqual([]);
    const looked = shelf.warm(FIRST);
    expect(shelf.warmed(FIRST, FIRST)).toEqual([]);
    const opened = shelf.open(FIRST);
    expect(opened).not.toBe(looked);
    expect(shelf.warmed(FIRST, FIRST)[0]).toBe(opened);
    expect(shelf.warm(FIRST)).toBe(opened);
  });

  test.each([-1, 1])('that lies %i beside the opened ones is planned anew whenever it is looked at', (beside) => {
    const { shelf, read } = new Room(1).open(0);
    const looked = shelf.warm(FIRST + beside);
    expect(shelf.warmed(FIRST + beside, FIRST + beside)).toEqual([]);
    expect(shelf.warm(FIRST + beside)).not.toBe(looked);
    expect(read).toEqual([spanOf(0), spanOf(beside)]);
  });

  test('is read with the outage that touches it', () => {
    const { read } = new Room(1).isOffline(startOf(0) - HOUR, startOf(1) + HOUR).open(0);
    expect(read).toEqual([{ from: startOf(0) - HOUR, to: startOf(1) + HOUR }]);
  });

  test('is read alone where it was the daemon that was away: nothing is looked for that proves otherwise', () => {
    const { read } = new Room(1).isOffline(startOf(-7), startOf(1) + HOUR, DAEMON).open(0);
    expect(read).toEqual([spanOf(0)]);
  });

  test('is not read where everything stays in memory', () => {
    const room = new Room(null).open(0, 1, 2, 3).evict();
    expect([room.read, room.days, room.book.forgotten]).toEqual([[], [0, 1, 2, 3], []]);
  });

  test('is none while no configuration is known', () => {
    const { shelf } = new Room(1, null);
    expect(shelf.open(FIRST)).toBeNull();
    shelf.evict(startOf(0));
    shelf.warmTouch({ fact: 'punch', id: 'p', recordedAt: 0, at: startOf(0) }, null);
    expect([...shelf.inMemory()]).toEqual([]);
  });
});

test.each<[what: string, touch: Pick<PunchFact, 'at' | 'deviceAt'>, days: readonly number[]]>([
  ['on one day', { at: startOf(2) }, [2]],
  ['at another time of its day by its clock', { at: startOf(2), deviceAt: startOf(2) + HOUR }, [2]],
  ['on another day by its clock', { at: startOf(2), deviceAt: startOf(4) }, [2, 4]],
])('a touch %s brings back what it lies on', (_, touch, days) => {
  const room = new Room(1);
  room.shelf.resume(FIRST, FIRST + 9);
  room.shelf.warmTouch({ fact: 'punch', id: 'p', recordedAt: 0, ...touch }, HALL);
  expect(room.days).toEqual(days);
});

describe('the earliest day that is due', () => {
  test.each<[due: readonly number[], wanted: number]>([
    [[], 3],
    [[2], 2],
    [[1, 2], 1],
    [[0, 3], 0],
  ])('of %j is %i', (due, wanted) => {
    expect(new Room(1).open(0, 1, 2, 3).setDue(...due).shelf.earliestDue).toBe(FIRST + wanted);
  });

  test('is none before one was opened', () => expect(new Room(1).shelf.earliestDue).toBeNull());
});

describe('the seats of a day that was read', () => {
  test('are read for whoever asks, each once', () => {
    const { shelf, read, seats } = new Room(1).open(0);
    expect(seats).toEqual([]);
    shelf.see(FIRST, ['W1', 'W2']);
    shelf.see(FIRST, ['W2']);
    expect(seats).toEqual([['W1', 'W2']]);
    for (const window of ['W3', 'W4', 'W1']) shelf.see(FIRST, [window]);
    expect([seats, read]).toEqual([[['W1', 'W2'], ['W3'], ['W4']], [spanOf(0)]]);
  });

  test('are read again with the day, once it was put away', () => {
    const room = new Room(0).open(0, 1);
    for (const window of ['W1', 'W2']) room.shelf.see(FIRST, [window]);
    room.evict().evict();
    expect(room.days).toEqual([1]);
    room.shelf.warm(FIRST);
    room.shelf.see(FIRST, ['W1']);
    expect(room.seats).toEqual([['W1'], ['W2'], ['W1']]);
  });

  test('are never read where everything stays in memory', () => {
    const { shelf, seats } = new Room(null).open(0);
    shelf.see(FIRST, ['W1']);
    expect(seats).toEqual([]);
  });
});

describe('put away', () => {
  test('is every day before the hot ones, with what lies on it', () => {
    const room = new Room(2).open(0, 1, 2, 3, 4, 5);
    // Whatever has just been opened is needed; only the second time nobody needs it any more.
    room.evict().evict();
    expect(room.days).toEqual([3, 4, 5]);
    expect(room.book.forgotten.at(-1)).toEqual({ before: startOf(3), kept: [] });
  });

  test('is not what is still due, nor what lies between it and the hot days', () => {
    const room = new Room(2).open(0, 1, 2, 3, 4, 5).setDue(1).evict().evict();
    expect(room.days).toEqual([1, 3, 4, 5]);
    expect(room.book.forgotten.at(-1)).toEqual({ before: startOf(1), kept: [] });
  });

  test('is what was read again only once it is not needed any more', () => {
    const room = new Room(1);
    room.shelf.resume(FIRST, FIRST + 9);
    room.shelf.warm(FIRST + 2);
    room.evict();
    expect([room.days, room.book.forgotten]).toEqual([[2], [{ before: startOf(8), kept: [spanOf(2)] }]]);
    room.evict();
    expect([room.days, room.book.forgotten.length]).toEqual([[], 2]);
    room.shelf.warm(FIRST + 2);
    expect(room.read).toEqual([spanOf(2), spanOf(2)]);
  });

  test.each([
    ['from before it', startOf(2) - HOUR, startOf(2) + HOUR],
    ['until after it', startOf(3) - HOUR, startOf(3) + HOUR],
  ])('is what would be read with more by now: an outage %s', (_, from, to) => {
    const room = new Room(1);
    room.shelf.resume(FIRST, FIRST + 9);
    room.shelf.warm(FIRST + 2);
    expect(room.isOffline(from, to).evict().days).toEqual([]);
  });

  test.each<[spare: number, stay: readonly number[], reads: number]>([
    [0, [], 4],
    [1, [3], 4],
    [2, [2, 3], 3],
    [10, [1, 2, 3], 3],
  ])('is, of old days that were read again, what is more than %i facts', (spare, stay, reads) => {
    const room = new Room(1, HALL, spare);
    room.shelf.resume(FIRST, FIRST + 9);
    expect(room.need(2, 1, 2, 3).days).toEqual(stay);
    expect(room.book.forgotten.at(-1)?.kept.toSorted((a, b) => a.from - b.from)).toEqual(
      stay.map((day) => spanOf(day)),
    );
    expect(room.read.length).toBe(reads);
  });

  test('are seats as well: what was read of them takes room', () => {
    const room = new Room(1, HALL, 2);
    room.shelf.resume(FIRST, FIRST + 9);
    room.shelf.warm(FIRST + 2);
    room.shelf.see(FIRST + 2, ['W1', 'W2']);
    expect(room.need().days).toEqual([]);
    expect(room.need(2).days).toEqual([2]);
  });

  test('is a day that was never read again, as soon as it is old and nobody needs it', () => {
    expect(new Room(1, HALL, 10).open(0, 1, 2).evict().evict().days).toEqual([1, 2]);
  });

  test('is no day without a reason: the book is asked to forget when there is something to forget', () => {
    const room = new Room(2).open(0, 1, 2).evict();
    expect(room.book.forgotten).toEqual([{ before: startOf(0), kept: [] }]);
    expect(room.evict().evict().book.forgotten.length).toBe(1);
    room.open(3).evict();
    expect(room.book.forgotten.length).toBe(2);
  });

  test('is nothing of an outage that reaches into a day in memory', () => {
    const room = new Room(0)
      .isOffline(startOf(0) + HOUR, startOf(1) + HOUR)
      .open(0, 1)
      .evict()
      .evict();
    expect(room.days).toEqual([1]);
    expect(room.book.forgotten.at(-1)?.before).toBe(startOf(0) + HOUR);
  });
});
