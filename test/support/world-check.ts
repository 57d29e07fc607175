/** Holds the shipped rules against the oracle, on the world of a seed. */
import type { Change } from '../../rules/changes.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { RULES } from '../../rules/table.ts';
import { type Ms, parseInstant } from '../../rules/time.ts';
import { compareVerdicts, type Verdict, verdictLine } from '../../rules/verdict.ts';
import { type OracleVerdict, oracle } from '../oracle/oracle.ts';
import { type World, world } from '../oracle/worlds.ts';
import { hallOfWorld, readWorldFacts } from './world-run.ts';

type FactLine = Record<string, unknown>;

/** How often something was met: `late open`, `absent retracted` … */
export type Seen = Map<string, number>;

/** What both sides say of a verdict; only the hash of the configuration is ours alone. */
export const COMPARED = [
  'rule',
  'state',
  'date',
  'session',
  'side',
  'employee',
  'window',
  'department',
  'from',
  'to',
  'minutes',
  'evidence',
  'because',
  'atOpening',
] as const satisfies readonly (keyof OracleVerdict)[];

const SHIPPED: ReadonlySet<string> = new Set(RULES.map((rule) => rule.name));

const textOf = (verdict: Partial<Record<(typeof COMPARED)[number], unknown>>): string =>
  JSON.stringify(COMPARED.map((key) => verdict[key] ?? null));

/** The world of a seed, read by the product. */
export interface ReadWorld {
  readonly world: World;
  readonly hall: Hall;
  readonly facts: readonly Fact[];
  /** The last instant of the world: everything has become known. */
  readonly end: Ms;
}

export function readWorld(seed: number): ReadWorld {
  const made = world(seed);
  const hall = hallOfWorld(made.config);
  return { world: made, hall, facts: readWorldFacts(hall, made.facts), end: instantOf(made.instants.at(-1) ?? '') };
}

/** What a difference looks like: the lines that only one side has. */
interface Difference {
  readonly wanted: readonly string[];
  readonly got: readonly string[];
}

function differenceOf(wanted: readonly string[], got: readonly string[]): Difference | null {
  if (wanted.join('\n') === got.join('\n')) return null;
  const difference = {
    wanted: wanted.filter((line) => !got.includes(line)),
    got: got.filter((line) => !wanted.includes(line)),
  };
  // The same lines, and yet not the same: their order is what differs.
  return difference.wanted.length + difference.got.length > 0 ? difference : { wanted, got };
}

function againstOracle({ world: made, hall, facts }: ReadWorld, at: string): Difference | null {
  const wanted = oracle(made.config, made.facts, at).filter(({ rule }) => SHIPPED.has(rule));
  const now = instantOf(at);
  const got = verdictsAt({ facts, compile: () => hall, hall, now });
  return differenceOf(
    wanted.map(textOf),
    got.map((verdict) => textOf(verdictLine(hall, verdict, now))),
  );
}

function instantOf(at: string): Ms {
  return parseInstant(at) ?? Number.NaN;
}

/** What holds after the changes up to an instant. */
export function foldedUntil(changes: readonly Change[], at: Ms): Verdict[] {
  const holding = new Map<string, Verdict>();
  for (const change of changes) {
    if (change.at > at) break;
    if (change.op === 'retract') holding.delete(change.key);
    else holding.set(change.key, change.verdict);
  }
  return [...holding.values()].sort(compareVerdicts);
}

/** Drops whatever a difference does not need: large pieces first, then single facts. */
function smallest(facts: readonly FactLine[], differs: (facts: readonly FactLine[]) => boolean): readonly FactLine[] {
  let kept = facts;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length; ) {
      const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (differs(fewer)) kept = fewer;
      else from += size;
    }
  }
  return kept;
}

function report(where: string, { wanted, got }: Difference, facts: readonly FactLine[]): string {
  return [
    where,
    ...wanted.map((line) => `  wanted ${line}`),
    ...got.map((line) => `  got    ${line}`),
    ...facts.map((fact) => `  fact   ${JSON.stringify(fact)}`),
  ].join('\n');
}

/**
 * Compares at all instants of a world: what holds with the oracle, and the history folded up to there with what holds. Returns
 * the first difference, with the fewest facts that still bring it about, or null; what was met is counted in `seen`.
 */
export function checkWorld(seed: number, seen: Seen): string | null {
  const read = readWorld(seed);
  const { world: made, hall, facts, end } = read;
  const history = historyUntil({ facts, compile: () => hall, hall, now: end });
  for (const { op, verdict } of history) if (op === 'retract') count(seen, `${verdict.rule} retracted`);
  for (const at of made.instants) {
    const difference = againstOracle(read, at);
    if (difference !== null) {
      const few = smallest(made.facts, (fewer) => withFacts(read, fewer, at) !== null);
      return report(`seed ${seed} at ${at}`, withFacts(read, few, at) ?? difference, few);
    }
    const now = instantOf(at);
    const holding = verdictsAt({ facts, compile: () => hall, hall, now });
    for (const { rule, state } of holding) count(seen, `${rule} ${state}`);
    const unfolded = differenceOf(
      holding.map((verdict) => JSON.stringify(verdict)),
      foldedUntil(history, now).map((verdict) => JSON.stringify(verdict)),
    );
    if (unfolded !== null) return report(`seed ${seed}, its history folded until ${at}`, unfolded, []);
  }
  return null;
}

/** Without some facts others are invalid, such as a cancel whose target is gone: those differ in nothing. */
function withFacts(read: ReadWorld, facts: readonly FactLine[], at: string): Difference | null {
  const ids = new Set(facts.map((fact) => fact['id']));
  const speaksOf = (fact: FactLine): unknown[] => [fact['target'], fact['leave']].filter((id) => id !== undefined);
  if (facts.some((fact) => speaksOf(fact).some((id) => !ids.has(id)))) return null;
  // Others speak of whoever came by an `employee` fact.
  if (read.world.facts.some(({ fact, id }) => fact === 'employee' && !ids.has(id))) return null;
  return againstOracle(
    { ...read, world: { ...read.world, facts: [...facts] }, facts: readWorldFacts(read.hall, facts) },
    at,
  );
}

function count(seen: Seen, what: string): void {
  seen.set(what, (seen.get(what) ?? 0) + 1);
}

/** These are about what is over. */
const NEVER_OPEN: ReadonlySet<string> = new Set(['early-leave', 'missing-punch', 'left-post-total', 'leave-slip']);

/** Everything that worlds must bring about: each shipped rule in each state it has, and taken back. */
export function expectedSights(): string[] {
  return [...SHIPPED].flatMap((rule) =>
    ['open', 'closed', 'pending', 'retracted']
      .filter((state) => state !== 'open' || !NEVER_OPEN.has(rule))
      .map((state) => `${rule} ${state}`),
  );
}
