/** A question about a verdict, by its id or the id of its case, and the answer for whoever asked. */
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
export function answer(source: Source, { id, lang, json }: Question): Answer {
  const ids = id.startsWith('C-') ? (source.verdictsOfCase(id) ?? []) : [id];
  const found = ids.map((one) => lookUp(source, one, { id: one, lang, json }));
  const known = found.filter((one) => one.found);
  const [first] = found;
  if (known.length === 0) return first ?? { found: false, out: '', say: unknownText(id, [], lang) };
  return { found: true, out: known.map(({ out }) => out).join(json ? '' : '\n'), say: '' };
}

function lookUp(source: Source, id: string, { lang, json }: Question): Answer {
  const [, subject = '', date = ''] = id.split('/');
  const day = dayOfDate(date);
  if (day === null) return { found: false, out: '', say: unknownText(id, [], lang) };
  const reopened = source.reopen(day);
  const holding = reopened === null ? [] : verdictsOfSubject(reopened, subject);
  const verdict = holding.find((one) => reopened !== null && verdictId(reopened.hall.zone, one) === id);
  if (reopened !== null && verdict !== undefined) {
    const explanation = explain(reopened, verdict);
    const { hall } = reopened;
    const out = json ? line(explanationJson(hall, explanation)) : explanationText(hall, explanation, lang);
    return { found: true, out, say: '' };
  }
  const hall = reopened?.hall ?? source.hallOn(day);
  const near = holding.flatMap((one) => verdictId(hall.zone, one) ?? []);
  const withdrawal = withdrawalOf(source, day, id, near);
  if (withdrawal === null) return { found: false, out: '', say: unknownText(id, near, lang) };
  const out = json ? line(withdrawalJson(hall, withdrawal)) : withdrawalText(hall, withdrawal, lang);
  return { found: true, out, say: '' };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function withdrawalOf(source: Source, day: Day, id: string, near: readonly string[]): Withdrawal | null {
  const { zone } = source.hallOn(day);
  const change = source.changesOf(day).findLast((one) => verdictId(zone, one.verdict) === id);
  if (change?.op !== 'retract') return null;
  const { cause } = change;
  if ('deadline' in cause) return { id, change, because: 'deadline', near };
  if ('upgrade' in cause) return { id, change, because: 'upgrade', near };
  return { id, change, because: cause.facts.flatMap((fact) => source.find(fact) ?? []), near };
}
