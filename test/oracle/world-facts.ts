import type { Dice } from './dice.ts';
import { knownFacts } from './known.ts';
import { dueSessions, employeeSessions, policyOf, scheduledSessions } from './plan.ts';
import { type OracleConfig, type OracleEmployee, type Thresholds, thresholdsOf } from './shape.ts';
import { formatInstant, HOUR, hallDay, MINUTE, type Ms, type Span } from './time.ts';
import type { Stage } from './world-config.ts';

type Line = Record<string, unknown>;

/** Collects the facts of a world and the instants near which something is decided. */
export interface Scribe {
  readonly dice: Dice;
  readonly config: OracleConfig;
  readonly stage: Stage;
  readonly facts: Line[];
  readonly edges: Ms[];
  /** Writes an instant down, mostly in the hall's offset. */
  write(t: Ms): string;
  id(letter: string): string;
}

const HAIR: readonly Ms[] = [-1000, -1, 0, 0, 1, 1000];
export const NO_FACTS = knownFacts([], 0);

export function scribeOf(dice: Dice, config: OracleConfig, stage: Stage): Scribe {
  const used = new Set<string>();
  return {
    dice,
    config,
    stage,
    facts: [],
    edges: [],
    write: (t) => formatInstant(dice.chance(0.9) ? stage.zone : 'UTC', t).replace('+00:00', 'Z'),
    id: (letter) => {
      // Not in the order of writing: whatever sorts by id must not find time in it.
      for (;;) {
        const id = `${letter}${dice.between(100, 99_999)}`;
        if (used.has(id)) continue;
        used.add(id);
        return id;
      }
    },
  };
}

/** Sometimes a fact is known only hours or days after it was true. */
function maybeLate(scribe: Scribe, t: Ms, probability: number): Line {
  const { dice } = scribe;
  if (!dice.chance(probability)) return {};
  const recordedAt = t + dice.pick([30_000, 20 * MINUTE, 3 * HOUR, 26 * HOUR, 49 * HOUR]) + dice.between(0, 90_000);
  // Twice: what was said before is taken back here, which is worth looking at.
  scribe.edges.push(recordedAt, recordedAt);
  return { recordedAt: scribe.write(recordedAt) };
}

/** Whole seconds mostly, as clocks stamp them. */
function around(dice: Dice, t: Ms, before: Ms, after: Ms): Ms {
  const at = dice.between(t - before, t + after);
  return dice.chance(0.8) ? Math.floor(at / 1000) * 1000 : at;
}

/** The times one person touches a clock on one day: on time, at every limit, twice, not at all. */
function touchesOf(scribe: Scribe, employee: OracleEmployee, date: string): Ms[] {
  const { dice, config, stage } = scribe;
  const rules = thresholdsOf(config, employee.schedule);
  const policy = policyOf(config, employee);
  const day = hallDay(stage.zone, stage.dayStart, date);
  const sessions = dueSessions(employeeSessions(config, NO_FACTS, employee, day, rules.joinGap), [], 'session', rules);
  if (sessions.length === 0) return dice.chance(0.15) ? [around(dice, day.from + 9 * HOUR, HOUR, 8 * HOUR)] : [];
  let wasLunchTouch = false;
  const touches = sessions.flatMap((session, index) => {
    const next = sessions[index + 1];
    scribe.edges.push(
      session.a + rules.lateGrace,
      session.a + rules.absentAfter,
      session.z,
      session.z + rules.outWindow,
    );
    // After a single touch in the break the arrival is forgotten more often: whose punch was it then?
    const arrives = wasLunchTouch ? 0.5 : policy === 'day' && index > 0 ? 0.2 : 0.85;
    const arrival = dice.chance(arrives) ? arrivalOf(dice, session.a, rules) : [];
    const isLunch = next !== undefined && dice.chance(0.45);
    const departs = policy === 'in' ? 0.4 : 0.85;
    const leaving = () => (isLunch ? lunchOf(dice, session, next.a, rules) : departureOf(dice, session, rules));
    const departure = dice.chance(departs) ? leaving() : [];
    wasLunchTouch = isLunch && departure.length === 1;
    const inside = dice.chance(0.12) ? [around(dice, session.a, 0, session.z - session.a)] : [];
    return [...arrival, ...inside, ...departure];
  });
  const doubles = dice
    .some(touches, 0.12)
    .map((t) => t + dice.pick([0, 20_000, rules.dedupe - 1, rules.dedupe, rules.dedupe + 1]));
  return [...touches, ...doubles];
}

function arrivalOf(dice: Dice, a: Ms, rules: Thresholds): Ms[] {
  if (dice.chance(0.5)) return [around(dice, a, 25 * MINUTE, 0)];
  if (dice.chance(0.5)) return [a + dice.pick([0, rules.lateGrace, rules.absentAfter]) + dice.pick(HAIR)];
  return [around(dice, a, 0, 80 * MINUTE)];
}

