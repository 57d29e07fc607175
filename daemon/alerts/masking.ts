/** What readers of a message may see of a verdict. Whoever tells people of one asks here; names are nowhere else left out. */
import type { Hall } from '../../rules/hall.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { type Sight, seesPerson } from '../access/sight.ts';

/** The verdict as they may see it: without the person, and what leads to them, unless they see the person. */
export function asSeenBy(sight: Sight, hall: Hall, verdict: Verdict): Verdict {
  const { employee, window, state } = verdict;
  if (state === 'pending' || sight.of === 'nobody') return withoutName(verdict);
  if (employee === null) return verdict;
  const departments = [
    hall.employees.get(employee)?.department ?? null,
    window === null ? null : (hall.windows.get(window)?.department ?? null),
  ];
  return seesPerson(sight, { employee, departments }) ? verdict : withoutName(verdict);
}

/** Not by name, and not by the punches or the leave that it rests on. A pending verdict is nobody's, whoever reads it. */
export function withoutName(verdict: Verdict): Verdict {
  const { leave, ...rest } = verdict;
  return { ...rest, employee: null, evidence: [] };
}
