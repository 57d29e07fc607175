/** How the facts of a world come in: through clocks and cameras that lose, double, delay and misdate, or entered by people. */
import { presenceTopic, punchTopic, statusTopic } from '../../adapters/topics.ts';
import { factId } from '../../daemon/intake/intake.ts';
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Dice } from '../oracle/dice.ts';
import type { OracleConfig } from '../oracle/oracle.ts';
import { type FactLine, factOf } from '../support/core-hall.ts';
import type { Fault } from './faults.ts';
import type { Step } from './step.ts';

/** The most that a device's time may be ahead, by default. */
const AHEAD: Ms = 5 * MINUTE;

interface Course {
  readonly dice: Dice;
  readonly hall: string;
  readonly startsAt: Ms;
  readonly steps: Step[];
  /** By the id in the world, the id in the ledger; null = it never gets there. */
  readonly ids: Map<string, string | null>;
  readonly skewOf: (device: string, at: Ms) => Ms;
}

/** The number by which a person is known at any clock. */
export const ownCredential = (employee: string): string => `own-${employee}`;

const iso = (at: Ms): string => new Date(at).toISOString();

export function sendings(dice: Dice, config: OracleConfig, facts: readonly FactLine[], startsAt: Ms): Step[] {
  const steps: Step[] = [];
  const course: Course = {
    dice,
    hall: config.hall.id,
    startsAt,
    steps,
    ids: new Map(),
    skewOf: skews(dice, startsAt, steps),
  };
  const last = ['slip', 'cancel'];
  const rank = (line: FactLine): number => last.indexOf(String(line['fact']));
  for (const line of [...facts].sort((a, b) => rank(a) - rank(b))) {
    if (line['fact'] === 'punch') punch(course, line);
    else if (line['fact'] === 'presence') presence(course, line);
    else if (line['fact'] === 'device') device(course, line);
    else enter(course, line);
  }
  return steps;
}

/** When a fact can become known at all. */
function knownAt({ startsAt }: Course, line: FactLine): Ms {
  return Math.max(factOf(line).recordedAt, startsAt);
}

/** Some devices' clocks are off from a time on, until somebody sets them. */
function skews(dice: Dice, startsAt: Ms, steps: Step[]): Course['skewOf'] {
  const known = new Map<string, { readonly from: Ms; readonly to: Ms; readonly byMs: Ms } | null>();
  return (device, at) => {
    let skew = known.get(device);
    if (skew === undefined) {
      const from = startsAt + dice.between(0, 40) * HOUR;
      const byMs = dice.pick([-HOUR, -4 * MINUTE, -20 * SECOND, 45 * SECOND, 4 * MINUTE, 20 * MINUTE, 25 * HOUR]);
      skew = dice.chance(0.3) ? { from, to: from + dice.pick([3 * HOUR, 20 * HOUR, 90 * HOUR]), byMs } : null;
      if (skew !== null) {
        const { from: wrongAt, to } = skew;
        steps.push(noted(wrongAt, `clock of ${device} is off by ${byMs}`, 'skewed'));
        steps.push(noted(to, `clock of ${device} is set right`, 'set right'));
      }
      known.set(device, skew);
    }
    return skew !== null && at >= skew.from && at < skew.to ? skew.byMs : 0;
  };
}

function noted(at: Ms, text: string, fault: Fault): Step {
  return { at, text, act: (stage) => stage.strike(fault) };
}

// ---- punches ---------------------------------------------------------------------------------------------------

function punch(course: Course, line: FactLine): void {
  const { dice } = course;
  const employee = line['employee'] as string | undefined;
  const isTyped = line['method'] === 'correction' || line['method'] === 'manual';
  const touched = isTyped || line['device'] === undefined || line['deviceAt'] !== undefined;
  if (touched || (employee !== undefined && dice.chance(0.15))) return enter(course, line);
  const credential = String(line['credential'] ?? ownCredential(employee ?? ''));
  const device = String(line['device']);
  const at = factOf(line) as { at: Ms };
  const deviceAt = at.at + course.skewOf(device, at.at);
  const said = { credential, at: iso(deviceAt), seq: line['seq'], method: line['method'] };
  const seq = line['seq'] as number | undefined;
  const id = factId('punch', deviceAt, course.hall, device, credential, seq ?? '');
  const sentAt = post(course, line, device, punchTopic(course.hall, device), said);
  const refused = sentAt === null || deviceAt > sentAt + AHEAD;
  course.ids.set(String(line['id']), refused ? null : id);
  if (deviceAt === at.at || sentAt === null || !dice.chance(0.6)) return;
  // Whoever finds out by how much the clock was off enters the touch as it was: it stays one touch.
  const right = {
    fact: 'punch',
    id: `${String(line['id'])}-right`,
    at: iso(at.at),
    deviceAt: iso(deviceAt),
    device,
    credential,
  };
  const corrected = { ...right, ...(seq === undefined ? {} : { seq }) };
  course.steps.push({
    at: sentAt + dice.pick([30 * SECOND, 2 * HOUR, 27 * HOUR]),
    text: `a touch is set right: ${JSON.stringify(corrected)}`,
    act: (stage) => stage.enter([corrected], ['corrected']),
  });
}

