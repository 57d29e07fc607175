import type { OracleEmployee } from './shape.ts';
import { instantOf, type Ms, type Span } from './time.ts';

export type FactLine = Readonly<Record<string, unknown>>;

export interface Punch {
  id: string;
  at: Ms;
  deviceAt: Ms;
  employee: string | null;
  credential: string | null;
  device: string | null;
  seq: string | null;
  method: string | null;
}

export type Seen = 'occupied' | 'empty' | 'unknown';

export interface PresenceFact {
  id: string;
  at: Ms;
  window: string;
  source: string;
  state: Seen;
}

export interface DeviceFact {
  id: string;
  at: Ms;
  device: string;
  state: 'offline' | 'online' | 'complete';
  lostUntil?: Ms;
}

interface Stretch extends Span {
  id: string;
}

export interface Leave extends Stretch {
  employee: string;
  kind: string;
  /** The leave says so itself, or a `slip` fact does. */
  hasSlip: boolean;
}

export interface Duty extends Stretch {
  employee: string;
}

export interface Pause extends Stretch {
  /** `null` = the whole hall. */
  window: string | null;
}

export interface CoverFact extends Stretch {
  window: string;
  employee: string;
}

export interface Assign extends Stretch {
  window: string;
  role: 'A' | 'B';
  employees: string[];
  recordedAt: Ms;
}

/** Somebody of the hall, as the file would write it; `from` and `to` are the fact's own instants. */
export interface EmployeeFact extends Stretch {
  is: OracleEmployee;
  recordedAt: Ms;
}

export interface DayFact {
  id: string;
  date: string;
  kind: 'work' | 'rest';
  recordedAt: Ms;
}

/** Everything that may be used at `now`, by kind; the punches counted once, by `(at, id)`. */
export interface Known {
  punches: Punch[];
  presence: PresenceFact[];
  devices: DeviceFact[];
  leaves: Leave[];
  pauses: Pause[];
  covers: CoverFact[];
  assigns: Assign[];
  duties: Duty[];
  days: DayFact[];
  employees: EmployeeFact[];
}

function text(line: FactLine, key: string): string {
  const value = line[key];
  if (typeof value !== 'string') throw new Error(`fact ${String(line['id'])}: ${key} is not a text`);
  return value;
}

function textOrNull(line: FactLine, key: string): string | null {
  return line[key] === undefined || line[key] === null ? null : text(line, key);
}

function stretch(line: FactLine): Stretch {
  const to = textOrNull(line, 'to');
  return {
    id: text(line, 'id'),
    from: instantOf(text(line, 'from')),
    to: to === null ? Number.POSITIVE_INFINITY : instantOf(to),
  };
}

/** Contract 3: `recordedAt` defaults to `at`, and to the beginning of time for facts without `at`. */
function recordedAtOf(line: FactLine): Ms {
  const stated = textOrNull(line, 'recordedAt') ?? textOrNull(line, 'at');
  return stated === null ? Number.NEGATIVE_INFINITY : instantOf(stated);
}

function punchOf(line: FactLine): Punch {
  const at = instantOf(text(line, 'at'));
  const deviceAt = textOrNull(line, 'deviceAt');
  const seq = line['seq'];
  return {
    id: text(line, 'id'),
    at,
    deviceAt: deviceAt === null ? at : instantOf(deviceAt),
    employee: textOrNull(line, 'employee'),
    credential: textOrNull(line, 'credential'),
    device: textOrNull(line, 'device'),
    seq: seq === undefined || seq === null ? null : String(seq),
    method: textOrNull(line, 'method'),
  };
}

function personOf(line: FactLine): OracleEmployee {
  const person: OracleEmployee = { id: text(line, 'employee'), name: text(line, 'name') };
  const [department, schedule] = [textOrNull(line, 'department'), textOrNull(line, 'schedule')];
  return { ...person, ...(department === null ? {} : { department }), ...(schedule === null ? {} : { schedule }) };
}

/** The facts recorded by `now`; a `cancel` takes its target away once it is itself recorded (contract 3). */
export function knownFacts(facts: readonly FactLine[], now: Ms): Known {
  const recorded = facts.filter((line) => recordedAtOf(line) <= now);
  const cancelled = new Set(recorded.filter((line) => line['fact'] === 'cancel').map((line) => text(line, 'target')));
  const held = recorded.filter((line) => !cancelled.has(text(line, 'id')));
  const of = (kind: string) => held.filter((line) => line['fact'] === kind);
  const handedIn = new Set(
    of('slip')
      .filter((line) => instantOf(text(line, 'at')) <= now)
      .map((line) => text(line, 'leave')),
  );
  return {
    // Contract 3: `simulated` punches are ignored by a replay.
    punches: countedOnce(
      of('punch')
        .map(punchOf)
        .filter((punch) => punch.method !== 'simulated'),
    ),
    presence: of('presence').map((line) => ({
      id: text(line, 'id'),
      at: instantOf(text(line, 'at')),
      window: text(line, 'window'),
      source: textOrNull(line, 'source') ?? '',
      state: text(line, 'state') as Seen,
    })),
    devices: of('device').map((line) => ({
      id: text(line, 'id'),
      at: instantOf(text(line, 'at')),
      device: text(line, 'device'),
      state: text(line, 'state') as DeviceFact['state'],
      ...(line['lostUntil'] === undefined ? {} : { lostUntil: instantOf(text(line, 'lostUntil')) }),
    })),
    leaves: of('leave').map((line) => ({
      ...stretch(line),
      employee: text(line, 'employee'),
      kind: text(line, 'kind'),
      hasSlip: line['slip'] === true || handedIn.has(text(line, 'id')),
    })),
    pauses: of('pause').map((line) => ({ ...stretch(line), window: textOrNull(line, 'window') })),
    covers: of('cover').map((line) => ({
      ...stretch(line),
      window: text(line, 'window'),
      employee: text(line, 'employee'),
    })),
    assigns: of('assign').map((line) => ({
      ...stretch(line),
      window: text(line, 'window'),
      role: text(line, 'role') as 'A' | 'B',
      employees: line['employees'] as string[],
      recordedAt: recordedAtOf(line),
    })),
    duties: of('duty').map((line) => ({ ...stretch(line), employee: text(line, 'employee') })),
    employees: of('employee').map((line) => ({ ...stretch(line), is: personOf(line), recordedAt: recordedAtOf(line) })),
    days: of('day').map((line) => ({
      id: text(line, 'id'),
      date: text(line, 'date'),
      kind: text(line, 'kind') as 'work' | 'rest',
      recordedAt: recordedAtOf(line),
    })),
  };
}

/** Section 3, second bullet: same device, credential (or employee), device time and number count once. */
function countedOnce(punches: readonly Punch[]): Punch[] {
  const seen = new Set<string>();
  return [...punches].sort(byAtAndId).filter((punch) => {
    const who = punch.credential === null ? { employee: punch.employee } : { credential: punch.credential };
    const key = JSON.stringify([punch.device, who, punch.deviceAt, punch.seq]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Less, equal or greater by code units: ids are compared as they are written. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function byAtAndId(one: { at: Ms; id: string }, other: { at: Ms; id: string }): number {
  return one.at - other.at || compareText(one.id, other.id);
}
