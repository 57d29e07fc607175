/** The points that follow from facts and from changes of verdicts (contract.md section 7). Names stay out of them. */
import type { Point } from '../../adapters/metrics.ts';
import type { Severity } from '../../config/notify-schema.ts';
import type { Change } from '../../rules/changes.ts';
import type { Engine } from '../../rules/engine.ts';
import type { DeviceFact, Fact, PresenceFact, PresenceState, PunchFact } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import type { Attendance } from '../../rules/punches.ts';
import { DAY_LENGTH, HOUR, type Ms, SECOND } from '../../rules/time.ts';
import { minutesOf, type Verdict, type VerdictState } from '../../rules/verdict.ts';
import type { FactStore, Place } from '../ledger/facts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SeriesStore } from '../ledger/series.ts';
import type { Consequence } from '../live/live.ts';

const SEAT_CODE: Readonly<Record<PresenceState, number>> = { empty: 0, occupied: 1, unknown: 2 };
const STATE_CODE: Readonly<Record<VerdictState, number>> = { pending: 1, open: 2, closed: 3 };
const SEVERITY_CODE: Readonly<Record<Severity, number>> = { low: 1, medium: 2, high: 3 };

/** So many facts of one commit get their points with it; the points of a backlog follow, so many at a time. */
const AT_ONCE = 2000;
/**
 * Of so much time is looked through at once for touches by numbers that became somebody's: some five milliseconds for a hall of 400. (An
 * index by credential would find them at once, and cost every punch a third more to write: measured.)
 */
const LOOKED_THROUGH_AT_ONCE: Ms = 6 * HOUR;
/** The setting that holds which punches and presence wait for their points. */
const BEHIND = 'points-behind';

/** A commit whose facts have their points up to a place in the order of their time. */
interface BehindCommit extends Place {
  readonly recordedAt: Ms;
}

/** Numbers that became, or are no longer, somebody's: whose the touches by them are has been looked at up to an instant. */
interface Remapped {
  readonly credentials: readonly string[];
  readonly at: Ms;
  readonly to: Ms;
}

type Behind = BehindCommit | Remapped;

/** What gets its points next; `remapped` = punches that may have been somebody else's. */
interface Next {
  readonly came: readonly Fact[];
  readonly remapped: readonly PunchFact[];
}

const NOTHING: Next = { came: [], remapped: [] };

export interface ProjectionOptions {
  readonly series: SeriesStore;
  readonly facts: Pick<FactStore, 'find' | 'seenOf' | 'touchesBy' | 'firstSeenFrom'>;
  readonly ledger: Pick<Ledger, 'setting' | 'set'>;
  readonly engine: () => Engine;
  /** How grave the hall thinks each rule. */
  readonly severities: Readonly<Record<string, Severity>>;
}

export class Projection implements Consequence {
  readonly #series: SeriesStore;
  readonly #engine: () => Engine;
  readonly #facts: ProjectionOptions['facts'];
  readonly #ledger: ProjectionOptions['ledger'];
  readonly #severities: ProjectionOptions['severities'];
  #isBehind: boolean;

  constructor({ series, facts, ledger, engine, severities }: ProjectionOptions) {
    this.#series = series;
    this.#engine = engine;
    this.#facts = facts;
    this.#ledger = ledger;
    this.#severities = severities;
    this.#isBehind = this.#behind().length > 0;
  }

