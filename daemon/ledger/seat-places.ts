/** Where in the ledger the presence of each window stands, for the days about which late facts come. */
import type { DatabaseSync } from 'node:sqlite';
import type { Span } from '../../rules/intervals.ts';
import type { Ms } from '../../rules/time.ts';
import { Query } from './query.ts';

/** Days that are remembered: the numbers of a day's facts take 50 kB in a hall of 100 windows. */
const DAYS = 40;

type Places = ReadonlyMap<string, readonly number[]>;

/**
 * A day's seats are found by going through all that was seen on it, which takes some milliseconds; where each window's stand is worth
 * remembering, since the next late fact asks for others. (An index by window would have to be written for every fact.)
 */
export class SeatPlaces {
  readonly #hall: string;
  readonly #bodies: Query<readonly [body: string, places: string]>;
  /** The stretch that was asked for last comes last. */
  readonly #known = new Map<string, { readonly span: Span; readonly places: Places }>();

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    // By what they say, which is one of a few things for each window: to look into each of thousands takes half as long again (measured).
    this.#bodies = new Query(
      database,
      `select body, json_group_array(seq) from fact
         where hall = ? and kind in ('punch', 'presence') and at >= ? and at < ? and kind = 'presence' group by body`,
      { asArrays: true },
    );
  }

  /** The numbers of the presence facts of some windows in a stretch of time, in no order; by now they may be those of others. */
  of(span: Span, windows: readonly string[]): number[] {
    const places = this.#placesIn(span);
    return windows.flatMap((window) => places.get(window) ?? []);
  }

  #placesIn(span: Span): Places {
    const key = `${span.from} ${span.to}`;
    const places = this.#known.get(key)?.places ?? this.#find(span);
    this.#known.delete(key);
    this.#known.set(key, { span, places });
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > DAYS) this.#known.delete(oldest);
    return places;
  }

  #find({ from, to }: Span): Places {
    const places = new Map<string, number[]>();
    for (const [body, numbers] of this.#bodies.all(this.#hall, from, to)) {
      const { window } = JSON.parse(body) as { readonly window: string };
      const known = places.get(window) ?? [];
      places.set(window, known);
      for (const seq of JSON.parse(numbers) as number[]) known.push(seq);
    }
    return places;
  }

  /** Presence of an instant is appended. */
  forget(at: Ms): void {
    for (const [key, { span }] of this.#known) if (span.from <= at && at < span.to) this.#known.delete(key);
  }
}
