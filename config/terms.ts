/** The terms in which problems are told, before they are told in a language. */

/** A sentence, and what to do about it where that is known. */
export interface Told {
  readonly message: string;
  readonly hint: string | null;
}

/** What an id can be the id of. */
export type Noun =
  | 'employee'
  | 'department'
  | 'schedule'
  | 'window'
  | 'device'
  | 'channel'
  | 'user'
  | 'served'
  | 'recorder';

/** What can be wrong with the YAML, as far as telling it apart helps whoever has to mend it. */
export type SyntaxFault =
  | 'tab'
  | 'indent'
  | 'openQuote'
  | 'openBracket'
  | 'unclosed'
  | 'unexpected'
  | 'nestedInLine'
  | 'reserved'
  | 'escape'
  | 'severalDocuments'
  | 'tag'
  | 'anchor'
  | 'tooDeep'
  | 'other';

/** A slip that explains the fault better than the parser can, seen on its line. */
export type SyntaxCause = 'wideColon' | 'bareVariable' | 'wideQuote' | null;

/** What a value of the file is, in the words of people who do not program. */
export type TypeName = 'text' | 'number' | 'yesNo' | 'list' | 'map' | 'nothing';

export function nameOfType(value: unknown): TypeName {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'yesNo' : 'number';
}
