/** A question about a verdict, by its id or the id of its case, and the answer for whoever asked. */
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../rules/changes.ts';
import { explain, verdictsOfSubject } from '../../rules/explain.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { ReopenedDay } from '../../rules/reopened-day.ts';
import { type Day, dayOfDate } from '../../rules/time.ts';
import { verdictId } from '../../rules/verdict.ts';
import type { Language } from '../alerts/words.ts';
import {
  explanationJson,
  explanationText,
  unknownText,
  type Withdrawal,
  withdrawalJson,
  withdrawalText,
} from './document.ts';
import { asReadBy, type Reader } from './reading.ts';

/** Where verdicts are looked for: a ledger, or a file of facts. */
export interface Source {
  /** A day as it is judged by what is known; null where it is not judged. */
  reopen(day: Day): ReopenedDay | null;
  find(fact: string): Fact | null;
  /** Every change of a day's verdicts, in order. */
  changesOf(day: Day): readonly Change[];
  hallOn(day: Day): Hall;
  /** The ids of the verdicts that a case holds or held; null where there is no such case. */
  verdictsOfCase(id: string): readonly string[] | null;
}

export interface Question {
  readonly id: string;
  readonly lang: Language;
  readonly json: boolean;
  /** Who may read how much of the answer; left out, all of it. */
  readonly reader?: Reader | null;
}

export interface Answer {
  /** Whether there is, or was, such a verdict. */
  readonly found: boolean;
  /** What was asked for. */
  readonly out: string;
  /** What else there is to say. */
  readonly say: string;
}

/** Answers a question about a verdict or a case. */
export function answer(source: Source, { id, ...as }: Question): Answer {
  const ids = id.startsWith('C-') ? (source.verdictsOfCase(id) ?? []) : [id];
  const found = ids.map((one) => lookUp(source, { id: one, ...as }));
  const known = found.filter((one) => one.found);
  const [first] = found;
  if (known.length === 0) return first ?? { found: false, out: '', say: unknownText(id, [], as.lang) };
  const shown = known.flatMap(({ out }) => (out === '' ? [] : [out]));
  return { found: true, out: shown.join(as.json ? '' : '\n'), say: '' };
}

/** What speaks against somebody whom the reader may not see is there, and says nothing. */
const NOT_THEIRS: Answer = { found: true, out: '', say: '' };

function lookUp(source: Source, { id, lang, json, reader = null }: Question): Answer {
  const [, subject = '', date = ''] = id.split('/');
  const day = dayOfDate(date);
  if (day === null) return { found: false, out: '', say: unknownText(id, [], lang) };
  const reopened = source.reopen(day);
  const holding = reopened === null ? [] : verdictsOfSubject(reopened, subject);
  const verdict = holding.find((one) => reopened !== null && verdictId(reopened.hall.zone, one) === id);
  if (reopened !== null && verdict !== undefined) {
    const whole = explain(reopened, verdict);
    const read = reader === null ? whole : asReadBy(reader, whole);
    if (read === null) return NOT_THEIRS;
    const { hall } = reopened;
    const isWhole = reader === null || isDeepStrictEqual(read, whole);
    const out = json ? line(explanationJson(hall, read, isWhole)) : explanationText(hall, read, lang, isWhole);
    return { found: true, out, say: '' };
  }
  const hall = reopened?.hall ?? source.hallOn(day);
  const near = holding.flatMap((one) => verdictId(hall.zone, one) ?? []);
  const withdrawal = withdrawalOf(source, day, { id, near, reader });
  if (withdrawal === null) return { found: false, out: '', say: unknownText(id, near, lang) };
  const { employee } = withdrawal.change.verdict;
  if (reader !== null && employee !== null && !reader.person(employee)) return NOT_THEIRS;
  const out = json ? line(withdrawalJson(hall, withdrawal)) : withdrawalText(hall, withdrawal, lang);
  return { found: true, out, say: '' };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

interface Withdrawn {
  readonly id: string;
  readonly near: readonly string[];
  readonly reader: Reader | null;
}

function withdrawalOf(source: Source, day: Day, { id, near, reader }: Withdrawn): Withdrawal | null {
  const { zone } = source.hallOn(day);
  const change = source.changesOf(day).findLast((one) => verdictId(zone, one.verdict) === id);
  if (change?.op !== 'retract') return null;
  const { cause } = change;
  if ('deadline' in cause) return { id, change, because: 'deadline', near };
  if ('upgrade' in cause) return { id, change, because: 'upgrade', near };
  const facts = cause.facts.flatMap((fact) => source.find(fact) ?? []);
  return { id, change, because: facts.filter((fact) => reader?.fact(fact) ?? true), near };
}
