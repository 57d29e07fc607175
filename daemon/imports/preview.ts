/** What facts would change if they became known now: found out by an engine of its own over the ledger. Nothing is written. */
import type { DatabaseSync } from 'node:sqlite';
import { hallOf } from '../../config/judging.ts';
import type { Change } from '../../rules/changes.ts';
import { Engine } from '../../rules/engine.ts';
import type { Fact } from '../../rules/facts.ts';
import { dayAt, type Hall, type Judging } from '../../rules/hall.ts';
import { dateOf, type Ms } from '../../rules/time.ts';
import { type VerdictLine, verdictLine } from '../../rules/verdict.ts';
import { type Language, sentence } from '../alerts/words.ts';
import { FactStore } from '../ledger/facts.ts';
import { HistoryStore } from '../ledger/history.ts';
import { Known } from '../reports/known.ts';

/** A change of a verdict that would be made, as a line and in words. */
export interface PreviewedChange {
  readonly op: Change['op'];
  readonly text: string;
  readonly verdict: VerdictLine;
}

export interface PreviewOptions {
  readonly database: DatabaseSync;
  readonly hall: Hall;
  readonly countSimulated: boolean;
  readonly lang: Language;
}

/** As of the ledger's last instant; null where nothing has been judged yet. */
export function previewOf(
  facts: readonly Fact[],
  options: PreviewOptions,
): { readonly at: Ms; readonly changes: PreviewedChange[] } | null {
  const { database, hall, countSimulated, lang } = options;
  const known = Known.in({ database, hall: hall.id, at: null, countSimulated, appealDays: 0 });
  if (known === null) return null;
  const [store, history] = [new FactStore(database, hall.id), new HistoryStore(database, hall.id)];
  const engine = new Engine({
    compile: (fact) => hallOf(fact.judging as Judging, fact.hash),
    archive: {
      find: (id) => store.find(id),
      between: (span, sought) => store.between(span, sought),
      standing: (day) => history.standing(day),
    },
    hotDays: HOT_DAYS,
    countSimulated,
  });
  const at = known.now;
  engine.restore(store.stretches(), at, known.from, dayAt(hall, at) - HOT_DAYS);
  const changes = engine.record(
    facts.map((fact) => ({ ...fact, recordedAt: at })),
    at,
  );
  return { at, changes: changes.map((change) => previewed(change, engine.hallOn(change.verdict.day) ?? hall, lang)) };
}

/** Days in memory from the start; others are read when a fact touches them. */
const HOT_DAYS = 3;

function previewed({ op, at, verdict }: Change, hall: Hall, lang: Language): PreviewedChange {
  const said = sentence(hall, op, verdict, at, lang);
  const date = dateOf(verdict.day);
  const text = said.includes(date) ? said : `${date} ${said}`;
  return { op, text, verdict: verdictLine(hall, verdict, at) };
}
