/** An ordinary working day of the hall: who touches which clock when, and what the seats' watchers see. */
import { presenceTopic, punchTopic } from '../../adapters/topics.ts';
import type { PresenceFact, PresenceState } from '../../rules/facts.ts';
import { type Day, formatInstant, HOUR, instantOf, MINUTE, type Ms, SECOND, type Zone } from '../../rules/time.ts';
import type { Dice } from './dice.ts';
import { cameraOf, DEMO_PEOPLE, DEMO_WINDOWS, type DemoWindow, DOOR, HALL_ID, type Text } from './hall.ts';

export type Session = 'morning' | 'afternoon';

/** Beginning and end of the sessions, as times of day. */
export const SESSIONS: Readonly<Record<Session, { readonly from: Ms; readonly to: Ms }>> = {
  morning: { from: clock(8, 30), to: clock(12, 0) },
  afternoon: { from: clock(14, 30), to: clock(17, 30) },
};

/** When the play begins and ends, as times of day. */
export const CURTAIN = { rises: clock(8, 10), falls: clock(18, 0) };

/** A time of day. */
export function clock(hour: number, minute: number, second = 0): Ms {
  return hour * HOUR + minute * MINUTE + second * SECOND;
}

/** A line of the story. */
export interface Note {
  readonly sign: string;
  readonly label: Text;
  readonly text: Text;
}

/** Something that happens in the simulated hall, at an instant; its note is told once it has happened. */
export type Happening = { readonly at: Ms; readonly note?: Note } & (
  | { readonly does: 'connect' | 'disconnect'; readonly device: string }
  /** `by` null = the seats' watchers. */
  | { readonly does: 'publish'; readonly by: string | null; readonly topic: string; readonly payload: string }
  | { readonly does: 'import'; readonly facts: readonly object[] }
  /** The camera of a window says what is seen in its picture. */
  | { readonly does: 'see'; readonly fact: PresenceFact }
  /** What is told here is done elsewhere: only the note counts. */
  | { readonly does: 'nothing' }
);

/** A person's session: when they come and go, as times of day; null = without touching a clock. */
export interface Shift {
  in: Ms | null;
  out: Ms | null;
  /** Told with the arrival. */
  note?: Note;
}

/** What a seat's watcher says, and when. */
export type SeatScript = readonly (readonly [at: Ms, state: PresenceState])[];

/** A touch of a clock, by what the clock knows of it. */
export interface Touch {
  readonly at: Ms;
  readonly device: string;
  readonly credential: string;
  readonly seq: number;
  /** Told when it is delivered at once. */
  readonly note?: Note;
}

/** The day while it is being thought up. */
export class DayDraft {
  readonly zone: Zone;
  readonly day: Day;
  readonly dice: Dice;
  /** Other happenings than touches and seats. */
  readonly happenings: Happening[] = [];
  /** Touches of enrolments that are nobody's. */
  readonly strangers: Omit<Touch, 'seq'>[] = [];
  /** Stretches in which a clock keeps its touches to itself, as times of day. */
  readonly outages = new Map<string, { readonly from: Ms; readonly to: Ms }>();
  readonly #shifts = new Map<string, Shift>();
  readonly #seats = new Map<string, SeatScript>();

  constructor(zone: Zone, day: Day, dice: Dice) {
    this.zone = zone;
    this.day = day;
    this.dice = dice;
    for (const name of DEMO_PEOPLE.keys()) {
      for (const session of ['morning', 'afternoon'] as const) {
        this.#shifts.set(keyOf(name, session), ordinaryShift(session, dice));
      }
    }
  }

  instant(timeOfDay: Ms): Ms {
    return instantOf(this.zone, this.day, timeOfDay);
  }

  /** RFC 3339 of a time of day. */
  stamp(timeOfDay: Ms): string {
    return formatInstant(this.zone, this.instant(timeOfDay));
  }

  shift(name: string, session: Session): Shift {
    const shift = this.#shifts.get(keyOf(name, session));
    if (shift === undefined) throw new Error(`nobody in the demonstration is called ${name}`);
    return shift;
  }

  /** Neither comes nor goes by any clock. */
  away(name: string, session: Session): void {
    Object.assign(this.shift(name, session), { in: null, out: null });
  }

  /** What is seen at a window's seat in a session, in place of an ordinary one. */
  seat(window: string, session: Session, script: SeatScript): void {
    this.#seats.set(keyOf(window, session), script);
  }

  /** All touches of the day in order, each clock numbering its own. */
  touches(): Touch[] {
    const found = [...this.strangers];
    for (const [name, { clock: attendance, credential }] of DEMO_PEOPLE) {
      for (const session of ['morning', 'afternoon'] as const) {
        const { in: came, out: went, note } = this.shift(name, session);
        // Some come in by the staff door; leaving is always signed at the clock.
        const entrance = this.dice.chance(0.12) ? DOOR : attendance;
        if (came !== null) found.push({ at: came, device: entrance, credential, ...(note && { note }) });
        if (went !== null) found.push({ at: went, device: attendance, credential });
        for (const at of this.#errand(came, went)) found.push({ at, device: DOOR, credential });
      }
    }
    const seqs = new Map<string, number>();
    return found
      .sort((x, y) => x.at - y.at || (x.credential < y.credential ? -1 : 1))
      .map((touch) => {
        const seq = (seqs.get(touch.device) ?? 4000) + 1;
        seqs.set(touch.device, seq);
        return { ...touch, seq };
      });
  }

  /** Now and then somebody goes out by the door and comes back: a door does not end a session. */
  #errand(came: Ms | null, went: Ms | null): Ms[] {
    const { dice } = this;
    const share = dice.next();
    const length = dice.between(3, 7) * MINUTE;
    if (came === null || went === null || !dice.chance(0.08)) return [];
    const from = Math.round((came + HOUR + share * (went - came - 2 * HOUR)) / SECOND) * SECOND;
    return from > came && from + length < went ? [from, from + length] : [];
  }

