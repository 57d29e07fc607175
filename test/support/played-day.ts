/** A hall's day to be played in real time: who is due when, who comes, and what the clocks send of it. */
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Dice } from '../oracle/dice.ts';
import { everyDay, noonAt, stamp } from './noon.ts';

export const HALL = 'played';

/** `prompt`: comes in time, and nothing that befalls the daemon may change that. */
type Manner = 'prompt' | 'late' | 'absent';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly credential: string;
  readonly manner: Manner;
  /** When they are due. */
  readonly dueAt: Ms;
}

export interface Touch {
  readonly person: Person;
  readonly device: string;
  readonly at: Ms;
  readonly seq: number;
  /** Seconds after the person was due, where this is their arrival; else 0. */
  readonly lateSeconds: number;
  /** When the clock sends it; again for each repeat. */
  readonly sentAt: readonly Ms[];
}

export interface PlayedDay {
  readonly config: Readonly<Record<string, unknown>>;
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

/**
 * A day whose afternoon begins at `startsAt`: one person is due every 0.7 s, all go after 38 s, so that something falls due at any
 * moment. The morning is over; its punches wait in the clocks.
 */
export function playedDay(dice: Dice, now: Ms, startsAt: Ms): PlayedDay {
  const noon = noonAt(now);
  const endsAt = startsAt + LENGTH;
  const morning = { from: minute(now - 3 * HOUR), to: minute(now - 2 * HOUR) };
  const counter = { from: minute(now - 5 * MINUTE), to: minute(now + 30 * MINUTE) };
  const people = Array.from({ length: PEOPLE }, (_, i): Person => {
    const manner = i % 8 === 3 ? 'late' : i % 8 === 6 ? 'absent' : 'prompt';
    return { ...named(`d${two(i)}`), manner, dueAt: startsAt + i * STEP };
  });
  const early = Array.from({ length: MORNING_PEOPLE }, (_, i): Person => {
    const manner = i === 4 ? 'late' : i === 5 ? 'absent' : 'prompt';
    return { ...named(`m${two(i)}`), manner, dueAt: morning.from };
  });
  const served = people.slice(2, 8);
  const windows = served.map((a, i) => ({ id: `W${i}`, schedule: 'counter', a: a.id }));
  return {
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: {
        morning: { weekly: everyDay(noon.session(morning.from, morning.to)) },
        counter: { weekly: everyDay(noon.session(counter.from, counter.to)) },
        // Their sessions are duties.
        called: { weekly: {} },
      },
      employees: [
        ...people.map(({ id, name, credential }) => ({ id, name, schedule: 'called', credentials: [credential] })),
        ...early.map(({ id, name, credential }) => ({ id, name, schedule: 'morning', credentials: [credential] })),
      ],
      windows: [...windows, { id: 'WM', schedule: 'morning', a: 'm00' }],
      rules: RULES,
      clocks: [{ id: 'clock-1' }, { id: 'clock-2' }],
    },
    facts: [
      ...people.map(({ id, dueAt }) => ({
        fact: 'duty',
        id: `duty-${id}`,
        employee: id,
        from: stamp(dueAt),
        to: stamp(endsAt),
      })),
      ...windows.flatMap(({ id }, i) => [
        pause(`${id}-before`, id, counter.from, served[i]?.dueAt ?? startsAt),
        pause(`${id}-after`, id, endsAt, counter.to),
      ]),
    ],
    people: [...people, ...early],
    touches: touchesOf(dice, [...people, ...early], { startsAt, endsAt, morningEndsAt: morning.to }),
    promptWindows: windows.filter((_, i) => served[i]?.manner === 'prompt').map(({ id }) => id),
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
    return { person, device, at, seq, lateSeconds, sentAt };
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

function named(id: string): Pick<Person, 'id' | 'name' | 'credential'> {
  return { id, name: `员工${id}`, credential: `1${id}` };
}

function pause(id: string, window: string, from: Ms, to: Ms): Readonly<Record<string, unknown>> {
  return { fact: 'pause', id, window, from: stamp(from), to: stamp(to) };
}

const minute = (at: Ms): Ms => Math.floor(at / MINUTE) * MINUTE;
const two = (value: number): string => String(value).padStart(2, '0');
