/**
 * Facts: what is known, one JSON object each (contract.md section 3). Reading is strict: an unknown kind or key, a bad
 * time or a wrong value is a problem with a name, never a guess.
 */
import { oneString } from './one-string.ts';
import { BEGINNING, dayOfDate, formatInstant, type Ms, parseInstant, type Zone } from './time.ts';

interface FactBase {
  readonly id: string;
  readonly hall?: string;
  /** When it became known. Defaults to `at`, and to the beginning of time for facts without one. */
  readonly recordedAt: Ms;
  readonly by?: string;
  readonly via?: string;
}

export interface PunchFact extends FactBase {
  readonly fact: 'punch';
  /** Judged by: device time less the device's known offset. */
  readonly at: Ms;
  readonly employee?: string;
  readonly credential?: string;
  readonly device?: string;
  readonly deviceAt?: Ms;
  readonly seq?: number;
  readonly method?: string;
}

export type PresenceState = 'occupied' | 'empty' | 'unknown';

export interface PresenceFact extends FactBase {
  readonly fact: 'presence';
  readonly at: Ms;
  readonly window: string;
  readonly state: PresenceState;
  readonly source?: string;
}

export interface LeaveFact extends FactBase {
  readonly fact: 'leave';
  readonly employee: string;
  readonly kind: string;
  readonly from: Ms;
  readonly to: Ms;
  readonly slip?: boolean;
}

export interface SlipFact extends FactBase {
  readonly fact: 'slip';
  readonly at: Ms;
  readonly leave: string;
}

export interface CoverFact extends FactBase {
  readonly fact: 'cover';
  readonly window: string;
  readonly employee: string;
  readonly from: Ms;
  readonly to: Ms;
}

export interface AssignFact extends FactBase {
  readonly fact: 'assign';
  readonly window: string;
  readonly role: 'A' | 'B';
  readonly employees: readonly string[];
  readonly from: Ms;
  /** null = until further notice. */
  readonly to: Ms | null;
}

export interface DutyFact extends FactBase {
  readonly fact: 'duty';
  readonly employee: string;
  readonly from: Ms;
  readonly to: Ms;
}

export interface PauseFact extends FactBase {
  readonly fact: 'pause';
  /** Absent = the whole hall. */
  readonly window?: string;
  readonly from: Ms;
  readonly to: Ms;
  readonly reason?: string;
}

export interface DayFact extends FactBase {
  readonly fact: 'day';
  readonly date: string;
  readonly kind: 'work' | 'rest';
}

export interface DeviceFact extends FactBase {
  readonly fact: 'device';
  readonly at: Ms;
  /** A clock, a presence source, or `daemon`. */
  readonly device: string;
  readonly state: 'offline' | 'online' | 'complete';
  /** Of `daemon`, offline: what was taken in from `at` up to then is lost, and a clock has it again only when it is `complete`. */
  readonly lostUntil?: Ms;
}

export interface CancelFact extends FactBase {
  readonly fact: 'cancel';
  readonly at: Ms;
  readonly target: string;
}

/** An enrolment mapped to a person, so that punches that waited in the unmatched inbox count. */
export interface CredentialFact extends FactBase {
  readonly fact: 'credential';
  readonly employee: string;
  readonly credential: string;
  /** Absent = every clock. */
  readonly device?: string;
  readonly from: Ms;
  readonly to: Ms | null;
}

/** Somebody of the hall, from a day until another; what outranks what is rules/people.ts. */
export interface EmployeeFact extends FactBase {
  readonly fact: 'employee';
  readonly employee: string;
  readonly name: string;
  readonly department: string | null;
  /** Null = need not punch. */
  readonly schedule: string | null;
  readonly from: Ms;
  readonly to: Ms | null;
}

