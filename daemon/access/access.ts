/** Who may: the books, the gate at which people and machines say who they are, and the office that decides who they may be. */

import type { Ms } from '../../rules/time.ts';
import { Books, type BooksOptions } from './books.ts';
import { Gate } from './gate.ts';
import { Office, type OfficeOptions } from './office.ts';

export interface AccessOptions extends BooksOptions, Omit<OfficeOptions, 'books'> {
  /** Time that passes, on a clock that nobody sets. */
  readonly elapsed: () => Ms;
}

export class Access {
  readonly books: Books;
  readonly gate: Gate;
  readonly office: Office;

  constructor(options: AccessOptions) {
    this.books = new Books(options);
    this.gate = new Gate(this.books, options.elapsed);
    this.office = new Office({ ...options, books: this.books });
  }

  /** What an account is called, by the id of its actor (`user:NAME`); null of anything else. */
  nameOf(by: string): string | null {
    return by.startsWith('user:')
      ? (this.books.accounts.find(by.slice('user:'.length))?.account.display ?? null)
      : null;
  }

  close(): void {
    this.gate.close();
  }
}