  seatScript(window: DemoWindow, session: Session): SeatScript {
    const script = this.#seats.get(keyOf(window.id, session));
    return script ?? ordinarySeat(this.shift(window.a[0] ?? '', session), session, this.dice);
  }
}

const keyOf = (who: string, session: Session): string => `${session} ${who}`;

function ordinaryShift(session: Session, dice: Dice): Shift {
  const { from, to } = SESSIONS[session];
  const early = session === 'morning' ? dice.between(90, 14 * 60) : dice.between(90, 15 * 60);
  return { in: from - early * SECOND, out: to + dice.between(10, 11 * 60) * SECOND };
}

/** Times of day at which somebody may stretch their legs, or a watcher be dazzled for a moment. */
const PAUSES: Readonly<Record<Session, readonly Ms[]>> = {
  morning: [clock(9, 5), clock(9, 25), clock(10, 45), clock(11, 10)],
  afternoon: [clock(15, 5), clock(15, 25), clock(16, 5), clock(16, 35)],
};

/** Somebody sits there from soon after they came until shortly before they go, with short breaks and flickers. */
function ordinarySeat(shift: Shift, session: Session, dice: Dice): SeatScript {
  const { from, to } = SESSIONS[session];
  const script: [Ms, PresenceState][] = [[(shift.in ?? from) + dice.between(15, 70) * SECOND, 'occupied']];
  for (const pause of PAUSES[session]) {
    if (dice.chance(0.45)) continue;
    const start = pause + dice.between(0, 8 * 60) * SECOND;
    const isBreak = dice.chance(0.4);
    const length = isBreak ? dice.between(60, 220) : dice.between(4, 25);
    script.push([start, isBreak ? 'empty' : 'unknown'], [start + length * SECOND, 'occupied']);
  }
  script.push([(shift.out ?? to) - dice.between(0, 8) * SECOND, 'empty']);
  return script;
}

/** The gap between two messages of a clock that uploads what it kept. */
const UPLOAD_EVERY_MS: Ms = 200;
/** How long a touch travels. */
const TRAVEL_MS: Ms = SECOND;

/** Everything that happens, in order. `told`: what is seen at which seats, as MQTT tells it. */
export function happeningsOf(
  draft: DayDraft,
  touches: readonly Touch[],
  told: ReadonlyMap<string, SeatScript>,
): Happening[] {
  const happenings = [...draft.happenings, ...deliveries(draft, touches), ...sightings(draft, told)];
  return happenings
    .map((one, i) => ({ one, i }))
    .sort((x, y) => x.one.at - y.one.at || x.i - y.i)
    .map(({ one }) => one);
}

function deliveries(draft: DayDraft, touches: readonly Touch[]): Happening[] {
  const kept = new Map<string, number>();
  return touches.map((touch) => {
    const outage = draft.outages.get(touch.device);
    const arrives = touch.at + TRAVEL_MS;
    if (outage === undefined || arrives < outage.from || arrives > outage.to) {
      return punchOf(draft, touch, arrives, touch.note);
    }
    const before = kept.get(touch.device) ?? 0;
    kept.set(touch.device, before + 1);
    return punchOf(draft, touch, outage.to + TRAVEL_MS + before * UPLOAD_EVERY_MS);
  });
}

/** The message that a touch is; delivering it again gives the same. `arrives` is a time of day. */
export function punchOf(draft: DayDraft, { at, device, credential, seq }: Touch, arrives: Ms, note?: Note): Happening {
  return {
    at: draft.instant(arrives),
    does: 'publish',
    by: device,
    topic: punchTopic(HALL_ID, device),
    payload: JSON.stringify({ credential, at: draft.stamp(at), seq }),
    ...(note === undefined ? {} : { note }),
  };
}

/** What is to be seen at each seat that is watched, and when; to be asked once, for chance has a part in it. */
export function seatsOf(draft: DayDraft): Map<string, SeatScript> {
  const watched = DEMO_WINDOWS.filter(({ camera }) => camera !== null);
  return new Map(
    watched.map((window) => {
      const first: SeatScript = [[CURTAIN.rises + draft.dice.between(1, 20) * SECOND, 'empty']];
      const script = [...first, ...draft.seatScript(window, 'morning'), ...draft.seatScript(window, 'afternoon')];
      return [window.id, script.filter(([at]) => at > CURTAIN.rises)];
    }),
  );
}

function sightings(draft: DayDraft, told: ReadonlyMap<string, SeatScript>): Happening[] {
  return [...told].flatMap(([window, script]) =>
    script.map(([at, state]) => ({
      at: draft.instant(at),
      does: 'publish' as const,
      by: null,
      topic: presenceTopic(HALL_ID, window),
      payload: JSON.stringify({ state, at: draft.stamp(at), source: cameraOf(window) }),
    })),
  );
}