  get nextAt(): Ms {
    return this.#isBehind ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void {
    // Asked of the ledger each time: a transaction that fails takes back what it had noted.
    const behind = this.#behind();
    this.#isBehind = behind.length > 0;
    const later = facts.length > AT_ONCE ? facts.filter(isSeen) : [];
    if (later.length > 0) behind.push({ recordedAt, at: earliestOf(later), seq: 0 });
    const now = later.length > 0 ? facts.filter((fact) => !isSeen(fact)) : facts;
    const remapped = this.#remapped(facts, recordedAt);
    if (remapped !== null) behind.push(remapped);
    const next = facts.length === 0 ? this.#nextOf(behind) : NOTHING;
    if (behind.length > 0 || this.#isBehind) this.#ledger.set(BEHIND, JSON.stringify(behind));
    this.#isBehind = behind.length > 0;
    this.#series.put(this.#points(changes, { ...next, came: [...now, ...next.came] }));
  }

  /** What an engine that was built anew judges otherwise than it was stored; there is no other engine yet. */
  rejudged(changes: readonly Change[], engine: Engine): void {
    this.#series.put(this.#points(changes, NOTHING, engine));
  }

  #behind(): Behind[] {
    return JSON.parse(this.#ledger.setting(BEHIND) ?? '[]') as Behind[];
  }

  /** The numbers of which some facts say whose they are, or that this is not so. */
  #remapped(facts: readonly Fact[], recordedAt: Ms): Remapped | null {
    const mappings = facts.map((fact) => this.#meant(fact)).filter((fact) => fact?.fact === 'credential');
    if (mappings.length === 0) return null;
    return {
      credentials: [...new Set(mappings.map(({ credential }) => credential))],
      at: mappings.reduce((earliest, { from }) => Math.min(earliest, from), Number.POSITIVE_INFINITY),
      // What was taken in may lie a little ahead of its commit.
      to: mappings.reduce((latest, { to }) => Math.max(latest, to ?? recordedAt + DAY_LENGTH), 0),
    };
  }

  /** The fact that another takes back, or itself. */
  #meant(fact: Fact): Fact | null {
    return fact.fact === 'cancel' ? this.#facts.find(fact.target) : fact;
  }

  /** What is next of all that waits for its points; takes it out of what is behind. */
  #nextOf(behind: Behind[]): Next {
    const first = behind.shift();
    if (first === undefined) return NOTHING;
    if ('credentials' in first) return { came: [], remapped: this.#nextRemapped(first, behind) };
    const next = this.#facts.seenOf(first.recordedAt, first, AT_ONCE);
    const last = next.at(-1);
    if (last !== undefined) behind.unshift({ ...first, at: last.fact.at, seq: last.seq });
    return { came: next.map(({ fact }) => fact), remapped: [] };
  }

  #nextRemapped(first: Remapped, behind: Behind[]): PunchFact[] {
    const from = this.#facts.firstSeenFrom(first.at);
    if (from === null || from >= first.to) return [];
    const to = Math.min(from + LOOKED_THROUGH_AT_ONCE, first.to);
    behind.unshift({ ...first, at: to });
    return this.#facts.touchesBy(first.credentials, { from, to });
  }

  #points(changes: readonly Change[], { came, remapped }: Next, engine = this.#engine()): Point[] {
    const punches = new PunchPoints(engine);
    const points: Point[] = [];
    for (const fact of came) {
      const meant = this.#meant(fact);
      if (meant?.fact === 'punch') punches.came(meant);
      if (fact.fact === 'presence') points.push(presencePoint(fact));
      if (fact.fact === 'device' && fact.state !== 'complete') points.push(devicePoint(engine, fact));
    }
    for (const punch of remapped) punches.changedHands(punch, this.#ownersInSeries(punch));
    punches.addWhatCame(points);
    for (const change of changes) {
      for (const point of violationPoints(change, this.#severities)) points.push(point);
      // A change of plan makes an old punch late, or no longer late.
      for (const id of change.verdict.evidence) {
        if (punches.has(id)) continue;
        const punch = this.#facts.find(id);
        if (punch?.fact === 'punch') points.push(punches.of(punch));
      }
    }
    return points;
  }

  /** Who has a point of a punch, or of another one of that moment and device. */
  #ownersInSeries({ at, device = '' }: PunchFact): string[] {
    return this.#series
      .tagsAt('punch', at)
      .flatMap((tags) => (tags['device'] === device ? (tags['employee'] ?? []) : []));
  }
}

function isSeen(fact: Fact): fact is PunchFact | PresenceFact {
  return fact.fact === 'punch' || fact.fact === 'presence';
}

function earliestOf(facts: readonly (PunchFact | PresenceFact)[]): Ms {
  return facts.reduce((earliest, { at }) => Math.min(earliest, at), Number.POSITIVE_INFINITY);
}

function presencePoint({ window, state, at }: PresenceFact): Point {
  return { measurement: 'presence', tags: { window }, fields: { state_code: SEAT_CODE[state] }, at };
}

function devicePoint(engine: Engine, { device, state, at }: DeviceFact): Point {
  const kind = engine.hallAt(at)?.clocks.get(device)?.kind ?? 'other';
  return { measurement: 'device', tags: { device, kind }, fields: { online: state === 'online' ? 1 : 0 }, at };
}

