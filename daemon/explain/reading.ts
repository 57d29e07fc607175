/** An explanation as far as somebody may read it: of whoever they may not see it says only that it was somebody else. */
import type { AsideFact, ExplainedWindow, Explanation, HeldStretch, UsedFact } from '../../rules/explanation.ts';
import type { Fact } from '../../rules/facts.ts';

/** Stands in the place of an employee's id, which it can never be. */
export const SOMEBODY_ELSE = '*';

/** Whom and what somebody may see. */
export interface Reader {
  person(employee: string): boolean;
  fact(fact: Fact): boolean;
}

/** Null where it speaks against somebody whom they may not see. */
export function asReadBy(reader: Reader, explanation: Explanation): Explanation | null {
  const { verdict, subject, used, aside } = explanation;
  if (verdict.employee !== null && !reader.person(verdict.employee)) return null;
  const isSeen = ({ fact, employee }: UsedFact | AsideFact): boolean => {
    if (employee !== null && !reader.person(employee)) return false;
    return (employee !== null && fact.fact === 'punch') || reader.fact(fact);
  };
  return {
    ...explanation,
    subject: subject.of === 'window' ? windowAsRead(reader, subject) : subject,
    used: used.filter(isSeen),
    aside: aside.filter(isSeen),
  };
}

function windowAsRead({ person }: Reader, window: ExplainedWindow): ExplainedWindow {
  const named = (employee: string): string => (person(employee) ? employee : SOMEBODY_ELSE);
  const held = <T extends HeldStretch | null>(stretch: T): T =>
    stretch === null || stretch.holder === null ? stretch : { ...stretch, holder: named(stretch.holder) };
  return {
    ...window,
    roles: window.roles.map((role) => ({ ...role, people: role.people.map(named) })),
    held: window.held.map(held),
    next: held(window.next),
    candidates: window.candidates.filter(({ employee }) => person(employee)),
  };
}
