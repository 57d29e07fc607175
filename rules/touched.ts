/** Which days and subjects a fact can change: the engine looks at these again and at nothing else. */
import { type Book, DAEMON } from './book.ts';
import type { DeviceFact, Fact, PunchFact } from './facts.ts';
import { dayAt, type Hall } from './hall.ts';
import type { Span } from './intervals.ts';
import { type Day, dayOfDate, type Ms } from './time.ts';

export interface Touched {
  readonly from: Day;
  readonly to: Day;
  readonly people: readonly string[];
  readonly windows: readonly string[];
  readonly everybody: boolean;
  /** Sessions, candidates or the configuration of these days change: their plan is made anew. */
  readonly replans: boolean;
}

const FOREVER: Day = Number.POSITIVE_INFINITY;
const ALWAYS: Day = Number.NEGATIVE_INFINITY;

/** What a fact touches; null where no day's verdicts can depend on it. `hall` is the latest configuration known. */
export function touchedBy(fact: Fact, hall: Hall | null, book: Book): Touched | null {
  if (fact.fact === 'config') {
    return days(hall === null ? ALWAYS : dayAt(hall, fact.effectiveFrom), FOREVER, { everybody: true, replans: true });
  }
  if (hall === null) return null;
  switch (fact.fact) {
    case 'punch':
      return punchTouches(fact, hall, book);
    case 'presence':
      return days(dayAt(hall, fact.at), dayAt(hall, fact.at), { windows: [fact.window] });
    case 'leave':
    case 'duty':
      // A duty belongs to the day it starts in; a leave to every day it reaches.
      return days(dayAt(hall, fact.from), fact.fact === 'duty' ? dayAt(hall, fact.from) : dayAt(hall, fact.to - 1), {
        people: [fact.employee],
      });
    case 'cover':
      return days(dayAt(hall, fact.from), dayAt(hall, fact.to - 1), { windows: [fact.window], replans: true });
    case 'assign':
      return days(dayAt(hall, fact.from), lastDay(hall, fact.to), { windows: [fact.window], replans: true });
    case 'pause':
      return fact.window === undefined
        ? days(dayAt(hall, fact.from), dayAt(hall, fact.to - 1), { everybody: true })
        : days(dayAt(hall, fact.from), dayAt(hall, fact.to - 1), { windows: [fact.window] });
    case 'day': {
      const day = dayOfDate(fact.date) ?? 0;
      return days(day, day, { everybody: true, replans: true });
    }
    case 'credential':
      return days(dayAt(hall, fact.from), lastDay(hall, fact.to), { everybody: true });
    case 'device':
      return deviceTouches(fact, hall, book);
    default:
      return null;
  }
}

function days(
  from: Day,
  to: Day,
  what: Partial<Pick<Touched, 'people' | 'windows' | 'everybody' | 'replans'>>,
): Touched {
  return { from, to, people: [], windows: [], everybody: false, replans: false, ...what };
}

function lastDay(hall: Hall, to: Ms | null): Day {
  return to === null ? FOREVER : dayAt(hall, to - 1);
}

/** A punch touches its owner's day; as proof that a clock kept recording, every day of the outage that it lies in. */
function punchTouches(fact: PunchFact, hall: Hall, book: Book): Touched {
  const day = dayAt(hall, fact.at);
  const proves = fact.device === undefined ? null : outageAround(fact.device, fact.at, book);
  if (proves === null) return days(day, day, {});
  return days(dayAt(hall, proves.from), Number.isFinite(proves.to) ? dayAt(hall, proves.to) : FOREVER, {
    everybody: true,
  });
}

/** What a device says of itself holds from the report before it to the one after it. */
function deviceTouches(fact: DeviceFact, hall: Hall, book: Book): Touched {
  const facts = book.deviceFacts(fact.device);
  const before = facts.findLast((other) => other.at <= fact.at && other.state === 'offline');
  const after = facts.find((other) => other.at > fact.at && other.state === 'online');
  const from = fact.state === 'complete' ? (facts[0]?.at ?? fact.at) : (before?.at ?? fact.at);
  return days(dayAt(hall, Math.min(from, fact.at)), after === undefined ? FOREVER : dayAt(hall, after.at), {
    everybody: true,
  });
}

function outageAround(device: string, at: Ms, book: Book): Span | null {
  const facts = book.deviceFacts(device);
  if (device === DAEMON || facts.length === 0) return null;
  const offline = facts.findLast((fact) => fact.at <= at && fact.state !== 'complete');
  if (offline?.state !== 'offline') return null;
  const first =
    facts.findLast((fact) => fact.at <= offline.at && fact.state === 'online')?.at ?? Number.NEGATIVE_INFINITY;
  const start = facts.find((fact) => fact.at >= first && fact.state === 'offline')?.at ?? offline.at;
  return {
    from: start,
    to: facts.find((fact) => fact.at > at && fact.state === 'online')?.at ?? Number.POSITIVE_INFINITY,
  };
}
