/** A hall's day to be played in real time: who is due when, who comes, and what the clocks send of it. */
import type { Span } from '../../rules/intervals.ts';
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Dice } from '../oracle/dice.ts';
import { everyDay, noonAt, stamp } from './noon.ts';

export const HALL = 'played';

/** `prompt`: comes in time, and nothing that befalls the daemon may change that. */
type Manner = 'prompt' | 'late' | 'absent';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly manner: Manner;
  /** When they are due. */
  readonly dueAt: Ms;
}

export interface Touch {
  readonly person: Person;
  readonly credential: string;
  readonly device: string;
  readonly at: Ms;
  readonly seq: number;
  /** Seconds after the person was due, where this is their arrival; else 0. */
  readonly lateSeconds: number;
  /** When the clock sends it; again for each repeat. */
  readonly sentAt: readonly Ms[];
}

/** The hall, before it is said when its day begins. */
export interface PlayedHall {
  readonly config: Readonly<Record<string, unknown>>;
  readonly morning: Span;
  readonly counter: Span;
}

export interface PlayedDay {
  /** Duties and pauses, which give sessions their seconds. */
  readonly facts: readonly Readonly<Record<string, unknown>>[];
  readonly people: readonly Person[];
  readonly touches: readonly Touch[];
  /** Windows whose A is prompt. */
  readonly promptWindows: readonly string[];
  readonly startsAt: Ms;
  readonly endsAt: Ms;
  /** When nothing of the day changes any more without new facts. */
  readonly quietAt: Ms;
}

const PEOPLE = 40;
const MORNING_PEOPLE = 6;
const LENGTH: Ms = 38 * SECOND;
const STEP: Ms = 0.7 * SECOND;
const RULES = {
  dedupe: '2s',
  lateGrace: '6s',
  absentAfter: '12s',
  earlyGrace: '1s',
  outWindow: '4s',
  settle: '2s',
  joinGap: '1s',
  minBreak: '2s',
  coverGrace: '6s',
  bridge: '1s',
  minReturn: '1s',
  deliveryLag: '1s',
};

const two = (value: number): string => String(value).padStart(2, '0');
const ids = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}${two(i)}`);
const AFTERNOON = ids('d', PEOPLE);
const MORNING = ids('m', MORNING_PEOPLE);
/** Six counters, of each manner at least one. */
const SERVED = AFTERNOON.slice(2, 8);

/** A hall whose morning is over, and whose counters are open now. */
export function playedHall(now: Ms): PlayedHall {
  const noon = noonAt(now);
  const morning = { from: minute(now - 3 * HOUR), to: minute(now - 2 * HOUR) };
  const counter = { from: minute(now - 5 * MINUTE), to: minute(now + 30 * MINUTE) };
  const employee = (schedule: string) => (id: string) => ({ ...named(id), schedule, credentials: [`1${id}`] });
  const config = {
    hall: { id: HALL, timezone: noon.timezone },
    calendar: { country: 'none' },
    schedules: {
      morning: { weekly: everyDay(noon.session(morning.from, morning.to)) },
      counter: { weekly: everyDay(noon.session(counter.from, counter.to)) },
      // Their sessions are duties.
      called: { weekly: {} },
    },
    employees: [...AFTERNOON.map(employee('called')), ...MORNING.map(employee('morning'))],
    windows: [
      ...SERVED.map((a, i) => ({ id: `W${i}`, schedule: 'counter', a })),
      { id: 'WM', schedule: 'morning', a: MORNING[0] },
    ],
    rules: RULES,
    clocks: [{ id: 'clock-1' }, { id: 'clock-2' }],
  };
  return { config, morning, counter };
}

/**
 * A day whose afternoon begins at `startsAt`: one person is due every 0.7 s, all go after 38 s, so that something falls due at any
 * moment. The morning's punches wait in the clocks until then.
 */
export function playedDay(dice: Dice, { morning, counter }: PlayedHall, startsAt: Ms): PlayedDay {
  const endsAt = startsAt + LENGTH;
  const people = AFTERNOON.map((id, i): Person => {
    const manner = i % 8 === 3 ? 'late' : i % 8 === 6 ? 'absent' : 'prompt';
    return { ...named(id), manner, dueAt: startsAt + i * STEP };
  });
  const early = MORNING.map((id, i): Person => {
    const manner = i === 4 ? 'late' : i === 5 ? 'absent' : 'prompt';
    return { ...named(id), manner, dueAt: morning.from };
  });
  const served = SERVED.flatMap((id) => people.find((person) => person.id === id) ?? []);
  return {
    facts: [
      ...people.map(({ id, dueAt }) => ({
        fact: 'duty',
        id: `duty-${id}`,
        employee: id,
        from: stamp(dueAt),
        to: stamp(endsAt),
      })),
      ...served.flatMap(({ dueAt }, i) => [
        pause(`before-${i}`, `W${i}`, counter.from, dueAt),
        pause(`after-${i}`, `W${i}`, endsAt, counter.to),
      ]),
    ],
    people: [...people, ...early],
    touches: touchesOf(dice, [...people, ...early], { startsAt, endsAt, morningEndsAt: morning.to }),
    promptWindows: served.flatMap(({ manner }, i) => (manner === 'prompt' ? [`W${i}`] : [])),
    startsAt,
    endsAt,
    // Departures are decided 4 s after the end, and outages settle within 2 s.
    quietAt: endsAt + 5 * SECOND,
  };
}

interface Times {
  readonly startsAt: Ms;
  readonly endsAt: Ms;
  readonly morningEndsAt: Ms;
}

function touchesOf(dice: Dice, people: readonly Person[], { startsAt, endsAt, morningEndsAt }: Times): Touch[] {
  const seqs = new Map<string, number>();
  const touch = (person: Person, at: Ms, lateSeconds: number): Touch => {
    const device = dice.pick(['clock-1', 'clock-2']);
    const seq = (seqs.get(device) ?? 4711) + 1;
    seqs.set(device, seq);
    // What the morning's clocks kept comes when the afternoon begins; a third of all is sent twice or three times.
    const first = Math.max(at, startsAt);
    const repeats = dice.chance(0.33) ? dice.between(1, 2) : 0;
    const sentAt = [first, ...Array.from({ length: repeats }, () => first + dice.between(0, 6000))];
    return { person, credential: `1${person.id}`, device, at, seq, lateSeconds, sentAt };
  };
  return people.flatMap((person) => {
    if (person.manner === 'absent') return [];
    const isMorning = person.dueAt < startsAt;
    const after = person.manner === 'late' ? dice.between(7000, 11_000) : dice.between(-2000, 1000);
    const arrival = touch(person, person.dueAt + after, Math.max(0, after) / SECOND);
    const again = dice.chance(0.2) ? [touch(person, arrival.at + 1500, 0)] : [];
    const leavesAt = (isMorning ? morningEndsAt : endsAt) + dice.between(0, 2500);
    return [arrival, ...again, touch(person, leavesAt, 0)];
  });
}

function named(id: string): Pick<Person, 'id' | 'name'> {
  return { id, name: `员工${id}` };
}

function pause(id: string, window: string, from: Ms, to: Ms): Readonly<Record<string, unknown>> {
  return { fact: 'pause', id, window, from: stamp(from), to: stamp(to) };
}

const minute = (at: Ms): Ms => Math.floor(at / MINUTE) * MINUTE;
