/** The points that follow from facts and from changes of verdicts (contract.md section 7). Names stay out of them. */
import type { Change } from '../../rules/changes.ts';
import type { Archive } from '../../rules/day-shelf.ts';
import type { Engine } from '../../rules/engine.ts';
import type { CredentialFact, DeviceFact, Fact, PresenceFact, PresenceState, PunchFact } from '../../rules/facts.ts';
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
  readonly #archive: Pick<Archive, 'find' | 'between'>;

  constructor(series: SeriesStore, engine: () => Engine, archive: Pick<Archive, 'find' | 'between'>) {
    this.#series = series;
    this.#engine = engine;
    this.#archive = archive;
  }

  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void {
    const points = new PunchPoints(this.#engine(), this.#series);
    for (const fact of facts) {
      if (fact.fact === 'punch') points.came(fact);
      if (fact.fact === 'credential') this.#mapped(fact, recordedAt, points);
      if (fact.fact === 'presence') this.#presence(fact);
      if (fact.fact === 'device') this.#device(this.#engine(), fact);
    }
    points.writeWhatCame();
    for (const change of changes) {
      this.#violation(change);
      // A change of plan makes an old punch late, or no longer late.
      for (const id of change.verdict.evidence) {
        if (points.has(id)) continue;
        const punch = this.#archive.find(id);
        if (punch?.fact === 'punch') points.write(punch);
      }
    }
  }

  /** Punches that waited for their person get a point of that person's; the one of nobody's stays, for nothing is deleted. */
  #mapped(fact: CredentialFact, now: Ms, points: PunchPoints): void {
    const engine = this.#engine();
    for (const punch of this.#archive.between({ from: fact.from, to: fact.to ?? now + 1 })) {
      if (punch.fact !== 'punch' || punch.credential !== fact.credential) continue;
      if (engine.ownerOf(punch) === fact.employee) points.came(punch);
    }
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

  #violation({ op, at, verdict, movedFrom }: Change): void {
    const tags = {
      rule: verdict.rule,
      window: verdict.window ?? '',
      employee: verdict.employee ?? '',
      session: String(verdict.session ?? ''),
      side: verdict.side ?? '',
    };
    const state_code = STATE_CODE[verdict.state];
    const minutes = minutesOf(verdict, at);
    const isVoid = op === 'retract' ? 1 : 0;
    this.#series.put({
      measurement: 'violation',
      tags,
      fields: { state_code, minutes, void: isVoid },
      at: verdict.from,
    });
    // A point lies at its verdict's `from`: where that has moved, the former point holds no longer.
    if (movedFrom === undefined) return;
    this.#series.put({ measurement: 'violation', tags, fields: { state_code, minutes, void: 1 }, at: movedFrom });
  }
}

/** A person's day as a commit left it. */
interface PersonDay {
  readonly employee: string;
  readonly attendance: Attendance;
  readonly punches: readonly PunchFact[];
  /** From here on punches are to be written: one that comes after later ones may be the arrival in place of one of them. */
  from: Ms;
}

/** The points of punches that a commit writes: a person's day is looked at once for all that came for it. */
class PunchPoints {
  readonly #engine: Engine;
  readonly #series: SeriesStore;
  readonly #days = new Map<string, PersonDay | null>();
  readonly #came: PunchFact[] = [];
  readonly #written = new Set<string>();

  constructor(engine: Engine, series: SeriesStore) {
    this.#engine = engine;
    this.#series = series;
  }

  has(id: string): boolean {
    return this.#written.has(id);
  }

  /** Notes a punch, to be written with all that may follow from it. */
  came(punch: PunchFact): void {
    this.#came.push(punch);
    const employee = this.#engine.ownerOf(punch);
    const day = employee === null ? null : this.#dayOf(employee, punch.at);
    if (day !== null) day.from = Math.min(day.from, punch.at);
  }

  writeWhatCame(): void {
    for (const day of this.#days.values()) {
      if (day === null) continue;
      for (const punch of day.punches) {
        if (punch.at >= day.from) this.#put(punch, day.employee, lateness(day, punch));
      }
    }
    // Nobody's, or such as do not count.
    for (const punch of this.#came) if (!this.has(punch.id)) this.write(punch);
  }

  write(punch: PunchFact): void {
    const employee = this.#engine.ownerOf(punch);
    const day = employee === null ? null : this.#dayOf(employee, punch.at);
    this.#put(punch, employee, day === null ? 0 : lateness(day, punch));
  }

  /** null where a day of that person cannot be told yet, for want of a configuration. */
  #dayOf(employee: string, at: Ms): PersonDay | null {
    const hall = this.#engine.hallAt(at);
    if (hall === null) return null;
    const key = `${dayAt(hall, at)} ${employee}`;
    let day = this.#days.get(key);
    if (day === undefined) {
      const attendance = this.#engine.attendance(employee, at);
      const { book } = this.#engine;
      day =
        attendance === null
          ? null
          : {
              employee,
              attendance,
              punches: book.punchesOf(attendance.today.hall, employee, attendance.today),
              from: Number.POSITIVE_INFINITY,
            };
      this.#days.set(key, day);
    }
    return day;
  }

  #put(punch: PunchFact, employee: string | null, lateMs: Ms): void {
    this.#written.add(punch.id);
    this.#series.put({
      measurement: 'punch',
      tags: { device: punch.device ?? '', employee: employee ?? '' },
      fields: { late_seconds: lateMs / SECOND },
      at: punch.at,
    });
  }
}

/** 0 where the punch is nobody's arrival. */
function lateness({ attendance }: PersonDay, punch: PunchFact): Ms {
  const session = attendance.sessions.find(({ arrival }) => arrival?.id === punch.id);
  return session === undefined ? 0 : Math.max(0, punch.at - session.a);
}
