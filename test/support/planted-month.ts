/**
 * A month of a small hall, planted session by session: what everybody does is written down in a table, and so what every report has to
 * say of it can be worked out from that table by hand, with none of the product's rules.
 */
import { join } from 'node:path';
import { CoreHall, factOf } from './core-hall.ts';

/** What somebody does with a session: minutes after its start and before its end at which they touch the clock; null = never. */
export interface Doing {
  readonly arrives: number | null;
  readonly leaves: number | null;
}

export type Habit = keyof typeof HABITS;

/** Minutes are counted from the session's start (`arrives`) and to its end (`leaves`): −10 is ten minutes early, or late. */
export const HABITS = {
  ok: { arrives: -10, leaves: -2 },
  late: { arrives: 7, leaves: -2 },
  veryLate: { arrives: 40, leaves: -2 },
  away: { arrives: null, leaves: null },
  early: { arrives: -10, leaves: 20 },
  noOut: { arrives: -10, leaves: null },
  leave: { arrives: null, leaves: null },
  errand: { arrives: null, leaves: null },
  /** Away while the only clock of theirs may have been dead. */
  unproved: { arrives: null, leaves: null },
} as const satisfies Record<string, Doing>;

export const SESSIONS = [
  { from: 9 * 60, to: 12 * 60 },
  { from: 14 * 60, to: 17 * 60 },
] as const;
export const SESSION_MINUTES = 180;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  /** What they do otherwise than `ok`: by date and session. */
  readonly does: Readonly<Record<string, Habit>>;
}

export const PEOPLE: readonly Person[] = [
  {
    id: 'e1',
    name: '徐敏',
    department: 'gaj',
    does: { '04/1': 'late', '05/1': 'veryLate', '05/2': 'early', '09/1': 'away', '09/2': 'away', '24/2': 'noOut' },
  },
  {
    id: 'e2',
    name: '=HYPERLINK("http://x.example","点我")',
    department: 'gaj',
    does: { '09/2': 'away', '11/1': 'late' },
  },
  {
    id: 'e3',
    name: '廖强',
    department: 'zjj',
    does: { '10/1': 'leave', '10/2': 'leave', '12/2': 'leave', '16/1': 'early' },
  },
  { id: 'e4', name: '@SUM(1+1)', department: 'zjj', does: { '13/2': 'errand', '30/1': 'away' } },
  { id: 'e5', name: '<b>张煜</b>', department: 'zjj', does: { '02/1': 'away', '31/2': 'early' } },
  { id: 'e6', name: '-1+周敏', department: 'gaj', does: { '17/1': 'unproved', '18/1': 'away' } },
];

export interface PlantedWindow {
  readonly id: string;
  readonly department: string;
  readonly a: string;
  readonly b: string;
}

export const WINDOWS: readonly PlantedWindow[] = [
  { id: 'W1', department: 'gaj', a: 'e1', b: 'e2' },
  { id: 'W2', department: 'zjj', a: 'e3', b: 'e4' },
];

/** The dates of March 2026; judged from the 4th on, and the 20th is a holiday. */
export const DATES = Array.from({ length: 31 }, (_, i) => `2026-03-${String(i + 1).padStart(2, '0')}`);
const HOLIDAY = '2026-03-20';
export const JUDGE_FROM = '2026-03-04';

export function isWorkday(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && date !== HOLIDAY;
}

/** Workdays that count. */
export const COUNTED = DATES.filter((date) => date >= JUDGE_FROM && isWorkday(date));

export function habitOf({ does }: Person, date: string, session: number): Habit {
  return does[`${date.slice(8)}/${session}`] ?? 'ok';
}

