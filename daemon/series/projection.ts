/** The points that follow from facts and from changes of verdicts (contract.md section 7). Names stay out of them. */
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { DeviceFact, Fact, PresenceFact, PresenceState, PunchFact } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import type { Attendance } from '../../rules/punches.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { minutesOf, type VerdictState } from '../../rules/verdict.ts';
import type { SeriesStore } from '../ledger/series.ts';
import type { Consequence } from '../live.ts';

const SEAT_CODE: Readonly<Record<PresenceState, number>> = { empty: 0, occupied: 1, unknown: 2 };
const STATE_CODE: Readonly<Record<VerdictState, number>> = { pending: 1, open: 2, closed: 3 };

export class Projection implements Consequence {
  readonly nextAt = Number.POSITIVE_INFINITY;
  readonly #series: SeriesStore;
  readonly #engine: () => Engine;
  readonly #findPunch: (id: string) => Fact | null;

  constructor(series: SeriesStore, engine: () => Engine, findPunch: (id: string) => Fact | null) {
    this.#series = series;
    this.#engine = engine;
    this.#findPunch = findPunch;
  }

  follow(changes: readonly Change[], facts: readonly Fact[], _recordedAt: Ms): void {
    const engine = this.#engine();
    const written = new Set<string>();
    const lateness = new Lateness(engine);
    for (const fact of facts) {
      if (fact.fact === 'punch') this.#punch(engine, fact, lateness, written);
      if (fact.fact === 'presence') this.#presence(fact);
      if (fact.fact === 'device') this.#device(engine, fact);
    }
    for (const change of changes) {
      this.#violation(change);
      // A change of plan makes an old punch late, or no longer late.
      for (const id of change.verdict.evidence) {
        if (written.has(id)) continue;
        const punch = this.#findPunch(id);
        if (punch?.fact === 'punch') this.#punch(engine, punch, lateness, written);
      }
    }
  }

  #punch(engine: Engine, punch: PunchFact, lateness: Lateness, written: Set<string>): void {
    written.add(punch.id);
    const employee = engine.ownerOf(punch);
    const lateMs = employee === null ? 0 : lateness.of(punch, employee);
    this.#series.put({
      measurement: 'punch',
      tags: { device: punch.device ?? '', employee: employee ?? '' },
      fields: { late_seconds: lateMs / SECOND },
      at: punch.at,
    });
  }

  #presence(fact: PresenceFact): void {
    this.#series.put({
      measurement: 'presence',
      tags: { window: fact.window },
      fields: { state_code: SEAT_CODE[fact.state] },
      at: fact.at,
    });
  }

  #device(engine: Engine, fact: DeviceFact): void {
    if (fact.state === 'complete') return;
    const kind = engine.hallAt(fact.at)?.clocks.get(fact.device)?.kind ?? 'other';
    this.#series.put({
      measurement: 'device',
      tags: { device: fact.device, kind },
      fields: { online: fact.state === 'online' ? 1 : 0 },
      at: fact.at,
    });
  }

  #violation({ op, at, verdict }: Change): void {
    this.#series.put({
      measurement: 'violation',
      tags: {
        rule: verdict.rule,
        window: verdict.window ?? '',
        employee: verdict.employee ?? '',
        session: String(verdict.session ?? ''),
        side: verdict.side ?? '',
      },
      fields: {
        state_code: STATE_CODE[verdict.state],
        minutes: minutesOf(verdict, at),
        void: op === 'retract' ? 1 : 0,
      },
      at: verdict.from,
    });
  }
}

/** By how much punches were late, as one commit left it: a person's day is looked at once for all that it brought. */
class Lateness {
  readonly #engine: Engine;
  readonly #attendances = new Map<string, Attendance | null>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** 0 where the punch is nobody's arrival. */
  of(punch: PunchFact, employee: string): Ms {
    const session = this.#attendance(employee, punch.at)?.sessions.find(({ arrival }) => arrival?.id === punch.id);
    return session === undefined ? 0 : Math.max(0, punch.at - session.a);
  }

  #attendance(employee: string, at: Ms): Attendance | null {
    const hall = this.#engine.hallAt(at);
    if (hall === null) return null;
    const key = `${dayAt(hall, at)} ${employee}`;
    let attendance = this.#attendances.get(key);
    if (attendance === undefined) {
      attendance = this.#engine.attendance(employee, at);
      this.#attendances.set(key, attendance);
    }
    return attendance;
  }
}
