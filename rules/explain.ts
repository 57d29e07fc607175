/**
 * Explanations: every verdict with the plan it was judged against, the parameters with their origin, the facts that were used and those
 * that were set aside, and the arithmetic (rules.md section 1, principle 5). It judges nothing anew: it opens the day again with the same
 * rules and says what they looked at.
 */
import { type Explained, explainAttendance } from './explain-attendance.ts';
import { configInForce, explainDay } from './explain-day.ts';
import { explainLeaveSlip } from './explain-slip.ts';
import { explainWindow } from './explain-window.ts';
import type { Explanation } from './explanation.ts';
import type { ReopenedDay } from './reopened-day.ts';
import { idPart, minutesOf, type Verdict, verdictId } from './verdict.ts';

/** Explains a verdict of the day that has been opened; throws if it is none of that day. */
export function explain(reopened: ReopenedDay, verdict: Verdict): Explanation {
  const { hall, now } = reopened;
  return {
    id: verdictId(hall.zone, verdict) ?? '',
    verdict,
    minutes: minutesOf(verdict, now),
    now,
    config: configInForce(reopened),
    day: explainDay(reopened),
    ...withoutRepeats(explained(reopened, verdict)),
  };
}

/** What serves in two ways is used, even if in a third it would have been set aside. */
function withoutRepeats(explained: Explained): Explained {
  const used = [...new Map(explained.used.map((one) => [`${one.role} ${one.fact.id}`, one])).values()];
  const ids = new Set(used.map(({ fact }) => fact.id));
  return { ...explained, used, aside: explained.aside.filter(({ fact }) => !ids.has(fact.id)) };
}

function explained(reopened: ReopenedDay, verdict: Verdict): Explained {
  if (verdict.window !== null) return explainWindow(reopened, reopened.windowsWith(verdict.window), verdict);
  const person = reopened.person(verdict.employee ?? '');
  if (person === null) throw new Error(`the configuration of that day does not know ${verdict.employee}`);
  return verdict.leave === undefined
    ? explainAttendance(reopened, person.day, verdict)
    : explainLeaveSlip(reopened, person.day, verdict);
}

/**
 * The verdicts of a day of which a subject, written as in an id, is the person, the window or the leave: where one is not to be found,
 * they are what may have been meant.
 */
export function verdictsOfSubject(reopened: ReopenedDay, subject: string): Verdict[] {
  const { hall, plan, book } = reopened;
  const isMeant = (id: string): boolean => idPart(id) === subject;
  const onLeave = new Set(book.leaves().flatMap(({ id, employee }) => (isMeant(id) ? [employee] : [])));
  const people = [...hall.employees.keys()].filter((id) => isMeant(id) || onLeave.has(id));
  const windows = new Set([
    ...[...hall.windows.keys()].filter(isMeant),
    ...people.flatMap((id) => windowsOf(plan, id)),
  ]);
  const verdicts = [
    ...people.flatMap((id) => reopened.person(id)?.verdicts ?? []),
    ...[...windows].flatMap((id) => reopened.windowsWith(id).flatMap((found) => found.verdicts)),
  ];
  const about = verdicts.filter(({ employee, window: at, leave: of }) =>
    [employee, at, of].some((id) => id != null && isMeant(id)),
  );
  return [...new Map(about.map((verdict) => [verdictId(hall.zone, verdict), verdict])).values()];
}

/** Windows that may name a person. */
function windowsOf({ componentsOfPerson }: ReopenedDay['plan'], person: string): string[] {
  return (componentsOfPerson.get(person) ?? []).flatMap(({ windows }) => windows.map(({ id }) => id));
}
