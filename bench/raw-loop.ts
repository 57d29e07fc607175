/**
 * What a year of facts costs at the very least: one loop over columns of numbers that keeps each person's first and last punch of
 * each day, and counts the gaps at each window. It knows no sessions, leave, cover or doubt.
 */
import type { Fact } from '../rules/facts.ts';
import type { Hall } from '../rules/hall.ts';
import { dayAt } from '../rules/hall.ts';
import { MINUTE } from '../rules/time.ts';

/** A fact a row: the day of a person, or a window and what is seen of it. */
export interface Columns {
  readonly at: Float64Array;
  /** The slot of a punch (person and day), or the window of a change of a seat. */
  readonly subject: Int32Array;
  readonly kind: Uint8Array;
  readonly slots: number;
  readonly windows: number;
}

export interface RawResult {
  /** Days of a person with any punch. */
  readonly attended: number;
  /** Empty seats of `GAP` or longer. */
  readonly gaps: number;
}

const PUNCH = 0;
const OCCUPIED = 1;
const NOT_OCCUPIED = 2;
const GAP = 15 * MINUTE;

export function columnsOf(facts: readonly Fact[], hall: Hall): Columns {
  const rows = facts.filter((fact) => fact.fact === 'punch' || fact.fact === 'presence');
  const people = new Map([...hall.employees.keys()].map((id, i) => [id, i]));
  const byCredential = new Map(
    [...hall.employees.values()].flatMap(({ id, credentials }) => credentials.map((credential) => [credential, id])),
  );
  const windows = new Map([...hall.windows.keys()].map((id, i) => [id, i]));
  const days = rows.map((fact) => dayAt(hall, fact.at));
  const firstDay = days.reduce((first, day) => Math.min(first, day), Number.POSITIVE_INFINITY);
  const lastDay = days.reduce((last, day) => Math.max(last, day), firstDay);
  const at = Float64Array.from(rows, (fact) => fact.at);
  const kind = Uint8Array.from(rows, (fact) => {
    if (fact.fact === 'punch') return PUNCH;
    return fact.state === 'occupied' ? OCCUPIED : NOT_OCCUPIED;
  });
  const subject = Int32Array.from(rows, (fact, i) => {
    if (fact.fact === 'presence') return windows.get(fact.window) as number;
    const owner = fact.employee ?? (byCredential.get(fact.credential ?? '') as string);
    return ((days[i] as number) - firstDay) * people.size + (people.get(owner) as number);
  });
  return { at, subject, kind, slots: (lastDay - firstDay + 1) * people.size, windows: windows.size };
}

export function rawLoop({ at, subject, kind, slots, windows }: Columns): RawResult {
  const first = new Float64Array(slots).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
  const emptySince = new Float64Array(windows).fill(Number.POSITIVE_INFINITY);
  let gaps = 0;
  for (let i = 0; i < at.length; i++) {
    const when = at[i] as number;
    const of = subject[i] as number;
    if (kind[i] === PUNCH) {
      if (when < (first[of] as number)) first[of] = when;
      if (when > (last[of] as number)) last[of] = when;
    } else if (kind[i] === OCCUPIED) {
      if (when - (emptySince[of] as number) >= GAP) gaps++;
      emptySince[of] = Number.POSITIVE_INFINITY;
    } else if (when < (emptySince[of] as number)) emptySince[of] = when;
  }
  let attended = 0;
  for (let slot = 0; slot < slots; slot++) if ((first[slot] as number) <= (last[slot] as number)) attended++;
  return { attended, gaps };
}
