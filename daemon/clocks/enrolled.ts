/**
 * Whose number of a clock is whose in the hall, as far as the two lists say so: by the same number, else by the same name. What is not
 * beyond doubt is never settled by itself: a touch that counts for the wrong person accuses two.
 */
import type { DeviceUser } from '../../adapters/clock.ts';

/** Somebody of the hall. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/**
 * Why a proposal has to be looked at: `two-in-hall` several people of the hall have this name · `two-on-clock` several numbers of the clock
 * have it · `other-name` the number is one person's, and the name on the clock another · `two-numbers` another number of the clock is
 * theirs already, or is to be.
 */
export type Doubt = 'two-in-hall' | 'two-on-clock' | 'other-name' | 'two-numbers';

export interface EnrolledRow extends DeviceUser {
  /** Whose it is already; null = nobody's. */
  readonly present: Person | null;
  /** Whose it may be; null = nobody is near. */
  readonly proposed: Person | null;
  readonly by: 'number' | 'name' | null;
  /** Null = none. */
  readonly doubt: Doubt | null;
}

/** `ownerOf`: the id of whom a number of this clock is by now. */
export function enrolledRows(
  users: readonly DeviceUser[],
  people: readonly Person[],
  ownerOf: (credential: string) => string | null,
): readonly EnrolledRow[] {
  const byId = new Map(people.map((person) => [person.id, person]));
  const byName = Map.groupBy(people, ({ name }) => plain(name));
  const named = Map.groupBy(users, ({ name }) => plain(name));
  const rows = users.map((user): EnrolledRow => {
    const owner = ownerOf(user.credential);
    if (owner !== null) {
      const present = byId.get(owner) ?? { id: owner, name: owner };
      return { ...user, present, proposed: null, by: null, doubt: null };
    }
    const name = plain(user.name);
    const same = byId.get(user.credential);
    if (same !== undefined) {
      const isOther = name !== '' && name !== plain(same.name);
      return { ...user, present: null, proposed: same, by: 'number', doubt: isOther ? 'other-name' : null };
    }
    const called = name === '' ? [] : (byName.get(name) ?? []);
    const [proposed = null] = called;
    if (proposed === null) return { ...user, present: null, proposed: null, by: null, doubt: null };
    const isTwice = (named.get(name) ?? []).length > 1;
    const doubt = called.length > 1 ? 'two-in-hall' : isTwice ? 'two-on-clock' : null;
    // Of several nobody is nearer than the others.
    return { ...user, present: null, proposed: called.length > 1 ? null : proposed, by: 'name', doubt };
  });
  return withoutSecondNumbers(rows);
}

/** Nobody is given a second number of a clock by a list alone. */
function withoutSecondNumbers(rows: readonly EnrolledRow[]): readonly EnrolledRow[] {
  const numbers = Map.groupBy(rows, ({ present, proposed }) => (present ?? proposed)?.id ?? '');
  return rows.map((row) => {
    if (row.proposed === null || row.doubt !== null) return row;
    return (numbers.get(row.proposed.id) ?? []).length > 1 ? { ...row, doubt: 'two-numbers' } : row;
  });
}

/** Spaces within Chinese names, and how wide letters are written, say nothing. */
const plain = (name: string | null): string => (name ?? '').normalize('NFKC').replace(/\s/g, '').toLowerCase();
