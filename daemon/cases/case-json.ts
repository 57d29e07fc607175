/** A case as pages and programs get it, with no more than the one who asks may see. */
import { DEEDS, type Deed, type Done, refusalOf } from '../../rules/case-life.ts';
import type { Change } from '../../rules/changes.ts';
import { type PunchFact, referencesOf } from '../../rules/facts.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import type { Holders } from '../../rules/plan.ts';
import { dateOf, formatInstant, type Ms } from '../../rules/time.ts';
import { type Verdict, verdictLine } from '../../rules/verdict.ts';
import type { Actor } from '../access/actor.ts';
import { type Sight, seesDepartment, seesPerson } from '../access/sight.ts';
import { type Language, ruleName, sentence } from '../alerts/words.ts';
import type { Reader } from '../explain/reading.ts';
import type { CaseFile } from './case-file.ts';
import { mayDo } from './doers.ts';

/** Who looks at a case, when, and in which language. */
export interface Look {
  readonly hall: Hall;
  readonly holders: Holders;
  readonly actor: Actor;
  readonly sight: Sight;
  readonly now: Ms;
  readonly language: Language;
  /** What the account `by` of a deed is called; null of what has no account. */
  readonly nameOf: (by: string) => string | null;
}

/** Whether somebody may see a case: of a person whom they see, or of a window of their department. */
export function seesCase(hall: Hall, sight: Sight, file: CaseFile): boolean {
  if (sight.of !== 'some') return sight.of === 'everybody';
  const { subject, family } = file.row;
  const window = isOfWindow(family) ? hall.windows.get(subject) : undefined;
  if (window !== undefined && seesDepartment(sight, window.department)) return true;
  const people = new Set(file.content.judged);
  if (window === undefined) people.add(subject);
  return [...people].some((person) => seesPerson(sight, personOf(hall, person, window?.department ?? null)));
}

/** What of the people and records around a case somebody may see; null = all of it. `ownerOf`: whose a punch is, null = nobody's. */
export function readerOf(
  hall: Hall,
  sight: Sight,
  { row }: CaseFile,
  ownerOf: (punch: PunchFact) => string | null,
): Reader | null {
  if (sight.of === 'everybody') return null;
  const department = isOfWindow(row.family) ? (hall.windows.get(row.subject)?.department ?? null) : null;
  const person = (employee: string): boolean => seesPerson(sight, personOf(hall, employee, department));
  return {
    person,
    fact(fact) {
      const owner = fact.fact === 'punch' ? ownerOf(fact) : null;
      const people = owner === null ? referencesOf(fact).employees : [owner];
      // A touch of somebody unknown may be anybody's.
      return people.length === 0 ? fact.fact !== 'punch' : people.every(person);
    },
  };
}

const isOfWindow = (family: CaseFile['row']['family']): boolean => family === 'cover' || family === 'post';

/** Somebody as sight asks of them: with the department of the window at which they sat. */
export function personOf(hall: Hall, employee: string, atWindowOf: string | null) {
  return { employee, departments: [hall.employees.get(employee)?.department ?? null, atWindowOf] };
}

/** What a list shows of a case. */
export function caseJson(file: CaseFile, look: Look): Record<string, unknown> {
  const { row, content, life } = file;
  const { hall } = look;
  const window = isOfWindow(row.family) ? row.subject : null;
  const stamp = (at: Ms | null): string | null => (at === null ? null : formatInstant(hall.zone, at));
  return {
    case: row.id,
    alert: row.alert,
    hall: hall.id,
    date: dateOf(row.day),
    session: row.session,
    family: row.family,
    window,
    windowName: window === null ? null : (hall.windows.get(window)?.name ?? null),
    ...personJson(file, window, look),
    own: look.actor.employee !== null && content.judged.includes(look.actor.employee),
    state: content.state,
    revision: file.revision,
    from: stamp(row.from_at),
    to: stamp(row.to_at),
    text: file.verdicts
      .map((verdict) => sentence(hall, 'open', masked(verdict, look), look.now, look.language))
      .join('\n'),
    verdicts: file.verdicts.map((verdict) => ({
      ...verdictLine(hall, masked(verdict, look), look.now),
      name: ruleName(verdict.rule, look.language),
    })),
    acknowledged: doneJson(life.acknowledged, look),
    cleared: doneJson(life.cleared, look),
    decision: life.decision,
    decided: doneJson(life.judgedBy, look),
    delivered: doneJson(life.delivered, look),
    appeal: doneJson(life.appeal, look),
    appealDecided: doneJson(life.appealDecided, look),
    appealUntil: stamp(file.appealUntil),
    // A day of the hall may end after midnight: what people are told is its date.
    appealLastDay: file.appealUntil === null ? null : dateOf(dayAt(hall, file.appealUntil - 1)),
    review: life.review,
    finalAt: stamp(file.finalAt),
    may: deedsOf(file, look),
  };
}

