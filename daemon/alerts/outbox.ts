/** Messages on their way out: kept with what they are about, sent at least once, keyed so that receivers can drop repeats. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';

export interface Outgoing {
  readonly seq: number;
  readonly channel: string;
  readonly key: string;
  readonly alert: string;
  readonly body: string;
  readonly attempts: number;
}

interface Waiting extends Outgoing {
  readonly nextAt: Ms;
}

/** What is to be sent: `key` is the same for every attempt, `alert` for everything about one alert. */
export interface Message {
  readonly channel: string;
  readonly key: string;
  readonly alert: string;
  readonly body: string;
}

/** A channel whose message did not get through, and is tried again. */
export interface Failing {
  readonly channel: string;
  readonly attempts: number;
  readonly because: string;
}

export class Outbox {
  readonly #hall: string;
  readonly #put: StatementSync;
  readonly #gathering: Query<{ readonly seq: number; readonly body: string }>;
  readonly #rewrite: StatementSync;
  readonly #first: Query<Waiting>;
  /** Those that a message has ever waited for. */
  readonly #channels: Set<string>;
  readonly #done: StatementSync;
  readonly #failed: StatementSync;
  readonly #waiting: Query<{ count: number }>;
  readonly #failing: Query<Failing>;
  /** As last asked for; null = something has changed since. The board asks after every commit. */
  #failingKnown: readonly Failing[] | null = null;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#put = database.prepare(
      'insert into outbox (hall, channel, key, alert, made_at, body, next_at) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
    );
    this.#gathering = new Query(
      database,
      'select seq, body from outbox where hall = ? and channel = ? and alert = ? and attempts = 0 and next_at > ?',
    );
    this.#rewrite = database.prepare('update outbox set body = ?, next_at = ? where seq = ?');
    // Oldest first within a channel: a retraction must not overtake what it retracts.
    this.#first = new Query(
      database,
      `select seq, channel, key, alert, body, attempts, next_at as nextAt from outbox
        where hall = ? and channel = ? and next_at is not null order by seq limit 1`,
    );
    const channels = new Query<{ channel: string }>(
      database,
      'select distinct channel from outbox where hall = ? and next_at is not null',
    );
    this.#channels = new Set(channels.all(hall).map(({ channel }) => channel));
    this.#done = database.prepare('update outbox set next_at = null, done_at = ?, because = null where seq = ?');
    this.#failed = database.prepare(
      'update outbox set attempts = attempts + 1, because = ?, next_at = ? where seq = ?',
    );
    this.#waiting = new Query(database, 'select count(*) as count from outbox where hall = ? and next_at is not null');
    this.#failing = new Query(
      database,
      'select channel, attempts, because from outbox where hall = ? and next_at is not null and attempts > 0 order by seq',
    );
  }

  /** Whether a message of a channel is on its way. */
  holds(channel: string): boolean {
    return this.#channels.has(channel) && this.#first.get(this.#hall, channel) !== undefined;
  }

  /** Messages that did not get through, and are tried again. */
  failing(): readonly Failing[] {
    this.#failingKnown ??= this.#failing.all(this.#hall);
    return this.#failingKnown;
  }

  /** Puts a message on its way; it leaves at `sendAt` at the earliest. */
  put(message: Message, now: Ms, sendAt: Ms): void {
    const { channel, key, alert, body } = message;
    this.#channels.add(channel);
    this.#put.run(this.#hall, channel, key, alert, now, body, sendAt);
  }

  /** The message about an alert that still waits for more to be told with it, or null. */
  gathering(channel: string, alert: string, now: Ms): { readonly seq: number; readonly body: string } | null {
    return this.#gathering.get(this.#hall, channel, alert, now) ?? null;
  }

  /** Replaces what a waiting message says, and when it leaves. */
  rewrite(seq: number, body: string, sendAt: Ms): void {
    this.#rewrite.run(body, sendAt, seq);
  }

  /** The oldest undelivered message of each channel, where it is due. */
  due(now: Ms): Outgoing[] {
    return this.#firsts().filter(({ nextAt }) => nextAt <= now);
  }

  /** Only the first of each channel counts: the others are due when it has gone, whatever their own time says. */
  get nextAt(): Ms {
    return Math.min(...this.#firsts().map(({ nextAt }) => nextAt));
  }

  /** Thousands may wait, and this is asked after every commit: so channel by channel, each by its index. */
  #firsts(): Waiting[] {
    return [...this.#channels]
      .map((channel) => this.#first.get(this.#hall, channel))
      .filter((first) => first !== undefined);
  }

  delivered(seq: number, now: Ms): void {
    this.#failingKnown = null;
    this.#done.run(now, seq);
  }

  /** `nextAt` null = given up: the receiver will never take it. */
  failed(seq: number, because: string, nextAt: Ms | null): void {
    this.#failingKnown = null;
    this.#failed.run(because, nextAt, seq);
  }

  get waiting(): number {
    return this.#waiting.one(this.#hall).count;
  }
}
