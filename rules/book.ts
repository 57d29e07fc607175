/**
 * The book of known facts, indexed for looking up one day of one subject. It holds what has been recorded and not
 * cancelled; it never judges. Punches and presence lie in buckets by UTC day, so that a cold day can be dropped and
 * read again; everything that speaks of a stretch of time stays.
 */

import { inOrder, laterRecorded } from './fact-order.ts';
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
import { type CredentialMapping, credentialKey, dayAt, FIRST_DAY, type Hall, LAST_DAY } from './hall.ts';
import { overlaps, type Span } from './intervals.ts';
import { DAY_LENGTH, type Day, dayOfDate, type Ms } from './time.ts';

/** Facts that lie at one instant, by the subject they speak of, each list in `(at, id)` order. */
interface Bucket {
  readonly punchesOfEmployee: Map<string, PunchFact[]>;
  readonly punchesOfCredential: Map<string, PunchFact[]>;
  readonly punchesOfDevice: Map<string, PunchFact[]>;
  readonly presenceOfWindow: Map<string, PresenceFact[]>;
}

/** Device name that stands for the daemon's own downtime. */
export const DAEMON = 'daemon';

const NOTHING: readonly never[] = [];

export class Book {
  readonly #buckets = new Map<number, Bucket>();
  readonly #leaves = new Map<string, LeaveFact[]>();
  readonly #slips = new Map<string, SlipFact[]>();
  readonly #duties = new Map<string, DutyFact[]>();
  readonly #covers = new Map<string, CoverFact[]>();
  readonly #assigns = new Map<string, AssignFact[]>();
  readonly #pauses = new Map<string, PauseFact[]>();
  readonly #days = new Map<Day, DayFact[]>();
  readonly #devices = new Map<string, DeviceFact[]>();
  readonly #credentials = new Map<string, CredentialFact[]>();
  readonly #credentialsOfEmployee = new Map<string, CredentialFact[]>();
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
    if (this.#cancelled.has(fact.id)) return;
    switch (fact.fact) {
      case 'punch':
        if (fact.method === 'simulated' && !this.#countSimulated) return;
        return this.#addPunch(fact);
      case 'presence':
        return insert(listOf(this.#bucket(fact.at).presenceOfWindow, fact.window), fact);
      case 'leave':
        return insert(listOf(this.#leaves, fact.employee), fact);
      case 'slip':
        return insert(listOf(this.#slips, fact.leave), fact);
      case 'duty':
        this.#longestDuty = Math.max(this.#longestDuty, fact.to - fact.from);
        return insert(listOf(this.#duties, fact.employee), fact);
      case 'cover':
        return insert(listOf(this.#covers, fact.window), fact);
      case 'assign':
        return insert(listOf(this.#assigns, fact.window), fact);
      case 'pause':
        return insert(listOf(this.#pauses, fact.window ?? HALL_WIDE), fact);
      case 'day':
        return insert(listOf(this.#days, dayOfDate(fact.date) ?? 0), fact);
      case 'device':
        return insert(listOf(this.#devices, fact.device), fact);
      case 'credential':
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
        for (const list of this.#listsOfPunch(fact)) drop(list, fact);
        return drop(this.#corrected.get(touchOf(fact)), fact);
      case 'presence':
        return drop(this.#bucket(fact.at).presenceOfWindow.get(fact.window), fact);
      case 'leave':
        return drop(this.#leaves.get(fact.employee), fact);
      case 'slip':
        return drop(this.#slips.get(fact.leave), fact);
      case 'duty':
        return drop(this.#duties.get(fact.employee), fact);
      case 'cover':
        return drop(this.#covers.get(fact.window), fact);
      case 'assign':
        return drop(this.#assigns.get(fact.window), fact);
      case 'pause':
        return drop(this.#pauses.get(fact.window ?? HALL_WIDE), fact);
      case 'day':
        return drop(this.#days.get(dayOfDate(fact.date) ?? 0), fact);
      case 'device':
        return drop(this.#devices.get(fact.device), fact);
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
  ownerOf(hall: Hall, punch: PunchFact): string | null {
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
  punchesOf(hall: Hall, employee: string, span: Span): PunchFact[] {
    const credentials = this.#credentialsKnownOf(hall, employee);
    const found: PunchFact[] = [];
    for (const bucket of this.#bucketsIn(span)) {
      for (const punch of bucket.punchesOfEmployee.get(employee) ?? NOTHING) if (inside(punch, span)) found.push(punch);
      for (const credential of credentials) {
        for (const punch of bucket.punchesOfCredential.get(credential) ?? NOTHING) {
          if (inside(punch, span) && this.ownerOf(hall, punch) === employee) found.push(punch);
        }
      }
    }
    return found.length < 2 ? found : found.sort(inOrder);
  }

  #credentialsKnownOf(hall: Hall, employee: string): Iterable<string> {
    const configured = hall.employees.get(employee)?.credentials ?? NOTHING;
    const facts = this.#credentialsOfEmployee.get(employee);
    return facts === undefined ? configured : new Set([...configured, ...facts.map((fact) => fact.credential)]);
  }

  /**
   * Whether a punch is a touch that was delivered before with another correction of its time. (Delivered twice with the same time, it
   * is within `dedupe` of itself.)
   */
  isRepeat(punch: PunchFact): boolean {
    return this.sameTouch(punch).some((other) => inOrder(other, punch) < 0);
  }

  /** The other deliveries of a touch, with other corrections of its time. */
  sameTouch(punch: PunchFact): readonly PunchFact[] {
    if (this.#corrected.size === 0) return NOTHING;
    const touch = touchOf(punch);
    const saidAt = punch.deviceAt ?? punch.at;
    const bucket = saidAt === punch.at ? undefined : this.#buckets.get(Math.floor(saidAt / DAY_LENGTH));
    const uncorrected =
      punch.credential === undefined
        ? bucket?.punchesOfEmployee.get(punch.employee ?? '')
        : bucket?.punchesOfCredential.get(punch.credential);
    return [
      ...(this.#corrected.get(touch) ?? NOTHING),
      ...(uncorrected ?? NOTHING).filter((other) => touchOf(other) === touch),
    ].filter(({ id }) => id !== punch.id);
  }

  /** A window's presence facts in a stretch of time, in `(at, id)` order. */
  presenceOf(window: string, span: Span): PresenceFact[] {
    const found: PresenceFact[] = [];
    for (const bucket of this.#bucketsIn(span)) {
      for (const fact of bucket.presenceOfWindow.get(window) ?? NOTHING) if (inside(fact, span)) found.push(fact);
    }
    return found;
  }

  /** Whether a clock itself recorded a punch in a stretch of time: proof that it had power. */
  clockRecordedIn(device: string, span: Span, now: Ms): boolean {
    for (const bucket of this.#bucketsIn(span)) {
      for (const punch of bucket.punchesOfDevice.get(device) ?? NOTHING) {
        if (inside(punch, span) && punch.at <= now && cameOutOfClock(punch) && !this.isRepeat(punch)) return true;
      }
    }
    return false;
  }

  leavesOf(employee: string): readonly LeaveFact[] {
    return this.#leaves.get(employee) ?? NOTHING;
  }

  /** Everybody's leaves. */
  leaves(): LeaveFact[] {
    return [...this.#leaves.values()].flat();
  }

  /** The slips handed in for a leave, in `(at, id)` order. */
  slipsOf(leave: string): readonly SlipFact[] {
    return this.#slips.get(leave) ?? NOTHING;
  }

  dutiesOf(employee: string): readonly DutyFact[] {
    return this.#duties.get(employee) ?? NOTHING;
  }

  /** The longest duty ever entered: one that began before a day may still last on it. */
  get longestDuty(): Ms {
    return this.#longestDuty;
  }

  coversOf(window: string): readonly CoverFact[] {
    return this.#covers.get(window) ?? NOTHING;
  }

  assignsOf(window: string): readonly AssignFact[] {
    return this.#assigns.get(window) ?? NOTHING;
  }

  /** Pauses of the whole hall. */
  hallPauses(): readonly PauseFact[] {
    return this.#pauses.get(HALL_WIDE) ?? NOTHING;
  }

  /** Pauses of one window, without the hall's. */
  pausesOf(window: string): readonly PauseFact[] {
    return this.#pauses.get(window) ?? NOTHING;
  }

  /** The `day` fact in force for a date: of several the latest recorded, then the greater id. */
  dayFact(day: Day): 'rest' | 'work' | null {
    const facts = this.#days.get(day);
    if (facts === undefined || facts.length === 0) return null;
    return [...facts].sort(laterRecorded)[0]?.kind ?? null;
  }

  /** What a device reported, in `(at, id)` order. */
  deviceFacts(device: string): readonly DeviceFact[] {
    return this.#devices.get(device) ?? NOTHING;
  }

  /** The stretches in which some device was offline that touch a day; an outage that lasts reaches to its end. */
  outagesTouching(today: Span): Span[] {
    const touching: Span[] = [];
    for (const facts of this.#devices.values()) {
      let from: Ms | null = null;
      for (const fact of facts) {
        if (fact.state === 'offline') from ??= fact.at;
        if (fact.state !== 'online' || from === null) continue;
        if (from < today.to && fact.at > today.from) touching.push({ from, to: fact.at });
        from = null;
      }
      if (from !== null && from < today.to) touching.push({ from, to: today.to });
    }
    return touching;
  }

  /** Drops the punches and presence of UTC days before `at` that no stretch in `kept` touches; `add` reads them again. */
  forgetBefore(at: Ms, kept: readonly Span[]): void {
    const limit = Math.floor(at / DAY_LENGTH);
    for (const index of this.#buckets.keys()) {
      const bucket = { from: index * DAY_LENGTH, to: (index + 1) * DAY_LENGTH };
      if (index < limit && !kept.some((span) => overlaps(span, bucket))) this.#buckets.delete(index);
    }
  }

  #addPunch(fact: PunchFact): void {
    for (const list of this.#listsOfPunch(fact)) insert(list, fact);
    if (fact.deviceAt !== undefined && fact.deviceAt !== fact.at) insert(listOf(this.#corrected, touchOf(fact)), fact);
  }

  #listsOfPunch(fact: PunchFact): PunchFact[][] {
    const bucket = this.#bucket(fact.at);
    const lists: PunchFact[][] = [];
    if (fact.employee !== undefined) lists.push(listOf(bucket.punchesOfEmployee, fact.employee));
    if (fact.credential !== undefined) lists.push(listOf(bucket.punchesOfCredential, fact.credential));
    if (fact.device !== undefined) lists.push(listOf(bucket.punchesOfDevice, fact.device));
    return lists;
  }

  #bucket(at: Ms): Bucket {
    const index = Math.floor(at / DAY_LENGTH);
    let bucket = this.#buckets.get(index);
    if (bucket === undefined) {
      bucket = {
        punchesOfEmployee: new Map(),
        punchesOfCredential: new Map(),
        punchesOfDevice: new Map(),
        presenceOfWindow: new Map(),
      };
      this.#buckets.set(index, bucket);
    }
    return bucket;
  }

  #bucketsIn(span: Span): Bucket[] {
    const buckets: Bucket[] = [];
    const last = Math.floor((span.to - 1) / DAY_LENGTH);
    for (let index = Math.floor(span.from / DAY_LENGTH); index <= last; index++) {
      const bucket = this.#buckets.get(index);
      if (bucket !== undefined) buckets.push(bucket);
    }
    return buckets;
  }
}

/** Whom a credential is mapped to at an instant; which day that is matters only where a mapping begins or ends. */
function mappedBy(hall: Hall, mappings: readonly CredentialMapping[], at: Ms): string | null {
  let day: Day | null = null;
  for (const { employee, from, until } of mappings) {
    if (from === FIRST_DAY && until === LAST_DAY) return employee;
    day ??= dayAt(hall, at);
    if (from <= day && day <= until) return employee;
  }
  return null;
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

function inside(fact: { readonly at: Ms }, span: Span): boolean {
  return span.from <= fact.at && fact.at < span.to;
}

function listOf<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (list === undefined) {
    list = [];
    map.set(key, list);
  }
  return list;
}

/** Inserts in order; facts nearly always arrive in order, so it looks from the end. */
function insert<F extends Fact>(list: F[], fact: F): void {
  let at = list.length;
  while (at > 0 && inOrder(list[at - 1] as F, fact) > 0) at--;
  if (at > 0 && list[at - 1]?.id === fact.id) return;
  if (at === list.length) list.push(fact);
  else list.splice(at, 0, fact);
}

function drop<F extends Fact>(list: F[] | undefined, fact: F): void {
  const at = list?.findIndex((other) => other.id === fact.id) ?? -1;
  if (list !== undefined && at >= 0) list.splice(at, 1);
}