/** All of it: also what was done and said, in order. `kindOf`: of a fact, by its id. */
export function caseDetail(
  file: CaseFile,
  changes: readonly Change[],
  kindOf: (fact: string) => string | null,
  look: Look,
): Record<string, unknown> {
  const { hall, now, language } = look;
  return {
    ...caseJson(file, look),
    asOf: formatInstant(hall.zone, now),
    today: dateOf(dayAt(hall, now)),
    timezone: hall.zone.id,
    people: peopleJson(file, look),
    deeds: file.deeds.map((done) => ({ do: done.deed, ...doneJson(done, look) })),
    history: changes.map(({ at, op, cause, verdict }) => ({
      at: formatInstant(hall.zone, at),
      op,
      cause,
      kinds: 'facts' in cause ? [...new Set(cause.facts.flatMap((fact) => kindOf(fact) ?? []))] : [],
      text: sentence(hall, op, masked(verdict, look), at, language),
      ...verdictLine(hall, masked(verdict, look), at),
    })),
  };
}

/** Whom it is about, where that may be seen: of a window's case, who was to hold it. */
function personJson({ row, content }: CaseFile, window: string | null, look: Look): Record<string, unknown> {
  const { hall, sight } = look;
  const department = window === null ? null : (hall.windows.get(window)?.department ?? null);
  const employee = window === null ? row.subject : content.judged.length === 1 ? (content.judged[0] ?? null) : null;
  const known = employee === null ? undefined : hall.employees.get(employee);
  const seen = employee !== null && seesPerson(sight, personOf(hall, employee, department));
  const of = department ?? known?.department ?? null;
  return {
    employee: seen ? employee : null,
    employeeName: seen ? (known?.name ?? null) : null,
    department: of,
    departmentName: of === null ? null : (hall.departments.get(of) ?? null),
  };
}

/** Whom the plan names for the window, and whom the case speaks against, as far as they may be seen. */
function peopleJson({ row, content }: CaseFile, { hall, holders, sight }: Look): Record<string, unknown>[] {
  const window = isOfWindow(row.family) ? hall.windows.get(row.subject) : undefined;
  const roles = new Map<string, 'A' | 'B' | null>();
  for (const employee of content.judged) roles.set(employee, null);
  if (window === undefined) roles.set(row.subject, null);
  else {
    for (const employee of holders(window, 'B', row.from_at)) roles.set(employee, 'B');
    for (const employee of holders(window, 'A', row.from_at)) roles.set(employee, 'A');
  }
  const atWindowOf = window?.department ?? null;
  return [...roles]
    .filter(([employee]) => seesPerson(sight, personOf(hall, employee, atWindowOf)))
    .map(([employee, role]) => ({ employee, name: hall.employees.get(employee)?.name ?? employee, role }))
    .sort((x, y) => (x.role ?? 'C').localeCompare(y.role ?? 'C'));
}

function masked(verdict: Verdict, { hall, sight }: Look): Verdict {
  const { employee, window } = verdict;
  if (employee === null) return verdict;
  const department = window === null ? null : (hall.windows.get(window)?.department ?? null);
  return seesPerson(sight, personOf(hall, employee, department))
    ? verdict
    : { ...verdict, employee: null, evidence: [] };
}

function doneJson(done: Done | null, { hall, nameOf }: Look): Record<string, unknown> | null {
  if (done === null) return null;
  return { by: done.by, byName: nameOf(done.by), at: formatInstant(hall.zone, done.at), reason: done.reason };
}

/** What the one who asks may do with it now; where a reason is wanted, with one. */
function deedsOf({ content, life, appealUntil }: CaseFile, { actor, now }: Look): Deed[] {
  const { id: by, employee } = actor;
  return DEEDS.filter(
    (deed) =>
      mayDo(actor, deed, content.judged) &&
      refusalOf(life, content, { deed, by, employee, at: now, reason: 'given', appealUntil }) === null,
  );
}
