/** A ledger as a daemon would have filled it: facts in the order in which they became known, judged as they came. */
import { hallOf } from '../config/judging.ts';
import type { LoadedConfig } from '../config/load.ts';
import { trustedClock } from '../daemon/clock.ts';
import { HallCore } from '../daemon/hall-core.ts';
import type { Change } from '../rules/changes.ts';
import { type ConfigFact, type Fact, readFact } from '../rules/facts.ts';
import type { Hall, Judging } from '../rules/hall.ts';
import { verdictsAt } from '../rules/replay.ts';
import { BEGINNING, MINUTE, type Ms } from '../rules/time.ts';
import { compareVerdicts, type Verdict } from '../rules/verdict.ts';
import { mustBeSame } from './engine-part.ts';

export const OFFERED = { by: null, via: 'import', claimedAt: null } as const;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/**
 * What became known within so long is taken in at once, as of its last: so some verdicts come a little early and are taken back. Minute
 * by minute takes half as long again, and with longer stretches everybody is late until the stretch is over.
 */
const TOGETHER = 5 * MINUTE;

export interface FilledHallOptions {
  /** False = it is to be read, not to survive, and nothing waits for the disk. */
  readonly isKept: boolean;
  readonly committed?: (changes: readonly Change[]) => void;
}

/** A hall whose time is told to it. */
export class FilledHall implements Disposable {
  readonly core: HallCore;
  #now: () => Ms;

  constructor(loaded: LoadedConfig, startsAt: Ms, { isKept, committed = () => {} }: FilledHallOptions) {
    this.#now = () => startsAt;
    const now = (): Ms => Math.floor(this.#now());
    const clock = trustedClock(now, now);
    // Where the machine held it up, it hears again at once, as with brokers that never left.
    const stoodStill = (): void => this.take([this.core.daemonFact('online', now() + 1)]);
    this.core = new HallCore({ loaded, clock, log: SILENT, language: 'en', audiences: [], committed, stoodStill });
    if (!isKept) this.core.ledger.database.exec('pragma synchronous = off');
    this.core.begin();
  }

  /** Takes facts in at once, at `at` or when the last of them became known. */
  take(facts: readonly Fact[], at: Ms = facts.at(-1)?.recordedAt ?? this.#now()): void {
    const now = Math.max(this.#now(), at);
    this.#now = () => now;
    this.core.live.recordAt(facts, OFFERED, now);
    // What filled for long does not count as a process that stood still.
    this.core.live.wake();
    this.#deliver(now);
  }

  /** Everybody who is to be told is there at once. */
  #deliver(now: Ms): void {
    const { outbox, ledger } = this.core;
    for (let due = outbox.due(now); due.length > 0; due = outbox.due(now)) {
      ledger.commit(() => {
        for (const { seq } of due) outbox.delivered(seq, now);
      });
    }
  }

  /** From here on its time passes by itself, and it takes in what is offered. */
  run(now: () => Ms): void {
    this.#now = now;
    this.core.live.start();
  }

  /** Takes facts in as a daemon would have, about as they come. */
  takeAll(facts: Iterable<Fact>): void {
    let group: Fact[] = [];
    for (const fact of facts) {
      if (group[0] !== undefined && fact.recordedAt - group[0].recordedAt > TOGETHER) {
        this.take(group);
        group = [];
      }
      group.push(fact);
    }
    this.take(group);
  }

  /** What holds, as its ledger has it. */
  verdicts(): Verdict[] {
    return this.core.history.standingSince(BEGINNING).sort(compareVerdicts);
  }

  /** Throws `WrongOutput` unless what holds follows from the facts in its ledger. */
  mustFollow(): void {
    const { facts, hall, engine } = this.core;
    const known = facts.after(0, Number.MAX_SAFE_INTEGER).map(({ fact }) => fact);
    const compile = ({ judging, hash }: ConfigFact): Hall => hallOf(judging as Judging, hash);
    const follow = verdictsAt({ facts: known, hall, compile, now: engine.now });
    mustBeSame(this.verdicts(), follow, 'follow from the ledger');
  }

  [Symbol.dispose](): void {
    this.core.close();
  }
}

/** Fills the ledger of a configuration with what became known by `until`, from lines in the order of `recordedAt`; it is alive until then. */
export function fillLedger(loaded: LoadedConfig, lines: Iterable<string>, startsAt: Ms, until: Ms): void {
  using hall = new FilledHall(loaded, startsAt, { isKept: false });
  hall.takeAll(factsUntil(lines, until));
  hall.take([], until);
}

/** The facts that lines in the order of `recordedAt` say, up to an instant. */
export function* factsUntil(lines: Iterable<string>, until: Ms): Iterable<Fact> {
  for (const line of lines) {
    const fact = readFact(JSON.parse(line));
    if (!('fact' in fact)) throw new Error(`${line}: ${fact[0]?.problem}`);
    if (fact.recordedAt > until) return;
    yield fact;
  }
}
