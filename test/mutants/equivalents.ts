/** The list of mutants that no test can notice, each with its reason. */
import { nameOfMutant } from './mutation.ts';

export interface Equivalent {
  readonly file: string;
  /** The line as written. */
  readonly source: string;
  readonly change: string;
  readonly reason: string;
}

/** Reads the list: paragraphs of file, line as written, change and reason. Throws where one is none of that. */
export function readEquivalents(text: string): Map<string, Equivalent> {
  const listed = new Map<string, Equivalent>();
  const paragraphs = text.replaceAll(/^#.*\n/gm, '').split(/\n\s*\n/);
  for (const paragraph of paragraphs.map((one) => one.trim()).filter((one) => one !== '')) {
    const [file = '', source = '', change = '', ...reason] = paragraph.split('\n').map((line) => line.trim());
    const equivalent = { file, source, change, reason: reason.join(' ') };
    if (equivalent.reason === '' || !change.includes(' → '))
      throw new Error(`file, line, change and reason: ${paragraph}`);
    const name = nameOfMutant(equivalent);
    if (listed.has(name)) throw new Error(`listed twice: ${paragraph}`);
    listed.set(name, equivalent);
  }
  return listed;
}