/** An accepted configuration: its judging part, and the instant from which days are judged by it. */
export interface ConfigFact extends FactBase {
  readonly fact: 'config';
  readonly at: Ms;
  readonly hash: string;
  readonly effectiveFrom: Ms;
  readonly judging: unknown;
}

/** Facts for rules of later sections: read strictly and kept, judged by nothing yet. */
export interface OtherFact extends FactBase {
  readonly fact:
    | 'case'
    | 'case-done'
    | 'patrol'
    | 'conduct'
    | 'rating'
    | 'rating-closed'
    | 'action'
    | 'note'
    | 'witness'
    | 'silence'
    | 'silence-end'
    | 'sign-off'
    | 'remark';
  readonly at: Ms;
  readonly [key: string]: unknown;
}

export type Fact =
  | PunchFact
  | PresenceFact
  | LeaveFact
  | SlipFact
  | CoverFact
  | AssignFact
  | DutyFact
  | PauseFact
  | DayFact
  | DeviceFact
  | CancelFact
  | CredentialFact
  | EmployeeFact
  | ConfigFact
  | OtherFact;

export type FactKind = Fact['fact'];

/** Why a line is no fact: the key it is about (null = the line as a whole) and a sentence. */
export interface FactProblem {
  readonly key: string | null;
  readonly problem: string;
}

/** How the value of a key is read. */
interface Reader {
  /** The value as it is kept; undefined, which no JSON holds, where it is not what is expected. */
  readonly read: (value: unknown) => unknown;
  readonly expected: string;
}

const reader = (expected: string, read: Reader['read']): Reader => ({ read, expected });
/** Keeps what passes a test as it is. */
const kept = (expected: string, passes: (value: unknown) => boolean): Reader =>
  reader(expected, (value) => (passes(value) ? value : undefined));

const TEXT = 'a non-empty text of at most 1000 characters';
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 1000;
const text = kept(TEXT, isText);
/** The name of something that many facts speak of. */
const name = reader(TEXT, (value) => (isText(value) ? oneString(value) : undefined));
const nameOrNull = reader(TEXT, (value) => (value === null ? null : name.read(value)));
const anyText = kept('a text of at most 4000 characters', (value) => typeof value === 'string' && value.length <= 4000);
const INSTANT = 'a time such as 2026-03-02T08:55:10+08:00';
const readInstant = (value: unknown): Ms | undefined =>
  typeof value === 'string' ? (parseInstant(value) ?? undefined) : undefined;