const YAML = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
judgeFrom: ${JUDGE_FROM}
calendar: { country: none, days: { "${HOLIDAY}": rest } }
schedules:
  standard:
    weekly: { ${['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => `${day}: ["09:00-12:00", "14:00-17:00"]`).join(', ')} }
departments: [{ id: gaj, name: 公安局 }, { id: zjj, name: 住建局 }]
employees: ${JSON.stringify(PEOPLE.map(({ id, name, department }) => ({ id, name, department, schedule: 'standard' })))}
windows: ${JSON.stringify(WINDOWS.map((one) => ({ ...one, name: `${one.id}号`, b: [one.b], schedule: 'standard' })))}
clocks: [{ id: clock-1, serves: [e1, e2, e3, e4, e5] }, { id: clock-2, serves: [e6] }]
`;

type Line = Readonly<Record<string, unknown>>;

const clockText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;
export const instantText = (date: string, minutes: number): string => `${date}T${clockText(minutes)}+08:00`;

/** What is recorded of a date, but for leave. */
function linesOf(date: string): Line[] {
  if (!isWorkday(date)) return [];
  const punches = PEOPLE.flatMap((person) =>
    SESSIONS.flatMap(({ from, to }, i) => {
      const { arrives, leaves } = HABITS[habitOf(person, date, i + 1)];
      const device = person.id === 'e6' ? 'clock-2' : 'clock-1';
      const touch = (minutes: number): Line => ({
        fact: 'punch',
        id: `${person.id}-${date}-${minutes}`,
        at: instantText(date, minutes),
        employee: person.id,
        device,
      });
      return [...(arrives === null ? [] : [touch(from + arrives)]), ...(leaves === null ? [] : [touch(to - leaves)])];
    }),
  );
  return [...punches, ...(date === '2026-03-17' ? OUTAGE : [])];
}

const OUTAGE: readonly Line[] = [
  { fact: 'device', id: 'off', at: instantText('2026-03-17', 8 * 60), device: 'clock-2', state: 'offline' },
  { fact: 'device', id: 'on', at: instantText('2026-03-17', 12 * 60 + 30), device: 'clock-2', state: 'online' },
];

const LEAVES: readonly Line[] = [
  leaveLine('l1', 'e3', '事假', '2026-03-10', SESSIONS[0].from, SESSIONS[1].to),
  leaveLine('l2', 'e3', '病假', '2026-03-12', SESSIONS[1].from, SESSIONS[1].to),
  leaveLine('l3', 'e4', '外出', '2026-03-13', SESSIONS[1].from, SESSIONS[1].to),
];

function leaveLine(id: string, employee: string, kind: string, date: string, from: number, to: number): Line {
  const stretch = { from: instantText(date, from), to: instantText(date, to) };
  return { fact: 'leave', id, employee, kind, ...stretch, slip: true };
}

/** The month's ledger as it was at an instant, by 1 April if none is given; the leave of the 12th was filed on the 25th. */
export function plantedMonth(until = '2026-04-01T12:00:00+08:00'): CoreHall {
  const hall = new CoreHall({ yaml: YAML, startsAt: '2026-03-01T12:00:00+08:00' });
  // What comes due in between speaks at its own instant, whenever the next facts come.
  const take = (lines: readonly Line[], at: string): void => {
    if (at > until) return;
    hall.core.live.recordAt(lines.map(factOf), { by: null, via: 'import', claimedAt: null }, Date.parse(at));
  };
  take([LEAVES[0] as Line, LEAVES[2] as Line], instantText('2026-03-01', 13 * 60));
  for (const date of DATES) {
    const byTime = Map.groupBy(linesOf(date), (line) => String(line['at']));
    for (const [at, lines] of [...byTime].sort(([x], [y]) => (x < y ? -1 : 1))) take(lines, at);
    if (date === '2026-03-25') take([LEAVES[1] as Line], instantText(date, 20 * 60));
  }
  take([], until);
  return hall;
}

/** Where its ledger is. */
export function sourceOf(hall: CoreHall) {
  return { directory: join(hall.folder, 'data'), hall: 'suixian', countSimulated: false, appealDays: 5 } as const;
}