/** One touch or two in the break between sessions, at the limits that tell a departure from an arrival. */
function lunchOf(dice: Dice, { z, e }: { z: Ms; e: Ms }, nextA: Ms, rules: Thresholds): Ms[] {
  const middle = Math.floor((e + nextA) / 2);
  const between = Math.floor((z + rules.lunchNear + middle) / 2);
  const touch = dice.pick([middle, between, between, z + rules.lunchNear, e, nextA]) + dice.pick(HAIR);
  return dice.chance(0.6) ? [touch] : [touch, touch + rules.minBreak + dice.pick(HAIR)];
}

function departureOf(dice: Dice, { a, z, e }: { a: Ms; z: Ms; e: Ms }, rules: Thresholds): Ms[] {
  if (dice.chance(0.5)) return [around(dice, z, 0, 20 * MINUTE)];
  if (dice.chance(0.5)) return [dice.pick([e, z, z + rules.outWindow]) + dice.pick(HAIR)];
  return [around(dice, z, Math.min(z - a, 90 * MINUTE), 0)];
}

function credentialsOf(employee: OracleEmployee): string[] {
  return (employee.credentials ?? []).map((credential) =>
    typeof credential === 'string' ? credential : credential.id,
  );
}

function punchLine(scribe: Scribe, employee: OracleEmployee, at: Ms): Line {
  const { dice, config } = scribe;
  const known = credentialsOf(employee);
  const line: Line = { fact: 'punch', id: scribe.id('p'), at: scribe.write(at) };
  const isTyped = dice.chance(0.06);
  if (!isTyped && known.length > 0 && dice.chance(0.5))
    line['credential'] = dice.chance(0.04) ? '404' : dice.pick(known);
  else line['employee'] = employee.id;
  const clocks = (config.clocks ?? []).map((clock) => clock.id);
  if (dice.chance(isTyped ? 0.3 : 0.85))
    line['device'] = clocks.length > 0 && dice.chance(0.96) ? dice.pick(clocks) : 'k9';
  if (dice.chance(0.15)) line['deviceAt'] = scribe.write(at + dice.pick([0, -1500, 45_000, 7 * MINUTE]));
  if (dice.chance(0.3)) line['seq'] = dice.between(1, 40);
  if (isTyped) line['method'] = dice.pick(['correction', 'manual']);
  else if (dice.chance(0.1)) line['method'] = dice.pick(['finger', 'face', 'card', 'simulated']);
  return { ...line, ...maybeLate(scribe, at, 0.1) };
}

/** Forgotten punches that somebody writes down hours or days later. */
function correctionsOf(scribe: Scribe, employee: OracleEmployee, date: string): Line[] {
  const { dice, config, stage } = scribe;
  const { joinGap } = thresholdsOf(config, employee.schedule);
  const day = hallDay(stage.zone, stage.dayStart, date);
  return employeeSessions(config, NO_FACTS, employee, day, joinGap).flatMap(({ from, to }): Line[] => {
    if (!dice.chance(0.1)) return [];
    const at = dice.chance(0.5) ? around(dice, from, 10 * MINUTE, 0) : around(dice, to, 0, 10 * MINUTE);
    const recordedAt = at + dice.pick([3 * HOUR, 6 * HOUR, 26 * HOUR]);
    scribe.edges.push(recordedAt);
    const line = { fact: 'punch', id: scribe.id('p'), at: scribe.write(at), employee: employee.id };
    return [{ ...line, method: 'correction', recordedAt: scribe.write(recordedAt) }];
  });
}

/** Punches of everybody on every date, some of them delivered twice or with a number used before. */
export function addPunches(scribe: Scribe): void {
  const { dice, config, stage } = scribe;
  for (const employee of config.employees) {
    for (const date of stage.dates) {
      scribe.facts.push(...correctionsOf(scribe, employee, date));
      for (const at of touchesOf(scribe, employee, date)) {
        const line = punchLine(scribe, employee, at);
        scribe.facts.push(line);
        scribe.edges.push(at);
        if (!dice.chance(0.05)) continue;
        const again = at + dice.pick([0, -3, 4 * MINUTE, -6 * MINUTE]);
        const deviceAt = line['deviceAt'] ?? line['at'];
        const { recordedAt: _, ...content } = line;
        const copy = { ...content, id: scribe.id('p'), at: scribe.write(again), deviceAt };
        scribe.facts.push(dice.chance(0.7) ? copy : { ...copy, deviceAt: copy.at });
      }
    }
  }
  if (dice.chance(0.3)) {
    const at = dice.pick(
      scribe.edges.length > 0 ? scribe.edges : [hallDay(stage.zone, stage.dayStart, stage.dates[0] ?? '').from],
    );
    scribe.facts.push({ fact: 'punch', id: scribe.id('p'), at: scribe.write(at), credential: '404', device: 'k1' });
  }
}

