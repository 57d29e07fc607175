/** When nobody owes anything at a window: between its sessions, before the first and after the last. */
import type { Engine } from '../../rules/engine.ts';
import { dayAt } from '../../rules/hall.ts';
import { hallDay, scheduledSessions } from '../../rules/plan.ts';
import type { Ms } from '../../rules/time.ts';

/** False also of a window that is not known, and before anything is. */
export function isBreak(engine: Pick<Engine, 'hallAt' | 'book'> | null, window: string, at: Ms): boolean {
  const hall = engine?.hallAt(at) ?? null;
  const known = hall?.windows.get(window);
  if (engine === null || hall === null || known === undefined) return false;
  const day = dayAt(hall, at);
  // A session of yesterday may go on after midnight.
  return [day - 1, day].every((one) =>
    scheduledSessions(hallDay(hall, engine.book, one), known.schedule).every(({ from, to }) => at < from || at >= to),
  );
}
