/** Every day judged again from the facts, beside the verdicts that the ledger says hold, and those beside their history. */
import type { DatabaseSync } from 'node:sqlite';
import { hallOf } from '../../config/judging.ts';
import { diffVerdicts, type Op } from '../../rules/changes.ts';
import { Configs } from '../../rules/configs.ts';
import type { ConfigFact, Fact } from '../../rules/facts.ts';
import { type Hall, type Judging, lastJudged } from '../../rules/hall.ts';
import { ReopenedDay } from '../../rules/reopened-day.ts';
import { type Day, dateOf, type Ms, type Zone } from '../../rules/time.ts';
import { type Verdict, verdictId, verdictKey } from '../../rules/verdict.ts';
import type { FactStore } from '../ledger/facts.ts';
import type { HistoryStore } from '../ledger/history.ts';
import { type Findings, type JudgingFinding, nameOfStored } from './finding.ts';

export interface RejudgingReport {
  /** The first and the last day that were judged again; null = none is known to have been judged. */
  readonly days: { readonly from: string; readonly to: string; readonly count: number } | null;
  /** Verdicts that hold. */
  readonly verdicts: number;
  /** As of when. */
  readonly at: Ms | null;
  /** Changes that a start made because it judged otherwise than was stored. */
  readonly upgrades: readonly Upgrade[];
}

export interface Upgrade {
  readonly at: Ms;
  readonly op: Op;
  readonly id: string;
}

export interface RejudgingOptions {
  readonly database: DatabaseSync;
  readonly facts: FactStore;
  readonly history: HistoryStore;
  /** The configuration at hand, for what no accepted one speaks of. */
  readonly hall: Hall;
  readonly countSimulated: boolean;
  readonly findings: Findings<JudgingFinding>;
}

const OF_CHANGE: Readonly<Record<Op, JudgingFinding['what']>> = {
  open: 'only-recomputed',
  revise: 'differs',
  close: 'differs',
  retract: 'only-stored',
};

export class Rejudging {
  readonly #options: RejudgingOptions;
  readonly #stretches: readonly Fact[];
  readonly #configs: Configs;
  readonly #halls = new Map<string, Hall>();

  constructor(options: RejudgingOptions) {
    this.#options = options;
    this.#stretches = [...options.facts.stretches()];
    this.#configs = new Configs((fact) => this.#compile(fact), null);
    this.#configs.learn(this.#stretches);
  }

  /** A day is judged by the same configuration as many others. */
  #compile(fact: ConfigFact): Hall {
    let hall = this.#halls.get(fact.id);
    if (hall === undefined) {
      hall = hallOf(fact.judging as Judging, fact.hash);
      this.#halls.set(fact.id, hall);
    }
    return hall;
  }

  /** Judges every day as it was last judged, as of the ledger's last commit. */
  judge(): RejudgingReport {
    this.#compareHistory();
    const [now, from] = [this.#setting('alive'), this.#setting('judged-from')];
    const hall = now === null ? null : this.#configs.at(now);
    const upgrades = this.#upgrades();
    if (now === null || from === null || hall === null) return { days: null, verdicts: 0, at: now, upgrades };
    const to = lastJudged(hall, now);
    const held = new Set<Day>();
    let verdicts = 0;
    for (let day = from; day <= to; day++) {
      const standing = this.#standing(day);
      held.add(day);
      verdicts += standing.length;
      this.#compareDay(day, standing, now);
    }
    for (const day of this.#daysHeld()) if (!held.has(day)) this.#compareDay(day, this.#standing(day), null);
    return { days: { from: dateOf(from), to: dateOf(to), count: to - from + 1 }, verdicts, at: now, upgrades };
  }

  /** `now` is null for a day of which nothing can hold. */
  #compareDay(day: Day, standing: readonly Verdict[], now: Ms | null): void {
    const { findings, hall } = this.#options;
    let recomputed: Verdict[];
    try {
      recomputed = now === null ? [] : this.#judged(day, now);
    } catch (error) {
      // A body that was changed by hand need not be a fact any more.
      findings.add({ what: 'not-judged', date: dateOf(day), id: null, because: String(error) });
      return;
    }
    const held = standing.map((verdict) => ({ key: verdictKey(hall.id, verdict), verdict }));
    const { changes } = diffVerdicts(hall.id, held, recomputed, { at: now ?? 0, cause: { deadline: true } });
    for (const { op, verdict, key } of changes) {
      findings.add({ what: OF_CHANGE[op], date: dateOf(day), id: verdictId(this.#zoneOf(day), verdict) ?? key });
    }
  }

  #judged(day: Day, now: Ms): Verdict[] {
    const { facts, countSimulated } = this.#options;
    const reopened = ReopenedDay.open(day, {
      records: {
        find: (id) => facts.find(id),
        between: (span) => facts.between(span),
        stretches: () => this.#stretches,
      },
      compile: (fact) => this.#compile(fact),
      hall: null,
      now,
      countSimulated,
    });
    if (reopened === null) return [];
    const windows = reopened.plan.components.flatMap(({ windows: [first] }) =>
      first === undefined ? [] : reopened.windowsWith(first.id).flatMap((found) => found.verdicts),
    );
    const people = [...reopened.hall.employees.keys()].flatMap((id) => reopened.person(id)?.verdicts ?? []);
    return [...windows, ...people];
  }

  /** What holds is what was said last of each verdict, and nothing else. */
  #compareHistory(): void {
    const { database, hall, findings } = this.#options;
    const rows = database
      .prepare(
        `with latest as (select key, day, op, verdict, max(seq) from change where hall = :hall group by key),
              holding as (select key, day, verdict from latest where op <> 'retract'),
              stored as (select key, day, verdict from standing where hall = :hall)
         select key, day, verdict from (select * from holding except select * from stored)
         union select key, day, verdict from (select * from stored except select * from holding) order by day, key`,
      )
      .all({ hall: hall.id }) as { key: string; day: number; verdict: string }[];
    const seen = new Set<string>();
    for (const { key, day, verdict } of rows) {
      if (seen.has(key)) continue;
      seen.add(key);
      findings.add({
        what: 'history-differs',
        date: dateOf(day),
        id: nameOfStored(this.#zoneOf(day), { key, verdict }),
      });
    }
  }

  #upgrades(): Upgrade[] {
    const { database, hall } = this.#options;
    const rows = database
      .prepare(
        `select at, op, key, day, verdict from change where hall = ? and cause = '{"upgrade":true}' order by seq`,
      )
      .all(hall.id) as { at: number; op: Op; key: string; day: number; verdict: string }[];
    return rows.map(({ at, op, day, ...change }) => ({ at, op, id: nameOfStored(this.#zoneOf(day), change) }));
  }

  #standing(day: Day): Verdict[] {
    return this.#options.history.standing(day);
  }

  #daysHeld(): Day[] {
    const { database, hall } = this.#options;
    const rows = database.prepare('select distinct day from standing where hall = ? order by day').all(hall.id);
    return rows.map(({ day }) => Number(day));
  }

  #setting(name: string): number | null {
    const row = this.#options.database.prepare('select value from setting where name = ?').get(name);
    return row === undefined || row['value'] === '' ? null : Number(row['value']);
  }

  #zoneOf(day: Day): Zone {
    return (this.#configs.on(day) ?? this.#options.hall).zone;
  }
}
