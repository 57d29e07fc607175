/**
 * The book of known facts, indexed for looking up one day of one subject. It holds what has been recorded and not
 * cancelled; it never judges. Punches and presence lie in buckets by UTC day, so that a cold day can be dropped and
 * read again; everything that speaks of a stretch of time stays.
 */

import { Buckets, type Sightings, type Touch } from './buckets.ts';
import { lastingOwners, mappedBy } from './credentials.ts';
import { DeviceLog } from './device-log.ts';
import { drop, inOrder, insert, laterRecorded, listOf } from './fact-order.ts';
import type {
  AssignFact,
  CoverFact,
  CredentialFact,
  DayFact,
  DeviceFact,
  DutyFact,
  Fact,
  LeaveFact,
  PauseFact,
  PresenceFact,
  PunchFact,
  SlipFact,
} from './facts.ts';
import { credentialKey, type Hall } from './hall.ts';
import type { Span } from './intervals.ts';
import { Stretches } from './stretches.ts';
import { type Day, dayOfDate, type Ms } from './time.ts';

/** Device name that stands for the daemon's own downtime. */
export const DAEMON = 'daemon';

const NOTHING: readonly never[] = [];

export class Book {
  readonly #buckets = new Buckets();
  readonly #leaves = new Stretches<LeaveFact>();
  readonly #slips = new Map<string, SlipFact[]>();
  readonly #duties = new Stretches<DutyFact>();
  readonly #covers = new Stretches<CoverFact>();
  readonly #assigns = new Stretches<AssignFact>();
  readonly #pauses = new Stretches<PauseFact>();
  readonly #days = new Map<Day, DayFact[]>();
  readonly #devices = new Map<string, DeviceLog>();
  readonly #credentials = new Map<string, CredentialFact[]>();
  readonly #credentialsOfEmployee = new Map<string, CredentialFact[]>();
  /** The credentials that facts have ever mapped. */
  readonly #credentialsInFacts = new Set<string>();
  readonly #cancelled = new Set<string>();
  /** Punches whose time was corrected, by what makes a touch the same touch. */
  readonly #corrected = new Map<string, PunchFact[]>();
  readonly #countSimulated: boolean;
  #longestDuty: Ms = 0;

  constructor(options: { readonly countSimulated?: boolean } = {}) {
    this.#countSimulated = options.countSimulated ?? false;
  }