/** From the first to the last service of a date, with some room; null on days without. */
function serviceOf(scribe: Scribe, scheduleId: string | undefined, date: string): Span | null {
  const sessions = scheduledSessions(scribe.config, NO_FACTS, scheduleId, date);
  const first = sessions[0];
  const last = sessions.at(-1);
  return first === undefined || last === undefined ? null : { from: first.from, to: last.to };
}

const SOURCES: readonly (string | null)[][] = [
  [],
  [null],
  [null],
  ['cam-1'],
  ['cam-1'],
  ['cam-1', 'cam-2'],
  [null, 'cam-1'],
];

/** What sources see of a seat: long stays, and stretches at every limit of the window's rules. */
export function addPresence(scribe: Scribe): void {
  const { dice, config, stage } = scribe;
  for (const window of config.windows) {
    const rules = thresholdsOf(config, window.schedule, window.rules);
    for (const date of stage.dates) {
      const service = serviceOf(scribe, window.schedule, date);
      const day = hallDay(stage.zone, stage.dayStart, date);
      if (service === null) continue;
      for (const source of dice.pick(SOURCES)) {
        let t = Math.max(day.from, service.from - dice.pick([0, 60_000, 20 * MINUTE, -3 * MINUTE]));
        const nibbles = dice.chance(0.3);
        for (let count = 0; count < 24 && t < service.to + 30 * MINUTE; count += 1) {
          const nibble = count % 2 === 0 ? 'occupied' : 'empty';
          const state = nibbles ? nibble : dice.pick(['occupied', 'occupied', 'occupied', 'empty', 'empty', 'unknown']);
          const line: Line = { fact: 'presence', id: scribe.id('v'), at: scribe.write(t), window: window.id, state };
          if (source !== null) line['source'] = source;
          scribe.facts.push({ ...line, ...maybeLate(scribe, t, nibbles ? 0.1 : 0.03) });
          scribe.edges.push(t);
          if (nibbles) t += state === 'empty' ? absenceOf(dice, rules) : dice.between(1, 12) * MINUTE;
          else t += stayOf(dice, rules);
        }
      }
    }
  }
}

/** One of the short absences that only their sum makes a fault. */
function absenceOf(dice: Dice, rules: Thresholds): Ms {
  if (dice.chance(0.3)) return dice.pick([rules.minAway, rules.leftPostAfter]) + dice.pick(HAIR);
  return dice.between(rules.minAway, rules.leftPostAfter);
}

function stayOf(dice: Dice, rules: Thresholds): Ms {
  if (dice.chance(0.4)) return dice.between(3, 90) * MINUTE;
  const limits = [rules.bridge, rules.minReturn, rules.coverGrace, rules.leftPostAfter, rules.minAway];
  return Math.max(1, dice.pick(limits) + dice.pick(HAIR));
}

/** Outages of clocks, of presence sources and of the daemon, some without an end, some proved complete. */
export function addOutages(scribe: Scribe): void {
  const { dice, config, facts } = scribe;
  const sources = new Set(facts.map((line) => line['source']).filter((source) => typeof source === 'string'));
  const devices = [...(config.clocks ?? []).map((clock) => clock.id), ...sources, 'daemon'];
  for (const device of devices) {
    if (scribe.edges.length === 0 || !dice.chance(0.35)) continue;
    const outages = dice.between(1, 2);
    for (let count = 0; count < outages; count += 1) {
      const say = (t: Ms, state: string, more: Line = {}) => {
        const line = { fact: 'device', id: scribe.id('o'), at: scribe.write(t), device, state, ...more };
        facts.push({ ...line, ...maybeLate(scribe, t, 0.15) });
      };
      const from = dice.pick(scribe.edges) + dice.pick([-30 * MINUTE, -MINUTE, ...HAIR]);
      const to = from + dice.pick([1, 40_000, 10 * MINUTE, 40 * MINUTE, 3 * HOUR]);
      // Now and then the ledger was lost with what had been taken in, and an older one is in its place.
      const isLoss = device === 'daemon' && Math.floor(from / MINUTE) % 3 === 0;
      say(from, 'offline', isLoss ? { lostUntil: scribe.write(from + Math.ceil((to - from) / 2)) } : {});
      if (dice.chance(0.1)) say(from + 500, 'offline');
      if (dice.chance(0.15)) continue;
      say(to, 'online');
      scribe.edges.push(to + thresholdsOf(config, undefined).settle);
      if (dice.chance(0.45)) say(to + dice.pick([-1, 0, 1, 10 * MINUTE]), 'complete');
    }
  }
}

/** All sessions somebody or some window has, to hang leaves, pauses, covers and duties on. */
export function plannedSpans(scribe: Scribe): Span[] {
  const { config, stage } = scribe;
  return Object.keys(config.schedules ?? {}).flatMap((id) =>
    stage.dates.flatMap((date) => scheduledSessions(config, NO_FACTS, id, date)),
  );
}
