/** A hall as small as a sentence of the rules, facts about it, and what is said then, in words that are compared at a glance. */
import { parseConfig } from '../../config/load.ts';
import type { Hall } from '../../rules/hall.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { formatInstant, type Ms, parseInstant } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { everyDay } from './noon.ts';
import { readWorldFacts } from './world-run.ts';

/** The day on which everything happens that names no date. */
export const MONDAY = '2026-03-02';
const OFFSET = '+08:00';

type Line = Readonly<Record<string, unknown>>;

/** As a number. */
export function instantAt(time: string): Ms {
  return parseInstant(at(time)) ?? Number.NaN;
}

/** `09:05:00.001` of the Monday, or `2026-03-03 09:05:00`, as facts write it. */
export function at(time: string): string {
  const [date = '', clock] = time.includes(' ') ? time.split(' ') : [MONDAY, time];
  return `${date}T${clock}${OFFSET}`;
}

/** One person, e1, and sessions from 09:00 to 12:00 and from 14:00 to 17:00 on every day, in Shanghai; `more` outranks. */
export function hallWith(more: Line = {}): Hall {
  const config = {
    hall: { id: 'h', name: 'H', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    schedules: { s: { weekly: everyDay('09:00-12:00', '14:00-17:00') } },
    employees: [{ id: 'e1', name: 'E1', schedule: 's' }],
    windows: [],
    clocks: [{ id: 'k1' }],
    ...more,
  };
  // JSON is YAML, too.
  return parseConfig(JSON.stringify(config), 'hall.yaml', { env: {}, lang: 'en' }).hall;
}

let count = 0;
const fact = (kind: string, line: Line): Line => {
  count += 1;
  return { fact: kind, id: `f${String(count).padStart(4, '0')}`, ...line };
};

/** A touch of clock k1. */
export const punch = (time: string, employee = 'e1', more: Line = {}): Line =>
  fact('punch', { at: at(time), employee, device: 'k1', ...more });

export const seen = (time: string, state: string, window = 'W', more: Line = {}): Line =>
  fact('presence', { at: at(time), window, state, ...more });

export const device = (time: string, name: string, state: string, more: Line = {}): Line =>
  fact('device', { at: at(time), device: name, state, ...more });

/** `leave`, `duty`, `pause`, `cover`, `assign`: whatever lasts. */
export const lasting = (kind: string, from: string, to: string | null, more: Line): Line =>
  fact(kind, { from: at(from), to: to === null ? null : at(to), ...more });

function clock(hall: Hall, instant: Ms | null): string {
  if (instant === null) return '';
  const [date = '', time = ''] = formatInstant(hall.zone, instant).split('T');
  const shown = time.slice(0, time.search(/[+-]/));
  return date === MONDAY ? shown : `${date} ${shown}`;
}

/** `late open e1/1 09:00:00–`, `missing-punch out closed e1/1 12:00:00–12:00:00`, `absent pending (uncovered) e1/1 …` */
function sentence(hall: Hall, verdict: Verdict): string {
  const { rule, side, state, because, session, window, employee, from, to } = verdict;
  const subject = `${window ?? employee}${session === null ? '' : `/${session}`}`;
  const why = because === null ? [] : [`(${because})`];
  const holder = window !== null && employee !== null ? [employee] : [];
  const span = `${clock(hall, from)}–${clock(hall, to)}`;
  return [rule, ...(side === null ? [] : [side]), state, ...why, subject, ...holder, span].join(' ');
}

/** What holds at an instant of those days, by the facts known then. */
export function saidAt(hall: Hall, lines: readonly Line[], time: string): string[] {
  const now = instantAt(time);
  const facts = readWorldFacts(hall, lines);
  return verdictsAt({ facts, compile: () => hall, hall, now }).map((verdict) => sentence(hall, verdict));
}

/** What changed up to an instant: `09:05:00.001 open late open e1/1 09:00:00–`. */
export function toldUntil(hall: Hall, lines: readonly Line[], time: string): string[] {
  const now = instantAt(time);
  const facts = readWorldFacts(hall, lines);
  return historyUntil({ facts, compile: () => hall, hall, now }).map(
    ({ at: when, op, verdict }) => `${clock(hall, when)} ${op} ${sentence(hall, verdict)}`,
  );
}
