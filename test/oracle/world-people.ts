import { type Dice, diceOf } from './dice.ts';
import type { OracleEmployee } from './shape.ts';
import { addDays, HOUR, hallDay, instantOf, localInstant, MINUTE, type Ms } from './time.ts';
import { addPunches, type Scribe, scribeOf } from './world-facts.ts';

type Line = Record<string, unknown>;

/** In some worlds people come, move, leave and come back by facts. By dice of its own, so that the other worlds stay what they were. */
export function addPeople(world: Scribe, seed: number): void {
  const dice = diceOf(-seed - 1_000_003);
  if (!dice.chance(0.35)) return;
  const own = scribeOf(dice, world.config, world.stage);
  const scribe = { ...own, facts: world.facts, edges: world.edges, id: (letter: string) => own.id(`${letter}n`) };
  const written = dice.some(scribe.config.employees, 0.35);
  for (const employee of written) {
    const count = dice.between(1, 3);
    for (let index = 0; index < count; index += 1) addEntry(scribe, dice, employee);
  }
  const comers = dice.between(0, 2);
  for (let index = 0; index < comers; index += 1) addComer(scribe, dice, `n${index}`);
  for (const line of scribe.facts.filter(({ fact }) => fact === 'employee')) {
    if (!dice.chance(0.12)) continue;
    const at = instantOf(String(line['recordedAt'] ?? line['from'])) + dice.pick([0, HOUR, 30 * HOUR]);
    scribe.edges.push(at, at);
    scribe.facts.push({ fact: 'cancel', id: scribe.id('q'), at: scribe.write(at), target: line['id'] });
  }
}

/** Somebody whom the file does not know: present as others are, and sometimes made A of a window or called in. */
function addComer(scribe: Scribe, dice: Dice, id: string): void {
  const { config, stage, facts } = scribe;
  const [schedule] = dice.shuffled(Object.keys(config.schedules ?? {}));
  const person: OracleEmployee = { id, department: 'd1', ...(schedule === undefined ? {} : { schedule }) };
  const from = Math.max(addEntry(scribe, dice, person), localInstant(stage.zone, stage.dates[0] ?? '', 0));
  if (dice.chance(0.5)) addEntry(scribe, dice, person);
  addPunches({ ...scribe, dice, config: { ...config, employees: [person] } });
  for (const window of dice.some(config.windows, 0.5)) {
    const role = dice.pick(['A', 'B']);
    const line = { fact: 'assign', id: scribe.id('a'), window: window.id, role, employees: [id] };
    facts.push({ ...line, from: scribe.write(from), to: null });
  }
}

/** Whole days mostly; now and then from or to the middle of one. Returns since when. */
function addEntry(scribe: Scribe, dice: Dice, employee: OracleEmployee): Ms {
  const { config, stage, facts, edges } = scribe;
  const midnight = (date: string): Ms => localInstant(stage.zone, date, 0);
  const edge = (date: string): Ms => midnight(date) + (dice.chance(0.8) ? 0 : dice.pick([-1, 1, 9 * HOUR, 15 * HOUR]));
  const begins = addDays(dice.pick(stage.dates), dice.pick([-20, -1, 0, 0, 0, 0]));
  const from = edge(begins);
  const to = dice.chance(0.6) ? null : edge(addDays(begins, dice.pick([1, 1, 2, 3, 30])));
  const schedules = Object.keys(config.schedules ?? {});
  const line: Line = {
    fact: 'employee',
    id: scribe.id('m'),
    employee: employee.id,
    name: `${employee.id}'`,
    department: dice.pick(['d1', 'd2', null]),
    schedule: dice.chance(0.6) ? (employee.schedule ?? null) : dice.pick([...schedules, null]),
    from: scribe.write(from),
    to: to === null ? null : scribe.write(to),
  };
  if (dice.chance(0.6)) {
    const day = hallDay(stage.zone, stage.dayStart, dice.pick(stage.dates));
    const early = Math.max(from, midnight(stage.dates[0] ?? ''));
    const recordedAt = dice.pick([early - HOUR, early, day.from + 10 * HOUR, day.from + 6 * HOUR + 7 * MINUTE, day.to]);
    line['recordedAt'] = scribe.write(recordedAt);
    // Twice: what was said before is taken back here, which is worth looking at.
    edges.push(recordedAt, recordedAt);
  }
  facts.push(line);
  return from;
}