  /** Enters a fact; one that is cancelled already, or is not judged by anything, changes nothing. */
  add(fact: Fact): void {
    if (this.#cancelled.size > 0 && this.#cancelled.has(fact.id)) return;
    switch (fact.fact) {
      case 'punch':
        if (fact.method === 'simulated' && !this.#countSimulated) return;
        return this.#addPunch(fact);
      case 'presence':
        return this.#buckets.addPresence(fact);
      case 'leave':
        return this.#leaves.add(fact.employee, fact);
      case 'slip':
        return insert(listOf(this.#slips, fact.leave), fact);
      case 'duty':
        this.#longestDuty = Math.max(this.#longestDuty, fact.to - fact.from);
        return this.#duties.add(fact.employee, fact);
      case 'cover':
        return this.#covers.add(fact.window, fact);
      case 'assign':
        return this.#assigns.add(fact.window, fact);
      case 'pause':
        return this.#pauses.add(fact.window ?? HALL_WIDE, fact);
      case 'day':
        return insert(listOf(this.#days, dayOfDate(fact.date) ?? 0), fact);
      case 'device':
        return this.#logOf(fact.device).add(fact);
      case 'credential':
        this.#credentialsInFacts.add(fact.credential);
        insert(listOf(this.#credentials, credentialKey(fact.device ?? null, fact.credential)), fact);
        return insert(listOf(this.#credentialsOfEmployee, fact.employee), fact);
      case 'cancel':
        this.#cancelled.add(fact.target);
        return;
      default:
        return;
    }
  }

  /** Takes a fact out again, because a `cancel` names it. */
  remove(fact: Fact): void {
    switch (fact.fact) {
      case 'punch':
        return this.#removePunch(fact);
      case 'presence':
        return this.#buckets.at(fact.at).removePresence(fact);
      case 'leave':
        return this.#leaves.remove(fact.employee, fact);
      case 'slip':
        return drop(this.#slips.get(fact.leave), fact);
      case 'duty':
        this.#duties.remove(fact.employee, fact);
        this.#longestDuty = this.#duties.all().reduce((longest, { from, to }) => Math.max(longest, to - from), 0);
        return;
      case 'cover':
        return this.#covers.remove(fact.window, fact);
      case 'assign':
        return this.#assigns.remove(fact.window, fact);
      case 'pause':
        return this.#pauses.remove(fact.window ?? HALL_WIDE, fact);
      case 'day':
        return drop(this.#days.get(dayOfDate(fact.date) ?? 0), fact);
      case 'device':
        return this.#devices.get(fact.device)?.remove(fact);
      case 'credential':
        drop(this.#credentials.get(credentialKey(fact.device ?? null, fact.credential)), fact);
        return drop(this.#credentialsOfEmployee.get(fact.employee), fact);
      default:
        return;
    }
  }

  isCancelled(id: string): boolean {
    return this.#cancelled.has(id);
  }

  /** The employee that a punch belongs to on its day, or null while nobody is known by that credential. */
  ownerOf(hall: Hall, punch: Pick<PunchFact, 'employee' | 'credential' | 'device' | 'at'>): string | null {
    if (punch.employee !== undefined) return punch.employee;
    const credential = punch.credential ?? '';
    const device = punch.device ?? null;
    return (
      (device === null ? null : this.#mapped(hall, device, credential, punch.at)) ??
      this.#mapped(hall, null, credential, punch.at)
    );
  }

  #mapped(hall: Hall, device: string | null, credential: string, at: Ms): string | null {
    const key = credentialKey(device, credential);
    const facts = this.#credentials.get(key);
    if (facts !== undefined) {
      const valid = facts.filter((fact) => fact.from <= at && (fact.to === null || at < fact.to));
      const latest = valid.sort(laterRecorded)[0];
      if (latest !== undefined) return latest.employee;
    }
    return mappedBy(hall, hall.credentials.get(key) ?? NOTHING, at);
  }

  /** A person's punches in a stretch of time, in `(at, id)` order. */
  touchesOf(hall: Hall, employee: string, span: Span): Touch[] {
    const credentials = this.credentialsOf(hall, employee);
    const found: Touch[] = [];
    for (const bucket of this.#buckets.in(span)) {
      const known = found.length;
      let chains = bucket.gather({ employee }, span, found);
      for (const credential of credentials) {
        if (this.#isOnly(hall, employee, credential)) chains += bucket.gather({ credential }, span, found);
        else chains += bucket.gather({ credential }, span, found, (punch) => this.ownerOf(hall, punch) === employee);
      }
      if (chains > 1)
        for (const touch of found.splice(known).sort((a, b) => inOrder(a.punch, b.punch))) found.push(touch);
    }
    return found;
  }

  /** Whether a credential is one person's, wherever and whenever it is used. */
  #isOnly(hall: Hall, employee: string, credential: string): boolean {
    return !this.#credentialsInFacts.has(credential) && lastingOwners(hall).get(credential) === employee;
  }

  /** Every credential that is, or was, or will be a person's, on any clock. */
  credentialsOf(hall: Hall, employee: string): Iterable<string> {
    const configured = hall.employees.get(employee)?.credentials ?? NOTHING;
    const facts = this.#credentialsOfEmployee.get(employee);
    return facts === undefined ? configured : new Set([...configured, ...facts.map((fact) => fact.credential)]);
  }

  /**
   * Whether a punch is a touch that was delivered before with another correction of its time. (Delivered twice with the same time, it
   * is within `dedupe` of itself.)
   */
  isRepeat(punch: PunchFact): boolean {
    return this.#corrected.size > 0 && this.sameTouch(punch).some((other) => inOrder(other, punch) < 0);
  }

  /** The other deliveries of a touch, with other corrections of its time. */
  sameTouch(punch: PunchFact): readonly PunchFact[] {
    const saidAt = punch.deviceAt ?? punch.at;
    if (this.#corrected.size === 0 && saidAt === punch.at) return NOTHING;
    const touch = touchOf(punch);
    const bucket = saidAt === punch.at ? undefined : this.#buckets.known(saidAt);
    const chain = bucket?.chainOf(punch);
    const then = { from: saidAt, to: saidAt + 1 };
    const uncorrected = bucket === undefined || chain === undefined ? NOTHING : bucket.punches.in(chain, then);
    return [
      ...(this.#corrected.get(touch) ?? NOTHING),
      ...uncorrected.filter((other) => touchOf(other) === touch),
    ].filter(({ id }) => id !== punch.id);
  }

  /** A window's presence facts in a stretch of time, in `(at, id)` order. */
  presenceOf(window: string, span: Span): PresenceFact[] {
    return this.#buckets.in(span).flatMap((bucket) => {
      const facts = bucket.witnessesOf(window).flatMap(({ chain }) => bucket.presence.in(chain, span));
      return facts.sort(inOrder);
    });
  }

  /** Another number once others may speak of a seat than before. */
  get witnesses(): number {
    return this.#buckets.witnesses;
  }

  /** Where those facts stand, by source; the same while `witnesses` is. */
  sightingsOf(window: string, span: Span): readonly Sightings[] {
    const found: Sightings[] = [];
    for (const bucket of this.#buckets.in(span)) {
      for (const { source, chain } of bucket.witnessesOf(window)) {
        let sightings = found.find((one) => one.source === source);
        if (sightings === undefined) {
          sightings = { source, parts: [] };
          found.push(sightings);
        }
        sightings.parts.push({ bucket, chain });
      }
    }
    return found;
  }

  /** Whether a clock itself recorded a punch, another than one that is named, in a stretch of time: proof that it had power. */
  clockRecordedIn(device: string, outage: Span, now: Ms, besides?: string): boolean {
    const { from } = outage;
    const to = Math.min(outage.to, now + 1);
    const proves = (punch: PunchFact): boolean =>
      from <= punch.at && punch.at < to && punch.id !== besides && cameOutOfClock(punch) && !this.isRepeat(punch);
    return this.#buckets.in({ from, to }).some((bucket) => bucket.punchesOfDevice(device).some(proves));
  }

  leavesOf(employee: string): readonly LeaveFact[] {
    return this.#leaves.of(employee);
  }

  /** A person's leaves that overlap a stretch of time, in `(from, id)` order. */
  leavesTouching(employee: string, span: Span): readonly LeaveFact[] {
    return this.#leaves.touching(employee, span);
  }

  /** Everybody's leaves. */
  leaves(): LeaveFact[] {
    return this.#leaves.all();
  }

  /** The slips handed in for a leave, in `(at, id)` order. */
  slipsOf(leave: string): readonly SlipFact[] {
    return this.#slips.get(leave) ?? NOTHING;
  }

  dutiesOf(employee: string): readonly DutyFact[] {
    return this.#duties.of(employee);
  }

  dutiesTouching(employee: string, span: Span): readonly DutyFact[] {
    return this.#duties.touching(employee, span);
  }

  /** The longest duty: one that began before a day may still last on it. A cancelled one counts for nothing, as after a restart. */
  get longestDuty(): Ms {
    return this.#longestDuty;
  }

  coversOf(window: string): readonly CoverFact[] {
    return this.#covers.of(window);
  }

  coversTouching(window: string, span: Span): readonly CoverFact[] {
    return this.#covers.touching(window, span);
  }

  assignsOf(window: string): readonly AssignFact[] {
    return this.#assigns.of(window);
  }

  /** Pauses of the whole hall. */
  hallPauses(): readonly PauseFact[] {
    return this.#pauses.of(HALL_WIDE);
  }

  /** Pauses of one window, without the hall's. */
  pausesOf(window: string): readonly PauseFact[] {
    return this.#pauses.of(window);
  }

  /** Pauses of one window, then those of the whole hall, that overlap a stretch of time. */
  pausesTouching(window: string, span: Span): readonly PauseFact[] {
    const own = this.#pauses.touching(window, span);
    const all = this.hallPausesTouching(span);
    return all.length === 0 ? own : [...own, ...all];
  }

  hallPausesTouching(span: Span): readonly PauseFact[] {
    return this.#pauses.touching(HALL_WIDE, span);
  }

  /** The `day` fact in force for a date: of several the latest recorded, then the greater id. */
  dayFact(day: Day): 'rest' | 'work' | null {
    const facts = this.#days.get(day);
    if (facts === undefined || facts.length === 0) return null;
    return [...facts].sort(laterRecorded)[0]?.kind ?? null;
  }

  /** What a device reported, in `(at, id)` order. */
  deviceFacts(device: string): readonly DeviceFact[] {
    return this.#devices.get(device)?.facts ?? NOTHING;
  }

  /** The same with the outages that follow from it; null of a device that reported nothing. */
  deviceLog(device: string): DeviceLog | null {
    return this.#devices.get(device) ?? null;
  }

  #logOf(device: string): DeviceLog {
    let log = this.#devices.get(device);
    if (log === undefined) {
      log = new DeviceLog();
      this.#devices.set(device, log);
    }
    return log;
  }

  /** The stretches in which some device was offline that touch a span and are over: one that lasts is proved by nothing yet. */
  outagesTouching(span: Span): Span[] {
    // None of the daemon's own: it needs no proof.
    return [...this.#devices].flatMap(([device, log]) =>
      device === DAEMON
        ? []
        : log.outagesBy(span.to - 1).flatMap(({ from, to }) => (to !== null && to > span.from ? [{ from, to }] : [])),
    );
  }

  /** Drops the punches and presence of UTC days before `at` that no stretch in `kept` touches; `add` reads them again. */
  forgetBefore(at: Ms, kept: readonly Span[]): void {
    if (!this.#buckets.forgetBefore(at, kept)) return;
    for (const [touch, punches] of this.#corrected) {
      const near = punches.filter((punch) => this.#isNear(punch.at) || this.#isNear(punch.deviceAt ?? punch.at));
      if (near.length === 0) this.#corrected.delete(touch);
      else if (near.length < punches.length) this.#corrected.set(touch, near);
    }
  }

  #isNear(at: Ms): boolean {
    return this.#buckets.known(at) !== undefined;
  }

  #addPunch(fact: PunchFact): void {
    this.#buckets.at(fact.at).addPunch(fact);
    if (fact.deviceAt !== undefined && fact.deviceAt !== fact.at) insert(listOf(this.#corrected, touchOf(fact)), fact);
  }

  #removePunch(fact: PunchFact): void {
    this.#buckets.at(fact.at).removePunch(fact);
    drop(this.#corrected.get(touchOf(fact)), fact);
  }
}

const HALL_WIDE = '\u0000hall';

/** Whether a clock itself recorded a punch: a correction or a manual sign-in names a clock, but does not come out of it. */
export function cameOutOfClock(punch: PunchFact): boolean {
  return punch.method !== 'correction' && punch.method !== 'manual' && punch.method !== 'simulated';
}

/** What makes a touch the same touch however often it is delivered: device, person, device time, and the number if there is one. */
export function touchOf(punch: PunchFact): string {
  const who = punch.credential === undefined ? `e ${punch.employee}` : `c ${punch.credential}`;
  return [punch.device ?? '', who, punch.deviceAt ?? punch.at, punch.seq ?? ''].join('\u0000');
}