/** Posts a message, with whatever befalls it on the way; gives when it is sent first, or null if never. */
function post(course: Course, line: FactLine, device: string, topic: string, said: object): Ms | null {
  const { dice, steps } = course;
  const known = knownAt(course, line) + dice.pick([0, 0, 40, 900]);
  const payload = JSON.stringify(said);
  const send = (at: Ms, ...faults: readonly Fault[]): void => {
    steps.push({
      at,
      text: `${topic} ${payload}`,
      act(stage) {
        for (const fault of faults) stage.strike(fault);
        stage.send(device, { topic, payload, retain: false });
      },
    });
  };
  const fate = dice.between(0, 99);
  if (fate < 3) {
    steps.push(noted(known, `lost: ${topic} ${payload}`, 'lost'));
    return null;
  }
  if (fate < 7) {
    const at = known + dice.between(20, 130) * HOUR;
    send(at, 'days late');
    return at;
  }
  if (fate < 17) {
    const at = known + dice.between(1, 200) * SECOND;
    send(at, 'reordered');
    return at;
  }
  send(known);
  if (fate < 25) send(known + dice.pick([0, 1, SECOND, 10 * MINUTE, 26 * HOUR]), 'doubled');
  return known;
}

// ---- presence and devices --------------------------------------------------------------------------------------

function presence(course: Course, line: FactLine): void {
  const { hall, ids } = course;
  const { window, state, source } = line as Readonly<Record<string, string>>;
  const { at } = factOf(line) as { at: Ms };
  const camera = source ?? `camera of ${window}`;
  const id = factId('presence', at, hall, window ?? '', source ?? '', state ?? '');
  const sentAt = post(course, line, camera, presenceTopic(hall, window ?? ''), { state, at: iso(at), source });
  if (state === 'unknown' && sentAt !== null) course.steps.push(noted(sentAt, 'blind', 'camera blind'));
  ids.set(String(line['id']), sentAt === null ? null : id);
}

function device(course: Course, line: FactLine): void {
  const { dice, hall, steps, ids } = course;
  const { device: id, state } = line as Readonly<Record<string, string>>;
  if (id === undefined || id === 'daemon' || state === 'complete' || dice.chance(0.3)) return enter(course, line);
  const { at } = factOf(line) as { at: Ms };
  const payload = JSON.stringify({ state, ...(dice.chance(0.7) ? { at: iso(at) } : {}) });
  ids.set(String(line['id']), null);
  steps.push({
    at: knownAt(course, line),
    text: `${id} says ${payload}`,
    act(stage) {
      if (state === 'offline') stage.strike(id.startsWith('cam') ? 'camera silent' : 'clock offline');
      stage.send(id, { topic: statusTopic(hall, id), payload, retain: true });
    },
  });
}

// ---- what people enter -----------------------------------------------------------------------------------------

const REFERENCES = ['target', 'leave'] as const;

/** Enters a fact; one that speaks of another speaks of it by its id in the ledger. */
function enter(course: Course, line: FactLine): void {
  const { recordedAt: _, ...entered } = { ...line };
  for (const key of REFERENCES) {
    const id = entered[key];
    if (typeof id !== 'string') continue;
    const there = course.ids.get(id);
    if (there === undefined) throw new Error(`${id} was not sent before ${JSON.stringify(line)}`);
    if (there === null) return void course.ids.set(String(line['id']), null);
    entered[key] = there;
  }
  course.ids.set(String(line['id']), String(line['id']));
  const at = knownAt(course, line);
  const faults = faultsOf(entered, at);
  course.steps.push({
    at,
    text: `entered: ${JSON.stringify(entered)}`,
    act: (stage) => stage.enter([entered], faults),
  });
}

function faultsOf(line: FactLine, at: Ms): Fault[] {
  if (line['fact'] === 'day') return ['calendar day'];
  if (line['fact'] === 'cancel') return ['cancelled'];
  const fact = factOf(line);
  return fact.fact === 'leave' && fact.from < at ? ['late leave'] : [];
}
