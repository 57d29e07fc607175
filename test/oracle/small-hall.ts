import { oracle } from './oracle.ts';
import type { OracleConfig, OracleSchedule, OracleWindow } from './shape.ts';
import type { OracleVerdict } from './verdict.ts';

/** The hall of the hand-worked examples: Monday 2 March 2026, Shanghai, 09–12 and 14–17, every threshold as in section 8. */
export const MONDAY = '2026-03-02';
export const TWO_SESSIONS = ['09:00-12:00', '14:00-17:00'];
export const MORNING = ['09:00-12:00'];

type FactLine = Record<string, unknown>;

export function schedule(sessions: string[], more: Partial<OracleSchedule> = {}): OracleSchedule {
  const weekly = Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, sessions]));
  return { punches: 'session', weekly, ...more };
}

/** One person, no window. */
export function office(more: Partial<OracleConfig> = {}): OracleConfig {
  return {
    hall: { id: 'h', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    schedules: { standard: schedule(TWO_SESSIONS) },
    employees: [{ id: 'e1', department: 'gaj', schedule: 'standard' }],
    windows: [],
    ...more,
  };
}

/** Windows and people as given, mornings only; `posts` are window id → [As, Bs]. */
export function counters(posts: Record<string, [string[], string[]]>, more: Partial<OracleConfig> = {}): OracleConfig {
  const ids = new Set(Object.values(posts).flatMap(([a, b]) => [...a, ...b]));
  const windows: OracleWindow[] = Object.entries(posts).map(([id, [a, b]]) => ({
    id,
    department: 'desk',
    schedule: 'standard',
    a,
    b,
  }));
  return {
    ...office(),
    schedules: { standard: schedule(MORNING) },
    employees: [...ids].sort().map((id) => ({ id, department: 'gaj', schedule: 'standard' })),
    windows,
    ...more,
  };
}

/** `09:05` of the Monday, in the hall's offset. */
export function on(time: string, date = MONDAY): string {
  const seconds = time.length === 5 ? ':00' : '';
  return `${date}T${time}${seconds}+08:00`;
}

let count = 0;
function nextId(): string {
  count += 1;
  return `f${String(count).padStart(5, '0')}`;
}

export function punch(time: string, more: FactLine = {}): FactLine {
  return { fact: 'punch', id: nextId(), at: on(time), ...(more['credential'] ? {} : { employee: 'e1' }), ...more };
}

export function punches(...times: string[]): FactLine[] {
  return times.map((time) => punch(time));
}

export function span(fact: string, from: string, to: string, more: FactLine = {}): FactLine {
  return { fact, id: nextId(), from: on(from), to: on(to), ...more };
}

export function seen(time: string, state: string, more: FactLine = {}): FactLine {
  return { fact: 'presence', id: nextId(), at: on(time), window: 'W1', state, ...more };
}

export function device(time: string, id: string, state: string): FactLine {
  return { fact: 'device', id: nextId(), at: on(time), device: id, state };
}

/** `late closed s1 e1 09:00:00→09:07:30 8m`: a verdict in one line, as a person would say it. */
export function said(verdict: OracleVerdict): string {
  const time = (text: string | null) => (text === null ? '…' : text.slice(11).replace(/(Z|[+-]\d\d:\d\d)$/, ''));
  return [
    verdict.rule,
    verdict.because === undefined ? verdict.state : `${verdict.state}:${verdict.because}`,
    ...(verdict.session === null ? [] : [`s${verdict.session}${verdict.side ?? ''}`]),
    ...[verdict.window, verdict.employee].filter((id) => id !== null),
    `${time(verdict.from)}→${time(verdict.to)}`,
    `${verdict.minutes}m`,
  ].join(' ');
}

/** What the oracle says on the Monday at a time of it. */
export function judge(config: OracleConfig, facts: FactLine[], time = '23:00'): string[] {
  return oracle(config, facts, on(time), { from: MONDAY }).map(said);
}

/** The same, only of the window rules. */
export function judgePosts(config: OracleConfig, facts: FactLine[], time = '23:00'): string[] {
  return oracle(config, facts, on(time), { from: MONDAY })
    .filter((verdict) => verdict.window !== null)
    .map(said);
}