const instant = reader(INSTANT, readInstant);
const instantOrNull = reader(INSTANT, (value) => (value === null ? null : readInstant(value)));
const date = kept('a date such as 2026-03-02', (value) => typeof value === 'string' && dayOfDate(value) !== null);
const bool = kept('true or false', (value) => typeof value === 'boolean');
const sequence = kept('a whole number from 0', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const score = kept('a number', (value) => typeof value === 'number' && Number.isFinite(value));
const texts = kept(
  'a list of at least one text',
  (value) => Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== ''),
);
const object = kept('an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const oneOf = (...allowed: readonly string[]): Reader =>
  reader(allowed.join(' | '), (value) => allowed.find((one) => one === value));

interface Shape {
  readonly required: Readonly<Record<string, Reader>>;
  readonly optional?: Readonly<Record<string, Reader>>;
}

const SHAPES: Readonly<Record<FactKind, Shape>> = {
  punch: {
    required: { at: instant },
    optional: { employee: name, credential: name, device: name, deviceAt: instant, seq: sequence, method: name },
  },
  presence: {
    required: { at: instant, window: name, state: oneOf('occupied', 'empty', 'unknown') },
    optional: { source: name },
  },
  leave: { required: { employee: name, kind: name, from: instant, to: instant }, optional: { slip: bool } },
  slip: { required: { at: instant, leave: text } },
  cover: { required: { window: name, employee: name, from: instant, to: instant } },
  assign: { required: { window: name, role: oneOf('A', 'B'), employees: texts, from: instant, to: instantOrNull } },
  duty: { required: { employee: name, from: instant, to: instant } },
  pause: { required: { from: instant, to: instant }, optional: { window: name, reason: anyText } },
  day: { required: { date, kind: oneOf('work', 'rest') } },
  device: {
    required: { at: instant, device: name, state: oneOf('offline', 'online', 'complete') },
    optional: { lostUntil: instant },
  },
  cancel: { required: { at: instant, target: text } },
  credential: {
    required: { employee: name, credential: name, from: instant, to: instantOrNull },
    optional: { device: name },
  },
  employee: {
    required: { employee: name, name, department: nameOrNull, schedule: nameOrNull, from: instant, to: instantOrNull },
  },
  config: { required: { at: instant, hash: text, effectiveFrom: instant, judging: object } },
  case: { required: { at: instant, case: text, window: name, kind: name }, optional: { due: instant, days: sequence } },
  'case-done': { required: { at: instant, case: text } },
  patrol: { required: { at: instant, by: text, scope: oneOf('hall', 'department') }, optional: { department: name } },
  conduct: {
    required: { at: instant, employee: name, grade: oneOf('general', 'larger', 'major'), kind: name },
    optional: { window: name },
  },
  rating: { required: { at: instant, window: name, score } },
  'rating-closed': { required: { at: instant, rating: text } },
  action: {
    required: { at: instant, do: text, case: text },
    optional: { reason: anyText, revision: text, doer: name },
  },
  note: { required: { at: instant, window: name, kind: oneOf('away', 'back', 'here') }, optional: { reason: text } },
  witness: { required: { at: instant, note: text, seen: bool }, optional: { reason: text } },
  silence: {
    required: { at: instant, from: instant, to: instant, reason: text },
    optional: { windows: texts, departments: texts, rules: texts, devices: texts },
  },
  'silence-end': { required: { at: instant, silence: text } },
  'sign-off': {
    required: { at: instant, department: name, week: text, asOf: instant, checksum: text },
    optional: { note: text },
  },
  remark: {
    required: { at: instant, department: name, week: text, text },
    optional: { case: text, proposes: oneOf('confirm', 'excuse', 'false-alarm') },
  },
};

const COMMON: Readonly<Record<string, Reader>> = { id: text, hall: name, recordedAt: instant, by: text, via: name };

/** What each kind of fact may hold, by key; maps, since `constructor` is in every object. */
const READERS: ReadonlyMap<string, ReadonlyMap<string, Reader>> = new Map(
  Object.entries(SHAPES).map(([kind, { required, optional }]) => [
    kind,
    new Map(Object.entries({ ...COMMON, ...optional, ...required })),
  ]),
);

/** Reads one fact, or says everything that is wrong with it. References to people and windows are for the caller to check. */
export function readFact(input: unknown): Fact | readonly FactProblem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return [{ key: null, problem: 'a fact is a JSON object' }];
  const line = input as Record<string, unknown>;
  const kind = line['fact'];
  if (typeof kind !== 'string') return [{ key: 'fact', problem: 'missing; it says what kind of fact this is' }];
  const readers = READERS.get(kind);
  if (readers === undefined) return [{ key: 'fact', problem: `unknown fact "${kind.slice(0, 60)}"` }];
  const shape = SHAPES[kind as FactKind];
  const problems: FactProblem[] = [];
  const fact: Record<string, unknown> = { fact: oneString(kind) };
  for (const key in line) {
    if (key === 'fact') continue;
    const known = readers.get(key);
    if (known === undefined) {
      problems.push({ key, problem: `unknown key "${key.slice(0, 60)}"` });
      continue;
    }
    const value = known.read(line[key]);
    if (value === undefined) problems.push({ key, problem: `expected ${known.expected}` });
    else fact[key] = value;
  }
  if (line['id'] === undefined) problems.push({ key: 'id', problem: 'missing' });
  for (const key in shape.required) if (line[key] === undefined) problems.push({ key, problem: 'missing' });
  if (problems.length === 0) for (const problem of mismatches(fact)) problems.push(problem);
  if (problems.length > 0) return problems;
  fact['recordedAt'] ??= (fact['at'] as Ms | undefined) ?? BEGINNING;
  return inOnePiece(fact as unknown as Fact);
}

