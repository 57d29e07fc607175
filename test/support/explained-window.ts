/** Windows of a small hall, and what an explanation says of one. */
import type { ExplainedWindow, Explanation } from '../../rules/explanation.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { hallWith, instantAt, punch, seen } from './hand-hall.ts';

type Line = Readonly<Record<string, unknown>>;

export const PEOPLE = ['e1', 'e2', 'e3', 'e4'].map((id) => ({ id, name: id, schedule: 's' }));

export const window = (id: string, a: readonly string[], b: readonly string[] = [], more: Line = {}): Line => {
  return { id, name: id, schedule: 's', a, b, ...more };
};

/** A hall of four people with these windows. */
export const hallOf = (...windows: readonly Line[]): Hall => hallWith({ employees: PEOPLE, windows });

/** e1 is A of W, and e2 its B. */
export const HALL = hallOf(window('W', ['e1'], ['e2']));

/** A touch with a name of its own. */
export const touch = (id: string, time: string, employee = 'e1', more: Line = {}): Line =>
  punch(time, employee, { id, ...more });

/** What `cam` saw of W's seat. */
export const saw = (id: string, time: string, state: string, more: Line = {}): Line =>
  seen(time, state, 'W', { id, source: 'cam', ...more });

export const span = (from: string, to: string): Span => ({ from: instantAt(from), to: instantAt(to) });

export function windowOf({ subject }: Explanation): ExplainedWindow {
  if (subject.of !== 'window') throw new Error('it is about a window');
  return subject;
}
