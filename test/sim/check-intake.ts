/** Nothing is lost, and nothing is doubled: what was acknowledged is in the ledger, once. */
import { decodePresence } from '../../adapters/cameras/mqtt-presence.ts';
import { decodePunch, decodeStatus } from '../../adapters/clocks/mqtt-json.ts';
import { routeOf } from '../../adapters/topics.ts';
import { factId } from '../../daemon/intake/intake.ts';
import { type DeviceFact, type Fact, factContent } from '../../rules/facts.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { factOf } from '../support/core-hall.ts';
import type { Ended } from './checks.ts';
import type { Posted } from './sim-broker.ts';

export function intakeProblems(ended: Ended): string[] {
  return [
    ...keptProblems(ended),
    ...enteredProblems(ended),
    ...onceProblems(ended),
    ...deafProblems(ended),
    ...forgottenProblems(ended),
  ];
}

/** Every message that the broker was told is safe is a fact, or on the list of what could not be taken. */
function keptProblems({ stage, facts }: Ended): string[] {
  const { core, broker } = stage;
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  const rejected = new Set(
    core.rejects.newest(1_000_000).map(({ topic, payload }) => `${topic} ${Buffer.from(payload)}`),
  );
  const known = new Set<string>();
  const problems: string[] = [];
  for (const posted of broker.lost) {
    const id = idOf(core.hall.id, posted);
    if (id !== null) known.add(id);
  }
  for (const posted of broker.acknowledged) {
    const id = idOf(core.hall.id, posted);
    if (id !== null) known.add(id);
    const isKept = id === null ? saysState(facts, core.hall.id, posted) : says(byId.get(id), posted);
    if (!isKept && !rejected.has(`${posted.topic} ${posted.payload}`)) {
      problems.push(`acknowledged and not kept: ${posted.id} ${posted.topic} ${posted.payload}`);
    }
  }
  for (const fact of facts) {
    if (fact.via !== 'mqtt' || fact.fact === 'device' || known.has(fact.id)) continue;
    problems.push(`kept, and never sent: ${JSON.stringify(fact)}`);
  }
  return problems;
}

/** The id of the fact that a message is; null for a word on a device, whose time depends on when it was heard. */
function idOf(hall: string, { topic, payload }: Posted): string | null {
  const route = routeOf(hall, topic);
  if (route === null || route.kind === 'status') return null;
  const bytes = Buffer.from(payload);
  if (route.kind === 'punch') {
    const { credential, deviceAt, seq } = decodePunch(bytes);
    return factId('punch', deviceAt, hall, route.device, credential, seq ?? '');
  }
  const { state, at, source } = decodePresence(bytes);
  return factId('presence', at, hall, route.window, source ?? '', state);
}

/** Whether a fact says what a message of its id says: two touches may differ in nothing but their `method`. */
function says(fact: Fact | undefined, { payload }: Posted): boolean {
  if (fact === undefined) return false;
  const { method } = JSON.parse(payload) as { readonly method?: string };
  return fact.fact !== 'punch' || fact.method === method;
}

function saysState(facts: readonly Fact[], hall: string, { topic, payload }: Posted): boolean {
  const route = routeOf(hall, topic);
  if (route?.kind !== 'status') return false;
  const { state, at } = decodeStatus(Buffer.from(payload));
  return facts.some(
    (fact) =>
      fact.fact === 'device' && fact.device === route.device && fact.state === state && (at === null || fact.at >= at),
  );
}

/** What people were told is done, is done. */
function enteredProblems({ stage }: Ended): string[] {
  return stage.entered.flatMap((line) => {
    const kept = stage.core.facts.find(String(line['id']));
    const said = factContent(factOf(line));
    if (kept !== null && same(factContent(kept), said)) return [];
    return [`entered: ${JSON.stringify(line)}\n  kept: ${JSON.stringify(kept)}`];
  });
}

function same(one: object, other: object): boolean {
  const text = (content: object): string =>
    JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

function onceProblems({ facts }: Ended): string[] {
  const seen = new Set<string>();
  return facts.flatMap((fact) => {
    const touch = fact.fact === 'punch' && fact.via === 'mqtt' ? fact : null;
    const names = [`id ${fact.id}`];
    if (touch !== null) names.push(`touch ${touch.device} ${touch.credential} ${touch.deviceAt} ${touch.seq}`);
    const again = names.filter((name) => seen.has(name));
    for (const name of names) seen.add(name);
    return again.map((name) => `twice in the ledger: ${name}`);
  });
}

/** Longer than the shell takes for a pause of its own (`JUMP_LIMIT_MS` of its clock). */
const NOTICED: Ms = 90 * SECOND;

/** Whenever nobody listened for long, the ledger says so: nobody is accused by what nobody heard. */
function deafProblems({ stage, facts }: Ended): string[] {
  // While the machine's clock is wrong, so is what it writes down of itself.
  if (stage.struck.has('wall clock off')) return [];
  const own = facts.filter((fact) => fact.fact === 'device' && fact.device === 'daemon' && fact.via === 'daemon');
  const said = own.map((fact) => fact as DeviceFact).sort((a, b) => a.at - b.at);
  return stage.deaf.flatMap(({ from, to }) => {
    if (to - from < NOTICED) return [];
    const last = said.findLast(({ at }) => at <= from + SECOND);
    const isDenied = said.some(({ state, at }) => state === 'online' && from + SECOND < at && at < to - SECOND);
    if (last?.state === 'offline' && !isDenied) return [];
    const stretch = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
    return [`nobody listened from ${stretch}, and the ledger says ${JSON.stringify(last)}`];
  });
}

/** Where the broker came back without what it had kept, every clock has to prove that it delivered everything. */
function forgottenProblems({ stage, facts }: Ended): string[] {
  const clocks = [...stage.core.hall.clocks.keys()];
  if (stage.broker.newSessions < 2) return [];
  const asked = new Set(
    facts.map((fact) => (fact.id.startsWith('broker-forgot') && fact.fact === 'device' ? fact.device : null)),
  );
  return clocks.filter((clock) => !asked.has(clock)).map((clock) => `the broker forgot, and ${clock} proves nothing`);
}
