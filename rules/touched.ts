/** Which days and subjects a fact can change: the engine looks at these again and at nothing else. */
import { type Book, DAEMON } from './book.ts';
import { firstDutyDay } from './duty-days.ts';
import type { DeviceFact, EmployeeFact, Fact, LeaveFact, PunchFact } from './facts.ts';
import { dayAt, type Hall, startOfDay } from './hall.ts';
import { overlaps, type Span } from './intervals.ts';
import { firstDayOf } from './people.ts';
import type { SeatSighting } from './seat.ts';
import { civilDay, type Day, dayOfDate, lastDayOfMonth, type Ms } from './time.ts';

export interface Touched {
  readonly from: Day;
  readonly to: Day;
  readonly people: readonly string[];
  /** Windows of which more may change than what is seen of their seats. */
  readonly windows: readonly string[];
  /** What is seen of windows, of which nothing else changes. */
  readonly seats: readonly SeatSighting[];
  /** Clocks of which only changes whether they kept recording, and so the verdicts that a punch of theirs could have changed. */
  readonly clocks: readonly string[];
  readonly everybody: boolean;
  /** Sessions, candidates or the configuration of these days change: their plan is made anew. */
  readonly replans: boolean;
}

const NOTHING: readonly never[] = [];
const FOREVER: Day = Number.POSITIVE_INFINITY;
const ALWAYS: Day = Number.NEGATIVE_INFINITY;

/** What a fact touches; nothing where no day's verdicts can depend on it. `hall` is the latest configuration known. */
export function touchedBy(fact: Fact, hall: Hall | null, book: Book): Touched[] {
  if (fact.fact === 'config') {
    const from = hall === null ? ALWAYS : dayAt(hall, fact.effectiveFrom);
    return [days(from, FOREVER, { everybody: true, replans: true })];
  }
  if (hall === null) return [];
  switch (fact.fact) {
    case 'punch':
      return punchTouches(fact, hall, book);
    case 'presence':
      return [days(dayAt(hall, fact.at), dayAt(hall, fact.at), { seats: [fact] })];
    case 'leave': {
      const covers = { from: firstDutyDay(hall, fact.from, book), to: dayAt(hall, fact.to - 1) };
      return [days(covers.from, covers.to, { people: [fact.employee] }), needsSlip(hall, fact)];
    }
    case 'slip':
      return book
        .leaves()
        .filter(({ id }) => id === fact.leave)
        .map((leave) => needsSlip(hall, leave));
    case 'duty': {
      const day = dayAt(hall, fact.from);
      // It changes how much all sessions of its date are, and so which share of them any leave covers.
      const today = { from: startOfDay(hall, day), to: startOfDay(hall, day + 1) };
      const lasting = [...book.dutiesTouching(fact.employee, today), fact];
      const to = Math.max(today.to, ...lasting.map((duty) => duty.to));
      const measured = book.leavesOf(fact.employee).filter((leave) => overlaps(leave, { from: today.from, to }));
      return [days(day, day, { people: [fact.employee] }), ...measured.map((leave) => needsSlip(hall, leave))];
    }
    case 'cover':
      return [days(dayAt(hall, fact.from), dayAt(hall, fact.to - 1), { windows: [fact.window], replans: true })];
    case 'assign':
      return [days(dayAt(hall, fact.from), lastDay(hall, fact.to), { windows: [fact.window], replans: true })];
    case 'pause':
      return fact.window === undefined
        ? [days(firstDutyDay(hall, fact.from, book), dayAt(hall, fact.to - 1), { everybody: true })]
        : [days(dayAt(hall, fact.from), dayAt(hall, fact.to - 1), { windows: [fact.window] })];
    case 'day': {
      const day = dayOfDate(fact.date) ?? 0;
      // A session of that date may last into the next.
      const today = { from: startOfDay(hall, day), to: startOfDay(hall, day + 1) + book.longestDuty };
      const measured = book.leaves().filter((leave) => overlaps(leave, today));
      return [days(day, day, { everybody: true, replans: true }), ...measured.map((leave) => needsSlip(hall, leave))];
    }
    case 'credential':
      return [days(dayAt(hall, fact.from), lastDay(hall, fact.to), { everybody: true })];
    case 'employee':
      return [days(employeeTouchesFrom(fact, hall, book), FOREVER, { everybody: true, replans: true })];
    case 'device':
      return [deviceTouches(fact, hall, book)];
    default:
      return [];
  }
}

function days(from: Day, to: Day, what: Partial<Omit<Touched, 'from' | 'to'>>): Touched {
  const { people = NOTHING, windows = NOTHING, seats = NOTHING, clocks = NOTHING } = what;
  return {
    from,
    to,
    people,
    windows,
    seats,
    clocks,
    everybody: what.everybody ?? false,
    replans: what.replans ?? false,
  };
}