function violationPoints({ op, at, verdict, was }: Change, severities: ProjectionOptions['severities']): Point[] {
  const tags = {
    rule: verdict.rule,
    window: verdict.window ?? '',
    session: String(verdict.session ?? ''),
    side: verdict.side ?? '',
  };
  const fields = {
    state_code: STATE_CODE[verdict.state],
    severity: SEVERITY_CODE[severities[verdict.rule] as Severity],
    minutes: minutesOf(verdict, at),
  };
  const point = ({ from, employee }: Pick<Verdict, 'from' | 'employee'>, isVoid: boolean): Point => ({
    measurement: 'violation',
    tags: { ...tags, employee: employee ?? '' },
    fields: { ...fields, void: isVoid ? 1 : 0 },
    at: from,
  });
  // A point lies at its verdict's `from`, among the points of its person: where one of them has changed, the former point holds no longer.
  return [point(verdict, op === 'retract'), ...(was === undefined ? [] : [point(was, true)])];
}

/** A punch, whose it is, and that person's day; null where nobody's, or where no day can be told. */
interface Came {
  readonly punch: PunchFact;
  readonly employee: string | null;
  readonly day: PersonDay | null;
}

/** A person's day as a commit left it. */
interface PersonDay {
  readonly employee: string;
  readonly attendance: Attendance;
  readonly punches: readonly PunchFact[];
  /** From here on punches get their points anew: one that comes after later ones may be the arrival in place of one of them. */
  from: Ms;
}

/** The points of punches that a commit writes: a person's day is looked at once for all that came for it. */
class PunchPoints {
  readonly #engine: Engine;
  readonly #days = new Map<string, PersonDay | null>();
  /** Those of others, whose they may have been, or no longer are. */
  readonly #left: Came[] = [];
  readonly #came: Came[] = [];
  readonly #written = new Set<string>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether a punch has its point. */
  has(id: string): boolean {
    return this.#written.has(id);
  }

  /** Notes a punch, to get its point with all that may follow from it. */
  came(punch: PunchFact): void {
    const came = this.#place(punch);
    this.#came.push(came);
    if (came.day !== null) came.day.from = Math.min(came.day.from, punch.at);
  }

  /**
   * Notes a punch that may have been somebody else's: theirs is late no more, another may be their arrival in its place. A point of
   * nobody's says nothing that would have to be taken back.
   */
  changedHands(punch: PunchFact, owners: readonly string[]): void {
    this.came(punch);
    const owner = this.#engine.ownerOf(punch);
    for (const employee of owners) {
      if (employee === '' || employee === owner) continue;
      const day = this.#dayOf(employee, punch.at);
      this.#left.push({ punch, employee, day });
      if (day !== null) day.from = Math.min(day.from, punch.at);
    }
  }

  /** Adds the points of what came, and of what may follow from it. */
  addWhatCame(points: Point[]): void {
    // First, so that whoever touched the same clock at that moment keeps what is theirs.
    for (const left of this.#left) points.push(this.#point(left));
    // As they came, which mostly is in the order of time, as the points lie in the ledger (measured: half the time of the inserts).
    for (const came of this.#came) points.push(this.#point(came));
    for (const day of this.#days.values()) {
      if (day === null) continue;
      const { employee, punches, from } = day;
      for (const punch of punches) {
        if (punch.at >= from && !this.has(punch.id)) points.push(this.#point({ punch, employee, day }));
      }
    }
  }

  of(punch: PunchFact): Point {
    return this.#point(this.#place(punch));
  }

  #place(punch: PunchFact): Came {
    const employee = this.#engine.ownerOf(punch);
    return { punch, employee, day: employee === null ? null : this.#dayOf(employee, punch.at) };
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
              punches: book.touchesOf(attendance.today.hall, employee, attendance.today).map(({ punch }) => punch),
              from: Number.POSITIVE_INFINITY,
            };
      this.#days.set(key, day);
    }
    return day;
  }

  #point({ punch, employee, day }: Came): Point {
    this.#written.add(punch.id);
    return {
      measurement: 'punch',
      tags: { device: punch.device ?? '', employee: employee ?? '' },
      fields: { late_seconds: (day === null ? 0 : lateness(day, punch)) / SECOND },
      at: punch.at,
    };
  }
}

/** 0 where the punch is nobody's arrival. */
function lateness({ attendance }: PersonDay, punch: PunchFact): Ms {
  const session = attendance.sessions.find(({ arrival }) => arrival?.punch.id === punch.id);
  return session === undefined ? 0 : Math.max(0, punch.at - session.a);
}
