/** How a person's touch reaches us, for whoever wants to try: on which clock, by which credential. */
import type { Book } from '../../rules/book.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';

export interface Asked {
  readonly employee: string;
  /** null = any clock on which the person has a credential. */
  readonly clock: string | null;
  readonly at: Ms;
}

export type TouchAnswer =
  | { readonly clock: string; readonly credential: string }
  | { readonly none: 'employee' | 'clock' | 'credential' };

/** The credential that counts as theirs on that clock at that instant, or what there is none of. */
export function touchOf(hall: Hall, book: Book, { employee, clock, at }: Asked): TouchAnswer {
  if (!hall.employees.has(employee)) return { none: 'employee' };
  const clocks = clock === null ? [...hall.clocks.keys()] : [clock];
  if (clocks.length === 0) return { none: 'clock' };
  for (const device of clocks) {
    for (const credential of book.credentialsOf(hall, employee)) {
      if (book.ownerOf(hall, { credential, device, at }) === employee) return { clock: device, credential };
    }
  }
  return { none: 'credential' };
}
