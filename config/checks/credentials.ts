import { type Draft, dateAt, items, textOf } from '../draft.ts';
import { atValue, type Finding, finding } from '../finding.ts';
import type { LineOf } from './people.ts';

/** One credential, one device, one date: one person (contract.md section 2). A credential without device holds for all. */
export function checkCredentials(root: Draft, lineOf: LineOf): Finding[] {
  const byId = new Map<string, Enrolment[]>();
  for (const employee of items(root, 'employees')) {
    for (const draft of items(employee, 'credentials')) {
      const id = textOf(draft) ?? textOf(draft, 'id');
      const enrolment = id === null ? null : enrolmentOf(draft, textOf(employee, 'id') ?? '');
      if (id !== null && enrolment !== null) byId.set(id, [...(byId.get(id) ?? []), enrolment]);
    }
  }
  return [...byId.values()].flatMap((enrolments) =>
    enrolments.flatMap((one, i) => clash(one, enrolments.slice(0, i), lineOf)),
  );
}

interface Enrolment {
  readonly draft: Draft;
  readonly person: string;
  readonly device: string | null;
  readonly from: number;
  readonly to: number;
}

function enrolmentOf(draft: Draft, person: string): Enrolment {
  return {
    draft,
    person,
    device: textOf(draft, 'device'),
    from: dateAt(draft, 'from') ?? Number.NEGATIVE_INFINITY,
    to: dateAt(draft, 'to') ?? Number.POSITIVE_INFINITY,
  };
}

function clash(one: Enrolment, earlier: readonly Enrolment[], lineOf: LineOf): Finding[] {
  const meets = (other: Enrolment): boolean =>
    (one.device === null || other.device === null || one.device === other.device) &&
    one.from <= other.to &&
    other.from <= one.to;
  const path = typeof one.draft.value === 'object' ? [...one.draft.path, 'id'] : one.draft.path;
  const other = earlier.find((candidate) => meets(candidate) && candidate.person !== one.person);
  if (other !== undefined) {
    const line = lineOf(other.draft.path);
    const people = { person: one.person, other: other.person, line };
    return [finding(atValue(path), (words, shown) => words.credentialClash({ shown, ...people }))];
  }
  if (!earlier.some((candidate) => candidate.device === one.device && meets(candidate))) return [];
  return [finding(atValue(path), (words, shown) => words.credentialTwice({ shown }), { severity: 'warning' })];
}