/**
 * Made in one go, a fact lies in one piece of memory; made key by key, in three. Of these two kinds there are millions, nearly all with
 * these very keys.
 */
function inOnePiece(fact: Fact): Fact {
  const keys = Object.keys(fact).length;
  if (fact.fact === 'presence' && fact.source !== undefined && keys === 7) {
    const { fact: kind, id, at, window, state, source, recordedAt } = fact;
    return { fact: kind, id, at, window, state, source, recordedAt };
  }
  if (fact.fact !== 'punch' || keys !== 8) return fact;
  const { fact: kind, id, at, device, credential, seq, method, recordedAt } = fact;
  if (device === undefined || credential === undefined || seq === undefined || method === undefined) return fact;
  return { fact: kind, id, at, device, credential, seq, method, recordedAt };
}

/** What a silence is of. */
const SCOPES = ['windows', 'departments', 'rules', 'devices'] as const;

/** What the single keys cannot say about each other. */
function mismatches(fact: Readonly<Record<string, unknown>>): FactProblem[] {
  const problems: FactProblem[] = [];
  const { from, to } = fact as { from?: Ms; to?: Ms | null };
  if (from !== undefined && typeof to === 'number' && to <= from)
    problems.push({ key: 'to', problem: 'must be after "from"' });
  if (fact['fact'] === 'punch' && (fact['employee'] === undefined) === (fact['credential'] === undefined)) {
    problems.push({ key: 'employee', problem: 'a punch names either an employee or a credential' });
  }
  if (fact['lostUntil'] !== undefined && (fact['device'] !== 'daemon' || fact['state'] !== 'offline')) {
    problems.push({ key: 'lostUntil', problem: 'only the daemon says it, when it was offline' });
  }
  if (fact['fact'] === 'silence' && !SCOPES.some((key) => fact[key] !== undefined)) {
    problems.push({ key: 'windows', problem: `missing; a silence names at least one of ${SCOPES.join(', ')}` });
  }
  if (fact['fact'] === 'patrol' && fact['scope'] === 'department' && fact['department'] === undefined) {
    problems.push({ key: 'department', problem: 'missing; the patrol is a department’s' });
  }
  return problems;
}

/** The employees and windows that a fact names, so that the caller can say which of them nobody knows. */
export function referencesOf(fact: Fact): { readonly employees: readonly string[]; readonly window: string | null } {
  const named = fact as { employee?: string; employees?: readonly string[]; window?: string };
  const one = named.employee === undefined ? [] : [named.employee];
  return { employees: named.employees ?? one, window: named.window ?? null };
}

/** What a fact says, without when, by whom and how it became known. */
export function factContent(fact: Fact): Record<string, unknown> {
  const {
    hall: _hall,
    recordedAt: _recordedAt,
    by: _by,
    via: _via,
    ...content
  } = fact as Fact & Record<string, unknown>;
  return content;
}

/** Keys that hold instants, and so are written with an offset where a fact leaves the program. */
const INSTANT_KEYS: ReadonlySet<string> = new Set(
  'at from to recordedAt deviceAt due effectiveFrom asOf lostUntil'.split(' '),
);

/** The line of contract.md section 3 that a fact is; reading it gives the same fact. */
export function factLine(fact: Fact, zone: Zone): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fact)) {
    if (key === 'recordedAt' && value === BEGINNING) continue;
    line[key] = INSTANT_KEYS.has(key) && typeof value === 'number' ? formatInstant(zone, value) : value;
  }
  return line;
}
