import { compareText, type EmployeeFact, type Known } from './known.ts';
import type { OracleConfig, OracleEmployee } from './shape.ts';
import { addDays, civilDateOf, localInstant } from './time.ts';

/** Something said of a person, by the file or by a fact: from `dated` on it holds. */
interface Saying {
  dated: string;
  fact: EmployeeFact | null;
  is: OracleEmployee;
}

const ALWAYS = '0000-00-00';

/**
 * docs/facts.md, `employee`: the configuration with the people of a date. What is dated last by then holds; of what begins on one date a
 * fact before the file, and of facts the one recorded last, then the later `from`, then the greater id.
 */
export function configOn(config: OracleConfig, known: Known, date: string): OracleConfig {
  const ids = new Set([...config.employees, ...known.employees.map((fact) => fact.is)].map(({ id }) => id));
  const employees = [...ids].flatMap((id): OracleEmployee[] => {
    const said = sayings(config, known, id);
    const holding = said.filter(({ dated }) => dated <= date).at(-1);
    if (holding !== undefined) return [withoutGap(said, holding)];
    // Whoever is yet to come is as the file has them, or else who they will be first, with dates that say so.
    const first = said.filter(({ dated }) => dated === said[0]?.dated);
    const written = said.filter(({ fact }) => fact === null);
    return [...first, ...written].slice(-1).map(({ is }) => is);
  });
  return { ...config, employees };
}

function sayings(config: OracleConfig, known: Known, id: string): Saying[] {
  const zone = config.hall.timezone;
  const written = config.employees.filter((employee) => employee.id === id);
  const facts = known.employees
    .filter((fact) => fact.is.id === id)
    .map((fact): Saying => {
      const from = firstWhole(zone, fact.from);
      const until = Number.isFinite(fact.to) ? { until: addDays(civilDateOf(zone, fact.to), -1) } : {};
      return {
        dated: from,
        fact,
        is: { ...fact.is, from, ...until, credentials: written.flatMap((employee) => employee.credentials ?? []) },
      };
    });
  return [...written.map((is): Saying => ({ dated: is.from ?? ALWAYS, fact: null, is })), ...facts].sort(byDate);
}

/** The first date that lies wholly after an instant: part of a date is none. */
function firstWhole(zone: string, t: number): string {
  const date = civilDateOf(zone, t);
  return localInstant(zone, date, 0) === t ? date : addDays(date, 1);
}

function byDate(one: Saying, other: Saying): number {
  const [a, b] = [one.fact, other.fact];
  const byFile = (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (one.dated !== other.dated || a === null || b === null) return compareText(one.dated, other.dated) || byFile;
  // Those of the beginning of time have no difference.
  const recorded = a.recordedAt === b.recordedAt ? 0 : a.recordedAt - b.recordedAt;
  return recorded || a.from - b.from || compareText(a.id, b.id);
}

/** Whoever was there until the day before by what was said before, has been there since then. */
function withoutGap(said: readonly Saying[], holding: Saying): OracleEmployee {
  const { is } = holding;
  if (holding.fact === null) return is;
  let from = is.from ?? ALWAYS;
  for (const earlier of said.filter(({ dated }) => dated < holding.dated).reverse()) {
    const isOutranked = said.some((one) => one.dated === earlier.dated && said.indexOf(one) > said.indexOf(earlier));
    if (isOutranked) continue;
    const { until } = earlier.is;
    if (until !== undefined && addDays(until, 1) < from) break;
    from = [from, earlier.is.from ?? ALWAYS].sort()[0] ?? from;
  }
  return { ...is, from };
}
