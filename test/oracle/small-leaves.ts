import { oracle } from './oracle.ts';
import type { OracleConfig } from './shape.ts';
import { on } from './small-hall.ts';

type Line = Record<string, unknown>;

/** March 2026: the 2nd is a Monday. Six hours a day, 09–12 and 14–17. */
export const day = (date: number) => `2026-03-${String(date).padStart(2, '0')}`;

export function leave(id: string, from: string, to: string, more: Line = {}): Line {
  const at = (text: string) => on(text.slice(11), text.slice(0, 10));
  return { fact: 'leave', id, employee: 'e1', kind: '事假', from: at(from), to: at(to), ...more };
}

/** All of a working day's sessions, or the first or second of them. */
export function off(id: string, date: number, part: 'day' | 'am' | 'pm' = 'day', more: Line = {}): Line {
  const [from, to] = { day: ['09:00', '17:00'], am: ['09:00', '12:00'], pm: ['14:00', '17:00'] }[part];
  return leave(id, `${day(date)}T${from}`, `${day(date)}T${to}`, more);
}

/** `l1:closed l1`: date, state and evidence of every `leave-slip`. */
export function slips(config: OracleConfig, facts: Line[], now = on('23:00', '2026-06-30'), from?: string): string[] {
  return oracle(config, facts, now, from === undefined ? {} : { from })
    .filter((verdict) => verdict.rule === 'leave-slip')
    .map((verdict) => [verdict.date, verdict.because ?? verdict.state, ...verdict.evidence].join(' '));
}