function lastDay(hall: Hall, to: Ms | null): Day {
  return to === null ? FOREVER : dayAt(hall, to - 1);
}

/** How long a leave is counts for it and, in the month's total, for those that begin after it. */
function needsSlip(hall: Hall, { employee, from }: LeaveFact): Touched {
  const day = civilDay(hall.zone, from);
  return days(day, lastDayOfMonth(day), { people: [employee] });
}

/** A punch touches its owner's day; as proof that a clock kept recording, every day of the outage that it lies in. */
function punchTouches(fact: PunchFact, hall: Hall, book: Book): Touched[] {
  const others = book.sameTouch(fact);
  // Another delivery of the same touch may count, or prove something, no more.
  return [fact, ...others].map((punch) => {
    const { at, device } = punch;
    const outage = device === undefined ? null : outageAround(device, at, book);
    const isKnown = others.length === 0 && outage !== null && isProvedBesides(punch, outage, book);
    if (device === undefined || outage === null || isKnown) return days(dayAt(hall, at), dayAt(hall, at), {});
    return days(firstDutyDay(hall, outage.from, book), dayOrForever(hall, outage.to), { clocks: [device] });
  });
}

/** Whether another punch proves as much, at every instant at which this one does. */
function isProvedBesides({ id, device = '', at, recordedAt }: PunchFact, outage: Span, book: Book): boolean {
  return book.clockRecordedIn(device, outage, Math.max(at, recordedAt), id);
}

/** Whoever is known by facts alone was nobody before: what had named them already is of somebody now, on days before their first as well. */
function employeeTouchesFrom(fact: EmployeeFact, hall: Hall, book: Book): Day {
  const first = firstDayOf(fact, hall.zone);
  const { employee } = fact;
  const known = hall.employees.get(employee);
  if (known !== undefined && known.fact === undefined) return first;
  const named = [...hall.windows.keys()].flatMap((window) => [
    ...book.assignsOf(window).filter(({ employees }) => employees.includes(employee)),
    ...book.coversOf(window).filter((cover) => cover.employee === employee),
  ]);
  return Math.min(first, ...named.map(({ from }) => dayAt(hall, from)));
}

/** What a device says of itself changes the outage around it, which reaches from its first `offline` to the next `online`. */
function deviceTouches(fact: DeviceFact, hall: Hall, book: Book): Touched {
  const facts = book.deviceFacts(fact.device);
  const after = facts.find((other) => other.at > fact.at && other.state === 'online')?.at ?? Number.POSITIVE_INFINITY;
  // An outage around it may have begun at any time, and is proved by no punch any more.
  if (fact.lostUntil !== undefined) return days(ALWAYS, FOREVER, { everybody: true });
  // That everything is in proves every outage before it, and what was lost.
  const from = fact.state === 'complete' ? facts[0]?.at : outageStart(facts, fact.at);
  const lost = fact.state === 'complete' ? book.deviceLog(DAEMON)?.losses[0]?.from : undefined;
  const first = Math.min(from ?? fact.at, lost ?? fact.at, fact.at);
  return days(firstDutyDay(hall, first, book), dayOrForever(hall, after), { everybody: true });
}

/** The outage of a clock that an instant lies in; the daemon's own needs no proof. */
function outageAround(device: string, at: Ms, book: Book): Span | null {
  const facts = device === DAEMON ? [] : book.deviceFacts(device);
  const from = outageStart(facts, at);
  if (from === null) return null;
  const to = facts.find((fact) => fact.at > at && fact.state === 'online')?.at ?? Number.POSITIVE_INFINITY;
  return { from, to };
}

/** When the outage began that a device is in just before an instant: a repeated `offline` begins none. */
function outageStart(facts: readonly DeviceFact[], at: Ms): Ms | null {
  let from: Ms | null = null;
  for (const fact of facts) {
    if (fact.at > at || (fact.at === at && fact.state === 'online')) break;
    if (fact.state === 'offline') from ??= fact.at;
    if (fact.state === 'online') from = null;
  }
  return from;
}

function dayOrForever(hall: Hall, at: Ms): Day {
  return Number.isFinite(at) ? dayAt(hall, at) : FOREVER;
}

/** The civil date of the first instant or date that a fact names; null where judging does not begin by it: many were hired long ago. */
export function civilDayOf(fact: Fact, hall: Hall): Day | null {
  if (fact.fact === 'employee') return null;
  if (fact.fact === 'day') return dayOfDate(fact.date);
  const at = 'from' in fact ? (fact.from as Ms) : (fact.at as Ms);
  return civilDay(hall.zone, at);
}
