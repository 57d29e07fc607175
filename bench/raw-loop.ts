/**
 * What a year of facts costs at the very least: one loop that keeps each person's first and last punch of each day, and counts the
 * gaps at each window. It knows no sessions, leave, cover or doubt. Once over the facts as judging gets them, and once over columns of
 * numbers that were made of them beforehand.
 */
import type { Fact } from '../rules/facts.ts';
import type { Hall } from '../rules/hall.ts';
import { dayAt } from '../rules/hall.ts';
import { type Day, MINUTE } from '../rules/time.ts';

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

export const isPunchAt = ({ kind }: Columns, place: number): boolean => kind[place] === PUNCH;
export const isSeatTakenAt = ({ kind }: Columns, place: number): boolean => kind[place] === OCCUPIED;

/** Numbers of people, by id and by credential, and of windows. */
function numbered(hall: Hall) {
  const people = new Map([...hall.employees.keys()].map((id, i) => [id, i]));
  const owners = new Map(
    [...hall.employees.values()].flatMap(({ id, credentials }) =>
      credentials.map((credential) => [credential, people.get(id) as number]),
    ),
  );
  return { people, owners, windows: new Map([...hall.windows.keys()].map((id, i) => [id, i])) };
}

export function columnsOf(facts: readonly Fact[], hall: Hall): Columns {
  const rows = facts.filter((fact) => fact.fact === 'punch' || fact.fact === 'presence');
  const { people, owners, windows } = numbered(hall);
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
    const owner = fact.employee === undefined ? owners.get(fact.credential ?? '') : people.get(fact.employee);
    return ((days[i] as number) - firstDay) * people.size + (owner as number);
  });
  return { at, subject, kind, slots: (lastDay - firstDay + 1) * people.size, windows: windows.size };
}

/** The same over the facts as they lie in memory, which is what judging begins with. */
export function factLoop(facts: readonly Fact[], hall: Hall): RawResult {
  const { people, owners, windows } = numbered(hall);
  const days = new Map<Day, { readonly first: Float64Array; readonly last: Float64Array }>();
  const emptySince = new Float64Array(windows.size).fill(Number.POSITIVE_INFINITY);
  let gaps = 0;
  for (const fact of facts) {
    if (fact.fact === 'presence') {
      const of = windows.get(fact.window) as number;
      if (fact.state === 'occupied') {
        if (fact.at - (emptySince[of] as number) >= GAP) gaps++;
        emptySince[of] = Number.POSITIVE_INFINITY;
      } else if (fact.at < (emptySince[of] as number)) emptySince[of] = fact.at;
    } else if (fact.fact === 'punch') {
      const owner = fact.employee === undefined ? owners.get(fact.credential ?? '') : people.get(fact.employee);
      const of = owner as number;
      const day = dayAt(hall, fact.at);
      let slots = days.get(day);
      if (slots === undefined) {
        slots = {
          first: new Float64Array(people.size).fill(Number.POSITIVE_INFINITY),
          last: new Float64Array(people.size).fill(Number.NEGATIVE_INFINITY),
        };
        days.set(day, slots);
      }
      if (fact.at < (slots.first[of] as number)) slots.first[of] = fact.at;
      if (fact.at > (slots.last[of] as number)) slots.last[of] = fact.at;
    }
  }
  let attended = 0;
  for (const { first, last } of days.values()) {
    for (let of = 0; of < people.size; of++) if ((first[of] as number) <= (last[of] as number)) attended++;
  }
  return { attended, gaps };
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
